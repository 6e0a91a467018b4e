/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/inspections/provider_work.h"

#include "app/documents/documents_web.h"
#include "app/inspections/inspections_web.h"
#include "app/records/record_page.h"

static const char *const CONFIRM_WORDS[] = {"confirm", "return", NULL};
static const struct decision CONFIRM = {CONFIRM_WORDS, "judge"};

/* ---- treatments ---- */

static enum result treatment_show(struct request *rq, void *record)
{
    const struct pest_treatment *treatment = record;
    const struct actor *actor = rq->cx.actor;
    if (rq->face == FACE_PAGE) {
        const bool own = actor->organisation_id == treatment->provider_id &&
                         actor_may(actor, "pest_treatments.write");
        rq->doc->page_only = true;
        doc_link(rq, rq->doc, "contract_href",
                 arena_printf(rq->cx.mem, "/contracts/%lld", (long long)treatment->contract_id));
        doc_flag(rq->doc, "may_report",
                 own && (treatment->state == TREATMENT_ANNOUNCED ||
                         treatment->state == TREATMENT_RETURNED));
        doc_flag(rq->doc, "may_cancel", own && treatment->state == TREATMENT_ANNOUNCED);
        doc_decision(rq, &PEST_TREATMENTS, record, &CONFIRM,
                     treatment->state == TREATMENT_DONE &&
                         actor->organisation_id == treatment->client_id);
        rq->doc->page_only = false;
    }
    return documents_part(rq, &PEST_TREATMENTS, treatment->id);
}

static const struct record_face TREATMENT_FACE = {.resource = &PEST_TREATMENTS,
                                                  .show = treatment_show};

static enum result treatment_report_post(struct request *rq)
{
    struct pest_treatment treatment, report = {0};
    fields_blank(PEST_TREATMENTS.fields, &report);
    TRY(record_for_action(rq, &PEST_TREATMENTS, &treatment));
    enum result result = body_read(rq, TREATMENT_REPORT, &report, true, NULL);
    if (result == OK)
        result = treatment_report(&rq->cx, &treatment, &report);
    return record_acted(rq, &TREATMENT_FACE, &treatment, result, "flash.pest_treatment.reported");
}

static enum result treatment_cancel_post(struct request *rq)
{
    struct pest_treatment treatment;
    TRY(record_for_action(rq, &PEST_TREATMENTS, &treatment));
    return record_acted(rq, &TREATMENT_FACE, &treatment,
                        treatment_cancel(&rq->cx, &treatment, input_text(rq, "reason")),
                        "flash.pest_treatment.cancelled");
}

static enum result treatment_judge_post(struct request *rq)
{
    struct pest_treatment treatment;
    const char *reason;
    bool confirmed;
    TRY(record_for_action(rq, &PEST_TREATMENTS, &treatment));
    enum result result = decided_read(rq, &CONFIRM, &confirmed, &reason);
    if (result == OK)
        result = treatment_judge(&rq->cx, &treatment, confirmed, reason);
    return record_acted(rq, &TREATMENT_FACE, &treatment, result, "flash.work.judged");
}

/* ---- maintenance ---- */

static enum result maintenance_show(struct request *rq, void *record)
{
    const struct maintenance_work *work = record;
    if (rq->face == FACE_PAGE) {
        rq->doc->page_only = true;
        doc_link(rq, rq->doc, "contract_href",
                 arena_printf(rq->cx.mem, "/contracts/%lld", (long long)work->contract_id));
        doc_decision(rq, &MAINTENANCE_WORKS, record, &CONFIRM,
                     work->state == MAINTENANCE_DONE &&
                         rq->cx.actor->organisation_id == work->client_id);
        rq->doc->page_only = false;
    }
    return documents_part(rq, &MAINTENANCE_WORKS, work->id);
}

static const struct record_face MAINTENANCE_FACE = {.resource = &MAINTENANCE_WORKS,
                                                    .show = maintenance_show};

static enum result maintenance_judge_post(struct request *rq)
{
    struct maintenance_work work;
    const char *reason;
    bool confirmed;
    TRY(record_for_action(rq, &MAINTENANCE_WORKS, &work));
    enum result result = decided_read(rq, &CONFIRM, &confirmed, &reason);
    if (result == OK)
        result = maintenance_judge(&rq->cx, &work, confirmed, reason);
    return record_acted(rq, &MAINTENANCE_FACE, &work, result, "flash.work.judged");
}

/* clang-format off */
const struct route PROVIDER_WORK_ROUTES[] = {
    RECORD_LIST("pest_treatments", TREATMENT_FACE, "list"),
    RECORD_SHOW("pest_treatments", TREATMENT_FACE, "pest_treatment"),
    RECORD_CREATE("pest_treatments", TREATMENT_FACE),
    RECORD_CHANGE("pest_treatments", TREATMENT_FACE),
    RECORD_HISTORY("pest_treatments", TREATMENT_FACE),
    RECORD_EXPORT("pest_treatments", TREATMENT_FACE),
    {POST, "/pest_treatments/{id}/report", "pest_treatments.write", treatment_report_post, "pest_treatment",
     .flags = RECORDED, .input = TREATMENT_REPORT, .nav = "pest_treatments"},
    {POST, "/pest_treatments/{id}/cancel", "pest_treatments.write", treatment_cancel_post, "pest_treatment",
     .flags = RECORDED, .input = REASON_INPUT, .nav = "pest_treatments"},
    {POST, "/pest_treatments/{id}/judge", "pest_treatments.judge", treatment_judge_post, "pest_treatment",
     .flags = RECORDED, .input = DECIDED_INPUT, .nav = "pest_treatments"},
    RECORD_LIST("maintenance_works", MAINTENANCE_FACE, "list"),
    RECORD_SHOW("maintenance_works", MAINTENANCE_FACE, "maintenance_work"),
    RECORD_CREATE("maintenance_works", MAINTENANCE_FACE),
    RECORD_CHANGE("maintenance_works", MAINTENANCE_FACE),
    RECORD_HISTORY("maintenance_works", MAINTENANCE_FACE),
    RECORD_EXPORT("maintenance_works", MAINTENANCE_FACE),
    {POST, "/maintenance_works/{id}/judge", "maintenance_works.judge", maintenance_judge_post, "maintenance_work",
     .flags = RECORDED, .input = DECIDED_INPUT, .nav = "maintenance_works"},
    ROUTES_END,
};
/* clang-format on */
