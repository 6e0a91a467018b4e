/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Leaks of project data (C3.3): recorded by either side, investigated by the provider, whose data
 * it is in charge of, and closed with its measures by the side that is liable. For its residents
 * the client is. */
#ifndef LEAK_H
#define LEAK_H

#include "app/contracts/contract.h"
#include "app/duties/duty.h"

enum leak_state { LEAK_OPEN = 1, LEAK_INVESTIGATED, LEAK_CLOSED };
struct leak {
    RECORD_MEMBERS;
    int64_t contract_id;
    const char *contract_name;
    const char *what;
    enum leak_channel { LEAK_USB = 1, LEAK_PRINT, LEAK_MAIL, LEAK_PHOTO, LEAK_OTHER } channel;
    struct instant happened_at;
    const char *found_by;
    int64_t person_id; /* whom it concerns first */
    const char *person_name, *others;
    int64_t recorder_id;
    const char *recorder_name;
    const char *investigation;
    enum side liability; /* 0: not found yet */
    int64_t investigator_id;
    const char *investigator_name;
    struct instant investigated_at;
    const char *measures;
    struct instant closed_at;
    enum leak_state state;
};
extern const struct resource LEAKS;

/* open -> investigated, by the provider. Results: CONFLICT leak.wrong_state; FORBIDDEN
 * leak.own_investigation (by whom it concerns), leak.provider_investigates; INVALID. */
MUST_USE enum result leak_investigate(struct ctx *cx, const struct leak *leak,
                                      const char *investigation, enum side liability);
/* investigated -> closed, by the liable side. Results: CONFLICT leak.wrong_state; FORBIDDEN
 * leak.other_side; INVALID. */
MUST_USE enum result leak_close(struct ctx *cx, const struct leak *leak, const char *measures);

MUST_USE enum result judge_investigation(struct ctx *cx, const void *record, struct duty *duty,
                                         enum owing *out);
MUST_USE enum result judge_closing(struct ctx *cx, const void *record, struct duty *duty,
                                   enum owing *out);

#endif
