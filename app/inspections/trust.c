/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Photos of inspections, and the marks that people judge. */
#include "app/inspections/trust.h"

#include "app/inspections/inspections.sql.h"
#include "paper/likeness.h"

#include <string.h>

static const char *const KINDS[] = {"same_photo",  "like_photo", "too_fast",  "far_apart",
                                    "wrong_place", "backfilled", "clock_off", "never_fails",
                                    "mostly_na",   NULL};
static const char *const STATES[] = {"open", "explained", "false_record", NULL};
#define DEGREES INT64_C(1000000)

/* ---- photos ---- */

static const struct field PHOTO_FIELDS[] = {
    RECORD_FIELDS(inspection_photo),
    FIELD_REF(inspection_photo, inspection_id, "inspections", .use = FILTERED),
    FIELD_REF(inspection_photo, contract_id, "contracts", .use = FILTERED),
    FIELD_REF(inspection_photo, document_id, "documents"),
    FIELD(inspection_photo, place, .use = LISTED),
    FIELD(inspection_photo, sha256),
    FIELD(inspection_photo, band_1, .use = HIDDEN),
    FIELD(inspection_photo, band_2, .use = HIDDEN),
    FIELD(inspection_photo, band_3, .use = HIDDEN),
    FIELD(inspection_photo, band_4, .use = HIDDEN),
    FIELD(inspection_photo, taken_at, .use = LISTED),
    FIELD(inspection_photo, latitude),
    FIELD(inspection_photo, longitude),
    FIELDS_END,
};

const struct field PHOTO_SAID[] = {
    FIELD(photo_said, item_id, .in = MUST),
    FIELD(photo_said, taken_at, .in = MAY),
    FIELD(photo_said, latitude, .in = MAY, .min = -90 * DEGREES, .max = 90 * DEGREES),
    FIELD(photo_said, longitude, .in = MAY, .min = -180 * DEGREES, .max = 180 * DEGREES),
    FIELDS_END,
};

const struct resource INSPECTION_PHOTOS = {
    .name = "inspection_photos",
    .clause = "V3.5",
    .fields = PHOTO_FIELDS,
    .size = sizeof(struct inspection_photo),
    .title = "taken_at",
    .sort = "-id",
    .parent = &INSPECTIONS,
    .parent_field = "inspection_id",
};

enum result inspection_photo_prepare(struct ctx *cx, struct upload *upload,
                                     struct inspection_photo *photo)
{
    uint64_t likeness;
    if (upload->len > PHOTO_BYTES_MOST)
        return fail(cx, TOO_LARGE, "document.too_large",
                    arena_printf(cx->mem, "%d", PHOTO_BYTES_MOST >> 20));
    TRY(photo_stage(cx, upload));
    photo->sha256 = upload->file.sha256;
    photo->band_1 = photo->band_2 = photo->band_3 = photo->band_4 = -1;
    if (!picture_likeness(cx->mem, upload->bytes, upload->len, &likeness))
        return OK;
    photo->band_1 = (int32_t)(likeness >> 48 & 0xFFFF);
    photo->band_2 = (int32_t)(likeness >> 32 & 0xFFFF);
    photo->band_3 = (int32_t)(likeness >> 16 & 0xFFFF);
    photo->band_4 = (int32_t)(likeness & 0xFFFF);
    return OK;
}

enum result photos_of(struct ctx *cx, int64_t inspection_id, struct list *out)
{
    return record_select(cx, &INSPECTION_PHOTOS, "of",
                         "t.inspection_id = $1 ORDER BY t.id LIMIT 600", PARAMS(P(inspection_id)),
                         out);
}

enum result photos_counted(struct ctx *cx, int64_t inspection_id, int32_t *out, size_t places)
{
    struct list list;
    TRY(photos_of(cx, inspection_id, &list));
    const struct inspection_photo *photos = list.rows;
    for (size_t i = 0; i < list.count; i++)
        if ((size_t)photos[i].place <= places)
            out[photos[i].place - 1]++;
    return OK;
}

/* The place of that item, from 1; 0 when it is none. */
static enum result find_place(struct ctx *cx, const struct inspection *inspection, int64_t item_id,
                              int32_t *out)
{
    struct inspection_item *items;
    size_t count;
    *out = 0;
    TRY(inspection_items(cx, inspection, &items, &count));
    for (size_t i = 0; i < count && !*out; i++)
        if (items[i].item_id == item_id)
            *out = (int32_t)i + 1;
    if (!*out)
        reject(cx, "item_id", "no_such_item");
    return rejected(cx);
}

/* Rejects one more where there are enough. *out_known: the same photo is there. */
static enum result check_photo(struct ctx *cx, const struct inspection *inspection,
                               struct inspection_photo *photo, bool *out_known)
{
    struct list list;
    int32_t there = 0;
    *out_known = false;
    TRY(photos_of(cx, inspection->id, &list));
    const struct inspection_photo *photos = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        if (photos[i].place != photo->place)
            continue;
        there++;
        if (strcmp(photos[i].sha256, photo->sha256) == 0) {
            *photo = photos[i];
            *out_known = true;
            return OK;
        }
    }
    if (there >= PHOTOS_OF_ITEM_MOST)
        reject(cx, "photos", "too_many_photos", arena_printf(cx->mem, "%d", PHOTOS_OF_ITEM_MOST));
    return rejected(cx);
}

enum result inspection_photo_add(struct ctx *cx, const struct inspection *inspection,
                                 const struct photo_said *said, struct upload *upload,
                                 struct inspection_photo *photo)
{
    struct document document;
    bool known;
    if (inspection->inspector_id != cx->actor->person_id)
        return fail(cx, FORBIDDEN, "inspection.not_yours", inspection->inspector_name);
    TRY(find_place(cx, inspection, said->item_id, &photo->place));
    TRY(check_photo(cx, inspection, photo, &known));
    if (known)
        return OK;
    if (inspection->state != INSPECTION_OPEN)
        return fail(cx, CONFLICT, "inspection.wrong_state", inspection->area_name);
    upload->subject = INSPECTIONS.name;
    upload->subject_id = inspection->id;
    upload->retention = RETENTION_LONG; /* what is deducted has to be proved for so long */
    TRY(document_add(cx, upload, &document));
    photo->inspection_id = inspection->id;
    photo->contract_id = inspection->contract_id;
    photo->document_id = document.id;
    photo->taken_at = said->taken_at.ms ? said->taken_at : cx->now;
    photo->latitude = said->latitude;
    photo->longitude = said->longitude;
    return record_add(cx, &INSPECTION_PHOTOS, photo);
}

/* ---- marks ---- */

static const struct field MARK_FIELDS[] = {
    RECORD_FIELDS(inspection_mark),
    FIELD_ENUM(inspection_mark, kind, KINDS, .use = LISTED | FILTERED | NO_DIFF),
    FIELD(inspection_mark, amount, .use = LISTED | NO_DIFF),
    FIELD(inspection_mark, place, .use = NO_DIFF),
    FIELD_REF(inspection_mark, inspection_id, "inspections", .use = FILTERED | NO_DIFF),
    FIELD(inspection_mark, area_name, .column = "a.name", .use = LISTED),
    FIELD_REF(inspection_mark, other_id, "inspections", .use = NO_DIFF),
    FIELD_REF(inspection_mark, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD(inspection_mark, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(inspection_mark, inspector_id, "people", .use = FILTERED | NO_DIFF),
    FIELD(inspection_mark, inspector_name, .column = "p.name", .use = LISTED),
    FIELD_REF(inspection_mark, judge_id, "people"),
    FIELD(inspection_mark, judge_name, .column = "j.name"),
    FIELD(inspection_mark, judged_at),
    FIELD(inspection_mark, reason),
    FIELD_REF(inspection_mark, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(inspection_mark, unit_id, "units", .use = HIDDEN | NO_DIFF),
    FIELD_ENUM(inspection_mark, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

const struct resource INSPECTION_MARKS = {
    .name = "inspection_marks",
    .clause = "V6.1.1",
    .fields = MARK_FIELDS,
    .size = sizeof(struct inspection_mark),
    .joins = "JOIN contracts c ON c.id = t.contract_id "
             "JOIN inspections i ON i.id = t.inspection_id JOIN areas a ON a.id = i.area_id "
             "JOIN people p ON p.id = t.inspector_id LEFT JOIN people j ON j.id = t.judge_id",
    .title = "area_name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org"},
    .unit = "unit_id",
};

bool mark_is_judgeable(const struct ctx *cx, const struct inspection_mark *mark)
{
    return mark->state == MARK_OPEN && mark->inspector_id != cx->actor->person_id;
}

enum result mark_judge(struct ctx *cx, const struct inspection_mark *mark, bool explained,
                       const char *reason)
{
    struct inspection_mark after = *mark;
    if (mark->state != MARK_OPEN)
        return fail(cx, CONFLICT, "inspection_mark.wrong_state", mark->area_name);
    if (!mark_is_judgeable(cx, mark))
        return fail(cx, FORBIDDEN, "inspection_mark.own");
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.reason = reason;
    after.judge_id = cx->actor->person_id;
    after.judged_at = cx->now;
    after.state = explained ? MARK_EXPLAINED : MARK_FALSE_RECORD;
    return record_change(cx, &INSPECTION_MARKS, "judge", mark, &after);
}
