/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "jobs/robot.h"

#include "base/hash.h"
#include "base/json.h"
#include "jobs/outbox_private.h"

#include <string.h>

/* WeCom takes 4096 bytes of Markdown, the others about 20,000 in all. A note in a group points to
 * the matter, so one measure does for all. */
#define CONTENT_MAX 4096
#define WORDS_MAX 200 /* of their refusal */
#define WHSEC "whsec_"

/* ---- what they show ---- */

/* Markdown of the words as they are. None of the services documents an escape, so signs that would
 * make links, mentions or headings become their full-width twins. */
static void put_literally(struct text *out, const char *words, size_t len)
{
    static const char SIGNS[] = "*`[]<>#\\";
    static const char *const TWINS[] = {"＊", "｀", "［", "］", "＜", "＞", "＃", "＼"};
    for (size_t i = 0; i < len; i++) {
        const char *sign = words[i] ? strchr(SIGNS, words[i]) : NULL;
        if (sign)
            text_puts(out, TWINS[sign - SIGNS]);
        else
            text_putc(out, words[i]);
    }
}

/* As much as fits before `max`, in whole characters, with a sign that something is missing. */
static void put_cut(struct text *out, const char *words, size_t max)
{
    static const char MORE[] = "…";
    const char *end = words;
    if (strlen(words) > max) {
        for (const char *next = words; (size_t)(next - words) + strlen(MORE) <= max;) {
            end = next;
            utf8_next(&next);
        }
        text_put(out, words, (size_t)(end - words));
        text_puts(out, MORE);
    } else {
        text_puts(out, words);
    }
}

/* DingTalk joins lines that have no empty one between them. */
static const char *markdown_lines(struct arena *arena, const char *words, const char *line_end)
{
    struct text out = text_new(arena, strlen(words) + 64);
    for (;;) {
        size_t len = strcspn(words, "\n");
        put_literally(&out, words, len);
        words += len;
        if (!*words++)
            return text_end(&out);
        text_puts(&out, line_end);
    }
}

static const char *markdown(struct arena *arena, const struct outgoing *message,
                            const char *line_end)
{
    struct text tail = text_new(arena, 256), out = text_new(arena, 1024);
    if (*message->link) {
        text_printf(&tail, "%s[", line_end);
        put_literally(&tail, message->link_words, strlen(message->link_words));
        text_printf(&tail, "](%s)", message->link);
    }
    text_puts(&out, "**");
    put_cut(&out, markdown_lines(arena, message->title, " "), CONTENT_MAX / 4);
    text_printf(&out, "**%s", line_end);
    size_t used = out.len + tail.len;
    put_cut(&out, markdown_lines(arena, message->text, line_end),
            used < CONTENT_MAX ? CONTENT_MAX - used : 0);
    text_put(&out, tail.at, tail.len);
    return text_end(&out);
}

/* ---- signatures ---- */

static const char *signature(struct arena *arena, struct span key, struct span message)
{
    unsigned char code[HMAC_LEN];
    hmac_sha256(key.at, key.len, message.at, message.len, code);
    return base64_text(arena, code, sizeof(code));
}

static void put_string(struct json_writer *json, const char *name, const char *value)
{
    json_key(json, name);
    json_string(json, value);
}

/* ---- WeCom ---- */

static enum result wecom_post(struct ctx *cx, const struct outgoing *message,
                              struct json_writer *json, struct post *out)
{
    json_object(json);
    put_string(json, "msgtype", "markdown");
    json_key(json, "markdown");
    json_object(json);
    put_string(json, "content", markdown(cx->mem, message, "\n"));
    json_object_end(json);
    json_object_end(json);
    return OK;
}

/* ---- DingTalk ---- */

/* The signature is of "milliseconds LF secret", by the secret, and goes into the URL. */
static enum result dingtalk_post(struct ctx *cx, const struct outgoing *message,
                                 struct json_writer *json, struct post *out)
{
    if (*message->secret) {
        const char *signed_text =
            arena_printf(cx->mem, "%lld\n%s", (long long)cx->now.ms, message->secret);
        const char *sign = signature(cx->mem, span_of(message->secret), span_of(signed_text));
        struct text url = text_new(cx->mem, 256);
        text_printf(&url, "%s%ctimestamp=%lld&sign=", message->to,
                    strchr(message->to, '?') ? '&' : '?', (long long)cx->now.ms);
        text_url(&url, sign, strlen(sign));
        out->url = text_end(&url);
    }
    json_object(json);
    put_string(json, "msgtype", "markdown");
    json_key(json, "markdown");
    json_object(json);
    put_string(json, "title", message->title);
    put_string(json, "text", markdown(cx->mem, message, "\n\n"));
    json_object_end(json);
    json_object_end(json);
    return OK;
}

/* ---- Feishu ---- */

/* Here "seconds LF secret" is the key, and what is signed is empty. */
static void put_feishu_sign(struct ctx *cx, const char *secret, struct json_writer *json)
{
    const char *timestamp = arena_printf(cx->mem, "%lld", (long long)(cx->now.ms / 1000));
    const char *key = arena_printf(cx->mem, "%s\n%s", timestamp, secret);
    put_string(json, "timestamp", timestamp);
    put_string(json, "sign", signature(cx->mem, span_of(key), span_of("")));
}

static void put_feishu_tag(struct json_writer *json, const char *tag, const char *words,
                           const char *link)
{
    json_object(json);
    put_string(json, "tag", tag);
    put_string(json, "text", words);
    if (*link)
        put_string(json, "href", link);
    json_object_end(json);
}

/* A "post", whose words are never read as markup. */
static enum result feishu_post(struct ctx *cx, const struct outgoing *message,
                               struct json_writer *json, struct post *out)
{
    struct text words = text_new(cx->mem, 1024);
    put_cut(&words, message->text, CONTENT_MAX);
    json_object(json);
    if (*message->secret)
        put_feishu_sign(cx, message->secret, json);
    put_string(json, "msg_type", "post");
    json_key(json, "content");
    json_object(json);
    json_key(json, "post");
    json_object(json);
    json_key(json, "zh_cn");
    json_object(json);
    put_string(json, "title", message->title);
    json_key(json, "content");
    json_array(json);
    json_array(json);
    put_feishu_tag(json, "text", text_end(&words), "");
    json_array_end(json);
    if (*message->link) {
        json_array(json);
        put_feishu_tag(json, "a", message->link_words, message->link);
        json_array_end(json);
    }
    json_array_end(json);
    for (int level = 0; level < 4; level++)
        json_object_end(json);
    return OK;
}

/* ---- webhooks ---- */

/* Standard Webhooks: "id.seconds.body" by the bytes that the secret is base64 of. */
static enum result webhook_sign(struct ctx *cx, const struct outgoing *message, struct post *post)
{
    size_t skipped = strncmp(message->secret, WHSEC, strlen(WHSEC)) == 0 ? strlen(WHSEC) : 0;
    size_t key_len;
    const unsigned char *key = base64_read(cx->mem, message->secret + skipped, &key_len);
    if (!key || !key_len)
        return fail(cx, INVALID, "outbox.secret");
    const char *signed_text =
        arena_printf(cx->mem, "%s.%lld.%.*s", message->id, (long long)(cx->now.ms / 1000),
                     (int)post->body.len, post->body.at);
    post->headers[2] = arena_printf(
        cx->mem, "webhook-signature: v1,%s",
        signature(cx->mem, (struct span){(const char *)key, key_len}, span_of(signed_text)));
    return OK;
}

static enum result webhook_post(struct ctx *cx, const struct outgoing *message,
                                struct json_writer *json, struct post *out)
{
    char written[INSTANT_MAX_TEXT];
    instant_format(message->written, written);
    TRY(outbox_id_check(cx, message));
    json_object(json);
    put_string(json, "id", message->id);
    put_string(json, "timestamp", written);
    put_string(json, "title", message->title);
    put_string(json, "text", message->text);
    put_string(json, "link", message->link);
    if (message->data) {
        json_key(json, "data");
        json_ready(json, message->data);
    }
    json_object_end(json);
    out->body = (struct span){text_end(json->out), json->out->len};
    out->headers[0] = arena_printf(cx->mem, "webhook-id: %s", message->id);
    out->headers[1] =
        arena_printf(cx->mem, "webhook-timestamp: %lld", (long long)(cx->now.ms / 1000));
    return *message->secret ? webhook_sign(cx, message, out) : OK;
}

/* ---- any of them ---- */

static bool url_valid(const char *url, bool inside)
{
    for (const char *c = url; *c; c++)
        if (*c <= ' ' || *c >= 0x7f)
            return false;
    return strncmp(url, "https://", 8) == 0 || (inside && strncmp(url, "http://", 7) == 0);
}

enum result robot_post(struct ctx *cx, const struct outgoing *message, bool inside,
                       struct post *out)
{
    static enum result (*const POSTS[])(struct ctx * cx, const struct outgoing *message,
                                        struct json_writer *json, struct post *out) = {
        [OUTBOX_WECOM] = wecom_post,
        [OUTBOX_DINGTALK] = dingtalk_post,
        [OUTBOX_FEISHU] = feishu_post,
        [OUTBOX_WEBHOOK] = webhook_post,
    };
    if (!url_valid(message->to, inside))
        return fail(cx, INVALID, "outbox.url"); /* not shown: it may hold a key */
    struct text body = text_new(cx->mem, 1024);
    struct json_writer json = {.out = &body};
    *out = (struct post){.url = message->to};
    TRY(POSTS[message->channel](cx, message, &json, out));
    out->body = (struct span){text_end(&body), body.len};
    return OK;
}

/* ---- answers ---- */

/* Refusals that pass. */
static const struct {
    enum outbox_channel channel;
    int64_t code;
    enum result result;
} PASSING[] = {
    {OUTBOX_WECOM, -1, BUSY},
    {OUTBOX_WECOM, 45009, TOO_MANY},
    {OUTBOX_DINGTALK, -1, BUSY},
    {OUTBOX_DINGTALK, 90030, TOO_MANY},
    {OUTBOX_DINGTALK, 130101, TOO_MANY},
    {OUTBOX_DINGTALK, 410100, TOO_MANY},
    {OUTBOX_FEISHU, 9499, TOO_MANY},
    {OUTBOX_FEISHU, 11232, TOO_MANY},
};

/* Feishu says the same twice, in an old and a new way. */
static bool is_one_of(struct span name, const char *const names[])
{
    for (; *names; names++)
        if (span_is(name, *names))
            return true;
    return false;
}

struct verdict {
    bool found;
    int64_t code;
    const char *words;
};

/* One member of the answer; false when it is not what it should be. */
static bool take_member(struct json_reader *json, struct verdict *verdict)
{
    static const char *const CODES[] = {"errcode", "code", "StatusCode", NULL};
    static const char *const WORDS[] = {"errmsg", "msg", "StatusMessage", NULL};
    bool is_code = is_one_of(json->text, CODES), is_words = is_one_of(json->text, WORDS);
    int64_t code;
    if (!is_code && !is_words)
        return json_skip(json);
    enum json_token token = json_next(json);
    if (is_words) {
        verdict->words = token == JSON_STRING ? json_text(json) : "";
        return token == JSON_STRING;
    }
    if (token != JSON_NUMBER || !json_int(json, &code))
        return false;
    verdict->found = true;
    verdict->code = verdict->code ? verdict->code : code;
    return true;
}

/* The code and the words of {"errcode":0,"errmsg":"ok"}; other members do not matter. */
static struct verdict read_verdict(struct arena *arena, struct span body)
{
    struct verdict verdict = {.words = ""};
    struct json_reader json;
    json_start(&json, arena, body.at, body.len);
    bool more = json_next(&json) == JSON_OBJECT;
    while (more && json_next(&json) == JSON_KEY)
        more = take_member(&json, &verdict);
    return verdict;
}

static enum result refused(struct ctx *cx, enum outbox_channel channel, struct verdict verdict)
{
    const char *code = arena_printf(cx->mem, "%lld", (long long)verdict.code);
    for (size_t i = 0; i < sizeof(PASSING) / sizeof(PASSING[0]); i++)
        if (PASSING[i].channel == channel && PASSING[i].code == verdict.code)
            return PASSING[i].result == BUSY ? fail(cx, BUSY, "outbox.busy", code)
                                             : fail(cx, TOO_MANY, "outbox.limited", code);
    struct text words = text_new(cx->mem, WORDS_MAX + 1);
    put_cut(&words, verdict.words, WORDS_MAX);
    return fail(cx, CONFLICT, "outbox.refused", code, text_end(&words));
}

enum result robot_answer(struct ctx *cx, enum outbox_channel channel, int status, struct span body)
{
    const char *code = arena_printf(cx->mem, "%d", status);
    bool taken = status >= 200 && status < 300;
    if (status == 429)
        return fail(cx, TOO_MANY, "outbox.limited", code);
    if (status == 408 || status >= 500)
        return fail(cx, BUSY, "outbox.busy", code);
    /* Feishu tells its limits with the status 400: their own codes come first. */
    struct verdict verdict = {0};
    if (channel != OUTBOX_WEBHOOK)
        verdict = read_verdict(cx->mem, body);
    if (verdict.found && verdict.code)
        return refused(cx, channel, verdict);
    if (!taken)
        return fail(cx, CONFLICT, "outbox.refused", code, "");
    if (channel != OUTBOX_WEBHOOK && !verdict.found)
        return fail(cx, CONFLICT, "outbox.answer");
    return OK;
}
