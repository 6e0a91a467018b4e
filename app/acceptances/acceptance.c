/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The record of an acceptance, and what its next step lacks. */
#include "app/acceptances/acceptance.h"

#include "app/acceptances/acceptance.sql.h"
#include "app/acceptances/acceptance_private.h"
#include "app/records/trail.h"

#include <string.h>

const char *const ACCEPTANCE_STATES[] = {"drafted",   "requested", "convened", "decided",
                                         "disputed",  "signed",    "objected", "final",
                                         "withdrawn", NULL};
const char *const ACCEPTANCE_OUTCOMES[] = {"accepted", "accepted_with_defects", "refused", NULL};

static const struct field ACCEPTANCE_FIELDS[] = {
    RECORD_FIELDS(acceptance),
    FIELD(acceptance, name, .use = LISTED | SIGNED),
    FIELD_REF(acceptance, contract_id, "contracts", .among = "kind=one_off", .in = MUST,
              .use = FIXED | FILTERED, .clause = "X3"),
    FIELD(acceptance, contract_number, .column = "c.number", .use = SIGNED),
    FIELD(acceptance, contract_name, .column = "c.name", .use = SIGNED),
    FIELD(acceptance, provider_name, .column = "o.name", .use = LISTED | SIGNED),
    FIELD(acceptance, client_name, .column = "k.name", .use = SIGNED),
    FIELD(acceptance, unit_name, .column = "u.name", .use = SIGNED),
    FIELD(acceptance, round, .use = SIGNED),
    FIELD(acceptance, completed_on, .in = MUST, .use = LISTED | SIGNED),
    FIELD(acceptance, work, .in = MUST, .max = WORDS_MOST, .use = LONG_TEXT | SIGNED),
    FIELD(acceptance, claimed_fen, .in = MUST, .use = SIGNED, .clause = "X3"),
    FIELD_REF(acceptance, requester_id, "people", .use = NO_DIFF),
    FIELD(acceptance, requested_by, .column = "COALESCE(q.name, '')"),
    FIELD(acceptance, requested_at),
    FIELD(acceptance, returned, .use = LONG_TEXT),
    FIELD_REF(acceptance, lead_id, "people"),
    FIELD(acceptance, lead_name, .column = "COALESCE(l.name, '')"),
    FIELD(acceptance, convened_at),
    FIELD_ENUM(acceptance, outcome, ACCEPTANCE_OUTCOMES, .use = LISTED | FILTERED | SIGNED),
    FIELD(acceptance, accepted_fen, .use = LISTED | SIGNED),
    FIELD(acceptance, conclusion, .use = LONG_TEXT | SIGNED),
    FIELD(acceptance, checked_on, .use = SIGNED),
    FIELD(acceptance, panel, .use = HIDDEN | SIGNED),
    FIELD(acceptance, lines, .use = HIDDEN | SIGNED),
    FIELD(acceptance, sha256),
    FIELD(acceptance, decided_at),
    FIELD(acceptance, countersign_by, .clause = "X4"),
    FIELD(acceptance, objection, .use = LONG_TEXT, .clause = "X4"),
    FIELD_REF(acceptance, objection_decider_id, "people", .use = NO_DIFF),
    FIELD(acceptance, objection_decided_by, .column = "COALESCE(e.name, '')"),
    FIELD(acceptance, objection_reason, .use = LONG_TEXT, .clause = "X4"),
    FIELD(acceptance, signed_at),
    FIELD(acceptance, audit_by, .clause = "V3.2"),
    FIELD(acceptance, audited_at),
    FIELD_REF(acceptance, auditor_id, "people", .use = NO_DIFF),
    FIELD(acceptance, audited_by, .column = "COALESCE(a.name, '')"),
    FIELD(acceptance, audit_words, .use = LONG_TEXT, .clause = "V3.2"),
    FIELD(acceptance, answer, .use = LONG_TEXT),
    FIELD(acceptance, final_at),
    FIELD(acceptance, warranty_ends_on, .use = FILTERED),
    FIELD_REF(acceptance, provider_id, "organisations", .use = FILTERED | NO_DIFF),
    FIELD_REF(acceptance, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(acceptance, unit_id, "units", .use = FILTERED | NO_DIFF),
    FIELD_ENUM(acceptance, state, ACCEPTANCE_STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

enum result acceptance_demand_state(struct ctx *cx, const struct acceptance *acceptance,
                                    enum acceptance_state state)
{
    return acceptance->state == state
               ? OK
               : fail(cx, CONFLICT, "acceptance.wrong_state", acceptance->name,
                      state_name(cx, &ACCEPTANCES, ACCEPTANCE_STATES, acceptance->state));
}

enum result acceptance_of_contract(struct ctx *cx, int64_t contract_id, int64_t *out_id)
{
    return db_int(cx, &q_acceptance_final, PARAMS(P(contract_id)), out_id);
}

/* ---- drafted ---- */

/* One at a time, and none after the one that was accepted. */
static enum result demand_first(struct ctx *cx, const struct contract *contract)
{
    int64_t open, accepted;
    TRY(db_int(cx, &q_acceptance_open, PARAMS(P(contract->id)), &open));
    TRY(acceptance_of_contract(cx, contract->id, &accepted));
    if (open)
        reject_clause(cx, "X3", "contract_id", "acceptance_open", contract->name);
    else if (accepted)
        reject_clause(cx, "X3", "contract_id", "accepted_already", contract->name);
    return OK;
}

static enum result acceptance_begin(struct ctx *cx, struct acceptance *acceptance,
                                    const struct contract *contract)
{
    int64_t former;
    const struct actor *actor = cx->actor;
    if (contract->kind != CONTRACT_ONE_OFF)
        reject_clause(cx, "X3", "contract_id", "one_off_only");
    else if (contract->state == CONTRACT_DRAFT)
        reject_clause(cx, "V5.1.2", "contract_id", "not_in_force");
    else if (!actor->is_system && actor->organisation_id != contract->provider_id)
        reject_clause(cx, "X3", "contract_id", "provider_presents");
    TRY(demand_first(cx, contract));
    TRY(db_int(cx, &q_acceptance_rounds, PARAMS(P(contract->id)), &former));
    acceptance->round = (int32_t)former + 1;
    acceptance->name = acceptance->round > 1
                           ? arena_printf(cx->mem, "%s · %d", contract->name, acceptance->round)
                           : contract->name;
    acceptance->provider_id = contract->provider_id;
    acceptance->client_id = contract->client_id;
    acceptance->unit_id = contract->unit_id;
    acceptance->state = ACCEPTANCE_DRAFTED;
    return OK;
}

static enum result acceptance_check(struct ctx *cx, void *record, const void *before)
{
    struct acceptance *acceptance = record;
    struct contract contract;
    if (!acceptance->contract_id || acceptance->state > ACCEPTANCE_DRAFTED)
        return OK;
    TRY(record_get(cx, &CONTRACTS, acceptance->contract_id, &contract));
    if (!before)
        TRY(acceptance_begin(cx, acceptance, &contract));
    if (acceptance->completed_on.days > instant_date(cx->now, SHANGHAI_OFFSET_MIN).days)
        reject_clause(cx, "X3", "completed_on", "in_the_future");
    else if (acceptance->completed_on.days &&
             acceptance->completed_on.days < contract.starts_on.days)
        reject_clause(cx, "X3", "completed_on", "before_start");
    if (acceptance->claimed_fen.fen <= 0 || acceptance->claimed_fen.fen > contract.amount_fen.fen)
        reject_clause(cx, "X3", "claimed_fen", "beyond_contract");
    return OK;
}

static enum result acceptance_open(struct ctx *cx, const void *record)
{
    const struct acceptance *acceptance = record;
    return acceptance->id ? acceptance_demand_state(cx, acceptance, ACCEPTANCE_DRAFTED) : OK;
}

/* The provider's documents: until it is decided on. */
static enum result acceptance_attach(struct ctx *cx, int64_t id)
{
    struct acceptance acceptance;
    TRY(record_get(cx, &ACCEPTANCES, id, &acceptance));
    return acceptance.state < ACCEPTANCE_DECIDED
               ? OK
               : acceptance_demand_state(cx, &acceptance, ACCEPTANCE_DRAFTED);
}

bool acceptance_shows_check(const struct actor *actor, const struct acceptance *acceptance)
{
    return actor->is_system || actor->side != SIDE_PROVIDER ||
           (acceptance->state >= ACCEPTANCE_DECIDED && acceptance->state <= ACCEPTANCE_FINAL);
}

/* Between audit and the panel the provider has no place. */
static void acceptance_derive(struct ctx *cx, void *record)
{
    struct acceptance *acceptance = record;
    if (cx->actor->is_system || cx->actor->side != SIDE_PROVIDER)
        return;
    acceptance->audit_words = acceptance->audited_by = "";
    if (acceptance->state != ACCEPTANCE_CONVENED) /* then it says why it was opened again */
        acceptance->answer = "";
    acceptance->auditor_id = 0;
    acceptance->audited_at = (struct instant){0};
}

/* Nor in what the history tells of it. */
static enum result acceptance_history(struct ctx *cx, int64_t id, struct event *events,
                                      size_t *count)
{
    size_t kept = 0;
    (void)id;
    if (cx->actor->is_system || cx->actor->side != SIDE_PROVIDER)
        return OK;
    for (size_t i = 0; i < *count; i++) {
        struct event event = events[i];
        if (strcmp(event.action, "audit_object") == 0 || strcmp(event.action, "answer") == 0)
            continue;
        if (strcmp(event.action, "pass") == 0)
            event.person_name = event.account = "";
        if (strcmp(event.action, "pass") == 0 || strcmp(event.action, "reopen") == 0)
            event.changes = "";
        events[kept++] = event;
    }
    *count = kept;
    return OK;
}

const struct resource ACCEPTANCES = {
    .name = "acceptances",
    .clause = "X3",
    .fields = ACCEPTANCE_FIELDS,
    .size = sizeof(struct acceptance),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN organisations o ON o.id = "
             "t.provider_id JOIN organisations k ON k.id = t.client_id JOIN units u ON u.id = "
             "t.unit_id LEFT JOIN people q ON q.id = t.requester_id LEFT JOIN people l ON l.id = "
             "t.lead_id LEFT JOIN people a ON a.id = t.auditor_id LEFT JOIN people e ON e.id = "
             "t.objection_decider_id",
    .title = "name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org AND (@state <> 'drafted' OR @requested_at > 0)",
              [SIDE_PROVIDER] = "@provider_id = :org"},
    .unit = "unit_id",
    /* Who is on its panel sees it, of whatever unit. */
    .beyond_units = "EXISTS (SELECT 1 FROM acceptance_members m WHERE m.acceptance_id = @id AND "
                    "m.person_id = :person AND m.removed = FALSE)",
    .check = acceptance_check,
    .open = acceptance_open,
    .attach = acceptance_attach,
    .derive = acceptance_derive,
    .history = acceptance_history,
    .most = 100,
};

/* ---- what the next step lacks ---- */

static enum result lacks_documents(struct ctx *cx, const struct acceptance *acceptance)
{
    int64_t count;
    TRY(db_int(cx, &q_documents_of, PARAMS(P(ACCEPTANCES.name), P(acceptance->id)), &count));
    if (!count)
        reject_clause(cx, "X3", "documents", "no_documents");
    return OK;
}

/* At least three, not all of the project, none with an interest; and each has said so. */
static enum result lacks_panel(struct ctx *cx, const struct acceptance *acceptance, bool declared)
{
    struct acceptance_member *panel;
    size_t count;
    bool from_outside = false;
    TRY(acceptance_panel(cx, acceptance->id, &panel, &count));
    if (count < PANEL_LEAST)
        reject_clause(cx, "X3", "panel", "panel_too_small", arena_printf(cx->mem, "%zu", count));
    for (size_t i = 0; i < count; i++) {
        from_outside = from_outside || !panel[i].from_project;
        if (panel[i].declared > INTEREST_NONE)
            reject_clause(cx, "V3.2", "panel", "member_interested", panel[i].member_name);
        else if (declared && !panel[i].declared)
            reject_clause(cx, "V3.2", "panel", "member_undeclared", panel[i].member_name);
    }
    if (count && !from_outside)
        reject_clause(cx, "X3", "panel", "panel_of_project");
    return OK;
}

static const char *listed(struct ctx *cx, const char *list, const char *more)
{
    return *list ? arena_printf(cx->mem, "%s、%s", list, more) : more;
}

static enum result lacks_terms(struct ctx *cx, const struct acceptance *acceptance)
{
    struct list terms;
    const char *numbers = "";
    TRY(record_select(cx, &TERMS, "uncovered",
                      "t.contract_id = $1 AND NOT EXISTS (SELECT 1 FROM acceptance_items i WHERE "
                      "i.acceptance_id = $2 AND i.term = t.number) ORDER BY t.id LIMIT 200",
                      PARAMS(P(acceptance->contract_id), P(acceptance->id)), &terms));
    const struct term *rows = terms.rows;
    for (size_t i = 0; i < terms.count; i++)
        numbers = listed(cx, numbers, rows[i].number);
    if (terms.count)
        reject_clause(cx, "X3", "lines", "terms_uncovered", numbers);
    return OK;
}

/* A judgement holds while who made it is on the panel and has no interest. */
static bool holds(const struct acceptance_item *item, const struct acceptance_member *panel,
                  size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (item->judge_id && panel[i].person_id == item->judge_id)
            return panel[i].declared <= INTEREST_NONE;
    return false;
}

static enum result lacks_lines(struct ctx *cx, const struct acceptance *acceptance)
{
    struct acceptance_item *items;
    struct acceptance_member *panel;
    size_t count, members;
    const char *terms = "", *fallen = "";
    TRY(acceptance_items(cx, acceptance->id, &items, &count));
    TRY(acceptance_panel(cx, acceptance->id, &panel, &members));
    for (size_t i = 0; i < count; i++)
        if (!items[i].result)
            terms = listed(cx, terms, items[i].term);
        else if (!holds(&items[i], panel, members))
            fallen = listed(cx, fallen, items[i].term);
    if (*terms)
        reject_clause(cx, "X3", "lines", "lines_unjudged", terms);
    if (*fallen)
        reject_clause(cx, "V3.2", "lines", "lines_judged_by_others", fallen);
    if (!count)
        reject_clause(cx, "X3", "lines", "nothing_checked");
    return OK;
}

enum result acceptance_demand_ready(struct ctx *cx, const struct acceptance *acceptance)
{
    const bool checking = acceptance->state == ACCEPTANCE_CONVENED;
    if (acceptance->state == ACCEPTANCE_DRAFTED)
        TRY(lacks_documents(cx, acceptance));
    if (acceptance->state == ACCEPTANCE_REQUESTED || checking)
        TRY(lacks_panel(cx, acceptance, checking));
    if (checking) {
        TRY(lacks_terms(cx, acceptance));
        TRY(lacks_lines(cx, acceptance));
    }
    return rejected_as(cx, CONFLICT, "acceptance.not_ready");
}

#define R_READ (R_SUPERVISION | R(AUDIT) | R(FINANCE) | R(CLIENT))
#define R_PROVIDERS (R(PROVIDER) | R(DUTY))

const struct right ACCEPTANCE_RIGHTS[] = {
    {"acceptances.read", R_READ | R_PROVIDERS, "X3"},
    {"acceptances.write", R_PROVIDERS, "X3"},
    {"acceptances.countersign", R(PROVIDER), "X3"},
    {"acceptances.convene", R(OPS) | R(DIVISION) | R(PM), "X3"},
    {"acceptances.decide", R_SUPERVISION, "X3"},
    {"acceptances.settle", R(OPS) | R(DIVISION), "X4"},
    {"acceptances.audit", R(AUDIT), "V3.2"},
    {"acceptance_members.read", R_READ, "X3"},
    {"acceptance_members.write", R(OPS) | R(DIVISION), "X3"},
    {"acceptance_items.read", R_READ | R_PROVIDERS, "X3"},
    {"acceptance_items.write", R_SUPERVISION, "X3"},
    {"acceptance_defects.read", R_READ | R_PROVIDERS, "X3"},
    {"acceptance_defects.write", R_SUPERVISION | R_PROVIDERS, "X3"},
    {"acceptance_defects.claim", R_SUPERVISION, "X3"},
    {"acceptance_defects.answer", R_PROVIDERS, "X3"},
    {"acceptance_defects.judge", R_SUPERVISION, "X3"},
    {"acceptance_defects.charge", R(OPS) | R(DIVISION) | R(PM), "X3"},
    RIGHTS_END,
};
