/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/slices.h"

#include "app/acceptances/acceptance_web.h"
#include "app/access/access_web.h"
#include "app/access/account.h"
#include "app/access/session.h"
#include "app/access/token.h"
#include "app/adapters/adapter.h"
#include "app/adapters/adapter_web.h"
#include "app/agents/agent_web.h"
#include "app/agents/handover.h"
#include "app/agents/provision.h"
#include "app/appraisal/month_web.h"
#include "app/appraisal/penalty.h"
#include "app/appraisal/reward.h"
#include "app/areas/area.h"
#include "app/areas/area_web.h"
#include "app/attendance/asked.h"
#include "app/attendance/attendance_web.h"
#include "app/calls/call.h"
#include "app/calls/call_day.h"
#include "app/calls/call_exception.h"
#include "app/calls/call_measures.h"
#include "app/calls/call_months.h"
#include "app/calls/call_web.h"
#include "app/calls/quarantine.h"
#include "app/contracts/contract.h"
#include "app/contracts/contract_web.h"
#include "app/dashboard/dashboard.h"
#include "app/dashboard/dashboard_web.h"
#include "app/desk/desk.h"
#include "app/desk/desk_web.h"
#include "app/documents/documents.h"
#include "app/documents/documents_web.h"
#include "app/duties/calendar_day.h"
#include "app/duties/duty.h"
#include "app/duties/duty_web.h"
#include "app/evaluation/audit.h"
#include "app/evaluation/consequence.h"
#include "app/evaluation/evaluation_web.h"
#include "app/gate/call_rule.h"
#include "app/gate/gate.h"
#include "app/gate/gate_web.h"
#include "app/home/home_web.h"
#include "app/imports/imports.h"
#include "app/imports/imports_web.h"
#include "app/inspections/inspections_web.h"
#include "app/inspections/provider_work.h"
#include "app/inspections/rectification.h"
#include "app/inspections/trust.h"
#include "app/letters/letter.h"
#include "app/letters/letter_web.h"
#include "app/notices/delivery.h"
#include "app/notices/group_robot.h"
#include "app/notices/notice.h"
#include "app/notices/notice_web.h"
#include "app/parties/parties.h"
#include "app/parties/parties_web.h"
#include "app/pay/pay.h"
#include "app/pay/pay_web.h"
#include "app/records/export_log.h"
#include "app/records/filter_words.h"
#include "app/records/openapi_web.h"
#include "app/records/trail.h"
#include "app/records/trail_web.h"
#include "app/regulation/own_clause.h"
#include "app/regulation/regulation.h"
#include "app/regulation/regulation_web.h"
#include "app/retention/retention.h"
#include "app/retention/retention_web.h"
#include "app/reviews/arrival.h"
#include "app/reviews/calibration.h"
#include "app/reviews/recording.h"
#include "app/reviews/review.h"
#include "app/reviews/review_measures.h"
#include "app/reviews/review_web.h"
#include "app/scores/scheme.h"
#include "app/scores/scheme_web.h"
#include "app/scores/team.h"
#include "app/settlement/settlement.h"
#include "app/settlement/settlement_web.h"
#include "app/signatures/signature.h"
#include "app/site/leak.h"
#include "app/site/patrol.h"
#include "app/site/site_web.h"
#include "app/site/undertaking.h"
#include "app/staffing/business_change.h"
#include "app/staffing/head_count.h"
#include "app/staffing/manager_addition.h"
#include "app/staffing/requirement.h"
#include "app/staffing/roster_watch.h"
#include "app/staffing/staffing_web.h"
#include "app/staffing/subcontracting.h"
#include "app/staffing/training.h"
#include "app/standards/standard.h"
#include "app/standards/standard_web.h"
#include "app/supervision/supervision_report.h"
#include "app/supervision/supervision_web.h"
#include "app/surveys/survey_web.h"
#include "main/generated.h"

/* A line each, in the order of the slices. */
/* clang-format off */
const struct route *const SLICE_ROUTES[] = {
    HOME_ROUTES,
    SESSION_ROUTES,
    ACCOUNT_ROUTES,
    OWN_ROUTES,
    TRAIL_ROUTES,
    PARTIES_ROUTES,
    DOCUMENTS_ROUTES,
    NOTICE_ROUTES,
    ROBOT_ROUTES,
    DUTY_ROUTES,
    CONTRACT_ROUTES,
    LETTER_ROUTES,
    SCHEME_ROUTES,
    TRAINING_ROUTES,
    SUBCONTRACTING_ROUTES,
    REQUIREMENT_ROUTES,
    HEAD_COUNT_ROUTES,
    ROSTER_ROUTES,
    BUSINESS_CHANGE_ROUTES,
    AGENT_ROUTES,
    HANDOVER_ROUTES,
    PROVISION_ROUTES,
    COMPARE_ROUTES,
    SHIFT_ROUTES,
    ASKED_ROUTES,
    ATTENDANCE_ROUTES,
    CONDUCT_ROUTES,
    PATROL_ROUTES,
    UNDERTAKING_ROUTES,
    LEAK_ROUTES,
    RETENTION_ROUTES,
    GATE_ROUTES,
    CALL_RULE_ROUTES,
    CALL_ROUTES,
    FINDING_ROUTES,
    ADAPTER_ROUTES,
    QUARANTINE_ROUTES,
    RECORDING_ROUTES,
    REVIEW_FORM_ROUTES,
    REVIEW_ROUTES,
    CALIBRATION_ROUTES,
    PAY_ROUTES,
    PAY_TRIAL_ROUTES,
    MONTH_ROUTES,
    MONTH_COMPARE_ROUTES,
    SHEET_ROUTES,
    REWARD_ROUTES,
    DESK_ROUTES,
    ISSUE_LINK_ROUTES,
    INSPECTION_PLAN_ROUTES,
    PHONE_ROUTES,
    INSPECTION_ROUTES,
    RECTIFICATION_ROUTES,
    PROVIDER_WORK_ROUTES,
    REPORT_ROUTES,
    DIVISION_RULE_ROUTES,
    STANDARD_ROUTES,
    STANDARD_ITEM_ROUTES,
    AREA_ROUTES,
    AREA_PUBLICATION_ROUTES,
    EVALUATION_ROUTES,
    CONSEQUENCE_ROUTES,
    AUDIT_ROUTES,
    RANKING_ROUTES,
    ACCEPTANCE_ROUTES,
    DEFECT_ROUTES,
    SURVEY_ROUTES,
    SURVEY_MEMBER_ROUTES,
    SURVEY_DOOR_ROUTES,
    DEDUCTION_ROUTES,
    SETTLEMENT_ROUTES,
    DASHBOARD_ROUTES,
    SUPERVISION_ROUTES,
    IMPORTS_ROUTES,
    OPENAPI_ROUTES,
    REGULATION_ROUTES,
    NULL,
};

static const struct right *const RIGHTS[] = {
    RECORD_RIGHTS,
    ACCESS_RIGHTS,
    PARTIES_RIGHTS,
    DOCUMENTS_RIGHTS,
    NOTICE_RIGHTS,
    DUTY_RIGHTS,
    CALENDAR_RIGHTS,
    CONTRACT_RIGHTS,
    REGULATION_RIGHTS,
    LETTER_RIGHTS,
    SCORE_RIGHTS,
    STAFFING_RIGHTS,
    SUBCONTRACTING_RIGHTS,
    REQUIREMENT_RIGHTS,
    HEAD_COUNT_RIGHTS,
    ROSTER_RIGHTS,
    BUSINESS_CHANGE_RIGHTS,
    AGENT_RIGHTS,
    HANDOVER_RIGHTS,
    ATTENDANCE_RIGHTS,
    SITE_RIGHTS,
    RETENTION_RIGHTS,
    GATE_RIGHTS,
    CALL_RIGHTS,
    ADAPTER_RIGHTS,
    QUARANTINE_RIGHTS,
    REVIEW_RIGHTS,
    PAY_RIGHTS,
    APPRAISAL_RIGHTS,
    DESK_RIGHTS,
    STANDARD_RIGHTS,
    AREA_RIGHTS,
    INSPECTION_RIGHTS,
    EVALUATION_RIGHTS,
    CONSEQUENCE_RIGHTS,
    AUDIT_RIGHTS,
    ACCEPTANCE_RIGHTS,
    SURVEY_RIGHTS,
    SETTLEMENT_RIGHTS,
    DASHBOARD_RIGHTS,
    SUPERVISION_RIGHTS,
    NULL,
};

static const struct resource *const RESOURCES[] = {
    &EVENTS,
    &EXPORTS,
    &ORGANISATIONS,
    &QUALIFICATIONS,
    &UNITS,
    &PEOPLE,
    &ACCOUNTS,
    &TOKENS,
    &SIGNATURES,
    &DOCUMENTS,
    &NOTICES,
    &NOTICE_CHOICES,
    &ROBOTS,
    &DUTIES,
    &CALENDAR_DAYS,
    &CONTRACTS,
    &TERMS,
    &AMENDMENTS,
    &BRIEFINGS,
    &LETTERS,
    &SIGNATURE_AGREEMENTS,
    &DELEGATIONS,
    &SCHEMES,
    &TRAINING_SUBJECTS,
    &TRAININGS,
    &TRAINING_SCORES,
    &SUBCONTRACTING_CASES,
    &STAFF_REQUIREMENTS,
    &HEAD_COUNTS,
    &HEAD_COUNT_PEOPLE,
    &WORK_CERTIFICATES,
    &BUSINESS_CHANGES,
    &GUIDANCE_LOGS,
    &AGENTS,
    &HANDOVERS,
    &NUMBERS,
    &NUMBER_PERMISSIONS,
    &BREACHES,
    &PROVISIONINGS,
    &SHIFT_KINDS,
    &SHIFTS,
    &SHIFT_SWAPS,
    &CLOCKINGS,
    &ATTENDANCE,
    &ATTENDANCE_MONTHS,
    &LEAVES,
    &ATTENDANCE_CORRECTIONS,
    &ATTENDANCE_RULES,
    &CONDUCT_RULES,
    &VIOLATIONS,
    &SITE_RULES,
    &PATROLS,
    &PATROL_FINDINGS,
    &UNDERTAKINGS,
    &LEAKS,
    &RETENTION_RULES,
    &LEGAL_HOLDS,
    &DELETION_CERTIFICATES,
    &CALL_RULES,
    &DO_NOT_CALL,
    &CONSENTS,
    &CALLS,
    &CALL_EXCEPTIONS,
    &CALL_DAYS,
    &QUARANTINE,
    &RECORDINGS,
    &RECORDING_ARRIVALS,
    &LISTENINGS,
    &REVIEW_FORMS,
    &REVIEW_SAMPLES,
    &REVIEWS,
    &CALIBRATIONS,
    &PAY_TERMS,
    &PAY_RULES,
    &MINIMUM_WAGES,
    &PAY_ENTRIES,
    &PAY_SHEETS,
    &PAY_LINES,
    &CALIBRATION_SHEETS,
    &MONTH_RULES,
    &MONTHS,
    &SHEETS,
    &PENALTIES,
    &ADJUSTMENTS,
    &MANUAL_SCORES,
    &APPEALS,
    &REWARDS,
    &ISSUES,
    &ISSUE_LINKS,
    &DIVISION_RULES,
    &STANDARDS,
    &STANDARD_ITEMS,
    &AREAS,
    &AREA_PERSONS,
    &AREA_PUBLICATIONS,
    &INSPECTION_PLANS,
    &INSPECTION_TASKS,
    &INSPECTIONS,
    &INSPECTION_PHOTOS,
    &INSPECTION_MARKS,
    &RECTIFICATIONS,
    &INSPECTION_APPEALS,
    &PEST_TREATMENTS,
    &MAINTENANCE_WORKS,
    &AREA_POSITIONS,
    &EVALUATION_CAMPAIGNS,
    &EVALUATIONS,
    &EVALUATION_OBJECTIONS,
    &CONSEQUENCES,
    &INTEREST_DECLARATIONS,
    &AUDIT_SAMPLES,
    &AUDIT_FINDINGS,
    &ACCEPTANCES,
    &ACCEPTANCE_MEMBERS,
    &ACCEPTANCE_ITEMS,
    &ACCEPTANCE_DEFECTS,
    &SURVEYS,
    &SURVEY_MEMBERS,
    &SURVEY_RESULTS,
    &SURVEY_WORDS,
    &DEDUCTION_RULES,
    &SETTLEMENTS,
    &DEDUCTION_EVENTS,
    &SETTLEMENT_CORRECTIONS,
    &SUPERVISION_REPORTS,
    &IMPORTS,
    &OWN_CLAUSES,
    NULL,
};
/* clang-format on */

/* Records that documents may hang at, and records that are signed. */
static const struct resource *const WITH_DOCUMENTS[] = {&CONTRACTS,
                                                        &ORGANISATIONS,
                                                        &QUALIFICATIONS,
                                                        &PEOPLE,
                                                        &BRIEFINGS,
                                                        &LETTERS,
                                                        &SIGNATURE_AGREEMENTS,
                                                        &NUMBERS,
                                                        &ISSUES,
                                                        &CONSENTS,
                                                        &SCHEMES,
                                                        &SUBCONTRACTING_CASES,
                                                        &HEAD_COUNTS,
                                                        &WORK_CERTIFICATES,
                                                        &VIOLATIONS,
                                                        &PATROL_FINDINGS,
                                                        &LEAKS,
                                                        &DIVISION_RULES,
                                                        &INSPECTIONS,
                                                        &RECTIFICATIONS,
                                                        &PEST_TREATMENTS,
                                                        &MAINTENANCE_WORKS,
                                                        &DEDUCTION_EVENTS,
                                                        &ACCEPTANCES,
                                                        &ACCEPTANCE_ITEMS,
                                                        &ACCEPTANCE_DEFECTS,
                                                        NULL};
static const struct resource *const WITH_SIGNATURES[] = {
    &BRIEFINGS, &LETTERS,     &UNDERTAKINGS, &SUPERVISION_REPORTS, &DIVISION_RULES,
    &STANDARDS, &INSPECTIONS, &SETTLEMENTS,  &ACCEPTANCES,         NULL};

static const struct letter_type *const LETTER_TYPES[] = {
    &LETTER_GENERAL,          &LETTER_AGENT_CHANGE,
    &LETTER_NUMBER_CHANGE,    &LETTER_NUMBER_PERMISSION,
    &LETTER_PENALTY_EVIDENCE, &LETTER_MONTH_RULES,
    &LETTER_REWARD,           &LETTER_SCHEME_CONSENT,
    &LETTER_MANAGER_ADDITION, &LETTER_BUSINESS_CHANGE,
    &LETTER_REPLACEMENT,      &LETTER_CONSEQUENCE,
    &LETTER_DEDUCTION_RULES,  NULL};

static const struct measure *const MEASURES[] = {
    CALL_MEASURES,       REVIEW_MEASURES,  TRAINING_MEASURES,
    ATTENDANCE_MEASURES, CONDUCT_MEASURES, TEAM_MEASURES,
    EVALUATION_MEASURES, SURVEY_MEASURES,  NULL};

static const struct duty_rule *const DUTY_RULES[] = {CONTRACT_DUTIES,
                                                     LETTER_DUTIES,
                                                     SUBCONTRACTING_DUTIES,
                                                     REQUIREMENT_DUTIES,
                                                     HEAD_COUNT_DUTIES,
                                                     ROSTER_DUTIES,
                                                     BUSINESS_CHANGE_DUTIES,
                                                     HANDOVER_DUTIES,
                                                     AGENT_DUTIES,
                                                     SITE_DUTIES,
                                                     CALL_DUTIES,
                                                     REVIEW_DUTIES,
                                                     MONTH_DUTIES,
                                                     DESK_DUTIES,
                                                     STANDARD_DUTIES,
                                                     AREA_DUTIES,
                                                     INSPECTION_DUTIES,
                                                     EVALUATION_DUTIES,
                                                     AUDIT_DUTIES,
                                                     CONSEQUENCE_DUTIES,
                                                     ACCEPTANCE_DUTIES,
                                                     SURVEY_DUTIES,
                                                     SETTLEMENT_DUTIES,
                                                     SUPERVISION_DUTIES};

static const struct report_section *const REPORT_SECTIONS[] = {
    &REPORT_CONTRACTS,      &REPORT_DUTIES,
    &REPORT_LETTERS,        &REPORT_ISSUES,
    &REPORT_CALLS,          &REPORT_CERTIFICATES,
    &REPORT_INSPECTIONS,    &REPORT_RECTIFICATIONS,
    &REPORT_EVALUATIONS,    &REPORT_DEDUCTIONS,
    &REPORT_SUBCONTRACTING, &REPORT_HEAD_COUNTS,
    &REPORT_AUDIT,          NULL};

const struct schedule SLICE_JOBS[] = {
    {"access.sweep", 600, access_sweep},          {"documents.sweep", 3600, documents_sweep},
    {"recordings.sweep", 3600, recordings_sweep}, {"reviews.sweep", 600, reviews_sweep},
    {"imports.sweep", 86400, imports_sweep},      {"notices.sweep", 86400, notices_sweep},
    {"attendance.sweep", 300, attendance_sweep},  {"months.sweep", 60, months_sweep},
    {"inspections.sweep", 60, inspections_sweep}, {"evaluations.sweep", 60, evaluations_sweep},
    {"roster.sweep", 3600, roster_sweep},         {"dashboard.sweep", 60, project_months_sweep},
    {"acceptances.sweep", 60, acceptances_sweep}, {"surveys.sweep", 600, surveys_sweep},
};
const size_t SLICE_JOB_COUNT = sizeof SLICE_JOBS / sizeof SLICE_JOBS[0];

const struct slice_worker SLICE_WORKERS[] = {
    {"directory", directory_turn},         {"imports", imports_turn},
    {"deliveries", deliveries_turn},       {"duties", duties_turn},
    {"provisionings", provisionings_turn}, {"gate", gate_turn},
    {"call_findings", call_findings_turn}, {"call_hours", call_hours_turn},
    {"call_months", call_months_turn},     {"reviews", reviews_turn},
    {"recording_arrivals", arrivals_turn},
};
const size_t SLICE_WORKER_COUNT = sizeof SLICE_WORKERS / sizeof SLICE_WORKERS[0];
_Static_assert(sizeof SLICE_WORKERS / sizeof SLICE_WORKERS[0] <= SLICE_WORKERS_MOST, "");

/* Filters by names that people know by words. */
static const struct filter_words FILTER_WORDS[] = {
    {&LETTERS, "type", "letters.type.", ""},
    {&DUTIES, "rule", "duty.", ".verb"},
    {&DUTIES, "subject", NULL, NULL},
    {&DUTIES, "owner_role", "accounts.roles.", ""},
    {&DOCUMENTS, "subject", NULL, NULL},
    {&EXPORTS, "resource", NULL, NULL},
    {&EVENTS, "resource", NULL, NULL},
    {&EVENTS, "action", ".did.", ""},
    {.resource = NULL},
};

void slices_start(void)
{
    texts_use(TEXTS, TEXT_COUNT);
    rights_use(RIGHTS);
    resources_use(RESOURCES);
    documents_use(WITH_DOCUMENTS);
    signatures_use(WITH_SIGNATURES);
    duties_use(DUTY_RULES, sizeof DUTY_RULES / sizeof DUTY_RULES[0]);
    trail_follow(duties_follow);
    people_follow(roster_follow);
    subcontracting_follow(consequences_of_case);
    records_follow(project_months_follow);
    own_clauses_use();
    letters_use(LETTER_TYPES);
    call_page_with(reviews_of_call);
    filter_words_use(FILTER_WORDS);
    measures_use(MEASURES);
    given_use(given_of);
    reports_use(REPORT_SECTIONS);
    openapi_use(SLICE_ROUTES);
    regulation_use(SLICE_ROUTES);
}

/* By what one does, each section once; the month's work from its appraisal to its pay together. */
const struct nav_entry NAV[] = {
    {"work", "home", "/", "checklist", SIGNED_IN},
    {"work", "own_shifts", "/shifts/own", "user-bolt", "shifts.read"},
    {"work", "duties", "/duties", "alarm", "duties.read"},
    {"work", "contracts", "/contracts", "file-text", "contracts.read"},
    {"work", "dashboard", "/dashboard", "layout-dashboard", "dashboard.read"},
    {"work", "briefings", "/briefings", "writing-sign", "briefings.read"},
    {"work", "letters", "/letters", "mail", "letters.read"},
    {"work", "regulation", "/regulation", "book-2", "clauses.read"},
    {"work", "documents", "/documents", "paperclip", "documents.read"},
    {"work", "imports", "/imports", "upload", "imports.make"},
    {"month", "months", "/months", "calendar-stats", "months.read"},
    {"month", "sheets", "/sheets", "report-analytics", "sheets.read"},
    {"month", "penalties", "/penalties", "gavel", "penalties.read"},
    {"month", "appeals", "/appeals", "message-report", "appeals.read"},
    {"month", "rewards", "/rewards", "trophy", "rewards.read"},
    {"month", "schemes", "/schemes", "award", "schemes.read"},
    {"month", "pay_sheets", "/pay_sheets", "cash", "pay_sheets.read"},
    {"month", "pay_lines", "/pay_lines", "receipt", "pay_lines.read"},
    {"month", "pay_entries", "/pay_entries", "adjustments", "pay_entries.read"},
    {"month", "pay_terms", "/pay_terms", "coin", "pay_terms.read"},
    {"month", "pay_rules", "/pay_rules", "math-function", "pay_rules.read"},
    {"month", "minimum_wages", "/minimum_wages", "shield-check", "minimum_wages.read"},
    {"attendance", "shift_week", "/shifts/week", "calendar", "shifts.write"},
    {"attendance", "attendance_months", "/attendance_months", "checklist",
     "attendance_months.read"},
    {"attendance", "leaves", "/leaves", "user-share", "leaves.read"},
    {"attendance", "attendance_corrections", "/attendance_corrections", "writing-sign",
     "attendance_corrections.read"},
    {"attendance", "shift_swaps", "/shift_swaps", "arrows-shuffle", "shift_swaps.read"},
    {"attendance", "clockings", "/clockings", "clock", "clockings.read"},
    {"attendance", "attendance_rules", "/attendance_rules", "scale", "attendance_rules.write"},
    {"staff", "staff_days", "/staff_days", "calendar-user", "staff_requirements.read"},
    {"staff", "staff_requirements", "/staff_requirements", "users-minus",
     "staff_requirements.read"},
    {"staff", "business_changes", "/business_changes", "replace", "business_changes.read"},
    {"staff", "guidance_logs", "/guidance_logs", "writing", "guidance_logs.read"},
    {"staff", "handovers", "/handovers", "user-share", "handovers.read"},
    {"staff", "trainings", "/trainings", "school", "trainings.read"},
    {"staff", "training_subjects", "/training_subjects", "book", "training_subjects.read"},
    {"staff", "violations", "/violations", "alarm", "violations.read"},
    {"staff", "conduct_rules", "/conduct_rules", "gavel", "conduct_rules.read"},
    {"calls", "call_board", "/call_board", "chart-bar", "call_figures.read"},
    {"calls", "call_days", "/call_days", "user-bolt", "call_days.read"},
    {"calls", "calls", "/calls", "phone-outgoing", "calls.read"},
    {"calls", "call_exceptions", "/call_exceptions", "phone-x", "call_exceptions.read"},
    {"calls", "quarantine", "/quarantine", "archive", "quarantine.read"},
    {"calls", "agents", "/agents", "headset", "agents.read"},
    {"calls", "numbers", "/numbers", "phone", "numbers.read"},
    {"calls", "number_permissions", "/number_permissions", "phone-check",
     "number_permissions.read"},
    {"calls", "provisionings", "/provisionings", "refresh", "provisionings.read"},
    {"gate", "gate", "/gate", "shield-check", "gate.read"},
    {"gate", "call_rules", "/call_rules", "clock", "call_rules.read"},
    {"gate", "do_not_call", "/do_not_call", "ban", "do_not_call.read"},
    {"gate", "consents", "/consents", "checks", "consents.read"},
    {"gate", "breaches", "/breaches", "phone-off", "breaches.read"},
    {"quality", "recordings", "/recordings", "player-play", "recordings.read"},
    {"quality", "listenings", "/listenings", "ear", "listenings.read"},
    {"quality", "reviews", "/reviews", "clipboard-check", "reviews.read"},
    {"quality", "calibrations", "/calibrations", "scale", "calibrations.read"},
    {"quality", "review_samples", "/review_samples", "arrows-shuffle", "review_samples.read"},
    {"quality", "review_forms", "/review_forms", "list-check", "review_forms.read"},
    {"site", "patrols", "/patrols", "clipboard-check", "patrols.read"},
    {"site", "patrol_findings", "/patrol_findings", "message-report", "patrol_findings.read"},
    {"site", "site_rules", "/site_rules", "list-check", "site_rules.read"},
    {"site", "undertakings", "/undertakings", "writing-sign", "undertakings.read"},
    {"site", "leaks", "/leaks", "key", "leaks.read"},
    {"site", "issues", "/issues", "message-report", "issues.read"},
    {"site", "issue_links", "/issue_links", "qrcode", "issue_links.read"},
    {"supervision", "division_rules", "/division_rules", "gavel", "division_rules.read"},
    {"supervision", "standards", "/standards", "list-check", "standards.read"},
    {"supervision", "area_matrix", "/areas/matrix", "users-group", "area_publications.read"},
    {"supervision", "areas", "/areas", "building", "areas.read"},
    {"supervision", "area_publications", "/area_publications", "presentation",
     "area_publications.read"},
    {"supervision", "supervision_reports", "/supervision_reports", "report-analytics",
     "supervision_reports.read"},
    {"inspect", "inspections", "/inspections", "clipboard-check", "inspections.read"},
    {"inspect", "inspection_tasks", "/inspection_tasks", "calendar-event", "inspection_tasks.read"},
    {"inspect", "rectifications", "/rectifications", "tool", "rectifications.read"},
    {"inspect", "inspection_appeals", "/inspection_appeals", "message-report",
     "inspection_appeals.read"},
    {"inspect", "inspection_marks", "/inspection_marks", "eye-exclamation",
     "inspection_marks.read"},
    {"inspect", "inspection_figures", "/inspection_figures", "chart-bar", "inspection_tasks.read"},
    {"inspect", "head_counts", "/head_counts", "checklist", "head_counts.read"},
    {"inspect", "inspection_plans", "/inspection_plans", "calendar-plus", "inspection_plans.read"},
    {"inspect", "area_positions", "/area_positions", "map-pin", "area_positions.read"},
    {"inspect", "pest_treatments", "/pest_treatments", "spray", "pest_treatments.read"},
    {"inspect", "maintenance_works", "/maintenance_works", "engine", "maintenance_works.read"},
    {"evaluation", "evaluations", "/evaluations", "chart-bar", "evaluations.read"},
    {"evaluation", "evaluation_campaigns", "/evaluation_campaigns", "calendar-stats",
     "evaluation_campaigns.read"},
    {"evaluation", "evaluation_ranking", "/evaluation_ranking", "trophy", "evaluations.rank"},
    {"evaluation", "evaluation_objections", "/evaluation_objections", "message-report",
     "evaluation_objections.read"},
    {"evaluation", "surveys", "/surveys", "messages", "surveys.read"},
    {"evaluation", "consequences", "/consequences", "gavel", "consequences.read"},
    {"evaluation", "audit_samples", "/audit_samples", "arrows-shuffle", "audit_samples.read"},
    {"evaluation", "audit_findings", "/audit_findings", "clipboard-check", "audit_findings.read"},
    {"evaluation", "interest_declarations", "/interest_declarations", "scale",
     "interest_declarations.read"},
    {"settlement", "acceptances", "/acceptances", "clipboard-check", "acceptances.read"},
    {"settlement", "acceptance_defects", "/acceptance_defects", "tool", "acceptance_defects.read"},
    {"settlement", "settlements", "/settlements", "receipt", "settlements.read"},
    {"settlement", "deduction_events", "/deduction_events", "gavel", "deduction_events.read"},
    {"settlement", "settlement_corrections", "/settlement_corrections", "adjustments",
     "settlement_corrections.read"},
    {"settlement", "deduction_rules", "/deduction_rules", "math-function", "deduction_rules.read"},
    {"parties", "organisations", "/organisations", "building", "organisations.read"},
    {"parties", "qualifications", "/qualifications", "certificate", "qualifications.read"},
    {"parties", "people", "/people", "users-group", "people.read"},
    {"parties", "subcontracting_cases", "/subcontracting_cases", "arrows-split",
     "subcontracting_cases.read"},
    {"parties", "work_certificates", "/work_certificates", "certificate", "work_certificates.read"},
    {"parties", "units", "/units", "sitemap", "units.read"},
    {"parties", "robots", "/robots", "robot", "robots.read"},
    {"parties", "signature_agreements", "/signature_agreements", "signature",
     "signature_agreements.read"},
    {"parties", "delegations", "/delegations", "user-share", "delegations.read"},
    {"admin", "accounts", "/accounts", "user-cog", "accounts.read"},
    {"admin", "rights", "/rights", "key", "accounts.read"},
    {"admin", "call_months", "/call_months", "calendar", "call_months.read"},
    {"admin", "retention_rules", "/retention_rules", "archive", "retention_rules.read"},
    {"admin", "legal_holds", "/legal_holds", "gavel", "legal_holds.read"},
    {"admin", "deletion_certificates", "/deletion_certificates", "certificate",
     "deletion_certificates.read"},
    {"admin", "calendar_days", "/calendar_days", "calendar", "calendar_days.read"},
    {"admin", "exports", "/exports", "upload", "exports.read"},
    {"admin", "events", "/events", "history", "events.read"},
};
const size_t NAV_COUNT = sizeof NAV / sizeof NAV[0];
