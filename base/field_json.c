/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A member from the JSON that json_field writes. */
#include "base/doc.h"

static field_verdict null_value(const struct field *field, void *record)
{
    field_clear(field, record);
    return field->in == MUST ? "required" : NULL;
}

static field_verdict number_value(const struct field *field, const struct json_reader *json,
                                  void *record)
{
    int64_t number;
    if (!json_int(json, &number))
        return "malformed";
    switch (field->type) {
    case FIELD_ID:
        *FIELD_AT(int64_t, field, record) = number;
        return number > 0 ? NULL : "malformed";
    case FIELD_INT:
        *FIELD_AT(int32_t, field, record) = (int32_t)number;
        return number < INT32_MIN ? "too_small" : number > INT32_MAX ? "too_large" : NULL;
    case FIELD_MONEY:
        FIELD_AT(struct money, field, record)->fen = number;
        return NULL;
    default:
        return "malformed";
    }
}

static field_verdict string_value(const struct field *field, const struct json_reader *json,
                                  void *record)
{
    const char *text = json_text(json);
    bool good = false;
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_SECRET:
        return field_read(field, text, &(struct field_reading){.arena = json->arena}, record);
    case FIELD_POINTS:
        good = points_parse(text, FIELD_AT(struct points, field, record));
        break;
    case FIELD_DATE:
        good = date_parse(text, FIELD_AT(struct date, field, record));
        break;
    case FIELD_MONTH:
        good = month_parse(text, FIELD_AT(struct month, field, record));
        break;
    case FIELD_INSTANT:
        good = instant_parse(text, FIELD_AT(struct instant, field, record));
        break;
    case FIELD_ENUM: {
        unsigned choice = choice_find(field->choices, json->text.at, json->text.len);
        *FIELD_AT(unsigned, field, record) = choice;
        good = choice != 0;
        break;
    }
    default:
        break;
    }
    return good ? NULL : "malformed";
}

/* Behind the opening bracket. */
static field_verdict set_value(const struct field *field, struct json_reader *json, void *record)
{
    struct set set = {0};
    for (;;) {
        enum json_token token = json_next(json);
        if (token == JSON_ARRAY_END)
            break;
        unsigned choice =
            token == JSON_STRING ? choice_find(field->choices, json->text.at, json->text.len) : 0;
        if (!choice)
            return "malformed";
        set.bits |= UINT64_C(1) << (choice - 1);
    }
    *FIELD_AT(struct set, field, record) = set;
    return NULL;
}

field_verdict json_field_read(const struct field *field, struct json_reader *json, void *record)
{
    struct json_reader before = *json;
    field_verdict verdict = "malformed";
    enum json_token token = json_next(json);
    if (token == JSON_NULL)
        return null_value(field, record);
    if (token == JSON_NUMBER)
        return number_value(field, json, record);
    if (token == JSON_STRING)
        return string_value(field, json, record);
    if ((token == JSON_TRUE || token == JSON_FALSE) && field->type == FIELD_BOOL) {
        *FIELD_AT(bool, field, record) = token == JSON_TRUE;
        return NULL;
    }
    if (token == JSON_ARRAY && field->type == FIELD_SET)
        verdict = set_value(field, json, record);
    if (verdict) {
        *json = before;
        (void)json_skip(json);
    }
    return verdict;
}
