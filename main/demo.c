/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/demo.h"

#include "app/access/account.h"
#include "app/contracts/contract.h"
#include "app/duties/calendar_day.h"
#include "app/letters/letter.h"
#include "app/notices/group_robot.h"
#include "app/notices/notice.h"
#include "app/records/trail.h"
#include "app/regulation/own_clause.h"
#include "base/texts.h"
#include "main/demo_agents.h"
#include "main/demo_calls.h"

#include <string.h>

/* ---- the story, as data: tables that are read by column ---- */

/* clang-format off */

static const struct {
    const char *name, *short_name, *services;
    enum side side;
    const char *contact;
} ORGANISATIONS_OF[] = {
    {"澄江服务集团有限公司",       "澄江集团", "",                        SIDE_CLIENT,      ""      },
    {"净安保洁服务有限公司",       "净安保洁", "cleaning",                SIDE_PROVIDER,    "韩立春"},
    {"青禾园林绿化有限公司",       "青禾园林", "greening pest_control",   SIDE_PROVIDER,    "苏青"  },
    {"恒工机电工程有限公司",       "恒工机电", "engineering",             SIDE_PROVIDER,    "邓工"  },
    {"远声信息服务有限公司",       "远声信息", "outbound_call",           SIDE_PROVIDER,    "方远"  },
    {"明察市场调查有限公司",       "明察调查", "",                        SIDE_THIRD_PARTY, "米兰"  },
};
enum { GROUP, CLEANER, GREENER, ENGINEER, CALLER, SURVEYOR, ORGANISATION_COUNT };

static const struct {
    const char *name;
    enum unit_kind kind;
    int organisation, parent; /* -1: none */
} UNITS_OF[] = {
    {"澄江服务集团", UNIT_HEADQUARTERS,      GROUP,  -1},
    {"运营中心",     UNIT_OPERATIONS_CENTRE, GROUP,  0 },
    {"审计监察中心", UNIT_AUDIT_CENTRE,      GROUP,  0 },
    {"财务中心",     UNIT_FINANCE_CENTRE,    GROUP,  0 },
    {"华东事业部",   UNIT_DIVISION,          GROUP,  0 },
    {"华南事业部",   UNIT_DIVISION,          GROUP,  0 },
    {"澄江中心",     UNIT_PROJECT,           GROUP,  4 },
    {"滨河花园",     UNIT_PROJECT,           GROUP,  4 },
    {"望江产业园",   UNIT_PROJECT,           GROUP,  5 },
    {"远声外呼中心", UNIT_PROJECT,           CALLER, -1},
};
enum { HQ, OPS, AUDIT, FINANCE, EAST, SOUTH, CENTRE, GARDEN, PARK, CALL_SITE, UNIT_COUNT };

static const struct {
    const char *account, *name;
    enum job job;
    int organisation, unit; /* -1: none */
    const char *role;
} STAFF[] = {
    {"admin",      "卫民",   JOB_MANAGER,      GROUP,    HQ,        "admin"     },
    {"security",   "石磊",   JOB_MANAGER,      GROUP,    HQ,        "security"  },
    {"ops",        "沈佳",   JOB_MANAGER,      GROUP,    OPS,       "ops"       },
    {"audit",      "严正",   JOB_MANAGER,      GROUP,    AUDIT,     "audit"     },
    {"finance",    "钱玉芬", JOB_MANAGER,      GROUP,    FINANCE,   "finance"   },
    {"division",   "李蔚",   JOB_MANAGER,      GROUP,    EAST,      "division"  },
    {"pm",         "周敏",   JOB_MANAGER,      GROUP,    GARDEN,    "pm"        },
    {"executor",   "何书琴", JOB_MANAGER,      GROUP,    GARDEN,    "executor"  },
    {"client",     "顾海宁", JOB_MANAGER,      GROUP,    EAST,      "client"    },
    {"resident",   "陆建国", JOB_RESIDENT,     GROUP,    CENTRE,    "resident"  },
    {"provider",   "方远",   JOB_MANAGER,      CALLER,   CALL_SITE, "provider"  },
    {"duty",       "唐静",   JOB_DUTY_MANAGER, CALLER,   CALL_SITE, "duty"      },
    {"supervisor", "罗芳",   JOB_SUPERVISOR,   CALLER,   CALL_SITE, "supervisor"},
    {"qa",         "谢明",   JOB_QA,           CALLER,   CALL_SITE, "qa"        },
    {"agent",      "许娜",   JOB_AGENT,        CALLER,   CALL_SITE, "agent"     },
    {"cleaner",    "韩立春", JOB_WORKER,       CLEANER,  -1,        "provider"  },
    {"survey",     "米兰",   JOB_OTHER,        SURVEYOR, -1,        "survey"    },
    {"",           "陈立",   JOB_MANAGER,      GROUP,    CENTRE,    ""          },
    {"liangshu",   "梁舒",   JOB_MANAGER,      GROUP,    PARK,      "executor"  },
    {"",           "苏青",   JOB_MANAGER,      GREENER,  -1,        ""          },
    {"",           "邓工",   JOB_MANAGER,      ENGINEER, -1,        ""          },
};
enum {
    ADMIN, SECURITY, OPS_LEAD, AUDITOR, FINANCER, DIVISION, PM, EXECUTOR, CLIENT, RESIDENT,
    CALL_LEAD, DUTY_LEAD, CLEAN_LEAD = 15, CHEN = 17, LIANG
};
#define STAFF_COUNT (sizeof STAFF / sizeof STAFF[0])
#define AGENT_COUNT 60

static const struct {
    int organisation;
    enum qualification_kind kind;
    const char *name, *number, *issued_by;
    int from_days, to_days; /* relative to today; 0: without end */
    bool required;
} QUALIFICATIONS_OF[] = {
    {CLEANER,  QUALIFICATION_LICENCE,   "营业执照",               "91330100MA27X1001A", "市市场监督管理局", -2900, 0,   true },
    {CLEANER,  QUALIFICATION_TRADE,     "清洁行业资质证书（一级）", "QJ-2024-0117",       "市清洗保洁协会",   -600,  495, true },
    {CLEANER,  QUALIFICATION_INSURANCE, "雇主责任险",             "PZ20260301883",      "平安财产保险",     -267,  12,  false},
    {GREENER,  QUALIFICATION_LICENCE,   "营业执照",               "91330100MA27X1002B", "市市场监督管理局", -3100, 0,   true },
    {GREENER,  QUALIFICATION_TRADE,     "有害生物防制服务能力证书", "PCO-B-0392",         "市有害生物防制协会", -720, 410, true },
    {ENGINEER, QUALIFICATION_LICENCE,   "营业执照",               "91330100MA27X1003C", "市市场监督管理局", -4100, 0,   true },
    {ENGINEER, QUALIFICATION_SAFETY,    "安全生产许可证",         "（浙）JZ安许证字〔2023〕0418", "省住房和城乡建设厅", -1050, 45, true},
    {ENGINEER, QUALIFICATION_TRADE,     "特种设备安装改造维修许可证", "TS3333018-2027",     "省市场监督管理局", -900,  560, true },
    {CALLER,   QUALIFICATION_LICENCE,   "营业执照",               "91330100MA27X1004D", "市市场监督管理局", -2200, 0,   true },
    {CALLER,   QUALIFICATION_TRADE,     "呼叫中心业务经营许可证（B24）", "浙B2-20240311",   "省通信管理局",     -980,  845, true },
};

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
};

static const struct {
    enum service service;
    const char *number;
    enum term_topic topic;
    const char *text;
} TERMS_OF[] = {
    {SERVICE_CLEANING,      "2.1", TERM_SCOPE,     "范围：大堂、电梯厅、楼道、卫生间、地下车库、外围道路与垃圾房。"},
    {SERVICE_CLEANING,      "3.2", TERM_FREQUENCY, "楼内地面每日清扫 2 次、拖洗 1 次；卫生间每 2 小时巡回一次；扶手、信报箱每日擦拭。"},
    {SERVICE_CLEANING,      "4.1", TERM_STANDARD,  "地面无明显污迹、水渍；纸巾擦拭 20 厘米无明显污迹；卫生间无异味。"},
    {SERVICE_CLEANING,      "5.3", TERM_STAFFING,  "定员按附件二执行，缺员当日补齐，连续缺员 3 日按实际出勤结算。"},
    {SERVICE_CLEANING,      "6.4", TERM_DEDUCTION, "缺员每人次扣 200 元；垃圾满溢每处扣 500 元；同一问题重犯加倍。"},
    {SERVICE_GREENING,      "2.1", TERM_SCOPE,     "范围：乔灌木、地被与草坪养护，面积以附件一为准。"},
    {SERVICE_GREENING,      "3.1", TERM_FREQUENCY, "草坪生长季每月修剪 2 次；绿篱每月修剪 1 次；病虫害防治按月。"},
    {SERVICE_GREENING,      "4.2", TERM_STANDARD,  "成活率不低于 95%，死株 3 日内补栽；草坪覆盖率不低于 98%。"},
    {SERVICE_GREENING,      "6.2", TERM_DEDUCTION, "每处枯枝落叶超过一日未清扣 50 元；未按期修剪扣当月养护费 10%。"},
    {SERVICE_PEST_CONTROL,  "2.2", TERM_SCOPE,     "靶标：鼠、蚊、蝇、蟑螂；区域含地下室、垃圾房、设备间与外围。"},
    {SERVICE_PEST_CONTROL,  "3.3", TERM_FREQUENCY, "4 至 10 月每月不少于 4 次，其余月份不少于 1 次。"},
    {SERVICE_PEST_CONTROL,  "5.1", TERM_SAFETY,    "施药前三日公告；药剂须有农药登记证号；专人全程跟踪。"},
    {SERVICE_ENGINEERING,   "2.1", TERM_SCOPE,     "范围：合同设备清单所列设备的日常维护、检修与应急抢修。"},
    {SERVICE_ENGINEERING,   "3.4", TERM_FREQUENCY, "按半月、季、半年、年四级保养；每台每次不少于 60 分钟，先告知、后签字。"},
    {SERVICE_ENGINEERING,   "4.4", TERM_STANDARD,  "困人救援 30 分钟内到场；一般故障 24 小时内恢复。"},
    {SERVICE_ENGINEERING,   "7.1", TERM_SAFETY,    "作业人员须持证上岗，证件复印件交项目留存。"},
    {SERVICE_OUTBOUND_CALL, "2.3", TERM_SCOPE,     "业务：会员回访、到期续费提醒；外呼号码使用委托方自有号码。"},
    {SERVICE_OUTBOUND_CALL, "4.1", TERM_STAFFING,  "配备话务员 60 人、督导 4 人、质检 2 人、值班经理 2 人。"},
    {SERVICE_OUTBOUND_CALL, "5.2", TERM_STANDARD,  "按 100 分制月度考核：劳动纪律、成功访问量、呼出时长、培训成绩。"},
    {SERVICE_OUTBOUND_CALL, "8.1", TERM_SAFETY,    "客户资料不得拷贝、打印或外传，违者承担法律责任。"},
};

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

/* ---- telling it ---- */

struct story {
    struct ctx *cx;
    struct instant today;
    int64_t organisations[ORGANISATION_COUNT], units[UNIT_COUNT], people[STAFF_COUNT];
    char password[PASSWORD_TEXT];
    struct actor teller;
};

/* What follows happens `days` from today at an hour of that day, by this member of the staff. */
static void at(struct story *story, int staff, int days, int hour)
{
    struct date day = date_add(instant_date(story->today, SHANGHAI_OFFSET_MIN), days);
    struct instant then =
        instant_of(day, hour * 60 + (days * 7 % 60 + 60) % 60, SHANGHAI_OFFSET_MIN);
    story->cx->now = then.ms < story->today.ms ? then : story->today;
    story->teller = ACTOR_SYSTEM;
    story->teller.account = STAFF[staff].account;
    story->teller.person_name = STAFF[staff].name;
    story->teller.person_id = story->people[staff];
    story->teller.organisation_id = story->organisations[STAFF[staff].organisation];
    story->teller.side = ORGANISATIONS_OF[STAFF[staff].organisation].side;
    story->cx->actor = &story->teller;
}

static struct date day_of(const struct story *story, int days)
{
    return date_add(instant_date(story->today, SHANGHAI_OFFSET_MIN), days);
}

/* A mobile number that belongs to nobody in particular, different for each n. */
static const char *phone_of(struct ctx *cx, int n)
{
    return arena_printf(cx->mem, "1390571%04d", 1000 + n * 37 % 9000);
}

static enum result tell_organisations(struct story *story)
{
    struct ctx *cx = story->cx;
    for (int i = 0; i < ORGANISATION_COUNT; i++) {
        struct organisation organisation = {0};
        struct field_reading reading = {.arena = cx->mem};
        fields_blank(ORGANISATIONS.fields, &organisation);
        organisation.name = ORGANISATIONS_OF[i].name;
        organisation.short_name = ORGANISATIONS_OF[i].short_name;
        organisation.side = ORGANISATIONS_OF[i].side;
        organisation.contact_name = ORGANISATIONS_OF[i].contact;
        if (*ORGANISATIONS_OF[i].contact)
            organisation.contact_phone.plain = phone_of(cx, 700 + i);
        const struct field *services = field_find(ORGANISATIONS.fields, "services", 8);
        (void)field_read(services, ORGANISATIONS_OF[i].services, &reading, &organisation);
        TRY(record_add(cx, &ORGANISATIONS, &organisation));
        story->organisations[i] = organisation.id;
        if (organisation.side == SIDE_PROVIDER)
            TRY(organisation_judge(cx, organisation.id, ORGANISATION_APPROVED, "年度评审合格"));
    }
    return OK;
}

static enum result tell_qualifications(struct story *story)
{
    for (size_t i = 0; i < sizeof QUALIFICATIONS_OF / sizeof QUALIFICATIONS_OF[0]; i++) {
        struct qualification qualification = {
            .organisation_id = story->organisations[QUALIFICATIONS_OF[i].organisation],
            .kind = QUALIFICATIONS_OF[i].kind,
            .name = QUALIFICATIONS_OF[i].name,
            .number = QUALIFICATIONS_OF[i].number,
            .issued_by = QUALIFICATIONS_OF[i].issued_by,
            .valid_from = day_of(story, QUALIFICATIONS_OF[i].from_days),
            .required = QUALIFICATIONS_OF[i].required,
        };
        if (QUALIFICATIONS_OF[i].to_days)
            qualification.valid_to = day_of(story, QUALIFICATIONS_OF[i].to_days);
        TRY(record_add(story->cx, &QUALIFICATIONS, &qualification));
    }
    return OK;
}

static enum result tell_units(struct story *story)
{
    for (int i = 0; i < UNIT_COUNT; i++) {
        struct unit unit = {
            .organisation_id = story->organisations[UNITS_OF[i].organisation],
            .parent_id = UNITS_OF[i].parent < 0 ? 0 : story->units[UNITS_OF[i].parent],
            .kind = UNITS_OF[i].kind,
            .name = UNITS_OF[i].name,
            .path = "",
            .search_key = "",
        };
        TRY(record_add(story->cx, &UNITS, &unit));
        story->units[i] = unit.id;
    }
    return OK;
}

static enum result tell_person(struct story *story, const char *name, enum job job,
                               int organisation, int unit, int n, int64_t *out_id)
{
    struct person person = {0};
    fields_blank(PEOPLE.fields, &person);
    person.organisation_id = story->organisations[organisation];
    person.unit_id = unit < 0 ? 0 : story->units[unit];
    person.name = name;
    person.job = job;
    person.phone.plain = phone_of(story->cx, n);
    person.employed_by = ORGANISATIONS_OF[organisation].name;
    person.joined_on = day_of(story, -400 - n * 11 % 900);
    TRY(record_add(story->cx, &PEOPLE, &person));
    *out_id = person.id;
    return OK;
}

static enum result tell_people(struct story *story)
{
    static const char *const FAMILY[] = {"王", "李", "张", "刘", "陈",
                                         "杨", "赵", "黄", "周", "吴"};
    static const char *const GIVEN[] = {"晓燕", "子涵", "志强", "欣怡", "文博", "海燕",
                                        "雨桐", "建华", "秀英", "宇航", "桂英", "建平"};
    for (size_t i = 0; i < STAFF_COUNT; i++)
        TRY(tell_person(story, STAFF[i].name, STAFF[i].job, STAFF[i].organisation, STAFF[i].unit,
                        (int)i, &story->people[i]));
    for (int i = 1; i < AGENT_COUNT; i++) { /* the first is the account "agent" */
        int64_t id;
        const char *name =
            arena_printf(story->cx->mem, "%s%s", FAMILY[i * 7 % 10], GIVEN[i * 5 % 12]);
        TRY(tell_person(story, name, JOB_AGENT, CALLER, CALL_SITE, 100 + i, &id));
    }
    return OK;
}

static enum result tell_accounts(struct story *story)
{
    for (size_t i = 0; i < STAFF_COUNT; i++) {
        unsigned role = choice_find(ROLES, STAFF[i].role, strlen(STAFF[i].role));
        int64_t id;
        if (role)
            TRY(account_add(story->cx, STAFF[i].account, story->people[i],
                            (struct set){UINT64_C(1) << (role - 1)}, story->password, &id));
    }
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
        if (TERMS_OF[i].service == contract->service)
            TRY(record_add(story->cx, &TERMS, &term));
    }
    return OK;
}

static enum result tell_briefing(struct story *story, size_t entry, const struct contract *contract,
                                 int days)
{
    struct briefing briefing = {
        .held_on = day_of(story, days),
        .place = arena_printf(story->cx->mem, "%s会议室", UNITS_OF[LEDGER[entry].unit].name),
        .questions = "问：重大活动保障是否另计？\n答：按合同附件三，月度两次以内不另计。",
        .sha256 = "",
    };
    at(story, DIVISION, days, 15);
    TRY(briefing_prepare(story->cx, contract->id, &briefing));
    TRY(record_add(story->cx, &BRIEFINGS, &briefing));
    at(story, DIVISION, days, 16);
    TRY(briefing_sign(story->cx, briefing.id, briefing.sha256));
    if (LEDGER[entry].progress == HALF_SIGNED)
        return OK;
    at(story, LEDGER[entry].executor, days, 17);
    return briefing_sign(story->cx, briefing.id, briefing.sha256);
}

static enum result fresh(struct story *story, struct contract *contract)
{
    return record_get(story->cx, &CONTRACTS, contract->id, contract);
}

static enum result tell_amendment(struct story *story, struct contract *contract)
{
    struct contract before;
    at(story, DIVISION, -20, 10);
    TRY(record_get(story->cx, &CONTRACTS, contract->id, &before));
    *contract = before;
    contract->monthly_fee_fen.fen += 560000;
    return contract_amend(story->cx, &before, contract, day_of(story, -20),
                          "地下二层停车场移交，增加保洁面积 3,200 平方米");
}

/* From activation on. */
static enum result tell_life(struct story *story, size_t entry, struct contract *contract,
                             int start)
{
    at(story, DIVISION, start, 9);
    TRY(fresh(story, contract));
    TRY(contract_activate(story->cx, contract));
    TRY(fresh(story, contract));
    switch (LEDGER[entry].progress) {
    case CHANGED:
        return tell_amendment(story, contract);
    case ON_HOLD:
        at(story, DIVISION, -6, 11);
        return contract_step(story->cx, contract, "suspend", "连续两周缺员，约谈后限期补足");
    case OVER:
        at(story, DIVISION, LEDGER[entry].to_days, 17);
        return contract_step(story->cx, contract, "end", "验收合格，合同履行完毕");
    case BROKEN_OFF:
        at(story, OPS_LEAD, -60, 14);
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
    const struct ymd signed_on = date_ymd(day_of(story, LEDGER[entry].from_days - 12));
    fields_blank(CONTRACTS.fields, contract);
    contract->number = arena_printf(cx->mem, "HT-%d-%04zu", signed_on.year, 80 + entry * 7);
    contract->name = LEDGER[entry].name;
    contract->kind = LEDGER[entry].kind;
    contract->service = LEDGER[entry].service;
    contract->client_id = story->organisations[GROUP];
    contract->provider_id = story->organisations[LEDGER[entry].provider];
    contract->unit_id = story->units[LEDGER[entry].unit];
    contract->provider_contact = ORGANISATIONS_OF[LEDGER[entry].provider].contact;
    contract->provider_phone.plain = phone_of(cx, 700 + LEDGER[entry].provider);
    contract->signed_on = day_of(story, LEDGER[entry].from_days - 12);
    contract->starts_on = day_of(story, LEDGER[entry].from_days);
    contract->ends_on = day_of(story, LEDGER[entry].to_days);
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
    at(story, DIVISION, start - 10, 10);
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
    at(story, OPS_LEAD, -200, 10);
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

/* ---- letters ---- */

static enum result tell_agreements(struct story *story)
{
    for (int i = 0; i < ORGANISATION_COUNT; i++) {
        struct signature_agreement agreement = {
            .client_id = story->organisations[GROUP],
            .provider_id = story->organisations[i],
            .number = arena_printf(story->cx->mem, "DQ-%04d", 12 + i * 3),
            .signed_on = day_of(story, -720 + i * 9),
        };
        if (ORGANISATIONS_OF[i].side == SIDE_PROVIDER)
            TRY(record_add(story->cx, &SIGNATURE_AGREEMENTS, &agreement));
    }
    return OK;
}

/* ---- what people were told meanwhile ---- */

static enum result tell_reading(void *host, const void *row)
{
    const struct story *story = host;
    const struct notice *notice = row;
    if (notice->created_at.ms > instant_of(day_of(story, -6), 0, SHANGHAI_OFFSET_MIN).ms)
        return OK;
    story->cx->now.ms = notice->created_at.ms + INT64_C(95) * 60000;
    return notice_read(story->cx, notice);
}

/* What is older than a week was read, what is older than two months is forgotten. */
static enum result tell_notices(struct story *story)
{
    const struct list_query all = {.limit = LIST_MOST};
    story->cx->actor = &ACTOR_SYSTEM;
    TRY(record_each(story->cx, &NOTICES, &all, tell_reading, story));
    return notices_forget(story->cx, instant_of(day_of(story, -60), 0, SHANGHAI_OFFSET_MIN));
}

/* Paused, as their groups are made up. */
static enum result tell_robots(struct story *story)
{
    static const struct {
        const char *name;
        enum robot_channel channel;
        int staff, organisation, unit; /* -1: none */
    } ROBOTS_OF[] = {
        {"华东事业部监管群", ROBOT_WECOM, DIVISION, GROUP, EAST},
        {"滨河花园项目群", ROBOT_WECOM, DIVISION, GROUP, GARDEN},
        {"运营中心值守群", ROBOT_FEISHU, OPS_LEAD, GROUP, -1},
        {"净安保洁项目组", ROBOT_DINGTALK, OPS_LEAD, CLEANER, -1},
    };
    for (size_t i = 0; i < sizeof ROBOTS_OF / sizeof ROBOTS_OF[0]; i++) {
        const int unit = ROBOTS_OF[i].unit;
        struct group_robot robot = {
            .organisation_id = story->organisations[ROBOTS_OF[i].organisation],
            .unit_id = unit < 0 ? 0 : story->units[unit],
            .name = ROBOTS_OF[i].name,
            .channel = ROBOTS_OF[i].channel,
            .url.plain = arena_printf(story->cx->mem, "https://robot.example.com/send?key=%zu", i),
            .takes = TAKES_NONE,
            .quiet_from = QUIET_FROM,
            .quiet_to = QUIET_TO,
        };
        at(story, ROBOTS_OF[i].staff, -30, 14);
        TRY(record_add(story->cx, &ROBOTS, &robot));
    }
    return OK;
}

static enum result tell_absence(struct story *story)
{
    struct delegation delegation = {
        .organisation_id = story->organisations[GROUP],
        .person_id = story->people[CLIENT],
        .delegate_id = story->people[PM],
        .starts_on = day_of(story, 20),
        .ends_on = day_of(story, 26),
        .reason = "年休假",
    };
    return record_add(story->cx, &DELEGATIONS, &delegation);
}

static enum result letter_now(struct story *story, int64_t id, struct letter *out)
{
    return record_get(story->cx, &LETTERS, id, out);
}

static enum result take_step(struct story *story, int64_t id, const char *action, const char *words)
{
    struct letter letter;
    TRY(letter_now(story, id, &letter));
    return letter_step(story->cx, &letter, action, words);
}

static enum result tell_letter_life(struct story *story, size_t entry, int64_t id)
{
    static const char *const DECISIONS[] = {[RETURNED] = "return",
                                            [APPROVED] = "approve",
                                            [REFUSED] = "refuse",
                                            [ANSWERED] = "approve"};
    const enum letter_progress progress = LETTERS_OF[entry].progress;
    struct letter letter;
    const char *digest;
    if (progress == DRAFTED)
        return OK;
    TRY(letter_now(story, id, &letter));
    TRY(letter_digest(story->cx, &letter, &digest));
    TRY(letter_send(story->cx, &letter, digest));
    if (progress == SENT)
        return OK;
    at(story, LETTERS_OF[entry].receiver, LETTERS_OF[entry].days + 1, 14);
    TRY(take_step(story, id, DECISIONS[progress], LETTERS_OF[entry].reason));
    if (progress != ANSWERED)
        return OK;
    at(story, LETTERS_OF[entry].receiver, LETTERS_OF[entry].days + 3, 16);
    return take_step(story, id, "answer", LETTERS_OF[entry].answer);
}

static enum result tell_letter(struct story *story, size_t entry)
{
    const char *name = LEDGER[LETTERS_OF[entry].entry].name;
    struct list_query query = {.limit = 2, .search = name};
    struct list list;
    struct letter letter = {.type = LETTER_GENERAL.name,
                            .subject = LETTERS_OF[entry].subject,
                            .body = LETTERS_OF[entry].body};
    at(story, LETTERS_OF[entry].sender, LETTERS_OF[entry].days, 10);
    TRY(record_list(story->cx, &CONTRACTS, &query, &list));
    letter.contract_id = ((const struct contract *)list.rows)->id;
    letter.from_side = story->teller.side;
    fields_blank(LETTERS.fields, &letter);
    TRY(record_add(story->cx, &LETTERS, &letter));
    return tell_letter_life(story, entry, letter.id);
}

static enum result tell_calendar(struct story *story)
{
    struct exception day = {
        .date = day_of(story, 210), .kind = DAY_HOLIDAY, .name = "集团统一放假"};
    return record_add(story->cx, &CALENDAR_DAYS, &day);
}

static enum result tell(struct ctx *cx, void *host)
{
    struct story *story = host;
    story->cx = cx;
    story->today = cx->now;
    TRY(tell_organisations(story));
    TRY(tell_qualifications(story));
    TRY(tell_units(story));
    TRY(tell_people(story));
    TRY(tell_accounts(story));
    for (size_t i = 0; i < sizeof LEDGER / sizeof LEDGER[0]; i++)
        TRY(tell_contract(story, i));
    TRY(tell_own_clauses(story));
    TRY(tell_agreements(story));
    for (size_t i = 0; i < sizeof LETTERS_OF / sizeof LETTERS_OF[0]; i++)
        TRY(tell_letter(story, i));
    TRY(tell_absence(story));
    TRY(tell_calendar(story));
    TRY(demo_agents(cx, story->today));
    TRY(tell_robots(story));
    TRY(tell_notices(story));
    cx->now = story->today;
    return demo_desk(cx, story->today);
}

void demo_doc(struct doc *doc, enum lang lang)
{
    struct doc **accounts = ARENA_ARRAY(doc->arena, struct doc *, STAFF_COUNT);
    size_t count = 0;
    for (size_t i = 0; i < STAFF_COUNT; i++) {
        if (!*STAFF[i].account)
            continue;
        struct doc *one = accounts[count++] = doc_new(doc->arena);
        doc_text(one, "account", STAFF[i].account);
        const char *key = arena_printf(doc->arena, "accounts.roles.%s", STAFF[i].role);
        doc_text(one, "label", texts_get(key, lang));
    }
    doc_docs(doc, "demo", accounts, count);
    doc_text(doc, "demo_password", DEMO_PASSWORD);
}

bool demo_fill(struct world *world)
{
    struct list_query query = {.limit = 1};
    int64_t accounts;
    if (record_count(&world->cx, &ACCOUNTS, &query, 1, &accounts) != OK)
        return false;
    if (accounts)
        return true;
    struct story *story = ARENA_NEW(world->arena, struct story);
    password_hash(DEMO_PASSWORD, story->password);
    if (!world_write(world, tell, story))
        return false;
    if (demo_calls(world) == OK)
        return true;
    world_complain(world, &world->cx, "demo");
    return false;
}
