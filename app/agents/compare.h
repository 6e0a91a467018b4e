/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Does the call system have what we have? Its own list of a contract's agents against ours. */
#ifndef COMPARE_H
#define COMPARE_H

#include "app/agents/agent.h"

/* One agent as the call system lists it. */
struct their_agent {
    const char *code;
    struct set permissions; /* none: the list does not tell */
    enum agent_state state; /* none: active, as it is listed */
};
extern const struct field THEIR_AGENT_FIELDS[];
#define THEIR_AGENTS_MOST 10000

/* From a sheet whose first row names the columns: code, permissions, state or their labels.
 * Results: INVALID compare.no_code, sheet.*, or rows.<n>.<field>. */
MUST_USE enum result compare_read(struct ctx *cx, const void *bytes, size_t len,
                                  struct their_agent **out, size_t *out_count);

enum difference_kind {
    DIFFERENCE_UNKNOWN_HERE = 1, /* they have an id that no letter opened */
    DIFFERENCE_OPEN_THERE,       /* closed here, open there */
    DIFFERENCE_MISSING_THERE,    /* open here, not there */
    DIFFERENCE_PERMISSIONS,
};
struct difference {
    enum difference_kind kind;
    const char *code, *person_name;
    int64_t agent_id;
    struct set ours, theirs;
};
extern const struct field DIFFERENCE_FIELDS[];
/* By kind, then code. Leaves an entry in the trail. Results: NOT_FOUND for the contract. */
MUST_USE enum result agents_compare(struct ctx *cx, int64_t contract_id,
                                    const struct their_agent *theirs, size_t count,
                                    struct difference **out, size_t *out_count);

#endif
