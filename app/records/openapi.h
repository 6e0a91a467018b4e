/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What of the API's description (OpenAPI 3.1) follows from field tables: schemas and the parameters
 * of lists. The routes are described in openapi_web.c. */
#ifndef RECORDS_OPENAPI_H
#define RECORDS_OPENAPI_H

#include "app/records/record.h"
#include "base/json.h"

/* "contracts", "contracts_new", "contracts_change" */
enum schema_kind { SCHEMA_SHOWN, SCHEMA_NEW, SCHEMA_CHANGE, SCHEMA_KINDS };
extern const char *const SCHEMA_SUFFIXES[SCHEMA_KINDS];

/* The members of components.schemas: each resource as it is shown, and as it is sent. */
void openapi_schemas(struct json_writer *json);
/* The schema of a body with these fields, whose labels are the catalogue's under `prefix`.
 * `version`: also the version that the client saw. */
void openapi_body(struct json_writer *json, const char *prefix, const struct field *fields,
                  bool version);
/* A member that is an array of rows with these fields (NULL: any), as sent or as shown. */
void openapi_rows(struct json_writer *json, const char *name, const char *prefix,
                  const struct field *fields, enum schema_kind kind);
/* Elements of a parameters array: these fields in the query. */
void openapi_query(struct json_writer *json, const struct field *fields);
/* Elements of a parameters array: filters, sort and search, and with `pages` limit and after. */
void openapi_list_parameters(struct json_writer *json, const struct resource *resource, bool pages);

/* "name": { */
void json_begin(struct json_writer *json, const char *name);
/* So many } */
void json_end(struct json_writer *json, int levels);
/* "name": "text" */
void json_member(struct json_writer *json, const char *name, const char *text);
void json_flag(struct json_writer *json, const char *name, bool value);

#endif
