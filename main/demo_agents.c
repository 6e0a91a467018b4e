/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/demo_agents.h"

#include "app/agents/provision.h"
#include "app/gate/call_rule.h"
#include "app/records/trail.h"
#include "app/retention/retention.h"

#include "main/demo_deeds.h"

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

/* The letters, as time went by: about a number the one line as its fields spell it, about agents what
 * happens to which of the sixty. */
static const struct {
    const char *type, *subject, *line; /* without code and person, which follow from first and last */
    int first, last;
    int days, ends; /* told so many days from today; the permission's end; 0: none */
} LETTERS_OF[] = {
    {"number_change",     "关于会员回访启用 2301 号码的函", "act=add;number=0571-8766 2301",                                                    0,  0,  -75, 0 },
    {"number_change",     "关于续费提醒启用 2302 号码的函", "act=add;number=0571-8766 2302",                                                    0,  0,  -75, 21},
    {"agent_change",      "关于首批话务员开通工号的函", "act=add;permissions=manual_dial preview_dial listen_own_recordings",               1,  40, -74, 0 },
    {"number_change",     "关于满意度回访启用 2303 号码的函", "act=add;number=0571-8766 2303",                                                    0,  0,  -40, 0 },
    {"agent_change",      "关于第二批话务员开通工号的函", "act=add;permissions=manual_dial preview_dial listen_own_recordings",               41, 60, -30, 0 },
    {"agent_change",      "关于六名话务员增加预测外呼权限的函", "act=change;permissions=manual_dial preview_dial predictive transfer listen_own_recordings", 3, 8, -18, 0},
    {"number_permission", "关于双十一期间借用应急线路的函", "number=0571-5610 8800;purpose=双十一高峰应急;acknowledged=yes",                    0,  0,  -16, 12},
    {"number_change",     "关于停用 2303 号码的函", "act=stop;number=0571-8766 2303",                                                   0,  0,  -8,  0 },
    {"agent_change",      "关于停用 1027 工号的函", "act=disable",                                                                      27, 27, -6,  0 },
    {"agent_change",      "关于四名话务员试行预测外呼的函", "act=change;permissions=manual_dial preview_dial predictive listen_own_recordings", 41, 44, -1,  0 },
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

static enum result tell_letter(struct telling *telling, size_t entry,
                               const struct letter_type *type, const void *lines, size_t count)
{
    struct ctx *cx = telling->cx;
    const int days = LETTERS_OF[entry].days;
    struct letter letter = {
        .type = type->name,
        .contract_id = telling->contract.id,
        .from_side = SIDE_CLIENT,
        .subject = LETTERS_OF[entry].subject,
        .body = "明细见附表，请核实后办理，并书面反馈。",
        .lines = letter_lines_text(cx->mem, type, lines, count),
    };
    at(telling, &telling->client, days, 10);
    fields_blank(LETTERS.fields, &letter);
    TRY(record_add(cx, &LETTERS, &letter));
    if (type->needs_attachment)
        TRY(demo_attach(cx, &LETTERS, letter.id, "线路使用授权书.txt",
                        "线路使用授权书：授权委托方在许可期内显示本号码，已报运营商备案。\n"));
    TRY(demo_send(cx, letter.id));
    at(telling, &telling->provider, days, 14);
    TRY(demo_step(cx, letter.id, "approve", "已核实，同意办理"));
    at(telling, &telling->provider, days, 15);
    return demo_step(cx, letter.id, "execute", "");
}

/* Line n of the letter: its words, with the agent's code and person or the permission's end. */
static const char *line_of(struct telling *telling, size_t letter, int n)
{
    struct arena *mem = telling->cx->mem;
    const char *line = LETTERS_OF[letter].line;
    char day[DATE_MAX_TEXT];
    if (n)
        return arena_printf(mem, "%s;code=%d;person_id=%lld", line, FIRST_CODE - 1 + n,
                            (long long)telling->people[n - 1]);
    if (!LETTERS_OF[letter].ends)
        return line;
    date_format(
        date_add(instant_date(telling->today, SHANGHAI_OFFSET_MIN), LETTERS_OF[letter].ends), day);
    return arena_printf(mem, "%s;to=%s", line, day);
}

static enum result tell_letters(struct telling *telling)
{
    struct ctx *cx = telling->cx;
    for (size_t i = 0; i < sizeof LETTERS_OF / sizeof LETTERS_OF[0]; i++) {
        const struct letter_type *type = letter_type_find(LETTERS_OF[i].type);
        char *lines = arena_array(cx->mem, AGENTS_MOST, type->line_size);
        size_t count = 0;
        for (int n = LETTERS_OF[i].first; n <= LETTERS_OF[i].last; n++)
            demo_line(cx, type, line_of(telling, i, n), lines + count++ * type->line_size);
        TRY(tell_letter(telling, i, type, lines, count));
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

struct wrong_call {
    const char *agent, *number;
    int days, hour;
};

static enum result tell_breach(struct telling *telling, const struct directory *directory,
                               const struct wrong_call *call)
{
    struct ctx *cx = telling->cx;
    at(telling, &ACTOR_SYSTEM, call->days, call->hour);
    const struct finding found =
        directory_judge(directory, &(struct question){.contract = telling->contract.number,
                                                      .agent = call->agent,
                                                      .caller = call->number,
                                                      .mode = MAY_DIAL,
                                                      .at = cx->now});
    const struct breach breach = {.kind = found.allowance,
                                  .contract_id = telling->contract.id,
                                  .agent_id = found.agent ? found.agent->id : 0,
                                  .agent_code = call->agent,
                                  .number = call->number,
                                  .at = cx->now,
                                  .source = BREACH_GATE,
                                  .count = 1};
    return found.allowance == ALLOWED ? OK : breach_add(cx, breach);
}

/* Somebody showed the provider's number a day before it was permitted; another one, an id that was
 * closed. */
static enum result tell_breaches(struct telling *telling)
{
    static const struct wrong_call CALLS[] = {{"1012", "0571-5610 8800", -17, 11},
                                              {"1027", "0571-8766 2301", -5, 9}};
    enum result result = directory_renew(telling->cx);
    const struct directory *directory = directory_hold();
    for (size_t i = 0; result == OK && i < sizeof CALLS / sizeof CALLS[0]; i++)
        result = tell_breach(telling, directory, &CALLS[i]);
    directory_let_go(directory);
    return result;
}

/* The rule is of the contract that is not in force yet: what the demo world's own calls may do does
 * not hang on the hour at which somebody looks at it. */
static enum result tell_rule(struct telling *telling)
{
    struct ctx *cx = telling->cx;
    struct list_query query = {.limit = LIST_MOST};
    struct list contracts;
    struct call_rule rule = {.working_days_only = true};
    (void)list_condition(cx, &CONTRACTS, "service", "outbound_call", &query);
    TRY(record_list(cx, &CONTRACTS, &query, &contracts));
    const struct contract *contract = contracts.rows;
    for (size_t i = 0; i < contracts.count; i++)
        if (contract[i].id != telling->contract.id)
            rule.contract_id = contract[i].id;
    call_rule_begin(&rule);
    return rule.contract_id ? record_add(cx, &CALL_RULES, &rule) : OK;
}

static enum result tell_refusals(struct telling *telling)
{
    static const struct {
        const char *number, *reason;
        enum refusal_source source;
    } SAID[] = {
        {"13905719901", "接通后明确表示不要再打", SAID_BY_CALLED},
        {"13905719902", "12321 转办的投诉", SAID_BY_REGULATOR},
        {"13905719903", "会员在门店提出", SAID_BY_CLIENT},
    };
    struct ctx *cx = telling->cx;
    struct consent consent = {.contract_id = telling->contract.id,
                              .number = "13905719911",
                              .obtained_on = instant_date(telling->today, SHANGHAI_OFFSET_MIN),
                              .proof = "会员章程第 6 条，入会时勾选"};
    for (size_t i = 0; i < sizeof SAID / sizeof SAID[0]; i++) {
        struct do_not_call refusal = {.organisation_id = telling->contract.client_id,
                                      .number = SAID[i].number,
                                      .source = SAID[i].source,
                                      .reason = SAID[i].reason};
        TRY(record_add(cx, &DO_NOT_CALL, &refusal));
    }
    return record_add(cx, &CONSENTS, &consent);
}

/* How long is kept what is called, and what a dispute keeps longer. */
static enum result tell_retention(struct telling *telling)
{
    struct retention_rule rule = {.organisation_id = telling->contract.client_id,
                                  .kind = RETAIN_RECORDINGS,
                                  .days = 365,
                                  .basis = "企业内控：劳动争议仲裁时效一年"};
    struct legal_hold hold = {.organisation_id = telling->contract.provider_id,
                              .contract_id = telling->contract.id,
                              .reason = "工号 1027 劳动仲裁，杭劳人仲案〔2026〕318 号"};
    const struct date today = instant_date(telling->today, SHANGHAI_OFFSET_MIN);
    hold.from = date_add(today, -45);
    hold.to = date_add(today, -38);
    TRY(record_add(telling->cx, &RETENTION_RULES, &rule));
    return record_add(telling->cx, &LEGAL_HOLDS, &hold);
}

enum result demo_agents(struct ctx *cx, struct instant today)
{
    struct telling *telling = ARENA_NEW(cx->mem, struct telling);
    *telling = (struct telling){.cx = cx, .today = today};
    cx->actor = &ACTOR_SYSTEM;
    TRY(find_contract(telling));
    TRY(find_people(telling));
    TRY(demo_become(cx, "client", &telling->client));
    TRY(demo_become(cx, "provider", &telling->provider));
    TRY(tell_numbers(telling));
    TRY(tell_letters(telling));
    TRY(tell_heard(telling));
    TRY(tell_breaches(telling));
    cx->now = today;
    cx->actor = &telling->client;
    TRY(tell_refusals(telling));
    cx->actor = &ACTOR_SYSTEM;
    TRY(tell_retention(telling));
    return tell_rule(telling);
}
