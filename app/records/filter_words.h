/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Texts that hold one of few known names (a kind of record, a rule) are chosen above a list by the
 * words that people know them by. Which ones these are is said once at start. */
#ifndef RECORDS_FILTER_WORDS_H
#define RECORDS_FILTER_WORDS_H

#include "app/records/record.h"

struct filter_words {
    const struct resource *resource;
    const char *field;
    /* The names stand in keys of the catalogue between these two; `before` NULL: they are names of
     * resources. Their words have the key without `after`. A `before` that begins with a dot stands
     * behind the name of any resource: of that which the list is narrowed to, if it is. */
    const char *before, *after;
};
/* `list` ends with a resource NULL. */
void filter_words_use(const struct filter_words *list);

#endif
