/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Projects supervise by the contract and report the results to the division and the operations
 * centre, which keep them for the record (V5.1.3, 备查).
 *
 * A report is about one project and one month. While it is a draft its figures follow the records;
 * filing freezes them, each with the records behind it, and signs the whole. The division receives
 * it under a receipt number, the operations centre notes it. What was filed never changes: a
 * correction is a new revision that refers to it.
 *
 * A division's report is the sum of what its projects filed, with their reports behind each figure;
 * the operations centre receives it under a receipt number, which is its end.
 *
 * What a report consists of are sections, which the slices declare as data. */
#ifndef SUPERVISION_REPORT_H
#define SUPERVISION_REPORT_H

#include "app/contracts/contract.h"

enum report_state { REPORT_DRAFTED = 1, REPORT_FILED, REPORT_RECEIVED, REPORT_NOTED };

struct supervision_report {
    RECORD_MEMBERS;
    int64_t organisation_id, unit_id;
    const char *organisation_name, *unit_name;
    enum unit_kind unit_kind; /* a project or a division */
    const char *name;         /* "滨河花园 2026-10" */
    struct month month;
    int32_t revision;
    int64_t corrects_id, corrected_by_id; /* the revisions before and after; 0 none */
    const char *correction;
    const char *body;    /* what the project manager says about it */
    const char *figures; /* frozen, canonical; "" while it is a draft */
    int64_t author_id, filer_id;
    const char *author_name, *filed_by;
    struct instant filed_at;
    bool late;
    int32_t year, serial;
    const char *receipt;
    const char *received_by, *noted_by;
    struct instant received_at, noted_at;
    const char *sha256, *signed_text;
    enum report_state state;
};
extern const struct resource SUPERVISION_REPORTS;

/* ---- sections: what is reported ---- */

struct report_figure_rule {
    const char *name;
    const struct resource *resource;
    /* Which records it counts: SQL over its table as `t`. :unit is the project; :from and :to the
     * first moment of the month and of the next one; :first and :last its days; :month itself;
     * :soon the day sixty days after it. */
    const char *where;
    /* An expression in milliseconds, of which the average is shown, too; NULL: none. */
    const char *lasting;
    bool bad;           /* more than none needs a word */
    const char *amount; /* An expression in fen, of which the sum is shown, too; NULL: none. */
};
struct report_section {
    const char *name, *clause;
    const struct report_figure_rule *figures; /* ends with a name of NULL */
    bool drawn; /* its figures are parts of one thing, or stages of it: beside each other in a chart
                 */
};
/* The slices' sections, NULL-terminated; once at start. */
void reports_use(const struct report_section *const *sections);
/* NULL at the end. */
const struct report_section *report_section_at(size_t index);
/* Of what this program supervises so far, in the order of a report. */
extern const struct report_section REPORT_CONTRACTS, REPORT_DUTIES, REPORT_LETTERS, REPORT_ISSUES,
    REPORT_CALLS, REPORT_CERTIFICATES, REPORT_INSPECTIONS, REPORT_RECTIFICATIONS,
    REPORT_EVALUATIONS, REPORT_DEDUCTIONS, REPORT_SUBCONTRACTING, REPORT_HEAD_COUNTS, REPORT_AUDIT;

/* A figure as it is frozen: how many, and which. */
struct report_figure {
    const char *section, *name, *resource;
    int32_t count;
    int32_t minutes;         /* the average, where one is asked for and there are any records */
    struct money amount_fen; /* the sum, where one is asked for */
    bool bad;
    const char *records; /* ids with spaces between, the first REPORT_RECORDS_MOST of them */
};
#define REPORT_RECORDS_MOST 500
#define REPORT_FIGURES_MOST 200
extern const struct field REPORT_FIGURE_FIELDS[];
/* The frozen ones, or of a draft those that hold now. */
MUST_USE enum result report_figures(struct ctx *cx, const struct supervision_report *report,
                                    struct report_figure **out, size_t *out_count);
/* "duties.overdue"; NULL: there is none. */
const struct report_figure *report_figure_find(const struct report_figure *figures, size_t count,
                                               const char *name);

/* ---- its life. All: CONFLICT supervision_report.wrong_state ---- */

/* The digest that is signed; also of a draft. */
MUST_USE enum result report_digest(struct ctx *cx, const struct supervision_report *report,
                                   const char **out);
/* drafted -> filed, signed. Results: CONFLICT supervision_report.month_not_over,
 * supervision_report.changed (`sha256_seen` is not what would be signed now); INVALID without
 * words. */
MUST_USE enum result report_file(struct ctx *cx, const struct supervision_report *report,
                                 const char *sha256_seen);
/* filed -> received, under the next receipt number; a division's -> noted at once. Results:
 * FORBIDDEN supervision_report.own, supervision_report.other_level. */
bool report_is_receivable(const struct ctx *cx, const struct supervision_report *report);
MUST_USE enum result report_receive(struct ctx *cx, const struct supervision_report *report);
/* received -> noted. */
MUST_USE enum result report_note(struct ctx *cx, const struct supervision_report *report);
/* A draft of the next revision, which says why: *out_id. Results: CONFLICT
 * supervision_report.corrected; INVALID without reason. */
MUST_USE enum result report_correct(struct ctx *cx, const struct supervision_report *report,
                                    const char *reason, int64_t *out_id);

/* May the actor write this one: of a project its manager, of a division the division itself? */
bool report_is_own(const struct ctx *cx, enum unit_kind kind);
/* The last moment in time for the report about a month. */
struct instant report_due(struct ctx *cx, enum unit_kind kind, struct month month);

extern const struct right SUPERVISION_RIGHTS[];
extern const struct duty_rule SUPERVISION_DUTIES[];

#endif
