/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "jobs/mail.h" /* after cmocka, whose fail() is not wanted here */

static const struct mail_server SERVER = {.from = "luyue@example.com", .from_name = "履约系统"};
static const struct outgoing MESSAGE = {
    .id = "notice-7.2",
    .written = {INT64_C(1795419185123)}, /* 2026-11-23T15:33:05.123+08:00 */
    .channel = OUTBOX_MAIL,
    .to = "zhang@example.com",
    .to_name = "Zhang San",
    .title = "Due: 3 days",
    .text = "第一行\nsecond",
    .html = "<p>第一行</p>",
};

static int start(void **state)
{
    static struct ctx cx;
    hash_start();
    cx = (struct ctx){.mem = arena_new()};
    *state = &cx;
    return 0;
}

static int end(void **state)
{
    struct ctx *cx = *state;
    arena_free(cx->mem);
    return 0;
}

static const char *built(struct ctx *cx, const struct outgoing *message)
{
    struct span mail;
    assert_int_equal(mail_build(cx, &SERVER, message, &mail), OK);
    return arena_copy(cx->mem, mail.at, mail.len);
}

static void a_mail_has_its_headers_and_both_forms(void **state)
{
    static const char EXPECTED[] =
        "Date: Mon, 23 Nov 2026 15:33:05 +0800\r\n"
        "From: =?UTF-8?B?5bGl57qm57O757uf?=\r\n <luyue@example.com>\r\n"
        "To: Zhang San\r\n <zhang@example.com>\r\n"
        "Subject: Due: 3 days\r\n"
        "Message-ID: <notice-7.2@example.com>\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative; boundary=\"=_alternative\"\r\n"
        "\r\n"
        "--=_alternative\r\n"
        "Content-Type: text/plain; charset=UTF-8\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        "\r\n"
        "56ys5LiA6KGMDQpzZWNvbmQ=\r\n"
        "--=_alternative\r\n"
        "Content-Type: text/html; charset=UTF-8\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        "\r\n"
        "PHA+56ys5LiA6KGMPC9wPg==\r\n"
        "--=_alternative--\r\n";
    assert_string_equal(built(*state, &MESSAGE), EXPECTED);
}

static void a_mail_without_html_has_one_form(void **state)
{
    struct outgoing message = MESSAGE;
    message.html = "";
    message.to_name = "";
    const char *mail = built(*state, &message);
    assert_null(strstr(mail, "text/html"));
    assert_non_null(strstr(mail, "\r\nTo: <zhang@example.com>\r\n"));
}

static void every_try_is_the_same_mail(void **state)
{
    struct ctx *cx = *state;
    cx->now = (struct instant){1};
    const char *first = built(cx, &MESSAGE);
    cx->now = (struct instant){INT64_C(1795419999999)};
    assert_string_equal(built(cx, &MESSAGE), first);
}

/* The words of the header, decoded again. */
static const char *decoded(struct ctx *cx, const char *at)
{
    struct text words = text_new(cx->mem, 256);
    while (strncmp(at, "=?UTF-8?B?", 10) == 0) {
        size_t len = strcspn(at + 10, "?"), bytes_len;
        const unsigned char *bytes =
            base64_read(cx->mem, arena_copy(cx->mem, at + 10, len), &bytes_len);
        assert_non_null(bytes);
        assert_true(utf8_valid((const char *)bytes, bytes_len));
        text_put(&words, (const char *)bytes, bytes_len);
        at += 10 + len + strlen("?=");
        at += strncmp(at, "\r\n ", 3) == 0 ? 3 : 0;
    }
    return text_end(&words);
}

static void a_long_title_is_folded_between_characters(void **state)
{
    static const char TITLE[] =
        "【履约】合同 HT-2026-0012 《东区保洁服务》的月度考核依据须于 12 月 2 日前"
        "书面提交,现在还差三天,请尽快处理😀";
    struct outgoing message = MESSAGE;
    message.title = TITLE;
    const char *mail = built(*state, &message);
    const char *subject = strstr(mail, "\r\nSubject: ");
    assert_non_null(subject);
    assert_string_equal(decoded(*state, subject + strlen("\r\nSubject: ")), TITLE);
}

static void a_line_is_never_too_long(void **state)
{
    struct outgoing message = MESSAGE;
    char long_text[4000];
    memset(long_text, 'x', sizeof(long_text) - 1);
    long_text[sizeof(long_text) - 1] = '\0';
    message.title = message.text = message.html = message.to_name = long_text;
    for (const char *at = built(*state, &message); *at; at += 2) {
        size_t len = strcspn(at, "\r");
        assert_in_range(len, 0, 76);
        at += len;
        assert_int_equal(at[1], '\n');
    }
}

static void nothing_in_a_title_or_a_name_begins_a_header(void **state)
{
    static const char *const CASES[] = {"x\r\nBcc: all@example.com", "x\nBcc: y",
                                        "=?UTF-8?B?eA==?=", "\"<all@example.com>\""};
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct outgoing message = MESSAGE;
        message.title = message.to_name = CASES[i];
        const char *mail = built(*state, &message);
        assert_null(strstr(mail, "\nBcc"));
        assert_null(strstr(mail, "eA==?="));
        const char *to = strstr(mail, "\r\nTo: ");
        assert_string_equal(decoded(*state, to + strlen("\r\nTo: ")), CASES[i]);
    }
}

static void an_address_is_one_name_at_one_host(void **state)
{
    static const struct {
        const char *address;
        bool valid;
    } CASES[] = {
        {"zhang@example.com", true},
        {"zhang.san+luyue@mail.example.cn", true},
        {"", false},
        {"zhang", false},
        {"@example.com", false},
        {"zhang@", false},
        {"a@b@c", false},
        {"a b@example.com", false},
        {"a@example.com\r\nDATA", false},
        {"<a@example.com>", false},
        {"a@example.com,b@c.d", false},
        {"张@example.com", false},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
        assert_int_equal(mail_address_valid(CASES[i].address), CASES[i].valid);
}

static void assert_refused(struct ctx *cx, const struct mail_server *server,
                           const struct outgoing *message, const char *code)
{
    struct span mail;
    cx->fault = (struct fault){0};
    assert_int_equal(mail_build(cx, server, message, &mail), INVALID);
    assert_string_equal(cx->fault.code, code);
}

static void what_could_not_stand_in_a_header_is_refused(void **state)
{
    struct outgoing message = MESSAGE;
    struct mail_server server = SERVER;
    message.to = "zhang@example.com>\r\nRCPT TO:<all@example.com";
    assert_refused(*state, &SERVER, &message, "outbox.to");
    server.from = "nobody";
    assert_refused(*state, &server, &MESSAGE, "outbox.from");
    message = MESSAGE;
    message.id = "7>\r\nBcc: x";
    assert_refused(*state, &SERVER, &message, "outbox.id");
    message.id = "";
    assert_refused(*state, &SERVER, &message, "outbox.id");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mail_has_its_headers_and_both_forms),
        cmocka_unit_test(a_mail_without_html_has_one_form),
        cmocka_unit_test(every_try_is_the_same_mail),
        cmocka_unit_test(a_long_title_is_folded_between_characters),
        cmocka_unit_test(a_line_is_never_too_long),
        cmocka_unit_test(nothing_in_a_title_or_a_name_begins_a_header),
        cmocka_unit_test(an_address_is_one_name_at_one_host),
        cmocka_unit_test(what_could_not_stand_in_a_header_is_refused),
    };
    return cmocka_run_group_tests(tests, start, end);
}
