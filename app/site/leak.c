/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/site/leak.h"

#include "app/site/site.h"

#define CLAUSE "C3.3"

static const char *const CHANNELS[] = {"usb", "print", "mail", "photo", "other", NULL};
static const char *const STATES[] = {"open", "investigated", "closed", NULL};

static const struct field FIELDS[] = {
    RECORD_FIELDS(leak),
    FIELD(leak, happened_at, .in = MUST, .use = LISTED | FILTERED),
    FIELD_REF(leak, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED,
              .among = "service=outbound_call"),
    FIELD(leak, contract_name, .column = "c.name", .use = LISTED),
    FIELD_ENUM(leak, channel, CHANNELS, .in = MUST, .use = LISTED | FILTERED, .clause = CLAUSE),
    FIELD(leak, what, .in = MUST, .max = 1000, .use = LISTED | LONG_TEXT),
    FIELD(leak, found_by, .in = MUST, .max = 60),
    FIELD_REF(leak, person_id, "people", .in = MAY),
    FIELD(leak, person_name, .column = "p.name", .use = LISTED),
    FIELD(leak, others, .in = MAY, .max = 200),
    FIELD_REF(leak, recorder_id, "people"),
    FIELD(leak, recorder_name, .column = "w.name"),
    FIELD(leak, investigation),
    FIELD_ENUM(leak, liability, SIDES, .use = LISTED | FILTERED, .clause = CLAUSE),
    FIELD_REF(leak, investigator_id, "people"),
    FIELD(leak, investigator_name, .column = "i.name"),
    FIELD(leak, investigated_at),
    FIELD(leak, measures),
    FIELD(leak, closed_at),
    FIELD_ENUM(leak, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static enum result wrong_state(struct ctx *cx, const struct leak *leak)
{
    return fail(cx, CONFLICT, "leak.wrong_state", state_name(cx, &LEAKS, STATES, leak->state));
}

/* Both sides hear of each step. */
static enum result tell(struct ctx *cx, const struct leak *leak, const char *kind)
{
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, leak->contract_id, &contract));
    const struct news news = {.kind = kind,
                              .subject = &LEAKS,
                              .subject_id = leak->id,
                              .title = contract.name,
                              .detail = leak->what,
                              .urgent = leak->state == LEAK_OPEN};
    TRY(notice_roles(cx, contract.client_id, contract.unit_id, R(CLIENT) | R(DIVISION) | R(OPS),
                     &news));
    return notice_roles(cx, contract.provider_id, 0, R(PROVIDER) | R(DUTY), &news);
}

static enum result leak_check(struct ctx *cx, void *record, const void *before)
{
    struct leak *leak = record;
    if (leak->happened_at.ms > cx->now.ms)
        reject_clause(cx, CLAUSE, "happened_at", "in_the_future");
    if (before)
        return OK;
    leak->recorder_id = cx->actor->person_id;
    leak->state = LEAK_OPEN;
    return OK;
}

static enum result leak_saved(struct ctx *cx, const void *record, const void *before)
{
    return before ? OK : tell(cx, record, "leak.recorded");
}

static enum result leak_open(struct ctx *cx, const void *record)
{
    const struct leak *leak = record;
    return !leak->id || leak->state == LEAK_OPEN ? OK : wrong_state(cx, leak);
}

const struct resource LEAKS = {
    .name = "leaks",
    .clause = CLAUSE,
    .fields = FIELDS,
    .size = sizeof(struct leak),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN people w ON w.id = t.recorder_id "
             "LEFT JOIN people p ON p.id = t.person_id "
             "LEFT JOIN people i ON i.id = t.investigator_id",
    .title = "contract_name",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .check = leak_check,
    .saved = leak_saved,
    .open = leak_open,
};

/* For its own people the client is liable (C3.3), whatever the investigation says. */
static enum result demand_liability(struct ctx *cx, const struct leak *leak, enum side liability)
{
    struct contract contract;
    int64_t employer = 0;
    TRY(record_get(cx, &CONTRACTS, leak->contract_id, &contract));
    if (leak->person_id)
        TRY(person_works(cx, leak->person_id, instant_date(leak->happened_at, SHANGHAI_OFFSET_MIN),
                         &employer));
    if (liability != SIDE_CLIENT && liability != SIDE_PROVIDER)
        reject_clause(cx, CLAUSE, "liability", "required");
    else if (employer == contract.client_id && liability != SIDE_CLIENT)
        reject_clause(cx, CLAUSE, "liability", "client_is_liable");
    return OK;
}

enum result leak_investigate(struct ctx *cx, const struct leak *leak, const char *investigation,
                             enum side liability)
{
    struct leak after = *leak;
    if (leak->state != LEAK_OPEN)
        return wrong_state(cx, leak);
    if (cx->actor->side != SIDE_PROVIDER)
        return fail(cx, FORBIDDEN, "leak.provider_investigates");
    if (leak->person_id && leak->person_id == cx->actor->person_id)
        return fail(cx, FORBIDDEN, "leak.own_investigation");
    check_words(cx, "investigation", investigation, WORDS_MOST);
    TRY(demand_liability(cx, leak, liability));
    TRY(rejected(cx));
    after.investigation = investigation;
    after.liability = liability;
    after.investigator_id = cx->actor->person_id;
    after.investigated_at = cx->now;
    after.state = LEAK_INVESTIGATED;
    TRY(record_change(cx, &LEAKS, "investigate", leak, &after));
    return tell(cx, &after, "leak.investigated");
}

enum result leak_close(struct ctx *cx, const struct leak *leak, const char *measures)
{
    struct leak after = *leak;
    if (leak->state != LEAK_INVESTIGATED)
        return wrong_state(cx, leak);
    if (cx->actor->side != leak->liability)
        return fail(cx, FORBIDDEN, "leak.other_side");
    check_words(cx, "measures", measures, WORDS_MOST);
    TRY(rejected(cx));
    after.measures = measures;
    after.closed_at = cx->now;
    after.state = LEAK_CLOSED;
    TRY(record_change(cx, &LEAKS, "close", leak, &after));
    return tell(cx, &after, "leak.closed");
}

/* ---- what is owed ---- */

static enum result owed_by(struct ctx *cx, const struct leak *leak, enum side side, int rule,
                           struct instant from, struct duty *duty)
{
    struct contract contract;
    const bool client = side == SIDE_CLIENT;
    TRY(record_get(cx, &CONTRACTS, leak->contract_id, &contract));
    duty->contract_id = contract.id;
    duty->organisation_id = client ? contract.client_id : contract.provider_id;
    duty->unit_id = client ? contract.unit_id : 0;
    duty->owner_side = side;
    duty->owner_role = ROLES[(client ? ROLE_CLIENT : ROLE_PROVIDER) - 1];
    duty->due_at = due_of(cx, &SITE_DUTIES[rule], from);
    return OK;
}

enum result judge_investigation(struct ctx *cx, const void *record, struct duty *duty,
                                enum owing *out)
{
    const struct leak *leak = record;
    *out = leak->state == LEAK_OPEN ? OWING_DUTY : OWING_MET;
    return *out == OWING_DUTY
               ? owed_by(cx, leak, SIDE_PROVIDER, DUTY_INVESTIGATE, leak->created_at, duty)
               : OK;
}

enum result judge_closing(struct ctx *cx, const void *record, struct duty *duty, enum owing *out)
{
    const struct leak *leak = record;
    *out = leak->state == LEAK_CLOSED ? OWING_MET : OWING_NOTHING;
    if (leak->state != LEAK_INVESTIGATED)
        return OK;
    *out = OWING_DUTY;
    return owed_by(cx, leak, leak->liability, DUTY_CLOSE, leak->investigated_at, duty);
}
