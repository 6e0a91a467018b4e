/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The month board: where a month stands, who owes the next step, and who has no data. */
#include "app/appraisal/month_web.h"
#include "app/appraisal/month_compare_web.h"
#include "app/appraisal/month_private.h"
#include "app/appraisal/penalty.h"
#include "app/appraisal/sheet.h"
#include "app/appraisal/verdict_web.h"

#include "app/attendance/attendance.h"
#include "app/records/record_page.h"
#include "base/texts.h"

#include <string.h>

const struct field VERDICT_INPUT[] = {
    FIELD(verdict, points, .in = MAY, .min = 0, .max = 100 * INT64_C(100)),
    FIELD(verdict, reason, .in = MUST, .max = 1000, .use = LONG_TEXT),
    FIELDS_END,
};

/* ---- a month ---- */

/* "2 days 3 h", "45 min" until then; "" when it is over. */
static const char *left_words(struct request *rq, struct instant until)
{
    const int64_t minutes = (until.ms - rq->cx.now.ms) / 60000;
    if (until.ms <= rq->cx.now.ms)
        return "";
    const char *const args[] = {arena_printf(rq->cx.mem, "%lld", (long long)(minutes / 1440)),
                                arena_printf(rq->cx.mem, "%lld", (long long)(minutes / 60 % 24)),
                                arena_printf(rq->cx.mem, "%lld", (long long)(minutes % 60))};
    const char *key = minutes >= 1440 ? "months.left.days"
                      : minutes >= 60 ? "months.left.hours"
                                      : "months.left.minutes";
    return texts_fill(rq->cx.mem, key, rq->cx.lang, args);
}

/* The steps of a month in turn, and which of them it has reached. */
static void put_steps(struct request *rq, const struct appraisal_month *month)
{
    struct doc **steps = ARENA_ARRAY(rq->cx.mem, struct doc *, MONTH_LOCKED);
    for (enum month_state state = MONTH_OPEN; state <= MONTH_LOCKED; state++) {
        struct doc *doc = steps[state - 1] = doc_new(rq->cx.mem);
        const char *name = choice_name(MONTH_STATES, state);
        doc_text(doc, "label", word(rq, arena_printf(rq->cx.mem, "months.state.%s", name)));
        doc_flag(doc, "done", state < month->state || month->state == MONTH_LOCKED);
        doc_flag(doc, "current", state == month->state && month->state != MONTH_LOCKED);
    }
    doc_docs(rq->doc, "steps", steps, MONTH_LOCKED);
    doc_text(rq->doc, "next_step",
             word(rq, arena_printf(rq->cx.mem, "months.next.%s",
                                   choice_name(MONTH_STATES, month->state))));
}

static void put_may(struct request *rq, const struct appraisal_month *month,
                    const struct month_figures *figures)
{
    const struct actor *actor = rq->cx.actor;
    const bool writes = actor_may(actor, "months.write");
    const bool over = month->evidence_by.ms < rq->cx.now.ms;
    const bool reopens = month->state == MONTH_PUBLISHED && actor_may(actor, "months.reopen");
    doc_flag(rq->doc, "may_close_evidence", writes && month->state == MONTH_OPEN && over);
    doc_flag(rq->doc, "may_compute",
             writes && (month->state == MONTH_EVIDENCE_CLOSED || month->state == MONTH_COMPUTED));
    doc_flag(rq->doc, "may_publish", writes && month->state == MONTH_COMPUTED);
    const bool locks = writes && month->state == MONTH_PUBLISHED;
    const bool waits =
        figures->appeals_open || (figures->waiting && month->appeal_by.ms >= rq->cx.now.ms);
    doc_flag(rq->doc, "may_lock", locks && !waits);
    doc_flag(rq->doc, "lock_waits", locks && waits);
    doc_flag(rq->doc, "may_ask_reopen", reopens && !month->reopen_asked_at.ms);
    doc_flag(rq->doc, "may_reopen",
             reopens && month->reopen_asked_at.ms && month->reopener_id != actor->person_id);
    doc_flag(rq->doc, "reopen_asked", month->reopen_asked_at.ms != 0);
}

/* Where a month leads to once its results are out: rewards, and pay. */
static void put_next_links(struct request *rq, const struct appraisal_month *month)
{
    char text[MONTH_MAX_TEXT];
    month_format(month->month, text);
    if (month->state >= MONTH_PUBLISHED)
        doc_link(rq, rq->doc, "rewards_href",
                 arena_printf(rq->cx.mem, "/rewards?contract_id=%lld&month=%s",
                              (long long)month->contract_id, text));
    if (month->state == MONTH_LOCKED)
        doc_link(rq, rq->doc, "pay_href",
                 arena_printf(rq->cx.mem, "/pay_sheets?month_id=%lld", (long long)month->id));
}

/* To the table of one kind of people, whose places are among themselves; the list's filter leads to
 * the other. */
static enum result put_results_link(struct request *rq, const struct appraisal_month *month)
{
    struct scheme *schemes;
    size_t count;
    if (!actor_may(rq->cx.actor, "sheets.read") ||
        (month->state < MONTH_PUBLISHED && rq->cx.actor->side != SIDE_PROVIDER))
        return OK;
    TRY(schemes_of_month(&rq->cx, month->contract_id, month->month, &schemes, &count));
    if (count)
        doc_text(rq->doc, "results_href",
                 arena_printf(rq->cx.mem, "/sheets?month_id=%lld&subject=%s&sort=rank",
                              (long long)month->id,
                              choice_name(SCHEME_SUBJECTS, schemes[0].subject)));
    return OK;
}

/* Each indicator by hand, with the form to give points for it. */
static enum result put_by_hand(struct request *rq, const struct appraisal_month *month)
{
    struct scheme *schemes;
    size_t scheme_count, count = 0;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, 2 * INDICATORS_MOST);
    TRY(schemes_of_month(&rq->cx, month->contract_id, month->month, &schemes, &scheme_count));
    for (size_t s = 0; s < scheme_count; s++) {
        struct indicator *indicators;
        size_t indicator_count;
        TRY(scheme_indicators(&rq->cx, &schemes[s], &indicators, &indicator_count));
        for (size_t i = 0; i < indicator_count; i++) {
            if (indicators[i].method != METHOD_MANUAL)
                continue;
            struct text href = text_new(rq->cx.mem, 96);
            text_printf(&href, "/manual_scores/new?month_id=%lld&indicator=", (long long)month->id);
            text_url(&href, indicators[i].name, strlen(indicators[i].name));
            docs[count] = doc_new(rq->cx.mem);
            doc_text(docs[count], "name", indicators[i].name);
            doc_text(docs[count++], "href", text_end(&href));
        }
    }
    doc_docs(rq->doc, "by_hand", docs, count);
    return OK;
}

/* The provider's own affair: days of which its clocking machine's file is missing. */
static enum result put_unclocked(struct request *rq, const struct appraisal_month *month)
{
    struct unclocked_day *days;
    size_t count;
    if (rq->cx.actor->side != SIDE_PROVIDER)
        return OK;
    TRY(attendance_unclocked(&rq->cx, month->provider_id, month->month, &days, &count));
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *people = arena_printf(rq->cx.mem, "%d", days[i].people);
        docs[i] = doc_new(rq->cx.mem);
        doc_root(docs[i], UNCLOCKED_FIELDS, &days[i]);
        if (rq->face == FACE_PAGE)
            doc_text(docs[i], "words",
                     texts_fill(rq->cx.mem, "months.unclocked_people", rq->cx.lang,
                                (const char *const[]){people, NULL, NULL}));
    }
    doc_docs(rq->doc, "unclocked", docs, count);
    if (rq->face == FACE_PAGE && count && actor_may(rq->cx.actor, "clockings.write") &&
        actor_may(rq->cx.actor, "imports.make"))
        doc_text(rq->doc, "import_href", "/imports/new?resource=clockings");
    return OK;
}

static enum result month_show(struct request *rq, void *record)
{
    const struct appraisal_month *month = record;
    struct month_figures *figures = ARENA_NEW(rq->cx.mem, struct month_figures);
    TRY(month_figures(&rq->cx, month, figures));
    doc_record(rq->doc, "figures", MONTH_FIGURE_FIELDS, figures);
    doc_text(rq->doc, "evidence_left",
             month->state == MONTH_OPEN ? left_words(rq, month->evidence_by) : "");
    doc_text(rq->doc, "appeal_left",
             month->state == MONTH_PUBLISHED ? left_words(rq, month->appeal_by) : "");
    TRY(doc_spread(rq, month));
    TRY(put_unclocked(rq, month));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    put_steps(rq, month);
    put_may(rq, month, figures);
    TRY(put_results_link(rq, month));
    doc_flag(rq->doc, "sees_results", sees_results(rq, month));
    doc_flag(rq->doc, "may_try", actor_may(rq->cx.actor, "schemes.try"));
    doc_flag(rq->doc, "may_adjust",
             month->state < MONTH_PUBLISHED && actor_may(rq->cx.actor, "adjustments.write"));
    doc_flag(rq->doc, "may_score",
             month->state < MONTH_PUBLISHED && actor_may(rq->cx.actor, "manual_scores.write"));
    doc_link(rq, rq->doc, "contract_href",
             arena_printf(rq->cx.mem, "/contracts/%lld", (long long)month->contract_id));
    put_next_links(rq, month);
    TRY(put_by_hand(rq, month));
    TRY(doc_part(rq, "penalties", &PENALTIES, "month_id", month->id));
    TRY(doc_part(rq, "adjustments", &ADJUSTMENTS, "month_id", month->id));
    TRY(doc_part(rq, "appeals", &APPEALS, "month_id", month->id));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face MONTH_FACE = {.resource = &MONTHS, .show = month_show};
static const struct record_face RULE_FACE = {.resource = &MONTH_RULES};

/* ---- its steps ---- */

static enum result step_post(struct request *rq,
                             enum result (*step)(struct ctx *cx,
                                                 const struct appraisal_month *month),
                             const char *flash)
{
    struct appraisal_month *month = ARENA_NEW(rq->cx.mem, struct appraisal_month);
    TRY(record_for_action(rq, &MONTHS, month));
    return record_acted(rq, &MONTH_FACE, month, step(&rq->cx, month), flash);
}

static enum result close_evidence_post(struct request *rq)
{
    return step_post(rq, month_close_evidence, "flash.month.evidence_closed");
}

static enum result compute_post(struct request *rq)
{
    return step_post(rq, month_compute, "flash.month.computed");
}

struct publish_input {
    const char *reason;
};
static const struct field PUBLISH_INPUT[] = {
    FIELD(publish_input, reason, .in = MAY, .max = 1000, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result publish_post(struct request *rq)
{
    struct appraisal_month *month = ARENA_NEW(rq->cx.mem, struct appraisal_month);
    struct publish_input input = {""};
    TRY(record_for_action(rq, &MONTHS, month));
    enum result result = body_read(rq, PUBLISH_INPUT, &input, true, NULL);
    if (result == OK)
        result = month_publish(&rq->cx, month, input.reason);
    return record_acted(rq, &MONTH_FACE, month, result, "flash.month.published");
}

static enum result lock_post(struct request *rq)
{
    return step_post(rq, month_lock, "flash.month.locked");
}

static enum result reopen_post(struct request *rq)
{
    struct appraisal_month *month = ARENA_NEW(rq->cx.mem, struct appraisal_month);
    bool done = false;
    const char *reason = input_text(rq, "reason");
    TRY(record_for_action(rq, &MONTHS, month));
    enum result result = month_reopen(&rq->cx, month, reason, &done);
    return record_acted(rq, &MONTH_FACE, month, result,
                        done ? "flash.month.reopened" : "flash.month.reopen_asked");
}

/* ---- who has no data ---- */

/* Where what a measure is made of comes in: by what its name ends or begins with. */
static const struct {
    const char *word, *href;
} COMES_IN[] = {
    {"calls.", "/imports/new?resource=calls"},
    {"success", "/imports/new?resource=calls"},
    {"talk_hours", "/imports/new?resource=calls"},
    {"attendance", "/imports/new?resource=clockings"},
    {"training", "/trainings/new"},
    {"reviews.", "/reviews"},
    {"score", "/reviews"},
    {"conduct.", "/conduct_rules"},
    {"violations", "/conduct_rules"},
};

static const char *comes_in(const struct appraisal_month *month, const struct month_lack *lack,
                            struct arena *arena)
{
    for (size_t i = 0; i < sizeof COMES_IN / sizeof COMES_IN[0]; i++) {
        if (strstr(lack->measure, COMES_IN[i].word))
            return COMES_IN[i].href;
    }
    return *lack->measure || month->state >= MONTH_PUBLISHED
               ? ""
               : arena_printf(arena, "/manual_scores/new?month_id=%lld", (long long)month->id);
}

static enum result missing_get(struct request *rq)
{
    struct appraisal_month *month = ARENA_NEW(rq->cx.mem, struct appraisal_month);
    struct month_gaps gaps;
    TRY(record_of_path(rq, &MONTHS, month));
    TRY(month_missing(&rq->cx, month, &gaps));
    struct doc **lacks = ARENA_ARRAY(rq->cx.mem, struct doc *, gaps.lack_count + 1);
    for (size_t i = 0; i < gaps.lack_count; i++) {
        lacks[i] = doc_new(rq->cx.mem);
        doc_root(lacks[i], MONTH_LACK_FIELDS, &gaps.lacks[i]);
        lacks[i]->page_only = true;
        doc_flag(lacks[i], "all",
                 gaps.lacks[i].people == gaps.lacks[i].of && *gaps.lacks[i].measure);
        const char *href = comes_in(month, &gaps.lacks[i], rq->cx.mem);
        if (*href)
            doc_link(rq, lacks[i], "href", href);
        lacks[i]->page_only = false;
    }
    doc_root(rq->doc, MONTHS.fields, month);
    TRY(put_unclocked(rq, month));
    doc_docs(rq->doc, "lacks", lacks, gaps.lack_count);
    doc_records(rq->doc, "missing", MONTH_MISSING_FIELDS, gaps.people, gaps.people_count,
                sizeof *gaps.people);
    return OK;
}

/* ---- evidence ---- */

static enum result penalty_show(struct request *rq, void *record)
{
    const struct penalty *penalty = record;
    const bool in_time = penalty->state == PENALTY_KEPT && !penalty->late;
    struct appraisal_month month = {.state = MONTH_PUBLISHED};
    if (rq->face != FACE_PAGE)
        return OK;
    if (in_time)
        TRY(record_get(&rq->cx, &MONTHS, penalty->month_id, &month));
    rq->doc->page_only = true;
    doc_flag(rq->doc, "may_decide",
             (penalty->state == PENALTY_PROPOSED || month.state < MONTH_PUBLISHED) &&
                 actor_may(rq->cx.actor, "penalties.decide"));
    doc_flag(rq->doc, "came_published", in_time);
    doc_link(rq, rq->doc, "letter_href",
             arena_printf(rq->cx.mem, "/letters/%lld", (long long)penalty->letter_id));
    doc_link(rq, rq->doc, "month_href",
             arena_printf(rq->cx.mem, "/months/%lld", (long long)penalty->month_id));
    if (penalty->call_id)
        doc_link(rq, rq->doc, "call_href",
                 arena_printf(rq->cx.mem, "/recordings?call_id=%lld", (long long)penalty->call_id));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face PENALTY_FACE = {.resource = &PENALTIES, .show = penalty_show};
static enum result adjustment_show(struct request *rq, void *record)
{
    const struct adjustment *adjustment = record;
    const struct actor *actor = rq->cx.actor;
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_flag(rq->doc, "may_decide",
             adjustment->state == ADJUST_PROPOSED && actor_may(actor, "adjustments.approve") &&
                 adjustment->maker_id != actor->person_id &&
                 adjustment->person_id != actor->person_id);
    doc_flag(rq->doc, "waits", adjustment->state == ADJUST_PROPOSED);
    doc_link(rq, rq->doc, "month_href",
             arena_printf(rq->cx.mem, "/months/%lld", (long long)adjustment->month_id));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face ADJUSTMENT_FACE = {.resource = &ADJUSTMENTS,
                                                   .show = adjustment_show};
static const struct record_face MANUAL_FACE = {.resource = &MANUAL_SCORES};

static enum result uphold_post(struct request *rq)
{
    struct penalty *penalty = ARENA_NEW(rq->cx.mem, struct penalty);
    struct verdict verdict = {.reason = ""};
    TRY(record_for_action(rq, &PENALTIES, penalty));
    enum result result = body_read(rq, VERDICT_INPUT, &verdict, true, NULL);
    if (result == OK)
        result = penalty_uphold(&rq->cx, penalty, verdict.points, verdict.reason);
    return record_acted(rq, &PENALTY_FACE, penalty, result, "flash.penalty.upheld");
}

static enum result reject_post(struct request *rq)
{
    struct penalty *penalty = ARENA_NEW(rq->cx.mem, struct penalty);
    const char *reason = input_text(rq, "reason");
    TRY(record_for_action(rq, &PENALTIES, penalty));
    return record_acted(rq, &PENALTY_FACE, penalty, penalty_reject(&rq->cx, penalty, reason),
                        "flash.penalty.rejected");
}

static enum result approve_post(struct request *rq)
{
    struct adjustment *adjustment = ARENA_NEW(rq->cx.mem, struct adjustment);
    TRY(record_for_action(rq, &ADJUSTMENTS, adjustment));
    return record_acted(rq, &ADJUSTMENT_FACE, adjustment, adjustment_approve(&rq->cx, adjustment),
                        "flash.adjustment.approved");
}

static enum result refuse_post(struct request *rq)
{
    struct adjustment *adjustment = ARENA_NEW(rq->cx.mem, struct adjustment);
    const char *reason = input_text(rq, "reason");
    TRY(record_for_action(rq, &ADJUSTMENTS, adjustment));
    return record_acted(rq, &ADJUSTMENT_FACE, adjustment,
                        adjustment_refuse(&rq->cx, adjustment, reason), "flash.adjustment.refused");
}

/* clang-format off */
const struct route MONTH_ROUTES[] = {
    RECORD_LIST("months", MONTH_FACE, "list"),
    RECORD_SHOW("months", MONTH_FACE, "month"),
    {GET, "/months/{id}/missing", "schemes.try", missing_get, "month_missing", .nav = "months"},
    {POST, "/months/{id}/close_evidence", "months.write", close_evidence_post, "month", .flags = RECORDED, .nav = "months"},
    {POST, "/months/{id}/compute", "months.write", compute_post, "month", .flags = RECORDED, .nav = "months"},
    {POST, "/months/{id}/publish", "months.write", publish_post, "month", .flags = RECORDED, .input = PUBLISH_INPUT,
     .nav = "months"},
    {POST, "/months/{id}/lock", "months.write", lock_post, "month", .flags = RECORDED, .nav = "months"},
    {POST, "/months/{id}/reopen", "months.reopen", reopen_post, "month", .flags = RECORDED, .input = REASON_INPUT,
     .nav = "months"},
    RECORD_HISTORY("months", MONTH_FACE),
    RECORD_LIST("month_rules", RULE_FACE, "list"),
    RECORD_SHOW("month_rules", RULE_FACE, "record"),
    RECORD_LIST("penalties", PENALTY_FACE, "list"),
    RECORD_EXPORT("penalties", PENALTY_FACE),
    RECORD_SHOW("penalties", PENALTY_FACE, "penalty"),
    {POST, "/penalties/{id}/uphold", "penalties.decide", uphold_post, "penalty", .flags = RECORDED, .input = VERDICT_INPUT,
     .nav = "penalties"},
    {POST, "/penalties/{id}/reject", "penalties.decide", reject_post, "penalty", .flags = RECORDED, .input = REASON_INPUT,
     .nav = "penalties"},
    RECORD_HISTORY("penalties", PENALTY_FACE),
    RECORD_LIST("adjustments", ADJUSTMENT_FACE, "list"),
    RECORD_EXPORT("adjustments", ADJUSTMENT_FACE),
    RECORD_SHOW("adjustments", ADJUSTMENT_FACE, "adjustment"),
    RECORD_CREATE("adjustments", ADJUSTMENT_FACE),
    {POST, "/adjustments/{id}/approve", "adjustments.approve", approve_post, "adjustment", .flags = RECORDED,
     .nav = "adjustments"},
    {POST, "/adjustments/{id}/refuse", "adjustments.approve", refuse_post, "adjustment", .flags = RECORDED,
     .input = REASON_INPUT, .nav = "adjustments"},
    RECORD_HISTORY("adjustments", ADJUSTMENT_FACE),
    RECORD_LIST("manual_scores", MANUAL_FACE, "list"),
    RECORD_EXPORT("manual_scores", MANUAL_FACE),
    RECORD_SHOW("manual_scores", MANUAL_FACE, "record"),
    RECORD_CREATE("manual_scores", MANUAL_FACE),
    RECORD_CHANGE("manual_scores", MANUAL_FACE),
    ROUTES_END,
};
/* clang-format on */
