/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/server_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    struct ctx *cx = calloc(1, sizeof *cx);
    cx->mem = arena_new();
    *state = cx;
    return 0;
}

static int tear_down(void **state)
{
    struct ctx *cx = *state;
    arena_free(cx->mem);
    free(cx);
    return 0;
}

/* The bytes at the end of their own allocation, so that a sanitizer sees a read behind them. */
static struct span tight(struct ctx *cx, const char *text)
{
    size_t len = strlen(text);
    char *bytes = arena_alloc(cx->mem, len ? len : 1);
    memcpy(bytes, text, len);
    return (struct span){bytes, len};
}

static void expect_urlencoded(struct ctx *cx, const char *text, const char *const *pairs)
{
    struct part *parts;
    assert_int_equal(form_urlencoded(cx, tight(cx, text), &parts), OK);
    for (; *pairs; pairs += 2, parts = parts->next) {
        assert_non_null(parts);
        assert_string_equal(parts->name, pairs[0]);
        assert_string_equal(parts->value, pairs[1]);
    }
    assert_null(parts);
}

static void an_urlencoded_form_is_a_list_of_names_and_values(void **state)
{
    static const struct {
        const char *text, *pairs[9];
    } CASES[] = {
        {"", {NULL}},
        {"a=1", {"a", "1", NULL}},
        {"a=1&b=&c&a=2", {"a", "1", "b", "", "c", "", "a", "2", NULL}},
        {"&&a=1&", {"a", "1", NULL}},
        {"q=%E5%90%88+%2B%26", {"q", "合 +&", NULL}},
        {"a=100%&b=%4&c=%zz", {"a", "100%", "b", "%4", "c", "%zz", NULL}},
        {"a=b=c", {"a", "b=c", NULL}},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        expect_urlencoded(*state, CASES[i].text, CASES[i].pairs);
}

static void bytes_that_are_not_utf8_are_refused(void **state)
{
    static const char *const TEXTS[] = {"a=%FF", "%C0%80=1", "a=%00", "a=\x80", "a=%ED%A0%80"};
    struct ctx *cx = *state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        struct part *parts;
        cx->fault = (struct fault){.result = OK};
        assert_int_equal(form_urlencoded(cx, tight(cx, TEXTS[i]), &parts), INVALID);
        assert_string_equal(cx->fault.code, "request.bad_utf8");
    }
}

static void a_form_of_thousands_of_fields_is_refused(void **state)
{
    struct ctx *cx = *state;
    struct part *parts;
    struct text text = text_new(cx->mem, 64);
    for (size_t i = 0; i <= PARTS_MAX; i++)
        text_puts(&text, "a=1&");
    assert_int_equal(form_urlencoded(cx, (struct span){text.at, text.len}, &parts), INVALID);
    assert_string_equal(cx->fault.code, "request.too_many_fields");
}

/* ---- multipart ---- */

#define TYPE "multipart/form-data; boundary=XX"

static enum result multipart(struct ctx *cx, const char *type, const char *body, struct part **out)
{
    cx->fault = (struct fault){.result = OK};
    return form_multipart(cx, tight(cx, body), type, out);
}

static void a_multipart_form_has_texts_and_files(void **state)
{
    static const char BODY[] =
        "--XX\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n"
        "合同\r\n--XX\r\n"
        "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n"
        "Content-Type: application/pdf\r\n\r\n"
        "%PDF\r\n--X\r\n\xff\r\n--XX--\r\n";
    struct part *part;
    assert_int_equal(multipart(*state, TYPE, BODY, &part), OK);
    assert_string_equal(part->name, "title");
    assert_string_equal(part->value, "合同");
    assert_null(part->file_name);
    part = part->next;
    assert_string_equal(part->name, "file");
    assert_string_equal(part->file_name, "a.pdf");
    assert_string_equal(part->media_type, "application/pdf");
    assert_string_equal(part->value, "");
    assert_int_equal(part->len, strlen("%PDF\r\n--X\r\n\xff"));
    assert_memory_equal(part->bytes, "%PDF\r\n--X\r\n\xff", part->len);
    assert_null(part->next);
}

static void names_of_files_come_in_several_spellings(void **state)
{
    static const struct {
        const char *parameters, *name;
    } CASES[] = {
        {"filename=a.pdf", "a.pdf"},
        {"filename=\"a;b.pdf\"", "a;b.pdf"},
        {"filename=\"a\\\"b.pdf\"", "a\"b.pdf"},
        {"filename=\"\"", ""},
        {"filename=\"x\"; filename*=UTF-8''%E5%90%88.pdf", "合.pdf"},
        {"FileName=\"合同.pdf\"", "合同.pdf"},
    };
    struct ctx *cx = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct part *part;
        const char *body = arena_printf(
            cx->mem, "--XX\r\ncontent-disposition: form-data; name=f; %s\r\n\r\nx\r\n--XX--",
            CASES[i].parameters);
        assert_int_equal(multipart(cx, TYPE, body, &part), OK);
        assert_string_equal(part->name, "f");
        assert_string_equal(part->file_name, CASES[i].name);
    }
}

static void broken_multipart_is_refused(void **state)
{
    static const struct {
        const char *type, *body, *code;
    } CASES[] = {
        {"multipart/form-data", "--XX--", "request.malformed"},
        {"multipart/form-data; boundary=", "--XX--", "request.malformed"},
        {TYPE, "", "request.malformed"},
        {TYPE, "--X", "request.malformed"},
        {TYPE, "--XX", "request.malformed"},
        {TYPE, "--XX\r\n", "request.malformed"},
        {TYPE, "--XXa", "request.malformed"},
        {TYPE, "--XX\r\n\r\nx\r\n--XX--", "request.malformed"},
        {TYPE, "--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx", "request.malformed"},
        {TYPE, "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nx", "request.malformed"},
        {TYPE, "--XX\r\nContent-Disposition: form-data; name=a\\\r\n\r\nx\r\n--XX--", NULL},
        {TYPE, "--XX\r\nContent-Disposition: form-data; name=\"a\\\r\n\r\nx\r\n--XX--", NULL},
        {TYPE, "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\r\n--XX--",
         "request.bad_utf8"},
        {TYPE, "--XX\r\nContent-Disposition: form-data; name=\xff\r\n\r\nx\r\n--XX--",
         "request.bad_utf8"},
        {TYPE, "--XX\r\nContent-Disposition: form-data; name=a; filename=\xff\r\n\r\nx\r\n--XX--",
         "request.bad_utf8"},
    };
    struct ctx *cx = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct part *parts;
        enum result result = multipart(cx, CASES[i].type, CASES[i].body, &parts);
        assert_int_equal(result, CASES[i].code ? INVALID : OK);
        if (CASES[i].code)
            assert_string_equal(cx->fault.code, CASES[i].code);
    }
}

/* Every prefix of a good body, and every byte of it turned over, is answered somehow. */
static void damaged_multipart_never_reads_outside(void **state)
{
    static const char BODY[] =
        "--XX\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\n"
        "Content-Type: text/plain\r\n\r\nx\r\n--XX\r\n"
        "Content-Disposition: form-data; name=c\r\n\r\ny\r\n--XX--\r\n";
    struct ctx *cx = *state;
    for (size_t i = 0; i < sizeof BODY - 1; i++) {
        struct part *parts;
        struct arena_mark mark = arena_mark(cx->mem);
        char *damaged = arena_dup(cx->mem, BODY);
        damaged[i] ^= 0x15;
        (void)multipart(cx, TYPE, damaged, &parts);
        damaged[i] = '\0';
        (void)multipart(cx, TYPE, damaged, &parts);
        arena_rewind(cx->mem, mark);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_urlencoded_form_is_a_list_of_names_and_values, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(bytes_that_are_not_utf8_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_form_of_thousands_of_fields_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_multipart_form_has_texts_and_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_of_files_come_in_several_spellings, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(broken_multipart_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damaged_multipart_never_reads_outside, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
