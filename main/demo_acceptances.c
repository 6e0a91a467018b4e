/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's acceptances of one-off services: one accepted and paid but for the money kept
 * back, one with defects still open, one refused. */
#include "app/acceptances/acceptance.h"
#include "app/documents/documents.h"
#include "app/settlement/settlement.h"
#include "main/demo_deeds.h"
#include "main/demo_picture.h"
#include "main/demo_story.h"

#include <string.h>

#define PANEL 3

/* ---- the story: days are counted from today ---- */

/* clang-format off */
static const struct {
    const char *contract, *work, *document;
    int days; /* when the work was done */
    int panel[PANEL], provider; /* who leads first; -1: an expert from outside */
    enum acceptance_outcome outcome;
    int64_t claimed_yuan, accepted_yuan;
    const char *conclusion;
} TOLD[] = {
    {"望江产业园高压配电检修", "10 kV 配电室 2 台变压器、8 面高压柜停电检修、清扫、紧固与预防性试验，已恢复送电。",
     "预防性试验报告 SY-2206：绝缘电阻、耐压、继电保护整定全部合格；停送电操作票 6 份。",
     -175, {OPS_LEAD, LIANG, -1}, LIFT_LEAD, OUTCOME_ACCEPTED, 236000, 236000,
     "检修项目与合同清单一致，试验数据合格，资料齐全，同意验收。"},
    {"滨河花园监控系统改造", "更换摄像机 64 台、存储 1 套、交换机 9 台，重布主干光缆 1.2 公里，旧设备已拆除移交。",
     "竣工图、设备合格证、光缆测试记录、系统试运行 15 天记录。",
     -34, {PM, EXECUTOR, DIVISION}, LIFT_LEAD, OUTCOME_WITH_DEFECTS, 86400, 84000,
     "系统可用，存储时长达标；两处缺陷限期整改，少装一台摄像机，按实结算。"},
    {"澄江中心空调水系统维修", "更换冷却塔填料、循环泵机封 4 套，管道除锈防腐，水系统清洗与水质处理。",
     "清洗记录、水质检测报告（第三方）、更换件清单。",
     -50, {DIVISION, LIANG, EXECUTOR}, LIFT_LEAD, OUTCOME_REFUSED, 142300, 0,
     "水质浊度超标，两台循环泵渗漏未消除，不同意验收；整改后重新提出。"},
};
static const struct {
    size_t of;
    const char *term;
    enum check_result result;
    const char *measured, *note;
    int due_days;
} CHECKED[] = {
    {0, "2.1", CHECK_PASS,   "2 台 / 8 面",   "",                                             0  },
    {0, "3.4", CHECK_PASS,   "恢复送电 3.5 h", "",                                            0  },
    {0, "4.4", CHECK_PASS,   "试验全部合格",  "",                                             0  },
    {0, "7.1", CHECK_PASS,   "持证 6 人",     "",                                             0  },
    {1, "2.1", CHECK_DEFECT, "63 / 64 台",    "2 号岗亭北侧球机云台卡滞，画面抖动，须更换。",  -9 },
    {1, "3.4", CHECK_NA,     "",              "施工不停用原系统，没有需告知的停用。",         0  },
    {1, "4.4", CHECK_DEFECT, "存储 30 天",    "地库 B2 两路画面夜间过暗，须补光或换镜头。",   5  },
    {1, "7.1", CHECK_PASS,   "持证 4 人",     "",                                             0  },
    {2, "2.1", CHECK_FAIL,   "渗漏 2 处",     "2 号、3 号循环泵机封处仍有渗漏。",             0  },
    {2, "3.4", CHECK_PASS,   "停机 2 次",     "",                                             0  },
    {2, "4.4", CHECK_FAIL,   "浊度 32 NTU",   "循环水浊度 32 NTU，合同附件要求不高于 20 NTU。", 0 },
    {2, "7.1", CHECK_PASS,   "持证 5 人",     "",                                             0  },
};
/* clang-format on */

/* ---- telling it ---- */

struct telling {
    struct story *story;
    size_t at;
    struct acceptance acceptance;
    struct contract contract;
};

static void on(const struct telling *telling, int staff, int days, int hour)
{
    story_at(telling->story, staff, TOLD[telling->at].days + days, hour);
}

static enum result fresh(struct telling *telling)
{
    return record_get(telling->story->cx, &ACCEPTANCES, telling->acceptance.id,
                      &telling->acceptance);
}

static enum result tell_request(struct telling *telling)
{
    struct story *story = telling->story;
    struct acceptance *acceptance = &telling->acceptance;
    on(telling, TOLD[telling->at].provider, 1, 9);
    fields_blank(ACCEPTANCES.fields, acceptance);
    acceptance->contract_id = telling->contract.id;
    acceptance->completed_on = story_day(story, TOLD[telling->at].days);
    acceptance->work = TOLD[telling->at].work;
    acceptance->claimed_fen.fen = TOLD[telling->at].claimed_yuan * 100;
    TRY(record_add(story->cx, &ACCEPTANCES, acceptance));
    TRY(demo_attach(story->cx, &ACCEPTANCES, acceptance->id, "完工资料.txt",
                    TOLD[telling->at].document));
    TRY(fresh(telling));
    return acceptance_request(story->cx, acceptance);
}

static enum result tell_member(struct telling *telling, int staff)
{
    struct story *story = telling->story;
    struct acceptance_member member = {.acceptance_id = telling->acceptance.id};
    struct interest_declaration declaration = {.interest = INTEREST_NONE};
    on(telling, OPS_LEAD, 2, 10);
    fields_blank(ACCEPTANCE_MEMBERS.fields, &member);
    if (staff < 0) {
        member.expert_name = "冯国栋";
        member.expert_of = "市电力行业协会";
        member.expert_interest = INTEREST_NONE;
        return record_add(story->cx, &ACCEPTANCE_MEMBERS, &member);
    }
    member.person_id = story->people[staff];
    TRY(record_add(story->cx, &ACCEPTANCE_MEMBERS, &member));
    on(telling, staff, 2, 14);
    fields_blank(INTEREST_DECLARATIONS.fields, &declaration);
    declaration.provider_id = telling->contract.provider_id;
    return record_add(story->cx, &INTEREST_DECLARATIONS, &declaration);
}

static enum result tell_panel(struct telling *telling)
{
    for (int i = 0; i < PANEL; i++)
        TRY(tell_member(telling, TOLD[telling->at].panel[i]));
    on(telling, TOLD[telling->at].panel[0], 2, 16);
    TRY(fresh(telling));
    return acceptance_convene(telling->story->cx, &telling->acceptance);
}

static enum result tell_line(struct telling *telling, const struct acceptance_item *item)
{
    struct story *story = telling->story;
    struct acceptance_item said = {.result = CHECK_PASS, .measured = "", .note = ""};
    struct upload photo = {.field = "photos", .name = "现场.jpg"};
    struct document document;
    for (size_t i = 0; i < sizeof CHECKED / sizeof CHECKED[0]; i++) {
        if (CHECKED[i].of != telling->at || strcmp(CHECKED[i].term, item->term) != 0)
            continue;
        said.result = CHECKED[i].result;
        said.measured = CHECKED[i].measured;
        said.note = CHECKED[i].note;
        if (CHECKED[i].result == CHECK_DEFECT)
            said.due_on = story_day(story, CHECKED[i].due_days);
    }
    TRY(acceptance_item_judge(story->cx, item, &said, 0));
    if (said.result == CHECK_PASS || said.result == CHECK_NA)
        return OK;
    photo.bytes = demo_picture(story->cx->mem, 70 + (int)item->id, &photo.len);
    TRY(photo_stage(story->cx, &photo));
    photo.subject = ACCEPTANCE_ITEMS.name;
    photo.subject_id = item->id;
    photo.retention = RETENTION_LONG;
    return document_add(story->cx, &photo, &document);
}

static enum result tell_decision(struct telling *telling)
{
    struct ctx *cx = telling->story->cx;
    struct acceptance_item *items;
    size_t count;
    on(telling, TOLD[telling->at].panel[1], 4, 10);
    TRY(acceptance_items(cx, telling->acceptance.id, &items, &count));
    for (size_t i = 0; i < count; i++)
        TRY(tell_line(telling, &items[i]));
    on(telling, TOLD[telling->at].panel[0], 5, 11);
    TRY(fresh(telling));
    struct acceptance decision = telling->acceptance;
    decision.outcome = TOLD[telling->at].outcome;
    decision.accepted_fen.fen = TOLD[telling->at].accepted_yuan * 100;
    decision.conclusion = TOLD[telling->at].conclusion;
    return acceptance_decide(cx, &telling->acceptance, &decision);
}

static enum result tell_names(struct telling *telling)
{
    struct ctx *cx = telling->story->cx;
    for (int i = 0; i < PANEL; i++) {
        if (TOLD[telling->at].panel[i] < 0)
            continue;
        on(telling, TOLD[telling->at].panel[i], 5, 13 + i);
        TRY(fresh(telling));
        TRY(acceptance_sign(cx, &telling->acceptance, telling->acceptance.sha256));
    }
    on(telling, TOLD[telling->at].provider, 6, 10);
    TRY(fresh(telling));
    TRY(acceptance_countersign(cx, &telling->acceptance, telling->acceptance.sha256,
                               TOLD[telling->at].outcome == OUTCOME_REFUSED
                                   ? "浊度为取样点死水段所致，请复测主管段后再定。"
                                   : ""));
    TRY(fresh(telling));
    if (telling->acceptance.state == ACCEPTANCE_DISPUTED) {
        on(telling, OPS_LEAD, 7, 10);
        TRY(acceptance_reject(cx, &telling->acceptance,
                              "主管段三处复测的浊度同样超标，报告已附；结论维持。"));
    }
    on(telling, AUDITOR, 8, 15);
    TRY(fresh(telling));
    TRY(acceptance_pass(cx, &telling->acceptance));
    return fresh(telling);
}

/* The first defect is mended and waits to be looked at; the second has its time. */
static enum result tell_mending(struct telling *telling)
{
    struct ctx *cx = telling->story->cx;
    struct list list;
    TRY(record_select(cx, &ACCEPTANCE_DEFECTS, "told", "t.acceptance_id = $1 ORDER BY t.id",
                      PARAMS(P(telling->acceptance.id)), &list));
    const struct acceptance_defect *defects = list.rows;
    if (!list.count)
        return OK;
    on(telling, TOLD[telling->at].provider, 28, 16);
    TRY(demo_attach(cx, &ACCEPTANCE_DEFECTS, defects[0].id, "整改照片.txt",
                    "更换后球机编号 Q-22，预置位 8 个，夜间画面截图 2 张。"));
    return defect_answer(cx, &defects[0], "已更换球机，预置位重新标定，请复验。", 1);
}

static enum result tell_settled(struct telling *telling)
{
    struct ctx *cx = telling->story->cx;
    struct settlement now, settlement = {.contract_id = telling->contract.id};
    if (TOLD[telling->at].outcome == OUTCOME_REFUSED)
        return OK;
    on(telling, OPS_LEAD, 10, 10);
    fields_blank(SETTLEMENTS.fields, &settlement);
    settlement.kind = SETTLEMENT_ACCEPTANCE;
    settlement.month = month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN));
    TRY(record_add(cx, &SETTLEMENTS, &settlement));
    TRY(record_get(cx, &SETTLEMENTS, settlement.id, &settlement));
    TRY(settlement_now(cx, &settlement, &now));
    TRY(settlement_send(cx, &settlement, now.sha256));
    on(telling, TOLD[telling->at].provider, 12, 10);
    TRY(record_get(cx, &SETTLEMENTS, settlement.id, &settlement));
    TRY(settlement_agree(cx, &settlement, settlement.sha256));
    on(telling, FINANCER, 14, 10);
    TRY(record_get(cx, &SETTLEMENTS, settlement.id, &settlement));
    TRY(settlement_approve(cx, &settlement, settlement.sha256));
    on(telling, FINANCER, 15, 15);
    TRY(record_get(cx, &SETTLEMENTS, settlement.id, &settlement));
    return settlement_pay(cx, &settlement, instant_date(cx->now, SHANGHAI_OFFSET_MIN),
                          "付-0622-041");
}

static enum result tell_one(struct story *story, size_t at)
{
    struct telling telling = {.story = story, .at = at};
    struct list list;
    TRY(record_select(story->cx, &CONTRACTS, "accepted", "t.name = $1",
                      PARAMS(P(TOLD[at].contract)), &list));
    telling.contract = *(const struct contract *)list.rows;
    TRY(tell_request(&telling));
    TRY(tell_panel(&telling));
    TRY(tell_decision(&telling));
    TRY(tell_names(&telling));
    TRY(tell_mending(&telling));
    return tell_settled(&telling);
}

enum result demo_acceptances(struct story *story)
{
    for (size_t i = 0; i < sizeof TOLD / sizeof TOLD[0]; i++)
        TRY(tell_one(story, i));
    story->cx->now = story->today;
    story->cx->actor = &ACTOR_SYSTEM;
    return OK;
}
