/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SCHEME_WEB_H
#define SCHEME_WEB_H

#include "app/scores/scheme.h"
#include "web/route.h"

struct request;

extern const struct route SCHEME_ROUTES[];

/* "95=120, 90=110" in words, by the text of that name for each: "120 % from 95 on, …". */
const char *bands_words(struct request *rq, const char *bands, const char *text);

/* What a method makes of a value, in words: "value ÷ 300 of the points, at most 100 %". */
const char *indicator_how(struct request *rq, const struct indicator *indicator);

/* ?month= that a scheme is tried on: the one before this when none is asked for. Results: INVALID.
 */
enum result trial_month(struct request *rq, struct month *out);

#endif
