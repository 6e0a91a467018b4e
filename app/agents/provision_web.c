/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/agents/agent_web.h"
#include "app/agents/provision.h"

static enum result provisioning_show(struct request *rq, void *record)
{
    const struct provisioning *provisioning = record;
    const struct act acts[] = {
        {"provisionings.retry",
         arena_printf(rq->cx.mem, "/provisionings/%lld/retry", (long long)provisioning->id),
         provisioning->state == PROVISIONING_FAILED ? "provisionings.do.retry" : NULL,
         .primary = true},
    };
    doc_acts(rq, acts, sizeof acts / sizeof acts[0]);
    return OK;
}

static const struct record_face PROVISIONING_FACE = {.resource = &PROVISIONINGS,
                                                     .show = provisioning_show};

struct acknowledging {
    const char *failure;
};
static const struct field ACKNOWLEDGING_INPUT[] = {
    FIELD(acknowledging, failure, .in = MAY, .max = 500),
    FIELDS_END,
};

static enum result provisioning_acknowledge_post(struct request *rq)
{
    struct provisioning provisioning;
    TRY(record_for_action(rq, &PROVISIONINGS, &provisioning));
    return record_acted(rq, &PROVISIONING_FACE, &provisioning,
                        provisioning_acknowledge(&rq->cx, &provisioning, input_text(rq, "failure")),
                        "flash.provisioning.acknowledged");
}

static enum result provisioning_retry_post(struct request *rq)
{
    struct provisioning provisioning;
    TRY(record_for_action(rq, &PROVISIONINGS, &provisioning));
    return record_acted(rq, &PROVISIONING_FACE, &provisioning,
                        provisioning_retry(&rq->cx, &provisioning), "flash.provisioning.retried");
}

const struct route PROVISION_ROUTES[] = {
    RECORD_LIST("provisionings", PROVISIONING_FACE, "list"),
    RECORD_SHOW("provisionings", PROVISIONING_FACE, "record"),
    RECORD_HISTORY("provisionings", PROVISIONING_FACE),
    RECORD_EXPORT("provisionings", PROVISIONING_FACE),
    {POST, "/provisionings/{id}/acknowledge", "provisioning.acknowledge",
     provisioning_acknowledge_post, NULL, .flags = API_ONLY, .input = ACKNOWLEDGING_INPUT},
    {POST, "/provisionings/{id}/retry", "provisionings.retry", provisioning_retry_post, "record",
     .nav = "provisionings"},
    ROUTES_END,
};
