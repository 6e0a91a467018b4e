/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PAY_PRIVATE_H
#define PAY_PRIVATE_H

#include "app/pay/pay.h"

/* Who sees everybody's: the provider's managers, by whom sheets are drafted and approved. */
#define PAYMASTERS                                                                                 \
    "EXISTS (SELECT 1 FROM accounts x WHERE x.id = :account AND (x.roles LIKE '%provider%' OR "    \
    "x.roles LIKE '%duty%'))"

/* Rejects `member` when sheets of that month or later were approved already (0: of any contract of
 * the provider): what people were paid by never changes. */
MUST_USE enum result pay_demand_unpaid(struct ctx *cx, int64_t provider_id, int64_t contract_id,
                                       struct month month, const char *member);

struct missed_days {
    int64_t person_id;
    struct points unpaid, absent, sick;
};

/* Whoever is paid in a month, with all that the pay follows from. */
struct payee {
    int64_t person_id;
    const char *name, *code;
    int64_t sheet_id, terms_id;
    enum scheme_subject subject;
    bool scored;
    struct points score;
    struct date joined_on, left_on;
    struct money base_fen, performance_base_fen, reward_fen, adjustment_fen, owed_fen;
    int32_t days, of_days; /* paid ones, while employed and of the month */
    struct missed_days missed;
};

/* A sheet's lines as they are worked out, one for each payee. */
struct paying {
    struct pay_sheet *sheet;
    struct payee *payees;
    struct pay_line *lines; /* one for each payee */
    size_t count;
    struct pay_rule rules[SCHEME_MANAGER + 1]; /* by subject; id 0: none */
    struct minimum_wage minimums[SCHEME_MANAGER + 1];
};

/* Whoever has a result, an adjustment or a reward in the sheet's month, and those who have terms
 * and are paid by the rules for whoever has no result; `everybody`: all people of its provider.
 * With the rules that hold for each kind of people; what is missing is left out. */
MUST_USE enum result pay_find(struct ctx *cx, struct paying *paying, bool everybody);
/* The one way from a payee to a wage. */
struct wage pay_wage(const struct pay_rule *rule, const struct minimum_wage *minimum,
                     const struct payee *payee);

/* What a line says, in the order in which it is written and digested. */
extern const struct field PAY_SAID_FIELDS[];
/* Everything of it, from the facts as they are now: lines, sums and digest. Results: INVALID with
 * all that is missing. */
MUST_USE enum result pay_work_out(struct ctx *cx, struct pay_sheet *sheet, struct paying *paying);

#endif
