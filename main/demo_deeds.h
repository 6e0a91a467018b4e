/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the people of the demo world do wherever their story is told. */
#ifndef DEMO_DEEDS_H
#define DEMO_DEEDS_H

#include "app/letters/letter.h"

/* The account of that name as an actor. */
MUST_USE enum result demo_become(struct ctx *cx, const char *name, struct actor *out);
/* By whoever acts: a text attached to a record, a letter sent, a step of a letter. */
MUST_USE enum result demo_attach(struct ctx *cx, const struct resource *subject, int64_t id,
                                 const char *name, const char *text);
/* A line of a letter as its fields spell it: "act=add;number=95188". */
void demo_line(struct ctx *cx, const struct letter_type *type, const char *text, void *line);
MUST_USE enum result demo_send(struct ctx *cx, int64_t letter_id);
MUST_USE enum result demo_step(struct ctx *cx, int64_t letter_id, const char *action,
                               const char *words);

#endif
