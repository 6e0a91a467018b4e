/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One-time codes of authenticator apps. They want HMAC-SHA-1, which libsodium leaves out because
 * SHA-1 is broken for signatures; HMAC does not rest on what is broken. It stays private here, so
 * that nobody uses it for anything else. */
#include "base/hash.h"

#include <sodium.h>
#include <string.h>

#define SECRET_LEN 20
#define SHA1_BLOCK 64
#define SHA1_LEN 20
#define STEP_SECONDS 30

static uint32_t rotate_left(uint32_t word, int bits)
{
    return word << bits | word >> (32 - bits);
}

static uint32_t read_be32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void write_be32(unsigned char *at, uint32_t word)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(word >> (24 - 8 * i));
}

/* One block of SHA-1 (FIPS 180-4, 6.1.2). */
static void sha1_block(uint32_t state[5], const unsigned char block[SHA1_BLOCK])
{
    uint32_t w[80];
    for (size_t t = 0; t < 16; t++)
        w[t] = read_be32(block + 4 * t);
    for (int t = 16; t < 80; t++)
        w[t] = rotate_left(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);

    static const uint32_t K[] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (int t = 0; t < 80; t++) {
        uint32_t f = t < 20              ? (b & c) | (~b & d)
                     : t >= 40 && t < 60 ? (b & c) | (b & d) | (c & d)
                                         : b ^ c ^ d;
        uint32_t next = rotate_left(a, 5) + f + e + K[t / 20] + w[t];
        e = d;
        d = c;
        c = rotate_left(b, 30);
        b = a;
        a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

/* SHA-1 of one whole block and a rest of at most 20 bytes: all that HMAC of a short text needs. */
static void sha1(const unsigned char first[SHA1_BLOCK], const unsigned char *rest, size_t len,
                 unsigned char out[SHA1_LEN])
{
    uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    unsigned char last[SHA1_BLOCK] = {0};
    memcpy(last, rest, len);
    last[len] = 0x80;
    write_be32(last + SHA1_BLOCK - 4, (uint32_t)(SHA1_BLOCK + len) * 8);
    sha1_block(state, first);
    sha1_block(state, last);
    for (size_t i = 0; i < 5; i++)
        write_be32(out + 4 * i, state[i]);
}

static void hmac_sha1(const unsigned char key[SECRET_LEN], const unsigned char *message, size_t len,
                      unsigned char out[SHA1_LEN])
{
    unsigned char inner[SHA1_BLOCK], outer[SHA1_BLOCK], digest[SHA1_LEN];
    memset(inner, 0x36, sizeof(inner));
    memset(outer, 0x5c, sizeof(outer));
    for (int i = 0; i < SECRET_LEN; i++) {
        inner[i] ^= key[i];
        outer[i] ^= key[i];
    }
    sha1(inner, message, len, digest);
    sha1(outer, digest, sizeof(digest), out);
}

/* ---- base32 (RFC 4648): 8 characters for 5 bytes ---- */

static const char BASE32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void totp_secret(char out[TOTP_SECRET])
{
    unsigned char random[TOTP_SECRET - 1];
    randombytes_buf(random, sizeof(random));
    for (size_t i = 0; i < sizeof(random); i++)
        out[i] = BASE32[random[i] % 32];
    out[sizeof(random)] = '\0';
    sodium_memzero(random, sizeof(random));
}

static bool secret_read(const char *secret, unsigned char out[SECRET_LEN])
{
    if (strlen(secret) != TOTP_SECRET - 1)
        return false;
    uint64_t bits = 0;
    for (int i = 0; i < TOTP_SECRET - 1; i++) {
        const char *place = strchr(BASE32, secret[i]);
        if (!place)
            return false;
        bits = bits << 5 | (uint64_t)(place - BASE32);
        if (i % 8 == 7)
            for (int k = 0; k < 5; k++)
                *out++ = (unsigned char)(bits >> (32 - 8 * k));
    }
    return true;
}

/* ---- codes ---- */

#define CODE_DIGITS 6

static void code_of(const unsigned char secret[SECRET_LEN], int64_t step, char out[CODE_DIGITS])
{
    unsigned char counter[8], hash[SHA1_LEN];
    write_be32(counter, (uint32_t)((uint64_t)step >> 32));
    write_be32(counter + 4, (uint32_t)step);
    hmac_sha1(secret, counter, sizeof(counter), hash);
    uint32_t number = read_be32(hash + (hash[SHA1_LEN - 1] & 15)) & 0x7fffffff;
    for (int i = CODE_DIGITS; i > 0; number /= 10)
        out[--i] = (char)('0' + number % 10);
}

bool totp_matches(const char *secret, const char *code, int64_t unix_s, int64_t *out_step)
{
    unsigned char key[SECRET_LEN];
    if (strlen(code) != CODE_DIGITS || !secret_read(secret, key))
        return false;
    bool matches = false;
    int64_t now = unix_s / STEP_SECONDS;
    for (int64_t step = now - 1; step <= now + 1; step++) {
        char expected[CODE_DIGITS];
        code_of(key, step, expected);
        if (sodium_memcmp(code, expected, CODE_DIGITS) == 0) {
            *out_step = step;
            matches = true;
        }
    }
    sodium_memzero(key, sizeof(key));
    return matches;
}
