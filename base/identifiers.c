/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Identifiers whose check digits the law defines. */
#include "base/units.h"

#include <string.h>

/* Digits that stand at the start of `s`. */
static size_t digits_in(const char *s)
{
    return strspn(s, "0123456789");
}

bool phone_valid(const char *s)
{
    size_t digits = digits_in(s);
    if (s[0] == '1')
        return digits == 11 && !s[11] && s[1] >= '3';
    /* 010 and 02x have three digits, the other area codes four. */
    size_t area = s[0] == '0' && (s[1] == '1' || s[1] == '2') ? 3 : 4;
    if (s[0] != '0' || digits < area || s[1] == '0')
        return false;
    const char *number = s + area + (s[area] == '-');
    digits = digits_in(number);
    return (digits == 7 || digits == 8) && !number[digits] && number[0] >= '2';
}

/* Place of `c` in the alphabet, -1 when it is not in it. */
static int place_in(const char *alphabet, char c)
{
    const char *found = c ? strchr(alphabet, c) : NULL;
    return found ? (int)(found - alphabet) : -1;
}

bool id_card_valid(const char *s)
{
    if (strlen(s) != 18 || digits_in(s) < 17 || s[0] == '0')
        return false;
    char birthday[9] = {0};
    memcpy(birthday, s + 6, 8);
    struct date born;
    if (!date_read(birthday, false, &born))
        return false;
    /* ISO 7064 MOD 11-2: each place weighs twice the one to its right, and all of them leave 1. */
    int rest = 0;
    for (int i = 0; i < 17; i++)
        rest = (rest + s[i] - '0') * 2 % 11;
    int check = place_in("0123456789X", s[17]);
    return check >= 0 && (rest + check) % 11 == 1;
}

bool credit_code_valid(const char *s)
{
    static const char ALPHABET[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    if (strlen(s) != 18)
        return false;
    /* The place n from the left weighs 3^n modulo 31, the check character 1; together they leave 0.
     */
    int sum = 0, weight = 1;
    for (int i = 0; i < 18; i++) {
        int value = place_in(ALPHABET, s[i]);
        if (value < 0)
            return false;
        sum += value * (i == 17 ? 1 : weight);
        weight = weight * 3 % 31;
    }
    return sum % 31 == 0;
}
