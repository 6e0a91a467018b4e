/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who supervises what in a project on a day, and where nobody does (V5.1.6). */
#include "app/areas/area.h"
#include "app/areas/area.sql.h"

#include <string.h>

#define UNCOVERED_MOST 200

const struct field UNCOVERED_FIELDS[] = {
    FIELD(uncovered, contract_id),
    FIELD(uncovered, number),
    FIELD(uncovered, name),
    FIELD_ENUM(uncovered, service, SERVICES),
    FIELDS_END,
};

struct served {
    enum service service;
};
static const struct field SERVED_FIELDS[] = {FIELD_ENUM(served, service, SERVICES), FIELDS_END};

static enum result read_services(struct ctx *cx, int64_t unit_id, struct date day,
                                 struct area_matrix *matrix)
{
    struct served *served;
    size_t count;
    TRY(db_list(cx, &q_covered_services, PARAMS(P(unit_id), P(day)), SERVED_FIELDS, sizeof *served,
                16, &served, &count));
    for (size_t i = 0; i < count; i++)
        matrix->services.bits |= UINT64_C(1) << served[i].service;
    for (size_t i = 0; i < matrix->count; i++)
        matrix->services.bits |= UINT64_C(1) << matrix->states[i].area.service;
    return OK;
}

/* All of the project at once, by area. */
static enum result read_persons(struct ctx *cx, int64_t unit_id, struct date day,
                                struct area_matrix *matrix)
{
    struct list list;
    TRY(record_select(cx, &AREA_PERSONS, "of_unit",
                      "a.unit_id = $1 AND t.\"from\" <= $2 AND (t.\"to\" = '' OR t.\"to\" >= $2) "
                      "AND (p.left_on = '' OR p.left_on >= $2) ORDER BY t.area_id, t.id LIMIT 5000",
                      PARAMS(P(unit_id), P(day)), &list));
    const struct area_person *persons = list.rows;
    for (size_t i = 0; i < matrix->count; i++) {
        struct area_state *state = &matrix->states[i];
        size_t from = 0, to;
        while (from < list.count && persons[from].area_id < state->area.id)
            from++;
        for (to = from; to < list.count && persons[to].area_id == state->area.id;)
            to++;
        state->persons = persons + from;
        state->person_count = to - from;
    }
    return OK;
}

/* They are by name, then by service: what is there twice stands side by side. */
static void mark_overlaps(struct area_matrix *matrix)
{
    for (size_t i = 1; i < matrix->count; i++) {
        struct area_state *a = &matrix->states[i - 1], *b = &matrix->states[i];
        if (strcmp(a->area.name, b->area.name) == 0 && a->area.service == b->area.service)
            a->overlaps = b->overlaps = true;
    }
}

enum result area_matrix(struct ctx *cx, int64_t unit_id, struct date day, struct area_matrix *out)
{
    struct area *areas;
    struct division_rule rules;
    *out = (struct area_matrix){.states = NULL};
    const enum result found = division_rule_for(cx, unit_id, day, &rules);
    if (found != OK && found != NOT_FOUND)
        return found;
    (void)fault_take(cx);
    out->ruled = found == OK;
    TRY(areas_on(cx, unit_id, day, &areas, &out->count));
    out->states = ARENA_ARRAY(cx->mem, struct area_state, out->count + 1);
    for (size_t i = 0; i < out->count; i++) {
        out->states[i].area = areas[i];
        out->states[i].needed =
            division_rule_persons(out->ruled ? &rules : NULL, areas[i].service, areas[i].size_m2);
    }
    TRY(read_persons(cx, unit_id, day, out));
    mark_overlaps(out);
    TRY(read_services(cx, unit_id, day, out));
    return db_list(cx, &q_uncovered_contracts,
                   PARAMS(P(unit_id), P(day), P((int32_t)UNCOVERED_MOST)), UNCOVERED_FIELDS,
                   sizeof *out->uncovered, UNCOVERED_MOST, &out->uncovered, &out->uncovered_count);
}
