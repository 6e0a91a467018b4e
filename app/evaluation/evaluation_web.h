/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef EVALUATION_WEB_H
#define EVALUATION_WEB_H

#include "app/evaluation/evaluation.h"
#include "app/records/record_web.h"

extern const struct route EVALUATION_ROUTES[], CONSEQUENCE_ROUTES[], AUDIT_ROUTES[],
    RANKING_ROUTES[];

#endif
