/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Areas on the web: each with its persons and its code, and the matrix of a project. */
#include "app/areas/area_web.h"

#include "app/areas/area.h"
#include "app/desk/desk_web.h"
#include "app/records/record_page.h"
#include "paper/qr.h"
#include "web/stream.h"

#include <string.h>

static const char *service_words(struct request *rq, enum service service)
{
    const struct area area = {.service = service};
    return field_words(rq, &AREAS, field_find(AREAS.fields, "service", strlen("service")), &area);
}

static const char *job_words(struct request *rq, enum job job)
{
    const struct area_person person = {.job = job};
    return field_words(rq, &AREA_PERSONS, field_find(AREA_PERSONS.fields, "job", strlen("job")),
                       &person);
}

static struct date today(const struct request *rq)
{
    return instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
}

/* ---- one area ---- */

enum { ROWS_PERSONS };
static const struct record_rows AREA_ROWS[] = {
    [ROWS_PERSONS] = {"persons", .records = &AREA_PERSONS},
    RECORD_ROWS_END,
};

static enum result put_persons(struct request *rq, const struct area *area)
{
    struct list list;
    TRY(record_select(&rq->cx, &AREA_PERSONS, "of_area",
                      "t.area_id = $1 ORDER BY t.\"from\", t.id LIMIT 200", PARAMS(P(area->id)),
                      &list));
    const struct area_person *persons = list.rows;
    doc_rows(rq->doc, &AREA_ROWS[ROWS_PERSONS], persons, list.count);
    if (rq->face != FACE_PAGE)
        return OK;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list.count + 1);
    for (size_t i = 0; i < list.count; i++) {
        struct doc *doc = docs[i] = doc_new(rq->cx.mem);
        doc_root(doc, AREA_PERSONS.fields, &persons[i]);
        doc_text(doc, "job_label", job_words(rq, persons[i].job));
        doc_flag(doc, "is_over", persons[i].to.days && persons[i].to.days < today(rq).days);
    }
    rq->doc->page_only = true;
    doc_docs(rq->doc, "person_rows", docs, list.count);
    rq->doc->page_only = false;
    return OK;
}

/* How many its size demands, and how many there are today. */
static enum result put_need(struct request *rq, const struct area *area)
{
    struct division_rule rules;
    struct area_person *persons;
    size_t count;
    const struct date day = area->from.days > today(rq).days ? area->from : today(rq);
    const enum result found = division_rule_for(&rq->cx, area->unit_id, day, &rules);
    if (found != OK && found != NOT_FOUND)
        return found;
    (void)fault_take(&rq->cx);
    TRY(area_persons_on(&rq->cx, area->id, day, &persons, &count));
    const int32_t needed =
        division_rule_persons(found == OK ? &rules : NULL, area->service, area->size_m2);
    doc_int(rq->doc, "persons_needed", needed);
    doc_int(rq->doc, "persons_there", (int64_t)count);
    doc_flag(rq->doc, "persons_lacking", (int64_t)count < needed);
    return OK;
}

static enum result area_show(struct request *rq, void *record)
{
    const struct area *area = record;
    TRY(put_persons(rq, area));
    TRY(put_need(rq, area));
    doc_text(rq->doc, "url", site_address(rq, "/a/", area->token));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_flag(rq->doc, "may_name", actor_may(rq->cx.actor, "area_persons.write"));
    doc_link(rq, rq->doc, "contract_href",
             arena_printf(rq->cx.mem, "/contracts/%lld", (long long)area->contract_id));
    rq->doc->page_only = false;
    return OK;
}

static enum result area_begin(struct request *rq, void *record)
{
    struct area *area = record;
    if (!area->from.days)
        area->from = today(rq);
    return OK;
}

static const struct record_face AREA_FACE = {
    .resource = &AREAS, .show = area_show, .rows = AREA_ROWS, .begin = area_begin};

static const struct field PERSONS_INPUT[] = {
    FIELD_REF(area_person, person_id, "people", .in = MUST),
    FIELD(area_person, from, .in = MAY),
    FIELD(area_person, to, .in = MAY),
    FIELDS_END,
};

/* Named with the area; from its first day on when nothing else is said. */
static enum result add_persons(struct request *rq, const struct area *area,
                               struct area_person *persons, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fields_blank(AREA_PERSONS.fields, &persons[i]);
        persons[i].area_id = area->id;
        if (!persons[i].from.days)
            persons[i].from = area->from;
        TRY(record_add(&rq->cx, &AREA_PERSONS, &persons[i]));
    }
    return OK;
}

static const struct body_list PERSON_LISTS[] = {
    {"persons", PERSONS_INPUT, sizeof(struct area_person), AREA_PERSONS_MOST},
    BODY_LISTS_END,
};

static enum result area_post(struct request *rq)
{
    struct area *area = ARENA_NEW(rq->cx.mem, struct area);
    struct area_person *persons = NULL;
    size_t count;
    fields_blank(AREAS.fields, area);
    enum result read = body_read_rows(rq, &PERSON_LISTS[0], &persons, &count);
    enum result result = body_read(rq, AREAS.fields, area, true, NULL);
    result = read != OK ? read : result;
    if (result == OK)
        result = record_add(&rq->cx, &AREAS, area);
    if (result == OK)
        result = add_persons(rq, area, persons, count);
    TRY(record_form_again(rq, &AREA_FACE, area, true, result));
    TRY(record_get(&rq->cx, &AREAS, area->id, area));
    TRY(record_answer(rq, &AREA_FACE, area));
    return created(rq, "/areas/%lld", (long long)area->id);
}

static enum result area_qr_get(struct request *rq)
{
    struct area area;
    const char *svg;
    TRY(record_of_path(rq, &AREAS, &area));
    TRY(qr_svg(&rq->cx, site_address(rq, "/a/", area.token), area.name, &svg));
    return reply_bytes(rq, svg, strlen(svg), "image/svg+xml", "qr.svg", false);
}

/* What hangs in the area itself. */
static enum result area_poster_get(struct request *rq)
{
    struct area *area = ARENA_NEW(rq->cx.mem, struct area);
    TRY(record_of_path(rq, &AREAS, area));
    return record_answer(rq, &AREA_FACE, area);
}

/* ---- persons ---- */

static enum result person_begin(struct request *rq, void *record)
{
    ((struct area_person *)record)->from = today(rq);
    return OK;
}

static const struct record_face PERSON_FACE = {.resource = &AREA_PERSONS, .begin = person_begin};

static enum result shown_in_area(struct request *rq, const struct area_person *person)
{
    return moved(rq, "flash.changed", "/areas/%lld", (long long)person->area_id);
}

static enum result person_post(struct request *rq)
{
    struct area_person *person = ARENA_NEW(rq->cx.mem, struct area_person);
    fields_blank(AREA_PERSONS.fields, person);
    enum result result = body_read(rq, AREA_PERSONS.fields, person, true, NULL);
    if (result == OK)
        result = record_add(&rq->cx, &AREA_PERSONS, person);
    TRY(record_form_again(rq, &PERSON_FACE, person, true, result));
    TRY(record_get(&rq->cx, &AREA_PERSONS, person->id, person));
    TRY(record_answer(rq, &PERSON_FACE, person));
    return rq->face == FACE_PAGE ? shown_in_area(rq, person)
                                 : created(rq, "/area_persons/%lld", (long long)person->id);
}

static enum result person_patch(struct request *rq)
{
    struct area_person before, *after = ARENA_NEW(rq->cx.mem, struct area_person);
    TRY(record_for_action(rq, &AREA_PERSONS, &before));
    *after = before;
    enum result result = body_read(rq, AREA_PERSONS.fields, after, false, NULL);
    if (result == OK)
        result = record_change(&rq->cx, &AREA_PERSONS, "change", &before, after);
    TRY(record_form_again(rq, &PERSON_FACE, after, false, result));
    TRY(record_get(&rq->cx, &AREA_PERSONS, after->id, after));
    TRY(record_answer(rq, &PERSON_FACE, after));
    return shown_in_area(rq, after);
}

/* ---- the matrix ---- */

struct matrix_asked {
    int64_t unit_id; /* none: the own project, or the first there is */
    struct date day; /* none: today */
};
static const struct field MATRIX_QUERY[] = {
    FIELD_REF(matrix_asked, unit_id, "units", .in = MAY),
    FIELD(matrix_asked, day, .in = MAY),
    FIELDS_END,
};

static enum result unit_asked(struct request *rq, int64_t asked, struct unit *out)
{
    struct list_query query = {.limit = 1, .sort = "id"};
    struct list list;
    int64_t id = asked ? asked : rq->cx.actor->is_leaf_unit ? rq->cx.actor->unit_id : 0;
    if (!id) {
        list_conditions(&rq->cx, &AREAS, "", &query);
        TRY(record_list(&rq->cx, &AREAS, &query, &list));
        if (list.count)
            id = ((const struct area *)list.rows)->unit_id;
    }
    if (id)
        return record_get(&rq->cx, &UNITS, id, out);
    *out = (struct unit){.name = ""};
    return OK;
}

static enum result put_units(struct request *rq, int64_t chosen)
{
    struct list_query query = {.limit = LIST_MOST, .sort = "path"};
    struct list list;
    list_conditions(&rq->cx, &UNITS, "kind=project", &query);
    TRY(record_list(&rq->cx, &UNITS, &query, &list));
    const struct unit *units = list.rows;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list.count + 1);
    for (size_t i = 0; i < list.count; i++)
        docs[i] = option_doc(rq, arena_printf(rq->cx.mem, "%lld", (long long)units[i].id),
                             units[i].name, units[i].id == chosen);
    doc_docs(rq->doc, "unit_options", docs, list.count);
    return OK;
}

static struct doc *state_doc(struct request *rq, const struct area_state *state)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_root(doc, AREAS.fields, &state->area);
    doc_int(doc, "persons_needed", state->needed);
    doc_flag(doc, "persons_lacking", state->person_count < (size_t)state->needed);
    doc_flag(doc, "overlaps", state->overlaps);
    doc_records(doc, "persons", AREA_PERSONS.fields, state->persons, state->person_count,
                sizeof *state->persons);
    return doc;
}

/* An area's cell under its service. */
static struct doc *cell_doc(struct request *rq, const struct area_state *state)
{
    struct doc *doc = doc_new(rq->cx.mem);
    struct text names = text_new(rq->cx.mem, 64);
    for (size_t i = 0; i < state->person_count; i++)
        text_printf(&names, "%s%s", i ? "、" : "", state->persons[i].person_name);
    doc_text(doc, "href", arena_printf(rq->cx.mem, "/areas/%lld", (long long)state->area.id));
    doc_text(doc, "persons", text_end(&names));
    doc_text(doc, "size", arena_printf(rq->cx.mem, "%d", state->area.size_m2));
    doc_flag(doc, "lacking", state->person_count < (size_t)state->needed);
    doc_text(doc, "needs",
             arena_printf(rq->cx.mem, "%zu / %d", state->person_count, state->needed));
    doc_flag(doc, "overlaps", state->overlaps);
    return doc;
}

/* Those of one service among the areas of one name. */
static struct doc *column_doc(struct request *rq, const struct area_state *states, size_t count,
                              enum service service)
{
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **cells = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    size_t width = 0;
    for (size_t i = 0; i < count; i++)
        if (states[i].area.service == service)
            cells[width++] = cell_doc(rq, &states[i]);
    doc_text(doc, "label", service_words(rq, service));
    doc_docs(doc, "cells", cells, width);
    return doc;
}

/* The areas of one name, a column for each service. */
static struct doc *row_doc(struct request *rq, struct set services, const struct area_state *states,
                           size_t count)
{
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **columns = ARENA_ARRAY(rq->cx.mem, struct doc *, SERVICE_OTHER);
    size_t width = 0;
    for (enum service service = SERVICE_ENGINEERING; service <= SERVICE_OTHER; service++)
        if (services.bits >> service & 1)
            columns[width++] = column_doc(rq, states, count, service);
    doc_text(doc, "name", states->area.name);
    doc_text(doc, "place", states->area.place);
    doc_docs(doc, "columns", columns, width);
    return doc;
}

static void put_rows(struct request *rq, const struct area_matrix *matrix)
{
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, matrix->count + 1);
    const struct area_state *states = matrix->states;
    size_t width = 0;
    for (size_t i = 0, next; i < matrix->count; i = next) {
        for (next = i + 1;
             next < matrix->count && strcmp(states[next].area.name, states[i].area.name) == 0;)
            next++;
        rows[width++] = row_doc(rq, matrix->services, states + i, next - i);
    }
    doc_docs(rq->doc, "rows", rows, width);
}

static void put_heads(struct request *rq, const struct area_matrix *matrix)
{
    struct doc **heads = ARENA_ARRAY(rq->cx.mem, struct doc *, SERVICE_OTHER);
    size_t count = 0;
    for (enum service service = SERVICE_ENGINEERING; service <= SERVICE_OTHER; service++)
        if (matrix->services.bits >> service & 1) {
            heads[count] = doc_new(rq->cx.mem);
            doc_text(heads[count++], "label", service_words(rq, service));
        }
    doc_docs(rq->doc, "heads", heads, count);
}

/* Everybody who is named, with what that comes to. */
struct load {
    int64_t person_id;
    const char *name;
    enum job job;
    int32_t areas, size_m2;
};

static size_t loads_of(const struct area_matrix *matrix, struct load *loads, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < matrix->count; i++)
        for (size_t at = 0; at < matrix->states[i].person_count; at++) {
            const struct area_person *person = &matrix->states[i].persons[at];
            size_t place = 0;
            while (place < count && loads[place].person_id != person->person_id)
                place++;
            if (place == most)
                continue;
            if (place == count)
                loads[count++] =
                    (struct load){person->person_id, person->person_name, person->job, 0, 0};
            loads[place].areas++;
            loads[place].size_m2 += matrix->states[i].area.size_m2;
        }
    return count;
}

#define LOADS_MOST 200
static void put_loads(struct request *rq, const struct area_matrix *matrix)
{
    struct load *loads = ARENA_ARRAY(rq->cx.mem, struct load, LOADS_MOST);
    const size_t count = loads_of(matrix, loads, LOADS_MOST);
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct doc *doc = docs[i] = doc_new(rq->cx.mem);
        doc_text(doc, "name", loads[i].name);
        doc_text(doc, "job", job_words(rq, loads[i].job));
        doc_text(doc, "areas", arena_printf(rq->cx.mem, "%d", loads[i].areas));
        doc_text(doc, "size", arena_printf(rq->cx.mem, "%d", loads[i].size_m2));
    }
    doc_docs(rq->doc, "loads", docs, count);
}

static void put_gaps(struct request *rq, const struct area_matrix *matrix)
{
    const bool may = actor_may(rq->cx.actor, "areas.write");
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, matrix->uncovered_count + 1);
    for (size_t i = 0; i < matrix->uncovered_count; i++) {
        const struct uncovered *uncovered = &matrix->uncovered[i];
        struct doc *doc = docs[i] = doc_new(rq->cx.mem);
        doc_text(doc, "name", uncovered->name);
        doc_text(doc, "number", uncovered->number);
        doc_text(doc, "service", service_words(rq, uncovered->service));
        doc_link(rq, doc, "href",
                 arena_printf(rq->cx.mem, "/contracts/%lld", (long long)uncovered->contract_id));
        if (may)
            doc_text(doc, "add_href",
                     arena_printf(rq->cx.mem, "/areas/new?contract_id=%lld",
                                  (long long)uncovered->contract_id));
    }
    doc_docs(rq->doc, "gaps", docs, matrix->uncovered_count);
}

struct outdated {
    struct instant since;
};
static const struct field OUTDATED_FIELDS[] = {FIELD(outdated, since), FIELDS_END};

enum result doc_outdated(struct request *rq, const struct area_publication *publication)
{
    struct outdated *outdated = ARENA_NEW(rq->cx.mem, struct outdated);
    TRY(publication_outdated(&rq->cx, publication, &outdated->since));
    doc_record(rq->doc, "outdated", OUTDATED_FIELDS, outdated);
    if (outdated->since.ms && actor_may(rq->cx.actor, "area_publications.write"))
        doc_text(rq->doc, "publish_href",
                 arena_printf(rq->cx.mem, "/areas/matrix?unit_id=%lld#publish",
                              (long long)publication->unit_id));
    return OK;
}

/* What was published last, and whether it is what is the case. */
static enum result put_publication(struct request *rq, int64_t unit_id)
{
    struct area_publication publication;
    int64_t id = 0;
    const bool may_read = actor_may(rq->cx.actor, "area_publications.read");
    if (may_read)
        TRY(publication_of_unit(&rq->cx, unit_id, &id));
    doc_flag(rq->doc, "may_publish", unit_id && actor_may(rq->cx.actor, "area_publications.write"));
    if (!id)
        return OK;
    TRY(record_get(&rq->cx, &AREA_PUBLICATIONS, id, &publication));
    doc_text(rq->doc, "publication_href",
             arena_printf(rq->cx.mem, "/area_publications/%lld", (long long)id));
    doc_text(rq->doc, "channel", publication.channel);
    doc_int(rq->doc, "publication_revision", publication.revision);
    return doc_outdated(rq, &publication);
}

static enum result matrix_get(struct request *rq)
{
    struct unit unit = {.id = 0};
    struct matrix_asked asked = {0};
    struct area_matrix matrix = {.states = NULL};
    char text[DATE_MAX_TEXT];
    TRY(query_read(rq, MATRIX_QUERY, &asked));
    TRY(unit_asked(rq, asked.unit_id, &unit));
    const struct date day = asked.day.days ? asked.day : today(rq);
    if (unit.id)
        TRY(area_matrix(&rq->cx, unit.id, day, &matrix));
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, matrix.count + 1);
    for (size_t i = 0; i < matrix.count; i++)
        docs[i] = state_doc(rq, &matrix.states[i]);
    date_format(day, text);
    doc_int(rq->doc, "unit_id", unit.id);
    doc_text(rq->doc, "unit_name", unit.name);
    doc_text(rq->doc, "day", arena_dup(rq->cx.mem, text));
    doc_flag(rq->doc, "ruled", matrix.ruled);
    doc_docs(rq->doc, "items", docs, matrix.count);
    doc_records(rq->doc, "uncovered", UNCOVERED_FIELDS, matrix.uncovered, matrix.uncovered_count,
                sizeof *matrix.uncovered);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    put_heads(rq, &matrix);
    put_rows(rq, &matrix);
    put_loads(rq, &matrix);
    put_gaps(rq, &matrix);
    doc_flag(rq->doc, "may_write", actor_may(rq->cx.actor, "areas.write"));
    TRY(put_units(rq, unit.id));
    enum result result = put_publication(rq, unit.id);
    rq->doc->page_only = false;
    return result;
}

#define NAV .nav = "areas"
/* clang-format off */
const struct route AREA_ROUTES[] = {
    RECORD_LIST("areas", AREA_FACE, "list"),
    {GET, "/areas/matrix", "area_publications.read", matrix_get, "area_matrix", .query = MATRIX_QUERY,
     .nav = "area_matrix"},
    RECORD_SHOW("areas", AREA_FACE, "area"),
    {GET, "/areas/new", "areas.write", record_new_get, "form", .flags = PAGE_ONLY,
     .subject = &AREA_FACE, NAV},
    {POST, "/areas", "areas.write", area_post, "form", .subject = &AREA_FACE, .lists = PERSON_LISTS, NAV},
    RECORD_CHANGE("areas", AREA_FACE),
    RECORD_HISTORY("areas", AREA_FACE),
    RECORD_EXPORT("areas", AREA_FACE),
    {GET, "/areas/{id}/qr", "areas.read", area_qr_get, "fault", .flags = STREAM},
    {GET, "/areas/{id}/poster", "areas.read", area_poster_get, "bare_area", .flags = PAGE_ONLY, NAV},
    RECORD_LIST("area_persons", PERSON_FACE, "list"),
    RECORD_SHOW("area_persons", PERSON_FACE, "record"),
    {GET, "/area_persons/new", "area_persons.write", record_new_get, "form", .flags = PAGE_ONLY,
     .subject = &PERSON_FACE, NAV},
    {POST, "/area_persons", "area_persons.write", person_post, "form", .subject = &PERSON_FACE, NAV},
    {GET, "/area_persons/{id}/edit", "area_persons.write", record_edit_get, "form",
     .flags = PAGE_ONLY, .subject = &PERSON_FACE, NAV},
    {PATCH, "/area_persons/{id}", "area_persons.write", person_patch, "form",
     .subject = &PERSON_FACE, NAV},
    RECORD_HISTORY("area_persons", PERSON_FACE),
    RECORD_EXPORT("area_persons", PERSON_FACE),
    ROUTES_END,
};
/* clang-format on */
