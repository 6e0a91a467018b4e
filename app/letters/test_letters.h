/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the tests of letters share: two sides of a contract in force that agreed to sign
 * electronically, types of letters of every kind, and steps as somebody. */
#ifndef LETTERS_TEST_LETTERS_H
#define LETTERS_TEST_LETTERS_H

#include "app/letters/letter.h"
#include "app/test_world.h"

/* A line of the type "wishes", which is executed: each wish becomes a term of the contract
 * ("fails": it fails; "bad" is refused). Further types: "grave" (two signatures), "proven" (an
 * attachment, greening only, from the provider). */
struct wish {
    const char *code;
    int32_t count;
    enum wish_kind { WISH_ADD = 1, WISH_DROP } kind;
    struct set days;
    struct date from;
};

struct story {
    struct world *world;
    const struct actor *division, *pm, *provider, *duty, *agent;
    int64_t contract, agreement;
};

/* A line as people spell it, "act=add;code=1001", through the type's own fields. */
void letter_line_read(struct world *world, const struct letter_type *type, const char *text,
                      void *out_line);

struct story story_of(void **state);
struct letter letter_of(const struct story *story, int64_t id);
struct letter letter_draft(const struct story *story);
int64_t drafted(const struct story *story, const struct actor *author, struct letter letter);
const char *wish_lines(const struct story *story, const char *code);
int64_t a_wish(const struct story *story, const char *code);
enum result step_as(const struct story *story, const struct actor *actor, int64_t id,
                    const char *action, const char *words);
const char *digest_of(const struct story *story, int64_t id);
enum result send_as(const struct story *story, const struct actor *actor, int64_t id);
int64_t sent_letter(const struct story *story);
enum result rewrite_as(const struct story *story, const struct actor *actor, int64_t id,
                       const char *body);
bool sees_letter(const struct story *story, const struct actor *actor, int64_t id);
int valid_signatures(const struct story *story, int64_t id);

#endif
