/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* GET /schemes/{id}/pay_trial: what a scheme would do to points and pay, person by person, and in
 * sum over some months. Whoever may see pay sheets sees it; the client has no such right. */
#include "app/pay/pay_web.h"

#include "app/pay/pay.h"
#include "app/records/record_page.h"
#include "app/scores/scheme_web.h"

#define MONTHS_MOST 6

static const int SPANS[] = {1, 3, MONTHS_MOST}; /* that the page offers */
#define SPAN_COUNT (sizeof SPANS / sizeof SPANS[0])

/* ?months=: how many, the month asked for being the last. */
static enum result span_asked(struct request *rq, int64_t *out)
{
    const char *text = query_text(rq, "months");
    *out = 1;
    if (*text && (!int_parse(text, out) || *out < 1 || *out > MONTHS_MOST))
        reject(&rq->cx, "months", "malformed");
    return rejected(&rq->cx);
}

static void put_spans(struct request *rq, int64_t span)
{
    struct doc **options = ARENA_ARRAY(rq->cx.mem, struct doc *, SPAN_COUNT);
    for (size_t i = 0; i < SPAN_COUNT; i++) {
        const char *name = arena_printf(rq->cx.mem, "%d", SPANS[i]);
        options[i] =
            option_doc(rq, name, word(rq, arena_printf(rq->cx.mem, "pay_trial.months.%s", name)),
                       SPANS[i] == span);
    }
    doc_docs(rq->doc, "spans", options, SPAN_COUNT);
}

/* The months before the one asked for, whose rows nobody asked for. */
static enum result put_months(struct request *rq, const struct scheme *scheme,
                              const struct pay_trial *last, int64_t span)
{
    struct pay_trial *months = ARENA_ARRAY(rq->cx.mem, struct pay_trial, (size_t)span);
    months[0] = *last;
    for (int64_t i = 1; i < span; i++)
        TRY(pay_trial(&rq->cx, scheme, (struct month){last->month.months - (int32_t)i},
                      &months[i]));
    doc_records(rq->doc, "months", PAY_TRIAL_FIELDS, months, (size_t)span, sizeof *months);
    return OK;
}

static enum result pay_trial_get(struct request *rq)
{
    struct scheme *scheme = ARENA_NEW(rq->cx.mem, struct scheme);
    struct pay_trial *trial = ARENA_NEW(rq->cx.mem, struct pay_trial);
    struct month month;
    int64_t span;
    TRY(record_of_path(rq, &SCHEMES, scheme));
    TRY(trial_month(rq, &month));
    TRY(span_asked(rq, &span));
    TRY(pay_trial(&rq->cx, scheme, month, trial));
    doc_root(rq->doc, PAY_TRIAL_FIELDS, trial);
    doc_int(rq->doc, "scheme_id", scheme->id);
    doc_text(rq->doc, "scheme_name", scheme->name);
    doc_text(rq->doc, "contract_name", scheme->contract_name);
    TRY(put_months(rq, scheme, trial, span));
    doc_records(rq->doc, "items", PAY_TRIAL_ROW_FIELDS, trial->rows, trial->count,
                sizeof *trial->rows);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    put_spans(rq, span);
    doc_int(rq->doc, "span", span);
    doc_flag(rq->doc, "several", span > 1);
    doc_flag(rq->doc, "known", !*trial->lacks);
    doc_text(rq->doc, "lacks_words",
             *trial->lacks ? word(rq, arena_printf(rq->cx.mem, "pay_trial.lacks.%s", trial->lacks))
                           : "");
    rq->doc->page_only = false;
    return OK;
}

const struct route PAY_TRIAL_ROUTES[] = {
    {GET, "/schemes/{id}/pay_trial", "pay_sheets.read", pay_trial_get, "pay_trial",
     .nav = "schemes"},
    ROUTES_END,
};
