/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's roster, and what is not right with it. */
#include "app/staffing/subcontracting.h"
#include "main/demo_deeds.h"
#include "main/demo_story.h"

/* ---- insured by another company (V5.1.4) ---- */

static const struct {
    const char *name, *number, *insured_by;
    int days; /* joined so many days before today */
} BORROWED[] = {
    {"蒋大强", "JA-0217", "众诚劳务派遣有限公司", -20},
    {"吴秀兰", "JA-0223", "众诚劳务派遣有限公司", -4},
};

static enum result tell_borrowed(struct story *story, size_t entry, int64_t *out_case)
{
    struct list_query query = {.limit = 1, .sort = "-id"};
    struct list list;
    struct person person = {.organisation_id = story->organisations[CLEANER],
                            .name = BORROWED[entry].name,
                            .job = JOB_WORKER,
                            .staff_number = BORROWED[entry].number,
                            .employed_by = BORROWED[entry].insured_by,
                            .joined_on = story_day(story, BORROWED[entry].days)};
    fields_blank(PEOPLE.fields, &person);
    story_at(story, CLEAN_LEAD, BORROWED[entry].days, 10);
    TRY(record_add(story->cx, &PEOPLE, &person));
    TRY(record_list(story->cx, &SUBCONTRACTING_CASES, &query, &list));
    *out_case = ((const struct record *)list.rows)->id;
    return OK;
}

/* The first one is cleared up, the second one waits. */
static enum result tell_cases(struct story *story)
{
    struct subcontracting_case one;
    int64_t first, second;
    TRY(tell_borrowed(story, 0, &first));
    story_at(story, EXECUTOR, -17, 16);
    TRY(record_get(story->cx, &SUBCONTRACTING_CASES, first, &one));
    TRY(subcontracting_investigate(
        story->cx, &one,
        "查看了劳动合同与社保明细：本人今年七月起与净安签订劳动合同，社保因转移手续"
        "晚一个月，八月起已由净安缴纳。"));
    TRY(demo_attach(story->cx, &SUBCONTRACTING_CASES, first, "社保缴纳明细.txt",
                    "蒋大强：七月由众诚缴纳，八月起由净安保洁缴纳。\n"));
    story_at(story, OPS_LEAD, -15, 9);
    TRY(record_get(story->cx, &SUBCONTRACTING_CASES, first, &one));
    TRY(subcontracting_decide(story->cx, &one, CASE_DISMISSED,
                              "社保转移所致，材料齐全，不属于转包分包", ""));
    return tell_borrowed(story, 1, &second);
}

enum result demo_staffing(struct story *story)
{
    return tell_cases(story);
}
