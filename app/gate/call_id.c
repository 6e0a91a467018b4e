/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a call's id tells, and how the number that was called is kept. */
#include "app/gate/call_id.h"

#include "app/agents/agent.h"
#include "base/field.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

int64_t call_id_at(struct instant at)
{
    return (at.ms - CALL_EPOCH_MS) << CALL_SLOT_BITS;
}

struct instant call_instant(int64_t id)
{
    return (struct instant){(id >> CALL_SLOT_BITS) + CALL_EPOCH_MS};
}

struct month call_month(int64_t id)
{
    return month_of(instant_date(call_instant(id), SHANGHAI_OFFSET_MIN));
}

/* ---- the number that was called ---- */

#define DIGITS_MOST 17

/* Its digits behind a 1, so that zeros before them stay, and whether it had a +: in 62 bits. */
static bool pack(const char *number, int64_t *out)
{
    char normal[NUMBER_TEXT];
    const char *at = number_normalise(number, normal) ? normal : number;
    const bool plus = *at == '+';
    int64_t value = 1;
    size_t count = 0;
    for (at += plus; *at; at++) {
        const bool is_digit = *at >= '0' && *at <= '9';
        if (!is_digit && strchr(" -()./", *at))
            continue;
        if (!is_digit || ++count > DIGITS_MOST)
            return false;
        value = value * 10 + (*at - '0');
    }
    *out = value * 2 + plus;
    return count > 0;
}

bool callee_fits(const char *number)
{
    int64_t value;
    return strlen(number) < 64 && pack(number, &value);
}

bool callee_seal(const struct keys *keys, const char *number, int64_t *out_key, int64_t *out_code)
{
    int64_t value;
    const bool fits = pack(number, &value);
    seal_number(keys, "calls.callee", fits ? value : 0, out_key, out_code);
    return fits;
}

const char *callee_open(struct arena *arena, const struct keys *keys, int64_t key, int64_t code)
{
    int64_t value;
    if (!open_number(keys, "calls.callee", key, code, &value) || value < 2)
        return "";
    char *text = arena_printf(arena, "%lld", (long long)(value / 2)); /* the 1 stands before it */
    if (value % 2 == 0)
        return text + 1;
    text[0] = '+';
    return text;
}

const char *callee_dialled(struct arena *arena, const char *number)
{
    if (strncmp(number, "+86", 3) != 0)
        return number;
    const char *here = number + 3;
    const bool has_area_code = strlen(here) >= 9 && *here != '1' && *here != '4' && *here != '8';
    return has_area_code ? arena_printf(arena, "0%s", here) : here;
}

/* Where the digits end that begin here, with what people put between; NULL when they do not. */
static const char *digits_end(const char *text, const char *digits)
{
    for (; *digits; text++) {
        if (*text == *digits)
            digits++;
        else if (!*text || !strchr(" -_()./", *text))
            return NULL;
    }
    return text;
}

const char *callee_hide(struct arena *arena, const char *number, const char *text)
{
    const char *dialled = callee_dialled(arena, number);
    const char *digits = number + (*number == '+'), *mask = secret_mask(arena, dialled);
    if (strncmp(number, "+86", 3) == 0)
        digits = number + 3; /* written with the country's code, with a 0, or with neither */
    if (!*digits || !*text)
        return text;
    const size_t before = strlen(dialled) - strlen(digits);
    char *hidden = arena_dup(arena, text);
    for (char *at = hidden; *at; at++) {
        const char *end = *at == *digits ? digits_end(at, digits) : NULL;
        size_t place = before;
        for (; end && at < end; at++)
            if (*at >= '0' && *at <= '9' && (place >= strlen(mask) || mask[place++] == '*'))
                *at = '*';
        at -= end != NULL;
    }
    return hidden;
}

const char *seconds_words(struct arena *arena, int64_t seconds)
{
    return arena_printf(arena, "%lld:%02lld:%02lld", (long long)(seconds / 3600),
                        (long long)(seconds / 60 % 60), (long long)(seconds % 60));
}
