/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Each month a project with a contract in force owes a report on the month before; the division
 * owes its receipt, the operations centre that it is noted. The division owes the sum of them, the
 * operations centre its receipt. */
#include "app/supervision/supervision_private.h"
#include "app/supervision/supervision_report.sql.h"

enum { FILE_REPORT, RECEIVE_REPORT, NOTE_REPORT, FILE_DIVISION_REPORT };

struct instant report_due(struct ctx *cx, enum unit_kind kind, struct month month)
{
    const int rule = kind == UNIT_DIVISION ? FILE_DIVISION_REPORT : FILE_REPORT;
    return due_of(cx, &SUPERVISION_DUTIES[rule], day_begin(month_last(month)));
}

static enum result judge_filing(struct ctx *cx, const struct unit *unit, enum role owner,
                                struct duty *duty, enum owing *out)
{
    struct month month = {0};
    char text[MONTH_MAX_TEXT] = "";
    int64_t filed, in_force;
    if (!month_parse(duty->period, &month))
        return OK;
    month.months--;
    TRY(db_int(cx, &q_report_filed, PARAMS(P(unit->id), P(month)), &filed));
    TRY(db_int(
        cx, unit->kind == UNIT_DIVISION ? &q_contracts_below_in_month : &q_contracts_in_month,
        PARAMS(P(unit->id), P(month_last(month)), P(day_begin(month_first(month)))), &in_force));
    *out = filed ? OWING_MET : in_force ? OWING_DUTY : OWING_NOTHING;
    month_format(month, text);
    duty->title = arena_printf(cx->mem, "%s %s", unit->name, text);
    duty_of_client(duty, unit->organisation_id, unit->id, owner);
    duty->due_at = report_due(cx, unit->kind, month);
    return OK;
}

static enum result judge_file(struct ctx *cx, const void *record, struct duty *duty,
                              enum owing *out)
{
    const struct unit *unit = record;
    return unit->kind == UNIT_PROJECT ? judge_filing(cx, unit, ROLE_PM, duty, out) : OK;
}

static enum result judge_file_division(struct ctx *cx, const void *record, struct duty *duty,
                                       enum owing *out)
{
    const struct unit *unit = record;
    return unit->kind == UNIT_DIVISION ? judge_filing(cx, unit, ROLE_DIVISION, duty, out) : OK;
}

/* Owed from `at` on while it stands in `state`, and met by what comes after it. */
static enum result judge_step(struct ctx *cx, const struct supervision_report *report, int rule,
                              enum report_state state, struct instant at, struct duty *duty,
                              enum owing *out)
{
    if (report->state < state)
        return OK;
    *out = report->state == state ? OWING_DUTY : OWING_MET;
    duty_of_client(duty, report->organisation_id, report->unit_id,
                   rule == RECEIVE_REPORT && report->unit_kind != UNIT_DIVISION ? ROLE_DIVISION
                                                                                : ROLE_OPS);
    duty->due_at = due_of(cx, &SUPERVISION_DUTIES[rule], at);
    return OK;
}

static enum result judge_receive(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct supervision_report *report = record;
    return judge_step(cx, report, RECEIVE_REPORT, REPORT_FILED, report->filed_at, duty, out);
}

static enum result judge_note(struct ctx *cx, const void *record, struct duty *duty,
                              enum owing *out)
{
    const struct supervision_report *report = record;
    return judge_step(cx, report, NOTE_REPORT, REPORT_RECEIVED, report->received_at, duty, out);
}

const struct duty_rule SUPERVISION_DUTIES[] = {
    [FILE_REPORT] = {"file_report",
                     "V5.1.3",
                     &UNITS,
                     judge_file,
                     {.kind = DUE_WORKING_DAYS, .count = 5},
                     .monthly = true,
                     .also = &SUPERVISION_REPORTS,
                     .also_ids = &q_unit_of_report},
    [RECEIVE_REPORT] = {"receive_report",
                        "V5.1.3",
                        &SUPERVISION_REPORTS,
                        judge_receive,
                        {.kind = DUE_WORKING_DAYS, .count = 3}},
    [NOTE_REPORT] = {"note_report",
                     "V5.1.3",
                     &SUPERVISION_REPORTS,
                     judge_note,
                     {.kind = DUE_WORKING_DAYS, .count = 5}},
    [FILE_DIVISION_REPORT] = {"file_division_report",
                              "V5.1.3",
                              &UNITS,
                              judge_file_division,
                              {.kind = DUE_WORKING_DAYS, .count = 8},
                              .monthly = true,
                              .also = &SUPERVISION_REPORTS,
                              .also_ids = &q_unit_of_report},
    DUTY_RULES_END,
};
