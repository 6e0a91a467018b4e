/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The texts of schema/, as tools/migrations.py embeds them. */
#ifndef STORE_MIGRATIONS_H
#define STORE_MIGRATIONS_H

#include "store/migrate.h"

extern const struct migration MIGRATIONS[];
extern const size_t MIGRATION_COUNT;

/* Those of schema/months/: what each month of calls has of its own (store/months.h). */
extern const struct migration MONTH_MIGRATIONS[];
extern const size_t MONTH_MIGRATION_COUNT;

#endif
