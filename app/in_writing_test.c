/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every type of letter and every rule of duties that any slice declares: its lawful path, the wrong
 * side, and its deadline. A new one without a case here fails the test. */
#include "app/acceptances/test_acceptances.h"
#include "app/agents/agent.h"
#include "app/agents/handover.h"
#include "app/appraisal/reward.h"
#include "app/appraisal/test_months.h"
#include "app/areas/area.h"
#include "app/calls/call_exception.h"
#include "app/desk/desk.h"
#include "app/documents/documents.h"
#include "app/evaluation/test_evaluations.h"
#include "app/inspections/provider_work.h"
#include "app/inspections/rectification.h"
#include "app/inspections/test_inspections.h"
#include "app/letters/test_letters.h"
#include "app/records/trail.h"
#include "app/reviews/review.h"
#include "app/scores/test_schemes.h"
#include "app/settlement/test_settlements.h"
#include "app/site/leak.h"
#include "app/site/patrol.h"
#include "app/staffing/business_change.h"
#include "app/staffing/head_count.h"
#include "app/staffing/manager_addition.h"
#include "app/staffing/requirement.h"
#include "app/staffing/roster_watch.h"
#include "app/staffing/subcontracting.h"
#include "app/staffing/training.h"
#include "app/standards/standard.h"
#include "app/supervision/supervision_report.h"
#include "app/surveys/test_surveys.h"

#define FAR_AWAY "1790000000000" /* September 2026 */

static enum result tick_run(struct ctx *cx, void *host)
{
    (void)host;
    return duties_tick(cx);
}

static void tick_at(struct world *world, struct instant now)
{
    act(world, &ACTOR_SYSTEM);
    world->test.cx.now = now;
    assert_int_equal(attempt(world, tick_run, NULL), OK);
}

static struct list duties_of(struct world *world, const char *rule)
{
    struct list list;
    struct list_query query = {.limit = 50, .sort = "-id"};
    act(world, &ACTOR_SYSTEM);
    assert_true(list_condition(&world->test.cx, &DUTIES, "rule", rule, &query));
    assert_int_equal(record_list(&world->test.cx, &DUTIES, &query, &list), OK);
    return list;
}

static const struct duty *newest(struct world *world, const char *rule)
{
    const struct list list = duties_of(world, rule);
    if (!list.count)
        fail_msg("%s: nothing is owed", rule);
    return list.rows;
}

static bool has_it(struct world *world, const struct actor *actor, int64_t duty_id)
{
    struct list list;
    act(world, actor);
    assert_int_equal(duties_mine(&world->test.cx, "", &list), OK);
    for (size_t i = 0; i < list.count; i++)
        if (((const struct duty *)list.rows)[i].id == duty_id)
            return true;
    return false;
}

/* ---- letters ---- */

static enum result consult_run(struct ctx *cx, void *host)
{
    int64_t *id = host;
    struct scheme scheme;
    TRY(record_get(cx, &SCHEMES, *id, &scheme));
    return scheme_consult(cx, &scheme, id);
}

/* Consent is asked from the scheme's own page. */
static int64_t consent_draft(const struct story *story, const struct actor *author)
{
    int64_t id = a_scheme(story->world, story->contract);
    act(story->world, author);
    assert_int_equal(attempt(story->world, consult_run, &id), OK);
    return id;
}

/* The figures in it are those of the day. */
static enum result addition_run(struct ctx *cx, void *host)
{
    int64_t *id = host;
    return manager_addition_begin(cx, *id, JOB_QA, 1, "Too many calls", id);
}

static int64_t addition_draft(const struct story *story, const struct actor *author)
{
    int64_t id = story->contract;
    act(story->world, author);
    assert_int_equal(attempt(story->world, addition_run, &id), OK);
    return id;
}

/* The newest of the provider's people is the one to be replaced. */
/* Evidence is executed once each fact in it was judged. */
static void judge_evidence(const struct story *story, int64_t letter_id)
{
    (void)letter_id;
    tamper(story->world, "UPDATE penalties SET state = 'rejected'");
}

static void hand_over(const struct story *story, int64_t letter_id)
{
    struct world *world = story->world;
    struct list list;
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(record_select(&world->test.cx, &PEOPLE, "newest",
                                   "t.organisation_id = $1 ORDER BY t.id DESC LIMIT 1",
                                   PARAMS(P(world->provider)), &list),
                     OK);
    const int64_t person = ((const struct record *)list.rows)->id;
    struct handover handover = {.letter_id = letter_id,
                                .person_id = person,
                                .successor_id = a_person(world, world->provider, 0),
                                .handed_on = date_of(2026, 3, 1),
                                .notes = "Everything"};
    fields_blank(HANDOVERS.fields, &handover);
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(add(world, &HANDOVERS, &handover), OK);
}

static enum result ask_run(struct ctx *cx, void *host)
{
    int64_t *id = host;
    struct reward reward;
    TRY(record_get(cx, &REWARDS, *id, &reward));
    return reward_ask(cx, &reward, id);
}

/* A reward is negotiated from its own page. */
static int64_t reward_draft(const struct story *story, const struct actor *author)
{
    struct world *world = story->world;
    struct reward reward = {.contract_id = story->contract,
                            .person_id = a_person(world, world->provider, 0),
                            .month = month_of(date_of(2026, 2, 1)),
                            .amount_fen = {50000},
                            .reason = "Good work"};
    fields_blank(REWARDS.fields, &reward);
    act(world, author);
    assert_int_equal(add(world, &REWARDS, &reward), OK);
    assert_int_equal(attempt(world, ask_run, &reward.id), OK);
    return reward.id;
}

static enum result decide_run(struct ctx *cx, void *host)
{
    int64_t *id = host;
    struct consequence consequence;
    TRY(record_get(cx, &CONSEQUENCES, *id, &consequence));
    return consequence_decide(cx, &consequence, "Two in a row", id);
}

/* What follows from an evaluation is told from its own page. */
static int64_t consequence_draft(const struct story *story, const struct actor *author)
{
    struct world *world = story->world;
    struct consequence consequence = {.contract_id = story->contract, .step = STEP_INTERVIEW};
    fields_blank(CONSEQUENCES.fields, &consequence);
    consequence.note = "Late every day";
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(add(world, &CONSEQUENCES, &consequence), OK);
    declare(world, author, INTEREST_NONE);
    act(world, author);
    assert_int_equal(attempt(world, decide_run, &consequence.id), OK);
    return consequence.id;
}

static const struct letter_case {
    const char *type, *line; /* {person} of the provider is put in */
    /* Where a slice drafts it itself. */
    int64_t (*draft)(const struct story *story, const struct actor *author);
    /* What has to be there before it is carried out. */
    void (*prepare)(const struct story *story, int64_t letter_id);
} LETTER_CASES[] = {
    {"general", NULL},
    {"agent_change", "act=add;code=1001;permissions=manual_dial;person_id="},
    {"number_change", "act=add;number=0571-8888 1234"},
    /* Its month is over: it is kept, and nothing has to be verified before it is answered. */
    {"penalty_evidence", "agent_code=1001;month=2026-02;fact=Never said who called", NULL,
     judge_evidence},
    {"month_rules", "from_month=2026-12;evidence_day=3;inclusive=yes;appeal_days=3"},
    {"reward", NULL, reward_draft},
    {"number_permission", "number=95188;to=2026-12-31;purpose=Peak;acknowledged=yes"},
    {"scheme_consent", NULL, consent_draft},
    {"consequence", NULL, consequence_draft},
    {"manager_addition", NULL, addition_draft},
    {"business_change", "kind=new_business;name=Renewals;train_by=2026-06-01;guide_from=2026-06-02;"
                        "week=working_days"},
    {"replacement", "reason=Rude;person_id=", NULL, hand_over},
    {"deduction_rules", "from_month=2026-12;name=Score;term=1;function=per_point_amount;"
                        "rests_on=result;line=85;rate_fen=300"},
};

static const struct letter_case *letter_case_of(const char *type)
{
    for (size_t i = 0; i < sizeof LETTER_CASES / sizeof LETTER_CASES[0]; i++)
        if (strcmp(LETTER_CASES[i].type, type) == 0)
            return &LETTER_CASES[i];
    fail_msg("%s: this test has no case of it", type);
    return NULL;
}

/* The types are the program's own, not those of the tests of letters. */
static struct story calls_of(void **state)
{
    const struct letter_type *types[64] = {NULL};
    for (size_t i = 0; i < letter_types_count(); i++)
        types[i] = letter_types_at(i);
    struct story story = story_of(state);
    letters_use(types);
    act(story.world, &ACTOR_SYSTEM);
    a_term(story.world, story.contract, "1");
    tamper(story.world, "UPDATE contracts SET service = 'outbound_call', state = 'active'");
    act(story.world, &ACTOR_SYSTEM);
    a_scheme_in_force(story.world, story.contract, NULL);
    struct number own = {.owner_id = story.world->client,
                         .number = "0571-8888 1234",
                         .carrier = "Carrier",
                         .proof = "Paper"};
    struct number lent = own;
    lent.owner_id = story.world->provider;
    lent.number = "95188";
    assert_int_equal(add(story.world, &NUMBERS, &own), OK);
    assert_int_equal(add(story.world, &NUMBERS, &lent), OK);
    return story;
}

static int64_t typed_draft(const struct story *story, const struct actor *author,
                           const struct letter_type *type)
{
    struct world *world = story->world;
    const struct letter_case *known = letter_case_of(type->name);
    const char *line = known->line;
    if (known->draft)
        return known->draft(story, author);
    struct letter letter = letter_draft(story);
    void *row = line ? arena_alloc(world->test.arena, type->line_size) : NULL;
    letter.type = type->name;
    if (line && line[strlen(line) - 1] == '=')
        line = arena_printf(world->test.arena, "%s%lld", line,
                            (long long)a_person(world, world->provider, 0));
    if (line) {
        letter_line_read(world, type, line, row);
        letter.lines = letter_lines_text(world->test.arena, type, row, 1);
    }
    const int64_t id = drafted(story, author, letter);
    struct document proof = {.subject = "letters",
                             .subject_id = id,
                             .retention = RETENTION_LONG,
                             .state = DOCUMENT_KEPT};
    fields_blank(DOCUMENTS.fields, &proof);
    act(world, &ACTOR_SYSTEM);
    if (type->needs_attachment)
        assert_int_equal(add(world, &DOCUMENTS, &proof), OK);
    return id;
}

static void letter_goes_its_way(const struct story *story, const struct letter_type *type)
{
    struct world *world = story->world;
    const bool by_client = type->from & 1u << SIDE_CLIENT;
    const struct actor *sender = by_client ? story->division : story->provider,
                       *receiver = by_client ? story->provider : story->division;
    const struct instant start = world->test.cx.now;
    const int64_t id = typed_draft(story, sender, type);
    if (!(type->from & 1u << receiver->side)) {
        struct letter foreign = letter_draft(story);
        foreign.type = type->name;
        act(world, receiver);
        assert_int_equal(add(world, &LETTERS, &foreign), INVALID);
        assert_true(was_rejected(world, "type", "not_your_type"));
    }
    assert_int_equal(send_as(story, sender, id), OK);
    if (letter_of(story, id).state != LETTER_SENT) /* countersigned */
        assert_int_equal(send_as(story, by_client ? story->pm : story->duty, id), OK);
    const struct duty_rule decide = {.due = type->decide};
    assert_int_equal(letter_of(story, id).due_at.ms, due_of(&world->test.cx, &decide, start).ms);
    assert_int_equal(step_as(story, sender, id, "approve", "Right"), FORBIDDEN);
    assert_code(world, "letter.other_side");
    tick_at(world, letter_of(story, id).due_at);
    assert_int_equal(newest(world, "decide_letter")->state, DUTY_OPEN);
    tick_at(world, (struct instant){letter_of(story, id).due_at.ms + 1});
    assert_int_equal(newest(world, "decide_letter")->state, DUTY_OVERDUE);
    assert_int_equal(step_as(story, receiver, id, "approve", "Right"), OK);
    const char *last = type->execute ? "execute" : "answer";
    assert_int_equal(step_as(story, sender, id, last, "Done"), FORBIDDEN);
    const struct duty_rule carry_out = {.due = type->execute_in};
    assert_int_equal(letter_of(story, id).due_at.ms,
                     due_of(&world->test.cx, &carry_out, world->test.cx.now).ms);
    if (letter_case_of(type->name)->prepare)
        letter_case_of(type->name)->prepare(story, id);
    assert_int_equal(step_as(story, receiver, id, last, "Done"), OK);
    assert_int_equal(letter_of(story, id).state, LETTER_ANSWERED);
    assert_int_equal(newest(world, "decide_letter")->state, DUTY_MET);
    world->test.cx.now = start;
}

static void C1_1_C1_2_every_type_of_letter_has_its_way_its_side_and_its_deadline(void **state)
{
    const struct story story = calls_of(state);
    assert_true(letter_types_count() >= 4);
    for (size_t i = 0; i < letter_types_count(); i++)
        letter_goes_its_way(&story, letter_types_at(i));
}

/* ---- duties ---- */

#define SOMEBODY "(SELECT min(id) FROM people)"
#define REPORT_OF_FEBRUARY "UPDATE supervision_reports SET month = '2026-02', "
static const struct duty_case {
    const char *rule;
    const struct resource *resource; /* its record is looked at: the first one there is */
    const char *owed, *kept;         /* what makes it owed, and what fulfils it */
    enum duty_state end;             /* after what fulfils it */
    bool inspected;                  /* of a contract that is inspected, else of calls */
} DUTY_CASES[] = {
    {"name_executor", &CONTRACTS, "UPDATE contracts SET state = 'draft', executor_id = NULL",
     "UPDATE contracts SET executor_id = " SOMEBODY, DUTY_MET},
    {"name_contact", &CONTRACTS,
     "UPDATE contracts SET state = 'draft', service = 'outbound_call', contact_id = NULL",
     "UPDATE contracts SET contact_id = " SOMEBODY, DUTY_MET},
    {"brief_executor", &CONTRACTS,
     "UPDATE contracts SET state = 'draft', briefing = 'missing', executor_id = " SOMEBODY,
     "UPDATE contracts SET briefing = 'signed'", DUTY_MET},
    {"sign_briefing", &BRIEFINGS, "UPDATE briefings SET state = 'draft', held_on = '2026-03-02'",
     "UPDATE briefings SET state = 'signed'", DUTY_MET},
    {"activate", &CONTRACTS, "UPDATE contracts SET state = 'draft', briefing = 'signed'",
     "UPDATE contracts SET state = 'active'", DUTY_MET},
    {"contract_ends", &CONTRACTS, "UPDATE contracts SET state = 'active'",
     "UPDATE contracts SET state = 'ended'", DUTY_MET},
    {"renew_qualification", &QUALIFICATIONS,
     "UPDATE qualifications SET valid_to = CASE WHEN id = 1 THEN '2026-12-31' ELSE '2026-02-01' "
     "END",
     "UPDATE qualifications SET valid_to = '2027-12-31' WHERE id = 2", DUTY_MET},
    {"watch_qualification", &QUALIFICATIONS,
     "UPDATE qualifications SET valid_to = CASE WHEN id = 1 THEN '2026-12-31' ELSE '2026-02-01' "
     "END",
     "UPDATE qualifications SET valid_to = '2027-12-31' WHERE id = 2", DUTY_MET},
    {"decide_letter", &LETTERS,
     "UPDATE letters SET state = 'sent', turn = 'provider', due_at = " FAR_AWAY,
     "UPDATE letters SET state = 'refused', turn = ''", DUTY_MET},
    {"correct_letter", &LETTERS,
     "UPDATE letters SET state = 'returned', turn = 'client', due_at = " FAR_AWAY,
     "UPDATE letters SET state = 'sent', turn = 'provider'", DUTY_MET},
    {"execute_letter", &LETTERS,
     "UPDATE letters SET type = 'agent_change', state = 'approved', turn = 'provider', "
     "due_at = " FAR_AWAY,
     "UPDATE letters SET state = 'answered', turn = ''", DUTY_MET},
    {"answer_letter", &LETTERS,
     "UPDATE letters SET type = 'general', state = 'approved', turn = 'provider', "
     "due_at = " FAR_AWAY,
     "UPDATE letters SET state = 'answered', turn = ''", DUTY_MET},
    {"submit_evaluation", &EVALUATIONS,
     "UPDATE evaluations SET state = 'drafted', submit_by = " FAR_AWAY,
     "UPDATE evaluations SET state = 'submitted', audit_by = " FAR_AWAY, DUTY_MET},
    {"audit_evaluation", &EVALUATIONS,
     "UPDATE evaluations SET state = 'submitted', audit_by = " FAR_AWAY,
     "UPDATE evaluations SET state = 'audited'", DUTY_MET},
    {"answer_audit", &EVALUATION_OBJECTIONS,
     "UPDATE evaluation_objections SET source = 'audit', state = 'open', decide_by = " FAR_AWAY,
     "UPDATE evaluation_objections SET state = 'answered'", DUTY_MET},
    {"decide_evaluation_objection", &EVALUATION_OBJECTIONS,
     "UPDATE evaluation_objections SET source = 'party', state = 'open', decide_by = " FAR_AWAY,
     "UPDATE evaluation_objections SET state = 'rejected'", DUTY_MET},
    {"answer_finding", &AUDIT_FINDINGS,
     "UPDATE audit_findings SET state = 'open', answer_by = " FAR_AWAY,
     "UPDATE audit_findings SET state = 'answered'", DUTY_MET},
    {"decide_consequence", &CONSEQUENCES, "UPDATE consequences SET state = 'proposed'",
     "UPDATE consequences SET state = 'dropped'", DUTY_MET},
    {"tell_consequence", &CONSEQUENCES,
     "UPDATE consequences SET state = 'decided', decided_at = 1772400000000",
     "UPDATE consequences SET state = 'told'", DUTY_MET},
    {"fill_staff", &STAFF_REQUIREMENTS, "UPDATE staff_requirements SET count = 5",
     "UPDATE staff_requirements SET count = 0", DUTY_MET},
    {"write_handover", &LETTERS,
     "UPDATE letters SET type = 'replacement', state = 'approved', turn = 'provider', "
     "lines = '[{\"reason\":\"Rude\"}]', decided_at = 1772400000000, due_at = " FAR_AWAY,
     "UPDATE letters SET state = 'answered', turn = ''", DUTY_MET},
    {"train_on_site", &BUSINESS_CHANGES, "UPDATE business_changes SET training_id = NULL",
     "UPDATE business_changes SET training_id = 1", DUTY_MET},
    {"write_guidance", &GUIDANCE_LOGS, "UPDATE guidance_logs SET state = 'owed'",
     "UPDATE guidance_logs SET state = 'written'", DUTY_MET},
    {"investigate_case", &SUBCONTRACTING_CASES,
     "UPDATE subcontracting_cases SET state = 'suspected', found_at = 1772400000000",
     "UPDATE subcontracting_cases SET state = 'investigated'", DUTY_MET},
    {"decide_case", &SUBCONTRACTING_CASES,
     "UPDATE subcontracting_cases SET state = 'investigated', investigated_at = 1772400000000",
     "UPDATE subcontracting_cases SET state = 'dismissed'", DUTY_MET},
    {"answer_count", &HEAD_COUNTS, "UPDATE head_counts SET state = 'counted', at = 1772400000000",
     "UPDATE head_counts SET state = 'acknowledged'", DUTY_MET},
    {"decide_count", &HEAD_COUNTS,
     "UPDATE head_counts SET state = 'objected', objection = 'No', answered_at = 1772400000000",
     "UPDATE head_counts SET state = 'rejected'", DUTY_MET},
    {"renew_work_certificate", &WORK_CERTIFICATES,
     "UPDATE work_certificates SET needed = TRUE, valid_to = '2026-12-31'",
     "UPDATE work_certificates SET needed = FALSE", DUTY_WAIVED},
    {"renew_number", &NUMBER_PERMISSIONS,
     "UPDATE number_permissions SET state = 'active', \"to\" = '2026-12-31'",
     "UPDATE number_permissions SET state = 'ended'", DUTY_WAIVED},
    {"answer_issue", &ISSUES, "UPDATE issues SET answered_at = 0, state = 'open'",
     "UPDATE issues SET answered_at = 1, state = 'answered'", DUTY_MET},
    {"solve_issue", &ISSUES, "UPDATE issues SET state = 'open'",
     "UPDATE issues SET state = 'solved'", DUTY_MET},
    {"state_view", &VIOLATIONS, "UPDATE violations SET state = 'open', state_by = " FAR_AWAY,
     "UPDATE violations SET state = 'stated'", DUTY_MET},
    {"decide_violation", &VIOLATIONS,
     "UPDATE violations SET state = 'stated', stated_at = 1772400000000, decider_id = NULL",
     "UPDATE violations SET state = 'dismissed', decider_id = recorder_id", DUTY_MET},
    {"acknowledge_finding", &PATROL_FINDINGS, "UPDATE patrol_findings SET state = 'open'",
     "UPDATE patrol_findings SET state = 'acknowledged'", DUTY_MET},
    {"investigate_leak", &LEAKS, "UPDATE leaks SET state = 'open'",
     "UPDATE leaks SET state = 'investigated', liability = 'client'", DUTY_MET},
    {"close_leak", &LEAKS,
     "UPDATE leaks SET state = 'investigated', liability = 'client', "
     "investigated_at = 1772400000000",
     "UPDATE leaks SET state = 'closed'", DUTY_MET},
    {"read_review", &REVIEWS, "UPDATE reviews SET state = 'published', appeal_by = " FAR_AWAY,
     "UPDATE reviews SET state = 'final'", DUTY_MET},
    {"decide_appeal", &REVIEWS,
     "UPDATE reviews SET state = 'appealed', appealed_at = 1772400000000",
     "UPDATE reviews SET state = 'final', decider_id = reviewer_id", DUTY_MET},
    {"judge_call", &REVIEWS, "UPDATE reviews SET state = 'draft', published_at = 0",
     "UPDATE reviews SET state = 'published', appeal_by = " FAR_AWAY, DUTY_MET},
    {"explain_exception", &CALL_EXCEPTIONS, "UPDATE call_exceptions SET state = 'open'",
     "UPDATE call_exceptions SET state = 'explained', reason = 'Why'", DUTY_MET},
    {"hand_in_evidence", &MONTHS, "UPDATE months SET state = 'open', evidence_by = " FAR_AWAY,
     "UPDATE months SET state = 'evidence_closed'", DUTY_WAIVED},
    {"compute_month", &MONTHS,
     "UPDATE months SET state = 'evidence_closed', evidence_by = 1772400000000",
     "UPDATE months SET state = 'computed', computed_at = 1772400000000", DUTY_MET},
    {"publish_month", &MONTHS, "UPDATE months SET state = 'computed', computed_at = 1772400000000",
     "UPDATE months SET state = 'published', appeal_by = 1772400000000", DUTY_MET},
    {"lock_month", &MONTHS, "UPDATE months SET state = 'published', appeal_by = 1772400000000",
     "UPDATE months SET state = 'locked'", DUTY_MET},
    {"decide_sheet_appeal", &APPEALS, "UPDATE appeals SET state = 'open', decide_by = " FAR_AWAY,
     "UPDATE appeals SET state = 'rejected'", DUTY_MET},
    {"file_report", &UNITS, "UPDATE contracts SET state = 'active'",
     REPORT_OF_FEBRUARY "state = 'filed'", DUTY_MET},
    {"receive_report", &SUPERVISION_REPORTS,
     REPORT_OF_FEBRUARY "state = 'filed', filed_at = 1772400000000",
     REPORT_OF_FEBRUARY "state = 'received'", DUTY_MET},
    {"note_report", &SUPERVISION_REPORTS,
     REPORT_OF_FEBRUARY "state = 'received', received_at = 1772400000000",
     REPORT_OF_FEBRUARY "state = 'noted'", DUTY_MET},
    {"file_division_report", &UNITS, "UPDATE contracts SET state = 'active'",
     REPORT_OF_FEBRUARY "state = 'filed', unit_id = (SELECT min(id) FROM units WHERE kind = "
                        "'division')",
     DUTY_MET},
    {"file_rules", &UNITS, "UPDATE division_rules SET filed_at = 0",
     "UPDATE division_rules SET filed_at = 1", DUTY_MET, true},
    {"receive_rules", &DIVISION_RULES,
     "UPDATE division_rules SET state = 'filed', filed_at = 1772400000000",
     "UPDATE division_rules SET state = 'received'", DUTY_MET},
    {"write_standard", &CONTRACTS, "UPDATE standards SET approved_at = 0",
     "UPDATE standards SET approved_at = 1", DUTY_MET, true},
    {"cover_contract", &CONTRACTS, "UPDATE areas SET \"from\" = '2027-01-01'",
     "UPDATE areas SET \"from\" = '2026-01-05'", DUTY_MET, true},
    {"name_persons", &AREAS, "UPDATE area_persons SET \"from\" = '2027-01-01'",
     "UPDATE area_persons SET \"from\" = '2026-01-05'", DUTY_MET},
    {"publish_areas", &UNITS, "UPDATE area_publications SET published_at = 0",
     "UPDATE area_publications SET published_at = " FAR_AWAY, DUTY_MET},
    {"receive_areas", &AREA_PUBLICATIONS,
     "UPDATE area_publications SET state = 'published', published_at = 1772400000000",
     "UPDATE area_publications SET state = 'received'", DUTY_MET},
    /* In March, of the quarter that ends with it. */
    {"survey_quarter", &CONTRACTS, "UPDATE contracts SET created_at = 1",
     "UPDATE surveys SET kind = 'served_party', state = 'closed', answered = 1", DUTY_MET},
    /* In March, of February: the rules hold since January. */
    {"draft_settlement", &CONTRACTS, "UPDATE settlements SET month = '2026-01'",
     "UPDATE settlements SET month = '2026-02', state = 'sent'", DUTY_MET},
    {"decide_deduction", &DEDUCTION_EVENTS,
     "UPDATE deduction_events SET state = 'objected', objected_at = 1772400000000",
     "UPDATE deduction_events SET state = 'stands'", DUTY_MET},
    {"answer_settlement", &SETTLEMENTS, "UPDATE settlements SET state = 'sent'",
     "UPDATE settlements SET state = 'agreed'", DUTY_MET},
    {"decide_settlement", &SETTLEMENTS, "UPDATE settlements SET state = 'disputed'",
     "UPDATE settlements SET state = 'agreed'", DUTY_MET},
    {"approve_settlement", &SETTLEMENTS, "UPDATE settlements SET state = 'agreed'",
     "UPDATE settlements SET state = 'approved'", DUTY_MET},
    {"pay_settlement", &SETTLEMENTS, "UPDATE settlements SET state = 'approved'",
     "UPDATE settlements SET state = 'paid'", DUTY_MET},
    {"consider_termination", &SETTLEMENTS,
     "UPDATE settlements SET state = 'approved', cap_reached = TRUE, approved_at = 1772400000000",
     "UPDATE contracts SET state = 'terminated'", DUTY_MET},
    {"convene_acceptance", &ACCEPTANCES, "UPDATE acceptances SET state = 'requested'",
     "UPDATE acceptances SET state = 'convened'", DUTY_MET},
    {"check_acceptance", &ACCEPTANCES, "UPDATE acceptances SET state = 'convened'",
     "UPDATE acceptances SET state = 'decided'", DUTY_MET},
    {"sign_acceptance", &ACCEPTANCES,
     "UPDATE acceptances SET state = 'decided', countersign_by = " FAR_AWAY,
     "UPDATE acceptances SET state = 'signed'", DUTY_MET},
    {"settle_objection", &ACCEPTANCES, "UPDATE acceptances SET state = 'disputed'",
     "UPDATE acceptances SET state = 'signed'", DUTY_MET},
    {"audit_acceptance", &ACCEPTANCES,
     "UPDATE acceptances SET state = 'signed', audit_by = " FAR_AWAY,
     "UPDATE acceptances SET state = 'final'", DUTY_MET},
    {"answer_acceptance_audit", &ACCEPTANCES, "UPDATE acceptances SET state = 'objected'",
     "UPDATE acceptances SET state = 'signed', audit_by = " FAR_AWAY, DUTY_MET},
    {"mend_defect", &ACCEPTANCE_DEFECTS,
     "UPDATE acceptance_defects SET state = 'issued', due_at = " FAR_AWAY,
     "UPDATE acceptance_defects SET state = 'answered', answered_at = 1772400000000", DUTY_MET},
    {"recheck_defect", &ACCEPTANCE_DEFECTS,
     "UPDATE acceptance_defects SET state = 'answered', answered_at = 1772400000000",
     "UPDATE acceptance_defects SET state = 'closed'", DUTY_MET},
    {"settle_acceptance", &ACCEPTANCES,
     "UPDATE acceptances SET state = 'final', final_at = 1772400000000",
     "UPDATE settlements SET kind = 'acceptance', state = 'sent'", DUTY_MET},
    {"release_retention", &ACCEPTANCES,
     "UPDATE settlements SET kind = 'acceptance', state = 'paid', retained_fen = 500",
     "UPDATE settlements SET kind = 'retention', state = 'sent'", DUTY_MET},
    {"inspect_area", &INSPECTION_TASKS,
     "UPDATE inspection_tasks SET state = 'open', due_at = " FAR_AWAY,
     "UPDATE inspection_tasks SET state = 'done'", DUTY_MET},
    {"countersign_inspection", &INSPECTIONS,
     "UPDATE inspections SET state = 'finished', finished_at = 1772400000000",
     "UPDATE inspections SET state = 'countersigned'", DUTY_MET},
    {"rectify", &RECTIFICATIONS, "UPDATE rectifications SET state = 'issued', due_at = " FAR_AWAY,
     "UPDATE rectifications SET state = 'answered', answered_at = 1772400000000", DUTY_MET},
    {"reinspect", &RECTIFICATIONS,
     "UPDATE rectifications SET state = 'answered', answered_at = 1772400000000",
     "UPDATE rectifications SET state = 'closed'", DUTY_MET},
    {"decide_finding_appeal", &INSPECTION_APPEALS, "UPDATE inspection_appeals SET state = 'open'",
     "UPDATE inspection_appeals SET state = 'rejected'", DUTY_MET},
    {"confirm_treatment", &PEST_TREATMENTS, "UPDATE pest_treatments SET state = 'done'",
     "UPDATE pest_treatments SET state = 'confirmed'", DUTY_MET},
    {"confirm_maintenance", &MAINTENANCE_WORKS, "UPDATE maintenance_works SET state = 'done'",
     "UPDATE maintenance_works SET state = 'confirmed'", DUTY_MET},
};

static const struct duty_case *duty_case_of(const char *rule)
{
    for (size_t i = 0; i < sizeof DUTY_CASES / sizeof DUTY_CASES[0]; i++)
        if (strcmp(DUTY_CASES[i].rule, rule) == 0)
            return &DUTY_CASES[i];
    fail_msg("%s: this test has no case of it", rule);
    return NULL;
}

static int64_t stored(struct world *world, const struct resource *resource, void *record)
{
    fields_blank(resource->fields, record);
    assert_int_equal(add(world, resource, record), OK);
    return ((struct record *)record)->id;
}

/* A review about somebody of the provider's; what it rests on is another test's. */
static void an_exception(struct world *world, int64_t contract)
{
    struct call_exception exception = {.day = date_of(2026, 2, 10),
                                       .kind = FOUND_MISSING,
                                       .contract_id = contract,
                                       .provider_id = world->provider,
                                       .count = 1,
                                       .state = EXCEPTION_OPEN};
    stored(world, &CALL_EXCEPTIONS, &exception);
}

static void a_review(struct world *world, int64_t contract)
{
    const int64_t agent = a_person(world, world->provider, 0),
                  reviewer = a_person(world, world->provider, 0);
    struct review_form form = {.contract_id = contract, .name = "Form"};
    stored(world, &REVIEW_FORMS, &form);
    tamper(world,
           arena_printf(world->test.arena,
                        "INSERT INTO review_samples (id, version, created_at, updated_at, "
                        "contract_id, form_id, \"from\", \"to\", newcomer_calls, other_calls, "
                        "seed, pool, drawn, drawn_by) VALUES (1, 1, 0, 0, %lld, %lld, "
                        "'2026-02-01', '2026-02-28', 1, 1, 'seed', 1, '1', '')",
                        (long long)contract, (long long)form.id));
    stored(world, &REVIEWS,
           &(struct review){.call_id = 1,
                            .call_result = CALL_SUCCESS,
                            .contract_id = contract,
                            .unit_id = world->project,
                            .provider_id = world->provider,
                            .client_id = world->client,
                            .person_id = agent,
                            .sample_id = 1,
                            .form_id = form.id,
                            .reviewer_id = reviewer,
                            .carried = true,
                            .state = REVIEW_DRAFT});
}

/* A patrol's finding about one of the provider's, a violation and a leak; all are over. */
static void what_is_of_the_site(struct world *world, int64_t contract)
{
    const struct actor *duty = outsider_of(world, world->provider, R(DUTY));
    const struct date day = instant_date(world->test.cx.now, SHANGHAI_OFFSET_MIN);
    struct conduct_rule rule = {.number = "1", .text = "On time", .points = {100}, .from = day};
    struct site_rule site_rule = {.text = "Phones silent"};
    struct patrol patrol = {.contract_id = contract, .site = "Second floor"};
    act(world, duty);
    stored(world, &CONDUCT_RULES, &rule);
    stored(world, &SITE_RULES, &site_rule);
    stored(world, &PATROLS, &patrol);
    stored(world, &PATROL_FINDINGS,
           &(struct patrol_finding){.patrol_id = patrol.id,
                                    .contract_id = contract,
                                    .provider_id = world->provider,
                                    .client_id = world->client,
                                    .unit_id = world->project,
                                    .side = SIDE_PROVIDER,
                                    .rule_id = site_rule.id,
                                    .person_id = duty->person_id,
                                    .state = FINDING_ACKNOWLEDGED});
    stored(world, &VIOLATIONS,
           &(struct violation){.contract_id = contract,
                               .person_id = duty->person_id,
                               .rule_id = rule.id,
                               .at = world->test.cx.now,
                               .fact = "Late"});
    stored(world, &LEAKS,
           &(struct leak){.contract_id = contract,
                          .channel = LEAK_USB,
                          .what = "A list",
                          .happened_at = world->test.cx.now,
                          .found_by = "Duty"});
    tamper(world, "UPDATE violations SET state = 'void'");
    tamper(world, "UPDATE leaks SET state = 'closed'");
    act(world, &ACTOR_SYSTEM);
}

/* A change of business by the letter that there is, with its training and a day of guidance. */
static void a_change(struct world *world, int64_t contract)
{
    struct training_subject subject = {
        .contract_id = contract, .tier = TIER_MANAGERS, .name = "Leading", .pass_score = {8000}};
    stored(world, &TRAINING_SUBJECTS, &subject);
    stored(world, &TRAININGS,
           &(struct training){.subject_id = subject.id,
                              .trainer_id = a_person(world, world->client, world->headquarters),
                              .held_on = date_of(2026, 3, 1)});
    struct business_change change = {.contract_id = contract,
                                     .letter_id = 1,
                                     .kind = CHANGE_NEW_BUSINESS,
                                     .week = WEEK_NATURAL_DAYS,
                                     .train_by = date_of(2026, 3, 20),
                                     .training_id = 1,
                                     .days = 7,
                                     .state = BUSINESS_CHANGE_RUNNING};
    stored(world, &BUSINESS_CHANGES, &change);
    stored(world, &GUIDANCE_LOGS,
           &(struct guidance_log){.change_id = change.id,
                                  .contract_id = contract,
                                  .number = 1,
                                  .day = date_of(2026, 3, 20),
                                  .state = GUIDANCE_WRITTEN});
}

/* Rules of the division, a standard, and an area with its person, published; the service is one
 * that is inspected while these are looked at. */
static void what_is_inspected(struct world *world, int64_t contract)
{
    tamper(world, "UPDATE contracts SET service = 'cleaning', state_at = 1772400000000");
    stored(world, &DIVISION_RULES,
           &(struct division_rule){
               .unit_id = world->division, .name = "Rules", .from = date_of(2026, 1, 1)});
    struct standard standard = {.unit_id = world->project,
                                .service = SERVICE_CLEANING,
                                .name = "Standard",
                                .from = date_of(2026, 1, 1)};
    stored(world, &STANDARDS, &standard);
    struct area area = {
        .contract_id = contract, .name = "Hall", .size_m2 = 1, .from = date_of(2026, 1, 5)};
    stored(world, &AREAS, &area);
    stored(world, &AREA_PERSONS,
           &(struct area_person){.area_id = area.id,
                                 .person_id = a_person(world, world->client, world->project),
                                 .from = date_of(2026, 1, 5)});
    stored(world, &AREA_PUBLICATIONS,
           &(struct area_publication){.organisation_id = world->client,
                                      .unit_id = world->project,
                                      .name = "Project",
                                      .revision = 1,
                                      .channel = "Desk",
                                      .rows = "[]",
                                      .state = AREAS_SUPERSEDED});
    inspections_of_each(world, contract, area.id, standard.id, "outbound_call");
}

/* One record of each kind that duties are about; nothing is owed about them yet. */
static void one_of_each(struct world *world)
{
    const int64_t contract = a_contract(world, world->project, world->provider);
    const struct actor *briefer = member_of(world, world->division, R(DIVISION));
    tamper(world, "UPDATE contracts SET state = 'active', service = 'outbound_call', "
                  "starts_on = '2026-01-05', ends_on = '2026-12-31'");
    struct number number = {
        .owner_id = world->client, .number = "95188", .carrier = "Carrier", .proof = "Paper"};
    for (int i = 0; i < 2; i++)
        stored(world, &QUALIFICATIONS,
               &(struct qualification){.organisation_id = world->provider,
                                       .kind = QUALIFICATION_LICENCE,
                                       .name = "Licence",
                                       .required = true,
                                       .valid_to = date_of(2026, 2, 1)});
    stored(world, &BRIEFINGS,
           &(struct briefing){.contract_id = contract,
                              .briefer_id = briefer->person_id,
                              .executor_id = a_person(world, world->client, world->project),
                              .held_on = date_of(2026, 3, 1),
                              .place = "Office",
                              .state = BRIEFING_SIGNED});
    stored(world, &NUMBER_PERMISSIONS,
           &(struct number_permission){.number_id = stored(world, &NUMBERS, &number),
                                       .contract_id = contract,
                                       .state = PERMISSION_ENDED});
    stored(world, &LETTERS,
           &(struct letter){.type = "general",
                            .contract_id = contract,
                            .from_side = SIDE_CLIENT,
                            .subject = "Letter"});
    stored(world, &STAFF_REQUIREMENTS,
           &(struct staff_requirement){
               .contract_id = contract, .job = JOB_QA, .from = date_of(2026, 1, 5), .count = 1});
    stored(world, &SUBCONTRACTING_CASES,
           &(struct subcontracting_case){.organisation_id = world->provider,
                                         .person_name = "Stranger"});
    stored(world, &HEAD_COUNTS,
           &(struct head_count){.contract_id = contract,
                                .provider_id = world->provider,
                                .client_id = world->client,
                                .unit_id = world->project,
                                .counter_id = briefer->person_id,
                                .place = "Lobby",
                                .state = HEAD_COUNT_ACKNOWLEDGED});
    stored(world, &WORK_CERTIFICATES,
           &(struct work_certificate){.person_id = a_person(world, world->provider, 0),
                                      .kind = WORKS_AT_HEIGHT});
    stored(world, &ISSUES,
           &(struct issue){.contract_id = contract,
                           .kind = ISSUE_PROBLEM,
                           .priority = ISSUE_NORMAL,
                           .source = ISSUE_ON_SITE,
                           .subject = "Water on the floor"});
    stored(world, &SUPERVISION_REPORTS,
           &(struct supervision_report){.unit_id = world->project,
                                        .month = month_of(date_of(2026, 1, 1))});
    a_review(world, contract);
    an_exception(world, contract);
    what_is_of_the_site(world, contract);
    a_change(world, contract);
    one_of_each_of_a_month(world, contract);
    one_of_each_of_an_evaluation(world, contract);
    one_of_each_of_an_acceptance(world, contract);
    one_of_each_of_a_survey(world, contract);
    one_of_each_of_a_settlement(world, contract);
    tamper(world, "DELETE FROM penalties");
    what_is_inspected(world, contract);
}

struct looking {
    const struct resource *resource;
    int64_t id;
};

static enum result look_run(struct ctx *cx, void *host)
{
    const struct looking *looking = host;
    void *record = arena_alloc(cx->mem, looking->resource->size);
    TRY(record_get(cx, looking->resource, looking->id, record));
    trail_add(cx, "change", looking->resource, record, "", "");
    return OK;
}

/* As if it had been changed to this by its own steps. */
static void becomes(struct world *world, const struct duty_case *one, const char *sql)
{
    const bool of_division =
        strcmp(one->rule, "file_rules") == 0 || strcmp(one->rule, "file_division_report") == 0;
    struct looking looking = {one->resource, one->resource != &UNITS ? 1
                                             : of_division           ? world->division
                                                                     : world->project};
    tamper(world, sql);
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(world, look_run, &looking), OK);
}

/* Whoever holds the role on that side has it, and nobody of the other side, whatever the role. */
static void assert_side(struct world *world, const struct duty *duty)
{
    const bool by_client = duty->owner_side == SIDE_CLIENT;
    const unsigned role = choice_find(ROLES, duty->owner_role, strlen(duty->owner_role));
    const uint64_t holds = UINT64_C(1) << role;
    const struct actor *own = by_client ? member_of(world, world->headquarters, holds)
                                        : outsider_of(world, world->provider, holds),
                       *other = by_client
                                    ? outsider_of(world, world->provider, R(PROVIDER) | R(DUTY))
                                    : member_of(world, world->headquarters, R(OPS) | R(PM));
    if (has_it(world, other, duty->id))
        fail_msg("%s: the wrong side owes it", duty->rule);
    if (!duty->owner_id && !has_it(world, own, duty->id))
        fail_msg("%s: nobody who holds the role has it", duty->rule);
}

static struct duty duty_of(struct world *world, int64_t id)
{
    struct duty duty;
    act(world, &ACTOR_SYSTEM);
    get(world, &DUTIES, id, &duty);
    return duty;
}

static void duty_goes_its_way(struct world *world, const struct duty_rule *rule)
{
    const struct duty_case *one = duty_case_of(rule->name);
    const struct instant start = world->test.cx.now;
    tamper(world, "DELETE FROM duties");
    tamper(world, one->inspected
                      ? "UPDATE contracts SET state = 'active', service = 'cleaning'"
                      : "UPDATE contracts SET state = 'active', service = 'outbound_call'");
    becomes(world, one, one->owed);
    struct duty duty = *newest(world, rule->name);
    const struct instant due = duty.due_at.ms > start.ms ? duty.due_at : start;
    assert_string_equal(duty.clause, rule->clause);
    assert_int_equal(duty.state, DUTY_OPEN);
    if (duty.due_at.ms == due.ms) { /* else it is late already */
        tick_at(world, due);
        duty = duty_of(world, duty.id);
        assert_int_equal(duty.state, DUTY_OPEN);
        assert_side(world, &duty);
    }
    tick_at(world, (struct instant){due.ms + 1});
    duty = duty_of(world, duty.id);
    if (duty.state != DUTY_OVERDUE)
        fail_msg("%s: it does not become overdue", rule->name);
    assert_side(world, &duty);
    becomes(world, one, one->kept);
    if (duty_of(world, duty.id).state != one->end)
        fail_msg("%s: what fulfils it does not", rule->name);
    world->test.cx.now = start;
}

static void every_duty_has_its_way_its_side_and_its_deadline(void **state)
{
    struct world *world = *state;
    one_of_each(world);
    assert_non_null(duty_rule_at(0));
    for (size_t i = 0; duty_rule_at(i); i++)
        duty_goes_its_way(world, duty_rule_at(i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(C1_1_C1_2_every_type_of_letter_has_its_way_its_side_and_its_deadline),
        WORLD_TEST(every_duty_has_its_way_its_side_and_its_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
