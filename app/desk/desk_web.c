/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Issues on the web: the list with its figures, one issue, and the steps of its life. */
#include "app/desk/desk_web.h"

#include "app/desk/desk.h"
#include "app/documents/documents_web.h"
#include "app/records/record_page.h"

#include <string.h>

#define FIGURE_MONTHS 6

static const struct record_face ISSUE_FACE;

/* ---- figures ---- */

static struct doc *figure_doc(struct request *rq, const struct issue_figure *figure)
{
    struct arena *mem = rq->cx.mem;
    struct doc *doc = doc_new(mem);
    doc_root(doc, ISSUE_FIGURE_FIELDS, figure);
    doc_text(doc, "answered_in_time_percent",
             figure_ratio(mem, figure->answered_in_time, figure->answer_due, 100));
    doc_text(doc, "solved_in_time_percent",
             figure_ratio(mem, figure->solved_in_time, figure->solve_due, 100));
    doc_text(doc, "satisfaction", figure_ratio(mem, figure->satisfaction_sum, figure->rated, 1));
    return doc;
}

static enum result put_figures(struct request *rq, int64_t contract_id, struct month from,
                               struct month to)
{
    struct issue_figure *figures;
    size_t count;
    TRY(issue_figures(&rq->cx, contract_id, from, to, &figures, &count));
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    for (size_t i = 0; i < count; i++)
        docs[i] = figure_doc(rq, &figures[i]);
    doc_doc(rq->doc, "total", docs[0]);
    if (rq->route->subject != &ISSUE_FACE) /* the head of the list shows the total alone */
        doc_docs(rq->doc, "items", docs + 1, count - 1);
    return OK;
}

static struct month this_month(const struct request *rq)
{
    return month_of(instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN));
}

static struct month month_asked(struct request *rq, const char *name, struct month usual)
{
    struct month month;
    if (!*query_text(rq, name))
        return usual;
    if (!month_parse(query_text(rq, name), &month))
        reject(&rq->cx, name, "malformed");
    return month;
}

/* ?contract=&from=&to= : months; the last six when none are named. */
static enum result issue_figures_get(struct request *rq)
{
    const struct month now = this_month(rq);
    int64_t contract = 0;
    const struct month to = month_asked(rq, "to", now);
    const struct month from =
        month_asked(rq, "from", (struct month){to.months - FIGURE_MONTHS + 1});
    if (*query_text(rq, "contract") && !int_parse(query_text(rq, "contract"), &contract))
        reject(&rq->cx, "contract", "malformed");
    TRY(rejected(&rq->cx));
    TRY(put_figures(rq, contract, from, to));
    rq->doc->page_only = true;
    if (contract)
        doc_int(rq->doc, "contract", contract);
    rq->doc->page_only = false;
    return OK;
}

static enum result issues_list(struct request *rq, const struct list *list)
{
    const struct month now = this_month(rq);
    int64_t contract = 0;
    if (rq->face != FACE_PAGE)
        return OK;
    (void)int_parse(query_text(rq, "contract_id"), &contract);
    rq->doc->page_only = true;
    TRY(put_figures(rq, contract, (struct month){now.months - FIGURE_MONTHS + 1}, now));
    doc_text(rq->doc, "links_href", may_verb(rq, &ISSUE_LINKS, "read") ? "/issue_links" : "");
    rq->doc->page_only = false;
    return OK;
}

/* ---- one issue ---- */

static bool is_allowed(struct request *rq, const struct issue *issue,
                       enum result (*demand)(struct ctx *cx, const struct issue *issue))
{
    struct fault kept = fault_take(&rq->cx);
    const bool allowed = demand(&rq->cx, issue) == OK;
    rq->cx.fault = kept;
    return allowed;
}

static void put_steps(struct request *rq, const struct issue *issue)
{
    const struct actor *actor = rq->cx.actor;
    const bool solved = issue->state == ISSUE_SOLVED, closed = issue->state == ISSUE_CLOSED;
    const bool charge = !solved && !closed && is_allowed(rq, issue, issue_demand_charge);
    const bool judge = (solved || closed) && actor_may(actor, "issues.confirm") &&
                       is_allowed(rq, issue, issue_demand_judge);
    doc_flag(rq->doc, "may_answer",
             charge && issue->state != ISSUE_ANSWERED && actor_may(actor, "issues.answer"));
    doc_flag(rq->doc, "may_solve", charge && actor_may(actor, "issues.solve"));
    doc_flag(rq->doc, "may_assign", charge && actor_may(actor, "issues.assign"));
    doc_flag(rq->doc, "may_confirm", solved && judge);
    doc_flag(rq->doc, "may_reopen", judge);
    doc_flag(rq->doc, "any_step", charge || judge);
}

static struct doc *option(struct request *rq, const char *value, const char *label, bool selected)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_text(doc, "value", value);
    doc_text(doc, "label", label);
    doc_flag(doc, "selected", selected);
    return doc;
}

/* Who of either party could see to it: not its agents and workers. */
static enum result put_people(struct request *rq, const struct issue *issue)
{
    struct list_query query = {.limit = LIST_MOST, .sort = "-id"};
    struct contract contract;
    struct list list;
    TRY(record_get(&rq->cx, &CONTRACTS, issue->contract_id, &contract));
    (void)list_condition(&rq->cx, &PEOPLE, "job", "duty_manager,supervisor,qa,manager,resident",
                         &query);
    (void)list_condition(&rq->cx, &PEOPLE, "organisation_id",
                         arena_printf(rq->cx.mem, "%lld,%lld", (long long)contract.client_id,
                                      (long long)contract.provider_id),
                         &query);
    TRY(record_list(&rq->cx, &PEOPLE, &query, &list));
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list.count);
    const struct person *people = list.rows;
    for (size_t i = 0; i < list.count; i++)
        docs[i] = option(
            rq, arena_printf(rq->cx.mem, "%lld", (long long)people[i].id),
            arena_printf(rq->cx.mem, "%s（%s）", people[i].name,
                         *people[i].unit_name ? people[i].unit_name : people[i].organisation_name),
            people[i].id == issue->assigned_id);
    doc_docs(rq->doc, "people", docs, list.count);
    return OK;
}

static void put_choices(struct request *rq, const char *name, const char *field_name,
                        unsigned chosen)
{
    const struct field *field = field_find(ISSUES.fields, field_name, strlen(field_name));
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, FIELDS_MAX);
    size_t count = 0;
    for (; field->choices[count]; count++)
        docs[count] =
            option(rq, field->choices[count],
                   choice_words(rq, &ISSUES, field, field->choices[count]), count + 1 == chosen);
    doc_docs(rq->doc, name, docs, count);
}

static enum result issue_show(struct request *rq, void *record)
{
    const struct issue *issue = record;
    if (rq->face != FACE_PAGE)
        return documents_part(rq, &ISSUES, issue->id);
    rq->doc->page_only = true;
    put_steps(rq, issue);
    put_choices(rq, "priorities", "priority", issue->priority);
    put_choices(rq, "responsibilities", "responsibility", issue->responsibility);
    doc_flag(rq->doc, "may_reveal",
             *issue->reporter_phone.masked && may_verb(rq, &ISSUES, "reveal"));
    TRY(put_people(rq, issue));
    rq->doc->page_only = false;
    return documents_part(rq, &ISSUES, issue->id);
}

static enum result issue_begin(struct request *rq, void *record)
{
    struct issue *issue = record;
    issue->kind = ISSUE_PROBLEM;
    issue->priority = ISSUE_NORMAL;
    issue->source = ISSUE_ON_SITE;
    return OK;
}

static const struct record_face ISSUE_FACE = {
    .resource = &ISSUES, .show = issue_show, .list = issues_list, .begin = issue_begin};

/* ---- steps ---- */

struct answering {
    const char *answer;
};
static const struct field ANSWER_INPUT[] = {
    FIELD(answering, answer, .in = MUST, .max = 2000, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result issue_answer_post(struct request *rq)
{
    struct issue issue;
    TRY(record_for_action(rq, &ISSUES, &issue));
    return record_acted(rq, &ISSUE_FACE, &issue,
                        issue_answer(&rq->cx, &issue, input_text(rq, "answer")),
                        "flash.issue.answered");
}

struct assigning {
    int64_t person_id;
    enum issue_priority priority;
    const char *reason;
};
static const struct field ASSIGN_INPUT[] = {
    FIELD_REF(assigning, person_id, "people", .in = MAY),
    FIELD_ENUM(assigning, priority, ISSUE_PRIORITIES, .in = MAY),
    FIELD(assigning, reason, .in = MAY, .max = 1000, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result issue_assign_post(struct request *rq)
{
    struct assigning assigning = {.reason = ""};
    struct issue issue;
    TRY(record_for_action(rq, &ISSUES, &issue));
    enum result result = body_read(rq, ASSIGN_INPUT, &assigning, true, NULL);
    if (result == OK)
        result = issue_assign(&rq->cx, &issue, assigning.person_id, assigning.priority,
                              assigning.reason);
    return record_acted(rq, &ISSUE_FACE, &issue, result, "flash.issue.assigned");
}

struct solving {
    const char *solution;
    enum responsibility responsibility;
};
static const struct field SOLVE_INPUT[] = {
    FIELD(solving, solution, .in = MAY, .max = 2000, .use = LONG_TEXT),
    FIELD_ENUM(solving, responsibility, RESPONSIBILITIES, .in = MAY),
    FIELDS_END,
};

static enum result issue_solve_post(struct request *rq)
{
    struct solving solving = {.solution = ""};
    struct issue issue;
    TRY(record_for_action(rq, &ISSUES, &issue));
    enum result result = body_read(rq, SOLVE_INPUT, &solving, true, NULL);
    if (result == OK)
        result = issue_solve(&rq->cx, &issue, solving.solution, solving.responsibility);
    return record_acted(rq, &ISSUE_FACE, &issue, result, "flash.issue.solved");
}

struct confirming {
    int32_t satisfaction;
    const char *remark;
};
static const struct field CONFIRM_INPUT[] = {
    FIELD(confirming, satisfaction, .in = MAY),
    FIELD(confirming, remark, .in = MAY, .max = 2000, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result issue_confirm_post(struct request *rq)
{
    struct confirming confirming = {.remark = ""};
    struct issue issue;
    TRY(record_for_action(rq, &ISSUES, &issue));
    enum result result = body_read(rq, CONFIRM_INPUT, &confirming, true, NULL);
    if (result == OK)
        result = issue_confirm(&rq->cx, &issue, confirming.satisfaction, confirming.remark);
    return record_acted(rq, &ISSUE_FACE, &issue, result, "flash.issue.confirmed");
}

static enum result issue_reopen_post(struct request *rq)
{
    struct issue issue;
    TRY(record_for_action(rq, &ISSUES, &issue));
    return record_acted(rq, &ISSUE_FACE, &issue,
                        issue_reopen(&rq->cx, &issue, input_text(rq, "reason")),
                        "flash.issue.reopened");
}

const struct route DESK_ROUTES[] = {
    RECORD_LIST("issues", ISSUE_FACE, "issues"),
    RECORD_SHOW("issues", ISSUE_FACE, "issue"),
    RECORD_CREATE("issues", ISSUE_FACE),
    RECORD_HISTORY("issues", ISSUE_FACE),
    RECORD_EXPORT("issues", ISSUE_FACE),
    RECORD_REVEAL("issues", ISSUE_FACE),
    {POST, "/issues/{id}/answer", "issues.answer", issue_answer_post, "issue",
     .input = ANSWER_INPUT, .nav = "issues"},
    {POST, "/issues/{id}/assign", "issues.assign", issue_assign_post, "issue",
     .input = ASSIGN_INPUT, .nav = "issues"},
    {POST, "/issues/{id}/solve", "issues.solve", issue_solve_post, "issue", .input = SOLVE_INPUT,
     .nav = "issues"},
    {POST, "/issues/{id}/confirm", "issues.confirm", issue_confirm_post, "issue",
     .input = CONFIRM_INPUT, .nav = "issues"},
    {POST, "/issues/{id}/reopen", "issues.confirm", issue_reopen_post, "issue",
     .input = REASON_INPUT, .nav = "issues"},
    {GET, "/issue_figures", "issues.read", issue_figures_get, "issue_figures", .nav = "issues"},
    ROUTES_END,
};
