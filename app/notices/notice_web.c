/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The bell, a person's notices, and what of them goes outside. */
#include "app/notices/notice_web.h"

#include "app/notices/delivery_web.h"
#include "app/notices/notice.h"
#include "app/records/record_page.h"

#include <string.h>

/* ---- the bell ---- */

static void put_count(struct request *rq, struct doc *doc, int64_t unread)
{
    struct doc *bell = doc_new(rq->cx.mem);
    const bool more = unread >= NOTICES_COUNT_MOST;
    doc_int(bell, "unread", unread);
    doc_text(bell, "shown", arena_printf(rq->cx.mem, more ? "99+" : "%lld", (long long)unread));
    doc_doc(doc, "bell", bell);
}

void put_bell(struct request *rq, struct doc *doc)
{
    struct fault kept = fault_take(&rq->cx); /* a refusal may be what the page shows */
    int64_t unread = 0;
    if (notices_unread(&rq->cx, &unread) != OK)
        unread = 0; /* a page without a number is better than none */
    rq->cx.fault = kept;
    put_count(rq, doc, unread);
}

/* A page asks again and again whether its number still holds (?known=3): nothing is said while it
 * does. Whoever has been signed out meanwhile is not torn away from what is being typed. */
static enum result bell_get(struct request *rq)
{
    int64_t known = -1, unread = 0;
    (void)int_parse(query_text(rq, "known"), &known);
    if (rq->cx.actor)
        TRY(notices_unread(&rq->cx, &unread));
    if (!rq->cx.actor || known == unread)
        rq->status = known < 0 ? 0 : NO_CONTENT;
    put_count(rq, rq->doc, unread);
    return OK;
}

/* ---- the page: what is unread, then what was read, day by day ---- */

static const char *day_words(struct request *rq, struct date day)
{
    const int ago = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN).days - day.days;
    char text[DATE_MAX_TEXT];
    if (ago == 0 || ago == 1)
        return word(rq, ago ? "notices.yesterday" : "notices.today");
    date_format(day, text);
    return arena_dup(rq->cx.mem, text);
}

/* "16:25": the day stands above. */
static const char *time_words(struct request *rq, struct instant at)
{
    char text[INSTANT_MAX_TEXT];
    instant_format(at, text);
    return arena_copy(rq->cx.mem, strchr(text, 'T') + 1, 5);
}

/* Those of the list that are (un)read; the first one of each day says which day it is. */
static void put_rows(struct request *rq, const char *name, const struct list *list, bool unread)
{
    const struct notice *notices = list->rows;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list->count);
    struct date last = {0};
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct date day = instant_date(notices[i].created_at, SHANGHAI_OFFSET_MIN);
        if (notices[i].unread != unread)
            continue;
        struct doc *doc = docs[count++] = doc_new(rq->cx.mem);
        doc_root(doc, NOTICES.fields, &notices[i]);
        doc_text(doc, "day", day.days == last.days ? "" : day_words(rq, day));
        doc_text(doc, "time", time_words(rq, notices[i].created_at));
        last = day;
    }
    doc_docs(rq->doc, name, docs, count);
}

static enum result unread_ones(struct request *rq, struct list *out)
{
    struct list_query query = {.limit = LIST_MOST};
    (void)list_condition(&rq->cx, &NOTICES, "unread", "true", &query);
    return record_list(&rq->cx, &NOTICES, &query, out);
}

static enum result notices_list(struct request *rq, const struct list *list)
{
    struct list unread;
    int64_t count;
    TRY(notices_unread(&rq->cx, &count));
    doc_int(rq->doc, "unread", count);
    if (rq->face != FACE_PAGE)
        return OK;
    TRY(unread_ones(rq, &unread));
    rq->doc->page_only = true;
    if (!*query_text(rq, "after"))
        put_rows(rq, "unread_ones", &unread, true);
    put_rows(rq, "read_ones", list, false);
    if (unread.count)
        doc_int(rq->doc, "newest", ((const struct notice *)unread.rows)->id);
    rq->doc->page_only = false;
    return OK;
}

/* Where the list is that a notice about many things stands for. */
static const struct {
    const char *kind, *href;
} LISTS[] = {
    {"duty.escalated.many", "/tasks?of=unit"},
    {"duty.opened.many", "/tasks"},
    {"duty.overdue.many", "/tasks"},
    {"duty.redated.many", "/tasks"},
};

static const char *list_href(const struct notice *notice)
{
    for (size_t i = 0; i < sizeof LISTS / sizeof LISTS[0]; i++)
        if (strcmp(LISTS[i].kind, notice->kind) == 0)
            return LISTS[i].href;
    return "/notices";
}

/* A click leads to what it is about. */
static enum result notice_read_post(struct request *rq)
{
    struct notice *notice = ARENA_NEW(rq->cx.mem, struct notice);
    TRY(record_of_path(rq, &NOTICES, notice));
    TRY(notice_read(&rq->cx, notice));
    TRY(record_get(&rq->cx, &NOTICES, notice->id, notice));
    doc_root(rq->doc, NOTICES.fields, notice);
    if (!*notice->subject)
        return moved(rq, NULL, "%s", list_href(notice));
    return moved(rq, NULL, "/%s/%lld", notice->subject, (long long)notice->subject_id);
}

struct reading {
    int64_t up_to;
};
static const struct field READING_INPUT[] = {FIELD(reading, up_to, .in = MAY), FIELDS_END};

/* {up_to}: no newer ones than the person has seen; without it, all. */
static enum result notices_read_post(struct request *rq)
{
    struct reading reading = {.up_to = INT64_MAX};
    int64_t unread;
    TRY(body_read(rq, READING_INPUT, &reading, false, NULL));
    TRY(notices_read(&rq->cx, reading.up_to));
    TRY(notices_unread(&rq->cx, &unread));
    doc_int(rq->doc, "unread", unread);
    return moved(rq, "flash.notices_read", "/notices");
}

/* ---- what goes outside ---- */

static enum result put_choice(struct request *rq, const struct notice_choice *choice)
{
    struct delivery *deliveries;
    size_t count;
    doc_root(rq->doc, NOTICE_CHOICES.fields, choice);
    doc_flag(rq->doc, "mail_available", mail_is_available());
    TRY(deliveries_of_account(&rq->cx, rq->cx.actor->account_id, &deliveries, &count));
    put_deliveries(rq, deliveries, count);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    TRY(page_fields(rq, &NOTICE_CHOICES, choice, true));
    rq->doc->page_only = false;
    return OK;
}

static enum result own_notices_get(struct request *rq)
{
    struct notice_choice *choice = ARENA_NEW(rq->cx.mem, struct notice_choice);
    TRY(notice_choice_own(&rq->cx, choice));
    return put_choice(rq, choice);
}

static enum result choose(struct request *rq, struct notice_choice *after)
{
    struct notice_choice before;
    TRY(notice_choice_own(&rq->cx, &before));
    *after = before;
    TRY(body_read(rq, NOTICE_CHOICES.fields, after, false, NULL));
    if (before.id)
        TRY(record_fresh(&rq->cx, &before, after->version));
    return notice_choice_put(&rq->cx, &before, after);
}

static enum result own_notices_patch(struct request *rq)
{
    struct notice_choice *after = ARENA_NEW(rq->cx.mem, struct notice_choice);
    enum result result = choose(rq, after);
    if (result == OK || rq->face == FACE_PAGE)
        TRY(put_choice(rq, after)); /* a refused form comes back as it was typed */
    return result == OK ? moved(rq, "flash.notice_choices", "/own/notices") : result;
}

static const struct record_face NOTICE_FACE = {.resource = &NOTICES, .list = notices_list};
static const struct record_face CHOICE_FACE = {.resource = &NOTICE_CHOICES};

/* clang-format off */
const struct route NOTICE_ROUTES[] = {
    {GET,   "/notices",           SIGNED_IN, record_list_get,   "notices", .nav = "notices",
     .subject = &NOTICE_FACE},
    {GET,   "/notices/bell",      PUBLIC,    bell_get,          "bell",    .flags = PAGE_ONLY},
    {GET,   "/notices/{id}",      SIGNED_IN, record_show_get,   .flags = API_ONLY,
     .subject = &NOTICE_FACE},
    {POST,  "/notices/{id}/read", SIGNED_IN, notice_read_post,  "fault",   .nav = "notices"},
    {POST,  "/notices/read",      SIGNED_IN, notices_read_post, "fault",   .nav = "notices",
     .input = READING_INPUT},
    {GET,   "/own/notices",       SIGNED_IN, own_notices_get,   "own_notices", .nav = "own",
     .flags = SESSION_ONLY},
    {PATCH, "/own/notices",       SIGNED_IN, own_notices_patch, "own_notices", .nav = "own",
     .subject = &CHOICE_FACE, .flags = SESSION_ONLY},
    ROUTES_END,
};
/* clang-format on */
