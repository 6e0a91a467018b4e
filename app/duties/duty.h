/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Duties: who owes what by when.
 *
 * A duty follows from a record: a slice declares a rule, which looks at a record and says whether
 * something is owed about it, by whom and until when. Before every commit each record that has an
 * entry in this transaction's trail is looked at under the rules of its resource, so a duty opens
 * with what makes it owed and is met with what fulfils it; no slice calls anything, and nobody can
 * forget to. Once open, the clock alone makes it overdue and escalates it, rung by rung. */
#ifndef DUTY_H
#define DUTY_H

#include "app/notices/notice.h"
#include "base/calendar.h"

enum duty_state { DUTY_OPEN = 1, DUTY_MET, DUTY_OVERDUE, DUTY_WAIVED };

struct duty {
    RECORD_MEMBERS;
    const char *rule; /* "brief_executor": words under "duty.<rule>", its verb "duty.<rule>.verb" */
    const char *clause;  /* of the rule, or of the customer's own clause attached to it */
    const char *subject; /* the record that it is about */
    int64_t subject_id;
    const char *title;   /* what named that record then */
    const char *period;  /* "2026-11" of a duty that comes every month; "" */
    int64_t contract_id; /* 0: about none */
    int64_t organisation_id,
        unit_id; /* whose it is, for the scope; unit 0: the whole organisation */
    const char *organisation_name, *unit_name;
    enum side owner_side;
    const char *owner_role; /* one of ROLES; any of the holders may do it */
    int64_t owner_id;       /* the one person who owes it; 0: whoever holds the role */
    const char *owner_name;
    struct instant opened_at; /* from when it is shown: may lie in the future */
    struct instant due_at;    /* the last moment in time */
    struct instant met_at;
    struct instant next_at; /* when the clock has to look again; none: never */
    enum duty_state state;
    int32_t level;      /* rungs climbed: 0 none */
    const char *reason; /* of waiving */
    int32_t days_left;
    bool internal; /* of the owner's own house: the other party does not know of it */
    bool live;     /* on somebody's list: begun, and neither met nor waived */
};
extern const struct resource DUTIES;
extern const char *const DUTY_STATES[];

/* ---- rules ---- */

enum owing {
    OWING_NOTHING, /* does not apply (any more): an open duty is waived by itself */
    OWING_DUTY,    /* owed: opened if it is not open; who and until when is brought up to date */
    OWING_MET,     /* fulfilled: an open duty is met */
};
struct duty_rule {
    const char *name, *clause;
    const struct resource *resource; /* what it is about */
    /* Looks at the record as it is now. For OWING_DUTY fills contract_id, organisation_id, unit_id,
     * owner_side, owner_role, owner_id, due_at, opened_at when that is not now, and internal for
     * good. due_of helps.
     */
    enum result (*judge)(struct ctx *cx, const void *record, struct duty *duty, enum owing *out);
    struct due_rule due; /* for due_of, for reading it in the living regulation, and for settings */
    /* Of records that keep their deadlines: brings those of this one up to date by the calendar as
     * it is now, before it is judged. */
    enum result (*redate)(struct ctx *cx, void *record);
    /* Judged anew for each record at the start of each month, with duty->period set. */
    bool monthly;
    /* Records of another kind that decide it, too (a person who leaves), and which of the rule's
     * records to look at when one of them changes: ($1 its id) -> id. */
    const struct resource *also;
    const struct query *also_ids;
    const struct resource *and_also; /* and of one more kind, the same */
    const struct query *and_also_ids;
    bool also_new;  /* new ones too, although nothing refers to them yet (somebody who joins) */
    bool delegable; /* during an absence whoever stands in does it, sees it and is told of it */
};
#define DUTY_RULES_END                                                                             \
    {                                                                                              \
        .name = NULL                                                                               \
    }
/* So many tables of the slices, each with DUTY_RULES_END at its end; once at start. */
void duties_use(const struct duty_rule *const *tables, size_t count);
const struct duty_rule *duty_rule_find(const char *name);
/* All rules, in the order of their tables; NULL at the end. */
const struct duty_rule *duty_rule_at(size_t index);

/* The rule's last moment in time when it starts at `start`, in Chinese business days. */
struct instant due_of(struct ctx *cx, const struct duty_rule *rule, struct instant start);
/* It is the client's: of whoever holds the role, in this unit of the organisation. */
void duty_of_client(struct duty *duty, int64_t organisation_id, int64_t unit_id, enum role role);
/* The last moment of a day. */
struct instant day_end(struct date date);

/* Look at every record of this transaction's trail: trail_flush does it, by trail_follow. What it
 * does to duties has the entry of the record that it follows from, and none of its own. */
MUST_USE enum result duties_follow(struct ctx *cx);
/* A duty that another record fulfils (a report letter): meets the open one, if there is one. */
MUST_USE enum result duty_meet(struct ctx *cx, const char *rule, int64_t subject_id,
                               const char *period);
/* Results: INVALID without reason; CONFLICT duty.not_open. */
MUST_USE enum result duty_waive(struct ctx *cx, const struct duty *duty, const char *reason);

/* ---- lists: what is live, the most urgent first ---- */

#define DUTY_PAGE 50 /* rows; list.next is then the cursor of the next page. "": the first one */
/* What the actor owes: in person, or as holder of a role where the actor's scope reaches; and what
 * of it may be delegated, of those for whom the actor stands in. */
MUST_USE enum result duties_mine(struct ctx *cx, const char *cursor, struct list *out);
/* What anybody owes in the actor's unit and below, or in a provider's organisation. */
MUST_USE enum result duties_around(struct ctx *cx, const char *cursor, struct list *out);

/* ---- during an absence ---- */

/* For whom the actor stands in today: as actors, with their own rights and reach. */
MUST_USE enum result absent_list(struct ctx *cx, struct actor **out, size_t *out_count);

/* ---- the clock ---- */

/* What became due or overdue, and what has to be dated anew, in one transaction: at most 250
 * duties. */
MUST_USE enum result duties_tick(struct ctx *cx);
/* A worker's turn: the same in transactions of some milliseconds while there is something to do. */
struct worker;
MUST_USE enum result duties_turn(struct worker *worker, struct ctx *cx, bool *out_found);

extern const struct right DUTY_RIGHTS[];

#endif
