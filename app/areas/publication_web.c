/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The publication of areas: as the division receives it, and as anybody sees it who scans the code,
 * on a phone or on paper. */
#include "app/areas/area_web.h"

#include "app/areas/area.h"
#include "app/desk/desk_web.h"
#include "app/records/record_page.h"
#include "base/doc.h"
#include "paper/qr.h"
#include "web/stream.h"

#include <string.h>

static const char *words_of(struct request *rq, const struct published_area *row, const char *name)
{
    const struct resource *words = strcmp(name, "job") == 0 ? &AREA_PERSONS : &AREAS;
    return field_words(rq, words, field_find(PUBLISHED_AREA_FIELDS, name, strlen(name)), row);
}

/* The rows of one area as one: its persons in a line each. */
static struct doc *area_doc(struct request *rq, const struct published_area *rows, size_t count)
{
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **persons = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    for (size_t i = 0; i < count; i++) {
        persons[i] = doc_new(rq->cx.mem);
        doc_text(persons[i], "name", rows[i].person);
        doc_text(persons[i], "job", words_of(rq, &rows[i], "job"));
    }
    doc_int(doc, "id", rows->area_id);
    doc_text(doc, "area", rows->area);
    doc_text(doc, "place", rows->place);
    doc_text(doc, "service", words_of(rq, rows, "service"));
    doc_text(doc, "size", arena_printf(rq->cx.mem, "%d", rows->size_m2));
    doc_text(doc, "report", rows->report);
    doc_docs(doc, "persons", persons, count);
    return doc;
}

/* `only`: 0, or the one area that is shown. */
static enum result put_areas(struct request *rq, const struct area_publication *publication,
                             int64_t only)
{
    struct published_area *rows;
    size_t count, width = 0;
    TRY(publication_rows(&rq->cx, publication, &rows, &count));
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i; next < count && rows[next].area_id == rows[i].area_id;)
            next++;
        if (!only || rows[i].area_id == only)
            docs[width++] = area_doc(rq, rows + i, next - i);
    }
    doc_docs(rq->doc, "area_rows", docs, width);
    return OK;
}

/* ---- inside ---- */

/* What of it the API gives: the codes that hang on site are no part of it. */
static const struct field SHOWN_FIELDS[] = {
    FIELD(published_area, area_id),        FIELD(published_area, area),
    FIELD(published_area, place),          FIELD_ENUM(published_area, service, SERVICES),
    FIELD(published_area, size_m2),        FIELD(published_area, person),
    FIELD_ENUM(published_area, job, JOBS), FIELDS_END,
};

static enum result publication_show(struct request *rq, void *record)
{
    const struct area_publication *publication = record;
    const struct actor *actor = rq->cx.actor;
    struct published_area *rows;
    size_t count;
    TRY(publication_rows(&rq->cx, publication, &rows, &count));
    doc_records(rq->doc, "rows", SHOWN_FIELDS, rows, count, sizeof *rows);
    doc_text(rq->doc, "url", site_address(rq, "/p/", publication->token));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    enum result result = put_areas(rq, publication, 0);
    doc_text(rq->doc, "public_href", arena_printf(rq->cx.mem, "/p/%s", publication->token));
    if (result == OK)
        result = doc_outdated(rq, publication);
    doc_flag(rq->doc, "may_receive",
             publication->state == AREAS_PUBLISHED &&
                 actor_may(actor, "area_publications.receive") &&
                 actor->person_id != publication->publisher_id);
    rq->doc->page_only = false;
    return result;
}

static const struct record_face PUBLICATION_FACE = {.resource = &AREA_PUBLICATIONS,
                                                    .show = publication_show};

static const struct field PUBLISH_INPUT[] = {
    FIELD_REF(area_publication, unit_id, "units", .in = MUST),
    FIELD(area_publication, channel, .in = MUST, .max = 100),
    FIELDS_END,
};

static enum result publication_post(struct request *rq)
{
    struct area_publication asked, *made = ARENA_NEW(rq->cx.mem, struct area_publication);
    int64_t id;
    fields_blank(AREA_PUBLICATIONS.fields, &asked);
    asked.unit_id = 0;
    TRY(body_read(rq, PUBLISH_INPUT, &asked, true, NULL));
    TRY(areas_publish(&rq->cx, asked.unit_id, asked.channel, &id));
    TRY(record_get(&rq->cx, &AREA_PUBLICATIONS, id, made));
    TRY(record_answer(rq, &PUBLICATION_FACE, made));
    return created(rq, "/area_publications/%lld", (long long)id);
}

static enum result publication_receive_post(struct request *rq)
{
    struct area_publication publication;
    TRY(record_for_action(rq, &AREA_PUBLICATIONS, &publication));
    return record_acted(rq, &PUBLICATION_FACE, &publication,
                        publication_receive(&rq->cx, &publication),
                        "flash.area_publication.received");
}

/* ---- for anybody ---- */

static enum result put_public(struct request *rq, const struct area_publication *publication,
                              int64_t only)
{
    rq->doc->page_only = true;
    doc_text(rq->doc, "token", publication->token);
    doc_text(rq->doc, "unit_name", publication->unit_name);
    doc_text(rq->doc, "channel", publication->channel);
    doc_int(rq->doc, "revision", publication->revision);
    char day[DATE_MAX_TEXT];
    date_format(publication->day, day);
    doc_text(rq->doc, "day", arena_dup(rq->cx.mem, day));
    doc_text(rq->doc, "receipt", publication->receipt);
    doc_flag(rq->doc, "one_area", only != 0);
    enum result result = put_areas(rq, publication, only);
    rq->doc->page_only = false;
    return result;
}

static enum result public_get(struct request *rq)
{
    struct area_publication publication;
    TRY(publication_by_token(&rq->cx, path_text(rq, "publication"), &publication));
    return put_public(rq, &publication, 0);
}

static enum result public_qr_get(struct request *rq)
{
    struct area_publication publication;
    const char *svg;
    TRY(publication_by_token(&rq->cx, path_text(rq, "publication"), &publication));
    TRY(qr_svg(&rq->cx, site_address(rq, "/p/", publication.token),
               word(rq, "area_publications.qr"), &svg));
    return reply_bytes(rq, svg, strlen(svg), "image/svg+xml", "qr.svg", false);
}

/* The code of one area leads to what is published of it. */
static enum result area_code_get(struct request *rq)
{
    struct area area;
    struct area_publication publication;
    int64_t id;
    TRY(area_by_token(&rq->cx, path_text(rq, "area"), &area));
    TRY(publication_of_unit(&rq->cx, area.unit_id, &id));
    if (!id)
        return fail(&rq->cx, NOT_FOUND, "area.not_published");
    TRY(publication_by_id(&rq->cx, id, &publication));
    const char *inspect =
        arena_printf(rq->cx.mem, "/inspections/phone?contract_id=%lld&area_id=%lld",
                     (long long)area.contract_id, (long long)area.id);
    rq->doc->page_only = true;
    doc_link(rq, rq->doc, "inspect_href", rq->cx.actor ? inspect : "");
    return put_public(rq, &publication, area.id);
}

#define NAV .nav = "area_publications"
/* clang-format off */
const struct route AREA_PUBLICATION_ROUTES[] = {
    RECORD_LIST("area_publications", PUBLICATION_FACE, "list"),
    RECORD_SHOW("area_publications", PUBLICATION_FACE, "area_publication"),
    RECORD_HISTORY("area_publications", PUBLICATION_FACE),
    RECORD_EXPORT("area_publications", PUBLICATION_FACE),
    {POST, "/area_publications", "area_publications.write", publication_post, "fault",
     .flags = RECORDED, .subject = &PUBLICATION_FACE, .input = PUBLISH_INPUT, NAV},
    {POST, "/area_publications/{id}/receive", "area_publications.receive", publication_receive_post,
     "area_publication", .flags = RECORDED, .subject = &PUBLICATION_FACE, NAV},
    {GET, "/p/{publication}", PUBLIC, public_get, "bare_areas", .flags = PAGE_ONLY},
    {GET, "/p/{publication}/qr", PUBLIC, public_qr_get, "fault", .flags = PAGE_ONLY | STREAM},
    {GET, "/a/{area}", PUBLIC, area_code_get, "bare_areas", .flags = PAGE_ONLY},
    ROUTES_END,
};
/* clang-format on */
