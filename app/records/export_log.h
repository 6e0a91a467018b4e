/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What left as a file or on paper, and by whom (C3.3): a row beside the entry of the trail, so that
 * a provider, too, can read of its own data. Written by whatever makes the file. */
#ifndef EXPORT_LOG_H
#define EXPORT_LOG_H

#include "app/records/record.h"

struct export_entry {
    RECORD_MEMBERS;
    int64_t organisation_id; /* of whoever made it */
    const char *organisation_name, *account, *person_name;
    const char *resource;
    int64_t record_id;   /* 0: a list */
    int64_t contract_id; /* 0: of no single one */
    const char *contract_name;
    enum export_action { EXPORT_FILE = 1, EXPORT_PRINT } action;
    bool confidential; /* project data */
    const char *query; /* what was asked for; "" of a single record */
    const char *origin, *request;
    const char *words; /* what kind of records, in the language of the request */
};
extern const struct resource EXPORTS;

/* `record` NULL: a list of the resource, by the conditions of `query` (NULL: none). */
MUST_USE enum result export_note(struct ctx *cx, enum export_action action,
                                 const struct resource *resource, const void *record,
                                 const struct list_query *query, const char *target);

#endif
