/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/site/site.h"

#include "app/site/conduct.h"
#include "app/site/leak.h"
#include "app/site/patrol.h"

const struct duty_rule SITE_DUTIES[] = {
    [DUTY_STATE_VIEW] =
        {"state_view", "C2.3", &VIOLATIONS, judge_statement, {DUE_WORKING_DAYS, .count = 3}, NULL},
    [DUTY_DECIDE_VIOLATION] = {"decide_violation",
                               "C2.3",
                               &VIOLATIONS,
                               judge_violation,
                               {DUE_WORKING_DAYS, .count = 3},
                               NULL},
    [DUTY_ACKNOWLEDGE] = {"acknowledge_finding",
                          "C3.1",
                          &PATROL_FINDINGS,
                          judge_acknowledgement,
                          {DUE_WORKING_DAYS, .count = 2},
                          NULL},
    [DUTY_INVESTIGATE] = {"investigate_leak",
                          "C3.3",
                          &LEAKS,
                          judge_investigation,
                          {DUE_WORKING_DAYS, .count = 5},
                          NULL},
    [DUTY_CLOSE] =
        {"close_leak", "C3.3", &LEAKS, judge_closing, {DUE_WORKING_DAYS, .count = 10}, NULL},
    DUTY_RULES_END,
};

#define R_LEADERS (R(PROVIDER) | R(DUTY) | R(SUPERVISOR))
#define R_BOTH_SIDES (R_CLIENT_SIDE | R_PROVIDER_SIDE)

const struct right SITE_RIGHTS[] = {
    {"conduct_rules.read", R_BOTH_SIDES | R(AGENT), "C2.3"},
    {"conduct_rules.write", R(PROVIDER), "C2.3"},
    {"violations.read", R_PROVIDER_SIDE | R(AGENT), "C2.3"},
    {"violations.write", R(DUTY) | R(SUPERVISOR), "C2.3"},
    {"violations.state", R_PROVIDER_SIDE | R(AGENT), "C2.3"},
    {"violations.decide", R_LEADERS, "C2.3"},
    {"site_rules.read", R_BOTH_SIDES | R(AGENT), "C3.1"},
    {"site_rules.write", R(PROVIDER), "C3.1"},
    {"patrols.read", R_BOTH_SIDES, "C3.1"},
    {"patrols.write", R_LEADERS, "C3.1"},
    {"patrol_findings.read", R_BOTH_SIDES | R(AGENT), "C3.1"},
    {"patrol_findings.write", R_LEADERS, "C3.1"},
    {"patrol_findings.acknowledge",
     R(CLIENT) | R(PM) | R(DIVISION) | R(OPS) | R(EXECUTOR) | R_PROVIDER_SIDE | R(AGENT), "C3.1"},
    {"undertakings.read", R_BOTH_SIDES, "C3.3"},
    {"undertakings.write", R(PROVIDER), "C3.3"},
    {"leaks.read", R_BOTH_SIDES, "C3.3"},
    {"leaks.write", R(OPS) | R(DIVISION) | R(PM) | R(CLIENT) | R_LEADERS, "C3.3"},
    {"leaks.investigate", R(PROVIDER) | R(DUTY), "C3.3"},
    {"leaks.close", R(OPS) | R(DIVISION) | R(CLIENT) | R(PROVIDER), "C3.3"},
    RIGHTS_END,
};
