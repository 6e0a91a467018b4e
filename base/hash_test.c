/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const unsigned char MASTER[32] = "a master key of thirty-two byte";

struct fixture {
    struct arena *arena;
    struct keys keys;
};

static int start(void **state)
{
    static struct fixture fixture;
    hash_start();
    fixture.arena = arena_new();
    keys_derive(&fixture.keys, MASTER);
    *state = &fixture;
    return 0;
}

static int end(void **state)
{
    struct fixture *fixture = *state;
    arena_free(fixture->arena);
    return 0;
}

static void sha256_knows_the_standard_vectors(void **state)
{
    char hex[SHA256_HEX];
    sha256_hex("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256_hex("", 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void sha256_in_pieces_equals_the_whole(void **state)
{
    char bytes[1000], whole[SHA256_HEX], pieces[SHA256_HEX];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)(i * 7);
    sha256_hex(bytes, sizeof(bytes), whole);
    struct sha256 sha;
    sha256_start(&sha);
    for (size_t at = 0, step = 0; at < sizeof(bytes); at += step) {
        step = step + 1 < sizeof(bytes) - at ? step + 1 : sizeof(bytes) - at;
        sha256_add(&sha, bytes + at, step);
    }
    sha256_end(&sha, pieces);
    assert_string_equal(pieces, whole);
}

/* RFC 4231, test cases 2 and 6 (a key longer than a block). */
static void hmac_knows_the_standard_vectors(void **state)
{
    unsigned char code[HMAC_LEN], key[131];
    char hex[2 * HMAC_LEN + 1];
    hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, code);
    hex_text(code, sizeof(code), hex);
    assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof(key));
    hmac_sha256(key, sizeof(key), "Test Using Larger Than Block-Size Key - Hash Key First", 54,
                code);
    hex_text(code, sizeof(code), hex);
    assert_string_equal(hex, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* RFC 4648, section 10. */
static void base64_goes_round(void **state)
{
    static const char *const CASES[][2] = {
        {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        size_t len;
        assert_string_equal(base64_text(f->arena, CASES[i][0], strlen(CASES[i][0])), CASES[i][1]);
        assert_string_equal((const char *)base64_read(f->arena, CASES[i][1], &len), CASES[i][0]);
        assert_int_equal(len, strlen(CASES[i][0]));
    }
    size_t len;
    assert_null(base64_read(f->arena, "Zg", &len));
    assert_null(base64_read(f->arena, "Zg==!", &len));
    assert_null(base64_read(f->arena, "Z-_=", &len));
}

static int compare_hashes(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void the_quick_hash_tells_keys_apart(void **state)
{
    enum { KEYS = 100000 };
    static uint64_t hashes[KEYS];
    int filled[64] = {0};
    for (int i = 0; i < KEYS; i++) {
        char key[32];
        int len = snprintf(key, sizeof(key), "HT-2026-%d", i);
        hashes[i] = hash_quick(key, (size_t)len);
        filled[hashes[i] % 64]++;
    }
    for (int i = 0; i < 64; i++) /* 1562 on average */
        assert_in_range(filled[i], 1300, 1850);
    qsort(hashes, KEYS, sizeof(hashes[0]), compare_hashes);
    for (int i = 1; i < KEYS; i++)
        assert_true(hashes[i] != hashes[i - 1]);
}

static void the_quick_hash_sees_every_byte_and_the_length(void **state)
{
    char key[40] = {0};
    assert_true(hash_quick(NULL, 0) == hash_quick("", 0));
    for (size_t len = 1; len < sizeof(key); len++) {
        uint64_t hash = hash_quick(key, len);
        assert_true(hash != hash_quick(key, len - 1));
        for (size_t i = 0; i < len; i++) {
            key[i] = 1;
            assert_true(hash_quick(key, len) != hash);
            key[i] = 0;
        }
    }
}

static void tokens_are_url_safe_and_differ(void **state)
{
    char one[TOKEN_TEXT], other[TOKEN_TEXT];
    random_token(one);
    random_token(other);
    assert_int_equal(strlen(one), 43);
    assert_int_equal(
        strspn(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), 43);
    assert_string_not_equal(one, other);
}

static void keys_follow_from_the_master_and_differ_by_purpose(void **state)
{
    struct fixture *fixture = *state;
    struct keys again, others;
    keys_derive(&again, MASTER);
    assert_memory_equal(&again, &fixture->keys, sizeof(again));
    assert_memory_not_equal(again.seal, again.index, sizeof(again.seal));
    unsigned char master[32] = {1};
    keys_derive(&others, master);
    assert_memory_not_equal(others.seal, again.seal, sizeof(again.seal));
    assert_memory_not_equal(others.sign_public, again.sign_public, sizeof(again.sign_public));
}

static void a_sealed_text_opens_only_unaltered_and_in_its_place(void **state)
{
    struct fixture *f = *state;
    const char *plain = "110105194912310021 张三";
    const char *sealed = seal_text(f->arena, &f->keys, "people.id_card", plain);
    assert_string_equal(open_text(f->arena, &f->keys, "people.id_card", sealed), plain);
    assert_null(open_text(f->arena, &f->keys, "people.phone", sealed));

    struct keys others;
    unsigned char master[32] = {1};
    keys_derive(&others, master);
    assert_null(open_text(f->arena, &others, "people.id_card", sealed));

    for (size_t i = 0; i < strlen(sealed); i++) {
        char *altered = arena_dup(f->arena, sealed);
        altered[i] = altered[i] == 'A' ? 'B' : 'A';
        assert_null(open_text(f->arena, &f->keys, "people.id_card", altered));
        altered[i] = '\0'; /* cut off */
        if (i > 0)
            assert_null(open_text(f->arena, &f->keys, "people.id_card", altered));
    }
    assert_null(open_text(f->arena, &f->keys, "people.id_card", "not sealed at all"));
}

static void nothing_stays_nothing_when_sealed(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(seal_text(f->arena, &f->keys, "people.phone", ""), "");
    assert_string_equal(open_text(f->arena, &f->keys, "people.phone", ""), "");
}

static void equal_texts_seal_differently(void **state)
{
    struct fixture *f = *state;
    assert_string_not_equal(seal_text(f->arena, &f->keys, "c", "13812345678"),
                            seal_text(f->arena, &f->keys, "c", "13812345678"));
}

static void an_index_hash_finds_equal_values_of_one_column(void **state)
{
    struct fixture *f = *state;
    char one[INDEX_HEX], other[INDEX_HEX];
    index_hash(&f->keys, "people.phone", "13812345678", one);
    index_hash(&f->keys, "people.phone", "13812345678", other);
    assert_int_equal(strlen(one), 32);
    assert_string_equal(one, other);
    index_hash(&f->keys, "people.phone", "13812345679", other);
    assert_string_not_equal(one, other);
    index_hash(&f->keys, "people.phone1", "3812345678", other);
    assert_string_not_equal(one, other);
}

/* Stored ids and files depend on it. */
static void the_stable_hash_never_changes(void **state)
{
    (void)state;
    assert_true(hash_stable(0, "", 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(hash_stable(0, "foobar", 6) == UINT64_C(0x85944171f73967e8));
    assert_true(hash_stable(1, "a", 1) != hash_stable(0, "a", 1));
}

static void a_sealed_number_opens_under_its_own_key_and_context_alone(void **state)
{
    struct fixture *f = *state;
    int64_t key, code, other_key, other_code, number;
    seal_number(&f->keys, "calls.callee", 1138123456782, &key, &code);
    assert_true(key >= 0);
    assert_true(open_number(&f->keys, "calls.callee", key, code, &number));
    assert_true(number == 1138123456782);
    seal_number(&f->keys, "calls.callee", 1138123456782, &other_key, &other_code);
    assert_true(key == other_key && code == other_code);
    seal_number(&f->keys, "calls.callee", 1138123456784, &other_key, &other_code);
    assert_true(key != other_key);
    assert_false(open_number(&f->keys, "calls.callee", key, code + 1, &number));
    assert_false(open_number(&f->keys, "calls.caller", key, code, &number));
}

static void a_signature_holds_for_its_message_and_key(void **state)
{
    struct fixture *f = *state;
    char signature[SIGNATURE_HEX], public_hex[65];
    for (int i = 0; i < 32; i++)
        snprintf(public_hex + 2 * i, 3, "%02x", f->keys.sign_public[i]);
    sign_text(&f->keys, "head 7", signature);
    assert_true(signature_valid(public_hex, "head 7", signature));
    assert_false(signature_valid(public_hex, "head 8", signature));
    assert_false(signature_valid(public_hex, "head 7", ""));
    assert_false(signature_valid("", "head 7", signature));
    public_hex[0] = public_hex[0] == '0' ? '1' : '0';
    assert_false(signature_valid(public_hex, "head 7", signature));
    public_hex[0] = 'x';
    assert_false(signature_valid(public_hex, "head 7", signature));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_knows_the_standard_vectors),
        cmocka_unit_test(sha256_in_pieces_equals_the_whole),
        cmocka_unit_test(hmac_knows_the_standard_vectors),
        cmocka_unit_test(base64_goes_round),
        cmocka_unit_test(the_quick_hash_tells_keys_apart),
        cmocka_unit_test(the_quick_hash_sees_every_byte_and_the_length),
        cmocka_unit_test(the_stable_hash_never_changes),
        cmocka_unit_test(tokens_are_url_safe_and_differ),
        cmocka_unit_test(keys_follow_from_the_master_and_differ_by_purpose),
        cmocka_unit_test(a_sealed_text_opens_only_unaltered_and_in_its_place),
        cmocka_unit_test(nothing_stays_nothing_when_sealed),
        cmocka_unit_test(equal_texts_seal_differently),
        cmocka_unit_test(an_index_hash_finds_equal_values_of_one_column),
        cmocka_unit_test(a_sealed_number_opens_under_its_own_key_and_context_alone),
        cmocka_unit_test(a_signature_holds_for_its_message_and_key),
    };
    return cmocka_run_group_tests(tests, start, end);
}
