/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The two faces of an answer, refusals on each, and what guards them. */
#include "web/test_server.h"

#include "base/texts.h"

#include <string.h>

struct thing {
    int64_t id;
    int64_t version;
    const char *name;
    bool paid;
};
static const struct field THING[] = {
    FIELD(thing, id),
    FIELD(thing, version),
    FIELD(thing, name, .in = MUST, .max = 10, .clause = "V1.2"),
    FIELD(thing, paid, .in = MAY),
    FIELDS_END,
};

static enum result list_get(struct request *rq)
{
    static const struct thing THINGS[] = {{1, 1, "甲<", false}, {2, 1, "乙", true}};
    doc_records(rq->doc, "items", THING, THINGS, 2, sizeof THINGS[0]);
    doc_text(rq->doc, "next", NULL);
    rq->doc->page_only = true;
    doc_text(rq->doc, "title", "Things");
    return OK;
}

static enum result save(struct request *rq, const char *flash)
{
    struct thing *thing = ARENA_NEW(rq->cx.mem, struct thing);
    thing->id = 7;
    doc_root(rq->doc, THING, thing);
    TRY(body_read(rq, THING, thing, rq->method == POST, NULL));
    if (strcmp(thing->name, "taken") == 0)
        return fail(&rq->cx, CONFLICT, "thing.taken", thing->name);
    return moved(rq, flash, "/things/%d", 7);
}

static enum result thing_post(struct request *rq)
{
    return save(rq, "flash.created");
}

static enum result thing_patch(struct request *rq)
{
    return save(rq, "flash.changed");
}

static enum result thing_delete(struct request *rq)
{
    return moved(rq, NULL, "/things");
}

/* More than fits: thrice 24 MiB. */
static enum result long_get(struct request *rq)
{
    const size_t len = (size_t)24 << 20;
    char *words = arena_alloc(rq->cx.mem, len + 1);
    memset(words, 'x', len);
    for (size_t i = 0; i < 3; i++)
        doc_text(rq->doc, (const char *const[]){"one", "two", "three"}[i], words);
    return OK;
}

static enum result login_post(struct request *rq)
{
    if (strcmp(input_text(rq, "password"), "right") != 0)
        return fail(&rq->cx, UNAUTHENTICATED, "thing.wrong_password");
    rq->set_cookie = "who=admin; Path=/; HttpOnly";
    return moved(rq, NULL, "/things");
}

static enum result gone_get(struct request *rq)
{
    return fail(&rq->cx, NOT_FOUND, "thing.not_found");
}

static enum result broken_get(struct request *rq)
{
    return fail(&rq->cx, BROKEN, "thing.secret_detail", "password=x");
}

static enum result origin_get(struct request *rq)
{
    doc_text(rq->doc, "origin", rq->cx.origin);
    doc_flag(rq->doc, "secure", rq->secure);
    return OK;
}

static const struct route ROUTES[] = {
    {GET, "/things", "things.read", list_get, "list"},
    {GET, "/things/long", "things.read", long_get, "long"},
    {GET, "/things/new", "things.write", list_get, "form", PAGE_ONLY},
    {POST, "/things", "things.write", thing_post, "form"},
    {PATCH, "/things/{id}", "things.write", thing_patch, "form"},
    {DELETE, "/things/{id}", "records.remove", thing_delete, "form"},
    {POST, "/secrets", "secrets.write", thing_post, "form"},
    {POST, "/session", PUBLIC, login_post, "form"},
    {GET, "/gone", PUBLIC, gone_get, "list"},
    {GET, "/broken", PUBLIC, broken_get, "list"},
    {GET, "/origin", PUBLIC, origin_get, NULL, API_ONLY},
    {GET, "/plain", PUBLIC, list_get, "bare_plain"},
    ROUTES_END,
};

static const struct web_page PAGES[] = {
    {"layout", "<html lang={{lang}}>{{#flash}}[{{.}}]{{/flash}}({{me}}){{>@body}}</html>"},
    {"list", "{{title}}:{{#items}}{{name}};{{/items}}{{csrf}}"},
    {"form", "{{#fault}}{{code}}:{{#fields}}{{field}}={{message}},{{/fields}}{{/fault}}"
             "{{#input}}<{{name}}>{{/input}}"},
    {"long", "{{one}}{{two}}{{three}}"},
    {"bare_plain", "plain"},
    {"fault", "{{status}} {{fault.message}} {{path}}"},
    {"_part", "never alone"},
};

static const struct web_asset ASSETS[] = {
    {"/assets/a.1.css", "text/css", (const unsigned char *)"body{}", (const unsigned char *)"BR",
     (const unsigned char *)"GZIP", 6, 2, 4},
    {"/assets/b.1.woff2", "font/woff2", (const unsigned char *)"font", NULL, NULL, 4, 0, 0},
};

static const struct text_entry TEXTS[] = {
    {"fault.input.invalid", {"有误", "Wrong input"}},
    {"fault.request.csrf", {"页面已过期", "Out of date"}},
    {"fault.required", {"必填", "Required"}},
    {"fault.thing.not_found", {"没有此物", "No such thing"}},
    {"flash.changed", {"已保存", "Saved"}},
};

static const char *const PROXIES[] = {"127.0.0.1", "10.0.0.1", NULL};

static struct server_options options_of(const struct route *const *tables)
{
    return (struct server_options){.routes = tables,
                                   .threads = 1,
                                   .slow_threads = 1,
                                   .trusted_proxies = PROXIES,
                                   .assets = ASSETS,
                                   .asset_count = 2,
                                   .pages = PAGES,
                                   .page_count = sizeof PAGES / sizeof PAGES[0]};
}

static int set_up(void **state)
{
    static const struct route *const tables[] = {ROUTES, NULL};
    const struct server_options options = options_of(tables);
    texts_use(TEXTS, sizeof TEXTS / sizeof TEXTS[0]);
    *state = test_server_start(&options);
    return 0;
}

static int tear_down(void **state)
{
    test_server_stop(*state);
    return 0;
}

/* ---- two faces ---- */

static void an_answer_that_does_not_fit_is_none(void **state)
{
    struct answer page = ask(*state, "GET", "/things/long", COOKIE, "");
    struct answer api = ask(*state, "GET", "/api/things/long", COOKIE, "");
    assert_int_equal(page.status, 500);
    assert_int_equal(api.status, 500);
    assert_non_null(strstr(api.body, "\"code\":\"server.broken\""));
}

static void one_handler_has_two_faces(void **state)
{
    struct answer page = ask(*state, "GET", "/things", COOKIE, "");
    struct answer api = ask(*state, "GET", "/api/things", COOKIE, "");
    assert_string_equal(page.body, "<html lang=zh>(admin)Things:甲&lt;;乙;token-of-admin</html>");
    assert_string_equal(answer_header(*state, page, "Content-Type"), "text/html; charset=utf-8");
    assert_string_equal(api.body,
                        "{\"items\":[{\"id\":1,\"version\":1,\"name\":\"甲<\",\"paid\":false},"
                        "{\"id\":2,\"version\":1,\"name\":\"乙\",\"paid\":true}],\"next\":null}");
    assert_string_equal(answer_header(*state, api, "Content-Type"), "application/json");
}

static void a_part_of_a_page_comes_without_its_layout(void **state)
{
    assert_string_equal(ask(*state, "GET", "/things", COOKIE "HX-Request: true\r\n", "").body,
                        "Things:甲&lt;;乙;token-of-admin");
    assert_memory_equal(
        ask(*state, "GET", "/things", COOKIE "HX-Request: true\r\nHX-Boosted: true\r\n", "").body,
        "<html", 5);
    assert_string_equal(ask(*state, "GET", "/plain", "", "").body, "plain");
}

static void a_page_only_route_has_no_api(void **state)
{
    assert_int_equal(ask(*state, "GET", "/api/things/new", COOKIE, "").status, 404);
    assert_int_equal(ask(*state, "GET", "/things/new", COOKIE, "").status, 200);
    assert_int_equal(ask(*state, "GET", "/origin", COOKIE, "").status, 404);
}

static void every_reply_has_the_headers_that_protect(void **state)
{
    static const char *const PATHS[] = {"/things", "/api/things", "/nothing", "/assets/a.1.css",
                                        "/broken"};
    for (size_t i = 0; i < sizeof PATHS / sizeof PATHS[0]; i++) {
        struct answer answer = ask(*state, "GET", PATHS[i], COOKIE, "");
        const char *policy = answer_header(*state, answer, "Content-Security-Policy");
        const bool is_api = strncmp(PATHS[i], "/api/", 5) == 0;
        assert_non_null(strstr(policy, is_api ? "default-src 'none'; frame-ancestors 'none'"
                                              : "default-src 'none'; script-src 'self'"));
        assert_string_equal(answer_header(*state, answer, "X-Content-Type-Options"), "nosniff");
        if (!is_api)
            assert_string_equal(answer_header(*state, answer, "Referrer-Policy"), "same-origin");
        assert_non_null(answer_header(*state, answer, "Cache-Control"));
    }
}

/* ---- refusals ---- */

static void the_api_says_what_is_wrong_with_each_field(void **state)
{
    struct answer answer =
        ask(*state, "POST", "/api/things", BEARER JSON "Accept-Language: en\r\n", "{\"x\":1}");
    assert_int_equal(answer.status, 422);
    assert_memory_equal(
        answer.body,
        "{\"error\":{\"code\":\"input.invalid\",\"message\":\"Wrong input\",\"fields\":["
        "{\"field\":\"x\",\"code\":\"unknown\",\"message\":\"unknown\"},"
        "{\"field\":\"name\",\"code\":\"required\",\"message\":\"Required\",\"clause\":\"V1.2\"}],"
        "\"request\":\"",
        200);
}

static void a_refused_form_comes_back_with_what_was_typed(void **state)
{
    static const struct {
        const char *body;
        int status;
        const char *page;
    } CASES[] = {
        {"name=%3Cb%3E&x=1", 422, "input.invalid:x=unknown,<&lt;b&gt;>"},
        {"name=", 422, "input.invalid:name=必填,<>"},
        {"name=taken", 409, "thing.taken:<taken>"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct answer answer = ask(*state, "POST", "/things", COOKIE CSRF FORM, CASES[i].body);
        assert_int_equal(answer.status, CASES[i].status);
        assert_non_null(strstr(answer.body, CASES[i].page));
    }
}

static void a_wrong_password_shows_the_form_again(void **state)
{
    struct answer answer = ask(*state, "POST", "/session", FORM, "password=wrong");
    assert_int_equal(answer.status, 401);
    assert_non_null(strstr(answer.body, "thing.wrong_password"));
    answer = ask(*state, "POST", "/session", FORM, "password=right");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer_header(*state, answer, "Set-Cookie"), "who=admin; Path=/; HttpOnly");
}

static void who_is_not_signed_in_is_sent_to_sign_in(void **state)
{
    struct answer page = ask(*state, "GET", "/things?q=%E7%94%B2", "", "");
    struct answer part = ask(*state, "GET", "/things", "HX-Request: true\r\n", "");
    struct answer api = ask(*state, "GET", "/api/things", "", "");
    assert_int_equal(page.status, 303);
    assert_string_equal(answer_header(*state, page, "Location"),
                        "/login?next=%2Fthings%3Fq%3D%25E7%2594%25B2");
    assert_int_equal(part.status, 401);
    assert_string_equal(answer_header(*state, part, "HX-Redirect"), "/login?next=%2Fthings");
    assert_int_equal(api.status, 401);
    assert_string_equal(answer_header(*state, api, "WWW-Authenticate"), "Bearer");
    assert_int_equal(ask(*state, "GET", "/things", "Cookie: who=stale\r\n", "").status, 303);
    assert_int_equal(ask(*state, "GET", "/plain", "Cookie: who=stale\r\n", "").status, 200);
}

static void who_lacks_the_right_is_refused(void **state)
{
    struct test_server *test = *state;
    int refused = test->log.refused;
    assert_int_equal(
        ask(test, "POST", "/api/secrets", "Authorization: Bearer clerk\r\n", "").status, 403);
    assert_int_equal(test->log.refused, refused + 1);
    assert_int_equal(ask(test, "GET", "/api/things", "Authorization: Bearer clerk\r\n", "").status,
                     200);
}

static void a_failure_has_a_page_of_its_own(void **state)
{
    struct answer gone = ask(*state, "GET", "/gone", COOKIE, "");
    struct answer nothing = ask(*state, "GET", "/%E6%B2%A1?a=1", COOKIE, "");
    assert_int_equal(gone.status, 404);
    assert_string_equal(gone.body, "<html lang=zh>(admin)404 没有此物 /gone</html>");
    assert_int_equal(nothing.status, 404);
}

static void what_broke_is_not_told(void **state)
{
    struct answer answer = ask(*state, "GET", "/api/broken", "", "");
    assert_int_equal(answer.status, 500);
    assert_null(strstr(answer.body, "secret"));
    assert_non_null(strstr(answer.body, "\"code\":\"server.broken\""));
}

/* ---- forms of pages ---- */

static void a_form_may_ask_for_the_methods_that_html_lacks(void **state)
{
    static const struct {
        const char *who, *path, *body;
        int status;
    } CASES[] = {
        {"admin", "/things/7", "_method=PATCH&name=a", 303},
        {"admin", "/things/7", "_method=delete", 303},
        {"clerk", "/things/7", "_method=PATCH&name=a", 303},
        {"clerk", "/things/7", "_method=DELETE", 403},
        {"admin", "/things/7", "name=a", 405},
        {"admin", "/things", "_method=PATCH", 405},
        {"nobody", "/things/7", "_method=PATCH&name=a", 303}, /* to sign in */
    };
    struct test_server *test = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const char *headers =
            arena_printf(test->arena, "Cookie: who=%s\r\n" CSRF FORM, CASES[i].who);
        struct answer answer = ask(test, "POST", CASES[i].path, headers, CASES[i].body);
        if (answer.status != CASES[i].status)
            print_error("%s %s\n", CASES[i].who, CASES[i].body);
        assert_int_equal(answer.status, CASES[i].status);
    }
    assert_int_equal(ask(test, "POST", "/api/things/7", BEARER FORM, "_method=PATCH&name=a").status,
                     405);
}

static void words_of_success_are_shown_once(void **state)
{
    struct test_server *test = *state;
    struct answer done = ask(test, "POST", "/things/7", COOKIE CSRF FORM, "_method=PATCH&name=a");
    const char *cookie = answer_header(test, done, "Set-Cookie");
    assert_int_equal(done.status, 303);
    assert_string_equal(answer_header(test, done, "Location"), "/things/7");
    const char *headers =
        arena_printf(test->arena, "Cookie: who=admin; %.*s\r\n", (int)strcspn(cookie, ";"), cookie);
    struct answer shown = ask(test, "GET", "/things", headers, "");
    assert_non_null(strstr(shown.body, "[已保存]"));
    assert_non_null(strstr(answer_header(test, shown, "Set-Cookie"), "flash=; "));
    headers = "Cookie: who=admin; flash=%3Cb%3E%FF\r\n";
    assert_null(strstr(ask(test, "GET", "/things", headers, "").body, "["));
}

/* ---- forgery ---- */

static void writes_by_cookie_need_the_token_and_our_own_page(void **state)
{
    static const struct {
        const char *path, *headers, *body;
        int status;
    } CASES[] = {
        {"/things", COOKIE FORM, "name=a", 403},
        {"/things", COOKIE FORM, "name=a&_csrf=token-of-another", 403},
        {"/things", COOKIE FORM, "name=a&_csrf=token-of-admin", 303},
        {"/things", COOKIE FORM CSRF, "name=a", 303},
        {"/api/things", COOKIE JSON, "{\"name\":\"a\",\"_csrf\":\"token-of-admin\"}", 403},
        {"/api/things", COOKIE JSON CSRF, "{\"name\":\"a\"}", 200},
        {"/api/things", BEARER JSON, "{\"name\":\"a\"}", 200},
        {"/api/things", BEARER JSON "Origin: https://evil.test\r\n", "{\"name\":\"a\"}", 200},
        {"/things", COOKIE FORM CSRF "Origin: http://site.test\r\n", "name=a", 303},
        {"/things", COOKIE FORM CSRF "Origin: http://evil.test\r\n", "name=a", 403},
        {"/things", COOKIE FORM CSRF "Origin: null\r\n", "name=a", 403},
        {"/things", COOKIE FORM CSRF "Sec-Fetch-Site: cross-site\r\n", "name=a", 403},
        {"/things", COOKIE FORM CSRF "Sec-Fetch-Site: same-site\r\n", "name=a", 403},
        {"/things", COOKIE FORM CSRF "Sec-Fetch-Site: same-origin\r\n", "name=a", 303},
        {"/session", FORM "Sec-Fetch-Site: cross-site\r\n", "password=right", 403},
        {"/session", FORM "Origin: http://evil.test\r\n", "password=right", 403},
        {"/session", FORM "Origin: http://site.test\r\n", "password=right", 303},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct answer answer = ask(*state, "POST", CASES[i].path, CASES[i].headers, CASES[i].body);
        if (answer.status != CASES[i].status)
            print_error("%s%s\n", CASES[i].headers, CASES[i].body);
        assert_int_equal(answer.status, CASES[i].status);
    }
}

static void only_our_proxies_say_where_a_request_came_from(void **state)
{
    static const struct {
        const char *headers, *reply;
    } CASES[] = {
        {"", "{\"origin\":\"127.0.0.1\",\"secure\":false}"},
        {"X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n",
         "{\"origin\":\"1.2.3.4\",\"secure\":true}"},
        {"X-Forwarded-For: 6.6.6.6, 1.2.3.4, 10.0.0.1\r\n",
         "{\"origin\":\"1.2.3.4\",\"secure\":false}"},
        {"X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 2001:db8::1\r\n",
         "{\"origin\":\"2001:db8::1\",\"secure\":false}"},
        {"X-Forwarded-For: <script>\r\n", "{\"origin\":\"127.0.0.1\",\"secure\":false}"},
        {"X-Forwarded-For: ,\r\n", "{\"origin\":\"127.0.0.1\",\"secure\":false}"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_string_equal(ask(*state, "GET", "/api/origin", CASES[i].headers, "").body,
                            CASES[i].reply);
}

/* ---- assets ---- */

static void an_asset_comes_in_the_coding_that_was_asked_for(void **state)
{
    static const struct {
        const char *path, *accepted, *body, *coding;
    } CASES[] = {
        {"/assets/a.1.css", "", "body{}", ""},
        {"/assets/a.1.css", "Accept-Encoding: gzip, deflate, br\r\n", "BR", "br"},
        {"/assets/a.1.css", "Accept-Encoding: gzip;q=1.0\r\n", "GZIP", "gzip"},
        {"/assets/a.1.css", "Accept-Encoding: br;q=0, gzip\r\n", "GZIP", "gzip"},
        {"/assets/a.1.css", "Accept-Encoding: bro\r\n", "body{}", ""},
        {"/assets/b.1.woff2", "Accept-Encoding: br\r\n", "font", ""},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct answer answer = ask(*state, "GET", CASES[i].path, CASES[i].accepted, "");
        const char *coding = answer_header(*state, answer, "Content-Encoding");
        assert_string_equal(answer.body, CASES[i].body);
        assert_string_equal(coding ? coding : "", CASES[i].coding);
    }
}

static void an_asset_is_kept_for_ever_and_not_sent_twice(void **state)
{
    struct test_server *test = *state;
    struct answer first = ask(test, "GET", "/assets/a.1.css", "", "");
    assert_string_equal(answer_header(test, first, "Cache-Control"),
                        "public, max-age=31536000, immutable");
    const char *known =
        arena_printf(test->arena, "If-None-Match: %s\r\n", answer_header(test, first, "ETag"));
    struct answer again = ask(test, "GET", "/assets/a.1.css", known, "");
    assert_int_equal(again.status, 304);
    assert_int_equal(again.len, 0);
    assert_int_equal(ask(test, "GET", "/assets/../a.1.css", "", "").status, 404);
}

/* ---- start ---- */

static void a_server_that_is_wrong_does_not_start(void **state)
{
    static const struct route NO_PAGE[] = {{GET, "/a", PUBLIC, gone_get, "missing"}, ROUTES_END};
    static const struct route NO_RIGHT[] = {{GET, "/a", NULL, gone_get, "list"}, ROUTES_END};
    static const struct web_page BAD_PAGE[] = {{"bad", "a\n{{#open}}"}},
                                 BAD_LAYOUT[] = {{"layout", "<html></html>"}};
    static const struct route *const none[] = {NULL};
    struct test_server *test = *state;
    const struct route *tables[] = {NO_PAGE, NULL};
    struct server_options options = options_of(tables);
    assert_string_equal(test_server_error(test->arena, &options),
                        "route GET /a: there is no page \"missing\"");
    tables[0] = NO_RIGHT;
    assert_non_null(strstr(test_server_error(test->arena, &options), "GET /a has no right"));
    options = (struct server_options){.routes = none, .pages = BAD_PAGE, .page_count = 1};
    assert_non_null(strstr(test_server_error(test->arena, &options), "bad:"));
    options.pages = BAD_LAYOUT;
    assert_string_equal(test_server_error(test->arena, &options), "the layout has no {{>@body}}");
    options = (struct server_options){.routes = none, .port = server_port(test->server)};
    assert_non_null(strstr(test_server_error(test->arena, &options), "cannot listen on"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_handler_has_two_faces),
        cmocka_unit_test(a_part_of_a_page_comes_without_its_layout),
        cmocka_unit_test(a_page_only_route_has_no_api),
        cmocka_unit_test(every_reply_has_the_headers_that_protect),
        cmocka_unit_test(the_api_says_what_is_wrong_with_each_field),
        cmocka_unit_test(a_refused_form_comes_back_with_what_was_typed),
        cmocka_unit_test(an_answer_that_does_not_fit_is_none),
        cmocka_unit_test(a_wrong_password_shows_the_form_again),
        cmocka_unit_test(who_is_not_signed_in_is_sent_to_sign_in),
        cmocka_unit_test(who_lacks_the_right_is_refused),
        cmocka_unit_test(a_failure_has_a_page_of_its_own),
        cmocka_unit_test(what_broke_is_not_told),
        cmocka_unit_test(a_form_may_ask_for_the_methods_that_html_lacks),
        cmocka_unit_test(words_of_success_are_shown_once),
        cmocka_unit_test(writes_by_cookie_need_the_token_and_our_own_page),
        cmocka_unit_test(only_our_proxies_say_where_a_request_came_from),
        cmocka_unit_test(an_asset_comes_in_the_coding_that_was_asked_for),
        cmocka_unit_test(an_asset_is_kept_for_ever_and_not_sent_twice),
        cmocka_unit_test(a_server_that_is_wrong_does_not_start),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
