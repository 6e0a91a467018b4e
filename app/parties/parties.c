/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/parties/parties.h"

#include "app/parties/parties.sql.h"
#include "base/hash.h"
#include "base/texts.h"

#include <string.h>

const char *const SERVICES[] = {"engineering",   "cleaning", "greening", "pest_control",
                                "outbound_call", "other",    NULL};
static const char *const ORGANISATION_STATES[] = {
    "candidate", "approved", "watched", "suspended", "removed", "blacklisted", NULL};
static const char *const QUALIFICATION_KINDS[] = {"licence",   "trade", "safety",
                                                  "insurance", "other", NULL};
const char *const UNIT_KINDS[] = {
    "headquarters", "operations_centre", "audit_centre", "finance_centre",
    "division",     "subsidiary",        "project",      NULL};
const char *const JOBS[] = {"agent",    "duty_manager", "supervisor", "qa", "manager",
                            "resident", "worker",       "other",      NULL};

/* ---- organisations ---- */

static const struct field ORGANISATION_FIELDS[] = {
    RECORD_FIELDS(organisation),
    FIELD(organisation, name, .in = MUST, .max = 100, .use = LISTED | SEARCHED | SORTED),
    FIELD(organisation, short_name, .in = MAY, .max = 40, .use = SEARCHED),
    FIELD_ENUM(organisation, side, SIDES, .in = MUST, .use = LISTED | FILTERED | FIXED),
    FIELD(organisation, credit_code, .in = MAY, .max = 18, .use = LISTED | SEARCHED,
          .valid = credit_code_valid),
    FIELD_ENUM(organisation, state, ORGANISATION_STATES, .use = LISTED | FILTERED, .clause = "X5"),
    FIELD(organisation, state_reason, .use = LONG_TEXT),
    FIELD_CHOICES(organisation, services, SERVICES, .in = MAY, .use = LISTED),
    FIELD(organisation, address, .in = MAY, .max = 200),
    FIELD(organisation, contact_name, .in = MAY, .max = 40),
    FIELD(organisation, contact_phone, .in = MAY, .max = 20, .valid = phone_valid),
    FIELD(organisation, search_key, .use = HIDDEN),
    FIELDS_END,
};

static enum result organisation_check(struct ctx *cx, void *record, const void *before)
{
    struct organisation *organisation = record;
    int64_t known = 0;
    if (!before)
        organisation->state =
            organisation->side == SIDE_PROVIDER ? ORGANISATION_CANDIDATE : ORGANISATION_APPROVED;
    TRY(organisation_by_name(cx, organisation->name, &known));
    if (known && known != organisation->id)
        reject(cx, "name", "taken");
    return OK;
}

const struct resource ORGANISATIONS = {
    .name = "organisations",
    .clause = "X5",
    .fields = ORGANISATION_FIELDS,
    .size = sizeof(struct organisation),
    .title = "name",
    .sort = "name",
    .scope =
        {
            [SIDE_CLIENT] = "@id = :org OR @side <> 'client'",
            [SIDE_PROVIDER] = "@id = :org OR @id IN (SELECT c.client_id FROM contracts c "
                              "WHERE c.provider_id = :org AND c.state <> 'draft')",
            [SIDE_THIRD_PARTY] = "@id = :org",
        },
    .check = organisation_check,
    .import_key = "name",
};

enum result organisation_judge(struct ctx *cx, int64_t id, enum organisation_state state,
                               const char *reason)
{
    struct organisation before, after;
    TRY(record_get(cx, &ORGANISATIONS, id, &before));
    if (before.side != SIDE_PROVIDER)
        return fail(cx, CONFLICT, "organisation.not_provider", before.name);
    if (!state)
        reject(cx, "state", "required");
    check_reason(cx, reason);
    TRY(rejected(cx));
    after = before;
    after.state = state;
    after.state_reason = reason;
    return record_change(cx, &ORGANISATIONS, "judge", &before, &after);
}

enum result provider_admitted(struct ctx *cx, int64_t organisation_id, bool *out)
{
    struct organisation provider;
    TRY(record_get(cx, &ORGANISATIONS, organisation_id, &provider));
    *out = provider.state != ORGANISATION_CANDIDATE;
    return OK;
}

enum result provider_fitness(struct ctx *cx, int64_t organisation_id, struct date day,
                             const char *field)
{
    struct organisation provider;
    const char *lacking;
    TRY(record_get(cx, &ORGANISATIONS, organisation_id, &provider));
    if (provider.state >= ORGANISATION_SUSPENDED)
        reject_clause(cx, "X5", field, "provider_unfit", provider.name,
                      texts_get(arena_printf(cx->mem, "organisations.state.%s",
                                             choice_name(ORGANISATION_STATES, provider.state)),
                                cx->lang));
    TRY(db_text(cx, &q_qualification_lacking, PARAMS(P(organisation_id), P(day)), &lacking));
    if (*lacking)
        reject_clause(cx, "X5", field, "qualification_expired", provider.name, lacking);
    return OK;
}

enum result person_works(struct ctx *cx, int64_t person_id, struct date day, int64_t *out)
{
    return db_int(cx, &q_person_works, PARAMS(P(person_id), P(day)), out);
}

/* ---- qualifications ---- */

static const struct field QUALIFICATION_FIELDS[] = {
    RECORD_FIELDS(qualification),
    FIELD_REF(qualification, organisation_id, "organisations", .in = MUST, .use = FILTERED | FIXED),
    FIELD(qualification, organisation_name, .column = "o.name", .use = LISTED),
    FIELD_ENUM(qualification, kind, QUALIFICATION_KINDS, .in = MUST, .use = LISTED | FILTERED),
    FIELD(qualification, name, .in = MUST, .max = 100, .use = LISTED),
    FIELD(qualification, number, .in = MAY, .max = 60, .use = LISTED),
    FIELD(qualification, issued_by, .in = MAY, .max = 100),
    FIELD(qualification, valid_from, .in = MAY),
    FIELD(qualification, valid_to, .in = MAY, .use = LISTED | FILTERED | SORTED, .clause = "X5"),
    FIELD(qualification, required, .in = MAY, .use = LISTED),
    FIELDS_END,
};

/* A provider knows of its clients, and writes into its own organisation alone. */
static void check_own(struct ctx *cx, int64_t organisation_id)
{
    if (cx->actor->side == SIDE_PROVIDER && cx->actor->organisation_id != organisation_id)
        reject(cx, "organisation_id", "other_organisation");
}

static enum result qualification_open(struct ctx *cx, const void *record)
{
    const struct qualification *qualification = record;
    if (qualification->organisation_id)
        check_own(cx, qualification->organisation_id);
    return rejected(cx);
}

/* A provider may hand in certificates, but not say itself which are required or still hold: those
 * decide whether it gets contracts (X5). */
static void check_own_claims(struct ctx *cx, struct qualification *after,
                             const struct qualification *before)
{
    if (cx->actor->is_system || cx->actor->side != SIDE_PROVIDER)
        return;
    if (!before)
        after->required = false;
    else if (after->required != before->required ||
             after->valid_from.days != before->valid_from.days ||
             after->valid_to.days != before->valid_to.days)
        reject_clause(cx, "X5", "valid_to", "client_decides");
}

static enum result qualification_check(struct ctx *cx, void *record, const void *before)
{
    struct qualification *qualification = record;
    check_own(cx, qualification->organisation_id);
    check_own_claims(cx, qualification, before);
    if (qualification->valid_to.days &&
        qualification->valid_to.days < qualification->valid_from.days)
        reject(cx, "valid_to", "before_start");
    return OK;
}

const struct resource QUALIFICATIONS = {
    .name = "qualifications",
    .clause = "X5",
    .fields = QUALIFICATION_FIELDS,
    .size = sizeof(struct qualification),
    .joins = "JOIN organisations o ON o.id = t.organisation_id",
    .title = "name",
    .sort = "valid_to",
    .parent = &ORGANISATIONS,
    .parent_field = "organisation_id",
    .check = qualification_check,
    .open = qualification_open,
};

/* ---- units ---- */

static const struct field UNIT_FIELDS[] = {
    RECORD_FIELDS(unit),
    FIELD_REF(unit, organisation_id, "organisations", .in = MUST, .use = FILTERED | FIXED),
    FIELD(unit, organisation_name, .column = "o.name"),
    FIELD_REF(unit, parent_id, "units", .in = MAY, .use = FILTERED | FIXED),
    FIELD(unit, parent_name, .column = "p.name", .use = LISTED),
    FIELD_ENUM(unit, kind, UNIT_KINDS, .in = MUST, .use = LISTED | FILTERED),
    FIELD(unit, name, .in = MUST, .max = 60, .use = LISTED | SEARCHED),
    FIELD(unit, path, .use = HIDDEN | SORTED),
    FIELD(unit, search_key, .use = HIDDEN),
    FIELDS_END,
};

static enum result unit_check(struct ctx *cx, void *record, const void *before)
{
    struct unit *unit = record;
    int64_t known = 0;
    TRY(unit_by_name(cx, unit->organisation_id, unit->name, &known));
    if (known && known != unit->id)
        reject(cx, "name", "taken");
    if (unit->parent_id && !before) {
        struct unit parent;
        TRY(record_get(cx, &UNITS, unit->parent_id, &parent));
        if (parent.organisation_id != unit->organisation_id)
            reject(cx, "parent_id", "other_organisation");
    }
    return OK;
}

/* The path needs the id that the database just gave. */
static enum result unit_saved(struct ctx *cx, const void *record, const void *before)
{
    const struct unit *unit = record;
    const char *parent = "";
    if (before)
        return OK;
    if (unit->parent_id)
        TRY(db_text(cx, &q_unit_path_of, PARAMS(P(unit->parent_id)), &parent));
    return db_change_one(
        cx, &q_unit_path,
        PARAMS(P(unit->id),
               P(arena_printf(cx->mem, "%s%lld/", *parent ? parent : "/", (long long)unit->id))));
}

const struct resource UNITS = {
    .name = "units",
    .clause = "V2",
    .fields = UNIT_FIELDS,
    .size = sizeof(struct unit),
    .joins =
        "JOIN organisations o ON o.id = t.organisation_id LEFT JOIN units p ON p.id = t.parent_id",
    .title = "name",
    .sort = "path",
    .scope =
        {[SIDE_CLIENT] = "@organisation_id = :org", [SIDE_PROVIDER] = "@organisation_id = :org"},
    .unit = "id",
    .check = unit_check,
    .saved = unit_saved,
    .import_key = "name",
};

/* ---- people ---- */

static const struct field PERSON_FIELDS[] = {
    RECORD_FIELDS(person),
    FIELD(person, name, .in = MUST, .max = 40, .use = LISTED | SEARCHED | SORTED),
    FIELD_REF(person, organisation_id, "organisations", .in = MUST, .use = FILTERED | FIXED),
    FIELD(person, organisation_name, .column = "o.name", .use = LISTED),
    FIELD_REF(person, unit_id, "units", .in = MAY, .use = FILTERED),
    FIELD(person, unit_name, .column = "u.name", .use = LISTED),
    FIELD_ENUM(person, job, JOBS, .in = MUST, .use = LISTED | FILTERED),
    FIELD(person, phone, .in = MAY, .max = 20, .use = LISTED, .valid = phone_valid),
    FIELD(person, phone_hash, .use = HIDDEN),
    FIELD(person, id_card, .in = MAY, .max = 18, .valid = id_card_valid),
    FIELD(person, id_card_hash, .use = HIDDEN),
    FIELD(person, employed_by, .in = MAY, .max = 100, .clause = "V5.1.4"),
    FIELD(person, staff_number, .in = MAY, .max = 30, .use = SEARCHED),
    FIELD(person, joined_on, .in = MAY),
    FIELD(person, left_on, .in = MAY, .use = FILTERED),
    FIELD(person, search_key, .use = HIDDEN),
    FIELDS_END,
};

static const char *hash_of(struct ctx *cx, const char *context, const struct secret *secret,
                           const char *kept)
{
    char hash[INDEX_HEX];
    if (!secret->plain || !*secret->plain)
        return *secret->sealed ? kept : "";
    index_hash(cx->keys, context, secret->plain, hash);
    return arena_dup(cx->mem, hash);
}

static enum result check_place(struct ctx *cx, const struct person *person,
                               const struct person *before)
{
    struct unit unit;
    if (!person->unit_id || (before && before->unit_id == person->unit_id))
        return OK;
    TRY(record_get(cx, &UNITS, person->unit_id, &unit));
    if (unit.organisation_id != person->organisation_id)
        reject(cx, "unit_id", "other_organisation");
    return OK;
}

enum result role_holders(struct ctx *cx, enum role role, int64_t except_person_id, int64_t *out)
{
    const char *pattern = arena_printf(cx->mem, "%% %s %%", choice_name(ROLES, role));
    return db_int(cx, &q_role_holders, PARAMS(P(pattern), param_number(except_person_id)), out);
}

enum result check_last_holder(struct ctx *cx, int64_t person_id, uint64_t roles, const char *field)
{
    static const enum role NEEDED[] = {ROLE_ADMIN, ROLE_SECURITY};
    for (size_t i = 0; i < sizeof NEEDED / sizeof NEEDED[0]; i++) {
        int64_t all, others;
        if (!(roles >> NEEDED[i] & 1))
            continue;
        TRY(role_holders(cx, NEEDED[i], 0, &all));
        TRY(role_holders(cx, NEEDED[i], person_id, &others));
        if (all && !others)
            reject(cx, field, "last_holder", role_words(cx, NEEDED[i]));
    }
    return OK;
}

/* People below the centres keep the people of their own units, so nobody of theirs is in none. */
static void keep_in_unit(struct ctx *cx, struct person *person, const struct person *before)
{
    const struct actor *actor = cx->actor;
    if (actor->side != SIDE_CLIENT || actor->sees_company || person->unit_id ||
        person->organisation_id != actor->organisation_id)
        return;
    if (!before)
        person->unit_id = actor->unit_id;
    if (!person->unit_id)
        reject(cx, "unit_id", "required");
}

/* Whether somebody with an account still works here, and where, is the system administrator's to
 * say: access follows from it. */
static enum result check_keeper(struct ctx *cx, const struct person *after,
                                const struct person *before)
{
    const struct actor *actor = cx->actor;
    int64_t accounts = 0;
    if (!before)
        return OK;
    if (after->left_on.days && !before->left_on.days)
        TRY(check_last_holder(cx, after->id, ~UINT64_C(0), "left_on"));
    if (actor->is_system)
        return OK;
    if (after->left_on.days == before->left_on.days && after->unit_id == before->unit_id)
        return OK;
    TRY(db_int(cx, &q_person_accounts, PARAMS(P(after->id)), &accounts));
    if (accounts && !actor_may(actor, "accounts.write"))
        reject(cx, after->left_on.days != before->left_on.days ? "left_on" : "unit_id",
               "account_holder");
    return OK;
}

static enum result person_check(struct ctx *cx, void *record, const void *before)
{
    struct person *person = record;
    int64_t same = 0;
    check_own(cx, person->organisation_id);
    keep_in_unit(cx, person, before);
    TRY(check_place(cx, person, before));
    person->phone_hash = hash_of(cx, "people.phone", &person->phone, person->phone_hash);
    person->id_card_hash = hash_of(cx, "people.id_card", &person->id_card, person->id_card_hash);
    if (person->left_on.days && person->left_on.days < person->joined_on.days)
        reject(cx, "left_on", "before_start");
    TRY(check_keeper(cx, person, before));
    if (*person->id_card_hash)
        TRY(db_int(cx, &q_person_by_id_card,
                   PARAMS(P(person->organisation_id), P(person->id_card_hash),
                          param_int((int32_t)person->id)),
                   &same));
    if (same)
        reject(cx, "id_card", "taken");
    if (*person->staff_number)
        TRY(person_by_staff_number(cx, person->organisation_id, person->staff_number, &same));
    if (*person->staff_number && same && same != person->id)
        reject(cx, "staff_number", "taken");
    return OK;
}

static enum result (*follow_person)(struct ctx *cx, const struct person *person,
                                    const struct person *before);

void people_follow(enum result (*follow)(struct ctx *cx, const struct person *person,
                                         const struct person *before))
{
    follow_person = follow;
}

static enum result person_saved(struct ctx *cx, const void *record, const void *before)
{
    return follow_person ? follow_person(cx, record, before) : OK;
}

static enum result person_open(struct ctx *cx, const void *record)
{
    const struct person *person = record;
    if (person->organisation_id)
        check_own(cx, person->organisation_id);
    return rejected(cx);
}

const struct resource PEOPLE = {
    .name = "people",
    .fields = PERSON_FIELDS,
    .size = sizeof(struct person),
    .joins =
        "JOIN organisations o ON o.id = t.organisation_id LEFT JOIN units u ON u.id = t.unit_id",
    .title = "name",
    .sort = "-id",
    .scope =
        {
            [SIDE_CLIENT] = "@organisation_id = :org",
            [SIDE_PROVIDER] = "@organisation_id = :org",
            [SIDE_THIRD_PARTY] = "@organisation_id = :org",
        },
    .unit = "unit_id",
    .beyond_units = "@id = :person OR @organisation_id IN "
                    "(SELECT s.id FROM organisations s WHERE s.side <> 'client')",
    .check = person_check,
    .open = person_open,
    .saved = person_saved,
    .import_key = "staff_number",
};

/* ---- by name ---- */

enum result organisation_by_name(struct ctx *cx, const char *name, int64_t *out_id)
{
    return db_int(cx, &q_organisation_by_name, PARAMS(P(name)), out_id);
}

enum result unit_by_name(struct ctx *cx, int64_t organisation_id, const char *name, int64_t *out_id)
{
    return db_int(cx, &q_unit_by_name, PARAMS(P(organisation_id), P(name)), out_id);
}

enum result person_by_name(struct ctx *cx, int64_t organisation_id, const char *name,
                           int64_t *out_id)
{
    return db_int(cx, &q_person_by_name, PARAMS(P(organisation_id), P(name)), out_id);
}

enum result person_by_staff_number(struct ctx *cx, int64_t organisation_id, const char *number,
                                   int64_t *out_id)
{
    return db_int(cx, &q_person_by_staff_number, PARAMS(P(organisation_id), P(number)), out_id);
}

const struct right PARTIES_RIGHTS[] = {
    {"organisations.read", R_CLIENT_SIDE | R_PROVIDER_SIDE | R(ADMIN) | R(SURVEY), NULL},
    {"organisations.write", R(OPS) | R(DIVISION) | R(ADMIN), "X5"},
    {"organisations.judge", R(OPS), "X5"},
    {"organisations.reveal", R(OPS) | R(DIVISION) | R(PM) | R(EXECUTOR), NULL},
    {"qualifications.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "X5"},
    {"qualifications.write", R(OPS) | R(DIVISION) | R(PROVIDER), "X5"},
    {"units.read", R_CLIENT_SIDE | R(ADMIN), "V2"},
    {"units.write", R(ADMIN) | R(OPS) | R(DIVISION), "V2"},
    {"people.read", R_CLIENT_SIDE | R_PROVIDER_SIDE | R(ADMIN), NULL},
    {"people.write", R(ADMIN) | R(OPS) | R(DIVISION) | R(PM) | R(PROVIDER), NULL},
    {"people.reveal", R(OPS) | R(DIVISION) | R(PROVIDER), NULL},
    RIGHTS_END,
};
