/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* ---- days ---- */

static void assert_day(struct date date, int year, int month, int day)
{
    struct ymd ymd = date_ymd(date);
    assert_int_equal(ymd.year, year);
    assert_int_equal(ymd.month, month);
    assert_int_equal(ymd.day, day);
}

static void every_day_from_1900_to_2100_goes_round(void **state)
{
    struct date date = date_of(1900, 1, 1);
    int weekday = 1; /* a Monday */
    time_t seconds = (time_t)-25567 * 86400;
    for (; date.days <= date_of(2100, 12, 31).days; date = date_add(date, 1)) {
        struct tm calendar;
        gmtime_r(&seconds, &calendar);
        assert_day(date, calendar.tm_year + 1900, calendar.tm_mon + 1, calendar.tm_mday);
        struct ymd ymd = date_ymd(date);
        assert_int_equal(date_of(ymd.year, ymd.month, ymd.day).days, date.days);
        assert_int_equal(date_weekday(date), weekday);

        char text[DATE_MAX_TEXT];
        struct date parsed = {0}, read = {0};
        assert_int_equal(date_format(date, text), 10);
        assert_true(date_parse(text, &parsed));
        assert_true(date_read(text, false, &read));
        assert_int_equal(parsed.days, date.days);
        assert_int_equal(read.days, date.days);

        assert_int_equal(instant_date(instant_of(date, 0, 480), 480).days, date.days);
        assert_int_equal(instant_date(instant_of(date, 1439, 480), 480).days, date.days);
        seconds += 86400;
        weekday = weekday % 7 + 1;
    }
}

static void the_calendar_begins_and_ends_where_four_digits_do(void **state)
{
    assert_int_equal(date_of(1, 1, 1).days, 1);
    assert_int_equal(date_add(date_of(9999, 12, 31), 1).days, 0);
    assert_int_equal(date_add(date_of(1, 1, 1), -1).days, 0);
    assert_int_equal(date_add(date_of(2026, 1, 1), INT32_MAX).days, 0);
    assert_day(date_of(9999, 12, 31), 9999, 12, 31);
    assert_day(date_of(400, 2, 29), 400, 2, 29);
}

static void a_day_that_does_not_exist_is_none(void **state)
{
    static const struct ymd CASES[] = {
        {2026, 2, 30}, {2026, 2, 29}, {1900, 2, 29}, {2100, 2, 29}, {2026, 4, 31}, {2026, 0, 1},
        {2026, 13, 1}, {2026, 1, 0},  {2026, 1, 32}, {0, 1, 1},     {10000, 1, 1}, {-4, 2, 29},
    };
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(date_of(CASES[i].year, CASES[i].month, CASES[i].day).days, 0);
    assert_int_not_equal(date_of(2000, 2, 29).days, 0);
    assert_int_not_equal(date_of(2028, 2, 29).days, 0);
}

static void none_stays_none(void **state)
{
    struct date none = {0};
    char text[INSTANT_MAX_TEXT] = "x";
    assert_int_equal(date_add(none, 5).days, 0);
    assert_day(none, 0, 0, 0);
    assert_int_equal(month_of(none).months, 0);
    assert_true(instant_of(none, 60, 480).ms == 0);
    assert_int_equal(instant_date((struct instant){0}, 480).days, 0);
    assert_int_equal(date_format(none, text), 0);
    assert_string_equal(text, "");
    assert_int_equal(month_format((struct month){0}, text), 0);
    assert_string_equal(text, "");
    assert_int_equal(instant_format((struct instant){0}, text), 0);
    assert_string_equal(text, "");
}

static void days_are_parsed_in_one_form_only(void **state)
{
    static const char *const REFUSED[] = {
        "",           "2026-3-1",    "2026/03/01", "20260301",   " 2026-03-01",    "2026-03-01 ",
        "2026-02-30", "2026-13-01",  "1899-12-31", "3000-01-01", "２０２６-03-01", "+026-03-01",
        "2026-03",    "2026-03-011", "-026-03-01", "2026-03-0x",
    };
    struct date date = {5};
    for (size_t i = 0; i < COUNT(REFUSED); i++)
        if (date_parse(REFUSED[i], &date))
            fail_msg("%s", REFUSED[i]);
    assert_int_equal(date.days, 5);
    assert_true(date_parse("2026-03-01", &date));
    assert_day(date, 2026, 3, 1);
}

static void days_are_read_as_offices_write_them(void **state)
{
    static const char *const CASES[] = {
        "2026-03-01",
        "2026-3-1",
        "2026/3/1",
        "2026.03.01",
        "2026.3.1",
        "20260301",
        "2026年3月1日",
        "2026 年 3 月 1 日",
        "2026-03-01 00:00:00",
        "2026/3/1 8:30",
        "2026-03-01T00:00:00.000",
        "２０２６－０３－０１",
        "２０２６年３月１日",
        "　2026-03-01　",
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct date date;
        if (!date_read(CASES[i], false, &date))
            fail_msg("%s", CASES[i]);
        assert_day(date, 2026, 3, 1);
    }
}

static void what_is_no_day_is_refused_not_rolled_over(void **state)
{
    static const char *const CASES[] = {
        "",
        "2026-02-30",
        "2026年2月30日",
        "20260230",
        "2026-3",
        "3/1/2026",
        "26-3-1",
        "2026-03/01",
        "2026-03-01x",
        "2026-03-01 25:00",
        "2026年3月",
        "2026-03-01 ,",
        "1899-12-31",
        "30000101",
        "2026-03-01 00:60:00",
        "面议",
        "2026",
        "202603",
        "-2026-03-01",
        "2026\xe5\xb9",
        "46082",
        "2026年3月1",
        "2026--03-01",
        "2026-03-01 00:00:00.",
        "2026-03-01                                                                      ,",
    };
    struct date date = {5};
    for (size_t i = 0; i < COUNT(CASES); i++)
        if (date_read(CASES[i], false, &date))
            fail_msg("%s", CASES[i]);
    assert_int_equal(date.days, 5);
}

static void day_numbers_are_read_only_from_spreadsheets(void **state)
{
    struct date date;
    assert_true(date_read("46082", true, &date));
    assert_day(date, 2026, 3, 1);
    assert_true(date_read("46082.75", true, &date));
    assert_day(date, 2026, 3, 1);
    assert_true(date_read("20260301", true, &date));
    assert_day(date, 2026, 3, 1);
    static const char *const REFUSED[] = {"2026", "202603", "46082.", "46082.x", "-46082", "00061"};
    for (size_t i = 0; i < COUNT(REFUSED); i++)
        if (date_read(REFUSED[i], true, &date))
            fail_msg("%s", REFUSED[i]);
}

/* ---- months ---- */

static void months_go_round(void **state)
{
    char text[MONTH_MAX_TEXT];
    struct month month;
    assert_true(month_parse("2026-12", &month));
    assert_int_equal(month.months, 2026 * 12 + 12);
    assert_int_equal(month_format(month, text), 7);
    assert_string_equal(text, "2026-12");
    month.months++;
    month_format(month, text);
    assert_string_equal(text, "2027-01");
    assert_int_equal(month_of(date_of(2027, 1, 31)).months, month.months);
    static const char *const REFUSED[] = {"",         "2026-13", "2026-00", "2026-1",
                                          "2026-011", "1899-12", "202601",  "2026-01-01"};
    for (size_t i = 0; i < COUNT(REFUSED); i++)
        if (month_parse(REFUSED[i], &month))
            fail_msg("%s", REFUSED[i]);
}

/* ---- instants ---- */

static void instants_are_written_in_shanghai_time(void **state)
{
    static const struct {
        int64_t ms;
        const char *text;
    } CASES[] = {
        {INT64_C(1772294400000), "2026-03-01T00:00:00+08:00"},
        {INT64_C(1772380799000), "2026-03-01T23:59:59+08:00"},
        {INT64_C(1772294400007), "2026-03-01T00:00:00.007+08:00"},
        {1, "1970-01-01T08:00:00.001+08:00"},
        {-1, "1970-01-01T07:59:59.999+08:00"},
        {INT64_C(-28800001), "1969-12-31T23:59:59.999+08:00"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        char text[INSTANT_MAX_TEXT];
        struct instant at;
        assert_int_equal(instant_format((struct instant){CASES[i].ms}, text),
                         strlen(CASES[i].text));
        assert_string_equal(text, CASES[i].text);
        assert_true(instant_parse(text, &at));
        assert_true(at.ms == CASES[i].ms);
    }
    char text[INSTANT_MAX_TEXT];
    assert_int_equal(instant_format((struct instant){INT64_MAX}, text), 0);
    assert_int_equal(instant_format((struct instant){INT64_MIN}, text), 0);
}

static void instants_are_parsed_with_any_offset(void **state)
{
    static const char *const CASES[] = {
        "2026-02-28T16:00:00Z",      "2026-02-28t16:00:00z",          "2026-03-01T00:00:00+08:00",
        "2026-02-28T10:30:00-05:30", "2026-02-28T16:00:00.000+00:00", "2026-02-28T16:00:00.0009Z",
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct instant at;
        if (!instant_parse(CASES[i], &at))
            fail_msg("%s", CASES[i]);
        assert_true(at.ms == INT64_C(1772294400000));
    }
}

static void what_is_no_instant_is_refused(void **state)
{
    static const char *const CASES[] = {
        "",
        "2026-03-01",
        "2026-03-01T00:00:00",
        "2026-03-01T00:00Z",
        "2026-03-01T0:00:00Z",
        "2026-03-01 00:00:00Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T00:60:00Z",
        "2026-03-01T00:00:60Z",
        "2026-03-01T00:00:00.Z",
        "2026-03-01T00:00:00+0800",
        "2026-03-01T00:00:00+24:00",
        "2026-03-01T00:00:00Zx",
        "2026-02-30T00:00:00Z",
        "1970-01-01T00:00:00Z",
    };
    struct instant at = {5};
    for (size_t i = 0; i < COUNT(CASES); i++)
        if (instant_parse(CASES[i], &at))
            fail_msg("%s", CASES[i]);
    assert_true(at.ms == 5);
}

static void the_day_changes_at_local_midnight(void **state)
{
    struct date day = date_of(2026, 3, 1);
    struct instant midnight = instant_of(day, 0, SHANGHAI_OFFSET_MIN);
    assert_true(midnight.ms == INT64_C(1772294400000));
    assert_int_equal(instant_date(midnight, SHANGHAI_OFFSET_MIN).days, day.days);
    assert_int_equal(instant_date((struct instant){midnight.ms - 1}, SHANGHAI_OFFSET_MIN).days,
                     day.days - 1);
    assert_int_equal(instant_date(midnight, 0).days, day.days - 1);
    assert_true(instant_of(day, 510, 480).ms - midnight.ms == INT64_C(510) * 60000);
}

/* ---- amounts ---- */

static void money_is_written_with_two_places(void **state)
{
    static const struct {
        int64_t fen;
        const char *plain, *grouped;
    } CASES[] = {
        {0, "0.00", "0.00"},
        {5, "0.05", "0.05"},
        {-5, "-0.05", "-0.05"},
        {99999, "999.99", "999.99"},
        {100000, "1000.00", "1,000.00"},
        {128465000, "1284650.00", "1,284,650.00"},
        {-100000000, "-1000000.00", "-1,000,000.00"},
        {INT64_MAX, "92233720368547758.07", "92,233,720,368,547,758.07"},
        {INT64_MIN, "-92233720368547758.08", "-92,233,720,368,547,758.08"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct money money = {CASES[i].fen}, read;
        char text[MONEY_MAX_TEXT];
        assert_int_equal(money_format(money, false, text), strlen(CASES[i].plain));
        assert_string_equal(text, CASES[i].plain);
        assert_true(money_read(text, &read) && read.fen == money.fen);
        assert_int_equal(money_format(money, true, text), strlen(CASES[i].grouped));
        assert_string_equal(text, CASES[i].grouped);
        assert_true(money_read(text, &read) && read.fen == money.fen);
    }
}

static void money_is_read_as_offices_write_it(void **state)
{
    static const struct {
        const char *text;
        int64_t fen;
    } CASES[] = {
        {"2590000.00", 259000000},
        {"2590000", 259000000},
        {"0.5", 50},
        {"¥4,360,000", 436000000},
        {"￥4,360,000.10", 436000010},
        {"¥ 930,000", 93000000},
        {"4,860,000.00", 486000000},
        {"348万元", 348000000},
        {"348.5万元", 348500000},
        {"348.123456万", 348123456},
        {"1.2亿", INT64_C(12000000000)},
        {"1.2 亿元", INT64_C(12000000000)},
        {"0.00000001亿", 100},
        {"４６１００００．００", 461000000},
        {"￥１，２３４．５６元", 123456},
        {"100元", 10000},
        {" 100 元 ", 10000},
        {"-5.00", -500},
        {"-¥5.00", -500},
        {"¥-5.00", -500},
        {"0", 0},
        {"-0", 0},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct money money;
        if (!money_read(CASES[i].text, &money))
            fail_msg("%s", CASES[i].text);
        assert_true(money.fen == CASES[i].fen);
    }
}

static void what_is_no_amount_is_refused(void **state)
{
    static const char *const CASES[] = {
        "",
        "面议",
        "元",
        "¥",
        "-",
        ".",
        "1.",
        ".5",
        "5.001",
        "348.1234567万",
        "1e5",
        "0x10",
        "1,2,3",
        "12,34",
        "1234,567",
        "1,2345",
        ",123",
        "1,",
        "1,234,",
        "1.234,5",
        "--5",
        "-¥-5",
        "+5",
        "5-",
        "1 000",
        "5万万",
        "5元万",
        "5元元",
        "约5万元",
        "1.2.3",
        "92233720368547758.08",
        "922337203685477.5808亿",
        "99999999999999999999999999999999",
        "1 2万",
        "nan",
    };
    struct money money = {5};
    for (size_t i = 0; i < COUNT(CASES); i++)
        if (money_read(CASES[i], &money))
            fail_msg("%s", CASES[i]);
    assert_true(money.fen == 5);
}

static void a_share_is_rounded_half_away_from_zero(void **state)
{
    static const struct {
        int64_t amount, numerator, denominator, share;
    } CASES[] = {
        {100, 1, 3, 33},
        {200, 1, 3, 67},
        {5, 1, 2, 3},
        {-5, 1, 2, -3},
        {5, -1, 2, -3},
        {5, 1, -2, -3},
        {-5, -1, 2, 3},
        {1, 1, 4, 0},
        {12345, 5, 1000, 62},
        {12500, 5, 1000, 63},
        {0, 7, 9, 0},
        {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX},
        {INT64_MAX, 2, 1, INT64_MAX},
        {INT64_MAX, -2, 1, -INT64_MAX},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct money money =
            money_share((struct money){CASES[i].amount}, CASES[i].numerator, CASES[i].denominator);
        struct points points = points_share((struct points){CASES[i].amount}, CASES[i].numerator,
                                            CASES[i].denominator);
        assert_true(money.fen == CASES[i].share);
        assert_true(points.hundredths == CASES[i].share);
    }
}

static void points_go_round(void **state)
{
    static const struct {
        const char *text, *written;
        int64_t hundredths;
    } CASES[] = {
        {"87.50", "87.50", 8750}, {"87.5", "87.50", 8750},     {"87", "87.00", 8700},
        {"0", "0.00", 0},         {"-0.05", "-0.05", -5},      {"100.00", "100.00", 10000},
        {"-3", "-3.00", -300},    {"1000", "1000.00", 100000},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct points points;
        char text[POINTS_MAX_TEXT];
        assert_true(points_parse(CASES[i].text, &points));
        assert_true(points.hundredths == CASES[i].hundredths);
        assert_int_equal(points_format(points, text), strlen(CASES[i].written));
        assert_string_equal(text, CASES[i].written);
    }
    static const char *const REFUSED[] = {"",    "87.505", "1,000", " 87", "87 ", "8e1",
                                          "+87", "87.",    ".5",    "-",   "８７"};
    struct points points;
    for (size_t i = 0; i < COUNT(REFUSED); i++)
        if (points_parse(REFUSED[i], &points))
            fail_msg("%s", REFUSED[i]);
}

static void whole_numbers_are_parsed_to_their_ends(void **state)
{
    static const struct {
        const char *text;
        bool valid;
        int64_t value;
    } CASES[] = {
        {"0", true, 0},
        {"-12", true, -12},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"+1", false, 0},
        {"1.0", false, 0},
        {"1.", false, 0},
        {" 1", false, 0},
        {"1e2", false, 0},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        int64_t value = 0;
        if (int_parse(CASES[i].text, &value) != CASES[i].valid)
            fail_msg("%s", CASES[i].text);
        assert_true(value == CASES[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_from_1900_to_2100_goes_round),
        cmocka_unit_test(the_calendar_begins_and_ends_where_four_digits_do),
        cmocka_unit_test(a_day_that_does_not_exist_is_none),
        cmocka_unit_test(none_stays_none),
        cmocka_unit_test(days_are_parsed_in_one_form_only),
        cmocka_unit_test(days_are_read_as_offices_write_them),
        cmocka_unit_test(what_is_no_day_is_refused_not_rolled_over),
        cmocka_unit_test(day_numbers_are_read_only_from_spreadsheets),
        cmocka_unit_test(months_go_round),
        cmocka_unit_test(instants_are_written_in_shanghai_time),
        cmocka_unit_test(instants_are_parsed_with_any_offset),
        cmocka_unit_test(what_is_no_instant_is_refused),
        cmocka_unit_test(the_day_changes_at_local_midnight),
        cmocka_unit_test(money_is_written_with_two_places),
        cmocka_unit_test(money_is_read_as_offices_write_it),
        cmocka_unit_test(what_is_no_amount_is_refused),
        cmocka_unit_test(a_share_is_rounded_half_away_from_zero),
        cmocka_unit_test(points_go_round),
        cmocka_unit_test(whole_numbers_are_parsed_to_their_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
