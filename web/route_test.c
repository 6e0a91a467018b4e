/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/route.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static enum result nothing(struct request *rq)
{
    (void)rq;
    return OK;
}

static const struct route PEOPLE[] = {
    {GET, "/", PUBLIC, nothing, "home"},
    {GET, "/people", "people.read", nothing, "list"},
    {POST, "/people", "people.write", nothing, "form"},
    {GET, "/people/{id}", "people.read", nothing, "person"},
    {PATCH, "/people/{id}", "people.write", nothing, "form"},
    {GET, "/people/new", "people.write", nothing, "form"},
    {GET, "/people/{name}", "people.read", nothing, "person"},
    {GET, "/people/{id}/terms/{term_id}", "people.read", nothing, "term"},
    {GET, "/people/{name}/card", "people.read", nothing, "card"},
    ROUTES_END,
};

static struct router *compile(struct arena *arena, const struct route *table, const char **error)
{
    *error = NULL;
    return router_new(arena, &table, 1, error);
}

struct world {
    struct arena *arena;
    struct router *router;
};

static int set_up(void **state)
{
    static struct world world;
    const char *error;
    world.arena = arena_new();
    world.router = compile(world.arena, PEOPLE, &error);
    *state = &world;
    return error ? 1 : 0;
}

static int tear_down(void **state)
{
    arena_free(((struct world *)*state)->arena);
    return 0;
}

static struct route_match find(const struct world *world, enum method method, const char *path)
{
    return router_find(world->router, world->arena, method, path, strlen(path));
}

static void a_path_leads_to_its_route(void **state)
{
    static const struct {
        enum method method;
        const char *path, *route, *param;
    } CASES[] = {
        {GET, "/", "/", NULL},
        {GET, "/people", "/people", NULL},
        {POST, "/people", "/people", NULL},
        {GET, "/people/7", "/people/{id}", "7"},
        {PATCH, "/people/7", "/people/{id}", "7"},
        {GET, "/people/new", "/people/new", NULL},
        {GET, "/people/li", "/people/{name}", "li"},
        {GET, "/people/%E6%9D%8E%2F1", "/people/{name}", "李/1"},
        {GET, "/people/7/terms/8", "/people/{id}/terms/{term_id}", "7"},
        {GET, "/people/7/card", "/people/{name}/card", "7"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct route_match match = find(*state, CASES[i].method, CASES[i].path);
        assert_non_null(match.route);
        assert_string_equal(match.route->path, CASES[i].route);
        assert_int_equal(match.route->method, CASES[i].method);
        if (CASES[i].param)
            assert_string_equal(match.params[0].value, CASES[i].param);
        else
            assert_null(match.params[0].name);
    }
}

static void each_parameter_has_its_name(void **state)
{
    struct route_match match = find(*state, GET, "/people/7/terms/8");
    assert_string_equal(match.params[0].name, "id");
    assert_string_equal(match.params[1].name, "term_id");
    assert_string_equal(match.params[1].value, "8");
}

static void other_paths_lead_nowhere(void **state)
{
    static const char *const PATHS[] = {
        "",
        "people",
        "/people/",
        "//people",
        "/peopl",
        "/people7",
        "/people/7/terms/x",
        "/people/7/terms",
        "/people//card",
        "/a/b/c/d/e/f/g/h/i/j",
    };
    for (size_t i = 0; i < sizeof PATHS / sizeof PATHS[0]; i++) {
        struct route_match match = find(*state, GET, PATHS[i]);
        assert_null(match.route);
        assert_int_equal(match.allowed, 0);
    }
}

static void a_wrong_method_learns_which_are_right(void **state)
{
    struct route_match match = find(*state, DELETE, "/people/7");
    assert_null(match.route);
    assert_int_equal(match.allowed, 1u << GET | 1u << PATCH);
}

static void routes_are_listed_in_the_order_of_their_tables(void **state)
{
    const struct world *world = *state;
    assert_int_equal(router_count(world->router), sizeof PEOPLE / sizeof PEOPLE[0] - 1);
    for (size_t i = 0; i < router_count(world->router); i++)
        assert_ptr_equal(router_at(world->router, i), &PEOPLE[i]);
}

static void a_wrong_route_is_refused_by_name(void **state)
{
    const struct world *world = *state;
    static const struct route WRONG[] = {
        {GET, "/a", NULL, nothing, "a"},
        {GET, "/a", "", nothing, "a"},
        {GET, "/a", PUBLIC, NULL, "a"},
        {0, "/a", PUBLIC, nothing, "a"},
        {GET, "a", PUBLIC, nothing, "a"},
        {GET, "/a//b", PUBLIC, nothing, "a"},
        {GET, "/a/{id", PUBLIC, nothing, "a"},
        {GET, "/{id}", PUBLIC, nothing, "a"},
        {GET, "/a/b/c/d/e/f/g/h/i", PUBLIC, nothing, "a"},
    };
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        const struct route table[] = {WRONG[i], ROUTES_END};
        const char *error;
        assert_null(compile(world->arena, table, &error));
        assert_non_null(strstr(error, WRONG[i].path));
    }
}

static void two_routes_that_match_the_same_are_refused(void **state)
{
    const struct world *world = *state;
    static const struct route TWICE[] = {
        {GET, "/a/{id}", PUBLIC, nothing, "a"},
        {GET, "/a/{b_id}", PUBLIC, nothing, "a"},
        ROUTES_END,
    };
    const char *error;
    assert_null(compile(world->arena, TWICE, &error));
    assert_string_equal(error, "route GET /a/{b_id} comes twice");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_leads_to_its_route),
        cmocka_unit_test(each_parameter_has_its_name),
        cmocka_unit_test(other_paths_lead_nowhere),
        cmocka_unit_test(a_wrong_method_learns_which_are_right),
        cmocka_unit_test(routes_are_listed_in_the_order_of_their_tables),
        cmocka_unit_test(a_wrong_route_is_refused_by_name),
        cmocka_unit_test(two_routes_that_match_the_same_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
