/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/staffing/subcontracting.h"

#include "app/documents/documents_web.h"
#include "app/records/record_page.h"
#include "app/staffing/staffing_web.h"

#include <string.h>

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
    doc_flag(rq->doc, "may_decide",
             one->state == CASE_INVESTIGATED && actor_may(actor, "subcontracting_cases.decide"));
    rq->doc->page_only = false;
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
    TRY(record_for_action(rq, &SUBCONTRACTING_CASES, &one));
    return record_acted(rq, &CASE_FACE, &one,
                        subcontracting_investigate(&rq->cx, &one, input_text(rq, "findings")),
                        "flash.case.investigated");
}

struct deciding {
    const char *state, *reason, *consequence;
};
static const struct field DECIDE_INPUT[] = {
    FIELD(deciding, state, .in = MUST),
    FIELD(deciding, reason, .in = MUST, .max = 1000, .use = LONG_TEXT),
    FIELD(deciding, consequence, .in = MAY, .max = 1000, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result case_decide_post(struct request *rq)
{
    struct subcontracting_case one;
    const struct field *state = field_find(SUBCONTRACTING_CASES.fields, "state", 5);
    const char *word = input_text(rq, "state");
    TRY(record_for_action(rq, &SUBCONTRACTING_CASES, &one));
    return record_acted(
        rq, &CASE_FACE, &one,
        subcontracting_decide(&rq->cx, &one, choice_find(state->choices, word, strlen(word)),
                              input_text(rq, "reason"), input_text(rq, "consequence")),
        "flash.case.decided");
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
     "subcontracting_case", .flags = RECORDED, .input = DECIDE_INPUT, .nav = "subcontracting_cases"},
    ROUTES_END,
};
/* clang-format on */
