/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/adapters/adapter.h"

#include <string.h>

static bool made_of(const char *text, const char *letters, size_t least, size_t most)
{
    const size_t len = strspn(text, letters);
    return !text[len] && len >= least && len <= most;
}

#define DIGITS "0123456789"
#define WORD_LETTERS DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_.-"

bool adapter_word(const char *text)
{
    return made_of(text, WORD_LETTERS, 1, ADAPTER_WORD);
}

bool adapter_number(const char *text)
{
    return made_of(text + (*text == '+'), DIGITS, 3, 20);
}

/* ---- the gate ---- */

static struct verdict refusal(const char *reason)
{
    return (struct verdict){.reason = reason};
}

struct verdict adapter_ask(struct ctx *cx, const struct gate_ask *ask)
{
    struct gate_ask asked = *ask;
    struct gate_answer answer;
    if ((*ask->agent && !adapter_word(ask->agent)) || strlen(ask->contract) > ADAPTER_WORD ||
        !adapter_number(ask->callee))
        return refusal("malformed");
    if (!adapter_number(ask->caller) || strcmp(ask->caller, ask->agent) == 0)
        asked.caller = "";
    asked.contract = directory_meant(cx->mem, ask->asker, ask->contract, ask->agent, cx->now);
    const enum result decided = gate_decide(cx, &asked, &answer);
    if (decided == INVALID)
        return refusal("malformed");
    if (decided != OK)
        return (struct verdict){.unavailable = true, .reason = "unavailable"};
    struct verdict verdict = {.allow = answer.allow && adapter_number(answer.caller),
                              .reason = choice_name(ALLOWANCES, answer.reason),
                              .gate_id = answer.gate_id,
                              .max_s = answer.max_s};
    if (verdict.allow)
        memcpy(verdict.caller, answer.caller, sizeof verdict.caller);
    return verdict;
}

/* ---- telephones ---- */

static struct phone phone_of(struct ctx *cx, const struct known_agent *agent,
                             const struct known_contract *contract)
{
    char *password = arena_alloc(cx->mem, INDEX_HEX);
    index_hash(cx->keys, "agents.phone", arena_printf(cx->mem, "%lld", (long long)agent->id),
               password);
    return (struct phone){
        .agent_id = agent->id,
        .agent = arena_dup(cx->mem, agent->code),
        .contract = adapter_word(contract->number) ? arena_dup(cx->mem, contract->number) : "",
        .password = password};
}

enum result adapter_phone(struct ctx *cx, int64_t provider_id, const char *contract,
                          const char *agent, struct phone *out)
{
    const struct known_contract *known;
    const struct directory *directory = directory_hold();
    if (!directory)
        return fail(cx, BUSY, "server.busy");
    const struct known_agent *found =
        adapter_word(agent)
            ? directory_caller(directory, provider_id, contract, agent, cx->now, &known)
            : NULL;
    if (found)
        *out = phone_of(cx, found, known);
    directory_let_go(directory);
    return found ? OK : fail(cx, NOT_FOUND, "adapter.no_phone");
}

enum result adapter_phones(struct ctx *cx, int64_t provider_id, const char *begins,
                           struct phone *out, size_t most, size_t *out_count)
{
    const struct known_contract *known;
    const struct directory *directory = directory_hold();
    if (!directory)
        return fail(cx, BUSY, "server.busy");
    *out_count = 0;
    for (size_t i = 0; i < directory_agents(directory) && *out_count < most; i++) {
        const struct known_agent *agent = directory_agent_at(directory, i);
        if (strncmp(agent->code, begins, strlen(begins)) == 0 && adapter_word(agent->code) &&
            directory_caller(directory, provider_id, "", agent->code, cx->now, &known) == agent)
            out[(*out_count)++] = phone_of(cx, agent, known);
    }
    directory_let_go(directory);
    return OK;
}

void adapter_ha1(struct arena *arena, const struct phone *phone, const char *realm,
                 char out[MD5_HEX])
{
    const char *text = arena_printf(arena, "%s:%s:%s", phone->agent, realm, phone->password);
    md5_hex(text, strlen(text), out);
}
