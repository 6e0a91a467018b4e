/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Shifts on the web: the week of everybody, to be planned, and everybody's own week. */
#include "app/attendance/asked.h"
#include "app/attendance/attendance_web.h"
#include "app/records/record_page.h"

#include <string.h>

#define WEEK_DAYS 7

static enum result kind_begin(struct request *rq, void *record)
{
    struct shift_kind *kind = record;
    (void)rq;
    kind->state = SHIFT_KIND_IN_FORCE;
    kind->late_grace = 5;
    return OK;
}

static const struct record_face KIND_FACE = {.resource = &SHIFT_KINDS, .begin = kind_begin};
static const struct record_face SHIFT_FACE = {.resource = &SHIFTS};

/* ---- the week that is asked for ---- */

static enum result week_asked(struct request *rq, struct date *out)
{
    const char *asked = query_text(rq, "week");
    *out = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    if (*asked && !date_parse(asked, out))
        reject(&rq->cx, "week", "malformed");
    *out = week_first(*out);
    return rejected(&rq->cx);
}

static const char *date_words(struct request *rq, struct date date)
{
    char text[DATE_MAX_TEXT];
    date_format(date, text);
    return arena_dup(rq->cx.mem, text);
}

/* Its days as the head of a table, and the ways to the weeks around it. */
static void put_week(struct request *rq, struct date monday)
{
    const struct date today = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, WEEK_DAYS);
    for (int day = 0; day < WEEK_DAYS; day++) {
        const struct date date = date_add(monday, day);
        docs[day] = doc_new(rq->cx.mem);
        doc_text(docs[day], "date", date_words(rq, date));
        doc_text(docs[day], "short", date_words(rq, date) + 5);
        doc_text(docs[day], "label",
                 word(rq, arena_printf(rq->cx.mem, "shift_week.day.%d", day + 1)));
        doc_flag(docs[day], "today", date.days == today.days);
    }
    doc_docs(rq->doc, "days", docs, WEEK_DAYS);
    doc_text(rq->doc, "last_day", date_words(rq, date_add(monday, WEEK_DAYS - 1)));
    doc_text(rq->doc, "before", date_words(rq, date_add(monday, -WEEK_DAYS)));
    doc_text(rq->doc, "after_week", date_words(rq, date_add(monday, WEEK_DAYS)));
}

static enum result kinds_read(struct request *rq, struct list *out)
{
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    return record_list(&rq->cx, &SHIFT_KINDS, &query, out);
}

static const struct shift_kind *kind_find(const struct list *kinds, int64_t id)
{
    const struct shift_kind *kind = kinds->rows;
    for (size_t i = 0; i < kinds->count; i++) {
        if (kind[i].id == id)
            return &kind[i];
    }
    return NULL;
}

/* ---- everybody's ---- */

static const char *const NAMES[] = {"monday", "tuesday",  "wednesday", "thursday",
                                    "friday", "saturday", "sunday"};

static struct doc *cell_doc(struct request *rq, const struct list *kinds, int64_t kind_id, int day)
{
    struct doc *doc = doc_new(rq->cx.mem), **options;
    const struct shift_kind *kind = kinds->rows, *chosen = kind_find(kinds, kind_id);
    size_t count = 0;
    options = ARENA_ARRAY(rq->cx.mem, struct doc *, kinds->count + 1);
    for (size_t i = 0; i < kinds->count; i++) {
        if (kind[i].state == SHIFT_KIND_IN_FORCE || kind[i].id == kind_id)
            options[count++] =
                option_doc(rq, arena_printf(rq->cx.mem, "%lld", (long long)kind[i].id),
                           kind[i].name, kind[i].id == kind_id);
    }
    doc_text(doc, "name", NAMES[day]);
    doc_text(doc, "kind", chosen ? chosen->name : "");
    doc_docs(doc, "options", options, count);
    return doc;
}

static struct doc *row_doc(struct request *rq, const struct list *kinds, const struct week_row *row,
                           size_t index)
{
    const int64_t ids[WEEK_DAYS] = {row->monday, row->tuesday,  row->wednesday, row->thursday,
                                    row->friday, row->saturday, row->sunday};
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **cells = ARENA_ARRAY(rq->cx.mem, struct doc *, WEEK_DAYS);
    for (int day = 0; day < WEEK_DAYS; day++)
        cells[day] = cell_doc(rq, kinds, ids[day], day);
    doc_int(doc, "index", (int64_t)index);
    doc_int(doc, "person_id", row->person_id);
    doc_text(doc, "person_name", row->person_name);
    doc_text(doc, "job",
             word(rq, arena_printf(rq->cx.mem, "people.job.%s", choice_name(JOBS, row->job))));
    doc_docs(doc, "cells", cells, WEEK_DAYS);
    return doc;
}

static enum result put_rows(struct request *rq, const struct week_row *rows, size_t count)
{
    struct list kinds;
    TRY(kinds_read(rq, &kinds));
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++)
        docs[i] = row_doc(rq, &kinds, &rows[i], i);
    doc_docs(rq->doc, "rows", docs, count);
    doc_flag(rq->doc, "any_kind", kinds.count > 0);
    return OK;
}

#define PAGE_ROWS 60

static enum result put_page(struct request *rq, struct date monday, const struct week_row *rows,
                            size_t count, bool more)
{
    rq->doc->page_only = true;
    put_week(rq, monday);
    doc_text(rq->doc, "q", query_text(rq, "q"));
    doc_flag(rq->doc, "may_plan", actor_may(rq->cx.actor, "shifts.write"));
    doc_link(rq, rq->doc, "kinds_href", "/shift_kinds");
    if (more)
        doc_text(rq->doc, "next_href",
                 arena_printf(rq->cx.mem, "/shifts/week?week=%s&q=%s&after=%lld",
                              date_words(rq, monday), query_text(rq, "q"),
                              (long long)rows[count - 1].person_id));
    enum result result = put_rows(rq, rows, count);
    rq->doc->page_only = false;
    return result;
}

static enum result show_week(struct request *rq, struct date monday)
{
    struct week_row *rows;
    size_t count;
    int64_t after = 0;
    if (*query_text(rq, "after") && !int_parse(query_text(rq, "after"), &after))
        reject(&rq->cx, "after", "malformed");
    TRY(rejected(&rq->cx));
    TRY(week_read(&rq->cx, monday, query_text(rq, "q"), after, PAGE_ROWS + 1, &rows, &count));
    const bool more = count > PAGE_ROWS;
    count = more ? PAGE_ROWS : count;
    doc_text(rq->doc, "week", date_words(rq, monday));
    doc_records(rq->doc, "items", WEEK_ROW_FIELDS, rows, count, sizeof *rows);
    if (more)
        doc_int(rq->doc, "next", rows[count - 1].person_id);
    return rq->face == FACE_PAGE ? put_page(rq, monday, rows, count, more) : OK;
}

static enum result shift_week_get(struct request *rq)
{
    struct date monday;
    TRY(week_asked(rq, &monday));
    return show_week(rq, monday);
}

/* ---- planning ---- */

struct planning {
    struct date week;
};
static const struct field WEEK_INPUT[] = {FIELD(planning, week, .in = MUST), FIELDS_END};

/* Refused, the page shows the week as it stands beside the fault. */
static enum result planned(struct request *rq, struct date monday, enum result result,
                           const char *flash_key)
{
    if (result != OK && rq->face == FACE_PAGE && monday.days) {
        struct fault kept = fault_take(&rq->cx);
        (void)show_week(rq, monday);
        rq->cx.fault = kept;
    }
    TRY(result);
    TRY(show_week(rq, monday));
    return moved(rq, flash_key, "/shifts/week?week=%s", date_words(rq, monday));
}

static enum result read_planning(struct request *rq, struct date *out)
{
    struct planning planning = {.week = {0}};
    TRY(body_read(rq, WEEK_INPUT, &planning, true, NULL));
    *out = week_first(planning.week);
    return OK;
}

static const struct body_list WEEK_LISTS[] = {
    {"rows", WEEK_ROW_FIELDS, sizeof(struct week_row), WEEK_ROWS_MOST},
    BODY_LISTS_END,
};

static enum result shift_plan_post(struct request *rq)
{
    struct week_row *rows = NULL;
    struct date monday = {0};
    size_t count = 0;
    enum result result = body_read_rows(rq, &WEEK_LISTS[0], &rows, &count);
    const enum result read = read_planning(rq, &monday);
    result = result == OK ? read : result;
    if (result == OK)
        result = week_plan(&rq->cx, monday, rows, count);
    return planned(rq, monday, result, "flash.shifts.planned");
}

static enum result shift_copy_post(struct request *rq)
{
    struct date monday = {0};
    int32_t count = 0;
    enum result result = read_planning(rq, &monday);
    if (result == OK)
        result = week_copy(&rq->cx, monday, &count);
    if (result == OK)
        doc_int(rq->doc, "copied", count);
    return planned(rq, monday, result, "flash.shifts.copied");
}

/* ---- the own week ---- */

static enum result day_doc(struct request *rq, struct date date, struct doc *doc)
{
    const struct date today = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    const char *day = date_words(rq, date);
    struct shift *shift = ARENA_NEW(rq->cx.mem, struct shift);
    struct attendance *became = ARENA_NEW(rq->cx.mem, struct attendance);
    TRY(shift_of(&rq->cx, rq->cx.actor->person_id, date, shift));
    struct fault kept = fault_take(&rq->cx);
    const int64_t id = attendance_id(rq->cx.actor->person_id, date);
    const bool there = record_get(&rq->cx, &ATTENDANCE, id, became) == OK;
    rq->cx.fault = kept;
    doc_record(doc, "shift", SHIFTS.fields, shift);
    doc_flag(doc, "planned", shift->id != 0);
    doc_flag(doc, "today", date.days == today.days);
    doc_flag(doc, "past", date.days <= today.days);
    doc_text(doc, "date", day);
    doc_text(doc, "label",
             word(rq, arena_printf(rq->cx.mem, "shift_week.day.%d", date_weekday(date))));
    if (there)
        doc_record(doc, "became", ATTENDANCE.fields, became);
    doc_text(doc, "href", there ? arena_printf(rq->cx.mem, "/attendance/%lld", (long long)id) : "");
    return OK;
}

static enum result put_swap(struct request *rq)
{
    struct date day;
    struct colleague *colleagues;
    size_t count;
    if (!date_parse(query_text(rq, "swap"), &day))
        return OK;
    TRY(swap_colleagues(&rq->cx, rq->cx.actor->person_id, day, &colleagues, &count));
    doc_text(rq->doc, "swap_day", date_words(rq, day));
    doc_records(rq->doc, "colleagues", COLLEAGUE_FIELDS, colleagues, count, sizeof *colleagues);
    return OK;
}

/* What others ask of whoever looks. */
static enum result put_asked(struct request *rq)
{
    struct list_query query = {.limit = LIST_MOST, .sort = "-id"};
    struct list list;
    (void)list_condition(&rq->cx, &SHIFT_SWAPS, "other_id",
                         arena_printf(rq->cx.mem, "%lld", (long long)rq->cx.actor->person_id),
                         &query);
    (void)list_condition(&rq->cx, &SHIFT_SWAPS, "state", "asked", &query);
    TRY(record_list(&rq->cx, &SHIFT_SWAPS, &query, &list));
    doc_records(rq->doc, "asked", SHIFT_SWAPS.fields, list.rows, list.count, SHIFT_SWAPS.size);
    return OK;
}

static enum result own_shifts_get(struct request *rq)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, WEEK_DAYS);
    struct date monday;
    TRY(week_asked(rq, &monday));
    doc_text(rq->doc, "week", date_words(rq, monday));
    for (int day = 0; day < WEEK_DAYS; day++) {
        docs[day] = doc_new(rq->cx.mem);
        TRY(day_doc(rq, date_add(monday, day), docs[day]));
    }
    doc_docs(rq->doc, "items", docs, WEEK_DAYS);
    TRY(put_asked(rq));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    put_week(rq, monday);
    enum result result = put_swap(rq);
    rq->doc->page_only = false;
    return result;
}

/* clang-format off */
const struct route SHIFT_ROUTES[] = {
    RECORD_LIST("shift_kinds", KIND_FACE, "list"),
    RECORD_SHOW("shift_kinds", KIND_FACE, "record"),
    RECORD_CREATE("shift_kinds", KIND_FACE),
    RECORD_CHANGE("shift_kinds", KIND_FACE),
    RECORD_HISTORY("shift_kinds", KIND_FACE),
    {GET, "/shifts/week", "shifts.read", shift_week_get, "shift_week", .nav = "shift_week"},
    {POST, "/shifts/plan", "shifts.write", shift_plan_post, "shift_week", .input = WEEK_INPUT, .lists = WEEK_LISTS,
     .nav = "shift_week"},
    {POST, "/shifts/copy", "shifts.write", shift_copy_post, "shift_week", .input = WEEK_INPUT,
     .nav = "shift_week"},
    {GET, "/shifts/own", "shifts.read", own_shifts_get, "own_shifts", .nav = "own_shifts"},
    RECORD_LIST("shifts", SHIFT_FACE, "list"),
    RECORD_SHOW("shifts", SHIFT_FACE, "record"),
    RECORD_CREATE("shifts", SHIFT_FACE),
    RECORD_CHANGE("shifts", SHIFT_FACE),
    RECORD_HISTORY("shifts", SHIFT_FACE),
    RECORD_EXPORT("shifts", SHIFT_FACE),
    ROUTES_END,
};
/* clang-format on */
