/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A copy of an embedded store while it serves, and back again. The master key is not in it: it is
 * kept apart, so that a lost backup gives away nothing that is sealed. PostgreSQL has its own tools
 * (pg_dump), and holds the documents too. */
#ifndef BACKUP_H
#define BACKUP_H

#include "main/world.h"

/* Into a new folder: luyue.db and each month's calls_YYYY_MM.db (each consistent, as of one
 * moment), the gate's journal, files/, and SHA256SUMS. */
int backup_command(struct world *world);
/* From such a folder into a data folder that has the key but no store yet. The sums are checked
 * first; nothing is written when one does not fit. */
int restore_command(struct world *world);

#endif
