/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The story of demo_reviews.c as data: calls of a weekend, what was said of them, and who judged
 * them again. */
#ifndef DEMO_REVIEWS_STORY_H
#define DEMO_REVIEWS_STORY_H

#include "app/reviews/review.h"

#define SAMPLE_CALLS 3 /* that are drawn of an agent: all of a day whose recording is here */
#define AFTER_DAYS 8   /* since the weekend: who was to appeal had the time */

/* ---- the story, as data ---- */

/* clang-format off */

enum heard { REFERENCED, KEPT };
enum outcome { TO_JUDGE, PUBLISHED, APPEALED, UPHELD, CHANGED };
enum weekend { SUNDAY, SATURDAY }; /* days before the Sunday */

#define NA (-1)
#define MARKS 10

/* Calls of the weekend, and what became of their reviews; `days` from today to the publication. */
static const struct {
    const char *agent;
    enum weekend day;
    int minute, talk_s;
    enum call_result result;
    enum heard heard;
    enum outcome outcome;
    int days, hour;
    int marks[MARKS]; /* points of the scored items; of the fatal ones whether it was found */
    const char *words; /* the reviewer's remark, or what the agent says */
} CALLS_OF[] = {
    {"1001", SATURDAY, 605, 24, CALL_SUCCESS,   KEPT,       PUBLISHED, -1, 10, {8, 18, 20, 15, 13, 12},        "语速偏快，报价时停一停，让客户复述一遍。"},
    {"1001", SATURDAY, 862, 17, CALL_CONTACTED, KEPT,       PUBLISHED, -7, 11, {10, 20, 25, 14, 15, NA},       "客户中途挂断，结束语不适用。"},
    {"1012", SATURDAY, 640, 21, CALL_SUCCESS,   KEPT,       UPHELD,    -7, 11, {5, 12, 18, 12, 10, 10},        "客户先说了在开会，我已经道歉，开场白应当给满分。"},
    {"1005", SATURDAY, 671, 23, CALL_SUCCESS,   KEPT,       PUBLISHED, -2, 15, {10, 16, 20, 15, 12, 15, 0, 1}, "客户两次说“再考虑”，系统里却记为成功。"},
    {"1018", SATURDAY, 905, 20, CALL_SUCCESS,   KEPT,       APPEALED,  -2, 16, {10, 20, 10, 15, 15, 15},       "优惠截止日我说的是 31 日，录音 0:09 处可以听到，不是 30 日。"},
    {"1033", SATURDAY, 931, 18, CALL_SUCCESS,   KEPT,       CHANGED,   -7, 14, {10, 8, 25, 15, 15, 15},        "需求问了两处，录音 0:06 与 0:12。"},
    {"1045", SATURDAY, 690, 22, CALL_SUCCESS,   KEPT,       PUBLISHED, -7, 15, {10, 20, 22, 15, 15, 15},       "整体流畅。"},
    {"1009", SUNDAY,   612, 14, CALL_SUCCESS,   KEPT,       TO_JUDGE,  0,  0,  {0},                            ""},
    {"1021", SUNDAY,   655, 14, CALL_CONTACTED, KEPT,       TO_JUDGE,  0,  0,  {0},                            ""},
    {"1038", SUNDAY,   700, 14, CALL_SUCCESS,   KEPT,       TO_JUDGE,  0,  0,  {0},                            ""},
    {"1056", SUNDAY,   850, 14, CALL_SUCCESS,   KEPT,       TO_JUDGE,  0,  0,  {0},                            ""},
    {"1045", SATURDAY, 752, 95, CALL_CONTACTED, REFERENCED, TO_JUDGE,  0,  0,  {0},                            ""}, /* in no draw */
};
#define CALL_COUNT (sizeof CALLS_OF / sizeof CALLS_OF[0])

static const struct form_item ITEMS[MARKS] = {
    {"开场与身份", "报姓名、公司与来意，告知本次通话录音", ITEM_SCORE, 10},
    {"需求了解",   "用开放式问题问清客户的需要，不打断",   ITEM_SCORE, 20},
    {"业务准确",   "价格、期限、办理条件与知识库一致",     ITEM_SCORE, 25},
    {"表达与语速", "吐字清楚，语速适中，专业名词有解释",   ITEM_SCORE, 15},
    {"态度与用语", "使用服务用语，客户有异议时先安抚",     ITEM_SCORE, 15},
    {"确认与结束", "复述结果，确认意愿，礼貌结束",         ITEM_SCORE, 15},
    {"泄露隐私",   "向他人透露客户的信息",                 ITEM_FATAL, 0 },
    {"虚假成功",   "客户没有同意，却记为成功",             ITEM_FATAL, 0 },
    {"强行推销",   "客户明确拒绝后继续推销",               ITEM_FATAL, 0 },
    {"冒充身份",   "冒充他人，或没有告知录音",             ITEM_FATAL, 0 },
};

static const struct {
    size_t call;
    int place, second;
    const char *comment;
} COMMENTS_OF[] = {
    {0, 1, 2,  "没有告知录音"},
    {0, 3, 9,  "月费说成 39 元，应为 29 元"},
    {0, 6, 20, "没有复述办理结果"},
    {1, 4, 6,  "“携号转网”没有解释"},
    {2, 1, 1,  "没有报公司名"},
    {2, 2, 7,  "客户说话时打断了两次"},
    {3, 8, 14, "客户说“我再考虑一下”，没有同意"},
    {3, 3, 10, "没有说明合约期"},
    {4, 3, 9,  "优惠截止日说错"},
    {5, 2, 6,  "只问了一处需求"},
    {6, 3, 15, "违约金说得含糊"},
};

/* clang-format on */

/* Sessions: which call, by whom, how many points less than the call's marks they give item by item.
 */
#define JUDGES_MOST 4
static const struct {
    size_t call;
    int days;
    const char *judges[JUDGES_MOST];
    int less[JUDGES_MOST][MARKS];
    const char *outcome; /* NULL: still talked about; "": still open */
} SESSIONS_OF[] = {
    {2,
     -6,
     {"qa", "linqian", "duty", "client"},
     {{0}, {0, 3, 1}, {0, 1, 0, 2}, {2, 5, 1}},
     "“需求了解”：客户说话时被打断两次以上，最高给 12 分；只打断一次扣 3 "
     "分。\n“开场与身份”：没有报公司名扣 5 分。下周一起按此执行。"},
    {5, -2, {"qa", "linqian", "duty"}, {{0}, {0, -6, 2, 0, 3}, {0, -8, 0, 0, 0, 2}}, NULL},
    {0, -1, {"qa", "duty"}, {{0}, {1, 2}}, ""},
};
#define OLD_UID "1001-old"
#define OLD_DAYS 37 /* no legal hold covers it */
#define OLD_MINUTE 1000
#define DAY_MS INT64_C(86400000)
#define SESSION_COUNT (sizeof SESSIONS_OF / sizeof SESSIONS_OF[0])

#endif
