/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/supervision/supervision_web.h"

#include "app/access/access_web.h"
#include "app/records/record_page.h"
#include "app/signatures/signature.h"
#include "base/texts.h"

#include <stdlib.h>
#include <string.h>

/* ---- words of figures ---- */

const char *report_section_label(struct request *rq, const struct report_figure *figure)
{
    return word(rq, arena_printf(rq->cx.mem, "supervision_reports.%s", figure->section));
}

const char *report_figure_label(struct request *rq, const struct report_figure *figure)
{
    return word(
        rq, arena_printf(rq->cx.mem, "supervision_reports.%s.%s", figure->section, figure->name));
}

const char *report_figure_words(struct request *rq, const struct report_figure *figure)
{
    struct arena *arena = rq->cx.mem;
    const char *count = arena_printf(arena, "%d", figure->count);
    char amount[MONEY_MAX_TEXT];
    if (figure->amount_fen.fen) {
        money_format(figure->amount_fen, true, amount);
        return texts_fill(arena, "supervision_reports.with_amount", rq->cx.lang,
                          (const char *const[]){count, arena_dup(arena, amount), NULL});
    }
    if (!figure->minutes)
        return count;
    return texts_fill(arena, "supervision_reports.on_average", rq->cx.lang,
                      (const char *const[]){count, arena_printf(arena, "%d", figure->minutes / 60),
                                            arena_printf(arena, "%d", figure->minutes % 60)});
}

/* ---- one report ---- */

static bool begins_section(const struct report_figure *figures, size_t at)
{
    return at == 0 || strcmp(figures[at].section, figures[at - 1].section) != 0;
}

static struct doc *figure_doc(struct request *rq, const struct supervision_report *report,
                              const struct report_figure *figure)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_text(doc, "label", report_figure_label(rq, figure));
    doc_text(doc, "words", report_figure_words(rq, figure));
    doc_int(doc, "count", figure->count);
    doc_flag(doc, "bad", figure->bad && figure->count);
    doc_flag(doc, "nothing", !figure->count);
    doc_text(doc, "href",
             arena_printf(rq->cx.mem, "/supervision_reports/%lld/records?figure=%s.%s",
                          (long long)report->id, figure->section, figure->name));
    return doc;
}

/* Is there something to draw, and does it belong together? */
static bool is_drawn(const struct report_figure *figures, size_t count)
{
    const struct report_section *section = NULL;
    bool any = false;
    for (size_t i = 0; report_section_at(i); i++)
        if (strcmp(report_section_at(i)->name, figures->section) == 0)
            section = report_section_at(i);
    for (size_t i = 0; i < count; i++)
        any = any || figures[i].count;
    return section && section->drawn && any;
}

/* The sections with their figures, as the page shows them. */
static void put_sections(struct request *rq, const struct supervision_report *report,
                         const struct report_figure *figures, size_t count)
{
    struct doc **sections = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    size_t width = 0;
    for (size_t i = 0; i < count;) {
        struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
        struct doc *section = doc_new(rq->cx.mem);
        size_t inner = 0;
        doc_text(section, "label", report_section_label(rq, &figures[i]));
        do
            docs[inner++] = figure_doc(rq, report, &figures[i++]);
        while (i < count && !begins_section(figures, i));
        doc_docs(section, "figures", docs, inner);
        doc_text(section, "name", figures[i - inner].section);
        doc_flag(section, "drawn", is_drawn(&figures[i - inner], inner));
        sections[width++] = section;
    }
    doc_docs(rq->doc, "sections", sections, width);
}

static void put_may(struct request *rq, const struct supervision_report *report)
{
    const struct actor *actor = rq->cx.actor;
    const bool drafted = report->state == REPORT_DRAFTED;
    const bool writes =
        actor_may(actor, "supervision_reports.write") && report_is_own(&rq->cx, report->unit_kind);
    doc_flag(rq->doc, "may_file", drafted && writes);
    doc_flag(rq->doc, "may_receive",
             report_is_receivable(&rq->cx, report) && report->filer_id != actor->person_id &&
                 actor_may(actor, "supervision_reports.receive"));
    doc_flag(rq->doc, "may_note",
             report->state == REPORT_RECEIVED && actor_may(actor, "supervision_reports.note"));
    doc_flag(rq->doc, "may_correct", !drafted && !report->corrected_by_id && writes);
}

static enum result report_show(struct request *rq, void *record)
{
    struct supervision_report *report = record;
    struct report_figure *figures;
    struct signature *signatures;
    size_t count, signature_count;
    TRY(report_digest(&rq->cx, report, &report->sha256)); /* of a draft: what would be signed */
    TRY(report_figures(&rq->cx, report, &figures, &count));
    doc_records(rq->doc, "figures", REPORT_FIGURE_FIELDS, figures, count, sizeof *figures);
    TRY(signatures_list(&rq->cx, &SUPERVISION_REPORTS, report->id, &signatures, &signature_count));
    doc_records(rq->doc, "signatures", SIGNATURE_FIELDS, signatures, signature_count,
                sizeof *signatures);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    put_sections(rq, report, figures, count);
    put_may(rq, report);
    rq->doc->page_only = false;
    return OK;
}

static enum result report_begin(struct request *rq, void *record)
{
    struct supervision_report *report = record;
    const struct actor *actor = rq->cx.actor;
    if (!report->unit_id && !actor->sees_company)
        report->unit_id = actor->unit_id;
    if (!report->month.months)
        report->month.months = month_of(instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN)).months - 1;
    return OK;
}

static const struct record_face REPORT_FACE = {
    .resource = &SUPERVISION_REPORTS, .show = report_show, .begin = report_begin};

/* ---- the records behind a figure ---- */

struct behind {
    int64_t id;
    const char *title, *href; /* "" of what the reader may not see */
};
static const struct field BEHIND_FIELDS[] = {FIELD(behind, id), FIELD(behind, title),
                                             FIELD(behind, href), FIELDS_END};

static enum result read_behind(struct request *rq, const struct resource *resource,
                               struct behind *behind)
{
    void *record = arena_alloc(rq->cx.mem, resource->size);
    struct fault kept = fault_take(&rq->cx);
    enum result result = record_get(&rq->cx, resource, behind->id, record);
    behind->title = behind->href = "";
    if (result != OK && result != NOT_FOUND)
        return result;
    rq->cx.fault = kept;
    if (result == NOT_FOUND)
        return OK;
    behind->title = resource->title ? record_title(rq->cx.mem, resource, record) : "";
    behind->href = arena_printf(rq->cx.mem, "/%s/%lld", resource->name, (long long)behind->id);
    return OK;
}

/* What the reader may not see is counted, and not named. */
static enum result put_behind(struct request *rq, const struct report_figure *figure)
{
    const struct resource *resource = resource_find(figure->resource);
    struct behind *rows = ARENA_ARRAY(rq->cx.mem, struct behind, REPORT_RECORDS_MOST);
    size_t count = 0;
    int64_t hidden = 0;
    const bool may =
        resource && actor_may(rq->cx.actor, arena_printf(rq->cx.mem, "%s.read", figure->resource));
    for (const char *at = figure->records; *at && count < REPORT_RECORDS_MOST;) {
        rows[count].id = strtoll(at, NULL, 10);
        if (may)
            TRY(read_behind(rq, resource, &rows[count]));
        if (may && *rows[count].href)
            count++;
        else
            hidden++;
        at += strcspn(at, " ");
        at += *at == ' ';
    }
    doc_records(rq->doc, "items", BEHIND_FIELDS, rows, count, sizeof *rows);
    doc_int(rq->doc, "hidden", hidden);
    return OK;
}

/* ?figure=duties.overdue; without: the first one. */
static enum result report_records_get(struct request *rq)
{
    struct supervision_report report;
    struct report_figure *figures;
    size_t count;
    const char *name = query_text(rq, "figure");
    TRY(record_of_path(rq, &SUPERVISION_REPORTS, &report));
    TRY(report_figures(&rq->cx, &report, &figures, &count));
    const struct report_figure *figure =
        *name || !count ? report_figure_find(figures, count, name) : figures;
    if (!figure)
        return fail(&rq->cx, NOT_FOUND, "record.not_found");
    doc_record(rq->doc, "report", SUPERVISION_REPORTS.fields,
               memcpy(arena_alloc(rq->cx.mem, sizeof report), &report, sizeof report));
    doc_record(rq->doc, "figure", REPORT_FIGURE_FIELDS, figure);
    TRY(put_behind(rq, figure));
    rq->doc->page_only = true;
    doc_text(rq->doc, "section", report_section_label(rq, figure));
    doc_text(rq->doc, "label", report_figure_label(rq, figure));
    doc_text(rq->doc, "words", report_figure_words(rq, figure));
    rq->doc->page_only = false;
    return OK;
}

/* ---- steps ---- */

static enum result report_file_post(struct request *rq)
{
    struct supervision_report report;
    TRY(record_of_path(rq, &SUPERVISION_REPORTS, &report));
    enum result result = prove_demand(rq);
    if (result == OK)
        result = report_file(&rq->cx, &report, input_text(rq, "sha256"));
    return record_acted(rq, &REPORT_FACE, &report, result, "flash.report.filed");
}

static enum result report_receive_post(struct request *rq)
{
    struct supervision_report report;
    TRY(record_for_action(rq, &SUPERVISION_REPORTS, &report));
    return record_acted(rq, &REPORT_FACE, &report, report_receive(&rq->cx, &report),
                        "flash.report.received");
}

static enum result report_note_post(struct request *rq)
{
    struct supervision_report report;
    TRY(record_for_action(rq, &SUPERVISION_REPORTS, &report));
    return record_acted(rq, &REPORT_FACE, &report, report_note(&rq->cx, &report),
                        "flash.report.noted");
}

static enum result report_correct_post(struct request *rq)
{
    struct supervision_report report;
    int64_t id;
    TRY(record_for_action(rq, &SUPERVISION_REPORTS, &report));
    enum result result = report_correct(&rq->cx, &report, input_text(rq, "reason"), &id);
    if (result != OK)
        return record_acted(rq, &REPORT_FACE, &report, result, "");
    struct supervision_report *next = ARENA_NEW(rq->cx.mem, struct supervision_report);
    TRY(record_get(&rq->cx, &SUPERVISION_REPORTS, id, next));
    TRY(record_answer(rq, &REPORT_FACE, next));
    return created(rq, "/supervision_reports/%lld", (long long)id);
}

#define NAV .nav = "supervision_reports"
const struct route SUPERVISION_ROUTES[] = {
    RECORD_LIST("supervision_reports", REPORT_FACE, "list"),
    RECORD_SHOW("supervision_reports", REPORT_FACE, "supervision_report"),
    RECORD_CREATE("supervision_reports", REPORT_FACE),
    {GET, "/supervision_reports/{id}/edit", "supervision_reports.write", record_edit_get, "form",
     .flags = PAGE_ONLY, .subject = &REPORT_FACE, NAV},
    {PATCH, "/supervision_reports/{id}", "supervision_reports.write", record_change_patch, "form",
     .flags = RECORDED, .subject = &REPORT_FACE, NAV},
    RECORD_HISTORY("supervision_reports", REPORT_FACE),
    RECORD_EXPORT("supervision_reports", REPORT_FACE),
    {GET, "/supervision_reports/{id}/records", "supervision_reports.read", report_records_get,
     "supervision_report_records", NAV},
    {GET, "/supervision_reports/{id}/print.pdf", "supervision_reports.read", report_print_get,
     "fault", .flags = STREAM | TRACED},
    {POST, "/supervision_reports/{id}/file", "supervision_reports.write", report_file_post,
     "supervision_report", .flags = SESSION_ONLY | RECORDED, .prepare = prove_prepare,
     .input = SIGNING_INPUT, NAV},
    {POST, "/supervision_reports/{id}/receive", "supervision_reports.receive", report_receive_post,
     "supervision_report", .flags = RECORDED, NAV},
    {POST, "/supervision_reports/{id}/note", "supervision_reports.note", report_note_post,
     "supervision_report", .flags = RECORDED, NAV},
    {POST, "/supervision_reports/{id}/correct", "supervision_reports.write", report_correct_post,
     "supervision_report", .flags = RECORDED, .input = REASON_INPUT, NAV},
    ROUTES_END,
};
