/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h" /* after cmocka, whose fail() is not wanted here */

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct fixture {
    struct ctx cx;
    struct calendar china;
};

static int start(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.cx.mem = arena_new()};
    fixture.china = calendar_china(fixture.cx.mem);
    *state = &fixture;
    return 0;
}

static int end(void **state)
{
    struct fixture *fixture = *state;
    arena_free(fixture->cx.mem);
    return 0;
}

static struct date day(const char *text)
{
    struct date date = {0};
    assert_true(date_parse(text, &date));
    return date;
}

static void assert_date(struct date date, const char *expected)
{
    char text[DATE_MAX_TEXT];
    date_format(date, text);
    assert_string_equal(text, expected);
}

/* ---- the shipped days ---- */

static int working_days_in(const struct calendar *calendar, int year)
{
    return calendar_between(calendar, date_of(year - 1, 12, 31), date_of(year, 12, 31));
}

/* The law gives 13 days a year, each on a working day or made up for: a slip in the table shows. */
static void an_announced_year_has_as_many_working_days_as_the_law_leaves(void **state)
{
    struct fixture *f = *state;
    const struct calendar week = {0};
    for (int year = 2025; year <= 2026; year++)
        assert_int_equal(working_days_in(&f->china, year), working_days_in(&week, year) - 13);
}

static void a_year_has_the_days_of_its_notice(void **state)
{
    static const struct {
        int year, off, on;
    } CASES[] = {{2025, 28, 5}, {2026, 33, 6}, {2027, 13, 0}, {2024, 0, 0}, {2028, 0, 0}};
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        int off = 0, on = 0;
        for (size_t k = 0; k < f->china.count; k++) {
            bool here = date_ymd(f->china.days[k].date).year == CASES[i].year;
            off += here && !f->china.days[k].working;
            on += here && f->china.days[k].working;
        }
        assert_int_equal(off, CASES[i].off);
        assert_int_equal(on, CASES[i].on);
    }
}

static void holidays_and_made_up_days_overrule_the_week(void **state)
{
    static const struct {
        const char *date;
        bool working;
    } CASES[] = {
        {"2025-01-26", true},  {"2025-01-27", true},  {"2025-01-28", false}, {"2025-02-04", false},
        {"2025-02-05", true},  {"2025-02-08", true},  {"2025-02-09", false}, {"2025-10-08", false},
        {"2025-10-11", true},  {"2026-01-02", false}, {"2026-01-04", true},  {"2026-02-13", true},
        {"2026-02-14", true},  {"2026-02-23", false}, {"2026-02-24", true},  {"2026-02-28", true},
        {"2026-05-09", true},  {"2026-06-19", false}, {"2026-09-20", true},  {"2026-09-25", false},
        {"2026-10-07", false}, {"2026-10-08", true},  {"2026-10-10", true},  {"2026-11-21", false},
        {"2026-11-23", true},  {"2027-02-05", false}, {"2027-02-08", false}, {"2027-06-09", false},
        {"2027-09-15", false}, {"2027-09-16", true},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        bool working = calendar_is_working(&f->china, day(CASES[i].date));
        if (working != CASES[i].working)
            print_error("%s\n", CASES[i].date);
        assert_int_equal(working, CASES[i].working);
    }
}

static void an_exception_has_its_name(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(calendar_find(&f->china, day("2026-02-17"))->name, "春节");
    assert_string_equal(calendar_find(&f->china, day("2026-02-28"))->name, "春节");
    assert_null(calendar_find(&f->china, day("2026-11-23")));
}

static void only_an_announced_year_is_settled(void **state)
{
    struct fixture *f = *state;
    assert_false(calendar_settled(&f->china, 2024));
    assert_true(calendar_settled(&f->china, 2025));
    assert_true(calendar_settled(&f->china, 2026));
    assert_false(calendar_settled(&f->china, 2027));
    assert_false(calendar_settled(&f->china, 2028));
}

/* ---- added days ---- */

static void added_days_replace_and_follow(void **state)
{
    struct fixture *f = *state;
    const struct calendar_day added[] = {
        {day("2028-01-03"), false, false, "元旦"},
        {day("2027-02-05"), true, false, "试"},
        {day("2024-10-01"), false, false, "国庆节"},
    };
    struct calendar calendar = calendar_with(f->cx.mem, f->china, added, COUNT(added));
    assert_int_equal(calendar.count, f->china.count + 2);
    assert_false(calendar_is_working(&calendar, day("2028-01-03")));
    assert_true(calendar_is_working(&calendar, day("2027-02-05")));
    assert_false(calendar_is_working(&calendar, day("2024-10-01")));
    assert_false(calendar_is_working(&calendar, day("2026-10-01")));
    assert_false(calendar_is_working(&f->china, day("2027-02-05"))); /* as it was */
}

static void a_year_is_settled_when_no_provisional_day_is_left(void **state)
{
    struct fixture *f = *state;
    struct calendar_day announced[20];
    size_t count = 0;
    for (size_t i = 0; i < f->china.count; i++)
        if (f->china.days[i].provisional)
            announced[count++] =
                (struct calendar_day){.date = f->china.days[i].date, .name = "announced"};
    assert_int_equal(count, 13);
    struct calendar most = calendar_with(f->cx.mem, f->china, announced, count - 1);
    assert_false(calendar_settled(&most, 2027));
    struct calendar all = calendar_with(f->cx.mem, f->china, announced, count);
    assert_true(calendar_settled(&all, 2027));
}

static enum result read_text(struct fixture *f, const char *text, struct calendar_day **out,
                             size_t *out_count)
{
    f->cx.fault = (struct fault){0};
    return calendar_read(&f->cx, text, strlen(text), out, out_count);
}

static void lines_become_days(void **state)
{
    static const char TEXT[] = "\xef\xbb\xbf# 2027\r\n"
                               "2027-02-05,holiday,春节\r\n"
                               "\r\n"
                               " 2027/2/20 ， 上班 ， 春节 \n"
                               "2027年10月4日,放假,国庆节";
    struct fixture *f = *state;
    struct calendar_day *days;
    size_t count;
    assert_int_equal(read_text(f, TEXT, &days, &count), OK);
    assert_int_equal(count, 3);
    assert_date(days[0].date, "2027-02-05");
    assert_false(days[0].working);
    assert_string_equal(days[0].name, "春节");
    assert_date(days[1].date, "2027-02-20");
    assert_true(days[1].working);
    assert_date(days[2].date, "2027-10-04");
    assert_int_equal(read_text(f, "", &days, &count), OK);
    assert_int_equal(count, 0);
}

static void each_wrong_line_is_told_with_its_number(void **state)
{
    static const char TEXT[] = "2027-02-30,holiday,春节\n"
                               "2027-02-05,holiday,春节\n"
                               "2027-02-06,free,春节\n"
                               "2027-02-07,holiday\n"
                               "2027-02-07,holiday,春节,x\n"
                               "2027-02-07,holiday, \n"
                               "\xff\n"
                               "2027-02-05,workday,春节\n";
    static const struct {
        const char *code, *line;
    } EXPECTED[] = {
        {"calendar_date", "1"},  {"calendar_kind", "3"}, {"calendar_form", "4"},
        {"calendar_form", "5"},  {"calendar_name", "6"}, {"calendar_form", "7"},
        {"calendar_twice", "8"},
    };
    struct fixture *f = *state;
    struct calendar_day *days;
    size_t count;
    assert_int_equal(read_text(f, TEXT, &days, &count), INVALID);
    const struct field_fault *fault = f->cx.fault.fields;
    for (size_t i = 0; i < COUNT(EXPECTED); i++, fault = fault->next) {
        assert_non_null(fault);
        assert_string_equal(fault->field, "days");
        assert_string_equal(fault->code, EXPECTED[i].code);
        assert_string_equal(fault->args[0], EXPECTED[i].line);
    }
    assert_null(fault);
}

/* ---- counting ---- */

static void working_days_are_counted_over_holidays(void **state)
{
    static const struct {
        const char *from;
        int days;
        const char *to;
    } CASES[] = {
        {"2026-11-20", 1, "2026-11-23"},  {"2026-11-23", 0, "2026-11-23"},
        {"2026-11-21", 0, "2026-11-21"},  {"2026-11-21", 1, "2026-11-23"},
        {"2026-02-13", 1, "2026-02-14"},  {"2026-02-13", 2, "2026-02-24"},
        {"2026-02-27", 1, "2026-02-28"},  {"2026-09-30", 3, "2026-10-10"},
        {"2025-12-31", 1, "2026-01-04"},  {"2026-11-23", -1, "2026-11-20"},
        {"2026-02-24", -1, "2026-02-14"}, {"2026-02-24", -2, "2026-02-13"},
        {"2026-01-04", -1, "2025-12-31"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_date(calendar_add(&f->china, day(CASES[i].from), CASES[i].days), CASES[i].to);
}

static void counting_between_undoes_adding(void **state)
{
    struct fixture *f = *state;
    for (struct date from = day("2026-01-01"); from.days < day("2026-12-31").days;
         from = date_add(from, 1))
        for (int days = -30; days <= 30; days++) {
            struct date to = calendar_add(&f->china, from, days);
            assert_int_equal(calendar_between(&f->china, from, to), days);
        }
}

static void counting_ends_with_the_years_that_can_be_written(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(calendar_add(&f->china, date_of(9999, 12, 30), 5).days, 0);
    assert_int_equal(calendar_add(&f->china, date_of(1, 1, 2), -5).days, 0);
    assert_int_equal(calendar_add(&f->china, (struct date){0}, 5).days, 0);
}

/* ---- what is due when ---- */

struct due_case {
    struct due_rule rule;
    const char *start, *due;
};

static void assert_due(const struct calendar *calendar, const struct due_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct instant start;
        char text[INSTANT_MAX_TEXT];
        assert_true(instant_parse(cases[i].start, &start));
        instant_format(due_instant(calendar, &cases[i].rule, start, SHANGHAI_OFFSET_MIN), text);
        assert_string_equal(text, cases[i].due);
    }
}

static void days_are_due_at_the_end_of_the_last_one(void **state)
{
    static const struct due_case CASES[] = {
        {{DUE_WORKING_DAYS, .count = 3},
         "2026-11-20T09:00:00+08:00",
         "2026-11-25T23:59:59.999+08:00"},
        {{DUE_WORKING_DAYS, .count = 2},
         "2026-11-21T09:00:00+08:00", /* a Saturday */
         "2026-11-24T23:59:59.999+08:00"},
        {{DUE_WORKING_DAYS, .count = 1, .minute_of_day = 18 * 60},
         "2026-02-14T20:00:00+08:00",
         "2026-02-24T18:00:00+08:00"},
        {{DUE_WORKING_DAYS, .count = -3},
         "2026-10-09T00:00:00+08:00",
         "2026-09-29T23:59:59.999+08:00"},
        {{DUE_DAYS, .count = 7}, "2026-11-20T00:00:00+08:00", "2026-11-27T23:59:59.999+08:00"},
        /* The day is the one it is in Shanghai. */
        {{DUE_DAYS, .count = 1}, "2026-11-20T16:30:00Z", "2026-11-22T23:59:59.999+08:00"},
    };
    struct fixture *f = *state;
    assert_due(&f->china, CASES, COUNT(CASES));
}

static void a_last_day_off_moves_only_when_the_rule_says_so(void **state)
{
    static const struct due_case CASES[] = {
        {{DUE_DAYS, .count = 2, .roll = DUE_KEEP},
         "2026-09-30T10:00:00+08:00",
         "2026-10-02T23:59:59.999+08:00"},
        {{DUE_DAYS, .count = 2, .roll = DUE_NEXT_WORKING_DAY},
         "2026-09-30T10:00:00+08:00",
         "2026-10-08T23:59:59.999+08:00"},
        {{DUE_DAYS, .count = 1, .roll = DUE_NEXT_WORKING_DAY},
         "2026-09-19T10:00:00+08:00",
         "2026-09-20T23:59:59.999+08:00"}, /* a Sunday on which people work */
        {{DUE_HOURS, .count = 24, .roll = DUE_NEXT_WORKING_DAY},
         "2026-11-20T15:30:00+08:00",
         "2026-11-23T15:30:00+08:00"},
        {{DUE_HOURS, .count = 24, .roll = DUE_KEEP},
         "2026-11-20T15:30:00+08:00",
         "2026-11-21T15:30:00+08:00"},
    };
    struct fixture *f = *state;
    assert_due(&f->china, CASES, COUNT(CASES));
}

static void before_a_day_of_the_month_means_the_last_moment_before_it(void **state)
{
    static const struct due_case CASES[] = {
        {{DUE_BEFORE_MONTH_DAY, .count = 2, .months = 1, .roll = DUE_KEEP},
         "2026-11-23T10:00:00+08:00",
         "2026-12-01T23:59:59.999+08:00"},
        {{DUE_ON_MONTH_DAY, .count = 2, .months = 1, .roll = DUE_KEEP},
         "2026-11-23T10:00:00+08:00",
         "2026-12-02T23:59:59.999+08:00"},
        {{DUE_BEFORE_MONTH_DAY, .count = 2, .months = 1, .roll = DUE_NEXT_WORKING_DAY},
         "2026-12-31T10:00:00+08:00",
         "2027-01-04T23:59:59.999+08:00"},
        {{DUE_BEFORE_MONTH_DAY, .count = 2, .months = 1, .roll = DUE_NEXT_WORKING_DAY},
         "2026-09-01T10:00:00+08:00",
         "2026-10-08T23:59:59.999+08:00"},
        {{DUE_BEFORE_MONTH_DAY, .count = 1},
         "2026-03-15T10:00:00+08:00",
         "2026-02-28T23:59:59.999+08:00"},
        {{DUE_ON_MONTH_DAY, .count = 31, .months = 1},
         "2028-01-31T10:00:00+08:00",
         "2028-02-29T23:59:59.999+08:00"},
        {{DUE_ON_MONTH_DAY, .count = 10, .minute_of_day = 12 * 60},
         "2026-11-23T10:00:00+08:00",
         "2026-11-10T12:00:00+08:00"},
        {{DUE_ON_MONTH_DAY, .count = 5, .months = 13},
         "2026-12-23T10:00:00+08:00",
         "2028-01-05T23:59:59.999+08:00"},
    };
    struct fixture *f = *state;
    assert_due(&f->china, CASES, COUNT(CASES));
}

static void minutes_pass_by_the_clock(void **state)
{
    static const struct due_case CASES[] = {
        {{DUE_MINUTES, .count = 30}, "2026-11-21T23:45:00+08:00", "2026-11-22T00:15:00+08:00"},
    };
    struct fixture *f = *state;
    assert_due(&f->china, CASES, COUNT(CASES));
}

static void working_hours_pass_only_while_people_work(void **state)
{
    static const struct due_case CASES[] = {
        {{DUE_WORKING_HOURS, .count = 4}, "2026-11-23T09:30:00+08:00", "2026-11-23T13:30:00+08:00"},
        {{DUE_WORKING_HOURS, .count = 2}, "2026-11-20T17:30:00+08:00", "2026-11-23T10:30:00+08:00"},
        {{DUE_WORKING_HOURS, .count = 2}, "2026-11-20T16:00:00+08:00", "2026-11-20T18:00:00+08:00"},
        {{DUE_WORKING_HOURS, .count = 2}, "2026-11-20T18:00:00+08:00", "2026-11-23T11:00:00+08:00"},
        {{DUE_WORKING_HOURS, .count = 2}, "2026-11-23T03:00:00+08:00", "2026-11-23T11:00:00+08:00"},
        {{DUE_WORKING_HOURS, .count = 20},
         "2026-09-29T12:00:00+08:00",
         "2026-10-08T14:00:00+08:00"},
    };
    struct fixture *f = *state;
    assert_due(&f->china, CASES, COUNT(CASES));
}

static void nothing_is_due_before_it_starts(void **state)
{
    struct fixture *f = *state;
    for (enum due_kind kind = DUE_WORKING_DAYS; kind <= DUE_BEFORE_MONTH_DAY; kind++) {
        struct due_rule rule = {.kind = kind, .count = 1, .roll = DUE_NEXT_WORKING_DAY};
        assert_int_equal(due_instant(&f->china, &rule, (struct instant){0}, 480).ms, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_announced_year_has_as_many_working_days_as_the_law_leaves),
        cmocka_unit_test(a_year_has_the_days_of_its_notice),
        cmocka_unit_test(holidays_and_made_up_days_overrule_the_week),
        cmocka_unit_test(an_exception_has_its_name),
        cmocka_unit_test(only_an_announced_year_is_settled),
        cmocka_unit_test(added_days_replace_and_follow),
        cmocka_unit_test(a_year_is_settled_when_no_provisional_day_is_left),
        cmocka_unit_test(lines_become_days),
        cmocka_unit_test(each_wrong_line_is_told_with_its_number),
        cmocka_unit_test(working_days_are_counted_over_holidays),
        cmocka_unit_test(counting_between_undoes_adding),
        cmocka_unit_test(counting_ends_with_the_years_that_can_be_written),
        cmocka_unit_test(days_are_due_at_the_end_of_the_last_one),
        cmocka_unit_test(a_last_day_off_moves_only_when_the_rule_says_so),
        cmocka_unit_test(before_a_day_of_the_month_means_the_last_moment_before_it),
        cmocka_unit_test(minutes_pass_by_the_clock),
        cmocka_unit_test(working_hours_pass_only_while_people_work),
        cmocka_unit_test(nothing_is_due_before_it_starts),
    };
    return cmocka_run_group_tests(tests, start, end);
}
