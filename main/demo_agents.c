/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/demo_agents.h"

#include "app/access/account.h"
#include "app/access/session.h"
#include "app/agents/provision.h"
#include "app/records/trail.h"

#include <string.h>

#define AGENTS_MOST 60
#define FIRST_CODE 1001

/* clang-format off */

static const struct {
    const char *account; /* whose side registers it */
    const char *number, *carrier, *proof, *purpose;
} NUMBERS_OF[] = {
    {"client",   "0571-8766 2301", "浙江电信", "固话入网协议 ZJDX-2023-118 号",   "会员回访"    },
    {"client",   "0571-8766 2302", "浙江电信", "固话入网协议 ZJDX-2023-118 号",   "续费提醒"    },
    {"client",   "0571-8766 2303", "浙江电信", "固话入网协议 ZJDX-2024-027 号",   "满意度回访"  },
    {"client",   "400-826-1166",   "中国联通", "400 业务受理单 4008261166",       "会员服务热线"},
    {"provider", "0571-5610 8800", "浙江移动", "语音专线合同 YDZX-2022-064",      "应急线路"    },
    {"provider", "0571-5610 8801", "浙江移动", "语音专线合同 YDZX-2022-064",      "应急线路"    },
};

/* The letters about numbers, each with one line as its fields spell it. `ends` days from today. */
static const struct {
    const char *type, *line;
    int days, ends; /* told so many days from today; 0: without end */
} NUMBER_LETTERS[] = {
    {"number_change", "act=add;number=0571-8766 2301",  -53, 0 },
    {"number_change", "act=add;number=0571-8766 2302",  -53, 21},
    {"number_change", "act=add;number=0571-8766 2303",  -40, 0 },
    {"number_permission", "number=0571-5610 8800;purpose=双十一高峰应急;acknowledged=yes", -16, 12},
    {"number_change", "act=stop;number=0571-8766 2303", -8,  0 },
};

/* And about agents: from which to which of the sixty. */
static const struct {
    const char *act, *permissions;
    int first, last, days;
} AGENT_LETTERS_OF[] = {
    {"add",     "manual_dial preview_dial listen_own_recordings",                     1,  40, -52},
    {"add",     "manual_dial preview_dial listen_own_recordings",                     41, 60, -30},
    {"change",  "manual_dial preview_dial predictive transfer listen_own_recordings", 3,  8,  -18},
    {"disable", "",                                                                   27, 27, -6 },
    {"change",  "manual_dial preview_dial predictive listen_own_recordings",          41, 44, -1 },
};

/* What the call system had not acknowledged yet by today: those told since then. */
#define HEARD_DAYS (-2)

/* clang-format on */

struct telling {
    struct ctx *cx;
    struct instant today;
    struct contract contract;
    int64_t people[AGENTS_MOST];
    struct actor client, provider;
};

/* As somebody, so many days from today. */
static void at(struct telling *telling, const struct actor *actor, int days, int hour)
{
    const struct date day = date_add(instant_date(telling->today, SHANGHAI_OFFSET_MIN), days);
    telling->cx->now = instant_of(day, hour * 60 + 12, SHANGHAI_OFFSET_MIN);
    telling->cx->actor = actor;
}

static enum result become(struct ctx *cx, const char *name, struct actor *out)
{
    struct account account;
    struct identity identity;
    TRY(account_secrets(cx, name, &account));
    TRY(identity_of_account(cx, account.id, &identity));
    identity_actor(cx->mem, &identity, out);
    return OK;
}

static enum result find_contract(struct telling *telling)
{
    struct ctx *cx = telling->cx;
    struct list_query query = {.limit = 1, .sort = "id"};
    struct list list;
    (void)list_condition(cx, &CONTRACTS, "service", "outbound_call", &query);
    (void)list_condition(cx, &CONTRACTS, "state", "active", &query);
    TRY(record_list(cx, &CONTRACTS, &query, &list));
    telling->contract = *(const struct contract *)list.rows;
    return OK;
}

static enum result find_people(struct telling *telling)
{
    struct ctx *cx = telling->cx;
    struct list_query query = {.limit = AGENTS_MOST, .sort = "id"};
    struct list list;
    (void)list_condition(cx, &PEOPLE, "job", "agent", &query);
    TRY(record_list(cx, &PEOPLE, &query, &list));
    const struct person *people = list.rows;
    for (size_t i = 0; i < list.count; i++)
        telling->people[i] = people[i].id;
    return OK;
}

/* ---- letters ---- */

static const struct letter_type *type_of(const char *name)
{
    const struct letter_type *const *type = AGENT_LETTERS;
    while (strcmp((*type)->name, name) != 0)
        type++;
    return *type;
}

/* "act=add;number=95188" */
static void read_line(struct ctx *cx, const struct letter_type *type, const char *text, void *line)
{
    struct field_reading reading = {.arena = cx->mem};
    fields_blank(type->line_fields, line);
    while (*text) {
        const size_t name = strcspn(text, "="), all = strcspn(text, ";");
        const struct field *field = field_find(type->line_fields, text, name);
        (void)field_read(field, arena_copy(cx->mem, text + name + 1, all - name - 1), &reading,
                         line);
        text += all + (text[all] == ';');
    }
}

static enum result tell_letter(struct telling *telling, const struct letter_type *type, int days,
                               const void *lines, size_t count)
{
    const struct letter letter = {
        .contract_id = telling->contract.id,
        .client_id = telling->contract.client_id,
        .provider_id = telling->contract.provider_id,
        .from_side = SIDE_CLIENT,
    };
    const char *answer;
    at(telling, &telling->provider, days, 15);
    return type->execute(telling->cx, &letter, lines, count, &answer);
}

static enum result tell_number_letters(struct telling *telling)
{
    struct ctx *cx = telling->cx;
    for (size_t i = 0; i < sizeof NUMBER_LETTERS / sizeof NUMBER_LETTERS[0]; i++) {
        const struct letter_type *type = type_of(NUMBER_LETTERS[i].type);
        void *line = arena_alloc(cx->mem, type->line_size);
        struct text text = text_new(cx->mem, 64);
        text_puts(&text, NUMBER_LETTERS[i].line);
        if (NUMBER_LETTERS[i].ends) {
            char day[DATE_MAX_TEXT];
            date_format(
                date_add(instant_date(telling->today, SHANGHAI_OFFSET_MIN), NUMBER_LETTERS[i].ends),
                day);
            text_printf(&text, ";to=%s", day);
        }
        read_line(cx, type, text_end(&text), line);
        TRY(tell_letter(telling, type, NUMBER_LETTERS[i].days, line, 1));
    }
    return OK;
}

static enum result tell_agent_letters(struct telling *telling)
{
    struct ctx *cx = telling->cx;
    const struct letter_type *type = type_of("agent_change");
    for (size_t i = 0; i < sizeof AGENT_LETTERS_OF / sizeof AGENT_LETTERS_OF[0]; i++) {
        char *lines = arena_array(cx->mem, AGENTS_MOST, type->line_size);
        size_t count = 0;
        for (int n = AGENT_LETTERS_OF[i].first; n <= AGENT_LETTERS_OF[i].last; n++)
            read_line(cx, type,
                      arena_printf(cx->mem, "act=%s;code=%d;person_id=%lld;permissions=%s",
                                   AGENT_LETTERS_OF[i].act, FIRST_CODE - 1 + n,
                                   (long long)telling->people[n - 1],
                                   AGENT_LETTERS_OF[i].permissions),
                      lines + count++ * type->line_size);
        TRY(tell_letter(telling, type, AGENT_LETTERS_OF[i].days, lines, count));
    }
    return OK;
}

/* ---- the call system: it did all but the last, and one it could not ---- */

static enum result tell_heard(struct telling *telling)
{
    struct ctx *cx = telling->cx;
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    struct list list;
    at(telling, &ACTOR_SYSTEM, HEARD_DAYS, 0);
    const struct instant until = cx->now;
    TRY(record_list(cx, &PROVISIONINGS, &query, &list));
    const struct provisioning *provisionings = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        const bool refused = provisionings[i].change == PROVISION_AGENT_DISABLE;
        cx->now.ms = provisionings[i].created_at.ms + 4000;
        if (cx->now.ms < until.ms)
            TRY(provisioning_acknowledge(cx, &provisionings[i],
                                         refused ? "坐席正在通话，稍后重试" : ""));
    }
    return OK;
}

/* ---- the rest ---- */

static enum result tell_numbers(struct telling *telling)
{
    for (size_t i = 0; i < sizeof NUMBERS_OF / sizeof NUMBERS_OF[0]; i++) {
        struct number number = {
            .number = NUMBERS_OF[i].number,
            .carrier = NUMBERS_OF[i].carrier,
            .proof = NUMBERS_OF[i].proof,
            .purpose = NUMBERS_OF[i].purpose,
        };
        at(telling,
           strcmp(NUMBERS_OF[i].account, "client") == 0 ? &telling->client : &telling->provider,
           -54, 10);
        TRY(record_add(telling->cx, &NUMBERS, &number));
    }
    return OK;
}

/* Somebody showed the provider's number a day before it was permitted; another one, an id that was
 * closed. */
static enum result tell_breaches(struct telling *telling)
{
    static const struct {
        const char *agent, *number;
        int days, hour;
    } BREACHES_OF[] = {{"1012", "0571-5610 8800", -17, 11}, {"1027", "0571-8766 2301", -5, 9}};
    for (size_t i = 0; i < sizeof BREACHES_OF / sizeof BREACHES_OF[0]; i++) {
        struct ctx *cx = telling->cx;
        struct allowed allowed;
        at(telling, &ACTOR_SYSTEM, BREACHES_OF[i].days, BREACHES_OF[i].hour);
        TRY(agents_allowed(cx, telling->contract.number, BREACHES_OF[i].agent,
                           BREACHES_OF[i].number, MAY_DIAL, cx->now, &allowed));
        if (allowed.allowance != ALLOWED)
            TRY(breach_add(cx, &allowed, BREACHES_OF[i].agent, BREACHES_OF[i].number, cx->now,
                           BREACH_GATE));
    }
    return OK;
}

enum result demo_agents(struct ctx *cx, struct instant today)
{
    struct telling *telling = ARENA_NEW(cx->mem, struct telling);
    *telling = (struct telling){.cx = cx, .today = today};
    cx->actor = &ACTOR_SYSTEM;
    TRY(find_contract(telling));
    TRY(find_people(telling));
    TRY(become(cx, "client", &telling->client));
    TRY(become(cx, "provider", &telling->provider));
    TRY(tell_numbers(telling));
    TRY(tell_agent_letters(telling));
    TRY(tell_number_letters(telling));
    TRY(tell_heard(telling));
    TRY(tell_breaches(telling));
    cx->now = today;
    cx->actor = &ACTOR_SYSTEM;
    return OK;
}
