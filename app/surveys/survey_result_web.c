/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a closed survey came to, on the web. */
#include "app/records/record_page.h"
#include "app/surveys/survey_web.h"

#include <string.h>

#define RESULTS_MOST 500
#define WORDS_SHOWN 100

/* 84213 -> "84.21" */
static const char *per_cent(struct request *rq, int32_t thousandths)
{
    char text[POINTS_MAX_TEXT];
    points_format((struct points){(thousandths + 5) / 10}, text);
    return arena_dup(rq->cx.mem, text);
}

static enum result results_of(struct request *rq, int64_t survey_id, struct list *out)
{
    return record_select(&rq->cx, &SURVEY_RESULTS, "of_survey",
                         "t.survey_id = $1 ORDER BY t.id LIMIT 500", PARAMS(P(survey_id)), out);
}

static struct doc *result_doc(struct request *rq, const struct survey_result *result)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_text(doc, "label", *result->stratum ? result->stratum : result->label);
    doc_int(doc, "answered", result->answered);
    if (result->sample)
        doc_text(doc, "asked", arena_printf(rq->cx.mem, "%d", result->sample));
    doc_text(doc, "mean", result->measured ? per_cent(rq, result->mean) : "");
    doc_text(doc, "interval",
             result->measured ? arena_printf(rq->cx.mem, "%s – %s", per_cent(rq, result->low),
                                             per_cent(rq, result->high))
                              : "");
    return doc;
}

/* Rows of one kind: the strata, or the questions. */
static void put_part(struct request *rq, const char *name, const struct survey_result *results,
                     size_t count, bool strata)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    size_t shown = 0;
    for (size_t i = 1; i < count; i++)
        if (strata == !results[i].question)
            docs[shown++] = result_doc(rq, &results[i]);
    doc_docs(rq->doc, name, docs, shown);
}

static void put_whole(struct request *rq, const struct survey_result *whole)
{
    const struct doc *doc = result_doc(rq, whole);
    const int64_t response = response_of(whole->answered, whole->sample);
    doc_flag(rq->doc, "measured", whole->measured);
    doc_doc(rq->doc, "whole", doc);
    doc_flag(rq->doc, "whole_weighted", whole->weighted);
    doc_flag(rq->doc, "whole_representative", whole->representative);
    doc_flag(rq->doc, "few", whole->answered < ANSWERS_LEAST);
    doc_flag(rq->doc, "asked_unknown", !whole->sample);
    doc_flag(rq->doc, "low_response", whole->sample && whole->answered * 2 < whole->sample);
    doc_text(rq->doc, "whole_response",
             whole->sample ? arena_printf(rq->cx.mem, "%lld", (long long)response) : "");
}

/* ---- how often each was picked ---- */

static int32_t picked_by(const struct survey_pick *picks, size_t count, int32_t question,
                         int32_t picked)
{
    for (size_t i = 0; i < count; i++)
        if (picks[i].question == question && picks[i].picked == picked)
            return picks[i].count;
    return 0;
}

static struct doc *pick_doc(struct request *rq, const char *label, int32_t count, int32_t all)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_text(doc, "label", label);
    doc_int(doc, "count", count);
    doc_int(doc, "share", all ? (count * INT64_C(100) + all / 2) / all : 0);
    return doc;
}

static struct doc *picks_doc(struct request *rq, const struct survey *survey,
                             const struct survey_question *question, int32_t number,
                             const struct survey_pick *picks, size_t count)
{
    const char *options[CHOICES_MOST] = {NULL};
    const bool marked = question_is_marked(question);
    const struct picks_of range = question_picks(rq->cx.mem, question);
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, CHOICES_MOST);
    size_t shown = 0;
    (void)question_options(rq->cx.mem, question, options);
    for (int32_t picked = range.least; picked <= range.most; picked++, shown++)
        rows[shown] = pick_doc(rq, marked ? arena_printf(rq->cx.mem, "%d", picked) : options[shown],
                               picked_by(picks, count, number, picked), survey->answered);
    doc_int(doc, "number", number);
    doc_text(doc, "text", question->text);
    doc_flag(doc, "marked", marked);
    doc_docs(doc, "rows", rows, shown);
    return doc;
}

static enum result put_picks(struct request *rq, const struct survey *survey)
{
    struct survey_question *questions;
    struct survey_pick *picks = NULL;
    size_t count, pick_count, shown = 0;
    TRY(survey_questions(&rq->cx, survey, &questions, &count));
    TRY(survey_picks(&rq->cx, survey, &picks, &pick_count));
    doc_rows(rq->doc, &SURVEY_ROWS[ROWS_PICKS], picks, pick_count);
    if (rq->face != FACE_PAGE)
        return OK;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; pick_count && i < count; i++)
        if (questions[i].kind != QUESTION_WORDS)
            docs[shown++] = picks_doc(rq, survey, &questions[i], (int32_t)i + 1, picks, pick_count);
    rq->doc->page_only = true;
    doc_docs(rq->doc, "picked", docs, shown);
    rq->doc->page_only = false;
    return OK;
}

/* ---- how it was before ---- */

struct compared {
    const struct survey *surveys; /* the newest first */
    size_t count;
    struct list results[COMPARED_MOST];
};

static const char *mean_of(struct request *rq, const struct list *results, const char *label)
{
    const struct survey_result *rows = results->rows;
    for (size_t i = 0; i < results->count; i++)
        if (rows[i].measured && !*rows[i].stratum && strcmp(rows[i].label, label) == 0)
            return per_cent(rq, rows[i].mean);
    return "";
}

static struct doc *line_doc(struct request *rq, const struct compared *compared, const char *label)
{
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **cells = ARENA_ARRAY(rq->cx.mem, struct doc *, COMPARED_MOST);
    for (size_t i = 0; i < compared->count; i++) {
        struct doc *cell = cells[compared->count - 1 - i] = doc_new(rq->cx.mem);
        doc_text(cell, "mean", mean_of(rq, &compared->results[i], label));
    }
    doc_text(doc, "label", label);
    doc_docs(doc, "cells", cells, compared->count);
    return doc;
}

static void put_lines(struct request *rq, const struct compared *compared,
                      const struct survey_result *rows, size_t count)
{
    struct doc **lines = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    struct doc **periods = ARENA_ARRAY(rq->cx.mem, struct doc *, COMPARED_MOST);
    size_t shown = 0;
    for (size_t i = 0; i < count; i++)
        if (!*rows[i].stratum)
            lines[shown++] = line_doc(rq, compared, rows[i].label);
    for (size_t i = 0; i < compared->count; i++) {
        const struct survey *survey = &compared->surveys[i];
        struct doc *doc = periods[compared->count - 1 - i] = doc_new(rq->cx.mem);
        doc_text(doc, "period", survey->period);
        doc_text(doc, "href", arena_printf(rq->cx.mem, "/surveys/%lld", (long long)survey->id));
        doc_flag(doc, "representative", survey->representative);
    }
    doc_docs(rq->doc, "lines", lines, shown);
    doc_docs(rq->doc, "periods", periods, compared->count);
    doc_flag(rq->doc, "compared", compared->count > 1);
}

static enum result put_compared(struct request *rq, const struct survey *survey,
                                const struct list *results)
{
    struct compared compared;
    struct list list;
    TRY(surveys_compared(&rq->cx, survey, &list));
    compared.surveys = list.rows;
    compared.count = list.count;
    for (size_t i = 0; i < list.count; i++)
        TRY(results_of(rq, compared.surveys[i].id, &compared.results[i]));
    put_lines(rq, &compared, results->rows, results->count);
    return OK;
}

/* ---- all of it ---- */

static enum result put_words(struct request *rq, const struct survey *survey)
{
    struct list list;
    TRY(record_select(&rq->cx, &SURVEY_WORDS, "of_survey",
                      "t.survey_id = $1 ORDER BY t.id LIMIT 101", PARAMS(P(survey->id)), &list));
    const size_t shown = list.count > WORDS_SHOWN ? WORDS_SHOWN : list.count;
    doc_records(rq->doc, "said", SURVEY_WORDS.fields, list.rows, shown, SURVEY_WORDS.size);
    doc_flag(rq->doc, "said_any", shown > 0);
    doc_flag(rq->doc, "said_more", list.count > shown);
    return OK;
}

enum result survey_put_results(struct request *rq, const struct survey *survey)
{
    struct list list;
    TRY(results_of(rq, survey->id, &list));
    doc_rows(rq->doc, &SURVEY_ROWS[ROWS_RESULTS], list.rows, list.count);
    TRY(put_picks(rq, survey));
    if (rq->face != FACE_PAGE || !list.count)
        return OK;
    rq->doc->page_only = true;
    put_whole(rq, list.rows);
    put_part(rq, "strata", list.rows, list.count, true);
    put_part(rq, "by_question", list.rows, list.count, false);
    TRY(put_words(rq, survey));
    enum result result = put_compared(rq, survey, &list);
    rq->doc->page_only = false;
    return result;
}
