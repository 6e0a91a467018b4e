/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* On site (C2.3, C3): conduct.h the code of conduct, patrol.h the rules of the site and who looks
 * after them, undertaking.h and leak.h confidentiality. What they share. */
#ifndef SITE_H
#define SITE_H

#include "app/access/account.h"
#include "app/duties/duty.h"

/* A scope: what belongs to a provider that has a contract with the client who asks. */
#define OF_OUR_PROVIDERS(column)                                                                   \
    "EXISTS (SELECT 1 FROM contracts k WHERE k.provider_id = @" column                             \
    " AND k.client_id = :org LIMIT 1 OFFSET 0)"

/* The rows of SITE_DUTIES. */
enum { DUTY_STATE_VIEW, DUTY_DECIDE_VIOLATION, DUTY_ACKNOWLEDGE, DUTY_INVESTIGATE, DUTY_CLOSE };
extern const struct duty_rule SITE_DUTIES[];
extern const struct right SITE_RIGHTS[];

#define WORDS_MOST 2000 /* characters of what somebody says about a case */

#endif
