/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's standards and areas: the rules of one division, filed, and of the other, still a
 * draft; a standard for each service of two projects; a revision that leaves a term unchecked;
 * areas with their persons, published twice, and a contract that nobody divided. */
#include "app/areas/area.h"
#include "app/signatures/signature.h"
#include "app/standards/standard.h"
#include "main/demo_story.h"

#include <string.h>

/* clang-format off */
static const struct {
    int unit, writer, receiver; /* -1: not filed */
    const char *name;
    int days; /* before today */
} RULES_OF[] = {
    {EAST,  DIVISION, OPS_LEAD, "华东事业部外包服务监管实施细则", -400},
    {SOUTH, DIVISION, -1,       "华南事业部外包服务监管实施细则", -15},
};

/* By which item a term is checked, when nothing else is known of it. */
static const enum category CHECKED_BY[] = {
    [TERM_SCOPE] = CATEGORY_RESULT, [TERM_FREQUENCY] = CATEGORY_PROCESS, [TERM_STANDARD] = CATEGORY_RESULT,
    [TERM_STAFFING] = CATEGORY_PERSONNEL, [TERM_SAFETY] = CATEGORY_SAFETY,
};

static const struct {
    int unit, author, approver;
    enum service service;
    const char *name;
    int days;
} STANDARDS_OF[] = {
    {GARDEN, EXECUTOR, PM,       SERVICE_CLEANING,     "滨河花园保洁检查标准",       -190},
    {GARDEN, EXECUTOR, PM,       SERVICE_GREENING,     "滨河花园绿化检查标准",       -190},
    {GARDEN, EXECUTOR, PM,       SERVICE_PEST_CONTROL, "滨河花园消杀检查标准",       -190},
    {GARDEN, EXECUTOR, DIVISION, SERVICE_ENGINEERING,  "滨河花园电梯维保检查标准",   -190},
    {CENTRE, RESIDENT, DIVISION, SERVICE_CLEANING,     "澄江中心保洁检查标准",       -190},
    {CENTRE, RESIDENT, DIVISION, SERVICE_GREENING,     "澄江中心绿化检查标准",       -190},
    {CENTRE, RESIDENT, DIVISION, SERVICE_ENGINEERING,  "澄江中心消防维保检查标准",   -190},
};
#define REVISED 0 /* which of them is being revised */

static const struct {
    int contract; /* row of the ledger */
    const char *name, *place;
    int size_m2, days;
    int persons[2]; /* -1: none */
} AREAS_OF[] = {
    {1, "1 至 3 号楼",     "大堂、电梯厅、楼道与信报箱",   12600, -180, {EXECUTOR, -1}},
    {1, "4 至 6 号楼",     "大堂、电梯厅、楼道与信报箱",   11800, -180, {EXECUTOR, -1}},
    {1, "地下车库与设备层", "车道、车位、垃圾房、设备间",   18400, -180, {EXECUTOR, PM}},
    {3, "中心绿地",         "草坪、花境与行道树",           15200, -180, {EXECUTOR, -1}},
    {3, "沿河绿带",         "乔灌木与护坡地被",             8600,  -180, {PM, -1}},
    {6, "全园区",           "地下室、垃圾房、设备间与外围", 42000, -180, {EXECUTOR, PM}},
    {7, "1 至 6 号楼电梯",  "电梯 12 台及机房",             640,   -180, {PM, -1}},
    {0, "A 座与裙楼",       "大堂、电梯厅、卫生间与商业街", 14200, -180, {RESIDENT, -1}},
    {0, "B 座",             "大堂、电梯厅、卫生间",         11900, -180, {CHEN, -1}},
    {4, "屋顶花园与广场",   "绿篱、草坪与树池",             6800,  -118, {RESIDENT, -1}},
};
/* clang-format on */

/* ---- rules ---- */

static enum result tell_rules(struct story *story, size_t entry)
{
    struct ctx *cx = story->cx;
    struct division_rule rules = {
        .unit_id = story->units[RULES_OF[entry].unit],
        .name = RULES_OF[entry].name,
        .from = story_day(story, RULES_OF[entry].days),
        .contracting = "项目经理负责合同台帐，签订后三个工作日内录入；履行前完成交底，"
                       "变更须再交底。到期前六十日提出续签评估。",
        .standards = "各项目按服务种类制订检查标准，逐条对应合同条款；由未参与编写的人批准。"
                     "片区责任人日检，主管周检，项目经理月检，事业部每月抽查。",
        .evaluation = "月度百分制：优 90 分以上，良 80 分以上，合格 70 分以上，不合格 70 分以下。"
                      "被服务方评价与第三方满意度按权重并入季度评价。",
        .assessment = RULES_OF[entry].receiver < 0
                          ? ""
                          : "漏检、假记录、责任人未公示、台帐缺失的，扣减项目经理当月绩效；"
                            "整改按期关闭率纳入项目考核。",
        .m2_cleaning = 15000,
        .m2_greening = 20000,
        .m2_pest_control = 30000,
    };
    fields_blank(DIVISION_RULES.fields, &rules);
    story_at(story, RULES_OF[entry].writer, RULES_OF[entry].days, 10);
    TRY(record_add(cx, &DIVISION_RULES, &rules));
    if (RULES_OF[entry].receiver < 0)
        return OK;
    TRY(record_get(cx, &DIVISION_RULES, rules.id, &rules));
    TRY(division_rule_file(cx, &rules, record_digest(cx->mem, &DIVISION_RULES, &rules)));
    story_at(story, RULES_OF[entry].receiver, RULES_OF[entry].days + 2, 11);
    TRY(record_get(cx, &DIVISION_RULES, rules.id, &rules));
    return division_rule_receive(cx, &rules);
}

/* ---- standards ---- */

static enum result link_term(struct ctx *cx, const struct covered_term *term,
                             struct standard_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (items[i].category != CHECKED_BY[term->topic] || items[i].term_id)
            continue;
        struct standard_item after = items[i];
        after.term_id = term->term_id;
        TRY(record_change(cx, &STANDARD_ITEMS, "change", &items[i], &after));
        items[i] = after;
        return OK;
    }
    return OK;
}

static enum result link_terms(struct ctx *cx, const struct standard *standard)
{
    struct covered_term *terms;
    struct standard_item *items;
    size_t count, item_count;
    TRY(standard_terms(cx, standard, &terms, &count));
    TRY(standard_items(cx, standard->id, &items, &item_count));
    for (size_t i = 0; i < count; i++)
        TRY(link_term(cx, &terms[i], items, item_count));
    return OK;
}

static enum result tell_standard(struct story *story, size_t entry, int64_t *out_id)
{
    struct ctx *cx = story->cx;
    const int days = STANDARDS_OF[entry].days;
    struct standard standard = {.unit_id = story->units[STANDARDS_OF[entry].unit],
                                .service = STANDARDS_OF[entry].service,
                                .name = STANDARDS_OF[entry].name,
                                .from = story_day(story, days + 5)};
    const char *digest;
    fields_blank(STANDARDS.fields, &standard);
    story_at(story, STANDARDS_OF[entry].author, days, 10);
    TRY(record_add(cx, &STANDARDS, &standard));
    TRY(standard_fill(cx, &standard));
    TRY(link_terms(cx, &standard));
    story_at(story, STANDARDS_OF[entry].approver, days + 3, 15);
    TRY(record_get(cx, &STANDARDS, standard.id, &standard));
    TRY(standard_digest(cx, &standard, &digest));
    TRY(standard_approve(cx, &standard, digest));
    *out_id = standard.id;
    return OK;
}

/* A revision after the provider was short of people: what checked the staffing is taken out, and
 * nothing else checks that term yet. */
static enum result tell_revision(struct story *story, int64_t id)
{
    struct ctx *cx = story->cx;
    struct standard standard, dated;
    struct standard_item *items;
    size_t count;
    story_at(story, STANDARDS_OF[REVISED].author, -3, 16);
    TRY(record_get(cx, &STANDARDS, id, &standard));
    TRY(standard_revise(cx, &standard, &id));
    TRY(record_get(cx, &STANDARDS, id, &standard));
    dated = standard;
    dated.from = story_day(story, 10);
    TRY(record_change(cx, &STANDARDS, "change", &standard, &dated));
    TRY(standard_items(cx, id, &items, &count));
    for (size_t i = 0; i < count; i++)
        if (items[i].category == CATEGORY_PERSONNEL && items[i].term_id)
            return standard_item_remove(cx, &items[i]);
    return OK;
}

/* ---- areas ---- */

static enum result contract_of(struct ctx *cx, int entry, int64_t *out)
{
    struct list_query query = {.limit = 1};
    struct list list;
    query.search = story_contract_name(entry);
    TRY(record_list(cx, &CONTRACTS, &query, &list));
    *out = list.count ? ((const struct contract *)list.rows)->id : 0;
    return OK;
}

static enum result name_person(struct ctx *cx, int64_t area_id, int64_t person_id, struct date from,
                               int64_t *out_id)
{
    struct area_person person = {.area_id = area_id, .person_id = person_id, .from = from};
    fields_blank(AREA_PERSONS.fields, &person);
    TRY(record_add(cx, &AREA_PERSONS, &person));
    *out_id = person.id;
    return OK;
}

static enum result tell_area(struct story *story, size_t entry, int64_t *out_person)
{
    struct ctx *cx = story->cx;
    struct area area = {.name = AREAS_OF[entry].name,
                        .place = AREAS_OF[entry].place,
                        .size_m2 = AREAS_OF[entry].size_m2,
                        .from = story_day(story, AREAS_OF[entry].days)};
    fields_blank(AREAS.fields, &area);
    TRY(contract_of(cx, AREAS_OF[entry].contract, &area.contract_id));
    TRY(record_add(cx, &AREAS, &area));
    for (int i = 0; i < 2; i++)
        if (AREAS_OF[entry].persons[i] >= 0)
            TRY(name_person(cx, area.id, story->people[AREAS_OF[entry].persons[i]], area.from,
                            out_person));
    return OK;
}

/* Published and received; then one area is handed over, and it is published anew. */
static enum result tell_publication(struct story *story, int64_t handed_over)
{
    static const char CHANNEL[] = "滨河花园物业服务台 0571-8600 1234";
    struct ctx *cx = story->cx;
    struct area_publication publication;
    struct area_person person, after;
    int64_t id, person_id;
    story_at(story, PM, -178, 9);
    TRY(areas_publish(cx, story->units[GARDEN], CHANNEL, &id));
    story_at(story, DIVISION, -176, 14);
    TRY(record_get(cx, &AREA_PUBLICATIONS, id, &publication));
    TRY(publication_receive(cx, &publication));
    story_at(story, PM, -2, 10);
    TRY(record_get(cx, &AREA_PERSONS, handed_over, &person));
    after = person;
    after.to = story_day(story, -3);
    TRY(record_change(cx, &AREA_PERSONS, "change", &person, &after));
    TRY(name_person(cx, person.area_id, story->people[EXECUTOR], story_day(story, -2), &person_id));
    return areas_publish(cx, story->units[GARDEN], CHANNEL, &id);
}

enum result demo_standards(struct story *story)
{
    int64_t first = 0, id, handed_over = 0;
    for (size_t i = 0; i < sizeof RULES_OF / sizeof RULES_OF[0]; i++)
        TRY(tell_rules(story, i));
    for (size_t i = 0; i < sizeof STANDARDS_OF / sizeof STANDARDS_OF[0]; i++) {
        TRY(tell_standard(story, i, &id));
        first = i == REVISED ? id : first;
    }
    TRY(tell_revision(story, first));
    for (size_t i = 0; i < sizeof AREAS_OF / sizeof AREAS_OF[0]; i++) {
        story_at(story, PM, AREAS_OF[i].days, 9);
        TRY(tell_area(story, i, &id));
        if (strcmp(AREAS_OF[i].name, "沿河绿带") == 0)
            handed_over = id;
    }
    TRY(tell_publication(story, handed_over));
    story->cx->now = story->today;
    return OK;
}
