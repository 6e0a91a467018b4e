/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the tests of access share beside the world: a first administrator "root", and short ways to
 * open accounts and sign in. */
#ifndef ACCESS_TEST_ACCESS_H
#define ACCESS_TEST_ACCESS_H

#include "app/access/session.h"
#include "app/access/token.h"
#include "app/test_world.h"

#define MINUTE_MS (60 * INT64_C(1000))
#define HOUR_MS (60 * MINUTE_MS)
#define HASH "the stored hash" /* proofs here are made by hand; argon2 has its own test */

int set_up(void **state);
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, world_close)

/* Run in a transaction that is committed, with its entries in the trail, even when it refuses. */
enum result committed(struct world *world, enum result (*run)(struct ctx *cx, void *host),
                      void *host);
/* How many entries of that action the account's history has. */
int entries(struct world *world, int64_t account_id, const char *action);

/* For open_account: account_add as a piece of work. */
struct opening {
    const char *name;
    int64_t person_id, id;
    struct set roles;
    const char *password; /* its hash; NULL: HASH */
};
enum result open_account(struct ctx *cx, void *host);
/* A client's account with these roles. */
int64_t an_account(struct world *world, const char *name, uint64_t mask);
struct account account_of(struct world *world, int64_t id);

/* For sign_in_run: session_sign_in with a proof that says what is wanted. */
struct sign_in {
    const char *account, *otp;
    bool matches;
    const char *compared; /* NULL: HASH */
    int64_t former;
    const char *key;
};
enum result sign_in_run(struct ctx *cx, void *host);
/* Sign in as somebody unknown so far. */
enum result try_password(struct world *world, const char *account, bool matches);
/* The key of a new session. */
const char *key_of(struct world *world, const char *account);
struct identity identity_of(struct world *world, const char *key);
bool is_known(struct world *world, const char *key);
/* From now on the test acts with this account. */
void act_as(struct world *world, const char *account);

/* A token to be made, as a piece of work. */
struct making {
    struct token token;
    const char *key;
};
struct making a_token(const char *rights, struct date expires_on);
enum result make_token(struct ctx *cx, void *host);

#endif
