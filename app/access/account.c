/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/access/account.h"

#include "app/access/access.sql.h"
#include "app/access/password.h"
#include "app/access/second_factor.h"
#include "app/parties/parties.h"
#include "app/records/trail.h"
#include "base/password.h"
#include "base/texts.h"

#include <string.h>

#define NAME_MOST 40

static const char *const ACCOUNT_STATES[] = {"active", "disabled", NULL};

static bool name_valid(const char *name)
{
    size_t len = strlen(name);
    return len >= 2 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") == len;
}

static const struct field ACCOUNT_FIELDS[] = {
    RECORD_FIELDS(account),
    FIELD(account, name, .in = MUST, .max = NAME_MOST, .use = LISTED | SEARCHED | SORTED | FIXED,
          .valid = name_valid),
    FIELD_REF(account, person_id, "people", .in = MUST, .use = FILTERED | FIXED),
    FIELD(account, person_name, .column = "p.name", .use = LISTED),
    FIELD(account, organisation_name, .column = "o.name", .use = LISTED),
    FIELD_ENUM(account, side, SIDES, .column = "o.side", .use = FILTERED),
    FIELD_CHOICES(account, roles, ROLES, .use = LISTED, .clause = "V3.2"),
    FIELD_ENUM(account, state, ACCOUNT_STATES, .in = MAY, .use = LISTED | FILTERED),
    FIELD(account, password, .use = HIDDEN),
    FIELD(account, must_change, .use = FILTERED),
    FIELD(account, otp_on, .use = FILTERED),
    FIELD(account, otp_secret, .use = HIDDEN),
    FIELD(account, otp_step, .use = HIDDEN),
    FIELD(account, last_login_at, .use = LISTED | NO_DIFF),
    FIELD(account, search_key, .use = HIDDEN),
    FIELDS_END,
};

/* ---- roles that go together ---- */

static const uint64_t SIDE_ROLES[SIDE_COUNT] = {
    [SIDE_CLIENT] = R(ADMIN) | R(SECURITY) | R_CLIENT_SIDE,
    [SIDE_PROVIDER] = R_PROVIDER_SIDE | R(AGENT) | R(CLEANER),
    [SIDE_THIRD_PARTY] = R(SURVEY),
};

/* A pair stands here once, under the role that comes first. */
static const struct {
    enum role role;
    uint64_t others;
    const char *clause;
} EXCLUSIONS[] = {
    {ROLE_ADMIN, ~R(ADMIN), ""},
    {ROLE_SECURITY, ~(R(ADMIN) | R(SECURITY)), ""},
    {ROLE_AUDIT, R_SUPERVISION | R(FINANCE), "V3.2"},
    {ROLE_FINANCE, R_SUPERVISION, "V3.3"},
    {ROLE_AGENT, R(CLEANER), "C3.3"}, /* who is an agent alone sees the own calls alone */
};

/* The choices of a set count from bit 0, roles from bit 1. */
static uint64_t role_mask(struct set roles)
{
    return roles.bits << 1;
}

static bool in_mask(uint64_t mask, unsigned role)
{
    return mask >> role & 1;
}

static void check_roles(struct ctx *cx, uint64_t held, enum side side)
{
    for (unsigned role = 1; role < ROLE_COUNT; role++)
        if (in_mask(held & ~SIDE_ROLES[side], role))
            reject(cx, "roles", "role_side", role_words(cx, role));
    for (size_t i = 0; i < sizeof EXCLUSIONS / sizeof EXCLUSIONS[0]; i++)
        for (unsigned role = 1; in_mask(held, EXCLUSIONS[i].role) && role < ROLE_COUNT; role++)
            if (in_mask(held & EXCLUSIONS[i].others, role))
                reject_clause(cx, EXCLUSIONS[i].clause, "roles", "roles_exclude",
                              role_words(cx, EXCLUSIONS[i].role), role_words(cx, role));
}

static uint64_t active_roles(const struct account *account)
{
    return account->state == ACCOUNT_ACTIVE ? role_mask(account->roles) : 0;
}

/* ---- the record ---- */

static enum result check_new(struct ctx *cx, const struct account *account)
{
    int64_t known = 0;
    TRY(db_int(cx, &q_account_id, PARAMS(P(account->name)), &known));
    if (known)
        reject(cx, "name", "taken");
    TRY(db_int(cx, &q_account_of_person, PARAMS(P(account->person_id)), &known));
    if (known)
        reject(cx, "person_id", "has_account");
    return OK;
}

static enum result account_check(struct ctx *cx, void *record, const void *former)
{
    struct account *account = record;
    const struct account *before = former;
    const char *side;
    if (!account->state)
        account->state = before ? before->state : ACCOUNT_ACTIVE;
    if (!before)
        TRY(check_new(cx, account));
    if (before && before->state != account->state && cx->actor->account_id == account->id)
        reject(cx, "state", "own_account");
    if (!before || before->roles.bits != account->roles.bits) {
        TRY(db_text(cx, &q_person_side, PARAMS(P(account->person_id)), &side));
        check_roles(cx, role_mask(account->roles), choice_find(SIDES, side, strlen(side)));
    }
    if (!before)
        return OK;
    return check_last_holder(cx, account->person_id, active_roles(before) & ~active_roles(account),
                             before->state == account->state ? "roles" : "state");
}

enum result account_shut_out(struct ctx *cx, const struct account *account)
{
    int64_t tokens;
    TRY(db_change(cx, &q_sessions_end, PARAMS(P(account->id)), NULL));
    TRY(db_change(cx, &q_second_steps_end, PARAMS(P(account->name)), NULL));
    TRY(db_change(cx, &q_tokens_revoke, PARAMS(P(account->id), P(cx->now)), &tokens));
    if (tokens)
        trail_add(cx, "tokens_revoked", &ACCOUNTS, account, "",
                  arena_printf(cx->mem, "%lld", (long long)tokens));
    return OK;
}

static enum result account_saved(struct ctx *cx, const void *record, const void *before)
{
    const struct account *account = record;
    return before && account->state == ACCOUNT_DISABLED ? account_shut_out(cx, account) : OK;
}

const struct resource ACCOUNTS = {
    .name = "accounts",
    .clause = "V3.2",
    .fields = ACCOUNT_FIELDS,
    .size = sizeof(struct account),
    .joins = "JOIN people p ON p.id = t.person_id JOIN organisations o ON o.id = p.organisation_id",
    .title = "name",
    .sort = "name",
    .scope = {[SIDE_CLIENT] = ""},
    .search_also = "p.search_key",
    .check = account_check,
    .saved = account_saved,
};

/* ---- what is done to an account ---- */

enum result account_add(struct ctx *cx, const char *name, int64_t person_id, struct set roles,
                        const char *password_hash, int64_t *out_id)
{
    struct account account = {.person_id = person_id, .roles = roles};
    fields_blank(ACCOUNT_FIELDS, &account);
    account.name = name;
    account.password = password_hash;
    TRY(record_add(cx, &ACCOUNTS, &account));
    *out_id = account.id;
    return OK;
}

static enum result add_first_person(struct ctx *cx, const char *name, int64_t *out_id)
{
    struct organisation organisation = {.side = SIDE_CLIENT};
    struct unit unit = {.kind = UNIT_HEADQUARTERS};
    struct person person = {.job = JOB_MANAGER};
    fields_blank(ORGANISATIONS.fields, &organisation);
    fields_blank(UNITS.fields, &unit);
    fields_blank(PEOPLE.fields, &person);
    organisation.name = texts_get("accounts.first.organisation", cx->lang);
    TRY(record_add(cx, &ORGANISATIONS, &organisation));
    unit.organisation_id = organisation.id;
    unit.name = texts_get("accounts.first.unit", cx->lang);
    TRY(record_add(cx, &UNITS, &unit));
    person.organisation_id = organisation.id;
    person.unit_id = unit.id;
    person.name = name;
    TRY(record_add(cx, &PEOPLE, &person));
    *out_id = person.id;
    return OK;
}

enum result account_create_first(struct ctx *cx, const char *name, const char *password)
{
    int64_t any, person_id, account_id;
    char hash[PASSWORD_TEXT];
    TRY(db_int(cx, &q_account_any, NO_PARAMS, &any));
    if (any)
        return fail(cx, CONFLICT, "account.not_first");
    password_check(cx, "password", name, password);
    TRY(rejected(cx));
    TRY(add_first_person(cx, name, &person_id));
    password_hash(password, hash);
    return account_add(cx, name, person_id, (struct set){R(ADMIN) >> 1}, hash, &account_id);
}

static enum result demand_other(struct ctx *cx, const struct account *account)
{
    return cx->actor->account_id == account->id ? fail(cx, FORBIDDEN, "account.own") : OK;
}

enum result account_roles_open(struct ctx *cx, const struct account *account)
{
    int64_t security;
    TRY(demand_other(cx, account));
    if (cx->actor->is_system || in_mask(role_mask(cx->actor->roles), ROLE_SECURITY))
        return OK;
    TRY(role_holders(cx, ROLE_SECURITY, 0, &security));
    return security ? fail(cx, FORBIDDEN, "account.roles_by_security") : OK;
}

enum result account_set_roles(struct ctx *cx, const struct account *before, struct set roles)
{
    struct account after = *before;
    TRY(account_roles_open(cx, before));
    if (!cx->actor->is_system && !in_mask(role_mask(cx->actor->roles), ROLE_SECURITY) &&
        role_mask(roles) != R(SECURITY)) /* the administrator names the first one, and no more */
        return fail(cx, FORBIDDEN, "account.roles_by_security");
    after.roles = roles;
    return record_change(cx, &ACCOUNTS, "roles", before, &after);
}

enum result account_reset(struct ctx *cx, const struct account *account, const char *password_hash)
{
    TRY(demand_other(cx, account));
    TRY(password_set(cx, account, "reset", password_hash, true));
    TRY(db_change_one(cx, &q_account_otp,
                      PARAMS(P(account->id), P(""), P(false), P(0), P(cx->now))));
    TRY(recovery_codes_end(cx, account->id));
    return failures_forget(cx, account->name);
}

enum result account_unlock(struct ctx *cx, const struct account *account)
{
    trail_add(cx, "unlock", &ACCOUNTS, account, "", "");
    return failures_forget(cx, account->name);
}

enum result account_secrets(struct ctx *cx, const char *name, struct account *out)
{
    struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    *out = (struct account){0};
    return db_one(cx, &q_account_secrets, PARAMS(P(name), P(today)), ACCOUNT_FIELDS, out);
}

const char *account_name_typed(struct ctx *cx, const char *typed)
{
    const char *name = text_search_key(cx->mem, typed);
    return strlen(name) <= NAME_MOST ? name : ""; /* nobody's */
}

const struct right ACCESS_RIGHTS[] = {
    {"accounts.read", R(ADMIN) | R(SECURITY) | R(AUDIT), "V3.2"},
    {"accounts.write", R(ADMIN), NULL},
    {"accounts.roles", R(SECURITY) | R(ADMIN), "V3.2"},
    {"accounts.reset", R(SECURITY), NULL},
    {"accounts.unlock", R(SECURITY), NULL},
    RIGHTS_END,
};
