/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From the cells of a row to a record. What cannot be read is rejected in cx under its field. */
#ifndef IMPORTS_ROW_H
#define IMPORTS_ROW_H

#include "app/imports/names.h"
#include "app/imports/plan.h"

/* A reference of the row to a record that is still to be made. */
struct pending {
    const struct field *field;
    const struct import_link *link;
    struct name *name;
};

struct row_reading {
    const struct import_spec *spec;
    const struct plan *plan;
    struct names *names;
    struct lookup *choices; /* what words of choices were found to mean */
    struct pending pending[LINKS_MAX];
    int pending_count;
    uint64_t filled; /* bit n: a cell gives field n of the resource a value */
};

/* Results: only of the database; wrong cells are rejected. */
MUST_USE enum result row_read(struct ctx *cx, struct row_reading *reading, const struct row *row,
                              void *record);
/* Was anything said about that field of the row yet? */
bool cell_is_rejected(const struct ctx *cx, const char *field);
bool is_pending(const struct row_reading *reading, const char *field);

enum row_kind { ROW_DATA, ROW_BLANK, ROW_ASIDE }; /* aside: totals, signatures, the header again */
enum row_kind row_kind(struct arena *arena, const struct plan *plan, const struct row *row);

#endif
