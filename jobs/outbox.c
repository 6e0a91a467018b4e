/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "jobs/outbox.h"

#include "base/text.h"
#include "jobs/address.h"
#include "jobs/mail.h"
#include "jobs/outbox_private.h"
#include "jobs/robot.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define ANSWER_MAX ((size_t)64 << 10)
#define ID_MAX 100

const char *const OUTBOX_CHANNELS[] = {"mail", "wecom", "dingtalk", "feishu", "webhook", NULL};

enum result outbox_id_check(struct ctx *cx, const struct outgoing *message)
{
    static const char ALLOWED[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789-._";
    size_t len = strlen(message->id);
    bool fits = len > 0 && len <= ID_MAX && strspn(message->id, ALLOWED) == len;
    return fits ? OK : fail(cx, INVALID, "outbox.id", message->id);
}

void outbox_start(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        abort();
}

/* ---- one transfer ---- */

struct transfer {
    CURL *curl;
    bool inside;  /* addresses that are not public are allowed */
    bool refused; /* one was not */
    struct span upload;
    struct text answer;
};

/* Asked for each address before it is connected to, so that no name can resolve to something else
 * after it was looked at. */
static curl_socket_t open_socket(void *host, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *transfer = host;
    if (!transfer->inside && !address_is_public(&address->addr)) {
        transfer->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t take_answer(char *bytes, size_t size, size_t count, void *host)
{
    struct transfer *transfer = host;
    text_put(&transfer->answer, bytes, size * count);
    return transfer->answer.full ? 0 : size * count;
}

static size_t give_upload(char *bytes, size_t size, size_t count, void *host)
{
    struct span *left = &((struct transfer *)host)->upload;
    size_t len = size * count < left->len ? size * count : left->len;
    memcpy(bytes, left->at, len);
    left->at += len;
    left->len -= len;
    return len;
}

static void transfer_begin(struct transfer *transfer, struct ctx *cx, const struct outbox *outbox,
                           const char *url, bool inside)
{
    *transfer = (struct transfer){
        .curl = curl_easy_init(), .inside = inside, .answer = text_new(cx->mem, 1024)};
    transfer->answer.max = ANSWER_MAX;
    CURL *curl = transfer->curl;
    if (!curl)
        abort(); /* out of memory, as everywhere */
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* the guard has to see the true address */
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)outbox->connect_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)outbox->total_ms);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, transfer);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
}

/* The transfer failed underway. */
static enum result broken(struct ctx *cx, const struct transfer *transfer, CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_CONNECT:
        return transfer->refused ? fail(cx, FORBIDDEN, "outbox.inside")
                                 : fail(cx, BUSY, "outbox.unreachable", curl_easy_strerror(code));
    case CURLE_OPERATION_TIMEDOUT:
        return fail(cx, BUSY, "outbox.timeout");
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return fail(cx, INVALID, "outbox.url");
    case CURLE_WRITE_ERROR:
        return fail(cx, CONFLICT, "outbox.answer");
    case CURLE_USE_SSL_FAILED:
    case CURLE_PEER_FAILED_VERIFICATION:
        return fail(cx, CONFLICT, "outbox.tls", curl_easy_strerror(code));
    default:
        return fail(cx, BUSY, "outbox.unreachable", curl_easy_strerror(code));
    }
}

static void transfer_end(struct transfer *transfer, struct outbox_answer *out)
{
    long status = 0;
    curl_off_t after = 0;
    curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(transfer->curl, CURLINFO_RETRY_AFTER, &after);
    out->status = (int)status;
    out->retry_after_s = after < INT32_MAX ? (int)after : INT32_MAX;
    curl_easy_cleanup(transfer->curl);
}

/* ---- robots ---- */

static struct curl_slist *header_list(const struct post *post)
{
    struct curl_slist *list =
        curl_slist_append(NULL, "Content-Type: application/json; charset=utf-8");
    for (const char *const *header = post->headers; *header; header++) {
        struct curl_slist *longer = curl_slist_append(list, *header);
        list = longer ? longer : list;
    }
    return list;
}

static enum result send_post(struct ctx *cx, const struct outbox *outbox,
                             const struct outgoing *message, struct outbox_answer *out)
{
    struct transfer transfer;
    struct post post;
    TRY(robot_post(cx, message, outbox->robots_inside, &post));
    struct curl_slist *headers = header_list(&post);
    transfer_begin(&transfer, cx, outbox, post.url, outbox->robots_inside);
    curl_easy_setopt(transfer.curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(transfer.curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(transfer.curl, CURLOPT_POSTFIELDS, post.body.at);
    curl_easy_setopt(transfer.curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post.body.len);
    CURLcode code = curl_easy_perform(transfer.curl);
    transfer_end(&transfer, out);
    curl_slist_free_all(headers);
    if (code != CURLE_OK)
        return broken(cx, &transfer, code);
    struct span answer = {transfer.answer.at, transfer.answer.len};
    return robot_answer(cx, message->channel, out->status, answer);
}

/* ---- mail ---- */

static void use_server(CURL *curl, const struct mail_server *server)
{
    bool starttls = server->security == MAIL_STARTTLS;
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    if (*server->user) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, server->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, server->password);
    }
}

/* What the SMTP server said: 4xx passes, 5xx does not (RFC 5321, 4.2.1). */
static enum result mail_refused(struct ctx *cx, const struct transfer *transfer, CURLcode code,
                                int status)
{
    const char *said = arena_printf(cx->mem, "%d", status);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return broken(cx, transfer, code);
    if (status >= 400 && status < 500)
        return fail(cx, BUSY, "outbox.busy", said);
    if (code == CURLE_LOGIN_DENIED)
        return fail(cx, FORBIDDEN, "outbox.login");
    if (status >= 500 && status < 600)
        return fail(cx, CONFLICT, "outbox.refused", said, curl_easy_strerror(code));
    return broken(cx, transfer, code);
}

static enum result send_mail(struct ctx *cx, const struct outbox *outbox,
                             const struct outgoing *message, struct outbox_answer *out)
{
    const struct mail_server *server = &outbox->mail;
    struct transfer transfer;
    struct span mail;
    TRY(mail_build(cx, server, message, &mail));
    const char *url =
        arena_printf(cx->mem, "%s://%s:%d/%s", server->security == MAIL_TLS ? "smtps" : "smtp",
                     server->host, server->port, server->greeting);
    struct curl_slist *to = curl_slist_append(NULL, message->to);
    transfer_begin(&transfer, cx, outbox, url, outbox->mail_inside);
    transfer.upload = mail;
    use_server(transfer.curl, server);
    curl_easy_setopt(transfer.curl, CURLOPT_MAIL_FROM, server->from);
    curl_easy_setopt(transfer.curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(transfer.curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(transfer.curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)mail.len);
    curl_easy_setopt(transfer.curl, CURLOPT_READFUNCTION, give_upload);
    curl_easy_setopt(transfer.curl, CURLOPT_READDATA, &transfer);
    CURLcode code = curl_easy_perform(transfer.curl);
    transfer_end(&transfer, out);
    curl_slist_free_all(to);
    return code == CURLE_OK ? OK : mail_refused(cx, &transfer, code, out->status);
}

/* ---- any of them ---- */

enum result outbox_send(struct ctx *cx, const struct outbox *outbox, const struct outgoing *message,
                        struct outbox_answer *out)
{
    *out = (struct outbox_answer){0};
    enum result result = message->channel == OUTBOX_MAIL ? send_mail(cx, outbox, message, out)
                                                         : send_post(cx, outbox, message, out);
    out->retry = result == BUSY || result == TOO_MANY;
    return result;
}
