/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What tells whether a clause is kept: counting queries over the lists of other slices. */
#include "app/agents/agent.h"
#include "app/agents/handover.h"
#include "app/agents/provision.h"
#include "app/appraisal/penalty.h"
#include "app/appraisal/reward.h"
#include "app/areas/area.h"
#include "app/attendance/asked.h"
#include "app/duties/duty.h"
#include "app/evaluation/audit.h"
#include "app/evaluation/consequence.h"
#include "app/inspections/provider_work.h"
#include "app/inspections/rectification.h"
#include "app/inspections/trust.h"
#include "app/letters/letter.h"
#include "app/records/export_log.h"
#include "app/records/trail.h"
#include "app/regulation/regulation_private.h"
#include "app/scores/scheme.h"
#include "app/settlement/settlement.h"
#include "app/site/leak.h"
#include "app/site/patrol.h"
#include "app/site/undertaking.h"
#include "app/staffing/business_change.h"
#include "app/staffing/head_count.h"
#include "app/staffing/requirement.h"
#include "app/staffing/roster_watch.h"
#include "app/staffing/subcontracting.h"
#include "app/staffing/training.h"
#include "app/standards/standard.h"
#include "app/supervision/supervision_report.h"
#include "app/surveys/survey.h"

#include <string.h>

static const char *const FIGURE_KINDS[] = {"size", "kept", "due", "breach", NULL};
const struct field FIGURE_FIELDS[] = {
    FIELD(figure, name),  FIELD_ENUM(figure, kind, FIGURE_KINDS),
    FIELD(figure, count), FIELD(figure, more),
    FIELD(figure, href),  FIELDS_END,
};

#define CONDITIONS_MOST 3
#define IN_FORCE                                                                                   \
    {                                                                                              \
        "state", "active,suspended"                                                                \
    }
#define DRAFT                                                                                      \
    {                                                                                              \
        "state", "draft"                                                                           \
    }

/* clang-format off */

/* In a condition's value: $60 the day sixty days from now, $now this moment. */
static const struct clause_measure {
    const char *clause, *name;
    enum figure_kind kind;
    const struct resource *resource;
    const char *conditions[CONDITIONS_MOST][2];
} MEASURES[] = {
    {"C1.1",   "agents_active",       FIGURE_KEPT,   &AGENTS,         {{"state", "active"}}},
    {"C1.1",   "agent_letters",       FIGURE_DUE,    &LETTERS,        {{"type", "agent_change"}, {"turn", "client,provider"}}},
    {"C1.1",   "call_system_waits",   FIGURE_DUE,    &PROVISIONINGS,  {{"state", "failed"}}},
    {"C1.1",   "agent_letters_late",  FIGURE_BREACH, &LETTERS,        {{"type", "agent_change"}, {"turn", "client,provider"}, {"due_at_to", "$now"}}},
    {"C1.1",   "agent_breaches",      FIGURE_BREACH, &BREACHES,       {{"kind", "agent_unknown,agent_disabled,mode_not_permitted"}, {"at_from", "$-30"}, {"count_from", "1"}}},
    {"C1.2",   "numbers_permitted",   FIGURE_KEPT,   &NUMBER_PERMISSIONS, {{"state", "active"}}},
    {"C1.2",   "number_letters",      FIGURE_DUE,    &LETTERS,        {{"type", "number_change,number_permission"}, {"turn", "client,provider"}}},
    {"C1.2",   "permissions_end",     FIGURE_DUE,    &NUMBER_PERMISSIONS, {{"state", "active"}, {"to_from", "$0"}, {"to_to", "$30"}}},
    {"C1.2",   "number_letters_late", FIGURE_BREACH, &LETTERS,        {{"type", "number_change,number_permission"}, {"turn", "client,provider"}, {"due_at_to", "$now"}}},
    {"C1.2",   "permissions_over",    FIGURE_BREACH, &NUMBER_PERMISSIONS, {{"state", "active"}, {"to_from", "1900-01-01"}, {"to_to", "$-1"}}},
    {"C1.2",   "number_breaches",     FIGURE_BREACH, &BREACHES,       {{"kind", "caller_unknown,caller_suspended,caller_not_assigned"}, {"at_from", "$-30"}, {"count_from", "1"}}},
    {"C2.1",   "requirements",        FIGURE_KEPT,   &STAFF_REQUIREMENTS, {{NULL}}},
    {"C2.2",   "trainings",           FIGURE_KEPT,   &TRAININGS,      {{"state", "confirmed"}}},
    {"C2.2",   "trainings_open",      FIGURE_DUE,    &TRAININGS,      {{"state", "draft"}}},
    {"C2.2",   "untrained_calls",     FIGURE_BREACH, &BREACHES,       {{"kind", "agent_untrained"}, {"at_from", "$-30"}}},
    {"C2.3",   "violations_confirmed", FIGURE_KEPT,  &VIOLATIONS,     {{"state", "confirmed"}, {"at_from", "$-30"}}},
    {"C2.3",   "violations_open",     FIGURE_DUE,    &VIOLATIONS,     {{"state", "open,stated"}}},
    {"C2.3",   "conduct_rules",       FIGURE_KEPT,   &CONDUCT_RULES,  {{NULL}}},
    {"C2.3",   "attendance_days",     FIGURE_KEPT,   &ATTENDANCE,     {{"kind", "present"}, {"day_from", "$-30"}}},
    {"C2.3",   "leaves_asked",        FIGURE_DUE,    &LEAVES,         {{"state", "asked"}}},
    {"C2.3",   "corrections_asked",   FIGURE_DUE,    &ATTENDANCE_CORRECTIONS, {{"state", "asked"}}},
    {"C2.3",   "swaps_asked",         FIGURE_DUE,    &SHIFT_SWAPS,    {{"state", "agreed"}}},
    {"C2.3",   "days_unjudged",       FIGURE_DUE,    &ATTENDANCE,     {{"kind", "missing,unjudged,unclocked"}, {"day_from", "$-30"}}},
    {"C2.3",   "absences",            FIGURE_BREACH, &ATTENDANCE,     {{"kind", "absent"}, {"day_from", "$-30"}}},
    {"C2.4",   "schemes",             FIGURE_KEPT,   &SCHEMES,        {{"state", "in_force"}, {"subject", "agent,manager"}}},
    {"C2.4",   "schemes_asked",       FIGURE_DUE,    &SCHEMES,        {{"state", "consulting"}, {"subject", "agent,manager"}}},
    {"C2.4",   "evidence_open",       FIGURE_DUE,    &LETTERS,        {{"type", "penalty_evidence"}, {"turn", "client,provider"}}},
    {"C2.4",   "evidence_late",       FIGURE_BREACH, &LETTERS,        {{"type", "penalty_evidence"}, {"turn", "client,provider"}, {"due_at_to", "$now"}}},
    {"C2.6",   "replaced",            FIGURE_KEPT,   &HANDOVERS,      {{"state", "done"}}},
    {"C2.6",   "replacements_open",   FIGURE_DUE,    &LETTERS,        {{"type", "replacement"}, {"turn", "client,provider"}}},
    {"C2.6",   "replacements_late",   FIGURE_BREACH, &LETTERS,        {{"type", "replacement"}, {"turn", "client,provider"}, {"due_at_to", "$now"}}},
    {"C2.4",   "months_locked",       FIGURE_KEPT,   &MONTHS,         {{"state", "locked"}}},
    {"C2.4",   "months_running",      FIGURE_DUE,    &MONTHS,         {{"state", "evidence_closed,computed,published"}}},
    {"C2.4",   "evidence_undecided",  FIGURE_DUE,    &PENALTIES,      {{"state", "proposed"}, {"late", "false"}}},
    {"C2.5",   "rewards_settled",     FIGURE_KEPT,   &REWARDS,        {{"kind", "bonus"}, {"state", "settled"}}},
    {"C2.5",   "rewards_open",        FIGURE_DUE,    &REWARDS,        {{"kind", "bonus"}, {"state", "proposed,asked,agreed"}}},
    {"C2.10",  "nominations_settled", FIGURE_KEPT,   &REWARDS,        {{"kind", "three_months"}, {"state", "settled"}}},
    {"C2.10",  "nominations_open",    FIGURE_DUE,    &REWARDS,        {{"kind", "three_months"}, {"state", "proposed,asked,agreed"}}},
    {"C2.7",   "contact_named",       FIGURE_KEPT,   &CONTRACTS,      {IN_FORCE, {"service", "outbound_call"}}},
    {"C2.7",   "draft_no_contact",    FIGURE_DUE,    &CONTRACTS,      {DRAFT, {"service", "outbound_call"}, {"contact_id", "none"}}},
    {"C2.7",   "no_contact",          FIGURE_BREACH, &CONTRACTS,      {IN_FORCE, {"service", "outbound_call"}, {"contact_id", "none"}}},
    {"C2.8",   "business_changes",    FIGURE_KEPT,   &BUSINESS_CHANGES, {{"state", "done"}}},
    {"C2.8",   "changes_running",     FIGURE_DUE,    &BUSINESS_CHANGES, {{"state", "running"}}},
    {"C2.8",   "change_letters_late", FIGURE_BREACH, &LETTERS,        {{"type", "business_change"}, {"turn", "client,provider"}, {"due_at_to", "$now"}}},
    {"C2.9",   "additions",           FIGURE_KEPT,   &LETTERS,        {{"type", "manager_addition"}, {"state", "answered"}}},
    {"C2.9",   "additions_open",      FIGURE_DUE,    &LETTERS,        {{"type", "manager_addition"}, {"turn", "client,provider"}}},
    {"C2.9",   "additions_late",      FIGURE_BREACH, &LETTERS,        {{"type", "manager_addition"}, {"turn", "client,provider"}, {"due_at_to", "$now"}}},
    {"C3.1",   "patrols",             FIGURE_KEPT,   &PATROLS,        {{"at_from", "$-30"}}},
    {"C3.1",   "findings_client",     FIGURE_DUE,    &PATROL_FINDINGS, {{"side", "client"}, {"state", "open"}}},
    {"C3.2",   "findings_settled",    FIGURE_KEPT,   &PATROL_FINDINGS, {{"side", "provider"}, {"state", "acknowledged"}}},
    {"C3.2",   "findings_provider",   FIGURE_DUE,    &PATROL_FINDINGS, {{"side", "provider"}, {"state", "open"}}},
    {"C3.3",   "undertakings",        FIGURE_KEPT,   &UNDERTAKINGS,   {{"state", "in_force"}}},
    {"C3.3",   "exports",             FIGURE_KEPT,   &EXPORTS,        {{NULL}}},
    {"C3.3",   "leaks_open",          FIGURE_BREACH, &LEAKS,          {{"state", "open,investigated"}}},
    {"C3.3",   "leaks_closed",        FIGURE_KEPT,   &LEAKS,          {{"state", "closed"}}},
    {"C3.3",   "reveals",             FIGURE_KEPT,   &EVENTS,         {{"action", "reveal"}}},
    {"V1",     "in_force",            FIGURE_KEPT,   &CONTRACTS,      {IN_FORCE}},
    {"V2",     "units",               FIGURE_KEPT,   &UNITS,          {{NULL}}},
    {"V2",     "in_force",            FIGURE_KEPT,   &CONTRACTS,      {IN_FORCE}},
    {"V3.1",   "operations_centres",  FIGURE_SIZE,   &UNITS,          {{"kind", "operations_centre"}}},
    {"V3.1",   "supervised",          FIGURE_KEPT,   &CONTRACTS,      {IN_FORCE, {"briefing", "signed"}}},
    {"V3.2",   "audit_centres",       FIGURE_SIZE,   &UNITS,          {{"kind", "audit_centre"}}},
    {"V3.2",   "trail",               FIGURE_KEPT,   &EVENTS,         {{NULL}}},
    {"V3.1",   "evaluations_final",   FIGURE_KEPT,   &EVALUATIONS,    {{"subject", "contract"}, {"state", "final"}}},
    {"V3.1",   "evaluations_drafted", FIGURE_DUE,    &EVALUATIONS,    {{"state", "drafted"}}},
    {"V3.2",   "evaluations_audited", FIGURE_KEPT,   &EVALUATIONS,    {{"state", "audited,final"}}},
    {"V3.2",   "evaluations_to_audit", FIGURE_DUE,   &EVALUATIONS,    {{"state", "submitted"}}},
    {"V3.2",   "acceptances_to_audit", FIGURE_DUE,   &ACCEPTANCES,    {{"state", "signed,objected"}}},
    {"V3.2",   "findings_to_answer",  FIGURE_DUE,    &AUDIT_FINDINGS, {{"state", "open"}}},
    {"V3.3",   "finance_centres",     FIGURE_SIZE,   &UNITS,          {{"kind", "finance_centre"}}},
    {"V3.3",   "settlements_paid",    FIGURE_KEPT,   &SETTLEMENTS,    {{"state", "paid"}}},
    {"V3.3",   "settlements_open",    FIGURE_DUE,    &SETTLEMENTS,    {{"state", "drafted,sent,disputed,agreed,approved"}}},
    {"V3.3",   "settlements_late",    FIGURE_BREACH, &DUTIES,         {{"rule", "draft_settlement,approve_settlement,pay_settlement"}, {"state", "overdue"}}},
    {"V3.4",   "divisions",           FIGURE_SIZE,   &UNITS,          {{"kind", "division"}}},
    {"V3.4",   "rules_filed",         FIGURE_KEPT,   &DIVISION_RULES, {{"state", "filed,received"}}},
    {"V3.4",   "rules_drafted",       FIGURE_DUE,    &DIVISION_RULES, {{"state", "draft"}}},
    {"V3.4",   "rules_to_receive",    FIGURE_DUE,    &DIVISION_RULES, {{"state", "filed"}}},
    {"V3.5",   "projects",            FIGURE_SIZE,   &UNITS,          {{"kind", "project"}}},
    {"V3.5",   "standards_in_force",  FIGURE_KEPT,   &STANDARDS,      {{"state", "in_force"}}},
    {"V3.5",   "standards_drafted",   FIGURE_DUE,    &STANDARDS,      {{"state", "draft"}}},
    {"V3.5",   "inspected",           FIGURE_KEPT,   &INSPECTIONS,    {{"state", "finished,countersigned"}, {"finished_at_from", "$-30"}}},
    {"V3.5",   "tasks_open",          FIGURE_DUE,    &INSPECTION_TASKS, {{"state", "open"}}},
    {"V3.5",   "tasks_missed",        FIGURE_BREACH, &INSPECTION_TASKS, {{"state", "missed"}, {"due_at_from", "$-30"}}},
    {"V4",     "treatments_confirmed", FIGURE_KEPT,  &PEST_TREATMENTS, {{"state", "confirmed"}}},
    {"V4",     "treatments_open",     FIGURE_DUE,    &PEST_TREATMENTS, {{"state", "done,returned"}}},
    {"V4",     "works_confirmed",     FIGURE_KEPT,   &MAINTENANCE_WORKS, {{"state", "confirmed"}}},
    {"V4",     "works_open",          FIGURE_DUE,    &MAINTENANCE_WORKS, {{"state", "done,returned"}}},
    {"V4",     "continuous",          FIGURE_KEPT,   &CONTRACTS,      {IN_FORCE, {"kind", "continuous"}}},
    {"V4",     "one_off",             FIGURE_KEPT,   &CONTRACTS,      {IN_FORCE, {"kind", "one_off"}}},
    {"V5.1.1", "in_force",            FIGURE_KEPT,   &CONTRACTS,      {IN_FORCE}},
    {"V5.1.1", "draft_no_executor",   FIGURE_DUE,    &CONTRACTS,      {DRAFT, {"executor_id", "none"}}},
    {"V5.1.1", "no_executor",         FIGURE_BREACH, &CONTRACTS,      {IN_FORCE, {"executor_id", "none"}}},
    {"V5.1.1", "past_end",            FIGURE_BREACH, &CONTRACTS,      {IN_FORCE, {"ends_on_to", "$-1"}}},
    {"V5.1.2", "briefed",             FIGURE_KEPT,   &CONTRACTS,      {IN_FORCE, {"briefing", "signed"}}},
    {"V5.1.2", "draft_unbriefed",     FIGURE_DUE,    &CONTRACTS,      {DRAFT, {"briefing", "missing,open,half,superseded"}}},
    {"V5.1.2", "brief_again",         FIGURE_DUE,    &CONTRACTS,      {IN_FORCE, {"briefing", "open,half,superseded"}}},
    {"V5.1.2", "unbriefed",           FIGURE_BREACH, &CONTRACTS,      {IN_FORCE, {"briefing", "missing"}}},
    {"V5.1.3", "reports_kept",        FIGURE_KEPT,   &SUPERVISION_REPORTS, {{"state", "received,noted"}}},
    {"V5.1.3", "reports_to_receive",  FIGURE_DUE,    &SUPERVISION_REPORTS, {{"state", "filed"}}},
    {"V5.1.3", "reports_to_note",     FIGURE_DUE,    &SUPERVISION_REPORTS, {{"state", "received"}}},
    {"V5.1.3", "reports_late",        FIGURE_BREACH, &SUPERVISION_REPORTS, {{"late", "true"}, {"filed_at_from", "$-90"}}},
    {"V5.1.3", "countersigned",       FIGURE_KEPT,   &INSPECTIONS,    {{"state", "countersigned"}}},
    {"V5.1.3", "to_countersign",      FIGURE_DUE,    &INSPECTIONS,    {{"state", "finished"}}},
    {"V5.1.4", "declared",            FIGURE_KEPT,   &CONTRACTS,      {IN_FORCE, {"no_subcontracting", "true"}}},
    {"V5.1.4", "draft_undeclared",    FIGURE_DUE,    &CONTRACTS,      {DRAFT, {"no_subcontracting", "false"}}},
    {"V5.1.4", "undeclared",          FIGURE_BREACH, &CONTRACTS,      {IN_FORCE, {"no_subcontracting", "false"}}},
    {"V5.1.4", "cases_dismissed",     FIGURE_KEPT,   &SUBCONTRACTING_CASES, {{"state", "dismissed"}}},
    {"V5.1.4", "cases_open",          FIGURE_DUE,    &SUBCONTRACTING_CASES, {{"state", "suspected,investigated"}}},
    {"V5.1.4", "cases_confirmed",     FIGURE_BREACH, &SUBCONTRACTING_CASES, {{"state", "confirmed"}}},
    {"V5.1.4", "head_counts",         FIGURE_KEPT,   &HEAD_COUNTS,    {{"day_from", "$-30"}, {"state", "counted,acknowledged,rejected"}}},
    {"V5.1.4", "counts_open",         FIGURE_DUE,    &HEAD_COUNTS,    {{"state", "counted,objected"}}},
    {"V5.1.4", "certificates_over",   FIGURE_DUE,    &WORK_CERTIFICATES, {{"needed", "true"}, {"valid_to_from", "1900-01-01"}, {"valid_to_to", "$-1"}}},
    {"V5.1.5", "judged",              FIGURE_KEPT,   &CONTRACTS,      {IN_FORCE, {"kind", "continuous"}, {"served_party_judges", "true"}}},
    {"V5.1.5", "draft_unjudged",      FIGURE_DUE,    &CONTRACTS,      {DRAFT, {"kind", "continuous"}, {"served_party_judges", "false"}}},
    {"V5.1.5", "unjudged",            FIGURE_BREACH, &CONTRACTS,      {IN_FORCE, {"kind", "continuous"}, {"served_party_judges", "false"}}},
    {"V5.1.5", "served_surveys",      FIGURE_KEPT,   &SURVEYS,        {{"kind", "served_party"}, {"state", "closed"}}},
    {"V5.1.5", "served_surveys_open", FIGURE_DUE,    &SURVEYS,        {{"kind", "served_party"}, {"state", "draft,open"}}},
    {"V5.1.7", "third_surveys",       FIGURE_KEPT,   &SURVEYS,        {{"kind", "third_party"}, {"state", "closed"}}},
    {"V5.1.7", "third_surveys_open",  FIGURE_DUE,    &SURVEYS,        {{"kind", "third_party"}, {"state", "draft,open"}}},
    {"V6.1.1", "evaluation_schemes",  FIGURE_KEPT,   &SCHEMES,        {{"subject", "contract,project"}, {"state", "in_force"}}},
    {"V6.1.1", "schemes_to_approve",  FIGURE_DUE,    &SCHEMES,        {{"subject", "contract,project"}, {"state", "consulting"}}},
    {"V6.1.1", "projects_assessed",   FIGURE_KEPT,   &EVALUATIONS,    {{"subject", "project"}, {"state", "final"}}},
    {"X2",     "consequences_told",   FIGURE_KEPT,   &CONSEQUENCES,   {{"state", "told"}}},
    {"X2",     "consequences_open",   FIGURE_DUE,    &CONSEQUENCES,   {{"state", "proposed,decided"}}},
    {"V5.1.6", "areas",               FIGURE_KEPT,   &AREAS,          {{NULL}}},
    {"V5.1.6", "persons",             FIGURE_KEPT,   &AREA_PERSONS,   {{NULL}}},
    {"V6.1.1", "rules_filed",         FIGURE_KEPT,   &DIVISION_RULES, {{"state", "filed,received"}}},
    {"V6.1.1", "rules_drafted",       FIGURE_DUE,    &DIVISION_RULES, {{"state", "draft"}}},
    {"V6.1.2.1", "standards_in_force", FIGURE_KEPT,  &STANDARDS,      {{"state", "in_force"}}},
    {"V6.1.2.1", "standards_drafted", FIGURE_DUE,    &STANDARDS,      {{"state", "draft"}}},
    {"V6.1.2.2", "areas_published",   FIGURE_KEPT,   &AREA_PUBLICATIONS, {{"state", "received"}}},
    {"V6.1.2.2", "areas_to_receive",  FIGURE_DUE,    &AREA_PUBLICATIONS, {{"state", "published"}}},
    {"V6.1.2.3", "standards_in_force", FIGURE_KEPT,  &STANDARDS,      {{"state", "in_force"}}},
    {"V6.1.2.3", "items",             FIGURE_KEPT,   &STANDARD_ITEMS, {{NULL}}},
    {"V6.1.1", "marks_judged",        FIGURE_KEPT,   &INSPECTION_MARKS, {{"state", "explained"}}},
    {"V6.1.1", "marks_open",          FIGURE_DUE,    &INSPECTION_MARKS, {{"state", "open"}}},
    {"V6.1.1", "false_records",       FIGURE_BREACH, &INSPECTION_MARKS, {{"state", "false_record"}}},
    {"X1",     "rectified",           FIGURE_KEPT,   &RECTIFICATIONS, {{"state", "closed"}}},
    {"X1",     "to_rectify",          FIGURE_DUE,    &RECTIFICATIONS, {{"state", "issued,answered"}}},
    {"X1",     "rectify_overdue",     FIGURE_BREACH, &RECTIFICATIONS, {{"state", "issued"}, {"due_at_to", "$now"}}},
    {"X3",     "acceptances_final",   FIGURE_KEPT,   &ACCEPTANCES,    {{"state", "final"}}},
    {"X3",     "acceptances_open",    FIGURE_DUE,    &ACCEPTANCES,    {{"state", "requested,convened,decided"}}},
    {"X3",     "defects_mended",      FIGURE_KEPT,   &ACCEPTANCE_DEFECTS, {{"state", "closed"}}},
    {"X3",     "defects_open",        FIGURE_DUE,    &ACCEPTANCE_DEFECTS, {{"state", "issued,answered"}}},
    {"X3",     "defects_overdue",     FIGURE_BREACH, &DUTIES,         {{"rule", "mend_defect"}, {"state", "overdue"}}},
    {"X4",     "findings_decided",    FIGURE_KEPT,   &INSPECTION_APPEALS, {{"state", "upheld,rejected"}}},
    {"X4",     "findings_open",       FIGURE_DUE,    &INSPECTION_APPEALS, {{"state", "open"}}},
    {"X4",     "appeals_decided",     FIGURE_KEPT,   &APPEALS,        {{"state", "upheld,rejected"}}},
    {"X4",     "deductions_decided",  FIGURE_KEPT,   &DEDUCTION_EVENTS, {{"state", "stands,dropped"}}},
    {"X4",     "deductions_objected", FIGURE_DUE,    &DEDUCTION_EVENTS, {{"state", "objected"}}},
    {"X4",     "settlements_disputed", FIGURE_DUE,   &SETTLEMENTS,    {{"state", "disputed"}}},
    {"X4",     "appeals_open",        FIGURE_DUE,    &APPEALS,        {{"state", "open"}}},
    {"X4",     "objections_decided",  FIGURE_KEPT,   &EVALUATION_OBJECTIONS, {{"state", "upheld,rejected"}}},
    {"X4",     "objections_open",     FIGURE_DUE,    &EVALUATION_OBJECTIONS, {{"state", "open"}}},
    {"X5",     "approved",            FIGURE_KEPT,   &ORGANISATIONS,  {{"side", "provider"}, {"state", "approved"}}},
    {"X5",     "candidates",          FIGURE_DUE,    &ORGANISATIONS,  {{"side", "provider"}, {"state", "candidate"}}},
    {"X5",     "qualification_ends",  FIGURE_DUE,    &QUALIFICATIONS, {{"valid_to_from", "$0"}, {"valid_to_to", "$60"}}},
    {"X5",     "qualification_over",  FIGURE_DUE,    &QUALIFICATIONS, {{"valid_to_from", "1900-01-01"}, {"valid_to_to", "$-1"}}},
};
/* clang-format on */
#define MEASURE_COUNT (sizeof MEASURES / sizeof MEASURES[0])

static const char *value_of(struct ctx *cx, const char *value)
{
    char day[DATE_MAX_TEXT] = "";
    int64_t days;
    if (strcmp(value, "$now") == 0) {
        char now[INSTANT_MAX_TEXT] = "";
        instant_format(cx->now, now);
        return arena_printf(cx->mem, "%.19s", now); /* a + in a link would be read as a space */
    }
    if (*value != '$' || !int_parse(value + 1, &days))
        return value;
    date_format(date_add(instant_date(cx->now, SHANGHAI_OFFSET_MIN), (int)days), day);
    return arena_dup(cx->mem, day);
}

/* ---- of one contract alone ---- */

/* The field by which a record belongs to a contract, and the value that it has then; NULL: records
 * of this kind belong to none. */
static const struct field *contract_link(const struct resource *resource,
                                         const struct contract *contract, int64_t *out)
{
    const char *name = "contract_id";
    *out = contract->id;
    if (resource == &ORGANISATIONS || resource == &QUALIFICATIONS ||
        resource == &SUBCONTRACTING_CASES)
        *out = contract->provider_id;
    if (resource == &CONTRACTS || resource == &ORGANISATIONS)
        name = "id";
    if (resource == &QUALIFICATIONS || resource == &SUBCONTRACTING_CASES)
        name = "organisation_id";
    if (resource == &SUPERVISION_REPORTS || resource == &STANDARDS ||
        resource == &AREA_PUBLICATIONS) { /* of the project that it belongs to */
        name = "unit_id";
        *out = contract->unit_id;
    }
    return field_find(resource->fields, name, strlen(name));
}

/* ---- counting ---- */

/* A measure on its way: the query that counts, and the link to the list that shows the same. */
struct counting {
    struct list_query query;
    struct text href;
};

static struct counting counting_begin(struct ctx *cx, const struct resource *resource)
{
    struct counting counting = {.query = {.limit = 1}, .href = text_new(cx->mem, 96)};
    text_printf(&counting.href, "/%s", resource->name);
    return counting;
}

static enum result counting_where(struct ctx *cx, const struct resource *resource, const char *name,
                                  const char *value, struct counting *counting)
{
    if (!list_condition(cx, resource, name, value, &counting->query))
        return fail(cx, BROKEN, "regulation.bad_measure", resource->name, name);
    text_printf(&counting->href, "%c%s=%s", strchr(text_end(&counting->href), '?') ? '&' : '?',
                name, value);
    return OK;
}

/* A list shows one record of a contract's own as the record itself. */
static void counting_of(struct ctx *cx, const struct resource *resource, const struct field *link,
                        int64_t value, struct counting *counting)
{
    struct condition *condition = ARENA_NEW(cx->mem, struct condition);
    const char *id = arena_printf(cx->mem, "%lld", (long long)value);
    *condition = (struct condition){link, IS, id, counting->query.conditions};
    counting->query.conditions = condition;
    if (strcmp(link->name, "id") == 0) {
        counting->href = text_new(cx->mem, 32);
        text_printf(&counting->href, "/%s/%s", resource->name, id);
    } else {
        text_printf(&counting->href, "%c%s=%s", strchr(text_end(&counting->href), '?') ? '&' : '?',
                    link->name, id);
    }
}

static enum result count(struct ctx *cx, const struct resource *resource, struct counting *counting,
                         struct figure *figure)
{
    int64_t found;
    TRY(record_count(cx, resource, &counting->query, FIGURE_MOST, &found));
    figure->count = (int32_t)found;
    figure->more = found == FIGURE_MOST;
    figure->href = text_end(&counting->href);
    return OK;
}

static enum result measure(struct ctx *cx, const struct contract *contract,
                           const struct clause_measure *measure, struct clause *clause)
{
    const struct resource *resource = measure->resource;
    struct counting counting = counting_begin(cx, resource);
    struct figure *figure = &clause->figures[clause->figure_count];
    const struct field *link = NULL;
    int64_t value = 0;
    if (contract)
        link = contract_link(resource, contract, &value);
    if (contract && !link)
        return OK;
    if (!actor_may(cx->actor, arena_printf(cx->mem, "%s.read", resource->name))) {
        clause->withheld = true;
        return OK;
    }
    for (size_t i = 0; i < CONDITIONS_MOST && measure->conditions[i][0]; i++)
        TRY(counting_where(cx, resource, measure->conditions[i][0],
                           value_of(cx, measure->conditions[i][1]), &counting));
    if (link)
        counting_of(cx, resource, link, value, &counting);
    *figure = (struct figure){.name = measure->name, .kind = measure->kind};
    TRY(count(cx, resource, &counting, figure));
    clause->figure_count++;
    return OK;
}

/* ---- duties ---- */

static const struct {
    const char *name, *state;
    enum figure_kind kind;
    bool live; /* of those that have not begun nothing is due */
} DUTY_FIGURES[] = {
    {"duties_overdue", "overdue", FIGURE_BREACH, true},
    {"duties_open", "open", FIGURE_DUE, true},
    {"duties_met", "met", FIGURE_KEPT, false},
};
#define RULES_MOST 32 /* of one clause */
#define DUTY_FIGURE_COUNT (sizeof DUTY_FIGURES / sizeof DUTY_FIGURES[0])

static void param_put(struct text *sql, struct param_list *params, struct param param)
{
    params->at[params->count++] = param;
    text_printf(sql, "$%d", params->count);
}

/* Through the index (rule, state, live), as most duties are long met or far away. */
static enum result count_duties(struct ctx *cx, const char *rules, const char *state, bool live,
                                int64_t contract_id, int64_t *out)
{
    struct param_list params = {.walked = true};
    struct text sql = text_new(cx->mem, 512);
    text_puts(&sql, "SELECT count(*) FROM (SELECT 1 FROM duties t WHERE t.rule IN (");
    for (const char *rule = rules; *rule && params.count < RULES_MOST;) {
        const size_t len = strcspn(rule, ",");
        text_puts(&sql, params.count ? ", " : "");
        param_put(&sql, &params, param_text(arena_copy(cx->mem, rule, len)));
        rule += len + (rule[len] == ',');
    }
    text_puts(&sql, ") AND t.state = ");
    param_put(&sql, &params, param_text(state));
    text_printf(&sql, " AND t.live = %s AND ", live ? "TRUE" : "FALSE");
    if (contract_id) {
        text_puts(&sql, "t.contract_id = ");
        param_put(&sql, &params, param_id(contract_id));
        text_puts(&sql, " AND ");
    }
    scope_sql(cx, &DUTIES, "t", &params, &sql);
    text_printf(&sql, " LIMIT %d) counted", FIGURE_MOST);
    const struct query query = db_query("duties.figure", text_end(&sql), params.count);
    return db_int(cx, &query, (struct params){params.at, params.count}, out);
}

static enum result measure_duties(struct ctx *cx, const struct contract *contract,
                                  struct clause *clause)
{
    for (size_t i = 0; i < DUTY_FIGURE_COUNT; i++) {
        int64_t found;
        struct figure *figure = &clause->figures[clause->figure_count++];
        TRY(count_duties(cx, clause->duties, DUTY_FIGURES[i].state, DUTY_FIGURES[i].live,
                         contract ? contract->id : 0, &found));
        *figure = (struct figure){
            .name = DUTY_FIGURES[i].name,
            .kind = DUTY_FIGURES[i].kind,
            .count = (int32_t)found,
            .more = found == FIGURE_MOST,
            .href = arena_printf(
                cx->mem, "/duties?rule=%s&state=%s%s%s", clause->duties, DUTY_FIGURES[i].state,
                DUTY_FIGURES[i].live ? "&live=true" : "",
                contract ? arena_printf(cx->mem, "&contract_id=%lld", (long long)contract->id)
                         : ""),
        };
    }
    return OK;
}

enum result clause_measure(struct ctx *cx, const struct contract *contract, struct clause *clause)
{
    clause->figures = ARENA_ARRAY(cx->mem, struct figure, MEASURE_COUNT + DUTY_FIGURE_COUNT);
    for (size_t i = 0; i < MEASURE_COUNT && !clause->own; i++)
        if (strcmp(MEASURES[i].clause, clause->id) == 0)
            TRY(measure(cx, contract, &MEASURES[i], clause));
    if (!*clause->duties)
        return OK;
    clause->withheld |= !actor_may(cx->actor, "duties.read");
    return actor_may(cx->actor, "duties.read") ? measure_duties(cx, contract, clause) : OK;
}
