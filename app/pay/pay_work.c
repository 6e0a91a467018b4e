/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where each line of a pay sheet comes from, and whether it still comes out of it. */
#include "app/pay/pay_private.h"

#include "app/attendance/attendance.h"
#include "app/pay/pay.sql.h"
#include "base/doc.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#define PEOPLE_MOST 20000
#define NAMED_MOST 20 /* of those who lack something */

/* What a line says, in the order in which it is written and digested. */
const struct field PAY_SAID_FIELDS[] = {
    FIELD(pay_line, person_id),
    FIELD(pay_line, sheet_id),
    FIELD(pay_line, terms_id),
    FIELD(pay_line, rule_id),
    FIELD(pay_line, minimum_id),
    FIELD(pay_line, code),
    FIELD(pay_line, days),
    FIELD(pay_line, unpaid_days),
    FIELD(pay_line, absent_days),
    FIELD(pay_line, sick_days),
    FIELD(pay_line, scored),
    FIELD(pay_line, score),
    FIELD(pay_line, base_fen),
    FIELD(pay_line, missed_fen),
    FIELD(pay_line, performance_base_fen),
    FIELD(pay_line, factor),
    FIELD(pay_line, performance_fen),
    FIELD(pay_line, adjustment_fen),
    FIELD(pay_line, made_up_fen),
    FIELD(pay_line, reward_fen),
    FIELD(pay_line, deducted_fen),
    FIELD(pay_line, left_over_fen),
    FIELD(pay_line, total_fen),
    FIELDS_END,
};

/* ---- days of the month ---- */

static const struct field MISSED_FIELDS[] = {
    FIELD(missed_days, person_id),
    FIELD(missed_days, unpaid),
    FIELD(missed_days, absent),
    FIELD(missed_days, sick),
    FIELDS_END,
};

/* Who calls on several contracts in one month: whichever began later pays from then on. */
struct turn {
    int64_t person_id;
    struct date since, next; /* none: from before, nothing */
};
static const struct field TURN_FIELDS[] = {
    FIELD(turn, person_id),
    FIELD(turn, since),
    FIELD(turn, next),
    FIELDS_END,
};

/* What other contracts' sheets of the month paid before. */
struct paid_days {
    int64_t person_id;
    int32_t days;
    struct points unpaid, absent, sick;
};
static const struct field PAID_FIELDS[] = {
    FIELD(paid_days, person_id), FIELD(paid_days, days), FIELD(paid_days, unpaid),
    FIELD(paid_days, absent),    FIELD(paid_days, sick), FIELDS_END,
};

/* Each by person; whoever has none is not there. */
struct month_days {
    struct month month;
    struct missed_days *missed; /* were not worked */
    struct turn *turns;
    struct paid_days *elsewhere;
    size_t missed_count, turn_count, elsewhere_count;
};

static enum result days_read(struct ctx *cx, const struct pay_sheet *sheet, struct month_days *out)
{
    const struct date first = month_first(sheet->month), last = month_last(sheet->month);
    out->month = sheet->month;
    TRY(db_list(cx, &q_pay_missed,
                PARAMS(P(sheet->provider_id), P(sheet->month), P(first), P(last)), MISSED_FIELDS,
                sizeof *out->missed, PEOPLE_MOST, &out->missed, &out->missed_count));
    TRY(db_list(cx, &q_pay_turns, PARAMS(P(sheet->contract_id), P(first), P(last)), TURN_FIELDS,
                sizeof *out->turns, PEOPLE_MOST, &out->turns, &out->turn_count));
    return db_list(
        cx, &q_pay_elsewhere, PARAMS(P(sheet->provider_id), P(sheet->contract_id), P(sheet->month)),
        PAID_FIELDS, sizeof *out->elsewhere, PEOPLE_MOST, &out->elsewhere, &out->elsewhere_count);
}

static int by_person(const void *a, const void *b)
{
    const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* Of rows that begin with their person's id. NULL: none. */
static const void *row_of(const void *rows, size_t count, size_t size, int64_t person_id)
{
    return count ? bsearch(&person_id, rows, count, size, by_person) : NULL;
}

#define ROW_OF(days, list, count, person_id)                                                       \
    row_of((days)->list, (days)->count, sizeof *(days)->list, person_id)

/* What this sheet takes of `whole`, after what another took, for at most so many days. */
static struct points rest_of(struct points whole, struct points taken, int64_t *left)
{
    int64_t rest = whole.hundredths - taken.hundredths;
    rest = rest < 0 ? 0 : rest > *left ? *left : rest;
    *left -= rest;
    return (struct points){rest};
}

/* Of one who is paid by several sheets, each takes what its own days hold and none took before. */
static struct missed_days missed_by(const struct month_days *days, int64_t person_id, int32_t paid)
{
    static const struct paid_days NOTHING;
    const struct missed_days key = {.person_id = person_id};
    const struct missed_days *whole = ROW_OF(days, missed, missed_count, person_id);
    const struct paid_days *other = ROW_OF(days, elsewhere, elsewhere_count, person_id);
    if (!whole || (!other && !ROW_OF(days, turns, turn_count, person_id)))
        return whole ? *whole : key;
    const struct paid_days *taken = other ? other : &NOTHING;
    int64_t left = paid * INT64_C(100);
    struct missed_days here = key;
    here.unpaid = rest_of(whole->unpaid, taken->unpaid, &left);
    here.absent = rest_of(whole->absent, taken->absent, &left);
    here.sick = rest_of(whole->sick, taken->sick, &left);
    return here;
}

/* ---- what it follows from ---- */

static const struct field PAYEE_FIELDS[] = {
    FIELD(payee, person_id),  FIELD(payee, name),
    FIELD(payee, code),       FIELD(payee, sheet_id),
    FIELD(payee, terms_id),   FIELD_ENUM(payee, subject, SCHEME_SUBJECTS),
    FIELD(payee, scored),     FIELD(payee, score),
    FIELD(payee, joined_on),  FIELD(payee, left_on),
    FIELD(payee, base_fen),   FIELD(payee, performance_base_fen),
    FIELD(payee, reward_fen), FIELD(payee, adjustment_fen),
    FIELD(payee, owed_fen),   FIELDS_END,
};

static enum result find_rule(struct ctx *cx, struct paying *paying, enum scheme_subject subject)
{
    const struct pay_sheet *sheet = paying->sheet;
    const char *kind = choice_name(SCHEME_SUBJECTS, subject);
    int64_t rule_id, minimum_id = 0;
    TRY(db_int(cx, &q_pay_rule_for, PARAMS(P(sheet->contract_id), P(kind), P(sheet->month)),
               &rule_id));
    if (rule_id) {
        TRY(record_get(cx, &PAY_RULES, rule_id, &paying->rules[subject]));
        TRY(db_int(cx, &q_pay_minimum_for,
                   PARAMS(P(sheet->provider_id), P(paying->rules[subject].region), P(sheet->month)),
                   &minimum_id));
    }
    return minimum_id ? record_get(cx, &MINIMUM_WAGES, minimum_id, &paying->minimums[subject]) : OK;
}

/* All that is missing at once: rules, the guard, and people's terms. */
static enum result demand_all(struct ctx *cx, const struct paying *paying)
{
    size_t named = 0;
    bool said[SCHEME_MANAGER + 1] = {false};
    for (size_t i = 0; i < paying->count; i++) {
        const struct payee *payee = &paying->payees[i];
        const struct pay_rule *rule = &paying->rules[payee->subject];
        if (!payee->terms_id && named++ < NAMED_MOST)
            reject_clause(cx, "C2.4", "pay_terms", "no_pay_terms", payee->name);
        if (said[payee->subject])
            continue;
        said[payee->subject] = true;
        if (!rule->id)
            reject_clause(cx, "C2.4", "pay_rules", "no_pay_rule");
        else if (!paying->minimums[payee->subject].id)
            reject_clause(cx, "C2.4", "minimum_wages", "no_minimum_wage", rule->region);
    }
    if (!paying->count)
        reject_clause(cx, "C2.4", "month_id", "nobody_to_pay");
    return rejected(cx);
}

/* Paid days of the month on which the person was employed: on this contract, and not paid by
 * another one's sheet. */
static int32_t days_of(const struct payee *payee, const struct month_days *days)
{
    struct date from = month_first(days->month), to = month_last(days->month);
    const struct turn *turn = ROW_OF(days, turns, turn_count, payee->person_id);
    const struct paid_days *other = ROW_OF(days, elsewhere, elsewhere_count, payee->person_id);
    if (payee->joined_on.days > from.days)
        from = payee->joined_on;
    if (payee->left_on.days && payee->left_on.days < to.days)
        to = payee->left_on;
    const int32_t unpaid = pay_days(from, to) - (other ? other->days : 0);
    if (turn && turn->since.days > from.days)
        from = turn->since;
    if (turn && turn->next.days && turn->next.days <= to.days)
        to = date_add(turn->next, -1);
    const int32_t here = pay_days(from, to);
    return unpaid < 0 ? 0 : here < unpaid ? here : unpaid;
}

struct wage pay_wage(const struct pay_rule *rule, const struct minimum_wage *minimum,
                     const struct payee *payee)
{
    const struct pay_way way = {rule->method, rule->bands, rule->unscored, rule->month_days,
                                rule->sick_share};
    const struct wage_facts facts = {
        .base = payee->base_fen,
        .performance_base = payee->performance_base_fen,
        .days = payee->days,
        .of_days = payee->of_days,
        .unpaid = payee->missed.unpaid,
        .absent = payee->missed.absent,
        .sick = payee->missed.sick,
        .is_scored = payee->scored,
        .total = payee->score,
        .reward = payee->reward_fen,
        .adjustment = payee->adjustment_fen,
        .owed = payee->owed_fen,
        .minimum = minimum->amount_fen,
        .deduction_share = minimum->deduction_share,
        .sick_floor = minimum->sick_floor,
    };
    return wage_work(&way, &facts);
}

static struct pay_line line_of(const struct pay_rule *rule, const struct minimum_wage *minimum,
                               const struct payee *payee)
{
    const struct wage wage = pay_wage(rule, minimum, payee);
    return (struct pay_line){.person_id = payee->person_id,
                             .code = payee->code,
                             .sheet_id = payee->sheet_id,
                             .terms_id = payee->terms_id,
                             .rule_id = rule->id,
                             .minimum_id = minimum->id,
                             .days = payee->days,
                             .unpaid_days = payee->missed.unpaid,
                             .absent_days = payee->missed.absent,
                             .sick_days = payee->missed.sick,
                             .scored = payee->scored,
                             .score = payee->score,
                             .base_fen = wage.base,
                             .missed_fen = wage.missed,
                             .performance_base_fen = wage.performance_base,
                             .factor = wage.factor,
                             .performance_fen = wage.performance,
                             .adjustment_fen = wage.adjustment,
                             .made_up_fen = wage.made_up,
                             .reward_fen = wage.reward,
                             .deducted_fen = wage.deducted,
                             .left_over_fen = wage.left_over,
                             .total_fen = wage.total};
}

static const char *digest_of(struct ctx *cx, const struct pay_line *lines, size_t count)
{
    char hex[SHA256_HEX];
    const char *text = json_rows_text(cx->mem, PAY_SAID_FIELDS, lines, count, sizeof *lines);
    sha256_hex(text, strlen(text), hex);
    return arena_dup(cx->mem, hex);
}

static void add_up(struct pay_sheet *sheet, const struct pay_line *lines, size_t count)
{
    sheet->people = (int32_t)count;
    sheet->base_fen = sheet->missed_fen = sheet->performance_fen = sheet->adjustment_fen =
        sheet->made_up_fen = sheet->reward_fen = sheet->deducted_fen = sheet->total_fen =
            (struct money){0};
    for (size_t i = 0; i < count; i++) {
        sheet->base_fen.fen += lines[i].base_fen.fen;
        sheet->missed_fen.fen += lines[i].missed_fen.fen;
        sheet->performance_fen.fen += lines[i].performance_fen.fen;
        sheet->adjustment_fen.fen += lines[i].adjustment_fen.fen;
        sheet->made_up_fen.fen += lines[i].made_up_fen.fen;
        sheet->reward_fen.fen += lines[i].reward_fen.fen;
        sheet->deducted_fen.fen += lines[i].deducted_fen.fen;
        sheet->total_fen.fen += lines[i].total_fen.fen;
    }
}

enum result pay_find(struct ctx *cx, struct paying *paying, bool everybody)
{
    const struct pay_sheet *sheet = paying->sheet;
    const struct param all_of = param_number(everybody ? sheet->provider_id : 0);
    const struct param paid_of = param_number(everybody ? 0 : sheet->provider_id);
    struct month_days days;
    TRY(db_list(cx, &q_payees,
                PARAMS(param_number(sheet->month_id), P(sheet->contract_id), P(sheet->month),
                       all_of, paid_of),
                PAYEE_FIELDS, sizeof *paying->payees, PEOPLE_MOST, &paying->payees,
                &paying->count));
    TRY(find_rule(cx, paying, SCHEME_AGENT));
    TRY(find_rule(cx, paying, SCHEME_MANAGER));
    TRY(days_read(cx, sheet, &days));
    for (size_t i = 0; i < paying->count; i++) {
        struct payee *payee = &paying->payees[i];
        payee->days = days_of(payee, &days);
        payee->of_days = pay_days(month_first(sheet->month), month_last(sheet->month));
        payee->missed = missed_by(&days, payee->person_id, payee->days);
    }
    return OK;
}

/* Days of which nobody can say who was away: named, and not deducted. */
static enum result name_unclocked(struct ctx *cx, struct pay_sheet *sheet)
{
    struct unclocked_day *days;
    size_t count;
    struct text text = text_new(cx->mem, 32);
    TRY(attendance_unclocked(cx, sheet->provider_id, sheet->month, &days, &count));
    for (size_t i = 0; i < count; i++) {
        char day[DATE_MAX_TEXT];
        date_format(days[i].day, day);
        text_printf(&text, "%s%s", text.len ? ", " : "", day);
    }
    sheet->unclocked = text_end(&text);
    return OK;
}

enum result pay_work_out(struct ctx *cx, struct pay_sheet *sheet, struct paying *paying)
{
    *paying = (struct paying){.sheet = sheet};
    TRY(pay_find(cx, paying, false));
    TRY(demand_all(cx, paying));
    TRY(name_unclocked(cx, sheet));
    paying->lines = ARENA_ARRAY(cx->mem, struct pay_line, paying->count);
    for (size_t i = 0; i < paying->count; i++) {
        const struct payee *payee = &paying->payees[i];
        paying->lines[i] =
            line_of(&paying->rules[payee->subject], &paying->minimums[payee->subject], payee);
    }
    add_up(sheet, paying->lines, paying->count);
    sheet->sha256 = digest_of(cx, paying->lines, paying->count);
    return OK;
}

/* ---- verified ---- */

/* What a line says that it follows from; the rest of it is to come out again. */
static struct payee payee_of(const struct pay_sheet *sheet, const struct pay_line *line,
                             const struct pay_terms *terms, const struct missed_days *missed)
{
    return (struct payee){
        .person_id = line->person_id,
        .code = line->code,
        .sheet_id = line->sheet_id,
        .terms_id = line->terms_id,
        .scored = line->scored,
        .score = line->score,
        .base_fen = terms->base_fen,
        .performance_base_fen = terms->performance_base_fen,
        .reward_fen = line->reward_fen,
        .adjustment_fen = line->adjustment_fen,
        .owed_fen = {line->deducted_fen.fen + line->left_over_fen.fen},
        .days = line->days,
        .of_days = pay_days(month_first(sheet->month), month_last(sheet->month)),
        .missed = *missed,
    };
}

/* The days that reduced a line, as they are known now; as the line has them where clockings arrived
 * after it was approved. */
static enum result missed_of(struct ctx *cx, const struct pay_sheet *sheet,
                             const struct pay_line *line, const struct month_days *days,
                             struct missed_days *out)
{
    int64_t later;
    *out = missed_by(days, line->person_id, line->days);
    if (out->absent.hundredths == line->absent_days.hundredths)
        return OK;
    TRY(db_int(cx, &q_pay_clockings_since,
               PARAMS(P(line->person_id), P(sheet->provider_id), P(month_first(sheet->month)),
                      P(month_last(sheet->month)), P(sheet->approved_at)),
               &later));
    if (later)
        out->absent = line->absent_days;
    return OK;
}

/* The lines once more, from the terms, rules and minimum wages that they name and the days as they
 * are known now. */
static enum result work_again(struct ctx *cx, const struct pay_sheet *sheet,
                              const struct pay_line *lines, size_t count, struct pay_line **out)
{
    struct month_days days;
    struct pay_terms terms = {0};
    struct pay_rule rule = {0};
    struct minimum_wage minimum = {0};
    *out = ARENA_ARRAY(cx->mem, struct pay_line, count + 1);
    TRY(days_read(cx, sheet, &days));
    for (size_t i = 0; i < count; i++) {
        if (lines[i].terms_id != terms.id)
            TRY(record_get(cx, &PAY_TERMS, lines[i].terms_id, &terms));
        if (lines[i].rule_id != rule.id)
            TRY(record_get(cx, &PAY_RULES, lines[i].rule_id, &rule));
        if (lines[i].minimum_id != minimum.id)
            TRY(record_get(cx, &MINIMUM_WAGES, lines[i].minimum_id, &minimum));
        struct missed_days missed;
        TRY(missed_of(cx, sheet, &lines[i], &days, &missed));
        const struct payee payee = payee_of(sheet, &lines[i], &terms, &missed);
        (*out)[i] = line_of(&rule, &minimum, &payee);
    }
    return OK;
}

/* *out: what is wrong; NULL nothing. */
static enum result look_at(struct ctx *cx, const struct pay_sheet *sheet, const char **out)
{
    struct pay_line *lines, *again;
    size_t count;
    struct pay_sheet sums = *sheet;
    TRY(db_list(cx, &q_pay_lines_said, PARAMS(P(sheet->id)), PAY_SAID_FIELDS, sizeof *lines,
                PEOPLE_MOST, &lines, &count));
    TRY(work_again(cx, sheet, lines, count, &again));
    add_up(&sums, lines, count);
    *out = NULL;
    if (strcmp(digest_of(cx, lines, count), sheet->sha256) != 0)
        *out = "altered";
    else if (sums.total_fen.fen != sheet->total_fen.fen || sums.people != sheet->people)
        *out = "sums";
    else if (strcmp(digest_of(cx, again, count), sheet->sha256) != 0)
        *out = "grounds";
    return OK;
}

enum result pay_verify(struct ctx *cx, struct pay_fault *out, size_t most, size_t *out_count)
{
    struct list list;
    *out_count = 0;
    TRY(record_select(cx, &PAY_SHEETS, "approved", "t.state = 'approved' ORDER BY t.id", NO_PARAMS,
                      &list));
    const struct pay_sheet *sheets = list.rows;
    for (size_t i = 0; i < list.count && *out_count < most; i++) {
        const char *what;
        TRY(look_at(cx, &sheets[i], &what));
        if (what)
            out[(*out_count)++] = (struct pay_fault){sheets[i].id, what};
    }
    return OK;
}
