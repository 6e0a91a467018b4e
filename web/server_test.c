/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How requests go in and out: methods, limits, threads, files, and what hostile clients send. */
#include "web/test_server.h"

#include "base/text.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- routes ---- */

struct thing {
    int64_t id;
    const char *name;
};
static const struct field THING[] = {
    FIELD(thing, id),
    FIELD(thing, name, .in = MUST, .max = 10),
    FIELDS_END,
};

static enum result thing_get(struct request *rq)
{
    struct thing *thing = ARENA_NEW(rq->cx.mem, struct thing);
    TRY(path_id(rq, "id", &thing->id));
    thing->name = query_text(rq, "name");
    doc_root(rq->doc, THING, thing);
    return OK;
}

static enum result thing_post(struct request *rq)
{
    struct thing *thing = ARENA_NEW(rq->cx.mem, struct thing);
    TRY(body_read(rq, THING, thing, true, NULL));
    thing->id = 7;
    doc_root(rq->doc, THING, thing);
    return created(rq, "/things/%d", 7);
}

static enum result thing_delete(struct request *rq)
{
    return fail(&rq->cx, CONFLICT, "thing.in_use", "7");
}

static enum result counted_post(struct request *rq)
{
    rq->keep = true;
    return fail(&rq->cx, UNAUTHENTICATED, "thing.wrong_password");
}

static enum result upload_post(struct request *rq)
{
    const struct part *file = input_file(rq, "file");
    const char *bytes = file ? file->bytes : rq->body;
    size_t len = file ? file->len : rq->body_len, sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += (unsigned char)bytes[i];
    doc_int(rq->doc, "len", (int64_t)len);
    doc_int(rq->doc, "sum", (int64_t)sum);
    doc_text(rq->doc, "title", input_text(rq, "title"));
    return OK;
}

static enum result bad_header_get(struct request *rq)
{
    reply_header(rq, "X-Name", query_text(rq, "value"));
    return OK;
}

static enum result move_post(struct request *rq)
{
    return moved(rq, "thing.moved", "%s", query_text(rq, "to"));
}

/* The slow threads wait here until the test lets them go. */
static struct {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int entered;
    bool open;
} door = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, true};

static enum result slow_prepare(struct request *rq)
{
    pthread_mutex_lock(&door.mutex);
    door.entered++;
    pthread_cond_broadcast(&door.changed);
    while (!door.open)
        pthread_cond_wait(&door.changed, &door.mutex);
    pthread_mutex_unlock(&door.mutex);
    rq->prepared = (void *)"prepared";
    return strcmp(query_text(rq, "refuse"), "1") == 0 ? fail(&rq->cx, FORBIDDEN, "test.refused")
                                                      : OK;
}

static enum result slow_handle(struct request *rq)
{
    doc_text(rq->doc, "was", rq->prepared);
    return OK;
}

static const struct route ROUTES[] = {
    {GET, "/things/{id}", PUBLIC, thing_get, "thing"},
    {POST, "/things", "things.write", thing_post, "thing"},
    {PATCH, "/things/{id}", "things.write", thing_get, "thing"},
    {DELETE, "/things/{id}", "things.write", thing_delete, "thing"},
    {POST, "/counted", PUBLIC, counted_post, "thing"},
    {POST, "/move", PUBLIC, move_post, "thing"},
    ROUTES_END,
};
static const struct route FLAGGED_ROUTES[] = {
    {POST, "/upload", PUBLIC, upload_post, "thing", UPLOAD},
    {GET, "/bad-header", PUBLIC, bad_header_get, NULL, API_ONLY},
    {GET, "/own/{id}", SIGNED_IN, thing_get, "thing", SESSION_ONLY},
    {POST, "/own/things", "things.write", thing_post, "thing", SESSION_ONLY},
    ROUTES_END,
};
static const struct route SLOW_ROUTES[] = {
    {POST, "/slow", PUBLIC, slow_handle, "thing", 0, slow_prepare},
    {GET, "/slow", PUBLIC, slow_handle, "thing", 0, slow_prepare},
    ROUTES_END,
};

static const struct web_page PAGES[] = {
    {"layout", "<body>{{>@body}}</body>"},
    {"thing", "<p>{{name}}{{was}}</p>"},
    {"fault", "<h1>{{fault.code}}</h1>"},
};

static int set_up(void **state)
{
    static const struct route *const tables[] = {ROUTES, FLAGGED_ROUTES, SLOW_ROUTES, NULL};
    const struct server_options options = {.routes = tables,
                                           .threads = 2,
                                           .slow_threads = 1,
                                           .body_limit = 4096,
                                           .upload_limit = 512 << 10,
                                           .pages = PAGES,
                                           .page_count = sizeof PAGES / sizeof PAGES[0],
                                           .metrics_path = "/metrics"};
    *state = test_server_start(&options);
    return 0;
}

static int tear_down(void **state)
{
    test_server_stop(*state);
    return 0;
}

/* ---- methods ---- */

static void every_method_has_its_status(void **state)
{
    static const struct {
        const char *method, *path, *headers, *body;
        int status;
    } CASES[] = {
        {"GET", "/api/things/7?name=x", "", "", 200},
        {"HEAD", "/api/things/7", "", "", 200},
        {"OPTIONS", "/api/things/7", "", "", 204},
        {"POST", "/api/things", BEARER JSON, "{\"name\":\"x\"}", 201},
        {"POST", "/api/things", BEARER JSON, "{\"name\":\"\"}", 422},
        {"POST", "/api/things", JSON, "{\"name\":\"x\"}", 401},
        {"DELETE", "/api/things/7", BEARER, "", 409},
        {"PUT", "/api/things/7", BEARER, "", 405},
        {"DELETE", "/api/things", BEARER, "", 405},
        {"BREW", "/api/things/7", "", "", 405},
        {"GET", "/api/nothing", "", "", 404},
        {"GET", "/api/things/0", "", "", 404},
        {"OPTIONS", "/api/nothing", "", "", 404},
        {"OPTIONS", "*", "", "", 404},
        {"GET", "/apiary", "", "", 404},
        {"GET", "/api/bad-header?value=fine", "", "", 200},
        {"GET", "/bad-header?value=fine", "", "", 404},
        {"GET", "/healthz", "", "", 200},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct answer answer =
            ask(*state, CASES[i].method, CASES[i].path, CASES[i].headers, CASES[i].body);
        if (answer.status != CASES[i].status)
            print_error("%s %s: %s\n", CASES[i].method, CASES[i].path, answer.body);
        assert_int_equal(answer.status, CASES[i].status);
    }
}

static void what_takes_the_person_is_refused_to_an_api_token(void **state)
{
    static const struct {
        const char *method, *path, *who;
        unsigned status;
    } CASES[] = {
        {"GET", "/api/own/7", "Authorization: Bearer admin\r\n", 200},
        {"GET", "/api/own/7", "Authorization: Bearer robot\r\n", 403},
        {"GET", "/own/7", "Cookie: who=robot\r\n", 403},
        {"GET", "/api/things/7", "Authorization: Bearer robot\r\n", 200},
        {"POST", "/api/own/things", "Authorization: Bearer admin\r\n", 201},
        {"POST", "/api/own/things", "Authorization: Bearer robot\r\n", 403},
        {"POST", "/api/things", "Authorization: Bearer robot\r\n", 201},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const bool writes = strcmp(CASES[i].method, "POST") == 0;
        char headers[100];
        snprintf(headers, sizeof headers, "%s%s", CASES[i].who, writes ? JSON : "");
        struct answer answer =
            ask(*state, CASES[i].method, CASES[i].path, headers, writes ? "{\"name\":\"x\"}" : "");
        assert_int_equal(answer.status, CASES[i].status);
        if (answer.status == 403)
            assert_non_null(strstr(answer.body, "request.not_by_token"));
    }
}

static void a_wrong_method_is_told_the_right_ones(void **state)
{
    struct answer answer = ask(*state, "PUT", "/api/things/7", "", "");
    assert_string_equal(answer_header(*state, answer, "Allow"),
                        "GET, HEAD, PATCH, DELETE, OPTIONS");
}

static void head_has_the_headers_and_no_body(void **state)
{
    struct answer get = ask(*state, "GET", "/api/things/7", "", "");
    struct answer head = ask(*state, "HEAD", "/api/things/7", "", "");
    assert_string_equal(get.body, "{\"id\":7,\"name\":\"\"}");
    assert_int_equal(head.len, 0);
    assert_string_equal(answer_header(*state, head, "Content-Length"),
                        answer_header(*state, get, "Content-Length"));
}

static void requests_follow_each_other_on_one_connection(void **state)
{
    static const char TWO[] = "GET /api/things/7 HTTP/1.1\r\nHost: a\r\n\r\n"
                              "POST /api/slow HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
                              "GET /api/things/8 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    struct answer answer = ask_bytes(*state, TWO, sizeof TWO - 1);
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.body, "prepared"));
    assert_non_null(strstr(answer.body, "{\"id\":8"));
}

/* ---- writes ---- */

static void a_write_is_answered_after_its_commit(void **state)
{
    struct test_server *test = *state;
    const int before = test->log.committed;
    struct answer answer = ask(test, "POST", "/api/things", BEARER JSON, "{\"name\":\"x\"}");
    assert_int_equal(answer.status, 201);
    assert_string_equal(answer_header(test, answer, "Location"), "/api/things/7");
    assert_int_equal(test->log.committed, before + 1);
}

static void a_write_that_cannot_be_committed_is_no_success(void **state)
{
    struct test_server *test = *state;
    test->commit = BUSY;
    struct answer answer = ask(test, "POST", "/api/things", BEARER JSON, "{\"name\":\"x\"}");
    struct answer page = ask(test, "POST", "/things", COOKIE CSRF FORM, "name=x");
    test->commit = OK;
    assert_int_equal(answer.status, 503);
    assert_non_null(answer_header(test, answer, "Retry-After"));
    assert_null(answer_header(test, answer, "Location"));
    assert_int_equal(page.status, 503);
}

static void a_refusal_is_rolled_back_unless_it_is_to_be_kept(void **state)
{
    struct test_server *test = *state;
    int committed = test->log.committed, rolled_back = test->log.rolled_back;
    assert_int_equal(ask(test, "DELETE", "/api/things/7", BEARER, "").status, 409);
    assert_int_equal(test->log.rolled_back, rolled_back + 1);
    assert_int_equal(ask(test, "POST", "/api/counted", "", "").status, 401);
    assert_int_equal(test->log.committed, committed + 1);
}

static void an_answer_that_was_kept_is_given_again(void **state)
{
    struct test_server *test = *state;
    test->replay = true;
    struct answer answer = ask(test, "POST", "/api/things", BEARER JSON, "{\"name\":\"y\"}");
    test->replay = false;
    assert_int_equal(answer.status, 201);
    assert_string_equal(answer.body, "{\"kept\":true}");
    assert_string_equal(answer_header(test, answer, "Location"), "/api/things/1");
}

static void without_a_database_requests_may_be_tried_again(void **state)
{
    struct test_server *test = *state;
    test->no_reader = true;
    struct answer answer = ask(test, "GET", "/api/things/7", "", "");
    struct answer health = ask(test, "GET", "/healthz", "", "");
    test->no_reader = false;
    assert_int_equal(answer.status, 503);
    assert_int_equal(health.status, 503);
}

/* ---- slow threads ---- */

static void what_prepare_leaves_reaches_the_handler(void **state)
{
    assert_string_equal(ask(*state, "POST", "/api/slow", "", "").body, "{\"was\":\"prepared\"}");
    assert_string_equal(ask(*state, "GET", "/slow", "", "").body, "<body><p>prepared</p></body>");
    assert_int_equal(ask(*state, "POST", "/api/slow?refuse=1", "", "").status, 403);
}

static void wait_until_entered(int count)
{
    pthread_mutex_lock(&door.mutex);
    while (door.entered < count)
        pthread_cond_wait(&door.changed, &door.mutex);
    pthread_mutex_unlock(&door.mutex);
}

static void set_door(bool open)
{
    pthread_mutex_lock(&door.mutex);
    door.open = open;
    pthread_cond_broadcast(&door.changed);
    pthread_mutex_unlock(&door.mutex);
}

/* One is at work, 64 wait, the next one is sent away at once. */
static void a_full_queue_of_slow_work_says_so(void **state)
{
    static const char REQUEST[] = "POST /api/slow HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n"
                                  "Connection: close\r\n\r\n";
    enum { ALL = 66 };
    struct pollfd sockets[ALL];
    int entered = door.entered, busy = 0;
    set_door(false);
    for (int i = 0; i < ALL; i++) {
        sockets[i] = (struct pollfd){ask_begin(*state, REQUEST, sizeof REQUEST - 1), POLLIN, 0};
        if (i == 0)
            wait_until_entered(entered + 1);
    }
    assert_int_equal(poll(sockets, ALL, -1), 1);
    assert_int_equal(ask(*state, "GET", "/api/things/7", "", "").status, 200);
    set_door(true);
    for (int i = 0; i < ALL; i++) {
        struct answer answer = ask_end(*state, sockets[i].fd);
        busy += answer.status == 503;
        assert_true(answer.status == 503 || answer.status == 200);
    }
    assert_int_equal(busy, 1);
}

/* ---- bodies ---- */

static const char *filled(struct test_server *test, size_t len)
{
    char *bytes = arena_alloc(test->arena, len + 1);
    memset(bytes, 'x', len);
    return bytes;
}

static void a_body_beyond_the_limit_is_refused(void **state)
{
    struct test_server *test = *state;
    assert_int_equal(ask(test, "POST", "/api/things", BEARER JSON, filled(test, 4097)).status, 413);
    assert_int_equal(ask(test, "POST", "/api/upload", FORM, filled(test, 5000)).status, 413);
    static const char HUGE_ONE[] = "POST /api/upload HTTP/1.1\r\nHost: a\r\nContent-Length: "
                                   "99999999999\r\n\r\n";
    struct answer answer = ask_bytes(test, HUGE_ONE, sizeof HUGE_ONE - 1);
    assert_int_equal(answer.status, 413);
    assert_string_equal(answer_header(test, answer, "Connection"), "close");
}

static const char *chunked(struct test_server *test, const char *path, size_t len)
{
    return arena_printf(test->arena,
                        "POST %s HTTP/1.1\r\nHost: a\r\n" BEARER JSON
                        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                        "%zx\r\n%s\r\n0\r\n\r\n",
                        path, len, filled(test, len));
}

static void a_body_of_unknown_length_is_limited_too(void **state)
{
    struct test_server *test = *state;
    const char *bytes = chunked(test, "/api/things", 5000);
    assert_int_equal(ask_bytes(test, bytes, strlen(bytes)).status, 413);
    bytes = chunked(test, "/api/things", 4 << 20); /* nobody reads all that */
    assert_int_equal(ask_bytes(test, bytes, strlen(bytes)).status, 0);
    bytes = chunked(test, "/api/things", 4000);
    assert_int_equal(ask_bytes(test, bytes, strlen(bytes)).status, 400);
}

static void an_upload_goes_through_a_file_and_arrives_whole(void **state)
{
    static const size_t LENGTHS[] = {0, 1, 65000, 65536, 70000, 400000};
    struct test_server *test = *state;
    for (size_t i = 0; i < sizeof LENGTHS / sizeof LENGTHS[0]; i++) {
        const char *body = arena_printf(
            test->arena,
            "--B\r\nContent-Disposition: form-data; name=title\r\n\r\n合同\r\n"
            "--B\r\nContent-Disposition: form-data; name=file; filename=a.bin\r\n\r\n%s\r\n--B--",
            filled(test, LENGTHS[i]));
        struct answer answer = ask(test, "POST", "/api/upload",
                                   "Content-Type: multipart/form-data; boundary=B\r\n", body);
        assert_string_equal(
            answer.body, arena_printf(test->arena, "{\"len\":%zu,\"sum\":%zu,\"title\":\"合同\"}",
                                      LENGTHS[i], LENGTHS[i] * 'x'));
    }
}

static void a_file_may_be_sent_as_it_is_where_files_are_wanted(void **state)
{
    struct answer answer = ask(*state, "POST", "/api/upload", "Content-Type: audio/wav\r\n", "ab");
    assert_string_equal(answer.body, "{\"len\":2,\"sum\":195,\"title\":\"\"}");
    assert_int_equal(
        ask(*state, "POST", "/api/things", BEARER "Content-Type: audio/wav\r\n", "ab").status, 415);
    assert_int_equal(ask(*state, "POST", "/api/things", BEARER, "{}").status, 415);
    assert_int_equal(ask(*state, "POST", "/api/things",
                         BEARER "Content-Type: application/json; charset=gbk\r\n", "{}")
                         .status,
                     415);
}

/* ---- hostile clients ---- */

static void what_would_break_a_header_is_not_sent(void **state)
{
    struct answer answer =
        ask(*state, "GET", "/api/bad-header?value=a%0D%0ASet-Cookie:+x=y", "", "");
    assert_int_equal(answer.status, 500);
    assert_null(answer_header(*state, answer, "Set-Cookie"));
    assert_null(strstr(answer.body, "Set-Cookie"));
}

static void redirects_stay_on_this_site(void **state)
{
    static const struct {
        const char *to, *location;
    } CASES[] = {
        {"/things/7%3Fa=%E5%90%88", "/things/7?a=%E5%90%88"},
        {"//evil.test/", "/"},
        {"/%5Cevil.test/", "/"},
        {"https://evil.test/", "/"},
        {"/a%0D%0ASet-Cookie:+x=y", "/a%0D%0ASet-Cookie:%20x=y"},
    };
    struct test_server *test = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct answer answer =
            ask(test, "POST", arena_printf(test->arena, "/move?to=%s", CASES[i].to), "", "");
        assert_int_equal(answer.status, 303);
        assert_string_equal(answer_header(test, answer, "Location"), CASES[i].location);
    }
}

static void broken_requests_are_answered_not_obeyed(void **state)
{
    struct test_server *test = *state;
    const struct {
        const char *bytes;
        int status;
    } CASES[] = {
        {"GET /api/things/%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400},
        {"GET /things/%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400},
        {"GET /api/things/7?name=%c0%80 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400},
        {"GET /api/things/\xff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400},
        {"GET http://a/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404},
        {arena_printf(test->arena, "GET /api/%s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                      filled(test, 9000)),
         414},
        {"GET /api/things/7 HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400},
        {"POST /api/things HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" BEARER JSON
         "Content-Length: 9\r\n\r\n{\"a\":\"\xff\"}",
         400},
        {"POST /api/things HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" BEARER FORM
         "Content-Length: 5\r\n\r\na=%ff",
         400},
        {"POST /api/things HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" BEARER
         "Content-Type: multipart/form-data\r\nContent-Length: 5\r\n\r\n--B--",
         400},
        {"POST /api/things HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" BEARER JSON
         "Content-Length: 2\r\n\r\n[]",
         400},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct answer answer = ask_bytes(test, CASES[i].bytes, strlen(CASES[i].bytes));
        if (answer.status != CASES[i].status)
            print_error("%.60s\n", CASES[i].bytes);
        assert_int_equal(answer.status, CASES[i].status);
    }
}

/* The body of a refused request must never be taken for the next request. */
static void a_refused_body_is_not_the_next_request(void **state)
{
    static const char *const METHODS[] = {"POST", "PATCH", "DELETE", "GET", "BREW"};
    static const char *const HEADERS[] = {"", "Expect: 100-continue\r\n"};
    static const char INNER[] = "GET /api/things/8 HTTP/1.1\r\nHost: a\r\n\r\n";
    struct test_server *test = *state;
    for (size_t i = 0; i < sizeof METHODS / sizeof METHODS[0] * 2; i++) {
        const char *bytes =
            arena_printf(test->arena,
                         "%s /api/nothing HTTP/1.1\r\nHost: a\r\n%sContent-Length: %zu\r\n\r\n%s"
                         "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                         METHODS[i / 2], HEADERS[i % 2], sizeof INNER - 1, INNER);
        struct answer answer = ask_bytes(test, bytes, strlen(bytes));
        assert_int_equal(answer.status, 404);
        assert_null(strstr(answer.body, "\"id\":8"));
    }
}

static void a_client_that_leaves_midway_does_no_harm(void **state)
{
    static const char *const BEGUN[] = {
        "POST /api/things HTTP/1.1\r\nHost: a\r\n" BEARER JSON "Content-Length: 100\r\n\r\n{\"na",
        "POST /api/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc",
        "GET /api/thi",
        "POST /api/slow HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof BEGUN / sizeof BEGUN[0]; i++)
        close(ask_begin(*state, BEGUN[i], strlen(BEGUN[i])));
    assert_int_equal(ask(*state, "GET", "/api/things/7", "", "").status, 200);
}

static void the_metrics_count_what_was_answered(void **state)
{
    struct answer answer = ask(*state, "GET", "/metrics", "", "");
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.body, "luyue_requests_total{face=\"api\",status=\"2xx\"}"));
    assert_non_null(strstr(answer.body, "luyue_slow_waiting "));
    assert_non_null(strstr(answer.body, "luyue_request_seconds_bucket{le=\"+Inf\"}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_method_has_its_status),
        cmocka_unit_test(what_takes_the_person_is_refused_to_an_api_token),
        cmocka_unit_test(a_wrong_method_is_told_the_right_ones),
        cmocka_unit_test(head_has_the_headers_and_no_body),
        cmocka_unit_test(requests_follow_each_other_on_one_connection),
        cmocka_unit_test(a_write_is_answered_after_its_commit),
        cmocka_unit_test(a_write_that_cannot_be_committed_is_no_success),
        cmocka_unit_test(a_refusal_is_rolled_back_unless_it_is_to_be_kept),
        cmocka_unit_test(an_answer_that_was_kept_is_given_again),
        cmocka_unit_test(without_a_database_requests_may_be_tried_again),
        cmocka_unit_test(what_prepare_leaves_reaches_the_handler),
        cmocka_unit_test(a_full_queue_of_slow_work_says_so),
        cmocka_unit_test(a_body_beyond_the_limit_is_refused),
        cmocka_unit_test(a_body_of_unknown_length_is_limited_too),
        cmocka_unit_test(an_upload_goes_through_a_file_and_arrives_whole),
        cmocka_unit_test(a_file_may_be_sent_as_it_is_where_files_are_wanted),
        cmocka_unit_test(what_would_break_a_header_is_not_sent),
        cmocka_unit_test(redirects_stay_on_this_site),
        cmocka_unit_test(broken_requests_are_answered_not_obeyed),
        cmocka_unit_test(a_refused_body_is_not_the_next_request),
        cmocka_unit_test(a_client_that_leaves_midway_does_no_harm),
        cmocka_unit_test(the_metrics_count_what_was_answered),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
