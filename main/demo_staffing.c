/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's roster: how many are asked for, what is not right with it, and what is new. */
#include "app/agents/agent.h"
#include "app/agents/handover.h"
#include "app/staffing/business_change.h"
#include "app/staffing/requirement.h"
#include "app/staffing/subcontracting.h"
#include "app/staffing/training.h"
#include "base/doc.h"
#include "main/demo_deeds.h"
#include "main/demo_story.h"

static enum result call_contract(struct story *story, int64_t *out)
{
    struct list_query query = {.limit = 1};
    struct list list;
    list_conditions(story->cx, &CONTRACTS, "service=outbound_call&state=active", &query);
    TRY(record_list(story->cx, &CONTRACTS, &query, &list));
    *out = ((const struct record *)list.rows)->id;
    return OK;
}

/* ---- insured by another company (V5.1.4) ---- */

static const struct {
    const char *name, *number, *insured_by;
    int days; /* joined so many days before today */
} BORROWED[] = {
    {"蒋大强", "JA-0217", "众诚劳务派遣有限公司", -20},
    {"吴秀兰", "JA-0223", "众诚劳务派遣有限公司", -4},
};

static enum result tell_borrowed(struct story *story, size_t entry, int64_t *out_case)
{
    struct list_query query = {.limit = 1, .sort = "-id"};
    struct list list;
    struct person person = {.organisation_id = story->organisations[CLEANER],
                            .name = BORROWED[entry].name,
                            .job = JOB_WORKER,
                            .staff_number = BORROWED[entry].number,
                            .employed_by = BORROWED[entry].insured_by,
                            .joined_on = story_day(story, BORROWED[entry].days)};
    fields_blank(PEOPLE.fields, &person);
    story_at(story, CLEAN_LEAD, BORROWED[entry].days, 10);
    TRY(record_add(story->cx, &PEOPLE, &person));
    TRY(record_list(story->cx, &SUBCONTRACTING_CASES, &query, &list));
    *out_case = ((const struct record *)list.rows)->id;
    return OK;
}

/* The first one is cleared up, the second one waits. */
static enum result tell_cases(struct story *story)
{
    struct subcontracting_case one;
    int64_t first, second;
    TRY(tell_borrowed(story, 0, &first));
    story_at(story, EXECUTOR, -17, 16);
    TRY(record_get(story->cx, &SUBCONTRACTING_CASES, first, &one));
    TRY(subcontracting_investigate(
        story->cx, &one,
        "查看了劳动合同与社保明细：本人今年七月起与净安签订劳动合同，社保因转移手续"
        "晚一个月，八月起已由净安缴纳。"));
    TRY(demo_attach(story->cx, &SUBCONTRACTING_CASES, first, "社保缴纳明细.txt",
                    "蒋大强：七月由众诚缴纳，八月起由净安保洁缴纳。\n"));
    story_at(story, OPS_LEAD, -15, 9);
    TRY(record_get(story->cx, &SUBCONTRACTING_CASES, first, &one));
    TRY(subcontracting_decide(
        story->cx, &one,
        &(struct case_decision){.state = CASE_DISMISSED,
                                .reason = "社保转移所致，材料齐全，不属于转包分包"}));
    return tell_borrowed(story, 1, &second);
}

/* ---- how many are asked for (C2.1): one supervisor more than there is ---- */

static const struct {
    enum job job;
    int32_t count;
    int days; /* asked so many days before today */
    const char *note;
} ASKED_FOR[] = {
    {JOB_AGENT, 60, -50, "按合同座席数"},
    {JOB_DUTY_MANAGER, 1, -50, "每班一名"},
    {JOB_SUPERVISOR, 1, -50, ""},
    {JOB_QA, 2, -50, "质检抽样计划"},
    {JOB_SUPERVISOR, 1, -2, "第二批话务员上岗，一名督导带不过来"},
};

static enum result tell_requirements(struct story *story)
{
    int64_t contract;
    TRY(call_contract(story, &contract));
    for (size_t i = 0; i < sizeof ASKED_FOR / sizeof ASKED_FOR[0]; i++) {
        struct staff_requirement requirement = {
            .contract_id = contract,
            .job = ASKED_FOR[i].job,
            .from = story_day(story, ASKED_FOR[i].days),
            .count = ASKED_FOR[i].count,
            .note = ASKED_FOR[i].note,
        };
        fields_blank(STAFF_REQUIREMENTS.fields, &requirement);
        story_at(story, CLIENT, ASKED_FOR[i].days, 14);
        TRY(record_add(story->cx, &STAFF_REQUIREMENTS, &requirement));
    }
    return OK;
}

/* ---- letters ---- */

/* Sent by the client so many days from today. */
static enum result tell_sent(struct story *story, const char *type_name, const char *subject,
                             const char *const *texts, size_t count, int days, int64_t *out_id)
{
    const struct letter_type *type = letter_type_find(type_name);
    char *lines = arena_array(story->cx->mem, count, type->line_size);
    struct letter letter = {.type = type_name,
                            .from_side = SIDE_CLIENT,
                            .subject = subject,
                            .body = "详见附表，请核实后办理，并书面反馈。"};
    story_at(story, CLIENT, days, 10);
    for (size_t i = 0; i < count; i++)
        demo_line(story->cx, type, texts[i], lines + i * type->line_size);
    letter.lines = letter_lines_text(story->cx->mem, type, lines, count);
    TRY(call_contract(story, &letter.contract_id));
    fields_blank(LETTERS.fields, &letter);
    TRY(record_add(story->cx, &LETTERS, &letter));
    *out_id = letter.id;
    if (type->needs_attachment)
        TRY(demo_attach(story->cx, &LETTERS, letter.id, "监听记录.txt",
                        "两名话务员各三通录音的监听记录：未报身份，被叫要求停止后仍继续推介。\n"));
    return demo_send(story->cx, letter.id);
}

static const char *day_words(struct story *story, int days)
{
    char text[DATE_MAX_TEXT] = "";
    date_format(story_day(story, days), text);
    return arena_dup(story->cx->mem, text);
}

/* ---- new business (C2.8): trained, guided for some days, with a gap ---- */

#define GUIDED_FROM (-4)

static enum result tell_training(struct story *story, int64_t contract, int64_t *out_id)
{
    struct training_subject subject = {.contract_id = contract,
                                       .tier = TIER_MANAGERS,
                                       .name = "家装续费新业务（现场）",
                                       .edition = "2026.11",
                                       .pass_score = {8000}};
    const struct trainee trainee = {.person_id = story->people[DUTY_LEAD], .score = {9200}};
    struct training training = {.held_on = story_day(story, GUIDED_FROM - 1),
                                .trainer_id = story->people[CLIENT],
                                .place = "远声外呼中心 301 会议室",
                                .note = "新业务办理规则、常见问答、升级口径。"};
    fields_blank(TRAINING_SUBJECTS.fields, &subject);
    fields_blank(TRAININGS.fields, &training);
    story_at(story, CLIENT, GUIDED_FROM - 1, 15);
    TRY(record_add(story->cx, &TRAINING_SUBJECTS, &subject));
    training.subject_id = subject.id;
    training.trainees = json_rows_text(story->cx->mem, TRAINEE_FIELDS, &trainee, 1, sizeof trainee);
    TRY(record_add(story->cx, &TRAININGS, &training));
    TRY(record_get(story->cx, &TRAININGS, training.id, &training));
    *out_id = training.id;
    return training_confirm(story->cx, &training);
}

static const struct {
    int number; /* the third day was forgotten */
    const char *guided, *problems;
} GUIDED[] = {
    {1, "随班旁听 36 通，逐条讲解新业务办理规则", "开场白仍用旧话术，已当场纠正"},
    {2, "旁听 28 通；抽问 12 人办理条件", ""},
    {4, "复听前三日录音 20 通，讲评投诉升级口径", "两人未记录升级单"},
};

static enum result tell_guidance(struct story *story, const struct business_change *change)
{
    struct list list;
    TRY(record_select(story->cx, &GUIDANCE_LOGS, "told", "t.change_id = $1 ORDER BY t.number",
                      PARAMS(P(change->id)), &list));
    for (size_t i = 0; i < sizeof GUIDED / sizeof GUIDED[0]; i++) {
        const struct guidance_log *log =
            (const struct guidance_log *)list.rows + GUIDED[i].number - 1;
        struct guidance_log after = *log;
        story_at(story, CLIENT, GUIDED_FROM - 1 + GUIDED[i].number, 18);
        after.guide_id = story->people[RESIDENT];
        after.guided = GUIDED[i].guided;
        after.problems = GUIDED[i].problems;
        TRY(record_change(story->cx, &GUIDANCE_LOGS, "change", log, &after));
    }
    return OK;
}

static enum result tell_change(struct story *story)
{
    struct list_query query = {.limit = 1, .sort = "-id"};
    struct list list;
    int64_t letter, training;
    const char *line = arena_printf(story->cx->mem,
                                    "kind=new_business;name=家装续费新业务;train_by=%s;"
                                    "guide_from=%s;week=natural_days",
                                    day_words(story, GUIDED_FROM), day_words(story, GUIDED_FROM));
    TRY(tell_sent(story, LETTER_BUSINESS_CHANGE.name, "关于家装续费新业务上线的函", &line, 1,
                  GUIDED_FROM - 3, &letter));
    story_at(story, CALL_LEAD, GUIDED_FROM - 2, 9);
    TRY(demo_step(story->cx, letter, "approve", "已安排场地与人员"));
    TRY(demo_step(story->cx, letter, "execute", ""));
    TRY(record_list(story->cx, &BUSINESS_CHANGES, &query, &list));
    const struct business_change *change = list.rows;
    TRY(tell_training(story, change->contract_id, &training));
    TRY(business_change_train(story->cx, change, training));
    return tell_guidance(story, change);
}

/* ---- two agents to be replaced (C2.6): for one a successor is named ---- */

static enum result agent_person(struct story *story, const char *code, int64_t *out)
{
    struct list list;
    TRY(record_select(story->cx, &AGENTS, "told", "t.code = $1 LIMIT 1", PARAMS(P(code)), &list));
    *out = ((const struct agent *)list.rows)->person_id;
    return OK;
}

static enum result tell_replacement(struct story *story)
{
    static const char *const LINES[] = {"agent_code=1033;reason=被叫明确拒绝后仍继续推介",
                                        "agent_code=1045;reason=多次未报身份，提醒后未改"};
    struct handover handover = {.handed_on = story_day(story, -1),
                                .notes =
                                    "移交名单 A-17 剩余 212 条、未结回访 6 件；工位与账号已收回。"};
    TRY(tell_sent(story, LETTER_REPLACEMENT.name, "关于更换两名话务员的函", LINES, 2, -2,
                  &handover.letter_id));
    story_at(story, CALL_LEAD, -1, 9);
    TRY(demo_step(story->cx, handover.letter_id, "approve", "录音属实，同意更换"));
    story_at(story, DUTY_LEAD, -1, 16);
    fields_blank(HANDOVERS.fields, &handover);
    TRY(agent_person(story, "1033", &handover.person_id));
    TRY(agent_person(story, "1027", &handover.successor_id)); /* whose id was closed before */
    return record_add(story->cx, &HANDOVERS, &handover);
}

enum result demo_staffing(struct story *story)
{
    TRY(tell_requirements(story));
    TRY(tell_change(story));
    TRY(tell_replacement(story));
    return tell_cases(story);
}
