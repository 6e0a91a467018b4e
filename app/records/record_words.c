/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/record_page.h"
#include "base/texts.h"

#include <string.h>

const char *word(struct request *rq, const char *key)
{
    return texts_get(key, rq->cx.lang);
}

const char *own_word(struct request *rq, const struct resource *resource, const char *rest)
{
    const char *own =
        texts_find(arena_printf(rq->cx.mem, "%s.%s", resource->name, rest), rq->cx.lang);
    return own ? own : word(rq, arena_printf(rq->cx.mem, "record.%s", rest));
}

const char *field_label(struct request *rq, const struct resource *resource,
                        const struct field *field)
{
    return own_word(rq, resource, field->name);
}

const char *choice_label(struct arena *arena, const struct resource *resource,
                         const struct field *field, const char *choice, enum lang lang)
{
    return texts_find(arena_printf(arena, "%s.%s.%s", resource->name, field->name, choice), lang);
}

unsigned choice_of_label(struct arena *arena, const struct resource *resource,
                         const struct field *field, const char *text)
{
    const char *key = text_search_key(arena, text);
    for (unsigned i = 0; field->choices[i]; i++)
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            const char *label =
                choice_label(arena, resource, field, field->choices[i], (enum lang)lang);
            if (label && strcmp(text_search_key(arena, label), key) == 0)
                return i + 1;
        }
    return 0;
}

const char *choice_words(struct request *rq, const struct resource *resource,
                         const struct field *field, const char *choice)
{
    const char *label = choice_label(rq->cx.mem, resource, field, choice, rq->cx.lang);
    return label ? label : choice;
}

static const char *set_words(struct request *rq, const struct resource *resource,
                             const struct field *field, struct set set)
{
    struct text words = text_new(rq->cx.mem, 64);
    for (unsigned i = 0; field->choices[i]; i++) {
        if (!(set.bits >> i & 1))
            continue;
        if (words.len)
            text_puts(&words, word(rq, "list.comma"));
        text_puts(&words, choice_words(rq, resource, field, field->choices[i]));
    }
    return text_end(&words);
}

/* Not worked out yet: its number says nothing. */
static bool is_unknown(const struct resource *resource, const struct field *field,
                       const void *record)
{
    return field->known_by &&
           field_is_idle(field_find(resource->fields, field->known_by, strlen(field->known_by)),
                         record);
}

const char *field_words(struct request *rq, const struct resource *resource,
                        const struct field *field, const void *record)
{
    const char *at = (const char *)record + field->offset;
    struct text words = text_new(rq->cx.mem, 32);
    if (field_is_unstated(field, record) || is_unknown(resource, field, record))
        return "";
    switch (field->type) {
    case FIELD_BOOL:
        return word(rq, *(const bool *)at ? "yes" : "no");
    case FIELD_ENUM:
        return choice_words(rq, resource, field,
                            choice_name(field->choices, *(const unsigned *)at));
    case FIELD_SET:
        return set_words(rq, resource, field, *(const struct set *)at);
    default:
        field_write(field, record, true, &words);
        return text_end(&words);
    }
}

/* A code or a number says little: what or whose it is stands behind it. */
static const char *person_number(const struct resource *resource, const void *record)
{
    static const char NAME[] = "staff_number";
    const struct field *number = field_find(resource->fields, NAME, sizeof NAME - 1);
    return number && strcmp(resource->title, "name") == 0
               ? *FIELD_AT(const char *const, number, record)
               : "";
}

const char *record_called(struct arena *arena, const struct resource *resource, const void *record)
{
    static const char *const NAMES[] = {"person_name", "name"};
    const char *title = record_title(arena, resource, record);
    const char *number = person_number(resource, record);
    if (*number) /* tells namesakes apart */
        return arena_printf(arena, "%s %s", title, number);
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        const struct field *name = field_find(resource->fields, NAMES[i], strlen(NAMES[i]));
        if (name && strcmp(resource->title, name->name) != 0)
            return arena_printf(arena, "%s %s", title, *FIELD_AT(const char *const, name, record));
    }
    return title;
}

const char *reference_words(struct request *rq, const char *resource, int64_t id)
{
    const struct resource *target = resource_find(resource);
    if (!target || !id)
        return "";
    void *record = arena_alloc(rq->cx.mem, target->size);
    struct fault kept = fault_take(&rq->cx);
    const bool found = record_get(&rq->cx, target, id, record) == OK;
    rq->cx.fault = kept;
    return found ? record_called(rq->cx.mem, target, record) : "";
}

bool may_verb(struct request *rq, const struct resource *resource, const char *verb)
{
    return actor_may(rq->cx.actor, arena_printf(rq->cx.mem, "%s.%s", resource->name, verb));
}
