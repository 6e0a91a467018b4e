/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/agents/agent_web.h"

#include "app/agents/agent.h"
#include "app/agents/provision.h"
#include "app/documents/documents_web.h"

#include <string.h>

/* ---- agents ---- */

static enum result agent_show(struct request *rq, void *record)
{
    const struct agent *agent = record;
    TRY(doc_part(rq, "provisionings", &PROVISIONINGS, "agent_id", agent->id));
    return doc_part(rq, "breaches", &BREACHES, "agent_id", agent->id);
}

static enum result agents_list(struct request *rq, const struct list *list)
{
    (void)list;
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    if (actor_may(rq->cx.actor, "agents.compare"))
        doc_text(rq->doc, "compare_href", "/agents/compare");
    if (actor_may(rq->cx.actor, "letters.write") && rq->cx.actor->side == SIDE_CLIENT)
        doc_text(rq->doc, "ask_href", "/letters/new?type=agent_change");
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face AGENT_FACE = {
    .resource = &AGENTS, .show = agent_show, .list = agents_list};

/* Agents and permissions have no other path than a letter; whoever tries another one is refused,
 * and the attempt stands in the trail. */
static enum result refuse(struct request *rq, const char *clause, const char *code)
{
    reject_clause(&rq->cx, clause, "", "only_by_letter");
    return rejected_as(&rq->cx, FORBIDDEN, code);
}

static enum result agent_refuse(struct request *rq)
{
    return refuse(rq, "C1.1", "agent.only_by_letter");
}

static enum result permission_refuse(struct request *rq)
{
    return refuse(rq, "C1.2", "number_permission.only_by_letter");
}

/* ---- numbers ---- */

static enum result number_show(struct request *rq, void *record)
{
    const struct number *number = record;
    const bool own = rq->cx.actor->organisation_id == number->owner_id &&
                     actor_may(rq->cx.actor, "numbers.write");
    TRY(doc_part(rq, "permissions", &NUMBER_PERMISSIONS, "number_id", number->id));
    TRY(documents_part(rq, &NUMBERS, number->id));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_flag(rq->doc, "may_suspend", own && number->state == NUMBER_ACTIVE);
    doc_flag(rq->doc, "may_resume", own && number->state == NUMBER_SUSPENDED);
    doc_flag(rq->doc, "may_retire", own && number->state != NUMBER_RETIRED);
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face NUMBER_FACE = {.resource = &NUMBERS, .show = number_show};
static const struct record_face PERMISSION_FACE = {.resource = &NUMBER_PERMISSIONS};

static enum result number_step_post(struct request *rq)
{
    struct number number;
    const char *action = path_text(rq, "step");
    TRY(record_for_action(rq, &NUMBERS, &number));
    return record_acted(rq, &NUMBER_FACE, &number,
                        number_step(&rq->cx, &number, action, input_text(rq, "reason")),
                        arena_printf(rq->cx.mem, "flash.number.%s", action));
}

const struct route AGENT_ROUTES[] = {
    RECORD_LIST("agents", AGENT_FACE, "agents"),
    RECORD_SHOW("agents", AGENT_FACE, "agent"),
    RECORD_HISTORY("agents", AGENT_FACE),
    RECORD_EXPORT("agents", AGENT_FACE),
    {POST, "/agents", SIGNED_IN, agent_refuse, NULL, .flags = API_ONLY},
    {PATCH, "/agents/{id}", SIGNED_IN, agent_refuse, NULL, .flags = API_ONLY},
    RECORD_LIST("numbers", NUMBER_FACE, "list"),
    RECORD_SHOW("numbers", NUMBER_FACE, "number"),
    RECORD_CREATE("numbers", NUMBER_FACE),
    RECORD_CHANGE("numbers", NUMBER_FACE),
    {GET, "/numbers/{id}/history", "numbers.whole", record_history_get, "history",
     .subject = &NUMBER_FACE, .nav = "numbers"},
    RECORD_EXPORT("numbers", NUMBER_FACE),
    {POST, "/numbers/{id}/{step}", "numbers.write", number_step_post, "number",
     .input = REASON_INPUT, .nav = "numbers"},
    RECORD_LIST("number_permissions", PERMISSION_FACE, "list"),
    RECORD_SHOW("number_permissions", PERMISSION_FACE, "record"),
    RECORD_HISTORY("number_permissions", PERMISSION_FACE),
    RECORD_EXPORT("number_permissions", PERMISSION_FACE),
    {POST, "/number_permissions", SIGNED_IN, permission_refuse, NULL, .flags = API_ONLY},
    {PATCH, "/number_permissions/{id}", SIGNED_IN, permission_refuse, NULL, .flags = API_ONLY},
    ROUTES_END,
};
