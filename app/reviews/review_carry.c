/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From reviews to the calls' months: a struck call is no success any more. */
#include "app/records/trail.h"
#include "app/reviews/review.h"
#include "app/reviews/review.sql.h"
#include "jobs/worker.h"

struct carrying {
    struct review review;
    struct call call;
    enum call_result result;
};

static enum result note_carried(struct ctx *cx, void *host)
{
    const struct carrying *carrying = host;
    struct review now, after;
    struct call call = carrying->call;
    TRY(record_get(cx, &REVIEWS, carrying->review.id, &now));
    if (now.version != carrying->review.version)
        return OK; /* decided meanwhile: the next turn carries that */
    call.result = carrying->result;
    const char *changes = trail_diff(cx->mem, CALLS.fields, &carrying->call, &call);
    if (*changes)
        trail_add(cx, "reclassify", &CALLS, &call, changes, now.agent_code);
    after = now;
    after.carried = true;
    return record_change(cx, &REVIEWS, "carry", &now, &after);
}

enum result reviews_turn(struct worker *worker, struct ctx *cx, bool *out_found)
{
    struct carrying carrying;
    int64_t id, struck;
    TRY(db_int(cx, &q_review_uncarried, NO_PARAMS, &id));
    *out_found = id != 0;
    if (!id)
        return OK;
    TRY(record_get(cx, &REVIEWS, id, &carrying.review));
    enum result there = record_get(cx, &CALLS, carrying.review.call_id, &carrying.call);
    if (there == NOT_FOUND) { /* its month went meanwhile: there is nothing to carry it to */
        (void)fault_take(cx);
        carrying.call = (struct call){.result = carrying.review.call_result};
        carrying.result = carrying.call.result;
        return worker_write(worker, cx, note_carried, &carrying);
    }
    TRY(there);
    TRY(db_int(cx, &q_call_struck, PARAMS(P(carrying.review.call_id)), &struck));
    TRY(call_strike(cx, carrying.review.call_id, struck != 0, &carrying.result));
    return worker_write(worker, cx, note_carried, &carrying);
}
