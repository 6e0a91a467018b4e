/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where the sheets of a calibration differ, by item and by reviewer. */
#include "app/reviews/calibration.h"

#include <stdlib.h>

#define TOLERANCE 10 /* per cent of the item's weight */

bool items_agree(const struct review_item *a, const struct review_item *b)
{
    if (a->mark != b->mark)
        return false;
    return a->mark != MARK_POINTS || llabs(a->points.hundredths - b->points.hundredths) * 100 <=
                                         INT64_C(100) * a->weight * TOLERANCE;
}

struct points agreement_of(int32_t agreed, int32_t pairs)
{
    return pairs ? points_share((struct points){10000}, agreed, pairs) : (struct points){0};
}

static void compare_item(struct comparison *out, size_t item)
{
    struct item_spread *spread = &out->by_item[item];
    for (size_t a = 0; a < out->sheet_count; a++)
        for (size_t b = a + 1; b < out->sheet_count; b++) {
            const bool agree = items_agree(&out->items[a][item], &out->items[b][item]);
            spread->pairs++;
            spread->agreed += agree;
            out->by_sheet[a].pairs++;
            out->by_sheet[b].pairs++;
            out->by_sheet[a].agreed += agree;
            out->by_sheet[b].agreed += agree;
        }
    out->pairs += spread->pairs;
    out->agreed += spread->agreed;
}

/* Mean and spread of what was given; who said that it does not apply gave nothing. */
static void spread_item(struct comparison *out, size_t item)
{
    struct item_spread *spread = &out->by_item[item];
    int64_t sum = 0, least = INT64_MAX, most = 0, count = 0;
    for (size_t i = 0; i < out->sheet_count; i++) {
        const struct review_item *judged = &out->items[i][item];
        const int64_t points = judged->points.hundredths;
        if (judged->mark != MARK_POINTS)
            continue;
        sum += points;
        count++;
        least = points < least ? points : least;
        most = points > most ? points : most;
    }
    if (!count)
        return;
    spread->scored = true;
    spread->mean = points_share((struct points){sum}, 1, count);
    spread->spread.hundredths = most - least;
}

static void deviate(struct comparison *out, const struct calibration_sheet *sheets)
{
    int64_t sum = 0;
    for (size_t i = 0; i < out->sheet_count; i++)
        sum += sheets[i].score.hundredths;
    out->mean = points_share((struct points){sum}, 1, (int64_t)out->sheet_count);
    for (size_t i = 0; i < out->sheet_count; i++)
        out->by_sheet[i].deviation.hundredths = sheets[i].score.hundredths - out->mean.hundredths;
}

enum result sheets_compare(struct ctx *cx, const struct calibration_sheet *sheets, size_t count,
                           struct comparison *out)
{
    *out = (struct comparison){.sheet_count = count};
    out->items = ARENA_ARRAY(cx->mem, const struct review_item *, count + 1);
    out->by_sheet = ARENA_ARRAY(cx->mem, struct sheet_spread, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct review_item *items;
        TRY(items_read(cx, sheets[i].items, &items, &out->item_count));
        out->items[i] = items;
    }
    out->by_item = ARENA_ARRAY(cx->mem, struct item_spread, out->item_count + 1);
    for (size_t item = 0; item < out->item_count; item++) {
        compare_item(out, item);
        spread_item(out, item);
    }
    if (count)
        deviate(out, sheets);
    out->agreement = agreement_of(out->agreed, out->pairs);
    return OK;
}
