/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/inspections/test_inspections.h"

#include "app/documents/documents.h"
#include "app/inspections/provider_work.h"
#include "app/inspections/rectification.h"
#include "app/inspections/trust.h"
#include "base/doc.h"

static int64_t stored(struct world *world, const struct resource *resource, void *record)
{
    fields_blank(resource->fields, record);
    if (add(world, resource, record) != OK)
        fail_msg("%s: %s", resource->name, world->test.cx.fault.code);
    return ((struct record *)record)->id;
}

static void provide(struct world *world, const char *service)
{
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE contracts SET state = 'active', service = '%s'", service));
}

static void work_of_each(struct world *world, int64_t contract)
{
    const struct date today = instant_date(world->test.cx.now, SHANGHAI_OFFSET_MIN);
    provide(world, "pest_control");
    struct pest_treatment treatment = {.contract_id = contract,
                                       .planned_on = date_add(today, NOTICE_DAYS),
                                       .places = "Cellar",
                                       .targets = {1},
                                       .agent = "Bait",
                                       .registration = "WP20130123",
                                       .concentration = "1%",
                                       .method = "Boxes",
                                       .first_aid = "A doctor"};
    stored(world, &PEST_TREATMENTS, &treatment);
    provide(world, "engineering");
    struct maintenance_work work = {.contract_id = contract,
                                    .equipment = "Lift 3",
                                    .kind = MAINTENANCE_QUARTER,
                                    .arrived_at = {world->test.cx.now.ms - 7200000},
                                    .finished_at = {world->test.cx.now.ms - 3600000},
                                    .results = "Oiled",
                                    .worker = "Deng",
                                    .licence = "TS6"};
    stored(world, &MAINTENANCE_WORKS, &work);
}

/* One item, which failed. */
static struct inspection an_inspection(struct world *world, int64_t contract, int64_t area,
                                       int64_t standard)
{
    const struct inspection_item item = {.item_id = 1,
                                         .text = "Dry",
                                         .category = CATEGORY_RESULT,
                                         .part = "",
                                         .term = "",
                                         .method = BY_SIGHT,
                                         .frequency = FREQUENCY_DAILY,
                                         .points = {10000},
                                         .result = RESULT_FAIL,
                                         .deducted = {10000},
                                         .note = "Wet"};
    return (struct inspection){
        .contract_id = contract,
        .provider_id = world->provider,
        .client_id = world->client,
        .unit_id = world->project,
        .area_id = area,
        .standard_id = standard,
        .level = LEVEL_OWNER,
        .uid = "uid",
        .inspector_id = a_person(world, world->client, world->project),
        .items = json_rows_text(world->test.cx.mem, INSPECTION_ITEM_FIELDS, &item, 1, sizeof item),
        .finished_at = world->test.cx.now,
        .appeal_by = {world->test.cx.now.ms + 86400000},
        .state = INSPECTION_FINISHED,
    };
}

int64_t a_notice(struct world *world, int64_t contract, struct month month,
                 struct rectification notice)
{
    const struct actor *before = world->test.cx.actor;
    act(world, &ACTOR_SYSTEM);
    tamper(world, "UPDATE contracts SET service = 'cleaning'");
    struct standard standard = {.unit_id = world->project,
                                .service = SERVICE_CLEANING,
                                .name = "Standard",
                                .from = date_of(2026, 3, 1)};
    struct area area = {.contract_id = contract,
                        .name = arena_printf(world->test.arena, "Hall %d", ++world->made),
                        .size_m2 = 1,
                        .from = date_of(2026, 3, 1)};
    stored(world, &STANDARDS, &standard);
    tamper(world, "UPDATE standards SET state = 'in_force'"); /* another one may be drafted */
    stored(world, &AREAS, &area);
    struct inspection inspection = an_inspection(world, contract, area.id, standard.id);
    inspection.uid = area.name;
    stored(world, &INSPECTIONS, &inspection);
    notice.inspection_id = inspection.id;
    notice.place = 1;
    notice.item_id = 1;
    notice.item_text = "Dry";
    notice.contract_id = contract;
    notice.provider_id = world->provider;
    notice.client_id = world->client;
    notice.unit_id = world->project;
    notice.area_id = area.id;
    notice.inspector_id = inspection.inspector_id;
    notice.month = month;
    notice.round = notice.round ? notice.round : 1;
    notice.appeal_by = notice.appeal_by.ms ? notice.appeal_by : (struct instant){1};
    notice.state = notice.state ? notice.state : RECTIFICATION_ISSUED;
    stored(world, &RECTIFICATIONS, &notice);
    act(world, before);
    return notice.id;
}

static void what_follows(struct world *world, const struct inspection *inspection)
{
    struct document document = {.name = "photo.jpg",
                                .media_type = "image/jpeg",
                                .size = 1,
                                .sha256 = "",
                                .subject = INSPECTIONS.name,
                                .subject_id = inspection->id,
                                .retention = RETENTION_LONG,
                                .state = DOCUMENT_KEPT};
    stored(world, &INSPECTION_PHOTOS,
           &(struct inspection_photo){.inspection_id = inspection->id,
                                      .contract_id = inspection->contract_id,
                                      .document_id = stored(world, &DOCUMENTS, &document),
                                      .place = 1});
    stored(world, &INSPECTION_MARKS,
           &(struct inspection_mark){.inspection_id = inspection->id,
                                     .contract_id = inspection->contract_id,
                                     .client_id = world->client,
                                     .unit_id = world->project,
                                     .inspector_id = inspection->inspector_id,
                                     .kind = MARK_TOO_FAST,
                                     .state = MARK_OPEN});
    stored(world, &RECTIFICATIONS,
           &(struct rectification){.inspection_id = inspection->id,
                                   .place = 1,
                                   .item_id = 1,
                                   .item_text = "Dry",
                                   .contract_id = inspection->contract_id,
                                   .provider_id = world->provider,
                                   .client_id = world->client,
                                   .unit_id = world->project,
                                   .area_id = inspection->area_id,
                                   .inspector_id = inspection->inspector_id,
                                   .round = 1,
                                   .state = RECTIFICATION_CLOSED});
    stored(world, &INSPECTION_APPEALS,
           &(struct inspection_appeal){.inspection_id = inspection->id,
                                       .place = 1,
                                       .words = "It rained",
                                       .appellant_id = inspection->inspector_id});
}

void inspections_of_each(struct world *world, int64_t contract, int64_t area, int64_t standard,
                         const char *service)
{
    provide(world, "cleaning");
    struct inspection_plan plan = {
        .contract_id = contract, .level = LEVEL_OWNER, .frequency = EVERY_DAY};
    stored(world, &INSPECTION_PLANS, &plan);
    stored(world, &INSPECTION_TASKS,
           &(struct inspection_task){.plan_id = plan.id,
                                     .contract_id = contract,
                                     .client_id = world->client,
                                     .unit_id = world->project,
                                     .area_id = area,
                                     .level = LEVEL_OWNER,
                                     .frequency = EVERY_DAY,
                                     .state = TASK_DROPPED});
    struct inspection inspection = an_inspection(world, contract, area, standard);
    const struct actor *provider = outsider_of(world, world->provider, R(PROVIDER));
    stored(world, &INSPECTIONS, &inspection);
    stored(world, &AREA_POSITIONS, &(struct area_position){.area_id = area});
    act(world, provider);
    what_follows(world, &inspection);
    work_of_each(world, contract);
    act(world, &ACTOR_SYSTEM);
    tamper(world, "UPDATE inspections SET state = 'void'");
    tamper(world, "UPDATE inspection_appeals SET state = 'rejected'");
    tamper(world, "UPDATE pest_treatments SET state = 'cancelled'");
    tamper(world, "UPDATE maintenance_works SET state = 'confirmed'");
    provide(world, service);
}
