/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's letters about this and that: the agreements that they rest on, an absence, and
 * one in every state. What letters changed of agents and numbers is told in demo_agents.c. */
#include "app/letters/letter.h"
#include "main/demo_deeds.h"
#include "main/demo_story.h"

/* clang-format off */

/* Letters by contract (a row of LEDGER): who sent it so many days ago, and what became of it. */
enum letter_progress { DRAFTED, SENT, RETURNED, APPROVED, REFUSED, ANSWERED };
static const struct {
    int entry, sender, receiver, days;
    enum letter_progress progress;
    const char *subject, *body, *reason, *answer;
} LETTERS_OF[] = {
    {10, CLIENT,     CALL_LEAD,  -31, ANSWERED, "关于调整会员回访时段的函",
     "为减少打扰，会员回访的外呼时段自下周一起调整为每日 10:00 至 12:00、14:30 至 20:00，周日停拨。\n请贵司据此调整排班与外呼策略，并于调整完成后回复。",
     "时段可行，排班同步调整", "已于本周一调整外呼策略与班表，周日队列已停，首日抽听未见超时段拨打。"},
    {10, CLIENT,     CALL_LEAD,  -9,  RETURNED, "关于补报话务员培训名单的函",
     "请补报本季度新进话务员的业务培训名单及考核成绩。", "请注明统计的起止日期，并说明是否包括转岗人员", ""},
    {10, CALL_LEAD,  CLIENT,     -6,  SENT,     "关于外呼系统例行升级停机的函",
     "我司拟于本周六 22:00 至次日 6:00 对外呼系统进行例行升级，其间暂停外呼与录音调听。\n升级不影响已有录音与话单。如贵司当日有特殊安排，请提前告知。", "", ""},
    {10, DUTY_LEAD,  CLIENT,     -2,  SENT,     "关于续费提醒话术更新的函",
     "续费提醒话术自上线以来有三处与现行优惠不一致，建议按附表更新后再行外呼。请贵司核定。", "", ""},
    {10, CLIENT,     CALL_LEAD,  -1,  DRAFTED,  "关于满意度回访抽样比例的函",
     "拟将满意度回访的抽样比例由 5% 提高到 8%，请测算所需工时。", "", ""},
    {0,  DIVISION,   CLEAN_LEAD, -20, APPROVED, "关于地下二层停车场增加保洁频次的函",
     "地下二层停车场移交后人流增加，请将地面清扫由每日一次增加为每日两次，垃圾桶清运增加一次。", "同意，人员由夜班调剂，需要三日", ""},
    {0,  CLEAN_LEAD, DIVISION,   -40, ANSWERED, "关于节日期间用工安排的函",
     "节日期间拟安排 18 人值守，其中夜班 4 人，名单另附。高峰时段每小时巡回一次。", "值守人数符合合同定员", "同意所报安排，请于节前一日将名单张贴于保洁工作间。"},
    {1,  PM,         CLEAN_LEAD, -12, REFUSED,  "关于扣减缺员期间服务费的函",
     "连续两周缺员，请同意按合同 5.3 条扣减当期服务费。", "扣减须以双方签认的考勤为据，请先核对考勤后再行提出", ""},
};

/* clang-format on */

static enum result tell_agreements(struct story *story)
{
    for (int i = 0; i < ORGANISATION_COUNT; i++) {
        struct signature_agreement agreement = {
            .client_id = story->organisations[GROUP],
            .provider_id = story->organisations[i],
            .number = arena_printf(story->cx->mem, "DQ-%04d", 12 + i * 3),
            .signed_on = story_day(story, -720 + i * 9),
        };
        if (STORY_ORGANISATIONS[i].side == SIDE_PROVIDER)
            TRY(record_add(story->cx, &SIGNATURE_AGREEMENTS, &agreement));
    }
    return OK;
}

static enum result tell_absence(struct story *story)
{
    story_at(story, CLIENT, 0, 9);
    struct delegation delegation = {
        .organisation_id = story->organisations[GROUP],
        .person_id = story->people[CLIENT],
        .delegate_id = story->people[DIVISION],
        .starts_on = story_day(story, 20),
        .ends_on = story_day(story, 26),
        .reason = "年休假",
    };
    return record_add(story->cx, &DELEGATIONS, &delegation);
}

static enum result tell_letter_life(struct story *story, size_t entry, int64_t id)
{
    static const char *const DECISIONS[] = {[RETURNED] = "return",
                                            [APPROVED] = "approve",
                                            [REFUSED] = "refuse",
                                            [ANSWERED] = "approve"};
    const enum letter_progress progress = LETTERS_OF[entry].progress;
    if (progress == DRAFTED)
        return OK;
    TRY(demo_send(story->cx, id));
    if (progress == SENT)
        return OK;
    story_at(story, LETTERS_OF[entry].receiver, LETTERS_OF[entry].days + 1, 14);
    TRY(demo_step(story->cx, id, DECISIONS[progress], LETTERS_OF[entry].reason));
    if (progress != ANSWERED)
        return OK;
    story_at(story, LETTERS_OF[entry].receiver, LETTERS_OF[entry].days + 3, 16);
    return demo_step(story->cx, id, "answer", LETTERS_OF[entry].answer);
}

static enum result tell_letter(struct story *story, size_t entry)
{
    const char *name = story_contract_name(LETTERS_OF[entry].entry);
    struct list_query query = {.limit = 2, .search = name};
    struct list list;
    struct letter letter = {.type = LETTER_GENERAL.name,
                            .subject = LETTERS_OF[entry].subject,
                            .body = LETTERS_OF[entry].body};
    story_at(story, LETTERS_OF[entry].sender, LETTERS_OF[entry].days, 10);
    TRY(record_list(story->cx, &CONTRACTS, &query, &list));
    letter.contract_id = ((const struct contract *)list.rows)->id;
    letter.from_side = story->teller.side;
    fields_blank(LETTERS.fields, &letter);
    TRY(record_add(story->cx, &LETTERS, &letter));
    return tell_letter_life(story, entry, letter.id);
}

enum result demo_letters(struct story *story)
{
    TRY(tell_agreements(story));
    for (size_t i = 0; i < sizeof LETTERS_OF / sizeof LETTERS_OF[0]; i++)
        TRY(tell_letter(story, i));
    return tell_absence(story);
}
