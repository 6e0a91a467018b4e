/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's monthly rounds: in each of the months that were evaluated, every area of these
 * contracts is inspected as planned, the provider signs, and what failed is rectified. */
#include "app/inspections/rectification.h"
#include "main/demo_inspected.h"

#define MONTHS_BACK 4 /* the first month that was evaluated */
#define MINUTE_MS INT64_C(60000)
#define ROUND_DAY 11 /* of the month */

/* clang-format off */
static const struct {
    int contract; /* row of the ledger */
    int planner, signer;
} ROUNDS_OF[] = {
    {0, RESIDENT, CLEAN_LEAD},
    {1, PM,       CLEAN_LEAD},
    {3, PM,       GREEN_LEAD},
    {4, RESIDENT, GREEN_LEAD},
    {6, PM,       GREEN_LEAD},
    {7, PM,       LIFT_LEAD },
};

static const struct {
    int contract, months, area; /* months before this one; which area of the contract */
    struct demo_fails fails;
    int answered; /* days later */
} FAILED[] = {
    {0, 4, 1, {"纸巾擦拭",       2, "电梯按键与扶手有手印。"},             2},
    {3, 4, 0, {"无白色垃圾",     2, "花境内有饮料瓶与塑料袋。"},           1},
    {1, 3, 0, {"按合同定员到岗", 3, "当日缺员 3 人，到中午未补。"},        2},
    {1, 3, 2, {"收集点不满溢",   2, "垃圾房满溢，清运车未到。"},           2},
    {6, 3, 0, {"农药登记证号",   1, "一份作业记录缺药剂登记证号。"},       2},
    {4, 3, 0, {"按期修剪",       1, "绿篱超过定型高度。"},                 3},
    {1, 2, 0, {"按合同定员到岗", 4, "缺员 4 人，领班更换后未交接。"},      2},
    {1, 2, 1, {"无灰尘、污迹",   3, "电梯厅石材有水渍，玻璃门未擦。"},     2},
    {7, 2, 0, {"无异响、渗漏",   1, "3 号楼电梯机房有渗水痕迹。"},         3},
    {1, 1, 0, {"按合同定员到岗", 1, "缺员 1 人，下午补到。"},              1},
    {3, 1, 1, {"无白色垃圾",     1, "护坡草坪有落叶未清。"},               1},
};
/* clang-format on */

struct round {
    struct story *story;
    struct contract contract;
    int entry, months; /* row of ROUNDS_OF; before this one */
};

static struct date first_day(const struct story *story, int months)
{
    const struct month now = month_of(instant_date(story->today, SHANGHAI_OFFSET_MIN));
    return month_first((struct month){now.months - months});
}

/* Of the round's month, from 0. */
static void on_day(const struct round *round, int staff, int day, int hour)
{
    const struct date then = date_add(first_day(round->story, round->months), day);
    story_at(round->story, staff, then.days - story_day(round->story, 0).days, hour);
}

static enum result tell_plans(struct story *story)
{
    for (size_t i = 0; i < sizeof ROUNDS_OF / sizeof ROUNDS_OF[0]; i++) {
        struct inspection_plan plan = {.level = LEVEL_OWNER, .frequency = EVERY_MONTH};
        struct contract contract = {0};
        TRY(story_contract(story, ROUNDS_OF[i].contract, &contract));
        plan.contract_id = contract.id;
        plan.from = first_day(story, MONTHS_BACK);
        if (plan.from.days < contract.starts_on.days)
            plan.from = contract.starts_on;
        plan.to = date_add(first_day(story, 0), -1);
        story_at(story, ROUNDS_OF[i].planner, plan.from.days - story_day(story, 0).days - 1, 9);
        TRY(record_add(story->cx, &INSPECTION_PLANS, &plan));
    }
    return OK;
}

/* ---- one of them ---- */

static int staff_of(const struct story *story, int64_t person_id)
{
    int i = 0;
    while (i < STAFF_COUNT - 1 && story->people[i] != person_id)
        i++;
    return i;
}

static enum result tell_rectified(const struct round *round, const struct inspection *inspection,
                                  int inspector, int answered)
{
    struct ctx *cx = round->story->cx;
    struct inspection_item *items;
    struct rectification notice;
    int64_t next;
    size_t count;
    TRY(inspection_items(cx, inspection, &items, &count));
    for (size_t i = 0; i < count; i++) {
        if (items[i].result != RESULT_FAIL)
            continue;
        on_day(round, ROUNDS_OF[round->entry].signer, ROUND_DAY + answered, 15);
        TRY(demo_rectify(cx, items[i].rectification_id, "已整改，并安排专人每日复查该点位。"));
        on_day(round, inspector, ROUND_DAY + answered + 1, 10);
        TRY(record_get(cx, &RECTIFICATIONS, items[i].rectification_id, &notice));
        TRY(rectification_judge(cx, &notice, true, "现场复查合格。", &next));
    }
    return OK;
}

static enum result tell_inspection(const struct round *round, const struct inspection_task *task,
                                   int area)
{
    struct story *story = round->story;
    struct ctx *cx = story->cx;
    struct inspection inspection = {.contract_id = task->contract_id,
                                    .area_id = task->area_id,
                                    .task_id = task->id,
                                    .device_started_at = {1}};
    const int inspector = staff_of(story, task->inspector_id);
    const struct demo_fails *fails = NULL;
    int answered = 0;
    for (size_t i = 0; i < sizeof FAILED / sizeof FAILED[0]; i++) {
        if (FAILED[i].contract != ROUNDS_OF[round->entry].contract ||
            FAILED[i].months != round->months || FAILED[i].area != area)
            continue;
        fails = &FAILED[i].fails;
        answered = FAILED[i].answered;
    }
    fields_blank(INSPECTIONS.fields, &inspection);
    on_day(round, inspector, ROUND_DAY, 9 + area);
    inspection.device_started_at.ms = cx->now.ms - (25 + area) * MINUTE_MS;
    TRY(inspection_begin(cx, &inspection));
    TRY(demo_inspect(story, &inspection, fails));
    on_day(round, ROUNDS_OF[round->entry].signer, ROUND_DAY, 16);
    TRY(inspection_countersign(cx, &inspection, inspection.sha256, ""));
    return fails ? tell_rectified(round, &inspection, inspector, answered) : OK;
}

static enum result tell_round(const struct round *round)
{
    struct list list;
    TRY(record_select(round->story->cx, &INSPECTION_TASKS, "round",
                      "t.contract_id = $1 AND t.state = 'open' ORDER BY t.area_id",
                      PARAMS(P(round->contract.id)), &list));
    const struct inspection_task *tasks = list.rows;
    for (size_t i = 0; i < list.count; i++)
        TRY(tell_inspection(round, &tasks[i], (int)i));
    return OK;
}

enum result demo_rounds(struct story *story)
{
    struct round round = {.story = story};
    TRY(tell_plans(story));
    for (round.months = MONTHS_BACK; round.months > 0; round.months--) {
        on_day(&round, PM, ROUND_DAY - 1, 7);
        TRY(inspections_sweep(story->cx));
        for (round.entry = 0; round.entry < (int)(sizeof ROUNDS_OF / sizeof ROUNDS_OF[0]);
             round.entry++) {
            TRY(story_contract(story, ROUNDS_OF[round.entry].contract, &round.contract));
            TRY(tell_round(&round));
        }
    }
    story->cx->now = story->today;
    return OK;
}
