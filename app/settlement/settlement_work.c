/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From the fee, the result, the rules and the events of a month to the lines of its statement. */
#include "app/settlement/settlement_private.h"

#include "app/settlement/settlement.sql.h"
#include "base/doc.h"
#include "base/texts.h"

#include <stdlib.h>
#include <string.h>

#define AT_ONCE 500 /* events */

/* A statement that was sent. */
struct sent {
    const struct settlement *settlement;
    struct settlement_line *lines;
    size_t count;
};

struct working {
    struct ctx *cx;
    struct settlement *settlement;
    const struct contract *contract;
    struct month rules_month;       /* whose rules hold */
    struct deduction_event *events; /* that count and are in no other statement */
    size_t event_count;
    struct finding *findings; /* that count, of all months until this one */
    size_t finding_count;
    struct sent *sent; /* the others of the contract */
    size_t sent_count;
    struct settlement_line *lines;
    size_t count, room;
};

/* Of a one-off contract: it is settled as a whole, whatever month something is of. */
static bool is_whole(const struct working *working)
{
    return working->settlement->kind != SETTLEMENT_MONTH;
}

static bool same_month(const struct working *working, struct month one, struct month other)
{
    return is_whole(working) || one.months == other.months;
}

/* Are they settled in one line? */
static bool same_line(const struct working *working, const struct deduction_event *one,
                      const struct deduction_event *other)
{
    return one->rule_id == other->rule_id && same_month(working, one->month, other->month);
}

/* Lines that were added before move. */
static struct settlement_line *line_add(struct working *working, enum settlement_line_kind kind,
                                        struct month month)
{
    if (working->count == working->room) {
        struct settlement_line *lines = working->lines;
        working->room = 2 * working->room + 64;
        working->lines = ARENA_ARRAY(working->cx->mem, struct settlement_line, working->room);
        if (working->count)
            memcpy(working->lines, lines, working->count * sizeof *lines);
    }
    struct settlement_line *line = &working->lines[working->count++];
    *line = (struct settlement_line){.kind = kind, .month = month};
    fields_blank(SETTLEMENT_LINE_FIELDS, line);
    return line;
}

/* ---- what was settled before ---- */

static enum result read_sent(struct working *working)
{
    struct list list;
    TRY(record_select(working->cx, &SETTLEMENTS, "sent",
                      "t.contract_id = $1 AND t.id <> $2 AND t.state <> 'drafted' AND "
                      "t.state <> 'dropped' ORDER BY t.id",
                      PARAMS(P(working->contract->id), param_number(working->settlement->id)),
                      &list));
    const struct settlement *settlements = list.rows;
    working->sent = ARENA_ARRAY(working->cx->mem, struct sent, list.count + 1);
    working->sent_count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct sent *sent = &working->sent[i];
        sent->settlement = &settlements[i];
        TRY(settlement_lines(working->cx, sent->settlement, &sent->lines, &sent->count));
    }
    return OK;
}

#define BY_RULES (1u << LINE_RULE | 1u << LINE_LATE)
#define WITHIN_CAPS (BY_RULES | 1u << LINE_CAPPED)
#define BY_ANYTHING (WITHIN_CAPS | 1u << LINE_CORRECTION)

/* What they took off in lines of these kinds: of a month (none: of all), by a rule (0: by any). */
static int64_t settled_sum(const struct working *working, unsigned kinds, struct month month,
                           int64_t rule_id)
{
    int64_t sum = 0;
    for (size_t i = 0; i < working->sent_count; i++)
        for (size_t k = 0; k < working->sent[i].count; k++) {
            const struct settlement_line *line = &working->sent[i].lines[k];
            if (kinds >> line->kind & 1 && (!rule_id || line->rule_id == rule_id) &&
                (!month.months || same_month(working, line->month, month)))
                sum += line->amount_fen.fen;
        }
    return sum;
}

/* The fee that the statement froze which settled that month, or what was accepted. */
static struct money settled_fee(const struct working *working, struct month month)
{
    for (size_t i = 0; i < working->sent_count; i++) {
        const struct settlement *settlement = working->sent[i].settlement;
        if (settlement->kind == SETTLEMENT_ACCEPTANCE || settlement->month.months == month.months)
            return settlement->fee_fen;
    }
    return (struct money){0};
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

/* Of long-term contracts alone people are asked for. */
static enum result put_attendance(struct working *working, struct settlement_line *line)
{
    if (is_whole(working))
        return OK;
    return settlement_person_days(working->cx, working->contract, line->month, &line->person_days,
                                  &line->missing);
}

/* Findings that cost points, by problem: a notice each, again for each round that failed. */
static void put_findings(const struct working *working, struct settlement_line *line)
{
    for (size_t i = 0; i < working->finding_count; i++) {
        const struct finding *finding = &working->findings[i];
        if (!same_month(working, finding->month, line->month))
            continue;
        line->events++;
        line->taken.hundredths += finding->points.hundredths;
        line->findings = listed(working->cx->mem, line->findings, finding->id);
    }
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
    if (rule->rests_on == TRIGGER_FINDINGS) {
        put_findings(working, line);
        line->former_fen.fen = settled_sum(working, BY_RULES, line->month, rule->id);
    }
    for (size_t i = 0; i < working->event_count; i++)
        if (working->events[i].rule_id == rule->id &&
            same_month(working, working->events[i].month, settlement->month))
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

/* A line of a month that was settled before: what its rule comes to now by that month's fee, less
 * what was settled of it. */
static struct settlement_line *late_line(struct working *working, const struct deduction_rule *rule,
                                         struct month month)
{
    struct settlement_line *line = line_add(working, LINE_LATE, month);
    name_rule(line, rule);
    line->fee_fen = settled_fee(working, month);
    line->former_fen.fen = settled_sum(working, BY_RULES, month, rule->id);
    return line;
}

/* An event of a month that was settled without it. */
static enum result late_event(struct working *working, size_t first)
{
    struct ctx *cx = working->cx;
    const struct deduction_event *event = &working->events[first];
    struct deduction_rule rule;
    struct list settled;
    TRY(record_get(cx, &DEDUCTION_RULES, event->rule_id, &rule));
    struct settlement_line *line = late_line(working, &rule, event->month);
    TRY(record_select(
        cx, &DEDUCTION_EVENTS, "settled",
        "t.rule_id = $1 AND (t.month = $2 OR $4 = TRUE) AND t.settlement_id IS NOT NULL AND "
        "t.settlement_id <> $3 ORDER BY t.id",
        PARAMS(P(event->rule_id), P(event->month), param_number(working->settlement->id),
               P(is_whole(working))),
        &settled));
    for (size_t i = 0; i < settled.count; i++)
        put_event(working, line, (const struct deduction_event *)settled.rows + i);
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

/* What the findings of a settled month come to since appeals against them were decided or their
 * time passed: more, or less. Lines of before, which do not name their notices, are people's to
 * correct. */
static enum result late_findings(struct working *working, const struct settlement_line *settled)
{
    struct deduction_rule rule;
    struct settlement_line *line;
    if (settled->kind != LINE_RULE || *settled->evidence ||
        !deduct_may_rest_on(settled->function, TRIGGER_FINDINGS) ||
        (settled->events && !*settled->findings))
        return OK;
    TRY(record_get(working->cx, &DEDUCTION_RULES, settled->rule_id, &rule));
    line = late_line(working, &rule, settled->month);
    put_findings(working, line);
    put_points(line, &rule);
    TRY(settlement_line_worked(working->cx, line, &line->amount_fen));
    if (!line->amount_fen.fen)
        working->count--; /* nothing else came of it */
    return OK;
}

static const struct deduction_rule *cap_of(const struct deduction_rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rules[i].function == DEDUCT_CAP)
            return &rules[i];
    return NULL;
}

/* What lines from `first` on take off for a month by rules. */
static int64_t taken_for(const struct working *working, size_t first, struct month month)
{
    int64_t sum = 0;
    for (size_t i = first; i < working->count; i++)
        if (BY_RULES >> working->lines[i].kind & 1 &&
            same_month(working, working->lines[i].month, month))
            sum += working->lines[i].amount_fen.fen;
    return sum;
}

/* `value`, or what of 0 .. `end` (`end` .. 0) lies nearest. */
static int64_t towards(int64_t value, int64_t end)
{
    const int64_t least = end < 0 ? end : 0, most = end > 0 ? end : 0;
    return value < least ? least : value > most ? most : value;
}

/* Brings what lines from `first` on take off for a month, by rules, within its fee and both caps,
 * with what was taken off for it before. `*all`: what was taken off for all months until now. */
static enum result apply_cap(struct working *working, size_t first, struct month month,
                             struct money fee, int64_t *all)
{
    struct settlement *settlement = working->settlement;
    struct deduction_rule *rules;
    size_t count;
    TRY(deduction_rules_for(working->cx, working->contract->id,
                            is_whole(working) ? working->rules_month : month, &rules, &count));
    const struct deduction_rule *cap = cap_of(rules, count);
    const struct deduct_terms terms = cap ? rule_terms(cap) : (struct deduct_terms){0};
    const int64_t sum = taken_for(working, first, month);
    const int64_t before = settled_sum(working, WITHIN_CAPS, month, 0);
    const int64_t room = fee.fen - settled_sum(working, BY_ANYTHING, month, 0);
    const struct money most = deduct_capped(
        cap ? &terms : NULL, (struct money){settled_sum(working, BY_RULES, month, 0) + sum}, fee,
        (struct money){*all - before}, working->contract->amount_fen, &settlement->cap_reached);
    const int64_t left = towards(most.fen - before < room ? most.fen - before : room, sum);
    *all += left;
    if (left == sum)
        return OK;
    struct settlement_line *line = line_add(working, LINE_CAPPED, month);
    if (cap)
        name_rule(line, cap);
    line->fee_fen = fee;
    line->former_fen.fen = *all - left;
    line->amount_fen.fen = left - sum;
    return OK;
}

/* Each month of the lines from `first` on within its caps. */
static enum result cap_late(struct working *working, size_t first, int64_t *all)
{
    const size_t end = working->count;
    for (size_t i = first; i < end; i++) {
        const struct month late = working->lines[i].month;
        bool seen = false;
        for (size_t k = first; k < i; k++)
            seen = seen || same_month(working, working->lines[k].month, late);
        if (!seen)
            TRY(apply_cap(working, first, late, working->lines[i].fee_fen, all));
    }
    return OK;
}

static enum result late_lines(struct working *working, int64_t *all)
{
    const size_t first = working->count;
    const bool retention = working->settlement->kind == SETTLEMENT_RETENTION;
    const struct month month = working->settlement->month;
    for (size_t i = 0; i < working->event_count; i++)
        if ((retention || working->events[i].month.months < month.months) &&
            is_first_of_its_kind(working, i))
            TRY(late_event(working, i));
    for (size_t i = 0; i < working->sent_count; i++)
        for (size_t k = 0; k < working->sent[i].count; k++)
            if (retention || working->sent[i].lines[k].month.months < month.months)
                TRY(late_findings(working, &working->sent[i].lines[k]));
    return cap_late(working, first, all);
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
        "AND (t.month < $2 OR $3 = TRUE) ORDER BY t.id",
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
    int64_t all = settled_sum(working, WITHIN_CAPS, (struct month){0}, 0);
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
    TRY(late_lines(working, &all));
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

/* The events that count: of this month, and of months that were settled without them. */
static enum result read_events(struct working *working)
{
    const struct settlement *settlement = working->settlement;
    struct list list;
    int64_t last = 0;
    do {
        TRY(record_select(
            working->cx, &DEDUCTION_EVENTS, "counting",
            "t.contract_id = $1 AND t.month <= $2 AND t.settlement_id IS NULL AND "
            "(t.state = 'stands' OR (t.state = 'told' AND t.object_by < $3)) AND "
            "($4 = TRUE OR t.month = $2 OR EXISTS (SELECT 1 FROM settlements s WHERE "
            "s.contract_id = t.contract_id AND s.month = t.month AND s.state <> 'drafted' AND "
            "s.state <> 'dropped')) AND t.id > $5 ORDER BY t.id LIMIT 500",
            PARAMS(P(working->contract->id), P(settlement->month), P(working->cx->now),
                   P(is_whole(working)), param_number(last)),
            &list));
        const struct deduction_event *events = list.rows;
        struct deduction_event *all = ARENA_ARRAY(working->cx->mem, struct deduction_event,
                                                  working->event_count + list.count + 1);
        if (working->event_count)
            memcpy(all, working->events, working->event_count * sizeof *all);
        if (list.count) {
            memcpy(all + working->event_count, events, list.count * sizeof *all);
            last = events[list.count - 1].id;
        }
        working->events = all;
        working->event_count += list.count;
    } while (list.count == AT_ONCE);
    return OK;
}

/* Of a one-off contract those rules hold that held when its work was accepted: nobody picks them by
 * the month of the statement. */
static enum result read_rules_month(struct working *working)
{
    const struct settlement *settlement = working->settlement;
    struct acceptance acceptance;
    working->rules_month = settlement->month;
    if (!is_whole(working) || !settlement->acceptance_id)
        return OK;
    TRY(record_get(working->cx, &ACCEPTANCES, settlement->acceptance_id, &acceptance));
    working->rules_month = month_of(instant_date(acceptance.final_at, SHANGHAI_OFFSET_MIN));
    return OK;
}

static enum result add_lines(struct working *working)
{
    struct settlement *settlement = working->settlement;
    struct deduction_rule *rules;
    size_t rule_count;
    int64_t all = settled_sum(working, WITHIN_CAPS, (struct month){0}, 0);
    TRY(deduction_rules_for(working->cx, working->contract->id, working->rules_month, &rules,
                            &rule_count));
    for (size_t i = 0; i < rule_count; i++)
        if (rules[i].function != DEDUCT_CAP)
            TRY(rule_line(working, &rules[i]));
    TRY(settlement->kind == SETTLEMENT_MONTH ? late_lines(working, &all)
                                             : former_rules(working, rules, rule_count));
    TRY(correction_lines(working));
    TRY(apply_cap(working, 0, settlement->month, settlement->fee_fen, &all));
    settlement_sum(settlement, working->lines, working->count);
    return OK;
}

enum result settlement_work(struct ctx *cx, struct settlement *settlement,
                            struct settlement_line **out, size_t *out_count)
{
    struct working working = {.cx = cx, .settlement = settlement};
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, settlement->contract_id, &contract));
    working.contract = &contract;
    TRY(read_rules_month(&working));
    TRY(read_events(&working));
    TRY(settlement_findings(cx, contract.id, &working.findings, &working.finding_count));
    TRY(read_sent(&working));
    TRY(settlement->kind == SETTLEMENT_RETENTION ? claim_lines(&working) : add_lines(&working));
    *out = working.lines;
    *out_count = working.count;
    return OK;
}

/* ---- settled ---- */

static enum result mark_correction(struct ctx *cx, int64_t id, int64_t correction_id, bool taken)
{
    struct settlement_correction before, after;
    TRY(record_get(cx, &SETTLEMENT_CORRECTIONS, correction_id, &before));
    after = before;
    after.settled_id = taken ? id : 0;
    return record_change(cx, &SETTLEMENT_CORRECTIONS, taken ? "take_in" : "take_out", &before,
                         &after);
}

static enum result mark_event(struct ctx *cx, int64_t id, int64_t event_id, bool taken)
{
    struct deduction_event before, after;
    TRY(record_get(cx, &DEDUCTION_EVENTS, event_id, &before));
    after = before;
    after.settlement_id = taken ? id : 0;
    if (before.settlement_id && before.settlement_id != id)
        return OK; /* of a late line: settled before */
    return record_change(cx, &DEDUCTION_EVENTS, taken ? "take_in" : "take_out", &before, &after);
}

enum result settlement_mark(struct ctx *cx, int64_t id, const struct settlement_line *lines,
                            size_t count, bool taken)
{
    for (size_t i = 0; i < count; i++) {
        if (lines[i].correction_id)
            TRY(mark_correction(cx, id, lines[i].correction_id, taken));
        for (const char *at = lines[i].evidence; *at;) {
            char *end;
            TRY(mark_event(cx, id, strtoll(at, &end, 10), taken));
            at = end + (*end == ' ');
        }
    }
    return OK;
}
