/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef IMPORT_COMMAND_H
#define IMPORT_COMMAND_H

#include "app/imports/pass.h"
#include "main/world.h"

#include <stdio.h>

enum import_status {
    IMPORT_ALL_IN = 0,
    IMPORT_FAILED = 1,
    IMPORT_WRONG_USE = 2,
    IMPORT_SOME_REFUSED = 3,
};

struct import_job {
    struct world *world;
    const struct import_spec *spec; /* NULL: calls */
    const char *path, *bytes;
    int64_t organisation_id; /* --organisation; 0: none named */
    size_t len;
    struct plan plan;
    struct pass pass;
    struct arena *mem; /* of a pass */
    FILE *report;      /* NULL: none wanted */
    bool any_reported;
    struct {
        int64_t rows, good, unchanged;
    } counts; /* for the report */
};

/* Name a row that is refused, on standard error and in the report. */
void import_bad_row(struct import_job *job, int64_t row, const struct field_fault *faults,
                    const char *words);

/* luyue import RESOURCE FILE [--dry-run] [--good-rows] [--report FILE.json] [--organisation NAME]
 * The exit status: 0 when every row went in or was there already, 3 when some were refused (named
 * on standard error), 1 when the file cannot be read or the store not be written. */
int import_command(struct world *world);

#endif
