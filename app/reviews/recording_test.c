/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/agents/agent.h"
#include "app/letters/letter.h"
#include "app/records/trail.h"
#include "app/retention/retention.h"
#include "app/reviews/test_recording.h"

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
    put(file + 22, 1, 2);
    put(file + 24, 1, 4); /* days of a few bytes */
    assert_false(wav_read(file, len, len, &wav));
}

/* ---- recordings ---- */

static int64_t a_call(struct world *world, const char *uid)
{
    return centre_call(world, uid, "2026/a.wav").id;
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
    struct recording recording = {0};
    assert_int_equal(keep(world, a_call(world, "a"), 0, 0, &recording), OK);
    assert_true(recording.silent);
    assert_int_equal(recording.size, HEAD);
}

static void a_head_alone_makes_room_for_the_sound_that_comes_after_it(void **state)
{
    struct world *world = *state;
    struct recording head = {0}, recording = {0}, other = {0};
    const int64_t call = a_call(world, "a"), second = a_call(world, "b");
    assert_int_equal(keep(world, call, 0, 0, &head), OK);
    assert_int_equal(keep(world, second, 0, 0, &other), OK); /* the same bytes, which stay for it */
    assert_int_equal(keep(world, call, 1, 100, &recording), OK);
    assert_int_equal(recording.id, head.id);
    assert_false(recording.silent);
    assert_int_equal(keep(world, call, 0, 0, &head), CONFLICT);
    assert_code(world, "recording.other_sound");
}

static void what_nobody_recorded_is_not_referred_to(void **state)
{
    struct world *world = *state;
    struct recording recording;
    const struct recording_upload none = {.call_id = centre_call(world, "a", "").id};
    assert_int_equal(keep_upload(world, none, &recording), INVALID);
    assert_true(was_rejected(world, "file", "required"));
}

static void a_reference_is_taken_over_by_what_is_uploaded(void **state)
{
    struct world *world = *state;
    struct recording reference = {0}, recording;
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
    struct recording recording = {0};
    struct peak *peaks;
    size_t count;
    assert_int_equal(keep(world, a_call(world, "a"), 1, 16384, &recording), OK);
    assert_false(has_entry(world, recording.id, "listen"));
    assert_int_equal(attempt(world, open_run, &recording), OK);
    assert_true(has_entry(world, recording.id, "listen"));
    assert_int_equal(recording_peaks(&world->test.cx, &recording, &peaks, &count), OK);
    assert_int_equal(count, PEAKS_MOST);
}

static void C1_1_an_agent_hears_the_own_recordings_with_the_permission_to_and_no_others(
    void **state)
{
    struct world *world = *state;
    struct recording recording = {0}, seen;
    struct agent first, second;
    struct call call = {0};
    assert_int_equal(keep(world, a_call(world, "a"), 1, 16384, &recording), OK);
    act(world, &ACTOR_SYSTEM);
    get(world, &AGENTS, centre.first, &first);
    get(world, &AGENTS, centre.second, &second);
    const struct actor *own = actor_of(world, first.person_id, R(AGENT));
    act(world, own);
    get(world, &RECORDINGS, recording.id, &seen);
    get(world, &CALLS, recording.call_id, &call);
    assert_int_equal(call.person_id, first.person_id);
    assert_int_equal(recording_audible(&world->test.cx, &seen), FORBIDDEN);
    assert_code(world, "recording.may_not_listen");
    assert_int_equal(attempt(world, open_run, &seen), FORBIDDEN);
    tamper(world, "UPDATE agents SET permissions = 'manual_dial listen_own_recordings'");
    act(world, own);
    assert_int_equal(attempt(world, open_run, &seen), OK);
    act(world, actor_of(world, second.person_id, R(AGENT)));
    world->test.cx.db = store_reader(world->test.store);
    assert_int_equal(record_get(&world->test.cx, &RECORDINGS, recording.id, &seen), NOT_FOUND);
    assert_int_equal(record_get(&world->test.cx, &CALLS, recording.call_id, &call), NOT_FOUND);
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

static void is_in(struct world *world, int64_t id, enum recording_state state)
{
    struct recording recording = {0};
    get(world, &RECORDINGS, id, &recording);
    assert_int_equal(recording.state, state);
}

#define OVER "2027-03-03T09:00:00+08:00"
#define DAY_LATER "2027-03-04T09:00:01+08:00"

static void C2_4_what_is_over_is_deleted_with_a_certificate(void **state)
{
    struct world *world = *state;
    struct recording recording = {0};
    struct deletion_certificate certificate;
    assert_int_equal(keep(world, a_call(world, "a"), 1, 100, &recording), OK);
    sweep_on(world, "2026-08-05T09:00:00+08:00"); /* its 183rd day */
    is_in(world, recording.id, RECORDING_KEPT);
    sweep_on(world, OVER);
    get(world, &RECORDINGS, recording.id, &recording);
    assert_int_equal(recording.state, RECORDING_DELETED);
    assert_true(has_entry(world, recording.id, "expire"));
    assert_int_equal(attempt(world, open_run, &recording), NOT_FOUND);
    assert_false(recording.erased);
    get(world, &DELETION_CERTIFICATES, recording.certificate_id, &certificate);
    assert_int_equal(certificate.state, CERTIFICATE_UNDERWAY); /* its bytes are still there */
    assert_int_equal(certificate.count, 1);
    assert_int_equal(certificate.rule_days, 183);
    assert_string_equal(certificate.subject, "2026-02-03");
    sweep_on(world, DAY_LATER);
    get(world, &RECORDINGS, recording.id, &recording);
    assert_true(recording.erased);
    assert_true(has_entry(world, recording.id, "erase"));
    get(world, &DELETION_CERTIFICATES, recording.certificate_id, &certificate);
    assert_int_equal(certificate.state, CERTIFICATE_DELETED);
}

static void C2_4_the_digest_of_a_certificate_is_that_of_the_list_of_what_went(void **state)
{
    struct world *world = *state;
    struct recording recording = {0};
    struct deletion_certificate certificate;
    char hex[SHA256_HEX];
    assert_int_equal(keep(world, a_call(world, "a"), 1, 100, &recording), OK);
    sweep_on(world, OVER);
    get(world, &RECORDINGS, recording.id, &recording);
    get(world, &DELETION_CERTIFICATES, recording.certificate_id, &certificate);
    const char *line = arena_printf(world->test.arena, "%s  2026/a.wav\n", recording.sha256);
    sha256_hex(line, strlen(line), hex);
    assert_string_equal(certificate.sha256, hex);
}

static enum result release(struct ctx *cx, void *host)
{
    return hold_release(cx, host, "Settled");
}

static void X4_a_legal_hold_over_its_day_keeps_it(void **state)
{
    struct world *world = *state;
    struct recording recording = {0};
    struct recording_hold held;
    struct legal_hold hold = {.organisation_id = world->client,
                              .contract_id = centre.contract,
                              .from = date_of(2026, 2, 3),
                              .to = date_of(2026, 2, 3),
                              .reason = "Dispute"};
    assert_int_equal(keep(world, a_call(world, "a"), 1, 100, &recording), OK);
    assert_int_equal(add(world, &LEGAL_HOLDS, &hold), OK);
    get(world, &RECORDINGS, recording.id, &recording);
    assert_int_equal(recording_held(&world->test.cx, &recording, &held), OK);
    assert_int_equal(held.legal_hold_id, hold.id);
    sweep_on(world, OVER);
    is_in(world, recording.id, RECORDING_KEPT);
    assert_int_equal(attempt(world, release, &hold), OK);
    sweep_on(world, OVER);
    is_in(world, recording.id, RECORDING_DELETED);
}

static void C2_4_an_open_letter_about_its_call_keeps_it(void **state)
{
    struct world *world = *state;
    struct recording recording = {0};
    assert_int_equal(keep(world, a_call(world, "a"), 1, 100, &recording), OK);
    get(world, &RECORDINGS, recording.id, &recording);
    struct letter letter = {
        .type = "penalty_evidence",
        .contract_id = centre.contract,
        .from_side = SIDE_CLIENT,
        .subject = "Verify",
        .lines = arena_printf(world->test.arena,
                              "[{\"agent_code\":\"1001\",\"person_name\":\"\",\"call_id\":%lld,"
                              "\"second\":3,\"fact\":\"Rude\",\"proposal\":\"\"}]",
                              (long long)recording.call_id)};
    fields_blank(LETTERS.fields, &letter);
    act(world, member_of(world, world->headquarters, R(CLIENT)));
    assert_int_equal(add(world, &LETTERS, &letter), OK);
    sweep_on(world, OVER);
    is_in(world, recording.id, RECORDING_KEPT);
    tamper(world, "UPDATE letters SET state = 'answered'");
    sweep_on(world, OVER);
    is_in(world, recording.id, RECORDING_DELETED);
}

static void C2_4_a_changed_rule_holds_for_what_is_kept_already(void **state)
{
    struct world *world = *state;
    struct recording recording = {0};
    struct retention_rule rule = {.contract_id = centre.contract,
                                  .kind = RETAIN_RECORDINGS,
                                  .days = 400,
                                  .basis = "Contract, 7.2"};
    assert_int_equal(keep(world, a_call(world, "a"), 1, 100, &recording), OK);
    assert_int_equal(add(world, &RETENTION_RULES, &rule), OK);
    sweep_on(world, OVER); /* day 393 */
    get(world, &RECORDINGS, recording.id, &recording);
    assert_int_equal(recording.state, RECORDING_KEPT);
    assert_int_equal(recording.kept_days, 400);
    assert_int_equal(recording.kept_until.days, date_of(2026, 2, 3).days + 400);
    sweep_on(world, "2027-03-11T09:00:00+08:00");
    is_in(world, recording.id, RECORDING_DELETED);
}

/* More than an hour's job rules anew, all of them over by the former rule. */
static void C2_4_what_is_not_ruled_anew_yet_is_not_deleted(void **state)
{
    struct world *world = *state;
    struct recording recording = {0};
    struct retention_rule rule = {.contract_id = centre.contract,
                                  .kind = RETAIN_RECORDINGS,
                                  .days = 3660,
                                  .basis = "Contract, 7.2"};
    struct query count =
        db_query("deleted", "SELECT count(*) FROM recordings WHERE state = 'deleted'", 0);
    int64_t deleted;
    assert_int_equal(keep(world, a_call(world, "a"), 1, 100, &recording), OK);
    tamper(world, "INSERT INTO recordings (version, created_at, updated_at, call_id, contract_id, "
                  "provider_id, name, sha256, media_type, size, duration_ms, channels, silent, "
                  "kept_until, kept_days, reason, erased, state) "
                  "WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < "
                  "6100) SELECT 1, created_at, updated_at, call_id + n, contract_id, provider_id, "
                  "name, sha256, media_type, size, duration_ms, channels, silent, kept_until, "
                  "kept_days, reason, erased, state FROM recordings, many");
    assert_int_equal(add(world, &RETENTION_RULES, &rule), OK);
    sweep_on(world, OVER);
    assert_int_equal(db_int(&world->test.cx, &count, NO_PARAMS, &deleted), OK);
    assert_int_equal(deleted, 0);
}

/* A head alone is the same file for every call. */
static void C2_4_bytes_that_another_recording_has_too_hold_up_no_certificate(void **state)
{
    struct world *world = *state;
    struct recording recording, later;
    struct deletion_certificate certificate;
    assert_int_equal(keep(world, a_call(world, "a"), 0, 0, &recording), OK);
    world->test.cx.now = at(OVER);
    assert_int_equal(keep(world, a_call(world, "b"), 0, 0, &later), OK);
    sweep_on(world, OVER);
    sweep_on(world, DAY_LATER);
    get(world, &RECORDINGS, recording.id, &recording);
    assert_true(recording.erased);
    get(world, &DELETION_CERTIFICATES, recording.certificate_id, &certificate);
    assert_int_equal(certificate.state, CERTIFICATE_DELETED);
    assert_int_equal(attempt(world, open_run, &later), OK);
}

static void C2_4_none_is_kept_less_than_thirty_days_from_its_arrival(void **state)
{
    struct world *world = *state;
    struct recording recording = {0};
    struct retention_rule rule = {.contract_id = centre.contract,
                                  .kind = RETAIN_RECORDINGS,
                                  .days = 30,
                                  .basis = "Contract, 7.2"};
    const int64_t call = a_call(world, "a");
    assert_int_equal(add(world, &RETENTION_RULES, &rule), OK);
    world->test.cx.now = at("2026-05-20T09:00:00+08:00");
    assert_int_equal(keep(world, call, 1, 100, &recording), OK);
    assert_int_equal(recording.kept_until.days, date_of(2026, 6, 19).days);
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
        FILES_TEST(a_head_alone_makes_room_for_the_sound_that_comes_after_it),
        FILES_TEST(what_nobody_recorded_is_not_referred_to),
        FILES_TEST(a_reference_is_taken_over_by_what_is_uploaded),
        FILES_TEST(another_provider_neither_sees_nor_adds_a_recording),
        FILES_TEST(who_listens_is_named_in_the_trail),
        FILES_TEST(C1_1_an_agent_hears_the_own_recordings_with_the_permission_to_and_no_others),
        FILES_TEST(C2_4_what_is_over_is_deleted_with_a_certificate),
        FILES_TEST(C2_4_the_digest_of_a_certificate_is_that_of_the_list_of_what_went),
        FILES_TEST(X4_a_legal_hold_over_its_day_keeps_it),
        FILES_TEST(C2_4_an_open_letter_about_its_call_keeps_it),
        FILES_TEST(C2_4_a_changed_rule_holds_for_what_is_kept_already),
        FILES_TEST(C2_4_what_is_not_ruled_anew_yet_is_not_deleted),
        FILES_TEST(C2_4_bytes_that_another_recording_has_too_hold_up_no_certificate),
        FILES_TEST(C2_4_none_is_kept_less_than_thirty_days_from_its_arrival),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
