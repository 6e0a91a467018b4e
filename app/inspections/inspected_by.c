/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* By what and where it is inspected: the standard in force, and the areas of the contract. */
#include "app/inspections/inspection.h"

#define DEGREES INT64_C(1000000)

static struct date today(const struct ctx *cx)
{
    return instant_date(cx->now, SHANGHAI_OFFSET_MIN);
}

enum result inspection_standard(struct ctx *cx, const struct contract *contract,
                                struct standard *out, struct inspection_item **out_items,
                                size_t *out_count)
{
    struct standard_item *items;
    struct fault kept = fault_take(cx);
    enum result found = standard_for(cx, contract->unit_id, contract->service, today(cx), out);
    if (found == NOT_FOUND)
        cx->fault = kept;
    TRY(found);
    TRY(standard_items(cx, out->id, &items, out_count));
    *out_items = ARENA_ARRAY(cx->mem, struct inspection_item, *out_count + 1);
    for (size_t i = 0; i < *out_count; i++)
        (*out_items)[i] = (struct inspection_item){
            .item_id = items[i].id,
            .category = items[i].category,
            .part = items[i].place,
            .text = items[i].text,
            .term = items[i].term_number,
            .method = items[i].method,
            .frequency = items[i].frequency,
            .points = items[i].points,
            .deduction = items[i].deduction,
            .photo = items[i].photo,
            .fatal = items[i].fatal,
            .note = "",
        };
    return OK;
}

bool frequency_is_asked(enum plan_frequency comes, enum item_frequency item)
{
    static const enum item_frequency RAREST[] = {
        [0] = FREQUENCY_YEARLY,
        [EVERY_DAY] = FREQUENCY_DAILY,
        [EVERY_WEEK] = FREQUENCY_WEEKLY,
        [EVERY_MONTH] = FREQUENCY_MONTHLY,
        [EVERY_QUARTER] = FREQUENCY_YEARLY,
    };
    return item <= RAREST[comes];
}

enum result areas_of_contract(struct ctx *cx, const struct contract *contract, struct area **out,
                              size_t *out_count)
{
    struct area *areas;
    size_t count;
    TRY(areas_on(cx, contract->unit_id, today(cx), &areas, &count));
    *out_count = 0;
    *out = areas;
    for (size_t i = 0; i < count; i++)
        if (areas[i].contract_id == contract->id)
            areas[(*out_count)++] = areas[i];
    return OK;
}

enum result check_area(struct ctx *cx, int64_t area_id, const struct contract *contract)
{
    struct area area;
    const struct date day = today(cx);
    TRY(record_get(cx, &AREAS, area_id, &area));
    if (area.contract_id != contract->id)
        reject_clause(cx, "V6.1.2.2", "area_id", "other_area");
    else if (area.from.days > day.days || (area.to.days && area.to.days < day.days))
        reject_clause(cx, "V6.1.2.2", "area_id", "area_over");
    return OK;
}

/* ---- where areas are ---- */

static const struct field POSITION_FIELDS[] = {
    RECORD_FIELDS(area_position),
    FIELD_REF(area_position, area_id, "areas", .in = MUST, .use = FILTERED | FIXED),
    FIELD(area_position, area_name, .column = "a.name", .use = LISTED),
    FIELD(area_position, latitude, .in = MUST, .min = -90 * DEGREES, .max = 90 * DEGREES,
          .use = LISTED),
    FIELD(area_position, longitude, .in = MUST, .min = -180 * DEGREES, .max = 180 * DEGREES,
          .use = LISTED),
    FIELD_REF(area_position, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(area_position, unit_id, "units", .use = HIDDEN | NO_DIFF),
    FIELDS_END,
};

static enum result position_check(struct ctx *cx, void *record, const void *before)
{
    struct area_position *position = record;
    struct area area;
    if (before || !position->area_id)
        return OK;
    TRY(record_get(cx, &AREAS, position->area_id, &area));
    position->client_id = area.client_id;
    position->unit_id = area.unit_id;
    return OK;
}

const struct resource AREA_POSITIONS = {
    .name = "area_positions",
    .clause = "V3.5",
    .fields = POSITION_FIELDS,
    .size = sizeof(struct area_position),
    .joins = "JOIN areas a ON a.id = t.area_id",
    .title = "area_name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org"},
    .unit = "unit_id",
    .check = position_check,
};

enum result area_place(struct ctx *cx, int64_t area_id, int32_t *out_latitude,
                       int32_t *out_longitude)
{
    struct list list;
    *out_latitude = *out_longitude = 0;
    TRY(record_select(cx, &AREA_POSITIONS, "of", "t.area_id = $1 LIMIT 1", PARAMS(P(area_id)),
                      &list));
    if (!list.count)
        return OK;
    const struct area_position *position = list.rows;
    *out_latitude = position->latitude;
    *out_longitude = position->longitude;
    return OK;
}
