/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The month (C2.4): what a contract's people come to in it, from evidence to a locked result.
 *
 * A month opens by itself where a scheme is in force. Its evidence is closed by the clock, then the
 * provider computes, publishes and, once nobody's appeal is open, locks it. What is locked never
 * changes: a later correction is an adjustment line in a month that is still open. A published
 * month is reopened by two people, one who asks with a reason and another who agrees. */
#ifndef MONTH_H
#define MONTH_H

#include "app/scores/scheme.h"

/* ---- how the parties read "before the 2nd" ---- */

struct month_rule {
    RECORD_MEMBERS;
    int64_t contract_id;
    const char *contract_name;
    struct month from_month;
    int32_t evidence_day; /* of the next month */
    bool inclusive;       /* that day itself is in time */
    bool rolls_over;      /* when it is no working day: the next one */
    int32_t appeal_days;  /* working days after publication */
    int64_t letter_id;
    const char *letter_number;
};
extern const struct resource MONTH_RULES;
/* As they agreed for that month, else as it is usually read: up to the end of the 2nd, whatever day
 * that is, and three working days for appeals. */
MUST_USE enum result month_rule_for(struct ctx *cx, int64_t contract_id, struct month month,
                                    struct month_rule *out);
/* The last millisecond at which evidence counts for the month. */
struct instant month_evidence_by(struct ctx *cx, const struct month_rule *rule, struct month month);
extern const struct letter_type LETTER_MONTH_RULES;

/* ---- months ---- */

enum month_state {
    MONTH_OPEN = 1,
    MONTH_EVIDENCE_CLOSED,
    MONTH_COMPUTED,
    MONTH_PUBLISHED,
    MONTH_LOCKED
};
struct appraisal_month {
    RECORD_MEMBERS;
    int64_t contract_id, unit_id, provider_id, client_id;
    const char *contract_number, *contract_name;
    struct month month;
    struct instant evidence_by, closed_at;
    struct instant computed_at;
    int64_t computer_id;
    const char *computed_by;
    int32_t people;
    const char *sha256;         /* of the list of its sheets' digests */
    const char *blank;          /* indicators of which nobody at all has a value, by name */
    const char *publish_reason; /* why it was published all the same */
    struct instant published_at, appeal_by;
    int64_t publisher_id;
    struct instant locked_at;
    int64_t locker_id;
    struct instant reopen_asked_at; /* until a second person does it; none: nobody asks */
    int64_t reopener_id;
    const char *reopen_asked_by, *reopen_reason;
    enum month_state state;
    struct instant overdue_since; /* the oldest step of it that nobody took in time; none */
};
extern const struct resource MONTHS;
extern const char *const MONTH_STATES[];

/* Of a contract. Results: NOT_FOUND without a fault. */
MUST_USE enum result month_of_contract(struct ctx *cx, int64_t contract_id, struct month month,
                                       struct appraisal_month *out);

/* ---- its life. All: CONFLICT month.wrong_state ---- */

/* open -> evidence_closed, once the cut-off is over. Results: CONFLICT month.evidence_open. */
MUST_USE enum result month_close_evidence(struct ctx *cx, const struct appraisal_month *month);
/* evidence_closed or computed -> computed: a sheet for everybody, by the schemes that hold for the
 * month; done again it gives the same. Results: CONFLICT month.evidence_unverified while the
 * provider has not decided about evidence that came in time, month.corrections_open while nobody
 * else has looked at a correction, month.no_scheme. */
MUST_USE enum result month_compute(struct ctx *cx, const struct appraisal_month *month);
/* computed -> published: everybody sees the own sheet, and whoever was among the first three for
 * three months is nominated (C2.10). Results: INVALID without `reason` where nobody at all has a
 * value of an indicator. */
MUST_USE enum result month_publish(struct ctx *cx, const struct appraisal_month *month,
                                   const char *reason);
/* published -> locked. Who neither acknowledged nor appealed in time counts as having acknowledged.
 * Results: CONFLICT month.appeals_open, month.appeal_time_runs. */
MUST_USE enum result month_lock(struct ctx *cx, const struct appraisal_month *month);
/* published -> evidence_closed, by the second of two people: the first one gives the reason.
 * *out_done: it is reopened. Results: FORBIDDEN month.second_person; INVALID without reason. */
MUST_USE enum result month_reopen(struct ctx *cx, const struct appraisal_month *month,
                                  const char *reason, bool *out_done);

/* A job, each minute: opens months, closes the evidence of those whose cut-off is over; who said
 * nothing until the time for appeals was over counts as having acknowledged. */
MUST_USE enum result months_sweep(struct ctx *cx);

/* ---- the board ---- */

struct month_figures {
    int32_t evidence, undecided, late; /* pieces of it */
    int32_t sheets, acknowledged, silent, waiting, without_total, lacking;
    int32_t appeals, appeals_open;
};
extern const struct field MONTH_FIGURE_FIELDS[];
MUST_USE enum result month_figures(struct ctx *cx, const struct appraisal_month *month,
                                   struct month_figures *out);

/* Somebody for whom an indicator has no value as things stand. */
struct month_missing {
    int64_t person_id;
    const char *person_name, *agent_code;
    const char *indicators; /* their names */
};
extern const struct field MONTH_MISSING_FIELDS[];
/* An indicator, and for how many of those concerned it has no value. */
struct month_lack {
    const char *indicator, *measure; /* its name; "" of one by hand */
    int32_t people, of;
};
extern const struct field MONTH_LACK_FIELDS[];
struct month_gaps {
    struct month_missing *people;
    struct month_lack *lacks;
    size_t people_count, lack_count;
};
MUST_USE enum result month_missing(struct ctx *cx, const struct appraisal_month *month,
                                   struct month_gaps *out);

extern const struct duty_rule MONTH_DUTIES[];
extern const struct right APPRAISAL_RIGHTS[];

#endif
