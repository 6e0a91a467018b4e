/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef REVIEW_WEB_H
#define REVIEW_WEB_H

#include "web/route.h"

extern const struct route RECORDING_ROUTES[], REVIEW_FORM_ROUTES[], REVIEW_ROUTES[];

struct request;
struct recording;

/* ---- for pages with the player ---- */

/* What the player shows of it, or why there is none; `href` has /audio and /peaks below it.
 * page_only is the caller's. */
void recording_player(struct request *rq, const char *href, const struct recording *recording,
                      bool may_listen);
/* For GET …/audio, and for …/peaks in two steps. */
enum result recording_sound(struct request *rq, const struct recording *recording);
enum result recording_wave_prepare(struct request *rq, const struct recording *recording);
enum result recording_wave_get(struct request *rq);

#endif
