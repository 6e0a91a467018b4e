/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A scheme tried on a month, in money: who would be paid more, who less, beside what the scheme
 * that holds gives. Points come from the engine of scores, amounts from the one of pay sheets. */
#include "app/pay/pay_private.h"

#include "app/pay/pay.sql.h"

#include <stdlib.h>
#include <string.h>

#define PEOPLE_MOST 20000

static const char *const MOVES[] = {"up", "not", "down", NULL};

const struct field PAY_TRIAL_ROW_FIELDS[] = {
    FIELD_REF(pay_trial_row, person_id, "people"),
    FIELD(pay_trial_row, code),
    FIELD(pay_trial_row, person_name),
    FIELD(pay_trial_row, rank_before),
    FIELD(pay_trial_row, rank),
    FIELD(pay_trial_row, scored_before),
    FIELD(pay_trial_row, scored),
    FIELD(pay_trial_row, total_before),
    FIELD(pay_trial_row, total),
    FIELD(pay_trial_row, total_moved),
    FIELD_ENUM(pay_trial_row, total_moves, MOVES),
    FIELD(pay_trial_row, paid),
    FIELD(pay_trial_row, factor_before),
    FIELD(pay_trial_row, factor),
    FIELD(pay_trial_row, pay_before_fen),
    FIELD(pay_trial_row, pay_fen),
    FIELD(pay_trial_row, pay_moved_fen),
    FIELD_ENUM(pay_trial_row, pay_moves, MOVES),
    FIELDS_END,
};

const struct field PAY_TRIAL_FIELDS[] = {
    FIELD(pay_trial, month),
    FIELD(pay_trial, compares),
    FIELD(pay_trial, lacks),
    FIELD(pay_trial, people),
    FIELD(pay_trial, up),
    FIELD(pay_trial, down),
    FIELD(pay_trial, unpaid),
    FIELD(pay_trial, pay_before_fen),
    FIELD(pay_trial, pay_fen),
    FIELD(pay_trial, pay_moved_fen),
    FIELDS_END,
};

/* ---- whoever is paid, by person ---- */

static int by_payee(const void *a, const void *b)
{
    const struct payee *left = a, *right = b;
    return (left->person_id > right->person_id) - (left->person_id < right->person_id);
}

static struct payee *payee_find(const struct paying *paying, int64_t person_id)
{
    const struct payee key = {.person_id = person_id};
    return paying->count ? bsearch(&key, paying->payees, paying->count, sizeof key, by_payee)
                         : NULL;
}

struct owed {
    int64_t person_id;
    struct money owed_fen;
};
static const struct field OWED_FIELDS[] = {FIELD(owed, person_id), FIELD(owed, owed_fen),
                                           FIELDS_END};

/* A month that was paid has settled what people owed: it is asked for as it was before. */
static enum result owed_then(struct ctx *cx, const struct paying *paying)
{
    struct owed *owed;
    size_t count;
    TRY(db_list(cx, &q_pay_owed_then,
                PARAMS(P(paying->sheet->contract_id), P(paying->sheet->month)), OWED_FIELDS,
                sizeof *owed, PEOPLE_MOST, &owed, &count));
    for (size_t i = 0; i < count; i++) {
        struct payee *payee = payee_find(paying, owed[i].person_id);
        if (payee)
            payee->owed_fen = owed[i].owed_fen;
    }
    return OK;
}

static enum result find_payees(struct ctx *cx, struct paying *paying)
{
    TRY(pay_find(cx, paying, true));
    if (paying->count)
        qsort(paying->payees, paying->count, sizeof *paying->payees, by_payee);
    return owed_then(cx, paying);
}

/* ---- beside each other ---- */

static enum moving moving_of(int64_t moved)
{
    return moved > 0 ? MOVES_UP : moved < 0 ? MOVES_DOWN : MOVES_NOT;
}

/* What the payee is paid when the month comes to this. */
static struct wage paid_by(const struct paying *paying, enum scheme_subject subject,
                           const struct payee *payee, const struct trial_row *row)
{
    struct payee by = *payee;
    by.scored = !row->score.empty;
    by.score = row->score.total;
    return pay_wage(&paying->rules[subject], &paying->minimums[subject], &by);
}

static void put_pay(const struct paying *paying, enum scheme_subject subject,
                    const struct trial_row *before, const struct trial_row *after,
                    struct pay_trial_row *row)
{
    const struct payee *payee = payee_find(paying, after->subject_id);
    if (!payee || !payee->terms_id)
        return;
    const struct wage wage = paid_by(paying, subject, payee, after);
    row->paid = true;
    row->factor = wage.factor;
    row->pay_fen = wage.total;
    if (!before)
        return;
    const struct wage now = paid_by(paying, subject, payee, before);
    row->factor_before = now.factor;
    row->pay_before_fen = now.total;
    row->pay_moved_fen.fen = wage.total.fen - now.total.fen;
    row->pay_moves = moving_of(row->pay_moved_fen.fen);
}

static struct pay_trial_row row_of(const struct trial_row *before, const struct trial_row *after)
{
    struct pay_trial_row row = {.person_id = after->subject_id,
                                .code = after->code,
                                .person_name = after->name,
                                .rank = after->rank,
                                .scored = !after->score.empty,
                                .total = after->score.total};
    if (!before)
        return row;
    row.rank_before = before->rank;
    row.scored_before = !before->score.empty;
    row.total_before = before->score.total;
    if (row.scored && row.scored_before) {
        row.total_moved.hundredths = row.total.hundredths - row.total_before.hundredths;
        row.total_moves = moving_of(row.total_moved.hundredths);
    }
    return row;
}

static void add_up(struct pay_trial *trial, const struct pay_trial_row *row)
{
    trial->people++;
    trial->up += row->pay_moves == MOVES_UP;
    trial->down += row->pay_moves == MOVES_DOWN;
    trial->unpaid += !row->paid;
    trial->pay_before_fen.fen += row->pay_before_fen.fen;
    trial->pay_fen.fen += row->pay_fen.fen;
    trial->pay_moved_fen.fen += row->pay_moved_fen.fen;
}

static int larger(int64_t a, int64_t b)
{
    const int64_t left = a < 0 ? -a : a, right = b < 0 ? -b : b;
    return (left < right) - (left > right);
}

static int most_moved_first(const void *a, const void *b)
{
    const struct pay_trial_row *left = a, *right = b;
    const int paid = larger(left->pay_moved_fen.fen, right->pay_moved_fen.fen);
    const int scored =
        paid ? paid : larger(left->total_moved.hundredths, right->total_moved.hundredths);
    const int coded = scored ? scored : strcmp(left->code, right->code);
    return coded ? coded : larger(right->person_id, left->person_id);
}

static const char *lacking(const struct paying *paying, enum scheme_subject subject)
{
    return !paying->rules[subject].id      ? "no_pay_rule"
           : !paying->minimums[subject].id ? "no_minimum_wage"
                                           : "";
}

enum result pay_trial(struct ctx *cx, const struct scheme *scheme, struct month month,
                      struct pay_trial *out)
{
    struct pay_sheet sheet = {
        .provider_id = scheme->provider_id, .contract_id = scheme->contract_id, .month = month};
    struct paying paying = {.sheet = &sheet};
    struct trial after, before;
    *out = (struct pay_trial){.month = month, .lacks = "not_of_people"};
    if (scheme_evaluates(scheme))
        return OK;
    TRY(scheme_trial(cx, scheme, month, &after));
    TRY(scheme_trial_before(cx, scheme, month, &before));
    TRY(find_payees(cx, &paying));
    out->compares = before.count > 0;
    out->lacks = lacking(&paying, scheme->subject);
    out->count = after.count;
    out->rows = ARENA_ARRAY(cx->mem, struct pay_trial_row, after.count + 1);
    for (size_t i = 0; i < after.count; i++) {
        const struct trial_row *was = trial_person(&before, after.rows[i].subject_id);
        out->rows[i] = row_of(was, &after.rows[i]);
        if (!*out->lacks)
            put_pay(&paying, scheme->subject, was, &after.rows[i], &out->rows[i]);
        add_up(out, &out->rows[i]);
    }
    if (out->count)
        qsort(out->rows, out->count, sizeof *out->rows, most_moved_first);
    return OK;
}
