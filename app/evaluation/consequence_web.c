/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Consequences on the web: what is proposed and why, decided with a letter, or dropped. */
#include "app/evaluation/consequence.h"
#include "app/evaluation/evaluation_web.h"
#include "app/letters/letter.h"
#include "app/records/record_page.h"

static enum result consequence_show(struct request *rq, void *record)
{
    const struct consequence *consequence = record;
    struct arena *mem = rq->cx.mem;
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_flag(rq->doc, "may_decide",
             consequence->state == CONSEQUENCE_PROPOSED &&
                 consequence->proposer_id != rq->cx.actor->person_id &&
                 actor_may(rq->cx.actor, "consequences.decide"));
    if (*consequence->rule)
        doc_text(rq->doc, "rule_words",
                 word(rq, arena_printf(mem, "consequences.rule.%s", consequence->rule)));
    doc_text(rq->doc, "effect",
             word(rq, arena_printf(mem, "consequences.effect.%s",
                                   consequence->step == STEP_OBSERVATION   ? "observation"
                                   : consequence->step == STEP_TERMINATION ? "termination"
                                   : consequence->step == STEP_BLACKLIST   ? "blacklist"
                                                                           : "told")));
    doc_link(rq, rq->doc, "contract_href",
             arena_printf(mem, "/contracts/%lld", (long long)consequence->contract_id));
    if (consequence->evaluation_id)
        doc_link(rq, rq->doc, "evaluation_href",
                 arena_printf(mem, "/evaluations/%lld", (long long)consequence->evaluation_id));
    if (consequence->case_id && record_is_seen(rq, &SUBCONTRACTING_CASES, consequence->case_id))
        doc_link(rq, rq->doc, "case_href",
                 arena_printf(mem, "/subcontracting_cases/%lld", (long long)consequence->case_id));
    if (consequence->letter_id)
        doc_link(rq, rq->doc, "letter_href",
                 arena_printf(mem, "/letters/%lld", (long long)consequence->letter_id));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face CONSEQUENCE_FACE = {.resource = &CONSEQUENCES,
                                                    .show = consequence_show};

/* To the letter that tells it: its author reads it once more and sends it. */
static enum result decide_post(struct request *rq)
{
    struct consequence *consequence = ARENA_NEW(rq->cx.mem, struct consequence);
    int64_t id;
    TRY(record_for_action(rq, &CONSEQUENCES, consequence));
    return record_acted(rq, &CONSEQUENCE_FACE, consequence,
                        consequence_decide(&rq->cx, consequence, input_text(rq, "reason"), &id),
                        "flash.consequence.decided");
}

static enum result drop_post(struct request *rq)
{
    struct consequence *consequence = ARENA_NEW(rq->cx.mem, struct consequence);
    TRY(record_for_action(rq, &CONSEQUENCES, consequence));
    return record_acted(rq, &CONSEQUENCE_FACE, consequence,
                        consequence_drop(&rq->cx, consequence, input_text(rq, "reason")),
                        "flash.consequence.dropped");
}

/* clang-format off */
const struct route CONSEQUENCE_ROUTES[] = {
    RECORD_LIST("consequences", CONSEQUENCE_FACE, "list"),
    RECORD_SHOW("consequences", CONSEQUENCE_FACE, "consequence"),
    RECORD_CREATE("consequences", CONSEQUENCE_FACE),
    {POST, "/consequences/{id}/decide", "consequences.decide", decide_post, "consequence", .flags = RECORDED,
     .input = REASON_INPUT, .nav = "consequences"},
    {POST, "/consequences/{id}/drop", "consequences.decide", drop_post, "consequence", .flags = RECORDED,
     .input = REASON_INPUT, .nav = "consequences"},
    RECORD_HISTORY("consequences", CONSEQUENCE_FACE),
    RECORD_EXPORT("consequences", CONSEQUENCE_FACE),
    ROUTES_END,
};
/* clang-format on */
