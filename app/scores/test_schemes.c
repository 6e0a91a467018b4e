/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/scores/test_schemes.h"

#include "app/documents/documents.h"

struct scheme scheme_draft(int64_t contract)
{
    struct scheme scheme = {
        .contract_id = contract,
        .subject = SCHEME_AGENT,
        .name = "Scheme",
        .from_month = month_of(date_of(2026, 12, 1)),
        .indicators =
            "[{\"code\":\"success\",\"name\":\"Successful\",\"measure\":\"calls.success\","
            "\"method\":"
            "\"ratio_cap\",\"weight\":\"60.00\",\"target\":\"300.00\",\"nothing\":\"zero\"},"
            "{\"code\":\"quality\",\"name\":\"Quality\",\"measure\":\"reviews.score\",\"method\":"
            "\"linear_base_target\",\"weight\":\"40.00\",\"base\":\"60.00\",\"target\":\"90.00\","
            "\"nothing\":"
            "\"reweigh\"}]"};
    fields_blank(SCHEMES.fields, &scheme);
    return scheme;
}

int64_t a_scheme(struct world *world, int64_t contract)
{
    const struct actor *actor = world->test.cx.actor;
    struct scheme scheme = scheme_draft(contract);
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(add(world, &SCHEMES, &scheme), OK);
    struct document proof = {.subject = "schemes",
                             .subject_id = scheme.id,
                             .retention = RETENTION_LONG,
                             .state = DOCUMENT_KEPT};
    fields_blank(DOCUMENTS.fields, &proof);
    assert_int_equal(add(world, &DOCUMENTS, &proof), OK);
    act(world, actor);
    return scheme.id;
}
