/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The life of a statement: sent, answered, decided, approved, paid; and its proof. */
#include "app/duties/calendar_day.h"
#include "app/notices/notice.h"
#include "app/records/trail.h"
#include "app/settlement/settlement_private.h"
#include "app/signatures/signature.h"
#include "base/doc.h"
#include "base/texts.h"

#include <string.h>

#define ANSWER_DAYS 5
#define VOUCHER_MOST 60
static const struct due_rule ANSWER_IN = {.kind = DUE_WORKING_DAYS, .count = ANSWER_DAYS};

static enum result demand_state(struct ctx *cx, const struct settlement *settlement,
                                enum settlement_state state)
{
    if (settlement->state == state)
        return OK;
    return fail(cx, CONFLICT, "settlement.wrong_state", settlement->name);
}

static enum result demand_second_person(struct ctx *cx, const struct settlement *settlement)
{
    const int64_t actor = cx->actor->person_id;
    if (settlement->drafter_id == actor || settlement->creator_id == actor)
        return fail(cx, FORBIDDEN, "settlement.same_person", settlement->name);
    return OK;
}

static enum result put_name(struct ctx *cx, const struct settlement *settlement, const char *party,
                            const char *sha256_seen)
{
    if (strcmp(settlement->sha256, sha256_seen) != 0)
        return fail(cx, CONFLICT, "settlement.changed", settlement->name);
    TRY(signature_put(cx, &SETTLEMENTS, settlement->id, party, settlement->sha256));
    trail_add(cx, "sign", &SETTLEMENTS, settlement, "", settlement->sha256);
    return OK;
}

/* ---- told ---- */

static enum result tell(struct ctx *cx, const struct settlement *settlement, const char *kind,
                        bool to_provider, uint64_t roles)
{
    char amount[MONEY_MAX_TEXT];
    money_format(settlement->payable_fen, true, amount);
    const struct news news = {.kind = kind,
                              .subject = &SETTLEMENTS,
                              .subject_id = settlement->id,
                              .title = settlement->name,
                              .detail = arena_dup(cx->mem, amount)};
    if (to_provider)
        TRY(notice_roles(cx, settlement->provider_id, 0, R(PROVIDER) | R(DUTY), &news));
    TRY(notice_person(cx, settlement->drafter_id, &news));
    return roles ? notice_roles(cx, settlement->client_id, settlement->unit_id, roles, &news) : OK;
}

/* ---- between the parties ---- */

enum result settlement_drop(struct ctx *cx, const struct settlement *settlement, const char *reason)
{
    struct settlement after;
    TRY(demand_state(cx, settlement, SETTLEMENT_DRAFTED));
    if (settlement->sent_at.ms)
        return fail(cx, CONFLICT, "settlement.was_sent", settlement->name);
    TRY(settlement_now(cx, settlement, &after)); /* as it was last */
    after.decision = text_plain(cx->mem, reason);
    check_reason(cx, after.decision);
    TRY(rejected(cx));
    after.decider_id = cx->actor->person_id;
    after.state = SETTLEMENT_DROPPED;
    return record_change(cx, &SETTLEMENTS, "drop", settlement, &after);
}

enum result settlement_send(struct ctx *cx, const struct settlement *settlement,
                            const char *sha256_seen)
{
    struct settlement after;
    struct settlement_line *lines;
    size_t count;
    TRY(demand_state(cx, settlement, SETTLEMENT_DRAFTED));
    TRY(interest_bar(cx, settlement->provider_id));
    TRY(settlement_now(cx, settlement, &after));
    TRY(settlement_demand_ready(cx, &after));
    TRY(settlement_lines(cx, settlement, &lines, &count));
    TRY(put_name(cx, &after, "drafter", sha256_seen));
    TRY(settlement_mark(cx, settlement->id, lines, count, true));
    after.drafter_id = cx->actor->person_id; /* who answers for it by name */
    after.sent_at = cx->now;
    after.answer_by = calendar_due(cx, &ANSWER_IN, cx->now);
    after.answered_at = (struct instant){0};
    after.answerer_id = after.decider_id = 0;
    after.objection = after.decision = after.returned = "";
    after.state = SETTLEMENT_SENT;
    TRY(record_change(cx, &SETTLEMENTS, "send", settlement, &after));
    return tell(cx, &after, "settlement.sent", true, 0);
}

enum result settlement_agree(struct ctx *cx, const struct settlement *settlement,
                             const char *sha256_seen)
{
    struct settlement after = *settlement;
    TRY(demand_state(cx, settlement, SETTLEMENT_SENT));
    TRY(put_name(cx, settlement, "provider", sha256_seen));
    after.answerer_id = cx->actor->person_id;
    after.answered_at = cx->now;
    after.state = SETTLEMENT_AGREED;
    TRY(record_change(cx, &SETTLEMENTS, "agree", settlement, &after));
    return tell(cx, &after, "settlement.agreed", false, R(FINANCE));
}

enum result settlement_dispute(struct ctx *cx, const struct settlement *settlement,
                               const char *objection)
{
    struct settlement after = *settlement;
    TRY(demand_state(cx, settlement, SETTLEMENT_SENT));
    if (cx->now.ms > settlement->answer_by.ms)
        return fail(cx, CONFLICT, "settlement.time_over", settlement->name);
    after.objection = text_plain(cx->mem, objection);
    if (!*after.objection)
        reject_clause(cx, "X4", "objection", "required");
    check_words(cx, "objection", after.objection, REASON_MOST);
    TRY(rejected(cx));
    after.answerer_id = cx->actor->person_id;
    after.answered_at = cx->now;
    after.state = SETTLEMENT_DISPUTED;
    TRY(record_change(cx, &SETTLEMENTS, "dispute", settlement, &after));
    return tell(cx, &after, "settlement.disputed", false, R(DIVISION));
}

/* Worked out anew from now on: what it settled is free again. */
static enum result open_again(struct ctx *cx, const struct settlement *settlement,
                              const char *action, struct settlement *after)
{
    struct settlement_line *lines;
    size_t count;
    TRY(settlement_lines(cx, settlement, &lines, &count));
    TRY(settlement_mark(cx, settlement->id, lines, count, false));
    TRY(signatures_void(cx, &SETTLEMENTS, settlement->id));
    after->round++;
    after->lines = after->sha256 = "";
    after->state = SETTLEMENT_DRAFTED;
    return record_change(cx, &SETTLEMENTS, action, settlement, after);
}

enum result settlement_decide(struct ctx *cx, const struct settlement *settlement, bool upheld,
                              const char *reason)
{
    struct settlement after = *settlement;
    const bool silent =
        settlement->state == SETTLEMENT_SENT && cx->now.ms > settlement->answer_by.ms;
    if (!silent)
        TRY(demand_state(cx, settlement, SETTLEMENT_DISPUTED));
    TRY(demand_second_person(cx, settlement));
    TRY(interest_bar(cx, settlement->provider_id));
    after.decision = text_plain(cx->mem, reason);
    check_reason(cx, after.decision);
    TRY(rejected(cx));
    after.decider_id = cx->actor->person_id;
    if (upheld) {
        TRY(open_again(cx, settlement, "uphold", &after));
        return tell(cx, &after, "settlement.reopened", true, 0);
    }
    after.state = SETTLEMENT_AGREED;
    TRY(record_change(cx, &SETTLEMENTS, "reject", settlement, &after));
    return tell(cx, &after, "settlement.agreed", true, R(FINANCE));
}

/* ---- finance (V3.3): it applies the result, and changes nothing of it ---- */

enum result settlement_approve(struct ctx *cx, const struct settlement *settlement,
                               const char *sha256_seen)
{
    struct settlement after = *settlement;
    TRY(demand_state(cx, settlement, SETTLEMENT_AGREED));
    TRY(demand_second_person(cx, settlement));
    TRY(settlement_demand_ready(cx, settlement));
    TRY(put_name(cx, settlement, "finance", sha256_seen));
    after.approver_id = cx->actor->person_id;
    after.approved_at = cx->now;
    after.state = SETTLEMENT_APPROVED;
    TRY(record_change(cx, &SETTLEMENTS, "approve", settlement, &after));
    return tell(cx, &after, "settlement.approved", true, settlement->cap_reached ? R(DIVISION) : 0);
}

enum result settlement_return(struct ctx *cx, const struct settlement *settlement,
                              const char *reason)
{
    struct settlement after = *settlement;
    TRY(demand_state(cx, settlement, SETTLEMENT_AGREED));
    after.returned = text_plain(cx->mem, reason);
    check_reason(cx, after.returned);
    TRY(rejected(cx));
    TRY(open_again(cx, settlement, "return", &after));
    return tell(cx, &after, "settlement.returned", false, 0);
}

enum result settlement_pay(struct ctx *cx, const struct settlement *settlement, struct date paid_on,
                           const char *voucher)
{
    struct settlement after = *settlement;
    TRY(demand_state(cx, settlement, SETTLEMENT_APPROVED));
    TRY(settlement_demand_ready(cx, settlement));
    after.voucher = text_plain(cx->mem, voucher);
    if (!*after.voucher)
        reject_clause(cx, "V3.3", "voucher", "required");
    check_words(cx, "voucher", after.voucher, VOUCHER_MOST);
    if (!paid_on.days)
        reject_clause(cx, "V3.3", "paid_on", "required");
    else if (paid_on.days > instant_date(cx->now, SHANGHAI_OFFSET_MIN).days)
        reject_clause(cx, "V3.3", "paid_on", "in_the_future");
    else if (paid_on.days < instant_date(settlement->approved_at, SHANGHAI_OFFSET_MIN).days)
        reject_clause(cx, "V3.3", "paid_on", "before_approval");
    TRY(rejected(cx));
    after.paid_on = paid_on;
    after.payer_id = cx->actor->person_id;
    after.paid_at = cx->now;
    after.state = SETTLEMENT_PAID;
    TRY(record_change(cx, &SETTLEMENTS, "pay", settlement, &after));
    return tell(cx, &after, "settlement.paid", true, 0);
}

/* ---- proof ---- */

/* Its lines give its sums, each rule's line the amount of its own figures, and the whole the digest
 * that was signed. */
static enum result differing(struct ctx *cx, const struct settlement *settlement, const char **out)
{
    struct settlement sums = *settlement;
    struct settlement_line *lines;
    size_t count;
    *out = NULL;
    if (!settlement_lines_read(cx, settlement->lines, &lines, &count)) {
        *out = "lines";
        return OK;
    }
    for (size_t i = 0; i < count; i++) {
        struct money amount = lines[i].amount_fen;
        if (lines[i].kind == LINE_RULE || lines[i].kind == LINE_LATE)
            TRY(settlement_line_worked(cx, &lines[i], &amount));
        if (lines[i].kind == LINE_CLAIM) {
            struct acceptance_defect defect;
            TRY(record_get(cx, &ACCEPTANCE_DEFECTS, lines[i].defect_id, &defect));
            amount = defect.cost_fen;
        }
        if (amount.fen != lines[i].amount_fen.fen)
            *out = lines[i].rule;
    }
    settlement_sum(&sums, lines, count);
    if (sums.payable_fen.fen != settlement->payable_fen.fen ||
        sums.deducted_fen.fen != settlement->deducted_fen.fen)
        *out = "payable_fen";
    if (strcmp(record_digest(cx->mem, &SETTLEMENTS, settlement), settlement->sha256) != 0)
        *out = "sha256";
    return OK;
}

#define AT_ONCE 500
enum result settlements_verify(struct ctx *cx, int64_t *out_count, int64_t *out_broken,
                               const char **out_what)
{
    int64_t last = 0;
    struct list list;
    *out_count = *out_broken = 0;
    *out_what = "";
    do {
        TRY(record_select(cx, &SETTLEMENTS, "approved",
                          "t.state IN ('approved', 'paid') AND t.id > $1 ORDER BY t.id LIMIT 500",
                          PARAMS(param_number(last)), &list));
        const struct settlement *settlements = list.rows;
        for (size_t i = 0; i < list.count; i++) {
            const char *what;
            last = settlements[i].id;
            TRY(differing(cx, &settlements[i], &what));
            if (!what) {
                (*out_count)++;
            } else if (!*out_broken) {
                *out_broken = last;
                *out_what = what;
            }
        }
    } while (list.count == AT_ONCE);
    return OK;
}
