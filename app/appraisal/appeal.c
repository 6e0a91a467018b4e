/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What somebody does about the own sheet: acknowledge it, or appeal (X4). */
#include "app/appraisal/appraisal.sql.h"
#include "app/appraisal/month_private.h"

#include <string.h>

#define WORDS_MOST 1000
#define DECIDE_RULE 4 /* of MONTH_DUTIES */

static const char *const STATES[] = {"open", "upheld", "rejected", NULL};

static const struct field APPEAL_FIELDS[] = {
    RECORD_FIELDS(appeal),
    FIELD_REF(appeal, sheet_id, "sheets", .use = FILTERED | NO_DIFF),
    FIELD_REF(appeal, month_id, "months", .use = FILTERED | NO_DIFF),
    FIELD(appeal, month, .column = "m.month", .use = LISTED),
    FIELD_REF(appeal, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD_REF(appeal, unit_id, "units", .use = HIDDEN | NO_DIFF),
    FIELD_REF(appeal, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(appeal, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(appeal, person_id, "people", .use = FILTERED | NO_DIFF),
    FIELD(appeal, person_name, .column = "p.name", .use = LISTED),
    FIELD(appeal, line),
    FIELD(appeal, words, .use = LISTED | LONG_TEXT),
    FIELD(appeal, decide_by, .use = LISTED),
    FIELD_REF(appeal, decider_id, "people"),
    FIELD(appeal, decided_by, .column = "COALESCE(d.name, '')", .use = LISTED),
    FIELD(appeal, decided_at),
    FIELD(appeal, reason, .use = LONG_TEXT),
    FIELD(appeal, points),
    FIELD(appeal, total_before, .use = LISTED),
    FIELD(appeal, total_after, .use = LISTED),
    FIELD(appeal, rank_before),
    FIELD(appeal, rank_after),
    FIELD_ENUM(appeal, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

const struct resource APPEALS = {
    .name = "appeals",
    .clause = "X4",
    .fields = APPEAL_FIELDS,
    .size = sizeof(struct appeal),
    .joins = "JOIN months m ON m.id = t.month_id JOIN people p ON p.id = t.person_id "
             "LEFT JOIN people d ON d.id = t.decider_id",
    .title = "person_name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org",
              [SIDE_PROVIDER] =
                  "@provider_id = :org AND (@person_id = :person OR EXISTS (SELECT 1 FROM "
                  "accounts x WHERE x.id = :account AND x.roles <> 'agent'))"},
    .unit = "unit_id",
};

/* ---- by the person whom it is about ---- */

static enum result demand_own(struct ctx *cx, const struct sheet *sheet)
{
    return sheet->subject_id == cx->actor->person_id
               ? OK
               : fail(cx, FORBIDDEN, "sheet.not_yours", sheet->person_name);
}

static enum result wrong_state(struct ctx *cx, const struct sheet *sheet)
{
    return fail(cx, CONFLICT, "sheet.wrong_state",
                state_name(cx, &SHEETS, SHEET_STATES, sheet->state));
}

/* Past the scope: agents see no months. */
enum result sheet_appeal_by(struct ctx *cx, const struct sheet *sheet, struct instant *out)
{
    return db_int(cx, &q_month_appeal_by, PARAMS(P(sheet->month_id)), &out->ms);
}

static enum result demand_published(struct ctx *cx, const struct sheet *sheet)
{
    TRY(demand_own(cx, sheet));
    return sheet->state == SHEET_PUBLISHED ? OK : wrong_state(cx, sheet);
}

enum result sheet_acknowledge(struct ctx *cx, const struct sheet *sheet)
{
    struct sheet after = *sheet;
    TRY(demand_published(cx, sheet));
    after.state = SHEET_ACKNOWLEDGED;
    after.acknowledged_at = cx->now;
    return record_change(cx, &SHEETS, "acknowledge", sheet, &after);
}

static enum result demand_line(struct ctx *cx, const struct sheet *sheet, const char *line)
{
    struct sheet_line *lines;
    size_t count;
    bool there = !*line;
    TRY(sheet_lines(cx, sheet, &lines, &count));
    for (size_t i = 0; i < count; i++)
        there = there || strcmp(lines[i].indicator, line) == 0;
    if (!there)
        reject_clause(cx, "X4", "line", "no_such_line", line);
    return OK;
}

enum result appeal_make(struct ctx *cx, const struct sheet *sheet, const char *line,
                        const char *words, int64_t *out_id)
{
    struct sheet after = *sheet;
    struct instant appeal_by;
    TRY(demand_published(cx, sheet));
    TRY(sheet_appeal_by(cx, sheet, &appeal_by));
    if (appeal_by.ms < cx->now.ms)
        return fail(cx, CONFLICT, "appeal.over");
    TRY(demand_line(cx, sheet, line));
    if (!*text_plain(cx->mem, words))
        reject_clause(cx, "X4", "words", "required");
    else if (utf8_count(words) > WORDS_MOST)
        reject_clause(cx, "X4", "words", "too_long", "1000");
    TRY(rejected(cx));
    struct appeal appeal = {.sheet_id = sheet->id,
                            .month_id = sheet->month_id,
                            .contract_id = sheet->contract_id,
                            .unit_id = sheet->unit_id,
                            .provider_id = sheet->provider_id,
                            .client_id = sheet->client_id,
                            .person_id = sheet->subject_id,
                            .decide_by = due_of(cx, &MONTH_DUTIES[DECIDE_RULE], cx->now),
                            .total_before = sheet->total,
                            .total_after = sheet->total,
                            .rank_before = sheet->rank,
                            .rank_after = sheet->rank,
                            .state = APPEAL_OPEN};
    fields_blank(APPEAL_FIELDS, &appeal);
    appeal.line = line;
    appeal.words = words;
    after.state = SHEET_APPEALED;
    TRY(record_add(cx, &APPEALS, &appeal));
    TRY(record_change(cx, &SHEETS, "appeal", sheet, &after));
    *out_id = appeal.id;
    return notice_roles(cx, sheet->provider_id, 0, R(PROVIDER) | R(DUTY),
                        &(struct news){.kind = "appeal.made",
                                       .subject = &APPEALS,
                                       .subject_id = appeal.id,
                                       .title = sheet->person_name,
                                       .detail = words});
}

/* ---- by somebody else ---- */

/* Neither the appellant, nor whoever computed the month or gave points by hand in it; nor, unless
 * the appeal is against one line, which these are not, who upheld evidence against the appellant
 * or corrected the appellant's points. */
static enum result demand_other(struct ctx *cx, const struct appeal *appeal)
{
    int64_t scored;
    if (appeal->state != APPEAL_OPEN)
        return fail(cx, CONFLICT, "appeal.wrong_state", appeal->person_name,
                    state_name(cx, &APPEALS, STATES, appeal->state));
    TRY(db_int(
        cx, &q_month_scorers,
        PARAMS(P(appeal->month_id), P(cx->actor->person_id), P(appeal->person_id), P(appeal->line)),
        &scored));
    return scored || appeal->person_id == cx->actor->person_id
               ? fail(cx, FORBIDDEN, "appeal.own_decision")
               : OK;
}

static enum result tell(struct ctx *cx, const struct appeal *appeal, const char *kind)
{
    return notice_person(cx, appeal->person_id,
                         &(struct news){.kind = kind,
                                        .subject = &SHEETS,
                                        .subject_id = appeal->sheet_id,
                                        .title = appeal->person_name,
                                        .detail = appeal->reason});
}

enum result appeal_reject(struct ctx *cx, const struct appeal *appeal, const char *reason)
{
    struct appeal after = *appeal;
    struct sheet sheet, heard;
    TRY(demand_other(cx, appeal));
    check_reason(cx, reason);
    TRY(rejected(cx));
    TRY(record_get(cx, &SHEETS, appeal->sheet_id, &sheet));
    heard = sheet;
    heard.state = SHEET_ACKNOWLEDGED; /* there is one appeal: that was it */
    heard.acknowledged_at = cx->now;
    after.state = APPEAL_REJECTED;
    after.reason = reason;
    after.decider_id = cx->actor->person_id;
    after.decided_at = cx->now;
    TRY(record_change(cx, &SHEETS, "appeal_rejected", &sheet, &heard));
    TRY(record_change(cx, &APPEALS, "reject", appeal, &after));
    return tell(cx, &after, "appeal.rejected");
}

/* ---- upheld: set right, computed anew ---- */

/* "penalty.7": the evidence is not upheld any more; *out_is: that was it. */
static enum result take_penalty_back(struct ctx *cx, const struct appeal *appeal,
                                     const char *reason, bool *out_is)
{
    struct penalty penalty, after;
    int64_t id;
    *out_is = strncmp(appeal->line, "penalty.", 8) == 0 && int_parse(appeal->line + 8, &id);
    if (!*out_is)
        return OK;
    TRY(record_get(cx, &PENALTIES, id, &penalty));
    after = penalty;
    after.state = PENALTY_REJECTED;
    after.reason = reason;
    after.decider_id = cx->actor->person_id;
    after.decided_at = cx->now;
    return record_change(cx, &PENALTIES, "appeal_upheld", &penalty, &after);
}

static enum result set_right(struct ctx *cx, const struct appeal *appeal, struct points points,
                             const char *reason)
{
    bool was_penalty;
    TRY(take_penalty_back(cx, appeal, reason, &was_penalty));
    if (was_penalty || !points.hundredths)
        return OK;
    struct adjustment adjustment = {.month_id = appeal->month_id,
                                    .contract_id = appeal->contract_id,
                                    .kind = ADJUST_APPEAL,
                                    .about_month = appeal->month,
                                    .person_id = appeal->person_id,
                                    .points = points,
                                    .maker_id = cx->actor->person_id};
    fields_blank(ADJUSTMENTS.fields, &adjustment);
    adjustment.reason = reason;
    return record_add(cx, &ADJUSTMENTS, &adjustment);
}

/* The sheet anew, with before and after; then the places of all, and the month's list. */
static enum result compute_anew(struct ctx *cx, struct appeal *appeal)
{
    struct sheet before, after;
    struct appraisal_month month, listed;
    TRY(record_get(cx, &SHEETS, appeal->sheet_id, &before));
    TRY(sheet_again(cx, &before, &after));
    after.changed = true;
    after.total_before = before.total;
    after.rank_before = before.rank;
    after.change_reason = appeal->reason;
    after.state = SHEET_ACKNOWLEDGED;
    after.acknowledged_at = cx->now;
    TRY(record_change(cx, &SHEETS, "appeal_upheld", &before, &after));
    TRY(db_change(cx, &q_sheets_place_anew, PARAMS(P(appeal->month_id)), NULL));
    TRY(db_change(cx, &q_sheets_list_anew, PARAMS(P(appeal->month_id)), NULL));
    TRY(record_get(cx, &SHEETS, appeal->sheet_id, &after));
    appeal->total_after = after.total;
    appeal->rank_after = after.rank;
    appeal->points.hundredths = after.total.hundredths - before.total.hundredths;
    TRY(record_get(cx, &MONTHS, appeal->month_id, &month));
    listed = month;
    TRY(sheets_digest(cx, month.id, &listed.sha256, &listed.people));
    return record_change(cx, &MONTHS, "appeal_upheld", &month, &listed);
}

enum result appeal_most(struct ctx *cx, const struct appeal *appeal, struct points *out)
{
    struct sheet sheet;
    struct scheme scheme;
    struct indicator *indicators;
    struct sheet_line *lines;
    size_t indicator_count, count;
    TRY(record_get(cx, &SHEETS, appeal->sheet_id, &sheet));
    TRY(scheme_of_sheet(cx, &sheet, &scheme));
    TRY(scheme_indicators(cx, &scheme, &indicators, &indicator_count));
    TRY(sheet_lines(cx, &sheet, &lines, &count));
    *out = lines_lack(indicators, indicator_count, lines, count, appeal->line);
    return OK;
}

static enum result demand_points(struct ctx *cx, const struct appeal *appeal, struct points points)
{
    struct points most;
    TRY(appeal_most(cx, appeal, &most));
    points_given_check(cx, points, most);
    return rejected(cx);
}

enum result appeal_uphold(struct ctx *cx, const struct appeal *appeal, struct points points,
                          const char *reason)
{
    struct appeal after = *appeal;
    TRY(demand_other(cx, appeal));
    check_reason(cx, reason);
    TRY(demand_points(cx, appeal, points));
    after.state = APPEAL_UPHELD;
    after.reason = reason;
    after.decider_id = cx->actor->person_id;
    after.decided_at = cx->now;
    TRY(set_right(cx, appeal, points, reason));
    TRY(compute_anew(cx, &after));
    TRY(record_change(cx, &APPEALS, "uphold", appeal, &after));
    return tell(cx, &after, "appeal.upheld");
}

/* ---- what is owed ---- */

enum result appeal_judge(struct ctx *cx, const void *record, struct duty *duty, enum owing *out)
{
    const struct appeal *appeal = record;
    (void)cx;
    *out = appeal->state == APPEAL_OPEN ? OWING_DUTY : OWING_MET;
    duty->title = appeal->person_name;
    duty->contract_id = appeal->contract_id;
    duty->organisation_id = appeal->provider_id;
    duty->owner_side = SIDE_PROVIDER;
    duty->owner_role = ROLES[ROLE_DUTY - 1];
    duty->due_at = appeal->decide_by;
    return OK;
}
