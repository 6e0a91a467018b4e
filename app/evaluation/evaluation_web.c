/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Evaluations on the web: the sheet with its way, objections, and campaigns with who is missing. */
#include "app/evaluation/evaluation_web.h"

#include "app/evaluation/audit.h"
#include "app/evaluation/consequence.h"
#include "app/evaluation/evaluation_private.h"
#include "app/records/record_page.h"
#include "app/scores/sheet_line_web.h"
#include "base/hash.h"

#include <string.h>

/* ---- an evaluation ---- */

static bool may(struct request *rq, const char *right)
{
    return actor_may(rq->cx.actor, right);
}

static bool has_role(struct request *rq, uint64_t roles)
{
    return (rq->cx.actor->roles.bits << 1 & roles) != 0;
}

/* Indicators that a person scores. */
static void put_manual(struct request *rq, const struct indicator *indicators, size_t count)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    size_t shown = 0;
    for (size_t i = 0; i < count; i++) {
        if (indicators[i].method != METHOD_MANUAL)
            continue;
        struct doc *doc = docs[shown++] = doc_new(rq->cx.mem);
        char most[POINTS_MAX_TEXT];
        points_format(indicators[i].weight, most);
        doc_text(doc, "code", indicators[i].code);
        doc_text(doc, "label", indicators[i].name);
        doc_text(doc, "most", arena_dup(rq->cx.mem, most));
    }
    doc_docs(rq->doc, "manual", docs, shown);
}

/* The open objection, if there is one. */
static enum result open_objection(struct request *rq, const struct evaluation *evaluation,
                                  struct evaluation_objection *out, bool *out_there)
{
    struct list list;
    TRY(record_select(&rq->cx, &EVALUATION_OBJECTIONS, "open",
                      "t.evaluation_id = $1 AND t.state = 'open' ORDER BY t.id DESC LIMIT 1",
                      PARAMS(P(evaluation->id)), &list));
    *out_there = list.count > 0;
    if (list.count)
        *out = *(const struct evaluation_objection *)list.rows;
    return OK;
}

static void put_interest(struct request *rq, enum interest interest, bool evaluates)
{
    doc_flag(rq->doc, "must_declare", evaluates && !interest);
    doc_flag(rq->doc, "is_interested", evaluates && interest > INTEREST_NONE);
}

/* What the party that is evaluated may say, once audit had its chance. */
static void put_heard(struct request *rq, const struct evaluation *evaluation)
{
    const bool of_contract = evaluation->subject == SCHEME_CONTRACT;
    const bool hears = evaluation->state == EVALUATION_AUDITED && may(rq, "evaluations.object") &&
                       (rq->cx.actor->side == SIDE_PROVIDER) == of_contract;
    const bool in_time = evaluation->object_by.ms >= rq->cx.now.ms;
    doc_flag(rq->doc, "may_accept", hears);
    doc_flag(rq->doc, "may_object", hears && !evaluation->heard && in_time);
}

static enum result put_audit(struct request *rq, const struct evaluation *evaluation)
{
    const bool audits = may(rq, "evaluations.audit");
    const char *fault = "";
    doc_flag(rq->doc, "may_audit", audits && evaluation->state == EVALUATION_SUBMITTED);
    if (!audits || evaluation->state != EVALUATION_FINAL)
        return OK;
    TRY(evaluation_may_reopen(&rq->cx, evaluation, &fault));
    doc_flag(rq->doc, "may_reopen", !*fault);
    return OK;
}

static enum result put_may(struct request *rq, const struct evaluation *evaluation)
{
    struct evaluation_objection objection = {0};
    enum interest interest = INTEREST_NONE;
    bool objected;
    const bool of_contract = evaluation->subject == SCHEME_CONTRACT;
    const bool evaluator =
        may(rq, "evaluations.write") &&
        has_role(rq, of_contract ? R(PM) | R(EXECUTOR) | R(DIVISION) : R(DIVISION) | R(OPS));
    TRY(open_objection(rq, evaluation, &objection, &objected));
    if (evaluation->provider_id && rq->cx.actor->side == SIDE_CLIENT)
        TRY(interest_of(&rq->cx, evaluation->provider_id, &interest));
    const bool by_audit = objected && objection.source == OBJECTION_OF_AUDIT;
    const bool at_it = evaluation->state == EVALUATION_DRAFTED || by_audit;
    put_interest(rq, interest, evaluator && at_it);
    const bool free_to = evaluator && interest == INTEREST_NONE;
    doc_flag(rq->doc, "may_submit", free_to && evaluation->state == EVALUATION_DRAFTED);
    doc_flag(rq->doc, "may_give", free_to && at_it);
    doc_flag(rq->doc, "may_withdraw",
             free_to && evaluation->state == EVALUATION_SUBMITTED && !evaluation->told_at.ms);
    doc_flag(rq->doc, "may_answer", free_to && by_audit);
    TRY(put_audit(rq, evaluation));
    put_heard(rq, evaluation);
    doc_flag(rq->doc, "may_find", may(rq, "audit_findings.write"));
    doc_flag(rq->doc, "live", evaluation->state == EVALUATION_DRAFTED);
    if (objected)
        doc_text(rq->doc, "objection_words", objection.words);
    doc_flag(rq->doc, "objected_by_audit", by_audit);
    return OK;
}

/* Why there is no grade, in words, with what is missing. */
static void put_ungraded(struct request *rq, const struct evaluation *evaluation,
                         const struct indicator *indicators, size_t count,
                         const struct sheet_line *lines, size_t line_count)
{
    const char *name = choice_name(UNGRADED, evaluation->ungraded);
    struct text missing = text_new(rq->cx.mem, 100);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; indicators[i].needed && k < line_count; k++)
            if (lines[k].nothing && strcmp(lines[k].indicator, indicators[i].code) == 0)
                text_printf(&missing, "%s%s", missing.len ? "、" : "", indicators[i].name);
    if (!evaluation->ungraded)
        return;
    doc_text(rq->doc, "ungraded_clause", ungraded_clause(evaluation->ungraded));
    doc_text(rq->doc, "ungraded_words",
             arena_printf(rq->cx.mem, "%s%s",
                          word(rq, arena_printf(rq->cx.mem, "evaluations.ungraded.%s.about", name)),
                          evaluation->ungraded == UNGRADED_NEEDED ? text_end(&missing) : ""));
    doc_flag(rq->doc, "of_contract", evaluation->subject == SCHEME_CONTRACT);
}

/* Where it stands on its way: a list for the page. */
static void put_way(struct request *rq, const struct evaluation *evaluation)
{
    const struct {
        const char *name;
        struct instant at;
        const char *who;
    } steps[] = {
        {"submitted", evaluation->submitted_at, evaluation->evaluated_by},
        {"audited", evaluation->audited_at, evaluation->audited_by},
        {"told", evaluation->told_at, ""},
        {"final", evaluation->final_at, ""},
    };
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, sizeof steps / sizeof steps[0]);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        char text[INSTANT_MAX_TEXT];
        const bool done = steps[i].at.ms && evaluation->state != EVALUATION_DRAFTED;
        docs[i] = doc_new(rq->cx.mem);
        instant_format(steps[i].at, text);
        doc_text(docs[i], "label",
                 word(rq, arena_printf(rq->cx.mem, "evaluations.way.%s", steps[i].name)));
        doc_text(docs[i], "at",
                 done ? arena_printf(rq->cx.mem, "%.10s %.5s", text, text + 11) : "");
        doc_text(docs[i], "who", done ? steps[i].who : "");
    }
    doc_docs(rq->doc, "way", docs, sizeof steps / sizeof steps[0]);
}

static void put_links(struct request *rq, const struct evaluation *evaluation)
{
    struct arena *mem = rq->cx.mem;
    const struct {
        const char *name, *resource;
        int64_t id;
    } links[] = {{"contract_href", "contracts", evaluation->contract_id},
                 {"scheme_href", "schemes", evaluation->scheme_id},
                 {"campaign_href", "evaluation_campaigns", evaluation->campaign_id},
                 {"unit_href", "units", evaluation->unit_id}};
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        if (links[i].id)
            doc_link(rq, rq->doc, links[i].name,
                     arena_printf(mem, "/%s/%lld", links[i].resource, (long long)links[i].id));
    }
}

static enum result evaluation_show(struct request *rq, void *record)
{
    struct evaluation *evaluation = record, now;
    struct scheme scheme;
    struct indicator *indicators;
    struct sheet_line *lines;
    struct period period = {.months = 1};
    size_t count, line_count;
    TRY(evaluation_now(&rq->cx, evaluation, &now));
    *evaluation = now;
    TRY(evaluation_scheme(&rq->cx, evaluation, &scheme));
    TRY(scheme_indicators(&rq->cx, &scheme, &indicators, &count));
    TRY(evaluation_lines(&rq->cx, evaluation, &lines, &line_count));
    (void)period_parse(evaluation->period, &period);
    doc_sheet_lines(&(struct line_showing){rq,
                                           indicators,
                                           count,
                                           evaluation->contract_id,
                                           evaluation->contract_id ? evaluation->contract_id
                                                                   : evaluation->unit_id,
                                           period_from(period),
                                           period_to(period),
                                           {[LINE_ADJUSTMENT] = "evaluation_objections"},
                                           true,
                                           evaluation->provider_id},
                    lines, line_count);
    TRY(doc_part(rq, "objections", &EVALUATION_OBJECTIONS, "evaluation_id", evaluation->id));
    TRY(doc_part(rq, "consequences", &CONSEQUENCES, "evaluation_id", evaluation->id));
    TRY(doc_part(rq, "findings", &AUDIT_FINDINGS, "evaluation_id", evaluation->id));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    put_manual(rq, indicators, count);
    put_ungraded(rq, evaluation, indicators, count, lines, line_count);
    put_way(rq, evaluation);
    put_links(rq, evaluation);
    TRY(put_may(rq, evaluation));
    rq->doc->page_only = false;
    return OK;
}

static enum result evaluation_begin(struct request *rq, void *record)
{
    struct evaluation *evaluation = record;
    const struct month now = month_of(instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN));
    if (!evaluation->subject)
        evaluation->subject = SCHEME_CONTRACT;
    if (!*evaluation->period)
        evaluation->period = period_text(rq->cx.mem, (struct period){{now.months - 1}, 1});
    return OK;
}

static const struct tab TABS[] = {
    {"all", ""},
    {"drafted", "state=drafted"},
    {"submitted", "state=submitted"},
    {"objected", "state=objected"},
    {"audited", "state=audited"},
    {"final", "state=final"},
};

static enum result evaluation_list(struct request *rq, const struct list *list)
{
    (void)list;
    doc_tabs(rq, &EVALUATIONS, TABS, sizeof TABS / sizeof TABS[0]);
    return OK;
}

static enum result figures_get(struct request *rq)
{
    return doc_tab_figures(rq, &EVALUATIONS, TABS, sizeof TABS / sizeof TABS[0]);
}

static const struct record_rows EVALUATION_ROWS[] = {
    {"lines", .fields = SHEET_LINE_SHOWN},
    {"objections", .records = &EVALUATION_OBJECTIONS},
    {"consequences", .records = &CONSEQUENCES},
    {"findings", .records = &AUDIT_FINDINGS},
    RECORD_ROWS_END,
};

static const struct record_face EVALUATION_FACE = {.resource = &EVALUATIONS,
                                                   .rows = EVALUATION_ROWS,
                                                   .show = evaluation_show,
                                                   .list = evaluation_list,
                                                   .begin = evaluation_begin};

static enum result acted(struct request *rq, const struct evaluation *evaluation,
                         enum result result, const char *flash)
{
    return record_acted(rq, &EVALUATION_FACE, evaluation, result, flash);
}

struct give_input {
    const char *indicator;
    struct points points;
    const char *reason;
};
static const struct field GIVE_INPUT[] = {
    FIELD(give_input, indicator, .in = MUST, .max = 30),
    FIELD(give_input, points, .in = MUST),
    FIELD(give_input, reason, .in = MUST, .max = 1000, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result give_post(struct request *rq)
{
    struct evaluation *evaluation = ARENA_NEW(rq->cx.mem, struct evaluation);
    struct give_input input = {.indicator = "", .reason = ""};
    TRY(record_for_action(rq, &EVALUATIONS, evaluation));
    enum result result = body_read(rq, GIVE_INPUT, &input, true, NULL);
    if (result == OK)
        result = evaluation_give(&rq->cx, evaluation, input.indicator, input.points, input.reason);
    return acted(rq, evaluation, result, "flash.changed");
}

struct submit_input {
    const char *note, *sha256;
    bool without_grade;
};
static const struct field SUBMIT_INPUT[] = {
    FIELD(submit_input, note, .in = MAY, .max = 1000, .use = LONG_TEXT),
    FIELD(submit_input, sha256, .in = MAY, .max = SHA256_HEX),
    FIELD(submit_input, without_grade, .in = MAY),
    FIELDS_END,
};

static enum result submit_post(struct request *rq)
{
    struct evaluation *evaluation = ARENA_NEW(rq->cx.mem, struct evaluation);
    struct submit_input input = {"", "", false};
    TRY(record_for_action(rq, &EVALUATIONS, evaluation));
    enum result result = body_read(rq, SUBMIT_INPUT, &input, true, NULL);
    if (result == OK)
        result =
            evaluation_submit(&rq->cx, evaluation, input.note, input.without_grade, input.sha256);
    return acted(rq, evaluation, result, "flash.evaluation.submitted");
}

static enum result withdraw_post(struct request *rq)
{
    struct evaluation *evaluation = ARENA_NEW(rq->cx.mem, struct evaluation);
    TRY(record_for_action(rq, &EVALUATIONS, evaluation));
    return acted(rq, evaluation, evaluation_withdraw(&rq->cx, evaluation, input_text(rq, "reason")),
                 "flash.evaluation.withdrawn");
}

static enum result pass_post(struct request *rq)
{
    struct evaluation *evaluation = ARENA_NEW(rq->cx.mem, struct evaluation);
    TRY(record_for_action(rq, &EVALUATIONS, evaluation));
    return acted(rq, evaluation, evaluation_pass(&rq->cx, evaluation), "flash.evaluation.passed");
}

struct object_input {
    const char *line, *words;
};
static const struct field OBJECT_INPUT[] = {
    FIELD(object_input, line, .in = MAY, .max = 40),
    FIELD(object_input, words, .in = MUST, .max = 1000, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result object_post(struct request *rq)
{
    struct evaluation *evaluation = ARENA_NEW(rq->cx.mem, struct evaluation);
    struct object_input input = {"", ""};
    int64_t id;
    TRY(record_for_action(rq, &EVALUATIONS, evaluation));
    enum result result = body_read(rq, OBJECT_INPUT, &input, true, NULL);
    if (result == OK)
        result = evaluation_object(&rq->cx, evaluation, input.line, input.words, &id);
    return acted(rq, evaluation, result, "flash.evaluation.objected");
}

struct answer_input {
    const char *answer;
};
static const struct field ANSWER_INPUT[] = {
    FIELD(answer_input, answer, .in = MUST, .max = 1000, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result answer_post(struct request *rq)
{
    struct evaluation *evaluation = ARENA_NEW(rq->cx.mem, struct evaluation);
    TRY(record_for_action(rq, &EVALUATIONS, evaluation));
    return acted(rq, evaluation, evaluation_answer(&rq->cx, evaluation, input_text(rq, "answer")),
                 "flash.evaluation.submitted");
}

static enum result accept_post(struct request *rq)
{
    struct evaluation *evaluation = ARENA_NEW(rq->cx.mem, struct evaluation);
    TRY(record_for_action(rq, &EVALUATIONS, evaluation));
    return acted(rq, evaluation, evaluation_accept(&rq->cx, evaluation),
                 "flash.evaluation.accepted");
}

/* ---- objections ---- */

static enum result objection_show(struct request *rq, void *record)
{
    const struct evaluation_objection *objection = record;
    const bool waits =
        objection->state == OBJECTION_OPEN && objection->source == OBJECTION_OF_PARTY;
    bool may_decide = waits && actor_may(rq->cx.actor, "evaluation_objections.decide");
    if (may_decide) {
        struct points most;
        char text[POINTS_MAX_TEXT];
        TRY(objection_most(&rq->cx, objection, &most));
        points_format(most, text);
        doc_text(rq->doc, "points_most", arena_dup(rq->cx.mem, text));
    }
    if (rq->face != FACE_PAGE)
        return OK;
    if (may_decide)
        TRY(objection_may_decide(&rq->cx, objection, &may_decide));
    rq->doc->page_only = true;
    doc_flag(rq->doc, "may_decide", may_decide);
    doc_link(rq, rq->doc, "evaluation_href",
             arena_printf(rq->cx.mem, "/evaluations/%lld", (long long)objection->evaluation_id));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face OBJECTION_FACE = {.resource = &EVALUATION_OBJECTIONS,
                                                  .show = objection_show};

struct uphold_input {
    struct points points;
    const char *reason;
};
static const struct field UPHOLD_INPUT[] = {
    FIELD(uphold_input, points, .in = MAY),
    FIELD(uphold_input, reason, .in = MUST, .max = 1000, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result uphold_post(struct request *rq)
{
    struct evaluation_objection *objection = ARENA_NEW(rq->cx.mem, struct evaluation_objection);
    struct uphold_input input = {.reason = ""};
    TRY(record_for_action(rq, &EVALUATION_OBJECTIONS, objection));
    enum result result = body_read(rq, UPHOLD_INPUT, &input, true, NULL);
    if (result == OK)
        result = objection_uphold(&rq->cx, objection, input.points, input.reason);
    return record_acted(rq, &OBJECTION_FACE, objection, result, "flash.objection.upheld");
}

static enum result reject_post(struct request *rq)
{
    struct evaluation_objection *objection = ARENA_NEW(rq->cx.mem, struct evaluation_objection);
    TRY(record_for_action(rq, &EVALUATION_OBJECTIONS, objection));
    return record_acted(rq, &OBJECTION_FACE, objection,
                        objection_reject(&rq->cx, objection, input_text(rq, "reason")),
                        "flash.objection.rejected");
}

/* ---- campaigns ---- */

static void put_row_words(struct request *rq, struct doc *doc, const struct campaign_row *row)
{
    struct arena *mem = rq->cx.mem;
    doc_flag(doc, "missing", *row->lacks || strcmp(row->state, "drafted") == 0);
    doc_text(doc, "lacks_words",
             *row->lacks ? word(rq, arena_printf(mem, "evaluation_campaigns.lacks.%s", row->lacks))
                         : "");
    doc_text(doc, "state_words",
             *row->state ? word(rq, arena_printf(mem, "evaluations.state.%s", row->state)) : "");
    doc_text(doc, "grade_words",
             *row->grade ? word(rq, arena_printf(mem, "schemes.grade.%s", row->grade))
             : *row->ungraded
                 ? word(rq, arena_printf(mem, "evaluations.ungraded.%s", row->ungraded))
                 : "");
    if (row->scored) {
        char total[POINTS_MAX_TEXT];
        points_format(row->total, total);
        doc_text(doc, "total", arena_dup(mem, total));
    }
    if (row->evaluation_id)
        doc_link(rq, doc, "href",
                 arena_printf(mem, "/evaluations/%lld", (long long)row->evaluation_id));
}

static void put_figures(struct request *rq, const struct campaign_row *rows, size_t count)
{
    int64_t lacking = 0, drafted = 0, final = 0;
    for (size_t i = 0; i < count; i++) {
        lacking += *rows[i].lacks != '\0';
        drafted += strcmp(rows[i].state, "drafted") == 0;
        final += strcmp(rows[i].state, "final") == 0;
    }
    doc_int(rq->doc, "all", (int64_t)count);
    doc_int(rq->doc, "lacking", lacking);
    doc_int(rq->doc, "drafted", drafted);
    doc_int(rq->doc, "final", final);
    doc_int(rq->doc, "running", (int64_t)count - lacking - drafted - final);
}

#define ROWS_SHOWN 500

static enum result campaign_show(struct request *rq, void *record)
{
    const struct evaluation_campaign *campaign = record;
    struct campaign_row *rows;
    size_t count;
    TRY(campaign_rows(&rq->cx, campaign, &rows, &count));
    put_figures(rq, rows, count);
    const size_t shown = count < ROWS_SHOWN ? count : ROWS_SHOWN;
    doc_records(rq->doc, "items", CAMPAIGN_ROW_FIELDS, rows, shown, sizeof *rows);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, shown + 1);
    for (size_t i = 0; i < shown; i++) {
        docs[i] = doc_new(rq->cx.mem);
        doc_text(docs[i], "name", rows[i].name);
        doc_text(docs[i], "unit", rows[i].unit_name);
        doc_text(docs[i], "provider", rows[i].provider_name);
        put_row_words(rq, docs[i], &rows[i]);
    }
    doc_docs(rq->doc, "rows", docs, shown);
    doc_flag(rq->doc, "cut", shown < count);
    const bool open = campaign->state == CAMPAIGN_OPEN;
    int64_t drafted = 0;
    for (size_t i = 0; i < count; i++)
        drafted += strcmp(rows[i].state, "drafted") == 0;
    doc_flag(rq->doc, "may_open",
             campaign->state != CAMPAIGN_CLOSED && may(rq, "evaluation_campaigns.write"));
    doc_flag(rq->doc, "may_work_out", open && drafted && may(rq, "evaluations.write"));
    doc_flag(rq->doc, "may_close", open && !drafted && may(rq, "evaluation_campaigns.write"));
    rq->doc->page_only = false;
    return OK;
}

static enum result campaign_begin(struct request *rq, void *record)
{
    struct evaluation_campaign *campaign = record;
    const struct month now = month_of(instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN));
    if (!campaign->subject)
        campaign->subject = SCHEME_CONTRACT;
    if (!*campaign->period)
        campaign->period = period_text(rq->cx.mem, (struct period){{now.months - 1}, 1});
    return OK;
}

static const struct record_face CAMPAIGN_FACE = {
    .resource = &EVALUATION_CAMPAIGNS, .show = campaign_show, .begin = campaign_begin};

static enum result open_post(struct request *rq)
{
    struct evaluation_campaign *campaign = ARENA_NEW(rq->cx.mem, struct evaluation_campaign);
    int64_t drafts;
    TRY(record_for_action(rq, &EVALUATION_CAMPAIGNS, campaign));
    return record_acted(rq, &CAMPAIGN_FACE, campaign, campaign_open(&rq->cx, campaign, &drafts),
                        "flash.campaign.opened");
}

static enum result work_out_post(struct request *rq)
{
    struct evaluation_campaign *campaign = ARENA_NEW(rq->cx.mem, struct evaluation_campaign);
    int64_t drafts;
    TRY(record_for_action(rq, &EVALUATION_CAMPAIGNS, campaign));
    return record_acted(rq, &CAMPAIGN_FACE, campaign, campaign_work_out(&rq->cx, campaign, &drafts),
                        "flash.campaign.worked_out");
}

static enum result close_post(struct request *rq)
{
    struct evaluation_campaign *campaign = ARENA_NEW(rq->cx.mem, struct evaluation_campaign);
    TRY(record_for_action(rq, &EVALUATION_CAMPAIGNS, campaign));
    return record_acted(rq, &CAMPAIGN_FACE, campaign, campaign_close(&rq->cx, campaign),
                        "flash.campaign.closed");
}

/* clang-format off */
#define EVALUATED .flags = RECORDED, .nav = "evaluations"
const struct route EVALUATION_ROUTES[] = {
    RECORD_LIST("evaluations", EVALUATION_FACE, "list"),
    {GET, "/evaluations/figures", "evaluations.read", figures_get, "tabs", .nav = "evaluations"},
    RECORD_SHOW("evaluations", EVALUATION_FACE, "evaluation"),
    RECORD_CREATE("evaluations", EVALUATION_FACE),
    {POST, "/evaluations/{id}/give", "evaluations.write", give_post, "evaluation", .input = GIVE_INPUT, EVALUATED},
    {POST, "/evaluations/{id}/submit", "evaluations.write", submit_post, "evaluation", .input = SUBMIT_INPUT, EVALUATED},
    {POST, "/evaluations/{id}/withdraw", "evaluations.write", withdraw_post, "evaluation", .input = REASON_INPUT, EVALUATED},
    {POST, "/evaluations/{id}/answer", "evaluations.write", answer_post, "evaluation", .input = ANSWER_INPUT, EVALUATED},
    {POST, "/evaluations/{id}/pass", "evaluations.audit", pass_post, "evaluation", EVALUATED},
    {POST, "/evaluations/{id}/audit", "evaluations.audit", object_post, "evaluation", .input = OBJECT_INPUT, EVALUATED},
    {POST, "/evaluations/{id}/object", "evaluations.object", object_post, "evaluation", .input = OBJECT_INPUT, EVALUATED},
    {POST, "/evaluations/{id}/accept", "evaluations.object", accept_post, "evaluation", EVALUATED},
    RECORD_HISTORY("evaluations", EVALUATION_FACE),
    RECORD_EXPORT("evaluations", EVALUATION_FACE),
    RECORD_LIST("evaluation_objections", OBJECTION_FACE, "list"),
    RECORD_SHOW("evaluation_objections", OBJECTION_FACE, "evaluation_objection"),
    {POST, "/evaluation_objections/{id}/uphold", "evaluation_objections.decide", uphold_post, "evaluation_objection",
     .flags = RECORDED, .input = UPHOLD_INPUT, .nav = "evaluation_objections"},
    {POST, "/evaluation_objections/{id}/reject", "evaluation_objections.decide", reject_post, "evaluation_objection",
     .flags = RECORDED, .input = REASON_INPUT, .nav = "evaluation_objections"},
    RECORD_HISTORY("evaluation_objections", OBJECTION_FACE),
    RECORD_LIST("evaluation_campaigns", CAMPAIGN_FACE, "list"),
    RECORD_SHOW("evaluation_campaigns", CAMPAIGN_FACE, "evaluation_campaign"),
    RECORD_CREATE("evaluation_campaigns", CAMPAIGN_FACE),
    {POST, "/evaluation_campaigns/{id}/open", "evaluation_campaigns.write", open_post, "evaluation_campaign",
     .flags = RECORDED, .nav = "evaluation_campaigns"},
    {POST, "/evaluation_campaigns/{id}/work_out", "evaluations.write", work_out_post, "evaluation_campaign",
     .flags = RECORDED, .nav = "evaluation_campaigns"},
    {POST, "/evaluation_campaigns/{id}/close", "evaluation_campaigns.write", close_post, "evaluation_campaign",
     .flags = RECORDED, .nav = "evaluation_campaigns"},
    RECORD_HISTORY("evaluation_campaigns", CAMPAIGN_FACE),
    ROUTES_END,
};
/* clang-format on */
