/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/hash.h"

#include "base/log.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void end_process(const char *why)
{
    log_error("%s", why);
    exit(EXIT_FAILURE);
}

void hash_start(void)
{
    if (sodium_init() < 0)
        end_process("libsodium cannot start");
}

/* ---- SHA-256 ---- */

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(struct sha256), "the state fits");

static crypto_hash_sha256_state *sha256_state(struct sha256 *state)
{
    return (crypto_hash_sha256_state *)(void *)state->opaque;
}

void sha256_start(struct sha256 *state)
{
    crypto_hash_sha256_init(sha256_state(state));
}

void sha256_add(struct sha256 *state, const void *bytes, size_t len)
{
    crypto_hash_sha256_update(sha256_state(state), bytes, len);
}

void sha256_end(struct sha256 *state, char hex[SHA256_HEX])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_final(sha256_state(state), hash);
    sodium_bin2hex(hex, SHA256_HEX, hash, sizeof(hash));
}

void sha256_hex(const void *bytes, size_t len, char hex[SHA256_HEX])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, bytes, len);
    sodium_bin2hex(hex, SHA256_HEX, hash, sizeof(hash));
}

void hmac_sha256(const void *key, size_t key_len, const void *bytes, size_t len,
                 unsigned char out[HMAC_LEN])
{
    _Static_assert(crypto_auth_hmacsha256_BYTES == HMAC_LEN, "the code's length");
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, key_len);
    crypto_auth_hmacsha256_update(&state, bytes, len);
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof(state));
}

/* ---- base64 ---- */

const char *base64_text(struct arena *arena, const void *bytes, size_t len)
{
    size_t cap = sodium_base64_encoded_len(len, sodium_base64_VARIANT_ORIGINAL);
    char *out = arena_buffer(arena, cap);
    return sodium_bin2base64(out, cap, bytes, len, sodium_base64_VARIANT_ORIGINAL);
}

const unsigned char *base64_read(struct arena *arena, const char *text, size_t *out_len)
{
    size_t len = strlen(text);
    unsigned char *out = arena_alloc(arena, len + 1);
    bool valid = sodium_base642bin(out, len, text, len, NULL, out_len, NULL,
                                   sodium_base64_VARIANT_ORIGINAL) == 0;
    return valid ? out : NULL;
}

/* ---- the quick hash ---- */

/* Both halves of the product depend on every bit of `value`; folding keeps what each knows. */
static uint64_t fold(uint64_t value)
{
    unsigned __int128 product = (unsigned __int128)value * UINT64_C(0x9e3779b97f4a7c15);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t hash_quick(const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    uint64_t hash = fold(len + 1), word;
    for (; len >= sizeof(word); at += sizeof(word), len -= sizeof(word)) {
        memcpy(&word, at, sizeof(word));
        hash = fold(hash ^ word) + len;
    }
    word = 0;
    if (len) /* so that an empty key may be NULL */
        memcpy(&word, at, len);
    return fold(fold(hash ^ word) + 1);
}

uint64_t hash_stable(uint64_t seed, const void *bytes, size_t len)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ seed;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
    return hash;
}

void hex_text(const void *bytes, size_t len, char *out)
{
    sodium_bin2hex(out, 2 * len + 1, bytes, len);
}

/* ---- random ---- */

void random_bytes(void *out, size_t len)
{
    randombytes_buf(out, len);
}

static void base64url(char *out, size_t cap, const unsigned char *bytes, size_t len)
{
    sodium_bin2base64(out, cap, bytes, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void random_token(char out[TOKEN_TEXT])
{
    unsigned char bytes[32];
    randombytes_buf(bytes, sizeof(bytes));
    base64url(out, TOKEN_TEXT, bytes, sizeof(bytes));
}

/* ---- keys ---- */

/* These numbers are part of every data folder: never change or reuse one. */
enum purpose { PURPOSE_SEAL = 1, PURPOSE_INDEX = 2, PURPOSE_SIGN = 3, PURPOSE_NUMBER = 4 };

static void derive(unsigned char out[32], enum purpose purpose, const unsigned char master[32])
{
    _Static_assert(crypto_kdf_KEYBYTES == 32, "the master key's length");
    crypto_kdf_derive_from_key(out, 32, purpose, "luyuekey", master);
}

void keys_derive(struct keys *keys, const unsigned char master[32])
{
    unsigned char seed[crypto_sign_SEEDBYTES];
    derive(keys->seal, PURPOSE_SEAL, master);
    derive(keys->index, PURPOSE_INDEX, master);
    derive(keys->number, PURPOSE_NUMBER, master);
    derive(seed, PURPOSE_SIGN, master);
    crypto_sign_seed_keypair(keys->sign_public, keys->sign_secret, seed);
    sodium_memzero(seed, sizeof(seed));
}

/* A sealed text is nonce, ciphertext and tag. */
#define NONCE_LEN crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_LEN crypto_aead_xchacha20poly1305_ietf_ABYTES

static const unsigned char *bytes_of(const char *s)
{
    return (const unsigned char *)s;
}

const char *seal_text(struct arena *arena, const struct keys *keys, const char *context,
                      const char *plain)
{
    size_t len = strlen(plain), sealed_len = NONCE_LEN + len + TAG_LEN;
    if (len == 0)
        return "";
    unsigned char *sealed = arena_alloc(arena, sealed_len);
    randombytes_buf(sealed, NONCE_LEN);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE_LEN, NULL, bytes_of(plain), len,
                                               bytes_of(context), strlen(context), NULL, sealed,
                                               keys->seal);
    size_t cap = sodium_base64_encoded_len(sealed_len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *out = arena_alloc(arena, cap);
    base64url(out, cap, sealed, sealed_len);
    return out;
}

const char *open_text(struct arena *arena, const struct keys *keys, const char *context,
                      const char *sealed)
{
    size_t cap = strlen(sealed), len;
    if (cap == 0)
        return "";
    unsigned char *bytes = arena_alloc(arena, cap);
    if (sodium_base642bin(bytes, cap, sealed, cap, NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        len < NONCE_LEN + TAG_LEN)
        return NULL;
    unsigned char *plain = arena_alloc(arena, len - NONCE_LEN - TAG_LEN + 1);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, bytes + NONCE_LEN,
                                                   len - NONCE_LEN, bytes_of(context),
                                                   strlen(context), bytes, keys->seal) != 0)
        return NULL;
    return (const char *)plain;
}

void index_hash(const struct keys *keys, const char *context, const char *plain,
                char hex[INDEX_HEX])
{
    unsigned char hash[16];
    crypto_generichash_state state;
    crypto_generichash_init(&state, keys->index, sizeof(keys->index), sizeof(hash));
    /* With its NUL, so that the border between the two cannot move. */
    crypto_generichash_update(&state, bytes_of(context), strlen(context) + 1);
    crypto_generichash_update(&state, bytes_of(plain), strlen(plain));
    crypto_generichash_final(&state, hash, sizeof(hash));
    sodium_bin2hex(hex, INDEX_HEX, hash, sizeof(hash));
}

/* ---- sealed numbers ---- */

/* Keyed BLAKE2b as a random function of purpose, context and value; never negative. */
static int64_t scramble(const struct keys *keys, char purpose, const char *context, int64_t value)
{
    unsigned char out[16]; /* the shortest hash there is */
    unsigned char message[64] = {(unsigned char)purpose};
    int64_t number;
    const size_t len = strlen(context) + 1;
    assert(1 + len + sizeof value <= sizeof message);
    memcpy(message + 1, context, len);
    memcpy(message + 1 + len, &value, sizeof value);
    crypto_generichash(out, sizeof out, message, 1 + len + sizeof value, keys->number,
                       sizeof keys->number);
    memcpy(&number, out, sizeof number);
    return number & INT64_MAX;
}

void seal_number(const struct keys *keys, const char *context, int64_t number, int64_t *out_key,
                 int64_t *out_code)
{
    *out_key = scramble(keys, 'k', context, number);
    *out_code = number ^ scramble(keys, 'c', context, *out_key);
}

bool open_number(const struct keys *keys, const char *context, int64_t key, int64_t code,
                 int64_t *out)
{
    *out = code ^ scramble(keys, 'c', context, key);
    return scramble(keys, 'k', context, *out) == key;
}

/* ---- signatures ---- */

void sign_bytes(const struct keys *keys, const char *message, unsigned char out[SIGNATURE_LEN])
{
    crypto_sign_detached(out, NULL, bytes_of(message), strlen(message), keys->sign_secret);
}

void sign_text(const struct keys *keys, const char *message, char hex[SIGNATURE_HEX])
{
    unsigned char signature[SIGNATURE_LEN];
    sign_bytes(keys, message, signature);
    sodium_bin2hex(hex, SIGNATURE_HEX, signature, sizeof(signature));
}

/* Exactly `len` bytes in hex. */
static bool hex_read(const char *hex, unsigned char *out, size_t len)
{
    return strlen(hex) == 2 * len && sodium_hex2bin(out, len, hex, 2 * len, NULL, NULL, NULL) == 0;
}

bool signature_valid(const char *public_hex, const char *message, const char *signature_hex)
{
    unsigned char public[crypto_sign_PUBLICKEYBYTES], signature[crypto_sign_BYTES];
    return hex_read(public_hex, public, sizeof(public)) &&
           hex_read(signature_hex, signature, sizeof(signature)) &&
           crypto_sign_verify_detached(signature, bytes_of(message), strlen(message), public) == 0;
}
