/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an inspection finds: items, answers, the score, and what follows from it. */
#include "app/inspections/inspection.h"
#include "app/inspections/rectification.h"
#include "app/inspections/trust.h"
#include "base/doc.h"

#include <stdlib.h>
#include <string.h>

const char *const ITEM_RESULTS[] = {"pass", "fail", "na", NULL};
#define NOTE_MOST 500

const struct field INSPECTION_ITEM_FIELDS[] = {
    FIELD(inspection_item, item_id),
    FIELD_ENUM(inspection_item, category, CATEGORIES),
    FIELD(inspection_item, part),
    FIELD(inspection_item, text),
    FIELD(inspection_item, term),
    FIELD_ENUM(inspection_item, method, ITEM_METHODS),
    FIELD_ENUM(inspection_item, frequency, ITEM_FREQUENCIES),
    FIELD(inspection_item, points),
    FIELD(inspection_item, deduction),
    FIELD(inspection_item, photo),
    FIELD(inspection_item, fatal),
    FIELD_ENUM(inspection_item, result, ITEM_RESULTS),
    FIELD(inspection_item, findings),
    FIELD(inspection_item, deducted),
    FIELD(inspection_item, note),
    FIELD_REF(inspection_item, rectification_id, "rectifications"),
    FIELD(inspection_item, linked),
    FIELDS_END,
};

const struct field INSPECTION_ANSWER_FIELDS[] = {
    FIELD(inspection_answer, item_id, .in = MUST),
    FIELD_ENUM(inspection_answer, result, ITEM_RESULTS, .in = MUST),
    FIELD(inspection_answer, findings, .in = MAY, .min = 0, .max = 99),
    FIELD(inspection_answer, note, .in = MAY, .max = NOTE_MOST),
    FIELD(inspection_answer, due_on, .in = MAY),
    FIELDS_END,
};

/* ---- places ---- */

bool places_has(const struct places *places, int32_t place)
{
    return places->bits[(place - 1) / 64] >> ((place - 1) % 64) & 1;
}

void places_add(struct places *places, int32_t place)
{
    places->bits[(place - 1) / 64] |= UINT64_C(1) << ((place - 1) % 64);
}

const char *places_text(struct arena *arena, const struct places *places)
{
    struct text out = text_new(arena, 32);
    for (int32_t place = 1; place <= INSPECTION_ITEMS_MOST; place++)
        if (places_has(places, place))
            text_printf(&out, "%s%d", out.len ? " " : "", place);
    return text_end(&out);
}

struct places places_read(const char *text)
{
    struct places places = {{0}};
    for (char *end = NULL; *text; text = end + (*end == ' ')) {
        const long place = strtol(text, &end, 10);
        if (end == text || place < 1 || place > INSPECTION_ITEMS_MOST)
            break;
        places_add(&places, (int32_t)place);
    }
    return places;
}

/* ---- the score ---- */

struct inspection_score inspection_score(const struct inspection_item *items, size_t count,
                                         const struct places *upheld)
{
    struct inspection_score out = {.nothing = true};
    int64_t given = 0, most = 0;
    for (size_t i = 0; i < count; i++) {
        const struct inspection_item *item = &items[i];
        const bool fails = item->result == RESULT_FAIL && !places_has(upheld, (int32_t)i + 1);
        if (item->result != RESULT_PASS && item->result != RESULT_FAIL) {
            out.not_applicable += item->result == RESULT_NA;
            continue;
        }
        int64_t lost = fails && !item->linked ? item->deducted.hundredths : 0;
        if (lost > item->points.hundredths)
            lost = item->points.hundredths;
        out.passed += !fails;
        out.failed += fails;
        out.fatal = out.fatal || (fails && item->fatal && !item->linked);
        out.deducted.hundredths += lost;
        given += item->points.hundredths - lost;
        most += item->points.hundredths;
        out.nothing = false;
    }
    if (most && !out.fatal)
        out.score = points_share((struct points){100 * INT64_C(100)}, given, most);
    return out;
}

enum result inspection_items(struct ctx *cx, const struct inspection *inspection,
                             struct inspection_item **out, size_t *out_count)
{
    if (!json_rows_read(cx->mem, inspection->items, INSPECTION_ITEM_FIELDS, sizeof **out,
                        INSPECTION_ITEMS_MOST, out, out_count))
        return fail(cx, BROKEN, "inspection.broken", inspection->area_name);
    return OK;
}

/* ---- answers ---- */

static const char *field_of(struct ctx *cx, size_t answer, const char *member)
{
    return arena_printf(cx->mem, "items.%zu.%s", answer, member);
}

static void fail_item(struct ctx *cx, const struct inspection_answer *answer, size_t row,
                      int32_t photos, struct inspection_item *item)
{
    item->findings = answer->findings ? answer->findings : 1;
    item->deducted = item->points;
    if (!item->fatal && item->deduction.hundredths &&
        item->findings * item->deduction.hundredths < item->points.hundredths)
        item->deducted.hundredths = item->findings * item->deduction.hundredths;
    if (item->photo && !photos)
        reject_clause(cx, "V3.5", field_of(cx, row, "result"), "photo_wanted");
    else if (!photos && !*text_plain(cx->mem, answer->note))
        reject_clause(cx, "V3.5", field_of(cx, row, "note"), "note_or_photo");
}

static size_t place_of_item(const struct inspection_item *items, size_t count, int64_t item_id)
{
    size_t at = 0;
    while (at < count && items[at].item_id != item_id)
        at++;
    return at;
}

/* Everything that an inspection is made of while it is answered: its items, how many photos each
 * has, and until when each is to be rectified. */
struct answering {
    struct inspection_item *items;
    int32_t *photos;
    struct date *due;
    size_t count;
};

static void take_answer(struct ctx *cx, const struct inspection_answer *answer, size_t row,
                        const struct answering *answering)
{
    const size_t at = place_of_item(answering->items, answering->count, answer->item_id);
    if (at == answering->count) {
        reject(cx, field_of(cx, row, "item_id"), "no_such_item");
        return;
    }
    struct inspection_item *item = &answering->items[at];
    if (item->result)
        reject(cx, field_of(cx, row, "item_id"), "twice");
    item->result = answer->result;
    item->note = answer->note;
    answering->due[at] = answer->due_on;
    if (answer->due_on.days &&
        answer->due_on.days < instant_date(cx->now, SHANGHAI_OFFSET_MIN).days)
        reject(cx, field_of(cx, row, "due_on"), "in_the_past");
    if (answer->result == RESULT_FAIL)
        fail_item(cx, answer, row, answering->photos[at], item);
}

/* What nobody said anything of: passes where that is allowed, else it is missing. */
static void take_rest(struct ctx *cx, const struct inspection *inspection, bool rest_passes,
                      struct inspection_item *items, size_t count)
{
    int missing = 0;
    if (rest_passes && !LEVEL_RULES[inspection->level].rest_passes)
        reject_clause(cx, "V3.5", "rest_passes", "each_by_itself");
    for (size_t i = 0; i < count; i++) {
        if (items[i].result)
            continue;
        if (rest_passes && !items[i].fatal && !items[i].photo)
            items[i].result = RESULT_PASS;
        else
            missing++;
    }
    if (missing)
        reject_clause(cx, "V3.5", "items", "items_missing", arena_printf(cx->mem, "%d", missing));
}

static enum result take_answers(struct ctx *cx, const struct inspection *inspection,
                                const struct inspection_finish *finish,
                                const struct answering *answering)
{
    const struct places none = {{0}};
    if (utf8_count(finish->remark) > REASON_MOST)
        reject(cx, "remark", "too_long", "1000");
    TRY(photos_counted(cx, inspection->id, answering->photos, answering->count));
    for (size_t i = 0; i < finish->count; i++)
        take_answer(cx, &finish->answers[i], i, answering);
    take_rest(cx, inspection, finish->rest_passes, answering->items, answering->count);
    TRY(rejected(cx));
    if (inspection_score(answering->items, answering->count, &none).nothing)
        reject_clause(cx, "V3.5", "items", "nothing_judged");
    return rejected(cx);
}

/* ---- finishing ---- */

static void put_score(const struct inspection_score *score, struct inspection *after)
{
    after->passed = score->passed;
    after->failed = score->failed;
    after->not_applicable = score->not_applicable;
    after->deducted = score->deducted;
    after->score = score->score;
    after->fatal = score->fatal;
}

static enum result tell_provider(struct ctx *cx, const struct inspection *inspection)
{
    char score[POINTS_MAX_TEXT] = "";
    points_format(inspection->score, score);
    const struct news news = {.kind = "inspection.finished",
                              .subject = &INSPECTIONS,
                              .subject_id = inspection->id,
                              .title = inspection->area_name,
                              .detail = arena_dup(cx->mem, score)};
    return notice_roles(cx, inspection->provider_id, 0, R(PROVIDER), &news);
}

struct instant appeal_end(struct ctx *cx)
{
    static const struct duty_rule DAYS = {.due = {DUE_WORKING_DAYS, .count = APPEAL_WORKING_DAYS}};
    return due_of(cx, &DAYS, cx->now);
}

static enum result finish_now(struct ctx *cx, const struct inspection *inspection,
                              const struct inspection_finish *finish,
                              const struct inspection_item *items, size_t count)
{
    struct inspection after = *inspection;
    const struct places none = {{0}};
    const struct inspection_score score = inspection_score(items, count, &none);
    put_score(&score, &after);
    after.items = json_rows_text(cx->mem, INSPECTION_ITEM_FIELDS, items, count, sizeof *items);
    after.remark = finish->remark;
    after.finished_at = cx->now;
    after.device_finished_at = finish->device_finished_at.ms ? finish->device_finished_at : cx->now;
    after.month = month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN));
    after.appeal_by = appeal_end(cx);
    after.state = INSPECTION_FINISHED;
    TRY(inspection_doubt(cx, &after, count, &after.doubtful));
    TRY(record_change(cx, &INSPECTIONS, "finish", inspection, &after));
    if (inspection->task_id)
        TRY(task_done(cx, inspection->task_id, inspection->id));
    return tell_provider(cx, &after);
}

enum result inspection_finish(struct ctx *cx, const struct inspection *inspection,
                              const struct inspection_finish *finish)
{
    struct answering answering;
    if (inspection->inspector_id != cx->actor->person_id)
        return fail(cx, FORBIDDEN, "inspection.not_yours", inspection->inspector_name);
    if (inspection->state != INSPECTION_OPEN)
        return fail(cx, CONFLICT, "inspection.wrong_state", inspection->area_name);
    TRY(inspection_items(cx, inspection, &answering.items, &answering.count));
    answering.photos = ARENA_ARRAY(cx->mem, int32_t, answering.count + 1);
    answering.due = ARENA_ARRAY(cx->mem, struct date, answering.count + 1);
    TRY(take_answers(cx, inspection, finish, &answering));
    TRY(rectifications_issue(cx, inspection, answering.items, answering.due, answering.count));
    return finish_now(cx, inspection, finish, answering.items, answering.count);
}
