/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/reviews/arrival.h"

#include "app/reviews/test_recording.h"
#include "jobs/worker.h"

static struct recording_upload named(const char *uid)
{
    return (struct recording_upload){.source = "dialer",
                                     .uid = uid,
                                     .started_at = at(CALL_SECOND),
                                     .name = "a.wav",
                                     .bytes = SMALL_WAV,
                                     .len = sizeof SMALL_WAV};
}

static void a_call_comes(struct world *world, const char *uid)
{
    (void)centre_call(world, uid, "13812345678/out-13812345678-7.wav");
}

struct keeping {
    struct recording_upload upload;
    struct recording recording;
    struct recording_arrival arrival;
};

static enum result keep_run(struct ctx *cx, void *host)
{
    struct keeping *keeping = host;
    return keeping->upload.waits ? arrival_keep(cx, &keeping->upload, &keeping->arrival)
                                 : recording_keep(cx, &keeping->upload, &keeping->recording);
}

static enum result keep(struct world *world, struct keeping *keeping)
{
    TRY(recording_stage(&world->test.cx, &keeping->upload));
    return attempt(world, keep_run, keeping);
}

static const struct actor *sender(struct world *world)
{
    return outsider_of(world, world->provider, R(DUTY));
}

static void C2_4_a_call_system_names_the_call_by_its_own_words(void **state)
{
    struct world *world = *state;
    struct keeping keeping = {.upload = named("c1")};
    a_call_comes(world, "c0");
    a_call_comes(world, "c1");
    act(world, sender(world));
    assert_int_equal(keep(world, &keeping), OK);
    assert_false(keeping.upload.waits);
    assert_int_equal(call_instant(keeping.recording.call_id).ms, at(CALL_SECOND).ms + CALL_MS);
}

static void the_number_that_was_called_is_masked_in_the_name_of_its_file(void **state)
{
    struct world *world = *state;
    struct keeping keeping = {.upload = named("c1")};
    a_call_comes(world, "c1");
    act(world, sender(world));
    assert_int_equal(keep(world, &keeping), OK);
    assert_string_equal(keeping.recording.name, "138****5678/out-138****5678-7.wav");
}

static void C2_4_what_comes_before_its_call_waits_for_it(void **state)
{
    struct world *world = *state;
    struct keeping keeping = {.upload = named("c1")}, again = {.upload = named("c1")};
    act(world, sender(world));
    assert_int_equal(keep(world, &keeping), OK);
    assert_true(keeping.upload.waits);
    assert_int_equal(keeping.arrival.state, ARRIVAL_WAITING);
    assert_int_equal(keep(world, &again), OK);
    assert_int_equal(again.arrival.id, keeping.arrival.id);
    again.upload.len -= 2; /* another sound */
    assert_int_equal(keep(world, &again), CONFLICT);
    assert_code(world, "recording.other_sound");
}

static void X4_an_arrival_does_not_tell_the_number_that_was_called(void **state)
{
    struct world *world = *state;
    struct keeping keeping = {.upload = named("out-13812345678-17.123456")};
    struct recording_arrival arrival;
    act(world, sender(world));
    assert_int_equal(keep(world, &keeping), OK);
    assert_string_equal(keeping.arrival.call_uid, "out-138****5678-17.123456");
    get(world, &RECORDING_ARRIVALS, keeping.arrival.id, &arrival);
    assert_string_equal(arrival.call_uid, "out-138****5678-17.123456");
    assert_string_equal(arrival.uid, keeping.upload.uid); /* its call is found by it */
}

static void what_a_call_system_leaves_out_is_named(void **state)
{
    struct world *world = *state;
    struct keeping keeping = {.upload = named("c1")};
    act(world, sender(world));
    keeping.upload.source = "";
    keeping.upload.started_at.ms = 0;
    assert_int_equal(keep(world, &keeping), INVALID);
    assert_true(was_rejected(world, "source", "required"));
    assert_true(was_rejected(world, "started_at", "required"));
}

static void another_providers_calls_are_not_found_by_their_names(void **state)
{
    struct world *world = *state;
    struct keeping keeping = {.upload = named("c1")};
    a_call_comes(world, "c1");
    act(world, outsider_of(world, an_organisation(world, "Other", SIDE_PROVIDER), R(DUTY)));
    assert_int_equal(keep(world, &keeping), OK);
    assert_true(keeping.upload.waits);
}

static int files_open_here(void **state)
{
    centre_open(state);
    files_use(NULL);
    return 0;
}
#define FILES_TEST(name) cmocka_unit_test_setup_teardown(name, files_open_here, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILES_TEST(C2_4_a_call_system_names_the_call_by_its_own_words),
        FILES_TEST(the_number_that_was_called_is_masked_in_the_name_of_its_file),
        FILES_TEST(C2_4_what_comes_before_its_call_waits_for_it),
        FILES_TEST(X4_an_arrival_does_not_tell_the_number_that_was_called),
        FILES_TEST(what_a_call_system_leaves_out_is_named),
        FILES_TEST(another_providers_calls_are_not_found_by_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
