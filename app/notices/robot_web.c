/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Robots of chat groups, and what became of what was sent. */
#include "app/notices/delivery_web.h"
#include "app/notices/notice.h"
#include "app/notices/notice_web.h"
#include "app/records/record_web.h"
#include "app/records/trail.h"
#include "base/texts.h"

/* ---- deliveries ---- */

static struct doc *delivery_doc(struct request *rq, const struct delivery *delivery)
{
    struct ctx *cx = &rq->cx;
    struct doc *doc = doc_new(cx->mem);
    const struct fault fault = {.code = delivery->fault, .args = {delivery->fault_detail}};
    doc_root(doc, DELIVERY_FIELDS, delivery);
    doc_text(doc, "words",
             notice_words(cx->mem, cx->lang, delivery->kind, delivery->title, delivery->detail));
    doc_text(doc, "why", *delivery->fault ? fault_words(cx->mem, &fault, cx->lang) : "");
    return doc;
}

void put_deliveries(struct request *rq, const struct delivery *deliveries, size_t count)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    for (size_t i = 0; i < count; i++)
        docs[i] = delivery_doc(rq, &deliveries[i]);
    doc_docs(rq->doc, "deliveries", docs, count);
}

/* ---- robots ---- */

static enum result robot_begin(struct request *rq, void *record)
{
    struct group_robot *robot = record;
    robot->takes = TAKES_ALL;
    robot->quiet_from = QUIET_FROM;
    robot->quiet_to = QUIET_TO;
    return OK;
}

static enum result robot_show(struct request *rq, void *record)
{
    const struct group_robot *robot = record;
    const struct act acts[] = {{"robots.write",
                                arena_printf(rq->cx.mem, "/robots/%lld/test", (long long)robot->id),
                                "robots.do.test"}};
    struct delivery *deliveries;
    size_t count;
    TRY(deliveries_of_robot(&rq->cx, robot->id, &deliveries, &count));
    put_deliveries(rq, deliveries, count);
    doc_acts(rq, acts, 1);
    return OK;
}

static const struct record_face ROBOT_FACE = {
    .resource = &ROBOTS, .show = robot_show, .begin = robot_begin};

/* What came of a test, which is sent before the transaction begins. */
struct test {
    enum result result;
    struct fault fault;
};

static enum result robot_test_prepare(struct request *rq)
{
    struct test *test = rq->prepared = ARENA_NEW(rq->cx.mem, struct test);
    struct group_robot robot;
    TRY(record_of_path(rq, &ROBOTS, &robot));
    test->result = robot_test(&rq->cx, &robot);
    test->fault = fault_take(&rq->cx);
    return OK;
}

static enum result robot_test_post(struct request *rq)
{
    const struct test *test = rq->prepared;
    struct group_robot robot;
    TRY(record_of_path(rq, &ROBOTS, &robot));
    trail_add(&rq->cx, "test", &ROBOTS, &robot, "", test->fault.code ? test->fault.code : "");
    rq->cx.fault = test->fault;
    return record_acted(rq, &ROBOT_FACE, &robot, test->result, "flash.robot_tested");
}

/* clang-format off */
const struct route ROBOT_ROUTES[] = {
    RECORD_LIST("robots", ROBOT_FACE, "list"),
    RECORD_CREATE("robots", ROBOT_FACE),
    RECORD_SHOW("robots", ROBOT_FACE, "robot"),
    RECORD_CHANGE("robots", ROBOT_FACE),
    RECORD_HISTORY("robots", ROBOT_FACE),
    RECORD_EXPORT("robots", ROBOT_FACE),
    {POST, "/robots/{id}/test", "robots.write", robot_test_post, "robot", .nav = "robots",
     .prepare = robot_test_prepare},
    ROUTES_END,
};
/* clang-format on */
