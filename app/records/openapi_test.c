/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/openapi_web.h"
#include "app/test_world.h"
#include "base/json.h"
#include "main/slices.h"

static bool describes(const char *words)
{
    return strstr(openapi_text(), words) != NULL;
}

static void the_description_is_one_json_value(void **state)
{
    struct world *world = *state;
    struct json_reader json;
    enum json_token token;
    const char *text = openapi_text();
    json_start(&json, world->test.arena, text, strlen(text));
    do {
        token = json_next(&json);
        assert_int_not_equal(token, JSON_ERROR);
    } while (token != JSON_DONE);
}

static void every_route_of_the_api_is_in_it_and_no_page(void **state)
{
    struct world *world = *state;
    for (const struct route *const *table = SLICE_ROUTES; *table; table++)
        for (const struct route *route = *table; route->path; route++)
            if (route_has_face(route, FACE_API))
                assert_true(
                    describes(arena_printf(world->test.arena, "\"/api%s\":{", route->path)));
    assert_false(describes("\"/api/login\""));
    assert_false(describes("\"/api/contracts/new\""));
}

static void a_path_stands_in_it_once_with_all_its_methods(void **state)
{
    const char *first = strstr(openapi_text(), "\"/api/contracts/{id}\":{\"get\":");
    assert_non_null(first);
    assert_null(strstr(first + 1, "\"/api/contracts/{id}\":{"));
    assert_true(describes("\"patch\":{\"operationId\":\"patch_contracts_id\""));
}

static void an_operation_names_its_right_and_its_clause(void **state)
{
    assert_true(describes("\"operationId\":\"post_contracts_id_activate\",\"tags\":[\"contracts\"],"
                          "\"x-right\":\"contracts.activate\",\"x-clause\":\"V5.1.1\""));
    assert_true(describes("\"x-right\":\"public\",\"security\":[]"));
}

static void what_is_kept_from_every_face_is_not_described(void **state)
{
    assert_false(describes("\"search_key\""));
    assert_false(describes("\"id_card_hash\""));
    assert_false(describes("\"otp_secret\""));
}

static void what_is_sent_leaves_out_what_clients_may_not_set(void **state)
{
    struct world *world = *state;
    const char *start = strstr(openapi_text(), "\"terms_change\":{");
    const char *end = strstr(start, "\"amendments\":{");
    const char *change = arena_copy(world->test.arena, start, (size_t)(end - start));
    assert_null(strstr(change, "\"contract_id\"")); /* fixed */
    assert_null(strstr(change, "\"created_at\""));
    assert_non_null(strstr(change, "\"required\":[\"version\"]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(the_description_is_one_json_value),
        WORLD_TEST(every_route_of_the_api_is_in_it_and_no_page),
        WORLD_TEST(a_path_stands_in_it_once_with_all_its_methods),
        WORLD_TEST(an_operation_names_its_right_and_its_clause),
        WORLD_TEST(what_is_kept_from_every_face_is_not_described),
        WORLD_TEST(what_is_sent_leaves_out_what_clients_may_not_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
