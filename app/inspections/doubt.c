/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The checks of a finished inspection. Each is a line of CHECKS and a function that adds what it
 * found; none says what it means. */
#include "app/inspections/inspections.sql.h"
#include "app/inspections/trust.h"
#include "paper/likeness.h"

#include <string.h>

#define SECONDS_EACH_LEAST 4 /* faster, nobody looks at an item */
#define KMH_MOST 100
#define APART_LEAST 2000 /* metres: nearer, a position is not exact enough to speak of speed */
#define AWAY_MOST 300    /* metres from the area */
#define LONG_AFTER_HOURS 24
#define BATCH_HOURS 2 /* so old, and so many at once */
#define BATCH_LEAST 3
#define BATCH_MINUTES 10
#define AHEAD_MINUTES 5
#define STREAK 30
#define STREAK_DAYS 30 /* said once in so many */
#define CANDIDATES_MOST 500
#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)

struct doubting {
    struct ctx *cx;
    const struct inspection *inspection;
    size_t items;
    bool found;
};

static enum result mark(struct doubting *doubting, struct inspection_mark_found found)
{
    const struct inspection *inspection = doubting->inspection;
    struct inspection_mark row = {
        .inspection_id = inspection->id,
        .contract_id = inspection->contract_id,
        .client_id = inspection->client_id,
        .unit_id = inspection->unit_id,
        .inspector_id = inspection->inspector_id,
        .area_name = inspection->area_name,
        .kind = found.kind,
        .place = found.place,
        .amount = found.amount,
        .other_id = found.other_id,
        .reason = "",
        .state = MARK_OPEN,
    };
    doubting->found = true;
    return record_add(doubting->cx, &INSPECTION_MARKS, &row);
}

/* ---- pictures ---- */

static uint64_t likeness_of(const struct inspection_photo *photo)
{
    return (uint64_t)photo->band_1 << 48 | (uint64_t)photo->band_2 << 32 |
           (uint64_t)photo->band_3 << 16 | (uint64_t)photo->band_4;
}

/* The inspection with the nearest likeness that is the same; 0: none. */
static enum result like_photo(struct ctx *cx, const struct inspection_photo *photo, int64_t *out)
{
    struct list list;
    *out = 0;
    if (photo->band_1 < 0)
        return OK;
    TRY(record_select(cx, &INSPECTION_PHOTOS, "like",
                      "t.inspection_id <> $1 AND (t.band_1 = $2 OR t.band_2 = $3 OR "
                      "t.band_3 = $4 OR t.band_4 = $5) LIMIT 500",
                      PARAMS(P(photo->inspection_id), P(photo->band_1), P(photo->band_2),
                             P(photo->band_3), P(photo->band_4)),
                      &list));
    const struct inspection_photo *others = list.rows;
    int nearest = LIKENESS_SAME + 1;
    for (size_t i = 0; i < list.count; i++) {
        const int apart = likeness_distance(likeness_of(photo), likeness_of(&others[i]));
        if (apart < nearest) {
            nearest = apart;
            *out = others[i].inspection_id;
        }
    }
    return OK;
}

static enum result doubt_photo(struct doubting *doubting, const struct inspection_photo *photo)
{
    int64_t other;
    TRY(db_int(doubting->cx, &q_photo_same, PARAMS(P(photo->id), P(photo->sha256)), &other));
    if (other)
        return mark(doubting,
                    (struct inspection_mark_found){MARK_SAME_PHOTO, photo->place, 0, other});
    TRY(like_photo(doubting->cx, photo, &other));
    if (!other)
        return OK;
    return mark(doubting, (struct inspection_mark_found){MARK_LIKE_PHOTO, photo->place, 0, other});
}

static enum result doubt_photos(struct doubting *doubting)
{
    struct list list;
    TRY(photos_of(doubting->cx, doubting->inspection->id, &list));
    const struct inspection_photo *photos = list.rows;
    for (size_t i = 0; i < list.count; i++)
        TRY(doubt_photo(doubting, &photos[i]));
    return OK;
}

/* ---- places ---- */

static int64_t root(int64_t square)
{
    int64_t low = 0, high = INT64_C(3000000000);
    while (low < high) {
        const int64_t middle = (low + high + 1) / 2;
        if (middle <= square / middle)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* On a plane that touches the earth between the two: exact enough for what is near, and for what is
 * far it only has to be far. The cosine is that of a polynomial. */
int64_t metres_between(int32_t latitude, int32_t longitude, int32_t other_latitude,
                       int32_t other_longitude)
{
    const double middle = ((double)latitude + other_latitude) / 2e6 * 0.017453292519943295;
    const double square = middle * middle;
    const double cosine = 1 - square / 2 + square * square / 24 - square * square * square / 720;
    const int64_t down = ((int64_t)latitude - other_latitude) * 11132 / 100000;
    const int64_t across =
        (int64_t)((double)((int64_t)longitude - other_longitude) * 0.11132 * cosine);
    return root(down * down + across * across);
}

struct place {
    int32_t latitude, longitude;
};
static bool is_known(struct place place)
{
    return place.latitude || place.longitude;
}
static int64_t metres(struct place a, struct place b)
{
    return metres_between(a.latitude, a.longitude, b.latitude, b.longitude);
}

/* Where the inspector was, as the phone said; else where the area is. */
static enum result place_of(struct ctx *cx, const struct inspection *inspection, struct place *out)
{
    *out = (struct place){inspection->latitude, inspection->longitude};
    return is_known(*out) ? OK
                          : area_place(cx, inspection->area_id, &out->latitude, &out->longitude);
}

/* Of the phone and of its photos the one that is farthest off counts. */
static enum result doubt_place(struct doubting *doubting)
{
    const struct inspection *inspection = doubting->inspection;
    const struct place here = {inspection->latitude, inspection->longitude};
    struct place area;
    struct list list;
    int64_t away = 0;
    TRY(area_place(doubting->cx, inspection->area_id, &area.latitude, &area.longitude));
    if (!is_known(area))
        return OK;
    if (is_known(here))
        away = metres(here, area);
    TRY(photos_of(doubting->cx, doubting->inspection->id, &list));
    const struct inspection_photo *photos = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        const struct place place = {photos[i].latitude, photos[i].longitude};
        if (is_known(place) && metres(place, area) > away)
            away = metres(place, area);
    }
    return away > AWAY_MOST ? mark(doubting, (struct inspection_mark_found){MARK_WRONG_PLACE, 0,
                                                                            (int32_t)away, 0})
                            : OK;
}

/* ---- time ---- */

static enum result doubt_speed(struct doubting *doubting)
{
    const struct inspection *inspection = doubting->inspection;
    const int64_t took = inspection->device_finished_at.ms - inspection->device_started_at.ms;
    const int64_t each =
        took < 0 ? 0 : took / 1000 / (int64_t)(doubting->items ? doubting->items : 1);
    return each < SECONDS_EACH_LEAST
               ? mark(doubting, (struct inspection_mark_found){MARK_TOO_FAST, 0, (int32_t)each, 0})
               : OK;
}

static enum result doubt_way(struct doubting *doubting)
{
    const struct inspection *inspection = doubting->inspection;
    struct list list;
    struct place here, there;
    TRY(record_select(
        doubting->cx, &INSPECTIONS, "before",
        "t.inspector_id = $1 AND t.device_finished_at > 0 AND "
        "t.device_finished_at <= $2 AND t.id <> $3 AND t.state <> 'void' "
        "ORDER BY t.device_finished_at DESC LIMIT 1",
        PARAMS(P(inspection->inspector_id), P(inspection->device_finished_at), P(inspection->id)),
        &list));
    if (!list.count)
        return OK;
    const struct inspection *before = list.rows;
    int64_t seconds = (inspection->device_started_at.ms - before->device_finished_at.ms) / 1000;
    TRY(place_of(doubting->cx, inspection, &here));
    TRY(place_of(doubting->cx, before, &there));
    if (!is_known(here) || !is_known(there))
        return OK;
    const int64_t way = metres(here, there);
    seconds = seconds > 0 ? seconds : 1;
    const int64_t kmh = way * 36 / 10 / seconds;
    return way > APART_LEAST && kmh > KMH_MOST
               ? mark(doubting,
                      (struct inspection_mark_found){MARK_FAR_APART, 0, (int32_t)kmh, before->id})
               : OK;
}

static enum result doubt_arrival(struct doubting *doubting)
{
    const struct inspection *inspection = doubting->inspection;
    const int64_t after = inspection->finished_at.ms - inspection->device_finished_at.ms;
    const int32_t hours = (int32_t)(after / HOUR_MS);
    int64_t batch = 0;
    if (after < -AHEAD_MINUTES * MINUTE_MS)
        return mark(doubting, (struct inspection_mark_found){MARK_CLOCK_OFF, 0,
                                                             (int32_t)(-after / MINUTE_MS), 0});
    if (hours >= BATCH_HOURS)
        TRY(db_int(
            doubting->cx, &q_arrived_together,
            PARAMS(P(inspection->inspector_id),
                   P((struct instant){inspection->finished_at.ms - BATCH_MINUTES * MINUTE_MS}),
                   param_number(BATCH_HOURS * HOUR_MS)),
            &batch));
    return hours >= LONG_AFTER_HOURS || batch + 1 >= BATCH_LEAST
               ? mark(doubting, (struct inspection_mark_found){MARK_BACKFILLED, 0, hours, 0})
               : OK;
}

/* ---- the inspector ---- */

/* More than half of the items did not apply, and nobody said why: the score says little. */
static enum result doubt_leaving_out(struct doubting *doubting)
{
    struct inspection_item *items;
    size_t count;
    int32_t left_out = 0;
    TRY(inspection_items(doubting->cx, doubting->inspection, &items, &count));
    for (size_t i = 0; i < count; i++)
        left_out += items[i].result == RESULT_NA && !*items[i].note;
    return left_out * 2 > (int32_t)count
               ? mark(doubting, (struct inspection_mark_found){MARK_MOSTLY_NA, 0, left_out, 0})
               : OK;
}

static enum result doubt_mildness(struct doubting *doubting)
{
    const struct inspection *inspection = doubting->inspection;
    const struct instant since = {inspection->finished_at.ms - STREAK_DAYS * 24 * HOUR_MS};
    int64_t clean, said;
    if (inspection->failed)
        return OK;
    TRY(db_int(doubting->cx, &q_clean_in_a_row,
               PARAMS(P(inspection->inspector_id), P((int32_t)(STREAK - 1))), &clean));
    if (clean + 1 < STREAK)
        return OK;
    TRY(db_int(doubting->cx, &q_said_lately, PARAMS(P(inspection->inspector_id), P(since)), &said));
    return said ? OK
                : mark(doubting, (struct inspection_mark_found){MARK_NEVER_FAILS, 0,
                                                                (int32_t)(clean + 1), 0});
}

static enum result (*const CHECKS[])(struct doubting *doubting) = {
    doubt_photos,  doubt_speed,       doubt_way,      doubt_place,
    doubt_arrival, doubt_leaving_out, doubt_mildness,
};

enum result inspection_doubt(struct ctx *cx, const struct inspection *inspection, size_t items,
                             bool *out_doubtful)
{
    struct doubting doubting = {cx, inspection, items, false};
    for (size_t i = 0; i < sizeof CHECKS / sizeof CHECKS[0]; i++)
        TRY(CHECKS[i](&doubting));
    *out_doubtful = doubting.found;
    return OK;
}
