/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's inspections: two months of a cleaning contract, week by week, with what failed:
 * rectified, late, failed and done once more, objected to and appealed against; what is due today;
 * and what providers recorded of their own work. */
#include "app/inspections/provider_work.h"
#include "app/inspections/rectification.h"
#include "app/inspections/trust.h"
#include "main/demo_inspected.h"
#include "main/demo_picture.h"

#include <string.h>

#define WEEKS 8
#define MINUTE_MS INT64_C(60000)

/* clang-format off */
static const struct {
    int contract; /* row of the ledger */
    int planner;
    enum inspection_level level;
    enum plan_frequency frequency;
    int from_days;
} PLANS_OF[] = {
    {0, RESIDENT, LEVEL_OWNER,    EVERY_WEEK,  -7 * WEEKS},
    {0, DIVISION, LEVEL_DIVISION, EVERY_MONTH, -30},
    {3, PM,       LEVEL_OWNER,    EVERY_DAY,   0  },
    {3, PM,       LEVEL_PROJECT,  EVERY_WEEK,  0  },
    {6, PM,       LEVEL_OWNER,    EVERY_WEEK,  0  },
    {7, PM,       LEVEL_PROJECT,  EVERY_MONTH, 0  },
};

/* What becomes of a notice. */
enum course { COURSE_NONE, COURSE_IN_TIME, COURSE_LATE, COURSE_TWICE, COURSE_OPEN };
static const struct found {
    int week, area;   /* 0: A, 1: B */
    struct demo_fails fails;
    const char *objection;
    enum course course;
    bool appealed;
} FOUND[] = {
    {1, 0, {"地面、墙面", 1, "商业街北入口地面有口香糖渍。"}, "", COURSE_IN_TIME, false},
    {2, 1, {"纸巾擦拭", 2, "电梯厅扶手、按键面板有手印。"}, "", COURSE_LATE,    false},
    {4, 0, {"无异味、无积水", 1, "二层女卫洗手台积水，擦手纸缺货。"}, "", COURSE_TWICE,   false},
    {6, 0, {"地面、墙面", 1, "大堂玻璃门有明显水痕。"}, "当日外墙清洗溅水，非保洁原因。", COURSE_IN_TIME, false},
    {7, 1, {"烟头", 2, "B 座西侧门外烟头未清。"}, "", COURSE_OPEN,    true },
};
#define MISSED_WEEK 3
#define MISSED_AREA 1
#define HASTY_WEEK 5 /* somebody ticked everything in a moment */

static const struct {
    int planned_days, done_days; /* 1: not yet */
    const char *places, *targets, *agent, *registration, *concentration, *amount, *remains;
    bool confirmed;
} TREATMENTS_OF[] = {
    {-24, -24, "地下室、垃圾房",       "rats cockroaches",     "杀鼠醚毒饵",     "WP20130123", "0.0375%", "1.8 kg", "清理死鼠 2 只，残饵回收；粉块阳性率 1.5%。", true },
    {-3,  -3,  "设备间、外围绿篱",     "mosquitoes flies",     "高效氯氰菊酯",   "WP20080241", "0.05%",   "6 L",    "喷洒后两小时通风；停落指数 0.8。",         false},
    {4,   1,   "全园区下水井与垃圾房", "mosquitoes cockroaches", "吡丙醚颗粒剂", "WP20110076", "0.5%",    "",       "",                                         false},
};

static const struct {
    int days;
    const char *equipment, *results, *parts;
    enum maintenance_kind kind;
    bool confirmed;
} WORKS_OF[] = {
    {-16, "1 号楼 DT-01", "清洁润滑，检查制动器、门锁与限速器，运行正常。", "",           MAINTENANCE_HALF_MONTH, true },
    {-15, "3 号楼 DT-05", "清洁润滑；更换门机皮带。",                       "门机皮带 1 根", MAINTENANCE_HALF_MONTH, true },
    {-1,  "1 号楼 DT-01", "清洁润滑，检查制动器、门锁与限速器，运行正常。", "",           MAINTENANCE_HALF_MONTH, false},
};
/* clang-format on */

struct inspected {
    struct story *story;
    struct contract contract;
    struct area *areas;
    size_t area_count;
};

static enum result tell_plans(struct story *story)
{
    for (size_t i = 0; i < sizeof PLANS_OF / sizeof PLANS_OF[0]; i++) {
        struct contract contract = {0};
        struct inspection_plan plan = {.level = PLANS_OF[i].level,
                                       .frequency = PLANS_OF[i].frequency,
                                       .from = story_day(story, PLANS_OF[i].from_days)};
        TRY(story_contract(story, PLANS_OF[i].contract, &contract));
        plan.contract_id = contract.id;
        story_at(story, PLANS_OF[i].planner, PLANS_OF[i].from_days - 1, 8);
        TRY(record_add(story->cx, &INSPECTION_PLANS, &plan));
    }
    return OK;
}

/* ---- one inspection ---- */

static const struct found *found_at(int week, size_t area)
{
    for (size_t i = 0; i < sizeof FOUND / sizeof FOUND[0]; i++)
        if (FOUND[i].week == week && FOUND[i].area == (int)area)
            return &FOUND[i];
    return NULL;
}

static enum result answers_of(struct story *story, const struct inspection *inspection,
                              const struct demo_fails *found, struct inspection_answer **out,
                              size_t *out_count)
{
    struct inspection_item *items;
    TRY(inspection_items(story->cx, inspection, &items, out_count));
    *out = ARENA_ARRAY(story->cx->mem, struct inspection_answer, *out_count + 1);
    for (size_t i = 0; i < *out_count; i++) {
        const bool fails = found && strstr(items[i].text, found->item);
        (*out)[i] = (struct inspection_answer){.item_id = items[i].item_id,
                                               .result = fails ? RESULT_FAIL : RESULT_PASS,
                                               .findings = fails ? found->findings : 0,
                                               .note = fails ? found->note : ""};
    }
    return OK;
}

/* What fails is shown, from where the area is. */
static enum result tell_photos(struct ctx *cx, const struct inspection *inspection,
                               const struct inspection_answer *answers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct inspection_photo photo = {.place = 0};
        struct upload upload = {.field = "photo", .name = "现场.jpg"};
        const struct photo_said said = {.item_id = answers[i].item_id,
                                        .taken_at = {cx->now.ms - 9 * MINUTE_MS},
                                        .latitude = inspection->latitude,
                                        .longitude = inspection->longitude};
        if (answers[i].result != RESULT_FAIL)
            continue;
        upload.bytes = demo_picture(cx->mem, (int)inspection->id, &upload.len);
        TRY(inspection_photo_prepare(cx, &upload, &photo));
        TRY(inspection_photo_add(cx, inspection, &said, &upload, &photo));
    }
    return OK;
}

enum result demo_inspect(struct story *story, struct inspection *inspection,
                         const struct demo_fails *fails)
{
    struct inspection_finish finish = {.remark = ""};
    struct inspection_answer *answers;
    TRY(answers_of(story, inspection, fails, &answers, &finish.count));
    finish.answers = answers;
    TRY(tell_photos(story->cx, inspection, answers, finish.count));
    TRY(inspection_finish(story->cx, inspection, &finish));
    return record_get(story->cx, &INSPECTIONS, inspection->id, inspection);
}

static enum result open_task(struct inspected *inspected, size_t area, int64_t *out)
{
    struct list list;
    TRY(record_select(inspected->story->cx, &INSPECTION_TASKS, "demo",
                      "t.area_id = $1 AND t.state = 'open' AND t.level = 'owner' "
                      "ORDER BY t.id DESC LIMIT 1",
                      PARAMS(P(inspected->areas[area].id)), &list));
    *out = list.count ? ((const struct record *)list.rows)->id : 0;
    return OK;
}

static enum result tell_inspection(struct inspected *inspected, int week, size_t area,
                                   struct inspection *out)
{
    static const int OWNERS[] = {RESIDENT, CHEN};
    struct story *story = inspected->story;
    struct ctx *cx = story->cx;
    const struct found *found = found_at(week, area);
    const bool hasty = week == HASTY_WEEK && area == 0;
    *out = (struct inspection){0};
    fields_blank(INSPECTIONS.fields, out);
    story_at(story, OWNERS[area % 2], 7 * (week - WEEKS), 9 + (int)area);
    out->contract_id = inspected->contract.id;
    out->area_id = inspected->areas[area].id;
    out->device_started_at.ms = cx->now.ms - (hasty ? 20000 : (22 + week) * MINUTE_MS);
    out->latitude = 30274085 + 400 * (int)area;
    out->longitude = 120155070 + 37 * week;
    TRY(open_task(inspected, area, &out->task_id));
    TRY(inspection_begin(cx, out));
    return demo_inspect(story, out, found ? &found->fails : NULL);
}

static enum result tell_signature(struct story *story, int week,
                                  const struct inspection *inspection, const struct found *found)
{
    story_at(story, CLEAN_LEAD, 7 * (week - WEEKS), 16);
    return inspection_countersign(story->cx, inspection, inspection->sha256,
                                  found ? found->objection : "");
}

/* ---- what comes of a finding ---- */

enum result demo_rectify(struct ctx *cx, int64_t id, const char *words)
{
    struct rectification notice;
    const struct rectification said = {.cause = "", .answer = words};
    struct document document;
    struct upload upload = {.field = "photos",
                            .name = "整改后.jpg",
                            .subject = RECTIFICATIONS.name,
                            .subject_id = id,
                            .retention = RETENTION_LONG};
    upload.bytes = demo_picture(cx->mem, 50 + (int)id, &upload.len);
    TRY(photo_stage(cx, &upload));
    TRY(document_add(cx, &upload, &document));
    TRY(record_get(cx, &RECTIFICATIONS, id, &notice));
    return rectification_answer(cx, &notice, &said, 0);
}

static enum result answer(struct story *story, int64_t id, int days, const char *words)
{
    story_at(story, CLEAN_LEAD, days, 15);
    return demo_rectify(story->cx, id, words);
}

static enum result look(struct story *story, int64_t id, int days, bool passed, const char *words,
                        int64_t *out_next)
{
    struct rectification notice;
    story_at(story, RESIDENT, days, 10);
    TRY(record_get(story->cx, &RECTIFICATIONS, id, &notice));
    return rectification_judge(story->cx, &notice, passed, words, out_next);
}

static enum result tell_course(struct story *story, const struct found *found, int64_t notice)
{
    const int day = 7 * (found->week - WEEKS);
    const int answered = found->course == COURSE_LATE ? day + 6 : day + 2;
    int64_t next;
    if (found->course == COURSE_OPEN)
        return OK;
    TRY(answer(story, notice, answered, "已清理，并调整该点位的巡回频次。"));
    if (found->course != COURSE_TWICE)
        return look(story, notice, answered + 1, true, "现场复查合格。", &next);
    TRY(look(story, notice, answered + 1, false, "洗手台仍有积水，龙头漏水未报修。", &next));
    TRY(answer(story, next, answered + 3, "龙头已报修更换，台面已擦干，纸品补足。"));
    return look(story, next, answered + 4, true, "复查合格。", &next);
}

static enum result tell_appeal(struct story *story, const struct inspection *inspection,
                               int32_t place)
{
    struct inspection_appeal appeal = {
        .inspection_id = inspection->id,
        .place = place,
        .words = "检查时正值商户装修撤场，烟头为施工人员遗留，十分钟内已清扫，有班组照片。",
    };
    story_at(story, CLEAN_LEAD, -5, 11);
    return record_add(story->cx, &INSPECTION_APPEALS, &appeal);
}

static enum result tell_finding(struct story *story, const struct inspection *inspection,
                                const struct found *found)
{
    struct inspection_item *items;
    size_t count;
    TRY(inspection_items(story->cx, inspection, &items, &count));
    for (size_t i = 0; i < count; i++) {
        if (items[i].result != RESULT_FAIL)
            continue;
        TRY(tell_course(story, found, items[i].rectification_id));
        if (found->appealed)
            TRY(tell_appeal(story, inspection, (int32_t)i + 1));
    }
    return OK;
}

static enum result tell_week(struct inspected *inspected, int week)
{
    struct story *story = inspected->story;
    story_at(story, RESIDENT, 7 * (week - WEEKS), 7);
    TRY(inspections_sweep(story->cx));
    for (size_t area = 0; area < inspected->area_count; area++) {
        const struct found *found = found_at(week, area);
        struct inspection inspection;
        if (week == MISSED_WEEK && area == MISSED_AREA)
            continue;
        TRY(tell_inspection(inspected, week, area, &inspection));
        if (week < WEEKS - 1)
            TRY(tell_signature(story, week, &inspection, found));
        if (found)
            TRY(tell_finding(story, &inspection, found));
    }
    return OK;
}

/* ---- the providers' own records ---- */

static enum result tell_treatment(struct story *story, const struct contract *contract, size_t i)
{
    struct ctx *cx = story->cx;
    struct pest_treatment treatment = {0};
    const struct field_reading reading = {.arena = cx->mem};
    fields_blank(PEST_TREATMENTS.fields, &treatment);
    treatment.contract_id = contract->id;
    treatment.planned_on = story_day(story, TREATMENTS_OF[i].planned_days);
    treatment.places = TREATMENTS_OF[i].places;
    treatment.agent = TREATMENTS_OF[i].agent;
    treatment.registration = TREATMENTS_OF[i].registration;
    treatment.concentration = TREATMENTS_OF[i].concentration;
    treatment.method = "定点投放与滞留喷洒";
    treatment.first_aid = "误食立即催吐并送医，携带药剂标签；皮肤接触用清水冲洗。";
    (void)field_read(field_find(PEST_TREATMENTS.fields, "targets", strlen("targets")),
                     TREATMENTS_OF[i].targets, &reading, &treatment);
    story_at(story, GREEN_LEAD, TREATMENTS_OF[i].planned_days - NOTICE_DAYS - 1, 9);
    TRY(record_add(cx, &PEST_TREATMENTS, &treatment));
    if (TREATMENTS_OF[i].done_days > 0)
        return OK;
    struct pest_treatment report = treatment;
    report.treated_on = story_day(story, TREATMENTS_OF[i].done_days);
    report.amount = TREATMENTS_OF[i].amount;
    report.workers = "王建平、李宇航";
    report.follower = "何书琴";
    report.remains = TREATMENTS_OF[i].remains;
    story_at(story, GREEN_LEAD, TREATMENTS_OF[i].done_days, 17);
    TRY(record_get(cx, &PEST_TREATMENTS, treatment.id, &treatment));
    TRY(treatment_report(cx, &treatment, &report));
    if (!TREATMENTS_OF[i].confirmed)
        return OK;
    story_at(story, EXECUTOR, TREATMENTS_OF[i].done_days + 1, 10);
    TRY(record_get(cx, &PEST_TREATMENTS, treatment.id, &treatment));
    return treatment_judge(cx, &treatment, true, "");
}

static enum result tell_work(struct story *story, const struct contract *contract, size_t i)
{
    struct ctx *cx = story->cx;
    struct maintenance_work work = {0};
    fields_blank(MAINTENANCE_WORKS.fields, &work);
    story_at(story, LIFT_LEAD, WORKS_OF[i].days, 15);
    work.contract_id = contract->id;
    work.equipment = WORKS_OF[i].equipment;
    work.kind = WORKS_OF[i].kind;
    work.planned_on = story_day(story, WORKS_OF[i].days);
    work.arrived_at.ms = cx->now.ms - 95 * MINUTE_MS;
    work.finished_at.ms = cx->now.ms - 20 * MINUTE_MS;
    work.results = WORKS_OF[i].results;
    work.parts = WORKS_OF[i].parts;
    work.worker = "邓工";
    work.licence = "T-330106-2023-0418";
    TRY(record_add(cx, &MAINTENANCE_WORKS, &work));
    if (!WORKS_OF[i].confirmed)
        return OK;
    story_at(story, PM, WORKS_OF[i].days + 1, 9);
    TRY(record_get(cx, &MAINTENANCE_WORKS, work.id, &work));
    return maintenance_judge(cx, &work, true, "");
}

static enum result tell_works(struct story *story)
{
    struct contract pests = {0}, lifts = {0};
    TRY(story_contract(story, 6, &pests));
    TRY(story_contract(story, 7, &lifts));
    for (size_t i = 0; i < sizeof TREATMENTS_OF / sizeof TREATMENTS_OF[0]; i++)
        TRY(tell_treatment(story, &pests, i));
    for (size_t i = 0; i < sizeof WORKS_OF / sizeof WORKS_OF[0]; i++)
        TRY(tell_work(story, &lifts, i));
    return OK;
}

enum result demo_inspections(struct story *story)
{
    struct inspected inspected = {.story = story};
    TRY(tell_plans(story));
    TRY(story_contract(story, 0, &inspected.contract));
    story_at(story, RESIDENT, 0, 7);
    TRY(areas_of_contract(story->cx, &inspected.contract, &inspected.areas, &inspected.area_count));
    for (size_t area = 0; area < inspected.area_count; area++)
        TRY(record_add(story->cx, &AREA_POSITIONS,
                       &(struct area_position){.area_id = inspected.areas[area].id,
                                               .latitude = 30274085 + 400 * (int)area,
                                               .longitude = 120155070}));
    for (int week = 0; week < WEEKS; week++)
        TRY(tell_week(&inspected, week));
    TRY(tell_works(story));
    story->cx->now = story->today;
    story_at(story, PM, 0, 8);
    TRY(inspections_sweep(story->cx));
    story->cx->now = story->today;
    return OK;
}
