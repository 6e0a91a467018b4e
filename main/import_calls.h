/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef IMPORT_CALLS_H
#define IMPORT_CALLS_H

#include "main/import_command.h"

/* luyue import calls FILE [--profile P] [--dry-run] [--report FILE.json]
 * A call system's own file: the good lines are taken in whatever the others are like. */
int import_calls(struct import_job *job);

#endif
