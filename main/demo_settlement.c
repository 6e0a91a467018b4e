/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's settlement of a cleaning contract: rules agreed by letter, events told and
 * objected to, and three months of statements. */
#include "app/settlement/settlement.h"
#include "main/demo_deeds.h"
#include "main/demo_story.h"

#define CONTRACT_NAME "滨河花园保洁"
#define FIRST_MONTH 4 /* before this one: from then on the rules hold */

/* ---- the story ---- */

/* clang-format off */
static const char *const RULES_OF[] = {
    "name=考核得分扣款;term=6.4;function=per_point_amount;rests_on=result;line=85;rate_fen=300",
    "name=垃圾满溢;term=6.4;function=fixed_per_event;rests_on=event;rate_fen=500;factor=2",
    "name=检查发现扣分;term=6.4;function=deduction_allowance;rests_on=findings;line=20;rate_fen=50",
    "name=考核金;term=6.4;function=assessment_pool;rests_on=event;share=5;step=50;free=1",
    "name=批评与曝光;term=6.4;function=external_event;rests_on=external;rate_fen=500;most_fen=5000",
    "name=扣款封顶;term=6.4;function=cap;rests_on=always;share=20;step=10",
};
static const struct {
    int months, day; /* of the month so many before this */
    const char *rule, *fact, *evidence;
    int64_t yuan;
    enum { ACCEPTED, REJECTED, UPHELD, OBJECTED, WAITING } end;
} EVENTS_OF[] = {
    {3, 8,  "垃圾满溢",   "3 号楼垃圾房 7:40 满溢，清运车未到，业主拍照反映。", "照片编号 0308，拍摄于 7:42，地点 3 号楼垃圾房。",     0,    ACCEPTED},
    {3, 21, "垃圾满溢",   "1 号楼垃圾房再次满溢，清运记录缺当日签字。",         "照片编号 0321；清运登记表当日空白。",                 0,    REJECTED},
    {2, 14, "批评与曝光", "社区简报点名小区外围卫生差，街道要求限期整改。",     "街道简报第 14 期，第 2 版。",                         1500, ACCEPTED},
    {2, 19, "垃圾满溢",   "5 号楼垃圾房满溢。",                                 "照片编号 0219。",                                     0,    UPHELD  },
    {1, 20, "垃圾满溢",   "2 号楼垃圾房满溢，当日两次催运未到。",               "照片编号 1020；电话催运记录 9:10、11:35。",           0,    OBJECTED},
    {1, 26, "批评与曝光", "业主群视频反映电梯厅积水，公司领导批评。",           "视频截图与领导批示件。",                               800,  WAITING },
};
/* clang-format on */

/* ---- telling it ---- */

struct settling {
    struct story *story;
    int64_t contract;
};

static struct month month_ago(const struct story *story, int months)
{
    return (struct month){month_of(instant_date(story->today, SHANGHAI_OFFSET_MIN)).months -
                          months};
}

/* The nth day of a month, so far as it has come. */
static void on_day(struct story *story, int staff, struct month month, int n)
{
    const struct date day = date_add(month_first(month), n - 1);
    story_at(story, staff, day.days - instant_date(story->today, SHANGHAI_OFFSET_MIN).days, 10);
}

static enum result as_account(struct story *story, const char *account)
{
    TRY(demo_become(story->cx, account, &story->teller));
    story->cx->actor = &story->teller;
    return OK;
}

static enum result tell_rules(const struct settling *settling)
{
    struct story *story = settling->story;
    struct ctx *cx = story->cx;
    const size_t count = sizeof RULES_OF / sizeof RULES_OF[0];
    const size_t size = LETTER_DEDUCTION_RULES.line_size;
    char *lines = arena_alloc(cx->mem, count * size);
    char month[MONTH_MAX_TEXT];
    struct letter letter = {.contract_id = settling->contract, .from_side = SIDE_CLIENT};
    fields_blank(LETTERS.fields, &letter);
    month_format(month_ago(story, FIRST_MONTH), month);
    for (size_t i = 0; i < count; i++)
        demo_line(cx, &LETTER_DEDUCTION_RULES,
                  arena_printf(cx->mem, "from_month=%s;%s", month, RULES_OF[i]), lines + i * size);
    letter.type = LETTER_DEDUCTION_RULES.name;
    letter.subject = "关于约定扣款规则的函";
    letter.body = "依据合同第 6.4 条，双方约定下列扣款规则及封顶，自所列月份起执行。";
    letter.lines = letter_lines_text(cx->mem, &LETTER_DEDUCTION_RULES, lines, count);
    on_day(story, DIVISION, month_ago(story, FIRST_MONTH + 1), 10);
    TRY(as_account(story, "division"));
    TRY(record_add(cx, &LETTERS, &letter));
    TRY(demo_send(cx, letter.id));
    on_day(story, CLEAN_LEAD, month_ago(story, FIRST_MONTH + 1), 12);
    TRY(as_account(story, "cleaner"));
    TRY(demo_step(cx, letter.id, "approve", "同意，自约定月份起执行。"));
    return demo_step(cx, letter.id, "execute", "");
}

static enum result fresh_event(struct story *story, struct deduction_event *event)
{
    return record_get(story->cx, &DEDUCTION_EVENTS, event->id, event);
}

static enum result tell_end(struct story *story, size_t entry, struct deduction_event *event)
{
    struct ctx *cx = story->cx;
    const struct month month = month_ago(story, EVENTS_OF[entry].months);
    if (EVENTS_OF[entry].end == WAITING)
        return OK;
    on_day(story, CLEAN_LEAD, month, EVENTS_OF[entry].day + 2);
    TRY(as_account(story, "cleaner"));
    if (EVENTS_OF[entry].end == ACCEPTED)
        return deduction_event_accept(cx, event);
    TRY(deduction_event_object(cx, event, "当日清运车因道路封闭绕行，已电话告知项目，请核实。"));
    if (EVENTS_OF[entry].end == OBJECTED)
        return OK;
    on_day(story, DIVISION, month, EVENTS_OF[entry].day + 4);
    TRY(fresh_event(story, event));
    const bool upheld = EVENTS_OF[entry].end == UPHELD;
    return deduction_event_decide(cx, event, upheld,
                                  upheld ? "道路封闭通知属实，非供方原因，撤销。"
                                         : "告知时间晚于满溢发生，未采取替代清运，异议不成立。");
}

static enum result tell_event(const struct settling *settling, size_t entry)
{
    struct story *story = settling->story;
    struct ctx *cx = story->cx;
    const struct month month = month_ago(story, EVENTS_OF[entry].months);
    struct deduction_event event = {.contract_id = settling->contract,
                                    .amount_fen = {EVENTS_OF[entry].yuan * 100}};
    struct list list;
    on_day(story, PM, month, EVENTS_OF[entry].day);
    TRY(record_select(cx, &DEDUCTION_RULES, "named", "t.contract_id = $1 AND t.name = $2",
                      PARAMS(P(settling->contract), P(EVENTS_OF[entry].rule)), &list));
    fields_blank(DEDUCTION_EVENTS.fields, &event);
    event.rule_id = ((const struct record *)list.rows)->id;
    event.day = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    event.fact = EVENTS_OF[entry].fact;
    TRY(record_add(cx, &DEDUCTION_EVENTS, &event));
    TRY(as_account(story, "pm"));
    TRY(demo_attach(cx, &DEDUCTION_EVENTS, event.id, "证据.txt", EVENTS_OF[entry].evidence));
    TRY(fresh_event(story, &event));
    TRY(deduction_event_tell(cx, &event));
    TRY(fresh_event(story, &event));
    return tell_end(story, entry, &event);
}

static enum result fresh(struct story *story, struct settlement *settlement)
{
    return record_get(story->cx, &SETTLEMENTS, settlement->id, settlement);
}

/* By the project on the 20th of the month after it. */
static enum result tell_statement(const struct settling *settling, int months,
                                  struct settlement *out)
{
    struct story *story = settling->story;
    *out =
        (struct settlement){.contract_id = settling->contract, .month = month_ago(story, months)};
    on_day(story, PM, month_ago(story, months - 1), 20);
    fields_blank(SETTLEMENTS.fields, out);
    TRY(record_add(story->cx, &SETTLEMENTS, out));
    return fresh(story, out);
}

static enum result tell_sent(struct story *story, struct settlement *settlement)
{
    struct settlement now;
    TRY(settlement_now(story->cx, settlement, &now));
    TRY(settlement_send(story->cx, settlement, now.sha256));
    return fresh(story, settlement);
}

static enum result tell_paid(const struct settling *settling)
{
    struct story *story = settling->story;
    struct ctx *cx = story->cx;
    struct settlement settlement;
    const struct month next = month_ago(story, 2);
    TRY(tell_statement(settling, 3, &settlement));
    TRY(tell_sent(story, &settlement));
    on_day(story, CLEAN_LEAD, next, 22);
    TRY(settlement_agree(cx, &settlement, settlement.sha256));
    on_day(story, FINANCER, next, 24);
    TRY(fresh(story, &settlement));
    TRY(settlement_approve(cx, &settlement, settlement.sha256));
    on_day(story, FINANCER, next, 26);
    TRY(fresh(story, &settlement));
    TRY(settlement_pay(cx, &settlement, instant_date(cx->now, SHANGHAI_OFFSET_MIN), "付-0926-117"));
    struct settlement_correction correction = {.settlement_id = settlement.id,
                                               .amount_fen = {20000}};
    fields_blank(SETTLEMENT_CORRECTIONS.fields, &correction);
    correction.reason = "8 日一次清运登记补到，少扣一处，补付 200 元。";
    on_day(story, PM, next, 27);
    TRY(record_add(cx, &SETTLEMENT_CORRECTIONS, &correction));
    on_day(story, DIVISION, next, 28);
    TRY(record_get(cx, &SETTLEMENT_CORRECTIONS, correction.id, &correction));
    return correction_approve(cx, &correction);
}

static enum result tell_disputed(const struct settling *settling)
{
    struct story *story = settling->story;
    struct settlement settlement;
    TRY(tell_statement(settling, 2, &settlement));
    TRY(tell_sent(story, &settlement));
    on_day(story, CLEAN_LEAD, month_ago(story, 1), 23);
    return settlement_dispute(story->cx, &settlement,
                              "社区简报所指路段不在合同外围范围内，请按附件一核对后更正。");
}

/* Its evaluation is not final yet: the provider's objection is open. */
static enum result tell_drafted(const struct settling *settling)
{
    struct settlement settlement;
    return tell_statement(settling, 1, &settlement);
}

enum result demo_settlement(struct story *story)
{
    struct settling settling = {.story = story};
    struct list list;
    TRY(record_select(story->cx, &CONTRACTS, "settled", "t.name = $1", PARAMS(P(CONTRACT_NAME)),
                      &list));
    settling.contract = ((const struct record *)list.rows)->id;
    TRY(tell_rules(&settling));
    for (size_t i = 0; i < sizeof EVENTS_OF / sizeof EVENTS_OF[0]; i++)
        TRY(tell_event(&settling, i));
    TRY(tell_paid(&settling));
    TRY(tell_disputed(&settling));
    TRY(tell_drafted(&settling));
    story->cx->now = story->today;
    story->cx->actor = &ACTOR_SYSTEM;
    return OK;
}
