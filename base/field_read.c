/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From what people write to values, and whether a value may stand. */
#include "base/field.h"

#include <string.h>
#include <strings.h>

enum { TEXT_MOST = 200, LONG_TEXT_MOST = 4000 };

/* ---- texts ---- */

static bool is_white(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0x3000;
}

/* Without the white space around it. The inside stays as written: full-width brackets belong to
 * Chinese prose and names. */
static const char *trimmed(struct arena *arena, const char *text)
{
    static const char WIDE[] = "\xe3\x80\x80"; /* U+3000 */
    enum { WIDE_LEN = sizeof WIDE - 1 };
    const char *end = text + strlen(text);
    for (const char *next = text; *text && is_white(utf8_next(&next));)
        text = next;
    for (;;) {
        if (end > text && is_white((unsigned char)end[-1]))
            end--;
        else if (end - text >= WIDE_LEN && memcmp(end - WIDE_LEN, WIDE, WIDE_LEN) == 0)
            end -= WIDE_LEN;
        else
            return arena_copy(arena, text, (size_t)(end - text));
    }
}

/* Lines end in LF, whatever the browser or the spreadsheet sent. */
static const char *unix_lines(struct arena *arena, const char *text)
{
    char *lines = arena_dup(arena, text), *to = lines;
    for (const char *s = text; *s; s++) {
        if (s[0] == '\r' && s[1] == '\n')
            continue;
        *to++ = s[0] == '\r' ? '\n' : s[0];
    }
    *to = '\0';
    return lines;
}

/* A form that shows the masked text sends it back when nobody touched it. */
static void read_secret(struct secret *secret, const char *plain)
{
    bool untouched = plain[0] != '\0' && secret->masked && strcmp(plain, secret->masked) == 0;
    if (!untouched)
        *secret = (struct secret){.plain = plain, .sealed = "", .masked = ""};
}

/* ---- values; `text` is in its plain form and not empty ---- */

static bool is_one_of(const char *const *words, const char *text)
{
    for (; *words; words++)
        if (strcasecmp(*words, text) == 0)
            return true;
    return false;
}

static bool read_bool(const char *text, bool *out)
{
    static const char *const YES[] = {"true", "1", "on", "yes", "y", "是", "有", NULL};
    static const char *const NO[] = {"false", "0", "off", "no", "n", "否", "无", NULL};
    *out = is_one_of(YES, text);
    return *out || is_one_of(NO, text);
}

/* Hours and minutes, perhaps seconds: 9:30, 09:30:15. */
static bool read_clock(const char *s, int *out_seconds)
{
    static const int LIMITS[] = {24, 60, 60}, UNITS[] = {3600, 60, 1};
    int part = 0;
    *out_seconds = 0;
    for (; part < 3; part++) {
        size_t digits = strspn(s, "0123456789");
        if (digits < 1 || digits > 2)
            return false;
        int value = digits == 1 ? s[0] - '0' : (s[0] - '0') * 10 + s[1] - '0';
        if (value >= LIMITS[part])
            return false;
        *out_seconds += value * UNITS[part];
        s += digits;
        if (*s != ':')
            return *s == '\0' && part > 0;
        s++;
    }
    return false;
}

/* RFC 3339, or a day with or without a time, which is Shanghai's. */
static bool read_instant(const char *text, const struct field_reading *reading, struct instant *out)
{
    struct date day;
    int seconds = 0;
    if (instant_parse(text, out))
        return true;
    size_t len = strcspn(text, " T");
    if (!date_read(arena_copy(reading->arena, text, len), reading->serial_dates, &day))
        return false;
    if (text[len] != '\0' && !read_clock(text + len + 1, &seconds))
        return false;
    *out = instant_of(day, 0, SHANGHAI_OFFSET_MIN);
    out->ms += INT64_C(1000) * seconds;
    return true;
}

/* A spreadsheet shows a month but holds its first day. */
static bool read_month(const char *text, bool serial, struct month *out)
{
    struct date day;
    if (month_parse(text, out))
        return true;
    if (!date_read(text, serial, &day))
        return false;
    *out = month_of(day);
    return true;
}

static unsigned read_choice(const struct field *field, const char *text, size_t len,
                            const struct field_reading *reading)
{
    unsigned choice = choice_find(field->choices, text, len);
    if (choice || !reading->choice_by_label)
        return choice;
    return reading->choice_by_label(reading->host, field, arena_copy(reading->arena, text, len));
}

/* The next choice of a list: bytes up to white space or a comma of either kind. */
static size_t item_length(const char *list)
{
    const char *next = list;
    for (const char *at = list;; at = next) {
        uint32_t c = utf8_next(&next);
        if (c == 0 || c == ',' || c == 0x3001 || is_white(c))
            return (size_t)(at - list);
    }
}

/* Names that are no choices (any longer) are left out; false when there were some. */
static bool read_set(const struct field *field, const char *text,
                     const struct field_reading *reading, struct set *out)
{
    bool good = true;
    out->bits = 0;
    while (*text) {
        size_t len = item_length(text);
        unsigned choice = len ? read_choice(field, text, len, reading) : 0;
        if (choice)
            out->bits |= UINT64_C(1) << (choice - 1);
        else if (len)
            good = false;
        text += len;
        if (*text)
            utf8_next(&text);
    }
    return good;
}

static field_verdict read_whole(const char *text, int32_t *out)
{
    int64_t value;
    if (!int_parse(text, &value))
        return "malformed";
    if (value < INT32_MIN)
        return "too_small";
    if (value > INT32_MAX)
        return "too_large";
    *out = (int32_t)value;
    return NULL;
}

static bool read_id(const char *text, int64_t *out)
{
    return int_parse(text, out) && *out > 0;
}

static field_verdict read_value(const struct field *field, const char *text,
                                const struct field_reading *reading, void *record)
{
    bool good = false;
    switch (field->type) {
    case FIELD_ID:
        good = read_id(text, FIELD_AT(int64_t, field, record));
        break;
    case FIELD_INT:
        return read_whole(text, FIELD_AT(int32_t, field, record));
    case FIELD_BOOL:
        good = read_bool(text, FIELD_AT(bool, field, record));
        break;
    case FIELD_MONEY:
        good = money_read(text, FIELD_AT(struct money, field, record));
        break;
    case FIELD_POINTS:
        good = points_parse(text, FIELD_AT(struct points, field, record));
        break;
    case FIELD_DATE:
        good = date_read(text, reading->serial_dates, FIELD_AT(struct date, field, record));
        break;
    case FIELD_MONTH:
        good = read_month(text, reading->serial_dates, FIELD_AT(struct month, field, record));
        break;
    case FIELD_INSTANT:
        good = read_instant(text, reading, FIELD_AT(struct instant, field, record));
        break;
    case FIELD_ENUM: {
        unsigned choice = read_choice(field, text, strlen(text), reading);
        *FIELD_AT(unsigned, field, record) = choice;
        good = choice != 0;
        break;
    }
    case FIELD_SET:
        good = read_set(field, text, reading, FIELD_AT(struct set, field, record));
        break;
    default:
        break;
    }
    return good ? NULL : "malformed";
}

/* Nothing was written. A required number must not become 0 by that. */
static field_verdict read_blank(const struct field *field, void *record)
{
    bool number =
        field->type == FIELD_INT || field->type == FIELD_MONEY || field->type == FIELD_POINTS;
    field_clear(field, record);
    return number && field->in == MUST ? "required" : NULL;
}

field_verdict field_read(const struct field *field, const char *text,
                         const struct field_reading *reading, void *record)
{
    if (!utf8_valid(text, strlen(text)))
        return "malformed";
    if (field->type == FIELD_TEXT) {
        *FIELD_AT(const char *, field, record) = field->use & LONG_TEXT
                                                     ? unix_lines(reading->arena, text)
                                                     : trimmed(reading->arena, text);
        return NULL;
    }
    const char *plain = text_plain(reading->arena, text);
    if (field->type == FIELD_SECRET)
        read_secret(FIELD_AT(struct secret, field, record), plain);
    else if (plain[0] != '\0')
        return read_value(field, plain, reading, record);
    else
        return read_blank(field, record);
    return NULL;
}

/* ---- checking ---- */

int64_t field_text_most(const struct field *field)
{
    if (field->max)
        return field->max;
    return field->use & LONG_TEXT ? LONG_TEXT_MOST : TEXT_MOST;
}

/* A number without limits of its own is kept by what its member holds. */
static int64_t number_limit(const struct field *field, bool most)
{
    if (field->type == FIELD_INT && (most ? field->max <= field->min : !field->min && !field->max))
        return most ? INT32_MAX : INT32_MIN;
    return most ? field->max : field->min;
}

const char *field_limit(struct arena *arena, const struct field *field, field_verdict verdict)
{
    char text[MONEY_MAX_TEXT];
    if (strcmp(verdict, "too_long") == 0)
        return arena_printf(arena, "%lld", (long long)field_text_most(field));
    const bool most = strcmp(verdict, "too_large") == 0;
    if (!most && strcmp(verdict, "too_small") != 0)
        return NULL;
    const int64_t limit = number_limit(field, most);
    if (field->type == FIELD_MONEY)
        money_format((struct money){limit}, true, text);
    else if (field->type == FIELD_POINTS)
        points_format((struct points){(int32_t)limit}, text);
    else
        return arena_printf(arena, "%lld", (long long)limit);
    return arena_dup(arena, text);
}

static field_verdict check_text(const struct field *field, const char *text)
{
    bool lines = (field->use & LONG_TEXT) != 0;
    int64_t most = field_text_most(field), count = 0;
    for (const unsigned char *s = (const unsigned char *)text; *s; s++) {
        bool control = *s < 0x20 || *s == 0x7f || (*s == 0xc2 && s[1] < 0xa0); /* also U+80 to 9F */
        if (control && !(lines && (*s == '\n' || *s == '\t')))
            return "malformed";
        count += (*s & 0xc0) != 0x80;
    }
    if (count > most)
        return "too_long";
    return !field->valid || field->valid(text) ? NULL : "malformed";
}

/* A largest value below the smallest means that only the smallest was given. */
static field_verdict check_range(const struct field *field, int64_t value)
{
    if (field->min == 0 && field->max == 0)
        return NULL;
    if (value < field->min)
        return "too_small";
    return field->max >= field->min && value > field->max ? "too_large" : NULL;
}

static field_verdict check_choices(const struct field *field, uint64_t bits)
{
    for (unsigned i = 0; i < 64 && field->choices[i]; i++)
        bits &= ~(UINT64_C(1) << i);
    return bits ? "malformed" : NULL;
}

field_verdict field_check(const struct field *field, const void *record, bool creating)
{
    /* A MUST field is never emptied either, so `creating` makes no difference. */
    if (field_is_none(field, record))
        return field->in == MUST ? "required" : NULL;
    switch (field->type) {
    case FIELD_ID:
        return *FIELD_AT(const int64_t, field, record) > 0 ? NULL : "malformed";
    case FIELD_INT:
        return check_range(field, *FIELD_AT(const int32_t, field, record));
    case FIELD_MONEY:
        return check_range(field, FIELD_AT(const struct money, field, record)->fen);
    case FIELD_POINTS:
        return check_range(field, FIELD_AT(const struct points, field, record)->hundredths);
    case FIELD_TEXT:
        return check_text(field, *FIELD_AT(const char *const, field, record));
    case FIELD_SECRET: {
        const char *plain = FIELD_AT(const struct secret, field, record)->plain;
        return plain && plain[0] != '\0' ? check_text(field, plain) : NULL;
    }
    case FIELD_ENUM:
        return *choice_name(field->choices, *FIELD_AT(const unsigned, field, record)) != '\0'
                   ? NULL
                   : "malformed";
    case FIELD_SET:
        return check_choices(field, FIELD_AT(const struct set, field, record)->bits);
    default:
        return NULL;
    }
}
