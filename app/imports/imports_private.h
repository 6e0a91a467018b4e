/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between imports.c, import_rows.c and import_work.c. */
#ifndef IMPORTS_PRIVATE_H
#define IMPORTS_PRIVATE_H

#include "app/imports/imports.h"
#include "app/imports/pass.h"

/* A bad row as it is stored. */
struct stored_row {
    int64_t number;
    const char *cells, *corrections, *faults;
};
struct stored_row row_stored(struct ctx *cx, struct arena *arena, const struct bad_row *bad);
/* All of an import's rows are about to be judged anew. */
MUST_USE enum result rows_forget(struct ctx *cx, int64_t import_id);
MUST_USE enum result rows_put(struct ctx *cx, int64_t import_id, const struct stored_row *rows,
                              size_t count);

/* The corrections of an import by the row's number, written as a text. */
MUST_USE enum result rows_corrections(struct ctx *cx, int64_t import_id, struct arena *arena,
                                      struct lookup **out);
/* A bad row as it stands now. Results: NOT_FOUND import.no_row. */
MUST_USE enum result row_bad(struct ctx *cx, int64_t import_id, int64_t number,
                             struct import_row *out);
/* Results: NOT_FOUND import.no_row. */
MUST_USE enum result row_correct(struct ctx *cx, int64_t import_id, int64_t number,
                                 const struct correction *corrections);

/* The JSON of what a pass made, for import->creates. */
const char *creates_write(struct arena *arena, const struct names *names);

#endif
