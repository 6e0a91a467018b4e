/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What each figure about calls means: a sum of what the roll-ups count, or one sum over another.
 * The table is what is computed and what is shown: pages and the API print the formula from it. */
#ifndef CALL_FORMULA_H
#define CALL_FORMULA_H

#include "base/ctx.h"
#include "base/doc.h"

#include <stdint.h>

/* What the roll-ups count. */
enum call_sum {
    SUM_DIALS,
    SUM_CONNECTED,
    SUM_SUCCESS,
    SUM_TALK_S,
    SUM_DURATION_S,
    SUM_SIGNED_S,
    SUM_IDLE_S,
    SUM_PAUSE_S,
    SUM_TALKING_S,
    SUM_WRAP_S,
    CALL_SUM_COUNT
};
struct call_sums {
    int64_t at[CALL_SUM_COUNT];
};
/* A column that is named as its sum is: SUM_FIELD(sums_row, sums, "dials", DIALS). */
#define SUM_FIELD(struct_tag, sums, column, sum)                                                   \
    {                                                                                              \
        .name = (column), .type = FIELD_ID,                                                        \
        .offset = offsetof(struct struct_tag, sums.at[SUM_##sum])                                  \
    }
void call_sums_add(struct call_sums *to, const struct call_sums *from);

enum formula_unit {
    UNIT_CALLS = 1,
    UNIT_SECONDS,
    UNIT_PERCENT, /* as struct points: hundredths of a percent */
};
extern const char *const FORMULA_UNITS[];

struct call_formula {
    const char *name; /* its words: "call_board.connect_rate" */
    int32_t version;  /* raised whenever the same name means something else */
    enum formula_unit unit;
    unsigned top, bottom; /* bit n: enum call_sum n; bottom 0: the sum itself */
    bool by_state;        /* from agents' states: unknown where no call system reports them */
};
extern const struct call_formula CALL_FORMULAS[];
#define CALL_FORMULA_COUNT 12
const struct call_formula *call_formula(const char *name);

/* One sum over another, not divided yet; a bottom of 0: nothing to divide by, or nothing known. */
struct formula_parts {
    int64_t top, bottom;
};
struct formula_parts formula_parts(const struct call_formula *formula,
                                   const struct call_sums *sums);
/* False: nothing to divide by. Rounded half up; UNIT_PERCENT in hundredths of a percent. */
bool formula_value(const struct call_formula *formula, const struct call_sums *sums, int64_t *out);
/* As people read it: "1,234", "43.21%", "2:05:09"; "" when there is none. */
const char *formula_words(struct arena *arena, const struct call_formula *formula,
                          const struct call_sums *sums);
/* "connected / dials", "(talking_s + wrap_s) / signed_s" in the names of the API; `words`: in those
 * of the catalogue instead. */
const char *formula_text(struct arena *arena, const struct call_formula *formula, bool words,
                         enum lang lang);
/* {name, label, version, unit, formula, words} of each, as `formulas` of the document. */
void doc_formulas(struct doc *doc, enum lang lang);

#endif
