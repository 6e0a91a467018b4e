/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the generic pages (list, record, form, history) show, made from the field tables. All of it
 * is page_only: words, links and choices around the same records that the API gives. */
#ifndef RECORDS_RECORD_PAGE_H
#define RECORDS_RECORD_PAGE_H

#include "app/records/record_web.h"
#include "app/records/trail.h"

/* ---- words ---- */

/* The catalogue's, in the request's language. */
const char *word(struct request *rq, const char *key);
/* "<resource>.<rest>" where the catalogue has it, else "record.<rest>". */
const char *own_word(struct request *rq, const struct resource *resource, const char *rest);
const char *field_label(struct request *rq, const struct resource *resource,
                        const struct field *field);
/* A choice's label, or its name where the catalogue has none. */
const char *choice_words(struct request *rq, const struct resource *resource,
                         const struct field *field, const char *choice);

/* ---- whether this actor may: "<resource>.<verb>" ---- */
bool may_verb(struct request *rq, const struct resource *resource, const char *verb);

/* ---- pages ---- */

void page_list(struct request *rq, const struct record_face *face, const struct list_query *query,
               const struct list *list);
MUST_USE enum result page_record(struct request *rq, const struct record_face *face,
                                 const void *record);
MUST_USE enum result page_form(struct request *rq, const struct record_face *face,
                               const void *record, bool creating);
void page_history(struct request *rq, const struct record_face *face, const void *record,
                  const struct event *events, size_t count);

/* ---- shared by the files of these pages ---- */

/* What names the record of that id ("1001 何书琴"), by whatever name the actor may know it; "" when
 * it is not seen. */
const char *reference_words(struct request *rq, const char *resource, int64_t id);
/* The same of a record at hand. */
const char *record_called(struct arena *arena, const struct resource *resource, const void *record);
/* Only where it leads somewhere for whoever looks at the page. */
void doc_link(struct request *rq, struct doc *doc, const char *name, const char *href);
/* Is there such a record in the actor's scope? Leaves no fault behind. */
bool record_is_seen(struct request *rq, const struct resource *resource, int64_t id);
/* The current URL with one parameter set (value NULL: left out); paging starts anew. */
const char *link_with(struct request *rq, const char *name, const char *value);
struct doc *option_doc(struct request *rq, const char *value, const char *label, bool selected);
/* The filters of a list (record_filters_page.c). */
void page_filters(struct request *rq, const struct resource *resource,
                  const struct list_query *query);

/* What differs, from JSON as trail_diff makes it: {label, before, after} in words, as the member
 * `changes` of `doc`. */
void doc_changes(struct request *rq, const struct resource *resource, struct doc *doc,
                 const char *changes);

/* The trail itself, as `entries` with the words of each entry's own resource; one of them as
 * `entry`. */
void page_events(struct request *rq, const struct list *list);
void page_event(struct request *rq, const struct event *event);

/* Field docs for a form over any table (login, import options): those that a client may set. */
MUST_USE enum result page_fields(struct request *rq, const struct resource *resource,
                                 const void *record, bool creating);

/* The same for one row of a list in a form, whose names begin with `prefix` ("lines.3."): `fields`
 * of `out`. */
MUST_USE enum result page_row(struct request *rq, const struct resource *resource,
                              const char *prefix, const void *row, struct doc *out);

#endif
