/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Trainings on the web: a draft lists everybody who could be there, to be ticked and scored. */
#include "app/staffing/staffing_web.h"

#include "app/records/record_page.h"
#include "app/staffing/training.h"

#include <string.h>

static enum result subject_begin(struct request *rq, void *record)
{
    struct training_subject *subject = record;
    (void)rq;
    if (!subject->pass_score.hundredths)
        subject->pass_score.hundredths = 8000;
    if (!subject->state)
        subject->state = SUBJECT_IN_FORCE;
    return OK;
}

static const struct record_face SUBJECT_FACE = {.resource = &TRAINING_SUBJECTS,
                                                .begin = subject_begin};

/* ---- a training ---- */

static const struct trainee *trainee_find(const struct trainee *trainees, size_t count,
                                          int64_t person_id)
{
    for (size_t i = 0; i < count; i++) {
        if (trainees[i].person_id == person_id)
            return &trainees[i];
    }
    return NULL;
}

static struct doc *trainee_doc(struct request *rq, const struct trainee *of,
                               const struct trainee *said, size_t index)
{
    struct doc *doc = doc_new(rq->cx.mem);
    char score[POINTS_MAX_TEXT] = "";
    if (said && !said->absent)
        points_format(said->score, score);
    doc_int(doc, "index", (int64_t)index);
    doc_int(doc, "person_id", of->person_id);
    doc_text(doc, "name", of->name);
    doc_text(doc, "score", arena_dup(rq->cx.mem, score));
    doc_flag(doc, "there", said != NULL);
    doc_flag(doc, "absent", said && said->absent);
    return doc;
}

/* Of a draft everybody who could be there, else those who were listed. */
static enum result put_trainees(struct request *rq, const struct training *training, bool changes,
                                const struct trainee *said, size_t count)
{
    struct trainee *everybody = NULL;
    size_t most = 0;
    if (changes)
        TRY(training_eligible(&rq->cx, training, &everybody, &most));
    const struct trainee *shown = changes ? everybody : said;
    const size_t rows = changes ? most : count;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, rows + 1);
    for (size_t i = 0; i < rows; i++)
        docs[i] = trainee_doc(rq, &shown[i], trainee_find(said, count, shown[i].person_id), i);
    doc_docs(rq->doc, "rows", docs, rows);
    return OK;
}

static enum result training_show(struct request *rq, void *record)
{
    const struct training *training = record;
    struct trainee *trainees;
    size_t count;
    const bool writes =
        actor_may(rq->cx.actor, "trainings.write") &&
        rq->cx.actor->side == (training->tier == TIER_MANAGERS ? SIDE_CLIENT : SIDE_PROVIDER);
    TRY(training_trainees(&rq->cx, training, &trainees, &count));
    doc_records(rq->doc, "trainees", TRAINEE_FIELDS, trainees, count, sizeof *trainees);
    if (rq->face != FACE_PAGE)
        return OK;
    const bool changes = writes && training->state == TRAINING_DRAFT;
    rq->doc->page_only = true;
    doc_link(rq, rq->doc, "contract_href",
             arena_printf(rq->cx.mem, "/contracts/%lld", (long long)training->contract_id));
    doc_flag(rq->doc, "may_change", changes);
    doc_flag(rq->doc, "may_void", writes && training->state == TRAINING_CONFIRMED);
    TRY(put_trainees(rq, training, changes, trainees, count));
    rq->doc->page_only = false;
    return OK;
}

static enum result training_begin(struct request *rq, void *record)
{
    struct training *training = record;
    if (!training->held_on.days)
        training->held_on = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    if (!training->trainer_id)
        training->trainer_id = rq->cx.actor->person_id;
    return OK;
}

static const struct record_face TRAINING_FACE = {
    .resource = &TRAININGS, .show = training_show, .begin = training_begin};

static const struct record_face SCORE_FACE = {.resource = &TRAINING_SCORES};

static const struct body_list TRAINING_LISTS[] = {
    {"trainees", TRAINEE_FIELDS, sizeof(struct trainee), TRAINEES_MOST},
    BODY_LISTS_END,
};

static enum result read_training(struct request *rq, struct training *training, bool creating)
{
    struct trainee *trainees = NULL;
    size_t count;
    enum result read = body_read_rows(rq, &TRAINING_LISTS[0], &trainees, &count);
    enum result result = body_read(rq, TRAININGS.fields, training, creating, NULL);
    if (trainees)
        training->trainees =
            json_rows_text(rq->cx.mem, TRAINEE_FIELDS, trainees, count, sizeof *trainees);
    return read != OK ? read : result;
}

static enum result training_post(struct request *rq)
{
    struct training *training = ARENA_NEW(rq->cx.mem, struct training);
    fields_blank(TRAININGS.fields, training);
    enum result result = read_training(rq, training, true);
    if (result == OK)
        result = record_add(&rq->cx, &TRAININGS, training);
    TRY(record_form_again(rq, &TRAINING_FACE, training, true, result));
    TRY(record_get(&rq->cx, &TRAININGS, training->id, training));
    TRY(record_answer(rq, &TRAINING_FACE, training));
    return created(rq, "/trainings/%lld", (long long)training->id);
}

/* "confirm" among the buttons confirms what was just saved. */
static enum result training_patch(struct request *rq)
{
    struct training before, after;
    const bool confirm = *input_text(rq, "confirm") != '\0';
    TRY(record_for_action(rq, &TRAININGS, &before));
    after = before;
    enum result result = read_training(rq, &after, false);
    if (result == OK)
        result = record_change(&rq->cx, &TRAININGS, "change", &before, &after);
    if (result == OK && confirm) {
        TRY(record_get(&rq->cx, &TRAININGS, before.id, &after));
        result = training_confirm(&rq->cx, &after);
    }
    return record_acted(rq, &TRAINING_FACE, result == OK ? &before : &after, result,
                        confirm ? "flash.training.confirmed" : "flash.changed");
}

static enum result training_confirm_post(struct request *rq)
{
    struct training training;
    TRY(record_for_action(rq, &TRAININGS, &training));
    return record_acted(rq, &TRAINING_FACE, &training, training_confirm(&rq->cx, &training),
                        "flash.training.confirmed");
}

static enum result training_void_post(struct request *rq)
{
    struct training training;
    TRY(record_for_action(rq, &TRAININGS, &training));
    return record_acted(rq, &TRAINING_FACE, &training,
                        training_void(&rq->cx, &training, input_text(rq, "reason")),
                        "flash.training.void");
}

/* clang-format off */
const struct route TRAINING_ROUTES[] = {
    RECORD_LIST("training_subjects", SUBJECT_FACE, "list"),
    RECORD_SHOW("training_subjects", SUBJECT_FACE, "record"),
    RECORD_CREATE("training_subjects", SUBJECT_FACE),
    RECORD_CHANGE("training_subjects", SUBJECT_FACE),
    RECORD_HISTORY("training_subjects", SUBJECT_FACE),
    RECORD_LIST("training_scores", SCORE_FACE, "list"),
    RECORD_EXPORT("training_scores", SCORE_FACE),
    RECORD_SHOW("training_scores", SCORE_FACE, "record"),
    RECORD_LIST("trainings", TRAINING_FACE, "list"),
    RECORD_SHOW("trainings", TRAINING_FACE, "training"),
    {GET, "/trainings/new", "trainings.write", record_new_get, "form", .flags = PAGE_ONLY,
     .subject = &TRAINING_FACE, .nav = "trainings"},
    {POST, "/trainings", "trainings.write", training_post, "form", .subject = &TRAINING_FACE, .lists = TRAINING_LISTS,
     .nav = "trainings"},
    {PATCH, "/trainings/{id}", "trainings.write", training_patch, "training", .lists = TRAINING_LISTS,
     .subject = &TRAINING_FACE, .nav = "trainings"},
    {POST, "/trainings/{id}/confirm", "trainings.write", training_confirm_post, "training",
     .flags = RECORDED, .nav = "trainings"},
    {POST, "/trainings/{id}/void", "trainings.write", training_void_post, "training",
     .flags = RECORDED, .input = REASON_INPUT, .nav = "trainings"},
    RECORD_HISTORY("trainings", TRAINING_FACE),
    RECORD_EXPORT("trainings", TRAINING_FACE),
    ROUTES_END,
};
/* clang-format on */
