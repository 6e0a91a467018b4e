/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum stage { STAGE_DRAFT = 1, STAGE_ACTIVE };
static const char *const STAGES[] = {"draft", "active", NULL};
static const char *const DUTIES[] = {"sign", "pay", "inspect", NULL};

struct sample {
    int64_t id;
    int32_t seats;
    bool urgent;
    const char *number;
    const char *digest;
    struct money amount_fen;
    struct points score;
    struct date ends_on;
    struct month period;
    struct instant sent_at;
    enum stage stage;
    struct set duties;
    struct secret phone;
};
static const struct field SAMPLE_FIELDS[] = {
    FIELD(sample, id),
    FIELD(sample, seats),
    FIELD(sample, urgent),
    FIELD(sample, number),
    FIELD(sample, digest, .use = HIDDEN),
    FIELD(sample, amount_fen),
    FIELD(sample, score),
    FIELD(sample, ends_on),
    FIELD(sample, period),
    FIELD(sample, sent_at),
    FIELD_ENUM(sample, stage, STAGES),
    FIELD_CHOICES(sample, duties, DUTIES),
    FIELD(sample, phone),
    FIELDS_END,
};

struct term {
    int64_t id;
    const char *text;
};
static const struct field TERM_FIELDS[] = {
    FIELD(term, id),
    FIELD(term, text),
    FIELDS_END,
};
static const struct term TERMS[] = {
    {1, "甲"},
    {2, "\"乙\""},
};

static int arena_setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int arena_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static const char *json_of(const struct doc *doc)
{
    struct text out = text_new(doc->arena, 0);
    struct json_writer writer = {.out = &out};
    json_doc(&writer, doc);
    return text_end(&out);
}

static const char *json_of_sample(struct arena *arena, const struct sample *sample)
{
    struct text out = text_new(arena, 0);
    struct json_writer writer = {.out = &out};
    json_record(&writer, SAMPLE_FIELDS, sample);
    return text_end(&out);
}

static void a_record_shows_every_field_but_the_hidden(void **state)
{
    const struct sample sample = {
        .id = 7,
        .seats = -3,
        .urgent = true,
        .number = "HT-1 \"a\"",
        .digest = "kept from every face",
        .amount_fen.fen = 128465000,
        .score.hundredths = 8750,
        .ends_on = date_of(2026, 3, 1),
        .period = month_of(date_of(2026, 3, 1)),
        .sent_at.ms = 1772328600000,
        .stage = STAGE_ACTIVE,
        .duties.bits = 5,
        .phone.masked = "138****1234",
    };
    assert_string_equal(json_of_sample(*state, &sample),
                        "{\"id\":7,\"seats\":-3,\"urgent\":true,\"number\":\"HT-1 \\\"a\\\"\","
                        "\"amount_fen\":128465000,\"score\":\"87.50\",\"ends_on\":\"2026-03-01\","
                        "\"period\":\"2026-03\",\"sent_at\":\"2026-03-01T09:30:00+08:00\","
                        "\"stage\":\"active\",\"duties\":[\"sign\",\"inspect\"],"
                        "\"phone\":\"138****1234\"}");
}

static void none_is_null_but_for_texts_numbers_and_sets(void **state)
{
    struct sample none = {0};
    fields_blank(SAMPLE_FIELDS, &none);
    assert_string_equal(json_of_sample(*state, &none),
                        "{\"id\":null,\"seats\":0,\"urgent\":false,\"number\":\"\","
                        "\"amount_fen\":0,\"score\":\"0.00\",\"ends_on\":null,\"period\":null,"
                        "\"sent_at\":null,\"stage\":null,\"duties\":[],\"phone\":\"\"}");
}

static void a_secret_is_masked_even_when_only_its_plain_text_is_known(void **state)
{
    const struct sample sample = {.phone.plain = "13812341234"};
    struct text out = text_new(*state, 0);
    struct json_writer writer = {.out = &out};
    json_field(&writer, field_find(SAMPLE_FIELDS, "phone", 5), &sample);
    assert_string_equal(text_end(&out), "\"138****1234\"");
}

static void the_fields_of_the_root_stand_at_the_top(void **state)
{
    struct doc *doc = doc_new(*state);
    doc_records(doc, "terms", TERM_FIELDS, TERMS, COUNT(TERMS), sizeof TERMS[0]);
    doc_root(doc, TERM_FIELDS, &TERMS[0]);
    assert_string_equal(json_of(doc), "{\"id\":1,\"text\":\"甲\",\"terms\":["
                                      "{\"id\":1,\"text\":\"甲\"},"
                                      "{\"id\":2,\"text\":\"\\\"乙\\\"\"}]}");
}

static void every_kind_of_thing_is_written_in_the_order_it_was_put(void **state)
{
    static const char *const WORDS[] = {"a", "b"};
    struct doc *doc = doc_new(*state), *inner = doc_new(*state), *empty = doc_new(*state);
    struct doc *const both[] = {inner, empty};
    doc_text(inner, "x", "y");
    doc_text(doc, "text", "字");
    doc_text(doc, "no_text", NULL);
    doc_int(doc, "number", -5);
    doc_flag(doc, "flag", true);
    doc_record(doc, "term", TERM_FIELDS, &TERMS[0]);
    doc_record(doc, "no_term", TERM_FIELDS, NULL);
    doc_records(doc, "no_terms", TERM_FIELDS, NULL, 0, sizeof TERMS[0]);
    doc_doc(doc, "inner", inner);
    doc_doc(doc, "no_inner", NULL);
    doc_docs(doc, "both", both, COUNT(both));
    doc_texts(doc, "words", WORDS, COUNT(WORDS));
    assert_string_equal(json_of(doc), "{\"text\":\"字\",\"no_text\":null,\"number\":-5,"
                                      "\"flag\":true,\"term\":{\"id\":1,\"text\":\"甲\"},"
                                      "\"no_term\":null,\"no_terms\":[],\"inner\":{\"x\":\"y\"},"
                                      "\"no_inner\":null,\"both\":[{\"x\":\"y\"},{}],"
                                      "\"words\":[\"a\",\"b\"]}");
}

static void what_is_for_the_page_alone_is_not_in_json(void **state)
{
    struct doc *doc = doc_new(*state);
    doc->page_only = true;
    doc_text(doc, "link", "/contracts/7");
    doc->page_only = false;
    doc_int(doc, "count", 1);
    assert_string_equal(json_of(doc), "{\"count\":1}");
    assert_string_equal(doc_find(doc, "link", 4)->text, "/contracts/7");
}

static void a_thing_is_found_by_its_whole_name(void **state)
{
    struct doc *doc = doc_new(*state);
    doc_int(doc, "count", 1);
    doc_int(doc, "counted", 2);
    assert_int_equal(doc_find(doc, "counted", 7)->number, 2);
    assert_int_equal(doc_find(doc, "counted", 5)->number, 1);
    assert_null(doc_find(doc, "coun", 4));
    assert_null(doc_find(doc, "missing", 7));
}

static void rows_come_back_from_objects_and_from_a_table(void **state)
{
    struct arena *arena = *state;
    const char *const texts[] = {
        json_rows_text(arena, TERM_FIELDS, TERMS, COUNT(TERMS), sizeof TERMS[0]),
        json_table_text(arena, TERM_FIELDS, TERMS, COUNT(TERMS), sizeof TERMS[0]),
    };
    assert_string_equal(texts[1], "[[\"id\",\"text\"],[1,\"甲\"],[2,\"\\\"乙\\\"\"]]");
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct term *terms;
        size_t count;
        assert_true(
            json_rows_read(arena, texts[i], TERM_FIELDS, sizeof *terms, 10, &terms, &count));
        assert_int_equal(count, COUNT(TERMS));
        assert_int_equal(terms[1].id, TERMS[1].id);
        assert_string_equal(terms[1].text, TERMS[1].text);
    }
    assert_string_equal(json_table_text(arena, TERM_FIELDS, TERMS, 0, sizeof TERMS[0]), "");
}

static void a_column_that_is_not_known_is_left_out(void **state)
{
    struct term *terms;
    size_t count;
    assert_true(json_rows_read(*state, "[[\"text\",\"price\"],[\"甲\",{\"fen\":1}]]", TERM_FIELDS,
                               sizeof *terms, 10, &terms, &count));
    assert_int_equal(count, 1);
    assert_int_equal(terms[0].id, 0);
    assert_string_equal(terms[0].text, "甲");
}

static void a_table_that_is_not_one_is_refused(void **state)
{
    static const char *const TEXTS[] = {"[[\"id\",\"text\"],[1]]", "[[\"id\"],[1,2]]",
                                        "[[\"id\"],[1]", "[[7],[1]]", "[[\"id\"],{\"id\":1}]"};
    for (size_t i = 0; i < COUNT(TEXTS); i++) {
        struct term *terms;
        size_t count;
        assert_false(
            json_rows_read(*state, TEXTS[i], TERM_FIELDS, sizeof *terms, 10, &terms, &count));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_record_shows_every_field_but_the_hidden),
        TEST(none_is_null_but_for_texts_numbers_and_sets),
        TEST(a_secret_is_masked_even_when_only_its_plain_text_is_known),
        TEST(the_fields_of_the_root_stand_at_the_top),
        TEST(every_kind_of_thing_is_written_in_the_order_it_was_put),
        TEST(what_is_for_the_page_alone_is_not_in_json),
        TEST(a_thing_is_found_by_its_whole_name),
        TEST(rows_come_back_from_objects_and_from_a_table),
        TEST(a_column_that_is_not_known_is_left_out),
        TEST(a_table_that_is_not_one_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
