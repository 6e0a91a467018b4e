/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The confidentiality undertaking (C3.3): the provider's text, by editions. Whoever of the client's
 * side could open its project data signs the edition in force before; until then the rights to
 * project data are withheld from the account (struct right, `.confidential`). */
#ifndef UNDERTAKING_H
#define UNDERTAKING_H

#include "app/records/record.h"

enum undertaking_state { UNDERTAKING_DRAFT = 1, UNDERTAKING_IN_FORCE, UNDERTAKING_RETIRED };
struct undertaking {
    RECORD_MEMBERS;
    int64_t provider_id;
    const char *provider_name;
    int32_t edition;
    const char *text;
    struct instant enforced_at;
    const char *sha256; /* of what is signed */
    enum undertaking_state state;
};
extern const struct resource UNDERTAKINGS;

/* draft -> in force; the edition before it is retired, and who had signed it signs anew.
 * Results: CONFLICT undertaking.wrong_state. */
MUST_USE enum result undertaking_enforce(struct ctx *cx, const struct undertaking *undertaking);
/* By the actor's account, who has just proved the password. Results: CONFLICT
 * undertaking.wrong_state, undertaking.changed, signature.twice; FORBIDDEN
 * undertaking.clients_sign.
 */
MUST_USE enum result undertaking_sign(struct ctx *cx, const struct undertaking *undertaking,
                                      const char *sha256);
MUST_USE enum result undertaking_signed(struct ctx *cx, const struct undertaking *undertaking,
                                        bool *out);
#endif
