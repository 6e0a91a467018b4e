/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the files of the slice. */
#ifndef DESK_PRIVATE_H
#define DESK_PRIVATE_H

#include "app/desk/desk.h"

extern const char *const ISSUE_STATES[];

/* Neither solved nor closed. */
bool issue_is_unsolved(const struct issue *issue);
/* Is the contract in force, so that the desk takes issues about it? */
bool desk_serves(const struct contract *contract);
/* May the actor decide about the contract's issues: its contact, or a lead of the client? */
bool desk_leads(const struct actor *actor, const struct contract *contract);
/* Tell whom it is assigned to and who opened it; the client's leads when it is assigned to nobody.
 */
MUST_USE enum result issue_tell(struct ctx *cx, const struct issue *issue, const char *kind,
                                const char *detail);

#endif
