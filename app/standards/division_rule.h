/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules that a division writes for its supervision (实施细则, V3.4, V6.1.1), guided by the
 * operations centre, with which they are filed. They hold for the projects under the division: no
 * standard of theirs takes force before the rules are filed. What of them is a number or a choice
 * the program applies: the categories that no standard may lack, and for how many square metres one
 * person is enough. */
#ifndef DIVISION_RULE_H
#define DIVISION_RULE_H

#include "app/contracts/contract.h"

/* What a standard is organised in (V6.1.2.3). */
enum category {
    CATEGORY_QUALIFICATION = 1,
    CATEGORY_PERSONNEL,
    CATEGORY_EQUIPMENT,
    CATEGORY_PROCESS,
    CATEGORY_RESULT,
    CATEGORY_SAFETY,
    CATEGORY_RECORDS
};
extern const char *const CATEGORIES[];
#define CATEGORY_BIT(category) (UINT64_C(1) << ((category)-1)) /* in a set of them */
#define CATEGORY_ALL (CATEGORY_BIT(CATEGORY_RECORDS + 1) - 1)

enum division_rule_state { RULES_DRAFT = 1, RULES_FILED, RULES_RECEIVED, RULES_RETIRED };
struct division_rule {
    RECORD_MEMBERS;
    int64_t organisation_id, unit_id;
    const char *unit_name;
    const char *name;
    int32_t revision;
    int64_t former_id;
    const char *contracting, *standards, *evaluation, *assessment;
    struct set mandatory;
    int32_t m2_cleaning, m2_greening, m2_pest_control, m2_engineering;
    struct date from, to;
    int64_t author_id, filer_id;
    const char *author_name, *filed_by;
    struct instant filed_at;
    int32_t year, serial;
    const char *receipt, *received_by;
    struct instant received_at;
    const char *sha256;
    enum division_rule_state state;
};
extern const struct resource DIVISION_RULES;

/* The filed rules that hold in a unit on a day: those of the nearest unit above it that has any.
 * Results: NOT_FOUND division_rule.none_for. */
MUST_USE enum result division_rule_for(struct ctx *cx, int64_t unit_id, struct date day,
                                       struct division_rule *out);
/* How many persons an area of this size and service needs at least; without rules one. */
int32_t division_rule_persons(const struct division_rule *rules, enum service service,
                              int32_t size_m2);

/* ---- their life. All: CONFLICT division_rule.wrong_state ---- */

/* draft -> filed, signed; ends those before. Results: CONFLICT division_rule.changed; INVALID with
 * every part that is missing (V6.1.1). */
MUST_USE enum result division_rule_file(struct ctx *cx, const struct division_rule *rules,
                                        const char *sha256_seen);
/* filed -> received, under the next receipt number. Results: FORBIDDEN division_rule.own. */
MUST_USE enum result division_rule_receive(struct ctx *cx, const struct division_rule *rules);
/* A draft of the next revision: *out_id. */
MUST_USE enum result division_rule_revise(struct ctx *cx, const struct division_rule *rules,
                                          int64_t *out_id);

#endif
