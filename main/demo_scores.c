/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's trainings, and its appraisal schemes: for agents and for managers those that the
 * client consented to, and the agents' next one, being written. */
#include "app/appraisal/month.h"
#include "app/scores/scheme.h"
#include "app/staffing/training.h"
#include "base/doc.h"
#include "main/demo_deeds.h"
#include "main/demo_story.h"

#define CALL_CENTRE 10 /* its contract's row of the ledger */
#define MONTHS_BACK 2  /* that were appraised: consent was asked in the month before them */

/* clang-format off */
static const struct indicator OF_AGENTS[] = {
    {"success", "成功访问量", "calls.success",    METHOD_RATIO_CAP,          {4000}, .target = {13000}, .share = {10000}, .bands = "", .nothing = NOTHING_ZERO},
    {"talk",    "呼出时长",   "calls.talk_hours", METHOD_LINEAR_BASE_TARGET, {2000}, .base = {400}, .target = {1300}, .share = {6000}, .bands = "", .nothing = NOTHING_ZERO},
    {"training", "培训成绩",  "trainings.score",  METHOD_BANDED,             {1000}, .bands = "90=100, 80=80, 75=60, 66=40, 60=20", .nothing = NOTHING_REWEIGH},
    {"quality", "质检均分",   "reviews.score",    METHOD_BANDED,             {1000}, .bands = "90=100, 80=80, 70=60, 60=40", .nothing = NOTHING_REWEIGH},
    {"order",   "现场纪律",   "",                 METHOD_MANUAL,             {1000}, .bands = "", .nothing = NOTHING_FULL},
    {"rate",    "成功率",     "calls.success_rate", METHOD_RANK,             {1000}, .bands = "", .nothing = NOTHING_REWEIGH},
    {"fatal",   "质检致命差错", "reviews.fatal",  METHOD_VETO,               {0},    .target = {100},   .share = {6000},  .bands = ""},
};
static const struct indicator OF_MANAGERS[] = {
    {"team_success",    "团队成功访问量", "team.success",    METHOD_RATIO_CAP,        {2000}, .target = {13000}, .share = {10000}, .bands = "", .nothing = NOTHING_ZERO},
    {"team_talk",       "团队呼出时长",   "team.talk_hours", METHOD_LINEAR_BASE_TARGET, {1000}, .base = {400}, .target = {1300}, .share = {6000}, .bands = "", .nothing = NOTHING_ZERO},
    {"team_quality",    "团队质检均分",   "team.score",      METHOD_BANDED,           {1500}, .bands = "90=100, 80=80, 70=60, 60=40", .nothing = NOTHING_REWEIGH},
    {"team_complaints", "有责投诉",       "team.complaints", METHOD_DEDUCT_PER_EVENT, {1000}, .step = {200}, .bands = "", .nothing = NOTHING_FULL},
    {"team_conduct",    "团队现场纪律",   "team.violations", METHOD_DEDUCT_PER_EVENT, {1000}, .step = {50}, .bands = "", .nothing = NOTHING_REWEIGH},
    {"conduct",         "本人现场纪律",   "conduct.points",  METHOD_DEDUCT_PER_EVENT, {1000}, .step = {100}, .bands = "", .nothing = NOTHING_FULL},
    {"team_training",   "团队培训成绩",   "team.training",   METHOD_BANDED,           {1500}, .bands = "90=100, 80=80, 70=60, 60=40", .nothing = NOTHING_REWEIGH},
    {"team_turnover",   "团队流失率",     "team.turnover",   METHOD_LINEAR_BASE_TARGET, {500}, .base = {600}, .target = {100}, .bands = "", .nothing = NOTHING_REWEIGH},
    {"reports",         "报表与交接",     "",                METHOD_MANUAL,           {500}, .bands = "", .nothing = NOTHING_FULL},
};
static const struct {
    const char *name, *edition;
    enum training_tier tier;
    int trainer;
    const char *place, *note;
    int days, first, last; /* before today; which of the agents, by id */
} TRAININGS_OF[] = {
    {"业务与沟通（管理岗）", "2026 秋", TIER_MANAGERS, CLIENT,    "远声外呼中心 301 会议室", "续费政策、投诉升级口径、现场沟通案例。", -50, 0, 0},
    {"业务流程与话术",       "2026.3",  TIER_AGENTS,   DUTY_LEAD, "二号培训室", "开场白、身份说明、拒访处理与隐私红线。", -46, 1, 40},
    {"沟通与投诉处理",       "2026.1",  TIER_AGENTS,   DUTY_LEAD, "二号培训室", "情绪安抚、升级时限与记录要求；闭卷 30 题。", -12, 1, 60},
};
/* clang-format on */

enum result story_call_centre(struct story *story, int64_t *out_contract)
{
    struct list_query query = {.limit = 2, .search = story_contract_name(CALL_CENTRE)};
    struct list list;
    TRY(record_list(story->cx, &CONTRACTS, &query, &list));
    *out_contract = ((const struct contract *)list.rows)->id;
    return OK;
}

/* ---- trainings ---- */

/* The people of that job, those from first to last, with scores of all kinds; one was absent. */
static enum result trainees_of(struct story *story, enum job job, int first, int last,
                               const char **out)
{
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    struct list list;
    (void)list_condition(story->cx, &PEOPLE, "job", choice_name(JOBS, job), &query);
    TRY(record_list(story->cx, &PEOPLE, &query, &list));
    const struct person *people = list.rows;
    struct trainee *trainees = ARENA_ARRAY(story->cx->mem, struct trainee, list.count + 1);
    size_t count = 0;
    for (int i = 0; i < (int)list.count; i++) {
        if (first && (i + 1 < first || i + 1 > last))
            continue;
        trainees[count++] = (struct trainee){.person_id = people[i].id,
                                             .name = people[i].name,
                                             .score = {(first ? 7050 : 8850) + i * 370 % 29 * 100},
                                             .absent = i == 16};
    }
    *out = json_rows_text(story->cx->mem, TRAINEE_FIELDS, trainees, count, sizeof *trainees);
    return OK;
}

static enum result tell_training(struct story *story, size_t entry)
{
    const enum training_tier tier = TRAININGS_OF[entry].tier;
    struct training_subject subject = {.tier = tier,
                                       .name = TRAININGS_OF[entry].name,
                                       .edition = TRAININGS_OF[entry].edition,
                                       .pass_score = {8000}};
    struct training training = {.held_on = story_day(story, TRAININGS_OF[entry].days),
                                .trainer_id = story->people[TRAININGS_OF[entry].trainer],
                                .place = TRAININGS_OF[entry].place,
                                .note = TRAININGS_OF[entry].note};
    fields_blank(TRAINING_SUBJECTS.fields, &subject);
    fields_blank(TRAININGS.fields, &training);
    story_at(story, CLIENT, TRAININGS_OF[entry].days - 1, 9);
    TRY(story_call_centre(story, &subject.contract_id));
    TRY(record_add(story->cx, &TRAINING_SUBJECTS, &subject));
    training.subject_id = subject.id;
    story_at(story, TRAININGS_OF[entry].trainer, TRAININGS_OF[entry].days, 17);
    TRY(trainees_of(story, tier == TIER_AGENTS ? JOB_AGENT : JOB_DUTY_MANAGER,
                    TRAININGS_OF[entry].first, TRAININGS_OF[entry].last, &training.trainees));
    TRY(record_add(story->cx, &TRAININGS, &training));
    TRY(record_get(story->cx, &TRAININGS, training.id, &training));
    return training_confirm(story->cx, &training);
}

/* ---- schemes ---- */

/* Days from today to the middle of the month before the scheme is in force. */
static int asked(const struct story *story)
{
    const struct date today = instant_date(story->today, SHANGHAI_OFFSET_MIN);
    const struct month then = {month_of(today).months - MONTHS_BACK - 1};
    return month_first(then).days + 14 - today.days;
}

static const struct scheme_option OPTIONS[] = {{WHO_NEWCOMER, 30, EFFECT_UNRANKED},
                                               {WHO_PART_MONTH, 0, EFFECT_PRORATE},
                                               {WHO_TOO_SHORT, 10, EFFECT_UNRANKED}};

#define ROWS(table) table, sizeof(table) / sizeof *(table)
static const struct {
    enum scheme_subject subject;
    const char *name, *note;
    const struct indicator *indicators;
    size_t indicator_count;
    const struct scheme_option *options;
    size_t option_count;
    const char *heard, *consent;
} SCHEMES_OF[] = {
    {SCHEME_AGENT, "话务员月度考核办法",
     "百分制；新入职首月和在岗不满 10 天的只计分、不排名，未满月的按在岗天数折算目标。",
     ROWS(OF_AGENTS), ROWS(OPTIONS),
     "班组长会议与公示记录：考核办法草案公示五个工作日，收到意见三条，采纳两条。\n",
     "指标与权重合理，同意"},
    {SCHEME_MANAGER, "管理人员月度考核办法",
     "百分制；值班经理、项目督导和质检按所带团队的结果与本人纪律考核，在岗不满 10 天的不排名。",
     ROWS(OF_MANAGERS), &OPTIONS[2], 1,
     "管理人员座谈记录：草案征求六名值班经理、督导和质检意见，公示五个工作日，无异议。\n",
     "团队达成、质检投诉、现场、培训与流失均有覆盖，同意"},
};

static enum result draft(struct story *story, size_t entry, int64_t *out_id)
{
    struct arena *mem = story->cx->mem;
    struct scheme scheme = {.subject = SCHEMES_OF[entry].subject,
                            .name = SCHEMES_OF[entry].name,
                            .note = SCHEMES_OF[entry].note};
    story_at(story, CALL_LEAD, asked(story), 9);
    fields_blank(SCHEMES.fields, &scheme);
    TRY(story_call_centre(story, &scheme.contract_id));
    scheme.from_month.months = month_of(story_day(story, asked(story))).months + 1;
    scheme.indicators = json_rows_text(mem, INDICATOR_FIELDS, SCHEMES_OF[entry].indicators,
                                       SCHEMES_OF[entry].indicator_count, sizeof(struct indicator));
    scheme.options = json_rows_text(mem, OPTION_FIELDS, SCHEMES_OF[entry].options,
                                    SCHEMES_OF[entry].option_count, sizeof(struct scheme_option));
    TRY(record_add(story->cx, &SCHEMES, &scheme));
    *out_id = scheme.id;
    return demo_attach(story->cx, &SCHEMES, scheme.id, "考核办法征求意见记录.txt",
                       SCHEMES_OF[entry].heard);
}

/* Heard inside, then asked of the client, who consents by letter. */
static enum result tell_scheme(struct story *story, size_t entry, struct scheme *out)
{
    int64_t id, letter_id;
    TRY(draft(story, entry, &id));
    TRY(record_get(story->cx, &SCHEMES, id, out));
    TRY(scheme_consult(story->cx, out, &letter_id));
    TRY(demo_send(story->cx, letter_id));
    story_at(story, CLIENT, asked(story) + 1, 11);
    TRY(demo_step(story->cx, letter_id, "approve", SCHEMES_OF[entry].consent));
    TRY(demo_step(story->cx, letter_id, "execute", ""));
    return record_get(story->cx, &SCHEMES, id, out);
}

/* The next one asks more successes for fewer points. */
static enum result weigh_anew(struct story *story, int64_t id)
{
    struct scheme before, after;
    struct indicator *indicators;
    size_t count;
    TRY(record_get(story->cx, &SCHEMES, id, &before));
    after = before;
    TRY(scheme_indicators(story->cx, &before, &indicators, &count));
    indicators[0].weight = (struct points){3500};
    indicators[1].weight = (struct points){2500};
    indicators[0].target = (struct points){18000};
    after.indicators =
        json_rows_text(story->cx->mem, INDICATOR_FIELDS, indicators, count, sizeof *indicators);
    return record_change(story->cx, &SCHEMES, "change", &before, &after);
}

/* How the parties read "before the 2nd", from the scheme's first month on. */
static enum result agree_on_deadline(struct story *story, int64_t contract_id, struct month from)
{
    char month[MONTH_MAX_TEXT];
    month_format(from, month);
    struct letter letter = {
        .type = LETTER_MONTH_RULES.name,
        .contract_id = contract_id,
        .from_side = SIDE_PROVIDER,
        .subject = "关于月度考核依据截止时间的函",
        .body = "“每月 2 日前”按含当日、遇节假日不顺延执行；申诉期为公布后三个工作日。",
        .lines = arena_printf(story->cx->mem,
                              "[{\"from_month\":\"%s\",\"evidence_day\":2,\"inclusive\":true,"
                              "\"rolls_over\":false,\"appeal_days\":3}]",
                              month),
    };
    fields_blank(LETTERS.fields, &letter);
    story_at(story, CALL_LEAD, asked(story), 10);
    TRY(record_add(story->cx, &LETTERS, &letter));
    TRY(demo_send(story->cx, letter.id));
    story_at(story, CLIENT, asked(story) + 1, 10);
    TRY(demo_step(story->cx, letter.id, "approve", "同意按此执行"));
    return demo_step(story->cx, letter.id, "execute", "");
}

enum result demo_scores(struct story *story)
{
    int64_t next_id;
    struct scheme agents, managers;
    for (size_t i = 0; i < sizeof TRAININGS_OF / sizeof TRAININGS_OF[0]; i++)
        TRY(tell_training(story, i));
    TRY(tell_scheme(story, 0, &agents));
    TRY(tell_scheme(story, 1, &managers));
    TRY(agree_on_deadline(story, agents.contract_id, agents.from_month));
    story_at(story, CALL_LEAD, -3, 15);
    TRY(scheme_revise(story->cx, &agents, &next_id));
    return weigh_anew(story, next_id);
}
