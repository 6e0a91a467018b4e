/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef CONTRACT_WEB_H
#define CONTRACT_WEB_H

#include "app/records/record_web.h"
#include "web/route.h"

extern const struct route CONTRACT_ROUTES[];
extern const struct record_face CONTRACT_FACE, TERM_FACE;
/* `name`: the page of the contract's term of that number, where there is one. */
MUST_USE enum result doc_term_link(struct request *rq, struct doc *doc, const char *name,
                                   int64_t contract_id, const char *number);

#endif
