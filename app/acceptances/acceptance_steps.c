/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The way of an acceptance: the provider, the panel, both sides' names, then audit (V3.2). */
#include "app/acceptances/acceptance.sql.h"
#include "app/acceptances/acceptance_private.h"
#include "app/documents/documents.h"
#include "app/records/trail.h"
#include "app/signatures/signature.h"
#include "base/doc.h"

#include <string.h>

const struct field FROZEN_MEMBER_FIELDS[] = {
    FIELD(frozen_member, name),         FIELD(frozen_member, organisation),
    FIELD(frozen_member, from_project), FIELD(frozen_member, expert),
    FIELD(frozen_member, lead),         FIELDS_END,
};
const struct field FROZEN_LINE_FIELDS[] = {
    FIELD(frozen_line, term),
    FIELD(frozen_line, requirement),
    FIELD_ENUM(frozen_line, result, CHECK_RESULTS),
    FIELD(frozen_line, measured),
    FIELD(frozen_line, note),
    FIELD(frozen_line, due_on),
    FIELD(frozen_line, judged_by),
    FIELD(frozen_line, photos),
    FIELDS_END,
};

enum result acceptance_tell(struct ctx *cx, const struct acceptance *acceptance, const char *kind,
                            bool to_provider, uint64_t roles, const char *detail)
{
    const struct news news = {.kind = kind,
                              .subject = &ACCEPTANCES,
                              .subject_id = acceptance->id,
                              .title = acceptance->name,
                              .detail = detail};
    if (to_provider)
        TRY(notice_roles(cx, acceptance->provider_id, 0, R(PROVIDER) | R(DUTY), &news));
    if (acceptance->lead_id)
        TRY(notice_person(cx, acceptance->lead_id, &news));
    return roles ? notice_roles(cx, acceptance->client_id, acceptance->unit_id, roles, &news) : OK;
}

static enum result tell_panel(struct ctx *cx, const struct acceptance *acceptance, const char *kind)
{
    struct acceptance_member *panel;
    size_t count;
    TRY(acceptance_panel(cx, acceptance->id, &panel, &count));
    for (size_t i = 0; i < count; i++)
        if (panel[i].person_id)
            TRY(notice_person(cx, panel[i].person_id,
                              &(struct news){.kind = kind,
                                             .subject = &ACCEPTANCES,
                                             .subject_id = acceptance->id,
                                             .title = acceptance->name,
                                             .detail = acceptance->provider_name}));
    return OK;
}

/* ---- the provider presents ---- */

enum result acceptance_request(struct ctx *cx, const struct acceptance *acceptance)
{
    struct acceptance after = *acceptance;
    TRY(acceptance_demand_state(cx, acceptance, ACCEPTANCE_DRAFTED));
    TRY(acceptance_demand_ready(cx, acceptance));
    after.requester_id = cx->actor->person_id;
    after.requested_at = cx->now;
    after.returned = "";
    after.state = ACCEPTANCE_REQUESTED;
    TRY(record_change(cx, &ACCEPTANCES, "request", acceptance, &after));
    return acceptance_tell(cx, &after, "acceptance.requested", false, R(PM) | R(DIVISION),
                           after.provider_name);
}

static enum result sent_back(struct ctx *cx, const struct acceptance *acceptance,
                             const char *action, enum acceptance_state state, const char *reason)
{
    struct acceptance after = *acceptance;
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.returned = reason;
    after.state = state;
    return record_change(cx, &ACCEPTANCES, action, acceptance, &after);
}

enum result acceptance_withdraw(struct ctx *cx, const struct acceptance *acceptance,
                                const char *reason)
{
    if (acceptance->state != ACCEPTANCE_DRAFTED)
        TRY(acceptance_demand_state(cx, acceptance, ACCEPTANCE_REQUESTED));
    return sent_back(cx, acceptance, "withdraw", ACCEPTANCE_WITHDRAWN, reason);
}

enum result acceptance_return(struct ctx *cx, const struct acceptance *acceptance,
                              const char *reason)
{
    TRY(acceptance_demand_state(cx, acceptance, ACCEPTANCE_REQUESTED));
    TRY(sent_back(cx, acceptance, "return", ACCEPTANCE_DRAFTED, reason));
    return acceptance_tell(cx, acceptance, "acceptance.returned", true, 0, reason);
}

/* ---- the panel ---- */

static enum result demand_member(struct ctx *cx, const struct acceptance *acceptance)
{
    struct acceptance_member *panel;
    size_t count;
    TRY(acceptance_panel(cx, acceptance->id, &panel, &count));
    return cx->actor->is_system || acceptance_on_panel(panel, count, cx->actor->person_id)
               ? OK
               : fail(cx, FORBIDDEN, "acceptance.not_on_panel", acceptance->name);
}

static enum result demand_lead(struct ctx *cx, const struct acceptance *acceptance)
{
    return cx->actor->is_system || acceptance->lead_id == cx->actor->person_id
               ? OK
               : fail(cx, FORBIDDEN, "acceptance.not_lead", acceptance->lead_name);
}

enum result acceptance_convene(struct ctx *cx, const struct acceptance *acceptance)
{
    struct acceptance after = *acceptance;
    TRY(acceptance_demand_state(cx, acceptance, ACCEPTANCE_REQUESTED));
    TRY(demand_member(cx, acceptance));
    TRY(acceptance_demand_ready(cx, acceptance));
    after.lead_id = cx->actor->person_id;
    after.convened_at = cx->now;
    after.state = ACCEPTANCE_CONVENED;
    TRY(record_change(cx, &ACCEPTANCES, "convene", acceptance, &after));
    TRY(acceptance_build(cx, &after));
    TRY(tell_panel(cx, &after, "acceptance.convened"));
    return acceptance_tell(cx, &after, "acceptance.convened", true, 0, after.client_name);
}

/* ---- the decision ---- */

static enum result freeze_panel(struct ctx *cx, struct acceptance *acceptance)
{
    struct acceptance_member *panel;
    size_t count;
    TRY(acceptance_panel(cx, acceptance->id, &panel, &count));
    struct frozen_member *rows = ARENA_ARRAY(cx->mem, struct frozen_member, count + 1);
    for (size_t i = 0; i < count; i++)
        rows[i] =
            (struct frozen_member){panel[i].member_name, panel[i].member_of, panel[i].from_project,
                                   !panel[i].person_id, panel[i].person_id == acceptance->lead_id};
    acceptance->panel = json_rows_text(cx->mem, FROZEN_MEMBER_FIELDS, rows, count, sizeof *rows);
    return OK;
}

/* The digests of a line's photos, with spaces between. */
static enum result photos_of(struct ctx *cx, int64_t item_id, const char **out)
{
    struct list list;
    struct text text = text_new(cx->mem, 64);
    TRY(record_select(cx, &DOCUMENTS, "of_line",
                      "t.subject = 'acceptance_items' AND t.subject_id = $1 AND t.state = 'kept' "
                      "ORDER BY t.id LIMIT 50",
                      PARAMS(P(item_id)), &list));
    const struct document *rows = list.rows;
    for (size_t i = 0; i < list.count; i++)
        text_printf(&text, "%s%s", i ? " " : "", rows[i].sha256);
    *out = text_end(&text);
    return OK;
}

/* How many lines have which result. */
struct counted {
    int of[CHECK_NA + 1];
};

static enum result freeze_lines(struct ctx *cx, struct acceptance *acceptance, struct counted *out)
{
    struct acceptance_item *items;
    size_t count;
    TRY(acceptance_items(cx, acceptance->id, &items, &count));
    struct frozen_line *rows = ARENA_ARRAY(cx->mem, struct frozen_line, count + 1);
    *out = (struct counted){{0}};
    for (size_t i = 0; i < count; i++) {
        rows[i] = (struct frozen_line){
            items[i].term, items[i].requirement, items[i].result,    items[i].measured,
            items[i].note, items[i].due_on,      items[i].judged_by, ""};
        TRY(photos_of(cx, items[i].id, &rows[i].photos));
        out->of[items[i].result]++;
    }
    acceptance->lines = json_rows_text(cx->mem, FROZEN_LINE_FIELDS, rows, count, sizeof *rows);
    return OK;
}

/* What was found decides what can be said of the whole. */
static bool outcome_fits(enum acceptance_outcome outcome, const struct counted *counted)
{
    const bool fails = counted->of[CHECK_FAIL] > 0, defects = counted->of[CHECK_DEFECT] > 0;
    switch (outcome) {
    case OUTCOME_ACCEPTED:
        return !fails && !defects;
    case OUTCOME_WITH_DEFECTS:
        return !fails && defects;
    default:
        return fails || defects;
    }
}

static void check_decision(struct ctx *cx, const struct acceptance *acceptance,
                           const struct acceptance *decision, const struct counted *counted)
{
    const bool refused = decision->outcome == OUTCOME_REFUSED;
    const int64_t fen = decision->accepted_fen.fen;
    if (!decision->outcome)
        reject_clause(cx, "X3", "outcome", "required");
    else if (!outcome_fits(decision->outcome, counted))
        reject_clause(cx, "X3", "outcome", "outcome_against_lines");
    else if (refused ? fen != 0 : fen <= 0 || fen > acceptance->claimed_fen.fen)
        reject_clause(cx, "X3", "accepted_fen", refused ? "refused_for_nothing" : "beyond_claim");
    if (!*text_plain(cx->mem, decision->conclusion))
        reject_clause(cx, "X3", "conclusion", "required");
    check_words(cx, "conclusion", decision->conclusion, WORDS_MOST);
}

enum result acceptance_decide(struct ctx *cx, const struct acceptance *acceptance,
                              const struct acceptance *decision)
{
    struct acceptance after = *acceptance;
    struct counted counted;
    TRY(acceptance_demand_state(cx, acceptance, ACCEPTANCE_CONVENED));
    TRY(demand_lead(cx, acceptance));
    TRY(acceptance_demand_ready(cx, acceptance));
    after.outcome = decision->outcome;
    after.accepted_fen = decision->accepted_fen;
    after.conclusion = decision->conclusion;
    after.checked_on = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    TRY(freeze_panel(cx, &after));
    TRY(freeze_lines(cx, &after, &counted));
    check_decision(cx, acceptance, decision, &counted);
    TRY(rejected(cx));
    after.decided_at = cx->now;
    after.countersign_by = due_of(cx, &ACCEPTANCE_DUTIES[SIGN_IT], cx->now);
    after.sha256 = record_digest(cx->mem, &ACCEPTANCES, &after);
    after.state = ACCEPTANCE_DECIDED;
    TRY(record_change(cx, &ACCEPTANCES, "decide", acceptance, &after));
    TRY(tell_panel(cx, &after, "acceptance.decided"));
    return acceptance_tell(cx, &after, "acceptance.decided", true, 0, after.provider_name);
}

/* What was decided falls, and the panel checks anew. */
static enum result convene_again(struct ctx *cx, const struct acceptance *acceptance,
                                 const char *action, const char *reason)
{
    struct acceptance after = *acceptance;
    check_reason(cx, reason);
    TRY(rejected(cx));
    TRY(signatures_void(cx, &ACCEPTANCES, acceptance->id));
    TRY(defects_withdraw(cx, acceptance));
    after.outcome = 0;
    after.accepted_fen = (struct money){0};
    after.checked_on = (struct date){0};
    after.decided_at = after.countersign_by = after.signed_at = after.audit_by = after.audited_at =
        (struct instant){0};
    after.conclusion = after.panel = after.lines = after.sha256 = after.objection =
        after.objection_reason = "";
    after.objection_decider_id = 0;
    after.answer = reason;
    after.state = ACCEPTANCE_CONVENED;
    TRY(record_change(cx, &ACCEPTANCES, action, acceptance, &after));
    return acceptance_tell(cx, &after, "acceptance.reopened", true, 0, reason);
}

enum result acceptance_reopen(struct ctx *cx, const struct acceptance *acceptance,
                              const char *reason)
{
    if (acceptance->state != ACCEPTANCE_OBJECTED && acceptance->state != ACCEPTANCE_DISPUTED)
        TRY(acceptance_demand_state(cx, acceptance, ACCEPTANCE_DECIDED));
    TRY(demand_lead(cx, acceptance));
    return convene_again(cx, acceptance, "reopen", reason);
}

/* ---- both sides' names ---- */

#define PROVIDER_PARTY "provider"

static const char *party_of(struct ctx *cx, int64_t person_id)
{
    return arena_printf(cx->mem, "member_%lld", (long long)person_id);
}

static enum result put_name(struct ctx *cx, const struct acceptance *acceptance, const char *party,
                            const char *sha256_seen)
{
    if (strcmp(acceptance->sha256, sha256_seen) != 0)
        return fail(cx, CONFLICT, "acceptance.changed", acceptance->name);
    TRY(signature_put(cx, &ACCEPTANCES, acceptance->id, party, acceptance->sha256));
    trail_add(cx, "sign", &ACCEPTANCES, acceptance, "", acceptance->sha256);
    return OK;
}

static enum result panel_signed(struct ctx *cx, const struct acceptance *acceptance, bool *out)
{
    struct acceptance_member *panel;
    size_t count;
    int64_t id;
    *out = true;
    TRY(acceptance_panel(cx, acceptance->id, &panel, &count));
    for (size_t i = 0; i < count && *out; i++) {
        if (!panel[i].person_id)
            continue; /* an expert from outside signs on paper */
        TRY(signature_of(cx, &ACCEPTANCES, acceptance->id, party_of(cx, panel[i].person_id), &id));
        *out = id != 0;
    }
    return OK;
}

static enum result provider_signed(struct ctx *cx, const struct acceptance *acceptance, bool *out)
{
    int64_t id;
    TRY(signature_of(cx, &ACCEPTANCES, acceptance->id, PROVIDER_PARTY, &id));
    *out = id != 0;
    return OK;
}

static enum result before_audit(struct ctx *cx, const struct acceptance *acceptance,
                                struct acceptance *after, const char *action)
{
    after->signed_at = cx->now;
    after->audit_by = due_of(cx, &ACCEPTANCE_DUTIES[AUDIT_IT], cx->now);
    after->state = ACCEPTANCE_SIGNED;
    TRY(record_change(cx, &ACCEPTANCES, action, acceptance, after));
    TRY(defects_issue(cx, after));
    return acceptance_tell(cx, after, "acceptance.signed", false, R(AUDIT), after->provider_name);
}

/* `after` as it is with one name more; with the last one it goes before the audit centre, unless
 * the provider objects. */
static enum result named(struct ctx *cx, const struct acceptance *acceptance,
                         struct acceptance *after, const char *action)
{
    bool panel, provider;
    TRY(panel_signed(cx, acceptance, &panel));
    TRY(provider_signed(cx, acceptance, &provider));
    if (!panel || !provider)
        return record_change(cx, &ACCEPTANCES, action, acceptance, after);
    if (!*after->objection)
        return before_audit(cx, acceptance, after, action);
    after->state = ACCEPTANCE_DISPUTED;
    TRY(record_change(cx, &ACCEPTANCES, action, acceptance, after));
    return acceptance_tell(cx, after, "acceptance.disputed", false, R(OPS) | R(DIVISION),
                           after->objection);
}

enum result acceptance_sign(struct ctx *cx, const struct acceptance *acceptance,
                            const char *sha256_seen)
{
    struct acceptance after = *acceptance;
    TRY(acceptance_demand_state(cx, acceptance, ACCEPTANCE_DECIDED));
    TRY(demand_member(cx, acceptance));
    TRY(put_name(cx, acceptance, party_of(cx, cx->actor->person_id), sha256_seen));
    return named(cx, acceptance, &after, "sign");
}

enum result acceptance_countersign(struct ctx *cx, const struct acceptance *acceptance,
                                   const char *sha256_seen, const char *objection)
{
    struct acceptance after = *acceptance;
    if (cx->actor->organisation_id != acceptance->provider_id)
        return fail(cx, FORBIDDEN, "acceptance.provider_signs", acceptance->provider_name);
    TRY(acceptance_demand_state(cx, acceptance, ACCEPTANCE_DECIDED));
    after.objection = text_plain(cx->mem, objection);
    if (utf8_count(after.objection) > REASON_MOST)
        reject_clause(cx, "X4", "objection", "too_long", "1000");
    TRY(rejected(cx));
    TRY(put_name(cx, acceptance, PROVIDER_PARTY, sha256_seen));
    return named(cx, acceptance, &after, "countersign");
}

/* ---- the provider's objection, or silence (X4) ---- */

/* Did all of the panel sign, and the provider not, in its time? */
static enum result is_silent(struct ctx *cx, const struct acceptance *acceptance, bool *out)
{
    bool panel, provider;
    *out = false;
    if (acceptance->state != ACCEPTANCE_DECIDED || cx->now.ms <= acceptance->countersign_by.ms)
        return OK;
    TRY(panel_signed(cx, acceptance, &panel));
    TRY(provider_signed(cx, acceptance, &provider));
    *out = panel && !provider;
    return OK;
}

static enum result demand_decider(struct ctx *cx, const struct acceptance *acceptance)
{
    struct acceptance_member *panel;
    size_t count;
    bool silent;
    TRY(is_silent(cx, acceptance, &silent));
    if (!silent)
        TRY(acceptance_demand_state(cx, acceptance, ACCEPTANCE_DISPUTED));
    TRY(acceptance_panel(cx, acceptance->id, &panel, &count));
    if (acceptance_on_panel(panel, count, cx->actor->person_id))
        return fail(cx, FORBIDDEN, "acceptance.on_panel", acceptance->name);
    return interest_bar(cx, acceptance->provider_id);
}

bool acceptance_is_disputed(struct ctx *cx, const struct acceptance *acceptance)
{
    struct fault kept = fault_take(cx);
    const bool may = demand_decider(cx, acceptance) == OK;
    cx->fault = kept;
    return may;
}

enum result acceptance_uphold(struct ctx *cx, const struct acceptance *acceptance,
                              const char *reason)
{
    TRY(demand_decider(cx, acceptance));
    return convene_again(cx, acceptance, "uphold", reason);
}

enum result acceptance_reject(struct ctx *cx, const struct acceptance *acceptance,
                              const char *reason)
{
    struct acceptance after = *acceptance;
    TRY(demand_decider(cx, acceptance));
    after.objection_reason = text_plain(cx->mem, reason);
    check_reason(cx, after.objection_reason);
    TRY(rejected(cx));
    after.objection_decider_id = cx->actor->person_id;
    TRY(before_audit(cx, acceptance, &after, "reject"));
    return acceptance_tell(cx, &after, "acceptance.rejected", true, 0, after.objection_reason);
}

/* ---- audit ---- */

/* The same day so many months later; the last one of a shorter month. */
static struct date months_later(struct date date, int months)
{
    const struct month from = month_of(date), to = {from.months + months};
    const struct date day = date_add(month_first(to), date.days - month_first(from).days);
    return day.days > month_last(to).days ? month_last(to) : day;
}

static enum result finish(struct ctx *cx, const struct acceptance *acceptance, const char *action)
{
    struct acceptance after = *acceptance;
    struct contract contract;
    TRY(acceptance_demand_state(cx, acceptance, ACCEPTANCE_SIGNED));
    TRY(record_get(cx, &CONTRACTS, acceptance->contract_id, &contract));
    after.audited_at = after.final_at = cx->now;
    after.auditor_id = cx->actor->person_id;
    if (after.outcome != OUTCOME_REFUSED && contract.warranty_months)
        after.warranty_ends_on = months_later(after.checked_on, contract.warranty_months);
    after.state = ACCEPTANCE_FINAL;
    TRY(record_change(cx, &ACCEPTANCES, action, acceptance, &after));
    return acceptance_tell(cx, &after, "acceptance.final", true, R(PM) | R(DIVISION) | R(FINANCE),
                           "");
}

enum result acceptance_pass(struct ctx *cx, const struct acceptance *acceptance)
{
    return finish(cx, acceptance, "pass");
}

enum result acceptance_audit(struct ctx *cx, const struct acceptance *acceptance, const char *words)
{
    struct acceptance after = *acceptance;
    TRY(acceptance_demand_state(cx, acceptance, ACCEPTANCE_SIGNED));
    if (acceptance->audit_by.ms < cx->now.ms)
        return fail(cx, CONFLICT, "acceptance.time_over", acceptance->name);
    after.audit_words = text_plain(cx->mem, words);
    check_words(cx, "words", after.audit_words, REASON_MOST);
    TRY(rejected(cx));
    after.answer = "";
    after.audited_at = cx->now;
    after.auditor_id = cx->actor->person_id;
    after.state = ACCEPTANCE_OBJECTED;
    TRY(record_change(cx, &ACCEPTANCES, "audit_object", acceptance, &after));
    return acceptance_tell(cx, &after, "acceptance.objected", false, R(PM) | R(DIVISION), words);
}

enum result acceptance_answer(struct ctx *cx, const struct acceptance *acceptance,
                              const char *answer)
{
    struct acceptance after = *acceptance;
    TRY(acceptance_demand_state(cx, acceptance, ACCEPTANCE_OBJECTED));
    TRY(demand_lead(cx, acceptance));
    check_words(cx, "answer", answer, REASON_MOST);
    TRY(rejected(cx));
    after.answer = answer;
    after.audit_by = due_of(cx, &ACCEPTANCE_DUTIES[AUDIT_IT], cx->now);
    after.state = ACCEPTANCE_SIGNED;
    TRY(record_change(cx, &ACCEPTANCES, "answer", acceptance, &after));
    return acceptance_tell(cx, &after, "acceptance.signed", false, R(AUDIT), answer);
}

#define AT_ONCE 100
enum result acceptances_sweep(struct ctx *cx)
{
    static const struct field ID_FIELDS[] = {FIELD(record, id), FIELDS_END};
    struct record *rows;
    size_t count;
    TRY(db_list(cx, &q_acceptances_passing, PARAMS(P(cx->now), param_int(AT_ONCE)), ID_FIELDS,
                sizeof *rows, AT_ONCE, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct acceptance acceptance;
        TRY(record_get(cx, &ACCEPTANCES, rows[i].id, &acceptance));
        TRY(finish(cx, &acceptance, "audit_time_over"));
    }
    return OK;
}
