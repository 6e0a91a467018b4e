/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/field.h"

#include <string.h>

/* ---- tables and choices ---- */

const struct field *field_find(const struct field *fields, const char *name, size_t len)
{
    for (const struct field *field = fields; field->name; field++)
        if (span_is((struct span){name, len}, field->name))
            return field;
    return NULL;
}

size_t field_count(const struct field *fields)
{
    size_t count = 0;
    while (fields[count].name)
        count++;
    return count;
}

unsigned choice_find(const char *const *choices, const char *name, size_t len)
{
    for (unsigned i = 0; choices[i]; i++)
        if (span_is((struct span){name, len}, choices[i]))
            return i + 1;
    return 0;
}

const char *choice_name(const char *const *choices, unsigned value)
{
    if (value == 0)
        return "";
    for (unsigned i = 0; i < value; i++)
        if (!choices[i])
            return "";
    return choices[value - 1];
}

/* ---- members ---- */

static size_t size_of(const struct field *field)
{
    static const size_t SIZES[] = {
        [FIELD_ID] = sizeof(int64_t),
        [FIELD_INT] = sizeof(int32_t),
        [FIELD_BOOL] = sizeof(bool),
        [FIELD_TEXT] = sizeof(const char *),
        [FIELD_MONEY] = sizeof(struct money),
        [FIELD_POINTS] = sizeof(struct points),
        [FIELD_DATE] = sizeof(struct date),
        [FIELD_MONTH] = sizeof(struct month),
        [FIELD_INSTANT] = sizeof(struct instant),
        [FIELD_ENUM] = sizeof(unsigned),
        [FIELD_SET] = sizeof(struct set),
        [FIELD_SECRET] = sizeof(struct secret),
    };
    return SIZES[field->type];
}

/* White space alone says nothing: U+3000 is what a Chinese keyboard's space bar writes. */
static bool blank(const char *s)
{
    static const char WIDE_SPACE[] = "\xe3\x80\x80";
    while (s && (*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n' ||
                 strncmp(s, WIDE_SPACE, sizeof WIDE_SPACE - 1) == 0))
        s += *s == WIDE_SPACE[0] ? sizeof WIDE_SPACE - 1 : 1;
    return !s || !*s;
}

static void blank_instead_of_null(const struct field *field, void *record)
{
    if (field->type == FIELD_TEXT) {
        const char **text = FIELD_AT(const char *, field, record);
        *text = *text ? *text : "";
    } else if (field->type == FIELD_SECRET) {
        struct secret *secret = FIELD_AT(struct secret, field, record);
        secret->plain = secret->plain ? secret->plain : "";
        secret->sealed = secret->sealed ? secret->sealed : "";
        secret->masked = secret->masked ? secret->masked : "";
    }
}

void fields_blank(const struct field *fields, void *record)
{
    for (const struct field *field = fields; field->name; field++)
        blank_instead_of_null(field, record);
}

void field_clear(const struct field *field, void *record)
{
    memset(FIELD_AT(char, field, record), 0, size_of(field));
    blank_instead_of_null(field, record);
}

bool field_is_none(const struct field *field, const void *record)
{
    switch (field->type) {
    case FIELD_ID:
        return *FIELD_AT(const int64_t, field, record) == 0;
    case FIELD_TEXT:
        return blank(*FIELD_AT(const char *const, field, record));
    case FIELD_DATE:
        return FIELD_AT(const struct date, field, record)->days == 0;
    case FIELD_MONTH:
        return FIELD_AT(const struct month, field, record)->months == 0;
    case FIELD_INSTANT:
        return FIELD_AT(const struct instant, field, record)->ms == 0;
    case FIELD_POINTS:
        return FIELD_AT(const struct points, field, record)->hundredths == POINTS_NONE;
    case FIELD_ENUM:
        return *FIELD_AT(const unsigned, field, record) == 0;
    case FIELD_SET:
        return FIELD_AT(const struct set, field, record)->bits == 0;
    case FIELD_SECRET: {
        const struct secret *secret = FIELD_AT(const struct secret, field, record);
        return blank(secret->plain) && blank(secret->sealed);
    }
    default: /* 0 and false are values */
        return false;
    }
}

bool field_is_idle(const struct field *field, const void *record)
{
    switch (field->type) {
    case FIELD_INT:
        return *FIELD_AT(const int32_t, field, record) == 0;
    case FIELD_BOOL:
        return !*FIELD_AT(const bool, field, record);
    case FIELD_MONEY:
        return FIELD_AT(const struct money, field, record)->fen == 0;
    case FIELD_POINTS:
        return FIELD_AT(const struct points, field, record)->hundredths == 0;
    default:
        return field_is_none(field, record);
    }
}

bool field_is_unstated(const struct field *field, const void *record)
{
    return field->type == FIELD_MONEY ? field_is_idle(field, record) : field_is_none(field, record);
}

static bool text_equal(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Sealing the same text twice gives two sealed forms, so these say nothing where a plain one is
 * known; a plain text beside a sealed one is taken as a new value. */
static bool secret_equal(const struct secret *a, const struct secret *b)
{
    if (blank(a->plain) && blank(b->plain))
        return text_equal(a->sealed, b->sealed);
    return text_equal(a->plain, b->plain);
}

bool field_equal(const struct field *field, const void *a, const void *b)
{
    if (field->type == FIELD_TEXT)
        return text_equal(*FIELD_AT(const char *const, field, a),
                          *FIELD_AT(const char *const, field, b));
    if (field->type == FIELD_SECRET)
        return secret_equal(FIELD_AT(const struct secret, field, a),
                            FIELD_AT(const struct secret, field, b));
    return memcmp(FIELD_AT(const char, field, a), FIELD_AT(const char, field, b), size_of(field)) ==
           0;
}

void field_copy(const struct field *field, void *to, const void *from)
{
    memcpy(FIELD_AT(char, field, to), FIELD_AT(const char, field, from), size_of(field));
}

/* ---- writing ---- */

static void write_set(const struct field *field, struct set set, struct text *out)
{
    const char *between = "";
    for (unsigned i = 0; i < 64 && field->choices[i]; i++) {
        if (!(set.bits >> i & 1))
            continue;
        text_puts(out, between);
        text_puts(out, field->choices[i]);
        between = " ";
    }
}

/* RFC 3339 in Shanghai time, cut after the minute: "2026-03-01 09:30". */
static void write_instant(struct instant at, struct text *out)
{
    char buffer[INSTANT_MAX_TEXT];
    if (at.ms == 0)
        return;
    instant_format(at, buffer);
    buffer[10] = ' ';
    text_put(out, buffer, 16);
}

/* What is written the same way for people and in the canonical form. */
static void write_common(const struct field *field, const void *record, struct text *out)
{
    char buffer[DATE_MAX_TEXT];
    _Static_assert(sizeof buffer >= MONTH_MAX_TEXT, "one buffer for both");
    switch (field->type) {
    case FIELD_ID:
        if (!field_is_none(field, record))
            text_int(out, *FIELD_AT(const int64_t, field, record));
        break;
    case FIELD_INT:
        text_int(out, *FIELD_AT(const int32_t, field, record));
        break;
    case FIELD_TEXT: {
        const char *text = *FIELD_AT(const char *const, field, record);
        text_puts(out, text ? text : "");
        break;
    }
    case FIELD_DATE:
        text_put(out, buffer, date_format(*FIELD_AT(const struct date, field, record), buffer));
        break;
    case FIELD_MONTH:
        text_put(out, buffer, month_format(*FIELD_AT(const struct month, field, record), buffer));
        break;
    case FIELD_ENUM:
        text_puts(out, choice_name(field->choices, *FIELD_AT(const unsigned, field, record)));
        break;
    case FIELD_SET:
        write_set(field, *FIELD_AT(const struct set, field, record), out);
        break;
    case FIELD_SECRET:
        text_puts(out, secret_shown(out->arena, FIELD_AT(const struct secret, field, record)));
        break;
    default:
        break;
    }
}

void field_write(const struct field *field, const void *record, bool grouped, struct text *out)
{
    char buffer[MONEY_MAX_TEXT];
    _Static_assert(sizeof buffer >= POINTS_MAX_TEXT, "one buffer for both");
    switch (field->type) {
    case FIELD_BOOL:
        text_puts(out, *FIELD_AT(const bool, field, record) ? "true" : "false");
        break;
    case FIELD_MONEY:
        text_put(out, buffer,
                 money_format(*FIELD_AT(const struct money, field, record), grouped, buffer));
        break;
    case FIELD_POINTS:
        if (!field_is_none(field, record))
            text_put(out, buffer,
                     points_format(*FIELD_AT(const struct points, field, record), buffer));
        break;
    case FIELD_INSTANT:
        write_instant(*FIELD_AT(const struct instant, field, record), out);
        break;
    default:
        write_common(field, record, out);
    }
}

void field_canonical(const struct field *field, const void *record, struct text *out)
{
    switch (field->type) {
    case FIELD_BOOL:
        text_putc(out, *FIELD_AT(const bool, field, record) ? '1' : '0');
        break;
    case FIELD_MONEY:
        text_int(out, FIELD_AT(const struct money, field, record)->fen);
        break;
    case FIELD_POINTS:
        text_int(out, FIELD_AT(const struct points, field, record)->hundredths);
        break;
    case FIELD_INSTANT:
        if (!field_is_none(field, record))
            text_int(out, FIELD_AT(const struct instant, field, record)->ms);
        break;
    default:
        write_common(field, record, out);
    }
}

/* ---- secrets ---- */

static const char *stars_between(struct arena *arena, const char *plain, size_t first, size_t last)
{
    char *masked = arena_dup(arena, plain);
    memset(masked + first, '*', strlen(plain) - first - last);
    return masked;
}

/* The first character and as many stars as others, but not the length of a long text. */
static const char *stars_after(struct arena *arena, const char *plain)
{
    enum { STARS_MAX = 8 };
    const char *rest = plain;
    utf8_next(&rest);
    size_t others = utf8_count(rest);
    if (others == 0)
        return "*";
    return arena_printf(arena, "%.*s%.*s", (int)(rest - plain), plain,
                        (int)(others < STARS_MAX ? others : STARS_MAX), "********");
}

const char *secret_mask(struct arena *arena, const char *plain)
{
    size_t len = strlen(plain), digits = strspn(plain, "0123456789");
    if (len == 0)
        return "";
    if (len == 11 && digits == len && plain[0] != '0')
        return stars_between(arena, plain, 3, 4);
    if (plain[0] == '0' && len >= 10 && strspn(plain, "0123456789-") == len)
        return stars_between(arena, plain, 4, 2);
    if (len == 18 && digits >= 17)
        return stars_between(arena, plain, 4, 4);
    return stars_after(arena, plain);
}

const char *secret_shown(struct arena *arena, const struct secret *secret)
{
    if (!blank(secret->masked))
        return secret->masked;
    return blank(secret->plain) ? "" : secret_mask(arena, secret->plain);
}
