/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* C2.3: what follows from shifts, punches, corrections and leave as they are stored. */
#include "app/attendance/asked.h"

#include "app/test_world.h"

static struct {
    const struct actor *agent, *other, *duty, *client;
    int64_t day_shift, late_shift;
    struct date day; /* long over */
} cast;

static int64_t a_kind(struct world *world, const char *name, const char *starts, const char *ends)
{
    struct shift_kind kind = {.organisation_id = world->provider,
                              .name = name,
                              .starts = starts,
                              .ends = ends,
                              .late_grace = 5};
    fields_blank(SHIFT_KINDS.fields, &kind);
    assert_int_equal(add(world, &SHIFT_KINDS, &kind), OK);
    return kind.id;
}

static struct world *opened(void **state)
{
    struct world *world = *state;
    cast.agent = outsider_of(world, world->provider, R(AGENT));
    cast.other = outsider_of(world, world->provider, R(AGENT));
    cast.duty = outsider_of(world, world->provider, R(DUTY));
    cast.client = member_of(world, world->headquarters, R(CLIENT));
    act(world, &ACTOR_SYSTEM);
    cast.day_shift = a_kind(world, "Day", "09:00", "18:00");
    cast.late_shift = a_kind(world, "Late", "13:00", "22:00");
    cast.day = date_add(instant_date(world->test.cx.now, SHANGHAI_OFFSET_MIN), -3);
    return world;
}

static enum result plan(struct world *world, const struct actor *planner, int64_t person,
                        struct date day, int64_t kind)
{
    struct shift shift = {.person_id = person, .day = day, .shift_kind_id = kind};
    fields_blank(SHIFTS.fields, &shift);
    act(world, planner);
    return add(world, &SHIFTS, &shift);
}

/* The machine knows people by their names. */
static enum result clock_in_by(struct world *world, const struct actor *by,
                               const struct actor *whom, struct date day, const char *came,
                               const char *went, const char *note)
{
    struct clocking clocking = {
        .organisation_id = world->provider,
        .number = arena_printf(world->test.arena, "K%lld", (long long)whom->person_id),
        .said_name = whom->person_name,
        .day = day,
        .came = came,
        .went = went,
        .note = note};
    fields_blank(CLOCKINGS.fields, &clocking);
    act(world, by);
    return add(world, &CLOCKINGS, &clocking);
}

static enum result clock_in(struct world *world, const struct actor *whom, struct date day,
                            const char *came, const char *went, const char *note)
{
    return clock_in_by(world, &ACTOR_SYSTEM, whom, day, came, went, note);
}

static struct attendance day_of(struct world *world, const struct actor *whom, struct date day)
{
    struct attendance found;
    act(world, whom);
    get(world, &ATTENDANCE, attendance_id(whom->person_id, day), &found);
    return found;
}

struct stepping {
    const struct resource *resource;
    int64_t id;
    enum asked_step step;
};
static enum result step_run(struct ctx *cx, void *host)
{
    const struct stepping *stepping = host;
    struct asked *asked = arena_alloc(cx->mem, stepping->resource->size);
    TRY(record_get(cx, stepping->resource, stepping->id, asked));
    switch (stepping->step) {
    case STEP_AGREE:
        return asked_agree(cx, asked);
    case STEP_APPROVE:
        return asked_approve(cx, stepping->resource, asked);
    case STEP_REFUSE:
        return asked_refuse(cx, stepping->resource, asked, "");
    default:
        return asked_withdraw(cx, stepping->resource, asked);
    }
}
static enum result step_as(struct world *world, const struct actor *actor,
                           const struct resource *resource, int64_t id, enum asked_step step)
{
    struct stepping stepping = {resource, id, step};
    act(world, actor);
    return attempt(world, step_run, &stepping);
}

static void C2_3_a_day_is_judged_anew_when_its_shift_changes(void **state)
{
    struct world *world = opened(state);
    struct shift before, after;
    assert_int_equal(clock_in(world, cast.agent, cast.day, "09:20", "22:01", ""), OK);
    assert_int_equal(day_of(world, cast.agent, cast.day).kind, DAY_UNJUDGED);
    assert_int_equal(plan(world, cast.duty, cast.agent->person_id, cast.day, cast.day_shift), OK);
    assert_int_equal(day_of(world, cast.agent, cast.day).kind, DAY_LATE);
    assert_int_equal(day_of(world, cast.agent, cast.day).minutes, 20);
    act(world, cast.duty);
    assert_int_equal(shift_of(&world->test.cx, cast.agent->person_id, cast.day, &before), OK);
    after = before;
    after.shift_kind_id = cast.late_shift;
    assert_int_equal(change(world, &SHIFTS, &before, &after), OK);
    assert_int_equal(day_of(world, cast.agent, cast.day).kind, DAY_PRESENT);
}

static enum result sweep(struct ctx *cx, void *host)
{
    (void)host;
    return attendance_sweep(cx);
}

static void C2_3_a_planned_day_without_a_punch_is_absent_once_it_is_over(void **state)
{
    struct world *world = opened(state);
    const struct date today = instant_date(world->test.cx.now, SHANGHAI_OFFSET_MIN);
    struct attendance found;
    assert_int_equal(plan(world, cast.duty, cast.agent->person_id, today, cast.day_shift), OK);
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(world, sweep, NULL), OK);
    assert_int_equal(record_get(&world->test.cx, &ATTENDANCE,
                                attendance_id(cast.agent->person_id, today), &found),
                     NOT_FOUND);
    world->test.cx.fault = (struct fault){.result = OK};
    world->test.cx.now = instant_of(date_add(today, 1), 0, SHANGHAI_OFFSET_MIN);
    assert_int_equal(attempt(world, sweep, NULL), OK);
    assert_int_equal(day_of(world, cast.agent, today).kind, DAY_UNCLOCKED); /* of anybody's */
    assert_int_equal(day_of(world, cast.agent, today).due.hundredths, 0);
    assert_int_equal(clock_in(world, cast.other, today, "09:00", "18:00", ""), OK);
    assert_int_equal(day_of(world, cast.agent, today).kind, DAY_ABSENT);
    assert_int_equal(day_of(world, cast.agent, today).absent.hundredths, 100);
}

static void C2_3_the_usual_kind_holds_where_no_shift_is_planned(void **state)
{
    struct world *world = opened(state);
    struct shift_kind before, after;
    assert_int_equal(clock_in(world, cast.agent, cast.day, "09:06", "18:00", ""), OK);
    act(world, &ACTOR_SYSTEM);
    get(world, &SHIFT_KINDS, cast.day_shift, &before);
    after = before;
    after.usual_from = cast.day;
    assert_int_equal(change(world, &SHIFT_KINDS, &before, &after), OK);
    assert_int_equal(day_of(world, cast.agent, cast.day).kind, DAY_LATE);
    assert_true(day_of(world, cast.agent, cast.day).usual);
    after.usual_from = date_add(cast.day, 1); /* of the day after it holds no more for this one */
    act(world, &ACTOR_SYSTEM);
    get(world, &SHIFT_KINDS, cast.day_shift, &before);
    after.version = before.version;
    assert_int_equal(change(world, &SHIFT_KINDS, &before, &after), OK);
    assert_int_equal(day_of(world, cast.agent, cast.day).kind, DAY_UNJUDGED);
}

static void C2_3_a_retired_kind_judges_no_day_to_come(void **state)
{
    struct world *world = opened(state);
    const struct date today = instant_date(world->test.cx.now, SHANGHAI_OFFSET_MIN);
    struct shift_kind before, after;
    act(world, &ACTOR_SYSTEM);
    get(world, &SHIFT_KINDS, cast.day_shift, &before);
    after = before;
    after.usual_from = cast.day;
    assert_int_equal(change(world, &SHIFT_KINDS, &before, &after), OK);
    act(world, &ACTOR_SYSTEM);
    get(world, &SHIFT_KINDS, cast.day_shift, &before);
    after = before;
    after.state = SHIFT_KIND_RETIRED;
    assert_int_equal(change(world, &SHIFT_KINDS, &before, &after), OK);
    act(world, &ACTOR_SYSTEM);
    get(world, &SHIFT_KINDS, cast.day_shift, &after);
    assert_int_equal(after.usual_from.days, cast.day.days);
    assert_int_equal(after.usual_to.days, today.days);
}

static void C2_3_a_correction_counts_once_somebody_else_approved_it(void **state)
{
    struct world *world = opened(state);
    struct correction correction = {.day = cast.day, .went = "18:02", .reason = "Forgot"};
    fields_blank(ATTENDANCE_CORRECTIONS.fields, &correction);
    assert_int_equal(plan(world, cast.duty, cast.agent->person_id, cast.day, cast.day_shift), OK);
    assert_int_equal(clock_in(world, cast.agent, cast.day, "08:58", "", ""), OK);
    assert_int_equal(day_of(world, cast.agent, cast.day).kind, DAY_MISSING);
    assert_int_equal(add(world, &ATTENDANCE_CORRECTIONS, &correction), OK);
    const struct resource *resource = &ATTENDANCE_CORRECTIONS;
    assert_int_equal(step_as(world, cast.agent, resource, correction.id, STEP_APPROVE), FORBIDDEN);
    assert_code(world, "asked.not_yours");
    assert_int_equal(step_as(world, cast.duty, resource, correction.id, STEP_REFUSE), INVALID);
    assert_int_equal(step_as(world, cast.duty, resource, correction.id, STEP_APPROVE), OK);
    assert_int_equal(day_of(world, cast.agent, cast.day).kind, DAY_PRESENT);
    get(world, resource, correction.id, &correction);
    assert_string_equal(correction.was_came, "08:58");
    assert_int_equal(step_as(world, cast.duty, resource, correction.id, STEP_WITHDRAW), OK);
    assert_int_equal(day_of(world, cast.agent, cast.day).kind, DAY_MISSING);
}

static void C2_3_who_enters_it_for_somebody_does_not_approve_it(void **state)
{
    struct world *world = opened(state);
    struct leave leave = {.person_id = cast.agent->person_id,
                          .kind = LEAVE_SICK,
                          .from = cast.day,
                          .reason = "A cold"};
    fields_blank(LEAVES.fields, &leave);
    act(world, cast.duty);
    assert_int_equal(add(world, &LEAVES, &leave), OK);
    assert_int_equal(step_as(world, cast.duty, &LEAVES, leave.id, STEP_APPROVE), FORBIDDEN);
    assert_code(world, "asked.own");
    act(world, cast.other); /* an agent asks for nobody else */
    leave.id = 0;
    assert_int_equal(add(world, &LEAVES, &leave), INVALID);
    assert_true(was_rejected(world, "person_id", "own_only"));
}

static void C2_3_what_the_machine_notes_as_leave_is_asked_for(void **state)
{
    struct world *world = opened(state);
    const struct actor *supervisor = outsider_of(world, world->provider, R(SUPERVISOR));
    struct list list;
    assert_int_equal(plan(world, cast.duty, cast.agent->person_id, cast.day, cast.day_shift), OK);
    assert_int_equal(clock_in(world, cast.agent, cast.day, "", "", "事假"), OK);
    assert_int_equal(day_of(world, cast.agent, cast.day).kind, DAY_ABSENT);
    act(world, cast.agent);
    assert_int_equal(record_list(&world->test.cx, &LEAVES, &(struct list_query){.limit = 5}, &list),
                     OK);
    assert_int_equal(list.count, 1);
    const int64_t id = ((const struct leave *)list.rows)->id;
    assert_int_equal(step_as(world, supervisor, &LEAVES, id, STEP_APPROVE), OK);
    assert_int_equal(day_of(world, cast.agent, cast.day).kind, DAY_LEAVE);
}

/* An import runs with the right to its own list alone. */
static void C2_3_a_file_that_notes_leave_is_taken_from_whoever_may_hand_in_clockings(void **state)
{
    struct world *world = opened(state);
    struct actor keeper = *outsider_of(world, world->provider, R(PROVIDER));
    actor_restrict(&keeper, "clockings.write");
    assert_int_equal(clock_in_by(world, &keeper, cast.agent, cast.day, "", "", "病假"), OK);
    struct list list;
    act(world, cast.agent);
    assert_int_equal(record_list(&world->test.cx, &LEAVES, &(struct list_query){.limit = 5}, &list),
                     OK);
    assert_int_equal(list.count, 1);
}

static void C2_3_two_swap_their_shifts_three_times_a_month_at_most(void **state)
{
    struct world *world = opened(state);
    const struct month next = {month_of(cast.day).months + 2}; /* the day is of this or the last */
    struct swap swap;
    struct shift shift;
    for (int i = 0; i < 4; i++) {
        const struct date day = date_add(month_first(next), i);
        assert_int_equal(plan(world, cast.duty, cast.agent->person_id, day, cast.day_shift), OK);
        assert_int_equal(plan(world, cast.duty, cast.other->person_id, day, cast.late_shift), OK);
        swap = (struct swap){.other_id = cast.other->person_id, .day = day, .reason = "A visit"};
        fields_blank(SHIFT_SWAPS.fields, &swap);
        act(world, cast.agent);
        assert_int_equal(add(world, &SHIFT_SWAPS, &swap), i < SWAPS_MONTH_USUAL ? OK : INVALID);
        if (i == SWAPS_MONTH_USUAL)
            break;
        const struct resource *resource = &SHIFT_SWAPS;
        assert_int_equal(step_as(world, cast.duty, resource, swap.id, STEP_APPROVE), CONFLICT);
        assert_int_equal(step_as(world, cast.agent, resource, swap.id, STEP_AGREE), FORBIDDEN);
        assert_int_equal(step_as(world, cast.other, resource, swap.id, STEP_AGREE), OK);
        assert_int_equal(step_as(world, cast.other, resource, swap.id, STEP_APPROVE), FORBIDDEN);
        assert_int_equal(step_as(world, cast.duty, resource, swap.id, STEP_APPROVE), OK);
        assert_int_equal(shift_of(&world->test.cx, cast.agent->person_id, day, &shift), OK);
        assert_int_equal(shift.shift_kind_id, cast.late_shift);
    }
    assert_true(was_rejected(world, "day", "swaps_used_up"));
    assert_true(was_rejected(world, "other_id", "swaps_used_up"));
}

static void C2_3_a_swap_of_two_days_counts_in_the_month_of_each(void **state)
{
    struct world *world = opened(state);
    const struct date first = month_first((struct month){month_of(cast.day).months + 2});
    for (int i = 0; i < 4; i++) {
        const struct date days[] = {date_add(first, i), date_add(first, i - 4)};
        struct swap swap = {.other_id = cast.other->person_id,
                            .day = i == 3 ? days[0] : days[1],
                            .other_day = i == 3 ? (struct date){0} : days[0],
                            .reason = "A visit"};
        for (size_t d = 0; d < 2; d++) {
            assert_int_equal(plan(world, cast.duty, cast.agent->person_id, days[d], cast.day_shift),
                             OK);
            assert_int_equal(
                plan(world, cast.duty, cast.other->person_id, days[d], cast.late_shift), OK);
        }
        fields_blank(SHIFT_SWAPS.fields, &swap);
        act(world, cast.agent);
        assert_int_equal(add(world, &SHIFT_SWAPS, &swap), i < SWAPS_MONTH_USUAL ? OK : INVALID);
    }
    assert_true(was_rejected(world, "day", "swaps_used_up")); /* three ended in this month */
}

static void C2_3_a_number_of_the_machine_is_one_persons(void **state)
{
    struct world *world = opened(state);
    struct clocking clocking = {.organisation_id = world->provider,
                                .number = "K1",
                                .said_name = "Nobody at all",
                                .day = cast.day};
    fields_blank(CLOCKINGS.fields, &clocking);
    assert_int_equal(add(world, &CLOCKINGS, &clocking), INVALID);
    assert_true(was_rejected(world, "number", "clocking_nobody"));
    clocking.said_name = cast.agent->person_name;
    assert_int_equal(add(world, &CLOCKINGS, &clocking), OK);
    clocking.id = 0;
    clocking.day = date_add(cast.day, 1);
    clocking.said_name = cast.other->person_name;
    assert_int_equal(add(world, &CLOCKINGS, &clocking), INVALID);
    assert_true(was_rejected(world, "said_name", "clocking_other_name"));
}

static void C2_3_nobody_plans_the_own_past(void **state)
{
    struct world *world = opened(state);
    assert_int_equal(plan(world, cast.duty, cast.duty->person_id, cast.day, cast.day_shift),
                     FORBIDDEN);
    assert_code(world, "shift.own_past");
}

static void C2_3_the_clients_side_sees_nothing_of_it(void **state)
{
    static const struct resource *const ALL[] = {
        &SHIFT_KINDS,     &SHIFTS, &SHIFT_SWAPS,       &CLOCKINGS,
        &ATTENDANCE,      &LEAVES, &ATTENDANCE_MONTHS, &ATTENDANCE_CORRECTIONS,
        &ATTENDANCE_RULES};
    struct world *world = opened(state);
    struct attendance found;
    struct list list;
    assert_int_equal(plan(world, cast.duty, cast.agent->person_id, cast.day, cast.day_shift), OK);
    act(world, cast.client);
    for (size_t i = 0; i < sizeof ALL / sizeof ALL[0]; i++) {
        assert_int_equal(
            record_list(&world->test.cx, ALL[i], &(struct list_query){.limit = 5}, &list), OK);
        assert_int_equal(list.count, 0);
        assert_true(ALL[i]->withheld);
    }
    assert_int_equal(record_get(&world->test.cx, &ATTENDANCE,
                                attendance_id(cast.agent->person_id, cast.day), &found),
                     NOT_FOUND);
    act(world, cast.other); /* nor does a colleague */
    world->test.cx.fault = (struct fault){.result = OK};
    assert_int_equal(record_get(&world->test.cx, &ATTENDANCE,
                                attendance_id(cast.agent->person_id, cast.day), &found),
                     NOT_FOUND);
}

/* ---- measures ---- */

#define MEASURED 3

static void measure(struct world *world, const char *name, int64_t contract, struct date from,
                    struct date to, struct measured out[MEASURED])
{
    const int64_t ids[MEASURED] = {cast.agent->person_id, cast.other->person_id,
                                   cast.other->person_id + 100000};
    const struct measuring ask = {contract, from, to, ids, MEASURED};
    memset(out, 0, sizeof *out * MEASURED);
    for (const struct measure *measure = ATTENDANCE_MEASURES; measure->name; measure++) {
        if (strcmp(measure->name, name) == 0)
            assert_int_equal(measure->run(&world->test.cx, &ask, out), OK);
    }
}

static void C2_3_a_month_and_a_part_of_it_are_measured_alike(void **state)
{
    struct world *world = opened(state);
    const int64_t contract = a_contract(world, world->project, world->provider);
    const struct month month = {month_of(cast.day).months - 1};
    struct measured whole[MEASURED], most[MEASURED], part[MEASURED];
    for (int i = 0; i < 4; i++) {
        const struct date day = date_add(month_first(month), i + 2);
        assert_int_equal(plan(world, cast.duty, cast.agent->person_id, day, cast.day_shift), OK);
        assert_int_equal(clock_in(world, i ? cast.agent : cast.other, day,
                                  i == 1 ? "09:30" : "09:00", "18:00", ""),
                         OK);
    }
    for (const struct measure *one = ATTENDANCE_MEASURES; one->name; one++) {
        measure(world, one->name, contract, month_first(month), month_last(month), whole);
        measure(world, one->name, contract, date_add(month_first(month), 1),
                date_add(month_last(month), -1), most);
        measure(world, one->name, contract, month_first(month), date_add(month_first(month), 8),
                part);
        for (int i = 0; i < 2; i++) {
            const struct measured *other = i ? most : part;
            assert_int_equal(whole[0].numerator, other[0].numerator);
            assert_int_equal(whole[0].denominator, other[0].denominator);
        }
        assert_int_equal(whole[1].denominator, 0); /* nothing was due */
    }
    measure(world, "attendance.rate", contract, month_first(month), month_last(month), whole);
    assert_int_equal(whole[0].numerator * 100 / whole[0].denominator, 7500);
    measure(world, "attendance.late_minutes", contract, month_first(month), month_last(month),
            whole);
    assert_int_equal(whole[0].numerator, 30);
}

static void times_of_day_are_read_as_machines_write_them(void **state)
{
    struct world *world = *state;
    static const char *const READ[][2] = {
        {"8:57", "08:57"},  {"08:57:31", "08:57"}, {"０９：０５", "09:05"}, {"0.375", "09:00"},
        {"25:00", "25:00"}, {"0.9999", "0.9999"},  {"迟到", "迟到"}};
    for (size_t i = 0; i < sizeof READ / sizeof READ[0]; i++)
        assert_string_equal(clock_meaning(world->test.arena, READ[i][0]), READ[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(C2_3_a_day_is_judged_anew_when_its_shift_changes),
        WORLD_TEST(C2_3_a_planned_day_without_a_punch_is_absent_once_it_is_over),
        WORLD_TEST(C2_3_the_usual_kind_holds_where_no_shift_is_planned),
        WORLD_TEST(C2_3_a_retired_kind_judges_no_day_to_come),
        WORLD_TEST(C2_3_a_swap_of_two_days_counts_in_the_month_of_each),
        WORLD_TEST(C2_3_a_correction_counts_once_somebody_else_approved_it),
        WORLD_TEST(C2_3_who_enters_it_for_somebody_does_not_approve_it),
        WORLD_TEST(C2_3_what_the_machine_notes_as_leave_is_asked_for),
        WORLD_TEST(C2_3_a_file_that_notes_leave_is_taken_from_whoever_may_hand_in_clockings),
        WORLD_TEST(C2_3_two_swap_their_shifts_three_times_a_month_at_most),
        WORLD_TEST(C2_3_a_number_of_the_machine_is_one_persons),
        WORLD_TEST(C2_3_nobody_plans_the_own_past),
        WORLD_TEST(C2_3_the_clients_side_sees_nothing_of_it),
        WORLD_TEST(C2_3_a_month_and_a_part_of_it_are_measured_alike),
        WORLD_TEST(times_of_day_are_read_as_machines_write_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
