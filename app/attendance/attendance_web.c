/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Attendance on the web: the month of everybody, a day with what it follows from, and what people
 * ask about their days. */
#include "app/attendance/attendance_web.h"

#include "app/attendance/asked.h"
#include "app/records/record_page.h"

#include <string.h>

static const struct record_face CLOCKING_FACE = {.resource = &CLOCKINGS, .importable = true};

/* ---- a day ---- */

/* Those of the same person, of the same day where the resource knows one. */
static enum result put_about_day(struct request *rq, const struct attendance *day,
                                 const struct resource *resource)
{
    struct list_query query = {.limit = LIST_MOST};
    char text[DATE_MAX_TEXT];
    struct list list;
    date_format(day->day, text);
    (void)list_condition(&rq->cx, resource, "person_id",
                         arena_printf(rq->cx.mem, "%lld", (long long)day->person_id), &query);
    (void)list_condition(&rq->cx, resource, "day", arena_dup(rq->cx.mem, text), &query);
    TRY(record_list(&rq->cx, resource, &query, &list));
    doc_records(rq->doc, resource->name, resource->fields, list.rows, list.count, resource->size);
    return OK;
}

static enum result put_leaves(struct request *rq, const struct attendance *day)
{
    struct list_query query = {.limit = LIST_MOST};
    char text[DATE_MAX_TEXT];
    struct list list;
    date_format(day->day, text);
    (void)list_condition(&rq->cx, &LEAVES, "person_id",
                         arena_printf(rq->cx.mem, "%lld", (long long)day->person_id), &query);
    (void)list_condition(&rq->cx, &LEAVES, "from_to", arena_dup(rq->cx.mem, text), &query);
    TRY(record_list(&rq->cx, &LEAVES, &query, &list));
    struct leave *leaves = list.rows;
    size_t count = 0;
    for (size_t i = 0; i < list.count; i++) {
        if (leaves[i].to.days >= day->day.days)
            leaves[count++] = leaves[i];
    }
    doc_records(rq->doc, "leaves", LEAVES.fields, leaves, count, sizeof *leaves);
    return OK;
}

static enum result attendance_show(struct request *rq, void *record)
{
    const struct attendance *day = record;
    TRY(put_about_day(rq, day, &CLOCKINGS));
    TRY(put_about_day(rq, day, &ATTENDANCE_CORRECTIONS));
    TRY(put_about_day(rq, day, &SHIFTS));
    TRY(put_leaves(rq, day));
    if (rq->face != FACE_PAGE)
        return OK;
    const struct month month = month_of(day->day);
    char text[MONTH_MAX_TEXT];
    month_format(month, text);
    rq->doc->page_only = true;
    doc_text(rq->doc, "month", arena_dup(rq->cx.mem, text));
    doc_flag(rq->doc, "may_plan", actor_may(rq->cx.actor, "shifts.write"));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face ATTENDANCE_FACE = {.resource = &ATTENDANCE,
                                                   .show = attendance_show};

/* ---- a month ---- */

static struct doc *cell_doc(struct request *rq, const struct attendance_month *month, int day)
{
    const struct date date = date_add(month_first(month->month), day);
    const char letter = month->days[day];
    const char *at = strchr(ATTENDANCE_LETTERS, letter);
    const unsigned kind = at ? (unsigned)(at - ATTENDANCE_LETTERS) : 0;
    struct doc *doc = doc_new(rq->cx.mem);
    const char *name = choice_name(ATTENDANCE_KINDS, kind);
    doc_text(doc, "kind", name);
    if (!kind)
        return doc;
    doc_text(doc, "mark", word(rq, arena_printf(rq->cx.mem, "attendance.mark.%s", name)));
    doc_text(doc, "words",
             arena_printf(rq->cx.mem, "%d %s", day + 1,
                          word(rq, arena_printf(rq->cx.mem, "attendance.kind.%s", name))));
    doc_int(doc, "id", attendance_id(month->person_id, date));
    return doc;
}

static struct doc *row_doc(struct request *rq, const struct attendance_month *month)
{
    struct doc *doc = doc_new(rq->cx.mem);
    const size_t length = strlen(month->days);
    struct doc **cells = ARENA_ARRAY(rq->cx.mem, struct doc *, length + 1);
    for (size_t day = 0; day < length; day++)
        cells[day] = cell_doc(rq, month, (int)day);
    doc_record(doc, "sums", ATTENDANCE_MONTHS.fields, month);
    doc_docs(doc, "cells", cells, length);
    return doc;
}

/* The head of a column that sorts: a second click turns it round. */
static struct doc *column_doc(struct request *rq, const char *name)
{
    const char *sort = query_text(rq, "sort");
    const bool down = *sort == '-' && strcmp(sort + 1, name) == 0;
    struct doc *doc = doc_new(rq->cx.mem);
    doc_text(doc, "label", word(rq, arena_printf(rq->cx.mem, "attendance_months.%s", name)));
    doc_text(doc, "href",
             link_with(rq, "sort", arena_printf(rq->cx.mem, "%s%s", down ? "" : "-", name)));
    doc_text(doc, "sorted", down ? "desc" : strcmp(sort, name) == 0 ? "asc" : "");
    return doc;
}

static void put_head(struct request *rq, struct month month)
{
    static const char *const SUMS[] = {"rate", "late", "late_min", "early", "absent", "on_leave"};
    const size_t sums = sizeof SUMS / sizeof SUMS[0];
    const int length = month_last(month).days - month_first(month).days + 1;
    struct doc **columns = ARENA_ARRAY(rq->cx.mem, struct doc *, sums);
    struct doc **days = ARENA_ARRAY(rq->cx.mem, struct doc *, (size_t)length);
    for (size_t i = 0; i < sums; i++)
        columns[i] = column_doc(rq, SUMS[i]);
    for (int day = 0; day < length; day++) {
        const int weekday = date_weekday(date_add(month_first(month), day));
        days[day] = doc_new(rq->cx.mem);
        doc_int(days[day], "day", day + 1);
        doc_flag(days[day], "off", weekday > 5);
    }
    doc_docs(rq->doc, "sums_head", columns, sums);
    doc_docs(rq->doc, "days_head", days, (size_t)length);
}

static const char *month_words(struct request *rq, struct month month, int step)
{
    char text[MONTH_MAX_TEXT];
    month_format((struct month){month.months + step}, text);
    return arena_dup(rq->cx.mem, text);
}

static void put_around(struct request *rq, struct month month)
{
    doc_text(rq->doc, "month_shown", month_words(rq, month, 0));
    doc_text(rq->doc, "before_href", link_with(rq, "month", month_words(rq, month, -1)));
    doc_text(rq->doc, "after_href", link_with(rq, "month", month_words(rq, month, 1)));
}

static enum result months_list(struct request *rq, const struct list *list)
{
    const struct attendance_month *months = list->rows;
    struct month month;
    if (rq->face != FACE_PAGE || !month_parse(query_text(rq, "month"), &month))
        return OK;
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, list->count + 1);
    for (size_t i = 0; i < list->count; i++)
        rows[i] = row_doc(rq, &months[i]);
    rq->doc->page_only = true;
    put_head(rq, month);
    put_around(rq, month);
    doc_docs(rq->doc, "grid", rows, list->count);
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face MONTH_FACE = {.resource = &ATTENDANCE_MONTHS, .list = months_list};

/* A page is of one month: this one, when none is named. */
static enum result attendance_months_get(struct request *rq)
{
    struct month month;
    if (rq->face == FACE_PAGE && !month_parse(query_text(rq, "month"), &month)) {
        struct part *part = ARENA_NEW(rq->cx.mem, struct part);
        char text[MONTH_MAX_TEXT];
        month_format(month_of(instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN)), text);
        *part = (struct part){.name = "month", .value = arena_dup(rq->cx.mem, text)};
        part->next = rq->query;
        rq->query = part;
    }
    return record_list_get(rq);
}

/* ---- what people ask ---- */

static enum result asked_show(struct request *rq, const struct resource *resource, void *record)
{
    static const char *const NAMES[] = {[STEP_AGREE] = "may_agree",
                                        [STEP_APPROVE] = "may_approve",
                                        [STEP_REFUSE] = "may_refuse",
                                        [STEP_WITHDRAW] = "may_withdraw"};
    const struct asked *asked = record;
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    for (enum asked_step step = STEP_AGREE; step <= STEP_WITHDRAW; step++)
        doc_flag(rq->doc, NAMES[step], asked_may(&rq->cx, resource, asked, step));
    rq->doc->page_only = false;
    return OK;
}

static enum result leave_show(struct request *rq, void *record)
{
    return asked_show(rq, &LEAVES, record);
}

static enum result correction_show(struct request *rq, void *record)
{
    return asked_show(rq, &ATTENDANCE_CORRECTIONS, record);
}

static enum result swap_show(struct request *rq, void *record)
{
    return asked_show(rq, &SHIFT_SWAPS, record);
}

static const struct tab TABS[] = {
    {"all", ""},
    {"asked", "state=asked,agreed"},
    {"approved", "state=approved"},
    {"refused", "state=refused,withdrawn"},
};
#define TAB_COUNT (sizeof TABS / sizeof TABS[0])

static enum result asked_list(struct request *rq, const struct list *list)
{
    const struct record_face *face = rq->route->subject;
    (void)list;
    doc_tabs(rq, face->resource, TABS, TAB_COUNT);
    return OK;
}

static enum result asked_figures_get(struct request *rq)
{
    const struct record_face *face = rq->route->subject;
    return doc_tab_figures(rq, face->resource, TABS, TAB_COUNT);
}

/* A new one is the actor's own, unless said otherwise. */
static enum result asked_begin_form(struct request *rq, void *record)
{
    struct asked *asked = record;
    if (!asked->person_id)
        asked->person_id = rq->cx.actor->person_id;
    return OK;
}

static enum result leave_begin(struct request *rq, void *record)
{
    struct leave *leave = record;
    if (!leave->part)
        leave->part = PART_WHOLE;
    return asked_begin_form(rq, record);
}

static const struct record_face LEAVE_FACE = {
    .resource = &LEAVES, .show = leave_show, .list = asked_list, .begin = leave_begin};
static const struct record_face CORRECTION_FACE = {.resource = &ATTENDANCE_CORRECTIONS,
                                                   .show = correction_show,
                                                   .list = asked_list,
                                                   .begin = asked_begin_form};
static const struct record_face SWAP_FACE = {
    .resource = &SHIFT_SWAPS, .show = swap_show, .list = asked_list, .begin = asked_begin_form};
static const struct record_face RULE_FACE = {.resource = &ATTENDANCE_RULES};

/* ---- steps ---- */

static enum result step_post(struct request *rq, enum asked_step step, const char *flash_key)
{
    const struct record_face *face = rq->route->subject;
    const struct resource *resource = face->resource;
    struct asked *asked = arena_alloc(rq->cx.mem, resource->size);
    TRY(record_for_action(rq, resource, asked));
    const enum result result =
        step == STEP_AGREE     ? asked_agree(&rq->cx, asked)
        : step == STEP_APPROVE ? asked_approve(&rq->cx, resource, asked)
        : step == STEP_REFUSE  ? asked_refuse(&rq->cx, resource, asked, input_text(rq, "reason"))
                               : asked_withdraw(&rq->cx, resource, asked);
    return record_acted(rq, face, asked, result, flash_key);
}

static enum result asked_agree_post(struct request *rq)
{
    return step_post(rq, STEP_AGREE, "flash.asked.agreed");
}

static enum result asked_approve_post(struct request *rq)
{
    return step_post(rq, STEP_APPROVE, "flash.asked.approved");
}

static enum result asked_refuse_post(struct request *rq)
{
    return step_post(rq, STEP_REFUSE, "flash.asked.refused");
}

static enum result asked_withdraw_post(struct request *rq)
{
    return step_post(rq, STEP_WITHDRAW, "flash.asked.withdrawn");
}

/* ---- routes ---- */

#define STEP(name, face, step, ...)                                                                \
    {                                                                                              \
        POST, "/" name "/{id}/" #step, name ".write", asked_##step##_post, "asked",                \
            .flags = RECORDED, .subject = &(face), .nav = name, __VA_ARGS__                        \
    }
#define ASKED_OF(name, face)                                                                       \
    RECORD_LIST(name, face, "list"),                                                               \
        {GET,    "/" name "/figures", name ".read", asked_figures_get,                             \
         "tabs", .subject = &(face),  .nav = name},                                                \
        RECORD_SHOW(name, face, "asked"), RECORD_CREATE(name, face), RECORD_HISTORY(name, face),   \
        RECORD_EXPORT(name, face), STEP(name, face, approve),                                      \
        STEP(name, face, refuse, .input = REASON_INPUT), STEP(name, face, withdraw)

/* clang-format off */
const struct route ASKED_ROUTES[] = {
    ASKED_OF("leaves", LEAVE_FACE),
    ASKED_OF("attendance_corrections", CORRECTION_FACE),
    ASKED_OF("shift_swaps", SWAP_FACE),
    STEP("shift_swaps", SWAP_FACE, agree),
    RECORD_LIST("attendance_rules", RULE_FACE, "list"),
    RECORD_SHOW("attendance_rules", RULE_FACE, "record"),
    RECORD_CREATE("attendance_rules", RULE_FACE),
    RECORD_CHANGE("attendance_rules", RULE_FACE),
    RECORD_HISTORY("attendance_rules", RULE_FACE),
    ROUTES_END,
};

const struct route ATTENDANCE_ROUTES[] = {
    RECORD_LIST("clockings", CLOCKING_FACE, "list"),
    RECORD_SHOW("clockings", CLOCKING_FACE, "record"),
    RECORD_CREATE("clockings", CLOCKING_FACE),
    RECORD_HISTORY("clockings", CLOCKING_FACE),
    RECORD_EXPORT("clockings", CLOCKING_FACE),
    RECORD_LIST("attendance", ATTENDANCE_FACE, "list"),
    RECORD_SHOW("attendance", ATTENDANCE_FACE, "attendance"),
    RECORD_EXPORT("attendance", ATTENDANCE_FACE),
    {GET, "/attendance_months", "attendance_months.read", attendance_months_get,
     "attendance_months", .subject = &MONTH_FACE, .nav = "attendance_months"},
    RECORD_SHOW("attendance_months", MONTH_FACE, "record"),
    RECORD_EXPORT("attendance_months", MONTH_FACE),
    ROUTES_END,
};
/* clang-format on */
