/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef VERDICT_WEB_H
#define VERDICT_WEB_H

#include "base/field.h"

/* What somebody decides about evidence or an appeal: points, and why. */
struct verdict {
    struct points points;
    const char *reason;
};
extern const struct field VERDICT_INPUT[];

#endif
