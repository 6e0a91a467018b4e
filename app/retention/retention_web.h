/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RETENTION_WEB_H
#define RETENTION_WEB_H

#include "app/retention/retention.h"
#include "web/route.h"

extern const struct route RETENTION_ROUTES[];
/* A certificate on paper. */
enum result certificate_print_get(struct request *rq);

#endif
