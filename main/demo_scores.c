/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's appraisal schemes: one that the client consented to, and the next one, being
 * written. */
#include "app/documents/documents.h"
#include "app/scores/scheme.h"
#include "base/doc.h"
#include "main/demo_story.h"

#define CALL_CENTRE 10 /* its contract's row of the ledger */
#define ASKED (-35)    /* days before today: its month is this one at the latest */

/* clang-format off */
static const struct indicator INDICATORS[] = {
    {"success", "成功访问量", "calls.success",    METHOD_RATIO_CAP,          {4000}, .target = {13000}, .share = {10000}, .bands = "", .nothing = NOTHING_ZERO},
    {"talk",    "呼出时长",   "calls.talk_hours", METHOD_LINEAR_BASE_TARGET, {3000}, .base = {400}, .target = {1300}, .share = {6000}, .bands = "", .nothing = NOTHING_ZERO},
    {"quality", "质检均分",   "reviews.score",    METHOD_BANDED,             {2000}, .bands = "90=100, 80=80, 70=60, 60=40", .nothing = NOTHING_REWEIGH},
    {"rate",    "成功率",     "calls.success_rate", METHOD_RANK,             {1000}, .bands = "", .nothing = NOTHING_REWEIGH},
    {"fatal",   "质检致命差错", "reviews.fatal",  METHOD_VETO,               {0},    .target = {100},   .share = {6000},  .bands = ""},
};
/* clang-format on */

static enum result prove(struct story *story, int64_t scheme_id)
{
    static const char PAPER[] =
        "班组长会议与公示记录：考核办法草案公示五个工作日，收到意见三条，采纳两条。\n";
    struct upload upload = {
        .name = "考核办法征求意见记录.txt",
        .bytes = PAPER,
        .len = sizeof PAPER - 1,
        .subject = SCHEMES.name,
        .subject_id = scheme_id,
        .retention = RETENTION_LONG,
    };
    struct document document;
    TRY(document_prepare(story->cx, &upload));
    return document_add(story->cx, &upload, &document);
}

static enum result draft(struct story *story, int64_t *out_id)
{
    struct list_query query = {.limit = 2, .search = story_contract_name(CALL_CENTRE)};
    struct list list;
    struct scheme scheme = {.subject = SCHEME_AGENT,
                            .name = "话务员月度考核办法",
                            .note = "百分制；新入职首月只公布、不计绩效。"};
    story_at(story, CALL_LEAD, ASKED, 9);
    fields_blank(SCHEMES.fields, &scheme);
    TRY(record_list(story->cx, &CONTRACTS, &query, &list));
    scheme.contract_id = ((const struct contract *)list.rows)->id;
    scheme.from_month.months = month_of(story_day(story, ASKED)).months + 1;
    scheme.indicators =
        json_rows_text(story->cx->mem, INDICATOR_FIELDS, INDICATORS,
                       sizeof INDICATORS / sizeof INDICATORS[0], sizeof INDICATORS[0]);
    TRY(record_add(story->cx, &SCHEMES, &scheme));
    *out_id = scheme.id;
    return prove(story, scheme.id);
}

/* The next one asks more successes for fewer points. */
static enum result weigh_anew(struct story *story, int64_t id)
{
    struct scheme before, after;
    struct indicator *indicators;
    size_t count;
    TRY(record_get(story->cx, &SCHEMES, id, &before));
    after = before;
    TRY(scheme_indicators(story->cx, &before, &indicators, &count));
    indicators[0].weight = indicators[1].weight = (struct points){3500};
    indicators[0].target = (struct points){18000};
    after.indicators =
        json_rows_text(story->cx->mem, INDICATOR_FIELDS, indicators, count, sizeof *indicators);
    return record_change(story->cx, &SCHEMES, "change", &before, &after);
}

enum result demo_scores(struct story *story)
{
    int64_t id, letter_id, next_id;
    struct scheme scheme;
    TRY(draft(story, &id));
    TRY(record_get(story->cx, &SCHEMES, id, &scheme));
    TRY(scheme_consult(story->cx, &scheme, &letter_id));
    TRY(story_send(story, letter_id));
    story_at(story, CLIENT, ASKED + 1, 11);
    TRY(story_step(story, letter_id, "approve", "指标与权重合理，同意"));
    TRY(story_step(story, letter_id, "execute", ""));
    story_at(story, CALL_LEAD, -3, 15);
    TRY(record_get(story->cx, &SCHEMES, id, &scheme));
    TRY(scheme_revise(story->cx, &scheme, &next_id));
    return weigh_anew(story, next_id);
}
