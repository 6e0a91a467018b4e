/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The import of real ledgers: an office's file is uploaded, its columns are mapped, every row is
 * judged in a dry run, wrong cells are mended, and then all rows go in or none — or, when that is
 * chosen, the good ones. Importing the same file again changes nothing.
 *
 * A worker checks and imports, so that requests return at once; what it is about to do stands in
 * the import's state, so that it goes on after a restart. */
#ifndef IMPORTS_H
#define IMPORTS_H

#include "app/documents/files.h"
#include "app/imports/plan.h"
#include "jobs/worker.h"

enum import_state {
    IMPORT_UPLOADED = 1,
    IMPORT_CHECKING,
    IMPORT_CHECKED,
    IMPORT_RUNNING,
    IMPORT_DONE,
    IMPORT_REFUSED, /* rows that were good are so no longer: checked again, nothing imported */
    IMPORT_FAILED
};

struct import {
    RECORD_MEMBERS;
    int64_t account_id;
    const char *made_by, *resource, *file_name, *sha256;
    enum import_state state;
    int32_t header_row;
    const char *mapping, *preview, *rights;
    int32_t rows, good, unchanged, bad_rows, imported;
    bool good_rows;
    const char *withheld; /* kinds of records that it must not make along: "people units" */
    const char *creates, *failure, *failure_detail;
};
extern const struct resource IMPORTS;

/* How its file is read; *out_preview may be NULL. */
MUST_USE enum result import_plan(struct ctx *cx, const struct import *import,
                                 struct preview *out_preview, struct plan *out);

/* ---- upload ---- */

struct import_upload {
    const char *resource, *file_name; /* as sent */
    const void *bytes;
    size_t len;
    /* From import_prepare: */
    struct preview preview;
    struct plan plan;
    const char *clean_name, *media_type;
    struct staged_file staged;
};
/* The slow step, outside any transaction: look at the first rows and stage the file. Results:
 * INVALID sheet.…, or fields; FORBIDDEN without the right to write the resource. */
MUST_USE enum result import_prepare(struct ctx *cx, struct import_upload *upload);
MUST_USE enum result import_add(struct ctx *cx, const struct import_upload *upload,
                                struct import *out);

/* ---- what its owner does next; all but the first want it at rest: CONFLICT import.busy ---- */

/* Which column goes where. */
struct column_choice {
    int32_t column;    /* of the file, from 1 */
    const char *field; /* "" = not imported */
};
/* Read it so and check every row. Another header row guesses the columns anew; a column that is
 * not named keeps its place. `withheld`: what it must not make along from now on. Results: INVALID
 * with fields. */
MUST_USE enum result import_map(struct ctx *cx, const struct import *before, int32_t header_row,
                                const struct column_choice *choices, size_t count,
                                const char *withheld);

/* What a wrong cell should have said. */
struct cell_correction {
    int32_t row;
    const char *field, *value;
};
#define CORRECTIONS_MOST 1000
/* Correct bad rows, each with an entry in the trail that says what stood there, and check again.
 * Results: NOT_FOUND import.no_row; INVALID with fields. */
MUST_USE enum result import_mend(struct ctx *cx, const struct import *before,
                                 const struct cell_correction *corrections, size_t count);

/* Import it: everything, or `good_rows` only. `creates`: that records are made along has been seen
 * and is wanted. Results: CONFLICT import.not_checked, import.bad_rows, import.nothing; INVALID
 * `create` when records would be made and it was not said so. */
MUST_USE enum result import_start(struct ctx *cx, const struct import *before, bool good_rows,
                                  bool creates);

/* ---- the rows that are bad ---- */

struct import_row {
    int64_t number;
    int cell_count;
    const char **cells; /* with the corrections in them */
    const struct field_fault *faults;
};
/* The next bad rows after a number; at most `limit`. */
MUST_USE enum result import_rows_bad(struct ctx *cx, const struct import *import, int64_t after,
                                     size_t limit, struct import_row **out, size_t *out_count);

/* How many records of which kind the good rows bring along. */
struct import_creates {
    const char *resource, *names; /* the first names, with words between */
    int32_t count, shown;         /* all of them; those in `names` */
    const char **all;             /* as many as were kept: no more than CREATES_MOST */
    size_t all_count;
};
#define CREATES_MOST 20000
extern const struct field IMPORT_CREATES_FIELDS[];
void import_creates(struct arena *arena, const struct import *import, struct import_creates **out,
                    size_t *out_count);

/* ---- the worker ---- */

MUST_USE enum result imports_turn(struct worker *worker, struct ctx *cx, bool *out_found);
/* Rows that the worker of this process has gone through in the import that it has at hand. */
int64_t import_progress(int64_t id);
/* A daily job: forget the rows of imports that rest for half a year. */
MUST_USE enum result imports_sweep(struct ctx *cx);

#endif
