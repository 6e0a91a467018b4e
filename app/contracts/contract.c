/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/contracts/contract.h"

#include "app/contracts/contract.sql.h"
#include "app/contracts/contract_private.h"
#include "app/records/trail.h"

#include <string.h>

static const char *const KINDS[] = {"continuous", "one_off", NULL};
const char *const CONTRACT_STATES[] = {"draft", "active", "suspended", "ended", "terminated", NULL};
static const char *const BRIEFING_WORDS[] = {"missing", "open",       "half",
                                             "signed",  "superseded", NULL};
static const char *const EXPIRIES[] = {"none", "far", "soon", "near", "past", NULL};
static const char *const TOPICS[] = {"scope",  "frequency", "standard", "staffing", "deduction",
                                     "safety", "breach",    "payment",  "other",    NULL};

#define RETENTION_MOST 3000 /* hundredths of a per cent: more is no retention any more */

static const struct field CONTRACT_FIELDS[] = {
    RECORD_FIELDS(contract),
    FIELD(contract, number, .in = MUST, .max = 40, .use = LISTED | SEARCHED | SORTED,
          .clause = "V5.1.1"),
    FIELD(contract, name, .in = MUST, .max = 100, .use = LISTED | SEARCHED),
    FIELD_ENUM(contract, kind, KINDS, .in = MUST, .use = LISTED | FILTERED, .clause = "V4"),
    FIELD_ENUM(contract, service, SERVICES, .in = MUST, .use = LISTED | FILTERED, .clause = "V4"),
    FIELD_REF(contract, client_id, "organisations", .among = "side=client", .in = MAY,
              .use = FIXED | FILTERED),
    FIELD(contract, client_name, .column = "c.name"),
    FIELD_REF(contract, unit_id, "units", .in = MUST, .use = FILTERED, .clause = "V2"),
    FIELD(contract, unit_name, .column = "u.name", .use = LISTED),
    FIELD_REF(contract, provider_id, "organisations", .among = "side=provider", .in = MUST,
              .use = FIXED | FILTERED),
    FIELD(contract, provider_name, .column = "p.name", .use = LISTED),
    FIELD(contract, provider_contact, .in = MAY, .max = 40, .use = LISTED),
    FIELD(contract, provider_phone, .in = MAY, .max = 20, .use = LISTED, .valid = phone_valid),
    FIELD(contract, signed_on, .in = MAY, .use = LISTED | FILTERED | SORTED),
    FIELD(contract, starts_on, .in = MUST, .use = LISTED | FILTERED | SORTED),
    FIELD(contract, ends_on, .in = MUST, .use = LISTED | FILTERED | SORTED),
    FIELD(contract, amount_fen, .in = MAY, .use = LISTED | FILTERED | SORTED),
    FIELD(contract, net_amount_fen, .in = MAY),
    FIELD(contract, monthly_fee_fen, .in = MAY, .use = LISTED),
    FIELD(contract, payment_terms, .in = MAY, .max = 500, .use = LONG_TEXT),
    FIELD(contract, deposit_fen, .in = MAY),
    FIELD(contract, assessment_clause, .in = MAY, .max = 1000, .use = LONG_TEXT),
    FIELD(contract, served_party_clause, .in = MAY, .max = 1000, .use = LISTED | LONG_TEXT,
          .clause = "V5.1.5"),
    FIELD(contract, served_party_judges, .use = FILTERED | HIDDEN),
    FIELD(contract, no_subcontracting, .in = MAY, .use = FILTERED, .clause = "V5.1.4"),
    FIELD(contract, letters_countersigned, .in = MAY),
    FIELD(contract, warranty_months, .in = MAY, .max = 120),
    FIELD(contract, retention_share, .in = MAY, .max = RETENTION_MOST, .clause = "X3"),
    FIELD_REF(contract, executor_id, "people", .in = MAY, .use = FILTERED, .clause = "V5.1.1"),
    FIELD(contract, executor_name, .column = "e.name", .use = LISTED),
    FIELD_REF(contract, contact_id, "people", .in = MAY, .use = FILTERED, .clause = "C2.7"),
    FIELD(contract, contact_name, .column = "d.name"),
    FIELD(contract, alert_days, .in = MAY, .max = 365),
    FIELD(contract, remark, .in = MAY, .max = 1000, .use = LONG_TEXT),
    FIELD_ENUM(contract, briefing, BRIEFING_WORDS, .use = LISTED | FILTERED, .clause = "V5.1.2"),
    FIELD(contract, briefed_on, .use = LISTED),
    FIELD_ENUM(contract, state, CONTRACT_STATES, .use = LISTED | FILTERED),
    FIELD(contract, state_at, .use = NO_DIFF),
    FIELD(contract, state_by, .use = NO_DIFF),
    FIELD(contract, state_reason, .use = LONG_TEXT),
    FIELD(contract, days_left, .use = DERIVED),
    FIELD_ENUM(contract, expiry, EXPIRIES, .use = DERIVED),
    FIELD(contract, search_key, .use = HIDDEN),
    FIELDS_END,
};

/* ---- rules of the ledger ---- */

bool contract_is_in_force(const struct contract *contract)
{
    return contract->state == CONTRACT_ACTIVE || contract->state == CONTRACT_SUSPENDED;
}

bool contract_is_open(const struct contract *contract)
{
    return contract->state == CONTRACT_DRAFT || contract_is_in_force(contract);
}

struct date contract_last_day(const struct contract *contract)
{
    const struct date closed = instant_date(contract->state_at, SHANGHAI_OFFSET_MIN);
    if (contract->state != CONTRACT_ENDED && contract->state != CONTRACT_TERMINATED)
        return contract->ends_on;
    if (contract->ends_on.days && contract->ends_on.days < closed.days)
        return contract->ends_on;
    return closed;
}

static enum result check_side(struct ctx *cx, int64_t organisation, enum side side,
                              const char *field)
{
    const char *word;
    if (!organisation)
        return OK;
    TRY(db_text(cx, &q_organisation_side, PARAMS(P(organisation)), &word));
    if (strcmp(word, SIDES[side - 1]) != 0)
        reject(cx, field, "wrong_side");
    return OK;
}

/* Executor and contact are people of the client who still work there. */
static enum result check_person(struct ctx *cx, int64_t person, int64_t client, const char *field)
{
    int64_t organisation;
    if (!person)
        return OK;
    TRY(person_works(cx, person, instant_date(cx->now, SHANGHAI_OFFSET_MIN), &organisation));
    if (organisation != client)
        reject(cx, field, "not_clients_person");
    return OK;
}

static enum result check_parties(struct ctx *cx, const struct contract *contract,
                                 const struct contract *before)
{
    int64_t unit_of = 0;
    TRY(check_side(cx, contract->client_id, SIDE_CLIENT, "client_id"));
    TRY(check_side(cx, contract->provider_id, SIDE_PROVIDER, "provider_id"));
    if (contract->unit_id) {
        TRY(db_int(cx, &q_unit_organisation, PARAMS(P(contract->unit_id)), &unit_of));
        if (unit_of != contract->client_id)
            reject(cx, "unit_id", "not_clients_unit");
    }
    if (!before || before->executor_id != contract->executor_id)
        TRY(check_person(cx, contract->executor_id, contract->client_id, "executor_id"));
    if (!before || before->contact_id != contract->contact_id)
        TRY(check_person(cx, contract->contact_id, contract->client_id, "contact_id"));
    return OK;
}

enum result contract_by_number(struct ctx *cx, const char *number, int64_t *out_id)
{
    return db_int(cx, &q_contract_by_number, PARAMS(P(number)), out_id);
}

enum result client_of_provider(struct ctx *cx, int64_t provider_id, int64_t *out)
{
    return db_int(cx, &q_client_of, PARAMS(P(provider_id)), out);
}

static enum result check_number(struct ctx *cx, const struct contract *contract)
{
    int64_t known;
    TRY(contract_by_number(cx, contract->number, &known));
    if (known && known != contract->id)
        reject_clause(cx, "V5.1.1", "number", "duplicate_number", contract->number);
    return OK;
}

static void check_amounts(struct ctx *cx, const struct contract *contract)
{
    const struct {
        struct money amount;
        const char *field;
    } AMOUNTS[] = {
        {contract->amount_fen, "amount_fen"},
        {contract->net_amount_fen, "net_amount_fen"},
        {contract->monthly_fee_fen, "monthly_fee_fen"},
        {contract->deposit_fen, "deposit_fen"},
    };
    for (size_t i = 0; i < sizeof AMOUNTS / sizeof AMOUNTS[0]; i++)
        if (AMOUNTS[i].amount.fen < 0)
            reject(cx, AMOUNTS[i].field, "negative");
    if (contract->net_amount_fen.fen > contract->amount_fen.fen)
        reject(cx, "net_amount_fen", "above_gross");
    if (contract->warranty_months && contract->kind == CONTRACT_CONTINUOUS)
        reject(cx, "warranty_months", "one_off_only");
    if (contract->retention_share.hundredths && contract->kind == CONTRACT_CONTINUOUS)
        reject_clause(cx, "X3", "retention_share", "one_off_only");
    else if (contract->retention_share.hundredths && !contract->warranty_months)
        reject_clause(cx, "X3", "retention_share", "no_warranty_months");
}

/* What may change without an amendment once the contract is in force. */
static bool is_free(const struct field *field)
{
    static const char *const FREE[] = {
        "executor_id", "contact_id", "provider_contact",  "provider_phone",
        "alert_days",  "remark",     "no_subcontracting", "letters_countersigned"};
    for (size_t i = 0; i < sizeof FREE / sizeof FREE[0]; i++)
        if (strcmp(field->name, FREE[i]) == 0)
            return true;
    return false;
}

/* What activation asked for is not taken away again while the contract is in force. */
static void check_kept(struct ctx *cx, const struct contract *after, const struct contract *before)
{
    static const struct {
        const char *field, *clause;
    } KEPT[] = {
        {"executor_id", "V5.1.1"},
        {"no_subcontracting", "V5.1.4"},
        {"served_party_clause", "V5.1.5"},
        {"contact_id", "C2.7"},
    };
    if (!contract_is_in_force(before))
        return;
    for (size_t i = 0; i < sizeof KEPT / sizeof KEPT[0]; i++) {
        const struct field *field =
            field_find(CONTRACT_FIELDS, KEPT[i].field, strlen(KEPT[i].field));
        if (!field_is_idle(field, before) && field_is_idle(field, after))
            reject_clause(cx, KEPT[i].clause, field->name, "needed_in_force");
    }
}

/* The executor was briefed on what has changed since, or is another: brief anew. */
static bool must_brief_again(const struct contract *after, const struct contract *before)
{
    if (before->briefing <= BRIEFING_MISSING)
        return false;
    for (const struct field *field = CONTRACT_FIELDS; field->name; field++)
        if (field->in != NEVER && !is_free(field) && !field_equal(field, before, after))
            return true;
    return after->executor_id != before->executor_id;
}

static void check_in_force(struct ctx *cx, const struct contract *after,
                           const struct contract *before)
{
    if (before->state == CONTRACT_DRAFT || (after->amending && contract_is_open(before)))
        return;
    for (const struct field *field = CONTRACT_FIELDS; field->name; field++) {
        if (field->in == NEVER || field_equal(field, before, after))
            continue;
        if (!contract_is_open(before))
            reject(cx, field->name, "closed");
        else if (!is_free(field))
            reject(cx, field->name, "needs_amendment");
    }
}

static enum result contract_check(struct ctx *cx, void *record, const void *former)
{
    struct contract *contract = record;
    const struct contract *before = former;
    if (!before) {
        contract->state = CONTRACT_DRAFT;
        contract->briefing = BRIEFING_MISSING;
        contract->state_at = cx->now;
        contract->state_by = cx->actor->person_name;
        if (!contract->client_id)
            contract->client_id = cx->actor->organisation_id;
        if (!contract->alert_days)
            contract->alert_days = 60;
        if (contract->provider_id)
            TRY(provider_fitness(cx, contract->provider_id,
                                 instant_date(cx->now, SHANGHAI_OFFSET_MIN), "provider_id"));
    } else {
        check_in_force(cx, contract, before);
        check_kept(cx, contract, before);
        if (must_brief_again(contract, before))
            contract->briefing = BRIEFING_SUPERSEDED;
    }
    if (contract->ends_on.days && contract->ends_on.days < contract->starts_on.days)
        reject(cx, "ends_on", "ends_before_start");
    contract->served_party_judges = *text_plain(cx->mem, contract->served_party_clause);
    check_amounts(cx, contract);
    TRY(check_number(cx, contract));
    return check_parties(cx, contract, before);
}

static enum result contract_saved(struct ctx *cx, const void *record, const void *former)
{
    const struct contract *contract = record, *before = former;
    if (before && contract->briefing == BRIEFING_SUPERSEDED &&
        before->briefing != BRIEFING_SUPERSEDED)
        return briefings_supersede(cx, contract->id);
    return OK;
}

static void contract_derive(struct ctx *cx, void *record)
{
    struct contract *contract = record;
    struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    contract->expiry = EXPIRY_NONE;
    if (!contract_is_open(contract) || !contract->ends_on.days)
        return;
    contract->days_left = contract->ends_on.days - today.days;
    if (contract->days_left < 0)
        contract->expiry = EXPIRY_PAST;
    else if (contract->days_left <= 30)
        contract->expiry = EXPIRY_NEAR;
    else if (contract->days_left <= contract->alert_days)
        contract->expiry = EXPIRY_SOON;
    else
        contract->expiry = EXPIRY_FAR;
}

static enum result contract_open(struct ctx *cx, const void *record)
{
    const struct contract *contract = record;
    if (contract->id && !contract_is_open(contract))
        return fail(cx, CONFLICT, "contract.wrong_state", contract->number,
                    contract_state_words(cx, contract));
    return OK;
}

const struct resource CONTRACTS = {
    .name = "contracts",
    .clause = "V5.1.1",
    .fields = CONTRACT_FIELDS,
    .size = sizeof(struct contract),
    .joins =
        "JOIN organisations c ON c.id = t.client_id JOIN organisations p ON p.id = t.provider_id "
        "JOIN units u ON u.id = t.unit_id LEFT JOIN people e ON e.id = t.executor_id "
        "LEFT JOIN people d ON d.id = t.contact_id",
    .title = "number",
    .sort = "-id",
    .scope =
        {
            [SIDE_CLIENT] = "@client_id = :org",
            [SIDE_PROVIDER] = "@provider_id = :org AND @state <> 'draft'",
        },
    .unit = "unit_id",
    .beyond_units = "@executor_id = :person", /* who supervises it, of whatever unit */
    .search_also = "p.search_key",
    .check = contract_check,
    .open = contract_open,
    .saved = contract_saved,
    .derive = contract_derive,
    .import_key = "number",
};

/* ---- terms ---- */

static const struct field TERM_FIELDS[] = {
    RECORD_FIELDS(term),
    FIELD_REF(term, contract_id, "contracts", .among = "state=draft,active,suspended", .in = MUST,
              .use = FIXED | FILTERED),
    FIELD(term, contract_name, .column = "c.name", .use = LISTED),
    FIELD(term, number, .in = MUST, .max = 20, .use = LISTED),
    FIELD_ENUM(term, topic, TOPICS, .in = MUST, .use = LISTED | FILTERED),
    FIELD(term, text, .in = MUST, .max = 2000, .use = LISTED | LONG_TEXT),
    FIELD(term, amended_on, .in = MAY),
    FIELD(term, basis, .in = MAY, .max = 1000, .use = LONG_TEXT),
    FIELDS_END,
};

#define TERMS_MOST 200 /* all of them go into one briefing */

enum result contract_term(struct ctx *cx, int64_t contract_id, const char *number, int64_t *out_id)
{
    return db_int(cx, &q_term_of, PARAMS(P(contract_id), P(number)), out_id);
}

/* In force, terms change as the contract does: by an amendment with its day and reason. */
static enum result term_check(struct ctx *cx, void *record, const void *before)
{
    const struct term *term = record;
    struct contract contract;
    int64_t count;
    if (!term->contract_id)
        return OK;
    TRY(record_get(cx, &CONTRACTS, term->contract_id, &contract));
    if (!contract_is_open(&contract))
        reject(cx, "contract_id", "closed");
    if (contract_is_in_force(&contract) && !term->amended_on.days)
        reject(cx, "amended_on", "needs_amendment");
    if (term->amended_on.days && term->amended_on.days < contract.signed_on.days)
        reject(cx, "amended_on", "before_signing");
    if (contract_is_in_force(&contract) && !*term->basis)
        reject(cx, "basis", "needs_amendment");
    TRY(db_int(cx, &q_term_count, PARAMS(P(term->contract_id)), &count));
    if (!before && count >= TERMS_MOST)
        reject(cx, "number", "too_many_terms");
    return OK;
}

/* Whoever was briefed on the terms has to be briefed again. */
static enum result term_saved(struct ctx *cx, const void *record, const void *before)
{
    const struct term *term = record;
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, term->contract_id, &contract));
    if (contract_is_in_force(&contract))
        TRY(amendment_of_term(cx, term, before));
    if (contract.briefing == BRIEFING_MISSING)
        return OK;
    return contract_briefing_set(cx, contract.id, BRIEFING_SUPERSEDED, contract.briefed_on);
}

static enum result term_open(struct ctx *cx, const void *record)
{
    const struct term *term = record;
    struct contract contract;
    if (!term->contract_id)
        return OK;
    TRY(record_get(cx, &CONTRACTS, term->contract_id, &contract));
    return contract_open(cx, &contract);
}

const struct resource TERMS = {
    .name = "terms",
    .clause = "V5.1.2",
    .fields = TERM_FIELDS,
    .size = sizeof(struct term),
    .joins = "JOIN contracts c ON c.id = t.contract_id",
    .title = "number",
    .sort = "id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .check = term_check,
    .open = term_open,
    .saved = term_saved,
};

const struct right CONTRACT_RIGHTS[] = {
    {"contracts.read", R_CLIENT_SIDE | R(PROVIDER) | R(DUTY), "V5.1.1"},
    {"contracts.write", R(OPS) | R(DIVISION), "V5.1.1"},
    {"contracts.reveal", R(OPS) | R(DIVISION) | R(PM) | R(EXECUTOR), NULL},
    {"contracts.activate", R(OPS) | R(DIVISION), "V5.1.1"},
    {"contracts.amend", R(OPS) | R(DIVISION), "V5.1.2"},
    {"terms.read", R_CLIENT_SIDE | R(PROVIDER) | R(DUTY), "V5.1.2"},
    {"terms.write", R(OPS) | R(DIVISION), "V5.1.2"},
    {"amendments.read", R_CLIENT_SIDE | R(PROVIDER), "V5.1.2"},
    {"briefings.read", R_CLIENT_SIDE, "V5.1.2"},
    {"briefings.write", R(OPS) | R(DIVISION), "V5.1.2"},
    {"briefings.sign", R_SUPERVISION, "V5.1.2"},
    {"signatures.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, NULL},
    RIGHTS_END,
};
