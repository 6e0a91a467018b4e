/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "jobs/outbox.h" /* after cmocka, whose fail() is not wanted here */
#include "jobs/test_receiver.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define HTTP_OK "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
#define LONG_MS 20000 /* never waited for */
#define SHORT_MS 200

struct fixture {
    struct ctx cx;
    struct outbox outbox;
    struct outgoing message;
    struct outbox_answer answer;
    const char *came;
};

static int start(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){
        .cx = {.mem = arena_new(), .now = {INT64_C(1795419185123)}},
        .outbox = {.mail = {.host = "127.0.0.1",
                            .security = MAIL_PLAIN,
                            .user = "",
                            .password = "",
                            .from = "luyue@example.com",
                            .from_name = "",
                            .greeting = "luyue.example.com"},
                   .mail_inside = true,
                   .robots_inside = true,
                   .connect_ms = LONG_MS,
                   .total_ms = LONG_MS},
        .message = {.id = "notice-7.2",
                    .written = {INT64_C(1795419000000)},
                    .to_name = "",
                    .secret = "",
                    .title = "Due",
                    .text = "soon",
                    .html = "",
                    .link = "",
                    .link_words = ""},
    };
    *state = &fixture;
    return 0;
}

static int end(void **state)
{
    struct fixture *f = *state;
    arena_free(f->cx.mem);
    return 0;
}

static enum result send_to(struct fixture *f, struct test_receiver *receiver)
{
    enum result result = outbox_send(&f->cx, &f->outbox, &f->message, &f->answer);
    f->came = receiver_end(receiver, f->cx.mem);
    return result;
}

static enum result send_mail_to(struct fixture *f, const char *command, const char *reply)
{
    struct test_receiver *receiver = receive_smtp(command, reply);
    f->outbox.mail.port = receiver_port(receiver);
    f->message.channel = OUTBOX_MAIL;
    f->message.to = "zhang@example.com";
    return send_to(f, receiver);
}

static enum result post_to(struct fixture *f, enum outbox_channel channel, const char *scheme,
                           const char *answer)
{
    struct test_receiver *receiver = receive_http(answer);
    f->message.channel = channel;
    f->message.to = arena_printf(f->cx.mem, "%s://127.0.0.1:%d/robot/send?key=k", scheme,
                                 receiver_port(receiver));
    return send_to(f, receiver);
}

static void assert_came(const struct fixture *f, const char *part)
{
    if (!strstr(f->came, part))
        print_error("%s\n", f->came);
    assert_non_null(strstr(f->came, part));
}

/* ---- mail ---- */

static void a_mail_goes_out_with_its_envelope(void **state)
{
    struct fixture *f = *state;
    f->outbox.mail.user = "luyue";
    f->outbox.mail.password = "secret";
    assert_int_equal(send_mail_to(f, "", ""), OK);
    assert_false(f->answer.retry);
    assert_int_equal(f->answer.status, 250);
    assert_memory_equal(f->came, "EHLO luyue.example.com\r\n", 24);
    assert_came(f, "AUTH PLAIN");
    assert_came(f, "AGx1eXVlAHNlY3JldA==\r\n"); /* NUL luyue NUL secret */
    assert_came(f, "\r\nMAIL FROM:<luyue@example.com>");
    assert_came(f, "\r\nRCPT TO:<zhang@example.com>\r\nDATA\r\nDate: Mon, 23 Nov 2026 15:30:00");
    assert_came(f, "\r\nMessage-ID: <notice-7.2@example.com>\r\n");
    assert_came(f, "\r\n\r\nc29vbg==\r\n--=_alternative--\r\n.\r\n");
}

static void a_mail_server_refuses_for_now_or_for_good(void **state)
{
    static const struct {
        const char *command, *reply;
        int status;
        enum result result;
        const char *code;
    } CASES[] = {
        {"RCPT", "550 5.1.1 no such user", 550, CONFLICT, "outbox.refused"},
        {"RCPT", "451 4.7.1 greylisted", 451, BUSY, "outbox.busy"},
        {"MAIL", "421 4.3.2 shutting down", 421, BUSY, "outbox.busy"},
        {"DATA", "554 5.7.1 not here", 554, CONFLICT, "outbox.refused"},
        {"AUTH", "535 5.7.8 wrong password", 535, FORBIDDEN, "outbox.login"},
        {"AUTH", "454 4.7.0 try later", 454, BUSY, "outbox.busy"},
    };
    struct fixture *f = *state;
    f->outbox.mail.user = "luyue";
    f->outbox.mail.password = "secret";
    for (size_t i = 0; i < COUNT(CASES); i++) {
        f->cx.fault = (struct fault){0};
        assert_int_equal(send_mail_to(f, CASES[i].command, CASES[i].reply), CASES[i].result);
        assert_string_equal(f->cx.fault.code, CASES[i].code);
        assert_int_equal(f->answer.status, CASES[i].status);
        assert_int_equal(f->answer.retry, CASES[i].result == BUSY);
        assert_null(strstr(f->came, "Message-ID"));
    }
}

static void nothing_is_said_to_a_mail_server_that_does_not_encrypt(void **state)
{
    struct fixture *f = *state;
    f->outbox.mail.security = MAIL_STARTTLS;
    f->outbox.mail.user = "luyue";
    f->outbox.mail.password = "secret";
    assert_int_equal(send_mail_to(f, "STARTTLS", "502 5.5.1 what?"), CONFLICT);
    assert_string_equal(f->cx.fault.code, "outbox.tls");
    assert_false(f->answer.retry);
    assert_null(strstr(f->came, "AUTH"));
    assert_null(strstr(f->came, "MAIL"));
}

static void a_mail_server_inside_needs_leave(void **state)
{
    struct fixture *f = *state;
    f->outbox.mail_inside = false;
    assert_int_equal(send_mail_to(f, "", ""), FORBIDDEN);
    assert_string_equal(f->cx.fault.code, "outbox.inside");
    assert_string_equal(f->came, "");
}

/* ---- robots ---- */

static void a_post_goes_out_in_the_documented_form(void **state)
{
    static const char BODY[] = "{\"msgtype\":\"markdown\",\"markdown\":"
                               "{\"content\":\"**Due**\\nsoon\"}}";
    struct fixture *f = *state;
    assert_int_equal(post_to(f, OUTBOX_WECOM, "http", HTTP_OK "{\"errcode\":0,\"errmsg\":\"ok\"}"),
                     OK);
    assert_int_equal(f->answer.status, 200);
    assert_false(f->answer.retry);
    assert_memory_equal(f->came, "POST /robot/send?key=k HTTP/1.1\r\n", 33);
    assert_came(f, "\r\nContent-Type: application/json; charset=utf-8\r\n");
    assert_string_equal(strstr(f->came, "\r\n\r\n") + 4, BODY);
}

static void a_webhook_gets_its_headers(void **state)
{
    struct fixture *f = *state;
    f->message.secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    assert_int_equal(post_to(f, OUTBOX_WEBHOOK, "http", "HTTP/1.1 204 No Content\r\n\r\n"), OK);
    assert_came(f, "\r\nwebhook-id: notice-7.2\r\n");
    assert_came(f, "\r\nwebhook-timestamp: 1795419185\r\n");
    assert_came(f, "\r\nwebhook-signature: v1,");
}

static void a_wrong_code_is_not_tried_again_a_busy_server_is(void **state)
{
    static const struct {
        enum outbox_channel channel;
        const char *answer;
        enum result result;
        int status, retry_after_s;
    } CASES[] = {
        {OUTBOX_WECOM, HTTP_OK "{\"errcode\":93000,\"errmsg\":\"invalid webhook url\"}", CONFLICT,
         200, 0},
        {OUTBOX_FEISHU, HTTP_OK "{\"code\":19021,\"msg\":\"sign match fail\"}", CONFLICT, 200, 0},
        {OUTBOX_DINGTALK, HTTP_OK "{\"errcode\":130101,\"errmsg\":\"send too fast\"}", TOO_MANY,
         200, 0},
        {OUTBOX_WEBHOOK, "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", BUSY, 500, 0},
        {OUTBOX_WEBHOOK, "HTTP/1.1 429 Slow\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n",
         TOO_MANY, 429, 90},
        {OUTBOX_WEBHOOK, "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", CONFLICT, 410, 0},
        {OUTBOX_WECOM, HTTP_OK "not JSON", CONFLICT, 200, 0},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        f->cx.fault = (struct fault){0};
        assert_int_equal(post_to(f, CASES[i].channel, "http", CASES[i].answer), CASES[i].result);
        assert_int_equal(f->answer.status, CASES[i].status);
        assert_int_equal(f->answer.retry_after_s, CASES[i].retry_after_s);
        assert_int_equal(f->answer.retry, CASES[i].result != CONFLICT);
    }
}

static void a_redirect_is_not_followed(void **state)
{
    struct fixture *f = *state;
    struct test_receiver *elsewhere = receive_http(HTTP_OK "{\"errcode\":0}");
    const char *answer = arena_printf(f->cx.mem,
                                      "HTTP/1.1 307 There\r\nContent-Length: 0\r\n"
                                      "Location: http://127.0.0.1:%d/\r\n\r\n",
                                      receiver_port(elsewhere));
    assert_int_equal(post_to(f, OUTBOX_WECOM, "http", answer), CONFLICT);
    assert_string_equal(f->cx.fault.code, "outbox.refused");
    assert_string_equal(receiver_end(elsewhere, f->cx.mem), "");
}

static void an_endless_answer_is_cut_off(void **state)
{
    struct fixture *f = *state;
    char *answer = arena_buffer(f->cx.mem, 200000);
    memset(answer, ' ', 200000);
    memcpy(answer, HTTP_OK, strlen(HTTP_OK));
    answer[199999] = '\0';
    assert_int_equal(post_to(f, OUTBOX_WECOM, "http", answer), CONFLICT);
    assert_string_equal(f->cx.fault.code, "outbox.answer");
}

static void a_silent_receiver_is_given_up_and_tried_again(void **state)
{
    struct fixture *f = *state;
    f->outbox.total_ms = SHORT_MS;
    assert_int_equal(post_to(f, OUTBOX_WECOM, "http", ""), BUSY);
    assert_string_equal(f->cx.fault.code, "outbox.timeout");
    assert_true(f->answer.retry);
    assert_int_equal(f->answer.status, 0);
}

static void nobody_there_is_tried_again(void **state)
{
    struct fixture *f = *state;
    struct test_receiver *gone = receive_http("");
    f->message.to = arena_printf(f->cx.mem, "http://127.0.0.1:%d/", receiver_port(gone));
    f->message.channel = OUTBOX_WEBHOOK;
    receiver_end(gone, f->cx.mem);
    assert_int_equal(outbox_send(&f->cx, &f->outbox, &f->message, &f->answer), BUSY);
    assert_string_equal(f->cx.fault.code, "outbox.unreachable");
    assert_true(f->answer.retry);
}

static void an_address_inside_is_refused_however_it_is_written(void **state)
{
    static const char *const HOSTS[] = {"127.0.0.1", "localhost", "127.1", "2130706433", "0.0.0.0"};
    struct fixture *f = *state;
    f->outbox.robots_inside = false;
    f->message.channel = OUTBOX_WECOM;
    for (size_t i = 0; i < COUNT(HOSTS); i++) {
        struct test_receiver *receiver = receive_http(HTTP_OK "{\"errcode\":0}");
        f->cx.fault = (struct fault){0};
        f->message.to =
            arena_printf(f->cx.mem, "https://%s:%d/", HOSTS[i], receiver_port(receiver));
        assert_int_equal(send_to(f, receiver), FORBIDDEN);
        assert_string_equal(f->cx.fault.code, "outbox.inside");
        assert_false(f->answer.retry);
        assert_string_equal(f->came, "");
    }
}

static void a_receiver_without_tls_gets_nothing(void **state)
{
    struct fixture *f = *state;
    struct test_receiver *receiver = receive_smtp("", ""); /* speaks first, and in the clear */
    f->message.channel = OUTBOX_WECOM;
    f->message.to = arena_printf(f->cx.mem, "https://127.0.0.1:%d/", receiver_port(receiver));
    assert_int_equal(send_to(f, receiver), BUSY);
    assert_string_equal(f->cx.fault.code, "outbox.unreachable");
    assert_null(strstr(f->came, "POST"));
}

static int start_all(void **state)
{
    hash_start();
    outbox_start();
    return 0;
}

#define OUTBOX_TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OUTBOX_TEST(a_mail_goes_out_with_its_envelope),
        OUTBOX_TEST(a_mail_server_refuses_for_now_or_for_good),
        OUTBOX_TEST(nothing_is_said_to_a_mail_server_that_does_not_encrypt),
        OUTBOX_TEST(a_mail_server_inside_needs_leave),
        OUTBOX_TEST(a_post_goes_out_in_the_documented_form),
        OUTBOX_TEST(a_webhook_gets_its_headers),
        OUTBOX_TEST(a_wrong_code_is_not_tried_again_a_busy_server_is),
        OUTBOX_TEST(a_redirect_is_not_followed),
        OUTBOX_TEST(an_endless_answer_is_cut_off),
        OUTBOX_TEST(a_silent_receiver_is_given_up_and_tried_again),
        OUTBOX_TEST(nobody_there_is_tried_again),
        OUTBOX_TEST(an_address_inside_is_refused_however_it_is_written),
        OUTBOX_TEST(a_receiver_without_tls_gets_nothing),
    };
    return cmocka_run_group_tests(tests, start_all, NULL);
}
