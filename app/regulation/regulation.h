/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The living regulation (V1): every clause of it with its state, which follows from records alone.
 *
 * A clause is measured by figures: bounded counts of records within the scope of whoever looks. A
 * figure shows that the clause is kept, that something is due, or that it is breached; the state
 * follows from the figures by one rule, and a chapter's from the clauses in it. What is owed under
 * a clause (app/duties) is measured in the same way. Beside the regulation's own clauses stand
 * those that a company wrote for itself. */
#ifndef REGULATION_H
#define REGULATION_H

#include "app/records/record.h"
#include "app/regulation/clauses.h"

enum clause_state { CLAUSE_MET = 1, CLAUSE_OPEN, CLAUSE_BREACHED, CLAUSE_IDLE };
extern const char *const CLAUSE_STATES[];

enum figure_kind {
    FIGURE_SIZE = 1, /* how much there is of what the clause is about: says nothing of its state */
    FIGURE_KEPT,
    FIGURE_DUE,
    FIGURE_BREACH,
};
struct figure {
    const char *name; /* words under "figure.<name>" */
    enum figure_kind kind;
    int32_t count; /* counted no further than FIGURE_MOST */
    bool more;
    const char *href; /* the records that it counts */
};
extern const struct field FIGURE_FIELDS[];
#define FIGURE_MOST 1000

struct clause {
    const char *id, *parent;
    const char *title, *text; /* in the language of the request */
    int32_t level;            /* 0: a part */
    bool chapter;             /* clauses hang below it: its state follows from theirs */
    bool extension;           /* ours: not in the known text */
    bool own;                 /* the company's (own_clause.h) */
    int64_t own_id;           /* its record */
    bool withheld;            /* some of its records are for others to read */
    enum clause_state state;
    const char *duties; /* names of the rules of its duties, with commas between; "" */
    const char *href;   /* the page of the clause */
    struct figure *figures;
    size_t figure_count;
};
extern const struct field CLAUSE_FIELDS[];

struct regulation {
    struct clause *clauses; /* in the order of the regulation */
    size_t count;
};
/* All clauses as the actor's records show them; `contract_id`: the records of this contract alone,
 * 0: all. Results: NOT_FOUND when the contract is not the actor's to see. */
MUST_USE enum result regulation_read(struct ctx *cx, int64_t contract_id, struct regulation *out);
/* How many clauses stand so; chapters are not counted. `state` 0: in any state. */
int32_t regulation_count(const struct regulation *regulation, enum clause_state state);
/* Those of certain states (none: all) with a word in id, title or text ("": all), and the chapters
 * that they stand in. */
struct regulation regulation_seek(struct ctx *cx, const struct regulation *regulation,
                                  struct set states, const char *search);
/* One clause by its id. Results: NOT_FOUND record.not_found. */
MUST_USE enum result clause_read(struct ctx *cx, const char *id, int64_t contract_id,
                                 struct clause *out);

/* The regulation with its states on paper: a PDF in the arena. */
MUST_USE enum result regulation_report(struct ctx *cx, int64_t contract_id, struct span *out);

extern const struct right REGULATION_RIGHTS[];

#endif
