/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The division of areas is published and filed with the division (V6.1.2.2). */
#include "app/areas/area.h"
#include "app/areas/area.sql.h"

#include "app/notices/notice.h"
#include "base/doc.h"
#include "base/hash.h"

#include <string.h>

#define CHANNEL_MOST 100

static const char *const STATES[] = {"published", "received", "superseded", NULL};

static const struct field PUBLICATION_FIELDS[] = {
    RECORD_FIELDS(area_publication),
    FIELD(area_publication, name, .use = LISTED),
    FIELD_REF(area_publication, organisation_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(area_publication, unit_id, "units", .in = MUST, .use = FIXED | FILTERED,
              .clause = "V6.1.2.2"),
    FIELD(area_publication, unit_name, .column = "u.name"),
    FIELD(area_publication, revision, .use = LISTED),
    FIELD(area_publication, day, .use = LISTED),
    FIELD(area_publication, channel, .in = MUST, .max = CHANNEL_MOST),
    FIELD(area_publication, areas, .use = LISTED),
    FIELD(area_publication, rows, .use = HIDDEN),
    FIELD(area_publication, token, .use = HIDDEN),
    FIELD_REF(area_publication, publisher_id, "people", .use = NO_DIFF),
    FIELD(area_publication, published_by, .use = LISTED),
    FIELD(area_publication, published_at, .use = LISTED),
    FIELD(area_publication, year, .use = HIDDEN),
    FIELD(area_publication, serial, .use = HIDDEN),
    FIELD(area_publication, receipt, .use = LISTED),
    FIELD(area_publication, received_by),
    FIELD(area_publication, received_at, .use = LISTED),
    FIELD(area_publication, sha256),
    FIELD_ENUM(area_publication, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

const struct resource AREA_PUBLICATIONS = {
    .name = "area_publications",
    .clause = "V6.1.2.2",
    .fields = PUBLICATION_FIELDS,
    .size = sizeof(struct area_publication),
    .joins = "JOIN units u ON u.id = t.unit_id",
    .title = "name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@organisation_id = :org"},
    .unit = "unit_id",
};

const struct field PUBLISHED_AREA_FIELDS[] = {
    FIELD(published_area, area_id),        FIELD(published_area, area),
    FIELD(published_area, place),          FIELD_ENUM(published_area, service, SERVICES),
    FIELD(published_area, size_m2),        FIELD(published_area, person),
    FIELD_ENUM(published_area, job, JOBS), FIELD(published_area, token),
    FIELD(published_area, report),         FIELDS_END,
};

enum result publication_rows(struct ctx *cx, const struct area_publication *publication,
                             struct published_area **out, size_t *out_count)
{
    if (!json_rows_read(cx->mem, publication->rows, PUBLISHED_AREA_FIELDS, sizeof **out,
                        PUBLISHED_MOST, out, out_count))
        return fail(cx, BROKEN, "area_publication.broken", publication->name);
    return OK;
}

enum result publication_by_id(struct ctx *cx, int64_t id, struct area_publication *out)
{
    struct list list;
    TRY(record_select(cx, &AREA_PUBLICATIONS, "one", "t.id = $1", PARAMS(P(id)), &list));
    memcpy(out, list.rows, sizeof *out);
    return OK;
}

enum result publication_of_unit(struct ctx *cx, int64_t unit_id, int64_t *out_id)
{
    return db_int(cx, &q_publication_of_unit, PARAMS(P(unit_id)), out_id);
}

enum result publication_outdated(struct ctx *cx, const struct area_publication *publication,
                                 struct instant *out)
{
    TRY(db_int(cx, &q_areas_changed, PARAMS(P(publication->unit_id)), &out->ms));
    if (publication->state == AREAS_SUPERSEDED || out->ms <= publication->published_at.ms)
        out->ms = 0;
    return OK;
}

enum result publication_by_token(struct ctx *cx, const char *token, struct area_publication *out)
{
    int64_t id;
    TRY(db_int(cx, &q_publication_of_token, PARAMS(P(token)), &id));
    return id ? publication_by_id(cx, id, out) : fail(cx, NOT_FOUND, "area_publication.no_code");
}

/* ---- what may be published ---- */

#define MOBILE_DIGITS 11

/* A mobile number is somebody's own: eleven digits that begin with 13 to 19. */
static bool has_private_number(const char *text)
{
    while (*text) {
        const size_t len = strspn(text, "0123456789");
        if (len == MOBILE_DIGITS && text[0] == '1' && text[1] >= '3')
            return true;
        text += len + (text[len] != '\0');
    }
    return false;
}

static void demand_channel(struct ctx *cx, const char *channel)
{
    check_words(cx, "channel", channel, CHANNEL_MOST);
    if (has_private_number(channel))
        reject_clause(cx, "V6.1.2.2", "channel", "private_number");
}

/* Every contract has its areas, every area its persons. */
static enum result demand_whole(struct ctx *cx, const struct area_matrix *matrix)
{
    for (size_t i = 0; i < matrix->uncovered_count; i++)
        reject_clause(cx, "V5.1.6", "areas", "contract_uncovered", matrix->uncovered[i].name,
                      matrix->uncovered[i].number);
    for (size_t i = 0; i < matrix->count; i++) {
        const struct area_state *state = &matrix->states[i];
        if (state->person_count < (size_t)state->needed)
            reject_clause(cx, "V6.1.2.2", "areas", "persons_lacking", state->area.name,
                          arena_printf(cx->mem, "%d", state->needed),
                          arena_printf(cx->mem, "%zu", state->person_count));
    }
    if (!matrix->count && !matrix->uncovered_count)
        reject_clause(cx, "V6.1.2.2", "areas", "no_areas");
    return rejected_as(cx, CONFLICT, "area_publication.not_ready");
}

/* ---- what is published ---- */

/* Complaint and praise about an area reach the desk by a code of its own. */
static enum result link_of(struct ctx *cx, const struct area *area, const char **out_token)
{
    struct issue_link link = {.contract_id = area->contract_id, .place = area->name};
    struct area after = *area;
    if (area->link_id) {
        TRY(record_get(cx, &ISSUE_LINKS, area->link_id, &link));
    } else {
        fields_blank(ISSUE_LINKS.fields, &link);
        TRY(record_add(cx, &ISSUE_LINKS, &link));
        after.link_id = link.id;
        TRY(record_change(cx, &AREAS, "publish", area, &after));
    }
    *out_token = link.token;
    return OK;
}

static enum result rows_of(struct ctx *cx, const struct area_matrix *matrix, const char **out)
{
    struct published_area *rows = ARENA_ARRAY(cx->mem, struct published_area, PUBLISHED_MOST);
    size_t count = 0;
    for (size_t i = 0; i < matrix->count; i++) {
        const struct area_state *state = &matrix->states[i];
        struct published_area row = {.area_id = state->area.id,
                                     .area = state->area.name,
                                     .place = state->area.place,
                                     .service = state->area.service,
                                     .size_m2 = state->area.size_m2,
                                     .token = state->area.token};
        TRY(link_of(cx, &state->area, &row.report));
        for (size_t person = 0; person < state->person_count && count < PUBLISHED_MOST; person++) {
            row.person = state->persons[person].person_name;
            row.job = state->persons[person].job;
            rows[count++] = row;
        }
    }
    *out = json_rows_text(cx->mem, PUBLISHED_AREA_FIELDS, rows, count, sizeof *rows);
    return OK;
}

static void digest(struct ctx *cx, struct area_publication *publication)
{
    char hex[SHA256_HEX];
    const char *text = arena_printf(cx->mem, "areas\n%s\n%s\n%s", publication->name,
                                    publication->channel, publication->rows);
    sha256_hex(text, strlen(text), hex);
    publication->sha256 = arena_dup(cx->mem, hex);
}

static enum result tell(struct ctx *cx, const struct area_publication *publication,
                        const char *kind, uint64_t roles, const char *detail)
{
    const struct news news = {.kind = kind,
                              .subject = &AREA_PUBLICATIONS,
                              .subject_id = publication->id,
                              .title = publication->name,
                              .detail = detail};
    return notice_roles(cx, publication->organisation_id, publication->unit_id, roles, &news);
}

/* The same address leads to what follows it, which says that it does. */
static enum result supersede(struct ctx *cx, const struct area_publication *former,
                             struct area_publication *next)
{
    struct area_publication after = *former;
    next->revision = former->revision + 1;
    next->token = former->token;
    after.state = AREAS_SUPERSEDED;
    return record_change(cx, &AREA_PUBLICATIONS, "supersede", former, &after);
}

static void begin(struct ctx *cx, const struct unit *unit, const char *channel,
                  struct area_publication *out)
{
    char token[TOKEN_TEXT];
    random_token(token);
    fields_blank(PUBLICATION_FIELDS, out);
    out->organisation_id = unit->organisation_id;
    out->unit_id = unit->id;
    out->name = unit->name;
    out->revision = 1;
    out->day = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    out->channel = channel;
    out->token = arena_dup(cx->mem, token);
    out->publisher_id = cx->actor->person_id;
    out->published_by = cx->actor->person_name;
    out->published_at = cx->now;
    out->state = AREAS_PUBLISHED;
}

enum result areas_publish(struct ctx *cx, int64_t unit_id, const char *channel, int64_t *out_id)
{
    struct unit unit;
    struct area_matrix matrix;
    struct area_publication next = {0}, former;
    struct instant changed;
    int64_t former_id;
    TRY(record_get(cx, &UNITS, unit_id, &unit));
    demand_channel(cx, channel);
    TRY(rejected(cx));
    TRY(area_matrix(cx, unit_id, instant_date(cx->now, SHANGHAI_OFFSET_MIN), &matrix));
    TRY(demand_whole(cx, &matrix));
    begin(cx, &unit, channel, &next);
    next.areas = (int32_t)matrix.count;
    TRY(rows_of(cx, &matrix, &next.rows));
    digest(cx, &next);
    TRY(publication_of_unit(cx, unit_id, &former_id));
    if (former_id) {
        TRY(record_get(cx, &AREA_PUBLICATIONS, former_id, &former));
        TRY(publication_outdated(cx, &former, &changed));
        if (strcmp(former.sha256, next.sha256) == 0 && !changed.ms)
            return fail(cx, CONFLICT, "area_publication.unchanged", former.name);
        TRY(supersede(cx, &former, &next));
    }
    TRY(record_add(cx, &AREA_PUBLICATIONS, &next));
    TRY(duty_meet(cx, "publish_areas", unit_id, ""));
    *out_id = next.id;
    return tell(cx, &next, "area_publication.published", R(DIVISION), next.published_by);
}

enum result publication_receive(struct ctx *cx, const struct area_publication *publication)
{
    struct area_publication after = *publication;
    int64_t last;
    if (publication->state != AREAS_PUBLISHED)
        return fail(cx, CONFLICT, "area_publication.wrong_state", publication->name,
                    state_name(cx, &AREA_PUBLICATIONS, STATES, publication->state));
    if (publication->publisher_id && publication->publisher_id == cx->actor->person_id)
        return fail(cx, FORBIDDEN, "area_publication.own", publication->name);
    after.year = date_ymd(instant_date(cx->now, SHANGHAI_OFFSET_MIN)).year;
    TRY(db_int(cx, &q_publication_last_receipt, PARAMS(P(after.year)), &last));
    after.serial = (int32_t)last + 1;
    after.receipt = arena_printf(cx->mem, "片区-%d-%04d", after.year, after.serial);
    after.received_by = cx->actor->person_name;
    after.received_at = cx->now;
    after.state = AREAS_RECEIVED;
    TRY(record_change(cx, &AREA_PUBLICATIONS, "receive", publication, &after));
    return tell(cx, &after, "area_publication.received", R(PM), after.receipt);
}
