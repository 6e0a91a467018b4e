/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's site: the code of conduct and the check list, a patrol that found somebody of
 * each party, violations in every state, the undertaking that the client's people signed, and a
 * leak. */
#include "app/site/leak.h"
#include "app/site/patrol.h"
#include "app/site/undertaking.h"
#include "main/demo_deeds.h"
#include "main/demo_story.h"

#define BEGINNING (-70)

/* clang-format off */
static const struct {
    const char *number, *text;
    int points; /* hundredths */
    enum repeat repeat;
} RULES[] = {
    {"1.1", "迟到、早退或擅离岗位",               100, REPEAT_DOUBLED},
    {"1.2", "未经批准缺席班前会",                 100, REPEAT_SAME},
    {"2.1", "违反现场守则（着装、物品、喧哗、手机）", 100, REPEAT_DOUBLED},
    {"3.1", "对用户态度生硬、抢话或先于用户挂机",   200, REPEAT_RISING},
    {"4.1", "私用外呼线路或私查用户资料",         1000, REPEAT_SAME},
};
#define FOUND_AGENT 2 /* whom the first patrol found */
#define OF_THE_SITE 2 /* which of them the site rules come to */

static const int SIGNERS[] = {OPS_LEAD, AUDITOR, FINANCER, DIVISION, PM, EXECUTOR, CLIENT, RESIDENT, LIANG};

static const struct {
    int agent, rule, days; /* which agent by id; before today */
    const char *fact, *statement;
    bool acknowledged;
    enum violation_state state;
    const char *reason;
} VIOLATIONS_OF[] = {
    {0, 0, -16, "早班 9:00 签入系统时间 9:14，未提前说明。", "公交晚点，已在群里说明，认可迟到。", true, VIOLATION_CONFIRMED, "签入记录属实，本人认可。"},
    {3, 3, -12, "回访用户时连续打断，用户表示不满。",       "用户先说了不相干的事，我提醒得急了些。", true, VIOLATION_CONFIRMED, "录音属实。"},
    {5, 1, -9,  "周一班前会未到。",                         "当天替同事顶班，班长知道。", false, VIOLATION_DISMISSED, "顶班属实，不成立。"},
    {7, 3, -2,  "先于用户挂机一次。",                       "用户已说再见。", false, VIOLATION_STATED, ""},
    {9, 0, -1,  "晚班提前十分钟离岗。",                     "", false, VIOLATION_OPEN, ""},
};
/* clang-format on */

static const char UNDERTAKING[] =
    "本人因工作需要接触远声外呼中心承接项目的通话记录、录音、名单及其他资料，承诺：\n"
    "一、只为本项目工作使用上述资料，不向无关人员透露。\n"
    "二、不以 U 盘拷贝、打印、拍照、邮件、即时通信等任何方式将资料带离现场或外传。\n"
    "三、用户号码以脱敏显示为准，确需查看明文的，仅限当次办理。\n"
    "四、发现泄密或可能泄密的，立即报告双方联系人。\n"
    "五、因本人造成泄密的，由本人所在单位（甲方）承担责任。";

struct site_story {
    struct story *story;
    int64_t contract, rules[sizeof RULES / sizeof RULES[0]];
    int64_t agents[10];
};

static enum result tell_rules(struct site_story *site)
{
    struct ctx *cx = site->story->cx;
    story_at(site->story, CALL_LEAD, BEGINNING, 9);
    for (size_t i = 0; i < sizeof RULES / sizeof RULES[0]; i++) {
        struct conduct_rule rule = {.number = RULES[i].number,
                                    .text = RULES[i].text,
                                    .points = {RULES[i].points},
                                    .repeat = RULES[i].repeat};
        TRY(record_add(cx, &CONDUCT_RULES, &rule));
        site->rules[i] = rule.id;
    }
    struct site_rule *rules;
    size_t count;
    TRY(site_rules_begin(cx));
    TRY(check_list(cx, site->contract, &rules, &count));
    for (size_t i = 0; i < count; i++) {
        struct site_rule after = rules[i];
        after.conduct_rule_id = site->rules[OF_THE_SITE];
        TRY(record_change(cx, &SITE_RULES, "change", &rules[i], &after));
    }
    return OK;
}

static enum result tell_undertaking(struct site_story *site)
{
    struct ctx *cx = site->story->cx;
    struct undertaking undertaking = {.text = UNDERTAKING};
    story_at(site->story, CALL_LEAD, BEGINNING, 10);
    TRY(record_add(cx, &UNDERTAKINGS, &undertaking));
    TRY(record_get(cx, &UNDERTAKINGS, undertaking.id, &undertaking));
    TRY(undertaking_enforce(cx, &undertaking));
    TRY(record_get(cx, &UNDERTAKINGS, undertaking.id, &undertaking));
    for (size_t i = 0; i < sizeof SIGNERS / sizeof SIGNERS[0]; i++) {
        story_at(site->story, SIGNERS[i], BEGINNING + 1, 9 + (int)i);
        TRY(undertaking_sign(cx, &undertaking, undertaking.sha256));
    }
    return OK;
}

/* As whom a violation concerns. */
static void as_agent(struct site_story *site, int agent, int days, int hour)
{
    story_at(site->story, AGENT, days, hour);
    site->story->teller.person_id = site->agents[agent];
}

static enum result tell_violation(struct site_story *site, size_t entry)
{
    struct ctx *cx = site->story->cx;
    const enum violation_state state = VIOLATIONS_OF[entry].state;
    const int days = VIOLATIONS_OF[entry].days;
    struct violation violation = {.contract_id = site->contract,
                                  .person_id = site->agents[VIOLATIONS_OF[entry].agent],
                                  .rule_id = site->rules[VIOLATIONS_OF[entry].rule],
                                  .fact = VIOLATIONS_OF[entry].fact};
    story_at(site->story, SUPERVISOR, days, 11);
    violation.at = (struct instant){cx->now.ms - 30 * 60 * INT64_C(1000)};
    TRY(record_add(cx, &VIOLATIONS, &violation));
    if (state == VIOLATION_OPEN)
        return OK;
    as_agent(site, VIOLATIONS_OF[entry].agent, days, 17);
    TRY(record_get(cx, &VIOLATIONS, violation.id, &violation));
    TRY(violation_state(cx, &violation, VIOLATIONS_OF[entry].statement,
                        VIOLATIONS_OF[entry].acknowledged));
    if (state == VIOLATION_STATED)
        return OK;
    story_at(site->story, DUTY_LEAD, days + 1, 10);
    TRY(record_get(cx, &VIOLATIONS, violation.id, &violation));
    return violation_decide(cx, &violation, state == VIOLATION_CONFIRMED,
                            VIOLATIONS_OF[entry].reason);
}

/* What came of a finding: the person agrees, and the supervisor confirms it. */
static enum result settle(struct site_story *site, int64_t id)
{
    struct ctx *cx = site->story->cx;
    struct violation violation;
    TRY(record_get(cx, &VIOLATIONS, id, &violation));
    as_agent(site, FOUND_AGENT, -4, 9);
    TRY(violation_state(cx, &violation, "包里有药，已放入储物柜。", true));
    story_at(site->story, SUPERVISOR, -4, 11);
    TRY(record_get(cx, &VIOLATIONS, id, &violation));
    return violation_decide(cx, &violation, true, "本人认可。");
}

/* One patrol that both parties took note of, and one whose findings wait. */
static enum result tell_patrol(struct site_story *site, int days, bool acknowledged)
{
    struct ctx *cx = site->story->cx;
    struct patrol patrol = {.contract_id = site->contract,
                            .site = acknowledged ? "二层作业区" : "三层培训区"};
    struct site_rule *rules;
    size_t count;
    story_at(site->story, DUTY_LEAD, days, 14);
    TRY(record_add(cx, &PATROLS, &patrol));
    TRY(check_list(cx, site->contract, &rules, &count));
    struct patrol_finding findings[] = {
        {.rule_id = rules[3].id,
         .person_id = site->story->people[RESIDENT],
         .words = "手机在工位上响铃。"},
        {.rule_id = rules[1].id,
         .person_id = site->agents[acknowledged ? FOUND_AGENT : 4],
         .words = "挎包放在工位下。"},
    };
    TRY(patrol_find(cx, &patrol, findings, 2));
    if (!acknowledged)
        return OK;
    struct patrol_finding finding;
    int64_t id;
    TRY(record_get(cx, &PATROL_FINDINGS, findings[1].id, &finding));
    TRY(finding_violation(cx, &finding, 0, &id));
    TRY(settle(site, id));
    story_at(site->story, SUPERVISOR, days, 16);
    TRY(record_get(cx, &PATROL_FINDINGS, findings[1].id, &finding));
    TRY(finding_acknowledge(cx, &finding, "已当面提醒，挎包已放入储物柜。"));
    story_at(site->story, CLIENT, days + 1, 10);
    TRY(record_get(cx, &PATROL_FINDINGS, findings[0].id, &finding));
    return finding_acknowledge(cx, &finding, "已与陆建国谈话，手机今后静音存放。");
}

static enum result tell_leak(struct site_story *site)
{
    struct ctx *cx = site->story->cx;
    struct leak leak = {.contract_id = site->contract,
                        .what = "打印的回访名单（12 个号码，未脱敏）遗留在前台打印机。",
                        .channel = LEAK_PRINT,
                        .found_by = "前台值班",
                        .person_id = site->story->people[RESIDENT]};
    story_at(site->story, DUTY_LEAD, -30, 17);
    leak.happened_at = cx->now;
    TRY(record_add(cx, &LEAKS, &leak));
    story_at(site->story, CALL_LEAD, -28, 10);
    TRY(record_get(cx, &LEAKS, leak.id, &leak));
    TRY(leak_investigate(cx, &leak, "名单由派驻人员打印后未取走，约四十分钟，未发现被他人带走。",
                         SIDE_CLIENT));
    story_at(site->story, CLIENT, -25, 15);
    TRY(record_get(cx, &LEAKS, leak.id, &leak));
    return leak_close(cx, &leak, "停用派驻人员的打印权限，名单一律在系统内查看；已书面检讨。");
}

enum result demo_site(struct story *story)
{
    struct site_story site = {.story = story};
    struct list_query query = {.limit = 10, .sort = "id"};
    struct list list;
    TRY(story_call_centre(story, &site.contract));
    (void)list_condition(story->cx, &PEOPLE, "job", "agent", &query);
    TRY(record_list(story->cx, &PEOPLE, &query, &list));
    for (size_t i = 0; i < list.count; i++)
        site.agents[i] = ((const struct person *)list.rows)[i].id;
    TRY(tell_rules(&site));
    TRY(tell_undertaking(&site));
    for (size_t i = 0; i < sizeof VIOLATIONS_OF / sizeof VIOLATIONS_OF[0]; i++)
        TRY(tell_violation(&site, i));
    TRY(tell_patrol(&site, -5, true));
    TRY(tell_patrol(&site, -1, false));
    return tell_leak(&site);
}
