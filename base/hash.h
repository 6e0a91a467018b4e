/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Hashes, keys and random values: thin names over libsodium. Call hash_start once. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void hash_start(void); /* ends the process when libsodium cannot start */

/* ---- SHA-256, in lower-case hex where it is text ---- */
#define SHA256_HEX 65
struct sha256 {
    _Alignas(16) unsigned char opaque[128];
};
void sha256_start(struct sha256 *state);
void sha256_add(struct sha256 *state, const void *bytes, size_t len);
void sha256_end(struct sha256 *state, char hex[SHA256_HEX]);
void sha256_hex(const void *bytes, size_t len, char hex[SHA256_HEX]);

/* HMAC-SHA-256 (RFC 2104) with a key of any length, for services that want their calls signed. */
#define HMAC_LEN 32
void hmac_sha256(const void *key, size_t key_len, const void *bytes, size_t len,
                 unsigned char out[HMAC_LEN]);

/* Base64 with padding (RFC 4648, 4). Reading: NULL when it is none. */
const char *base64_text(struct arena *arena, const void *bytes, size_t len);
const unsigned char *base64_read(struct arena *arena, const char *text, size_t *out_len);

/* FNV-1a: slower, but the same for ever, for what is stored; not for security. `seed` 0, or the
 * hash of what stands before. */
uint64_t hash_stable(uint64_t seed, const void *bytes, size_t len);

/* Lower-case hex of any bytes; `out` has room for 2 * len + 1. */
void hex_text(const void *bytes, size_t len, char *out);

/* A quick hash for tables in memory; not for security. */
uint64_t hash_quick(const void *bytes, size_t len);

/* ---- random ---- */
void random_bytes(void *out, size_t len);
#define TOKEN_TEXT 44 /* 32 random bytes, base64url, NUL */
void random_token(char out[TOKEN_TEXT]);

/* ---- keys: one master key in the data folder, others derived from it by purpose ---- */
struct keys {
    unsigned char seal[32];   /* encrypts sensitive fields */
    unsigned char index[32];  /* keyed hash for exact search of them, and of tokens */
    unsigned char number[32]; /* numbers by the million: seal_number */
    unsigned char sign_secret[64], sign_public[32]; /* Ed25519, heads of the audit trail */
};
void keys_derive(struct keys *keys, const unsigned char master[32]);

/* Authenticated encryption of a short text, as base64url; "" stays "". `context` (table.column)
 * is bound in, so that a value moved to another column does not open. */
const char *seal_text(struct arena *arena, const struct keys *keys, const char *context,
                      const char *plain);
/* NULL when it was altered or sealed under another key. */
const char *open_text(struct arena *arena, const struct keys *keys, const char *context,
                      const char *sealed);
/* Keyed hash (32 hex characters and NUL) that finds equal values without opening them. */
#define INDEX_HEX 33
void index_hash(const struct keys *keys, const char *context, const char *plain,
                char hex[INDEX_HEX]);

/* A number sealed into two, for tables of millions: `key` is a keyed hash, the same for the same
 * number, by which it is found again; `code` is the number under a stream made from key and `key`
 * (deterministic encryption with a synthetic IV: equal numbers are seen to be equal, no more). */
void seal_number(const struct keys *keys, const char *context, int64_t number, int64_t *out_key,
                 int64_t *out_code);
/* False when it was altered or sealed under another key. */
bool open_number(const struct keys *keys, const char *context, int64_t key, int64_t code,
                 int64_t *out);

/* ---- signatures ---- */
#define SIGNATURE_LEN 64
#define SIGNATURE_HEX (2 * SIGNATURE_LEN + 1)
void sign_bytes(const struct keys *keys, const char *message, unsigned char out[SIGNATURE_LEN]);
void sign_text(const struct keys *keys, const char *message, char hex[SIGNATURE_HEX]);
bool signature_valid(const char *public_hex, const char *message, const char *signature_hex);

/* ---- TOTP (RFC 6238, SHA-1, 6 digits, 30 s). secret: base32 ---- */
#define TOTP_SECRET 33
void totp_secret(char out[TOTP_SECRET]);
/* True when `code` fits the step of `unix_s` or a neighbour; *out_step is the step it fits, which
 * the caller stores so that a code works once. */
bool totp_matches(const char *secret, const char *code, int64_t unix_s, int64_t *out_step);

#endif
