/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Writing a draft item by item, or beginning with what practice asks for. */
#include "app/standards/standard.sql.h"
#include "app/standards/standard_private.h"

#include "app/records/trail.h"

static enum result draft_of(struct ctx *cx, int64_t standard_id, struct standard *out)
{
    TRY(record_get(cx, &STANDARDS, standard_id, out));
    return out->state == STANDARD_DRAFT ? OK : standard_wrong_state(cx, out);
}

enum result standard_fill(struct ctx *cx, const struct standard *standard)
{
    size_t count;
    const struct standard_item *library = standard_library(standard->service, &count);
    if (standard->state != STANDARD_DRAFT)
        return standard_wrong_state(cx, standard);
    if (!library)
        return fail(cx, NOT_FOUND, "standard.no_library");
    for (size_t i = 0; i < count; i++) {
        struct standard_item item = library[i];
        item.standard_id = standard->id;
        fields_blank(STANDARD_ITEMS.fields, &item);
        TRY(record_add(cx, &STANDARD_ITEMS, &item));
    }
    return OK;
}

enum result standard_item_move(struct ctx *cx, const struct standard_item *item, bool up)
{
    struct standard standard;
    struct standard_item beside, moved = *item, back;
    int64_t id;
    TRY(draft_of(cx, item->standard_id, &standard));
    TRY(db_int(cx, &q_standard_item_beside,
               PARAMS(P(item->standard_id), P(CATEGORIES[item->category - 1]), P(item->number),
                      P((int32_t)(up ? -1 : 1))),
               &id));
    if (!id)
        return fail(cx, CONFLICT, "standard_item.at_end");
    TRY(record_get(cx, &STANDARD_ITEMS, id, &beside));
    back = beside;
    back.number = item->number;
    moved.number = beside.number;
    TRY(record_change(cx, &STANDARD_ITEMS, "move", &beside, &back));
    return record_change(cx, &STANDARD_ITEMS, "move", item, &moved);
}

/* Of a draft nothing is kept but the entry in the trail. */
enum result standard_item_remove(struct ctx *cx, const struct standard_item *item)
{
    struct standard standard;
    TRY(draft_of(cx, item->standard_id, &standard));
    TRY(db_change_one(cx, &q_standard_item_remove, PARAMS(P(item->id))));
    trail_add(cx, "remove", &STANDARD_ITEMS, item,
              trail_diff(cx->mem, STANDARD_ITEMS.fields, NULL, item), "");
    trail_add(cx, "remove", &STANDARDS, &standard, "", item->text);
    return standard_written(cx, &standard);
}
