/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's reports on supervision: of a project for the two months before this one, and of
 * its division for the first of them. */
#include "app/supervision/supervision_report.h"
#include "main/demo_story.h"

/* ---- the story ---- */

enum report_progress { FILED, RECEIVED, NOTED };
/* clang-format off */
static const struct {
    int months; /* before this one */
    bool division;
    enum report_progress progress;
    const char *body;
} REPORTS_OF[] = {
    {2, false, NOTED, "本月保洁连续缺员，已约谈供方并要求补足；绿化与消杀按合同完成，消杀前均已公告。电梯维保四次，业主陪同签字。"},
    {1, false, FILED, "保洁合同因连续缺员暂停，由净安保洁限期补足后恢复；电梯维保合同即将到期，已请事业部决定续签。"},
    {2, true, NOTED, "滨河花园按时上报，澄江中心未按时上报，已催办。保洁缺员为本月主要问题，已督促供方补足。"},
};
/* clang-format on */

/* ---- telling it ---- */

/* The nth day after the end of the month, so far as it has come. */
static void on_day(struct story *story, int staff, struct month month, int n)
{
    const int year = month.months / 12, in_year = month.months % 12 + 1;
    const struct date day = date_add(date_of(year, in_year, 1), n - 1);
    story_at(story, staff, day.days - instant_date(story->today, SHANGHAI_OFFSET_MIN).days, 10);
}

static enum result fresh(struct story *story, struct supervision_report *report)
{
    return record_get(story->cx, &SUPERVISION_REPORTS, report->id, report);
}

static enum result tell_report(struct story *story, size_t entry)
{
    const struct month now = month_of(instant_date(story->today, SHANGHAI_OFFSET_MIN));
    struct supervision_report report = {
        .unit_id = story->units[REPORTS_OF[entry].division ? EAST : GARDEN],
        .month = {now.months - REPORTS_OF[entry].months},
        .body = REPORTS_OF[entry].body};
    const struct month month = report.month;
    const int filer = REPORTS_OF[entry].division ? DIVISION : PM;
    const int receiver = REPORTS_OF[entry].division ? OPS_LEAD : DIVISION;
    const int first_day = REPORTS_OF[entry].division ? 7 : 1;
    const char *digest;
    fields_blank(SUPERVISION_REPORTS.fields, &report);
    on_day(story, filer, month, first_day);
    TRY(record_add(story->cx, &SUPERVISION_REPORTS, &report));
    TRY(fresh(story, &report));
    TRY(report_digest(story->cx, &report, &digest));
    TRY(report_file(story->cx, &report, digest));
    if (REPORTS_OF[entry].progress == FILED)
        return OK;
    on_day(story, receiver, month, first_day + 2);
    TRY(fresh(story, &report));
    TRY(report_receive(story->cx, &report));
    if (REPORTS_OF[entry].progress == RECEIVED || REPORTS_OF[entry].division)
        return OK;
    on_day(story, OPS_LEAD, month, 6);
    TRY(fresh(story, &report));
    return report_note(story->cx, &report);
}

enum result demo_supervision(struct story *story)
{
    for (size_t i = 0; i < sizeof REPORTS_OF / sizeof REPORTS_OF[0]; i++)
        TRY(tell_report(story, i));
    story->cx->now = story->today;
    return OK;
}
