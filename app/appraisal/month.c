/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/appraisal/month_private.h"

#include "app/appraisal/appraisal.sql.h"

#include <string.h>

#define SWEEP_MOST 200
#define MONTHS_MOST 24 /* that are opened at once for one contract */

const char *const MONTH_STATES[] = {"open",      "evidence_closed", "computed",
                                    "published", "locked",          NULL};

static const struct field MONTH_FIELDS[] = {
    RECORD_FIELDS(appraisal_month),
    FIELD(appraisal_month, month, .use = LISTED | FILTERED | SORTED),
    FIELD_REF(appraisal_month, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD(appraisal_month, contract_number, .column = "c.number"),
    FIELD(appraisal_month, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(appraisal_month, unit_id, "units", .use = HIDDEN | NO_DIFF),
    FIELD_REF(appraisal_month, provider_id, "organisations", .use = NO_DIFF),
    FIELD_REF(appraisal_month, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD(appraisal_month, evidence_by, .use = LISTED, .clause = "C2.4"),
    FIELD(appraisal_month, closed_at),
    FIELD(appraisal_month, computed_at),
    FIELD_REF(appraisal_month, computer_id, "people"),
    FIELD(appraisal_month, computed_by, .column = "COALESCE(p.name, '')"),
    FIELD(appraisal_month, people, .use = LISTED),
    FIELD(appraisal_month, sha256),
    FIELD(appraisal_month, blank, .use = LISTED | LONG_TEXT),
    FIELD(appraisal_month, publish_reason, .use = LONG_TEXT),
    FIELD(appraisal_month, published_at, .use = LISTED),
    FIELD_REF(appraisal_month, publisher_id, "people"),
    FIELD(appraisal_month, appeal_by, .use = LISTED, .clause = "X4"),
    FIELD(appraisal_month, locked_at),
    FIELD_REF(appraisal_month, locker_id, "people"),
    FIELD(appraisal_month, reopen_asked_at),
    FIELD_REF(appraisal_month, reopener_id, "people"),
    FIELD(appraisal_month, reopen_asked_by, .column = "COALESCE(r.name, '')"),
    FIELD(appraisal_month, reopen_reason, .use = LONG_TEXT),
    FIELD_ENUM(appraisal_month, state, MONTH_STATES, .use = LISTED | FILTERED),
    FIELD(appraisal_month, overdue_since, .use = LISTED | NO_DIFF,
          .column = "COALESCE((SELECT MIN(d.due_at) FROM duties d WHERE d.subject = 'months' AND "
                    "d.subject_id = t.id AND d.state = 'overdue'), 0)"),
    FIELDS_END,
};

const struct resource MONTHS = {
    .name = "months",
    .clause = "C2.4",
    .fields = MONTH_FIELDS,
    .size = sizeof(struct appraisal_month),
    .joins = "JOIN contracts c ON c.id = t.contract_id LEFT JOIN people p ON p.id = t.computer_id "
             "LEFT JOIN people r ON r.id = t.reopener_id",
    .title = "month",
    .sort = "-month",
    .scope = {[SIDE_CLIENT] = "@client_id = :org", [SIDE_PROVIDER] = "@provider_id = :org"},
    .unit = "unit_id",
};

/* ---- finding and opening ---- */

static const char *month_text(struct ctx *cx, struct month month)
{
    char text[MONTH_MAX_TEXT];
    month_format(month, text);
    return arena_dup(cx->mem, text);
}

enum result month_of_contract(struct ctx *cx, int64_t contract_id, struct month month,
                              struct appraisal_month *out)
{
    int64_t id;
    TRY(db_int(cx, &q_month_find, PARAMS(P(contract_id), P(month)), &id));
    return id ? record_get(cx, &MONTHS, id, out) : NOT_FOUND;
}

static enum result month_open(struct ctx *cx, int64_t contract_id, struct month month,
                              int64_t *out_id)
{
    struct contract contract;
    struct month_rule rule;
    struct appraisal_month opened = {.contract_id = contract_id, .month = month};
    fields_blank(MONTH_FIELDS, &opened);
    TRY(record_get(cx, &CONTRACTS, contract_id, &contract));
    TRY(month_rule_for(cx, contract_id, month, &rule));
    opened.evidence_by = month_evidence_by(cx, &rule, month);
    opened.unit_id = contract.unit_id;
    opened.provider_id = contract.provider_id;
    opened.client_id = contract.client_id;
    opened.state = MONTH_OPEN;
    TRY(record_add(cx, &MONTHS, &opened));
    *out_id = opened.id;
    return OK;
}

enum result schemes_of_month(struct ctx *cx, int64_t contract_id, struct month month,
                             struct scheme **out, size_t *out_count)
{
    struct scheme *schemes = ARENA_ARRAY(cx->mem, struct scheme, SCHEME_MANAGER);
    *out = schemes;
    *out_count = 0;
    for (enum scheme_subject subject = SCHEME_AGENT; subject <= SCHEME_MANAGER; subject++) {
        struct fault kept = fault_take(cx);
        const enum result found = scheme_for(cx, contract_id, subject, month, &schemes[*out_count]);
        if (found != OK && found != NOT_FOUND)
            return found;
        cx->fault = kept;
        *out_count += found == OK;
    }
    return OK;
}

static enum result demand_schemes(struct ctx *cx, int64_t contract_id, struct month month,
                                  struct scheme **out, size_t *out_count)
{
    TRY(schemes_of_month(cx, contract_id, month, out, out_count));
    return *out_count ? OK : fail(cx, CONFLICT, "month.no_scheme", month_text(cx, month));
}

enum result month_schemes(struct ctx *cx, const struct appraisal_month *month, struct scheme **out,
                          size_t *out_count)
{
    return demand_schemes(cx, month->contract_id, month->month, out, out_count);
}

enum result month_need(struct ctx *cx, int64_t contract_id, struct month month,
                       struct appraisal_month *out)
{
    int64_t id;
    struct scheme *schemes;
    size_t count;
    const enum result found = month_of_contract(cx, contract_id, month, out);
    if (found != NOT_FOUND)
        return found;
    TRY(demand_schemes(cx, contract_id, month, &schemes, &count));
    TRY(month_open(cx, contract_id, month, &id));
    return record_get(cx, &MONTHS, id, out);
}

enum result month_demand_unpublished(struct ctx *cx, int64_t month_id, struct appraisal_month *out)
{
    TRY(record_get(cx, &MONTHS, month_id, out));
    return out->state < MONTH_PUBLISHED ? OK : month_wrong_state(cx, out);
}

/* ---- its life ---- */

static const char *instant_text(struct ctx *cx, struct instant at)
{
    char text[INSTANT_MAX_TEXT];
    instant_format(at, text);
    return arena_printf(cx->mem, "%.10s %.5s", text, text + 11);
}

enum result month_wrong_state(struct ctx *cx, const struct appraisal_month *month)
{
    return fail(cx, CONFLICT, "month.wrong_state", month_text(cx, month->month),
                state_name(cx, &MONTHS, MONTH_STATES, month->state));
}

enum result month_close_evidence(struct ctx *cx, const struct appraisal_month *month)
{
    struct appraisal_month after = *month;
    if (month->state != MONTH_OPEN)
        return month_wrong_state(cx, month);
    if (month->evidence_by.ms >= cx->now.ms)
        return fail(cx, CONFLICT, "month.evidence_open", month_text(cx, month->month),
                    instant_text(cx, month->evidence_by));
    after.state = MONTH_EVIDENCE_CLOSED;
    after.closed_at = cx->now;
    return record_change(cx, &MONTHS, "close_evidence", month, &after);
}

static enum result demand_corrections(struct ctx *cx, const struct appraisal_month *month)
{
    int64_t open;
    TRY(db_int(cx, &q_month_corrections, PARAMS(P(month->id)), &open));
    return open ? fail(cx, CONFLICT, "month.corrections_open", month_text(cx, month->month),
                       arena_printf(cx->mem, "%lld", (long long)open))
                : OK;
}

enum result month_compute(struct ctx *cx, const struct appraisal_month *month)
{
    struct appraisal_month after = *month;
    int64_t unverified;
    if (month->state != MONTH_EVIDENCE_CLOSED && month->state != MONTH_COMPUTED)
        return month_wrong_state(cx, month);
    TRY(db_int(cx, &q_month_unverified, PARAMS(P(month->id)), &unverified));
    if (unverified)
        return fail(cx, CONFLICT, "month.evidence_unverified", month_text(cx, month->month),
                    arena_printf(cx->mem, "%lld", (long long)unverified));
    TRY(demand_corrections(cx, month));
    TRY(sheets_compute(cx, &after));
    after.state = MONTH_COMPUTED;
    after.computed_at = cx->now;
    after.computer_id = cx->actor->person_id;
    return record_change(cx, &MONTHS, "compute", month, &after);
}

/* What people looked at is what is published: records that changed since ask for another look. */
static enum result demand_unchanged(struct ctx *cx, const struct appraisal_month *month)
{
    struct appraisal_month again = *month;
    TRY(sheets_compute(cx, &again));
    return strcmp(again.sha256, month->sha256) == 0
               ? OK
               : fail(cx, CONFLICT, "month.changed_since", month_text(cx, month->month));
}

/* Agents see no months: they find the own sheet. */
static enum result tell_published(struct ctx *cx, const struct appraisal_month *month)
{
    struct news news = {.kind = "month.published",
                        .subject = &MONTHS,
                        .subject_id = month->id,
                        .title = month_text(cx, month->month),
                        .detail = instant_text(cx, month->appeal_by)};
    TRY(notice_roles(cx, month->provider_id, 0, R(DUTY) | R(SUPERVISOR) | R(QA), &news));
    news.subject = NULL;
    news.subject_id = 0;
    return notice_roles(cx, month->provider_id, 0, R(AGENT), &news);
}

/* A file that was not imported is told from a month without that work by somebody who says so. */
static enum result demand_data(struct ctx *cx, const struct appraisal_month *month,
                               const char *reason)
{
    if (!*month->blank)
        return OK;
    if (!*text_plain(cx->mem, reason))
        reject_clause(cx, "C2.4", "reason", "nobody_measured", month->blank);
    else
        check_reason(cx, reason);
    return rejected(cx);
}

enum result month_publish(struct ctx *cx, const struct appraisal_month *month, const char *reason)
{
    struct appraisal_month after = *month;
    struct month_rule rule;
    if (month->state != MONTH_COMPUTED)
        return month_wrong_state(cx, month);
    TRY(demand_corrections(cx, month));
    TRY(demand_unchanged(cx, month));
    TRY(demand_data(cx, month, reason));
    after.publish_reason = *month->blank ? reason : "";
    TRY(month_rule_for(cx, month->contract_id, month->month, &rule));
    const struct duty_rule time = {.due = {.kind = DUE_WORKING_DAYS, .count = rule.appeal_days}};
    after.appeal_by = due_of(cx, &time, cx->now);
    after.published_at = cx->now;
    after.publisher_id = cx->actor->person_id;
    after.state = MONTH_PUBLISHED;
    TRY(db_change(cx, &q_sheets_publish, PARAMS(P(month->id), P(cx->now)), NULL));
    TRY(record_change(cx, &MONTHS, "publish", month, &after));
    TRY(rewards_nominate(cx, &after));
    return tell_published(cx, &after);
}

enum result month_lock(struct ctx *cx, const struct appraisal_month *month)
{
    struct appraisal_month after = *month;
    int64_t open, waiting;
    if (month->state != MONTH_PUBLISHED)
        return month_wrong_state(cx, month);
    TRY(db_int(cx, &q_appeals_open, PARAMS(P(month->id)), &open));
    if (open)
        return fail(cx, CONFLICT, "month.appeals_open", month_text(cx, month->month),
                    arena_printf(cx->mem, "%lld", (long long)open));
    TRY(db_int(cx, &q_sheets_waiting, PARAMS(P(month->id)), &waiting));
    if (waiting && month->appeal_by.ms >= cx->now.ms)
        return fail(cx, CONFLICT, "month.appeal_time_runs",
                    arena_printf(cx->mem, "%lld", (long long)waiting),
                    instant_text(cx, month->appeal_by));
    TRY(db_change(cx, &q_sheets_silent, PARAMS(P(month->id), P(cx->now)), NULL));
    after.locked_at = cx->now;
    after.locker_id = cx->actor->person_id;
    after.reopen_asked_at = (struct instant){0};
    after.reopener_id = 0;
    after.reopen_reason = "";
    after.state = MONTH_LOCKED;
    TRY(record_change(cx, &MONTHS, "lock_month", month, &after));
    return rewards_nominate(cx, &after); /* appeals may have changed places */
}

/* ---- reopening: one asks, another one does it ---- */

static enum result ask_to_reopen(struct ctx *cx, const struct appraisal_month *month,
                                 const char *reason)
{
    struct appraisal_month after = *month;
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.reopen_asked_at = cx->now;
    after.reopener_id = cx->actor->person_id;
    after.reopen_reason = reason;
    TRY(record_change(cx, &MONTHS, "ask_reopen", month, &after));
    return notice_roles(cx, month->provider_id, 0, R(PROVIDER) | R(DUTY),
                        &(struct news){.kind = "month.reopen_asked",
                                       .subject = &MONTHS,
                                       .subject_id = month->id,
                                       .title = month_text(cx, month->month),
                                       .detail = reason});
}

enum result month_reopen(struct ctx *cx, const struct appraisal_month *month, const char *reason,
                         bool *out_done)
{
    struct appraisal_month after = *month;
    int64_t open;
    *out_done = false;
    if (month->state != MONTH_PUBLISHED)
        return month_wrong_state(cx, month);
    TRY(db_int(cx, &q_appeals_open, PARAMS(P(month->id)), &open));
    if (open)
        return fail(cx, CONFLICT, "month.appeals_open", month_text(cx, month->month),
                    arena_printf(cx->mem, "%lld", (long long)open));
    if (!month->reopen_asked_at.ms)
        return ask_to_reopen(cx, month, reason);
    if (month->reopener_id == cx->actor->person_id)
        return fail(cx, FORBIDDEN, "month.second_person", month->reopen_asked_by);
    *out_done = true;
    after.reopen_asked_at = (struct instant){0};
    after.reopener_id = 0;
    after.reopen_reason = "";
    after.appeal_by = (struct instant){0};
    after.state = MONTH_EVIDENCE_CLOSED;
    TRY(db_change(cx, &q_sheets_heard, PARAMS(P(month->id), P(cx->now)), NULL));
    TRY(rewards_reopen(cx, month));
    return record_change(cx, &MONTHS, "reopen", month, &after);
}

/* ---- the clock ---- */

struct missing {
    int64_t contract_id;
    struct month last_month, first_month;
};
static const struct field MISSING_FIELDS[] = {FIELD(missing, contract_id),
                                              FIELD(missing, last_month),
                                              FIELD(missing, first_month), FIELDS_END};
static const struct field ID_FIELDS[] = {FIELD(record, id), FIELDS_END};

static enum result open_missing(struct ctx *cx, const struct missing *missing, struct month now)
{
    int64_t id;
    int32_t first =
        missing->last_month.months ? missing->last_month.months + 1 : missing->first_month.months;
    if (first < now.months - MONTHS_MOST)
        first = now.months - MONTHS_MOST;
    for (int32_t months = first; months <= now.months; months++)
        TRY(month_open(cx, missing->contract_id, (struct month){months}, &id));
    return OK;
}

enum result months_sweep(struct ctx *cx)
{
    const struct month now = month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN));
    struct missing *missing;
    struct record *rows;
    size_t count;
    TRY(db_list(cx, &q_months_missing, PARAMS(P(now), param_int(SWEEP_MOST)), MISSING_FIELDS,
                sizeof *missing, SWEEP_MOST, &missing, &count));
    for (size_t i = 0; i < count; i++)
        TRY(open_missing(cx, &missing[i], now));
    TRY(db_list(cx, &q_months_to_close, PARAMS(P(cx->now), param_int(SWEEP_MOST)), ID_FIELDS,
                sizeof *rows, SWEEP_MOST, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct appraisal_month month;
        TRY(record_get(cx, &MONTHS, rows[i].id, &month));
        TRY(month_close_evidence(cx, &month));
    }
    TRY(db_list(cx, &q_months_silent, PARAMS(P(cx->now), param_int(SWEEP_MOST)), ID_FIELDS,
                sizeof *rows, SWEEP_MOST, &rows, &count));
    for (size_t i = 0; i < count; i++)
        TRY(db_change(cx, &q_sheets_silent, PARAMS(P(rows[i].id), P(cx->now)), NULL));
    return OK;
}

/* ---- what is owed: the calendar of the month ---- */

enum { HAND_IN_EVIDENCE, COMPUTE_MONTH, PUBLISH_MONTH, LOCK_MONTH };

static void owed(struct ctx *cx, const struct appraisal_month *month, struct duty *duty)
{
    duty->title =
        arena_printf(cx->mem, "%s · %s", month->contract_name, month_text(cx, month->month));
    duty->contract_id = month->contract_id;
    duty->organisation_id = month->provider_id;
    duty->owner_side = SIDE_PROVIDER;
    duty->owner_role = ROLES[ROLE_PROVIDER - 1];
}

/* Shown from the month's last day on, so that the client sees its time run. Whoever had nothing to
 * hand in owed nothing. */
static enum result judge_evidence(struct ctx *cx, const void *record, struct duty *duty,
                                  enum owing *out)
{
    const struct appraisal_month *month = record;
    int64_t pieces;
    TRY(db_int(cx, &q_month_letters, PARAMS(P(month->id)), &pieces));
    *out = month->state == MONTH_OPEN ? OWING_DUTY : pieces ? OWING_MET : OWING_NOTHING;
    owed(cx, month, duty);
    duty->organisation_id = month->client_id;
    duty->unit_id = month->unit_id;
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[ROLE_CLIENT - 1];
    duty->opened_at = instant_of(month_last(month->month), 0, SHANGHAI_OFFSET_MIN);
    duty->due_at = month->evidence_by;
    return OK;
}

/* The provider's steps: owed while the month is in one state, met by having left it. */
static enum result judge_step(struct ctx *cx, const struct appraisal_month *month, int rule,
                              enum month_state owes, struct instant since, struct duty *duty,
                              enum owing *out)
{
    *out = month->state == owes ? OWING_DUTY : month->state > owes ? OWING_MET : OWING_NOTHING;
    owed(cx, month, duty);
    duty->due_at = due_of(cx, &MONTH_DUTIES[rule], since);
    return OK;
}

static enum result judge_compute(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct appraisal_month *month = record;
    return judge_step(cx, month, COMPUTE_MONTH, MONTH_EVIDENCE_CLOSED, month->evidence_by, duty,
                      out);
}

static enum result judge_publish(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct appraisal_month *month = record;
    return judge_step(cx, month, PUBLISH_MONTH, MONTH_COMPUTED, month->computed_at, duty, out);
}

static enum result judge_lock(struct ctx *cx, const void *record, struct duty *duty,
                              enum owing *out)
{
    const struct appraisal_month *month = record;
    return judge_step(cx, month, LOCK_MONTH, MONTH_PUBLISHED, month->appeal_by, duty, out);
}

const struct duty_rule MONTH_DUTIES[] = {
    {"hand_in_evidence",
     "C2.4",
     &MONTHS,
     judge_evidence,
     {DUE_ON_MONTH_DAY, .count = 2, .months = 1}},
    {"compute_month", "C2.4", &MONTHS, judge_compute, {DUE_DAYS, .count = 3}},
    {"publish_month", "C2.4", &MONTHS, judge_publish, {DUE_WORKING_DAYS, .count = 1}},
    {"lock_month", "C2.4", &MONTHS, judge_lock, {DUE_WORKING_DAYS, .count = 1}},
    {"decide_sheet_appeal", "X4", &APPEALS, appeal_judge, {DUE_WORKING_DAYS, .count = 3}},
    DUTY_RULES_END,
};

const struct right APPRAISAL_RIGHTS[] = {
    {"months.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.4"},
    {"months.write", R(PROVIDER), "C2.4"},
    {"months.reopen", R(PROVIDER) | R(DUTY), "C2.4"},
    {"month_rules.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.4"},
    {"sheets.read", R_CLIENT_SIDE | R_PROVIDER_SIDE | R(AGENT), "C2.4", true},
    {"sheets.answer", R_PROVIDER_SIDE | R(AGENT), "X4"},
    {"penalties.read", R_CLIENT_SIDE | R_PROVIDER_SIDE | R(AGENT), "C2.4"},
    {"penalties.decide", R(PROVIDER) | R(DUTY), "C2.4"},
    {"adjustments.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.4"},
    {"adjustments.write", R(PROVIDER), "C2.4"},
    {"adjustments.approve", R(PROVIDER) | R(DUTY), "C2.4"},
    {"manual_scores.read", R_PROVIDER_SIDE, "C2.4"},
    {"manual_scores.write", R(PROVIDER) | R(DUTY) | R(SUPERVISOR), "C2.4"},
    {"appeals.read", R_CLIENT_SIDE | R_PROVIDER_SIDE | R(AGENT), "X4", true},
    {"appeals.decide", R(PROVIDER) | R(DUTY), "X4"},
    {"rewards.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.5"},
    {"rewards.write", R(OPS) | R(DIVISION) | R(CLIENT) | R(PROVIDER), "C2.5"},
    RIGHTS_END,
};
