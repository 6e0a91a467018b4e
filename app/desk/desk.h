/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The issue desk (C2.7, form C09): problems and complaints found on site are answered and solved in
 * time by the client's dedicated contact. An issue is opened by either side, or by anybody who
 * scans a code on site; it is answered, solved, and confirmed by whom it concerned, or opened
 * again. */
#ifndef DESK_H
#define DESK_H

#include "app/contracts/contract.h"
#include "app/documents/documents.h"
#include "app/duties/duty.h"

enum issue_kind { ISSUE_PROBLEM = 1, ISSUE_COMPLAINT, ISSUE_PRAISE };
enum issue_priority { ISSUE_URGENT = 1, ISSUE_HIGH, ISSUE_NORMAL, ISSUE_LOW };
enum issue_source {
    ISSUE_BY_PHONE = 1,
    ISSUE_ON_SITE,
    ISSUE_BY_SERVED_PARTY,
    ISSUE_BY_QR,
    ISSUE_BY_AGENT,
    ISSUE_BY_OTHER
};
enum issue_state { ISSUE_OPEN = 1, ISSUE_ANSWERED, ISSUE_SOLVED, ISSUE_CLOSED, ISSUE_REOPENED };
enum responsibility {
    RESPONSIBLE_CLIENT = 1,
    RESPONSIBLE_PROVIDER,
    RESPONSIBLE_THIRD_PARTY,
    RESPONSIBLE_NOBODY
};

struct issue {
    RECORD_MEMBERS;
    int32_t year, serial;
    const char *number; /* 问题-2026-0001 */
    int64_t contract_id;
    const char *contract_number, *contract_name;
    enum issue_kind kind;
    enum issue_priority priority;
    enum issue_source source;
    const char *place, *subject, *words;
    const char *reporter;
    struct secret reporter_phone;
    int64_t assigned_id; /* the contract's contact, unless somebody else was named */
    const char *assigned_name;
    int64_t opener_id;
    const char *opened_by;
    struct instant opened_at, reopened_at;
    struct month month;
    struct instant answer_due_at, due_at;
    struct instant answered_at, solved_at, closed_at;
    bool answered_late, solved_late;
    const char *answer, *solution;
    int64_t solver_id;
    enum responsibility responsibility;
    int32_t satisfaction; /* 1 to 5; 0 none */
    const char *remark, *reason;
    int32_t reopened;
    enum issue_state state;
    int64_t link_id;
    const char *code, *origin_hash;
    const char *search_key;
    /* DERIVED: the next deadline, and whether it has passed. */
    struct instant next_due_at;
    bool overdue;
};
extern const struct resource ISSUES;
extern const char *const ISSUE_PRIORITIES[], *const RESPONSIBILITIES[];
extern const struct duty_rule DESK_DUTIES[];
extern const struct right DESK_RIGHTS[];

/* Sets the last moments in time for the first answer and for the solution, by its priority and the
 * calendar as it is now; what is answered or solved has its verdict and keeps them. */
void issue_date(struct ctx *cx, struct issue *issue);

/* ---- steps. All: CONFLICT issue.wrong_state; INVALID without the words that it asks for ---- */

/* May the actor answer, assign and solve it? The contact and whom it is assigned to, the client's
 * leads; a provider when it is assigned to one of its people. Results: FORBIDDEN
 * issue.not_in_charge. */
MUST_USE enum result issue_demand_charge(struct ctx *cx, const struct issue *issue);
MUST_USE enum result issue_answer(struct ctx *cx, const struct issue *before, const char *answer);
/* To whom, and how urgent: a changed priority sets the deadlines anew from its opening. 0 of either
 * keeps what is. Results: INVALID person_id: somebody of neither party. */
MUST_USE enum result issue_assign(struct ctx *cx, const struct issue *before, int64_t person_id,
                                  enum issue_priority priority, const char *reason);
/* Also from open, when the first answer is the solution. */
MUST_USE enum result issue_solve(struct ctx *cx, const struct issue *before, const char *solution,
                                 enum responsibility responsibility);
/* May the actor judge the solution? The client's side and the opener's, but not who solved it.
 * Results: FORBIDDEN issue.own_solution, issue.not_reporter. */
MUST_USE enum result issue_demand_judge(struct ctx *cx, const struct issue *issue);
/* Its reporter is satisfied (1 to 5): closed. */
MUST_USE enum result issue_confirm(struct ctx *cx, const struct issue *before, int64_t satisfaction,
                                   const char *remark);
/* It is not solved after all; the time for its solution begins anew. */
MUST_USE enum result issue_reopen(struct ctx *cx, const struct issue *before, const char *reason);

/* ---- figures ---- */

struct issue_figure {
    struct month month; /* in which they were opened; none: of all months */
    int32_t issues, open, overdue;
    int32_t answer_due, answered_in_time; /* of those that are answered or should be */
    int32_t solve_due, solved_in_time;
    int32_t reopened, rated, satisfaction_sum;
};
extern const struct field ISSUE_FIGURE_FIELDS[];
/* By month from `from` to `to`, of one contract or (0) of all that the actor sees; the total comes
 * first. Results: NOT_FOUND; INVALID when the months are too many. */
#define ISSUE_MONTHS_MOST 36
MUST_USE enum result issue_figures(struct ctx *cx, int64_t contract_id, struct month from,
                                   struct month to, struct issue_figure **out, size_t *out_count);
/* part / whole as "87.50"; NULL when there is nothing to measure. */
const char *figure_ratio(struct arena *arena, int64_t part, int64_t whole, int64_t unit);

/* ---- codes on site ---- */

struct issue_link {
    RECORD_MEMBERS;
    int64_t contract_id;
    const char *contract_number, *contract_name;
    const char *place, *token;
    struct instant renewed_at;
    enum issue_link_state { ISSUE_LINK_ON = 1, ISSUE_LINK_OFF } state;
};
extern const struct resource ISSUE_LINKS;
/* A new token: what hangs on site leads nowhere from now on. */
MUST_USE enum result issue_link_renew(struct ctx *cx, const struct issue_link *before);
/* Results: CONFLICT issue_link.wrong_state. */
MUST_USE enum result issue_link_switch(struct ctx *cx, const struct issue_link *before, bool on);

/* ---- reports by anybody who scans one ---- */

#define REPORT_PHOTOS_MOST 6
extern const struct field REPORT_INPUT[]; /* of struct issue: what such a report says */

/* Results: NOT_FOUND report.no_link. */
MUST_USE enum result report_link(struct ctx *cx, const char *token, struct issue_link *out);
/* May it take another report from this address? Results: CONFLICT report.closed (switched off, or
 * the contract is not in force); TOO_MANY report.too_many (seconds). */
MUST_USE enum result report_demand_open(struct ctx *cx, const struct issue_link *link);
/* Fills issue->code. */
MUST_USE enum result report_add(struct ctx *cx, const struct issue_link *link, struct issue *issue,
                                struct upload *photos, size_t count);
/* Results: NOT_FOUND report.no_report. */
MUST_USE enum result report_get(struct ctx *cx, const struct issue_link *link, const char *code,
                                struct issue *out);
/* Satisfied (1 to 5), or 0: not, with the reason. */
MUST_USE enum result report_judge(struct ctx *cx, const struct issue *issue, int64_t satisfaction,
                                  const char *words);

#endif
