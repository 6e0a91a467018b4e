/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a piece of work carries along: memory, time, who does it, the database, and what went wrong.
 *
 * Rules take `struct ctx *cx` first. They get time only from `cx->now`, memory only from `cx->mem`,
 * and say why they refuse by fail() or reject(); the words are in the text catalogue under the
 * code. */
#ifndef BASE_CTX_H
#define BASE_CTX_H

#include "base/arena.h"
#include "base/result.h"
#include "base/units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lang { LANG_ZH, LANG_EN, LANG_COUNT };

/* One input field that is wrong, or one of several reasons why something cannot be done. */
struct field_fault {
    const char *field; /* "ends_on"; "" when it belongs to no field */
    const char *code;  /* "before_start" */
    const char *args[3];
    const char *clause; /* "" or the clause that demands it */
    struct field_fault *next;
};

struct fault {
    enum result result;
    const char *code; /* "contract.not_draft"; the catalogue has its words under "fault.<code>" */
    const char *args[3]; /* take the places of {0} {1} {2} in the words */
    struct field_fault *fields, *last;
    const char *where; /* file:line of the first failure, for the log */
};

struct ctx {
    struct arena *mem;
    struct instant now;
    struct db *db;             /* store/db.h: the lent connection; read-only for GET */
    const struct actor *actor; /* app/records/actor.h: who does this; NULL before sign-in */
    const struct keys *keys;   /* base/hash.h */
    const char *origin;        /* address it came from, "" for jobs and the command line */
    const char *request;       /* request number, for the log and the reply */
    enum lang lang;
    struct fault fault;
    void *pending; /* app/records/trail.h: entries of the audit trail not yet written */
};

/* Store the fault (the first one stays) and return `result`:
 *     return fail(cx, CONFLICT, "contract.not_draft", c.number);   up to three text arguments */
#define FAIL_PLACE_(line) __FILE__ ":" #line
#define FAIL_PLACE(line) FAIL_PLACE_(line)
#undef fail /* cmocka has one too; in a test the header that is included last wins */
#define fail(cx, result, ...)                                                                      \
    fail_at((cx), FAIL_PLACE(__LINE__), (result), __VA_ARGS__, NULL, NULL, NULL)
enum result fail_at(struct ctx *cx, const char *where, enum result result, const char *code,
                    const char *a, const char *b, const char *c, ...);

/* Collect what is wrong with the input, then return rejected(cx): INVALID if anything was. */
#define reject(cx, ...) reject_at((cx), FAIL_PLACE(__LINE__), __VA_ARGS__, NULL, NULL, NULL)
void reject_at(struct ctx *cx, const char *where, const char *field, const char *code,
               const char *a, const char *b, const char *c, ...);
/* The same with the clause that demands it. */
#define reject_clause(cx, clause, ...)                                                             \
    reject_clause_at((cx), FAIL_PLACE(__LINE__), (clause), __VA_ARGS__, NULL, NULL, NULL)
void reject_clause_at(struct ctx *cx, const char *where, const char *clause, const char *field,
                      const char *code, const char *a, const char *b, const char *c, ...);
MUST_USE enum result rejected(struct ctx *cx);
/* Like rejected, but under an own code and result: "activation refused, for all these reasons". */
MUST_USE enum result rejected_as(struct ctx *cx, enum result result, const char *code);

/* Put aside what went wrong so far, to look something up that may fail for itself; the caller puts
 * it back: cx->fault = kept. */
static inline struct fault fault_take(struct ctx *cx)
{
    struct fault kept = cx->fault;
    cx->fault = (struct fault){0};
    return kept;
}

#endif
