/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who hears the recording of a review: an agent no other ones than the own that were judged. */
#include "app/agents/agent.h"
#include "app/reviews/recording.h"
#include "app/reviews/review.h"

static enum result demand_permission(struct ctx *cx, const struct review *review)
{
    struct agent agent = {0};
    if (actor_may(cx->actor, "recordings.listen"))
        return OK;
    if (review->agent_id && review->person_id == cx->actor->person_id)
        TRY(record_get(cx, &AGENTS, review->agent_id, &agent));
    return agent.permissions.bits & UINT64_C(1) << (MAY_LISTEN - 1)
               ? OK
               : fail(cx, FORBIDDEN, "review.may_not_listen", review->agent_code);
}

enum result review_recording(struct ctx *cx, const struct review *review, struct recording *out)
{
    TRY(demand_permission(cx, review));
    return recording_of_call(cx, review->call_id, out);
}
