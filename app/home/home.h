/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The home page answers one question: what do I owe, and by when? It gathers from the slices what
 * waits for the account that asks: contracts without executor, briefings to hold or to sign,
 * contracts and qualifications that expire. */
#ifndef HOME_H
#define HOME_H

#include "app/records/record.h"

enum urgency { URGENCY_LATE = 1, URGENCY_SOON, URGENCY_LATER };

/* Something that waits for this account. */
struct task {
    const char *code;   /* "sign_briefing": words under "task.<code>" */
    const char *title;  /* what it is about */
    const char *detail; /* number, parties */
    const char *clause;
    const char *href;
    struct date due;
    int32_t days_left;
    enum urgency urgency;
};
extern const struct field TASK_FIELDS[];

/* The most urgent first; at most 200. */
MUST_USE enum result home_tasks(struct ctx *cx, struct task **out, size_t *out_count);

#endif
