/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pay (C2.4, C2.5): what the provider's people earn by the month's results.
 *
 * Terms, rules and the local minimum wage are the provider's data, each from a month on; what was
 * paid by them never changes. A pay sheet is worked out from a locked month, drafted by one person
 * and approved by another, and then stands for ever; what proves wrong later comes as an adjustment
 * into a later month. The client sees nothing of it, a person the own slip. */
#ifndef PAY_H
#define PAY_H

#include "app/pay/wage.h"
#include "app/scores/scheme.h"

/* Of one person, or of everybody of a job who has none of the own. */
struct pay_terms {
    RECORD_MEMBERS;
    int64_t provider_id, person_id;
    enum job job;
    const char *whose;
    struct month from_month;
    struct money base_fen, performance_base_fen; /* of a whole month */
    const char *note;
};
extern const struct resource PAY_TERMS;

struct pay_rule {
    RECORD_MEMBERS;
    int64_t provider_id, contract_id;
    const char *contract_name;
    enum scheme_subject subject;
    struct month from_month;
    enum pay_method method;
    const char *bands;
    enum unscored unscored;
    struct points month_days, sick_share;
    const char *region; /* whose minimum wage guards it */
    const char *note;
};
extern const struct resource PAY_RULES;

struct minimum_wage {
    RECORD_MEMBERS;
    int64_t provider_id;
    const char *region;
    struct month from_month;
    struct money amount_fen;
    struct points deduction_share; /* of a month's wage, per cent */
    struct points sick_floor;      /* of the amount, per cent */
    const char *basis;
};
extern const struct resource MINIMUM_WAGES;

/* ---- beside the result ---- */

enum pay_entry_kind { ENTRY_ADJUSTMENT = 1, ENTRY_COMPENSATION };
enum pay_entry_state { ENTRY_DRAFT = 1, ENTRY_AGREED, ENTRY_APPROVED, ENTRY_VOID };

/* What of a slip an adjustment corrects. */
enum pay_part {
    PART_BASE = 1, /* less what days that were not worked took */
    PART_PERFORMANCE,
    PART_ADJUSTMENT,
    PART_MADE_UP,
    PART_REWARD
};

/* A correction of an earlier month, or compensation for a loss that the person caused: written by
 * one, approved by another. Fines do not exist: whatever takes something from the person waits for
 * the person's agreement and is deducted within the law's limits, compensation as well as an
 * adjustment below zero; the latter names what it corrects of which slip, and takes back no more
 * than that. */
struct pay_entry {
    RECORD_MEMBERS;
    int64_t provider_id, contract_id;
    const char *contract_name;
    int64_t person_id;
    const char *person_name;
    enum pay_entry_kind kind;
    struct month month;      /* in which it is paid; from which on it is deducted */
    struct money amount_fen; /* an adjustment may be less than nothing */
    struct month corrects_month;
    enum pay_part corrects;
    struct money deducted_fen; /* of what takes something */
    const char *fact, *basis;
    int64_t recorder_id;
    const char *recorder_name;
    struct instant agreed_at;
    int64_t approver_id;
    const char *approver_name;
    const char *reason;
    enum pay_entry_state state;
};
extern const struct resource PAY_ENTRIES;

/* Does it take something from the person? */
bool pay_entry_takes(const struct pay_entry *entry);
/* The person agrees to what it takes: draft -> agreed. Results of all: CONFLICT
 * pay_entry.wrong_state. FORBIDDEN pay_entry.not_yours. */
MUST_USE enum result pay_entry_agree(struct ctx *cx, const struct pay_entry *entry);
/* draft (agreed, where it takes something) -> approved. FORBIDDEN pay.same_person. */
MUST_USE enum result pay_entry_approve(struct ctx *cx, const struct pay_entry *entry);
/* -> void, with a reason, while nothing was paid or deducted by it. CONFLICT pay_entry.deducted:
 * what was taken is given back by an adjustment, and cannot be taken again. */
MUST_USE enum result pay_entry_void(struct ctx *cx, const struct pay_entry *entry,
                                    const char *reason);

/* ---- sheets ---- */

enum pay_sheet_state { PAY_DRAFTED = 1, PAY_APPROVED };

struct pay_sheet {
    RECORD_MEMBERS;
    int64_t provider_id, contract_id;
    const char *contract_name;
    int64_t month_id;
    struct month month;
    int32_t people;
    struct money base_fen, missed_fen, performance_fen, adjustment_fen, made_up_fen, reward_fen,
        deducted_fen, total_fen;
    const char *unclocked;        /* days of which the clocking machine's file is missing */
    const char *unclocked_reason; /* why it was approved nevertheless */
    const char *sha256;
    int64_t drafter_id;
    const char *drafter_name;
    int64_t approver_id;
    const char *approver_name;
    struct instant approved_at;
    enum pay_sheet_state state;
};
extern const struct resource PAY_SHEETS;

struct pay_line {
    RECORD_MEMBERS;
    int64_t pay_sheet_id, provider_id;
    struct month month;
    int64_t contract_id;
    const char *contract_name;
    int64_t person_id;
    const char *code, *person_name;
    int64_t sheet_id; /* the result that it follows from; 0: there was none */
    int64_t terms_id, rule_id, minimum_id;
    const char *bands, *region; /* of the rule */
    int32_t days;               /* paid ones of the month, while employed */
    struct points unpaid_days, absent_days, sick_days;
    struct points month_days, sick_share, sick_floor; /* of the rule and the minimum wage */
    struct money month_base_fen;                      /* of the terms */
    bool scored;
    struct points score;
    struct money base_fen, missed_fen, performance_base_fen;
    struct points factor;
    struct money performance_fen, adjustment_fen, made_up_fen, reward_fen, deducted_fen,
        left_over_fen, total_fen;
    bool approved;
};
extern const struct resource PAY_LINES;

/* Work the month's pay out, or anew while it is a draft. Results: CONFLICT pay.month_not_locked,
 * pay.approved; INVALID with everybody who lacks terms, and what else is missing. */
MUST_USE enum result pay_draft(struct ctx *cx, int64_t month_id, int64_t *out_id);
/* drafted -> approved, by another person than the one who drafted it, if it still is what comes out
 * of the facts. While the clocking machine's file of some day is missing it takes a reason.
 * Results: FORBIDDEN pay.same_person; CONFLICT pay.stale, pay.approved; INVALID reason. */
MUST_USE enum result pay_approve(struct ctx *cx, const struct pay_sheet *sheet, const char *reason);

/* Whoever was employed in its month and is not on it. */
struct pay_unlisted {
    int64_t person_id;
    const char *person_name;
    enum job job;
    enum pay_unlisted_why { UNLISTED_NO_TERMS = 1, UNLISTED_NO_RULE, UNLISTED_ELSEWHERE } why;
};
extern const struct field PAY_UNLISTED_FIELDS[];
MUST_USE enum result pay_unlisted(struct ctx *cx, const struct pay_sheet *sheet,
                                  struct pay_unlisted **out, size_t *out_count);

/* The pay sheets that are not what was approved, and why: their lines were altered, or the terms,
 * rules and days that they name give another pay. What `luyue verify` asks. */
struct pay_fault {
    int64_t pay_sheet_id;
    const char *what;
};
MUST_USE enum result pay_verify(struct ctx *cx, struct pay_fault *out, size_t most,
                                size_t *out_count);

/* ---- what a scheme would make of it (C2.4): tried before consent is asked ---- */

enum moving { MOVES_UP = 1, MOVES_NOT, MOVES_DOWN };

/* Somebody's month by the scheme that holds for it, and by the one that is tried. */
struct pay_trial_row {
    int64_t person_id;
    const char *code, *person_name;
    int32_t rank_before, rank;
    bool scored_before, scored;
    struct points total_before, total, total_moved; /* moved: of those who have both */
    enum moving total_moves;
    bool paid; /* false: no pay terms are known, and no amounts */
    struct points factor_before, factor;
    struct money pay_before_fen, pay_fen, pay_moved_fen;
    enum moving pay_moves;
};
extern const struct field PAY_TRIAL_ROW_FIELDS[];

struct pay_trial {
    struct month month;
    bool compares;     /* another scheme holds for that month; else there is nothing before */
    const char *lacks; /* the code of what keeps amounts from being known; "" nothing */
    int32_t people, up, down, unpaid; /* by what they would be paid; without terms */
    struct money pay_before_fen, pay_fen, pay_moved_fen;
    struct pay_trial_row *rows; /* whose pay moves most first, then whose points do */
    size_t count;
};
extern const struct field PAY_TRIAL_FIELDS[]; /* without its rows */
/* By the calculation of pay sheets: the month by the scheme that holds comes to what was approved.
 */
MUST_USE enum result pay_trial(struct ctx *cx, const struct scheme *scheme, struct month month,
                               struct pay_trial *out);

extern const struct right PAY_RIGHTS[];

#endif
