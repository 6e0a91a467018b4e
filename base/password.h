/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Passwords as they are stored: argon2id, 64 MiB, t=2; 60 to 80 ms, so never on a server or writer
 * thread. After hash_start. */
#ifndef BASE_PASSWORD_H
#define BASE_PASSWORD_H

#include <stdbool.h>

#define PASSWORD_TEXT 128
void password_hash(const char *password, char out[PASSWORD_TEXT]);
bool password_matches(const char *password, const char *stored);
/* What no password matches, compared where there is no account, so that the answer takes as long.
 */
const char *password_of_nobody(void);
/* Built for tests only: whoever steals a hash has the password. */
bool password_is_cheap(void);

#endif
