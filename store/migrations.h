/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The texts of schema/, as tools/migrations.py embeds them. */
#ifndef STORE_MIGRATIONS_H
#define STORE_MIGRATIONS_H

#include "store/migrate.h"

extern const struct migration MIGRATIONS[];
extern const size_t MIGRATION_COUNT;

#endif
