/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/password.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* The tests sign in some thousand times: a build with -Dcheap_passwords=true hashes for nothing. */
#ifdef CHEAP_PASSWORDS
#define PASSES 1
#define MEMORY ((size_t)8 << 10)
#define NOBODY                                                                                     \
    "$argon2id$v=19$m=8,t=1,p=1$5c9FQI1HPdIEnqiYvNo8Dg$"                                           \
    "8gIknm5hvwj3kAR8OVYtd0Ah4K1kT9NcK1UOxNG3fg4"
#else
#define PASSES 2
#define MEMORY ((size_t)64 << 20)
#define NOBODY                                                                                     \
    "$argon2id$v=19$m=65536,t=2,p=1$enBGfueKb6AiVsOOnPDTTQ$"                                       \
    "Hq9kK2i5Ktqky4znsWhcBOSpzHv7b03dRfzdC5IMCRE"
#endif
_Static_assert(crypto_pwhash_STRBYTES <= PASSWORD_TEXT, "a stored password fits");

bool password_is_cheap(void)
{
    return PASSES < 2;
}

void password_hash(const char *password, char out[PASSWORD_TEXT])
{
    if (crypto_pwhash_str(out, password, strlen(password), PASSES, MEMORY) != 0)
        abort(); /* out of memory */
}

bool password_matches(const char *password, const char *stored)
{
    return crypto_pwhash_str_verify(stored, password, strlen(password)) == 0;
}

const char *password_of_nobody(void)
{
    return NOBODY;
}
