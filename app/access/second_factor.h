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

/* Use a code of an account, as it was typed (full width, with spaces): *out_right when it fits and
 * was not used before. A recovery code does, too, once, with an entry in the trail. */
MUST_USE enum result second_factor_use(struct ctx *cx, const struct account *account,
                                       const char *code, bool *out_right);

/* ---- recovery codes, for whoever has lost the authenticator ---- */
#define RECOVERY_CODES 10
/* New ones for the actor's account, which has a second factor; the former ones work no more. They
 * are stored hashed: this is the only time that they can be shown. Results: CONFLICT
 * access.otp_off. */
MUST_USE enum result recovery_codes_make(struct ctx *cx, const char *out[RECOVERY_CODES]);
MUST_USE enum result recovery_codes_left(struct ctx *cx, int64_t account_id, int64_t *out);
/* With the second factor they end. */
MUST_USE enum result recovery_codes_end(struct ctx *cx, int64_t account_id);

#endif
