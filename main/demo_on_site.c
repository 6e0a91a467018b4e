/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's people on site (V5.1.4): a cleaning contract that asks for five workers, counted
 * three times; somebody on no roster, somebody on two, and a certificate that has run out. */
#include "app/staffing/head_count.h"
#include "app/staffing/roster_watch.h"
#include "main/demo_deeds.h"
#include "main/demo_story.h"

#define CLEANED 0 /* row of the ledger */
#define ASKED_FOR 5

static const struct {
    const char *name, *number, *id_card;
    int days; /* joined so many days before today */
} WORKERS[] = {
    {"丁桂香", "JA-0102", "", -400},
    {"马玉珍", "JA-0108", "", -380},
    {"冯素云", "JA-0131", "330106198207143620", -300},
    {"许长根", "JA-0140", "", -260},
    {"葛兰芳", "JA-0177", "", -150},
};
#define TWICE 2 /* who stands on another provider's roster, too */
#define CLIMBER 3

/* Of the roster the first so many were there, and somebody else. */
static const struct {
    int days, hour, present;
    const char *place, *note, *stranger, *employer, *about, *objection, *reason;
} COUNTS[] = {
    {-16, 10, 5, "A 座大堂集合点", "早班全员点名。", "", "", "", "", ""},
    {-9, 15, 3, "A 座与地下车库", "两人未到，现场主管称临时请假。", "", "", "",
     "两人当时在 B 座处理跑水，不在 A 座。", "项目监控与 B 座报修单对不上，两人当日没有出勤记录。"},
    {-1, 9, 4, "A 座垃圾房", "", "自称姓田的男子", "众诚劳务派遣有限公司",
     "无工牌，不能说出带班人姓名，称昨日由劳务公司临时派来顶班。", "", ""},
};

static enum result tell_roster(struct story *story, int64_t out_people[])
{
    for (size_t i = 0; i < sizeof WORKERS / sizeof WORKERS[0]; i++) {
        struct person person = {.organisation_id = story->organisations[CLEANER],
                                .name = WORKERS[i].name,
                                .job = JOB_WORKER,
                                .id_card = {.plain = WORKERS[i].id_card},
                                .staff_number = WORKERS[i].number,
                                .employed_by = "净安保洁服务有限公司",
                                .joined_on = story_day(story, WORKERS[i].days)};
        fields_blank(PEOPLE.fields, &person);
        story_at(story, CLEAN_LEAD, -30, 9);
        TRY(record_add(story->cx, &PEOPLE, &person));
        out_people[i] = person.id;
    }
    return OK;
}

/* One that ran out, one that holds. */
static enum result tell_certificates(struct story *story, const int64_t people[])
{
    static const struct {
        int worker, days;
        enum certificate_kind kind;
        const char *number;
    } HELD[] = {
        {CLIMBER, -12, WORKS_AT_HEIGHT, "T330106199003"},
        {0, 200, WORKS_WITH_HEALTH, "杭健 2026-11873"},
        {1, 21, WORKS_WITH_HEALTH, "杭健 2025-30412"},
    };
    for (size_t i = 0; i < sizeof HELD / sizeof HELD[0]; i++) {
        struct work_certificate one = {.person_id = people[HELD[i].worker],
                                       .kind = HELD[i].kind,
                                       .number = HELD[i].number,
                                       .valid_from = story_day(story, HELD[i].days - 365),
                                       .valid_to = story_day(story, HELD[i].days)};
        fields_blank(WORK_CERTIFICATES.fields, &one);
        story_at(story, CLEAN_LEAD, -29, 9);
        TRY(record_add(story->cx, &WORK_CERTIFICATES, &one));
    }
    return OK;
}

static enum result tell_twice(struct story *story)
{
    struct person person = {.organisation_id = story->organisations[GREENER],
                            .name = WORKERS[TWICE].name,
                            .job = JOB_WORKER,
                            .id_card = {.plain = WORKERS[TWICE].id_card},
                            .staff_number = "LM-0066",
                            .joined_on = story_day(story, -6)};
    fields_blank(PEOPLE.fields, &person);
    story_at(story, GREEN_LEAD, -6, 10);
    return record_add(story->cx, &PEOPLE, &person);
}

static enum result tell_count(struct story *story, size_t entry, int64_t contract,
                              const int64_t people[], int64_t *out_id)
{
    struct head_count_person present[ASKED_FOR] = {{.id = 0}};
    struct head_count_person stranger = {.name = COUNTS[entry].stranger,
                                         .employer = COUNTS[entry].employer,
                                         .note = COUNTS[entry].about};
    struct head_count count = {
        .contract_id = contract, .place = COUNTS[entry].place, .note = COUNTS[entry].note};
    const struct head_count_found found = {present, &stranger, (size_t)COUNTS[entry].present,
                                           *stranger.name ? 1 : 0};
    for (size_t i = 0; i < found.present_count; i++)
        present[i].person_id = people[i];
    fields_blank(HEAD_COUNTS.fields, &count);
    story_at(story, RESIDENT, COUNTS[entry].days, COUNTS[entry].hour);
    TRY(head_count_take(story->cx, &count, &found));
    *out_id = count.id;
    return OK;
}

/* The first one is acknowledged; the second one objected to, in vain; the third one waits. */
static enum result tell_answer(struct story *story, size_t entry, int64_t id)
{
    struct head_count count;
    story_at(story, CLEAN_LEAD, COUNTS[entry].days, COUNTS[entry].hour + 1);
    TRY(record_get(story->cx, &HEAD_COUNTS, id, &count));
    TRY(head_count_answer(story->cx, &count, COUNTS[entry].objection));
    if (!*COUNTS[entry].objection)
        return OK;
    story_at(story, OPS_LEAD, COUNTS[entry].days + 2, 10);
    TRY(record_get(story->cx, &HEAD_COUNTS, id, &count));
    return head_count_decide(story->cx, &count, false, COUNTS[entry].reason);
}

enum result demo_on_site(struct story *story)
{
    int64_t people[sizeof WORKERS / sizeof WORKERS[0]], id;
    struct contract contract;
    story_at(story, OPS_LEAD, -30, 8);
    TRY(story_contract(story, CLEANED, &contract));
    struct staff_requirement asked = {.contract_id = contract.id,
                                      .job = JOB_WORKER,
                                      .from = story_day(story, -30),
                                      .count = ASKED_FOR,
                                      .note = "合同附件二定员"};
    fields_blank(STAFF_REQUIREMENTS.fields, &asked);
    TRY(record_add(story->cx, &STAFF_REQUIREMENTS, &asked));
    TRY(tell_roster(story, people));
    TRY(tell_certificates(story, people));
    TRY(tell_twice(story));
    for (size_t i = 0; i < sizeof COUNTS / sizeof COUNTS[0]; i++) {
        TRY(tell_count(story, i, contract.id, people, &id));
        if (i + 1 < sizeof COUNTS / sizeof COUNTS[0])
            TRY(tell_answer(story, i, id));
    }
    return OK;
}
