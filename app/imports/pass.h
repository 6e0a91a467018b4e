/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One pass over a file, row by row: a dry run, or the import itself within the transaction of the
 * caller. Both judge a row by the same rules, those of the record itself. */
#ifndef IMPORTS_PASS_H
#define IMPORTS_PASS_H

#include "app/imports/names.h"
#include "app/imports/plan.h"

#define IMPORT_ROWS_MOST 1000000

/* What a cell should have said. */
struct correction {
    int column; /* of the file, from 0 */
    const char *text;
    const struct correction *next;
};

/* A row that cannot be imported. Its cells are those of the file with the corrections in them. */
struct bad_row {
    const struct row *row;
    const struct field_fault *faults; /* one a field, in the order in which they were found */
};

struct pass {
    /* ---- what is to be done ---- */
    struct ctx *cx;    /* its arena is given back row by row */
    struct arena *mem; /* another one, for what is remembered until the end */
    const struct import_spec *spec;
    const struct plan *plan;
    bool writes;             /* import; otherwise only judge */
    int64_t organisation_id; /* whose, where the command line names it; 0: the actor's own */
    bool good_rows;          /* leave out the bad rows; otherwise the first one ends the import */
    void *host;
    /* The corrections of a row of the file; NULL when it stands as it is. May be NULL. */
    const struct correction *(*corrections)(void *host, int row);
    enum result (*bad_row)(void *host, const struct bad_row *bad); /* may be NULL */
    bool (*go_on)(void *host, int64_t rows); /* asked now and then; may be NULL */
    /* ---- what came of it ---- */
    int64_t rows; /* of data: good + unchanged + bad */
    int64_t good, unchanged, bad;
    struct names names; /* with what was made, or will be */
    struct lookup *keys, *choices;
};

/* Results: INVALID sheet.…, import.no_rows, import.too_many_rows, import.too_large; CONFLICT
 * import.bad_rows (writing, and not only the good rows), import.no_client; BUSY import.stopped. */
MUST_USE enum result pass_run(struct pass *pass, const void *bytes, size_t len);

/* The words of a fault of a row: those of its code, and where a key stands already. */
const char *row_fault_words(struct arena *arena, const struct import_spec *spec,
                            const struct field_fault *fault, enum lang lang);

#endif
