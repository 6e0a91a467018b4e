/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A call system that is posted to, signed by the rules of Standard Webhooks. */
#include "app/agents/provision.h"

/* Its address is the operator's own choice and mostly lies inside. */
static const struct outbox OUTBOX = {.robots_inside = true, .connect_ms = 3000, .total_ms = 10000};

static enum result http_push(struct ctx *cx, const struct provision_target *target,
                             const struct provisioning *provisioning, struct outbox_answer *out)
{
    const char *change = choice_name(PROVISIONING_CHANGES, provisioning->change);
    const struct outgoing message = {
        .id = arena_printf(cx->mem, "provisioning-%lld", (long long)provisioning->id),
        .written = provisioning->created_at,
        .channel = OUTBOX_WEBHOOK,
        .to = target->place,
        .secret = target->secret,
        .title = change,
        .text = arena_printf(cx->mem, "%s %s%s", change, provisioning->code, provisioning->number),
        .data = provisioning->payload,
        .link = "",
    };
    return outbox_send(cx, &OUTBOX, &message, out);
}

const struct provisioner HTTP_PUSH = {.name = "http_push", .push = http_push};
