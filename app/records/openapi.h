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
/* The schema of a body with these fields. `version`: also the version that the client saw. */
void openapi_body(struct json_writer *json, const struct field *fields, bool version);
/* Elements of a parameters array: filters, sort and search, and with `pages` limit and after. */
void openapi_list_parameters(struct json_writer *json, const struct resource *resource, bool pages);

/* "name": "text" */
void json_member(struct json_writer *json, const char *name, const char *text);

#endif
