/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the files of this slice. */
#ifndef LETTER_PRIVATE_H
#define LETTER_PRIVATE_H

#include "app/letters/letter.h"

/* The side that it goes to. */
enum side letter_to(const struct letter *letter);
/* FORBIDDEN letter.other_side unless the actor acts for this side. */
MUST_USE enum result demand_side(struct ctx *cx, enum side side);

/* While it may change: its attachments, canonical text and digest as they would be signed now.
 * Rejects attachments that are not kept long enough. */
MUST_USE enum result letter_compose(struct ctx *cx, struct letter *letter);

/* CONFLICT letter.no_agreement unless the two parties agreed on electronic signatures. */
MUST_USE enum result demand_agreement(struct ctx *cx, const struct letter *letter);
/* Does the actor hold the right, or stand in for somebody absent who does and sees the letter?
 * *out_for = "" or the name of the absent. Results: FORBIDDEN. */
MUST_USE enum result demand_decider(struct ctx *cx, const struct letter *letter, const char *right,
                                    const char **out_for);

/* When its next step is due, counted from the last one; none when the type says nothing about it.
 */
struct instant letter_due(struct ctx *cx, const struct letter *letter);

/* Tell all who took part, and the side whose turn it is. */
MUST_USE enum result letter_tell(struct ctx *cx, const struct letter *letter, const char *kind,
                                 const char *detail);

#endif
