/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What every slice must keep to, asked of all of them at once. */
#include "app/acceptances/acceptance.sql.h"
#include "app/acceptances/test_acceptances.h"
#include "app/access/access.sql.h"
#include "app/access/access_web.h"
#include "app/access/token.h"
#include "app/agents/agent.sql.h"
#include "app/agents/handover.h"
#include "app/agents/handover.sql.h"
#include "app/agents/provision.h"
#include "app/appraisal/appraisal.sql.h"
#include "app/appraisal/test_months.h"
#include "app/areas/area.h"
#include "app/areas/area.sql.h"
#include "app/attendance/asked.h"
#include "app/attendance/attendance.sql.h"
#include "app/calls/call_exception.h"
#include "app/calls/call_exception.sql.h"
#include "app/calls/quarantine.h"
#include "app/contracts/contract.sql.h"
#include "app/desk/desk.h"
#include "app/desk/desk.sql.h"
#include "app/documents/documents.h"
#include "app/documents/documents.sql.h"
#include "app/duties/calendar_day.h"
#include "app/duties/duty.sql.h"
#include "app/evaluation/audit.sql.h"
#include "app/evaluation/consequence.sql.h"
#include "app/evaluation/evaluation.sql.h"
#include "app/evaluation/measures.sql.h"
#include "app/evaluation/test_evaluations.h"
#include "app/gate/call_rule.h"
#include "app/gate/directory.sql.h"
#include "app/imports/imports.h"
#include "app/imports/imports.sql.h"
#include "app/inspections/inspections.sql.h"
#include "app/inspections/test_inspections.h"
#include "app/letters/letter.h"
#include "app/letters/letter.sql.h"
#include "app/notices/group_robot.h"
#include "app/notices/notice.h"
#include "app/notices/notice.sql.h"
#include "app/parties/parties.sql.h"
#include "app/pay/pay.h"
#include "app/pay/pay.sql.h"
#include "app/records/export_log.h"
#include "app/records/trail.sql.h"
#include "app/regulation/own_clause.h"
#include "app/retention/retention.h"
#include "app/retention/retention.sql.h"
#include "app/reviews/arrival.h"
#include "app/reviews/arrival.sql.h"
#include "app/reviews/calibration.h"
#include "app/reviews/calibration.sql.h"
#include "app/reviews/recording.h"
#include "app/reviews/recording.sql.h"
#include "app/reviews/review.h"
#include "app/reviews/review.sql.h"
#include "app/scores/test_schemes.h"
#include "app/settlement/settlement.sql.h"
#include "app/settlement/test_settlements.h"
#include "app/signatures/signature.h"
#include "app/signatures/signature.sql.h"
#include "app/site/conduct.sql.h"
#include "app/site/leak.h"
#include "app/site/patrol.h"
#include "app/site/patrol.sql.h"
#include "app/site/undertaking.h"
#include "app/site/undertaking.sql.h"
#include "app/staffing/business_change.h"
#include "app/staffing/business_change.sql.h"
#include "app/staffing/head_count.h"
#include "app/staffing/head_count.sql.h"
#include "app/staffing/manager_addition.sql.h"
#include "app/staffing/requirement.h"
#include "app/staffing/requirement.sql.h"
#include "app/staffing/roster_watch.h"
#include "app/staffing/roster_watch.sql.h"
#include "app/staffing/subcontracting.h"
#include "app/staffing/subcontracting.sql.h"
#include "app/staffing/training.h"
#include "app/staffing/training.sql.h"
#include "app/standards/division_rule.sql.h"
#include "app/standards/standard.h"
#include "app/standards/standard.sql.h"
#include "app/supervision/supervision_report.h"
#include "app/supervision/supervision_report.sql.h"
#include "app/surveys/survey.sql.h"
#include "app/surveys/test_surveys.h"
#include "app/test_world.h"
#include "main/slices.h"

static void every_statement_is_understood_by_both_engines(void **state)
{
    struct world *world = *state;
    const struct query *const *const ALL[] = {
        ALL_TRAIL_QUERIES,          ALL_PARTIES_QUERIES,
        ALL_ACCESS_QUERIES,         ALL_SIGNATURE_QUERIES,
        ALL_DOCUMENTS_QUERIES,      ALL_NOTICE_QUERIES,
        ALL_DUTY_QUERIES,           ALL_CONTRACT_QUERIES,
        ALL_LETTER_QUERIES,         ALL_SURVEY_QUERIES,
        ALL_AGENT_QUERIES,          ALL_CONDUCT_QUERIES,
        ALL_PATROL_QUERIES,         ALL_UNDERTAKING_QUERIES,
        ALL_ATTENDANCE_QUERIES,     ALL_DESK_QUERIES,
        ALL_AUDIT_QUERIES,          ALL_CONSEQUENCE_QUERIES,
        ALL_EVALUATION_QUERIES,     ALL_MEASURES_QUERIES,
        ALL_IMPORTS_QUERIES,        ALL_SUPERVISION_REPORT_QUERIES,
        ALL_DIRECTORY_QUERIES,      ALL_RETENTION_QUERIES,
        ALL_CALL_EXCEPTION_QUERIES, ALL_ARRIVAL_QUERIES,
        ALL_CALIBRATION_QUERIES,    ALL_RECORDING_QUERIES,
        ALL_REVIEW_QUERIES,         ALL_PAY_QUERIES,
        ALL_SETTLEMENT_QUERIES,     ALL_ACCEPTANCE_QUERIES,
        ALL_TRAINING_QUERIES,       ALL_SUBCONTRACTING_QUERIES,
        ALL_REQUIREMENT_QUERIES,    ALL_HEAD_COUNT_QUERIES,
        ALL_ROSTER_WATCH_QUERIES,   ALL_BUSINESS_CHANGE_QUERIES,
        ALL_HANDOVER_QUERIES,       ALL_MANAGER_ADDITION_QUERIES,
        ALL_APPRAISAL_QUERIES,      ALL_DIVISION_RULE_QUERIES,
        ALL_STANDARD_QUERIES,       ALL_AREA_QUERIES};
    for (size_t i = 0; i < sizeof ALL / sizeof ALL[0]; i++)
        test_queries_prepare(&world->test, ALL[i]);
}

/* ---- every kind of record can be stored, read and listed ---- */

static void store(struct world *world, const struct resource *resource, void *record)
{
    fields_blank(resource->fields, record);
    if (add(world, resource, record) != OK)
        fail_msg("%s: %s", resource->name, world->test.cx.fault.code);
}

static enum result tell(struct ctx *cx, void *host)
{
    const struct actor *hearer = host;
    return notice_person(cx, hearer->person_id,
                         &(struct news){.kind = "test", .title = "Contract"});
}

static void store_one_of_each_about_calls(struct world *world, int64_t contract)
{
    struct number number = {.number = "95188", .carrier = "Carrier", .proof = "Paper"};
    number.owner_id = world->client;
    store(world, &NUMBERS, &number);
    store(world, &AGENTS,
          &(struct agent){.contract_id = contract,
                          .person_id = a_person(world, world->provider, 0),
                          .code = "1001",
                          .state = AGENT_ACTIVE});
    store(world, &NUMBER_PERMISSIONS,
          &(struct number_permission){
              .number_id = number.id, .contract_id = contract, .state = PERMISSION_ACTIVE});
    store(world, &BREACHES,
          &(struct breach){.contract_id = contract, .kind = REFUSED_AGENT_UNKNOWN});
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE contracts SET service = 'outbound_call' WHERE id = %lld",
                               (long long)contract));
    struct call_rule rule = {.contract_id = contract};
    call_rule_begin(&rule);
    store(world, &CALL_RULES, &rule);
    store(world, &RETENTION_RULES,
          &(struct retention_rule){
              .contract_id = contract, .kind = RETAIN_CALLS, .days = 400, .basis = "Own"});
    store(world, &LEGAL_HOLDS,
          &(struct legal_hold){
              .organisation_id = world->client, .contract_id = contract, .reason = "Dispute"});
    store(world, &DELETION_CERTIFICATES,
          &(struct deletion_certificate){.kind = RETAIN_CALLS,
                                         .subject = "2026-01",
                                         .contract_id = contract,
                                         .decided_by = DECIDED_BY_SYSTEM,
                                         .state = CERTIFICATE_DELETED});
    store(world, &DO_NOT_CALL,
          &(struct do_not_call){
              .contract_id = contract, .number = "13812340000", .source = SAID_BY_COMPLAINT});
    store(world, &CONSENTS,
          &(struct consent){.contract_id = contract,
                            .number = "13812340001",
                            .obtained_on = date_of(2026, 1, 2),
                            .proof = "Form"});
    store(world, &PROVISIONINGS,
          &(struct provisioning){.contract_id = contract,
                                 .change = PROVISION_NUMBER_ADD,
                                 .state = PROVISIONING_WAITING});
}

static void store_a_training(struct world *world, int64_t contract)
{
    struct training_subject subject = {
        .contract_id = contract, .tier = TIER_MANAGERS, .name = "Leading", .pass_score = {8000}};
    store(world, &TRAINING_SUBJECTS, &subject);
    struct training training = {.subject_id = subject.id,
                                .trainer_id = a_person(world, world->client, world->headquarters),
                                .held_on = date_of(2026, 3, 1)};
    store(world, &TRAININGS, &training);
    store(world, &STAFF_REQUIREMENTS,
          &(struct staff_requirement){
              .contract_id = contract, .job = JOB_QA, .from = date_of(2026, 3, 1), .count = 2});
    store(world, &SUBCONTRACTING_CASES,
          &(struct subcontracting_case){.organisation_id = world->provider,
                                        .person_name = "Stranger"});
    struct head_count count = {.contract_id = contract,
                               .provider_id = world->provider,
                               .client_id = world->client,
                               .unit_id = world->project,
                               .counter_id = training.trainer_id,
                               .place = "Lobby",
                               .state = HEAD_COUNT_COUNTED};
    store(world, &HEAD_COUNTS, &count);
    store(world, &HEAD_COUNT_PEOPLE,
          &(struct head_count_person){.head_count_id = count.id, .name = "Stranger"});
    store(world, &WORK_CERTIFICATES,
          &(struct work_certificate){.person_id = a_person(world, world->provider, 0),
                                     .kind = WORKS_AT_HEIGHT});
    store(world, &TRAINING_SCORES,
          &(struct training_score){.training_id = training.id,
                                   .person_id = a_person(world, world->provider, 0)});
}

static enum result found(struct ctx *cx, void *host)
{
    struct patrol_finding *finding = host;
    struct patrol patrol;
    TRY(record_get(cx, &PATROLS, finding->patrol_id, &patrol));
    return patrol_find(cx, &patrol, finding, 1);
}

static enum result exported(struct ctx *cx, void *host)
{
    return export_note(cx, EXPORT_FILE, host, NULL, NULL, "/calls/export");
}

static void store_what_is_of_the_site(struct world *world, int64_t contract)
{
    const struct actor *duty = outsider_of(world, world->provider, R(DUTY));
    struct conduct_rule rule = {.number = "1", .text = "On time", .points = {100}};
    struct site_rule site_rule = {.text = "Phones silent"};
    struct patrol patrol = {.contract_id = contract, .site = "Second floor"};
    struct patrol_finding finding = {.person_id = duty->person_id, .words = ""};
    tamper(world, "UPDATE contracts SET service = 'outbound_call', state = 'active'");
    act(world, duty);
    store(world, &CONDUCT_RULES, &rule);
    store(world, &SITE_RULES, &site_rule);
    store(world, &PATROLS, &patrol);
    finding.patrol_id = patrol.id;
    finding.rule_id = site_rule.id;
    assert_int_equal(attempt(world, found, &finding), OK);
    store(world, &VIOLATIONS,
          &(struct violation){.contract_id = contract,
                              .person_id = duty->person_id,
                              .rule_id = rule.id,
                              .at = world->test.cx.now,
                              .fact = "Late"});
    store(world, &UNDERTAKINGS, &(struct undertaking){.text = "Nothing leaves."});
    store(world, &LEAKS,
          &(struct leak){.contract_id = contract,
                         .channel = LEAK_USB,
                         .what = "A list",
                         .happened_at = world->test.cx.now,
                         .found_by = "Duty"});
    assert_int_equal(attempt(world, exported, (void *)(uintptr_t)&CALLS), OK);
    act(world, &ACTOR_SYSTEM);
}

static void store_a_change(struct world *world, int64_t contract)
{
    struct business_change change = {.contract_id = contract,
                                     .kind = CHANGE_NEW_BUSINESS,
                                     .week = WEEK_NATURAL_DAYS,
                                     .days = 7,
                                     .state = BUSINESS_CHANGE_RUNNING};
    struct list list;
    const struct list_query query = {.limit = 1};
    assert_int_equal(record_list(&world->test.cx, &LETTERS, &query, &list), OK);
    change.letter_id = ((const struct record *)list.rows)->id;
    store(world, &BUSINESS_CHANGES, &change);
    const int64_t replaced = a_person(world, world->provider, 0);
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE letters SET type = 'replacement', state = 'approved', "
                               "lines = '[{\"person_id\":%lld,\"reason\":\"Rude\"}]'",
                               (long long)replaced));
    store(world, &HANDOVERS,
          &(struct handover){.letter_id = change.letter_id,
                             .person_id = replaced,
                             .successor_id = a_person(world, world->provider, 0),
                             .handed_on = date_of(2026, 3, 1),
                             .notes = "Everything"});
    store(world, &GUIDANCE_LOGS,
          &(struct guidance_log){.change_id = change.id,
                                 .contract_id = contract,
                                 .number = 1,
                                 .day = date_of(2026, 3, 2),
                                 .state = GUIDANCE_OWED});
}

/* The day of a shift stands in attendance by itself. */
static void store_attendance(struct world *world)
{
    const int64_t person = a_person(world, world->provider, 0);
    const struct date day = instant_date(world->test.cx.now, SHANGHAI_OFFSET_MIN);
    struct shift_kind kind = {
        .organisation_id = world->provider, .name = "Day", .starts = "09:00", .ends = "18:00"};
    store(world, &SHIFT_KINDS, &kind);
    store(world, &SHIFTS,
          &(struct shift){.person_id = person, .day = date_add(day, -2), .shift_kind_id = kind.id});
    store(world, &SHIFTS,
          &(struct shift){.person_id = person, .day = day, .shift_kind_id = kind.id});
    struct person clocked = {.organisation_id = world->provider,
                             .name = "Clocked",
                             .staff_number = "71",
                             .job = JOB_AGENT};
    store(world, &PEOPLE, &clocked);
    store(world, &CLOCKINGS,
          &(struct clocking){.organisation_id = world->provider, .number = "71", .day = day});
    store(
        world, &LEAVES,
        &(struct leave){.person_id = person, .kind = LEAVE_SICK, .from = day, .reason = "A cold"});
    store(
        world, &ATTENDANCE_CORRECTIONS,
        &(struct correction){.person_id = person, .day = day, .came = "09:00", .reason = "Forgot"});
    store(world, &SHIFT_SWAPS,
          &(struct swap){
              .person_id = person, .other_id = clocked.id, .day = day, .reason = "A visit"});
    store(world, &ATTENDANCE_RULES,
          &(struct attendance_rule){.organisation_id = world->provider, .swaps_month = 3});
}

/* Of the contract's project: what is inspected, where, by whom. */
static void store_supervision(struct world *world, int64_t contract)
{
    tamper(world, "UPDATE contracts SET service = 'cleaning'");
    store(world, &DIVISION_RULES,
          &(struct division_rule){
              .unit_id = world->division, .name = "Rules", .from = date_of(2026, 1, 1)});
    struct standard standard = {.unit_id = world->project,
                                .service = SERVICE_CLEANING,
                                .name = "Standard",
                                .from = date_of(2026, 3, 1)};
    store(world, &STANDARDS, &standard);
    store(world, &STANDARD_ITEMS,
          &(struct standard_item){.standard_id = standard.id,
                                  .category = CATEGORY_RESULT,
                                  .text = "Dry",
                                  .method = BY_SIGHT,
                                  .frequency = FREQUENCY_DAILY,
                                  .points = {100},
                                  .deduction = {100}});
    struct area area = {
        .contract_id = contract, .name = "Hall", .size_m2 = 1, .from = date_of(2026, 3, 1)};
    store(world, &AREAS, &area);
    store(world, &AREA_PERSONS,
          &(struct area_person){.area_id = area.id,
                                .person_id = a_person(world, world->client, world->project),
                                .from = date_of(2026, 3, 1)});
    store(world, &AREA_PUBLICATIONS,
          &(struct area_publication){.organisation_id = world->client,
                                     .unit_id = world->project,
                                     .name = "Project",
                                     .channel = "Desk",
                                     .state = AREAS_PUBLISHED});
    inspections_of_each(world, contract, area.id, standard.id, "cleaning");
}

static void store_a_review(struct world *world, int64_t contract)
{
    struct scheme scheme = scheme_draft(contract);
    struct review_form form = {.contract_id = contract, .name = "Form"};
    struct review_sample sample = {.contract_id = contract, .seed = "seed", .newcomer_calls = 5};
    struct recording recording = {.call_id = 1,
                                  .contract_id = contract,
                                  .provider_id = world->provider,
                                  .state = RECORDING_REFERENCED};
    store(world, &RECORDINGS, &recording);
    store(world, &RECORDING_ARRIVALS,
          &(struct recording_arrival){.provider_id = world->provider,
                                      .source = "dialer",
                                      .uid = "1",
                                      .state = ARRIVAL_WAITING});
    store(world, &LISTENINGS,
          &(struct listening){.recording_id = recording.id, .contract_id = contract});
    store(world, &SCHEMES, &scheme);
    store_a_training(world, contract);
    store(world, &REVIEW_FORMS, &form);
    sample.form_id = form.id;
    sample.from = sample.to = date_of(2026, 3, 1);
    store(world, &REVIEW_SAMPLES, &sample);
    struct calibration calibration = {
        .call_id = 1, .contract_id = contract, .form_id = form.id, .state = CALIBRATION_OPEN};
    store(world, &CALIBRATIONS, &calibration);
    store(world, &CALIBRATION_SHEETS,
          &(struct calibration_sheet){.calibration_id = calibration.id,
                                      .reviewer_id = a_person(world, world->provider, 0)});
    store(world, &REVIEWS,
          &(struct review){.call_id = 1,
                           .call_result = CALL_SUCCESS,
                           .contract_id = contract,
                           .unit_id = world->project,
                           .provider_id = world->provider,
                           .client_id = world->client,
                           .sample_id = sample.id,
                           .form_id = form.id,
                           .reviewer_id = a_person(world, world->provider, 0),
                           .state = REVIEW_DRAFT});
}

/* Of the appraisal month that there is. */
static void store_pay(struct world *world, int64_t contract)
{
    const struct list_query query = {.limit = 1};
    struct list list;
    assert_int_equal(record_list(&world->test.cx, &MONTHS, &query, &list), OK);
    const int64_t month_id = ((const struct record *)list.rows)->id;
    const struct month month = month_of(date_of(2026, 10, 1));
    struct pay_terms terms = {.job = JOB_AGENT, .provider_id = world->provider};
    struct minimum_wage minimum = {
        .provider_id = world->provider, .region = "Here", .amount_fen = {100}, .basis = "Law"};
    struct pay_rule rule = {.contract_id = contract,
                            .subject = SCHEME_AGENT,
                            .method = PAY_PROPORTIONAL,
                            .unscored = UNSCORED_FULL,
                            .region = "Here"};
    terms.from_month = minimum.from_month = rule.from_month = month;
    store(world, &PAY_TERMS, &terms);
    store(world, &MINIMUM_WAGES, &minimum);
    store(world, &PAY_RULES, &rule);
    const int64_t person = a_person(world, world->provider, 0);
    store(world, &PAY_ENTRIES,
          &(struct pay_entry){.contract_id = contract,
                              .person_id = person,
                              .kind = ENTRY_ADJUSTMENT,
                              .month = month,
                              .amount_fen = {100},
                              .fact = "Fact",
                              .basis = "Basis"});
    struct pay_sheet sheet = {.provider_id = world->provider,
                              .contract_id = contract,
                              .month_id = month_id,
                              .month = month,
                              .state = PAY_DRAFTED};
    store(world, &PAY_SHEETS, &sheet);
    store(world, &PAY_LINES,
          &(struct pay_line){.pay_sheet_id = sheet.id,
                             .provider_id = world->provider,
                             .person_id = person,
                             .terms_id = terms.id,
                             .rule_id = rule.id,
                             .minimum_id = minimum.id});
}

/* Calls come from call systems. */
static void store_a_call(struct world *world, int64_t contract)
{
    struct contract read;
    struct call_receipt receipt;
    tamper(world, "UPDATE contracts SET service = 'outbound_call', state = 'active'");
    get(world, &CONTRACTS, contract, &read);
    const struct call_line line = {.source = "dialer",
                                   .uid = "1",
                                   .contract = read.number,
                                   .agent = "1001",
                                   .caller = "95188",
                                   .callee = "13812345678",
                                   .started_at = world->test.cx.now,
                                   .result = CALL_BUSY,
                                   .recording = ""};
    assert_int_equal(directory_renew(&world->test.cx), OK);
    assert_int_equal(calls_take(&world->test.cx, &line, 1, 0, &receipt), OK);
    assert_int_equal(receipt.accepted, 1);
    store(world, &QUARANTINE,
          &(struct quarantined){.provider_id = world->provider,
                                .source = "freeswitch",
                                .profile = PROFILE_FREESWITCH_JSON,
                                .why = "not_json",
                                .record.plain = "{",
                                .state = QUARANTINE_WAITING});
    store(world, &CALL_EXCEPTIONS,
          &(struct call_exception){.day = date_of(2026, 3, 2),
                                   .kind = FOUND_MISSING,
                                   .contract_id = contract,
                                   .state = EXCEPTION_OPEN});
    store_a_review(world, contract);
}

static void store_one_of_each(struct world *world)
{
    const struct actor *ops = member_of(world, world->headquarters, R(OPS)); /* an account */
    const int64_t contract = a_contract(world, world->project, world->provider);
    a_term(world, contract, "1");
    store_what_is_of_the_site(world, contract);
    store_one_of_each_about_calls(world, contract);
    store(world, &QUALIFICATIONS,
          &(struct qualification){.organisation_id = world->provider,
                                  .kind = QUALIFICATION_LICENCE,
                                  .name = "Licence"});
    store(world, &AMENDMENTS, &(struct amendment){.contract_id = contract, .number = 1});
    store(world, &BRIEFINGS,
          &(struct briefing){.contract_id = contract,
                             .briefer_id = ops->person_id,
                             .executor_id = ops->person_id,
                             .held_on = date_of(2026, 3, 1),
                             .place = "Office",
                             .state = BRIEFING_DRAFT});
    store(
        world, &SIGNATURES,
        &(struct signature){.subject = "briefings", .subject_id = 1, .person_id = ops->person_id});
    store(world, &TOKENS,
          &(struct token){.account_id = ops->account_id,
                          .name = "Import",
                          .rights = "all",
                          .expires_on = date_of(2026, 12, 31),
                          .state = TOKEN_ACTIVE});
    store(world, &IMPORTS,
          &(struct import){.account_id = ops->account_id, .state = IMPORT_UPLOADED});
    store_attendance(world);
    store_a_call(world, contract);
    one_of_each_of_a_month(world, contract);
    store_pay(world, contract);
    store(world, &ISSUES,
          &(struct issue){.contract_id = contract,
                          .kind = ISSUE_PROBLEM,
                          .priority = ISSUE_NORMAL,
                          .source = ISSUE_ON_SITE,
                          .subject = "Water on the floor"});
    store(world, &ISSUE_LINKS, &(struct issue_link){.contract_id = contract});
    store(world, &SUPERVISION_REPORTS,
          &(struct supervision_report){
              .unit_id = world->project,
              .month = month_of(instant_date(world->test.cx.now, SHANGHAI_OFFSET_MIN))});
    store(world, &OWN_CLAUSES,
          &(struct own_clause){.organisation_id = world->client,
                               .number = "S-1",
                               .title = "In good time",
                               .text = "Within a month.",
                               .parent = CLAUSE_FIRST});
    assert_int_equal(attempt(world, tell, (void *)(uintptr_t)ops), OK);
    store(world, &NOTICE_CHOICES,
          &(struct notice_choice){.account_id = ops->account_id,
                                  .takes = TAKES_NONE,
                                  .quiet_from = QUIET_FROM,
                                  .quiet_to = QUIET_TO});
    store(world, &ROBOTS,
          &(struct group_robot){.organisation_id = world->client,
                                .name = "Group",
                                .channel = ROBOT_WECOM,
                                .url.plain = "https://robot.example.com/send",
                                .takes = TAKES_ALL,
                                .quiet_from = QUIET_FROM,
                                .quiet_to = QUIET_TO});
    store(world, &CALENDAR_DAYS,
          &(struct exception){
              .date = date_of(2027, 2, 5), .kind = DAY_HOLIDAY, .name = "Spring Festival"});
    tamper(world, "UPDATE contracts SET state = 'active'");
    store(world, &LETTERS,
          &(struct letter){.type = "general", .contract_id = contract, .subject = "Letter"});
    store_a_change(world, contract);
    store_supervision(world, contract);
    one_of_each_of_an_evaluation(world, contract);
    one_of_each_of_an_acceptance(world, contract);
    one_of_each_of_a_survey(world, contract);
    one_of_each_of_a_settlement(world, contract);
    store(world, &SIGNATURE_AGREEMENTS,
          &(struct signature_agreement){.client_id = world->client,
                                        .provider_id = world->provider,
                                        .number = "1",
                                        .signed_on = date_of(2026, 3, 1)});
    store(world, &DELEGATIONS,
          &(struct delegation){.organisation_id = world->client,
                               .person_id = ops->person_id,
                               .delegate_id = a_person(world, world->client, world->project),
                               .starts_on = date_of(2026, 3, 1),
                               .ends_on = date_of(2026, 3, 5),
                               .reason = "Leave"});
    store(world, &DOCUMENTS,
          &(struct document){.subject = "contracts",
                             .subject_id = contract,
                             .retention = RETENTION_LONG,
                             .state = DOCUMENT_KEPT});
}

static void every_kind_of_record_is_stored_and_read_as_its_fields_say(void **state)
{
    struct world *world = *state;
    store_one_of_each(world);
    for (size_t i = 0; i < resources_count(); i++) {
        const struct resource *resource = resources_at(i);
        const struct list_query query = {.limit = 1};
        struct list list;
        if (record_list(&world->test.cx, resource, &query, &list) != OK)
            fail_msg("%s: %s", resource->name, world->test.cx.fault.code);
        if (list.count != 1)
            fail_msg("%s: this test stores none", resource->name);
        void *record = arena_alloc(world->test.arena, resource->size);
        get(world, resource, ((struct record *)list.rows)->id, record);
    }
}

/* ---- a page costs the same however long the list is ---- */

struct plan_line {
    int64_t id;
    int32_t parent, notused;
    const char *detail;
};
static const struct field PLAN_FIELDS[] = {
    FIELD(plan_line, id),
    FIELD(plan_line, parent),
    FIELD(plan_line, notused),
    FIELD(plan_line, detail),
    FIELDS_END,
};

static struct plan_line *plan(struct world *world, const char *sql, struct params params,
                              size_t *out_count)
{
    struct plan_line *lines;
    struct query explain = db_query(
        "explain", arena_printf(world->test.arena, "EXPLAIN QUERY PLAN %s", sql), params.count);
    assert_int_equal(db_list(&world->test.cx, &explain, params, PLAN_FIELDS, sizeof *lines, 50,
                             &lines, out_count),
                     OK);
    return lines;
}

static void assert_index_gives_order(struct world *world, const struct resource *resource,
                                     const struct field *field)
{
    size_t count;
    const struct list_query all = {.limit = 50};
    struct list_order own = {NULL, NULL};
    if (resource->order)
        assert_int_equal(resource->order(&world->test.cx, &all, field->name, &own), OK);
    const char *column = own.by ? own.by : arena_printf(world->test.arena, "t.%s", field->name);
    const char *first =
        strcmp(field->name, "id") == 0 ? "" : arena_printf(world->test.arena, "%s DESC, ", column);
    const char *sql =
        arena_printf(world->test.arena, "SELECT t.id FROM %s t %s ORDER BY %st.id DESC LIMIT 51",
                     resource->name, resource->joins ? resource->joins : "", first);
    const struct plan_line *lines = plan(world, sql, NO_PARAMS, &count);
    for (size_t i = 0; i < count; i++)
        if (strstr(lines[i].detail, "TEMP B-TREE"))
            fail_msg("%s has no index (%s, id): %s", resource->name, field->name, lines[i].detail);
}

static void every_order_that_a_list_offers_has_its_index(void **state)
{
    struct world *world = *state;
    if (store_engine(world->test.store) != ENGINE_SQLITE)
        return; /* one schema serves both; SQLite says without statistics whether it would sort */
    for (size_t i = 0; i < resources_count(); i++)
        for (const struct field *field = resources_at(i)->fields; field->name; field++)
            if (!resources_at(i)->apart && (field->use & SORTED)) {
                assert_null(field->column); /* another table's column has no index with our id */
                assert_index_gives_order(world, resources_at(i), field);
            }
}

/* As app/records/record_list.c writes the mark: else all rows of its value before it are read. */
static void a_page_deep_in_a_large_list_is_sought_by_value_and_id(void **state)
{
    static const char *const ORDERS[][2] = {{"contracts", "signed_on"},
                                            {"contracts", "starts_on"},
                                            {"contracts", "ends_on"},
                                            {"contracts", "amount_fen"},
                                            {"duties", "due_at"}};
    struct world *world = *state;
    if (store_engine(world->test.store) != ENGINE_SQLITE)
        return; /* PostgreSQL compares rows by any index */
    for (size_t i = 0; i < sizeof ORDERS / sizeof ORDERS[0]; i++) {
        size_t count;
        const char *sql =
            arena_printf(world->test.arena,
                         "SELECT t.* FROM %s t WHERE (t.%s, t.id) > ($1, $2 COLLATE BINARY) "
                         "ORDER BY t.%s, t.id",
                         ORDERS[i][0], ORDERS[i][1], ORDERS[i][1]);
        const struct plan_line *lines = plan(world, sql, PARAMS(P("x"), P(world->client)), &count);
        assert_int_equal(count, 1);
        assert_non_null(strstr(lines[0].detail,
                               arena_printf(world->test.arena, "(%s,rowid)>(?,?)", ORDERS[i][1])));
    }
}

/* ---- tables that name each other ---- */

static void every_reference_leads_to_a_known_kind_of_record(void **state)
{
    for (size_t i = 0; i < resources_count(); i++)
        for (const struct field *field = resources_at(i)->fields; field->name; field++)
            if (field->refers && !resource_find(field->refers))
                fail_msg("%s.%s: %s", resources_at(i)->name, field->name, field->refers);
}

static void every_route_asks_for_a_right_that_somebody_holds(void **state)
{
    for (const struct route *const *table = SLICE_ROUTES; *table; table++)
        for (const struct route *route = *table; route->path; route++)
            if (strcmp(route->right, PUBLIC) != 0 && strcmp(route->right, SIGNED_IN) != 0 &&
                !right_known(route->right))
                fail_msg("%s: %s", route->path, route->right);
    for (size_t i = 0; i < rights_count(); i++)
        assert_true(rights_at(i)->roles != 0);
}

/* Signing, and what belongs to the person: passwords, second factor, sessions, tokens. */
static bool takes_the_person(const struct route *route)
{
    static const char *const OWN[] = {"/own", "/tokens", "/password", "/session/end"};
    bool own = route->prepare == prove_prepare || route->prepare == companion_prepare ||
               route->method == DELETE;
    for (size_t i = 0; i < sizeof OWN / sizeof OWN[0]; i++) {
        const size_t len = strlen(OWN[i]);
        own = own || (strncmp(route->path, OWN[i], len) == 0 && strchr("/", route->path[len]));
    }
    return own;
}

static void what_takes_the_person_is_refused_to_api_tokens(void **state)
{
    int found = 0;
    for (const struct route *const *table = SLICE_ROUTES; *table; table++)
        for (const struct route *route = *table; route->path; route++) {
            if (!(route->flags & SESSION_ONLY) != !takes_the_person(route))
                fail_msg("%s %s", method_name(route->method), route->path);
            found += takes_the_person(route);
        }
    assert_true(found >= 14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(every_statement_is_understood_by_both_engines),
        WORLD_TEST(every_kind_of_record_is_stored_and_read_as_its_fields_say),
        WORLD_TEST(every_order_that_a_list_offers_has_its_index),
        WORLD_TEST(a_page_deep_in_a_large_list_is_sought_by_value_and_id),
        WORLD_TEST(every_reference_leads_to_a_known_kind_of_record),
        WORLD_TEST(every_route_asks_for_a_right_that_somebody_holds),
        WORLD_TEST(what_takes_the_person_is_refused_to_api_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
