/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Recordings on the web: the list, the player, taking in, and what keeps them. */
#include "app/records/record_page.h"
#include "app/reviews/arrival.h"
#include "app/reviews/recording.h"
#include "app/reviews/review.h"
#include "app/reviews/review_web.h"
#include "base/texts.h"
#include "web/stream.h"

#include <string.h>

static const struct field PEAK_FIELDS[] = {FIELD(peak, left), FIELD(peak, right), FIELDS_END};

/* Who listens, and when, stands across the waveform. */
static const char *watermark(struct request *rq)
{
    const struct actor *actor = rq->cx.actor;
    const struct field at = {.name = "at", .type = FIELD_INSTANT};
    struct text text = text_new(rq->cx.mem, 32);
    field_write(&at, &rq->cx.now, true, &text);
    return arena_printf(rq->cx.mem, "%s · %s · %s", actor->person_name, actor->account,
                        text_end(&text));
}

void recording_player(struct request *rq, const char *href, const struct recording *recording,
                      bool may_listen)
{
    const char *const state = choice_name(RECORDING_STATES, recording->state);
    struct fault kept = fault_take(&rq->cx);
    const bool plays = may_listen && recording_is_here(recording) && !recording->silent &&
                       recording_audible(&rq->cx, recording) == OK;
    rq->cx.fault = kept;
    doc_text(rq->doc, "recording_state", recording->silent ? "silent" : state);
    doc_flag(rq->doc, "may_play", plays);
    if (!plays)
        return;
    doc_text(rq->doc, "player_href", href);
    doc_int(rq->doc, "player_ms", recording->duration_ms);
    doc_flag(rq->doc, "player_sides", recording->channels == WAV_CHANNELS);
    doc_text(rq->doc, "watermark", watermark(rq));
}

struct held_by {
    const char *words, *href;
};
static const struct field HELD_FIELDS[] = {FIELD(held_by, words), FIELD(held_by, href), FIELDS_END};

/* What keeps it beyond its days. */
static void put_holds(struct request *rq, const struct recording *recording,
                      const struct recording_hold *hold)
{
    const struct {
        const char *name, *path;
        int64_t id;
    } kinds[] = {{"legal_hold", "legal_holds", hold->legal_hold_id},
                 {"review", "reviews", hold->review_id},
                 {"calibration", "calibrations", hold->calibration_id},
                 {"letter", "letters", hold->letter_id}};
    struct held_by *rows = ARENA_ARRAY(rq->cx.mem, struct held_by, sizeof kinds / sizeof kinds[0]);
    size_t count = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const char *href =
            arena_printf(rq->cx.mem, "/%s/%lld", kinds[i].path, (long long)kinds[i].id);
        if (!kinds[i].id || !link_leads(rq, href))
            continue;
        const char *words = texts_get(
            arena_printf(rq->cx.mem, "recordings.held_by.%s", kinds[i].name), rq->cx.lang);
        rows[count++] = (struct held_by){words, href};
    }
    doc_records(rq->doc, "held_by", HELD_FIELDS, rows, count, sizeof *rows);
}

static void put_hold_link(struct request *rq, const struct recording *recording)
{
    char day[DATE_MAX_TEXT];
    date_format(instant_date(recording->started_at, SHANGHAI_OFFSET_MIN), day);
    if (actor_may(rq->cx.actor, "legal_holds.write"))
        doc_text(rq->doc, "hold_href",
                 arena_printf(rq->cx.mem, "/legal_holds/new?contract_id=%lld&from=%s&to=%s",
                              (long long)recording->contract_id, day, day));
}

static enum result recording_show(struct request *rq, void *record)
{
    const struct recording *recording = record;
    const struct actor *actor = rq->cx.actor;
    struct recording_hold hold;
    TRY(recording_held(&rq->cx, recording, &hold));
    if (recording->state == RECORDING_KEPT)
        put_holds(rq, recording, &hold);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    recording_player(rq, arena_printf(rq->cx.mem, "/recordings/%lld", (long long)recording->id),
                     recording, actor_may(actor, "recordings.listen"));
    put_hold_link(rq, recording);
    if (recording->certificate_id)
        doc_link(rq, rq->doc, "certificate_href",
                 arena_printf(rq->cx.mem, "/deletion_certificates/%lld",
                              (long long)recording->certificate_id));
    doc_text(rq->doc, "call_href",
             arena_printf(rq->cx.mem, "/calls/%lld", (long long)recording->call_id));
    if (actor_may(actor, "calibrations.write") && recording_is_here(recording))
        doc_text(rq->doc, "calibration_href",
                 arena_printf(rq->cx.mem, "/calibrations/new?call_id=%lld",
                              (long long)recording->call_id));
    if (actor_may(actor, "listenings.read"))
        doc_text(
            rq->doc, "listenings_href",
            arena_printf(rq->cx.mem, "/listenings?recording_id=%lld", (long long)recording->id));
    doc_flag(rq->doc, "may_write_letter",
             actor->side == SIDE_CLIENT && actor_may(actor, "letters.write"));
    rq->doc->page_only = false;
    return OK;
}

static enum result recordings_list(struct request *rq, const struct list *list)
{
    rq->doc->page_only = true;
    if (actor_may(rq->cx.actor, "recording_arrivals.read"))
        doc_text(rq->doc, "arrivals_href", "/recording_arrivals?state=waiting");
    if (actor_may(rq->cx.actor, "recordings.write"))
        doc_text(rq->doc, "create_href", "/recordings/new");
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face RECORDING_FACE = {.resource = &RECORDINGS,
                                                  .show = recording_show,
                                                  .list = recordings_list,
                                                  .icon = "player-play"};
static const struct record_face LISTENING_FACE = {.resource = &LISTENINGS, .icon = "ear"};

/* ---- taking in ---- */

static const struct field UPLOAD_INPUT[] = {
    FIELD(recording_upload, call_id, .in = MAY),
    FIELD(recording_upload, source, .in = MAY, .max = 100),
    FIELD(recording_upload, uid, .in = MAY, .max = 200),
    FIELD(recording_upload, started_at, .in = MAY),
    FIELDS_END,
};

static enum result recording_prepare_post(struct request *rq)
{
    struct recording_upload *upload = ARENA_NEW(rq->cx.mem, struct recording_upload);
    const struct part *file = input_file(rq, "file");
    const char *call = input_text(rq, "call_id"), *began = input_text(rq, "started_at");
    upload->source = input_text(rq, "source");
    upload->uid = input_text(rq, "uid");
    if (*began && !instant_parse(began, &upload->started_at))
        reject(&rq->cx, "started_at", "malformed");
    if (*call && (!int_parse(call, &upload->call_id) || upload->call_id <= 0))
        reject(&rq->cx, "call_id", "malformed");
    TRY(rejected(&rq->cx));
    if (file) {
        upload->name = file->file_name;
        upload->bytes = file->bytes;
        upload->len = file->len;
    }
    rq->prepared = upload;
    return recording_stage(&rq->cx, upload);
}

static const struct record_face ARRIVAL_FACE = {.resource = &RECORDING_ARRIVALS};

/* Its call has not come yet. */
static enum result arrival_post(struct request *rq)
{
    struct recording_arrival *arrival = ARENA_NEW(rq->cx.mem, struct recording_arrival);
    TRY(arrival_keep(&rq->cx, rq->prepared, arrival));
    TRY(record_get(&rq->cx, &RECORDING_ARRIVALS, arrival->id, arrival));
    TRY(record_answer(rq, &ARRIVAL_FACE, arrival));
    return created(rq, "/recording_arrivals/%lld", (long long)arrival->id);
}

static enum result recording_post(struct request *rq)
{
    if (((const struct recording_upload *)rq->prepared)->waits)
        return arrival_post(rq);
    struct recording *recording = ARENA_NEW(rq->cx.mem, struct recording);
    TRY(recording_keep(&rq->cx, rq->prepared, recording));
    TRY(record_get(&rq->cx, &RECORDINGS, recording->id, recording));
    TRY(record_answer(rq, &RECORDING_FACE, recording));
    TRY(created(rq, "/recordings/%lld", (long long)recording->id));
    if (recording->silent && rq->face == FACE_PAGE)
        return moved(rq, "flash.recording.silent", "%s", rq->location);
    return OK;
}

static enum result recording_new_get(struct request *rq)
{
    int64_t call_id = 0;
    struct call *call = ARENA_NEW(rq->cx.mem, struct call);
    if (!int_parse(query_text(rq, "call_id"), &call_id))
        return OK;
    TRY(record_get(&rq->cx, &CALLS, call_id, call));
    rq->doc->page_only = true;
    doc_int(rq->doc, "call_id", call_id);
    doc_records(rq->doc, "call", CALLS.fields, call, 1, sizeof *call);
    rq->doc->page_only = false;
    return OK;
}

/* ---- listening ---- */

enum result recording_sound(struct request *rq, const struct recording *recording)
{
    int fd;
    TRY(recording_open(&rq->cx, recording, &fd));
    return reply_file(rq, fd, (uint64_t)recording->size, recording->media_type, recording->name,
                      recording->sha256, false);
}

static enum result recording_audio_get(struct request *rq)
{
    struct recording recording;
    TRY(record_of_path(rq, &RECORDINGS, &recording));
    return recording_sound(rq, &recording);
}

struct waveform {
    struct peak *peaks;
    size_t count;
};

/* The whole file is read: beside the server's thread. */
enum result recording_wave_prepare(struct request *rq, const struct recording *recording)
{
    struct waveform *waveform = ARENA_NEW(rq->cx.mem, struct waveform);
    rq->prepared = waveform;
    return recording_peaks(&rq->cx, recording, &waveform->peaks, &waveform->count);
}

enum result recording_wave_get(struct request *rq)
{
    const struct waveform *waveform = rq->prepared;
    doc_records(rq->doc, "items", PEAK_FIELDS, waveform->peaks, waveform->count,
                sizeof *waveform->peaks);
    return OK;
}

static enum result recording_peaks_prepare(struct request *rq)
{
    struct recording recording;
    TRY(record_of_path(rq, &RECORDINGS, &recording));
    return recording_wave_prepare(rq, &recording);
}

/* ---- a letter from it ---- */

struct letter_asked {
    int32_t at_ms;
};
static const struct field LETTER_INPUT[] = {
    FIELD(letter_asked, at_ms, .in = MAY, .max = 86400000),
    FIELDS_END,
};

static enum result recording_letter_post(struct request *rq)
{
    struct recording recording;
    struct letter_asked asked = {0};
    struct letter letter;
    int64_t id;
    TRY(record_for_action(rq, &RECORDINGS, &recording));
    enum result result = body_read(rq, LETTER_INPUT, &asked, false, NULL);
    if (result == OK)
        result = evidence_begin(&rq->cx,
                                (struct evidence){.call_id = recording.call_id,
                                                  .contract_id = recording.contract_id,
                                                  .agent_code = recording.agent_code,
                                                  .agent_name = recording.agent_name,
                                                  .at_ms = asked.at_ms,
                                                  .fact = ""},
                                &id);
    if (result != OK)
        return record_acted(rq, &RECORDING_FACE, &recording, result, "");
    TRY(record_get(&rq->cx, &LETTERS, id, &letter));
    doc_root(rq->doc, LETTERS.fields,
             memcpy(arena_alloc(rq->cx.mem, sizeof letter), &letter, sizeof letter));
    return created(rq, "/letters/%lld/edit", (long long)id);
}

#define NAV .nav = "recordings"
/* clang-format off */
const struct route RECORDING_ROUTES[] = {
    RECORD_LIST("recordings", RECORDING_FACE, "recordings"),
    RECORD_SHOW("recordings", RECORDING_FACE, "recording"),
    RECORD_HISTORY("recordings", RECORDING_FACE),
    RECORD_EXPORT("recordings", RECORDING_FACE),
    {GET, "/recordings/new", "recordings.write", recording_new_get, "recording_new",
     .flags = PAGE_ONLY, NAV},
    {POST, "/recordings", "recordings.write", recording_post, "recording_new",
     .flags = UPLOAD | RECORDED, .prepare = recording_prepare_post, .input = UPLOAD_INPUT, NAV},
    {GET, "/recordings/{id}/audio", "recordings.listen", recording_audio_get, "fault",
     .flags = STREAM | TRACED},
    {GET, "/recordings/{id}/peaks", "recordings.listen", recording_wave_get, NULL,
     .flags = API_ONLY, .prepare = recording_peaks_prepare},
    {POST, "/recordings/{id}/letter", "letters.write", recording_letter_post, "recording",
     .input = LETTER_INPUT, NAV},
    RECORD_LIST("recording_arrivals", ARRIVAL_FACE, "list"),
    RECORD_SHOW("recording_arrivals", ARRIVAL_FACE, "record"),
    RECORD_HISTORY("recording_arrivals", ARRIVAL_FACE),
    RECORD_EXPORT("recording_arrivals", ARRIVAL_FACE),
    RECORD_LIST("listenings", LISTENING_FACE, "list"),
    RECORD_SHOW("listenings", LISTENING_FACE, "record"),
    RECORD_EXPORT("listenings", LISTENING_FACE),
    ROUTES_END,
};
/* clang-format on */
