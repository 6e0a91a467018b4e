/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a new appraisal scheme begins with: what practice appraises agents and managers by, to be
 * adapted to the contract before anybody is asked about it. */
#include "app/scores/scheme_private.h"
#include "base/doc.h"
#include "base/texts.h"

/* clang-format off */
static const struct indicator AGENTS[] = {
    {"attendance", NULL, "attendance.rate",   METHOD_BANDED,           {1000}, .bands = "98=100, 95=80, 90=50", .nothing = NOTHING_REWEIGH},
    {"conduct",    NULL, "conduct.points",    METHOD_DEDUCT_PER_EVENT, {1000}, .step = {100}, .bands = "", .nothing = NOTHING_FULL},
    {"success",    NULL, "calls.success",     METHOD_RATIO_CAP,        {4000}, .target = {30000}, .bands = "", .nothing = NOTHING_ZERO},
    {"talk",       NULL, "calls.talk_hours",  METHOD_RATIO_CAP,        {2000}, .target = {5000}, .bands = "", .nothing = NOTHING_ZERO},
    {"training",   NULL, "trainings.score",   METHOD_BANDED,           {1000}, .bands = "90=100, 80=80, 75=60, 66=40, 60=20", .nothing = NOTHING_REWEIGH},
    {"quality",    NULL, "reviews.score",     METHOD_BANDED,           {1000}, .bands = "90=100, 80=80, 70=60, 60=40", .nothing = NOTHING_REWEIGH},
};
static const struct indicator MANAGERS[] = {
    {"team_success",    NULL, "team.success",    METHOD_RATIO_CAP,        {2000}, .target = {30000}, .bands = "", .nothing = NOTHING_ZERO},
    {"team_talk",       NULL, "team.talk_hours", METHOD_RATIO_CAP,        {1000}, .target = {5000}, .bands = "", .nothing = NOTHING_ZERO},
    {"team_quality",    NULL, "team.score",      METHOD_BANDED,           {1500}, .bands = "90=100, 80=80, 70=60, 60=40", .nothing = NOTHING_REWEIGH},
    {"team_complaints", NULL, "team.complaints", METHOD_DEDUCT_PER_EVENT, {1000}, .step = {200}, .bands = "", .nothing = NOTHING_FULL},
    {"team_conduct",    NULL, "team.violations", METHOD_DEDUCT_PER_EVENT, {1000}, .step = {100}, .bands = "", .nothing = NOTHING_REWEIGH},
    {"conduct",         NULL, "conduct.points",  METHOD_DEDUCT_PER_EVENT, {1000}, .step = {100}, .bands = "", .nothing = NOTHING_FULL},
    {"team_training",   NULL, "team.training",   METHOD_BANDED,           {1500}, .bands = "90=100, 80=80, 70=60, 60=40", .nothing = NOTHING_REWEIGH},
    {"team_turnover",   NULL, "team.turnover",   METHOD_LINEAR_BASE_TARGET, {500}, .base = {600}, .target = {100}, .bands = "", .nothing = NOTHING_REWEIGH},
    {"team_duties",     NULL, "team.duties",     METHOD_BANDED,           {500},  .bands = "98=100, 95=80, 90=60, 80=30", .nothing = NOTHING_REWEIGH},
};
/* clang-format on */

const char *scheme_usual(struct ctx *cx, enum scheme_subject subject)
{
    const bool leads = subject == SCHEME_MANAGER;
    const struct indicator *usual = leads ? MANAGERS : AGENTS;
    const size_t count =
        leads ? sizeof MANAGERS / sizeof MANAGERS[0] : sizeof AGENTS / sizeof AGENTS[0];
    struct indicator *own = ARENA_ARRAY(cx->mem, struct indicator, count);
    for (size_t i = 0; i < count; i++) {
        own[i] = usual[i];
        own[i].name = texts_get(arena_printf(cx->mem, "schemes.usual.%s", usual[i].code), cx->lang);
    }
    return json_rows_text(cx->mem, INDICATOR_FIELDS, own, count, sizeof *own);
}
