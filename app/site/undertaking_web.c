/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/site/undertaking.h"

#include "app/access/access_web.h"
#include "app/records/record_page.h"
#include "app/signatures/signature.h"
#include "app/site/site_web.h"

static enum result undertaking_show(struct request *rq, void *record)
{
    const struct undertaking *undertaking = record;
    const struct actor *actor = rq->cx.actor;
    struct signature *signatures;
    size_t count;
    bool is_signed;
    TRY(signatures_list(&rq->cx, &UNDERTAKINGS, undertaking->id, &signatures, &count));
    TRY(undertaking_signed(&rq->cx, undertaking, &is_signed));
    doc_records(rq->doc, "signatures", SIGNATURE_FIELDS, signatures, count, sizeof *signatures);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_int(rq->doc, "signature_count", (int64_t)count);
    doc_flag(rq->doc, "may_sign",
             actor->side == SIDE_CLIENT && !is_signed &&
                 undertaking->state == UNDERTAKING_IN_FORCE);
    doc_flag(rq->doc, "is_signed", is_signed);
    doc_flag(rq->doc, "may_enforce",
             undertaking->state == UNDERTAKING_DRAFT && actor_may(actor, "undertakings.write"));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face UNDERTAKING_FACE = {.resource = &UNDERTAKINGS,
                                                    .show = undertaking_show};

static enum result undertaking_enforce_post(struct request *rq)
{
    struct undertaking undertaking;
    TRY(record_for_action(rq, &UNDERTAKINGS, &undertaking));
    return record_acted(rq, &UNDERTAKING_FACE, &undertaking,
                        undertaking_enforce(&rq->cx, &undertaking), "flash.undertaking.enforced");
}

static enum result undertaking_sign_post(struct request *rq)
{
    struct undertaking undertaking;
    TRY(record_of_path(rq, &UNDERTAKINGS, &undertaking));
    enum result result = prove_demand(rq);
    if (result == OK)
        result = undertaking_sign(&rq->cx, &undertaking, input_text(rq, "sha256"));
    return record_acted(rq, &UNDERTAKING_FACE, &undertaking, result, "flash.undertaking.signed");
}

const struct route UNDERTAKING_ROUTES[] = {
    RECORD_LIST("undertakings", UNDERTAKING_FACE, "list"),
    RECORD_SHOW("undertakings", UNDERTAKING_FACE, "undertaking"),
    RECORD_CREATE("undertakings", UNDERTAKING_FACE),
    RECORD_CHANGE("undertakings", UNDERTAKING_FACE),
    RECORD_HISTORY("undertakings", UNDERTAKING_FACE),
    RECORD_EXPORT("undertakings", UNDERTAKING_FACE),
    {POST, "/undertakings/{id}/enforce", "undertakings.write", undertaking_enforce_post,
     "undertaking", .flags = RECORDED, .nav = "undertakings"},
    {POST, "/undertakings/{id}/sign", "undertakings.read", undertaking_sign_post, "undertaking",
     .flags = SESSION_ONLY | RECORDED, .prepare = prove_prepare, .input = SIGNING_INPUT,
     .nav = "undertakings"},
    ROUTES_END,
};
