/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ASKED_PRIVATE_H
#define ASKED_PRIVATE_H

#include "app/attendance/asked.h"

extern const char *const ASKED_STATES[];
#define ASKED_FIELDS(struct_tag)                                                                   \
    FIELD_REF(struct_tag, organisation_id, "organisations", .use = NO_DIFF),                       \
        FIELD_REF(struct_tag, person_id, "people", .in = MAY, .use = FIXED | FILTERED),            \
        FIELD(struct_tag, person_name, .column = "p.name", .use = LISTED)
#define ASKED_FIELDS_AFTER(struct_tag)                                                             \
    FIELD(struct_tag, reason, .in = MUST, .max = 500, .use = FIXED | LISTED | LONG_TEXT),          \
        FIELD_REF(struct_tag, asked_by, "people", .use = NO_DIFF),                                 \
        FIELD(struct_tag, asker_name, .column = "COALESCE(ap.name, '')"),                          \
        FIELD_REF(struct_tag, decided_by, "people", .use = NO_DIFF),                               \
        FIELD(struct_tag, decider_name, .column = "COALESCE(dp.name, '')"),                        \
        FIELD(struct_tag, decision, .use = LONG_TEXT),                                             \
        FIELD_ENUM(struct_tag, state, ASKED_STATES, .use = LISTED | FILTERED)
#define ASKED_JOINS                                                                                \
    "JOIN people p ON p.id = t.person_id LEFT JOIN people ap ON ap.id = t.asked_by "               \
    "LEFT JOIN people dp ON dp.id = t.decided_by"

/* In a check at creation: for whom, and by whom. `day`: on which the person has to work there. */
MUST_USE enum result asked_begin(struct ctx *cx, struct asked *asked, struct date day);
/* Everybody asks for the own days, planners for those of others, too. */
MUST_USE enum result asked_open(struct ctx *cx, const void *record);
/* In a `saved`: tell who has to know. */
MUST_USE enum result asked_tell(struct ctx *cx, const struct resource *resource,
                                const struct asked *asked, const struct asked *before);
/* How often one person may, of an organisation. */
MUST_USE enum result rule_of(struct ctx *cx, int64_t organisation_id, struct attendance_rule *out);
/* The shifts that the two have now, as the plan of a swap. */
MUST_USE enum result swap_plan(struct ctx *cx, const struct swap *swap, const char **out);
MUST_USE enum result swap_carry_out(struct ctx *cx, const struct swap *swap);

#endif
