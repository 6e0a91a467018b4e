/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The text catalogue: every word a person reads, by key, in both languages.
 *
 * Written beside the slices as `texts.txt`, one entry a line: `key | 中文 | English`; gathered at
 * build time by tools/texts.py into one sorted table (main hands it in at start). Keys:
 *     contracts                 the resource's name, plural
 *     contracts.one             one of them
 *     contracts.number          label of a field
 *     contracts.number.hint     its hint
 *     contracts.state.active    label of a choice
 *     contracts.do.activate     an action
 *     fault.contract.not_draft  words of a fault; {0} {1} {2} are its arguments
 *     fault.field.required      words of a field fault
 *     anything.else             page texts
 */
#ifndef BASE_TEXTS_H
#define BASE_TEXTS_H

#include "base/ctx.h"

struct text_entry {
    const char *key;
    const char *words[LANG_COUNT];
};

void texts_use(const struct text_entry *entries, size_t count); /* sorted by key */
/* NULL when there is no such key. */
const char *texts_find(const char *key, enum lang lang);
/* The key itself when there is none: seen at once, and a test finds it. */
const char *texts_get(const char *key, enum lang lang);
/* texts_get with {0} {1} {2} replaced. In the arena. */
const char *texts_fill(struct arena *arena, const char *key, enum lang lang,
                       const char *const args[3]);

/* What stands between `before` and `after` in the keys that begin and end so, without further dots
 * in it: the names that have such words (a hint is none). In the arena. */
const char *const *texts_between(struct arena *arena, const char *before, const char *after,
                                 size_t *out_count);

/* Words of a fault and of one of its fields, in the arena. A field fault's words are looked for
 * under "fault.<code>", then "fault.field.<code>". */
const char *fault_words(struct arena *arena, const struct fault *fault, enum lang lang);
const char *field_fault_words(struct arena *arena, const struct field_fault *fault, enum lang lang);

#endif
