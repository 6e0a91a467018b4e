/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is evaluated: a month ("2026-11"), a quarter ("2026-Q4") or a year ("2026"). */
#ifndef EVALUATION_PERIOD_H
#define EVALUATION_PERIOD_H

#include "base/arena.h"
#include "base/calendar.h"

struct period {
    struct month first;
    int32_t months; /* 1, 3 or 12 */
};
bool period_parse(const char *text, struct period *out);
/* The same as text. */
const char *period_text(struct arena *arena, struct period period);
/* So many periods of its kind later. */
struct period period_add(struct period period, int32_t count);
struct month period_last_month(struct period period);
struct date period_from(struct period period);
struct date period_to(struct period period);
/* Is its last day before today in Shanghai? */
bool period_is_over(struct instant now, struct period period);

#endif
