/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The forms are those of the services' documentation (robot.h); the signatures were worked out with
 * another implementation of HMAC. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/json.h"
#include "jobs/robot.h" /* after cmocka, whose fail() is not wanted here */

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct outgoing MESSAGE = {
    .id = "notice-7.2",
    .written = {INT64_C(1795419000000)}, /* 2026-11-23T15:30:00+08:00 */
    .to = "https://robot.example.com/send?key=k",
    .secret = "",
    .title = "考核依据 3 天后到期",
    .text = "合同 HT-1\n请处理",
    .link = "https://luyue.example.com/duties/7",
    .link_words = "打开",
};

static int start(void **state)
{
    static struct ctx cx;
    hash_start();
    cx = (struct ctx){.mem = arena_new(), .now = {INT64_C(1795419185123)}};
    *state = &cx;
    return 0;
}

static int end(void **state)
{
    struct ctx *cx = *state;
    arena_free(cx->mem);
    return 0;
}

static struct post posted(struct ctx *cx, const struct outgoing *message)
{
    struct post post;
    assert_int_equal(robot_post(cx, message, false, &post), OK);
    return post;
}

static struct post posted_to(struct ctx *cx, enum outbox_channel channel, const char *secret)
{
    struct outgoing message = MESSAGE;
    message.channel = channel;
    message.secret = secret;
    return posted(cx, &message);
}

/* ---- forms and signatures ---- */

static void wecom_gets_markdown(void **state)
{
    struct post post = posted_to(*state, OUTBOX_WECOM, "");
    assert_string_equal(post.url, "https://robot.example.com/send?key=k");
    assert_string_equal(post.body.at, "{\"msgtype\":\"markdown\",\"markdown\":{\"content\":"
                                      "\"**考核依据 3 天后到期**\\n合同 HT-1\\n请处理\\n"
                                      "[打开](https://luyue.example.com/duties/7)\"}}");
    assert_null(post.headers[0]);
}

static void dingtalk_gets_markdown_and_a_signed_address(void **state)
{
    struct post post = posted_to(*state, OUTBOX_DINGTALK, "this is secret");
    assert_string_equal(post.url, "https://robot.example.com/send?key=k&timestamp=1795419185123"
                                  "&sign=8DMUi2U85x%2FqJtcs0i9WpvMKOxAL%2FecGwjIaZRKm7Kw%3D");
    assert_string_equal(post.body.at,
                        "{\"msgtype\":\"markdown\",\"markdown\":{\"title\":\"考核依据 3 天后到期\","
                        "\"text\":\"**考核依据 3 天后到期**\\n\\n合同 HT-1\\n\\n请处理\\n\\n"
                        "[打开](https://luyue.example.com/duties/7)\"}}");
}

static void feishu_gets_a_post_with_its_signature_inside(void **state)
{
    struct post post = posted_to(*state, OUTBOX_FEISHU, "this is secret");
    assert_string_equal(post.url, "https://robot.example.com/send?key=k");
    assert_string_equal(
        post.body.at,
        "{\"timestamp\":\"1795419185\",\"sign\":\"t8Bhx87QOsoXJdB9FoWZErFhMVF/ZZgqsVxFowIDTgA=\","
        "\"msg_type\":\"post\",\"content\":{\"post\":{\"zh_cn\":{\"title\":\"考核依据 3 天后到期\","
        "\"content\":[[{\"tag\":\"text\",\"text\":\"合同 HT-1\\n请处理\"}],"
        "[{\"tag\":\"a\",\"text\":\"打开\",\"href\":\"https://luyue.example.com/duties/7\"}]]}}}}");
}

static void a_webhook_gets_the_headers_of_the_standard(void **state)
{
    struct post post = posted_to(*state, OUTBOX_WEBHOOK, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    assert_string_equal(post.body.at,
                        "{\"id\":\"notice-7.2\",\"timestamp\":\"2026-11-23T15:30:00+08:00\","
                        "\"title\":\"考核依据 3 天后到期\",\"text\":\"合同 HT-1\\n请处理\","
                        "\"link\":\"https://luyue.example.com/duties/7\"}");
    assert_string_equal(post.headers[0], "webhook-id: notice-7.2");
    assert_string_equal(post.headers[1], "webhook-timestamp: 1795419185");
    assert_string_equal(post.headers[2],
                        "webhook-signature: v1,EZHD7PfKYKLw3JjbWDrBc8yBQ1sq0Ipm/AQEMY4N2F8=");
    assert_null(post.headers[3]);
}

static void without_a_secret_nothing_is_signed(void **state)
{
    assert_string_equal(posted_to(*state, OUTBOX_DINGTALK, "").url, MESSAGE.to);
    assert_memory_equal(posted_to(*state, OUTBOX_FEISHU, "").body.at, "{\"msg_type\"", 11);
    assert_null(posted_to(*state, OUTBOX_WEBHOOK, "").headers[2]);
}

/* ---- words that are not ours ---- */

static void words_cannot_make_links_mentions_or_headings(void **state)
{
    struct outgoing message = MESSAGE;
    message.channel = OUTBOX_WECOM;
    message.title = "<@all> [免费](http://evil.example)\n# x";
    message.text = "> `y` **z** \\*";
    message.link = "";
    assert_string_equal(posted(*state, &message).body.at,
                        "{\"msgtype\":\"markdown\",\"markdown\":{\"content\":"
                        "\"**＜@all＞ ［免费］(http://evil.example) ＃ x**\\n"
                        "＞ ｀y｀ ＊＊z＊＊ ＼＊\"}}");
}

/* The first string of the body that is longer than any name of a member. */
static const char *content_of(struct ctx *cx, struct post post)
{
    struct json_reader json;
    json_start(&json, cx->mem, post.body.at, post.body.len);
    for (enum json_token token = json_next(&json); token != JSON_DONE; token = json_next(&json)) {
        assert_int_not_equal(token, JSON_ERROR);
        if (token == JSON_STRING && json.text.len > 3000)
            return json_text(&json);
    }
    return "";
}

static void what_is_too_long_is_cut_but_keeps_its_link(void **state)
{
    static const enum outbox_channel CASES[] = {OUTBOX_WECOM, OUTBOX_DINGTALK, OUTBOX_FEISHU};
    struct text words = text_new(((struct ctx *)*state)->mem, 1024);
    for (int i = 0; i < 3000; i++)
        text_puts(&words, "字");
    struct outgoing message = MESSAGE;
    message.text = message.title = text_end(&words);
    for (size_t i = 0; i < COUNT(CASES); i++) {
        message.channel = CASES[i];
        message.title = CASES[i] == OUTBOX_WECOM ? message.text : "x";
        struct post post = posted(*state, &message);
        const char *content = content_of(*state, post);
        assert_in_range(strlen(content), 4000, 4096);
        assert_non_null(strstr(content, "字…"));
        assert_non_null(strstr(post.body.at, "https://luyue.example.com/duties/7"));
    }
}

/* ---- what is refused ---- */

static void assert_refused(struct ctx *cx, const struct outgoing *message, bool inside,
                           const char *code)
{
    struct post post;
    cx->fault = (struct fault){0};
    assert_int_equal(robot_post(cx, message, inside, &post), INVALID);
    assert_string_equal(cx->fault.code, code);
}

static void only_a_web_address_is_posted_to(void **state)
{
    static const char *const CASES[] = {"",
                                        "robot.example.com",
                                        "file:///etc/passwd",
                                        "gopher://robot.example.com/",
                                        "http://robot.example.com/",
                                        "https://robot.example.com/\r\nX: y",
                                        "https://robot.example.com/a b"};
    struct outgoing message = MESSAGE;
    message.channel = OUTBOX_WECOM;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        message.to = CASES[i];
        assert_refused(*state, &message, false, "outbox.url");
    }
    message.to = "file:///etc/passwd";
    assert_refused(*state, &message, true, "outbox.url");
    struct post post;
    message.to = "http://robot.example.com/";
    assert_int_equal(robot_post(*state, &message, true, &post), OK);
}

static void a_webhook_needs_a_secret_in_base64_and_a_plain_id(void **state)
{
    struct outgoing message = MESSAGE;
    message.channel = OUTBOX_WEBHOOK;
    message.secret = "not base64!";
    assert_refused(*state, &message, false, "outbox.secret");
    message.secret = "whsec_";
    assert_refused(*state, &message, false, "outbox.secret");
    message.secret = "";
    message.id = "7\r\nX: y";
    assert_refused(*state, &message, false, "outbox.id");
}

/* ---- answers ---- */

static void an_answer_is_taken_or_refused_for_now_or_for_good(void **state)
{
    static const struct {
        enum outbox_channel channel;
        int status;
        const char *body;
        enum result result;
        const char *code;
    } CASES[] = {
        {OUTBOX_WECOM, 200, "{\"errcode\":0,\"errmsg\":\"ok\"}", OK, NULL},
        {OUTBOX_WECOM, 200, "{\"errcode\":93000,\"errmsg\":\"invalid webhook url\"}", CONFLICT,
         "outbox.refused"},
        {OUTBOX_WECOM, 200, "{\"errcode\":45009,\"errmsg\":\"api freq out of limit\"}", TOO_MANY,
         "outbox.limited"},
        {OUTBOX_WECOM, 200, "{\"errcode\":-1,\"errmsg\":\"system error\"}", BUSY, "outbox.busy"},
        {OUTBOX_DINGTALK, 200, "{\"errcode\":0,\"errmsg\":\"ok\"}", OK, NULL},
        {OUTBOX_DINGTALK, 200, "{\"errcode\":310000,\"errmsg\":\"sign not match\"}", CONFLICT,
         "outbox.refused"},
        {OUTBOX_DINGTALK, 200, "{\"errcode\":130101,\"errmsg\":\"send too fast\"}", TOO_MANY,
         "outbox.limited"},
        {OUTBOX_FEISHU, 200,
         "{\"StatusCode\":0,\"StatusMessage\":\"success\",\"code\":0,\"data\":{},\"msg\":"
         "\"success\"}",
         OK, NULL},
        {OUTBOX_FEISHU, 200, "{\"StatusCode\":0,\"StatusMessage\":\"success\"}", OK, NULL},
        {OUTBOX_FEISHU, 200, "{\"code\":19021,\"data\":{},\"msg\":\"sign match fail\"}", CONFLICT,
         "outbox.refused"},
        {OUTBOX_FEISHU, 400, "{\"code\":9499,\"msg\":\"too many request\",\"data\":{}}", TOO_MANY,
         "outbox.limited"},
        {OUTBOX_WECOM, 404, "", CONFLICT, "outbox.refused"},
        {OUTBOX_WECOM, 200, "<html>", CONFLICT, "outbox.answer"},
        {OUTBOX_WECOM, 200, "{\"errcode\":\"0\"}", CONFLICT, "outbox.answer"},
        {OUTBOX_WECOM, 200, "{}", CONFLICT, "outbox.answer"},
        {OUTBOX_WEBHOOK, 204, "", OK, NULL},
        {OUTBOX_WEBHOOK, 200, "{\"errcode\":1}", OK, NULL},
        {OUTBOX_WEBHOOK, 302, "", CONFLICT, "outbox.refused"},
        {OUTBOX_WEBHOOK, 401, "", CONFLICT, "outbox.refused"},
        {OUTBOX_WEBHOOK, 408, "", BUSY, "outbox.busy"},
        {OUTBOX_WEBHOOK, 429, "", TOO_MANY, "outbox.limited"},
        {OUTBOX_WEBHOOK, 503, "", BUSY, "outbox.busy"},
    };
    struct ctx *cx = *state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        cx->fault = (struct fault){0};
        enum result result =
            robot_answer(cx, CASES[i].channel, CASES[i].status, span_of(CASES[i].body));
        if (result != CASES[i].result)
            print_error("%s\n", CASES[i].body);
        assert_int_equal(result, CASES[i].result);
        if (CASES[i].code)
            assert_string_equal(cx->fault.code, CASES[i].code);
    }
}

static void a_refusal_has_their_code_and_some_of_their_words(void **state)
{
    struct ctx *cx = *state;
    cx->fault = (struct fault){0};
    assert_int_equal(robot_answer(cx, OUTBOX_DINGTALK, 200,
                                  SPAN("{\"errcode\":310000,\"errmsg\":\"sign not match\"}")),
                     CONFLICT);
    assert_string_equal(cx->fault.args[0], "310000");
    assert_string_equal(cx->fault.args[1], "sign not match");

    char body[2000] = "{\"errcode\":1,\"errmsg\":\"";
    size_t len = strlen(body);
    memset(body + len, 'x', 1000);
    memcpy(body + len + 1000, "\"}", 3);
    cx->fault = (struct fault){0};
    assert_int_equal(robot_answer(cx, OUTBOX_WECOM, 200, span_of(body)), CONFLICT);
    assert_int_equal(strlen(cx->fault.args[1]), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wecom_gets_markdown),
        cmocka_unit_test(dingtalk_gets_markdown_and_a_signed_address),
        cmocka_unit_test(feishu_gets_a_post_with_its_signature_inside),
        cmocka_unit_test(a_webhook_gets_the_headers_of_the_standard),
        cmocka_unit_test(without_a_secret_nothing_is_signed),
        cmocka_unit_test(words_cannot_make_links_mentions_or_headings),
        cmocka_unit_test(what_is_too_long_is_cut_but_keeps_its_link),
        cmocka_unit_test(only_a_web_address_is_posted_to),
        cmocka_unit_test(a_webhook_needs_a_secret_in_base64_and_a_plain_id),
        cmocka_unit_test(an_answer_is_taken_or_refused_for_now_or_for_good),
        cmocka_unit_test(a_refusal_has_their_code_and_some_of_their_words),
    };
    return cmocka_run_group_tests(tests, start, end);
}
