/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What anybody sees who scans a code on site: a form, and later the state of what was reported.
 * Nothing else of the contract is shown, not even which one it is. */
#include "app/access/access_web.h"
#include "app/desk/desk.h"
#include "app/desk/desk_web.h"
#include "app/documents/documents_web.h"
#include "base/texts.h"

#include <string.h>

struct report {
    struct issue_link link;
    struct issue issue;
    struct upload photos[REPORT_PHOTOS_MOST];
    size_t count;
};

static struct report *report_new(struct request *rq)
{
    struct report *report = ARENA_NEW(rq->cx.mem, struct report);
    fields_blank(ISSUES.fields, &report->issue);
    return report;
}

/* The form: where its code hangs. ?kind= : what is chosen already. */
static enum result put_form(struct request *rq, struct report *report)
{
    static const char *const KINDS[] = {"problem", "complaint", "praise", NULL};
    const char *kind = query_text(rq, "kind");
    TRY(report_link(&rq->cx, path_text(rq, "token"), &report->link));
    rq->doc->page_only = true;
    doc_text(rq->doc, "place", report->link.place);
    doc_text(rq->doc, "token", report->link.token);
    doc_int(rq->doc, "photos_most", REPORT_PHOTOS_MOST);
    if (choice_find(KINDS, kind, strlen(kind)))
        doc_text(rq->doc, "kind", kind);
    rq->doc->page_only = false;
    return OK;
}

static enum result report_get_form(struct request *rq)
{
    struct report *report = report_new(rq);
    const char *code = query_text(rq, "code");
    TRY(put_form(rq, report));
    if (*code)
        return moved(rq, NULL, "/r/%s/%s", report->link.token, code);
    return report->link.state == ISSUE_LINK_ON ? OK : fail(&rq->cx, NOT_FOUND, "report.no_link");
}

/* ---- sending one ---- */

static void check_consent(struct request *rq, const struct issue *issue)
{
    const char *consent = input_text(rq, "consent");
    if ((*issue->reporter || *issue->reporter_phone.plain) && !*consent)
        reject(&rq->cx, "consent", "consent_needed");
}

/* Outside the transaction: what is slow, and what refuses most of what should not be sent. */
static enum result report_prepare(struct request *rq)
{
    struct report *report = rq->prepared = report_new(rq);
    const bool trapped = *input_text(rq, "website") != '\0'; /* no person sees that box */
    (void)input_text(rq, "consent");
    TRY(put_form(rq, report));
    TRY(with_retry_after(rq, report_demand_open(&rq->cx, &report->link)));
    if (trapped)
        return fail(&rq->cx, INVALID, "report.refused");
    TRY(body_read(rq, REPORT_INPUT, &report->issue, true, NULL));
    check_consent(rq, &report->issue);
    TRY(rejected(&rq->cx));
    return photos_take(rq, report->photos, REPORT_PHOTOS_MOST, &report->count);
}

static enum result report_post(struct request *rq)
{
    struct report *report = rq->prepared;
    TRY(with_retry_after(
        rq, report_add(&rq->cx, &report->link, &report->issue, report->photos, report->count)));
    return moved(rq, "flash.reported", "/r/%s/%s", report->link.token, report->issue.code);
}

/* ---- what became of it ---- */

static enum result put_state(struct request *rq, struct report *report)
{
    const struct issue *issue = &report->issue;
    TRY(report_link(&rq->cx, path_text(rq, "token"), &report->link));
    TRY(report_get(&rq->cx, &report->link, path_text(rq, "report"), &report->issue));
    rq->doc->page_only = true;
    doc_text(rq->doc, "token", report->link.token);
    doc_text(rq->doc, "code", issue->code);
    doc_text(rq->doc, "place", issue->place);
    doc_text(rq->doc, "words", issue->words);
    doc_text(
        rq->doc, "state",
        choice_name(field_find(ISSUES.fields, "state", strlen("state"))->choices, issue->state));
    doc_text(rq->doc, "answer", issue->answer);
    doc_text(rq->doc, "solution", issue->solution);
    doc_flag(rq->doc, "may_judge", issue->state == ISSUE_SOLVED);
    rq->doc->page_only = false;
    return OK;
}

static enum result report_state_get(struct request *rq)
{
    return put_state(rq, report_new(rq));
}

struct judging {
    int32_t satisfaction;
    const char *words;
};
static const struct field JUDGE_INPUT[] = {
    FIELD(judging, satisfaction, .in = MAY, .min = 0, .max = 5),
    FIELD(judging, words, .in = MAY, .max = 1000, .use = LONG_TEXT),
    FIELDS_END,
};

/* satisfaction 1 to 5; without it the reporter is not satisfied, and says why. */
static enum result report_judge_post(struct request *rq)
{
    struct report *report = report_new(rq);
    struct judging judging = {.words = ""};
    TRY(put_state(rq, report));
    TRY(body_read(rq, JUDGE_INPUT, &judging, true, NULL));
    TRY(report_judge(&rq->cx, &report->issue, judging.satisfaction, judging.words));
    return moved(rq, judging.satisfaction ? "flash.report.closed" : "flash.report.reopened",
                 "/r/%s/%s", report->link.token, report->issue.code);
}

const struct route REPORT_ROUTES[] = {
    {GET, "/r/{token}", PUBLIC, report_get_form, "bare_report", .flags = PAGE_ONLY},
    {POST, "/r/{token}", PUBLIC, report_post, "bare_report", .flags = PAGE_ONLY | UPLOAD,
     .prepare = report_prepare, .input = REPORT_INPUT},
    {GET, "/r/{token}/{report}", PUBLIC, report_state_get, "bare_report_state", .flags = PAGE_ONLY},
    {POST, "/r/{token}/{report}", PUBLIC, report_judge_post, "bare_report_state",
     .flags = PAGE_ONLY, .input = JUDGE_INPUT},
    ROUTES_END,
};
