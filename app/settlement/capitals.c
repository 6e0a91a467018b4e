/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/settlement/capitals.h"

#include "base/text.h"

static const char *const DIGITS[] = {"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};
static const char *const PLACES[] = {"", "拾", "佰", "仟"};
static const char *const GROUPS[] = {"", "万", "亿", "万亿"};
#define GROUP_COUNT 4

/* Four digits; `zero`: one is due before the next digit that is none. */
static void put_group(struct text *out, int64_t group, bool *zero)
{
    for (int place = 3, unit = 1000; place >= 0; place--, unit /= 10) {
        const int64_t digit = group / unit % 10;
        if (!digit) {
            *zero = true;
            continue;
        }
        if (*zero && out->len)
            text_puts(out, DIGITS[0]);
        *zero = false;
        text_puts(out, DIGITS[digit]);
        text_puts(out, PLACES[place]);
    }
}

static void put_yuan(struct text *out, int64_t yuan)
{
    int64_t unit = INT64_C(1000000000000);
    bool zero = false;
    for (int i = GROUP_COUNT - 1; i >= 0; i--, unit /= 10000) {
        const int64_t group = yuan / unit % 10000;
        if (!group) {
            zero = true;
            continue;
        }
        put_group(out, group, &zero);
        text_puts(out, GROUPS[i]);
        zero = false; /* a group's own last zeros are not read: 贰拾万伍仟 */
    }
}

const char *money_capitals(struct arena *arena, struct money money)
{
    const int64_t fen = money.fen < 0 ? -money.fen : money.fen;
    const int64_t yuan = fen / 100, jiao = fen / 10 % 10, rest = fen % 10;
    struct text figures = text_new(arena, 64), all = text_new(arena, 96);
    put_yuan(&figures, yuan);
    text_puts(&all, money.fen < 0 ? "人民币负" : "人民币");
    if (yuan) {
        text_puts(&all, text_end(&figures));
        text_puts(&all, "元");
    }
    if (jiao)
        text_printf(&all, "%s角", DIGITS[jiao]);
    else if (yuan && rest)
        text_puts(&all, DIGITS[0]);
    if (rest)
        text_printf(&all, "%s分", DIGITS[rest]);
    if (!fen)
        text_puts(&all, "零元");
    if (!rest)
        text_puts(&all, "整");
    return text_end(&all);
}
