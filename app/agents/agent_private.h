/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the files of this slice. */
#ifndef AGENT_PRIVATE_H
#define AGENT_PRIVATE_H

#include "app/agents/agent.h"

struct date agents_today(const struct ctx *cx);
/* Is the day within from and to? */
bool period_holds(struct date from, struct date to, struct date day);

/* Reject lines.<index>.<field>, by C1.1 or C1.2. */
#define reject_line(cx, clause, index, field, ...)                                                 \
    reject_clause(cx, clause, arena_printf((cx)->mem, "lines.%zu.%s", (size_t)(index), (field)),   \
                  __VA_ARGS__)
/* The contract is in force, or the letter only closes what it has: rejects `contract_id`. */
MUST_USE enum result check_contract_of(struct ctx *cx, const struct letter *letter,
                                       const char *clause, bool only_closes);
void check_period(struct ctx *cx, const char *clause, size_t index, struct date from,
                  struct date to);

/* Whom a line of a letter means: somebody of the contract's provider, by id or by name and job (an
 * agent when none is said). */
struct meant {
    int64_t person_id;
    const char *person_name;
    enum job job;
};
/* *out 0: rejected. */
MUST_USE enum result letter_person(struct ctx *cx, const struct letter *letter,
                                   const struct meant *meant, const char *clause, size_t index,
                                   int64_t *out);

/* What executing did, for the answer to the other side: by act, what it was done to. */
#define DEED_KINDS 3
struct deeds {
    struct ctx *cx;
    const char *const *keys; /* words by act, with {0} how many and {1} which */
    struct text which[DEED_KINDS];
    int count[DEED_KINDS];
};
struct deeds deeds_new(struct ctx *cx, const char *const *keys);
void deed_add(struct deeds *deeds, unsigned act, const char *what); /* act from 1 */
const char *deeds_words(const struct deeds *deeds);

/* ---- what the letters do ---- */

/* 0 when there is none. */
MUST_USE enum result agent_by_code(struct ctx *cx, int64_t contract_id, const char *code,
                                   int64_t *out_id);
/* By this letter: today is its last day, for whatever asks who had an id when. */
MUST_USE enum result agent_disable(struct ctx *cx, const struct agent *agent, int64_t letter_id);
/* Id, owner and state of a number, whoever's it is; id 0 when it is not registered. */
MUST_USE enum result number_find(struct ctx *cx, const char *typed, struct number *out);
MUST_USE enum result permission_of(struct ctx *cx, int64_t number_id, int64_t contract_id,
                                   int64_t *out_id);

/* The call system has to hear of it, as it now is: part of the same transaction. */
MUST_USE enum result provision_agent(struct ctx *cx, int64_t agent_id, const char *change);
MUST_USE enum result provision_number(struct ctx *cx, int64_t permission_id, const char *change);

#endif
