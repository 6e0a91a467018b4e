/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Clauses that a company wrote for itself (企业条款): each hangs below a clause of the regulation,
 * and its state follows from the duties that are attached to it. */
#ifndef OWN_CLAUSE_H
#define OWN_CLAUSE_H

#include "app/records/record.h"

enum own_clause_state { OWN_CLAUSE_DRAFT = 1, OWN_CLAUSE_IN_FORCE, OWN_CLAUSE_RETIRED };
/* The nth clause of the regulation, from 1. */
enum clause_place { CLAUSE_NOWHERE, CLAUSE_FIRST };

struct own_clause {
    RECORD_MEMBERS;
    int64_t organisation_id;
    const char *organisation_name;
    const char *number, *title, *text;
    enum clause_place parent;
    struct set duty_rules;
    enum own_clause_state state;
    const char *search_key;
};
extern const struct resource OWN_CLAUSES;

/* Names the rules that may be attached; once at start, after duties_use. */
void own_clauses_use(void);
/* The names of the attached rules, with commas between. */
const char *own_clause_duties(struct arena *arena, const struct own_clause *clause);

#endif
