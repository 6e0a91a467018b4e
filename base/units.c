/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/units.h"

#include "base/text.h"

#include <assert.h>
#include <string.h>

#define TYPED_MAX 64 /* bytes of a value that somebody typed; more is none */
#define DAY_MS INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)

/* ---- reading piece by piece: each moves `*at` on behind what it took ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int digits_at(const char *s)
{
    int count = 0;
    while (is_digit(s[count]))
        count++;
    return count;
}

static bool take_word(const char **at, const char *word)
{
    size_t len = strlen(word);
    if (strncmp(*at, word, len) != 0)
        return false;
    *at += len;
    return true;
}

/* A number of `min` to `max` (at most 9) digits, all there are. */
static bool take_int(const char **at, int min, int max, int *out)
{
    int count = digits_at(*at), value = 0;
    if (count < min || count > max)
        return false;
    for (int i = 0; i < count; i++)
        value = value * 10 + (*at)[i] - '0';
    *at += count;
    *out = value;
    return true;
}

static void skip_spaces(const char **at)
{
    while (**at == ' ')
        ++*at;
}

/* Negative numbers grow downwards, so that the smallest one is read too. */
static bool append_digit(int64_t *value, char digit, bool negative)
{
    int part = negative ? '0' - digit : digit - '0';
    return !__builtin_mul_overflow(*value, 10, value) &&
           !__builtin_add_overflow(*value, part, value);
}

static bool append_digits(int64_t *value, const char *digits, int count, bool negative)
{
    for (int i = 0; i < count; i++)
        if (!append_digit(value, digits[i], negative))
            return false;
    return true;
}

/* Whole part: digits, or 1 to 3 of them and then groups of three after commas. */
static bool take_whole(const char **at, bool negative, bool grouped, int64_t *out)
{
    int count = digits_at(*at);
    if (count == 0 || !append_digits(out, *at, count, negative))
        return false;
    *at += count;
    if (!grouped || count > 3)
        return true;
    while (**at == ',') {
        if (digits_at(*at + 1) != 3 || !append_digits(out, *at + 1, 3, negative))
            return false;
        *at += 4;
    }
    return true;
}

/* A decimal number with at most `places` after the point, as a whole number of the last place. */
static bool take_decimal(const char **at, bool negative, bool grouped, int places, int64_t *out)
{
    *out = 0;
    if (!take_whole(at, negative, grouped, out))
        return false;
    int count = 0;
    if (take_word(at, ".")) {
        count = digits_at(*at);
        if (count == 0 || count > places || !append_digits(out, *at, count, negative))
            return false;
        *at += count;
    }
    for (; count < places; count++)
        if (!append_digit(out, '0', negative))
            return false;
    return true;
}

/* ---- writing ---- */

static void put_digits(char *out, int count, int value)
{
    for (; count > 0; value /= 10)
        out[--count] = (char)('0' + value % 10);
}

/* Hundredths as "-1,234.50". Returns the length. */
static int put_hundredths(int64_t value, bool grouped, char *out, size_t cap)
{
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char back[40];
    size_t at = sizeof(back);
    back[--at] = '\0';
    for (int place = 0; place < 3 || rest; place++) {
        if (place == 2)
            back[--at] = '.';
        if (grouped && place > 2 && (place - 2) % 3 == 0)
            back[--at] = ',';
        back[--at] = (char)('0' + rest % 10);
        rest /= 10;
    }
    if (value < 0)
        back[--at] = '-';
    assert(sizeof(back) - at <= cap);
    memcpy(out, back + at, sizeof(back) - at);
    return (int)(sizeof(back) - at - 1);
}

/* ---- days ---- */

#define YEAR_MAX 9999 /* what four digits can write */
#define DAY_MAX 3652059
#define DAYS_1970 719163
#define DAYS_400_YEARS 146097
#define BEFORE_MARCH_0 (-306) /* the day before 1 March of the year 0 */
/* Records of an office lie between these years; anything else is a slip of the pen. */
#define YEAR_READ_MIN 1900
#define YEAR_READ_MAX 2999

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days before the first of the month in a year that begins in March: there the lengths follow a
 * line of 153 days in 5 months, and the leap day comes last. */
static int days_before_month(int march_based)
{
    return (153 * march_based + 2) / 5;
}

struct date date_of(int year, int month, int day)
{
    static const int LENGTHS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > YEAR_MAX || month < 1 || month > 12 || day < 1 ||
        day > LENGTHS[month - 1] + (month == 2 && is_leap(year)))
        return (struct date){0};
    int y = month > 2 ? year : year - 1;
    int days_of_years = y * 365 + y / 4 - y / 100 + y / 400;
    return (struct date){BEFORE_MARCH_0 + days_of_years + days_before_month((month + 9) % 12) +
                         day};
}

struct ymd date_ymd(struct date date)
{
    if (date.days < 1 || date.days > DAY_MAX)
        return (struct ymd){0};
    int days = date.days - 1 - BEFORE_MARCH_0; /* since 1 March of the year 0 */
    int era = days / DAYS_400_YEARS, day_of_era = days % DAYS_400_YEARS;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (year_of_era * 365 + year_of_era / 4 - year_of_era / 100);
    int march_based = (5 * day_of_year + 2) / 153;
    int month = march_based < 10 ? march_based + 3 : march_based - 9;
    return (struct ymd){.year = era * 400 + year_of_era + (month <= 2),
                        .month = month,
                        .day = day_of_year - days_before_month(march_based) + 1};
}

static struct date date_at(int64_t days)
{
    return (struct date){days >= 1 && days <= DAY_MAX ? (int32_t)days : 0};
}

struct date date_add(struct date date, int days)
{
    return date.days ? date_at((int64_t)date.days + days) : date;
}

int date_weekday(struct date date)
{
    return (date.days + 6) % 7 + 1; /* 0001-01-01 was a Monday */
}

int date_format(struct date date, char out[DATE_MAX_TEXT])
{
    struct ymd ymd = date_ymd(date);
    out[0] = '\0';
    if (!ymd.year)
        return 0;
    memcpy(out, "0000-00-00", 11);
    put_digits(out, 4, ymd.year);
    put_digits(out + 5, 2, ymd.month);
    put_digits(out + 8, 2, ymd.day);
    return 10;
}

static bool date_checked(int year, int month, int day, struct date *out)
{
    struct date date = date_of(year, month, day);
    if (!date.days || year < YEAR_READ_MIN || year > YEAR_READ_MAX)
        return false;
    *out = date;
    return true;
}

static bool take_date(const char **at, struct date *out)
{
    int year, month, day;
    return take_int(at, 4, 4, &year) && take_word(at, "-") && take_int(at, 2, 2, &month) &&
           take_word(at, "-") && take_int(at, 2, 2, &day) && date_checked(year, month, day, out);
}

bool date_parse(const char *s, struct date *out)
{
    struct date date;
    if (!take_date(&s, &date) || *s)
        return false;
    *out = date;
    return true;
}

/* hh:mm, hh:mm:ss or hh:mm:ss.fff to milliseconds of the day. */
static bool take_time(const char **at, int64_t *out_ms)
{
    int hour, minute, second = 0;
    int64_t ms = 0;
    if (!take_int(at, 1, 2, &hour) || !take_word(at, ":") || !take_int(at, 2, 2, &minute))
        return false;
    if (take_word(at, ":") && !take_int(at, 2, 2, &second))
        return false;
    if (take_word(at, ".")) {
        int count = digits_at(*at);
        if (!count)
            return false;
        for (int i = 0; i < 3; i++)
            ms = ms * 10 + (i < count ? (*at)[i] - '0' : 0);
        *at += count;
    }
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *out_ms = ((hour * 60 + minute) * 60 + second) * INT64_C(1000) + ms;
    return true;
}

/* A spreadsheet's day number, its time of day cut off. Only those of five digits (1927 to 2173):
 * with fewer or more a bare "2026" or "202603" would silently become some day. */
static bool serial_read(const char *s, struct date *out)
{
    int number;
    if (!take_int(&s, 5, 5, &number) || number < 10000)
        return false;
    if (*s == '.' && digits_at(s + 1))
        s += 1 + digits_at(s + 1);
    if (*s)
        return false;
    *out = date_add(date_of(1899, 12, 30), number);
    return true;
}

static bool take_part(const char **at, int min, int max, const char *after, int *out)
{
    skip_spaces(at);
    if (!take_int(at, min, max, out))
        return false;
    if (*after)
        skip_spaces(at);
    return take_word(at, after);
}

/* Year, month and day as they are typed, with spaces around the separators or without. */
static bool take_typed_day(const char **at, struct ymd *out)
{
    static const char *const FORMS[][3] = {
        {"-", "-", ""}, {"/", "/", ""}, {".", ".", ""}, {"年", "月", "日"}};
    for (size_t i = 0; i < sizeof(FORMS) / sizeof(FORMS[0]); i++) {
        const char *s = *at;
        if (take_part(&s, 4, 4, FORMS[i][0], &out->year) &&
            take_part(&s, 1, 2, FORMS[i][1], &out->month) &&
            take_part(&s, 1, 2, FORMS[i][2], &out->day)) {
            *at = s;
            return true;
        }
    }
    return false;
}

bool date_read(const char *s, bool serial, struct date *out)
{
    char typed[TYPED_MAX];
    if (!text_plain_in(s, typed, sizeof(typed)))
        return false;
    const char *at = typed;
    struct ymd ymd;
    int compact;
    if (take_int(&at, 8, 8, &compact))
        ymd = (struct ymd){compact / 10000, compact / 100 % 100, compact % 100};
    else if (!take_typed_day(&at, &ymd))
        return serial && serial_read(typed, out);
    int64_t time_of_day;
    if (take_word(&at, " ") || take_word(&at, "T")) {
        skip_spaces(&at);
        if (!take_time(&at, &time_of_day))
            return false;
    }
    return !*at && date_checked(ymd.year, ymd.month, ymd.day, out);
}

/* ---- months ---- */

int month_format(struct month month, char out[MONTH_MAX_TEXT])
{
    out[0] = '\0';
    int year = (month.months - 1) / 12;
    if (month.months < 13 || year > YEAR_MAX)
        return 0;
    memcpy(out, "0000-00", 8);
    put_digits(out, 4, year);
    put_digits(out + 5, 2, (month.months - 1) % 12 + 1);
    return 7;
}

bool month_parse(const char *s, struct month *out)
{
    int year, month;
    struct date first;
    if (!take_int(&s, 4, 4, &year) || !take_word(&s, "-") || !take_int(&s, 2, 2, &month) || *s ||
        !date_checked(year, month, 1, &first))
        return false;
    *out = month_of(first);
    return true;
}

struct month month_of(struct date date)
{
    struct ymd ymd = date_ymd(date);
    return (struct month){ymd.year * 12 + ymd.month};
}

struct date month_first(struct month month)
{
    return date_of((month.months - 1) / 12, (month.months - 1) % 12 + 1, 1);
}

struct date month_last(struct month month)
{
    return date_add(month_first((struct month){month.months + 1}), -1);
}

/* ---- instants ---- */

/* Splits at midnight there, for times before 1970 too. */
static struct date split_instant(struct instant at, int offset_min, int64_t *out_ms_of_day)
{
    int64_t ms = at.ms % DAY_MS + offset_min * MINUTE_MS, days = at.ms / DAY_MS;
    days += ms / DAY_MS;
    ms %= DAY_MS;
    if (ms < 0) {
        ms += DAY_MS;
        days--;
    }
    *out_ms_of_day = ms;
    return at.ms ? date_at(days + DAYS_1970) : (struct date){0};
}

struct date instant_date(struct instant at, int offset_min)
{
    int64_t ms_of_day;
    return split_instant(at, offset_min, &ms_of_day);
}

struct instant instant_of(struct date date, int minute_of_day, int offset_min)
{
    if (!date.days)
        return (struct instant){0};
    return (struct instant){(date.days - DAYS_1970) * DAY_MS +
                            (minute_of_day - offset_min) * MINUTE_MS};
}

int instant_format(struct instant at, char out[INSTANT_MAX_TEXT])
{
    static const char TIME[] = "T00:00:00";
    static const char OFFSET[] = "+08:00"; /* SHANGHAI_OFFSET_MIN */
    int64_t ms_of_day;
    int len = date_format(split_instant(at, SHANGHAI_OFFSET_MIN, &ms_of_day), out);
    if (!len)
        return 0;
    int second = (int)(ms_of_day / 1000), ms = (int)(ms_of_day % 1000);
    memcpy(out + len, TIME, sizeof(TIME));
    put_digits(out + len + 1, 2, second / 3600);
    put_digits(out + len + 4, 2, second / 60 % 60);
    put_digits(out + len + 7, 2, second % 60);
    len += 9;
    if (ms) {
        out[len] = '.';
        put_digits(out + len + 1, 3, ms);
        len += 4;
    }
    memcpy(out + len, OFFSET, sizeof(OFFSET));
    return len + (int)sizeof(OFFSET) - 1;
}

static bool take_offset(const char **at, int *out_min)
{
    int hours, minutes, sign = **at == '-' ? -1 : 1;
    *out_min = 0;
    if (take_word(at, "Z") || take_word(at, "z"))
        return true;
    if ((!take_word(at, "+") && !take_word(at, "-")) || !take_int(at, 2, 2, &hours) ||
        !take_word(at, ":") || !take_int(at, 2, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *out_min = sign * (hours * 60 + minutes);
    return true;
}

bool instant_parse(const char *s, struct instant *out)
{
    struct date date;
    int64_t ms_of_day;
    int offset_min;
    if (!take_date(&s, &date) || (!take_word(&s, "T") && !take_word(&s, "t")))
        return false;
    bool whole_form = digits_at(s) == 2 && s[2] == ':' && digits_at(s + 3) == 2 && s[5] == ':';
    if (!whole_form || !take_time(&s, &ms_of_day) || !take_offset(&s, &offset_min) || *s)
        return false;
    int64_t ms = instant_of(date, 0, offset_min).ms + ms_of_day;
    if (!ms) /* the one instant that would mean "none" */
        return false;
    out->ms = ms;
    return true;
}

/* ---- amounts ---- */

/* Half of a hundredth goes away from zero. What exceeds the type is held at its end. */
static int64_t share(int64_t amount, int64_t numerator, int64_t denominator)
{
    assert(denominator != 0);
    __int128 product = (__int128)amount * numerator, divisor = denominator;
    bool negative = (product < 0) != (divisor < 0);
    product = product < 0 ? -product : product;
    divisor = divisor < 0 ? -divisor : divisor;
    __int128 quotient = (product + divisor / 2) / divisor;
    if (quotient > INT64_MAX)
        quotient = INT64_MAX;
    return (int64_t)(negative ? -quotient : quotient);
}

int money_format(struct money money, bool grouped, char out[MONEY_MAX_TEXT])
{
    return put_hundredths(money.fen, grouped, out, MONEY_MAX_TEXT);
}

/* 亿 and 万 shift the decimal point, so nothing is rounded: 1.2亿 is 1.2 with eight places more. */
static int take_magnitude(const char *at)
{
    at += strspn(at, "0123456789,.");
    skip_spaces(&at);
    return take_word(&at, "亿") ? 8 : take_word(&at, "万") ? 4 : 0;
}

bool money_read(const char *s, struct money *out)
{
    char typed[TYPED_MAX];
    if (!text_plain_in(s, typed, sizeof(typed)))
        return false;
    const char *at = typed;
    bool negative = take_word(&at, "-");
    if (take_word(&at, "¥"))
        skip_spaces(&at);
    if (!negative)
        negative = take_word(&at, "-");
    int64_t fen;
    int magnitude = take_magnitude(at);
    if (!take_decimal(&at, negative, true, 2 + magnitude, &fen))
        return false;
    skip_spaces(&at);
    if (magnitude)
        at += strlen("万"); /* as long as 亿 */
    take_word(&at, "元");
    if (*at)
        return false;
    out->fen = fen;
    return true;
}

struct money money_share(struct money amount, int64_t numerator, int64_t denominator)
{
    return (struct money){share(amount.fen, numerator, denominator)};
}

int points_format(struct points points, char out[POINTS_MAX_TEXT])
{
    return put_hundredths(points.hundredths, false, out, POINTS_MAX_TEXT);
}

/* The whole of `s` as one plain number. */
static bool number_parse(const char *s, int places, int64_t *out)
{
    int64_t value;
    bool negative = take_word(&s, "-");
    if (!take_decimal(&s, negative, false, places, &value) || *s)
        return false;
    *out = value;
    return true;
}

bool points_parse(const char *s, struct points *out)
{
    return number_parse(s, 2, &out->hundredths);
}

struct points points_share(struct points amount, int64_t numerator, int64_t denominator)
{
    return (struct points){share(amount.hundredths, numerator, denominator)};
}

bool int_parse(const char *s, int64_t *out)
{
    return number_parse(s, 0, out);
}
