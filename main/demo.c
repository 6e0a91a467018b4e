/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/demo.h"

#include "app/access/account.h"
#include "app/duties/calendar_day.h"
#include "base/password.h"
#include "base/texts.h"
#include "main/demo_agents.h"
#include "main/demo_calls.h"
#include "main/demo_pay.h"
#include "main/demo_reviews.h"
#include "main/demo_story.h"

#include <string.h>

/* ---- the story, as data: tables that are read by column ---- */

/* clang-format off */

const struct story_organisation STORY_ORGANISATIONS[ORGANISATION_COUNT] = {
    {"澄江服务集团有限公司",       "澄江集团", "",                        SIDE_CLIENT,      ""      },
    {"净安保洁服务有限公司",       "净安保洁", "cleaning",                SIDE_PROVIDER,    "韩立春"},
    {"青禾园林绿化有限公司",       "青禾园林", "greening pest_control",   SIDE_PROVIDER,    "苏青"  },
    {"恒工机电工程有限公司",       "恒工机电", "engineering",             SIDE_PROVIDER,    "邓工"  },
    {"远声信息服务有限公司",       "远声信息", "outbound_call",           SIDE_PROVIDER,    "方远"  },
    {"明察市场调查有限公司",       "明察调查", "",                        SIDE_THIRD_PARTY, "米兰"  },
};

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

static const struct {
    const char *account, *name;
    enum job job;
    int organisation, unit; /* -1: none */
    const char *role;
} STAFF[STAFF_COUNT] = {
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
    {"suqing",     "苏青",   JOB_MANAGER,      GREENER,  -1,        "provider"  },
    {"denggong",   "邓工",   JOB_MANAGER,      ENGINEER, -1,        "provider"  },
    {"linqian",    "林倩",   JOB_QA,           CALLER,   CALL_SITE, "qa"        },
};

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

/* clang-format on */

/* ---- telling it ---- */

void story_at(struct story *story, int staff, int days, int hour)
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
    story->teller.side = STORY_ORGANISATIONS[STAFF[staff].organisation].side;
    story->cx->actor = &story->teller;
}

struct date story_day(const struct story *story, int days)
{
    return date_add(instant_date(story->today, SHANGHAI_OFFSET_MIN), days);
}

const char *story_unit_name(int unit)
{
    return UNITS_OF[unit].name;
}

const char *story_phone(struct ctx *cx, int n)
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
        organisation.name = STORY_ORGANISATIONS[i].name;
        organisation.short_name = STORY_ORGANISATIONS[i].short_name;
        organisation.side = STORY_ORGANISATIONS[i].side;
        organisation.contact_name = STORY_ORGANISATIONS[i].contact;
        if (*STORY_ORGANISATIONS[i].contact)
            organisation.contact_phone.plain = story_phone(cx, 700 + i);
        const struct field *services = field_find(ORGANISATIONS.fields, "services", 8);
        (void)field_read(services, STORY_ORGANISATIONS[i].services, &reading, &organisation);
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
            .valid_from = story_day(story, QUALIFICATIONS_OF[i].from_days),
            .required = QUALIFICATIONS_OF[i].required,
        };
        if (QUALIFICATIONS_OF[i].to_days)
            qualification.valid_to = story_day(story, QUALIFICATIONS_OF[i].to_days);
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
    person.phone.plain = story_phone(story->cx, n);
    person.employed_by = STORY_ORGANISATIONS[organisation].name;
    person.joined_on = story_day(story, -400 - n * 11 % 900);
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

static enum result tell_calendar(struct story *story)
{
    story_at(story, OPS_LEAD, -30, 10);
    struct exception day = {
        .date = story_day(story, 210), .kind = DAY_HOLIDAY, .name = "集团统一放假"};
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
    TRY(demo_contracts(story));
    TRY(demo_letters(story));
    TRY(tell_calendar(story));
    TRY(demo_agents(cx, story->today));
    cx->now = story->today;
    TRY(demo_desk(cx, story->today));
    TRY(demo_standards(story));
    TRY(demo_rounds(story));
    TRY(demo_hold(story));
    TRY(demo_inspections(story));
    TRY(demo_scores(story));
    TRY(demo_attendance(story));
    TRY(demo_staffing(story));
    TRY(demo_on_site(story));
    TRY(demo_site(story));
    TRY(demo_surveys(story));
    TRY(demo_evaluation(story));
    TRY(demo_settlement(story));
    TRY(demo_acceptances(story));
    TRY(demo_supervision(story));
    TRY(demo_notices(story));
    cx->now = story->today;
    return OK;
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
    if (demo_calls(world) != OK) {
        world_complain(world, &world->cx, "demo");
        return false;
    }
    return demo_reviews(world) && demo_months(world, story) && demo_pay(world);
}
