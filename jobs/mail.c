/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "jobs/mail.h"

#include "base/hash.h"
#include "jobs/outbox_private.h"

#include <string.h>

#define ADDRESS_MAX 254
#define LINE_BYTES 57 /* 76 characters of base64 */
#define WORD_BYTES 39 /* an encoded word behind "Subject: " fills 73 characters */
#define PLAIN_MAX 60
#define BOUNDARY "=_alternative" /* base64 has no underscore, so no part contains it */

/* ---- addresses ---- */

static bool is_address_byte(char c)
{
    return c > ' ' && c < 0x7f && !strchr("<>()[]\\,;:\"@", c);
}

bool mail_address_valid(const char *address)
{
    const char *at = strchr(address, '@');
    size_t len = strlen(address);
    if (!at || at == address || !at[1] || len > ADDRESS_MAX)
        return false;
    for (const char *c = address; *c; c++)
        if (c != at && !is_address_byte(*c))
            return false;
    return true;
}

/* ---- headers ---- */

/* Bytes of the longest run of whole characters that an encoded word holds. */
static size_t word_length(const char *s)
{
    const char *at = s;
    while (*at) {
        const char *next = at;
        utf8_next(&next);
        if (next - s > WORD_BYTES)
            break;
        at = next;
    }
    return (size_t)(at - s);
}

/* RFC 2047: anything but short printable ASCII becomes encoded words, each on a line. */
static void put_words(struct text *out, const char *words, bool (*plain)(char c))
{
    size_t len = strlen(words), run = 0;
    while (words[run] && plain(words[run]))
        run++;
    if (run == len && len <= PLAIN_MAX && !strstr(words, "=?")) {
        text_put(out, words, len);
        return;
    }
    for (const char *separator = ""; *words; separator = "\r\n ") {
        size_t take = word_length(words);
        text_printf(out, "%s=?UTF-8?B?%s?=", separator, base64_text(out->arena, words, take));
        words += take;
    }
}

static bool is_printable(char c)
{
    return c >= ' ' && c < 0x7f;
}

/* What may stand in a display name without quotes. */
static bool is_atom(char c)
{
    return c == ' ' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static void put_mailbox(struct text *out, const char *header, const char *name, const char *address)
{
    text_printf(out, "%s: ", header);
    if (*name) {
        put_words(out, name, is_atom);
        text_puts(out, "\r\n ");
    }
    text_printf(out, "<%s>\r\n", address);
}

static void put_date(struct text *out, struct instant at)
{
    static const char DAYS[7][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char MONTHS[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct date date = instant_date(at, SHANGHAI_OFFSET_MIN);
    struct ymd ymd = date_ymd(date);
    int second = (int)((at.ms - instant_of(date, 0, SHANGHAI_OFFSET_MIN).ms) / 1000);
    text_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0800\r\n", DAYS[date_weekday(date) - 1],
                ymd.day, MONTHS[ymd.month - 1], ymd.year, second / 3600, second / 60 % 60,
                second % 60);
}

/* ---- parts ---- */

/* Mail ends its lines with CR LF, inside base64 too. */
static struct text with_line_ends(struct arena *arena, const char *s)
{
    struct text out = text_new(arena, strlen(s) + 64);
    for (; *s; s++) {
        if (*s == '\n')
            text_putc(&out, '\r');
        if (*s != '\r')
            text_putc(&out, *s);
    }
    return out;
}

static void put_part(struct text *out, const char *type, const char *content)
{
    struct text bytes = with_line_ends(out->arena, content);
    text_printf(out,
                "--" BOUNDARY "\r\nContent-Type: %s; charset=UTF-8\r\n"
                "Content-Transfer-Encoding: base64\r\n\r\n",
                type);
    for (size_t at = 0; at < bytes.len; at += LINE_BYTES) {
        size_t len = bytes.len - at < LINE_BYTES ? bytes.len - at : LINE_BYTES;
        text_puts(out, base64_text(out->arena, bytes.at + at, len));
        text_puts(out, "\r\n");
    }
}

static enum result check(struct ctx *cx, const struct mail_server *server,
                         const struct outgoing *message)
{
    if (!mail_address_valid(server->from))
        return fail(cx, INVALID, "outbox.from", server->from);
    if (!mail_address_valid(message->to))
        return fail(cx, INVALID, "outbox.to", message->to);
    return outbox_id_check(cx, message);
}

enum result mail_build(struct ctx *cx, const struct mail_server *server,
                       const struct outgoing *message, struct span *out)
{
    TRY(check(cx, server, message));
    struct text mail = text_new(cx->mem, 4096);
    put_date(&mail, message->written);
    put_mailbox(&mail, "From", server->from_name, server->from);
    put_mailbox(&mail, "To", message->to_name, message->to);
    text_puts(&mail, "Subject: ");
    put_words(&mail, message->title, is_printable);
    text_printf(&mail, "\r\nMessage-ID: <%s%s>\r\n", message->id, strchr(server->from, '@'));
    /* RFC 3834: so that no absence note answers. */
    text_puts(&mail, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                     "Content-Type: multipart/alternative; boundary=\"" BOUNDARY "\"\r\n\r\n");
    put_part(&mail, "text/plain", message->text);
    if (*message->html)
        put_part(&mail, "text/html", message->html);
    text_puts(&mail, "--" BOUNDARY "--\r\n");
    *out = (struct span){mail.at, mail.len};
    return OK;
}
