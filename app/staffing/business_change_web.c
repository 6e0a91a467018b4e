/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Changes of the business on the web: one shows its training and its days, with the gaps among
 * them. */
#include "app/staffing/business_change.h"

#include "app/letters/letter.h"
#include "app/records/record_page.h"
#include "app/staffing/staffing_web.h"
#include "app/staffing/training.h"

static enum result put_logs(struct request *rq, const struct business_change *change)
{
    struct list list;
    int32_t missed = 0;
    TRY(record_select(&rq->cx, &GUIDANCE_LOGS, "of_change", "t.change_id = $1 ORDER BY t.number",
                      PARAMS(P(change->id)), &list));
    const struct guidance_log *logs = list.rows;
    const struct date today = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    for (size_t i = 0; i < list.count; i++)
        missed += logs[i].missed;
    doc_int(rq->doc, "missed", missed);
    doc_records(rq->doc, "logs", GUIDANCE_LOGS.fields, logs, list.count, sizeof *logs);
    if (rq->face != FACE_PAGE)
        return OK;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list.count);
    for (size_t i = 0; i < list.count; i++) {
        const bool owed = logs[i].state == GUIDANCE_OWED;
        docs[i] = doc_new(rq->cx.mem);
        doc_root(docs[i], GUIDANCE_LOGS.fields, &logs[i]);
        doc_flag(docs[i], "coming", owed && logs[i].day.days > today.days);
        doc_flag(docs[i], "may_write",
                 owed && logs[i].day.days <= today.days && may_verb(rq, &GUIDANCE_LOGS, "write"));
    }
    rq->doc->page_only = true;
    doc_docs(rq->doc, "days_of", docs, list.count);
    rq->doc->page_only = false;
    return OK;
}

static enum result put_trainings(struct request *rq, const struct business_change *change)
{
    struct list list;
    TRY(record_select(&rq->cx, &TRAININGS, "of_client",
                      "t.contract_id = $1 AND t.tier = 'managers' AND t.state = 'confirmed' "
                      "ORDER BY t.id DESC LIMIT 20",
                      PARAMS(P(change->contract_id)), &list));
    doc_records(rq->doc, "trainings", TRAININGS.fields, list.rows, list.count, TRAININGS.size);
    return OK;
}

static enum result change_show(struct request *rq, void *record)
{
    const struct business_change *change = record;
    struct training *training = ARENA_NEW(rq->cx.mem, struct training);
    TRY(put_logs(rq, change));
    if (rq->face != FACE_PAGE)
        return OK;
    const bool trains = !change->training_id && actor_may(rq->cx.actor, "business_changes.train");
    rq->doc->page_only = true;
    struct fault none = fault_take(&rq->cx);
    const bool reads_letter = record_seen(&rq->cx, &LETTERS, change->letter_id) == OK;
    rq->cx.fault = none;
    if (reads_letter) /* who guides elsewhere does not */
        doc_link(rq, rq->doc, "letter_href",
                 arena_printf(rq->cx.mem, "/letters/%lld", (long long)change->letter_id));
    doc_flag(rq->doc, "may_train", trains);
    if (trains)
        TRY(put_trainings(rq, change));
    if (change->training_id) { /* who guides elsewhere does not see it */
        struct fault kept = fault_take(&rq->cx);
        const enum result found = record_get(&rq->cx, &TRAININGS, change->training_id, training);
        if (found != OK && found != NOT_FOUND)
            return found;
        rq->cx.fault = kept;
        if (found == OK)
            doc_records(rq->doc, "training", TRAININGS.fields, training, 1, sizeof *training);
    }
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face CHANGE_FACE = {.resource = &BUSINESS_CHANGES, .show = change_show};

static const struct record_face LOG_FACE = {.resource = &GUIDANCE_LOGS};

struct training_choice {
    int64_t training_id;
};
static const struct field TRAIN_INPUT[] = {
    FIELD_REF(training_choice, training_id, "trainings", .in = MUST),
    FIELDS_END,
};

static enum result change_train_post(struct request *rq)
{
    struct business_change change;
    struct training_choice choice = {0};
    TRY(record_for_action(rq, &BUSINESS_CHANGES, &change));
    enum result result = body_read(rq, TRAIN_INPUT, &choice, true, NULL);
    if (result == OK)
        result = business_change_train(&rq->cx, &change, choice.training_id);
    return record_acted(rq, &CHANGE_FACE, &change, result, "flash.business_change.trained");
}

/* clang-format off */
const struct route BUSINESS_CHANGE_ROUTES[] = {
    RECORD_LIST("business_changes", CHANGE_FACE, "list"),
    RECORD_SHOW("business_changes", CHANGE_FACE, "business_change"),
    RECORD_HISTORY("business_changes", CHANGE_FACE),
    RECORD_EXPORT("business_changes", CHANGE_FACE),
    {POST, "/business_changes/{id}/train", "business_changes.train", change_train_post, "business_change",
     .flags = RECORDED, .input = TRAIN_INPUT, .nav = "business_changes"},
    RECORD_LIST("guidance_logs", LOG_FACE, "list"),
    RECORD_SHOW("guidance_logs", LOG_FACE, "record"),
    RECORD_CHANGE("guidance_logs", LOG_FACE),
    RECORD_HISTORY("guidance_logs", LOG_FACE),
    RECORD_EXPORT("guidance_logs", LOG_FACE),
    ROUTES_END,
};
/* clang-format on */
