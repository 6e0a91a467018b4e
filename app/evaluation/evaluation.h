/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Evaluation (评价): of the long-term contracts of providers, and of supervision itself by project
 * (V3.1, V6.1.1).
 *
 * An evaluation is about one contract or project and one month, quarter or year. While it is
 * drafted its figures follow the records; submitting freezes them line by line. Then the audit
 * centre has its chance, within so many working days (V3.2): it objects with a reason, and the
 * evaluator answers and submits anew, or it lets it pass, or the time does. Only then the other
 * party is told, and may object in its time, once (X4); somebody else than the evaluator decides,
 * and what is upheld is worked out anew and goes before the audit centre again. Then it is final,
 * and never changes. Nothing final without both. */
#ifndef EVALUATION_H
#define EVALUATION_H

#include "app/evaluation/period.h"
#include "app/scores/sheet_line.h"

/* ---- campaigns ---- */

enum campaign_state { CAMPAIGN_PLANNED = 1, CAMPAIGN_OPEN, CAMPAIGN_CLOSED };
/* The operations centre has all contracts, or all projects, of the company evaluated (V3.1). */
struct evaluation_campaign {
    RECORD_MEMBERS;
    int64_t organisation_id;
    enum scheme_subject subject;
    const char *period, *name;
    struct date submit_by;
    bool repeats; /* the clock opens the next one when the next period is over */
    int64_t opener_id;
    const char *opened_by;
    struct instant opened_at;
    struct instant worked_at; /* all its drafts, last; none: never */
    enum campaign_state state;
};
extern const struct resource EVALUATION_CAMPAIGNS;

/* Whom there is to evaluate, and how far it has come. */
struct campaign_row {
    int64_t subject_id, unit_id, evaluation_id; /* 0: none */
    int64_t provider_id, scheme_id;             /* 0: of a project; there is none */
    const char *path;                           /* of the unit */
    const char *name, *unit_name, *provider_name;
    enum service service;
    bool briefed;
    /* Of the evaluation; "" none. Of a draft: as it was worked out. */
    const char *state, *grade, *ungraded;
    bool scored;
    struct points total;
    /* Why there is none: "briefing" (V5.1.2), "scheme", "period" (it is not over). "": there is
     * one, or can be. */
    const char *lacks;
};
extern const struct field CAMPAIGN_ROW_FIELDS[];
MUST_USE enum result campaign_rows(struct ctx *cx, const struct evaluation_campaign *campaign,
                                   struct campaign_row **out, size_t *out_count);
/* planned -> open, with a draft for whatever can be evaluated; open: for what can be now and could
 * not before. All drafts are worked out. Results: CONFLICT campaign.period_runs. */
MUST_USE enum result campaign_open(struct ctx *cx, const struct evaluation_campaign *campaign,
                                   int64_t *out_drafts);
/* What each draft that the actor sees would come to if it were submitted now: total and grade are
 * kept for lists, until somebody submits it and its figures are taken anew. *out_drafts: how many.
 * Results: CONFLICT campaign.not_open. */
MUST_USE enum result campaign_work_out(struct ctx *cx, const struct evaluation_campaign *campaign,
                                       int64_t *out_drafts);
/* open -> closed: no more drafts come of it, and what is on its way goes on. Results: CONFLICT
 * campaign.not_open, campaign.drafts_left while one is still to be submitted. */
MUST_USE enum result campaign_close(struct ctx *cx, const struct evaluation_campaign *campaign);
/* A job: opens campaigns whose period is over, works their drafts out once a day, ends the time of
 * audit and of objections. */
MUST_USE enum result evaluations_sweep(struct ctx *cx);

/* ---- evaluations ---- */

enum evaluation_state {
    EVALUATION_DRAFTED = 1,
    EVALUATION_SUBMITTED,
    EVALUATION_AUDITED,
    EVALUATION_OBJECTED,
    EVALUATION_FINAL
};
/* Why there is no grade. The last two hold whatever the scheme says: what nobody inspected is not
 * graded (V3.5), and neither is supervision that planned nothing (V6.1.1). */
enum ungraded { UNGRADED_NOTHING = 1, UNGRADED_NEEDED, UNGRADED_UNINSPECTED, UNGRADED_UNPLANNED };
struct evaluation {
    RECORD_MEMBERS;
    enum scheme_subject subject; /* SCHEME_CONTRACT or SCHEME_PROJECT */
    int64_t contract_id, unit_id, provider_id, client_id;
    const char *name; /* DERIVED: of the contract or project, with the period */
    const char *contract_number, *contract_name, *unit_name, *provider_name, *scheme_name;
    enum service service;
    int64_t campaign_id, scheme_id;
    const char *period;
    struct instant submit_by;
    bool scored; /* false: there is no total, which is not 0, and no grade */
    struct points total, total_before;
    enum grade grade;
    enum ungraded ungraded; /* 0 of one that is scored */
    bool vetoed;
    const char *lines; /* canonical JSON of sheet_line, since it was submitted */
    const char *given; /* canonical JSON of evaluation_given */
    const char *note;
    int32_t rule_version;
    const char *sha256;
    int64_t evaluator_id, first_evaluator_id; /* who submitted it last, and first */
    const char *evaluated_by;
    struct instant submitted_at, audit_by, audited_at;
    int64_t auditor_id; /* 0: its time passed */
    const char *audited_by;
    struct instant told_at, object_by;
    bool heard; /* an objection of the other party was decided */
    struct instant final_at;
    enum evaluation_state state;
};
extern const struct resource EVALUATIONS;

/* Points that a person gives by hand for an indicator, or that an upheld objection gives back. */
struct evaluation_given {
    const char *indicator; /* "" of an objection */
    int64_t objection_id;
    struct points points;
    const char *reason;
    int64_t giver_id; /* 0 of what was given before it was kept */
};

/* What it would be if it were submitted now: total, grade, lines, digest. Of any but a drafted or
 * objected one: as it was frozen. */
MUST_USE enum result evaluation_now(struct ctx *cx, const struct evaluation *evaluation,
                                    struct evaluation *out);
MUST_USE enum result evaluation_lines(struct ctx *cx, const struct evaluation *evaluation,
                                      struct sheet_line **out, size_t *out_count);
MUST_USE enum result evaluation_scheme(struct ctx *cx, const struct evaluation *evaluation,
                                       struct scheme *out);
/* Final, of that contract and period ("2026-11"), for what is paid by it (V3.3). Results: NOT_FOUND
 * evaluation.none_final. Ignores the scope. */
MUST_USE enum result evaluation_final_of(struct ctx *cx, int64_t contract_id, const char *period,
                                         struct evaluation *out);

/* ---- steps. All: CONFLICT evaluation.wrong_state ---- */

/* Has the actor said how it stands to the provider, and is there nothing between them? Results:
 * CONFLICT evaluation.declare_first; FORBIDDEN evaluation.interested. (interest.c) */
MUST_USE enum result interest_demand(struct ctx *cx, int64_t provider_id);

/* What is no judgement is stopped by a declared interest alone, not by silence. */
MUST_USE enum result interest_bar(struct ctx *cx, int64_t provider_id);

/* By hand, for an indicator of the method `manual`, while it is drafted or objected to by audit.
 * Results: INVALID without reason. */
MUST_USE enum result evaluation_give(struct ctx *cx, const struct evaluation *evaluation,
                                     const char *indicator, struct points points,
                                     const char *reason);
/* drafted -> submitted. `sha256_seen`: "" or the digest that was shown. One without a grade is
 * submitted by whoever says that this is meant. Results: CONFLICT evaluation.changed; FORBIDDEN
 * evaluation.own_project, of a project by its own people; INVALID without that word. */
MUST_USE enum result evaluation_submit(struct ctx *cx, const struct evaluation *evaluation,
                                       const char *note, bool without_grade,
                                       const char *sha256_seen);
/* submitted -> drafted, before audit did anything; with the reason, for audit to see. */
MUST_USE enum result evaluation_withdraw(struct ctx *cx, const struct evaluation *evaluation,
                                         const char *reason);
/* submitted -> audited: audit lets it pass, and the other party is told. */
MUST_USE enum result evaluation_pass(struct ctx *cx, const struct evaluation *evaluation);
/* submitted -> objected, by audit with its reason, in its time; audited -> objected, by the other
 * party in its; or final -> objected, reopened by audit: what was proposed from it lapses. Results:
 * CONFLICT evaluation.time_over, evaluation.heard_already, evaluation.paid_by or
 * evaluation.consequence_told where something rests on a final one. */
MUST_USE enum result evaluation_object(struct ctx *cx, const struct evaluation *evaluation,
                                       const char *line, const char *words, int64_t *out_id);
/* *out_fault: why a final one is not reopened; "" it may be. */
MUST_USE enum result evaluation_may_reopen(struct ctx *cx, const struct evaluation *evaluation,
                                           const char **out_fault);
/* objected by audit -> submitted, worked out anew, with an answer. */
MUST_USE enum result evaluation_answer(struct ctx *cx, const struct evaluation *evaluation,
                                       const char *answer);
/* audited -> final: the other party agrees. */
MUST_USE enum result evaluation_accept(struct ctx *cx, const struct evaluation *evaluation);

/* ---- objections ---- */

enum objection_source { OBJECTION_OF_AUDIT = 1, OBJECTION_OF_PARTY };
enum objection_state {
    OBJECTION_OPEN = 1,
    OBJECTION_ANSWERED,
    OBJECTION_UPHELD,
    OBJECTION_REJECTED
};
struct evaluation_objection {
    RECORD_MEMBERS;
    int64_t evaluation_id;
    const char *period, *subject_name;
    int64_t contract_id, unit_id, provider_id, client_id; /* of the evaluation */
    enum objection_source source;
    const char *line, *words;
    int64_t maker_id;
    const char *made_by;
    struct instant decide_by;
    int64_t decider_id;
    const char *decided_by;
    struct instant decided_at;
    const char *reason;
    struct points points, total_before, total_after;
    enum objection_state state;
};
extern const struct resource EVALUATION_OBJECTIONS;
/* May the actor decide about it: did that one neither make it nor have a hand in the evaluation
 * (submit it first or last, answer audit about it, give points by hand)? */
MUST_USE enum result objection_may_decide(struct ctx *cx,
                                          const struct evaluation_objection *objection, bool *out);
/* The most points that upholding it may give back: what its line, or all, is short of. */
MUST_USE enum result objection_most(struct ctx *cx, const struct evaluation_objection *objection,
                                    struct points *out);
/* The other party's, by somebody who may decide about it. Upheld with the points that it
 * gives back, worked out anew, and before audit again. Results: FORBIDDEN
 * evaluation.own_decision; CONFLICT objection.wrong_state; INVALID. */
MUST_USE enum result objection_uphold(struct ctx *cx, const struct evaluation_objection *objection,
                                      struct points points, const char *reason);
MUST_USE enum result objection_reject(struct ctx *cx, const struct evaluation_objection *objection,
                                      const char *reason);

/* ---- ranking and trend ---- */

struct ranking_row {
    int64_t provider_id;
    const char *provider_name;
    int32_t rank, contracts;
    struct points mean, lowest;
    int32_t excellent, good, pass, fail;
};
extern const struct field RANKING_FIELDS[];
/* Providers of a service (0: any) by the mean of their final evaluations of a period. */
MUST_USE enum result evaluation_ranking(struct ctx *cx, enum service service, const char *period,
                                        struct ranking_row **out, size_t *out_count);
/* The last month in which anything is final; "" none. */
MUST_USE enum result evaluation_month_last(struct ctx *cx, const char **out);
struct trend_row {
    int64_t provider_id;
    const char *period;
    struct points mean;
    int32_t contracts;
};
extern const struct field TREND_FIELDS[];
/* The same by period of the same kind, from the first one to the last one with it. */
MUST_USE enum result evaluation_trend(struct ctx *cx, enum service service, const char *first,
                                      const char *last, struct trend_row **out, size_t *out_count);

/* ---- proof ---- */

/* Works out each submitted evaluation again from its frozen values by its scheme.
 * *out_evaluations: how many give what they say; *out_broken: the first that does not (0: none),
 * and what of it differs. */
MUST_USE enum result evaluations_verify(struct ctx *cx, int64_t *out_evaluations,
                                        int64_t *out_broken, const char **out_what);

extern const struct measure EVALUATION_MEASURES[];
extern const struct duty_rule EVALUATION_DUTIES[];
extern const struct right EVALUATION_RIGHTS[];

#endif
