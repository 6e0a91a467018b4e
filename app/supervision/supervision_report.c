/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A report on supervision and its life. */
#include "app/supervision/supervision_report.h"

#include "app/notices/notice.h"
#include "app/records/trail.h"
#include "app/signatures/signature.h"
#include "app/supervision/supervision_private.h"
#include "app/supervision/supervision_report.sql.h"
#include "base/doc.h"

#include <string.h>

#define BODY_MOST 5000

static const char *const STATES[] = {"drafted", "filed", "received", "noted", NULL};

static const struct field REPORT_FIELDS[] = {
    RECORD_FIELDS(supervision_report),
    FIELD(supervision_report, name, .use = LISTED),
    FIELD_REF(supervision_report, organisation_id, "organisations", .use = NO_DIFF),
    FIELD(supervision_report, organisation_name, .column = "o.name", .use = SIGNED),
    FIELD_REF(supervision_report, unit_id, "units", .in = MUST, .use = FIXED | FILTERED,
              .clause = "V5.1.3"),
    FIELD(supervision_report, unit_name, .column = "u.name", .use = SIGNED),
    FIELD_ENUM(supervision_report, unit_kind, UNIT_KINDS, .column = "u.kind"),
    FIELD(supervision_report, month, .in = MUST, .use = FIXED | FILTERED | SIGNED),
    FIELD(supervision_report, revision, .use = LISTED | SIGNED),
    FIELD_REF(supervision_report, corrects_id, "supervision_reports", .use = FILTERED),
    FIELD_REF(supervision_report, corrected_by_id, "supervision_reports", .column = "n.id"),
    FIELD(supervision_report, correction, .use = LONG_TEXT | SIGNED),
    FIELD(supervision_report, body, .in = MAY, .max = BODY_MOST, .use = LONG_TEXT | SIGNED),
    FIELD(supervision_report, figures, .use = HIDDEN | SIGNED),
    FIELD_REF(supervision_report, author_id, "people", .use = NO_DIFF),
    FIELD(supervision_report, author_name),
    FIELD_REF(supervision_report, filer_id, "people", .use = NO_DIFF),
    FIELD(supervision_report, filed_by, .use = LISTED),
    FIELD(supervision_report, filed_at, .use = LISTED | FILTERED),
    FIELD(supervision_report, late, .use = LISTED | FILTERED),
    FIELD(supervision_report, year, .use = HIDDEN),
    FIELD(supervision_report, serial, .use = HIDDEN),
    FIELD(supervision_report, receipt, .use = LISTED),
    FIELD(supervision_report, received_by),
    FIELD(supervision_report, received_at, .use = LISTED),
    FIELD(supervision_report, noted_by),
    FIELD(supervision_report, noted_at, .use = LISTED),
    FIELD(supervision_report, sha256),
    FIELD(supervision_report, signed_text, .use = HIDDEN),
    FIELD_ENUM(supervision_report, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

const struct field REPORT_FIGURE_FIELDS[] = {
    FIELD(report_figure, section), FIELD(report_figure, name),    FIELD(report_figure, resource),
    FIELD(report_figure, count),   FIELD(report_figure, minutes), FIELD(report_figure, amount_fen),
    FIELD(report_figure, bad),     FIELD(report_figure, records), FIELDS_END,
};

/* ---- figures ---- */

static enum result figures_now(struct ctx *cx, const struct supervision_report *report,
                               struct report_figure **out, size_t *out_count)
{
    struct unit unit;
    if (report->unit_kind != UNIT_DIVISION)
        return figures_measure(cx, report->unit_id, report->month, out, out_count);
    TRY(record_get(cx, &UNITS, report->unit_id, &unit));
    return figures_sum(cx, &unit, report->month, out, out_count);
}

enum result report_figures(struct ctx *cx, const struct supervision_report *report,
                           struct report_figure **out, size_t *out_count)
{
    if (report->state == REPORT_DRAFTED)
        return figures_now(cx, report, out, out_count);
    if (!json_rows_read(cx->mem, report->figures, REPORT_FIGURE_FIELDS, sizeof **out,
                        REPORT_FIGURES_MOST, out, out_count))
        return fail(cx, BROKEN, "supervision_report.broken_figures", report->name);
    return OK;
}

const struct report_figure *report_figure_find(const struct report_figure *figures, size_t count,
                                               const char *name)
{
    const char *dot = strchr(name, '.');
    const size_t len = dot ? (size_t)(dot - name) : 0;
    for (size_t i = 0; dot && i < count; i++)
        if (strlen(figures[i].section) == len && memcmp(figures[i].section, name, len) == 0 &&
            strcmp(figures[i].name, dot + 1) == 0)
            return &figures[i];
    return NULL;
}

/* While it may change: what would be signed now. */
static enum result compose(struct ctx *cx, struct supervision_report *report)
{
    struct report_figure *figures;
    size_t count;
    if (report->state != REPORT_DRAFTED)
        return OK;
    TRY(report_figures(cx, report, &figures, &count));
    report->figures =
        json_rows_text(cx->mem, REPORT_FIGURE_FIELDS, figures, count, sizeof *figures);
    report->signed_text = record_canonical(cx->mem, &SUPERVISION_REPORTS, report);
    report->sha256 = record_digest(cx->mem, &SUPERVISION_REPORTS, report);
    return OK;
}

enum result report_digest(struct ctx *cx, const struct supervision_report *report, const char **out)
{
    struct supervision_report seen = *report;
    TRY(compose(cx, &seen));
    *out = seen.sha256;
    return OK;
}

/* ---- rules ---- */

static struct month this_month(const struct ctx *cx)
{
    return month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN));
}

static enum result wrong_state(struct ctx *cx, const struct supervision_report *report)
{
    return fail(cx, CONFLICT, "supervision_report.wrong_state", report->name,
                state_name(cx, &SUPERVISION_REPORTS, STATES, report->state));
}

static bool has_role(const struct ctx *cx, uint64_t role)
{
    return cx->actor->is_system || (cx->actor->roles.bits << 1 & role);
}

bool report_is_own(const struct ctx *cx, enum unit_kind kind)
{
    return has_role(cx, kind == UNIT_DIVISION ? R(DIVISION) : R(PM));
}

bool report_is_receivable(const struct ctx *cx, const struct supervision_report *report)
{
    return report->state == REPORT_FILED &&
           has_role(cx, report->unit_kind == UNIT_DIVISION ? R(OPS) : R(DIVISION));
}

static enum result demand_own(struct ctx *cx, const struct supervision_report *report)
{
    if (report_is_own(cx, report->unit_kind))
        return OK;
    return fail(cx, FORBIDDEN, "supervision_report.other_level", report->name);
}

static enum result begin(struct ctx *cx, struct supervision_report *report)
{
    struct unit unit;
    char month[MONTH_MAX_TEXT] = "";
    int64_t former;
    if (!report->unit_id || !report->month.months)
        return OK; /* refused as required */
    TRY(record_get(cx, &UNITS, report->unit_id, &unit));
    if (unit.kind != UNIT_PROJECT && unit.kind != UNIT_DIVISION)
        reject_clause(cx, "V5.1.3", "unit_id", "not_a_project");
    else if (!report_is_own(cx, unit.kind))
        reject_clause(cx, "V5.1.3", "unit_id", "other_level");
    if (report->month.months > this_month(cx).months)
        reject_clause(cx, "V5.1.3", "month", "in_future");
    TRY(db_int(cx, &q_report_of, PARAMS(P(report->unit_id), P(report->month)), &former));
    if (former && !report->corrects_id)
        reject_clause(cx, "V5.1.3", "month", "report_exists");
    month_format(report->month, month);
    if (!report->corrects_id)
        report->revision = 1;
    report->name = arena_printf(cx->mem, report->revision == 1 ? "%s %s" : "%s %s (%d)", unit.name,
                                month, report->revision);
    report->organisation_id = unit.organisation_id;
    report->author_id = cx->actor->person_id;
    report->author_name = cx->actor->person_name;
    report->state = REPORT_DRAFTED;
    return OK;
}

static enum result report_check(struct ctx *cx, void *record, const void *former)
{
    struct supervision_report *report = record;
    const struct supervision_report *before = former;
    if (!before)
        return begin(cx, report);
    if (strcmp(report->body, before->body) == 0)
        return OK;
    TRY(demand_own(cx, before));
    if (before->state != REPORT_DRAFTED)
        return fail(cx, CONFLICT, "supervision_report.sealed", report->name);
    return OK;
}

const struct resource SUPERVISION_REPORTS = {
    .name = "supervision_reports",
    .clause = "V5.1.3",
    .fields = REPORT_FIELDS,
    .size = sizeof(struct supervision_report),
    .joins = "JOIN organisations o ON o.id = t.organisation_id JOIN units u ON u.id = t.unit_id "
             "LEFT JOIN supervision_reports n ON n.corrects_id = t.id",
    .title = "name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@organisation_id = :org"},
    .unit = "unit_id",
    .check = report_check,
    .most = 50,
};

/* ---- its life ---- */

static enum result tell(struct ctx *cx, const struct supervision_report *report, const char *kind,
                        uint64_t roles, const char *detail)
{
    const struct news news = {
        .kind = kind,
        .subject = &SUPERVISION_REPORTS,
        .subject_id = report->id,
        .title = report->name,
        .detail = detail,
    };
    if (report->filer_id)
        TRY(notice_person(cx, report->filer_id, &news));
    return roles ? notice_roles(cx, report->organisation_id, report->unit_id, roles, &news) : OK;
}

static enum result demand_filable(struct ctx *cx, const struct supervision_report *report)
{
    TRY(demand_own(cx, report));
    if (report->state != REPORT_DRAFTED)
        return wrong_state(cx, report);
    if (this_month(cx).months <= report->month.months)
        return fail(cx, CONFLICT, "supervision_report.month_not_over", report->name);
    if (!*text_plain(cx->mem, report->body))
        reject_clause(cx, "V5.1.3", "body", "required");
    return rejected(cx);
}

enum result report_file(struct ctx *cx, const struct supervision_report *report,
                        const char *sha256_seen)
{
    struct supervision_report after = *report;
    TRY(demand_filable(cx, report));
    TRY(compose(cx, &after));
    if (strcmp(after.sha256, sha256_seen) != 0)
        return fail(cx, CONFLICT, "supervision_report.changed", report->name);
    TRY(signature_put(cx, &SUPERVISION_REPORTS, report->id, "filer", after.sha256));
    trail_add(cx, "sign", &SUPERVISION_REPORTS, report, "", after.sha256);
    after.filer_id = cx->actor->person_id;
    after.filed_by = cx->actor->person_name;
    after.filed_at = cx->now;
    after.late =
        report->revision == 1 && cx->now.ms > report_due(cx, report->unit_kind, report->month).ms;
    after.state = REPORT_FILED;
    TRY(record_change(cx, &SUPERVISION_REPORTS, "file", report, &after));
    return tell(cx, &after, "report.filed",
                report->unit_kind == UNIT_DIVISION ? R(OPS) : R(DIVISION), after.filed_by);
}

/* 回执-2026-0001: of the year, without gaps, as nothing is ever taken away. */
static enum result give_receipt(struct ctx *cx, struct supervision_report *report)
{
    int64_t last;
    report->year = date_ymd(instant_date(cx->now, SHANGHAI_OFFSET_MIN)).year;
    TRY(db_int(cx, &q_report_last_receipt, PARAMS(P(report->year)), &last));
    report->serial = (int32_t)last + 1;
    report->receipt = arena_printf(cx->mem, "回执-%d-%04d", report->year, report->serial);
    return OK;
}

enum result report_receive(struct ctx *cx, const struct supervision_report *report)
{
    struct supervision_report after = *report;
    if (report->state != REPORT_FILED)
        return wrong_state(cx, report);
    if (report->filer_id && report->filer_id == cx->actor->person_id)
        return fail(cx, FORBIDDEN, "supervision_report.own", report->name);
    if (!report_is_receivable(cx, report))
        return fail(cx, FORBIDDEN, "supervision_report.other_level", report->name);
    TRY(give_receipt(cx, &after));
    after.received_by = cx->actor->person_name;
    after.received_at = cx->now;
    after.state = REPORT_RECEIVED;
    if (report->unit_kind == UNIT_DIVISION) { /* nothing stands above who received it */
        after.noted_by = after.received_by;
        after.noted_at = cx->now;
        after.state = REPORT_NOTED;
    }
    TRY(record_change(cx, &SUPERVISION_REPORTS, "receive", report, &after));
    return tell(cx, &after, "report.received", after.state == REPORT_RECEIVED ? R(OPS) : 0,
                after.receipt);
}

enum result report_note(struct ctx *cx, const struct supervision_report *report)
{
    struct supervision_report after = *report;
    if (report->state != REPORT_RECEIVED)
        return wrong_state(cx, report);
    after.noted_by = cx->actor->person_name;
    after.noted_at = cx->now;
    after.state = REPORT_NOTED;
    TRY(record_change(cx, &SUPERVISION_REPORTS, "note", report, &after));
    return tell(cx, &after, "report.noted", 0, after.noted_by);
}

enum result report_correct(struct ctx *cx, const struct supervision_report *report,
                           const char *reason, int64_t *out_id)
{
    struct supervision_report next = {.unit_id = report->unit_id,
                                      .month = report->month,
                                      .revision = report->revision + 1,
                                      .corrects_id = report->id,
                                      .correction = reason,
                                      .body = report->body};
    TRY(demand_own(cx, report));
    if (report->state == REPORT_DRAFTED)
        return wrong_state(cx, report);
    if (report->corrected_by_id)
        return fail(cx, CONFLICT, "supervision_report.corrected", report->name);
    check_reason(cx, reason);
    TRY(rejected(cx));
    fields_blank(REPORT_FIELDS, &next);
    TRY(record_add(cx, &SUPERVISION_REPORTS, &next));
    *out_id = next.id;
    return OK;
}

const struct right SUPERVISION_RIGHTS[] = {
    {"supervision_reports.read", R_SUPERVISION | R(AUDIT) | R(FINANCE), "V5.1.3"},
    {"supervision_reports.write", R(PM) | R(DIVISION), "V5.1.3"},
    {"supervision_reports.receive", R(DIVISION) | R(OPS), "V5.1.3"},
    {"supervision_reports.note", R(OPS), "V5.1.3"},
    RIGHTS_END,
};
