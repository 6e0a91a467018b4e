/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's months: the last one published, the one before locked, with evidence in time and
 * late, an appeal that was upheld, and a reward. What lies ahead of today is not told. */
#include "app/agents/agent.h"
#include "app/appraisal/penalty.h"
#include "app/appraisal/reward.h"
#include "base/doc.h"
#include "main/demo_deeds.h"
#include "main/demo_story.h"

#include <string.h>

struct telling {
    struct story *story;
    int64_t contract_id;
    struct month month; /* that is told */
};

/* Days from today to that day of the month after the one that is told; false: it is to come. */
static bool day_after(const struct telling *telling, int day, int *out)
{
    const struct date first = month_first((struct month){telling->month.months + 1});
    const struct date today = instant_date(telling->story->today, SHANGHAI_OFFSET_MIN);
    *out = first.days + day - 1 - today.days;
    return *out < 0;
}

static enum result month_now(const struct telling *telling, struct appraisal_month *out)
{
    return month_of_contract(telling->story->cx, telling->contract_id, telling->month, out);
}

/* ---- evidence ---- */

static enum result write_evidence(const struct telling *telling, int days, const char *line,
                                  int64_t *out_id)
{
    struct ctx *cx = telling->story->cx;
    char month[MONTH_MAX_TEXT];
    month_format(telling->month, month);
    struct letter letter = {
        .type = LETTER_PENALTY_EVIDENCE.name,
        .contract_id = telling->contract_id,
        .from_side = SIDE_CLIENT,
        .subject = arena_printf(cx->mem, "关于 %s 考核依据的函", month),
        .body = "依据见附表，请核实。",
        .lines = arena_printf(cx->mem, "[{%s,\"month\":\"%s\"}]", line, month),
    };
    story_at(telling->story, CLIENT, days, 10);
    fields_blank(LETTERS.fields, &letter);
    TRY(record_add(cx, &LETTERS, &letter));
    *out_id = letter.id;
    return demo_send(cx, letter.id);
}

static enum result evidence_of(struct ctx *cx, int64_t letter_id, struct penalty *out)
{
    struct list list;
    TRY(record_select(cx, &PENALTIES, "demo", "t.letter_id = $1", PARAMS(P(letter_id)), &list));
    *out = *(const struct penalty *)list.rows;
    return OK;
}

static enum result tell_evidence(const struct telling *telling)
{
    struct ctx *cx = telling->story->cx;
    struct penalty penalty;
    int days;
    int64_t id;
    if (!day_after(telling, 2, &days))
        return OK;
    TRY(write_evidence(telling, days - 1,
                       "\"agent_code\":\"1009\",\"fact\":\"客户拒绝后继续推销，语气生硬\","
                       "\"proposal\":\"扣 2 分\"",
                       &id));
    TRY(evidence_of(cx, id, &penalty));
    story_at(telling->story, CALL_LEAD, days, 11);
    TRY(demo_step(cx, id, "approve", "已调录音核实"));
    TRY(penalty_uphold(cx, &penalty, (struct points){200},
                       "录音属实：客户两次明确拒绝后仍继续推销"));
    TRY(demo_step(cx, id, "execute", ""));
    if (!day_after(telling, 3, &days))
        return OK;
    return write_evidence(telling, days, "\"agent_code\":\"1016\",\"fact\":\"开场白未报身份\"",
                          &id);
}

/* ---- by hand ---- */

/* Whoever is not named has all points of the indicator. */
static enum result give_by_hand(const struct telling *telling, int days)
{
    struct ctx *cx = telling->story->cx;
    struct appraisal_month month;
    struct list list;
    TRY(month_now(telling, &month));
    TRY(record_select(cx, &AGENTS, "demo", "t.contract_id = $1 AND t.code IN ('1012', '1019')",
                      PARAMS(P(telling->contract_id)), &list));
    story_at(telling->story, SUPERVISOR, days, 14);
    for (size_t i = 0; i < list.count; i++) {
        struct manual_score score = {.month_id = month.id,
                                     .person_id = ((const struct agent *)list.rows)[i].person_id,
                                     .points = {600}};
        fields_blank(MANUAL_SCORES.fields, &score);
        score.indicator = "order";
        score.reason = "两次未经批准离席，已当面提醒";
        TRY(record_add(cx, &MANUAL_SCORES, &score));
    }
    story_at(telling->story, CALL_LEAD, days, 14);
    struct manual_score score = {
        .month_id = month.id, .person_id = telling->story->people[SUPERVISOR], .points = {300}};
    fields_blank(MANUAL_SCORES.fields, &score);
    score.indicator = "reports";
    score.reason = "两次周报迟交";
    return record_add(cx, &MANUAL_SCORES, &score);
}

/* ---- the steps ---- */

static enum result sweep_at(const struct telling *telling, int days)
{
    story_at(telling->story, CALL_LEAD, days, 0);
    telling->story->cx->actor = &ACTOR_SYSTEM;
    return months_sweep(telling->story->cx);
}

static enum result compute_and_publish(const struct telling *telling, bool *out_done)
{
    struct ctx *cx = telling->story->cx;
    struct appraisal_month month;
    int days;
    *out_done = false;
    if (!day_after(telling, 3, &days))
        return OK;
    TRY(sweep_at(telling, days));
    TRY(give_by_hand(telling, days));
    story_at(telling->story, CALL_LEAD, days, 15);
    TRY(month_now(telling, &month));
    TRY(month_compute(cx, &month));
    if (!day_after(telling, 4, &days))
        return OK;
    story_at(telling->story, CALL_LEAD, days, 10);
    TRY(month_now(telling, &month));
    *out_done = true;
    return month_publish(cx, &month,
                         *month.blank ? "当月没有安排，已核对无漏导数据，按办法处理。" : "");
}

static enum result sheet_of(const struct telling *telling, int64_t person_id, struct sheet *out)
{
    struct ctx *cx = telling->story->cx;
    struct appraisal_month month;
    struct list list;
    TRY(month_now(telling, &month));
    TRY(record_select(cx, &SHEETS, "demo", "t.month_id = $1 AND t.subject_id = $2",
                      PARAMS(P(month.id), P(person_id)), &list));
    *out = *(const struct sheet *)list.rows;
    return OK;
}

/* The agent says why, somebody else looks, and the sheet is computed anew. */
static enum result tell_appeal(const struct telling *telling)
{
    struct ctx *cx = telling->story->cx;
    struct sheet sheet;
    struct appeal appeal;
    struct points most;
    int64_t id;
    int days;
    if (!day_after(telling, 5, &days))
        return OK;
    story_at(telling->story, AGENT, days, 17);
    TRY(sheet_of(telling, telling->story->people[AGENT], &sheet));
    TRY(appeal_make(cx, &sheet, "rate", "两通成功访问被记成了接通，已在工单里登记。", &id));
    story_at(telling->story, DUTY_LEAD, days + 1, 10);
    TRY(record_get(cx, &APPEALS, id, &appeal));
    TRY(appeal_most(cx, &appeal, &most));
    if (most.hundredths < 100)
        return appeal_reject(cx, &appeal, "核对工单，记录无误");
    return appeal_uphold(cx, &appeal, (struct points){100}, "核对工单属实，补 1 分");
}

static enum result tell_lock(const struct telling *telling)
{
    struct ctx *cx = telling->story->cx;
    struct appraisal_month month;
    int days;
    TRY(month_now(telling, &month));
    if (!day_after(telling, 18, &days)) /* holidays make the time for appeals longer */
        return OK;
    story_at(telling->story, CALL_LEAD, days, 16);
    return month_lock(cx, &month);
}

static enum result tell_reward(const struct telling *telling)
{
    struct ctx *cx = telling->story->cx;
    struct reward reward = {.contract_id = telling->contract_id,
                            .person_id = telling->story->people[AGENT],
                            .month = telling->month,
                            .amount_fen = {30000}};
    int64_t letter_id;
    fields_blank(REWARDS.fields, &reward);
    reward.reason = "双十一前高峰期主动顶班，客户三次表扬。";
    story_at(telling->story, CLIENT, -4, 9);
    TRY(record_add(cx, &REWARDS, &reward));
    TRY(record_get(cx, &REWARDS, reward.id, &reward));
    TRY(reward_ask(cx, &reward, &letter_id));
    TRY(demo_send(cx, letter_id));
    story_at(telling->story, CALL_LEAD, -3, 14);
    TRY(demo_step(cx, letter_id, "approve", "同意，按激励服务费结算，由我方发放"));
    return demo_step(cx, letter_id, "execute", "");
}

static enum result tell_month(struct telling *telling, bool locked)
{
    bool done;
    int days;
    (void)day_after(telling, 1, &days);
    if (days > 0)
        return OK;
    TRY(sweep_at(telling,
                 days - month_last(telling->month).days + month_first(telling->month).days - 1));
    TRY(tell_evidence(telling));
    TRY(compute_and_publish(telling, &done));
    if (!done || !locked)
        return OK;
    TRY(tell_appeal(telling));
    return tell_lock(telling);
}

static enum result tell(struct ctx *cx, void *host)
{
    struct story *story = host;
    struct telling telling = {.story = story};
    struct list_query query = {.limit = 1, .sort = "id"};
    struct list agents;
    const struct month now = month_of(instant_date(story->today, SHANGHAI_OFFSET_MIN));
    story->cx = cx;
    TRY(record_list(cx, &AGENTS, &query, &agents));
    telling.contract_id = ((const struct agent *)agents.rows)->contract_id;
    for (int back = 2; back > 0; back--) {
        telling.month.months = now.months - back;
        TRY(tell_month(&telling, back == 2));
    }
    TRY(tell_reward(&telling));
    return sweep_at(&telling, 0);
}

bool demo_months(struct world *world, struct story *story)
{
    return !world->config.demo_calls || world_write(world, tell, story);
}
