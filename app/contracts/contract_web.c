/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/contracts/contract_web.h"

#include "app/access/access_web.h"
#include "app/contracts/contract.h"
#include "app/documents/documents_web.h"
#include "app/records/record_page.h"
#include "app/signatures/signature.h"
#include "base/texts.h"

#include <string.h>

/* ---- the ledger ---- */

#define TAB_COUNT 8
#define EXPIRING_DAYS 90

/* The tabs above the ledger. */
static const struct tab *contract_tabs(struct request *rq)
{
    struct tab *tabs = ARENA_ARRAY(rq->cx.mem, struct tab, TAB_COUNT);
    char day[DATE_MAX_TEXT];
    date_format(date_add(instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN), EXPIRING_DAYS), day);
    memcpy(tabs,
           (const struct tab[TAB_COUNT]){
               {"all", ""},
               {"draft", "state=draft"},
               {"active", "state=active"},
               {"expiring",
                arena_printf(rq->cx.mem, "state=active,suspended&ends_on_to=%s&sort=ends_on", day)},
               {"unbriefed", "briefing=missing,open,half,superseded"},
               {"no_executor", "executor_id=none"},
               {"suspended", "state=suspended"},
               {"closed", "state=ended,terminated"},
           },
           TAB_COUNT * sizeof *tabs);
    return tabs;
}

static enum result contracts_list(struct request *rq, const struct list *list)
{
    doc_tabs(rq, &CONTRACTS, contract_tabs(rq), TAB_COUNT);
    return OK;
}

static enum result contract_figures_get(struct request *rq)
{
    return doc_tab_figures(rq, &CONTRACTS, contract_tabs(rq), TAB_COUNT);
}

/* ---- one contract ---- */

static const char *path_of(struct request *rq, const struct contract *contract, const char *rest)
{
    return arena_printf(rq->cx.mem, "/contracts/%lld%s", (long long)contract->id, rest);
}

/* The checklist "what is missing": the words of each requirement, and where to go about it. */
static enum result put_requirements(struct request *rq, const struct contract *contract)
{
    struct requirement *requirements;
    size_t count, missing = 0;
    TRY(contract_requirements(&rq->cx, contract, &requirements, &count));
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    for (size_t i = 0; i < count; i++) {
        const struct requirement *requirement = &requirements[i];
        const bool is_met = requirement->state == REQUIREMENT_MET;
        struct doc *doc = docs[i] = doc_new(rq->cx.mem);
        missing += !is_met;
        doc_text(doc, "code", requirement->code);
        doc_text(doc, "clause", requirement->clause);
        doc_text(doc, "state", choice_name(REQUIREMENT_FIELDS[2].choices, requirement->state));
        doc_text(
            doc, "label",
            texts_get(arena_printf(rq->cx.mem, "requirement.%s", requirement->code), rq->cx.lang));
        doc_text(doc, "words",
                 is_met ? requirement->detail
                        : texts_fill(
                              rq->cx.mem, arena_printf(rq->cx.mem, "fault.%s", requirement->code),
                              rq->cx.lang, (const char *const[]){requirement->detail, NULL, NULL}));
    }
    doc_docs(rq->doc, "requirements", docs, count);
    doc_int(rq->doc, "missing", (int64_t)missing);
    return OK;
}

static enum result put_briefing(struct request *rq, const struct contract *contract)
{
    struct list_query query = {.limit = 1, .sort = "-id"};
    struct list list;
    const char *id = arena_printf(rq->cx.mem, "%lld", (long long)contract->id);
    if (!actor_may(rq->cx.actor, "briefings.read"))
        return OK;
    (void)list_condition(&rq->cx, &BRIEFINGS, "contract_id", id, &query);
    TRY(record_list(&rq->cx, &BRIEFINGS, &query, &list));
    if (!list.count)
        return OK;
    const struct briefing *briefing = list.rows;
    struct signature *signatures;
    size_t count;
    doc_record(rq->doc, "current_briefing", BRIEFINGS.fields, briefing);
    TRY(signatures_list(&rq->cx, &BRIEFINGS, briefing->id, &signatures, &count));
    doc_records(rq->doc, "signatures", SIGNATURE_FIELDS, signatures, count, sizeof *signatures);
    return OK;
}

static void put_acts(struct request *rq, const struct contract *contract)
{
    const bool draft = contract->state == CONTRACT_DRAFT,
               active = contract->state == CONTRACT_ACTIVE;
    const bool in_force = active || contract->state == CONTRACT_SUSPENDED;
    struct doc *doc = rq->doc;
    const bool may_step = actor_may(rq->cx.actor, "contracts.activate");
    doc_flag(doc, "may_activate", draft && may_step);
    doc_flag(doc, "may_suspend", active && may_step);
    doc_flag(doc, "may_resume", contract->state == CONTRACT_SUSPENDED && may_step);
    doc_flag(doc, "may_close", in_force && may_step);
    doc_flag(doc, "may_amend", in_force && actor_may(rq->cx.actor, "contracts.amend"));
    const struct briefing briefing = {.contract_id = contract->id};
    doc_flag(doc, "may_brief",
             contract->briefing != BRIEFING_DONE && actor_may(rq->cx.actor, "briefings.write") &&
                 record_is_open(&rq->cx, &BRIEFINGS, &briefing));
    doc_flag(doc, "may_judge", actor_may(rq->cx.actor, "organisations.judge"));
    doc_flag(doc, "may_read_issues", !draft && actor_may(rq->cx.actor, "issues.read"));
    doc_flag(doc, "may_write", (draft || in_force) && actor_may(rq->cx.actor, "contracts.write"));
}

/* Confirmed subcontracting stands where its contracts are decided about (V5.1.4). */
static enum result put_confirmed(struct request *rq, const struct contract *contract)
{
    const struct resource *cases = resource_find("subcontracting_cases");
    const char *which = arena_printf(rq->cx.mem, "state=confirmed&organisation_id=%lld",
                                     (long long)contract->provider_id);
    struct list_query query = {.limit = 1};
    int64_t count = 0;
    list_conditions(&rq->cx, cases, which, &query);
    if (may_verb(rq, cases, "read"))
        TRY(record_count(&rq->cx, cases, &query, LIST_MOST, &count));
    doc_int(rq->doc, "confirmed_cases", count);
    if (count)
        doc_link(rq, rq->doc, "confirmed_href",
                 arena_printf(rq->cx.mem, "/subcontracting_cases?%s", which));
    return OK;
}

/* Of a calling contract: its board, its calls and its agents. */
static void put_calling(struct request *rq, const struct contract *contract)
{
    if (contract->service != SERVICE_OUTBOUND_CALL || contract->state == CONTRACT_DRAFT)
        return;
    struct text board = text_new(rq->cx.mem, 64);
    text_puts(&board, "/call_board?contract=");
    text_url(&board, contract->number, strlen(contract->number));
    doc_link(rq, rq->doc, "board_href", text_end(&board));
    doc_link(rq, rq->doc, "calls_href",
             arena_printf(rq->cx.mem, "/calls?contract_id=%lld", (long long)contract->id));
    doc_link(rq, rq->doc, "agents_href",
             arena_printf(rq->cx.mem, "/agents?contract_id=%lld", (long long)contract->id));
}

static enum result contract_show(struct request *rq, void *record)
{
    const struct contract *contract = record;
    if (rq->face != FACE_PAGE)
        return OK; /* the parts have their own addresses: /api/terms?contract_id=7 */
    TRY(doc_part(rq, "terms", &TERMS, "contract_id", contract->id));
    TRY(doc_part(rq, "briefings", &BRIEFINGS, "contract_id", contract->id));
    TRY(doc_part(rq, "amendments", &AMENDMENTS, "contract_id", contract->id));
    TRY(doc_part(rq, "subcontracting_cases", resource_find("subcontracting_cases"),
                 "organisation_id", contract->provider_id));
    TRY(doc_part(rq, "head_counts", resource_find("head_counts"), "contract_id", contract->id));
    if (contract->kind == CONTRACT_ONE_OFF)
        TRY(doc_part(rq, "acceptances", resource_find("acceptances"), "contract_id", contract->id));
    rq->doc->page_only = true;
    TRY(put_confirmed(rq, contract));
    TRY(put_requirements(rq, contract));
    TRY(put_briefing(rq, contract));
    put_acts(rq, contract);
    put_calling(rq, contract);
    rq->doc->page_only = false;
    return documents_part(rq, &CONTRACTS, contract->id);
}

const struct record_face CONTRACT_FACE = {
    .resource = &CONTRACTS,
    .show = contract_show,
    .list = contracts_list,
    .importable = true,
};

static enum result contract_requirements_get(struct request *rq)
{
    struct contract contract;
    struct requirement *requirements;
    size_t count;
    TRY(record_of_path(rq, &CONTRACTS, &contract));
    TRY(contract_requirements(&rq->cx, &contract, &requirements, &count));
    doc_records(rq->doc, "items", REQUIREMENT_FIELDS, requirements, count, sizeof *requirements);
    return OK;
}

/* ---- its life ---- */

static enum result contract_activate_post(struct request *rq)
{
    struct contract contract;
    TRY(record_for_action(rq, &CONTRACTS, &contract));
    return record_acted(rq, &CONTRACT_FACE, &contract, contract_activate(&rq->cx, &contract),
                        "flash.contract.activated");
}

static enum result contract_step_post(struct request *rq)
{
    struct contract contract;
    const char *action = path_text(rq, "step");
    TRY(record_for_action(rq, &CONTRACTS, &contract));
    return record_acted(rq, &CONTRACT_FACE, &contract,
                        contract_step(&rq->cx, &contract, action, input_text(rq, "reason")),
                        arena_printf(rq->cx.mem, "flash.contract.%s", action));
}

/* ---- amendments: the contract's fields and two of the amendment's own ---- */

struct amending {
    struct contract contract; /* first, so that the contract's field table fits */
    struct date amended_on;
    const char *reason;
};
static const struct field AMENDING_FIELDS[] = {
    FIELD(amending, amended_on, .in = MUST),
    FIELD(amending, reason, .in = MUST, .max = 1000, .use = LONG_TEXT),
    FIELDS_END,
};

static struct resource amending_resource(struct request *rq)
{
    struct field *fields = ARENA_ARRAY(rq->cx.mem, struct field, FIELDS_MAX + 1);
    size_t count = 0;
    for (const struct field *field = AMENDING_FIELDS; field->name; field++)
        fields[count++] = *field;
    for (const struct field *field = CONTRACTS.fields; field->name; field++)
        fields[count++] = *field;
    struct resource resource = CONTRACTS;
    resource.fields = fields;
    resource.size = sizeof(struct amending);
    return resource;
}

static enum result amend_form(struct request *rq, const struct resource *resource,
                              const struct amending *amending)
{
    rq->doc->page_only = true;
    TRY(page_fields(rq, resource, amending, false));
    doc_text(rq->doc, "title", texts_get("contracts.do.amend", rq->cx.lang));
    doc_text(rq->doc, "action", path_of(rq, &amending->contract, "/amend"));
    doc_int(rq->doc, "version", amending->contract.version);
    doc_text(rq->doc, "submit_label", texts_get("contracts.do.amend", rq->cx.lang));
    doc_text(rq->doc, "cancel_href", path_of(rq, &amending->contract, ""));
    doc_text(rq->doc, "crumb_href", path_of(rq, &amending->contract, ""));
    doc_text(rq->doc, "crumb_label", amending->contract.number);
    rq->doc->page_only = false;
    return OK;
}

static enum result contract_amend_get(struct request *rq)
{
    struct amending amending = {.reason = ""};
    struct resource resource = amending_resource(rq);
    TRY(record_of_path(rq, &CONTRACTS, &amending.contract));
    amending.amended_on = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    return amend_form(rq, &resource, &amending);
}

static enum result amend(struct request *rq, const struct resource *resource,
                         const struct contract *before, struct amending *amending)
{
    amending->contract.version = 0;
    TRY(body_read(rq, resource->fields, amending, false, NULL));
    TRY(record_fresh(&rq->cx, before, amending->contract.version));
    return contract_amend(&rq->cx, before, &amending->contract, amending->amended_on,
                          amending->reason);
}

static enum result contract_amend_post(struct request *rq)
{
    struct amending amending = {.reason = ""};
    struct contract before;
    struct resource resource = amending_resource(rq);
    TRY(record_of_path(rq, &CONTRACTS, &before));
    amending.contract = before;
    enum result result = amend(rq, &resource, &before, &amending);
    if (result == OK)
        return record_acted(rq, &CONTRACT_FACE, &before, OK, "flash.contract.amended");
    if (rq->face == FACE_PAGE) {
        struct fault kept = rq->cx.fault;
        amending.contract.version = before.version;
        if (amend_form(rq, &resource, &amending) != OK)
            return result;
        rq->cx.fault = kept;
    }
    return result;
}

/* ---- parts ---- */

static enum result term_begin(struct request *rq, void *record)
{
    ((struct term *)record)->topic = TERM_SCOPE;
    return OK;
}

const struct record_face TERM_FACE = {.resource = &TERMS, .begin = term_begin};

static enum result amendment_show(struct request *rq, void *record)
{
    const struct amendment *amendment = record;
    struct doc *amended = doc_new(rq->cx.mem);
    if (rq->face != FACE_PAGE)
        return OK;
    doc_changes(rq, &CONTRACTS, amended, amendment->changes);
    rq->doc->page_only = true;
    doc_doc(rq->doc, "amended", amended);
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face AMENDMENT_FACE = {.resource = &AMENDMENTS, .show = amendment_show};

/* ---- briefings ---- */

static enum result briefing_show(struct request *rq, void *record)
{
    const struct briefing *briefing = record;
    const int64_t person = rq->cx.actor->person_id;
    struct signature *signatures;
    int64_t by_briefer, by_executor;
    size_t count;
    TRY(signatures_list(&rq->cx, &BRIEFINGS, briefing->id, &signatures, &count));
    doc_records(rq->doc, "signatures", SIGNATURE_FIELDS, signatures, count, sizeof *signatures);
    if (rq->face != FACE_PAGE)
        return OK;
    TRY(signature_of(&rq->cx, &BRIEFINGS, briefing->id, "briefer", &by_briefer));
    TRY(signature_of(&rq->cx, &BRIEFINGS, briefing->id, "executor", &by_executor));
    const bool open = briefing->state == BRIEFING_DRAFT;
    const bool is_briefer = person == briefing->briefer_id,
               is_executor = person == briefing->executor_id;
    rq->doc->page_only = true;
    doc_flag(rq->doc, "signed_by_briefer", by_briefer != 0);
    doc_flag(rq->doc, "signed_by_executor", by_executor != 0);
    doc_flag(rq->doc, "may_sign_briefer", open && is_briefer && !by_briefer);
    doc_flag(rq->doc, "may_sign_executor", open && is_executor && by_briefer && !by_executor);
    doc_flag(rq->doc, "waits_for_briefer", open && is_executor && !by_briefer);
    doc_flag(rq->doc, "may_refuse", open && (is_briefer || is_executor));
    rq->doc->page_only = false;
    return OK;
}

/* A new briefing takes its terms and its two parties from the contract. */
static enum result briefing_begin(struct request *rq, void *record)
{
    struct briefing *briefing = record;
    briefing->held_on = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    return OK;
}

static const struct record_face BRIEFING_FACE = {
    .resource = &BRIEFINGS, .show = briefing_show, .begin = briefing_begin};

static enum result briefing_create(struct request *rq, struct briefing *briefing)
{
    TRY(body_read(rq, BRIEFINGS.fields, briefing, true, NULL));
    TRY(briefing_prepare(&rq->cx, briefing->contract_id, briefing));
    TRY(record_add(&rq->cx, &BRIEFINGS, briefing));
    return record_get(&rq->cx, &BRIEFINGS, briefing->id, briefing);
}

static enum result briefing_create_post(struct request *rq)
{
    struct briefing briefing = {0};
    fields_blank(BRIEFINGS.fields, &briefing);
    TRY(record_form_again(rq, &BRIEFING_FACE, &briefing, true, briefing_create(rq, &briefing)));
    TRY(record_answer(rq, &BRIEFING_FACE, &briefing));
    return created(rq, "/briefings/%lld", (long long)briefing.id);
}

static enum result briefing_sign_post(struct request *rq)
{
    struct briefing briefing;
    TRY(record_of_path(rq, &BRIEFINGS, &briefing));
    enum result result = prove_demand(rq);
    if (result == OK)
        result = briefing_sign(&rq->cx, briefing.id, input_text(rq, "sha256"));
    return record_acted(rq, &BRIEFING_FACE, &briefing, result, "flash.briefing.signed");
}

static enum result briefing_refuse_post(struct request *rq)
{
    struct briefing briefing;
    TRY(record_of_path(rq, &BRIEFINGS, &briefing));
    return record_acted(rq, &BRIEFING_FACE, &briefing,
                        briefing_refuse(&rq->cx, briefing.id, input_text(rq, "reason")),
                        "flash.briefing.refused");
}

enum result doc_term_link(struct request *rq, struct doc *doc, const char *name,
                          int64_t contract_id, const char *number)
{
    int64_t id = 0;
    if (*number)
        TRY(contract_term(&rq->cx, contract_id, number, &id));
    if (id)
        doc_link(rq, doc, name, arena_printf(rq->cx.mem, "/terms/%lld", (long long)id));
    return OK;
}

const struct route CONTRACT_ROUTES[] = {
    RECORD_LIST("contracts", CONTRACT_FACE, "contracts"),
    {GET, "/contracts/figures", "contracts.read", contract_figures_get, "tabs", .nav = "contracts"},
    RECORD_SHOW("contracts", CONTRACT_FACE, "contract"),
    RECORD_CREATE("contracts", CONTRACT_FACE),
    RECORD_CHANGE("contracts", CONTRACT_FACE),
    RECORD_HISTORY("contracts", CONTRACT_FACE),
    RECORD_EXPORT("contracts", CONTRACT_FACE),
    RECORD_REVEAL("contracts", CONTRACT_FACE),
    {GET, "/contracts/{id}/requirements", "contracts.read", contract_requirements_get, NULL,
     .flags = API_ONLY},
    {POST, "/contracts/{id}/activate", "contracts.activate", contract_activate_post, "contract",
     .nav = "contracts"},
    {GET, "/contracts/{id}/amend", "contracts.amend", contract_amend_get, "form",
     .flags = PAGE_ONLY, .nav = "contracts"},
    {POST, "/contracts/{id}/amend", "contracts.amend", contract_amend_post, "form",
     .subject = &CONTRACT_FACE, .input = AMENDING_FIELDS, .nav = "contracts"},
    {POST, "/contracts/{id}/{step}", "contracts.activate", contract_step_post, "contract",
     .input = REASON_INPUT, .nav = "contracts"},
    RECORD_LIST("terms", TERM_FACE, "list"),
    RECORD_SHOW("terms", TERM_FACE, "record"),
    RECORD_CREATE("terms", TERM_FACE),
    RECORD_CHANGE("terms", TERM_FACE),
    RECORD_HISTORY("terms", TERM_FACE),
    RECORD_LIST("amendments", AMENDMENT_FACE, "list"),
    RECORD_SHOW("amendments", AMENDMENT_FACE, "amendment"),
    RECORD_LIST("briefings", BRIEFING_FACE, "list"),
    RECORD_SHOW("briefings", BRIEFING_FACE, "briefing"),
    {GET, "/briefings/new", "briefings.write", record_new_get, "form", .flags = PAGE_ONLY,
     .subject = &BRIEFING_FACE, .nav = "briefings"},
    {POST, "/briefings", "briefings.write", briefing_create_post, "form", .nav = "briefings"},
    RECORD_CHANGE("briefings", BRIEFING_FACE),
    RECORD_HISTORY("briefings", BRIEFING_FACE),
    RECORD_EXPORT("briefings", BRIEFING_FACE),
    {POST, "/briefings/{id}/sign", "briefings.sign", briefing_sign_post, "briefing",
     .flags = SESSION_ONLY | RECORDED, .prepare = prove_prepare, .input = SIGNING_INPUT,
     .nav = "briefings"},
    {POST, "/briefings/{id}/refuse", "briefings.sign", briefing_refuse_post, "briefing",
     .input = REASON_INPUT, .nav = "briefings"},
    ROUTES_END,
};
