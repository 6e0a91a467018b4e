/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef REVIEW_WEB_H
#define REVIEW_WEB_H

#include "web/route.h"

extern const struct route RECORDING_ROUTES[], REVIEW_ROUTES[];

struct request;
struct recording;
/* For pages with the player: the recording's part of the document (page_only is the caller's). */
enum result recording_player(struct request *rq, int64_t call_id);

#endif
