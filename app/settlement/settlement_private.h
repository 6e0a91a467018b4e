/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the files of the slice. */
#ifndef SETTLEMENT_PRIVATE_H
#define SETTLEMENT_PRIVATE_H

#include "app/settlement/settlement.h"

/* What a statement rests on: fills kind, evaluation, acceptance, grade, fee. What is missing stays
 * 0. (settlement_basis.c) */
MUST_USE enum result settlement_basis(struct ctx *cx, const struct contract *contract,
                                      struct settlement *settlement);
/* What inspections found against the contract and costs money now: notices of rectification, a
 * failed one's next round again, once nobody may appeal against them any more and no appeal is
 * open. */
struct finding {
    int64_t id; /* of the notice */
    struct month month;
    struct points points;
};
MUST_USE enum result settlement_findings(struct ctx *cx, int64_t contract_id, struct finding **out,
                                         size_t *out_count);

/* Person-days that the contract asks for in a month, and those that were missing. Of calling an
 * agent is there whose id on this contract holds that day; the others on the roster are there for
 * the provider's contracts in the order of their ids. Elsewhere those were missing whom head-counts
 * on site did not find: a day on which nobody counted is held against nobody. */
MUST_USE enum result settlement_person_days(struct ctx *cx, const struct contract *contract,
                                            struct month month, int32_t *out_asked,
                                            int32_t *out_missing);

/* The statement of a contract with what is kept back for the warranty; id 0: there is none. */
MUST_USE enum result settlement_kept(struct ctx *cx, int64_t contract_id, struct settlement *out);

/* Everything of a statement from the facts as they are now (settlement_work.c): amounts and lines.
 */
MUST_USE enum result settlement_work(struct ctx *cx, struct settlement *settlement,
                                     struct settlement_line **out, size_t *out_count);
/* Frozen lines; false: they are broken. */
bool settlement_lines_read(struct ctx *cx, const char *lines, struct settlement_line **out,
                           size_t *out_count);
/* The sums of lines, the payable among them. */
void settlement_sum(struct settlement *settlement, const struct settlement_line *lines,
                    size_t count);
/* What a rule's line comes to by its own figures. */
MUST_USE enum result settlement_line_worked(struct ctx *cx, const struct settlement_line *line,
                                            struct money *out);
/* Marks the events and corrections of its lines as taken into that statement, or out of it. */
MUST_USE enum result settlement_mark(struct ctx *cx, int64_t id,
                                     const struct settlement_line *lines, size_t count, bool taken);

#endif
