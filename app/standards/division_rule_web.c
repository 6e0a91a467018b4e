/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules of a division on the web. */
#include "app/standards/standard_web.h"

#include "app/access/access_web.h"
#include "app/documents/documents_web.h"
#include "app/records/record_page.h"
#include "app/signatures/signature.h"

static void put_may(struct request *rq, const struct division_rule *rules)
{
    const struct actor *actor = rq->cx.actor;
    const bool writes = actor_may(actor, "division_rules.write");
    doc_flag(rq->doc, "may_file", rules->state == RULES_DRAFT && writes);
    doc_flag(rq->doc, "may_receive",
             rules->state == RULES_FILED && actor_may(actor, "division_rules.receive") &&
                 rules->filer_id != actor->person_id);
    doc_flag(rq->doc, "may_revise",
             (rules->state == RULES_FILED || rules->state == RULES_RECEIVED) && writes);
}

static enum result rule_show(struct request *rq, void *record)
{
    struct division_rule *rules = record;
    struct signature *signatures;
    size_t count;
    if (rules->state == RULES_DRAFT)
        rules->sha256 = record_digest(rq->cx.mem, &DIVISION_RULES, rules);
    TRY(signatures_list(&rq->cx, &DIVISION_RULES, rules->id, &signatures, &count));
    doc_records(rq->doc, "signatures", SIGNATURE_FIELDS, signatures, count, sizeof *signatures);
    if (rq->face == FACE_PAGE) {
        rq->doc->page_only = true;
        put_may(rq, rules);
        if (record_is_seen(rq, &UNITS, rules->unit_id))
            doc_link(rq, rq->doc, "unit_href",
                     arena_printf(rq->cx.mem, "/units/%lld", (long long)rules->unit_id));
        rq->doc->page_only = false;
    }
    return documents_part(rq, &DIVISION_RULES, rules->id);
}

static enum result rule_begin(struct request *rq, void *record)
{
    struct division_rule *rules = record;
    rules->mandatory.bits = CATEGORY_ALL;
    rules->from = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    return OK;
}

static const struct record_face RULE_FACE = {
    .resource = &DIVISION_RULES, .show = rule_show, .begin = rule_begin};

static enum result rule_file_post(struct request *rq)
{
    struct division_rule rules;
    TRY(record_of_path(rq, &DIVISION_RULES, &rules));
    enum result result = prove_demand(rq);
    if (result == OK)
        result = division_rule_file(&rq->cx, &rules, input_text(rq, "sha256"));
    return record_acted(rq, &RULE_FACE, &rules, result, "flash.division_rule.filed");
}

static enum result rule_receive_post(struct request *rq)
{
    struct division_rule rules;
    TRY(record_for_action(rq, &DIVISION_RULES, &rules));
    return record_acted(rq, &RULE_FACE, &rules, division_rule_receive(&rq->cx, &rules),
                        "flash.division_rule.received");
}

static enum result rule_revise_post(struct request *rq)
{
    struct division_rule rules;
    int64_t id;
    TRY(record_for_action(rq, &DIVISION_RULES, &rules));
    enum result result = division_rule_revise(&rq->cx, &rules, &id);
    if (result != OK)
        return record_acted(rq, &RULE_FACE, &rules, result, "");
    struct division_rule *next = ARENA_NEW(rq->cx.mem, struct division_rule);
    TRY(record_get(&rq->cx, &DIVISION_RULES, id, next));
    TRY(record_answer(rq, &RULE_FACE, next));
    return created(rq, "/division_rules/%lld", (long long)id);
}

#define NAV .nav = "division_rules"
/* clang-format off */
const struct route DIVISION_RULE_ROUTES[] = {
    RECORD_LIST("division_rules", RULE_FACE, "list"),
    RECORD_SHOW("division_rules", RULE_FACE, "division_rule"),
    RECORD_CREATE("division_rules", RULE_FACE),
    RECORD_CHANGE("division_rules", RULE_FACE),
    RECORD_HISTORY("division_rules", RULE_FACE),
    RECORD_EXPORT("division_rules", RULE_FACE),
    {GET, "/division_rules/{id}/print.pdf", "division_rules.read", division_rule_print_get, "fault",
     .flags = STREAM | TRACED},
    {POST, "/division_rules/{id}/file", "division_rules.write", rule_file_post, "division_rule",
     .flags = SESSION_ONLY | RECORDED, .prepare = prove_prepare, .input = SIGNING_INPUT, NAV},
    {POST, "/division_rules/{id}/receive", "division_rules.receive", rule_receive_post,
     "division_rule", .flags = RECORDED, NAV},
    {POST, "/division_rules/{id}/revise", "division_rules.write", rule_revise_post, "division_rule",
     .flags = RECORDED, NAV},
    ROUTES_END,
};
/* clang-format on */
