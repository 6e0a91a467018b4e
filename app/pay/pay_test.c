/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* C2.4, C2.5: a month's pay follows from what was locked, by two people, and never changes. */
#include "app/pay/pay.h"

#include "app/agents/agent.h"
#include "app/appraisal/month.h"
#include "app/attendance/asked.h"
#include "app/scores/test_schemes.h"

static struct {
    const struct actor *manager, *duty;
    int64_t contract, scheme, month, first, second;
} cast;

static const struct month OCTOBER = {2026 * 12 + 10};

static int64_t an_agent(struct world *world, const char *name)
{
    struct person person = {.organisation_id = world->provider, .name = name, .job = JOB_AGENT};
    fields_blank(PEOPLE.fields, &person);
    assert_int_equal(add(world, &PEOPLE, &person), OK);
    return person.id;
}

static int64_t a_month(struct world *world, const char *month, const char *state)
{
    struct list list;
    tamper(world, arena_printf(
                      world->test.arena,
                      "INSERT INTO months (version, created_at, updated_at, contract_id, unit_id, "
                      "provider_id, client_id, month, evidence_by, closed_at, computed_at, people, "
                      "sha256, published_at, appeal_by, locked_at, reopen_asked_at, "
                      "reopen_reason, state) VALUES (1, 0, 0, %lld, %lld, %lld, %lld, '%s', 0, 0, "
                      "0, 2, '', 0, 0, 0, 0, '', '%s')",
                      (long long)cast.contract, (long long)world->project,
                      (long long)world->provider, (long long)world->client, month, state));
    act(world, &ACTOR_SYSTEM);
    world->test.cx.db = store_reader(world->test.store);
    const struct list_query query = {.limit = 1, .sort = "-id"};
    assert_int_equal(record_list(&world->test.cx, &MONTHS, &query, &list), OK);
    return ((const struct appraisal_month *)list.rows)->id;
}

static void a_sheet(struct world *world, int64_t month, const char *period, int64_t person,
                    const char *code, int total)
{
    tamper(
        world,
        arena_printf(
            world->test.arena,
            "INSERT INTO sheets (version, created_at, updated_at, month_id, contract_id, unit_id, "
            "provider_id, client_id, scheme_id, subject, subject_id, period, agent_code, "
            "appraised, total, deducted, adjusted, rank, grade, vetoed, options, lines, "
            "rule_version, sha256, total_before, rank_before, changed, change_reason, "
            "acknowledged_at, silent, state) VALUES (1, 0, 0, %lld, %lld, %lld, %lld, %lld, "
            "%lld, 'agent', %lld, '%s', '%s', TRUE, %d, 0, 0, 1, 'good', FALSE, '', '[]', 1, "
            "'x', 0, 0, FALSE, '', 0, FALSE, 'acknowledged')",
            (long long)month, (long long)cast.contract, (long long)world->project,
            (long long)world->provider, (long long)world->client, (long long)cast.scheme,
            (long long)person, period, code, total));
}

static void terms_of(struct world *world, int64_t person, int64_t base, int64_t performance)
{
    struct pay_terms terms = {.person_id = person,
                              .job = person ? 0 : JOB_AGENT,
                              .from_month = OCTOBER,
                              .base_fen = {base},
                              .performance_base_fen = {performance}};
    fields_blank(PAY_TERMS.fields, &terms);
    terms.from_month = OCTOBER;
    assert_int_equal(add(world, &PAY_TERMS, &terms), OK);
}

static void rules_of_contract(struct world *world)
{
    struct pay_rule rule = {.contract_id = cast.contract,
                            .subject = SCHEME_AGENT,
                            .from_month = OCTOBER,
                            .method = PAY_PROPORTIONAL,
                            .unscored = UNSCORED_NONE,
                            .region = "杭州"};
    fields_blank(PAY_RULES.fields, &rule);
    rule.sick_share = (struct points){6000};
    assert_int_equal(add(world, &PAY_RULES, &rule), OK);
}

static void rules(struct world *world)
{
    struct minimum_wage minimum = {.region = "杭州",
                                   .from_month = OCTOBER,
                                   .amount_fen = {249000},
                                   .deduction_share = {2000},
                                   .basis = "公告"};
    fields_blank(MINIMUM_WAGES.fields, &minimum);
    rules_of_contract(world);
    assert_int_equal(add(world, &MINIMUM_WAGES, &minimum), OK);
}

static struct world *opened(void **state)
{
    struct world *world = *state;
    act(world, &ACTOR_SYSTEM);
    cast.contract = a_contract(world, world->project, world->provider);
    tamper(world, "UPDATE contracts SET service = 'outbound_call', state = 'active'");
    cast.scheme = a_scheme(world, cast.contract);
    cast.first = an_agent(world, "First");
    cast.second = an_agent(world, "Second");
    cast.manager = outsider_of(world, world->provider, R(PROVIDER));
    cast.duty = outsider_of(world, world->provider, R(DUTY));
    cast.month = a_month(world, "2026-10", "locked");
    a_sheet(world, cast.month, "2026-10", cast.first, "1001", 8750);
    a_sheet(world, cast.month, "2026-10", cast.second, "1002", 9999);
    act(world, cast.manager);
    return world;
}

struct deed {
    int64_t id, out;
    const char *reason;
};

static enum result draft_run(struct ctx *cx, void *host)
{
    struct deed *deed = host;
    return pay_draft(cx, deed->id, &deed->out);
}

static enum result approve_run(struct ctx *cx, void *host)
{
    const char *reason = ((struct deed *)host)->reason;
    struct pay_sheet sheet;
    TRY(record_get(cx, &PAY_SHEETS, ((struct deed *)host)->id, &sheet));
    return pay_approve(cx, &sheet, reason ? reason : "");
}

static enum result agree_run(struct ctx *cx, void *host)
{
    struct pay_entry entry;
    TRY(record_get(cx, &PAY_ENTRIES, ((struct deed *)host)->id, &entry));
    return pay_entry_agree(cx, &entry);
}

static enum result void_run(struct ctx *cx, void *host)
{
    struct pay_entry entry;
    TRY(record_get(cx, &PAY_ENTRIES, ((struct deed *)host)->id, &entry));
    return pay_entry_void(cx, &entry, "The headset was found");
}

static enum result approve_entry_run(struct ctx *cx, void *host)
{
    struct pay_entry entry;
    TRY(record_get(cx, &PAY_ENTRIES, ((struct deed *)host)->id, &entry));
    return pay_entry_approve(cx, &entry);
}

static enum result approve_leave_run(struct ctx *cx, void *host)
{
    struct leave leave;
    TRY(record_get(cx, &LEAVES, ((struct deed *)host)->id, &leave));
    return asked_approve(cx, &LEAVES, (const struct asked *)&leave);
}

static enum result verify_run(struct ctx *cx, void *host)
{
    struct pay_fault fault;
    size_t count;
    TRY(pay_verify(cx, &fault, 1, &count));
    *(size_t *)host = count;
    return OK;
}

static enum result drafted(struct world *world, const struct actor *actor, int64_t *out_id)
{
    struct deed deed = {.id = cast.month};
    act(world, actor);
    const enum result result = attempt(world, draft_run, &deed);
    *out_id = deed.out;
    return result;
}

static enum result approved(struct world *world, const struct actor *actor, int64_t id)
{
    struct deed deed = {.id = id};
    act(world, actor);
    return attempt(world, approve_run, &deed);
}

static struct pay_line line_of(struct world *world, int64_t sheet, int64_t person)
{
    struct list list;
    struct list_query query = {.limit = 1};
    (void)list_condition(&world->test.cx, &PAY_LINES, "person_id",
                         arena_printf(world->test.arena, "%lld", (long long)person), &query);
    (void)list_condition(&world->test.cx, &PAY_LINES, "pay_sheet_id",
                         arena_printf(world->test.arena, "%lld", (long long)sheet), &query);
    act(world, cast.manager);
    world->test.cx.db = store_reader(world->test.store);
    assert_int_equal(record_list(&world->test.cx, &PAY_LINES, &query, &list), OK);
    assert_int_equal(list.count, 1);
    return *(const struct pay_line *)list.rows;
}

static void C2_4_pay_follows_from_the_locked_month(void **state)
{
    struct world *world = opened(state);
    struct pay_sheet sheet;
    int64_t id;
    assert_int_equal(drafted(world, cast.duty, &id), INVALID);
    assert_true(was_rejected(world, "pay_terms", "no_pay_terms"));
    assert_true(was_rejected(world, "pay_rules", "no_pay_rule"));
    act(world, cast.manager);
    terms_of(world, 0, 260000, 200000);
    terms_of(world, cast.second, 300000, 300000);
    rules(world);
    assert_int_equal(drafted(world, cast.duty, &id), OK);
    get(world, &PAY_SHEETS, id, &sheet);
    const struct pay_line first = line_of(world, id, cast.first);
    const struct pay_line second = line_of(world, id, cast.second);
    assert_int_equal(first.performance_fen.fen, 175000);
    assert_int_equal(first.total_fen.fen, 435000);
    assert_int_equal(second.performance_fen.fen, 299970); /* 3,000.00 * 0.9999 */
    assert_int_equal(sheet.people, 2);
    assert_int_equal(sheet.total_fen.fen, first.total_fen.fen + second.total_fen.fen);
    assert_int_equal(sheet.total_fen.fen, sheet.base_fen.fen + sheet.performance_fen.fen);
}

static void an_agent_id(struct world *world, int64_t person, const char *code, const char *from)
{
    tamper(world,
           arena_printf(world->test.arena,
                        "INSERT INTO agents (version, created_at, updated_at, contract_id, "
                        "person_id, code, permissions, state, \"from\", \"to\", letter_id, "
                        "search_key) VALUES (1, 0, 0, %lld, %lld, '%s', '', 'active', '%s', '', "
                        "NULL, '')",
                        (long long)cast.contract, (long long)person, code, from));
}

/* What the sheet of the month, drafted and approved, says of the first person. */
static struct pay_line paid(struct world *world)
{
    int64_t id;
    assert_int_equal(drafted(world, cast.duty, &id), OK);
    assert_int_equal(approved(world, cast.manager, id), OK);
    return line_of(world, id, cast.first);
}

/* Who changed to another contract on 16 October has a result on both: October has 22 paid days, of
 * which 11 lie before. The second person has results on both from the month's begin. */
static void C2_4_nobody_is_paid_twice_for_a_month_on_two_contracts(void **state)
{
    struct world *world = opened(state);
    size_t faults = 9;
    terms_of(world, 0, 260000, 200000);
    rules(world);
    an_agent_id(world, cast.first, "1001", "2026-09-01");
    act(world, &ACTOR_SYSTEM);
    const int64_t before = cast.month;
    const int64_t first_contract = cast.contract;
    cast.contract = a_contract(world, world->project, world->provider);
    tamper(world, "UPDATE contracts SET service = 'outbound_call', state = 'active'");
    cast.scheme = a_scheme(world, cast.contract);
    an_agent_id(world, cast.first, "2001", "2026-10-16");
    cast.month = a_month(world, "2026-10", "locked");
    a_sheet(world, cast.month, "2026-10", cast.first, "2001", 10000);
    a_sheet(world, cast.month, "2026-10", cast.second, "2002", 10000);
    act(world, cast.manager);
    rules_of_contract(world);
    const struct pay_line after = paid(world);
    assert_int_equal(after.days, 11);
    assert_int_equal(after.base_fen.fen, 130000);
    assert_int_equal(after.performance_fen.fen, 100000);
    cast.month = before;
    cast.contract = first_contract;
    const struct pay_line earlier = paid(world);
    assert_int_equal(earlier.days, 11);
    assert_int_equal(earlier.base_fen.fen + after.base_fen.fen, 260000);
    assert_int_equal(earlier.performance_fen.fen, 87500);
    const struct pay_line nothing = line_of(world, earlier.pay_sheet_id, cast.second);
    assert_int_equal(nothing.days, 0); /* paid by the other sheet, which was approved first */
    assert_int_equal(nothing.total_fen.fen, 0);
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(world, verify_run, &faults), OK);
    assert_int_equal(faults, 0);
}

static void C2_4_who_drafts_does_not_approve_and_what_is_approved_stands(void **state)
{
    struct world *world = opened(state);
    struct pay_sheet sheet;
    int64_t id, again;
    size_t faults = 9;
    terms_of(world, 0, 260000, 200000);
    rules(world);
    assert_int_equal(drafted(world, cast.manager, &id), OK);
    assert_int_equal(approved(world, cast.manager, id), FORBIDDEN);
    assert_code(world, "pay.same_person");
    assert_int_equal(drafted(world, cast.duty, &again), OK);
    assert_int_equal(again, id);
    act(world, cast.manager);
    terms_of(world, cast.first, 270000, 200000);
    assert_int_equal(approved(world, cast.manager, id), CONFLICT);
    assert_code(world, "pay.stale");
    assert_int_equal(drafted(world, cast.duty, &again), OK);
    assert_int_equal(approved(world, cast.manager, id), OK);
    get(world, &PAY_SHEETS, id, &sheet);
    assert_int_equal(sheet.state, PAY_APPROVED);
    assert_int_equal(drafted(world, cast.duty, &again), CONFLICT);
    assert_code(world, "pay.approved");
    act(world, cast.manager);
    struct pay_terms late = {.job = JOB_AGENT, .from_month = OCTOBER, .base_fen = {1}};
    fields_blank(PAY_TERMS.fields, &late);
    assert_int_equal(add(world, &PAY_TERMS, &late), INVALID);
    assert_true(was_rejected(world, "from_month", "paid_already"));
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(world, verify_run, &faults), OK);
    assert_int_equal(faults, 0);
    tamper(world, "UPDATE pay_lines SET total_fen = total_fen + 100 WHERE code = '1001'");
    assert_int_equal(attempt(world, verify_run, &faults), OK);
    assert_int_equal(faults, 1);
}

static struct pay_entry entry_of(enum pay_entry_kind kind, struct month month, int64_t amount)
{
    struct pay_entry entry = {.contract_id = cast.contract,
                              .person_id = cast.first,
                              .kind = kind,
                              .month = month,
                              .amount_fen = {amount},
                              .fact = "Broke a headset",
                              .basis = "Clause 9"};
    fields_blank(PAY_ENTRIES.fields, &entry);
    return entry;
}

static int64_t an_entry(struct world *world, enum pay_entry_kind kind, int64_t amount)
{
    struct pay_entry entry = entry_of(kind, OCTOBER, amount);
    act(world, cast.duty);
    assert_int_equal(add(world, &PAY_ENTRIES, &entry), OK);
    return entry.id;
}

static void C2_4_compensation_counts_once_the_person_agreed_and_another_approved(void **state)
{
    struct world *world = opened(state);
    struct pay_entry entry;
    int64_t id;
    terms_of(world, 0, 260000, 200000);
    rules(world);
    struct deed deed = {.id = an_entry(world, ENTRY_COMPENSATION, 100000)};
    act(world, cast.manager);
    assert_int_equal(attempt(world, approve_entry_run, &deed), CONFLICT);
    assert_int_equal(attempt(world, agree_run, &deed), FORBIDDEN);
    act(world, actor_of(world, cast.first, R(AGENT)));
    assert_int_equal(attempt(world, agree_run, &deed), OK);
    act(world, cast.manager);
    assert_int_equal(attempt(world, approve_entry_run, &deed), OK);
    assert_int_equal(drafted(world, cast.duty, &id), OK);
    const struct pay_line line = line_of(world, id, cast.first);
    assert_int_equal(line.deducted_fen.fen, 87000); /* 20 % of 4,350.00 */
    assert_int_equal(line.left_over_fen.fen, 13000);
    assert_int_equal(approved(world, cast.manager, id), OK);
    get(world, &PAY_ENTRIES, deed.id, &entry);
    assert_int_equal(entry.deducted_fen.fen, 87000);
    assert_int_equal(attempt(world, void_run, &deed), CONFLICT); /* it could be taken again */
    assert_code(world, "pay_entry.deducted");
}

static void C2_4_an_adjustment_is_approved_by_another_person(void **state)
{
    struct world *world = opened(state);
    int64_t id;
    terms_of(world, 0, 260000, 200000);
    rules(world);
    struct deed deed = {.id = an_entry(world, ENTRY_ADJUSTMENT, 5000)};
    act(world, cast.duty);
    assert_int_equal(attempt(world, approve_entry_run, &deed), FORBIDDEN);
    act(world, cast.manager);
    assert_int_equal(attempt(world, approve_entry_run, &deed), OK);
    assert_int_equal(drafted(world, cast.duty, &id), OK);
    assert_int_equal(line_of(world, id, cast.first).total_fen.fen, 440000);
}

/* As a fine would not: it names the slip, is no more than that, the person agrees, and it is
 * deducted within the limits of compensation. */
static void C2_4_what_is_taken_back_was_paid_is_agreed_to_and_keeps_the_limits(void **state)
{
    struct world *world = opened(state);
    int64_t id;
    terms_of(world, 0, 260000, 200000);
    rules(world);
    struct pay_entry fine = entry_of(ENTRY_ADJUSTMENT, (struct month){OCTOBER.months + 1}, -500000);
    act(world, cast.duty);
    assert_int_equal(add(world, &PAY_ENTRIES, &fine), INVALID);
    assert_true(was_rejected(world, "corrects_month", "corrects_what"));
    fine.corrects_month = OCTOBER;
    fine.corrects = PART_PERFORMANCE;
    assert_int_equal(add(world, &PAY_ENTRIES, &fine), INVALID);
    assert_true(was_rejected(world, "corrects_month", "not_paid_then"));
    assert_int_equal(drafted(world, cast.duty, &id), OK);
    assert_int_equal(approved(world, cast.manager, id), OK);
    act(world, cast.duty);
    assert_int_equal(add(world, &PAY_ENTRIES, &fine), INVALID);
    assert_true(was_rejected(world, "amount_fen", "beyond_slip"));
    fine.amount_fen.fen = -100000;
    assert_int_equal(add(world, &PAY_ENTRIES, &fine), OK);
    struct pay_entry more = fine;
    more.id = 0;
    more.amount_fen.fen = -75001; /* 1,750.00 were paid */
    assert_int_equal(add(world, &PAY_ENTRIES, &more), INVALID);
    assert_true(was_rejected(world, "amount_fen", "beyond_slip"));
    struct deed deed = {.id = fine.id};
    act(world, cast.manager);
    assert_int_equal(attempt(world, approve_entry_run, &deed), CONFLICT);
    act(world, actor_of(world, cast.first, R(AGENT)));
    assert_int_equal(attempt(world, agree_run, &deed), OK);
    act(world, cast.manager);
    assert_int_equal(attempt(world, approve_entry_run, &deed), OK);
    cast.month = a_month(world, "2026-11", "locked");
    a_sheet(world, cast.month, "2026-11", cast.first, "1001", 8750);
    assert_int_equal(drafted(world, cast.duty, &id), OK);
    const struct pay_line line = line_of(world, id, cast.first);
    assert_int_equal(line.adjustment_fen.fen, 0);
    assert_int_equal(line.deducted_fen.fen, 87000); /* 20 % of 4,350.00 */
    assert_int_equal(line.left_over_fen.fen, 13000);
    assert_int_equal(approved(world, cast.manager, id), OK);
    get(world, &PAY_ENTRIES, fine.id, &more);
    assert_int_equal(more.deducted_fen.fen, 87000);
}

/* Managers and others without a result are paid by the rule for them; whoever is not on the sheet
 * is named. */
static void C2_4_who_has_terms_is_paid_without_a_result_too(void **state)
{
    struct world *world = opened(state);
    struct pay_unlisted *unlisted;
    struct pay_sheet sheet;
    size_t count;
    int64_t id;
    terms_of(world, 0, 260000, 200000);
    rules(world);
    const int64_t third = an_agent(world, "Third");
    assert_int_equal(drafted(world, cast.duty, &id), OK);
    const struct pay_line line = line_of(world, id, third);
    assert_int_equal(line.sheet_id, 0);
    assert_int_equal(line.total_fen.fen, 260000); /* the rule pays no performance unscored */
    get(world, &PAY_SHEETS, id, &sheet);
    assert_int_equal(sheet.people, 3);
    world->test.cx.db = store_reader(world->test.store);
    assert_int_equal(pay_unlisted(&world->test.cx, &sheet, &unlisted, &count), OK);
    bool named = false;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(unlisted[i].why, UNLISTED_NO_TERMS);
        named |= unlisted[i].person_id == cast.duty->person_id;
    }
    assert_true(named);
}

struct shifts {
    int64_t person_id, kind_id;
    struct day_fill days[3];
};

static enum result plan_run(struct ctx *cx, void *host)
{
    const struct shifts *shifts = host;
    return attendance_fill(cx, cx->actor->organisation_id, shifts->person_id, "81001", shifts->days,
                           3);
}

/* Shifts from 12 to 14 October; no trace of the person on any of them where `came` is "". */
static void planned_and(struct world *world, int64_t person, const char *came)
{
    struct shift_kind kind = {.organisation_id = world->provider,
                              .name =
                                  arena_printf(world->test.arena, "Day %lld", (long long)person),
                              .starts = "09:00",
                              .ends = "18:00"};
    struct shifts shifts = {.person_id = person};
    fields_blank(SHIFT_KINDS.fields, &kind);
    act(world, cast.manager);
    assert_int_equal(add(world, &SHIFT_KINDS, &kind), OK);
    for (int i = 0; i < 3; i++)
        shifts.days[i] = (struct day_fill){date_of(2026, 10, 12 + i), kind.id, came, "", ""};
    assert_int_equal(attempt(world, plan_run, &shifts), OK);
}

static void planned(struct world *world, int64_t person)
{
    planned_and(world, person, "");
}

/* On a day of October, approved by another person. */
static void on_leave(struct world *world, int64_t person, enum leave_kind kind, int day)
{
    struct leave leave = {.person_id = person,
                          .kind = kind,
                          .from = date_of(2026, 10, day),
                          .to = date_of(2026, 10, day),
                          .part = PART_WHOLE,
                          .reason = "Asked"};
    fields_blank(LEAVES.fields, &leave);
    act(world, cast.duty);
    assert_int_equal(add(world, &LEAVES, &leave), OK);
    act(world, cast.manager);
    assert_int_equal(attempt(world, approve_leave_run, &(struct deed){.id = leave.id}), OK);
}

static int verify_count(struct world *world)
{
    size_t faults = 9;
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(world, verify_run, &faults), OK);
    return (int)faults;
}

static void C2_3_leave_without_pay_and_sick_days_reduce_the_base_other_leave_does_not(void **state)
{
    struct world *world = opened(state);
    int64_t id;
    terms_of(world, 0, 260000, 200000);
    rules(world);
    world->test.cx.now = instant_of(date_of(2026, 11, 9), 600, SHANGHAI_OFFSET_MIN);
    tamper(world, "UPDATE months SET state = 'evidence_closed'");
    planned(world, cast.first);
    on_leave(world, cast.first, LEAVE_PERSONAL, 12);
    on_leave(world, cast.first, LEAVE_SICK, 13);
    on_leave(world, cast.first, LEAVE_ANNUAL, 14);
    planned(world, cast.second);
    on_leave(world, cast.second, LEAVE_MARRIAGE, 13);
    planned_and(world, an_agent(world, "Third"), "08:58");
    tamper(world, "UPDATE months SET state = 'locked'");
    assert_int_equal(drafted(world, cast.duty, &id), OK);
    const struct pay_line first = line_of(world, id, cast.first);
    assert_int_equal(first.unpaid_days.hundredths, 100);
    assert_int_equal(first.sick_days.hundredths, 100);
    assert_int_equal(first.missed_fen.fen, 11954 + 2795); /* as in wage_test.c */
    assert_int_equal(first.total_fen.fen, 435000 - 14749);
    const struct pay_line second = line_of(world, id, cast.second);
    assert_int_equal(second.absent_days.hundredths, 200); /* the days that nobody asked about */
    assert_int_equal(second.missed_fen.fen, 23908);
    assert_int_equal(approved(world, cast.manager, id), OK);
    assert_int_equal(verify_count(world), 0);
    tamper(world, "UPDATE leaves SET kind = 'annual' WHERE kind = 'personal'");
    assert_int_equal(verify_count(world), 1);
}

/* Nobody is away because a file was not imported. */
static void C2_3_days_without_any_clocking_are_not_deducted_and_approved_with_a_reason(void **state)
{
    struct world *world = opened(state);
    struct pay_sheet sheet;
    struct deed deed = {.reason = "The machine was broken"};
    terms_of(world, 0, 260000, 200000);
    rules(world);
    world->test.cx.now = instant_of(date_of(2026, 11, 9), 600, SHANGHAI_OFFSET_MIN);
    planned(world, cast.first);
    assert_int_equal(drafted(world, cast.duty, &deed.id), OK);
    assert_int_equal(line_of(world, deed.id, cast.first).missed_fen.fen, 0);
    assert_int_equal(approved(world, cast.manager, deed.id), INVALID);
    assert_true(was_rejected(world, "reason", "no_clockings"));
    act(world, cast.manager);
    assert_int_equal(attempt(world, approve_run, &deed), OK);
    get(world, &PAY_SHEETS, deed.id, &sheet);
    assert_string_equal(sheet.unclocked, "2026-10-12, 2026-10-13, 2026-10-14");
    assert_string_equal(sheet.unclocked_reason, deed.reason);
}

static void C2_4_a_month_that_is_not_locked_has_no_pay(void **state)
{
    struct world *world = opened(state);
    int64_t id;
    terms_of(world, 0, 260000, 200000);
    rules(world);
    cast.month = a_month(world, "2026-11", "published");
    assert_int_equal(drafted(world, cast.duty, &id), CONFLICT);
    assert_code(world, "pay.month_not_locked");
}

static void a_reward(struct world *world, const char *channel)
{
    tamper(world,
           arena_printf(
               world->test.arena,
               "INSERT INTO rewards (version, created_at, updated_at, contract_id, unit_id, "
               "provider_id, client_id, person_id, month, kind, amount_fen, payer, channel, "
               "reason, rankings, settled_on, state_reason, state) VALUES (1, 0, 0, %lld, %lld, "
               "%lld, %lld, %lld, '2026-10', 'bonus', 30000, 'client', '%s', '', '[]', '', '', "
               "'agreed')",
               (long long)cast.contract, (long long)world->project, (long long)world->provider,
               (long long)world->client, (long long)cast.first, channel));
}

static void C2_5_a_reward_through_the_provider_stands_apart(void **state)
{
    struct world *world = opened(state);
    int64_t id;
    terms_of(world, 0, 260000, 200000);
    rules(world);
    a_reward(world, "provider");
    a_reward(world, "direct");
    assert_int_equal(drafted(world, cast.duty, &id), OK);
    const struct pay_line line = line_of(world, id, cast.first);
    assert_int_equal(line.reward_fen.fen, 30000);
    assert_int_equal(line.total_fen.fen, 465000);
}

/* Agreed when its own month was paid already: the next sheet pays it, once. */
static void C2_5_a_reward_that_was_agreed_late_is_paid_by_the_next_sheet_once(void **state)
{
    struct world *world = opened(state);
    struct pay_line line;
    int64_t id;
    terms_of(world, 0, 260000, 200000);
    rules(world);
    assert_int_equal(drafted(world, cast.duty, &id), OK);
    assert_int_equal(approved(world, cast.manager, id), OK);
    a_reward(world, "provider");
    for (int i = 0; i < 2; i++) {
        const char *month = i ? "2026-12" : "2026-11";
        cast.month = a_month(world, month, "locked");
        a_sheet(world, cast.month, month, cast.first, "1001", 8750);
        assert_int_equal(drafted(world, cast.duty, &id), OK);
        line = line_of(world, id, cast.first);
        assert_int_equal(line.reward_fen.fen, i ? 0 : 30000);
        assert_int_equal(approved(world, cast.manager, id), OK);
    }
}

static void nobody_else_sees_what_people_are_paid(void **state)
{
    struct world *world = opened(state);
    struct pay_line line;
    int64_t id;
    terms_of(world, 0, 260000, 200000);
    rules(world);
    assert_int_equal(drafted(world, cast.duty, &id), OK);
    const int64_t own = line_of(world, id, cast.first).id;
    const int64_t others = line_of(world, id, cast.second).id;
    const struct actor *agent = actor_of(world, cast.first, R(AGENT));
    act(world, agent);
    assert_int_equal(record_get(&world->test.cx, &PAY_LINES, own, &line), NOT_FOUND);
    assert_int_equal(approved(world, cast.manager, id), OK);
    world->test.cx.db = store_reader(world->test.store);
    act(world, agent);
    assert_int_equal(record_get(&world->test.cx, &PAY_LINES, own, &line), OK);
    assert_int_equal(record_get(&world->test.cx, &PAY_LINES, others, &line), NOT_FOUND);
    act(world, member_of(world, world->headquarters, R(OPS)));
    world->test.cx.db = store_reader(world->test.store);
    assert_int_equal(record_get(&world->test.cx, &PAY_LINES, own, &line), NOT_FOUND);
    act(world, outsider_of(world, an_organisation(world, "Other", SIDE_PROVIDER), R(PROVIDER)));
    world->test.cx.db = store_reader(world->test.store);
    assert_int_equal(record_get(&world->test.cx, &PAY_LINES, own, &line), NOT_FOUND);
}

/* ---- C2.4: a scheme tried ---- */

#define HALF_OF_IT                                                                                 \
    "[{\"code\":\"order\",\"name\":\"Order\",\"method\":\"manual\",\"weight\":\"50.00\","          \
    "\"nothing\":\"zero\"},{\"code\":\"care\",\"name\":\"Care\",\"method\":\"manual\","            \
    "\"weight\":\"50.00\",\"nothing\":\"full\"}]"
#define ALL_OF_IT                                                                                  \
    "[{\"code\":\"order\",\"name\":\"Order\",\"method\":\"manual\",\"weight\":\"100.00\","         \
    "\"nothing\":\"zero\"}]"

/* Ids of both, so that October is about them, and points by hand for their order. */
static void at_work(struct world *world, int64_t person, const char *code, int points)
{
    struct agent agent = {.contract_id = cast.contract,
                          .person_id = person,
                          .from = date_of(2026, 1, 1),
                          .state = AGENT_ACTIVE};
    fields_blank(AGENTS.fields, &agent);
    agent.code = code;
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(add(world, &AGENTS, &agent), OK);
    tamper(world, arena_printf(
                      world->test.arena,
                      "INSERT INTO manual_scores (version, created_at, updated_at, month_id, "
                      "contract_id, person_id, indicator, points, reason) VALUES (1, 0, 0, %lld, "
                      "%lld, %lld, 'order', %d, 'Seen')",
                      (long long)cast.month, (long long)cast.contract, (long long)person, points));
}

/* The scheme that holds gives 87.50 and 40; the one that is tried 100 and 90. */
static struct scheme tried(struct world *world)
{
    struct scheme scheme = scheme_draft(cast.contract);
    at_work(world, cast.first, "1001", 8750);
    at_work(world, cast.second, "1002", 4000);
    tamper(world, "UPDATE sheets SET total = 4000 WHERE agent_code = '1002'");
    tamper(world, "UPDATE schemes SET state = 'in_force', from_month = '2026-01', indicators = "
                  "'" ALL_OF_IT "'");
    scheme.indicators = HALF_OF_IT;
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(add(world, &SCHEMES, &scheme), OK);
    get(world, &SCHEMES, scheme.id, &scheme);
    act(world, cast.manager);
    return scheme;
}

static struct pay_trial trial_of(struct world *world, const struct scheme *scheme)
{
    struct pay_trial trial;
    world->test.cx.db = store_reader(world->test.store);
    assert_int_equal(pay_trial(&world->test.cx, scheme, OCTOBER, &trial), OK);
    return trial;
}

static void C2_4_a_scheme_tried_says_what_it_changes_in_points_and_pay(void **state)
{
    struct world *world = opened(state);
    const struct scheme scheme = tried(world);
    terms_of(world, 0, 260000, 200000);
    rules(world);
    const struct pay_trial trial = trial_of(world, &scheme);
    assert_int_equal(trial.count, 2);
    const struct pay_trial_row *second = &trial.rows[0], *first = &trial.rows[1];
    assert_int_equal(second->person_id, cast.second); /* whose pay moves most */
    assert_int_equal(second->total_before.hundredths, 4000);
    assert_int_equal(second->total.hundredths, 9000);
    assert_int_equal(second->total_moved.hundredths, 5000);
    assert_int_equal(second->pay_before_fen.fen, 340000);
    assert_int_equal(second->pay_fen.fen, 440000);
    assert_int_equal(second->pay_moved_fen.fen, 100000);
    assert_int_equal(first->pay_moved_fen.fen, 25000); /* 87.5 % to 100 % of 2,000.00 */
    assert_int_equal(trial.up, 2);
    assert_int_equal(trial.pay_before_fen.fen, 435000 + 340000);
    assert_int_equal(trial.pay_fen.fen, 460000 + 440000);
    assert_int_equal(trial.pay_moved_fen.fen, 125000);
}

/* Also where the month has meanwhile deducted what people owed. */
static void C2_4_before_is_what_the_approved_sheet_pays(void **state)
{
    struct world *world = opened(state);
    const struct scheme scheme = tried(world);
    int64_t id;
    terms_of(world, 0, 260000, 200000);
    rules(world);
    struct deed deed = {.id = an_entry(world, ENTRY_COMPENSATION, 100000)};
    act(world, actor_of(world, cast.first, R(AGENT)));
    assert_int_equal(attempt(world, agree_run, &deed), OK);
    act(world, cast.manager);
    assert_int_equal(attempt(world, approve_entry_run, &deed), OK);
    assert_int_equal(drafted(world, cast.duty, &id), OK);
    assert_int_equal(approved(world, cast.manager, id), OK);
    const struct pay_trial trial = trial_of(world, &scheme);
    for (size_t i = 0; i < trial.count; i++)
        assert_int_equal(trial.rows[i].pay_before_fen.fen,
                         line_of(world, id, trial.rows[i].person_id).total_fen.fen);
    assert_int_equal(trial.rows[1].pay_moved_fen.fen, 20000); /* of 250.00 more 20 % are deducted */
}

static void C2_4_without_terms_or_rules_a_trial_knows_points_and_no_amounts(void **state)
{
    struct world *world = opened(state);
    const struct scheme scheme = tried(world);
    struct pay_trial trial = trial_of(world, &scheme);
    assert_string_equal(trial.lacks, "no_pay_rule");
    assert_int_equal(trial.rows[0].total_moved.hundredths, 5000);
    act(world, cast.manager);
    rules(world);
    terms_of(world, cast.first, 260000, 200000);
    trial = trial_of(world, &scheme);
    assert_string_equal(trial.lacks, "");
    assert_int_equal(trial.unpaid, 1);
    assert_int_equal(trial.pay_moved_fen.fen, 25000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(C2_4_pay_follows_from_the_locked_month),
        WORLD_TEST(C2_4_nobody_is_paid_twice_for_a_month_on_two_contracts),
        WORLD_TEST(C2_4_who_drafts_does_not_approve_and_what_is_approved_stands),
        WORLD_TEST(C2_4_compensation_counts_once_the_person_agreed_and_another_approved),
        WORLD_TEST(C2_4_an_adjustment_is_approved_by_another_person),
        WORLD_TEST(C2_4_what_is_taken_back_was_paid_is_agreed_to_and_keeps_the_limits),
        WORLD_TEST(C2_4_who_has_terms_is_paid_without_a_result_too),
        WORLD_TEST(C2_3_days_without_any_clocking_are_not_deducted_and_approved_with_a_reason),
        WORLD_TEST(C2_5_a_reward_that_was_agreed_late_is_paid_by_the_next_sheet_once),
        WORLD_TEST(C2_3_leave_without_pay_and_sick_days_reduce_the_base_other_leave_does_not),
        WORLD_TEST(C2_4_a_month_that_is_not_locked_has_no_pay),
        WORLD_TEST(C2_5_a_reward_through_the_provider_stands_apart),
        WORLD_TEST(nobody_else_sees_what_people_are_paid),
        WORLD_TEST(C2_4_a_scheme_tried_says_what_it_changes_in_points_and_pay),
        WORLD_TEST(C2_4_before_is_what_the_approved_sheet_pays),
        WORLD_TEST(C2_4_without_terms_or_rules_a_trial_knows_points_and_no_amounts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
