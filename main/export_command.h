/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef EXPORT_COMMAND_H
#define EXPORT_COMMAND_H

#include "main/world.h"

/* luyue export RESOURCE FILE: all records of a kind, as a workbook when FILE ends in .xlsx, else as
 * CSV; what people may see only on request is masked. It stands in the trail and in the log of
 * exports before the first row is written. The exit status: 0, 1 when the file cannot be written or
 * the store not be read, 2 when there is no such export. */
int export_command(struct world *world);

#endif
