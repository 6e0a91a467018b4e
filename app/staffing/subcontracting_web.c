/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/staffing/subcontracting.h"

#include "app/documents/documents_web.h"
#include "app/records/record_page.h"
#include "app/staffing/staffing_web.h"

/* What follows from a confirmed one is proposed, decided and told elsewhere. */
static enum result put_consequences(struct request *rq, const struct subcontracting_case *one)
{
    const struct resource *consequences = resource_find("consequences");
    struct list_query query = {.limit = 1};
    int64_t count;
    if (one->state != CASE_CONFIRMED || !actor_may(rq->cx.actor, "consequences.read"))
        return OK;
    list_conditions(&rq->cx, consequences,
                    arena_printf(rq->cx.mem, "case_id=%lld", (long long)one->id), &query);
    TRY(record_count(&rq->cx, consequences, &query, 1, &count));
    if (count)
        doc_link(rq, rq->doc, "consequences_href",
                 arena_printf(rq->cx.mem, "/consequences?case_id=%lld", (long long)one->id));
    return OK;
}

static enum result case_show(struct request *rq, void *record)
{
    const struct subcontracting_case *one = record;
    const struct actor *actor = rq->cx.actor;
    const bool open = one->state == CASE_SUSPECTED || one->state == CASE_INVESTIGATED;
    rq->doc->page_only = true;
    doc_link(rq, rq->doc, "organisation_href",
             arena_printf(rq->cx.mem, "/organisations/%lld", (long long)one->organisation_id));
    doc_flag(rq->doc, "may_investigate",
             open && actor_may(actor, "subcontracting_cases.investigate"));
    if (one->head_count_id && record_is_seen(rq, resource_find("head_counts"), one->head_count_id))
        doc_link(rq, rq->doc, "count_href",
                 arena_printf(rq->cx.mem, "/head_counts/%lld", (long long)one->head_count_id));
    if (one->contract_id && record_is_seen(rq, &CONTRACTS, one->contract_id))
        doc_link(rq, rq->doc, "contract_href",
                 arena_printf(rq->cx.mem, "/contracts/%lld", (long long)one->contract_id));
    doc_flag(rq->doc, "may_decide",
             one->state == CASE_INVESTIGATED && subcontracting_may_decide(actor, one) &&
                 one->investigator_id != actor->person_id);
    doc_flag(rq->doc, "may_judge", actor_may(actor, "organisations.judge"));
    enum result result = put_consequences(rq, one);
    rq->doc->page_only = false;
    TRY(result);
    return documents_part(rq, &SUBCONTRACTING_CASES, one->id);
}

static const struct record_face CASE_FACE = {.resource = &SUBCONTRACTING_CASES, .show = case_show};

struct investigating {
    const char *findings;
};
static const struct field INVESTIGATE_INPUT[] = {
    FIELD(investigating, findings, .in = MUST, .max = 2000, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result case_investigate_post(struct request *rq)
{
    struct subcontracting_case one;
    struct investigating said = {.findings = ""};
    TRY(record_for_action(rq, &SUBCONTRACTING_CASES, &one));
    enum result result = body_read(rq, INVESTIGATE_INPUT, &said, true, NULL);
    if (result == OK)
        result = subcontracting_investigate(&rq->cx, &one, said.findings);
    return record_acted(rq, &CASE_FACE, &one, result, "flash.case.investigated");
}

static enum result case_decide_post(struct request *rq)
{
    struct subcontracting_case one;
    struct case_decision decision = {.reason = "", .consequence = ""};
    TRY(record_for_action(rq, &SUBCONTRACTING_CASES, &one));
    enum result result = body_read(rq, CASE_DECISION_INPUT, &decision, true, NULL);
    if (result == OK)
        result = subcontracting_decide(&rq->cx, &one, &decision);
    return record_acted(rq, &CASE_FACE, &one, result, "flash.case.decided");
}

/* clang-format off */
const struct route SUBCONTRACTING_ROUTES[] = {
    RECORD_LIST("subcontracting_cases", CASE_FACE, "list"),
    RECORD_SHOW("subcontracting_cases", CASE_FACE, "subcontracting_case"),
    RECORD_CREATE("subcontracting_cases", CASE_FACE),
    RECORD_HISTORY("subcontracting_cases", CASE_FACE),
    RECORD_EXPORT("subcontracting_cases", CASE_FACE),
    {POST, "/subcontracting_cases/{id}/investigate", "subcontracting_cases.investigate", case_investigate_post,
     "subcontracting_case", .flags = RECORDED, .input = INVESTIGATE_INPUT, .nav = "subcontracting_cases"},
    {POST, "/subcontracting_cases/{id}/decide", "subcontracting_cases.decide", case_decide_post,
     "subcontracting_case", .flags = RECORDED, .input = CASE_DECISION_INPUT, .nav = "subcontracting_cases"},
    ROUTES_END,
};
/* clang-format on */
