/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Patrols on a phone: one page with the check list, a finding ticked, a person chosen, a photo
 * taken, and sent; what is found later on the same round is added to it. */
#include "app/site/patrol.h"

#include "app/documents/documents_web.h"
#include "app/records/record_page.h"
#include "app/site/site_web.h"

#include <stdlib.h>
#include <string.h>

#define PHOTOS "photos" /* of a form; "photos.17": of the finding against rule 17 */

/* ---- the check list ---- */

static enum result rule_begin(struct request *rq, void *record)
{
    struct site_rule *rule = record;
    (void)rq;
    if (!rule->whom)
        rule->whom = WHOM_BOTH;
    if (!rule->state)
        rule->state = SITE_RULE_IN_FORCE;
    return OK;
}

static enum result site_rules_list(struct request *rq, const struct list *list)
{
    static const struct act FIRST[] = {
        {"site_rules.write", "/site_rules/first", "site_rules.do.first", NULL, .primary = true}};
    doc_acts(rq, FIRST, list->count ? 0 : 1);
    return OK;
}

static const struct record_face SITE_RULE_FACE = {
    .resource = &SITE_RULES, .begin = rule_begin, .list = site_rules_list};

static enum result site_rules_first_post(struct request *rq)
{
    struct list_query query = {.limit = LIST_USUAL};
    struct list *list = ARENA_NEW(rq->cx.mem, struct list);
    TRY(site_rules_begin(&rq->cx));
    TRY(record_list(&rq->cx, &SITE_RULES, &query, list));
    doc_records(rq->doc, "items", SITE_RULES.fields, list->rows, list->count, SITE_RULES.size);
    return created(rq, "/site_rules");
}

/* ---- the form of findings ---- */

static struct doc *person_doc(struct request *rq, const struct on_site *person, int64_t chosen)
{
    return option_doc(rq, arena_printf(rq->cx.mem, "%lld", (long long)person->id), person->name,
                      person->id == chosen);
}

/* The people of one side, as the options of a row. */
static void put_people(struct request *rq, struct doc *row, enum side side,
                       const struct on_site *people, size_t count, int64_t chosen)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    size_t width = 0;
    for (size_t i = 0; i < count; i++)
        if (people[i].side == side)
            docs[width++] = person_doc(rq, &people[i], chosen);
    doc_docs(row, side == SIDE_CLIENT ? "residents" : "staff", docs, width);
}

static const char *typed(struct request *rq, size_t row, const char *member)
{
    return input_text(rq, arena_printf(rq->cx.mem, "findings.%zu.%s", row, member));
}

/* A row for each rule of the check list, with what was typed when the form comes back. */
static enum result put_rows(struct request *rq, int64_t contract_id)
{
    struct site_rule *rules;
    struct on_site *people;
    size_t count, people_count;
    TRY(check_list(&rq->cx, contract_id, &rules, &count));
    TRY(people_on_site(&rq->cx, contract_id, &people, &people_count));
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct doc *row = rows[i] = doc_new(rq->cx.mem);
        const int64_t chosen = strtoll(typed(rq, i, "person_id"), NULL, 10);
        doc_int(row, "index", (int64_t)i);
        doc_int(row, "number", rules[i].number);
        doc_int(row, "rule_id", rules[i].id);
        doc_text(row, "text", rules[i].text);
        doc_text(row, "words", typed(rq, i, "words"));
        doc_flag(row, "found", *typed(rq, i, "rule_id") != '\0');
        if (rules[i].whom != WHOM_PROVIDER)
            put_people(rq, row, SIDE_CLIENT, people, people_count, chosen);
        if (rules[i].whom != WHOM_CLIENT)
            put_people(rq, row, SIDE_PROVIDER, people, people_count, chosen);
    }
    doc_docs(rq->doc, "rows", rows, count);
    doc_flag(rq->doc, "ready", count > 0);
    return OK;
}

static const struct body_list FINDING_LISTS[] = {
    {"findings", FINDING_INPUT, sizeof(struct patrol_finding), FINDINGS_MOST},
    BODY_LISTS_END,
};

static enum result findings_read(struct request *rq, struct patrol_finding **out, size_t *out_count)
{
    *out = NULL;
    return body_read_rows(rq, &FINDING_LISTS[0], out, out_count);
}

/* Each photo hangs at the finding against the rule that its box stood under. */
static enum result keep_photos(struct request *rq, const struct patrol_finding *findings,
                               size_t count)
{
    struct photo_bag *bag = rq->prepared; /* "photos.1": of what was found against rule 1 */
    for (size_t i = 0; i < bag->count; i++) {
        const char *rule = strchr(bag->photos[i].field, '.');
        const int64_t rule_id = rule ? strtoll(rule + 1, NULL, 10) : 0;
        size_t at = 0;
        struct document document;
        while (at < count && findings[at].rule_id != rule_id)
            at++;
        if (at == count) /* a photo of what was not ticked */
            continue;
        bag->photos[i].subject = PATROL_FINDINGS.name;
        bag->photos[i].subject_id = findings[at].id;
        bag->photos[i].retention = RETENTION_STANDARD;
        TRY(document_add(&rq->cx, &bag->photos[i], &document));
    }
    return OK;
}

/* ---- a patrol ---- */

static struct doc *finding_doc(struct request *rq, const struct patrol_finding *finding)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_text(doc, "href",
             arena_printf(rq->cx.mem, "/patrol_findings/%lld", (long long)finding->id));
    doc_text(doc, "rule", finding->rule_text);
    doc_text(doc, "person", finding->person_name);
    doc_text(doc, "words", finding->words);
    doc_flag(doc, "is_client", finding->side == SIDE_CLIENT);
    doc_flag(doc, "is_open", finding->state == FINDING_OPEN);
    doc_flag(doc, "is_violation", finding->violation_id != 0);
    return doc;
}

/* Those that the reader may know of. */
static enum result put_findings(struct request *rq, const struct patrol *patrol)
{
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    struct list list;
    (void)list_condition(&rq->cx, &PATROL_FINDINGS, "patrol_id",
                         arena_printf(rq->cx.mem, "%lld", (long long)patrol->id), &query);
    TRY(record_list(&rq->cx, &PATROL_FINDINGS, &query, &list));
    doc_records(rq->doc, "findings", PATROL_FINDINGS.fields, list.rows, list.count,
                PATROL_FINDINGS.size);
    if (rq->face != FACE_PAGE)
        return OK;
    const struct patrol_finding *findings = list.rows;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list.count + 1);
    for (size_t i = 0; i < list.count; i++)
        docs[i] = finding_doc(rq, &findings[i]);
    rq->doc->page_only = true;
    doc_docs(rq->doc, "found", docs, list.count);
    doc_int(rq->doc, "found_count", (int64_t)list.count);
    rq->doc->page_only = false;
    return OK;
}

static enum result patrol_show(struct request *rq, void *record)
{
    const struct patrol *patrol = record;
    const bool goes_on =
        patrol_is_open(&rq->cx, patrol) && actor_may(rq->cx.actor, "patrols.write");
    TRY(put_findings(rq, patrol));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_flag(rq->doc, "goes_on", goes_on);
    enum result result = goes_on ? put_rows(rq, patrol->contract_id) : OK;
    rq->doc->page_only = false;
    return result;
}

static const struct record_face PATROL_FACE = {.resource = &PATROLS, .show = patrol_show};

/* The contracts that can be patrolled: the only one is taken, else the page asks. */
static enum result put_contracts(struct request *rq, struct patrol *patrol)
{
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    struct list list;
    list_conditions(&rq->cx, &CONTRACTS, "service=outbound_call&state=active", &query);
    TRY(record_list(&rq->cx, &CONTRACTS, &query, &list));
    const struct contract *contracts = list.rows;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list.count + 1);
    if (!patrol->contract_id && list.count == 1)
        patrol->contract_id = contracts[0].id;
    for (size_t i = 0; i < list.count; i++) {
        docs[i] = option_doc(rq, arena_printf(rq->cx.mem, "%lld", (long long)contracts[i].id),
                             contracts[i].name, contracts[i].id == patrol->contract_id);
        if (contracts[i].id == patrol->contract_id)
            doc_text(rq->doc, "contract_name", contracts[i].name);
    }
    doc_docs(rq->doc, "contracts", docs, list.count);
    return OK;
}

static enum result put_form(struct request *rq, struct patrol *patrol)
{
    rq->doc->page_only = true;
    enum result result = put_contracts(rq, patrol);
    if (result == OK && patrol->contract_id)
        result = put_rows(rq, patrol->contract_id);
    doc_int(rq->doc, "contract_id", patrol->contract_id);
    doc_text(rq->doc, "site", patrol->site);
    doc_text(rq->doc, "note", patrol->note);
    rq->doc->page_only = false;
    return result;
}

static enum result patrol_new_get(struct request *rq)
{
    struct patrol patrol = {.site = "", .note = ""};
    patrol.contract_id = strtoll(query_text(rq, "contract_id"), NULL, 10);
    if (patrol.contract_id)
        TRY(record_seen(&rq->cx, &CONTRACTS, patrol.contract_id));
    return put_form(rq, &patrol);
}

static enum result patrol_add(struct request *rq, struct patrol *patrol)
{
    struct patrol_finding *findings;
    size_t count;
    enum result read = findings_read(rq, &findings, &count);
    TRY(body_read(rq, PATROLS.fields, patrol, true, NULL));
    TRY(read);
    TRY(record_add(&rq->cx, &PATROLS, patrol));
    TRY(patrol_find(&rq->cx, patrol, findings, count));
    return keep_photos(rq, findings, count);
}

static enum result patrol_post(struct request *rq)
{
    struct patrol *patrol = ARENA_NEW(rq->cx.mem, struct patrol);
    fields_blank(PATROLS.fields, patrol);
    enum result result = patrol_add(rq, patrol);
    if (result != OK) {
        struct fault kept = rq->cx.fault;
        if (rq->face == FACE_PAGE && put_form(rq, patrol) == OK)
            rq->cx.fault = kept;
        return result;
    }
    TRY(record_get(&rq->cx, &PATROLS, patrol->id, patrol));
    TRY(record_answer(rq, &PATROL_FACE, patrol));
    return created(rq, "/patrols/%lld", (long long)patrol->id);
}

static enum result patrol_findings_post(struct request *rq)
{
    struct patrol patrol;
    struct patrol_finding *findings;
    size_t count;
    TRY(record_for_action(rq, &PATROLS, &patrol));
    enum result result = findings_read(rq, &findings, &count);
    if (result == OK && !count) {
        reject_clause(&rq->cx, "C3.1", "findings", "nothing_found");
        result = rejected(&rq->cx);
    }
    if (result == OK)
        result = patrol_find(&rq->cx, &patrol, findings, count);
    if (result == OK)
        result = keep_photos(rq, findings, count);
    return record_acted(rq, &PATROL_FACE, &patrol, result, "flash.patrol.found");
}

/* ---- a finding ---- */

static enum result put_conduct_rules(struct request *rq)
{
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    struct list list;
    TRY(record_list(&rq->cx, &CONDUCT_RULES, &query, &list));
    const struct conduct_rule *rules = list.rows;
    const struct date today = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < list.count; i++)
        if (rules[i].from.days <= today.days &&
            (!rules[i].to.days || rules[i].to.days >= today.days))
            docs[count++] = option_doc(
                rq, arena_printf(rq->cx.mem, "%lld", (long long)rules[i].id),
                arena_printf(rq->cx.mem, "%s %s", rules[i].number, rules[i].text), false);
    doc_docs(rq->doc, "conduct_rules", docs, count);
    return OK;
}

/* One click where the site rule names what it comes to; else the rule of conduct is chosen. */
static enum result put_violation_form(struct request *rq, const struct patrol_finding *finding)
{
    struct site_rule rule;
    const bool may = finding->side == SIDE_PROVIDER && !finding->violation_id &&
                     actor_may(rq->cx.actor, "violations.write");
    doc_flag(rq->doc, "may_record", may);
    if (!may)
        return OK;
    TRY(record_get(&rq->cx, &SITE_RULES, finding->rule_id, &rule));
    doc_text(rq->doc, "conduct_text", rule.conduct_text);
    return rule.conduct_rule_id ? OK : put_conduct_rules(rq);
}

static enum result finding_show(struct request *rq, void *record)
{
    const struct patrol_finding *finding = record;
    if (rq->face == FACE_PAGE) {
        struct fault kept = fault_take(&rq->cx);
        const bool seen = record_seen(&rq->cx, &PATROLS, finding->patrol_id) == OK;
        rq->cx.fault = kept;
        rq->doc->page_only = true;
        if (seen) /* whom a finding elsewhere is about does not see the patrol */
            doc_link(rq, rq->doc, "patrol_href",
                     arena_printf(rq->cx.mem, "/patrols/%lld", (long long)finding->patrol_id));
        if (finding->violation_id)
            doc_link(
                rq, rq->doc, "violation_href",
                arena_printf(rq->cx.mem, "/violations/%lld", (long long)finding->violation_id));
        doc_flag(rq->doc, "may_acknowledge",
                 actor_may(rq->cx.actor, "patrol_findings.acknowledge") &&
                     finding_is_acknowledgeable(&rq->cx, finding));
        enum result result = put_violation_form(rq, finding);
        rq->doc->page_only = false;
        TRY(result);
    }
    return documents_part(rq, &PATROL_FINDINGS, finding->id);
}

static const struct record_face FINDING_FACE = {.resource = &PATROL_FINDINGS, .show = finding_show};

static const struct field ANSWER_INPUT[] = {
    FIELD(patrol_finding, answer, .in = MUST, .max = 2000, .use = LONG_TEXT), FIELDS_END};

static enum result finding_acknowledge_post(struct request *rq)
{
    struct patrol_finding finding;
    TRY(record_for_action(rq, &PATROL_FINDINGS, &finding));
    return record_acted(rq, &FINDING_FACE, &finding,
                        finding_acknowledge(&rq->cx, &finding, input_text(rq, "answer")),
                        "flash.finding.acknowledged");
}

static const struct field VIOLATION_INPUT[] = {
    FIELD_REF(violation, rule_id, "conduct_rules", .in = MAY), FIELDS_END};

static enum result finding_violation_post(struct request *rq)
{
    struct patrol_finding finding;
    struct violation asked = {.rule_id = 0};
    int64_t id = 0;
    TRY(record_for_action(rq, &PATROL_FINDINGS, &finding));
    enum result result = body_read(rq, VIOLATION_INPUT, &asked, true, NULL);
    if (result == OK)
        result = finding_violation(&rq->cx, &finding, asked.rule_id, &id);
    if (result != OK)
        return record_acted(rq, &FINDING_FACE, &finding, result, "");
    struct violation *violation = ARENA_NEW(rq->cx.mem, struct violation);
    TRY(record_get(&rq->cx, &VIOLATIONS, id, violation));
    doc_root(rq->doc, VIOLATIONS.fields, violation);
    return created(rq, "/violations/%lld", (long long)id);
}

/* clang-format off */
const struct route PATROL_ROUTES[] = {
    RECORD_LIST("site_rules", SITE_RULE_FACE, "list"),
    RECORD_SHOW("site_rules", SITE_RULE_FACE, "record"),
    RECORD_CREATE("site_rules", SITE_RULE_FACE),
    RECORD_CHANGE("site_rules", SITE_RULE_FACE),
    RECORD_HISTORY("site_rules", SITE_RULE_FACE),
    RECORD_EXPORT("site_rules", SITE_RULE_FACE),
    {POST, "/site_rules/first", "site_rules.write", site_rules_first_post, "list",
     .subject = &SITE_RULE_FACE, .nav = "site_rules"},
    RECORD_LIST("patrols", PATROL_FACE, "list"),
    {GET, "/patrols/new", "patrols.write", patrol_new_get, "patrol_new", .flags = PAGE_ONLY,
     .nav = "patrols"},
    {POST, "/patrols", "patrols.write", patrol_post, "patrol_new", .flags = UPLOAD,
     .prepare = photos_prepare, .subject = &PATROL_FACE, .lists = FINDING_LISTS, .nav = "patrols"},
    RECORD_SHOW("patrols", PATROL_FACE, "patrol"),
    RECORD_EXPORT("patrols", PATROL_FACE),
    {POST, "/patrols/{id}/findings", "patrols.write", patrol_findings_post, "patrol",
     .flags = UPLOAD, .prepare = photos_prepare, .lists = FINDING_LISTS, .nav = "patrols"},
    RECORD_LIST("patrol_findings", FINDING_FACE, "list"),
    RECORD_SHOW("patrol_findings", FINDING_FACE, "patrol_finding"),
    RECORD_HISTORY("patrol_findings", FINDING_FACE),
    RECORD_EXPORT("patrol_findings", FINDING_FACE),
    {POST, "/patrol_findings/{id}/acknowledge", "patrol_findings.acknowledge", finding_acknowledge_post,
     "patrol_finding", .flags = RECORDED, .input = ANSWER_INPUT, .nav = "patrol_findings"},
    {POST, "/patrol_findings/{id}/violation", "violations.write", finding_violation_post,
     "patrol_finding", .flags = RECORDED, .input = VIOLATION_INPUT, .nav = "patrol_findings"},
    ROUTES_END,
};
/* clang-format on */
