/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's ledger: contracts in every state, their terms and briefings, and what the group
 * asks for beyond the regulation. */
#include "app/contracts/contract.h"
#include "app/regulation/own_clause.h"
#include "main/demo_story.h"

#include <string.h>

/* clang-format off */

/* What the group asks for beyond the regulation. */
static const struct {
    const char *number, *title, *text, *parent, *duties, *state;
} OWN_CLAUSES_OF[] = {
    {"补-1", "到期前完成续签评估", "合同到期前，由事业部完成续签评估并决定续签或结束；逾期未决的，合同不得顺延。",                 "V5.1.1", "contract_ends",                           "in_force"},
    {"补-2", "交底时限",           "监管执行人确定或合同变更后一个月内完成交底；交底后五个工作日内双方签字。",                     "V5.1.2", "brief_executor sign_briefing",            "in_force"},
    {"补-3", "资质到期前更新",     "供方资质到期前，由供方提交更新后的证照，运营中心督促；未更新的，暂停新增合同。",               "X5",     "renew_qualification watch_qualification", "draft"   },
};

/* How far a contract has come. */
enum progress { REGISTERED, TERMED, HALF_SIGNED, BRIEFED, IN_FORCE, CHANGED, ON_HOLD, OVER, BROKEN_OFF };
static const struct {
    const char *name;
    enum contract_kind kind;
    enum service service;
    int provider, unit, executor; /* -1: none named */
    int from_days, to_days;
    int64_t amount_yuan, monthly_yuan;
    enum progress progress;
} LEDGER[] = {
    {"澄江中心日常保洁",     CONTRACT_CONTINUOUS, SERVICE_CLEANING,      CLEANER,  CENTRE, RESIDENT, -511, 219, 4891200, 203800, CHANGED    },
    {"滨河花园保洁",         CONTRACT_CONTINUOUS, SERVICE_CLEANING,      CLEANER,  GARDEN, EXECUTOR, -208, 158, 1166400, 97200,  ON_HOLD    },
    {"望江产业园日常保洁",   CONTRACT_CONTINUOUS, SERVICE_CLEANING,      CLEANER,  PARK,   LIANG,    -22,  342, 2020800, 168400, IN_FORCE   },
    {"滨河花园绿化养护",     CONTRACT_CONTINUOUS, SERVICE_GREENING,      GREENER,  GARDEN, EXECUTOR, -237, 128, 466800,  38900,  IN_FORCE   },
    {"澄江中心绿化养护",     CONTRACT_CONTINUOUS, SERVICE_GREENING,      GREENER,  CENTRE, RESIDENT, -120, 245, 516000,  43000,  IN_FORCE   },
    {"望江产业园绿化养护",   CONTRACT_CONTINUOUS, SERVICE_GREENING,      GREENER,  PARK,   LIANG,    8,    372, 631200,  52600,  BRIEFED    },
    {"滨河花园病媒生物消杀", CONTRACT_CONTINUOUS, SERVICE_PEST_CONTROL,  GREENER,  GARDEN, EXECUTOR, -327, 38,  252000,  21000,  IN_FORCE   },
    {"滨河花园电梯维保",     CONTRACT_CONTINUOUS, SERVICE_ENGINEERING,   ENGINEER, GARDEN, PM,       -353, 12,  417000,  34750,  IN_FORCE   },
    {"澄江中心消防维保",     CONTRACT_CONTINUOUS, SERVICE_ENGINEERING,   ENGINEER, CENTRE, RESIDENT, -511, 219, 1080000, 45000,  IN_FORCE   },
    {"澄江中心空调水系统维修", CONTRACT_ONE_OFF,  SERVICE_ENGINEERING,   ENGINEER, CENTRE, RESIDENT, -131, -54, 142300,  0,      IN_FORCE   },
    {"会员回访与续费外呼",   CONTRACT_CONTINUOUS, SERVICE_OUTBOUND_CALL, CALLER,   EAST,   CLIENT,   -54,  311, 1860000, 155000, IN_FORCE   },
    {"满意度回访外呼",       CONTRACT_CONTINUOUS, SERVICE_OUTBOUND_CALL, CALLER,   SOUTH,  -1,       15,   380, 540000,  45000,  REGISTERED },
    {"澄江中心外墙清洗",     CONTRACT_ONE_OFF,    SERVICE_CLEANING,      CLEANER,  CENTRE, -1,       10,   27,  86000,   0,      TERMED     },
    {"滨河花园水箱清洗",     CONTRACT_ONE_OFF,    SERVICE_CLEANING,      CLEANER,  GARDEN, EXECUTOR, 3,    20,  18600,   0,      HALF_SIGNED},
    {"望江产业园高压配电检修", CONTRACT_ONE_OFF,  SERVICE_ENGINEERING,   ENGINEER, PARK,   LIANG,    -190, -160, 236000, 0,      OVER       },
    {"望江产业园消杀",       CONTRACT_CONTINUOUS, SERVICE_PEST_CONTROL,  GREENER,  PARK,   LIANG,    -400, -35, 198000,  16500,  BROKEN_OFF },
    {"滨河花园监控系统改造", CONTRACT_ONE_OFF,    SERVICE_ENGINEERING,   ENGINEER, GARDEN, EXECUTOR, -95,  -32, 86400,   0,      IN_FORCE   },
};

static const struct {
    enum service service;
    enum contract_kind kind; /* 0: of both */
    const char *number;
    enum term_topic topic;
    const char *text;
} TERMS_OF[] = {
    {SERVICE_CLEANING,      0, "2.1", TERM_SCOPE,     "范围：大堂、电梯厅、楼道、卫生间、地下车库、外围道路与垃圾房。"},
    {SERVICE_CLEANING,      0, "3.2", TERM_FREQUENCY, "楼内地面每日清扫 2 次、拖洗 1 次；卫生间每 2 小时巡回一次；扶手、信报箱每日擦拭。"},
    {SERVICE_CLEANING,      0, "4.1", TERM_STANDARD,  "地面无明显污迹、水渍；纸巾擦拭 20 厘米无明显污迹；卫生间无异味。"},
    {SERVICE_CLEANING,      0, "5.3", TERM_STAFFING,  "定员按附件二执行，缺员当日补齐，连续缺员 3 日按实际出勤结算。"},
    {SERVICE_CLEANING,      0, "6.4", TERM_DEDUCTION, "缺员每人次扣 200 元；垃圾满溢每处扣 500 元；同一问题重犯加倍。"},
    {SERVICE_GREENING,      0, "2.1", TERM_SCOPE,     "范围：乔灌木、地被与草坪养护，面积以附件一为准。"},
    {SERVICE_GREENING,      0, "3.1", TERM_FREQUENCY, "草坪生长季每月修剪 2 次；绿篱每月修剪 1 次；病虫害防治按月。"},
    {SERVICE_GREENING,      0, "4.2", TERM_STANDARD,  "成活率不低于 95%，死株 3 日内补栽；草坪覆盖率不低于 98%。"},
    {SERVICE_GREENING,      0, "6.2", TERM_DEDUCTION, "每处枯枝落叶超过一日未清扣 50 元；未按期修剪扣当月养护费 10%。"},
    {SERVICE_PEST_CONTROL,  0, "2.2", TERM_SCOPE,     "靶标：鼠、蚊、蝇、蟑螂；区域含地下室、垃圾房、设备间与外围。"},
    {SERVICE_PEST_CONTROL,  0, "3.3", TERM_FREQUENCY, "4 至 10 月每月不少于 4 次，其余月份不少于 1 次。"},
    {SERVICE_PEST_CONTROL,  0, "5.1", TERM_SAFETY,    "施药前三日公告；药剂须有农药登记证号；专人全程跟踪。"},
    {SERVICE_ENGINEERING,   CONTRACT_CONTINUOUS, "2.1", TERM_SCOPE,     "范围：合同设备清单所列设备的日常维护、检修与应急抢修。"},
    {SERVICE_ENGINEERING,   CONTRACT_CONTINUOUS, "3.4", TERM_FREQUENCY, "按半月、季、半年、年四级保养；每台每次不少于 60 分钟，先告知、后签字。"},
    {SERVICE_ENGINEERING,   CONTRACT_CONTINUOUS, "4.4", TERM_STANDARD,  "困人救援 30 分钟内到场；一般故障 24 小时内恢复。"},
    {SERVICE_ENGINEERING,   CONTRACT_ONE_OFF, "2.1", TERM_SCOPE,     "范围：合同工程量清单所列设备与材料的供应、拆装、检修和调试，旧件移交项目。"},
    {SERVICE_ENGINEERING,   CONTRACT_ONE_OFF, "3.4", TERM_FREQUENCY, "停电、停水、停机等影响使用的作业提前三日书面告知，当日恢复，由项目签字。"},
    {SERVICE_ENGINEERING,   CONTRACT_ONE_OFF, "4.4", TERM_STANDARD,  "完工后按设计文件和国家现行验收规范检测，试运行正常，资料齐全。"},
    {SERVICE_ENGINEERING,   0, "7.1", TERM_SAFETY,    "作业人员须持证上岗，证件复印件交项目留存。"},
    {SERVICE_OUTBOUND_CALL, 0, "2.3", TERM_SCOPE,     "业务：会员回访、到期续费提醒；外呼号码使用委托方自有号码。"},
    {SERVICE_OUTBOUND_CALL, 0, "4.1", TERM_STAFFING,  "配备话务员 60 人、督导 4 人、质检 2 人、值班经理 2 人。"},
    {SERVICE_OUTBOUND_CALL, 0, "5.2", TERM_STANDARD,  "按 100 分制月度考核：劳动纪律、成功访问量、呼出时长、培训成绩。"},
    {SERVICE_OUTBOUND_CALL, 0, "8.1", TERM_SAFETY,    "客户资料不得拷贝、打印或外传，违者承担法律责任。"},
};

/* clang-format on */

const char *story_contract_name(int entry)
{
    return LEDGER[entry].name;
}

enum result story_contract(struct story *story, int entry, struct contract *out)
{
    struct list_query query = {.limit = 1, .sort = "id", .search = story_contract_name(entry)};
    struct list list;
    TRY(record_list(story->cx, &CONTRACTS, &query, &list));
    if (!list.count)
        return fail(story->cx, NOT_FOUND, "record.not_found", "contracts");
    *out = *(struct contract *)list.rows;
    return OK;
}

static enum result tell_terms(struct story *story, const struct contract *contract)
{
    for (size_t i = 0; i < sizeof TERMS_OF / sizeof TERMS_OF[0]; i++) {
        struct term term = {
            .contract_id = contract->id,
            .number = TERMS_OF[i].number,
            .topic = TERMS_OF[i].topic,
            .text = TERMS_OF[i].text,
        };
        if (TERMS_OF[i].service == contract->service &&
            (!TERMS_OF[i].kind || TERMS_OF[i].kind == contract->kind))
            TRY(record_add(story->cx, &TERMS, &term));
    }
    return OK;
}

static enum result tell_briefing(struct story *story, size_t entry, const struct contract *contract,
                                 int days)
{
    struct briefing briefing = {
        .held_on = story_day(story, days),
        .place = arena_printf(story->cx->mem, "%s会议室", story_unit_name(LEDGER[entry].unit)),
        .questions = "问：重大活动保障是否另计？\n答：按合同附件三，月度两次以内不另计。",
        .sha256 = "",
    };
    story_at(story, DIVISION, days, 15);
    TRY(briefing_prepare(story->cx, contract->id, &briefing));
    TRY(record_add(story->cx, &BRIEFINGS, &briefing));
    story_at(story, DIVISION, days, 16);
    TRY(briefing_sign(story->cx, briefing.id, briefing.sha256));
    if (LEDGER[entry].progress == HALF_SIGNED)
        return OK;
    story_at(story, LEDGER[entry].executor, days, 17);
    return briefing_sign(story->cx, briefing.id, briefing.sha256);
}

static enum result fresh(struct story *story, struct contract *contract)
{
    return record_get(story->cx, &CONTRACTS, contract->id, contract);
}

static enum result tell_amendment(struct story *story, struct contract *contract)
{
    struct contract before;
    story_at(story, DIVISION, -20, 10);
    TRY(record_get(story->cx, &CONTRACTS, contract->id, &before));
    *contract = before;
    contract->monthly_fee_fen.fen += 560000;
    return contract_amend(story->cx, &before, contract, story_day(story, -20),
                          "地下二层停车场移交，增加保洁面积 3,200 平方米");
}

/* From activation on. */
static enum result tell_life(struct story *story, size_t entry, struct contract *contract,
                             int start)
{
    story_at(story, DIVISION, start, 9);
    TRY(fresh(story, contract));
    TRY(contract_activate(story->cx, contract));
    TRY(fresh(story, contract));
    switch (LEDGER[entry].progress) {
    case CHANGED:
        return tell_amendment(story, contract);
    case OVER:
        story_at(story, DIVISION, LEDGER[entry].to_days, 17);
        return contract_step(story->cx, contract, "end", "验收合格，合同履行完毕");
    case BROKEN_OFF:
        story_at(story, OPS_LEAD, -60, 14);
        return contract_step(story->cx, contract, "terminate",
                             "未经公告施药两次，按合同第 9.1 条解除");
    default:
        return OK;
    }
}

static void fill_contract(struct story *story, size_t entry, struct contract *contract)
{
    struct ctx *cx = story->cx;
    const bool continuous = LEDGER[entry].kind == CONTRACT_CONTINUOUS;
    const struct ymd signed_on = date_ymd(story_day(story, LEDGER[entry].from_days - 12));
    fields_blank(CONTRACTS.fields, contract);
    contract->number = arena_printf(cx->mem, "HT-%d-%04zu", signed_on.year, 80 + entry * 7);
    contract->name = LEDGER[entry].name;
    contract->kind = LEDGER[entry].kind;
    contract->service = LEDGER[entry].service;
    contract->client_id = story->organisations[GROUP];
    contract->provider_id = story->organisations[LEDGER[entry].provider];
    contract->unit_id = story->units[LEDGER[entry].unit];
    contract->provider_contact = STORY_ORGANISATIONS[LEDGER[entry].provider].contact;
    contract->provider_phone.plain = story_phone(cx, 700 + LEDGER[entry].provider);
    contract->signed_on = story_day(story, LEDGER[entry].from_days - 12);
    contract->starts_on = story_day(story, LEDGER[entry].from_days);
    contract->ends_on = story_day(story, LEDGER[entry].to_days);
    contract->amount_fen.fen = LEDGER[entry].amount_yuan * 100;
    contract->net_amount_fen = money_share(contract->amount_fen, 100, 106);
    contract->monthly_fee_fen.fen = LEDGER[entry].monthly_yuan * 100;
    contract->deposit_fen = money_share(contract->amount_fen, 5, 100);
    contract->payment_terms =
        continuous ? "按月，评价结果出具后 15 日内支付" : "验收合格后支付 95%，质保期满支付 5%";
    contract->assessment_clause =
        continuous ? "月度考核 100 分，85 分以上全额支付，低于 85 分按比例扣减" : "";
    contract->no_subcontracting = LEDGER[entry].progress != REGISTERED;
    contract->warranty_months = continuous ? 0 : 12;
    contract->retention_share.hundredths = continuous ? 0 : 500; /* 5 % */
    if (continuous && LEDGER[entry].progress != REGISTERED)
        contract->served_party_clause =
            "业主与商户每季度扫码评价，占季度评价 20 分，低于 60 分约谈";
    if (LEDGER[entry].executor >= 0)
        contract->executor_id = story->people[LEDGER[entry].executor];
    if (LEDGER[entry].service == SERVICE_OUTBOUND_CALL)
        contract->contact_id = story->people[CLIENT];
}

static enum result tell_contract(struct story *story, size_t entry)
{
    struct contract contract = {0};
    const enum progress progress = LEDGER[entry].progress;
    int start = LEDGER[entry].from_days < 0 ? LEDGER[entry].from_days : -3;
    story_at(story, DIVISION, start - 10, 10);
    fill_contract(story, entry, &contract);
    TRY(record_add(story->cx, &CONTRACTS, &contract));
    if (progress == REGISTERED)
        return OK;
    TRY(tell_terms(story, &contract));
    if (progress == TERMED)
        return OK;
    TRY(tell_briefing(story, entry, &contract, start - 2));
    return progress >= IN_FORCE ? tell_life(story, entry, &contract, start) : OK;
}

static enum result tell_own_clauses(struct story *story)
{
    struct field_reading reading = {.arena = story->cx->mem};
    story_at(story, OPS_LEAD, -200, 10);
    for (size_t i = 0; i < sizeof OWN_CLAUSES_OF / sizeof OWN_CLAUSES_OF[0]; i++) {
        const struct {
            const char *field, *value;
        } CELLS[] = {
            {"number", OWN_CLAUSES_OF[i].number},     {"title", OWN_CLAUSES_OF[i].title},
            {"text", OWN_CLAUSES_OF[i].text},         {"parent", OWN_CLAUSES_OF[i].parent},
            {"duty_rules", OWN_CLAUSES_OF[i].duties}, {"state", OWN_CLAUSES_OF[i].state},
        };
        struct own_clause clause = {0};
        fields_blank(OWN_CLAUSES.fields, &clause);
        for (size_t cell = 0; cell < sizeof CELLS / sizeof CELLS[0]; cell++)
            (void)field_read(
                field_find(OWN_CLAUSES.fields, CELLS[cell].field, strlen(CELLS[cell].field)),
                CELLS[cell].value, &reading, &clause);
        TRY(record_add(story->cx, &OWN_CLAUSES, &clause));
    }
    return OK;
}

enum result demo_hold(struct story *story)
{
    for (size_t i = 0; i < sizeof LEDGER / sizeof LEDGER[0]; i++) {
        struct contract contract = {0};
        if (LEDGER[i].progress != ON_HOLD)
            continue;
        TRY(story_contract(story, (int)i, &contract));
        story_at(story, DIVISION, -6, 11);
        TRY(contract_step(story->cx, &contract, "suspend", "连续两周缺员，约谈后限期补足"));
    }
    return OK;
}

enum result demo_contracts(struct story *story)
{
    for (size_t i = 0; i < sizeof LEDGER / sizeof LEDGER[0]; i++)
        TRY(tell_contract(story, i));
    return tell_own_clauses(story);
}
