/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The way out: one message to one place, by mail or to the robot of a chat group, once.
 *
 * What is to be sent, how often it was tried and with what result stands in the database and is the
 * business of others; here is the transport, and when to try again. */
#ifndef OUTBOX_H
#define OUTBOX_H

#include "base/ctx.h"

/* ---- what is sent ---- */

enum outbox_channel {
    OUTBOX_MAIL = 1, /* SMTP */
    OUTBOX_WECOM,    /* 企业微信 group robot */
    OUTBOX_DINGTALK, /* 钉钉 group robot */
    OUTBOX_FEISHU,   /* 飞书 group robot */
    OUTBOX_WEBHOOK,  /* any program, by the rules of Standard Webhooks */
};
extern const char *const OUTBOX_CHANNELS[];

/* The same at every try, so that a receiver that got it already knows it again. */
struct outgoing {
    const char *id;         /* letters, digits, - . _ ; unique among all that we send */
    struct instant written; /* the date of a mail */
    enum outbox_channel channel;
    const char *to;      /* mail: an address; otherwise the URL to post to */
    const char *to_name; /* mail: who that is; "" */
    const char *secret;  /* otherwise: what is signed with; "" unsigned */
    const char *title;
    const char *text; /* plain, with line feeds */
    const char *html; /* mail: the same for those who see HTML; "" none */
    const char *data; /* webhook: JSON of the same, for programs; NULL none */
    const char *link; /* where it is dealt with; "" none. Mail has it in its text */
    const char *link_words;
};

/* ---- by what ---- */

enum mail_security {
    MAIL_TLS = 1,  /* from the first byte, port 465 */
    MAIL_STARTTLS, /* nothing is said before, port 587 or 25 */
    MAIL_PLAIN,    /* for a relay on this machine */
};
struct mail_server {
    const char *host;
    int port;
    enum mail_security security;
    const char *user, *password; /* "" does not sign in */
    const char *from, *from_name;
    const char *greeting; /* our name in EHLO; "" the machine's */
};
struct outbox {
    struct mail_server mail;
    /* Mail servers and robots may have addresses that are not public, and robots plain HTTP. */
    bool mail_inside, robots_inside;
    int connect_ms, total_ms;
};

/* Once, before the first thread. */
void outbox_start(void);

struct outbox_answer {
    bool retry;        /* a later try makes sense */
    int retry_after_s; /* no earlier than this, when the receiver said so; 0 */
    int status;        /* of HTTP or SMTP; 0 when there was no answer */
};
/* Results: OK, the receiver took it; BUSY and TOO_MANY are worth another try; INVALID: what was to
 * be sent is wrong; FORBIDDEN: an address inside, or a wrong password; CONFLICT: they refused. The
 * fault names the reason and has their words. After BUSY they may have it nevertheless. */
MUST_USE enum result outbox_send(struct ctx *cx, const struct outbox *outbox,
                                 const struct outgoing *message, struct outbox_answer *out);

/* ---- when ---- */

/* When to try again after `tries` that failed, the last at `failed`; none when it is given up. */
struct instant outbox_next_try(int tries, int retry_after_s, struct instant failed);

/* Minutes of the day; from 22:00 to 07:00 they cross midnight. Equal: no quiet hours. */
struct quiet_hours {
    int32_t from_minute, to_minute;
};
/* `at`, or the end of the quiet hours that it falls into. */
struct instant quiet_hours_end(struct quiet_hours quiet, struct instant at, int offset_min);

#endif
