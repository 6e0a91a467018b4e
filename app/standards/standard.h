/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inspection standards (V3.5, V6.1.2.1, V6.1.2.3, form F04): what is looked at in a project, for
 * one kind of service, how, how often, and what it costs when it is not so.
 *
 * A standard is written item by item and approved by somebody who wrote nothing in it, under the
 * rules of the division. Approval demands that its items cover every term of the contracts that can
 * be inspected, in every category that must be there, and that their points add up. From its day on
 * it is in force and never changes; what changes is the next revision, which ends it. */
#ifndef STANDARD_H
#define STANDARD_H

#include "app/standards/division_rule.h"

#define STANDARD_BASE 100 /* points of all items together */
#define STANDARD_ITEMS_MOST 200

enum standard_state { STANDARD_DRAFT = 1, STANDARD_IN_FORCE, STANDARD_RETIRED };
struct standard {
    RECORD_MEMBERS;
    int64_t organisation_id, unit_id;
    const char *unit_name;
    enum service service;
    const char *name;
    int32_t revision;
    int64_t former_id;
    struct date from, to; /* in force; no `to`: until further notice */
    const char *note;
    int64_t rules_id; /* the division's rules that it was approved under */
    const char *rules_name;
    int64_t author_id;
    const char *author_name, *editors;
    int64_t approver_id;
    const char *approved_by;
    struct instant approved_at;
    const char *ended_reason;
    const char *items, *sha256;
    enum standard_state state;
};
extern const struct resource STANDARDS;
extern const char *const STANDARD_STATES[];

enum item_method { BY_SIGHT = 1, BY_TOUCH, BY_SMELL, BY_INSTRUMENT, BY_RECORDS, BY_COUNT, BY_TEST };
enum item_frequency {
    FREQUENCY_EACH_TIME = 1,
    FREQUENCY_DAILY,
    FREQUENCY_WEEKLY,
    FREQUENCY_HALF_MONTHLY,
    FREQUENCY_MONTHLY,
    FREQUENCY_QUARTERLY,
    FREQUENCY_HALF_YEARLY,
    FREQUENCY_YEARLY
};
extern const char *const ITEM_METHODS[], *const ITEM_FREQUENCIES[];

struct standard_item {
    RECORD_MEMBERS;
    int64_t standard_id;
    const char *standard_name;
    int32_t number; /* its place in the standard */
    enum category category;
    const char *place, *text;
    int64_t term_id;         /* the term that it checks; 0: none in particular */
    const char *term_number; /* and its contract's name */
    const char *term_contract;
    enum item_method method;
    enum item_frequency frequency;
    const char *sample;
    struct points points;         /* that it is worth */
    struct points deduction;      /* for each finding, until its points are gone */
    bool photo;                   /* a finding needs one */
    bool fatal;                   /* a finding takes all its points, and the inspection fails */
    const char *code, *said_term; /* of an imported row: known again by it; the term as written */
};
extern const struct resource STANDARD_ITEMS;

/* ---- for those who inspect. Past the scope, like all that rules ask ---- */

/* The standard that is in force in the project for that service on a day. Results: NOT_FOUND
 * standard.none_for. */
MUST_USE enum result standard_for(struct ctx *cx, int64_t unit_id, enum service service,
                                  struct date day, struct standard *out);
/* Its items, in its order. */
MUST_USE enum result standard_items(struct ctx *cx, int64_t standard_id, struct standard_item **out,
                                    size_t *out_count);

/* Is this kind of service supervised by standards at all? Outsourced calls have their own part. */
bool service_is_inspected(enum service service);

/* ---- writing one: all on a draft; CONFLICT standard.wrong_state ---- */

/* The items that practice begins with for its service, behind those it has. Results: NOT_FOUND
 * standard.no_library. */
MUST_USE enum result standard_fill(struct ctx *cx, const struct standard *standard);
/* One place up or down among the items of its category. Results: CONFLICT standard_item.at_end. */
MUST_USE enum result standard_item_move(struct ctx *cx, const struct standard_item *item, bool up);
MUST_USE enum result standard_item_remove(struct ctx *cx, const struct standard_item *item);
/* For imports: by the code of the row, the name of a draft. 0: none. */
void standard_item_code(struct ctx *cx, struct standard_item *item);
MUST_USE enum result standard_item_of_code(struct ctx *cx, const char *code, int64_t *out_id);
MUST_USE enum result standard_draft_of_name(struct ctx *cx, int64_t organisation_id,
                                            const char *name, int64_t *out_id);

/* ---- is it whole? ---- */

/* A term of the project's contracts that can be inspected, and how many items check it. */
struct covered_term {
    int64_t term_id;
    const char *number;
    enum term_topic topic;
    const char *text;
    int64_t contract_id;
    const char *contract_number, *contract_name;
    int32_t items;
};
extern const struct field COVERED_TERM_FIELDS[];
#define COVERED_TERMS_MOST 1000
MUST_USE enum result standard_terms(struct ctx *cx, const struct standard *standard,
                                    struct covered_term **out, size_t *out_count);
struct points standard_points(const struct standard_item *items, size_t count);

/* ---- its life ---- */

/* The digest that is signed at approval; of a draft: that would be. */
MUST_USE enum result standard_digest(struct ctx *cx, const struct standard *standard,
                                     const char **out);
/* draft -> in_force, signed; ends the one before. Results: FORBIDDEN standard.own; CONFLICT
 * standard.changed, standard.not_ready with every reason at once. */
MUST_USE enum result standard_approve(struct ctx *cx, const struct standard *standard,
                                      const char *sha256_seen);
/* A draft of the next revision with the same items: *out_id. */
MUST_USE enum result standard_revise(struct ctx *cx, const struct standard *standard,
                                     int64_t *out_id);
/* in_force -> retired, with today as its last day; a draft that comes to nothing. Results: INVALID
 * without reason. */
MUST_USE enum result standard_retire(struct ctx *cx, const struct standard *standard,
                                     const char *reason);
MUST_USE enum result standard_give_up(struct ctx *cx, const struct standard *standard,
                                      const char *reason);

extern const struct right STANDARD_RIGHTS[];
extern const struct duty_rule STANDARD_DUTIES[];

#endif
