/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef IMPORTS_WEB_H
#define IMPORTS_WEB_H

#include "app/imports/imports.h"
#include "app/records/record_web.h"

extern const struct route IMPORTS_ROUTES[];

/* What the page of an import shows beside the record and the API's parts (import_page_web.c). */
void page_import(struct request *rq, const struct import *import, const struct preview *preview,
                 const struct plan *plan, const struct import_row *rows, size_t row_count);
/* The choice of what to import into, for the upload form. */
void page_import_new(struct request *rq, const char *resource);

#endif
