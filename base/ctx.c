/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/ctx.h"

static void note_place(struct fault *fault, const char *where)
{
    if (!fault->where)
        fault->where = where;
}

enum result fail_at(struct ctx *cx, const char *where, enum result result, const char *code,
                    const char *a, const char *b, const char *c, ...)
{
    struct fault *fault = &cx->fault;
    note_place(fault, where);
    if (fault->result == OK) {
        fault->result = result;
        fault->code = code;
        fault->args[0] = a;
        fault->args[1] = b;
        fault->args[2] = c;
    }
    return result;
}

void reject_clause_at(struct ctx *cx, const char *where, const char *clause, const char *field,
                      const char *code, const char *a, const char *b, const char *c, ...)
{
    struct fault *fault = &cx->fault;
    struct field_fault *wrong = ARENA_NEW(cx->mem, struct field_fault);
    *wrong =
        (struct field_fault){.field = field, .code = code, .args = {a, b, c}, .clause = clause};
    note_place(fault, where);
    if (fault->last)
        fault->last->next = wrong;
    else
        fault->fields = wrong;
    fault->last = wrong;
}

void reject_at(struct ctx *cx, const char *where, const char *field, const char *code,
               const char *a, const char *b, const char *c, ...)
{
    reject_clause_at(cx, where, "", field, code, a, b, c);
}

enum result rejected_as(struct ctx *cx, enum result result, const char *code)
{
    if (!cx->fault.fields)
        return OK;
    return fail_at(cx, cx->fault.where, result, code, NULL, NULL, NULL);
}

enum result rejected(struct ctx *cx)
{
    return rejected_as(cx, INVALID, "input.invalid");
}
