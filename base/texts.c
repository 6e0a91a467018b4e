/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/texts.h"

#include "base/hash.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Set once at start, only read afterwards. */
static const struct text_entry *catalogue;
static size_t catalogue_count;

/* Lists look up the same few keys for every row, so each slot remembers one entry of those whose
 * keys fall into it (index + 1); the others are found by search. */
#define SLOTS 8192
static uint32_t slots[SLOTS];

static uint32_t *slot_of(const char *key)
{
    return &slots[hash_quick(key, strlen(key)) % SLOTS];
}

void texts_use(const struct text_entry *entries, size_t count)
{
    catalogue = entries;
    catalogue_count = count;
    memset(slots, 0, sizeof slots);
    for (size_t i = 0; i < count; i++)
        *slot_of(entries[i].key) = (uint32_t)i + 1;
}

static int compare_key(const void *key, const void *entry)
{
    return strcmp(key, ((const struct text_entry *)entry)->key);
}

const char *texts_find(const char *key, enum lang lang)
{
    uint32_t slot = *slot_of(key);
    if (slot == 0)
        return NULL;
    const struct text_entry *entry = &catalogue[slot - 1];
    if (strcmp(entry->key, key) != 0)
        entry = bsearch(key, catalogue, catalogue_count, sizeof *catalogue, compare_key);
    return entry ? entry->words[lang] : NULL;
}

const char *texts_get(const char *key, enum lang lang)
{
    const char *words = texts_find(key, lang);
    return words ? words : key;
}

/* Words with the arguments in the places of {0} {1} {2}; an argument that is missing is empty. */
static const char *filled(struct arena *arena, const char *words, const char *const args[3])
{
    struct text out = text_new(arena, strlen(words) + 32);
    for (const char *s = words; *s;) {
        size_t plain = strcspn(s, "{");
        text_put(&out, s, plain);
        s += plain;
        if (s[0] == '{' && s[1] >= '0' && s[1] <= '2' && s[2] == '}') {
            const char *arg = args[s[1] - '0'];
            text_puts(&out, arg ? arg : "");
            s += 3;
        } else if (s[0] == '{') {
            text_putc(&out, *s++);
        }
    }
    return text_end(&out);
}

const char *texts_fill(struct arena *arena, const char *key, enum lang lang,
                       const char *const args[3])
{
    return filled(arena, texts_get(key, lang), args);
}

const char *const *texts_between(struct arena *arena, const char *before, const char *after,
                                 size_t *out_count)
{
    const size_t head = strlen(before), tail = strlen(after);
    const char **names = ARENA_ARRAY(arena, const char *, catalogue_count);
    *out_count = 0;
    for (size_t i = 0; i < catalogue_count; i++) {
        const char *key = catalogue[i].key;
        const size_t len = strlen(key);
        if (len <= head + tail || strncmp(key, before, head) != 0 ||
            strcmp(key + len - tail, after) != 0 || memchr(key + head, '.', len - head - tail) ||
            strcmp(key + head, "hint") == 0)
            continue;
        names[(*out_count)++] = arena_copy(arena, key + head, len - head - tail);
    }
    return names;
}

const char *fault_words(struct arena *arena, const struct fault *fault, enum lang lang)
{
    return texts_fill(arena, arena_printf(arena, "fault.%s", fault->code), lang, fault->args);
}

const char *field_fault_words(struct arena *arena, const struct field_fault *fault, enum lang lang)
{
    const char *words = texts_find(arena_printf(arena, "fault.%s", fault->code), lang);
    if (!words)
        words = texts_find(arena_printf(arena, "fault.field.%s", fault->code), lang);
    return words ? filled(arena, words, fault->args) : fault->code;
}
