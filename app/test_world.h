/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the tests of the business share: a company with a division and a project, a provider, all in
 * an empty store that knows every slice, and short ways to make more and to act as somebody.
 *
 * Builders go through the rules that users go through, as the system itself, and end the test when
 * they are refused. The structs of `…_draft` are not stored yet: a test alters what it is about and
 * hands them to add(). */
#ifndef APP_TEST_WORLD_H
#define APP_TEST_WORLD_H

#include "app/contracts/contract.h"
#include "app/parties/parties.h"
#include "store/test_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct world {
    struct test_world test;
    struct months *months;                   /* of calls */
    int64_t client, provider;                /* organisations */
    int64_t headquarters, division, project; /* the client's units, each below the one before */
    int64_t root;                            /* test_access.h: the first account */
    int made;                                /* numbers what is made, so that names differ */
};

int world_open(void **state);
int world_close(void **state);
#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

/* ---- doing ---- */

/* In a transaction, with its entries in the trail; undone unless it is OK. */
enum result attempt(struct world *world, enum result (*run)(struct ctx *cx, void *host),
                    void *host);
enum result add(struct world *world, const struct resource *resource, void *record);
enum result change(struct world *world, const struct resource *resource, const void *before,
                   void *after);
/* Through the reader, as the current actor; it must be there. */
void get(struct world *world, const struct resource *resource, int64_t id, void *out);
/* SQL past all rules, for what no rule would do. */
void tamper(struct world *world, const char *sql);

/* ---- what became of it ---- */

#define assert_code(world, expected) assert_string_equal((world)->test.cx.fault.code, (expected))
bool was_rejected(const struct world *world, const char *field, const char *code);
/* The one field fault there is: its code and clause. */
void assert_only_fault(const struct world *world, const char *field, const char *code,
                       const char *clause);

/* ---- people and parties ---- */

int64_t an_organisation(struct world *world, const char *name, enum side side);
int64_t a_unit(struct world *world, int64_t parent_id, enum unit_kind kind);
/* Of an organisation, in a unit or in none. */
int64_t a_person(struct world *world, int64_t organisation_id, int64_t unit_id);
struct set roles(uint64_t mask); /* R(PM) | R(EXECUTOR) */
/* The person with an account of these roles, as it is after signing in. */
const struct actor *actor_of(struct world *world, int64_t person_id, uint64_t mask);
/* Somebody new in that unit of the client, and somebody new of another organisation. */
const struct actor *member_of(struct world *world, int64_t unit_id, uint64_t mask);
const struct actor *outsider_of(struct world *world, int64_t organisation_id, uint64_t mask);
/* From now on the test acts as this one. */
void act(struct world *world, const struct actor *actor);

/* ---- contracts ---- */

/* Continuous cleaning for the project by the provider; it lacks what activation asks for. */
struct contract contract_draft(struct world *world);
int64_t a_contract(struct world *world, int64_t unit_id, int64_t provider_id);
/* Something about it changes. */
void touch_contract(struct world *world, int64_t id);
struct term term_draft(int64_t contract_id, const char *number);
int64_t a_term(struct world *world, int64_t contract_id, const char *number);

#endif
