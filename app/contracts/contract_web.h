/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef CONTRACT_WEB_H
#define CONTRACT_WEB_H

#include "app/records/record_web.h"
#include "web/route.h"

extern const struct route CONTRACT_ROUTES[];
extern const struct record_face CONTRACT_FACE, TERM_FACE;

#endif
