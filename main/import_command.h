/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef IMPORT_COMMAND_H
#define IMPORT_COMMAND_H

#include "main/world.h"

/* luyue import RESOURCE FILE [--dry-run] [--good-rows] [--report FILE.json]
 * The exit status: 0 when every row went in or was there already, 3 when some were refused (named
 * on standard error), 1 when the file cannot be read or the store not be written. */
int import_command(struct world *world);

#endif
