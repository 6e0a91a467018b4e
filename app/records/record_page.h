/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the generic pages (list, record, form, history) show, made from the field tables. All of it
 * is page_only: words, links and choices around the same records that the API gives. */
#ifndef RECORDS_RECORD_PAGE_H
#define RECORDS_RECORD_PAGE_H

#include "app/records/record_web.h"
#include "app/records/trail.h"

const char *field_label(struct request *rq, const struct resource *resource,
                        const struct field *field);

void page_list(struct request *rq, const struct record_face *face, const struct list_query *query,
               const struct list *list);
MUST_USE enum result page_record(struct request *rq, const struct record_face *face,
                                 const void *record);
MUST_USE enum result page_form(struct request *rq, const struct record_face *face,
                               const void *record, bool creating);
void page_history(struct request *rq, const struct record_face *face, const void *record,
                  const struct event *events, size_t count);

/* The trail itself, as `entries` with the words of each entry's own resource. */
void page_events(struct request *rq, const struct list *list);

/* Field docs for a form over any table (login, import options): those that a client may set. */
MUST_USE enum result page_fields(struct request *rq, const struct resource *resource,
                                 const void *record, bool creating);

#endif
