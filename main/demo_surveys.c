/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's surveys: a contract judged by the served party quarter by quarter, one that
 * takes answers now, and a third party's: one that says something, one of too few, one still to be
 * drawn. */
#include "app/surveys/survey.h"
#include "base/hash.h"
#include "main/demo_story.h"

#include <string.h>

#define QUARTER 3
#define STRIDE 7 /* shares no factor with a sample's size */

/* ---- the story ---- */

/* clang-format off */
static const char *const SURNAMES[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐"};
#define SURNAME_COUNT (sizeof SURNAMES / sizeof SURNAMES[0])
static const char *const NO_STRATA[] = {"", NULL};
static const char *const FLOORS[] = {"办公楼层", "裙楼商户", "会议与公共区", NULL};
static const char *const HOUSES[] = {"1 号楼", "2 号楼", "3 号楼", NULL};
static const char *const CLEANING[] = {
    "电梯厅早上很干净，下午四点以后纸屑没人收。", "卫生间洗手液经常是空的。", "保洁阿姨很客气，雨天会主动擦门口的水。",
    "地下二层角落有积水，反映过两次才处理。", "垃圾房周末味道大，希望周日也清运一次。", "希望把楼道扶手擦拭时间公布出来。", "整体比上半年好。"};
static const char *const GREENING[] = {"草坪修剪及时，北侧绿篱有几株枯了。", "喷药前请多贴两天公告，家里有小孩。", "花坛换季很漂亮。"};
static const char *const LIFTS[] = {"2 号梯开门有异响，师傅来过一次还在响。", "保养尽量避开早高峰。"};

static const struct {
    const char *contract;
    enum survey_kind kind;
    int quarters;       /* ago; 0: this one */
    int population;     /* of the served party; of a third party the frame */
    int sample;         /* drawn; 0: not drawn */
    int answers;
    int mood;           /* 0 to 100: how many of a hundred marks are good ones */
    enum survey_state state;
    const char *const *strata;
    const char *const *words;
    size_t word_count;
    const char *intro;
} SURVEYS_OF[] = {
    {"滨河花园保洁", SURVEY_SERVED_PARTY, 2, 106, 0, 58, 74, SURVEY_CLOSED, NO_STRATA, CLEANING, 5, "请滨河花园各户评价本季度的楼内与外围保洁。"},
    {"滨河花园保洁", SURVEY_SERVED_PARTY, 1, 106, 0, 61, 58, SURVEY_CLOSED, NO_STRATA, CLEANING, 7, "请滨河花园各户评价本季度的楼内与外围保洁。"},
    {"滨河花园绿化养护", SURVEY_SERVED_PARTY, 0, 106, 0, 17, 80, SURVEY_OPEN, NO_STRATA, GREENING, 3, "请评价小区绿化养护，一户一份。"},
    {"澄江中心日常保洁", SURVEY_THIRD_PARTY, 1, 240, 80, 57, 82, SURVEY_CLOSED, FLOORS, CLEANING, 6, "本调查由第三方独立实施，物业方和保洁单位看不到您的答卷。"},
    {"滨河花园电梯维保", SURVEY_THIRD_PARTY, 1, 106, 60, 21, 70, SURVEY_CLOSED, HOUSES, LIFTS, 2, "本调查由第三方独立实施。"},
    {"澄江中心消防维保", SURVEY_THIRD_PARTY, 0, 96, 0, 0, 0, SURVEY_DRAFT, FLOORS, NO_STRATA, 0, "本调查由第三方独立实施。"},
};
/* clang-format on */

/* ---- telling it ---- */

/* A number below `most` that is the same in every telling. */
static int chance(const struct survey *survey, int a, int b, int most)
{
    const int64_t key[] = {survey->contract_id, survey->last_day.days, a, b};
    return (int)((hash_stable(0, key, sizeof key) >> 20) % (uint64_t)most);
}

static struct period quarter_of(const struct story *story, int ago)
{
    const struct month now = month_of(instant_date(story->today, SHANGHAI_OFFSET_MIN));
    const int32_t first = now.months - (now.months - 1) % QUARTER;
    return (struct period){{first - ago * QUARTER}, QUARTER};
}

/* Days from today of the nth day after the quarter began or, when it is over, before it ended. */
static int days_of(const struct story *story, struct period quarter, int day)
{
    return period_to(quarter).days - day - instant_date(story->today, SHANGHAI_OFFSET_MIN).days;
}

static enum result contract_named(struct story *story, const char *name, int64_t *out)
{
    struct list list;
    TRY(record_select(story->cx, &CONTRACTS, "named", "t.name = $1 ORDER BY t.id LIMIT 1",
                      PARAMS(P(name)), &list));
    *out = list.count ? ((const struct record *)list.rows)->id : 0;
    return OK;
}

static enum result fresh(struct story *story, struct survey *survey)
{
    return record_get(story->cx, &SURVEYS, survey->id, survey);
}

static enum result tell_frame(struct story *story, size_t entry, const struct survey *survey)
{
    struct ctx *cx = story->cx;
    const size_t count = (size_t)SURVEYS_OF[entry].population;
    struct frame_row *rows = ARENA_ARRAY(cx->mem, struct frame_row, count);
    for (size_t i = 0; i < count; i++) {
        const int stratum = i % 6 < 3 ? 0 : i % 6 < 5 ? 1 : 2;
        rows[i] = (struct frame_row){
            .code = arena_printf(cx->mem, "%d-%03zu", stratum + 1, i + 101),
            .name =
                arena_printf(cx->mem, "%s%s", SURNAMES[i % SURNAME_COUNT], i % 2 ? "女士" : "先生"),
            .contact = story_phone(cx, 3000 + (int)i),
            .stratum = SURVEYS_OF[entry].strata[stratum],
        };
    }
    return frame_add(cx, survey, rows, count);
}

/* Good marks and less good ones, as the mood is. */
static struct survey_answer answer_of(size_t entry, const struct survey *survey,
                                      const struct survey_question *question, int who, int number)
{
    const bool good = chance(survey, who, number, 100) < SURVEYS_OF[entry].mood;
    const int luck = chance(survey, number, who, 100);
    struct survey_answer answer = {.picked = -1, .words = ""};
    if (question->kind == QUESTION_FIVE)
        answer.picked = good ? 4 + (luck < 55) : luck < 60 ? 3 : luck < 90 ? 2 : 1;
    else if (question->kind == QUESTION_TEN)
        answer.picked = good ? 8 + luck % 3 : 3 + luck % 5;
    else if (question->kind == QUESTION_WORDS && (size_t)who < SURVEYS_OF[entry].word_count)
        answer.words = SURVEYS_OF[entry].words[who];
    return answer;
}

static enum result tell_answer(struct story *story, size_t entry, const struct survey_door *door,
                               int who)
{
    struct ctx *cx = story->cx;
    struct survey_question *questions;
    struct survey_answer answers[QUESTIONS_MOST];
    size_t count;
    TRY(survey_questions(cx, &door->survey, &questions, &count));
    for (size_t i = 0; i < count; i++)
        answers[i] = answer_of(entry, &door->survey, &questions[i], who, (int)i);
    return survey_answer_add(cx, door, answers, arena_printf(cx->mem, "phone %d", who));
}

/* Whoever came by, or those who were drawn, from here and there. */
static enum result tell_answers(struct story *story, size_t entry, const struct survey *survey)
{
    struct list list = {0};
    if (survey->kind == SURVEY_THIRD_PARTY)
        TRY(record_select(story->cx, &SURVEY_MEMBERS, "told",
                          "t.survey_id = $1 AND t.drawn = TRUE ORDER BY t.id LIMIT 500",
                          PARAMS(P(survey->id)), &list));
    const struct survey_member *members = list.rows;
    for (int who = 0; who < SURVEYS_OF[entry].answers; who++) {
        struct survey_door door = {.survey = *survey, .stratum = ""};
        if (members) {
            const struct survey_member *member = &members[(size_t)who * STRIDE % list.count];
            door.member_id = member->id;
            door.stratum = member->stratum;
        }
        TRY(tell_answer(story, entry, &door, who));
    }
    return OK;
}

static enum result tell_draft(struct story *story, size_t entry, int days, struct survey *survey)
{
    struct ctx *cx = story->cx;
    const bool third = SURVEYS_OF[entry].kind == SURVEY_THIRD_PARTY;
    *survey = (struct survey){.kind = SURVEYS_OF[entry].kind};
    fields_blank(SURVEYS.fields, survey);
    TRY(contract_named(story, SURVEYS_OF[entry].contract, &survey->contract_id));
    survey->surveyor_id = third ? story->organisations[SURVEYOR] : 0;
    survey->period = period_text(cx->mem, quarter_of(story, SURVEYS_OF[entry].quarters));
    survey->population = third ? 0 : SURVEYS_OF[entry].population;
    survey->intro = SURVEYS_OF[entry].intro;
    survey->ends_on = story_day(story, days + 21);
    story_at(story, DIVISION, days, 9);
    TRY(record_add(cx, &SURVEYS, survey));
    return fresh(story, survey);
}

static enum result tell_survey(struct story *story, size_t entry)
{
    struct ctx *cx = story->cx;
    struct survey survey;
    const struct period quarter = quarter_of(story, SURVEYS_OF[entry].quarters);
    const int days = SURVEYS_OF[entry].quarters ? days_of(story, quarter, 24) : -6;
    TRY(tell_draft(story, entry, days, &survey));
    const int who = survey.kind == SURVEY_THIRD_PARTY ? ASKER : DIVISION;
    story_at(story, who, days, 15);
    if (survey.kind == SURVEY_THIRD_PARTY)
        TRY(tell_frame(story, entry, &survey));
    if (SURVEYS_OF[entry].sample) {
        TRY(survey_draw(cx, &survey, SURVEYS_OF[entry].sample, "明镜-抽样"));
        TRY(fresh(story, &survey));
    }
    if (SURVEYS_OF[entry].state == SURVEY_DRAFT)
        return OK;
    story_at(story, who, days + 1, 9);
    TRY(survey_open(cx, &survey));
    TRY(fresh(story, &survey));
    TRY(tell_answers(story, entry, &survey));
    if (SURVEYS_OF[entry].state == SURVEY_OPEN)
        return OK;
    story_at(story, who, days + 22, 9);
    return survey_close(cx, &survey);
}

enum result demo_surveys(struct story *story)
{
    for (size_t i = 0; i < sizeof SURVEYS_OF / sizeof SURVEYS_OF[0]; i++)
        TRY(tell_survey(story, i));
    story->cx->now = story->today;
    return OK;
}
