/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The second factor: six digits that an authenticator app shows, new every 30 seconds (TOTP).
 *
 * start makes the secret, confirm switches it on once the app has shown a code that fits. */
#ifndef ACCESS_SECOND_FACTOR_H
#define ACCESS_SECOND_FACTOR_H

#include "app/access/account.h"

/* A new secret for the actor's account, not in force yet. *out_uri is what apps read (otpauth://).
 * Results: CONFLICT access.otp_on. */
MUST_USE enum result second_factor_start(struct ctx *cx, const char **out_secret,
                                         const char **out_uri);
/* The same secret and uri again, while it is not confirmed. Results: CONFLICT access.otp_on,
 * access.otp_off. */
MUST_USE enum result second_factor_show(struct ctx *cx, const char **out_secret,
                                        const char **out_uri);
/* Results: INVALID (code; to be committed: it was entered in the trail); CONFLICT access.otp_on,
 * access.otp_off (never started). */
MUST_USE enum result second_factor_confirm(struct ctx *cx, const char *code);
/* Results: CONFLICT access.otp_off. */
MUST_USE enum result second_factor_stop(struct ctx *cx);

/* Use a code of an account: *out_right when it fits and was not used before. */
MUST_USE enum result second_factor_use(struct ctx *cx, const struct account *account,
                                       const char *code, bool *out_right);

#endif
