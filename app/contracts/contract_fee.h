/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The monthly fee of a contract that held on a day, by its amendments (V5.1.2). */
#ifndef CONTRACT_FEE_H
#define CONTRACT_FEE_H

#include "app/contracts/contract.h"

/* The monthly fees that held on the days from `from` to `to`, added up day by day: a month's fee is
 * this by the number of its days. Each amendment holds from the day on which it was signed,
 * against those that were written down before it. */
MUST_USE enum result contract_fee_sum(struct ctx *cx, const struct contract *contract,
                                      struct date from, struct date to, struct money *out);

#endif
