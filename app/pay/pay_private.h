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

/* A sheet's lines as they are worked out, one for each payee. */
struct paying {
    struct pay_sheet *sheet;
    struct payee *payees;
    struct pay_line *lines; /* one for each payee */
    size_t count;
    struct pay_rule rules[SCHEME_MANAGER + 1]; /* by subject; id 0: none */
    struct minimum_wage minimums[SCHEME_MANAGER + 1];
};

/* What a line says, in the order in which it is written and digested. */
extern const struct field PAY_SAID_FIELDS[];
/* Everything of it, from the facts as they are now: lines, sums and digest. Results: INVALID with
 * all that is missing. */
MUST_USE enum result pay_work_out(struct ctx *cx, struct pay_sheet *sheet, struct paying *paying);

#endif
