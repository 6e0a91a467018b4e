/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whether to believe an inspection. Each check leaves a mark with what was seen; nothing is dropped
 * or scored by it. Somebody who leads, and did not inspect, judges the mark: explained, or a false
 * record. Providers know nothing of it. */
#ifndef TRUST_H
#define TRUST_H

#include "app/documents/documents.h"
#include "app/inspections/inspection.h"

/* ---- photos ---- */

struct inspection_photo {
    RECORD_MEMBERS;
    int64_t inspection_id, contract_id, document_id;
    int32_t place; /* of the item, from 1 */
    const char *sha256;
    /* The quarters of its likeness (paper/likeness.h), all -1 where it has none: two that differ in
     * three spots share one. */
    int32_t band_1, band_2, band_3, band_4;
    struct instant taken_at; /* by the phone's clock */
    int32_t latitude, longitude;
};
extern const struct resource INSPECTION_PHOTOS;
/* What comes with the picture. */
struct photo_said {
    int64_t item_id;
    struct instant taken_at;
    int32_t latitude, longitude;
};
extern const struct field PHOTO_SAID[];

#define PHOTO_BYTES_MOST (8 << 20)
#define PHOTOS_OF_ITEM_MOST 6
/* The slow half, outside any transaction: is it a picture, its hash and its likeness. Results: as
 * of photo_stage. */
MUST_USE enum result inspection_photo_prepare(struct ctx *cx, struct upload *upload,
                                              struct inspection_photo *photo);
/* Keeps it at an open inspection of the actor's; the same one at the same item once more is found
 * again. Results: FORBIDDEN inspection.not_yours; CONFLICT inspection.wrong_state; INVALID
 * item_id, photos. */
MUST_USE enum result inspection_photo_add(struct ctx *cx, const struct inspection *inspection,
                                          const struct photo_said *said, struct upload *upload,
                                          struct inspection_photo *photo);
/* All of an inspection, as they came. */
MUST_USE enum result photos_of(struct ctx *cx, int64_t inspection_id, struct list *out);
/* How many each place has: `out` of so many, by place - 1. */
MUST_USE enum result photos_counted(struct ctx *cx, int64_t inspection_id, int32_t *out,
                                    size_t places);

/* ---- marks ---- */

enum mark_kind {
    MARK_SAME_PHOTO = 1, /* byte by byte, at another inspection or item */
    MARK_LIKE_PHOTO,     /* to the eye */
    MARK_TOO_FAST,       /* amount: seconds for each item */
    MARK_FAR_APART,      /* amount: km/h from the last area to this one */
    MARK_WRONG_PLACE,    /* amount: metres from the area */
    MARK_BACKFILLED,     /* amount: hours from the phone's finish to its arrival */
    MARK_CLOCK_OFF,      /* amount: minutes that the phone's clock is ahead */
    MARK_NEVER_FAILS,    /* amount: inspections in a row in which everything passed */
    MARK_MOSTLY_NA,      /* amount: items that did not apply, without a word why */
};
struct inspection_mark_found {
    enum mark_kind kind;
    int32_t place, amount;
    int64_t other_id;
};
struct inspection_mark {
    RECORD_MEMBERS;
    int64_t inspection_id, contract_id, client_id, unit_id, inspector_id;
    const char *contract_name, *area_name, *inspector_name;
    enum mark_kind kind;
    int32_t place, amount;
    int64_t other_id; /* the inspection that it is compared with */
    int64_t judge_id;
    const char *judge_name;
    struct instant judged_at;
    const char *reason;
    enum inspection_mark_state { MARK_OPEN = 1, MARK_EXPLAINED, MARK_FALSE_RECORD } state;
};
extern const struct resource INSPECTION_MARKS;

/* Looks at a finished inspection, and marks it. *out_doubtful: something was found. */
MUST_USE enum result inspection_doubt(struct ctx *cx, const struct inspection *inspection,
                                      size_t items, bool *out_doubtful);
/* Metres between two places, in millionths of a degree. */
int64_t metres_between(int32_t latitude, int32_t longitude, int32_t other_latitude,
                       int32_t other_longitude);
/* Results: CONFLICT inspection_mark.wrong_state; FORBIDDEN inspection_mark.own; INVALID without
 * reason. */
MUST_USE enum result mark_judge(struct ctx *cx, const struct inspection_mark *mark, bool explained,
                                const char *reason);
bool mark_is_judgeable(const struct ctx *cx, const struct inspection_mark *mark);

#endif
