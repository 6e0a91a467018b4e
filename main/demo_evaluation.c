/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's evaluations: a division's schemes, campaigns of the last months, what audit and
 * a provider said, and what followed. */
#include "app/evaluation/audit.h"
#include "app/evaluation/consequence.h"
#include "base/doc.h"
#include "main/demo_deeds.h"
#include "main/demo_story.h"

#include <string.h>

#define MONTHS_BACK 4 /* the first month that was evaluated */

/* ---- the story ---- */

/* clang-format off */
static const struct indicator OF_CONTRACT[] = {
    {"inspected",  "检查得分",       "contract.inspected",  METHOD_LINEAR_BASE_TARGET, {1000}, .base = {6000}, .target = {10000}, .bands = "", .nothing = NOTHING_REWEIGH},
    {"rectified",  "整改按时完成",   "contract.rectified",  METHOD_LINEAR_BASE_TARGET, {1000}, .base = {5000}, .target = {10000}, .bands = "", .nothing = NOTHING_REWEIGH},
    {"served",     "被服务方评价", "contract.judged",  METHOD_LINEAR_BASE_TARGET, {1000}, .base = {4000}, .target = {9500}, .bands = "", .nothing = NOTHING_REWEIGH},
    {"surveyed",   "第三方满意度",   "contract.surveyed",   METHOD_LINEAR_BASE_TARGET, {500},  .base = {4000}, .target = {9500}, .bands = "", .nothing = NOTHING_REWEIGH},
    {"complaints", "有责投诉",       "contract.complaints", METHOD_DEDUCT_PER_EVENT,   {2000}, .step = {500}, .bands = "", .nothing = NOTHING_FULL},
    {"solved",     "问题按时解决",   "contract.solved",     METHOD_LINEAR_BASE_TARGET, {500}, .base = {5000}, .target = {10000}, .bands = "", .nothing = NOTHING_REWEIGH},
    {"duties",     "义务按时履行",   "contract.duties",     METHOD_LINEAR_BASE_TARGET, {1000}, .base = {5000}, .target = {10000}, .bands = "", .nothing = NOTHING_REWEIGH},
    {"site",       "现场管理与配合", "",                    METHOD_MANUAL,             {3000}, .bands = "", .nothing = NOTHING_REWEIGH, .needed = true},
    {"transfer",   "转包分包",       "contract.subcontracting", METHOD_VETO,           {0},    .target = {100}, .share = {5000}, .bands = ""},
};
static const struct indicator OF_PROJECT[] = {
    {"inspected", "计划检查完成",     "project.inspected", METHOD_LINEAR_BASE_TARGET, {2500}, .base = {5000}, .target = {10000}, .bands = "", .nothing = NOTHING_REWEIGH},
    {"rectified", "整改闭环",         "project.rectified", METHOD_LINEAR_BASE_TARGET, {1500}, .base = {5000}, .target = {10000}, .bands = "", .nothing = NOTHING_REWEIGH},
    {"reports",   "监督报告按时上报", "project.reports",   METHOD_LINEAR_BASE_TARGET, {1500}, .base = {5000}, .target = {10000}, .bands = "", .nothing = NOTHING_REWEIGH},
    {"evaluated", "评价按时提交",     "project.evaluated", METHOD_LINEAR_BASE_TARGET, {1500}, .base = {5000}, .target = {10000}, .bands = "", .nothing = NOTHING_REWEIGH},
    {"duties",    "监管义务按时履行", "project.duties",    METHOD_LINEAR_BASE_TARGET, {1500}, .base = {5000}, .target = {10000}, .bands = "", .nothing = NOTHING_REWEIGH},
    {"found",     "审计发现",         "project.found",     METHOD_DEDUCT_PER_EVENT,   {1500}, .step = {500}, .bands = "", .nothing = NOTHING_FULL},
};
static const struct {
    const char *name;
    enum scheme_subject subject;
    const struct indicator *indicators;
    size_t count;
} SCHEMES_OF[] = {
    {"长期服务供方评价办法", SCHEME_CONTRACT, OF_CONTRACT, sizeof OF_CONTRACT / sizeof OF_CONTRACT[0]},
    {"项目监管工作考核办法", SCHEME_PROJECT,  OF_PROJECT,  sizeof OF_PROJECT / sizeof OF_PROJECT[0]},
};

/* What the evaluator gave for order on site, month by month, and why at last. */
static const struct {
    const char *contract;
    int points[MONTHS_BACK]; /* of 30; the last one of the month before this */
    const char *reason;
    enum { LAST_DRAFTED, LAST_SUBMITTED, LAST_AUDIT_OBJECTS, LAST_PROVIDER_OBJECTS } last;
} GIVEN_OF[] = {
    {"澄江中心日常保洁",     {26, 25, 26, 24}, "日检到位；两处问题整改按期，一处逾期一日。",       LAST_SUBMITTED},
    {"滨河花园保洁",         {26, 15, 14, 20}, "连续缺员，领班更换两次；限期补足后有所改善。", LAST_PROVIDER_OBJECTS},
    {"滨河花园绿化养护",     {25, 24, 26, 27}, "修剪按期，死株三日内补栽。",                   LAST_AUDIT_OBJECTS},
    {"滨河花园病媒生物消杀", {22, 23, 21, 22}, "施药前均已公告，一次记录缺药剂登记证号。",     LAST_DRAFTED},
    {"滨河花园电梯维保",     {28, 29, 28, 28}, "四次保养均有业主陪同签字，困人演练到位。",     LAST_SUBMITTED},
    {"澄江中心消防维保",     {24, 25, 22, 24}, "一次联动测试推迟，已补做。",                   LAST_DRAFTED},
    {"澄江中心绿化养护",     {23, 24, 25, 24}, "病虫害防治及时。",                             LAST_DRAFTED},
    {"会员回访与续费外呼",   {24, 24, 24, 24}, "现场管理有序，两次晨会缺席。",                 LAST_DRAFTED},
};
/* clang-format on */

/* ---- telling it ---- */

static struct month month_ago(const struct story *story, int months)
{
    return (struct month){month_of(instant_date(story->today, SHANGHAI_OFFSET_MIN)).months -
                          months};
}

/* The nth day of the month. */
static void on_day(struct story *story, int staff, struct month month, int n)
{
    const struct date day = date_add(month_first(month), n - 1);
    story_at(story, staff, day.days - instant_date(story->today, SHANGHAI_OFFSET_MIN).days, 10);
}

static enum result tell_scheme(struct story *story, size_t entry)
{
    struct ctx *cx = story->cx;
    struct scheme scheme = {.subject = SCHEMES_OF[entry].subject,
                            .unit_id = story->units[EAST],
                            .from_month = month_ago(story, MONTHS_BACK)};
    fields_blank(SCHEMES.fields, &scheme);
    scheme.name = SCHEMES_OF[entry].name;
    scheme.note = "在运营中心指导下制订；未列指标缺数据时由其余指标分摊，没有现场评分的不评级。";
    scheme.indicators =
        json_rows_text(cx->mem, INDICATOR_FIELDS, SCHEMES_OF[entry].indicators,
                       SCHEMES_OF[entry].count, sizeof *SCHEMES_OF[entry].indicators);
    on_day(story, DIVISION, month_ago(story, MONTHS_BACK + 1), 12);
    TRY(record_add(cx, &SCHEMES, &scheme));
    TRY(record_get(cx, &SCHEMES, scheme.id, &scheme));
    TRY(scheme_put(cx, &scheme));
    on_day(story, OPS_LEAD, month_ago(story, MONTHS_BACK + 1), 16);
    TRY(record_get(cx, &SCHEMES, scheme.id, &scheme));
    return scheme_approve(cx, &scheme);
}

static enum result tell_declarations(struct story *story)
{
    static const struct {
        int staff, provider;
        enum interest interest;
        const char *words;
    } DECLARED[] = {
        {DIVISION, CLEANER, INTEREST_NONE, ""},
        {DIVISION, GREENER, INTEREST_NONE, ""},
        {DIVISION, ENGINEER, INTEREST_NONE, ""},
        {DIVISION, CALLER, INTEREST_NONE, ""},
        {PM, CLEANER, INTEREST_NONE, ""},
        {PM, GREENER, INTEREST_NONE, ""},
        {PM, ENGINEER, INTEREST_NONE, ""},
        {OPS_LEAD, CLEANER, INTEREST_NONE, ""},
        {LIANG, GREENER, INTEREST_KIN, "配偶的弟弟在该公司任项目主管。"},
    };
    for (size_t i = 0; i < sizeof DECLARED / sizeof DECLARED[0]; i++) {
        struct interest_declaration declaration = {.provider_id =
                                                       story->organisations[DECLARED[i].provider],
                                                   .interest = DECLARED[i].interest};
        on_day(story, DECLARED[i].staff, month_ago(story, MONTHS_BACK - 1), 1);
        fields_blank(INTEREST_DECLARATIONS.fields, &declaration);
        declaration.words = DECLARED[i].words;
        TRY(record_add(story->cx, &INTEREST_DECLARATIONS, &declaration));
    }
    return OK;
}

/* Its drafts: opened on the first of the month after it. */
static enum result tell_campaign(struct story *story, enum scheme_subject subject, int months,
                                 bool repeats, struct list *out)
{
    struct ctx *cx = story->cx;
    struct evaluation_campaign campaign = {.subject = subject, .repeats = repeats};
    int64_t drafts;
    fields_blank(EVALUATION_CAMPAIGNS.fields, &campaign);
    if (repeats)
        campaign.submit_by = story_day(story, 5);
    campaign.period = period_text(cx->mem, (struct period){month_ago(story, months), 1});
    on_day(story, OPS_LEAD, month_ago(story, months - 1), 1);
    TRY(record_add(cx, &EVALUATION_CAMPAIGNS, &campaign));
    TRY(record_get(cx, &EVALUATION_CAMPAIGNS, campaign.id, &campaign));
    TRY(campaign_open(cx, &campaign, &drafts));
    return record_select(cx, &EVALUATIONS, "of_campaign",
                         "t.campaign_id = $1 ORDER BY t.id LIMIT 100", PARAMS(P(campaign.id)), out);
}

static enum result fresh(struct story *story, struct evaluation *evaluation)
{
    return record_get(story->cx, &EVALUATIONS, evaluation->id, evaluation);
}

static size_t given_of(const struct evaluation *evaluation)
{
    size_t i = 0;
    while (i < sizeof GIVEN_OF / sizeof GIVEN_OF[0] - 1 &&
           strcmp(GIVEN_OF[i].contract, evaluation->contract_name) != 0)
        i++;
    return i;
}

/* Of this month: what is on its way began yesterday, unless the month did today. */
static int lately(const struct story *story)
{
    const int day = date_ymd(instant_date(story->today, SHANGHAI_OFFSET_MIN)).day;
    return day > 1 ? day - 1 : 1;
}

static enum result submit(struct story *story, struct evaluation *evaluation, int months, int day)
{
    struct evaluation now;
    const size_t entry = given_of(evaluation);
    const int staff = evaluation->unit_id == story->units[GARDEN] ? PM : DIVISION;
    const struct points points = {GIVEN_OF[entry].points[MONTHS_BACK - months] * INT64_C(100)};
    on_day(story, staff, month_ago(story, months - 1), day);
    if (evaluation->subject == SCHEME_CONTRACT)
        TRY(evaluation_give(story->cx, evaluation, "site", points, GIVEN_OF[entry].reason));
    TRY(fresh(story, evaluation));
    TRY(evaluation_now(story->cx, evaluation, &now));
    TRY(evaluation_submit(story->cx, evaluation, "", now.ungraded != 0, ""));
    return fresh(story, evaluation);
}

/* Submitted, audited, and final when the time is over. */
static enum result tell_month(struct story *story, enum scheme_subject subject, int months)
{
    struct list list;
    TRY(tell_campaign(story, subject, months, false, &list));
    struct evaluation *evaluations = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        TRY(submit(story, &evaluations[i], months, 3));
        on_day(story, AUDITOR, month_ago(story, months - 1), 5);
        TRY(evaluation_pass(story->cx, &evaluations[i]));
    }
    on_day(story, OPS_LEAD, month_ago(story, months - 1), 18);
    story->cx->actor = &ACTOR_SYSTEM;
    return evaluations_sweep(story->cx);
}

static enum result as_account(struct story *story, const char *account)
{
    TRY(demo_become(story->cx, account, &story->teller));
    story->cx->actor = &story->teller;
    return OK;
}

static enum result tell_last(struct story *story, struct evaluation *evaluation)
{
    int64_t id;
    const int last = GIVEN_OF[given_of(evaluation)].last;
    if (last == LAST_DRAFTED)
        return OK;
    TRY(submit(story, evaluation, 1, lately(story)));
    TRY(as_account(story, "audit"));
    if (last == LAST_AUDIT_OBJECTS)
        return evaluation_object(story->cx, evaluation, "site",
                                 "现场评分比上月高，未附现场照片或检查记录，请补充依据。", &id);
    if (last == LAST_SUBMITTED)
        return OK;
    TRY(evaluation_pass(story->cx, evaluation));
    TRY(fresh(story, evaluation));
    TRY(as_account(story, "cleaner"));
    return evaluation_object(story->cx, evaluation, "site",
                             "本月缺员已于 9 日补足，项目签认在案，现场评分未计入改善，请复核。",
                             &id);
}

static enum result tell_last_month(struct story *story)
{
    struct list list;
    TRY(tell_campaign(story, SCHEME_CONTRACT, 1, true, &list));
    struct evaluation *evaluations = list.rows;
    for (size_t i = 0; i < list.count; i++)
        TRY(tell_last(story, &evaluations[i]));
    return OK;
}

/* The first step is decided and told, the next one waits. */
static enum result tell_consequences(struct story *story)
{
    struct list list;
    struct consequence *first;
    int64_t letter;
    on_day(story, OPS_LEAD, month_ago(story, 2), 20);
    TRY(record_select(story->cx, &CONSEQUENCES, "first",
                      "t.state = 'proposed' ORDER BY t.id LIMIT 1", NO_PARAMS, &list));
    if (!list.count)
        return OK;
    first = list.rows;
    TRY(consequence_decide(story->cx, first,
                           "缺员未补足，等级由优降为合格，先予口头提醒并书面留存。", &letter));
    return demo_send(story->cx, letter);
}

static enum result tell_audit(struct story *story)
{
    struct ctx *cx = story->cx;
    struct audit_sample sample = {.source = SAMPLE_EVALUATIONS,
                                  .from = month_first(month_ago(story, 1)),
                                  .to = month_last(month_ago(story, 1)),
                                  .count = 3};
    struct audit_finding finding = {.severity = FINDING_MINOR};
    int64_t ids[SAMPLE_MOST];
    on_day(story, AUDITOR, month_ago(story, 1), 20);
    fields_blank(AUDIT_SAMPLES.fields, &sample);
    sample.seed = "严正-抽样";
    TRY(record_add(cx, &AUDIT_SAMPLES, &sample));
    if (!sample_ids(&sample, ids))
        return OK;
    finding.evaluation_id = ids[0];
    finding.sample_id = sample.id;
    fields_blank(AUDIT_FINDINGS.fields, &finding);
    finding.subject = "现场评分未附依据";
    finding.words = "抽到的评价中，“现场管理与配合”的得分只有一句话，没有照片或签认记录。";
    TRY(record_add(cx, &AUDIT_FINDINGS, &finding));
    on_day(story, DIVISION, month_ago(story, 1), 24);
    TRY(record_get(cx, &AUDIT_FINDINGS, finding.id, &finding));
    return finding_answer(cx, &finding,
                          "已要求各项目自本月起随评分附照片和签认单，并补齐上月缺项。");
}

enum result demo_evaluation(struct story *story)
{
    for (size_t i = 0; i < sizeof SCHEMES_OF / sizeof SCHEMES_OF[0]; i++)
        TRY(tell_scheme(story, i));
    TRY(tell_declarations(story));
    for (int months = MONTHS_BACK; months > 1; months--)
        TRY(tell_month(story, SCHEME_CONTRACT, months));
    TRY(tell_month(story, SCHEME_PROJECT, 2));
    TRY(tell_consequences(story));
    TRY(tell_last_month(story));
    TRY(tell_audit(story));
    story->cx->now = story->today;
    return OK;
}
