/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From the fee, the result, the rules and the events of a month to the lines of its statement. */
#include "app/settlement/settlement_private.h"

#include "app/settlement/settlement.sql.h"
#include "app/staffing/requirement.h"
#include "base/doc.h"
#include "base/texts.h"

#include <stdlib.h>
#include <string.h>

#define EVENTS_MOST 400

struct working {
    struct ctx *cx;
    struct settlement *settlement;
    const struct contract *contract;
    const struct deduction_event *events; /* that count and are in no other statement */
    size_t event_count;
    struct settlement_line *lines;
    size_t count;
};

/* Of a one-off contract: it is settled as a whole, whatever month something is of. */
static bool is_whole(const struct working *working)
{
    return working->settlement->kind != SETTLEMENT_MONTH;
}

/* Are they settled in one line? */
static bool same_line(const struct working *working, const struct deduction_event *one,
                      const struct deduction_event *other)
{
    return one->rule_id == other->rule_id &&
           (is_whole(working) || one->month.months == other->month.months);
}

static struct settlement_line *line_add(struct working *working, enum settlement_line_kind kind,
                                        struct month month)
{
    struct settlement_line *line = &working->lines[working->count++];
    *line = (struct settlement_line){.kind = kind, .month = month};
    fields_blank(SETTLEMENT_LINE_FIELDS, line);
    return line;
}

/* ---- a line's own figures ---- */

static size_t stated_amounts(struct arena *arena, const char *stated, struct money **out)
{
    size_t count = 0;
    *out = ARENA_ARRAY(arena, struct money, strlen(stated) + 1);
    for (const char *at = stated; *at;) {
        char *end;
        (*out)[count++].fen = strtoll(at, &end, 10);
        at = end + (*end == ' ');
    }
    return count;
}

static struct deduct_facts line_facts(struct arena *arena, const struct settlement_line *line)
{
    struct money *amounts;
    const size_t stated = stated_amounts(arena, line->stated, &amounts);
    struct deduct_facts facts = {.fee = line->fee_fen,
                                 .scored = line->scored,
                                 .total = line->total,
                                 .taken = line->taken,
                                 .events = line->events,
                                 .amounts = amounts,
                                 .person_days = line->person_days,
                                 .missing = line->missing};
    if (line->function == DEDUCT_EXTERNAL)
        facts.events = (int32_t)stated;
    return facts;
}

enum result settlement_line_worked(struct ctx *cx, const struct settlement_line *line,
                                   struct money *out)
{
    struct deduction_rule rule;
    TRY(record_get(cx, &DEDUCTION_RULES, line->rule_id, &rule));
    const struct deduct_terms terms = rule_terms(&rule);
    const struct deduct_facts facts = line_facts(cx->mem, line);
    *out = (struct money){deduct(&terms, &facts).fen - line->former_fen.fen};
    return OK;
}

enum result settlement_line_words(struct ctx *cx, const struct settlement_line *line,
                                  enum lang lang, const char **out)
{
    struct deduction_rule rule;
    char amount[MONEY_MAX_TEXT], month[MONTH_MAX_TEXT];
    *out = line->reason;
    if (!line->rule_id)
        return OK;
    TRY(record_get(cx, &DEDUCTION_RULES, line->rule_id, &rule));
    const struct deduct_terms terms = rule_terms(&rule);
    const struct deduct_facts facts = line_facts(cx->mem, line);
    *out = deduct_words(cx, &terms, &facts, lang);
    if (line->kind != LINE_LATE)
        return OK;
    money_format(line->former_fen, true, amount);
    month_format(line->month, month);
    *out = texts_fill(cx->mem, "settlements.late_words", lang,
                      (const char *const[]){month, *out, amount});
    return OK;
}

/* ---- what a rule of a month comes to ---- */

static const char *listed(struct arena *arena, const char *list, int64_t number)
{
    return arena_printf(arena, *list ? "%s %lld" : "%s%lld", list, (long long)number);
}

/* Of the events that are settled (by which: 0 none yet) in that month by that rule. */
static void put_event(struct working *working, struct settlement_line *line,
                      const struct deduction_event *event)
{
    struct arena *arena = working->cx->mem;
    line->events++;
    line->taken.hundredths += event->points.hundredths;
    line->evidence = listed(arena, line->evidence, event->id);
    if (line->function == DEDUCT_EXTERNAL)
        line->stated = listed(arena, line->stated, event->amount_fen.fen);
}

static enum result put_attendance(struct working *working, struct settlement_line *line)
{
    struct staff_day *days;
    size_t count;
    TRY(staff_days(working->cx, working->contract, month_first(line->month),
                   month_last(line->month), &days, &count));
    for (size_t i = 0; i < count; i++) {
        line->person_days += days[i].required;
        line->missing += days[i].shortfall;
    }
    return OK;
}

/* Findings that cost points, by problem: a notice each, again for each round that failed. */
static enum result put_findings(struct working *working, struct settlement_line *line)
{
    return settlement_findings(working->cx, line->month, working->contract->id, &line->events,
                               &line->taken);
}

static void name_rule(struct settlement_line *line, const struct deduction_rule *rule)
{
    line->rule_id = rule->id;
    line->rule = rule->name;
    line->term = rule->term;
    line->function = rule->function;
}

/* The points that an amount stands for: those below the line, or those taken. */
static void put_points(struct settlement_line *line, const struct deduction_rule *rule)
{
    line->points = line->taken;
    if (rule->rests_on == TRIGGER_RESULT && line->scored)
        line->points.hundredths = rule->line.hundredths > line->total.hundredths
                                      ? rule->line.hundredths - line->total.hundredths
                                      : 0;
}

static enum result rule_line(struct working *working, const struct deduction_rule *rule)
{
    const struct settlement *settlement = working->settlement;
    struct settlement_line *line = line_add(working, LINE_RULE, settlement->month);
    name_rule(line, rule);
    line->fee_fen = settlement->fee_fen;
    line->scored = settlement->scored;
    line->total = settlement->total;
    if (rule->rests_on == TRIGGER_ATTENDANCE)
        TRY(put_attendance(working, line));
    if (rule->rests_on == TRIGGER_FINDINGS)
        TRY(put_findings(working, line));
    for (size_t i = 0; i < working->event_count; i++)
        if (working->events[i].rule_id == rule->id &&
            (is_whole(working) || working->events[i].month.months == settlement->month.months))
            put_event(working, line, &working->events[i]);
    put_points(line, rule);
    const bool by_events = rule->rests_on == TRIGGER_EVENT || rule->rests_on == TRIGGER_EXTERNAL;
    if (by_events && !line->events)
        working->count--; /* nothing happened: nothing to say */
    else
        TRY(settlement_line_worked(working->cx, line, &line->amount_fen));
    return OK;
}

/* ---- what comes late ---- */

/* The fee that the statement froze which settled that month, or what was accepted. */
static enum result settled_fee(struct working *working, struct month month, struct money *out)
{
    struct list list;
    TRY(record_select(
        working->cx, &SETTLEMENTS, "settled",
        "t.contract_id = $1 AND t.id <> $2 AND t.state <> 'drafted' AND t.state <> 'dropped' AND "
        "(t.kind = 'acceptance' OR t.month = $3) ORDER BY t.id LIMIT 1",
        PARAMS(P(working->contract->id), param_number(working->settlement->id), P(month)), &list));
    *out = list.count ? ((const struct settlement *)list.rows)->fee_fen : (struct money){0};
    return OK;
}

/* An event of a month that was settled without it: the difference that it makes by that month's
 * rule and fee, with what was settled of the rule then. */
static enum result late_line(struct working *working, size_t first)
{
    struct ctx *cx = working->cx;
    const struct deduction_event *event = &working->events[first];
    struct deduction_rule rule;
    struct list settled;
    struct settlement_line *line = line_add(working, LINE_LATE, event->month);
    TRY(record_get(cx, &DEDUCTION_RULES, event->rule_id, &rule));
    name_rule(line, &rule);
    TRY(settled_fee(working, event->month, &line->fee_fen));
    TRY(record_select(
        cx, &DEDUCTION_EVENTS, "settled",
        "t.rule_id = $1 AND (t.month = $2 OR $4 = TRUE) AND t.settlement_id IS NOT NULL AND "
        "t.settlement_id <> $3 ORDER BY t.id",
        PARAMS(P(event->rule_id), P(event->month), param_number(working->settlement->id),
               P(is_whole(working))),
        &settled));
    for (size_t i = 0; i < settled.count; i++)
        put_event(working, line, (const struct deduction_event *)settled.rows + i);
    TRY(settlement_line_worked(cx, line, &line->former_fen));
    for (size_t i = first; i < working->event_count; i++)
        if (same_line(working, &working->events[i], event))
            put_event(working, line, &working->events[i]);
    put_points(line, &rule);
    return settlement_line_worked(cx, line, &line->amount_fen);
}

static bool is_first_of_its_kind(const struct working *working, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (same_line(working, &working->events[i], &working->events[at]))
            return false;
    return true;
}

/* What was taken off for a month by the statements that were sent, in lines of whichever of them.
 */
static enum result taken_before(struct working *working, struct month month, int64_t *out)
{
    struct list list;
    *out = 0;
    TRY(record_select(
        working->cx, &SETTLEMENTS, "sent",
        "t.contract_id = $1 AND t.id <> $2 AND t.state <> 'drafted' AND t.state <> 'dropped' AND "
        "t.month >= "
        "$3 ORDER BY t.id",
        PARAMS(P(working->contract->id), param_number(working->settlement->id), P(month)), &list));
    const struct settlement *settlements = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        struct settlement_line *lines;
        size_t count;
        TRY(settlement_lines(working->cx, &settlements[i], &lines, &count));
        for (size_t k = 0; k < count; k++)
            if (lines[k].month.months == month.months)
                *out += lines[k].amount_fen.fen;
    }
    return OK;
}

/* All that is taken off for a month, late or not, is no more than its fee. */
static enum result limit_late(struct working *working, size_t first)
{
    const size_t end = working->count;
    for (size_t i = first; i < end; i++) {
        const struct settlement_line *late = &working->lines[i];
        int64_t sum = 0, before;
        bool seen = false;
        for (size_t k = first; k < end; k++) {
            const bool same = working->lines[k].month.months == late->month.months;
            seen = seen || (same && k < i);
            sum += same ? working->lines[k].amount_fen.fen : 0;
        }
        if (seen)
            continue;
        TRY(taken_before(working, late->month, &before));
        const int64_t room = late->fee_fen.fen > before ? late->fee_fen.fen - before : 0;
        if (sum <= room)
            continue;
        struct settlement_line *line = line_add(working, LINE_CAPPED, late->month);
        line->fee_fen = late->fee_fen;
        line->former_fen.fen = before;
        line->amount_fen.fen = room - sum;
    }
    return OK;
}

static enum result late_lines(struct working *working)
{
    const size_t first = working->count;
    for (size_t i = 0; i < working->event_count; i++) {
        const struct deduction_event *event = &working->events[i];
        const bool late = working->settlement->kind == SETTLEMENT_RETENTION ||
                          event->month.months < working->settlement->month.months;
        if (late && is_first_of_its_kind(working, i))
            TRY(late_line(working, i));
    }
    return working->settlement->kind == SETTLEMENT_MONTH ? limit_late(working, first) : OK;
}

/* Events of a one-off contract by rules that others replaced since they were recorded. */
static enum result former_rules(struct working *working, const struct deduction_rule *rules,
                                size_t rule_count)
{
    for (size_t i = 0; i < working->event_count; i++) {
        struct deduction_rule rule;
        bool holds = false;
        for (size_t k = 0; k < rule_count; k++)
            holds = holds || rules[k].id == working->events[i].rule_id;
        if (holds || !is_first_of_its_kind(working, i))
            continue;
        TRY(record_get(working->cx, &DEDUCTION_RULES, working->events[i].rule_id, &rule));
        TRY(rule_line(working, &rule));
    }
    return OK;
}

static enum result correction_lines(struct working *working)
{
    struct list list;
    TRY(record_select(
        working->cx, &SETTLEMENT_CORRECTIONS, "due",
        "t.contract_id = $1 AND t.state = 'approved' AND t.settled_id IS NULL "
        "AND (t.month < $2 OR $3 = TRUE) ORDER BY t.id LIMIT 100",
        PARAMS(P(working->contract->id), P(working->settlement->month), P(is_whole(working))),
        &list));
    const struct settlement_correction *corrections = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        struct settlement_line *line = line_add(working, LINE_CORRECTION, corrections[i].month);
        line->correction_id = corrections[i].id;
        line->reason = corrections[i].reason;
        line->amount_fen.fen = -corrections[i].amount_fen.fen; /* taken off, in lines */
    }
    return OK;
}

/* What others mended in the provider's place, and what came after the acceptance was settled; what
 * of it goes beyond the money that was kept back is asked for apart. */
static enum result claim_lines(struct working *working)
{
    struct settlement *settlement = working->settlement;
    struct list list;
    TRY(record_select(working->cx, &ACCEPTANCE_DEFECTS, "charged",
                      "t.contract_id = $1 AND t.state = 'charged' ORDER BY t.id LIMIT 300",
                      PARAMS(P(working->contract->id)), &list));
    const struct acceptance_defect *defects = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        struct settlement_line *line = line_add(working, LINE_CLAIM, settlement->month);
        line->defect_id = defects[i].id;
        line->term = defects[i].term;
        line->reason = defects[i].found;
        line->amount_fen = defects[i].cost_fen;
    }
    TRY(late_lines(working));
    TRY(correction_lines(working));
    settlement_sum(settlement, working->lines, working->count);
    if (settlement->payable_fen.fen < 0) {
        struct settlement_line *line = line_add(working, LINE_CAPPED, settlement->month);
        line->fee_fen = settlement->fee_fen;
        line->amount_fen = settlement->payable_fen;
    }
    settlement->cap_reached = false;
    settlement_sum(settlement, working->lines, working->count);
    return OK;
}

/* ---- the sums ---- */

void settlement_sum(struct settlement *settlement, const struct settlement_line *lines,
                    size_t count)
{
    settlement->deducted_fen = settlement->adjusted_fen = (struct money){0};
    for (size_t i = 0; i < count; i++) {
        const bool of_before = lines[i].kind == LINE_LATE || lines[i].kind == LINE_CORRECTION ||
                               lines[i].month.months < settlement->month.months;
        struct money *sum = of_before ? &settlement->adjusted_fen : &settlement->deducted_fen;
        sum->fen += lines[i].amount_fen.fen;
    }
    const int64_t left =
        settlement->fee_fen.fen - settlement->deducted_fen.fen - settlement->adjusted_fen.fen;
    settlement->retained_fen = (struct money){0};
    if (settlement->kind == SETTLEMENT_ACCEPTANCE && left > 0)
        settlement->retained_fen =
            money_share(settlement->fee_fen, settlement->retention_share.hundredths, 10000);
    if (settlement->retained_fen.fen > left)
        settlement->retained_fen.fen = left > 0 ? left : 0; /* no more than there is */
    settlement->payable_fen.fen = left - settlement->retained_fen.fen;
}

static const struct deduction_rule *cap_of(const struct deduction_rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rules[i].function == DEDUCT_CAP)
            return &rules[i];
    return NULL;
}

static enum result apply_cap(struct working *working, const struct deduction_rule *cap)
{
    struct settlement *settlement = working->settlement;
    struct deduct_terms terms;
    int64_t before;
    TRY(db_int(working->cx, &q_deducted_before,
               PARAMS(P(settlement->contract_id), param_number(settlement->id)), &before));
    for (size_t i = 0; i < working->count; i++) /* what comes late with this one */
        if (working->lines[i].month.months < settlement->month.months &&
            working->lines[i].kind != LINE_CORRECTION)
            before += working->lines[i].amount_fen.fen;
    settlement_sum(settlement, working->lines, working->count);
    if (cap)
        terms = rule_terms(cap);
    const struct money left = deduct_capped(
        cap ? &terms : NULL, settlement->deducted_fen, settlement->fee_fen, (struct money){before},
        working->contract->amount_fen, &settlement->cap_reached);
    if (left.fen != settlement->deducted_fen.fen) {
        struct settlement_line *line = line_add(working, LINE_CAPPED, settlement->month);
        if (cap)
            name_rule(line, cap);
        line->fee_fen = settlement->fee_fen;
        line->former_fen.fen = before;
        line->amount_fen.fen = left.fen - settlement->deducted_fen.fen;
    }
    settlement_sum(settlement, working->lines, working->count);
    return OK;
}

enum result settlement_work(struct ctx *cx, struct settlement *settlement,
                            struct settlement_line **out, size_t *out_count)
{
    struct working working = {.cx = cx, .settlement = settlement};
    struct deduction_rule *rules;
    struct contract contract;
    struct list events;
    size_t rule_count;
    TRY(record_get(cx, &CONTRACTS, settlement->contract_id, &contract));
    working.contract = &contract;
    working.lines = ARENA_ARRAY(cx->mem, struct settlement_line, LINES_MOST);
    TRY(deduction_rules_for(cx, contract.id, settlement->month, &rules, &rule_count));
    TRY(record_select(
        cx, &DEDUCTION_EVENTS, "counting",
        "t.contract_id = $1 AND t.month <= $2 AND t.settlement_id IS NULL AND "
        "(t.state = 'stands' OR (t.state = 'told' AND t.object_by < $3)) AND "
        "($4 = TRUE OR t.month = $2 OR EXISTS (SELECT 1 FROM settlements s WHERE s.contract_id = "
        "t.contract_id AND s.month = t.month AND s.state <> 'drafted' AND s.state <> 'dropped')) "
        "ORDER BY t.id LIMIT 200",
        PARAMS(P(contract.id), P(settlement->month), P(cx->now), P(is_whole(&working))), &events));
    working.events = events.rows;
    working.event_count = events.count;
    if (settlement->kind == SETTLEMENT_RETENTION) {
        TRY(claim_lines(&working));
        *out = working.lines;
        *out_count = working.count;
        return OK;
    }
    for (size_t i = 0; i < rule_count; i++)
        if (rules[i].function != DEDUCT_CAP)
            TRY(rule_line(&working, &rules[i]));
    TRY(settlement->kind == SETTLEMENT_MONTH ? late_lines(&working)
                                             : former_rules(&working, rules, rule_count));
    TRY(correction_lines(&working));
    TRY(apply_cap(&working, cap_of(rules, rule_count)));
    *out = working.lines;
    *out_count = working.count;
    return OK;
}

/* ---- settled ---- */

enum result settlement_mark(struct ctx *cx, const struct settlement *settlement,
                            const struct settlement_line *lines, size_t count,
                            int64_t settlement_id)
{
    (void)settlement;
    for (size_t i = 0; i < count; i++) {
        if (lines[i].correction_id) {
            struct settlement_correction before, after;
            TRY(record_get(cx, &SETTLEMENT_CORRECTIONS, lines[i].correction_id, &before));
            after = before;
            after.settled_id = settlement_id;
            TRY(record_change(cx, &SETTLEMENT_CORRECTIONS, settlement_id ? "take_in" : "take_out",
                              &before, &after));
        }
        for (const char *at = lines[i].evidence; *at;) {
            char *end;
            struct deduction_event before, after;
            TRY(record_get(cx, &DEDUCTION_EVENTS, strtoll(at, &end, 10), &before));
            after = before;
            at = end + (*end == ' ');
            if (before.settlement_id && before.settlement_id != settlement->id)
                continue; /* of a late line: settled before */
            after.settlement_id = settlement_id;
            TRY(record_change(cx, &DEDUCTION_EVENTS, settlement_id ? "take_in" : "take_out",
                              &before, &after));
        }
    }
    return OK;
}
