/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int arena_setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int arena_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void memory_is_zeroed_and_aligned_even_when_used_again(void **state)
{
    struct arena *arena = *state;
    for (int round = 0; round < 2; round++) {
        for (size_t size = 1; size < 20000; size = size * 3 + 1) {
            unsigned char *at = arena_alloc(arena, size);
            assert_int_equal((uintptr_t)at % 16, 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(at[i], 0);
            memset(at, 0xff, size);
        }
        arena_reset(arena);
    }
}

static void pieces_do_not_overlap(void **state)
{
    struct arena *arena = *state;
    enum { PIECES = 3000, SIZE = 24 };
    unsigned char *pieces[PIECES];
    for (int i = 0; i < PIECES; i++)
        memset(pieces[i] = arena_alloc(arena, SIZE), i % 251, SIZE);
    for (int i = 0; i < PIECES; i++)
        for (int k = 0; k < SIZE; k++)
            assert_int_equal(pieces[i][k], i % 251);
    assert_int_equal(arena_used(arena), PIECES * SIZE);
}

static void a_piece_larger_than_a_block_gets_its_own(void **state)
{
    struct arena *arena = *state;
    size_t size = (size_t)5 << 20;
    unsigned char *large = arena_alloc(arena, size);
    large[size - 1] = 7;
    assert_non_null(ARENA_ARRAY(arena, int64_t, 10));
    assert_int_equal(large[size - 1], 7);
}

static void reset_forgets_everything(void **state)
{
    struct arena *arena = *state;
    void *first = arena_alloc(arena, 10);
    arena_alloc(arena, 100000);
    arena_reset(arena);
    assert_int_equal(arena_used(arena), 0);
    assert_ptr_equal(arena_alloc(arena, 10), first);
}

static void rewind_gives_back_what_came_after_the_mark(void **state)
{
    struct arena *arena = *state;
    char *kept = arena_dup(arena, "kept");
    struct arena_mark mark = arena_mark(arena);
    void *next = arena_alloc(arena, 32);
    for (int row = 0; row < 100; row++) {
        arena_rewind(arena, mark);
        assert_ptr_equal(arena_alloc(arena, 32), next);
        arena_alloc(arena, 50000);
    }
    arena_rewind(arena, mark);
    assert_int_equal(arena_used(arena), 5);
    assert_string_equal(kept, "kept");
}

static void copies_end_with_nul(void **state)
{
    struct arena *arena = *state;
    assert_string_equal(arena_copy(arena, "abcdef", 3), "abc");
    assert_string_equal(arena_copy(arena, NULL, 0), "");
    assert_string_equal(arena_dup(arena, "履约"), "履约");
}

static void printf_takes_any_length(void **state)
{
    struct arena *arena = *state;
    assert_string_equal(arena_printf(arena, "%d-%s", 7, "x"), "7-x");
    for (int len = 250; len < 260; len++) {
        char *s = arena_printf(arena, "%*d", len, 5);
        assert_int_equal(strlen(s), len);
        assert_int_equal(s[len - 1], '5');
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        TEST(memory_is_zeroed_and_aligned_even_when_used_again),
        TEST(pieces_do_not_overlap),
        TEST(a_piece_larger_than_a_block_gets_its_own),
        TEST(reset_forgets_everything),
        TEST(rewind_gives_back_what_came_after_the_mark),
        TEST(copies_end_with_nul),
        TEST(printf_takes_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
