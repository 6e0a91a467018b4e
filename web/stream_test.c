/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stored files and written reports as they are sent. */
#include "web/test_server.h"

#include <string.h>
#include <unistd.h>

static enum result file_get(struct request *rq)
{
    FILE *file = tmpfile();
    int fd = file ? dup(fileno(file)) : -1;
    if (file)
        fclose(file);
    if (fd < 0 || write(fd, "0123456789", 10) != 10)
        return fail(&rq->cx, BROKEN, "test.file");
    return reply_file(rq, fd, 10, query_text(rq, "type"), "合同 \"1\".pdf", "abc", false);
}

static enum result write_report(struct request *rq, FILE *file, void *host)
{
    for (int i = 0; i < 1000; i++)
        fprintf(file, "%s,%d\n", (const char *)host, i);
    return strcmp(query_text(rq, "fail"), "1") == 0 ? fail(&rq->cx, CONFLICT, "test.refused") : OK;
}

static enum result report(struct request *rq)
{
    return reply_written(rq, write_report, "row", "text/csv; charset=utf-8", "报表.csv");
}

static const struct route ROUTES[] = {
    {GET, "/file", PUBLIC, file_get, NULL, STREAM},
    {GET, "/traced", PUBLIC, file_get, NULL, STREAM | TRACED},
    {GET, "/report", PUBLIC, report, NULL, STREAM},
    {POST, "/report", PUBLIC, report, NULL, STREAM},
    ROUTES_END,
};

static int set_up(void **state)
{
    static const struct route *const tables[] = {ROUTES, NULL};
    const struct server_options options = {.routes = tables, .threads = 1, .slow_threads = 1};
    *state = test_server_start(&options);
    return 0;
}

static int tear_down(void **state)
{
    test_server_stop(*state);
    return 0;
}

static void a_file_is_sent_whole_in_part_or_not_at_all(void **state)
{
    static const struct {
        const char *headers;
        int status;
        const char *body, *range;
    } CASES[] = {
        {"", 200, "0123456789", NULL},
        {"Range: bytes=2-4\r\n", 206, "234", "bytes 2-4/10"},
        {"Range: bytes=7-\r\n", 206, "789", "bytes 7-9/10"},
        {"Range: bytes=-3\r\n", 206, "789", "bytes 7-9/10"},
        {"Range: bytes=0-99\r\n", 206, "0123456789", "bytes 0-9/10"},
        {"Range: bytes=10-\r\n", 416, "", "bytes */10"},
        {"Range: bytes=-0\r\n", 416, "", "bytes */10"},
        {"Range: bytes=4-2\r\n", 200, "0123456789", NULL},
        {"Range: bytes=0-1,3-4\r\n", 200, "0123456789", NULL},
        {"Range: lines=1-2\r\n", 200, "0123456789", NULL},
        {"Range: bytes=99999999999999999999-\r\n", 200, "0123456789", NULL},
        {"Range: bytes=2-4\r\nIf-Range: \"abc\"\r\n", 206, "234", "bytes 2-4/10"},
        {"Range: bytes=2-4\r\nIf-Range: \"old\"\r\n", 200, "0123456789", NULL},
        {"If-None-Match: \"x\", \"abc\"\r\n", 304, "", NULL},
        {"If-None-Match: \"x\"\r\n", 200, "0123456789", NULL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct answer answer = ask(*state, "GET", "/file?type=image/png", CASES[i].headers, "");
        const char *range = answer_header(*state, answer, "Content-Range");
        assert_int_equal(answer.status, CASES[i].status);
        assert_string_equal(answer.body, CASES[i].body);
        assert_string_equal(range ? range : "", CASES[i].range ? CASES[i].range : "");
    }
}

static void only_pictures_and_pdf_are_shown_inline(void **state)
{
    static const struct {
        const char *type, *disposition;
    } CASES[] = {
        {"image/png", "inline"},
        {"application/pdf", "inline"},
        {"text/html", "attachment"},
        {"image/svg+xml", "attachment"},
    };
    struct test_server *test = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const char *path = arena_printf(test->arena, "/file?type=%s", CASES[i].type);
        struct answer answer = ask(test, "GET", path, "", "");
        assert_string_equal(
            answer_header(test, answer, "Content-Disposition"),
            arena_printf(test->arena,
                         "%s; filename=\"__ _1_.pdf\"; "
                         "filename*=UTF-8''%%E5%%90%%88%%E5%%90%%8C%%20%%221%%22.pdf",
                         CASES[i].disposition));
    }
}

static void a_traced_read_runs_as_a_write(void **state)
{
    struct test_server *test = *state;
    int committed = test->log.committed;
    struct answer answer = ask(test, "GET", "/traced?type=image/png", COOKIE, "");
    assert_string_equal(answer.body, "0123456789");
    assert_int_equal(test->log.committed, committed + 1);
}

static void a_report_is_written_on_a_slow_thread(void **state)
{
    static const char *const METHODS[] = {"GET", "POST"};
    for (size_t i = 0; i < 2; i++) {
        struct answer answer = ask(*state, METHODS[i], "/api/report", "", "");
        assert_int_equal(answer.status, 200);
        assert_memory_equal(answer.body, "row,0\nrow,1\n", 12);
        assert_int_equal(answer.len, 10 * 6 + 90 * 7 + 900 * 8);
        assert_int_equal(ask(*state, METHODS[i], "/api/report?fail=1", "", "").status, 409);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_sent_whole_in_part_or_not_at_all),
        cmocka_unit_test(only_pictures_and_pdf_are_shown_inline),
        cmocka_unit_test(a_traced_read_runs_as_a_write),
        cmocka_unit_test(a_report_is_written_on_a_slow_thread),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
