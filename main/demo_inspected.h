/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the inspections of the demo world are told with. */
#ifndef DEMO_INSPECTED_H
#define DEMO_INSPECTED_H

#include "app/inspections/inspection.h"
#include "main/demo_story.h"

struct demo_fails {
    const char *item; /* what stands in its text */
    int findings;
    const char *note;
};
/* Everything passes but what `fails` says (NULL: nothing), which is shown, and it is finished. */
MUST_USE enum result demo_inspect(struct story *story, struct inspection *inspection,
                                  const struct demo_fails *fails);
/* The provider answers a notice with a photo of it. */
MUST_USE enum result demo_rectify(struct ctx *cx, int64_t id, const char *words);

#endif
