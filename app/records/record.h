/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The plain verbs that every record has, written once: list, show, create, change, history.
 *
 * A slice describes its records as a `struct resource` (field table, who may see a row, rules) and
 * gets the SQL, the scope, the version check, the audit trail, the API, the pages, import and
 * export. Every statement on a resource's table that a client can cause goes through here, so that
 * there is one place where the scope is added and no way around it. */
#ifndef RECORDS_RECORD_H
#define RECORDS_RECORD_H

#include "app/records/actor.h"
#include "store/db.h"

/* First members of every record, and their fields. */
#define RECORD_MEMBERS                                                                             \
    int64_t id;                                                                                    \
    int64_t version;                                                                               \
    struct instant created_at, updated_at
#define RECORD_FIELDS(struct_tag)                                                                  \
    FIELD(struct_tag, id, .use = SORTED), FIELD(struct_tag, version, .use = NO_DIFF),              \
        FIELD(struct_tag, created_at, .use = NO_DIFF),                                             \
        FIELD(struct_tag, updated_at, .use = NO_DIFF)
struct record {
    RECORD_MEMBERS;
};

/* An order of a list beside those by SORTED fields. */
struct list_order {
    const char *by; /* SQL over `t`, ties by id */
    /* The field of a filter that leaves so few rows that all of them are looked at, by an index
     * that knows what `by` and the scope ask; NULL: `by` is a column with an index that is walked.
     */
    const char *within;
};

struct event;
struct list_query;
struct list;
struct resource;

/* How records are read that do not lie in the store itself but apart from it (calls, by month).
 * Both go to where the rows are and ask record_get_here or record_list_here there. */
struct apart {
    enum result (*get)(struct ctx *cx, const struct resource *resource, int64_t id, void *out);
    enum result (*list)(struct ctx *cx, const struct resource *resource,
                        const struct list_query *query, struct list *out);
};

struct resource {
    const char *name; /* "contracts": table, URL, JSON, catalogue prefix, prefix of its rights */
    const char *clause;
    const struct field *fields;
    size_t size;
    const char *joins; /* "JOIN organisations p ON p.id = t.provider_id"; the table itself is `t` */
    const char *title; /* the field that names a record in links and histories */
    const char *sort;  /* when none is asked for: "-id" */
    /* What ?sort= takes beside the SORTED fields; out->by stays NULL where it is not of that name.
     * NULL: nothing. */
    enum result (*order)(struct ctx *cx, const struct list_query *query, const char *name,
                         struct list_order *out);
    /* Who sees a row, by side of the account: SQL with `@` before the row's columns and :org :unit
     * :person :account for the actor's own; "" everybody of that side, NULL nobody. */
    const char *scope[SIDE_COUNT];
    const char
        *unit; /* column with the row's unit: client accounts below the centres see theirs only */
    const char *beyond_units; /* SQL as above: further rows that all of the client's side see */
    /* A part of another record is seen by whoever sees that one, instead of unit; `scope` then says
     * which of those rows a side sees, NULL: all of them. */
    const struct resource *parent;
    const char *parent_field; /* "contract_id" */
    /* A record that hangs at records of several kinds (documents, signatures): the kind is named in
     * its column `subject`, the record in `subject_id`; it is seen by whoever sees that one. */
    const struct resource *const *subjects;
    const char *search_also; /* further SQL that ?q= looks into: "p.search_key" */
    /* Rules at creation (before = NULL) and change: reject() what is wrong, complete what follows.
     */
    enum result (*check)(struct ctx *cx, void *record, const void *before);
    /* May this actor change the record as it stands, or add one like this (id 0)? Fails with why.
     * Pages ask before they show a way to it, so that no link ends in a refusal; the rules
     * themselves stand in `check`. NULL: whoever has the right may. */
    enum result (*open)(struct ctx *cx, const void *record);
    /* After the row was written, in the same transaction: what else follows. */
    enum result (*saved)(struct ctx *cx, const void *record, const void *before);
    /* Fill the DERIVED members of a row that was just read (what follows from today's date). */
    void (*derive)(struct ctx *cx, void *record);
    /* May its documents be added or taken away now? NULL: always. */
    enum result (*attach)(struct ctx *cx, int64_t id);
    /* Leaves out of the record's history what the actor may not read. NULL: all may be read. */
    enum result (*history)(struct ctx *cx, int64_t id, struct event *events, size_t *count);
    bool
        withheld; /* entries of the trail say nothing of it to who may not read it or sees no row */
    const struct apart *apart; /* NULL: its rows lie in the store */
    int most;                  /* rows of one page of a list, where they are long; 0: 200 */
    const char *import_key;    /* the field by which an imported row is known again */
};

/* All resources, NULL-terminated; once at start. */
void resources_use(const struct resource *const *all);
const struct resource *resource_find(const char *name);
size_t resources_count(void);
const struct resource *resources_at(size_t index);

/* ---- one record. `out`, `record`: the resource's struct ---- */

/* Results: NOT_FOUND record.not_found (also for a row outside the actor's scope). */
MUST_USE enum result record_get(struct ctx *cx, const struct resource *resource, int64_t id,
                                void *out);
/* The same where cx->db reads the part of the store that holds the row (struct apart). */
MUST_USE enum result record_get_here(struct ctx *cx, const struct resource *resource, int64_t id,
                                     void *out);
/* Is there such a row in the actor's scope? Results: NOT_FOUND. */
MUST_USE enum result record_seen(struct ctx *cx, const struct resource *resource, int64_t id);
/* What record_add would say of it: references and rules, without writing. Results: INVALID. */
MUST_USE enum result record_check(struct ctx *cx, const struct resource *resource, void *record);
/* Checks references and rules, writes the row and its entry in the trail; fills id, version,
 * created_at. Results: INVALID, CONFLICT record.exists. */
MUST_USE enum result record_add(struct ctx *cx, const struct resource *resource, void *record);
/* `after` replaces `before`, which was read in this transaction: references of changed fields and
 * rules are checked, the row written if its version still is before's, the difference goes into the
 * trail under `action` ("change", "activate"). Nothing different: nothing happens.
 * Results: INVALID, CONFLICT record.stale. */
MUST_USE enum result record_change(struct ctx *cx, const struct resource *resource,
                                   const char *action, const void *before, void *after);
/* What is kept beside the records (sums): called for each row that record_add and record_change
 * have written, in the same transaction; `before` is NULL of a new one. Once at start. */
typedef enum result (*record_follower)(struct ctx *cx, const struct resource *resource,
                                       const void *before, const void *after);
void records_follow(record_follower follow);
/* CONFLICT record.stale when the client saw another version than the row has. */
MUST_USE enum result record_fresh(struct ctx *cx, const void *record, int64_t version_seen);
/* What somebody has to say beside a record, in at most so many characters. Rejects `member`. */
void check_words(struct ctx *cx, const char *member, const char *words, size_t most);
#define REASON_MOST 1000
/* Why somebody does something: asked for, and no longer than a paragraph. Rejects `reason`. */
void check_reason(struct ctx *cx, const char *reason);

/* The resource's `open`, asked without leaving a fault behind. */
bool record_is_open(struct ctx *cx, const struct resource *resource, const void *record);

/* What names it in links and histories: the title field. */
const char *record_title(struct arena *arena, const struct resource *resource, const void *record);

/* ---- lists ---- */

/* One condition: a FILTERED field, its range, or a unit with what hangs under it. */
enum compare { IS, FROM, TO, ANY_OF, UNDER };
struct condition {
    const struct field *field;
    enum compare compare;
    const char *value; /* canonical text; ANY_OF: with commas between */
    struct condition *next;
};
#define LIST_USUAL 50
#define LIST_MOST 200
struct list_query {
    struct condition *conditions;
    const char *search; /* ?q= */
    const char *sort;   /* a SORTED field, "-" before it for descending; NULL: the resource's */
    const char *after;  /* cursor of the last page; NULL: from the start */
    int limit;          /* 1 .. LIST_MOST */
};
struct list {
    void *rows; /* resource->size bytes each */
    size_t count;
    const char *next; /* cursor, NULL when this is the end */
};
/* Results: INVALID list.bad_cursor. */
MUST_USE enum result record_list(struct ctx *cx, const struct resource *resource,
                                 const struct list_query *query, struct list *out);
MUST_USE enum result record_list_here(struct ctx *cx, const struct resource *resource,
                                      const struct list_query *query, struct list *out);
/* Add a condition to a query from its name in a URL ("state", "ends_on_to", "unit_id_under"). False
 * when it is none.
 */
bool list_condition(struct ctx *cx, const struct resource *resource, const char *name,
                    const char *value, struct list_query *query);
/* All conditions of a query of our own: "state=active&ends_on_to=2026-12-31"; its sort is left. */
void list_conditions(struct ctx *cx, const struct resource *resource, const char *text,
                     struct list_query *query);
/* All rows of a query in turn (exports); limit and after are not used. */
MUST_USE enum result record_each(struct ctx *cx, const struct resource *resource,
                                 const struct list_query *query, db_row each, void *host);
/* How many rows, counted no further than `most`. */
MUST_USE enum result record_count(struct ctx *cx, const struct resource *resource,
                                  const struct list_query *query, int64_t most, int64_t *out);

/* Rows by a condition of the slice's own, with what is joined to them, past the scope: for what a
 * slice's rules ask, and for what no list can (`t` is the table; ORDER BY and LIMIT belong to it):
 *     record_select(cx, &DUTIES, "mine", "t.owner_id = $1 ORDER BY t.due_at LIMIT 50", PARAMS(…),
 *                   &list) */
MUST_USE enum result record_select(struct ctx *cx, const struct resource *resource,
                                   const char *name, const char *where, struct params params,
                                   struct list *out);

/* The scope of a resource as SQL over alias `alias`, for a slice's own composed queries; parameters
 * are added to `params`. */
struct param_list {
    struct param at[PARAMS_MAX];
    int count;
    bool full;   /* there were more: the statement must not run */
    bool walked; /* another index leads, the scope's must not */
    bool one;    /* the row is known by its id already */
};
void scope_sql(struct ctx *cx, const struct resource *resource, const char *alias,
               struct param_list *params, struct text *sql);

/* A record's state as people call it: "evaluations.state.final". */
const char *state_name(const struct ctx *cx, const struct resource *resource,
                       const char *const *states, unsigned state);

#endif
