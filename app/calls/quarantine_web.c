/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/quarantine.h"

#include "app/calls/call_web.h"
#include "app/records/record_web.h"
#include "base/texts.h"

static enum result quarantine_show(struct request *rq, void *record)
{
    const struct quarantined *quarantined = record;
    rq->doc->page_only = true;
    doc_flag(rq->doc, "may_settle",
             quarantined->state == QUARANTINE_WAITING &&
                 actor_may(rq->cx.actor, "quarantine.settle"));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face QUARANTINE_FACE = {.resource = &QUARANTINE,
                                                   .show = quarantine_show};

/* The call is taken before the transaction: it goes into its month, and once however often. */
static enum result retry_prepare(struct request *rq)
{
    struct quarantined record;
    enum result *result = ARENA_NEW(rq->cx.mem, enum result);
    TRY(record_of_path(rq, &QUARANTINE, &record));
    *result = quarantine_read(&rq->cx, &record);
    rq->prepared = result;
    /* A refusal is shown beside the record. */
    return *result == CONFLICT ? OK : *result;
}

static enum result retry_post(struct request *rq)
{
    struct quarantined record;
    struct fault kept = fault_take(&rq->cx);
    const enum result *read = rq->prepared;
    TRY(record_of_path(rq, &QUARANTINE, &record));
    rq->cx.fault = kept;
    const enum result result = *read == OK ? quarantine_taken(&rq->cx, &record) : *read;
    return record_acted(rq, &QUARANTINE_FACE, &record, result, "flash.quarantine.taken");
}

static enum result discard_post(struct request *rq)
{
    struct quarantined record;
    TRY(record_for_action(rq, &QUARANTINE, &record));
    return record_acted(rq, &QUARANTINE_FACE, &record,
                        quarantine_discard(&rq->cx, &record, input_text(rq, "reason")),
                        "flash.quarantine.discarded");
}

const struct route QUARANTINE_ROUTES[] = {
    RECORD_LIST("quarantine", QUARANTINE_FACE, "list"),
    RECORD_SHOW("quarantine", QUARANTINE_FACE, "quarantine"),
    RECORD_HISTORY("quarantine", QUARANTINE_FACE),
    RECORD_REVEAL("quarantine", QUARANTINE_FACE),
    RECORD_EXPORT("quarantine", QUARANTINE_FACE),
    {POST, "/quarantine/{id}/retry", "quarantine.settle", retry_post, "quarantine",
     .prepare = retry_prepare, .nav = "quarantine"},
    {POST, "/quarantine/{id}/discard", "quarantine.settle", discard_post, "quarantine",
     .input = REASON_INPUT, .nav = "quarantine"},
    ROUTES_END,
};
