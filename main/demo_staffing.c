/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's roster: how many are asked for, and what is not right with it. */
#include "app/staffing/requirement.h"
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

/* ---- how many are asked for (C2.1): one supervisor more than there is ---- */

static const struct {
    enum job job;
    int32_t count;
    int days; /* asked so many days before today */
    const char *note;
} ASKED_FOR[] = {
    {JOB_AGENT, 60, -50, "按合同座席数"},
    {JOB_DUTY_MANAGER, 1, -50, "每班一名"},
    {JOB_SUPERVISOR, 1, -50, ""},
    {JOB_QA, 2, -50, "质检抽样计划"},
    {JOB_SUPERVISOR, 1, -2, "第二批话务员上岗，一名督导带不过来"},
};

static enum result tell_requirements(struct story *story)
{
    struct list_query query = {.limit = 1};
    struct list list;
    list_conditions(story->cx, &CONTRACTS, "service=outbound_call&state=active", &query);
    TRY(record_list(story->cx, &CONTRACTS, &query, &list));
    for (size_t i = 0; i < sizeof ASKED_FOR / sizeof ASKED_FOR[0]; i++) {
        struct staff_requirement requirement = {
            .contract_id = ((const struct record *)list.rows)->id,
            .job = ASKED_FOR[i].job,
            .from = story_day(story, ASKED_FOR[i].days),
            .count = ASKED_FOR[i].count,
            .note = ASKED_FOR[i].note,
        };
        fields_blank(STAFF_REQUIREMENTS.fields, &requirement);
        story_at(story, CLIENT, ASKED_FOR[i].days, 14);
        TRY(record_add(story->cx, &STAFF_REQUIREMENTS, &requirement));
    }
    return OK;
}

enum result demo_staffing(struct story *story)
{
    TRY(tell_requirements(story));
    return tell_cases(story);
}
