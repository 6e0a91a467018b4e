/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/access/session.h"

#include "app/access/access.sql.h"
#include "app/access/second_factor.h"
#include "app/records/trail.h"
#include "base/hash.h"

#include <string.h>

#define DAY_MS (24 * 60 * 60 * INT64_C(1000))

const struct field SESSION_FIELDS[] = {
    FIELD(session, id),     FIELD(session, created_at), FIELD(session, expires_at),
    FIELD(session, origin), FIELD(session, agent),      FIELDS_END,
};

static const struct field IDENTITY_FIELDS[] = {
    FIELD(identity, session_id),
    FIELD(identity, rights),
    FIELD(identity, expires_at),
    FIELD(identity, account_id),
    FIELD(identity, person_id),
    FIELD(identity, organisation_id),
    FIELD(identity, unit_id),
    FIELD(identity, account),
    FIELD(identity, person_name),
    FIELD(identity, organisation_name),
    FIELD(identity, unit_name),
    FIELD(identity, unit_path),
    FIELD_ENUM(identity, side, SIDES),
    FIELD_CHOICES(identity, roles, ROLES),
    FIELD(identity, must_change),
    FIELD(identity, sees_company),
    FIELD(identity, has_units_below),
    FIELD(identity, undertaking_id),
    FIELDS_END,
};

/* ---- keys ---- */

const char *key_hash(struct ctx *cx, const char *key)
{
    char *hash = arena_alloc(cx->mem, INDEX_HEX);
    index_hash(cx->keys, "access.key", key, hash);
    return hash;
}

const char *key_csrf(struct ctx *cx, const char *key)
{
    char *csrf = arena_alloc(cx->mem, INDEX_HEX);
    index_hash(cx->keys, "access.csrf", key, csrf);
    return csrf;
}

/* ---- sessions ---- */

/* The first `most` bytes, not cut within a character. */
static const char *shortened(struct ctx *cx, const char *s, size_t most)
{
    size_t len = strlen(s);
    if (len <= most)
        return s;
    for (len = most; len && ((unsigned char)s[len] & 0xC0) == 0x80; len--)
        ;
    return arena_copy(cx->mem, s, len);
}

enum result session_start(struct ctx *cx, int64_t account_id, const char *agent,
                          const char **out_key)
{
    char *key = arena_alloc(cx->mem, TOKEN_TEXT);
    struct instant end = {cx->now.ms + SESSION_MS};
    int64_t id;
    random_token(key);
    *out_key = key;
    return db_insert(cx, &q_session_add,
                     PARAMS(P(key_hash(cx, key)), P(account_id), P(cx->now), P(end), P(cx->origin),
                            P(shortened(cx, agent, SESSION_AGENT_MOST))),
                     &id);
}

static enum result wrong(struct ctx *cx, const struct proof *proof, const struct account *account,
                         const char *code)
{
    TRY(failure_count(cx, proof->account, account, "login_failed"));
    return fail(cx, UNAUTHENTICATED, code);
}

/* The entry names the person who signed in, who is not the actor yet. */
static enum result note_sign_in(struct ctx *cx, const struct account *account, const char *key)
{
    const struct actor *before = cx->actor;
    struct identity identity;
    struct actor *actor = ARENA_NEW(cx->mem, struct actor);
    TRY(identity_of_key(cx, key, &identity));
    identity_actor(cx->mem, &identity, actor);
    cx->actor = actor;
    trail_add(cx, "login", &ACCOUNTS, account, "", "");
    cx->actor = before;
    return db_change_one(cx, &q_account_signed_in, PARAMS(P(account->id), P(cx->now)));
}

static enum result let_in(struct ctx *cx, const struct account *account, const char *agent,
                          int64_t former, const char **out_key)
{
    TRY(failures_forget(cx, account->name));
    if (former)
        TRY(session_end(cx, former));
    TRY(session_start(cx, account->id, agent, out_key));
    return note_sign_in(cx, account, *out_key);
}

enum result second_step_begin(struct ctx *cx, const char *account, const char **out_key)
{
    char *key = arena_alloc(cx->mem, TOKEN_TEXT);
    const struct instant end = {cx->now.ms + SECOND_STEP_MS};
    random_token(key);
    *out_key = key;
    TRY(db_change(cx, &q_second_steps_end, PARAMS(P(account)), NULL));
    return db_change_one(cx, &q_second_step_add, PARAMS(P(key_hash(cx, key)), P(account), P(end)));
}

/* Whose step it is, while the account may still sign in this way. */
static enum result step_account(struct ctx *cx, const char *key, struct account *out)
{
    const char *name;
    TRY(db_text(cx, &q_second_step, PARAMS(P(key_hash(cx, key)), P(cx->now)), &name));
    if (!*name)
        return fail(cx, UNAUTHENTICATED, "access.step_over");
    TRY(failure_delay(cx, name));
    enum result found = account_secrets(cx, name, out);
    if (found == NOT_FOUND || (found == OK && !out->otp_on))
        return fail(cx, UNAUTHENTICATED, "access.step_over");
    return found;
}

enum result second_step_finish(struct ctx *cx, const char *key, const char *code, const char *agent,
                               int64_t former, const char **out_key)
{
    struct account account = {.name = ""};
    bool right;
    TRY(step_account(cx, key, &account));
    TRY(second_factor_use(cx, &account, code, &right));
    if (!right) {
        TRY(failure_count(cx, account.name, &account, "login_failed"));
        return fail(cx, UNAUTHENTICATED, "access.otp_wrong");
    }
    TRY(db_change(cx, &q_second_steps_end, PARAMS(P(account.name)), NULL));
    return let_in(cx, &account, agent, former, out_key);
}

enum result session_sign_in(struct ctx *cx, const struct proof *proof, const char *otp,
                            const char *agent, int64_t former, const char **out_key)
{
    struct account account;
    bool right;
    TRY(proof_judge(cx, proof, &account, &right));
    if (!right)
        return wrong(cx, proof, &account, "access.wrong");
    if (account.otp_on && !*otp)
        return fail(cx, UNAUTHENTICATED, "access.otp_required");
    if (account.otp_on) {
        TRY(second_factor_use(cx, &account, otp, &right));
        if (!right)
            return wrong(cx, proof, &account, "access.otp_wrong");
    }
    return let_in(cx, &account, agent, former, out_key);
}

enum result session_end(struct ctx *cx, int64_t id)
{
    const struct account own = {.id = cx->actor->account_id, .name = cx->actor->account};
    int64_t ended;
    TRY(db_change(cx, &q_session_end, PARAMS(P(id), P(own.id)), &ended));
    if (!ended)
        return fail(cx, NOT_FOUND, "record.not_found", "sessions");
    trail_add(cx, "logout", &ACCOUNTS, &own, "", "");
    return OK;
}

enum result sessions_list(struct ctx *cx, struct session **out, size_t *out_count)
{
    return db_list(cx, &q_sessions_of, PARAMS(P(cx->actor->account_id), P(cx->now)), SESSION_FIELDS,
                   sizeof **out, 100, out, out_count);
}

/* ---- who asks ---- */

/* By a key's hash or by account, never by both. */
static enum result identity_find(struct ctx *cx, const char *hash, int64_t account_id,
                                 struct identity *out)
{
    struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    *out = (struct identity){0};
    return db_one(cx, &q_identity, PARAMS(P(hash), P(cx->now), P(today), P(account_id)),
                  IDENTITY_FIELDS, out);
}

enum result identity_of_key(struct ctx *cx, const char *key, struct identity *out)
{
    return identity_find(cx, key_hash(cx, key), 0, out);
}

enum result identity_of_account(struct ctx *cx, int64_t account_id, struct identity *out)
{
    return identity_find(cx, "", account_id, out);
}

void identity_actor(struct arena *arena, const struct identity *identity, struct actor *out)
{
    size_t len = strlen(identity->unit_path);
    char *path_to = arena_dup(arena, identity->unit_path);
    /* "/1/4/" -> "/1/40": '0' follows '/', so the range holds what begins with the path. */
    if (len)
        path_to[len - 1] = '0';
    *out = (struct actor){
        .account_id = identity->account_id,
        .person_id = identity->person_id,
        .organisation_id = identity->organisation_id,
        .unit_id = identity->unit_id,
        .account = identity->account,
        .person_name = identity->person_name,
        .unit_name = identity->unit_name,
        .organisation_name = identity->organisation_name,
        .side = identity->side,
        .sees_company = identity->sees_company,
        .path_from = identity->unit_path,
        .path_to = path_to,
        .is_leaf_unit = identity->unit_id && !identity->has_units_below,
    };
    actor_grant(out, identity->roles);
    if (identity->undertaking_id)
        actor_withhold(out, identity->undertaking_id);
    if (strcmp(identity->rights, "all") != 0)
        actor_restrict(out, identity->rights);
}

enum result access_sweep(struct ctx *cx)
{
    struct instant yesterday = {cx->now.ms - DAY_MS};
    TRY(db_change(cx, &q_sweep_second_steps, PARAMS(P(cx->now)), NULL));
    TRY(db_change(cx, &q_sweep_sessions, PARAMS(P(cx->now)), NULL));
    TRY(db_change(cx, &q_sweep_failures, PARAMS(P(yesterday)), NULL));
    return db_change(cx, &q_sweep_keys, PARAMS(P(yesterday)), NULL);
}
