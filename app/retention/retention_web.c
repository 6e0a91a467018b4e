/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/retention/retention_web.h"

#include "app/records/record_web.h"

/* ---- rules ---- */

static const struct record_face RULE_FACE = {.resource = &RETENTION_RULES, .icon = "archive"};

/* ---- holds ---- */

static enum result hold_show(struct request *rq, void *record)
{
    const struct legal_hold *hold = record;
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_flag(rq->doc, "may_release",
             hold->state == HOLD_ACTIVE && hold->organisation_id == rq->cx.actor->organisation_id &&
                 actor_may(rq->cx.actor, "legal_holds.release"));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face HOLD_FACE = {
    .resource = &LEGAL_HOLDS, .show = hold_show, .icon = "gavel"};

static enum result release_post(struct request *rq)
{
    struct legal_hold hold;
    TRY(record_for_action(rq, &LEGAL_HOLDS, &hold));
    return record_acted(rq, &HOLD_FACE, &hold,
                        hold_release(&rq->cx, &hold, input_text(rq, "reason")),
                        "flash.legal_hold.released");
}

/* ---- certificates ---- */

static enum result certificate_show(struct request *rq, void *record)
{
    const struct deletion_certificate *certificate = record;
    const struct act acts[] = {
        {.right = "deletion_certificates.read",
         .href = arena_printf(rq->cx.mem, "/deletion_certificates/%lld/print.pdf",
                              (long long)certificate->id),
         .label_key = "deletion_certificates.do.print",
         .primary = true,
         .link = true}};
    if (certificate->state == CERTIFICATE_DELETED)
        doc_acts(rq, acts, sizeof acts / sizeof acts[0]);
    return OK;
}

static const struct record_face CERTIFICATE_FACE = {
    .resource = &DELETION_CERTIFICATES, .show = certificate_show, .icon = "certificate"};

const struct route RETENTION_ROUTES[] = {
    RECORD_LIST("retention_rules", RULE_FACE, "list"),
    RECORD_SHOW("retention_rules", RULE_FACE, "record"),
    RECORD_CREATE("retention_rules", RULE_FACE),
    RECORD_CHANGE("retention_rules", RULE_FACE),
    RECORD_HISTORY("retention_rules", RULE_FACE),
    RECORD_EXPORT("retention_rules", RULE_FACE),
    RECORD_LIST("legal_holds", HOLD_FACE, "list"),
    RECORD_SHOW("legal_holds", HOLD_FACE, "legal_hold"),
    RECORD_CREATE("legal_holds", HOLD_FACE),
    RECORD_HISTORY("legal_holds", HOLD_FACE),
    RECORD_EXPORT("legal_holds", HOLD_FACE),
    {POST, "/legal_holds/{id}/release", "legal_holds.release", release_post, "legal_hold",
     .input = REASON_INPUT, .nav = "legal_holds"},
    RECORD_LIST("deletion_certificates", CERTIFICATE_FACE, "list"),
    RECORD_SHOW("deletion_certificates", CERTIFICATE_FACE, "record"),
    RECORD_HISTORY("deletion_certificates", CERTIFICATE_FACE),
    RECORD_EXPORT("deletion_certificates", CERTIFICATE_FACE),
    {GET, "/deletion_certificates/{id}/print.pdf", "deletion_certificates.read",
     certificate_print_get, "fault", .flags = STREAM | TRACED},
    ROUTES_END,
};
