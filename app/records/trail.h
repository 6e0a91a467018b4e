/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The audit trail: append-only, hash-chained, one entry for every change and every sensitive read.
 *
 * Entries gather in the ctx while the work runs and are written, numbered and chained as the last
 * thing before the commit (trail_flush), so that the chain's head is locked for a moment only.
 * hash = SHA-256 over the canonical text of the entry and the hash before it (docs/trail.md gives
 * the exact form, so that anyone can recompute it). */
#ifndef RECORDS_TRAIL_H
#define RECORDS_TRAIL_H

#include "app/records/record.h"

struct event {
    int64_t id; /* position in the chain, from 1, without gaps */
    struct instant at;
    int64_t account_id;
    const char *account, *person_name; /* who, as named then; "system" for jobs */
    const char *origin, *request;
    const char *action;   /* create change activate sign login reveal export refused … */
    const char *resource; /* "contracts"; "" when it is about none */
    int64_t record_id;
    const char *title;   /* what named the record then */
    const char *changes; /* JSON: [{"field","before","after"}…] in canonical spelling; "" none */
    const char *note;    /* reason and other words */
    const char *previous, *hash;
    bool withheld; /* not stored: who did it, and what, is kept from whoever reads it */
};
extern const struct field EVENT_FIELDS[];
/* What of them everybody sees who sees the record: no account, address or place in the chain. */
extern const struct field HISTORY_FIELDS[];
extern const struct resource EVENTS;

/* An entry for the trail of this work. `record`: for its id and title (may be NULL). */
void trail_add(struct ctx *cx, const char *action, const struct resource *resource,
               const void *record, const char *changes, const char *note);
/* The JSON of what differs between two records (NULL before: everything that is set). Sensitive
 * values appear as masks. "" when nothing differs. */
const char *trail_diff(struct arena *arena, const struct field *fields, const void *before,
                       const void *after);
/* Write what gathered; main calls it before every commit. */
MUST_USE enum result trail_flush(struct ctx *cx);

/* What follows from the records with an entry in this transaction (duties): called by every flush
 * before it writes, so that no way to the database forgets it. Once at start. */
void trail_follow(enum result (*follow)(struct ctx *cx));
/* The records that the entries not yet written are about, each once. */
struct touched {
    const char *resource;
    int64_t id;
    bool created; /* by one of these entries */
};
void trail_touched(struct ctx *cx, struct touched **out, size_t *out_count);

/* What it changed, without this field: for a resource's `history`. */
void event_leave_out(struct ctx *cx, struct event *event, const char *field);

/* A record's history, newest first. The caller has seen to it that the record is in scope. */
MUST_USE enum result trail_of(struct ctx *cx, const struct resource *resource, int64_t id,
                              size_t limit, struct event **out, size_t *out_count);

/* The end of the chain with our Ed25519 signature over its words. */
struct trail_head {
    int64_t entries; /* beside the field table, where an int64_t is an id */
    struct instant at;
    const char *hash;
    const char *words;                  /* "luyue-head-1 <entries> <hash> <at>" */
    const char *signature, *public_key; /* hex */
};
extern const struct field TRAIL_HEAD_FIELDS[];
MUST_USE enum result trail_head(struct ctx *cx, struct trail_head *out);

/* Recompute the whole chain. *out_broken = 0, or the id of the first entry that does not fit;
 * *out_reason says why (altered, missing, order). *out_entries fit, and out_head is the last one's
 * hash. */
MUST_USE enum result trail_verify(struct ctx *cx, int64_t *out_entries, int64_t *out_broken,
                                  const char **out_reason, char out_head[65]);

#endif
