/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SCHEME_WEB_H
#define SCHEME_WEB_H

#include "app/scores/scheme.h"
#include "web/route.h"

struct request;

extern const struct route SCHEME_ROUTES[];

/* What a method makes of a value, in words: "value ÷ 300 of the points, at most 100 %". */
const char *indicator_how(struct request *rq, const struct indicator *indicator);

#endif
