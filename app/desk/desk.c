/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Issues: what they consist of, their numbers and deadlines, and what is owed about them. */
#include "app/desk/desk.h"

#include "app/desk/desk.sql.h"
#include "app/desk/desk_private.h"

static const char *const KINDS[] = {"problem", "complaint", "praise", NULL};
const char *const ISSUE_PRIORITIES[] = {"urgent", "high", "normal", "low", NULL};
static const char *const SOURCES[] = {"phone", "site", "served_party", "qr", "agent",
                                      "other", NULL};
const char *const ISSUE_STATES[] = {"open", "answered", "solved", "closed", "reopened", NULL};
const char *const RESPONSIBILITIES[] = {"client", "provider", "third_party", "none", NULL};

static const struct field ISSUE_FIELDS[] = {
    RECORD_FIELDS(issue),
    FIELD(issue, year, .use = HIDDEN),
    FIELD(issue, serial, .use = HIDDEN),
    FIELD(issue, number, .use = LISTED | SEARCHED),
    FIELD_REF(issue, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED),
    FIELD(issue, contract_number, .column = "c.number"),
    FIELD(issue, contract_name, .column = "c.name", .use = LISTED),
    FIELD_ENUM(issue, kind, KINDS, .in = MUST, .use = LISTED | FILTERED, .clause = "C2.7"),
    FIELD_ENUM(issue, priority, ISSUE_PRIORITIES, .in = MUST, .use = LISTED | FILTERED),
    FIELD_ENUM(issue, source, SOURCES, .in = MUST, .use = LISTED | FILTERED),
    FIELD(issue, place, .in = MAY, .max = 100, .use = LISTED | SEARCHED),
    FIELD(issue, subject, .in = MUST, .max = 80, .use = LISTED | SEARCHED),
    FIELD(issue, words, .in = MAY, .max = 2000, .use = LONG_TEXT),
    FIELD(issue, reporter, .in = MAY, .max = 40),
    FIELD(issue, reporter_phone, .in = MAY, .max = 20, .valid = phone_valid),
    FIELD_REF(issue, assigned_id, "people", .use = FILTERED),
    FIELD(issue, assigned_name, .column = "a.name", .use = LISTED),
    FIELD_REF(issue, opener_id, "people", .use = HIDDEN),
    FIELD(issue, opened_by, .use = NO_DIFF),
    FIELD(issue, opened_at, .use = LISTED | FILTERED | SORTED | NO_DIFF),
    FIELD(issue, reopened_at, .use = HIDDEN),
    FIELD(issue, month, .use = HIDDEN),
    FIELD(issue, answer_due_at, .use = NO_DIFF),
    FIELD(issue, due_at, .use = LISTED | FILTERED | SORTED),
    FIELD(issue, answered_at, .use = NO_DIFF),
    FIELD(issue, answered_late),
    FIELD(issue, answer, .use = LONG_TEXT),
    FIELD(issue, solved_at, .use = NO_DIFF),
    FIELD(issue, solved_late),
    FIELD_REF(issue, solver_id, "people", .use = HIDDEN),
    FIELD(issue, solution, .use = LONG_TEXT),
    FIELD_ENUM(issue, responsibility, RESPONSIBILITIES),
    FIELD(issue, closed_at, .use = NO_DIFF),
    FIELD(issue, satisfaction, .use = LISTED),
    FIELD(issue, remark, .use = LONG_TEXT),
    FIELD(issue, reason, .use = LONG_TEXT),
    FIELD(issue, reopened),
    FIELD_ENUM(issue, state, ISSUE_STATES, .use = LISTED | FILTERED),
    FIELD(issue, link_id, .use = HIDDEN),
    FIELD(issue, code, .use = HIDDEN),
    FIELD(issue, origin_hash, .use = HIDDEN),
    FIELD(issue, search_key, .use = HIDDEN),
    FIELD(issue, next_due_at, .use = DERIVED),
    FIELD(issue, overdue, .use = DERIVED),
    FIELDS_END,
};

/* ---- deadlines, as data: of the first answer and of the solution ---- */

enum { FIRST_ANSWER, SOLUTION, DEADLINES };
static const struct due_rule DUE[][DEADLINES] = {
    [ISSUE_URGENT] = {{DUE_MINUTES, .count = 30}, {DUE_WORKING_HOURS, .count = 4}},
    [ISSUE_HIGH] = {{DUE_WORKING_HOURS, .count = 2}, {DUE_WORKING_HOURS, .count = 8}},
    [ISSUE_NORMAL] = {{DUE_WORKING_DAYS, .count = 1}, {DUE_WORKING_DAYS, .count = 3}},
    [ISSUE_LOW] = {{DUE_WORKING_DAYS, .count = 2}, {DUE_WORKING_DAYS, .count = 5}},
};

bool issue_is_unsolved(const struct issue *issue)
{
    return issue->state != ISSUE_SOLVED && issue->state != ISSUE_CLOSED;
}

static struct instant due_after(struct ctx *cx, const struct issue *issue, int deadline,
                                struct instant at)
{
    return due_of(cx, &(struct duty_rule){.due = DUE[issue->priority][deadline]}, at);
}

void issue_date(struct ctx *cx, struct issue *issue)
{
    if (!issue->answered_at.ms)
        issue->answer_due_at = due_after(cx, issue, FIRST_ANSWER, issue->opened_at);
    if (issue_is_unsolved(issue))
        issue->due_at = due_after(cx, issue, SOLUTION,
                                  issue->reopened_at.ms ? issue->reopened_at : issue->opened_at);
}

static void issue_derive(struct ctx *cx, void *record)
{
    struct issue *issue = record;
    if (!issue_is_unsolved(issue))
        return;
    issue->next_due_at = issue->answered_at.ms ? issue->due_at : issue->answer_due_at;
    issue->overdue = issue->next_due_at.ms < cx->now.ms;
}

/* ---- opening one ---- */

/* 问题-2026-0001: of the year, without gaps, as nothing is ever taken away. */
static enum result give_number(struct ctx *cx, struct issue *issue)
{
    int64_t last;
    issue->year = date_ymd(instant_date(cx->now, SHANGHAI_OFFSET_MIN)).year;
    TRY(db_int(cx, &q_issue_last, PARAMS(P(issue->year)), &last));
    issue->serial = (int32_t)last + 1;
    issue->number = arena_printf(cx->mem, "问题-%d-%04d", issue->year, issue->serial);
    return OK;
}

static enum result issue_check(struct ctx *cx, void *record, const void *before)
{
    struct issue *issue = record;
    struct contract contract;
    if (before || !issue->contract_id || !issue->priority)
        return OK;
    TRY(record_get(cx, &CONTRACTS, issue->contract_id, &contract));
    if (!desk_serves(&contract))
        reject(cx, "contract_id", "not_in_force");
    TRY(give_number(cx, issue));
    issue->state = ISSUE_OPEN;
    issue->assigned_id = contract.contact_id ? contract.contact_id : contract.executor_id;
    issue->opener_id = cx->actor->person_id;
    issue->opened_by = cx->actor->person_name;
    issue->opened_at = cx->now;
    issue->month = month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN));
    issue_date(cx, issue);
    return OK;
}

static enum result issue_saved(struct ctx *cx, const void *record, const void *before)
{
    return before ? OK : issue_tell(cx, record, "issue.opened", "");
}

const struct resource ISSUES = {
    .name = "issues",
    .clause = "C2.7",
    .fields = ISSUE_FIELDS,
    .size = sizeof(struct issue),
    .joins = "JOIN contracts c ON c.id = t.contract_id LEFT JOIN people a ON a.id = t.assigned_id",
    .title = "number",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .check = issue_check,
    .saved = issue_saved,
    .derive = issue_derive,
};

/* ---- what is owed ---- */

static enum result owed(struct ctx *cx, const struct issue *issue, struct instant due_at,
                        struct duty *duty, enum owing *out)
{
    struct contract contract;
    int64_t organisation = 0;
    *out = OWING_DUTY;
    TRY(record_get(cx, &CONTRACTS, issue->contract_id, &contract));
    if (issue->assigned_id)
        TRY(person_works(cx, issue->assigned_id, instant_date(cx->now, SHANGHAI_OFFSET_MIN),
                         &organisation));
    const bool provider = organisation && organisation == contract.provider_id;
    duty->title = arena_printf(cx->mem, "%s · %s", issue->subject, issue->number);
    duty->contract_id = contract.id;
    duty->organisation_id = provider ? contract.provider_id : contract.client_id;
    duty->unit_id = provider ? 0 : contract.unit_id;
    duty->owner_side = provider ? SIDE_PROVIDER : SIDE_CLIENT;
    duty->owner_role =
        ROLES[(provider ? ROLE_DUTY : ROLE_PM) - 1]; /* overdue, it climbs from here */
    duty->owner_id = organisation ? issue->assigned_id : 0;
    duty->due_at = due_at;
    return OK;
}

static enum result judge_answer(struct ctx *cx, const void *record, struct duty *duty,
                                enum owing *out)
{
    const struct issue *issue = record;
    *out = OWING_MET;
    return issue->answered_at.ms ? OK : owed(cx, issue, issue->answer_due_at, duty, out);
}

static enum result judge_solution(struct ctx *cx, const void *record, struct duty *duty,
                                  enum owing *out)
{
    const struct issue *issue = record;
    *out = OWING_MET;
    return issue_is_unsolved(issue) ? owed(cx, issue, issue->due_at, duty, out) : OK;
}

static enum result redate(struct ctx *cx, void *record)
{
    struct issue *issue = record;
    issue_date(cx, issue);
    return db_change_one(cx, &q_issue_redate,
                         PARAMS(P(issue->id), P(issue->answer_due_at), P(issue->due_at)));
}

/* Their deadlines are those of the priority; what stands here is that of a normal one. */
const struct duty_rule DESK_DUTIES[] = {
    {"answer_issue", "C2.7", &ISSUES, judge_answer, {DUE_WORKING_DAYS, .count = 1}, redate},
    {"solve_issue", "C2.7", &ISSUES, judge_solution, {DUE_WORKING_DAYS, .count = 3}, redate},
    DUTY_RULES_END,
};

#define R_DESK (R_SUPERVISION | R(CLIENT) | R(RESIDENT) | R(PROVIDER) | R(DUTY) | R(SUPERVISOR))
#define R_LINKS (R_SUPERVISION | R(CLIENT) | R(RESIDENT))

const struct right DESK_RIGHTS[] = {
    {"issues.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.7"},
    {"issues.write", R_DESK | R(QA), "C2.7"},
    {"issues.reveal", R(OPS) | R(DIVISION) | R(PM) | R(CLIENT), NULL},
    {"issues.answer", R_DESK, "C2.7"},
    {"issues.assign", R_DESK, "C2.7"},
    {"issues.solve", R_DESK, "C2.7"},
    {"issues.confirm", R_DESK | R(QA), "C2.7"},
    {"issue_links.read", R_LINKS | R(AUDIT), "C2.7"},
    {"issue_links.write", R_LINKS, "C2.7"},
    RIGHTS_END,
};
