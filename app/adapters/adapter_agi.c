/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/access/session.h"
#include "app/adapters/adapter.h"
#include "jobs/agi.h"

#include <string.h>

/* The node's provider (0: the company), when the token may ask. */
static bool who_asks(struct ctx *cx, const char *token, int64_t *out_provider)
{
    struct identity identity;
    struct actor *actor = ARENA_NEW(cx->mem, struct actor);
    if (!*token || identity_of_key(cx, token, &identity) != OK || identity.must_change)
        return false;
    identity_actor(cx->mem, &identity, actor);
    cx->actor = actor;
    *out_provider = actor->side == SIDE_PROVIDER ? actor->organisation_id : 0;
    return actor_may(actor, "gate.ask");
}

static const char *argument(const struct agi_call *call, size_t i)
{
    return i < call->arg_count ? call->args[i] : "";
}

size_t adapter_agi(struct ctx *cx, const struct agi_call *call, struct agi_set *out)
{
    struct gate_ask ask = {
        .node = "asterisk",
        .call_id = call->unique_id,
        .agent = argument(call, 0),
        .caller = argument(call, 1),
        .contract = argument(call, 2),
        .callee = argument(call, 3),
        .mode = choice_find(GATE_MODES, argument(call, 4), strlen(argument(call, 4))),
    };
    struct verdict verdict = {.reason = "not_signed_in"};
    if (who_asks(cx, call->script, &ask.asker)) {
        if (adapter_word(cx->actor->account))
            ask.node = cx->actor->account; /* each switch has a token, of an account of its own */
        verdict = adapter_ask(cx, &ask);
    }
    size_t count = 0;
    out[count++] = (struct agi_set){"GATE", verdict.allow ? "ALLOW" : "DENY"};
    out[count++] =
        (struct agi_set){"GATE_ID", arena_printf(cx->mem, "%lld", (long long)verdict.gate_id)};
    out[count++] = (struct agi_set){"GATE_CALLER", arena_dup(cx->mem, verdict.caller)};
    out[count++] = (struct agi_set){"GATE_MAX", arena_printf(cx->mem, "%d", verdict.max_s)};
    out[count++] = (struct agi_set){"GATE_REASON", verdict.reason};
    return count;
}
