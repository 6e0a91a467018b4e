/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Settlement (V3.3, X2, X3, X4): from a contract's terms to what finance pays.
 *
 * Both sides agree in writing by which functions money is taken off (deduction rules). The client
 * records with evidence what a rule is about (deduction events); the provider may object within its
 * time, which suspends the money until somebody else has decided. A statement is worked out from
 * the fee, the final evaluation, the rules and the events of a month; sending it freezes it under a
 * digest. The provider agrees or disputes; finance approves and pays, or sends it back with a
 * reason, and can change nothing. What proves otherwise later comes as a line of a later
 * statement. */
#ifndef SETTLEMENT_H
#define SETTLEMENT_H

#include "app/acceptances/acceptance.h"
#include "app/letters/letter.h"
#include "app/scores/scheme.h"
#include "app/settlement/deduct.h"

/* ---- rules ---- */

/* All rules of a contract that one letter agreed on hold together, from a month on. */
struct deduction_rule {
    RECORD_MEMBERS;
    int64_t contract_id;
    const char *contract_name;
    struct month from_month;
    int32_t place;
    const char *name, *term; /* the contract's term that it rests on: "6.2" */
    enum deduct_function function;
    enum deduct_trigger rests_on;
    struct points line, share, step;
    struct money rate_fen, most_fen;
    int32_t free, factor;
    int64_t letter_id;
    const char *letter_number;
};
extern const struct resource DEDUCTION_RULES;
struct deduct_terms rule_terms(const struct deduction_rule *rule);
#define DEDUCTION_RULES_MOST 40
/* Those that hold in a month, in their order. */
MUST_USE enum result deduction_rules_for(struct ctx *cx, int64_t contract_id, struct month month,
                                         struct deduction_rule **out, size_t *out_count);
extern const struct letter_type LETTER_DEDUCTION_RULES;

/* ---- events ---- */

enum deduction_event_state {
    EVENT_DRAFTED = 1,
    EVENT_TOLD,
    EVENT_OBJECTED,
    EVENT_STANDS,  /* the provider agreed, or the objection was rejected */
    EVENT_DROPPED, /* the objection was upheld, or the client took it back */
};
struct deduction_event {
    RECORD_MEMBERS;
    int64_t contract_id, provider_id, client_id, unit_id;
    const char *contract_name;
    int64_t rule_id;
    const char *rule_name, *term;
    struct date day;
    struct month month; /* of `day` */
    const char *fact;
    struct points points;
    struct money amount_fen; /* stated, of an external one */
    int64_t recorder_id;
    const char *recorded_by;
    struct instant told_at, object_by;
    const char *objection;
    int64_t objector_id;
    const char *objected_by;
    struct instant objected_at;
    int64_t decider_id;
    const char *decided_by, *reason;
    struct instant decided_at;
    int64_t settlement_id; /* in whose statement it was settled; 0: in none yet */
    enum deduction_event_state state;
};
extern const struct resource DEDUCTION_EVENTS;
/* drafted -> told, once there is evidence. Results of all: CONFLICT deduction_event.wrong_state;
 * of this one also deduction_event.no_evidence. */
MUST_USE enum result deduction_event_tell(struct ctx *cx, const struct deduction_event *event);
/* told -> stands, by the provider. */
MUST_USE enum result deduction_event_accept(struct ctx *cx, const struct deduction_event *event);
/* told -> objected, by the provider in its time. CONFLICT deduction_event.time_over. */
MUST_USE enum result deduction_event_object(struct ctx *cx, const struct deduction_event *event,
                                            const char *objection);
/* objected -> dropped (upheld) or stands, by another person than who recorded it. FORBIDDEN
 * deduction_event.own. */
MUST_USE enum result deduction_event_decide(struct ctx *cx, const struct deduction_event *event,
                                            bool upheld, const char *reason);
/* drafted or told -> dropped, with the reason. */
MUST_USE enum result deduction_event_drop(struct ctx *cx, const struct deduction_event *event,
                                          const char *reason);
/* Does it cost money now: it stands, or the time to object is over? */
bool deduction_event_counts(const struct ctx *cx, const struct deduction_event *event);

/* ---- corrections ---- */

/* What an earlier statement got wrong, as a line of a later one: written by one, approved by
 * another. More than nothing is paid on top. */
enum correction_state { CORRECTION_DRAFTED = 1, CORRECTION_APPROVED, CORRECTION_DROPPED };
struct settlement_correction {
    RECORD_MEMBERS;
    int64_t settlement_id; /* that it corrects */
    int64_t contract_id, provider_id, client_id, unit_id;
    const char *contract_name;
    struct month month; /* of that one */
    struct money amount_fen;
    const char *reason;
    int64_t recorder_id;
    const char *recorded_by;
    int64_t approver_id;
    const char *approved_by;
    int64_t settled_id; /* the statement with the line; 0: none yet */
    enum correction_state state;
};
extern const struct resource SETTLEMENT_CORRECTIONS;
/* drafted -> approved. FORBIDDEN settlement.same_person. CONFLICT correction.wrong_state. */
MUST_USE enum result correction_approve(struct ctx *cx,
                                        const struct settlement_correction *correction);
MUST_USE enum result correction_drop(struct ctx *cx, const struct settlement_correction *correction,
                                     const char *reason);

/* ---- statements ---- */

/* Of a one-off contract (X3): what was accepted, less what is kept back for the warranty; and after
 * the warranty what was kept back, less what others had to mend. */
enum settlement_kind { SETTLEMENT_MONTH = 1, SETTLEMENT_ACCEPTANCE, SETTLEMENT_RETENTION };
enum settlement_state {
    SETTLEMENT_DROPPED = 1, /* before anybody sent it */
    SETTLEMENT_DRAFTED,
    SETTLEMENT_SENT,
    SETTLEMENT_AGREED,
    SETTLEMENT_DISPUTED,
    SETTLEMENT_APPROVED,
    SETTLEMENT_PAID
};
struct settlement {
    RECORD_MEMBERS;
    const char *name; /* month and contract */
    int64_t contract_id, provider_id, client_id, unit_id;
    const char *contract_number, *contract_name, *provider_name, *client_name;
    enum settlement_kind kind;
    struct month month;
    int32_t round; /* how often it was sent */
    struct money fee_fen;
    int64_t evaluation_id, acceptance_id;
    bool scored;
    struct points total;
    enum grade grade;          /* 0: none */
    struct money deducted_fen; /* by rules, within the caps */
    struct money adjusted_fen; /* by lines about earlier months, in the same sense: taken off */
    struct points retention_share;
    struct money retained_fen, payable_fen;
    bool keeps_back;   /* something that was not released yet */
    bool cap_reached;  /* the total cap of the contract is used up */
    const char *lines; /* canonical JSON of settlement_line, since it was sent */
    const char *sha256;
    int64_t creator_id, drafter_id; /* who made it; who sent it, once it was sent */
    const char *drafted_by;
    struct instant sent_at, answer_by, answered_at;
    int64_t answerer_id;
    const char *answered_by, *objection;
    int64_t decider_id;
    const char *decided_by, *decision;
    int64_t approver_id;
    const char *approved_by;
    struct instant approved_at;
    const char *returned; /* why finance sent it back */
    struct date paid_on;
    const char *voucher;
    int64_t payer_id;
    const char *paid_by;
    struct instant paid_at;
    enum settlement_state state;
};
extern const struct resource SETTLEMENTS;

/* One amount, with all that it follows from. */
enum settlement_line_kind {
    LINE_RULE = 1, /* this month's, by a rule */
    LINE_LATE,     /* by a rule, of an earlier month that was settled before */
    LINE_CORRECTION,
    LINE_CAPPED, /* what the caps give back; or take back of a late line that gives back */
    LINE_CLAIM   /* what the provider did not mend in the warranty, and others did */
};
struct settlement_line {
    enum settlement_line_kind kind;
    struct month month;
    int64_t rule_id, correction_id, defect_id;
    const char *rule, *term; /* names; the contract's term */
    enum deduct_function function;
    struct money fee_fen; /* of that month */
    bool scored;
    struct points total, taken;
    int32_t events, person_days, missing;
    struct money former_fen; /* what was settled of it before */
    struct points points;    /* that the amount stands for */
    struct money amount_fen; /* taken off; less than nothing: given back */
    const char *evidence;    /* ids of deduction events, with spaces between */
    const char *findings;    /* ids of notices of rectification, likewise */
    const char *stated;      /* fen of each external event, with spaces between */
    const char *reason;      /* of a correction */
    const char *words;       /* for whoever reads it, and kept nowhere */
};
/* As it is kept, and as it is shown. */
extern const struct field SETTLEMENT_LINE_FIELDS[], SETTLEMENT_LINE_SHOWN[];
extern const char *const SETTLEMENT_LINE_KINDS[];
/* As they are now while it is drafted, as they were frozen after. */
MUST_USE enum result settlement_lines(struct ctx *cx, const struct settlement *settlement,
                                      struct settlement_line **out, size_t *out_count);
/* What a line says in words, with its figures. */
MUST_USE enum result settlement_line_words(struct ctx *cx, const struct settlement_line *line,
                                           enum lang lang, const char **out);

/* What it would be if it were sent now; one that was sent already: as it is. */
MUST_USE enum result settlement_now(struct ctx *cx, const struct settlement *settlement,
                                    struct settlement *out);
/* What it still lacks before it may be sent, or paid: rejects all at once, CONFLICT
 * settlement.not_ready. The briefing (V5.1.2), the final evaluation or the acceptance (V3.3, X3),
 * the month or the warranty being over. */
MUST_USE enum result settlement_demand_ready(struct ctx *cx, const struct settlement *settlement);

/* ---- steps. All: CONFLICT settlement.wrong_state ---- */

/* drafted -> dropped, by its side, as long as nobody sent it. CONFLICT settlement.was_sent. */
MUST_USE enum result settlement_drop(struct ctx *cx, const struct settlement *settlement,
                                     const char *reason);
/* drafted -> sent: frozen and signed. CONFLICT settlement.changed. */
MUST_USE enum result settlement_send(struct ctx *cx, const struct settlement *settlement,
                                     const char *sha256_seen);
/* sent -> agreed, signed by the provider; or disputed, with words. */
MUST_USE enum result settlement_agree(struct ctx *cx, const struct settlement *settlement,
                                      const char *sha256_seen);
MUST_USE enum result settlement_dispute(struct ctx *cx, const struct settlement *settlement,
                                        const char *objection);
/* disputed, or sent and not answered in time: upheld -> drafted anew; not -> agreed by decision. By
 * another person than the drafter. FORBIDDEN settlement.same_person. */
MUST_USE enum result settlement_decide(struct ctx *cx, const struct settlement *settlement,
                                       bool upheld, const char *reason);
/* agreed -> approved, by finance, never by the drafter. */
MUST_USE enum result settlement_approve(struct ctx *cx, const struct settlement *settlement,
                                        const char *sha256_seen);
/* agreed -> drafted, with the reason. */
MUST_USE enum result settlement_return(struct ctx *cx, const struct settlement *settlement,
                                       const char *reason);
/* approved -> paid. */
MUST_USE enum result settlement_pay(struct ctx *cx, const struct settlement *settlement,
                                    struct date paid_on, const char *voucher);

/* Works out each approved statement again from what it says it follows from, and asks whether what
 * it names still stands so. *out_count: how many are right; *out_broken: the first that is not
 * (0: none). */
MUST_USE enum result settlements_verify(struct ctx *cx, int64_t *out_count, int64_t *out_broken,
                                        const char **out_what);

extern const struct duty_rule SETTLEMENT_DUTIES[];
extern const struct right SETTLEMENT_RIGHTS[];

#endif
