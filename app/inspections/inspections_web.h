/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef INSPECTIONS_WEB_H
#define INSPECTIONS_WEB_H

#include "app/inspections/inspection.h"
#include "web/request.h"

extern const struct route INSPECTION_ROUTES[], INSPECTION_PLAN_ROUTES[], PHONE_ROUTES[],
    RECTIFICATION_ROUTES[], PROVIDER_WORK_ROUTES[];
extern const struct record_face INSPECTION_FACE;
/* What an item was judged by: `term_href`, the contract's term, and `standard_href`, the item in
 * its standard. */
MUST_USE enum result doc_item_links(struct request *rq, struct doc *doc,
                                    const struct inspection *inspection, int64_t item_id,
                                    const char *term);
/* `photos`: of what was found at that place. */
void doc_photos(struct request *rq, struct doc *doc, const struct list *photos, int32_t place);

/* A decision in two words ("pass", "fail") with a reason: the inputs `decision` and `reason`.
 * Results: INVALID. */
struct decision {
    const char *const *words; /* the one that agrees first; NULL at the end */
    const char *action;       /* "/rectifications/{id}/judge" without its beginning: "judge" */
};
struct decided {
    const char *decision, *reason;
};
extern const struct field DECIDED_INPUT[];
MUST_USE enum result decided_read(struct request *rq, const struct decision *decision,
                                  bool *out_agrees, const char **out_reason);
/* What the partial decision_form shows: page_only. */
void doc_decision(struct request *rq, const struct resource *resource, const struct record *record,
                  const struct decision *decision, bool may);

#endif
