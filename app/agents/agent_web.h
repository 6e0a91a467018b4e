/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef AGENT_WEB_H
#define AGENT_WEB_H

#include "app/records/record_web.h"
#include "web/route.h"

extern const struct route AGENT_ROUTES[], PROVISION_ROUTES[], COMPARE_ROUTES[], HANDOVER_ROUTES[];

#endif
