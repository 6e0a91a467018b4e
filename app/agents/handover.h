/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Replacing people (C2.6): the client asks in writing, with evidence; the provider verifies it,
 * names a successor and writes down what was handed over, and closes the old agent id by carrying
 * the letter out, which answers it. The client decides about nobody. */
#ifndef HANDOVER_H
#define HANDOVER_H

#include "app/letters/letter.h"

struct handover {
    RECORD_MEMBERS;
    int64_t letter_id; /* that asked for it, approved */
    const char *letter_name;
    int64_t contract_id, person_id, successor_id;
    const char *person_name, *successor_name;
    struct date handed_on;
    const char *notes; /* what was handed over */
    enum handover_state { HANDOVER_WRITTEN = 1, HANDOVER_DONE } state;
};
extern const struct resource HANDOVERS;

/* Somebody whom an approved letter wants replaced, and for whom no handover is written yet. */
struct awaited {
    int64_t letter_id, person_id;
    const char *letter_name, *person_name, *agent_code, *reason;
};
extern const struct field AWAITED_FIELDS[];
#define AWAITED_MOST 100
MUST_USE enum result handovers_awaited(struct ctx *cx, struct awaited **out, size_t *out_count);

extern const struct letter_type LETTER_REPLACEMENT;
extern const struct duty_rule HANDOVER_DUTIES[];
extern const struct right HANDOVER_RIGHTS[];

#endif
