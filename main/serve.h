/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVE_H
#define SERVE_H

#include "main/world.h"

/* Serve until SIGINT or SIGTERM. The exit status. */
int serve(struct world *world);

#endif
