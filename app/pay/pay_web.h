/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PAY_WEB_H
#define PAY_WEB_H

#include "web/route.h"

extern const struct route PAY_ROUTES[], PAY_TRIAL_ROUTES[];

#endif
