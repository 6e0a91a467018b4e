/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef REVIEW_WEB_H
#define REVIEW_WEB_H

#include "base/field.h"
#include "base/units.h"
#include "web/route.h"

extern const struct route RECORDING_ROUTES[], REVIEW_FORM_ROUTES[], REVIEW_ROUTES[],
    CALIBRATION_ROUTES[];

struct request;
struct recording;
struct review_item;
struct review_mark;

/* For the page of a call: its recording, and its reviews. */
struct call;
enum result reviews_of_call(struct request *rq, const struct call *call);

/* ---- for pages with the player ---- */

/* What the player shows of it, or why there is none; `href` has /audio and /peaks below it.
 * page_only is the caller's. */
void recording_player(struct request *rq, const char *href, const struct recording *recording,
                      bool may_listen);
/* For GET …/audio, and for …/peaks in two steps. */
enum result recording_sound(struct request *rq, const struct recording *recording);
enum result recording_wave_prepare(struct request *rq, const struct recording *recording);
enum result recording_wave_get(struct request *rq);

/* ---- for pages where calls are judged ---- */

/* The items as `rows`, to be judged or read; page_only is the caller's. */
void review_rows(struct request *rq, const struct review_item *items, size_t count);
/* What was judged: `items` of the body, and beside them MARKING_INPUT (remark). */
enum result review_marks_read(struct request *rq, struct review_mark **out, size_t *out_count);
extern const struct field MARKING_INPUT[];
/* 8 of 10, and 7.50 where somebody gave halves. */
const char *review_points_words(struct request *rq, struct points points);

#endif
