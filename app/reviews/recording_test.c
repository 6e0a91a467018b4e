/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/test_centre.h"
#include "app/records/trail.h"
#include "app/reviews/recording.h"

#include <unistd.h>

/* ---- WAV ---- */

#define HEAD 44

static void put(uint8_t *at, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

/* Each frame's channels get the values in turn. */
static size_t a_wav(uint8_t *out, int channels, const int16_t *values, size_t count, uint32_t told)
{
    memcpy(out, "RIFF\0\0\0\0WAVEfmt ", 16);
    put(out + 16, 16, 4);
    put(out + 20, 1, 2);
    put(out + 22, (uint32_t)channels, 2);
    put(out + 24, 8000, 4);
    put(out + 28, (uint32_t)(16000 * channels), 4);
    put(out + 32, (uint32_t)(2 * channels), 2);
    put(out + 34, 16, 2);
    memcpy(out + 36, "data", 4);
    put(out + 40, told, 4);
    for (size_t i = 0; i < count; i++)
        put(out + HEAD + 2 * i, (uint16_t)values[i], 2);
    return HEAD + 2 * count;
}

static void a_wav_tells_its_length_and_its_peaks(void **state)
{
    static const int16_t VALUES[] = {0, 0, -32768, 3277, 0, 0, 16384, 32767};
    uint8_t file[256];
    struct wav wav;
    struct peak peaks[2];
    const size_t len = a_wav(file, 2, VALUES, 8, 16);
    assert_true(wav_read(file, len, len, &wav));
    assert_int_equal(wav.channels, 2);
    assert_int_equal(wav.rate, 8000);
    assert_int_equal(wav.len, 16);
    wav_peaks(&wav, file, peaks, 2);
    assert_int_equal(peaks[0].left, 100);
    assert_int_equal(peaks[0].right, 10);
    assert_int_equal(peaks[1].left, 50);
    assert_int_equal(peaks[1].right, 100);
}

static void a_head_is_believed_no_further_than_the_file_goes(void **state)
{
    static const int16_t VALUES[] = {1, 2, 3};
    uint8_t file[256];
    struct wav wav;
    const size_t len = a_wav(file, 1, VALUES, 3, UINT32_MAX);
    assert_true(wav_read(file, len, len, &wav));
    assert_int_equal(wav.len, 6);
    for (size_t cut = 0; cut < HEAD; cut++)
        assert_false(wav_read(file, cut, cut, &wav));
    put(file + 16, UINT32_MAX, 4);
    assert_false(wav_read(file, len, len, &wav));
    put(file + 16, 16, 4);
    put(file + 22, 0, 2);
    assert_false(wav_read(file, len, len, &wav));
}

/* ---- recordings ---- */

static int64_t a_call(struct world *world, const char *uid)
{
    const struct call_line line = {.row = 1,
                                   .source = "dialer",
                                   .uid = uid,
                                   .contract = centre.contract_number,
                                   .agent = "1001",
                                   .caller = "0571-8888 1234",
                                   .callee = "13812345678",
                                   .started_at = at("2026-02-03T09:00:00+08:00"),
                                   .duration_s = 40,
                                   .talk_s = 25,
                                   .result = CALL_SUCCESS,
                                   .recording = "2026/a.wav"};
    struct call_receipt receipt;
    struct list list;
    struct list_query query = {.limit = 1};
    assert_int_equal(calls_take(&world->test.cx, &line, 1, 0, &receipt), OK);
    assert_int_equal(record_list(&world->test.cx, &CALLS, &query, &list), OK);
    return ((const struct call *)list.rows)->id;
}

struct keeping {
    struct recording_upload upload;
    struct recording out;
};

static enum result keep_run(struct ctx *cx, void *host)
{
    struct keeping *keeping = host;
    return recording_keep(cx, &keeping->upload, &keeping->out);
}

static enum result keep_upload(struct world *world, struct recording_upload upload,
                               struct recording *out)
{
    struct keeping keeping = {.upload = upload};
    TRY(recording_stage(&world->test.cx, &keeping.upload));
    enum result result = attempt(world, keep_run, &keeping);
    *out = keeping.out;
    return result;
}

/* No channels: a head alone. */
static enum result keep(struct world *world, int64_t call_id, int channels, int16_t value,
                        struct recording *out)
{
    uint8_t *file = arena_alloc(world->test.arena, 256);
    const int16_t values[] = {value, 0};
    const size_t count = channels ? 2 : 0;
    const struct recording_upload upload = {
        .call_id = call_id,
        .name = "a.wav",
        .bytes = file,
        .len = a_wav(file, channels ? channels : 1, values, count, (uint32_t)(2 * count))};
    return keep_upload(world, upload, out);
}

static void a_recording_is_kept_once_with_its_call(void **state)
{
    struct world *world = *state;
    struct recording recording, again;
    const int64_t call = a_call(world, "a");
    assert_int_equal(keep(world, call, 1, 100, &recording), OK);
    assert_int_equal(recording.state, RECORDING_KEPT);
    assert_int_equal(recording.contract_id, centre.contract);
    assert_int_equal(recording.provider_id, world->provider);
    assert_int_equal(recording.agent_id, centre.first);
    assert_false(recording.silent);
    assert_int_equal(keep(world, call, 1, 100, &again), OK);
    assert_int_equal(again.id, recording.id);
    assert_int_equal(keep(world, call, 1, 101, &again), CONFLICT);
    assert_code(world, "recording.other_sound");
}

static void a_file_that_is_a_head_alone_is_flagged_as_silent(void **state)
{
    struct world *world = *state;
    struct recording recording;
    assert_int_equal(keep(world, a_call(world, "a"), 0, 0, &recording), OK);
    assert_true(recording.silent);
    assert_int_equal(recording.size, HEAD);
}

static void a_reference_is_taken_over_by_what_is_uploaded(void **state)
{
    struct world *world = *state;
    struct recording reference, recording;
    const struct recording_upload none = {.call_id = a_call(world, "a")};
    assert_int_equal(keep_upload(world, none, &reference), OK);
    assert_int_equal(reference.state, RECORDING_REFERENCED);
    assert_string_equal(reference.name, "2026/a.wav");
    assert_int_equal(keep(world, reference.call_id, 2, 5, &recording), OK);
    assert_int_equal(recording.id, reference.id);
    assert_int_equal(recording.channels, 2);
    assert_string_equal(recording.name, "2026/a.wav");
}

static void another_provider_neither_sees_nor_adds_a_recording(void **state)
{
    struct world *world = *state;
    struct recording recording, seen;
    const int64_t call = a_call(world, "a"),
                  other = an_organisation(world, "Other centre", SIDE_PROVIDER);
    assert_int_equal(keep(world, call, 1, 100, &recording), OK);
    act(world, outsider_of(world, other, R(PROVIDER)));
    assert_int_equal(record_get(&world->test.cx, &RECORDINGS, recording.id, &seen), NOT_FOUND);
    assert_int_equal(keep(world, call, 1, 100, &seen), NOT_FOUND);
}

static enum result open_run(struct ctx *cx, void *host)
{
    int fd;
    TRY(recording_open(cx, host, &fd));
    close(fd);
    return OK;
}

static bool has_entry(struct world *world, int64_t id, const char *action)
{
    struct event *events;
    size_t count;
    assert_int_equal(trail_of(&world->test.cx, &RECORDINGS, id, 50, &events, &count), OK);
    for (size_t i = 0; i < count; i++)
        if (strcmp(events[i].action, action) == 0)
            return true;
    return false;
}

static void who_listens_is_named_in_the_trail(void **state)
{
    struct world *world = *state;
    struct recording recording;
    struct peak *peaks;
    size_t count;
    assert_int_equal(keep(world, a_call(world, "a"), 1, 16384, &recording), OK);
    assert_false(has_entry(world, recording.id, "listen"));
    assert_int_equal(attempt(world, open_run, &recording), OK);
    assert_true(has_entry(world, recording.id, "listen"));
    assert_int_equal(recording_peaks(&world->test.cx, &recording, &peaks, &count), OK);
    assert_int_equal(count, PEAKS_MOST);
}

/* ---- the end of it ---- */

static enum result sweep_run(struct ctx *cx, void *host)
{
    (void)host;
    return recordings_sweep(cx);
}

static void sweep_on(struct world *world, const char *day)
{
    act(world, &ACTOR_SYSTEM);
    world->test.cx.now = at(day);
    assert_int_equal(attempt(world, sweep_run, NULL), OK);
}

struct holding {
    struct recording recording;
    bool on;
    const char *reason;
};

static enum result hold_run(struct ctx *cx, void *host)
{
    const struct holding *holding = host;
    return recording_hold(cx, &holding->recording, holding->on, holding->reason);
}

static enum result hold(struct world *world, int64_t id, bool on, const char *reason)
{
    struct holding holding = {.on = on, .reason = reason};
    get(world, &RECORDINGS, id, &holding.recording);
    return attempt(world, hold_run, &holding);
}

static void what_is_over_is_deleted_with_a_certificate_and_what_is_held_stays(void **state)
{
    struct world *world = *state;
    struct recording recording;
    assert_int_equal(keep(world, a_call(world, "a"), 1, 100, &recording), OK);
    assert_int_equal(hold(world, recording.id, true, ""), INVALID);
    assert_int_equal(hold(world, recording.id, true, "Dispute"), OK);
    assert_int_equal(hold(world, recording.id, true, "Dispute"), CONFLICT);
    sweep_on(world, "2027-03-03T09:00:00+08:00");
    get(world, &RECORDINGS, recording.id, &recording);
    assert_int_equal(recording.state, RECORDING_HELD);
    assert_int_equal(hold(world, recording.id, false, "Settled"), OK);
    sweep_on(world, "2027-03-03T09:00:00+08:00");
    get(world, &RECORDINGS, recording.id, &recording);
    assert_int_equal(recording.state, RECORDING_DELETED);
    assert_non_null(strstr(recording.reason, recording.sha256));
    assert_true(has_entry(world, recording.id, "expire"));
    assert_int_equal(attempt(world, open_run, &recording), NOT_FOUND);
    assert_false(recording.erased);
    sweep_on(world, "2027-03-04T09:00:01+08:00");
    get(world, &RECORDINGS, recording.id, &recording);
    assert_true(recording.erased);
    assert_true(has_entry(world, recording.id, "erase"));
}

static void none_is_kept_less_than_thirty_days(void **state)
{
    struct world *world = *state;
    struct recording recording;
    recordings_keep(1);
    assert_int_equal(keep(world, a_call(world, "a"), 1, 100, &recording), OK);
    recordings_keep(RECORDING_DAYS_USUAL);
    const struct date today = instant_date(world->test.cx.now, SHANGHAI_OFFSET_MIN);
    assert_true(recording.kept_until.days >= today.days + RECORDING_DAYS_LEAST);
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
        cmocka_unit_test(a_wav_tells_its_length_and_its_peaks),
        cmocka_unit_test(a_head_is_believed_no_further_than_the_file_goes),
        FILES_TEST(a_recording_is_kept_once_with_its_call),
        FILES_TEST(a_file_that_is_a_head_alone_is_flagged_as_silent),
        FILES_TEST(a_reference_is_taken_over_by_what_is_uploaded),
        FILES_TEST(another_provider_neither_sees_nor_adds_a_recording),
        FILES_TEST(who_listens_is_named_in_the_trail),
        FILES_TEST(what_is_over_is_deleted_with_a_certificate_and_what_is_held_stays),
        FILES_TEST(none_is_kept_less_than_thirty_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
