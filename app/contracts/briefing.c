/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Briefing the executor on the contract, with a record that both sign (V5.1.2). */
#include "app/contracts/contract.h"

#include "app/contracts/contract.sql.h"
#include "app/contracts/contract_private.h"
#include "app/notices/notice.h"
#include "app/records/trail.h"
#include "app/signatures/signature.h"

#include <string.h>

static const char *const STATES[] = {"draft", "signed", "superseded", NULL};

static const struct field BRIEFING_FIELDS[] = {
    RECORD_FIELDS(briefing),
    FIELD_REF(briefing, contract_id, "contracts", .among = "state=draft,active,suspended",
              .in = MUST, .use = FIXED | FILTERED | SIGNED),
    FIELD(briefing, contract_number, .column = "c.number", .use = LISTED),
    FIELD(briefing, contract_name, .column = "c.name", .use = LISTED),
    FIELD(briefing, number, .use = LISTED | SIGNED),
    FIELD_REF(briefing, briefer_id, "people", .use = FILTERED | SIGNED),
    FIELD(briefing, briefer_name, .column = "b.name", .use = LISTED),
    FIELD_REF(briefing, executor_id, "people", .use = FILTERED | SIGNED),
    FIELD(briefing, executor_name, .column = "e.name", .use = LISTED),
    FIELD(briefing, held_on, .in = MUST, .use = LISTED | SIGNED),
    FIELD(briefing, place, .in = MUST, .max = 100, .use = LISTED | SIGNED),
    FIELD(briefing, terms, .use = LONG_TEXT | SIGNED),
    FIELD(briefing, questions, .in = MAY, .max = 4000, .use = LONG_TEXT | SIGNED),
    FIELD_ENUM(briefing, state, STATES, .use = LISTED | FILTERED),
    FIELD(briefing, sha256, .use = NO_DIFF),
    FIELDS_END,
};

/* The terms as one text, in their order: frozen into the record, so that what was explained stays
 * readable when the contract changes. */
static enum result terms_text(struct ctx *cx, int64_t contract_id, const char **out)
{
    struct list_query query = {.limit = 200, .sort = "id"};
    struct list list;
    struct text text = text_new(cx->mem, 1024);
    const char *id = arena_printf(cx->mem, "%lld", (long long)contract_id);
    (void)list_condition(cx, &TERMS, "contract_id", id, &query);
    TRY(record_list(cx, &TERMS, &query, &list));
    for (size_t i = 0; i < list.count; i++) {
        const struct term *term = (const struct term *)list.rows + i;
        text_printf(&text, "%s%s %s", i ? "\n" : "", term->number, term->text);
    }
    *out = text_end(&text);
    return OK;
}

static enum result demand_open_contract(struct ctx *cx, int64_t contract_id)
{
    struct contract contract;
    if (!contract_id)
        return OK; /* refused as required */
    TRY(record_get(cx, &CONTRACTS, contract_id, &contract));
    return contract_is_open(&contract) ? OK : fail(cx, CONFLICT, "briefing.contract_closed");
}

/* What a briefing is about: an open contract with an executor, who is somebody else. */
static enum result demand_briefable(struct ctx *cx, const struct contract *contract)
{
    if (contract->state == CONTRACT_ENDED || contract->state == CONTRACT_TERMINATED)
        return fail(cx, CONFLICT, "contract.wrong_state", contract->number,
                    contract_state_words(cx, contract));
    if (!contract->executor_id)
        return fail(cx, CONFLICT, "briefing.no_executor", contract->number);
    if (contract->executor_id == cx->actor->person_id)
        return fail(cx, CONFLICT, "briefing.same_person");
    return OK;
}

static enum result briefing_open(struct ctx *cx, const void *record)
{
    const struct briefing *briefing = record;
    struct contract contract;
    if (briefing->state == BRIEFING_REPLACED)
        return fail(cx, CONFLICT, "briefing.not_open");
    if (!briefing->contract_id)
        return OK;
    if (briefing->id)
        return demand_open_contract(cx, briefing->contract_id);
    TRY(record_get(cx, &CONTRACTS, briefing->contract_id, &contract));
    return demand_briefable(cx, &contract);
}

/* A record that changed has to be signed again by both. */
static enum result briefing_check(struct ctx *cx, void *record, const void *former)
{
    struct briefing *briefing = record;
    const struct briefing *before = former;
    if (before && before->state == BRIEFING_REPLACED)
        return fail(cx, CONFLICT, "briefing.not_open");
    TRY(demand_open_contract(cx, briefing->contract_id));
    if (briefing->held_on.days > instant_date(cx->now, SHANGHAI_OFFSET_MIN).days)
        reject(cx, "held_on", "in_future");
    const char *digest = record_digest(cx->mem, &BRIEFINGS, briefing);
    if (before && strcmp(digest, before->sha256) != 0)
        briefing->state = BRIEFING_DRAFT;
    briefing->sha256 = digest;
    return OK;
}

static enum result tell_executor(struct ctx *cx, const struct briefing *briefing, const char *kind)
{
    const struct news news = {
        .kind = kind,
        .subject = &BRIEFINGS,
        .subject_id = briefing->id,
        .title = briefing->contract_number,
        .detail = cx->actor->person_name,
    };
    return notice_person(cx, briefing->executor_id, &news);
}

static enum result briefing_saved(struct ctx *cx, const void *record, const void *former)
{
    const struct briefing *briefing = record, *before = former;
    if (before && strcmp(briefing->sha256, before->sha256) == 0)
        return OK;
    TRY(signatures_void(cx, &BRIEFINGS, briefing->id));
    if (!before)
        TRY(tell_executor(cx, briefing, "briefing.prepared"));
    return contract_briefing_set(cx, briefing->contract_id, BRIEFING_OPEN, briefing->held_on);
}

const struct resource BRIEFINGS = {
    .name = "briefings",
    .clause = "V5.1.2",
    .fields = BRIEFING_FIELDS,
    .size = sizeof(struct briefing),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN people b ON b.id = t.briefer_id "
             "JOIN people e ON e.id = t.executor_id",
    .title = "contract_number",
    .sort = "-id",
    .most = 20, /* each holds all terms of its contract */
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .check = briefing_check,
    .open = briefing_open,
    .saved = briefing_saved,
};

enum result briefing_prepare(struct ctx *cx, int64_t contract_id, struct briefing *briefing)
{
    struct contract contract;
    int64_t last;
    TRY(record_get(cx, &CONTRACTS, contract_id, &contract));
    TRY(demand_briefable(cx, &contract));
    TRY(terms_text(cx, contract_id, &briefing->terms));
    if (!*briefing->terms)
        return fail(cx, CONFLICT, "briefing.no_terms", contract.number);
    TRY(db_int(cx, &q_briefing_last, PARAMS(P(contract_id)), &last));
    TRY(briefings_supersede(cx, contract_id)); /* an older one that was never finished */
    briefing->contract_id = contract_id;
    briefing->contract_number = contract.number; /* names the new record in the trail */
    briefing->number = (int32_t)last + 1;
    briefing->briefer_id = cx->actor->person_id;
    briefing->executor_id = contract.executor_id;
    briefing->state = BRIEFING_DRAFT;
    return OK;
}

/* ---- signing ---- */

enum { BRIEFER, EXECUTOR, PARTIES };
static const char *const PARTY[PARTIES] = {"briefer", "executor"};

static enum result party_of(struct ctx *cx, const struct briefing *briefing, int *out)
{
    const int64_t person = cx->actor->person_id;
    *out = person == briefing->briefer_id ? BRIEFER : EXECUTOR;
    if (person != briefing->briefer_id && person != briefing->executor_id)
        return fail(cx, FORBIDDEN, "briefing.not_party");
    return OK;
}

static enum result set_state(struct ctx *cx, const struct briefing *before,
                             enum briefing_state state, const char *action)
{
    struct briefing after = *before;
    after.state = state;
    return record_change(cx, &BRIEFINGS, action, before, &after);
}

enum result briefing_awaits(struct ctx *cx, const struct briefing *briefing, bool *out)
{
    const int64_t person = cx->actor->person_id;
    int64_t by_briefer, by_executor;
    TRY(signature_of(cx, &BRIEFINGS, briefing->id, PARTY[BRIEFER], &by_briefer));
    TRY(signature_of(cx, &BRIEFINGS, briefing->id, PARTY[EXECUTOR], &by_executor));
    const int64_t next = by_briefer ? briefing->executor_id : briefing->briefer_id;
    *out = briefing->state == BRIEFING_DRAFT && !by_executor && person == next;
    return OK;
}

enum result briefing_sign(struct ctx *cx, int64_t id, const char *sha256_seen)
{
    struct briefing briefing;
    int64_t by_briefer;
    int party;
    TRY(record_get(cx, &BRIEFINGS, id, &briefing));
    TRY(demand_open_contract(cx, briefing.contract_id));
    TRY(party_of(cx, &briefing, &party));
    if (briefing.state != BRIEFING_DRAFT)
        return fail(cx, CONFLICT, "briefing.not_open");
    if (strcmp(sha256_seen, briefing.sha256) != 0)
        return fail(cx, CONFLICT, "briefing.changed");
    TRY(signature_of(cx, &BRIEFINGS, id, PARTY[BRIEFER], &by_briefer));
    if (party == EXECUTOR && !by_briefer)
        return fail(cx, CONFLICT, "briefing.order");
    TRY(signature_put(cx, &BRIEFINGS, id, PARTY[party], briefing.sha256));
    trail_add(cx, "sign", &BRIEFINGS, &briefing, "", briefing.sha256);
    if (party == BRIEFER) {
        TRY(tell_executor(cx, &briefing, "briefing.signed"));
        return contract_briefing_set(cx, briefing.contract_id, BRIEFING_HALF, briefing.held_on);
    }
    TRY(set_state(cx, &briefing, BRIEFING_SIGNED, "complete"));
    return contract_briefing_set(cx, briefing.contract_id, BRIEFING_DONE, briefing.held_on);
}

enum result briefing_refuse(struct ctx *cx, int64_t id, const char *reason)
{
    struct briefing briefing;
    int party;
    TRY(record_get(cx, &BRIEFINGS, id, &briefing));
    TRY(demand_open_contract(cx, briefing.contract_id));
    TRY(party_of(cx, &briefing, &party));
    if (briefing.state != BRIEFING_DRAFT)
        return fail(cx, CONFLICT, "briefing.not_open");
    check_reason(cx, reason);
    TRY(rejected(cx));
    trail_add(cx, "refuse", &BRIEFINGS, &briefing, "", reason);
    TRY(signatures_void(cx, &BRIEFINGS, id));
    return contract_briefing_set(cx, briefing.contract_id, BRIEFING_OPEN, briefing.held_on);
}

struct open_briefing {
    int64_t id;
};
static const struct field OPEN_BRIEFING_FIELDS[] = {FIELD(open_briefing, id), FIELDS_END};

enum result briefings_supersede(struct ctx *cx, int64_t contract_id)
{
    struct open_briefing *open;
    size_t count;
    TRY(db_list(cx, &q_briefing_open, PARAMS(P(contract_id)), OPEN_BRIEFING_FIELDS, sizeof *open,
                20, &open, &count));
    for (size_t i = 0; i < count; i++) {
        struct briefing briefing;
        TRY(record_get(cx, &BRIEFINGS, open[i].id, &briefing));
        TRY(set_state(cx, &briefing, BRIEFING_REPLACED, "supersede"));
        TRY(signatures_void(cx, &BRIEFINGS, open[i].id));
    }
    return OK;
}
