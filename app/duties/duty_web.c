/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/duties/duty_web.h"

#include "app/duties/calendar_day.h"
#include "app/records/record_page.h"
#include "base/texts.h"

#include <stdlib.h>
#include <string.h>

/* ---- duties ---- */

static const char *fill(struct request *rq, const char *key, const char *value)
{
    return texts_fill(rq->cx.mem, key, rq->cx.lang, (const char *const[]){value, NULL, NULL});
}

static bool is_open(const struct duty *duty)
{
    return duty->state == DUTY_OPEN || duty->state == DUTY_OVERDUE;
}

/* How long there is still time, or since when there is none. */
static const char *when(struct request *rq, const struct duty *duty)
{
    const char *days = arena_printf(rq->cx.mem, "%d", abs(duty->days_left));
    if (!is_open(duty))
        return choice_words(rq, &DUTIES, field_find(DUTIES.fields, "state", 5),
                            choice_name(DUTY_STATES, duty->state));
    if (duty->days_left)
        return fill(rq, duty->days_left < 0 ? "duty.late" : "duty.left", days);
    return word(rq, "duty.today");
}

static const char *owner(struct request *rq, const struct duty *duty)
{
    const char *role = word(rq, arena_printf(rq->cx.mem, "accounts.roles.%s", duty->owner_role));
    return *duty->owner_name ? arena_printf(rq->cx.mem, "%s %s", role, duty->owner_name) : role;
}

struct doc *duty_doc(struct request *rq, const struct duty *duty)
{
    struct arena *mem = rq->cx.mem;
    struct doc *doc = doc_new(mem);
    char due[DATE_MAX_TEXT];
    date_format(instant_date(duty->due_at, SHANGHAI_OFFSET_MIN), due);
    doc_root(doc, DUTIES.fields, duty);
    doc->page_only = true;
    doc_text(doc, "words", fill(rq, arena_printf(mem, "duty.%s", duty->rule), duty->title));
    const char *said = word(rq, arena_printf(mem, "duty.%s", duty->rule));
    doc_text(doc, "subject", strstr(said, "{0}") ? "" : duty->title);
    doc_text(doc, "verb", word(rq, arena_printf(mem, "duty.%s.verb", duty->rule)));
    doc_text(doc, "when", when(rq, duty));
    doc_text(doc, "due", arena_dup(mem, due));
    doc_text(doc, "owner", owner(rq, duty));
    doc_text(doc, "place", *duty->unit_name ? duty->unit_name : duty->organisation_name);
    doc_flag(doc, "open", is_open(duty));
    doc_flag(doc, "climbed", is_open(duty) && duty->level > 0);
    doc_link(rq, doc, "href",
             arena_printf(mem, "/%s/%lld", duty->subject, (long long)duty->subject_id));
    doc_link(rq, doc, "details", arena_printf(mem, "/duties/%lld", (long long)duty->id));
    doc->page_only = false;
    return doc;
}

static enum result duties_list(struct request *rq, const struct list *list)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list->count);
    if (rq->face != FACE_PAGE)
        return OK;
    for (size_t i = 0; i < list->count; i++)
        docs[i] = duty_doc(rq, (const struct duty *)list->rows + i);
    rq->doc->page_only = true;
    doc_docs(rq->doc, "duties", docs, list->count);
    rq->doc->page_only = false;
    return OK;
}

static enum result duty_show(struct request *rq, void *record)
{
    const struct duty *duty = record;
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_doc(rq->doc, "duty", duty_doc(rq, duty));
    doc_flag(rq->doc, "may_waive", is_open(duty) && actor_may(rq->cx.actor, "duties.waive"));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face DUTY_FACE = {
    .resource = &DUTIES, .show = duty_show, .list = duties_list};

static enum result duty_waive_post(struct request *rq)
{
    struct duty duty;
    TRY(record_for_action(rq, &DUTIES, &duty));
    return record_acted(rq, &DUTY_FACE, &duty, duty_waive(&rq->cx, &duty, input_text(rq, "reason")),
                        "flash.duty.waived");
}

/* ---- the calendar ---- */

static enum result days_list(struct request *rq, const struct list *list)
{
    if (rq->face != FACE_PAGE || !actor_may(rq->cx.actor, "calendar_days.write"))
        return OK;
    rq->doc->page_only = true;
    doc_text(rq->doc, "import_href", "/calendar_days/import");
    rq->doc->page_only = false;
    return OK;
}

static enum result day_show(struct request *rq, void *record)
{
    const struct exception *day = record;
    const struct act acts[] = {
        {"calendar_days.write",
         arena_printf(rq->cx.mem, "/calendar_days/%lld/remove", (long long)day->id),
         "calendar_days.do.remove", "calendar_days.remove.confirm", .danger = true},
    };
    doc_acts(rq, acts, 1);
    return OK;
}

static const struct record_face DAY_FACE = {
    .resource = &CALENDAR_DAYS, .show = day_show, .list = days_list};

static enum result day_remove_post(struct request *rq)
{
    struct exception *day = ARENA_NEW(rq->cx.mem, struct exception);
    TRY(record_for_action(rq, &CALENDAR_DAYS, day));
    TRY(calendar_day_remove(&rq->cx, day));
    doc_root(rq->doc, CALENDAR_DAYS.fields, day);
    return moved(rq, "flash.calendar_days.removed", "/calendar_days");
}

struct importing {
    const char *days;
};
static const struct field IMPORTING_FIELDS[] = {
    FIELD(importing, days, .in = MUST, .max = 100000, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result import_form(struct request *rq, const struct importing *importing)
{
    struct resource resource = CALENDAR_DAYS;
    resource.fields = IMPORTING_FIELDS;
    resource.size = sizeof *importing;
    rq->doc->page_only = true;
    TRY(page_fields(rq, &resource, importing, true));
    doc_text(rq->doc, "title", word(rq, "calendar_days.do.import"));
    doc_text(rq->doc, "action", "/calendar_days/import");
    doc_text(rq->doc, "submit_label", word(rq, "calendar_days.do.import"));
    doc_text(rq->doc, "cancel_href", "/calendar_days");
    doc_text(rq->doc, "crumb_href", "/calendar_days");
    doc_text(rq->doc, "crumb_label", word(rq, "calendar_days"));
    rq->doc->page_only = false;
    return OK;
}

static enum result days_import_get(struct request *rq)
{
    return import_form(rq, &(struct importing){.days = ""});
}

static enum result days_import_post(struct request *rq)
{
    const struct importing importing = {.days = input_text(rq, "days")};
    enum result result = calendar_import(&rq->cx, importing.days);
    if (result == OK)
        return moved(rq, "flash.calendar_days.imported", "/calendar_days");
    if (rq->face != FACE_PAGE)
        return result;
    const struct fault kept = rq->cx.fault;
    enum result shown = import_form(rq, &importing);
    rq->cx.fault = kept;
    return shown == OK ? result : shown;
}

const struct route DUTY_ROUTES[] = {
    RECORD_LIST("duties", DUTY_FACE, "duties"),
    RECORD_SHOW("duties", DUTY_FACE, "duty"),
    RECORD_HISTORY("duties", DUTY_FACE),
    RECORD_EXPORT("duties", DUTY_FACE),
    {POST, "/duties/{id}/waive", "duties.waive", duty_waive_post, "duty", .input = REASON_INPUT,
     .nav = "duties"},
    RECORD_LIST("calendar_days", DAY_FACE, "list"),
    {GET, "/calendar_days/import", "calendar_days.write", days_import_get, "form",
     .flags = PAGE_ONLY, .nav = "calendar_days"},
    {POST, "/calendar_days/import", "calendar_days.write", days_import_post, "form",
     .input = IMPORTING_FIELDS, .nav = "calendar_days"},
    RECORD_SHOW("calendar_days", DAY_FACE, "record"),
    RECORD_CREATE("calendar_days", DAY_FACE),
    RECORD_CHANGE("calendar_days", DAY_FACE),
    {POST, "/calendar_days/{id}/remove", "calendar_days.write", day_remove_post, "record",
     .nav = "calendar_days"},
    RECORD_HISTORY("calendar_days", DAY_FACE),
    RECORD_EXPORT("calendar_days", DAY_FACE),
    ROUTES_END,
};
