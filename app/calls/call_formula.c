/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/call_formula.h"

#include "app/gate/call_id.h"
#include "base/texts.h"

#include <string.h>

static const char *const SUM_NAMES[CALL_SUM_COUNT] = {
    "dials",    "connected", "success", "talk_s",    "duration_s",
    "signed_s", "idle_s",    "pause_s", "talking_s", "wrap_s"};
const char *const FORMULA_UNITS[] = {"calls", "seconds", "percent", NULL};

#define S(sum) (1U << SUM_##sum)
const struct call_formula CALL_FORMULAS[] = {
    {"dials", 1, UNIT_CALLS, S(DIALS), 0, false},
    {"connected", 1, UNIT_CALLS, S(CONNECTED), 0, false},
    {"success", 1, UNIT_CALLS, S(SUCCESS), 0, false},
    {"connect_rate", 1, UNIT_PERCENT, S(CONNECTED), S(DIALS), false},
    {"success_rate", 1, UNIT_PERCENT, S(SUCCESS), S(CONNECTED), false},
    {"talk_s", 1, UNIT_SECONDS, S(TALK_S), 0, false},
    {"talk_mean_s", 1, UNIT_SECONDS, S(TALK_S), S(CONNECTED), false},
    {"duration_s", 1, UNIT_SECONDS, S(DURATION_S), 0, false},
    {"signed_s", 1, UNIT_SECONDS, S(SIGNED_S), 0, true},
    {"pause_s", 1, UNIT_SECONDS, S(PAUSE_S), 0, true},
    {"occupancy", 1, UNIT_PERCENT, S(TALKING_S) | S(WRAP_S), S(TALKING_S) | S(WRAP_S) | S(IDLE_S),
     true},
    {"utilisation", 1, UNIT_PERCENT, S(TALKING_S) | S(WRAP_S), S(SIGNED_S), true},
};
_Static_assert(sizeof CALL_FORMULAS / sizeof CALL_FORMULAS[0] == CALL_FORMULA_COUNT, "");

void call_sums_add(struct call_sums *to, const struct call_sums *from)
{
    for (int i = 0; i < CALL_SUM_COUNT; i++)
        to->at[i] += from->at[i];
}

const struct call_formula *call_formula(const char *name)
{
    for (size_t i = 0; i < CALL_FORMULA_COUNT; i++)
        if (strcmp(CALL_FORMULAS[i].name, name) == 0)
            return &CALL_FORMULAS[i];
    return NULL;
}

static int64_t sum_of(unsigned which, const struct call_sums *sums)
{
    int64_t sum = 0;
    for (int i = 0; i < CALL_SUM_COUNT; i++)
        if (which >> i & 1)
            sum += sums->at[i];
    return sum;
}

struct formula_parts formula_parts(const struct call_formula *formula, const struct call_sums *sums)
{
    const int64_t top = sum_of(formula->top, sums), bottom = sum_of(formula->bottom, sums);
    if (!formula->bottom)
        return (struct formula_parts){top, !formula->by_state || sums->at[SUM_SIGNED_S] > 0};
    return (struct formula_parts){top, bottom > 0 ? bottom : 0};
}

bool formula_value(const struct call_formula *formula, const struct call_sums *sums, int64_t *out)
{
    const struct formula_parts parts = formula_parts(formula, sums);
    const int64_t scale = formula->unit == UNIT_PERCENT ? 10000 : 1;
    *out = parts.bottom ? (2 * parts.top * scale + parts.bottom) / (2 * parts.bottom) : 0;
    return parts.bottom > 0;
}

static const char *number_words(struct arena *arena, int64_t value)
{
    const char *words = "";
    for (; value >= 1000; value /= 1000)
        words = arena_printf(arena, ",%03lld%s", (long long)(value % 1000), words);
    return arena_printf(arena, "%lld%s", (long long)value, words);
}

const char *formula_words(struct arena *arena, const struct call_formula *formula,
                          const struct call_sums *sums)
{
    int64_t value;
    if (!formula_value(formula, sums, &value))
        return "";
    if (formula->unit == UNIT_PERCENT)
        return arena_printf(arena, "%lld.%02lld%%", (long long)(value / 100),
                            (long long)(value % 100));
    if (formula->unit == UNIT_SECONDS)
        return seconds_words(arena, value);
    return number_words(arena, value);
}

/* ---- the formula itself ---- */

static void put_side(struct arena *arena, struct text *text, unsigned which, bool words,
                     enum lang lang)
{
    const bool several = (which & (which - 1)) != 0;
    const char *between = "";
    text_puts(text, several ? "(" : "");
    for (int i = 0; i < CALL_SUM_COUNT; i++) {
        if (!(which >> i & 1))
            continue;
        text_puts(text, between);
        text_puts(text, words ? texts_get(arena_printf(arena, "call_board.%s", SUM_NAMES[i]), lang)
                              : SUM_NAMES[i]);
        between = " + ";
    }
    text_puts(text, several ? ")" : "");
}

const char *formula_text(struct arena *arena, const struct call_formula *formula, bool words,
                         enum lang lang)
{
    struct text text = text_new(arena, 128);
    text_puts(&text, formula->bottom ? "" : "Σ ");
    put_side(arena, &text, formula->top, words, lang);
    if (formula->bottom) {
        text_puts(&text, words ? " ÷ " : " / ");
        put_side(arena, &text, formula->bottom, words, lang);
    }
    return text_end(&text);
}

struct formula_row {
    const char *name, *label, *formula, *words, *about;
    int32_t version;
    enum formula_unit unit;
};
static const struct field FORMULA_FIELDS[] = {
    FIELD(formula_row, name),    FIELD(formula_row, label),
    FIELD(formula_row, version), FIELD_ENUM(formula_row, unit, FORMULA_UNITS),
    FIELD(formula_row, formula), FIELD(formula_row, words),
    FIELD(formula_row, about),   FIELDS_END,
};

void doc_formulas(struct doc *doc, enum lang lang)
{
    struct arena *arena = doc->arena;
    struct formula_row *rows = ARENA_ARRAY(arena, struct formula_row, CALL_FORMULA_COUNT);
    for (size_t i = 0; i < CALL_FORMULA_COUNT; i++) {
        const struct call_formula *formula = &CALL_FORMULAS[i];
        rows[i] = (struct formula_row){
            .name = formula->name,
            .label = texts_get(arena_printf(arena, "call_board.%s", formula->name), lang),
            .formula = formula_text(arena, formula, false, lang),
            .words = formula_text(arena, formula, true, lang),
            .about = texts_get(arena_printf(arena, "call_board.%s.about", formula->name), lang),
            .version = formula->version,
            .unit = formula->unit,
        };
    }
    doc_records(doc, "formulas", FORMULA_FIELDS, rows, CALL_FORMULA_COUNT, sizeof *rows);
}
