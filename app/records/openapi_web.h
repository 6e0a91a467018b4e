/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The description of the API (OpenAPI 3.1), made from the same tables that carry it out. */
#ifndef OPENAPI_WEB_H
#define OPENAPI_WEB_H

#include "web/route.h"

/* Describe these tables, NULL-terminated; once at start, after texts, rights and resources. */
void openapi_use(const struct route *const *tables);
/* The description as JSON. */
const char *openapi_text(void);

extern const struct route OPENAPI_ROUTES[];

#endif
