/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "paper/bundle.h"

#include "paper/paper_test.h"

static const struct instant AT = {1772764800000}; /* 2026-03-06 10:40 in Beijing */

static FILE *evidence(struct desk *desk, const char *name)
{
    struct bundle *bundle;
    FILE *file = fopen(at_path(desk, name), "w+b");
    assert_non_null(file);
    keep(desk, "stored", SPAN("a stored file\n"));
    assert_int_equal(bundle_begin(&desk->cx, file, AT, &bundle), OK);
    assert_int_equal(bundle_bytes(bundle, "说明.txt", SPAN("先看这里\n")), OK);
    assert_int_equal(bundle_bytes(bundle, "记录/函件.json", SPAN("{\"id\":7}\n")), OK);
    assert_int_equal(bundle_bytes(bundle, "空.txt", SPAN("")), OK);
    assert_int_equal(bundle_file(bundle, "附件/录音.wav", at_path(desk, "stored")), OK);
    assert_int_equal(bundle_end(bundle), OK);
    return file;
}

static void anybody_can_unpack_and_check_it(void **state)
{
    struct desk *desk = *state;
    (void)fclose(evidence(desk, "evidence.zip"));
    assert_non_null(strstr(tool(desk, "unzip -t evidence.zip"), "No errors detected"));
    assert_string_equal(tool(desk, "export LC_ALL=C.UTF-8; mkdir out && cd out && "
                                   "unzip -q ../evidence.zip && sha256sum -c SHA256SUMS"),
                        "说明.txt: OK\n记录/函件.json: OK\n空.txt: OK\n附件/录音.wav: OK\n");
    assert_string_equal(tool(desk, "cat out/附件/录音.wav"), "a stored file\n");
    char public_key[65], signature[SIGNATURE_HEX];
    hex_text(desk->keys.sign_public, sizeof desk->keys.sign_public, public_key);
    snprintf(signature, sizeof signature, "%s",
             tool(desk, "od -An -v -tx1 out/SHA256SUMS.sig | tr -d ' \n'"));
    const char *sums = arena_dup(desk->cx.mem, tool(desk, "cat out/SHA256SUMS"));
    assert_true(signature_valid(public_key, sums, signature));
}

static void the_same_parts_make_the_same_bytes_in_every_time_zone(void **state)
{
    struct desk *desk = *state;
    (void)fclose(evidence(desk, "one.zip"));
    setenv("TZ", "America/New_York", 1);
    (void)fclose(evidence(desk, "two.zip"));
    unsetenv("TZ");
    (void)tool(desk, "cmp one.zip two.zip");
    assert_non_null(strstr(tool(desk, "unzip -l one.zip"), "2026-03-06 10:40   "));
}

static void unsafe_names_are_refused(void **state)
{
    static const char *const NAMES[] = {"",
                                        "/etc/passwd",
                                        "../up",
                                        "a/../b",
                                        "a//b",
                                        "a/",
                                        ".",
                                        "a\\b",
                                        "C:x",
                                        "line\nbreak",
                                        "SHA256SUMS",
                                        "SHA256SUMS.sig",
                                        "trailing.",
                                        " leading",
                                        "a\xFF",
                                        ("gpj.\xE2\x80\xAE"
                                         "exe")};
    struct desk *desk = *state;
    for (size_t i = 0; i < COUNT(NAMES); i++) {
        struct bundle *bundle;
        FILE *file = tmpfile();
        assert_int_equal(bundle_begin(&desk->cx, file, AT, &bundle), OK);
        assert_int_equal(bundle_bytes(bundle, NAMES[i], SPAN("x")), INVALID);
        assert_string_equal(desk->cx.fault.code, "bundle.name");
        assert_int_equal(bundle_end(bundle), INVALID);
        desk->cx.fault = (struct fault){0};
        (void)fclose(file);
    }
}

static void a_name_is_given_once(void **state)
{
    struct desk *desk = *state;
    struct bundle *bundle;
    FILE *file = tmpfile();
    assert_int_equal(bundle_begin(&desk->cx, file, AT, &bundle), OK);
    assert_int_equal(bundle_bytes(bundle, "Letter.pdf", SPAN("x")), OK);
    assert_int_equal(bundle_bytes(bundle, "letter.PDF", SPAN("y")), CONFLICT);
    assert_int_equal(bundle_end(bundle), CONFLICT);
    (void)fclose(file);
}

static void a_missing_file_is_told(void **state)
{
    struct desk *desk = *state;
    struct bundle *bundle;
    FILE *file = tmpfile();
    assert_int_equal(bundle_begin(&desk->cx, file, AT, &bundle), OK);
    assert_int_equal(bundle_file(bundle, "a.pdf", at_path(desk, "nowhere")), NOT_FOUND);
    assert_string_equal(desk->cx.fault.args[0], "a.pdf");
    assert_int_equal(bundle_end(bundle), NOT_FOUND);
    (void)fclose(file);
}

static void a_full_disk_is_told(void **state)
{
    struct desk *desk = *state;
    struct bundle *bundle;
    FILE *file = fopen("/dev/full", "wb");
    assert_int_equal(bundle_begin(&desk->cx, file, AT, &bundle), OK);
    assert_int_equal(bundle_bytes(bundle, "a", SPAN("x")), OK);
    assert_int_equal(bundle_end(bundle), BROKEN);
    assert_string_equal(desk->cx.fault.code, "bundle.write");
    (void)fclose(file);
}

static void titles_become_names_that_are_safe(void **state)
{
    static const struct {
        const char *title, *name;
    } CASES[] = {
        {"关于增开工号的函", "关于增开工号的函"},
        {"外呼/18号: \"急\"", "外呼_18号_ _急_"},
        {" .. ", "_"},
        {"", "_"},
        {"a\tb.", "a_b"},
    };
    struct desk *desk = *state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct bundle *bundle;
        FILE *file = tmpfile();
        const char *name = bundle_safe(desk->cx.mem, CASES[i].title);
        assert_string_equal(name, CASES[i].name);
        assert_int_equal(bundle_begin(&desk->cx, file, AT, &bundle), OK);
        assert_int_equal(bundle_bytes(bundle, name, SPAN("x")), OK);
        assert_int_equal(bundle_end(bundle), OK);
        (void)fclose(file);
    }
    char *long_title = arena_alloc(desk->cx.mem, 3000);
    for (int i = 0; i < 900; i++)
        memcpy(long_title + i * 3, "函", 3);
    const char *name = bundle_safe(desk->cx.mem, long_title);
    assert_true(strlen(name) <= BUNDLE_NAME_MAX / 2 && utf8_valid(name, strlen(name)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(anybody_can_unpack_and_check_it),
        TEST(the_same_parts_make_the_same_bytes_in_every_time_zone),
        TEST(unsafe_names_are_refused),
        TEST(a_name_is_given_once),
        TEST(a_missing_file_is_told),
        TEST(a_full_disk_is_told),
        TEST(titles_become_names_that_are_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
