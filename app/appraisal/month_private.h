/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef MONTH_PRIVATE_H
#define MONTH_PRIVATE_H

#include "app/appraisal/penalty.h"
#include "app/appraisal/reward.h"

/* The month of a contract, opened if it is not: for evidence that comes before the clock looks.
 * Results: CONFLICT month.no_scheme. */
MUST_USE enum result month_need(struct ctx *cx, int64_t contract_id, struct month month,
                                struct appraisal_month *out);
MUST_USE enum result month_wrong_state(struct ctx *cx, const struct appraisal_month *month);
/* May points of the month still be put in? Results: CONFLICT month.wrong_state. */
MUST_USE enum result month_demand_unpublished(struct ctx *cx, int64_t month_id,
                                              struct appraisal_month *out);

/* The schemes that hold for a month, of each kind of people that has one. */
MUST_USE enum result schemes_of_month(struct ctx *cx, int64_t contract_id, struct month month,
                                      struct scheme **out, size_t *out_count);
/* Results: CONFLICT month.no_scheme. */
MUST_USE enum result month_schemes(struct ctx *cx, const struct appraisal_month *month,
                                   struct scheme **out, size_t *out_count);
/* A sheet for everybody of the month, by each scheme that holds for it; fills people, sha256 and
 * blank.
 * Results: CONFLICT month.no_scheme. */
MUST_USE enum result sheets_compute(struct ctx *cx, struct appraisal_month *month);
/* The digest of the list of a month's sheets as they are stored. */
MUST_USE enum result sheets_digest(struct ctx *cx, int64_t month_id, const char **out_sha256,
                                   int32_t *out_count);
/* Somebody's sheet anew, by the scheme that it was made by: what is worked out, nothing else. */
MUST_USE enum result sheet_again(struct ctx *cx, const struct sheet *sheet, struct sheet *out);

/* Does a published sheet differ from what comes out now by nothing but what came by itself since,
 * and by places that moved with it? */
MUST_USE enum result sheet_moved_on(struct ctx *cx, const struct scheme *scheme,
                                    const struct sheet *sheet, const struct sheet *now, bool *out);

/* The duty to decide about an appeal. */
MUST_USE enum result appeal_judge(struct ctx *cx, const void *record, struct duty *duty,
                                  enum owing *out);

#endif
