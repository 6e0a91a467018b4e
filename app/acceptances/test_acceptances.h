/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the tests of acceptance and of settlement share: a one-off contract, and its acceptance on
 * any step of its way. */
#ifndef TEST_ACCEPTANCES_H
#define TEST_ACCEPTANCES_H

#include "app/acceptances/acceptance.h"
#include "app/test_world.h"

/* Who takes part, and the contract: 100,000 yuan, 12 months of warranty, 5 % kept back; its terms
 * are "1" and "2". */
struct accepting {
    struct world *world;
    const struct actor *lead, *member, *outside, *provider, *audit;
    int64_t contract;
};
struct accepting accepting_of(struct world *world);

/* Presented with a document; the panel named, declared and convened; every line judged so. */
int64_t a_requested_acceptance(struct accepting *cast);
int64_t a_convened_acceptance(struct accepting *cast);
void check_all(struct accepting *cast, const struct actor *actor, int64_t id,
               enum check_result result);
int64_t a_checked_acceptance(struct accepting *cast, enum check_result result);
/* Decided with its whole claim, or refused; signed by all; passed by audit. */
enum result acceptance_decided(struct accepting *cast, int64_t id, enum acceptance_outcome outcome);
int64_t a_signed_acceptance(struct accepting *cast, enum check_result result,
                            enum acceptance_outcome outcome);
int64_t a_final_acceptance(struct accepting *cast, enum check_result result,
                           enum acceptance_outcome outcome);

struct acceptance acceptance_now(struct accepting *cast, int64_t id);
typedef enum result (*acceptance_step)(struct ctx *cx, const struct acceptance *acceptance);
typedef enum result (*acceptance_saying)(struct ctx *cx, const struct acceptance *acceptance,
                                         const char *words);
enum result accept_step(struct accepting *cast, const struct actor *actor, acceptance_step taken,
                        int64_t id);
enum result accept_saying(struct accepting *cast, const struct actor *actor,
                          acceptance_saying saying, int64_t id, const char *words);
/* A name under it, by whoever acts: the provider with an objection. */
enum result accept_sign(struct accepting *cast, const struct actor *actor, int64_t id);
int64_t a_member(struct accepting *cast, int64_t acceptance, const struct actor *actor);
/* A document at a record, past the files. */
void a_document_at(struct world *world, const struct resource *resource, int64_t id);

void one_of_each_of_an_acceptance(struct world *world, int64_t contract);

#endif
