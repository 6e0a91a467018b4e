/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reviews on the web: a reviewer's next call, its recording, and the steps after it. */
#include "app/reviews/review_web.h"
#include "app/reviews/recording.h"
#include "app/reviews/review.h"

#include "app/records/record_page.h"
#include "base/texts.h"

#include <string.h>

/* The reviewer's next call, 0 when none waits, or for whom reviews nothing. */
static enum result next_of(struct request *rq, int64_t *out)
{
    struct review next;
    *out = 0;
    if (!actor_may(rq->cx.actor, "reviews.write"))
        return OK;
    struct fault kept = fault_take(&rq->cx);
    enum result there = review_next(&rq->cx, &next);
    rq->cx.fault = kept;
    if (there == OK)
        *out = next.id;
    return there == NOT_FOUND ? OK : there;
}

static enum result put_may_go_on(struct request *rq)
{
    int64_t next;
    TRY(next_of(rq, &next));
    doc_flag(rq->doc, "may_go_on", next != 0);
    return OK;
}

/* ---- a review ---- */

static const char *mark_label(struct request *rq, enum item_mark mark)
{
    return texts_get(arena_printf(rq->cx.mem, "reviews.mark.%s", choice_name(ITEM_MARKS, mark)),
                     rq->cx.lang);
}

static struct doc *choice_doc(struct request *rq, enum item_mark mark, enum item_mark chosen)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_text(doc, "value", choice_name(ITEM_MARKS, mark));
    doc_text(doc, "label", mark_label(rq, mark));
    doc_flag(doc, "selected", mark == chosen);
    return doc;
}

const char *review_points_words(struct request *rq, struct points points)
{
    char text[POINTS_MAX_TEXT];
    const int len = points_format(points, text);
    return points.hundredths % 100 ? arena_dup(rq->cx.mem, text)
                                   : arena_copy(rq->cx.mem, text, (size_t)len - strlen(".00"));
}

static const char *second_words(struct request *rq, int32_t at_ms)
{
    const int32_t second = at_ms / 1000;
    return arena_printf(rq->cx.mem, "%d:%02d", second / 60, second % 60);
}

/* A row of the form: the item, what may be said of it, and what was. */
static struct doc *row_doc(struct request *rq, const struct review_item *item, size_t index)
{
    static const enum item_mark CHOICES[][2] = {
        [ITEM_SCORE] = {MARK_POINTS, MARK_NA}, [ITEM_FATAL] = {MARK_CLEAR, MARK_HIT}};
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **marks = ARENA_ARRAY(rq->cx.mem, struct doc *, 2);
    for (int i = 0; i < 2; i++)
        marks[i] = choice_doc(rq, CHOICES[item->kind][i], item->mark);
    doc_int(doc, "index", (int64_t)index);
    doc_int(doc, "place", (int64_t)index + 1);
    doc_text(doc, "name", item->name);
    doc_text(doc, "text", item->text);
    doc_flag(doc, "is_fatal", item->kind == ITEM_FATAL);
    doc_flag(doc, "is_hit", item->mark == MARK_HIT);
    doc_int(doc, "weight", item->weight);
    doc_flag(doc, "is_scored", item->mark == MARK_POINTS);
    doc_text(doc, "points", item->mark == MARK_POINTS ? review_points_words(rq, item->points) : "");
    doc_flag(doc, "has_note", *item->comment || item->at_ms);
    doc_text(doc, "mark", item->mark ? mark_label(rq, item->mark) : "");
    doc_text(doc, "comment", item->comment);
    doc_int(doc, "at_ms", item->at_ms);
    if (item->at_ms)
        doc_text(doc, "at_words", second_words(rq, item->at_ms));
    doc_int(doc, "at_s", item->at_ms / 1000);
    doc_docs(doc, "marks", marks, 2);
    return doc;
}

static void put_rows(struct request *rq, struct doc *doc, const struct review_item *items,
                     size_t count)
{
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++)
        rows[i] = row_doc(rq, &items[i], i);
    doc_docs(doc, "rows", rows, count);
}

void review_rows(struct request *rq, const struct review_item *items, size_t count)
{
    put_rows(rq, rq->doc, items, count);
}

/* The sheet as it was published, where a decision changed it. */
static enum result put_first(struct request *rq, const struct review *review)
{
    struct review_item *items;
    size_t count;
    if (!*review->first_items)
        return OK;
    TRY(items_read(&rq->cx, review->first_items, &items, &count));
    doc_records(rq->doc, "first_items", REVIEW_ITEM_FIELDS, items, count, sizeof *items);
    struct doc *first = doc_new(rq->cx.mem), **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, 1);
    docs[0] = first;
    put_rows(rq, first, items, count);
    rq->doc->page_only = true;
    doc_docs(rq->doc, "first", docs, 1);
    doc_flag(rq->doc, "is_changed", true);
    rq->doc->page_only = false;
    return OK;
}

static enum result put_may(struct request *rq, const struct review *review)
{
    const struct actor *actor = rq->cx.actor;
    const int64_t person = actor->person_id;
    int64_t next;
    TRY(next_of(rq, &next));
    doc_flag(rq->doc, "may_mark", next == review->id);
    doc_flag(rq->doc, "may_go_on", next && next != review->id);
    doc_flag(rq->doc, "may_appeal",
             review->state == REVIEW_PUBLISHED && review->person_id == person &&
                 rq->cx.now.ms <= review->appeal_by.ms && actor_may(actor, "reviews.appeal"));
    doc_flag(rq->doc, "may_decide",
             review->state == REVIEW_APPEALED && review->reviewer_id != person &&
                 review->person_id != person && actor_may(actor, "reviews.decide"));
    doc_flag(rq->doc, "may_write_letter",
             actor->side == SIDE_CLIENT && actor_may(actor, "letters.write"));
    return OK;
}

/* Is something to be heard still to come? */
static bool is_wanted(const struct recording *recording)
{
    return recording->state == RECORDING_REFERENCED ||
           (recording->state == RECORDING_KEPT && recording->silent);
}

/* The player, or the state of the recording; "none" when nobody knows of one. `href`: what has it
 * below itself; NULL: the recording. */
static enum result put_recording(struct request *rq, int64_t call_id, const char *href,
                                 const char *right)
{
    struct recording recording;
    struct fault kept = fault_take(&rq->cx);
    enum result there = recording_of_call(&rq->cx, call_id, &recording);
    rq->cx.fault = kept;
    if (there == NOT_FOUND)
        doc_text(rq->doc, "recording_state", "none");
    if (there == NOT_FOUND || (there == OK && is_wanted(&recording)))
        doc_link(rq, rq->doc, "upload_href",
                 arena_printf(rq->cx.mem, "/recordings/new?call_id=%lld", (long long)call_id));
    if (there != OK)
        return there == NOT_FOUND ? OK : there;
    const char *own = arena_printf(rq->cx.mem, "/recordings/%lld", (long long)recording.id);
    recording_player(rq, href ? href : own, &recording, actor_may(rq->cx.actor, right));
    doc_link(rq, rq->doc, "recording_href", own);
    return OK;
}

enum result reviews_of_call(struct request *rq, const struct call *call)
{
    struct list_query query = {.limit = LIST_USUAL};
    struct list list;
    if (call->contract_id && actor_may(rq->cx.actor, "recordings.read"))
        TRY(put_recording(rq, call->id, NULL, "recordings.listen"));
    if (!actor_may(rq->cx.actor, "reviews.read"))
        return OK;
    list_conditions(&rq->cx, &REVIEWS,
                    arena_printf(rq->cx.mem, "call_id=%lld", (long long)call->id), &query);
    TRY(record_list(&rq->cx, &REVIEWS, &query, &list));
    doc_records(rq->doc, "reviews", REVIEWS.fields, list.rows, list.count, REVIEWS.size);
    doc_flag(rq->doc, "reviewed", list.count > 0);
    return OK;
}

/* The call that is judged, for whoever sees it: how it was recorded, whom it went to. */
static enum result put_call(struct request *rq, const struct review *review)
{
    struct call *call = ARENA_NEW(rq->cx.mem, struct call);
    struct fault kept = fault_take(&rq->cx);
    enum result there = record_get(&rq->cx, &CALLS, review->call_id, call);
    rq->cx.fault = kept;
    if (there != OK)
        return there == NOT_FOUND ? OK : there;
    doc_records(rq->doc, "call", CALLS.fields, call, 1, sizeof *call);
    doc_link(rq, rq->doc, "call_href",
             arena_printf(rq->cx.mem, "/calls/%lld", (long long)call->id));
    return OK;
}

static enum result review_show(struct request *rq, void *record)
{
    const struct review *review = record;
    struct review_item *items;
    size_t count;
    TRY(items_read(&rq->cx, review->items, &items, &count));
    doc_records(rq->doc, "items", REVIEW_ITEM_FIELDS, items, count, sizeof *items);
    TRY(put_first(rq, review));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    review_rows(rq, items, count);
    enum result result = put_may(rq, review);
    if (result == OK)
        result = put_call(rq, review);
    if (result == OK)
        result = put_recording(rq, review->call_id,
                               arena_printf(rq->cx.mem, "/reviews/%lld", (long long)review->id),
                               "reviews.listen");
    rq->doc->page_only = false;
    return result;
}

/* ---- the list ---- */

static const struct tab TABS[] = {
    {"all", ""},
    {"draft", "state=draft"},
    {"published", "state=published"},
    {"appealed", "state=appealed"},
    {"final", "state=final"},
    {"skipped", "state=skipped"},
    {"fatal", "fatal=true"},
};
#define TAB_COUNT (sizeof TABS / sizeof TABS[0])

static enum result reviews_list(struct request *rq, const struct list *list)
{
    doc_tabs(rq, &REVIEWS, TABS, TAB_COUNT);
    rq->doc->page_only = true;
    enum result result = put_may_go_on(rq);
    rq->doc->page_only = false;
    return result;
}

static enum result review_tab_figures_get(struct request *rq)
{
    return doc_tab_figures(rq, &REVIEWS, TABS, TAB_COUNT);
}

static const struct record_face REVIEW_FACE = {
    .resource = &REVIEWS, .show = review_show, .list = reviews_list};

static const struct body_list MARK_LISTS[] = {
    {"items", REVIEW_MARK_FIELDS, sizeof(struct review_mark), FORM_ITEMS_MOST},
    BODY_LISTS_END,
};

enum result review_marks_read(struct request *rq, struct review_mark **out, size_t *out_count)
{
    *out = NULL;
    return body_read_rows(rq, &MARK_LISTS[0], out, out_count);
}

/* Marks are kept with every save; "publish" among the buttons publishes them, too. */
static enum result review_mark_post(struct request *rq)
{
    struct review review, marked;
    struct review_mark *marks;
    size_t count;
    const bool publish = *input_text(rq, "publish") != '\0';
    TRY(record_for_action(rq, &REVIEWS, &review));
    marked = review;
    enum result result = review_marks_read(rq, &marks, &count);
    if (result == OK)
        result = review_mark(&rq->cx, &review, marks, count, input_text(rq, "remark"));
    if (result == OK)
        result = record_get(&rq->cx, &REVIEWS, review.id, &marked);
    if (result == OK && publish)
        result = review_publish(&rq->cx, &marked);
    return record_acted(rq, &REVIEW_FACE, &marked, result,
                        publish ? "flash.review.published" : "flash.changed");
}

/* What comes in its place is looked for beside the transaction: calls lie apart. */
static enum result review_skip_prepare(struct request *rq)
{
    struct review review;
    struct call *next = ARENA_NEW(rq->cx.mem, struct call);
    rq->prepared = next;
    TRY(record_of_path(rq, &REVIEWS, &review));
    return sample_next(&rq->cx, &review, next);
}

static enum result review_skip_post(struct request *rq)
{
    struct review review;
    const struct call *next = rq->prepared;
    TRY(record_for_action(rq, &REVIEWS, &review));
    return record_acted(
        rq, &REVIEW_FACE, &review,
        review_skip(&rq->cx, &review, input_text(rq, "reason"), next->id ? next : NULL),
        "flash.review.skipped");
}

static enum result review_publish_post(struct request *rq)
{
    struct review review;
    TRY(record_for_action(rq, &REVIEWS, &review));
    return record_acted(rq, &REVIEW_FACE, &review, review_publish(&rq->cx, &review),
                        "flash.review.published");
}

static enum result review_appeal_post(struct request *rq)
{
    struct review review;
    TRY(record_for_action(rq, &REVIEWS, &review));
    return record_acted(rq, &REVIEW_FACE, &review,
                        review_appeal(&rq->cx, &review, input_text(rq, "appeal")),
                        "flash.review.appealed");
}

static const char *const DECISIONS[] = {"uphold", "change", NULL};
struct deciding {
    enum decision { UPHOLD = 1, CHANGE } decision;
    const char *reason;
};
static const struct field DECISION_INPUT[] = {FIELD_ENUM(deciding, decision, DECISIONS, .in = MUST),
                                              FIELD(deciding, reason, .in = MUST, .max = 1000),
                                              FIELDS_END};

/* Marks that the form sends along with "uphold" are those that stand already. */
static enum result decide(struct request *rq, const struct review *review)
{
    struct deciding deciding = {.reason = ""};
    struct review_mark *marks;
    size_t count;
    TRY(review_marks_read(rq, &marks, &count));
    TRY(body_read(rq, DECISION_INPUT, &deciding, true, NULL));
    if (deciding.decision == CHANGE && !count)
        reject_clause(&rq->cx, "C2.4", "items", "required");
    TRY(rejected(&rq->cx));
    return review_decide(&rq->cx, review, marks, deciding.decision == CHANGE ? count : 0,
                         deciding.reason);
}

static enum result review_decide_post(struct request *rq)
{
    struct review review;
    TRY(record_for_action(rq, &REVIEWS, &review));
    enum result result = decide(rq, &review);
    return record_acted(rq, &REVIEW_FACE, &review, result, "flash.review.final");
}

static enum result review_next_get(struct request *rq)
{
    struct review *review = ARENA_NEW(rq->cx.mem, struct review);
    TRY(review_next(&rq->cx, review));
    return record_answer(rq, &REVIEW_FACE, review);
}

/* ---- its recording ---- */

static enum result recording_of_path(struct request *rq, struct recording *out)
{
    struct review review;
    TRY(record_of_path(rq, &REVIEWS, &review));
    enum result there = recording_of_call(&rq->cx, review.call_id, out);
    return there == NOT_FOUND && !rq->cx.fault.code
               ? fail(&rq->cx, NOT_FOUND, "recording.not_here", review.agent_code)
               : there;
}

static enum result review_audio_get(struct request *rq)
{
    struct recording recording;
    TRY(recording_of_path(rq, &recording));
    return recording_sound(rq, &recording);
}

static enum result review_peaks_prepare(struct request *rq)
{
    struct recording recording;
    TRY(recording_of_path(rq, &recording));
    return recording_wave_prepare(rq, &recording);
}

/* What a letter is about: a fatal item before any other with a comment. */
static size_t worst_of(const struct review_item *items, size_t count)
{
    size_t worst = count;
    for (size_t i = count; i > 0; i--) {
        const struct review_item *item = &items[i - 1];
        const bool hit = item->mark == MARK_HIT;
        if (hit || (*item->comment && (worst == count || items[worst].mark != MARK_HIT)))
            worst = i - 1;
    }
    return worst;
}

static enum result review_letter_post(struct request *rq)
{
    struct review review;
    struct review_item *items;
    size_t count;
    int64_t id;
    TRY(record_for_action(rq, &REVIEWS, &review));
    TRY(items_read(&rq->cx, review.items, &items, &count));
    const size_t worst = worst_of(items, count);
    struct evidence evidence = {.call_id = review.call_id,
                                .contract_id = review.contract_id,
                                .agent_code = review.agent_code,
                                .agent_name = review.agent_name,
                                .fact = ""};
    if (worst < count) {
        evidence.at_ms = items[worst].at_ms;
        evidence.fact = arena_printf(rq->cx.mem, "%s：%s", items[worst].name, items[worst].comment);
    }
    enum result result = evidence_begin(&rq->cx, evidence, &id);
    if (result != OK)
        return record_acted(rq, &REVIEW_FACE, &review, result, "");
    struct letter *letter = ARENA_NEW(rq->cx.mem, struct letter);
    TRY(record_get(&rq->cx, &LETTERS, id, letter));
    doc_root(rq->doc, LETTERS.fields, letter);
    return created(rq, "/letters/%lld/edit", (long long)id);
}

struct appealing {
    const char *appeal;
};
static const struct field APPEAL_INPUT[] = {FIELD(appealing, appeal, .in = MUST, .max = 1000),
                                            FIELDS_END};
struct marking {
    const char *remark;
};
const struct field MARKING_INPUT[] = {FIELD(marking, remark, .in = MAY, .max = 1000), FIELDS_END};

/* clang-format off */
const struct route REVIEW_ROUTES[] = {
    RECORD_LIST("reviews", REVIEW_FACE, "reviews"),
    {GET, "/reviews/figures", "reviews.read", review_tab_figures_get, "tabs",
     .nav = "reviews"},
    RECORD_SHOW("reviews", REVIEW_FACE, "review"),
    RECORD_HISTORY("reviews", REVIEW_FACE),
    RECORD_EXPORT("reviews", REVIEW_FACE),
    {GET, "/reviews/next", "reviews.write", review_next_get, "review", .nav = "reviews"},
    {GET, "/reviews/{id}/audio", "reviews.listen", review_audio_get, "fault",
     .flags = STREAM | TRACED},
    {GET, "/reviews/{id}/peaks", "reviews.listen", recording_wave_get, NULL,
     .flags = API_ONLY, .prepare = review_peaks_prepare},
    {POST, "/reviews/{id}/mark", "reviews.write", review_mark_post, "review", .flags = RECORDED,
     .input = MARKING_INPUT, .lists = MARK_LISTS, .nav = "reviews"},
    {POST, "/reviews/{id}/skip", "reviews.write", review_skip_post, "review", .flags = RECORDED,
     .prepare = review_skip_prepare, .input = REASON_INPUT, .nav = "reviews"},
    {POST, "/reviews/{id}/publish", "reviews.write", review_publish_post, "review",
     .flags = RECORDED, .nav = "reviews"},
    {POST, "/reviews/{id}/appeal", "reviews.appeal", review_appeal_post, "review",
     .flags = RECORDED, .input = APPEAL_INPUT, .nav = "reviews"},
    {POST, "/reviews/{id}/decide", "reviews.decide", review_decide_post, "review",
     .flags = RECORDED, .input = DECISION_INPUT, .nav = "reviews"},
    {POST, "/reviews/{id}/letter", "letters.write", review_letter_post, "review",
     .nav = "reviews"},
    ROUTES_END,
};
/* clang-format on */
