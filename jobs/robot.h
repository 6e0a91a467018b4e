/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Robots of chat groups and webhooks: what is posted to them, how it is signed, what they answer.
 *
 * Documentation: WeCom developer.work.weixin.qq.com/document/path/91770; DingTalk
 * open.dingtalk.com/document/robots/custom-robot-access; Feishu
 * open.feishu.cn/document/client-docs/bot-v3/add-custom-bot; standardwebhooks.com. */
#ifndef ROBOT_H
#define ROBOT_H

#include "base/text.h"
#include "jobs/outbox.h"

#define POST_HEADERS 4
struct post {
    const char *url;
    const char *headers[POST_HEADERS + 1]; /* "Name: value", up to a NULL */
    struct span body;                      /* JSON */
};
/* Signatures hold for an hour, so they are of cx->now. Results: INVALID outbox.url (no https URL;
 * plain http only when `inside`), outbox.id, outbox.secret. */
MUST_USE enum result robot_post(struct ctx *cx, const struct outgoing *message, bool inside,
                                struct post *out);

/* What an answer means; see outbox_send. */
MUST_USE enum result robot_answer(struct ctx *cx, enum outbox_channel channel, int status,
                                  struct span body);

#endif
