/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Calibration on the web: everybody's own sheet while it is open, all of them beside each other
 * after. */
#include "app/reviews/calibration.h"

#include "app/records/record_web.h"
#include "app/reviews/recording.h"
#include "app/reviews/review_web.h"
#include "base/texts.h"

#include <string.h>

/* ---- the comparison ---- */

struct item_row {
    const char *name;
    int32_t weight, pairs, agreed;
    struct points mean, spread, agreement;
};
static const struct field ITEM_ROW_FIELDS[] = {
    FIELD(item_row, name),      FIELD(item_row, weight),
    FIELD(item_row, mean),      FIELD(item_row, spread),
    FIELD(item_row, pairs),     FIELD(item_row, agreed),
    FIELD(item_row, agreement), FIELDS_END,
};

struct sheet_row {
    const char *reviewer_name, *remark;
    struct points score, deviation, agreement;
    bool fatal;
};
static const struct field SHEET_ROW_FIELDS[] = {
    FIELD(sheet_row, reviewer_name),
    FIELD(sheet_row, score),
    FIELD(sheet_row, fatal),
    FIELD(sheet_row, deviation),
    FIELD(sheet_row, agreement),
    FIELD(sheet_row, remark),
    FIELDS_END,
};

static const struct item_row *item_rows(struct request *rq, const struct comparison *comparison)
{
    struct item_row *rows = ARENA_ARRAY(rq->cx.mem, struct item_row, comparison->item_count + 1);
    for (size_t i = 0; i < comparison->item_count; i++) {
        const struct item_spread *spread = &comparison->by_item[i];
        rows[i] = (struct item_row){.name = comparison->items[0][i].name,
                                    .weight = comparison->items[0][i].weight,
                                    .pairs = spread->pairs,
                                    .agreed = spread->agreed,
                                    .mean = spread->mean,
                                    .spread = spread->spread,
                                    .agreement = agreement_of(spread->agreed, spread->pairs)};
    }
    return rows;
}

static const struct sheet_row *sheet_rows(struct request *rq,
                                          const struct calibration_sheet *sheets,
                                          const struct comparison *comparison)
{
    struct sheet_row *rows = ARENA_ARRAY(rq->cx.mem, struct sheet_row, comparison->sheet_count + 1);
    for (size_t i = 0; i < comparison->sheet_count; i++) {
        const struct sheet_spread *spread = &comparison->by_sheet[i];
        rows[i] = (struct sheet_row){.reviewer_name = sheets[i].reviewer_name,
                                     .remark = sheets[i].remark,
                                     .score = sheets[i].score,
                                     .fatal = sheets[i].fatal,
                                     .deviation = spread->deviation,
                                     .agreement = agreement_of(spread->agreed, spread->pairs)};
    }
    return rows;
}

static const char *signed_words(struct request *rq, struct points points)
{
    char text[POINTS_MAX_TEXT];
    points_format(points, text);
    return arena_printf(rq->cx.mem, "%s%s", points.hundredths > 0 ? "+" : "", text);
}

static const char *per_cent(struct request *rq, int32_t part, int32_t whole)
{
    return arena_printf(rq->cx.mem, "%s%%", review_points_words(rq, agreement_of(part, whole)));
}

static struct doc *cell_doc(struct request *rq, const struct review_item *item)
{
    struct doc *doc = doc_new(rq->cx.mem);
    const char *mark =
        texts_get(arena_printf(rq->cx.mem, "reviews.mark.%s", choice_name(ITEM_MARKS, item->mark)),
                  rq->cx.lang);
    doc_text(doc, "text", item->mark == MARK_POINTS ? review_points_words(rq, item->points) : mark);
    doc_flag(doc, "is_hit", item->mark == MARK_HIT);
    doc_text(doc, "comment", item->comment);
    return doc;
}

static struct doc *compared_item(struct request *rq, const struct comparison *comparison, size_t i)
{
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **cells = ARENA_ARRAY(rq->cx.mem, struct doc *, comparison->sheet_count + 1);
    const struct item_spread *spread = &comparison->by_item[i];
    const struct review_item *item = &comparison->items[0][i];
    for (size_t k = 0; k < comparison->sheet_count; k++)
        cells[k] = cell_doc(rq, &comparison->items[k][i]);
    doc_text(doc, "name", item->name);
    doc_int(doc, "weight", item->weight);
    doc_docs(doc, "cells", cells, comparison->sheet_count);
    doc_text(doc, "mean", spread->scored ? review_points_words(rq, spread->mean) : "");
    doc_text(doc, "spread", spread->scored ? review_points_words(rq, spread->spread) : "");
    doc_text(doc, "agreement", per_cent(rq, spread->agreed, spread->pairs));
    doc_flag(doc, "differs", spread->agreed < spread->pairs);
    return doc;
}

static struct doc *compared_sheet(struct request *rq, const struct calibration_sheet *sheet,
                                  const struct sheet_spread *spread)
{
    struct doc *doc = doc_new(rq->cx.mem);
    char score[POINTS_MAX_TEXT];
    points_format(sheet->score, score);
    doc_text(doc, "name", sheet->reviewer_name);
    doc_text(doc, "score", arena_dup(rq->cx.mem, score));
    doc_flag(doc, "fatal", sheet->fatal);
    doc_text(doc, "deviation", signed_words(rq, spread->deviation));
    doc_text(doc, "agreement", per_cent(rq, spread->agreed, spread->pairs));
    doc_text(doc, "remark", sheet->remark);
    return doc;
}

static void put_page_comparison(struct request *rq, const struct calibration_sheet *sheets,
                                const struct comparison *comparison)
{
    struct arena *mem = rq->cx.mem;
    struct doc **items = ARENA_ARRAY(mem, struct doc *, comparison->item_count + 1);
    struct doc **people = ARENA_ARRAY(mem, struct doc *, comparison->sheet_count + 1);
    char mean[POINTS_MAX_TEXT];
    for (size_t i = 0; i < comparison->item_count; i++)
        items[i] = compared_item(rq, comparison, i);
    for (size_t i = 0; i < comparison->sheet_count; i++)
        people[i] = compared_sheet(rq, &sheets[i], &comparison->by_sheet[i]);
    points_format(comparison->mean, mean);
    doc_text(rq->doc, "mean", arena_dup(mem, mean));
    doc_text(rq->doc, "agreement_words", per_cent(rq, comparison->agreed, comparison->pairs));
    doc_docs(rq->doc, "compared", items, comparison->item_count);
    doc_docs(rq->doc, "people", people, comparison->sheet_count);
}

/* ---- one session ---- */

/* The own sheet, or an empty one of the form. */
static enum result put_own(struct request *rq, const struct calibration *calibration,
                           const struct calibration_sheet *sheets, size_t count)
{
    struct review_item *items;
    size_t item_count;
    const char *text = calibration->items;
    for (size_t i = 0; i < count; i++)
        if (sheets[i].reviewer_id == rq->cx.actor->person_id) {
            text = sheets[i].items;
            doc_flag(rq->doc, "has_scored", true);
            doc_text(rq->doc, "remark", sheets[i].remark);
        }
    TRY(items_read(&rq->cx, text, &items, &item_count));
    review_rows(rq, items, item_count);
    return OK;
}

static enum result put_player(struct request *rq, const struct calibration *calibration)
{
    struct recording recording;
    enum result there = recording_of_call(&rq->cx, calibration->call_id, &recording);
    if (there == OK)
        recording_player(rq, arena_printf(rq->cx.mem, "/recordings/%lld", (long long)recording.id),
                         &recording, actor_may(rq->cx.actor, "recordings.listen"));
    else
        doc_text(rq->doc, "recording_state", "none");
    return there == NOT_FOUND ? OK : there;
}

static void put_may(struct request *rq, const struct calibration *calibration)
{
    const struct actor *actor = rq->cx.actor;
    const bool leads = actor_may(actor, "calibrations.write");
    doc_flag(rq->doc, "may_score",
             calibration->state == CALIBRATION_OPEN && actor->person_id &&
                 actor->person_id != calibration->person_id &&
                 actor_may(actor, "calibrations.score"));
    doc_flag(rq->doc, "may_compare",
             leads && calibration->state == CALIBRATION_OPEN && calibration->sheets >= 2);
    doc_flag(rq->doc, "may_close", leads && calibration->state == CALIBRATION_COMPARED);
}

static enum result calibration_show(struct request *rq, void *record)
{
    const struct calibration *calibration = record;
    struct calibration_sheet *sheets;
    struct comparison comparison;
    size_t count;
    TRY(calibration_sheets(&rq->cx, calibration, &sheets, &count));
    TRY(sheets_compare(&rq->cx, sheets, count, &comparison));
    if (calibration->state != CALIBRATION_OPEN) {
        doc_records(rq->doc, "by_item", ITEM_ROW_FIELDS, item_rows(rq, &comparison),
                    comparison.item_count, sizeof(struct item_row));
        doc_records(rq->doc, "by_reviewer", SHEET_ROW_FIELDS, sheet_rows(rq, sheets, &comparison),
                    count, sizeof(struct sheet_row));
    }
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    put_may(rq, calibration);
    enum result result = put_player(rq, calibration);
    if (result == OK && calibration->state == CALIBRATION_OPEN)
        result = put_own(rq, calibration, sheets, count);
    if (calibration->state != CALIBRATION_OPEN)
        put_page_comparison(rq, sheets, &comparison);
    rq->doc->page_only = false;
    return result;
}

static const struct record_face CALIBRATION_FACE = {
    .resource = &CALIBRATIONS, .show = calibration_show, .icon = "scale"};

static enum result calibration_prepare_post(struct request *rq)
{
    struct calibration *calibration = ARENA_NEW(rq->cx.mem, struct calibration);
    fields_blank(CALIBRATIONS.fields, calibration);
    rq->prepared = calibration;
    enum result result = body_read(rq, CALIBRATIONS.fields, calibration, true, NULL);
    if (result == OK)
        result = calibration_prepare(&rq->cx, calibration);
    return record_form_again(rq, &CALIBRATION_FACE, calibration, true, result);
}

static enum result calibration_post(struct request *rq)
{
    struct calibration *calibration = rq->prepared;
    TRY(record_form_again(rq, &CALIBRATION_FACE, calibration, true,
                          calibration_begin(&rq->cx, calibration)));
    TRY(record_answer(rq, &CALIBRATION_FACE, calibration));
    return created(rq, "/calibrations/%lld", (long long)calibration->id);
}

static enum result calibration_score_post(struct request *rq)
{
    struct calibration calibration;
    struct review_mark *marks;
    size_t count;
    TRY(record_for_action(rq, &CALIBRATIONS, &calibration));
    enum result result = review_marks_read(rq, &marks, &count);
    if (result == OK)
        result = calibration_score(&rq->cx, &calibration, marks, count, input_text(rq, "remark"));
    return record_acted(rq, &CALIBRATION_FACE, &calibration, result, "flash.calibration.scored");
}

static enum result calibration_compare_post(struct request *rq)
{
    struct calibration calibration;
    TRY(record_for_action(rq, &CALIBRATIONS, &calibration));
    return record_acted(rq, &CALIBRATION_FACE, &calibration,
                        calibration_compare(&rq->cx, &calibration), "flash.calibration.compared");
}

static enum result calibration_close_post(struct request *rq)
{
    struct calibration calibration;
    TRY(record_for_action(rq, &CALIBRATIONS, &calibration));
    return record_acted(rq, &CALIBRATION_FACE, &calibration,
                        calibration_close(&rq->cx, &calibration, input_text(rq, "outcome")),
                        "flash.calibration.closed");
}

struct closing {
    const char *outcome;
};
static const struct field CLOSING_INPUT[] = {FIELD(closing, outcome, .in = MUST, .max = 2000),
                                             FIELDS_END};

#define NAV .nav = "calibrations"
/* clang-format off */
const struct route CALIBRATION_ROUTES[] = {
    RECORD_LIST("calibrations", CALIBRATION_FACE, "calibrations"),
    RECORD_SHOW("calibrations", CALIBRATION_FACE, "calibration"),
    {GET, "/calibrations/new", "calibrations.write", record_new_get, "form", .flags = PAGE_ONLY,
     .subject = &CALIBRATION_FACE, NAV},
    {POST, "/calibrations", "calibrations.write", calibration_post, "form", .flags = RECORDED,
     .prepare = calibration_prepare_post, .subject = &CALIBRATION_FACE, NAV},
    {POST, "/calibrations/{id}/score", "calibrations.score", calibration_score_post, "calibration",
     .flags = RECORDED, .input = MARKING_INPUT, NAV},
    {POST, "/calibrations/{id}/compare", "calibrations.write", calibration_compare_post,
     "calibration", .flags = RECORDED, NAV},
    {POST, "/calibrations/{id}/close", "calibrations.write", calibration_close_post, "calibration",
     .flags = RECORDED, .input = CLOSING_INPUT, NAV},
    RECORD_HISTORY("calibrations", CALIBRATION_FACE),
    RECORD_EXPORT("calibrations", CALIBRATION_FACE),
    ROUTES_END,
};
/* clang-format on */
