/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* MD5 (RFC 1321): for the digest passwords of telephones (SIP), which know nothing better. Nothing
 * of ours rests on it. */
#ifndef BASE_MD5_H
#define BASE_MD5_H

#include <stddef.h>

#define MD5_HEX 33
void md5_hex(const char *text, size_t len, char out[MD5_HEX]);

#endif
