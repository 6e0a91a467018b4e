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

#endif
