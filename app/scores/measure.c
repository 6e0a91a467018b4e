/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/scores/measure.h"

#include <stdlib.h>
#include <string.h>

const char *const MEASURE_UNITS[] = {"count", "hours", "percent", "points", NULL};

static const struct measure *const *all_tables;

void measures_use(const struct measure *const *tables)
{
    all_tables = tables;
}

const struct measure *measure_at(size_t index)
{
    for (const struct measure *const *table = all_tables; *table; table++) {
        for (const struct measure *measure = *table; measure->name; measure++) {
            if (index-- == 0)
                return measure;
        }
    }
    return NULL;
}

const struct measure *measure_find(const char *name)
{
    const struct measure *measure;
    for (size_t i = 0; (measure = measure_at(i)) != NULL; i++) {
        if (strcmp(measure->name, name) == 0)
            break;
    }
    return measure;
}

static int by_id(const void *a, const void *b)
{
    const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

struct measured *measured_of(const struct measuring *ask, struct measured *values,
                             int64_t person_id)
{
    const int64_t *found =
        ask->count ? bsearch(&person_id, ask->person_ids, ask->count, sizeof person_id, by_id)
                   : NULL;
    return found ? &values[found - ask->person_ids] : NULL;
}
