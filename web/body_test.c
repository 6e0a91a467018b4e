/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/server_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum state { STATE_DRAFT = 1, STATE_ACTIVE };
static const char *const STATES[] = {"draft", "active", NULL};
static const char *const ROLES[] = {"pm", "qa", "agent", NULL};

struct thing {
    int64_t id, version, party_id;
    const char *number, *note, *secret_key;
    int32_t places;
    bool paid;
    struct money fee;
    struct points score;
    struct date starts_on;
    struct month period;
    struct instant signed_at;
    enum state state;
    struct set roles;
    struct secret phone;
};

static const struct field THING[] = {
    FIELD(thing, id),
    FIELD(thing, version),
    FIELD(thing, party_id, .in = MAY),
    FIELD(thing, number, .in = MUST, .max = 5, .clause = "V1.1"),
    FIELD(thing, note, .in = MAY, .use = LONG_TEXT),
    FIELD(thing, secret_key, .in = MAY, .use = HIDDEN),
    FIELD(thing, places, .in = MAY, .min = 1, .max = 9),
    FIELD(thing, paid, .in = MAY),
    FIELD(thing, fee, .in = MUST),
    FIELD(thing, score, .in = MAY),
    FIELD(thing, starts_on, .in = MAY, .use = FIXED),
    FIELD(thing, period, .in = MAY),
    FIELD(thing, signed_at, .in = MAY),
    FIELD_ENUM(thing, state, STATES, .in = MAY),
    FIELD_CHOICES(thing, roles, ROLES, .in = MAY),
    FIELD(thing, phone, .in = MAY),
    FIELDS_END,
};

static struct request *new_request(struct arena *arena)
{
    struct request *rq = ARENA_NEW(arena, struct request);
    rq->cx.mem = arena;
    rq->body = rq->body_type = "";
    return rq;
}

static struct request *json_request(void **state, const char *body)
{
    struct request *rq = new_request(*state);
    rq->body = body;
    rq->body_len = strlen(body);
    rq->body_type = "application/json";
    assert_int_equal(body_scan(rq), OK);
    return rq;
}

static struct request *form_request(void **state, const char *body)
{
    struct request *rq = new_request(*state);
    rq->body = body;
    rq->body_len = strlen(body);
    rq->body_type = "application/x-www-form-urlencoded";
    assert_int_equal(form_urlencoded(&rq->cx, span_of(body), &rq->form), OK);
    return rq;
}

static int set_up(void **state)
{
    *state = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

/* "number:required fee:malformed" */
static const char *faults(const struct request *rq)
{
    struct text out = text_new(rq->cx.mem, 64);
    for (const struct field_fault *fault = rq->cx.fault.fields; fault; fault = fault->next)
        text_printf(&out, "%s%s:%s", out.len ? " " : "", fault->field, fault->code);
    return text_end(&out);
}

static uint64_t bit(const char *name)
{
    return UINT64_C(1) << (field_find(THING, name, strlen(name)) - THING);
}

static void expect_whole(const struct thing *thing)
{
    assert_int_equal(thing->version, 3);
    assert_int_equal(thing->party_id, 12);
    assert_string_equal(thing->number, "2026甲");
    assert_int_equal(thing->places, 4);
    assert_true(thing->paid);
    assert_int_equal(thing->fee.fen, 259000);
    assert_int_equal(thing->score.hundredths, 8750);
    assert_int_equal(thing->starts_on.days, date_of(2026, 3, 1).days);
    assert_int_equal(thing->period.months, 2026 * 12 + 3);
    assert_int_equal(thing->signed_at.ms, INT64_C(1772326800000));
    assert_int_equal(thing->state, STATE_ACTIVE);
    assert_int_equal(thing->roles.bits, 5);
    assert_string_equal(thing->phone.plain, "13800001234");
    assert_int_equal(thing->id, 0);
}

static void json_fills_every_kind_of_member(void **state)
{
    struct thing thing = {0};
    uint64_t given;
    struct request *rq = json_request(
        state, "{\"version\":3,\"party_id\":12,\"number\":\"2026甲\",\"places\":4,\"paid\":true,"
               "\"fee\":259000,\"score\":\"87.50\",\"starts_on\":\"2026-03-01\","
               "\"period\":\"2026-03\",\"signed_at\":\"2026-03-01T01:00:00Z\","
               "\"state\":\"active\",\"roles\":[\"pm\",\"agent\"],\"phone\":\"13800001234\"}");
    assert_int_equal(body_read(rq, THING, &thing, true, &given), OK);
    expect_whole(&thing);
    assert_string_equal(thing.note, "");
    assert_int_equal(given & bit("note"), 0);
    assert_int_not_equal(given & bit("fee"), 0);
}

static void a_form_fills_every_kind_of_member(void **state)
{
    struct thing thing = {0};
    struct request *rq = form_request(
        state, "_csrf=x&version=3&party_id=12&number=2026%E7%94%B2&places=4&paid=on&fee=2,590.00"
               "&score=87.50&starts_on=2026/3/1&period=2026-03&signed_at=2026-03-01+09:00"
               "&state=active&roles=pm&roles=agent&phone=13800001234");
    assert_int_equal(body_read(rq, THING, &thing, true, NULL), OK);
    expect_whole(&thing);
}

static void every_wrong_field_is_reported_at_once(void **state)
{
    static const struct {
        const char *body, *faults;
    } CASES[] = {
        {"{}", "number:required fee:required"},
        {"{\"number\":\"\",\"fee\":null}", "number:required fee:required"},
        {"{\"number\":\"123456\",\"fee\":1.5,\"id\":1}",
         "number:too_long fee:malformed id:unknown"},
        {"{\"number\":\"1\",\"fee\":1,\"x\":{\"y\":[1,{}]},\"secret_key\":\"a\"}",
         "x:unknown secret_key:unknown"},
        {"{\"number\":\"1\",\"number\":\"2\",\"fee\":1}", "number:repeated"},
        {"{\"number\":[\"1\"],\"fee\":{},\"paid\":1}",
         "number:malformed fee:malformed paid:malformed"},
        {"{\"number\":\"1\",\"fee\":\"1\",\"places\":99}", "fee:malformed places:too_large"},
        {"{\"number\":\"1\",\"fee\":1,\"places\":9999999999}", "places:too_large"},
        {"{\"number\":\"1\",\"fee\":1,\"places\":0,\"party_id\":0}",
         "places:too_small party_id:malformed"},
        {"{\"number\":\"1\",\"fee\":1,\"state\":\"gone\",\"roles\":[\"pm\",\"x\",\"qa\"]}",
         "state:malformed roles:malformed"},
        {"{\"number\":\"1\",\"fee\":1,\"starts_on\":\"2026-02-30\",\"score\":87.5,\"version\":-1}",
         "starts_on:malformed score:malformed version:malformed"},
        {"{\"number\":\"1\",\"fee\":99999999999999999999}", "fee:malformed"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct thing thing = {0};
        struct request *rq = json_request(state, CASES[i].body);
        assert_int_equal(body_read(rq, THING, &thing, true, NULL), INVALID);
        assert_string_equal(faults(rq), CASES[i].faults);
    }
}

static void a_fault_names_clause_and_limit(void **state)
{
    struct thing thing = {0};
    struct request *rq = json_request(state, "{\"number\":\"123456\",\"fee\":1}");
    assert_int_equal(body_read(rq, THING, &thing, true, NULL), INVALID);
    assert_string_equal(rq->cx.fault.fields->clause, "V1.1");
    assert_string_equal(rq->cx.fault.fields->args[0], "5");
    assert_string_equal(thing.number, ""); /* a wrong value does not get in */
}

static void a_change_keeps_what_was_not_sent(void **state)
{
    struct thing thing = {.number = "old", .fee = {7}, .places = 2, .note = "n"};
    struct request *rq = json_request(state, "{\"places\":3,\"note\":null}");
    assert_int_equal(body_read(rq, THING, &thing, false, NULL), OK);
    assert_string_equal(thing.number, "old");
    assert_int_equal(thing.fee.fen, 7);
    assert_int_equal(thing.places, 3);
    assert_string_equal(thing.note, "");
}

static void a_required_field_is_never_emptied(void **state)
{
    static const char *const BODIES[] = {"number=", "number=+", "fee="};
    for (size_t i = 0; i < sizeof BODIES / sizeof BODIES[0]; i++) {
        struct thing thing = {.number = "old", .fee = {7}};
        struct request *rq = form_request(state, BODIES[i]);
        assert_int_equal(body_read(rq, THING, &thing, false, NULL), INVALID);
        assert_string_equal(rq->cx.fault.fields->code, "required");
        assert_string_equal(thing.number, "old");
        assert_int_equal(thing.fee.fen, 7);
    }
}

static void a_fixed_field_may_be_sent_again_but_not_changed(void **state)
{
    struct thing thing = {.number = "a", .fee = {7}, .starts_on = date_of(2026, 3, 1)};
    struct request *rq = json_request(state, "{\"starts_on\":\"2026-03-01\"}");
    assert_int_equal(body_read(rq, THING, &thing, false, NULL), OK);
    rq = json_request(state, "{\"starts_on\":\"2026-03-02\"}");
    assert_int_equal(body_read(rq, THING, &thing, false, NULL), INVALID);
    assert_string_equal(faults(rq), "starts_on:fixed");
    assert_int_equal(thing.starts_on.days, date_of(2026, 3, 1).days);
}

static void a_value_set_by_the_handler_need_not_be_sent(void **state)
{
    struct thing thing = {.number = "set", .fee = {1}};
    struct request *rq = json_request(state, "{}");
    assert_int_equal(body_read(rq, THING, &thing, true, NULL), OK);
}

static void boxes_that_a_form_shows_unticked_are_false(void **state)
{
    struct thing thing = {.number = "a", .fee = {1}, .paid = true, .roles = {3}};
    uint64_t given;
    struct request *rq = form_request(state, "places=2&_fields=places,paid,roles,number,nothing");
    assert_int_equal(body_read(rq, THING, &thing, false, &given), OK);
    assert_false(thing.paid);
    assert_int_equal(thing.roles.bits, 0);
    assert_string_equal(thing.number, "a");
    assert_int_equal(given, bit("places") | bit("paid") | bit("roles"));
}

static void an_empty_form_value_means_none(void **state)
{
    struct thing thing = {.number = "a", .party_id = 3, .starts_on = {0}, .state = STATE_DRAFT};
    struct request *rq = form_request(state, "party_id=&state=&period=&phone=");
    assert_int_equal(body_read(rq, THING, &thing, false, NULL), OK);
    assert_int_equal(thing.party_id, 0);
    assert_int_equal(thing.state, 0);
}

static void a_mask_that_comes_back_keeps_the_secret(void **state)
{
    static const char *const BODIES[] = {"phone=138****1234", "{\"phone\":\"138****1234\"}"};
    for (size_t i = 0; i < sizeof BODIES / sizeof BODIES[0]; i++) {
        struct thing thing = {.phone = {.sealed = "sealed", .masked = "138****1234"}};
        struct request *rq = i ? json_request(state, BODIES[i]) : form_request(state, BODIES[i]);
        assert_int_equal(body_read(rq, THING, &thing, false, NULL), OK);
        assert_string_equal(thing.phone.sealed, "sealed");
        assert_true(!thing.phone.plain || !*thing.phone.plain);
    }
}

static void inputs_that_the_handler_reads_are_not_unknown(void **state)
{
    struct thing thing = {0};
    struct request *rq = json_request(state, "{\"number\":\"1\",\"fee\":1,\"reason\":\"so\","
                                             "\"count\":7,\"sure\":true,\"none\":null}");
    assert_string_equal(input_text(rq, "reason"), "so");
    assert_string_equal(input_text(rq, "count"), "7");
    assert_string_equal(input_text(rq, "sure"), "true");
    assert_string_equal(input_text(rq, "none"), "");
    assert_string_equal(input_text(rq, "absent"), "");
    assert_int_equal(body_read(rq, THING, &thing, true, NULL), OK);
}

static void thousands_of_unknown_names_are_answered_shortly(void **state)
{
    struct thing thing = {0};
    struct text body = text_new(*state, 64);
    for (size_t i = 0; i < 900; i++)
        text_printf(&body, "u%zu=1&", i);
    struct request *rq = form_request(state, text_end(&body));
    assert_int_equal(body_read(rq, THING, &thing, false, NULL), INVALID);
    size_t count = 0;
    for (const struct field_fault *fault = rq->cx.fault.fields; fault; fault = fault->next)
        count++;
    assert_int_equal(count, 100);
}

/* ---- lists ---- */

struct term {
    const char *topic;
    struct money fee;
    bool binding;
};
static const struct field TERM[] = {
    FIELD(term, topic, .in = MUST, .max = 4),
    FIELD(term, fee, .in = MAY),
    FIELD(term, binding, .in = MAY),
    FIELDS_END,
};

static enum result read_terms(struct request *rq, struct term **out, size_t *out_count)
{
    return body_read_list(rq, "terms", TERM, sizeof **out, 3, out, out_count);
}

static void a_list_comes_as_json_or_as_numbered_form_fields(void **state)
{
    struct request *requests[] = {
        json_request(state, "{\"terms\":[{\"topic\":\"a\",\"fee\":100},"
                            "{\"topic\":\"b\",\"binding\":true}],\"number\":\"1\",\"fee\":1}"),
        form_request(state, "number=1&fee=1&terms.0.topic=a&terms.0.fee=1.00&terms.5.topic=&"
                            "terms.5.fee=&terms.5._fields=binding&terms.7.topic=b&"
                            "terms.7.binding=on"),
    };
    for (size_t i = 0; i < 2; i++) {
        struct term *terms;
        struct thing thing = {0};
        size_t count;
        assert_int_equal(read_terms(requests[i], &terms, &count), OK);
        assert_int_equal(count, 2);
        assert_string_equal(terms[0].topic, "a");
        assert_int_equal(terms[0].fee.fen, 100);
        assert_string_equal(terms[1].topic, "b");
        assert_true(terms[1].binding);
        assert_int_equal(body_read(requests[i], THING, &thing, true, NULL), OK);
    }
}

static void faults_in_a_list_name_their_row(void **state)
{
    static const struct {
        bool json;
        const char *body, *faults;
    } CASES[] = {
        {true, "{\"terms\":[{\"topic\":\"a\"},{\"x\":1},{\"topic\":\"abcde\"}]}",
         "terms.1.x:unknown terms.1.topic:required terms.2.topic:too_long"},
        {true, "{\"terms\":[1,{\"topic\":\"a\"},[2]]}", "terms.0:malformed terms.2:malformed"},
        {true, "{\"terms\":{}}", "terms:malformed"},
        {true, "{\"terms\":[{},{},{},{}]}", "terms:too_many"},
        {true, "{\"terms\":[],\"terms\":[]}", "terms:repeated"},
        {false, "terms.4.topic=abcde&terms.4.topic=a",
         "terms.4.topic:too_long terms.4.topic:repeated"},
        {false, "terms.1.topic=a&terms.2.topic=a&terms.3.topic=a&terms.4.topic=a",
         "terms:too_many"},
        {false, "terms.1.fee=1", "terms.1.topic:required"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct term *terms;
        size_t count;
        struct request *rq =
            CASES[i].json ? json_request(state, CASES[i].body) : form_request(state, CASES[i].body);
        assert_int_equal(read_terms(rq, &terms, &count), INVALID);
        assert_string_equal(faults(rq), CASES[i].faults);
    }
}

static void a_missing_list_is_empty(void **state)
{
    static const char *const BODIES[] = {"{}", "{\"terms\":null}", "{\"terms\":[]}"};
    for (size_t i = 0; i < sizeof BODIES / sizeof BODIES[0]; i++) {
        struct term *terms;
        size_t count = 7;
        struct request *rq = json_request(state, BODIES[i]);
        assert_int_equal(read_terms(rq, &terms, &count), OK);
        assert_int_equal(count, 0);
    }
}

/* ---- whole bodies ---- */

static void json_that_is_none_is_refused_before_any_handler(void **state)
{
    static const struct {
        const char *body, *code;
    } CASES[] = {
        {"{", "request.malformed"},           {"{\"a\":1,}", "request.malformed"},
        {"nonsense", "request.malformed"},    {"{\"a\":\"\xff\"}", "request.bad_utf8"},
        {"\"\\u0000\"", "request.malformed"}, {"{} {}", "request.malformed"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct request *rq = new_request(*state);
        rq->body = CASES[i].body;
        rq->body_len = strlen(rq->body);
        assert_int_equal(body_scan(rq), INVALID);
        assert_string_equal(rq->cx.fault.code, CASES[i].code);
    }
}

static void json_that_is_no_object_is_no_record(void **state)
{
    static const char *const BODIES[] = {"[]", "1", "null", "\"a\""};
    for (size_t i = 0; i < sizeof BODIES / sizeof BODIES[0]; i++) {
        struct thing thing = {0};
        struct request *rq = json_request(state, BODIES[i]);
        assert_int_equal(body_read(rq, THING, &thing, true, NULL), INVALID);
        assert_string_equal(rq->cx.fault.code, "request.not_object");
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(json_fills_every_kind_of_member),
        TEST(a_form_fills_every_kind_of_member),
        TEST(every_wrong_field_is_reported_at_once),
        TEST(a_fault_names_clause_and_limit),
        TEST(a_change_keeps_what_was_not_sent),
        TEST(a_required_field_is_never_emptied),
        TEST(a_fixed_field_may_be_sent_again_but_not_changed),
        TEST(a_value_set_by_the_handler_need_not_be_sent),
        TEST(boxes_that_a_form_shows_unticked_are_false),
        TEST(an_empty_form_value_means_none),
        TEST(a_mask_that_comes_back_keeps_the_secret),
        TEST(inputs_that_the_handler_reads_are_not_unknown),
        TEST(thousands_of_unknown_names_are_answered_shortly),
        TEST(a_list_comes_as_json_or_as_numbered_form_fields),
        TEST(faults_in_a_list_name_their_row),
        TEST(a_missing_list_is_empty),
        TEST(json_that_is_none_is_refused_before_any_handler),
        TEST(json_that_is_no_object_is_no_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
