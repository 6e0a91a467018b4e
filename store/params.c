/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/hash.h"
#include "store/db_private.h"

struct param param_id(int64_t id)
{
    return (struct param){.type = id == 0 ? PARAM_NULL : PARAM_INT, .number = id};
}

struct param param_number(int64_t value)
{
    return (struct param){.type = PARAM_INT, .number = value};
}

struct param param_int(int32_t value)
{
    return param_number(value);
}

struct param param_bool(bool value)
{
    return param_number(value);
}

struct param param_text(const char *text)
{
    return (struct param){.type = PARAM_TEXT, .text = text ? text : ""};
}

struct param param_money(struct money value)
{
    return param_number(value.fen);
}

struct param param_points(struct points value)
{
    return param_number(value.hundredths);
}

struct param param_date(struct date value)
{
    return (struct param){.type = PARAM_DATE, .number = value.days};
}

struct param param_month(struct month value)
{
    return (struct param){.type = PARAM_MONTH, .number = value.months};
}

struct param param_instant(struct instant value)
{
    return param_number(value.ms);
}

struct param param_blob(const void *bytes, size_t len)
{
    return (struct param){.type = PARAM_BLOB, .number = (int64_t)len, .text = bytes};
}

const char *param_words(struct arena *arena, const struct param *param)
{
    if (param->type == PARAM_TEXT)
        return param->text;
    if (param->number == 0)
        return "";
    if (param->type == PARAM_DATE) {
        char *out = arena_alloc(arena, DATE_MAX_TEXT);
        date_format((struct date){(int32_t)param->number}, out);
        return out;
    }
    char *out = arena_alloc(arena, MONTH_MAX_TEXT);
    month_format((struct month){(int32_t)param->number}, out);
    return out;
}

static struct param param_secret(struct ctx *cx, const struct field *field,
                                 const struct secret *value)
{
    const char *masked = value->masked, *sealed = value->sealed;
    if (value->plain && *value->plain) {
        masked = secret_mask(cx->mem, value->plain);
        sealed = seal_text(cx->mem, cx->keys, field->name, value->plain);
    }
    if (!sealed || !*sealed)
        return param_text("");
    return param_text(arena_printf(cx->mem, "%s\n%s", masked ? masked : "", sealed));
}

struct param param_field(struct ctx *cx, const struct field *field, const void *record)
{
    const void *member = (const char *)record + field->offset;
    switch (field->type) {
    case FIELD_ID:
        return param_id(*(const int64_t *)member);
    case FIELD_INT:
        return param_int(*(const int32_t *)member);
    case FIELD_BOOL:
        return param_bool(*(const bool *)member);
    case FIELD_TEXT:
        return param_text(*(const char *const *)member);
    case FIELD_MONEY:
        return param_money(*(const struct money *)member);
    case FIELD_POINTS:
        return param_points(*(const struct points *)member);
    case FIELD_DATE:
        return param_date(*(const struct date *)member);
    case FIELD_MONTH:
        return param_month(*(const struct month *)member);
    case FIELD_INSTANT:
        return param_instant(*(const struct instant *)member);
    case FIELD_ENUM:
        if (field->use & AS_NUMBER)
            return param_number(*(const unsigned *)member);
        return param_text(choice_name(field->choices, *(const unsigned *)member));
    case FIELD_SET: {
        struct text names = text_new(cx->mem, 64);
        field_canonical(field, record, &names);
        return param_text(text_end(&names));
    }
    case FIELD_SECRET:
        return param_secret(cx, field, member);
    case FIELD_END_TYPE:
        break;
    }
    return (struct param){.type = PARAM_NULL};
}
