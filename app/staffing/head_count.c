/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/staffing/head_count.h"

#include "app/staffing/head_count.sql.h"
#include "app/staffing/subcontracting.h"
#include "base/doc.h"

#include <string.h>

static const char *const STATES[] = {"counted", "acknowledged", "objected",
                                     "upheld",  "rejected",     NULL};

/* ---- counts ---- */

static const struct field HEAD_COUNT_FIELDS[] = {
    RECORD_FIELDS(head_count),
    FIELD(head_count, at, .use = LISTED | NO_DIFF),
    FIELD_REF(head_count, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED | NO_DIFF,
              .among = "kind=continuous&state=active", .clause = "V5.1.4"),
    FIELD(head_count, contract_name, .column = "c.name", .use = LISTED),
    FIELD(head_count, provider_name, .column = "o.name"),
    FIELD(head_count, place, .in = MUST, .max = 60, .use = FIXED | LISTED),
    FIELD_REF(head_count, counter_id, "people", .use = FILTERED | NO_DIFF),
    FIELD(head_count, counter_name, .column = "p.name", .use = LISTED),
    FIELD(head_count, required, .use = LISTED),
    FIELD(head_count, present, .use = LISTED),
    FIELD(head_count, shortfall, .use = LISTED),
    FIELD(head_count, strangers, .use = LISTED),
    FIELD(head_count, note, .in = MAY, .max = 500, .use = FIXED | LONG_TEXT),
    FIELD(head_count, day, .use = FILTERED | NO_DIFF),
    FIELD(head_count, lines, .use = HIDDEN | TRAILED),
    FIELD_REF(head_count, companion_id, "people", .use = NO_DIFF),
    FIELD(head_count, companion_name, .column = "b.name"),
    FIELD(head_count, answered_at, .use = NO_DIFF),
    FIELD(head_count, objection, .use = LONG_TEXT),
    FIELD_REF(head_count, decider_id, "people", .use = NO_DIFF),
    FIELD(head_count, decider_name, .column = "d.name"),
    FIELD(head_count, decided_at, .use = NO_DIFF),
    FIELD(head_count, reason, .use = LONG_TEXT),
    FIELD_REF(head_count, provider_id, "organisations", .use = FILTERED | NO_DIFF),
    FIELD_REF(head_count, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(head_count, unit_id, "units", .use = FILTERED | NO_DIFF),
    FIELD(head_count, unit_name, .column = "u.name"),
    FIELD_ENUM(head_count, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

/* Photos are taken on the day, by who counts. */
static enum result head_count_attach(struct ctx *cx, int64_t id)
{
    struct head_count count;
    TRY(record_get(cx, &HEAD_COUNTS, id, &count));
    return cx->actor->is_system ||
                   (count.counter_id == cx->actor->person_id &&
                    count.day.days == instant_date(cx->now, SHANGHAI_OFFSET_MIN).days)
               ? OK
               : fail(cx, CONFLICT, "head_count.over", count.place);
}

enum result head_count_check(struct ctx *cx, const struct contract *contract)
{
    if (!cx->actor->is_system && cx->actor->organisation_id != contract->client_id)
        return fail(cx, FORBIDDEN, "head_count.client_only");
    if (contract->kind != CONTRACT_CONTINUOUS)
        reject_clause(cx, "V5.1.4", "contract_id", "not_continuous", contract->number);
    if (contract->state != CONTRACT_ACTIVE)
        reject_clause(cx, "V5.1.4", "contract_id", "not_active");
    if (!contract->briefed_on.days)
        reject_clause(cx, "V5.1.2", "contract_id", "not_briefed");
    return OK;
}

/* A way to count is shown where it can be. */
static enum result head_count_open(struct ctx *cx, const void *record)
{
    const struct head_count *count = record;
    struct contract contract;
    if (count->id || !count->contract_id)
        return OK;
    TRY(record_get(cx, &CONTRACTS, count->contract_id, &contract));
    TRY(head_count_check(cx, &contract));
    return rejected(cx);
}

const struct resource HEAD_COUNTS = {
    .name = "head_counts",
    .clause = "V5.1.4",
    .fields = HEAD_COUNT_FIELDS,
    .size = sizeof(struct head_count),
    .joins =
        "JOIN contracts c ON c.id = t.contract_id "
        "JOIN organisations o ON o.id = t.provider_id JOIN units u ON u.id = t.unit_id "
        "JOIN people p ON p.id = t.counter_id "
        "LEFT JOIN people b ON b.id = t.companion_id LEFT JOIN people d ON d.id = t.decider_id",
    .title = "place",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org", [SIDE_PROVIDER] = "@provider_id = :org"},
    .unit = "unit_id",
    .open = head_count_open,
    .attach = head_count_attach,
};

const struct field HEAD_COUNT_LINE_FIELDS[] = {
    FIELD_ENUM(head_count_line, job, JOBS), FIELD(head_count_line, required),
    FIELD(head_count_line, present), FIELD(head_count_line, shortfall), FIELDS_END};

enum result head_count_lines(struct ctx *cx, const struct head_count *count,
                             struct head_count_line **out, size_t *out_count)
{
    return json_rows_read(cx->mem, count->lines, HEAD_COUNT_LINE_FIELDS, sizeof **out,
                          JOB_OTHER + 1, out, out_count)
               ? OK
               : fail(cx, BROKEN, "head_count.broken", count->place);
}

/* ---- who was there ---- */

static const struct field PERSON_FIELDS[] = {
    RECORD_FIELDS(head_count_person),
    FIELD_REF(head_count_person, head_count_id, "head_counts", .use = FILTERED | NO_DIFF),
    FIELD_REF(head_count_person, person_id, "people", .use = FILTERED),
    FIELD(head_count_person, name),
    FIELD_ENUM(head_count_person, job, JOBS),
    FIELD(head_count_person, employer),
    FIELD(head_count_person, note),
    FIELD(head_count_person, lapsed),
    FIELD_REF(head_count_person, case_id, "subcontracting_cases"),
    FIELDS_END,
};

const struct resource HEAD_COUNT_PEOPLE = {
    .name = "head_count_people",
    .clause = "V5.1.4",
    .fields = PERSON_FIELDS,
    .size = sizeof(struct head_count_person),
    .title = "name",
    .sort = "id",
    .parent = &HEAD_COUNTS,
    .parent_field = "head_count_id",
};

const struct field PRESENT_INPUT[] = {FIELD_REF(head_count_person, person_id, "people", .in = MUST),
                                      FIELDS_END};

const struct field STRANGER_INPUT[] = {
    FIELD(head_count_person, name, .in = MUST, .max = 40, .clause = "V5.1.4"),
    FIELD(head_count_person, employer, .in = MAY, .max = 100),
    FIELD(head_count_person, note, .in = MAY, .max = 500),
    FIELDS_END,
};

enum result head_count_people(struct ctx *cx, int64_t head_count_id, struct list *out)
{
    return record_select(cx, &HEAD_COUNT_PEOPLE, "counted", "t.head_count_id = $1 ORDER BY t.id",
                         PARAMS(P(head_count_id)), out);
}

static const struct field ROSTER_FIELDS[] = {
    FIELD(roster_person, id),           FIELD(roster_person, name),
    FIELD(roster_person, staff_number), FIELD_ENUM(roster_person, job, JOBS),
    FIELD(roster_person, lapsed),       FIELDS_END,
};

enum result head_count_roster(struct ctx *cx, const struct contract *contract,
                              struct roster_person **out, size_t *out_count)
{
    return db_list(cx, &q_head_count_roster,
                   PARAMS(P(contract->provider_id), P(instant_date(cx->now, SHANGHAI_OFFSET_MIN)),
                          P((int32_t)ROSTER_MOST)),
                   ROSTER_FIELDS, sizeof **out, ROSTER_MOST, out, out_count);
}

/* ---- counting ---- */

static const struct roster_person *roster_find(const struct roster_person *roster, size_t count,
                                               int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (roster[i].id == id)
            return &roster[i];
    return NULL;
}

static bool was_named(const struct head_count_found *found, size_t before)
{
    for (size_t i = 0; i < before; i++)
        if (found->present[i].person_id == found->present[before].person_id)
            return true;
    return false;
}

/* Whoever is ticked stands on the roster today, once. */
static enum result complete_present(struct ctx *cx, const struct contract *contract,
                                    const struct head_count_found *found)
{
    struct roster_person *roster;
    size_t count;
    TRY(head_count_roster(cx, contract, &roster, &count));
    for (size_t i = 0; i < found->present_count; i++) {
        struct head_count_person *person = &found->present[i];
        const struct roster_person *known = roster_find(roster, count, person->person_id);
        const char *field = arena_printf(cx->mem, "present.%zu.person_id", i);
        if (!known)
            reject_clause(cx, "V5.1.4", field, "not_on_roster");
        else if (was_named(found, i))
            reject_clause(cx, "V5.1.4", field, "person_twice");
        else {
            person->name = known->name;
            person->job = known->job;
            person->lapsed = known->lapsed > 0;
        }
    }
    return OK;
}

/* By job, those that are asked for or there; and their sums. */
static enum result freeze_lines(struct ctx *cx, const struct head_count_found *found,
                                struct head_count *count)
{
    struct head_count_line lines[JOB_OTHER + 1];
    size_t width = 0;
    for (enum job job = JOB_AGENT; job <= JOB_OTHER; job++) {
        struct head_count_line line = {.job = job};
        TRY(staff_required(cx, count->contract_id, job, count->day, &line.required));
        for (size_t i = 0; i < found->present_count; i++)
            line.present += found->present[i].job == job;
        if (!line.required && !line.present)
            continue;
        line.shortfall = line.required > line.present ? line.required - line.present : 0;
        count->required += line.required;
        count->shortfall += line.shortfall;
        lines[width++] = line;
    }
    count->present = (int32_t)found->present_count;
    count->strangers = (int32_t)found->stranger_count;
    count->lines = json_rows_text(cx->mem, HEAD_COUNT_LINE_FIELDS, lines, width, sizeof lines[0]);
    return OK;
}

/* Each of them is looked into, with the count as evidence. */
static enum result open_case(struct ctx *cx, const struct head_count *count,
                             const struct head_count_person *stranger, int64_t *out_id)
{
    struct subcontracting_case one = {
        .organisation_id = count->provider_id,
        .contract_id = count->contract_id,
        .head_count_id = count->id,
        .person_name = stranger->name,
        .employed_by = stranger->employer,
        .note = stranger->note,
    };
    fields_blank(SUBCONTRACTING_CASES.fields, &one);
    TRY(record_add(cx, &SUBCONTRACTING_CASES, &one));
    *out_id = one.id;
    return OK;
}

static enum result add_people(struct ctx *cx, const struct head_count *count,
                              const struct head_count_found *found)
{
    for (size_t i = 0; i < found->present_count; i++) {
        found->present[i].head_count_id = count->id;
        fields_blank(PERSON_FIELDS, &found->present[i]);
        TRY(record_add(cx, &HEAD_COUNT_PEOPLE, &found->present[i]));
    }
    for (size_t i = 0; i < found->stranger_count; i++) {
        found->strangers[i].head_count_id = count->id;
        fields_blank(PERSON_FIELDS, &found->strangers[i]);
        TRY(open_case(cx, count, &found->strangers[i], &found->strangers[i].case_id));
        TRY(record_add(cx, &HEAD_COUNT_PEOPLE, &found->strangers[i]));
    }
    return OK;
}

static enum result tell(struct ctx *cx, const struct head_count *count, const char *kind,
                        const char *detail)
{
    const struct news news = {.kind = kind,
                              .subject = &HEAD_COUNTS,
                              .subject_id = count->id,
                              .title = count->contract_name,
                              .detail = detail};
    if (cx->actor->side == SIDE_CLIENT)
        return notice_roles(cx, count->provider_id, 0, R(PROVIDER), &news);
    TRY(notice_person(cx, count->counter_id, &news));
    return notice_roles(cx, count->client_id, count->unit_id, R(PM), &news);
}

enum result head_count_take(struct ctx *cx, struct head_count *count,
                            const struct head_count_found *found)
{
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, count->contract_id, &contract));
    TRY(head_count_check(cx, &contract));
    TRY(complete_present(cx, &contract, found));
    TRY(rejected(cx));
    count->provider_id = contract.provider_id;
    count->client_id = contract.client_id;
    count->unit_id = contract.unit_id;
    count->counter_id = cx->actor->person_id;
    count->at = cx->now;
    count->day = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    count->state = HEAD_COUNT_COUNTED;
    TRY(freeze_lines(cx, found, count));
    TRY(record_add(cx, &HEAD_COUNTS, count));
    TRY(add_people(cx, count, found));
    count->contract_name = contract.name;
    return tell(cx, count, "head_count.counted", count->place);
}

/* ---- what the provider says to it ---- */

static enum result demand_state(struct ctx *cx, const struct head_count *count,
                                enum head_count_state state)
{
    return count->state == state ? OK
                                 : fail(cx, CONFLICT, "head_count.wrong_state", count->place,
                                        state_name(cx, &HEAD_COUNTS, STATES, count->state));
}

enum result head_count_answer(struct ctx *cx, const struct head_count *count, const char *objection)
{
    struct head_count after = *count;
    if (cx->actor->organisation_id != count->provider_id)
        return fail(cx, FORBIDDEN, "head_count.provider_only", count->provider_name);
    TRY(demand_state(cx, count, HEAD_COUNT_COUNTED));
    after.objection = objection;
    after.companion_id = cx->actor->person_id;
    after.answered_at = cx->now;
    after.state = *objection ? HEAD_COUNT_OBJECTED : HEAD_COUNT_ACKNOWLEDGED;
    TRY(record_change(cx, &HEAD_COUNTS, *objection ? "object" : "acknowledge", count, &after));
    return *objection ? tell(cx, count, "head_count.objected", objection) : OK;
}

bool head_count_is_decidable(const struct ctx *cx, const struct head_count *count)
{
    return count->state == HEAD_COUNT_OBJECTED && cx->actor->person_id != count->counter_id;
}

enum result head_count_decide(struct ctx *cx, const struct head_count *count, bool uphold,
                              const char *reason)
{
    struct head_count after = *count;
    TRY(demand_state(cx, count, HEAD_COUNT_OBJECTED));
    if (!head_count_is_decidable(cx, count))
        return fail(cx, FORBIDDEN, "head_count.own_decision");
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.reason = reason;
    after.decider_id = cx->actor->person_id;
    after.decided_at = cx->now;
    after.state = uphold ? HEAD_COUNT_UPHELD : HEAD_COUNT_REJECTED;
    TRY(record_change(cx, &HEAD_COUNTS, uphold ? "uphold" : "reject", count, &after));
    return tell(cx, count, uphold ? "head_count.upheld" : "head_count.rejected", reason);
}

/* ---- a month ---- */

struct there {
    struct date day;
    enum job job;
    int32_t present;
};
static const struct field THERE_FIELDS[] = {FIELD(there, day), FIELD_ENUM(there, job, JOBS),
                                            FIELD(there, present), FIELDS_END};
#define DAYS_MOST 31

static int32_t present_on(const struct there *there, size_t count, struct date day, enum job job)
{
    for (size_t i = 0; i < count; i++)
        if (there[i].day.days == day.days && there[i].job == job)
            return there[i].present;
    return 0;
}

/* What was asked for that day, as the day's last count has it, less who was found. */
static enum result missing_by(struct ctx *cx, const struct head_count *last,
                              const struct there *there, size_t count, int32_t *out)
{
    struct head_count_line *lines;
    size_t width;
    TRY(head_count_lines(cx, last, &lines, &width));
    for (size_t i = 0; i < width; i++) {
        const int32_t present = present_on(there, count, last->day, lines[i].job);
        *out += lines[i].required > present ? lines[i].required - present : 0;
    }
    return OK;
}

enum result head_count_missing(struct ctx *cx, int64_t contract_id, struct month month,
                               int32_t *out_days, int32_t *out_missing)
{
    const struct date from = month_first(month), to = month_last(month);
    struct there *there;
    struct list list;
    size_t found;
    *out_days = *out_missing = 0;
    TRY(db_list(cx, &q_head_count_there, PARAMS(P(contract_id), P(from), P(to)), THERE_FIELDS,
                sizeof *there, DAYS_MOST * (JOB_OTHER + 1), &there, &found));
    TRY(record_select(cx, &HEAD_COUNTS, "of_month",
                      "t.contract_id = $1 AND t.day >= $2 AND t.day <= $3 AND "
                      "t.state NOT IN ('objected', 'upheld') ORDER BY t.day, t.id",
                      PARAMS(P(contract_id), P(from), P(to)), &list));
    const struct head_count *counts = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        if (i + 1 < list.count && counts[i + 1].day.days == counts[i].day.days)
            continue;
        (*out_days)++;
        TRY(missing_by(cx, &counts[i], there, found, out_missing));
    }
    return OK;
}

/* ---- what is owed ---- */

enum { DUTY_ANSWER, DUTY_DECIDE };

static void of_count(const struct head_count *count, struct duty *duty)
{
    duty->title = count->contract_name;
    duty->contract_id = count->contract_id;
}

static enum result judge_answer(struct ctx *cx, const void *record, struct duty *duty,
                                enum owing *out)
{
    const struct head_count *count = record;
    *out = count->state == HEAD_COUNT_COUNTED ? OWING_DUTY : OWING_MET;
    of_count(count, duty);
    duty->organisation_id = count->provider_id;
    duty->owner_side = SIDE_PROVIDER;
    duty->owner_role = ROLES[ROLE_PROVIDER - 1];
    duty->due_at = due_of(cx, &HEAD_COUNT_DUTIES[DUTY_ANSWER], count->at);
    return OK;
}

static enum result judge_decision(struct ctx *cx, const void *record, struct duty *duty,
                                  enum owing *out)
{
    const struct head_count *count = record;
    *out = count->state == HEAD_COUNT_OBJECTED ? OWING_DUTY : OWING_MET;
    if (!*count->objection)
        *out = OWING_NOTHING;
    of_count(count, duty);
    duty->organisation_id = count->client_id;
    duty->unit_id = count->unit_id;
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[ROLE_PM - 1];
    duty->due_at = due_of(cx, &HEAD_COUNT_DUTIES[DUTY_DECIDE], count->answered_at);
    return OK;
}

const struct duty_rule HEAD_COUNT_DUTIES[] = {
    [DUTY_ANSWER] = {"answer_count",
                     "V5.1.4",
                     &HEAD_COUNTS,
                     judge_answer,
                     {.kind = DUE_WORKING_DAYS, .count = 2}},
    [DUTY_DECIDE] = {"decide_count",
                     "V5.1.4",
                     &HEAD_COUNTS,
                     judge_decision,
                     {.kind = DUE_WORKING_DAYS, .count = 3}},
    DUTY_RULES_END,
};

const struct right HEAD_COUNT_RIGHTS[] = {
    {"head_counts.read", R_CLIENT_SIDE | R(PROVIDER) | R(DUTY) | R(SUPERVISOR), "V5.1.4"},
    {"head_counts.write", R_SUPERVISION | R(CLIENT) | R(RESIDENT), "V5.1.4"},
    {"head_counts.answer", R(PROVIDER) | R(DUTY) | R(SUPERVISOR), "V5.1.4"},
    {"head_counts.decide", R_SUPERVISION, "V5.1.4"},
    RIGHTS_END,
};
