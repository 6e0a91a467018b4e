/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Values with a unit. Each has its own type, so that a day cannot be added to an amount.
 *
 * A zeroed value means "none" for days, months and instants, and 0 for money and points. Money is
 * whole fen (1/100 yuan), points are hundredths; no floating point anywhere. `*_read` take what
 * people and spreadsheets write; `*_parse` take only the form that the API uses. */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct money {
    int64_t fen;
};
struct points {
    int64_t hundredths; /* POINTS_NONE: there is nothing to divide by */
};
struct date {
    int32_t days; /* 1 = 0001-01-01 of the proleptic Gregorian calendar; 0 = none */
};
struct month {
    int32_t months; /* year * 12 + month (1..12); 0 = none */
};
struct instant {
    int64_t ms; /* UTC, since 1970; 0 = none */
};

/* ---- days ---- */
struct ymd {
    int year, month, day;
};
struct date date_of(int year, int month, int day); /* none when there is no such day */
struct ymd date_ymd(struct date date);
struct date date_add(struct date date, int days);
int date_weekday(struct date date); /* 1 = Monday .. 7 = Sunday */
#define DATE_MAX_TEXT 12
/* YYYY-MM-DD, or "" when none. Returns the length. */
int date_format(struct date date, char out[DATE_MAX_TEXT]);
bool date_parse(const char *s, struct date *out);
/* Also 2026/3/1, 2026.3.1, 20260301, 2026年3月1日, "2026-03-01 00:00:00", full-width digits, and
 * (only when `serial`) a spreadsheet's day number. 2026-02-30 is refused, not rolled over. */
bool date_read(const char *s, bool serial, struct date *out);

/* ---- months: YYYY-MM ---- */
#define MONTH_MAX_TEXT 9
int month_format(struct month month, char out[MONTH_MAX_TEXT]);
bool month_parse(const char *s, struct month *out);
struct month month_of(struct date date);
struct date month_first(struct month month);
struct date month_last(struct month month);

/* ---- instants: RFC 3339 with the offset of Asia/Shanghai (+08:00, no summer time since 1991) ----
 */
#define INSTANT_MAX_TEXT 32
#define SHANGHAI_OFFSET_MIN 480
int instant_format(struct instant at, char out[INSTANT_MAX_TEXT]);
bool instant_parse(const char *s, struct instant *out);      /* any offset, or Z */
struct date instant_date(struct instant at, int offset_min); /* the day it is there */
struct instant instant_of(struct date date, int minute_of_day, int offset_min);

/* ---- money ---- */
#define MONEY_MAX_TEXT 32
/* 1,284,650.00 (grouped) or 1284650.00. Returns the length. */
int money_format(struct money money, bool grouped, char out[MONEY_MAX_TEXT]);
/* Yuan as people write them: 2590000.00, ¥4,360,000, 348万元, 1.2亿, ４６１００００．００ ("元"
 * allowed). More than two decimals of a yuan, or no number at all (面议), is refused. */
bool money_read(const char *s, struct money *out);
/* amount * numerator / denominator, rounded half up (away from zero); the one place where money is
 * rounded. */
struct money money_share(struct money amount, int64_t numerator, int64_t denominator);

/* ---- points: "87.50" ---- */
#define POINTS_NONE INT64_MIN
#define POINTS_MAX_TEXT 24
int points_format(struct points points, char out[POINTS_MAX_TEXT]);
bool points_parse(const char *s, struct points *out);
struct points points_share(struct points amount, int64_t numerator, int64_t denominator);

/* ---- whole numbers ---- */
bool int_parse(const char *s, int64_t *out);

/* ---- Chinese identifiers (law's own check digits) ---- */
bool phone_valid(const char *s);       /* mobile 1xxxxxxxxxx, or area code and number */
bool id_card_valid(const char *s);     /* GB 11643: 18 characters, date and check character */
bool credit_code_valid(const char *s); /* GB 32100 unified social credit code, 18 characters */

#endif
