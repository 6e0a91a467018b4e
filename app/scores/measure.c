/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/scores/measure.h"

#include "base/text.h"

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

struct measured *measured_of(const struct measuring *ask, struct measured *values, int64_t id)
{
    const int64_t *found = ask->count ? bsearch(&id, ask->ids, ask->count, sizeof id, by_id) : NULL;
    return found ? &values[found - ask->ids] : NULL;
}

/* ---- rows that several measures read ---- */

bool measuring_kept(const struct measuring *ask, const void *reader, void *out_rows,
                    size_t *out_count)
{
    for (size_t i = 0; ask->memo && i < ask->memo->count; i++) {
        if (ask->memo->at[i].reader != reader)
            continue;
        memcpy(out_rows, &ask->memo->at[i].rows, sizeof ask->memo->at[i].rows);
        *out_count = ask->memo->at[i].count;
        return true;
    }
    return false;
}

void measuring_keep(const struct measuring *ask, const void *reader, void *rows, size_t count)
{
    struct measuring_memo *memo = ask->memo;
    if (!memo || memo->count == MEMO_MOST)
        return;
    memo->at[memo->count].reader = reader;
    memo->at[memo->count].rows = rows;
    memo->at[memo->count++].count = count;
}

/* ---- the records behind a value ---- */

/* The value of the placeholder that `text` begins with, and its length there; NULL: none. */
static const char *filled(const char *text, const char *const values[6], size_t *out_len)
{
    static const char *const NAMES[] = {"{contract}", "{person}", "{unit}",
                                        "{provider}", "{from}",   "{to}"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        *out_len = strlen(NAMES[i]);
        if (strncmp(text, NAMES[i], *out_len) == 0)
            return values[i];
    }
    return NULL;
}

const char *measure_records(struct arena *arena, const struct measure *measure, int64_t contract_id,
                            int64_t id, int64_t provider_id, struct date from, struct date to)
{
    char first[DATE_MAX_TEXT], last[DATE_MAX_TEXT];
    if (!measure || !measure->records)
        return "";
    date_format(from, first);
    date_format(to, last);
    const char *text = arena_printf(arena, "%lld", (long long)id);
    const char *const values[] = {arena_printf(arena, "%lld", (long long)contract_id), text,  text,
                                  arena_printf(arena, "%lld", (long long)provider_id), first, last};
    struct text out = text_new(arena, 128);
    text_putc(&out, '/');
    for (const char *at = measure->records; *at;) {
        size_t len;
        const char *value = filled(at, values, &len);
        if (value)
            text_puts(&out, value);
        else
            text_putc(&out, *at);
        at += value ? len : 1;
    }
    return text_end(&out);
}
