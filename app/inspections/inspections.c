/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is owed about inspections, and who may what. */
#include "app/inspections/inspection.h"
#include "app/inspections/provider_work.h"
#include "app/inspections/rectification.h"
#include "app/inspections/trust.h"

const struct duty_rule INSPECTION_DUTIES[] = {
    [DUTY_INSPECT] =
        {"inspect_area", "V3.5", &INSPECTION_TASKS, judge_task, {DUE_DAYS, .count = 0}, NULL},
    [DUTY_COUNTERSIGN] = {"countersign_inspection",
                          "V5.1.3",
                          &INSPECTIONS,
                          judge_countersigning,
                          {DUE_WORKING_DAYS, .count = 2},
                          NULL},
    [DUTY_RECTIFY] =
        {"rectify", "X1", &RECTIFICATIONS, judge_rectifying, {DUE_WORKING_DAYS, .count = 3}, NULL},
    [DUTY_REINSPECT] = {"reinspect",
                        "X1",
                        &RECTIFICATIONS,
                        judge_reinspecting,
                        {DUE_WORKING_DAYS, .count = 2},
                        NULL},
    [DUTY_DECIDE_FINDING] = {"decide_finding_appeal",
                             "X4",
                             &INSPECTION_APPEALS,
                             judge_finding_appeal,
                             {DUE_WORKING_DAYS, .count = 3},
                             NULL},
    [DUTY_CONFIRM_TREATMENT] = {"confirm_treatment",
                                "V4",
                                &PEST_TREATMENTS,
                                judge_treatment,
                                {DUE_WORKING_DAYS, .count = 2},
                                NULL},
    [DUTY_CONFIRM_MAINTENANCE] = {"confirm_maintenance",
                                  "V4",
                                  &MAINTENANCE_WORKS,
                                  judge_maintenance,
                                  {DUE_WORKING_DAYS, .count = 2},
                                  NULL},
    DUTY_RULES_END,
};

#define R_INSPECTORS (R_SUPERVISION | R(RESIDENT) | R(CLIENT))
#define R_LEADERS (R(OPS) | R(DIVISION) | R(PM))
#define R_BOTH_SIDES (R_CLIENT_SIDE | R(PROVIDER) | R(DUTY) | R(SUPERVISOR))

const struct right INSPECTION_RIGHTS[] = {
    {"inspection_plans.read", R_CLIENT_SIDE, "V3.5"},
    {"inspection_plans.write", R_LEADERS, "V3.5"},
    {"inspection_tasks.read", R_CLIENT_SIDE, "V3.5"},
    {"inspections.read", R_BOTH_SIDES, "V3.5"},
    {"inspections.write", R_INSPECTORS, "V3.5"},
    {"inspections.void", R_LEADERS, "V3.5"},
    {"inspections.countersign", R(PROVIDER) | R(DUTY) | R(SUPERVISOR), "V5.1.3"},
    {"inspection_photos.read", R_BOTH_SIDES, "V3.5"},
    {"inspection_marks.read", R_CLIENT_SIDE, "V6.1.1"},
    {"inspection_marks.judge", R_LEADERS, "V6.1.1"},
    {"area_positions.read", R_CLIENT_SIDE, "V3.5"},
    {"area_positions.write", R_LEADERS | R(EXECUTOR), "V3.5"},
    {"rectifications.read", R_BOTH_SIDES, "X1"},
    {"rectifications.write", R_INSPECTORS | R(PROVIDER) | R(DUTY) | R(SUPERVISOR), "X1"},
    {"rectifications.judge", R_INSPECTORS, "X1"},
    {"inspection_appeals.read", R_BOTH_SIDES, "X4"},
    {"inspection_appeals.write", R(PROVIDER), "X4"},
    {"inspection_appeals.decide", R_LEADERS, "X4"},
    {"pest_treatments.read", R_BOTH_SIDES, "V4"},
    {"pest_treatments.write", R(PROVIDER) | R(DUTY) | R(SUPERVISOR), "V4"},
    {"pest_treatments.judge", R_INSPECTORS, "V4"},
    {"maintenance_works.read", R_BOTH_SIDES, "V4"},
    {"maintenance_works.write", R(PROVIDER) | R(DUTY) | R(SUPERVISOR), "V4"},
    {"maintenance_works.judge", R_INSPECTORS, "V4"},
    RIGHTS_END,
};
