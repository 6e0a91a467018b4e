/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any text as a day, an instant, an amount, points, an identifier: what is read and written again
 * reads as the same. */
#include "base/text.h"
#include "base/units.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void days(const char *text)
{
    struct date date, again;
    char written[DATE_MAX_TEXT];
    for (int serial = 0; serial < 2; serial++) {
        if (!date_read(text, serial, &date))
            continue;
        date_format(date, written);
        if (!date_parse(written, &again) || again.days != date.days)
            abort();
    }
}

static void instants(const char *text)
{
    struct instant at, again;
    char written[INSTANT_MAX_TEXT];
    if (!instant_parse(text, &at))
        return;
    instant_format(at, written);
    if (!instant_parse(written, &again) || again.ms != at.ms)
        abort();
}

static void amounts(const char *text)
{
    struct money money, again;
    struct points points;
    char written[MONEY_MAX_TEXT];
    if (money_read(text, &money)) {
        money_format(money, true, written);
        if (!money_read(written, &again) || again.fen != money.fen)
            abort();
    }
    if (points_parse(text, &points))
        points_format(points, written);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct arena *arena = arena_new();
    const char *text = arena_copy(arena, (const char *)bytes, len);
    struct month month;
    int64_t number;
    if (utf8_valid(text, strlen(text))) {
        days(text);
        instants(text);
        amounts(text);
        (void)month_parse(text, &month);
        (void)int_parse(text, &number);
        (void)(phone_valid(text) + id_card_valid(text) + credit_code_valid(text));
        (void)text_search_key(arena, text);
    }
    arena_free(arena);
    return 0;
}
