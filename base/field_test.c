/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/field.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum stage { STAGE_DRAFT = 1, STAGE_ACTIVE, STAGE_ENDED };
static const char *const STAGES[] = {"draft", "active", "ended", NULL};
static const char *const DUTIES[] = {"sign", "pay", "inspect", NULL};

struct sample {
    int64_t id;
    int64_t owner_id;
    int32_t seats;
    bool urgent;
    const char *number;
    const char *note;
    struct money amount_fen;
    struct points score;
    struct date ends_on;
    struct month period;
    struct instant sent_at;
    enum stage stage;
    struct set duties;
    struct secret phone;
};

enum {
    ID,
    OWNER,
    SEATS,
    URGENT,
    NUMBER,
    NOTE,
    AMOUNT,
    SCORE,
    ENDS,
    PERIOD,
    SENT,
    STAGE,
    DUTY,
    PHONE
};
static const struct field FIELDS[] = {
    [ID] = FIELD(sample, id),
    [OWNER] = FIELD_REF(sample, owner_id, "people", .in = MUST),
    [SEATS] = FIELD(sample, seats, .in = MUST, .min = 1, .max = 500),
    [URGENT] = FIELD(sample, urgent, .in = MUST),
    [NUMBER] = FIELD(sample, number, .in = MUST, .max = 6),
    [NOTE] = FIELD(sample, note, .in = MAY, .use = LONG_TEXT),
    [AMOUNT] = FIELD(sample, amount_fen, .in = MAY, .min = 1),
    [SCORE] = FIELD(sample, score, .in = MAY),
    [ENDS] = FIELD(sample, ends_on, .in = MUST),
    [PERIOD] = FIELD(sample, period, .in = MAY),
    [SENT] = FIELD(sample, sent_at, .in = MAY),
    [STAGE] = FIELD_ENUM(sample, stage, STAGES, .in = MUST),
    [DUTY] = FIELD_CHOICES(sample, duties, DUTIES, .in = MUST),
    [PHONE] = FIELD(sample, phone, .in = MUST, .valid = phone_valid),
    FIELDS_END,
};

static struct arena *arena;
static struct sample record;

static int record_setup(void **state)
{
    arena = arena_new();
    record = (struct sample){0};
    fields_blank(FIELDS, &record);
    return 0;
}

static int record_teardown(void **state)
{
    arena_free(arena);
    return 0;
}

/* "签署" is the label of the first choice of whatever is asked. */
static unsigned label_of_first(const void *host, const struct field *field, const char *text)
{
    return strcmp(text, "签署") == 0 ? 1 : 0;
}

static field_verdict read(int field, const char *text)
{
    const struct field_reading reading = {.arena = arena, .choice_by_label = label_of_first};
    return field_read(&FIELDS[field], text, &reading, &record);
}

static const char *written(int field, bool grouped)
{
    struct text out = text_new(arena, 0);
    field_write(&FIELDS[field], &record, grouped, &out);
    return text_end(&out);
}

static const char *canonical(int field)
{
    struct text out = text_new(arena, 0);
    field_canonical(&FIELDS[field], &record, &out);
    return text_end(&out);
}

static void assert_verdict(field_verdict verdict, const char *expected)
{
    if (expected) {
        assert_non_null(verdict);
        assert_string_equal(verdict, expected);
    } else {
        assert_null(verdict);
    }
}

/* ---- tables ---- */

static void a_field_is_found_by_its_whole_name(void **state)
{
    assert_int_equal(field_count(FIELDS), COUNT(FIELDS) - 1);
    assert_ptr_equal(field_find(FIELDS, "ends_on", 7), &FIELDS[ENDS]);
    assert_ptr_equal(field_find(FIELDS, "ends_on_from", 7), &FIELDS[ENDS]);
    assert_null(field_find(FIELDS, "ends", 4));
    assert_null(field_find(FIELDS, "ends_on_from", 12));
    assert_null(field_find(FIELDS, "", 0));
}

static void choices_count_from_one(void **state)
{
    assert_int_equal(choice_find(STAGES, "draft", 5), STAGE_DRAFT);
    assert_int_equal(choice_find(STAGES, "ended", 5), STAGE_ENDED);
    assert_int_equal(choice_find(STAGES, "end", 3), 0);
    assert_string_equal(choice_name(STAGES, STAGE_ACTIVE), "active");
    assert_string_equal(choice_name(STAGES, 0), "");
    assert_string_equal(choice_name(STAGES, 4), "");
    assert_string_equal(choice_name(STAGES, 400), "");
}

/* ---- reading and writing ---- */

static void what_people_write_is_understood(void **state)
{
    static const struct {
        int field;
        const char *text, *written, *canonical;
    } CASES[] = {
        {OWNER, "17", "17", "17"},
        {OWNER, "", "", ""},
        {SEATS, " ５０ ", "50", "50"},
        {URGENT, "是", "true", "1"},
        {URGENT, "TRUE", "true", "1"},
        {URGENT, "on", "true", "1"},
        {URGENT, "有", "true", "1"},
        {URGENT, "y", "true", "1"},
        {URGENT, "无", "false", "0"},
        {URGENT, "0", "false", "0"},
        {URGENT, "", "false", "0"},
        {NUMBER, " \t\xE3\x80\x80HT （1）\n", "HT （1）", "HT （1）"},
        {NUMBER, "HT\xE3\x80\x80 1\xE3\x80\x80 \xE3\x80\x80", "HT\xE3\x80\x80 1",
         "HT\xE3\x80\x80 1"},
        {NUMBER, "\xE3\x80\x80 ", "", ""},
        {NOTE, "　一\r\n二\r三\n", "　一\n二\n三\n", "　一\n二\n三\n"},
        {AMOUNT, "1,284,650.00", "1284650.00", "128465000"},
        {AMOUNT, "￥12.5", "12.50", "1250"},
        {AMOUNT, "", "0.00", "0"},
        {SCORE, "87.5", "87.50", "8750"},
        {ENDS, "2026年3月1日", "2026-03-01", "2026-03-01"},
        {ENDS, " ", "", ""},
        {PERIOD, "2026-03", "2026-03", "2026-03"},
        {PERIOD, "2026/3/1", "2026-03", "2026-03"},
        {SENT, "2026-03-01 09:30", "2026-03-01 09:30", "1772328600000"},
        {SENT, "2026-03-01T09:30", "2026-03-01 09:30", "1772328600000"},
        {SENT, "2026/3/1 9:30:15", "2026-03-01 09:30", "1772328615000"},
        {SENT, "2026-03-01T01:30:00Z", "2026-03-01 09:30", "1772328600000"},
        {SENT, "2026-03-01", "2026-03-01 00:00", "1772294400000"},
        {SENT, "", "", ""},
        {STAGE, "active", "active", "active"},
        {STAGE, "签署", "draft", "draft"},
        {STAGE, "", "", ""},
        {DUTY, "pay sign", "sign pay", "sign pay"},
        {DUTY, " 签署、inspect，, pay", "sign pay inspect", "sign pay inspect"},
        {DUTY, "", "", ""},
        {PHONE, "１３８12341234", "138****1234", "138****1234"},
        {PHONE, "", "", ""},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        assert_null(read(CASES[i].field, CASES[i].text));
        assert_string_equal(written(CASES[i].field, false), CASES[i].written);
        assert_string_equal(canonical(CASES[i].field), CASES[i].canonical);
    }
}

static void amounts_are_grouped_where_people_only_read_them(void **state)
{
    record.amount_fen.fen = 128465000;
    assert_string_equal(written(AMOUNT, true), "1,284,650.00");
    assert_string_equal(written(AMOUNT, false), "1284650.00");
}

static void what_cannot_be_understood_is_refused(void **state)
{
    static const struct {
        int field;
        const char *text, *verdict;
    } CASES[] = {
        {OWNER, "-1", "malformed"},
        {OWNER, "0", "malformed"},
        {OWNER, "x", "malformed"},
        {SEATS, "", "required"},
        {SEATS, "1.5", "malformed"},
        {SEATS, "3000000000", "too_large"},
        {SEATS, "-3000000000", "too_small"},
        {URGENT, "maybe", "malformed"},
        {NUMBER, "\xFF", "malformed"},
        {NUMBER, "a\xE5\x90", "malformed"},
        {AMOUNT, "面议", "malformed"},
        {AMOUNT, "1.005", "malformed"},
        {SCORE, "x", "malformed"},
        {ENDS, "2026-02-30", "malformed"},
        {ENDS, "46082", "malformed"},
        {PERIOD, "2026-13", "malformed"},
        {SENT, "2026-03-01 24:00", "malformed"},
        {SENT, "2026-03-01 09:60", "malformed"},
        {SENT, "2026-03-01 09", "malformed"},
        {SENT, "2026-03-01 09:", "malformed"},
        {SENT, "2026-03-01 09:30:", "malformed"},
        {SENT, "2026-03-01 09:30:15:1", "malformed"},
        {SENT, "2026-03-01 123:30", "malformed"},
        {SENT, "09:30", "malformed"},
        {STAGE, "gone", "malformed"},
        {DUTY, "sign gone", "malformed"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_verdict(read(CASES[i].field, CASES[i].text), CASES[i].verdict);
}

static void day_numbers_are_read_only_from_spreadsheets(void **state)
{
    const struct field_reading sheet = {.arena = arena, .serial_dates = true};
    assert_null(field_read(&FIELDS[ENDS], "46082", &sheet, &record));
    assert_string_equal(written(ENDS, false), "2026-03-01");
}

static void a_new_secret_replaces_the_stored_one_but_its_own_mask_does_not(void **state)
{
    record.phone = (struct secret){"", "sealed", "138****1234"};
    assert_null(read(PHONE, "138****1234"));
    assert_string_equal(record.phone.sealed, "sealed");
    assert_null(read(PHONE, "13912345678"));
    assert_string_equal(record.phone.plain, "13912345678");
    assert_string_equal(record.phone.sealed, "");
    assert_string_equal(written(PHONE, true), "139****5678");
    assert_null(read(PHONE, ""));
    assert_true(field_is_none(&FIELDS[PHONE], &record));
}

/* ---- checking ---- */

static void a_required_field_needs_a_value_at_creation_and_after(void **state)
{
    for (int i = 0; i < (int)COUNT(FIELDS) - 1; i++) {
        bool number = i == SEATS || i == URGENT || i == AMOUNT || i == SCORE;
        bool missing = FIELDS[i].in == MUST && !number;
        assert_int_equal(field_is_none(&FIELDS[i], &record), !number);
        if (number)
            continue;
        assert_verdict(field_check(&FIELDS[i], &record, true), missing ? "required" : NULL);
        assert_verdict(field_check(&FIELDS[i], &record, false), missing ? "required" : NULL);
    }
}

static void numbers_keep_to_their_range(void **state)
{
    static const struct {
        int field;
        const char *text, *verdict;
    } CASES[] = {
        {SEATS, "0", "too_small"},   {SEATS, "1", NULL},         {SEATS, "500", NULL},
        {SEATS, "501", "too_large"}, {AMOUNT, "0", "too_small"}, {AMOUNT, "0.01", NULL},
        {AMOUNT, "900亿", NULL},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        assert_null(read(CASES[i].field, CASES[i].text));
        assert_verdict(field_check(&FIELDS[CASES[i].field], &record, true), CASES[i].verdict);
    }
    record.score.hundredths = -1;
    assert_null(field_check(&FIELDS[SCORE], &record, true));
}

static const char *repeated(const char *s, int times)
{
    struct text out = text_new(arena, 0);
    for (int i = 0; i < times; i++)
        text_puts(&out, s);
    return text_end(&out);
}

static void a_text_has_a_longest_length_in_characters(void **state)
{
    const struct field by_default = FIELD(sample, number, .in = MAY);
    record.number = "合同编号一二";
    assert_null(field_check(&FIELDS[NUMBER], &record, true));
    record.number = "合同编号一二三";
    assert_verdict(field_check(&FIELDS[NUMBER], &record, true), "too_long");
    record.number = repeated("字", 200);
    assert_null(field_check(&by_default, &record, true));
    record.number = repeated("字", 201);
    assert_verdict(field_check(&by_default, &record, true), "too_long");
    record.note = repeated("字", 4000);
    assert_null(field_check(&FIELDS[NOTE], &record, true));
    record.note = repeated("字", 4001);
    assert_verdict(field_check(&FIELDS[NOTE], &record, true), "too_long");
}

static void control_characters_are_refused_but_lines_in_long_texts(void **state)
{
    static const struct {
        const char *text;
        bool in_number, in_note;
    } CASES[] = {
        {"a b", true, true},         {"a\tb", false, true},     {"a\nb", false, true},
        {"a\rb", false, false},      {"a\x01", false, false},   {"a\x7F", false, false},
        {"a\xC2\x85", false, false}, {"a\xC2\xA0", true, true},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        record.number = record.note = CASES[i].text;
        assert_verdict(field_check(&FIELDS[NUMBER], &record, true),
                       CASES[i].in_number ? NULL : "malformed");
        assert_verdict(field_check(&FIELDS[NOTE], &record, true),
                       CASES[i].in_note ? NULL : "malformed");
    }
}

static void values_outside_the_table_are_malformed(void **state)
{
    record.id = -1;
    assert_verdict(field_check(&FIELDS[ID], &record, true), "malformed");
    record.stage = 4;
    assert_verdict(field_check(&FIELDS[STAGE], &record, true), "malformed");
    record.stage = STAGE_ENDED;
    assert_null(field_check(&FIELDS[STAGE], &record, true));
    record.duties.bits = 8;
    assert_verdict(field_check(&FIELDS[DUTY], &record, true), "malformed");
    record.duties.bits = 7;
    assert_null(field_check(&FIELDS[DUTY], &record, true));
}

static void a_secret_is_checked_while_it_is_plain(void **state)
{
    record.phone.plain = "12";
    assert_verdict(field_check(&FIELDS[PHONE], &record, true), "malformed");
    record.phone.plain = "13812341234";
    assert_null(field_check(&FIELDS[PHONE], &record, true));
    record.phone = (struct secret){"", "sealed", "138****1234"};
    assert_null(field_check(&FIELDS[PHONE], &record, false));
}

/* ---- members ---- */

static void blank_members_are_empty_texts(void **state)
{
    struct sample blank = {.number = "kept"};
    fields_blank(FIELDS, &blank);
    assert_string_equal(blank.number, "kept");
    assert_string_equal(blank.note, "");
    assert_string_equal(blank.phone.plain, "");
    assert_string_equal(blank.phone.sealed, "");
    assert_string_equal(blank.phone.masked, "");
}

static void fill(struct sample *sample)
{
    *sample = (struct sample){
        .id = 7,
        .owner_id = 8,
        .seats = 9,
        .urgent = true,
        .number = "HT-1",
        .note = "x",
        .amount_fen.fen = 1,
        .score.hundredths = 2,
        .ends_on.days = 3,
        .period.months = 4,
        .sent_at.ms = 5,
        .stage = STAGE_ACTIVE,
        .duties.bits = 5,
        .phone.sealed = "sealed",
    };
}

static void every_member_is_copied_compared_and_cleared(void **state)
{
    struct sample from, none = {0};
    fill(&from);
    fields_blank(FIELDS, &none);
    for (const struct field *field = FIELDS; field->name; field++) {
        assert_false(field_equal(field, &from, &record));
        field_copy(field, &record, &from);
        assert_true(field_equal(field, &from, &record));
        field_clear(field, &from);
        assert_true(field_equal(field, &from, &none));
    }
}

static void equal_texts_are_equal_wherever_they_lie(void **state)
{
    struct sample other = {.number = arena_dup(arena, "HT-1")};
    record.number = "HT-1";
    assert_true(field_equal(&FIELDS[NUMBER], &record, &other));
}

static void secrets_are_compared_by_what_is_known_of_them(void **state)
{
    static const struct {
        struct secret a, b;
        bool equal;
    } CASES[] = {
        {{"", "s1", "1*"}, {"", "s1", "1*"}, true}, {{"", "s1", "1*"}, {"", "s2", "1*"}, false},
        {{"1", "s1", ""}, {"1", "s2", ""}, true},   {{"1", "", ""}, {"", "s1", ""}, false},
        {{"", "", ""}, {"", "s1", ""}, false},      {{"", "", ""}, {NULL, NULL, NULL}, true},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct sample a = {.phone = CASES[i].a}, b = {.phone = CASES[i].b};
        assert_int_equal(field_equal(&FIELDS[PHONE], &a, &b), CASES[i].equal);
    }
}

static void a_mask_leaves_enough_to_recognise_but_not_to_use(void **state)
{
    static const struct {
        const char *plain, *masked;
    } CASES[] = {
        {"", ""},
        {"13812341234", "138****1234"},
        {"0571-88881234", "0571*******34"},
        {"01012345678", "0101*****78"},
        {"330102199003071234", "3301**********1234"},
        {"33010219900307123X", "3301**********123X"},
        {"88881234", "8*******"},
        {"张三丰", "张**"},
        {"张", "*"},
        {"6222021234567890123", "6********"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_string_equal(secret_mask(arena, CASES[i].plain), CASES[i].masked);
}

static void a_verdict_about_a_limit_names_it(void **state)
{
    static const struct {
        int field;
        const char *verdict, *limit;
    } CASES[] = {
        {NUMBER, "too_long", "6"},   {NOTE, "too_long", "4000"},  {PHONE, "too_long", "200"},
        {SEATS, "too_small", "1"},   {SEATS, "too_large", "500"}, {AMOUNT, "too_small", "0.01"},
        {NUMBER, "malformed", NULL}, {NUMBER, "required", NULL},
    };
    static const struct field ANY_INT = FIELD(sample, seats);
    for (size_t i = 0; i < COUNT(CASES); i++) {
        const char *limit = field_limit(arena, &FIELDS[CASES[i].field], CASES[i].verdict);
        if (CASES[i].limit)
            assert_string_equal(limit, CASES[i].limit);
        else
            assert_null(limit);
    }
    assert_string_equal(field_limit(arena, &ANY_INT, "too_large"), "2147483647");
    assert_string_equal(field_limit(arena, &ANY_INT, "too_small"), "-2147483648");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, record_setup, record_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_field_is_found_by_its_whole_name),
        TEST(choices_count_from_one),
        TEST(what_people_write_is_understood),
        TEST(amounts_are_grouped_where_people_only_read_them),
        TEST(what_cannot_be_understood_is_refused),
        TEST(day_numbers_are_read_only_from_spreadsheets),
        TEST(a_new_secret_replaces_the_stored_one_but_its_own_mask_does_not),
        TEST(a_required_field_needs_a_value_at_creation_and_after),
        TEST(numbers_keep_to_their_range),
        TEST(a_text_has_a_longest_length_in_characters),
        TEST(a_verdict_about_a_limit_names_it),
        TEST(control_characters_are_refused_but_lines_in_long_texts),
        TEST(values_outside_the_table_are_malformed),
        TEST(a_secret_is_checked_while_it_is_plain),
        TEST(blank_members_are_empty_texts),
        TEST(every_member_is_copied_compared_and_cleared),
        TEST(equal_texts_are_equal_wherever_they_lie),
        TEST(secrets_are_compared_by_what_is_known_of_them),
        TEST(a_mask_leaves_enough_to_recognise_but_not_to_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
