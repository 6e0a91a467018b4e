/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/table.h"

#include "base/hash.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#define COUNT 5000

static uint64_t hash_of(uint32_t value)
{
    return hash_quick(&value, sizeof value);
}

static bool has(const struct table *table, uint64_t hash, uint32_t wanted)
{
    uint32_t place;
    for (struct seek seek = table_seek(table, hash); table_next(&seek, &place);)
        if (place == wanted)
            return true;
    return false;
}

static void what_was_added_is_found_and_nothing_else(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct table table = table_new(arena, COUNT);
    for (uint32_t i = 0; i < COUNT; i++)
        table_add(&table, hash_of(i), i);
    for (uint32_t i = 0; i < COUNT; i++)
        assert_true(has(&table, hash_of(i), i));
    for (uint32_t i = COUNT; i < 2 * COUNT; i++)
        assert_false(has(&table, hash_of(i), i));
    arena_free(arena);
}

static void items_of_one_hash_are_all_found(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct table table = table_new(arena, 4);
    for (uint32_t i = 0; i < 4; i++)
        table_add(&table, UINT64_C(0xffffffffffffffff), i);
    for (uint32_t i = 0; i < 4; i++)
        assert_true(has(&table, UINT64_C(0xffffffffffffffff), i));
    arena_free(arena);
}

static void an_empty_table_has_nothing(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct table table = table_new(arena, 0);
    assert_false(has(&table, hash_of(1), 1));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_is_found_and_nothing_else),
        cmocka_unit_test(items_of_one_hash_are_all_found),
        cmocka_unit_test(an_empty_table_has_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
