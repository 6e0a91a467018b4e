/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Acceptances on the web: the certificate with its way, the panel, and the check list on a phone.
 */
#include "app/acceptances/acceptance_web.h"
#include "app/acceptances/acceptance_private.h"

#include "app/access/access_web.h"
#include "app/documents/documents_web.h"
#include "app/records/record_page.h"
#include "app/signatures/signature.h"
#include "base/texts.h"

#include <string.h>

static bool may(struct request *rq, const char *right)
{
    return actor_may(rq->cx.actor, right);
}

/* ---- the check list ---- */

/* The photos of all lines, a link each. */
static enum result photos_of(struct request *rq, int64_t acceptance_id, struct list *out)
{
    *out = (struct list){0};
    if (!may(rq, "documents.read"))
        return OK;
    return record_select(&rq->cx, &DOCUMENTS, "of_lines",
                         "t.subject = 'acceptance_items' AND t.state = 'kept' AND t.subject_id IN "
                         "(SELECT i.id FROM acceptance_items i WHERE i.acceptance_id = $1) "
                         "ORDER BY t.id LIMIT 500",
                         PARAMS(P(acceptance_id)), out);
}

static void put_photos(struct request *rq, struct doc *doc, int64_t item_id,
                       const struct list *photos)
{
    const struct document *rows = photos->rows;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, photos->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < photos->count; i++) {
        if (rows[i].subject_id != item_id)
            continue;
        struct doc *one = docs[count++] = doc_new(rq->cx.mem);
        doc_text(one, "href", arena_printf(rq->cx.mem, "/documents/%lld", (long long)rows[i].id));
        doc_text(
            one, "picture",
            arena_printf(rq->cx.mem, "/documents/%lld/content?preview=1", (long long)rows[i].id));
    }
    doc_docs(doc, "photos", docs, count);
}

/* What the form of a line begins with: what was said of it, or what was typed and refused. */
static void put_typed(struct doc *doc, const struct acceptance_item *item,
                      const struct acceptance_item *typed)
{
    const bool again = typed && typed->id == item->id;
    const struct acceptance_item *from = again ? typed : item;
    char due[DATE_MAX_TEXT] = "";
    if (from->due_on.days)
        date_format(from->due_on, due);
    doc_flag(doc, "is_open", again || !item->result);
    doc_text(doc, "typed_result", choice_name(CHECK_RESULTS, from->result));
    doc_text(doc, "typed_measured", from->measured);
    doc_text(doc, "typed_note", from->note);
    doc_text(doc, "typed_due", arena_dup(doc->arena, due));
}

/* `typed`: a judgement of one of the lines that was refused; NULL none. */
static enum result put_items(struct request *rq, const struct acceptance *acceptance,
                             const struct acceptance_item *typed)
{
    struct acceptance_item *items;
    struct list photos;
    size_t count, judged = 0;
    TRY(acceptance_items(&rq->cx, acceptance->id, &items, &count));
    TRY(photos_of(rq, acceptance->id, &photos));
    if (!acceptance_shows_check(rq->cx.actor, acceptance))
        count = 0;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++) {
        docs[i] = doc_new(rq->cx.mem);
        doc_root(docs[i], ACCEPTANCE_ITEMS.fields, &items[i]);
        judged += items[i].result != 0;
        if (rq->face != FACE_PAGE)
            continue;
        docs[i]->page_only = true;
        doc_int(docs[i], "number", (int64_t)i + 1);
        doc_flag(docs[i], "is_pass", items[i].result == CHECK_PASS);
        doc_flag(docs[i], "is_defect", items[i].result == CHECK_DEFECT);
        doc_flag(docs[i], "is_fail", items[i].result == CHECK_FAIL);
        doc_flag(docs[i], "is_na", items[i].result == CHECK_NA);
        put_typed(docs[i], &items[i], typed);
        put_photos(rq, docs[i], items[i].id, &photos);
    }
    doc_docs(rq->doc, "items", docs, count);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_text(rq->doc, "progress", arena_printf(rq->cx.mem, "%zu / %zu", judged, count));
    rq->doc->page_only = false;
    return OK;
}

/* ---- the panel ---- */

/* Whom the provider sees, too: the names, once it is decided. */
static enum result put_panel(struct request *rq, const struct acceptance *acceptance)
{
    struct frozen_member *members;
    size_t count;
    if (!*acceptance->panel)
        return OK;
    if (!json_rows_read(rq->cx.mem, acceptance->panel, FROZEN_MEMBER_FIELDS, sizeof *members, 50,
                        &members, &count))
        return fail(&rq->cx, BROKEN, "acceptance.broken", acceptance->name);
    doc_records(rq->doc, "panel", FROZEN_MEMBER_FIELDS, members, count, sizeof *members);
    return OK;
}

/* Does the actor sit on it, and has the actor said what there is to say? */
static enum result put_own_part(struct request *rq, const struct acceptance *acceptance)
{
    struct acceptance_member *panel;
    struct signature *signatures;
    size_t count, signed_count;
    enum interest interest = INTEREST_NONE;
    bool has_signed = false;
    const int64_t person = rq->cx.actor->person_id;
    TRY(acceptance_panel(&rq->cx, acceptance->id, &panel, &count));
    const bool member = acceptance_on_panel(panel, count, person);
    if (member)
        TRY(interest_of(&rq->cx, acceptance->provider_id, &interest));
    TRY(signatures_list(&rq->cx, &ACCEPTANCES, acceptance->id, &signatures, &signed_count));
    for (size_t i = 0; i < signed_count; i++)
        has_signed = has_signed || (signatures[i].valid && signatures[i].person_id == person);
    const bool before = acceptance->state <= ACCEPTANCE_CONVENED;
    doc_flag(rq->doc, "must_declare",
             member && before && !interest && may(rq, "interest_declarations.write"));
    doc_flag(rq->doc, "is_interested", member && before && interest > INTEREST_NONE);
    doc_flag(rq->doc, "may_check",
             member && interest == INTEREST_NONE && acceptance->state == ACCEPTANCE_CONVENED &&
                 may(rq, "acceptance_items.write"));
    doc_flag(rq->doc, "may_convene",
             member && acceptance->state == ACCEPTANCE_REQUESTED && may(rq, "acceptances.convene"));
    doc_flag(rq->doc, "may_sign",
             member && !has_signed && acceptance->state == ACCEPTANCE_DECIDED &&
                 may(rq, "acceptances.decide"));
    doc_flag(rq->doc, "may_countersign",
             !has_signed && acceptance->state == ACCEPTANCE_DECIDED &&
                 may(rq, "acceptances.countersign"));
    return OK;
}

/* ---- one acceptance ---- */

/* What stands in the way of its next step, in words. */
static enum result put_lacks(struct request *rq, const struct acceptance *acceptance,
                             bool *out_none)
{
    struct fault kept = fault_take(&rq->cx);
    const bool shown = acceptance->state == ACCEPTANCE_DRAFTED || /* the provider's own */
                       rq->cx.actor->side != SIDE_PROVIDER;
    const enum result result = shown ? acceptance_demand_ready(&rq->cx, acceptance) : OK;
    const struct field_fault *fault = result == CONFLICT ? rq->cx.fault.fields : NULL;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, 32);
    size_t count = 0;
    for (; fault && count < 32; fault = fault->next) {
        docs[count] = doc_new(rq->cx.mem);
        doc_text(docs[count], "clause", fault->clause);
        doc_text(docs[count++], "words",
                 texts_fill(rq->cx.mem, arena_printf(rq->cx.mem, "fault.field.%s", fault->code),
                            rq->cx.lang, fault->args));
    }
    rq->cx.fault = kept;
    doc_docs(rq->doc, "lacks", docs, count);
    *out_none = !count;
    return result == CONFLICT ? OK : result;
}

static void put_may(struct request *rq, const struct acceptance *acceptance, bool ready)
{
    const enum acceptance_state state = acceptance->state;
    const struct acceptance_defect claim = {.acceptance_id = acceptance->id};
    const bool presents = may(rq, "acceptances.write");
    const bool leads =
        acceptance->lead_id == rq->cx.actor->person_id && may(rq, "acceptances.decide");
    const bool audits = state == ACCEPTANCE_SIGNED && may(rq, "acceptances.audit");
    doc_flag(rq->doc, "may_request", presents && state == ACCEPTANCE_DRAFTED && ready);
    doc_flag(rq->doc, "may_withdraw", presents && state <= ACCEPTANCE_REQUESTED);
    doc_flag(rq->doc, "may_return",
             state == ACCEPTANCE_REQUESTED && may(rq, "acceptances.convene"));
    doc_flag(rq->doc, "may_decide", leads && state == ACCEPTANCE_CONVENED && ready);
    doc_flag(rq->doc, "may_build", leads && state == ACCEPTANCE_CONVENED);
    doc_flag(rq->doc, "may_reopen",
             leads && (state == ACCEPTANCE_DECIDED || state == ACCEPTANCE_DISPUTED ||
                       state == ACCEPTANCE_OBJECTED));
    doc_flag(rq->doc, "may_settle",
             may(rq, "acceptances.settle") && acceptance_is_disputed(&rq->cx, acceptance));
    doc_flag(rq->doc, "may_answer", leads && state == ACCEPTANCE_OBJECTED);
    doc_flag(rq->doc, "may_pass", audits);
    doc_flag(rq->doc, "may_audit", audits && acceptance->audit_by.ms >= rq->cx.now.ms);
    doc_flag(rq->doc, "may_find", state > ACCEPTANCE_DECIDED && may(rq, "audit_findings.write"));
    doc_flag(rq->doc, "may_claim",
             may(rq, "acceptance_defects.claim") &&
                 record_is_open(&rq->cx, &ACCEPTANCE_DEFECTS, &claim));
    doc_flag(rq->doc, "is_over", state == ACCEPTANCE_FINAL);
}

static enum result put_page(struct request *rq, const struct acceptance *acceptance)
{
    bool ready;
    rq->doc->page_only = true;
    doc_link(rq, rq->doc, "contract_href",
             arena_printf(rq->cx.mem, "/contracts/%lld", (long long)acceptance->contract_id));
    if (acceptance->state == ACCEPTANCE_FINAL)
        doc_link(rq, rq->doc, "settlements_href",
                 arena_printf(rq->cx.mem, "/settlements?contract_id=%lld",
                              (long long)acceptance->contract_id));
    TRY(put_lacks(rq, acceptance, &ready));
    put_may(rq, acceptance, ready);
    TRY(put_own_part(rq, acceptance));
    rq->doc->page_only = false;
    return OK;
}

const char *acceptance_party_words(struct request *rq, const char *party)
{
    return word(rq, strcmp(party, "provider") == 0 ? "acceptances.party.provider"
                                                   : "acceptances.party.member");
}

static enum result put_signatures(struct request *rq, const struct acceptance *acceptance)
{
    struct signature *signatures;
    size_t count;
    TRY(signatures_list(&rq->cx, &ACCEPTANCES, acceptance->id, &signatures, &count));
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++) {
        docs[i] = doc_new(rq->cx.mem);
        doc_root(docs[i], SIGNATURE_FIELDS, &signatures[i]);
        docs[i]->page_only = rq->face == FACE_PAGE;
        if (rq->face == FACE_PAGE)
            doc_text(docs[i], "as", acceptance_party_words(rq, signatures[i].party));
    }
    doc_docs(rq->doc, "signatures", docs, count);
    return OK;
}

static enum result acceptance_show(struct request *rq, void *record)
{
    const struct acceptance *acceptance = record;
    TRY(put_panel(rq, acceptance));
    TRY(put_items(rq, acceptance, NULL));
    TRY(put_signatures(rq, acceptance));
    TRY(doc_part(rq, "members", &ACCEPTANCE_MEMBERS, "acceptance_id", acceptance->id));
    TRY(doc_part(rq, "defects", &ACCEPTANCE_DEFECTS, "acceptance_id", acceptance->id));
    if (rq->face == FACE_PAGE)
        TRY(put_page(rq, acceptance));
    return documents_part(rq, &ACCEPTANCES, acceptance->id);
}

static enum result acceptance_begin(struct request *rq, void *record)
{
    struct acceptance *acceptance = record;
    struct contract contract;
    if (!acceptance->completed_on.days)
        acceptance->completed_on = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    if (!acceptance->contract_id || acceptance->claimed_fen.fen)
        return OK;
    TRY(record_get(&rq->cx, &CONTRACTS, acceptance->contract_id, &contract));
    acceptance->claimed_fen = contract.amount_fen;
    return OK;
}

static const struct tab TABS[] = {
    {"all", ""},
    {"open", "state=requested,convened,decided,disputed"},
    {"audit", "state=signed,objected"},
    {"final", "state=final"},
    {"refused", "outcome=refused"},
};

static enum result acceptance_list(struct request *rq, const struct list *list)
{
    (void)list;
    doc_tabs(rq, &ACCEPTANCES, TABS, sizeof TABS / sizeof TABS[0]);
    return OK;
}

static const struct record_face ACCEPTANCE_FACE = {.resource = &ACCEPTANCES,
                                                   .show = acceptance_show,
                                                   .list = acceptance_list,
                                                   .begin = acceptance_begin};

static enum result figures_get(struct request *rq)
{
    return doc_tab_figures(rq, &ACCEPTANCES, TABS, sizeof TABS / sizeof TABS[0]);
}

/* ---- steps ---- */

typedef enum result (*bare_step)(struct ctx *cx, const struct acceptance *acceptance);
typedef enum result (*worded_step)(struct ctx *cx, const struct acceptance *acceptance,
                                   const char *words);

static enum result stepped(struct request *rq, bare_step step, const char *flash)
{
    struct acceptance *acceptance = ARENA_NEW(rq->cx.mem, struct acceptance);
    TRY(record_for_action(rq, &ACCEPTANCES, acceptance));
    return record_acted(rq, &ACCEPTANCE_FACE, acceptance, step(&rq->cx, acceptance), flash);
}

static enum result said(struct request *rq, worded_step step, const char *member, const char *flash)
{
    struct acceptance *acceptance = ARENA_NEW(rq->cx.mem, struct acceptance);
    TRY(record_for_action(rq, &ACCEPTANCES, acceptance));
    return record_acted(rq, &ACCEPTANCE_FACE, acceptance,
                        step(&rq->cx, acceptance, input_text(rq, member)), flash);
}

#define STEP(name, step, flash)                                                                    \
    static enum result name(struct request *rq)                                                    \
    {                                                                                              \
        return stepped(rq, step, "flash.acceptance." flash);                                       \
    }
#define SAID(name, step, member, flash)                                                            \
    static enum result name(struct request *rq)                                                    \
    {                                                                                              \
        return said(rq, step, member, "flash.acceptance." flash);                                  \
    }
STEP(request_post, acceptance_request, "requested")
STEP(convene_post, acceptance_convene, "convened")
STEP(build_post, acceptance_build, "built")
STEP(pass_post, acceptance_pass, "final")
SAID(withdraw_post, acceptance_withdraw, "reason", "withdrawn")
SAID(return_post, acceptance_return, "reason", "returned")
SAID(reopen_post, acceptance_reopen, "reason", "reopened")
SAID(uphold_post, acceptance_uphold, "reason", "reopened")
SAID(reject_post, acceptance_reject, "reason", "rejected")
SAID(audit_post, acceptance_audit, "words", "objected")
SAID(answer_post, acceptance_answer, "answer", "answered")

static const struct field DECISION_INPUT[] = {
    FIELD_ENUM(acceptance, outcome, ACCEPTANCE_OUTCOMES, .in = MUST),
    FIELD(acceptance, accepted_fen, .in = MAY, .min = 0),
    FIELD(acceptance, conclusion, .in = MUST, .max = 2000, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result decide_post(struct request *rq)
{
    struct acceptance *acceptance = ARENA_NEW(rq->cx.mem, struct acceptance);
    struct acceptance *decision = ARENA_NEW(rq->cx.mem, struct acceptance);
    fields_blank(ACCEPTANCES.fields, decision);
    TRY(record_for_action(rq, &ACCEPTANCES, acceptance));
    enum result result = body_read(rq, DECISION_INPUT, decision, true, NULL);
    if (result == OK)
        result = acceptance_decide(&rq->cx, acceptance, decision);
    return record_acted(rq, &ACCEPTANCE_FACE, acceptance, result, "flash.acceptance.decided");
}

static enum result sign_post(struct request *rq)
{
    struct acceptance *acceptance = ARENA_NEW(rq->cx.mem, struct acceptance);
    TRY(record_of_path(rq, &ACCEPTANCES, acceptance));
    enum result result = prove_demand(rq);
    if (result == OK)
        result = acceptance_sign(&rq->cx, acceptance, input_text(rq, "sha256"));
    return record_acted(rq, &ACCEPTANCE_FACE, acceptance, result, "flash.acceptance.signed");
}

struct signing {
    const char *sha256, *password, *objection;
};
static const struct field COUNTERSIGNING_INPUT[] = {
    FIELD(signing, sha256, .in = MUST, .max = 64),
    FIELD(signing, password, .in = MUST),
    FIELD(signing, objection, .in = MAY, .max = REASON_MOST, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result countersign_post(struct request *rq)
{
    struct acceptance *acceptance = ARENA_NEW(rq->cx.mem, struct acceptance);
    TRY(record_of_path(rq, &ACCEPTANCES, acceptance));
    enum result result = prove_demand(rq);
    if (result == OK)
        result = acceptance_countersign(&rq->cx, acceptance, input_text(rq, "sha256"),
                                        input_text(rq, "objection"));
    return record_acted(rq, &ACCEPTANCE_FACE, acceptance, result, "flash.acceptance.signed");
}

/* ---- the panel's members ---- */

static enum result member_show(struct request *rq, void *record)
{
    const struct acceptance_member *member = record;
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_link(rq, rq->doc, "acceptance_href",
             arena_printf(rq->cx.mem, "/acceptances/%lld", (long long)member->acceptance_id));
    doc_flag(rq->doc, "may_remove",
             may(rq, "acceptance_members.write") &&
                 record_is_open(&rq->cx, &ACCEPTANCE_MEMBERS, record));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face MEMBER_FACE = {.resource = &ACCEPTANCE_MEMBERS,
                                               .show = member_show};

static enum result member_add(struct request *rq, struct acceptance_member *member)
{
    TRY(body_read(rq, ACCEPTANCE_MEMBERS.fields, member, true, NULL));
    TRY(record_add(&rq->cx, &ACCEPTANCE_MEMBERS, member));
    return record_get(&rq->cx, &ACCEPTANCE_MEMBERS, member->id, member);
}

/* Back to the acceptance, as the next one is named there. */
static enum result member_post(struct request *rq)
{
    struct acceptance_member *member = ARENA_NEW(rq->cx.mem, struct acceptance_member);
    fields_blank(ACCEPTANCE_MEMBERS.fields, member);
    TRY(record_form_again(rq, &MEMBER_FACE, member, true, member_add(rq, member)));
    TRY(record_answer(rq, &MEMBER_FACE, member));
    TRY(created(rq, "/acceptance_members/%lld", (long long)member->id));
    return moved(rq, "flash.acceptance.named", "/acceptances/%lld",
                 (long long)member->acceptance_id);
}

static enum result member_remove_post(struct request *rq)
{
    struct acceptance_member *member = ARENA_NEW(rq->cx.mem, struct acceptance_member);
    TRY(record_for_action(rq, &ACCEPTANCE_MEMBERS, member));
    return record_acted(rq, &MEMBER_FACE, member,
                        acceptance_member_remove(&rq->cx, member, input_text(rq, "reason")),
                        "flash.acceptance.removed");
}

/* ---- on the phone ---- */

static enum result put_check(struct request *rq, const struct acceptance *acceptance,
                             const struct acceptance_item *typed)
{
    doc_root(rq->doc, ACCEPTANCES.fields, acceptance);
    TRY(put_items(rq, acceptance, typed));
    rq->doc->page_only = true;
    TRY(put_own_part(rq, acceptance));
    rq->doc->page_only = false;
    return OK;
}

static enum result check_get(struct request *rq)
{
    struct acceptance *acceptance = ARENA_NEW(rq->cx.mem, struct acceptance);
    TRY(record_of_path(rq, &ACCEPTANCES, acceptance));
    return put_check(rq, acceptance, NULL);
}

static const struct record_face ITEM_FACE = {.resource = &ACCEPTANCE_ITEMS};

static enum result judge(struct request *rq, const struct acceptance_item *item,
                         struct acceptance_item *said)
{
    const struct photo_bag *bag = rq->prepared;
    TRY(body_read(rq, ACCEPTANCE_JUDGING, said, true, NULL));
    TRY(acceptance_item_judge(&rq->cx, item, said, bag->count));
    return photos_keep(rq, &ACCEPTANCE_ITEMS, item->id);
}

/* From the phone back to the list, where the next line waits. */
static enum result judge_post(struct request *rq)
{
    struct acceptance_item *item = ARENA_NEW(rq->cx.mem, struct acceptance_item);
    struct acceptance *acceptance = ARENA_NEW(rq->cx.mem, struct acceptance);
    struct acceptance_item said = {0};
    TRY(record_for_action(rq, &ACCEPTANCE_ITEMS, item));
    fields_blank(ACCEPTANCE_ITEMS.fields, &said);
    enum result result = judge(rq, item, &said);
    said.id = item->id;
    if (rq->face == FACE_API)
        return record_acted(rq, &ITEM_FACE, item, result, NULL);
    if (result == OK)
        return moved(rq, "flash.acceptance.judged", "/acceptances/%lld/check",
                     (long long)item->acceptance_id);
    const struct fault kept = rq->cx.fault;
    TRY(record_get(&rq->cx, &ACCEPTANCES, item->acceptance_id, acceptance));
    TRY(put_check(rq, acceptance, &said));
    rq->cx.fault = kept;
    return result;
}

struct words_input {
    const char *words, *answer;
};
static const struct field WORDS_INPUT[] = {
    FIELD(words_input, words, .in = MUST, .max = REASON_MOST, .use = LONG_TEXT),
    FIELDS_END,
};
static const struct field ANSWER_INPUT[] = {
    FIELD(words_input, answer, .in = MUST, .max = REASON_MOST, .use = LONG_TEXT),
    FIELDS_END,
};

#define NAV .nav = "acceptances"
#define REASONED .flags = RECORDED, .input = REASON_INPUT, NAV
/* clang-format off */
const struct route ACCEPTANCE_ROUTES[] = {
    RECORD_LIST("acceptances", ACCEPTANCE_FACE, "list"),
    {GET, "/acceptances/figures", "acceptances.read", figures_get, "tabs", NAV},
    RECORD_SHOW("acceptances", ACCEPTANCE_FACE, "acceptance"),
    RECORD_CREATE("acceptances", ACCEPTANCE_FACE),
    RECORD_CHANGE("acceptances", ACCEPTANCE_FACE),
    RECORD_HISTORY("acceptances", ACCEPTANCE_FACE),
    RECORD_EXPORT("acceptances", ACCEPTANCE_FACE),
    {GET, "/acceptances/{id}/check", "acceptance_items.write", check_get, "acceptance_check", .flags = PAGE_ONLY, NAV},
    {GET, "/acceptances/{id}/print.pdf", "acceptances.read", acceptance_print_get, "fault", .flags = STREAM | TRACED},
    {POST, "/acceptances/{id}/request", "acceptances.write", request_post, "acceptance", .flags = RECORDED, NAV},
    {POST, "/acceptances/{id}/withdraw", "acceptances.write", withdraw_post, "acceptance", REASONED},
    {POST, "/acceptances/{id}/return", "acceptances.convene", return_post, "acceptance", REASONED},
    {POST, "/acceptances/{id}/convene", "acceptances.convene", convene_post, "acceptance", .flags = RECORDED, NAV},
    {POST, "/acceptances/{id}/build", "acceptances.decide", build_post, "acceptance", .flags = RECORDED, NAV},
    {POST, "/acceptances/{id}/decide", "acceptances.decide", decide_post, "acceptance", .flags = RECORDED, .input = DECISION_INPUT, NAV},
    {POST, "/acceptances/{id}/sign", "acceptances.decide", sign_post, "acceptance", .flags = SESSION_ONLY | RECORDED,
     .prepare = prove_prepare, .input = SIGNING_INPUT, NAV},
    {POST, "/acceptances/{id}/countersign", "acceptances.countersign", countersign_post, "acceptance", .flags = SESSION_ONLY | RECORDED,
     .prepare = prove_prepare, .input = COUNTERSIGNING_INPUT, NAV},
    {POST, "/acceptances/{id}/reopen", "acceptances.decide", reopen_post, "acceptance", REASONED},
    {POST, "/acceptances/{id}/pass", "acceptances.audit", pass_post, "acceptance", .flags = RECORDED, NAV},
    {POST, "/acceptances/{id}/uphold", "acceptances.settle", uphold_post, "acceptance", REASONED},
    {POST, "/acceptances/{id}/reject", "acceptances.settle", reject_post, "acceptance", REASONED},
    {POST, "/acceptances/{id}/audit", "acceptances.audit", audit_post, "acceptance", .flags = RECORDED, .input = WORDS_INPUT, NAV},
    {POST, "/acceptances/{id}/answer", "acceptances.decide", answer_post, "acceptance", .flags = RECORDED, .input = ANSWER_INPUT, NAV},
    RECORD_LIST("acceptance_members", MEMBER_FACE, "list"),
    RECORD_SHOW("acceptance_members", MEMBER_FACE, "acceptance_member"),
    {GET, "/acceptance_members/new", "acceptance_members.write", record_new_get, "form", .flags = PAGE_ONLY, .subject = &MEMBER_FACE, NAV},
    {POST, "/acceptance_members", "acceptance_members.write", member_post, "form", .subject = &MEMBER_FACE, NAV},
    RECORD_HISTORY("acceptance_members", MEMBER_FACE),
    {POST, "/acceptance_members/{id}/remove", "acceptance_members.write", member_remove_post, "acceptance_member", REASONED},
    RECORD_LIST("acceptance_items", ITEM_FACE, "list"),
    RECORD_SHOW("acceptance_items", ITEM_FACE, "record"),
    RECORD_CREATE("acceptance_items", ITEM_FACE),
    RECORD_HISTORY("acceptance_items", ITEM_FACE),
    {POST, "/acceptance_items/{id}/judge", "acceptance_items.write", judge_post, "acceptance_check", .flags = UPLOAD | RECORDED,
     .prepare = photos_prepare, .input = ACCEPTANCE_JUDGING, NAV},
    ROUTES_END,
};
/* clang-format on */
