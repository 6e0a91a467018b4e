/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/appraisal/month_web.h"
#include "app/appraisal/reward.h"

#include "app/records/record_page.h"
#include "base/doc.h"

#define RANKINGS_MOST 12

static struct doc *ranking_doc(struct request *rq, const struct reward_ranking *ranking)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_root(doc, REWARD_RANKING_FIELDS, ranking);
    doc_link(rq, doc, "href",
             arena_printf(rq->cx.mem, "/sheets/%lld", (long long)ranking->sheet_id));
    return doc;
}

static enum result reward_show(struct request *rq, void *record)
{
    const struct reward *reward = record;
    struct reward_ranking *rankings;
    size_t count;
    if (!json_rows_read(rq->cx.mem, reward->rankings, REWARD_RANKING_FIELDS, sizeof *rankings,
                        RANKINGS_MOST, &rankings, &count))
        return fail(&rq->cx, BROKEN, "reward.broken", reward->person_name);
    doc_records(rq->doc, "rankings", REWARD_RANKING_FIELDS, rankings, count, sizeof *rankings);
    if (rq->face != FACE_PAGE)
        return OK;
    const bool writes = actor_may(rq->cx.actor, "rewards.write");
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++)
        docs[i] = ranking_doc(rq, &rankings[i]);
    rq->doc->page_only = true;
    doc_docs(rq->doc, "rows", docs, count);
    doc_flag(rq->doc, "may_change", writes && reward->state == REWARD_PROPOSED);
    doc_flag(rq->doc, "may_ask", writes && reward->state == REWARD_PROPOSED);
    doc_flag(rq->doc, "may_retract", writes && reward->state == REWARD_ASKED);
    doc_flag(rq->doc, "may_settle", writes && reward->state == REWARD_AGREED);
    doc_flag(rq->doc, "is_direct", reward->channel == REWARD_DIRECT);
    if (reward->letter_id)
        doc_link(rq, rq->doc, "letter_href",
                 arena_printf(rq->cx.mem, "/letters/%lld", (long long)reward->letter_id));
    rq->doc->page_only = false;
    return OK;
}

static enum result reward_begin(struct request *rq, void *record)
{
    struct reward *reward = record;
    if (!reward->month.months)
        reward->month.months = month_of(instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN)).months - 1;
    reward->payer = PAID_BY_CLIENT;
    reward->channel = REWARD_THROUGH_PROVIDER;
    return OK;
}

static const struct record_face REWARD_FACE = {
    .resource = &REWARDS, .show = reward_show, .begin = reward_begin};

/* To the letter: its author reads it once more and sends it. */
static enum result ask_post(struct request *rq)
{
    struct reward *reward = ARENA_NEW(rq->cx.mem, struct reward);
    int64_t id;
    TRY(record_for_action(rq, &REWARDS, reward));
    enum result result = reward_ask(&rq->cx, reward, &id);
    if (result != OK)
        return record_acted(rq, &REWARD_FACE, reward, result, "");
    struct letter *letter = ARENA_NEW(rq->cx.mem, struct letter);
    TRY(record_get(&rq->cx, &LETTERS, id, letter));
    doc_root(rq->doc, LETTERS.fields, letter);
    return created(rq, "/letters/%lld", (long long)id);
}

static enum result retract_post(struct request *rq)
{
    struct reward *reward = ARENA_NEW(rq->cx.mem, struct reward);
    TRY(record_for_action(rq, &REWARDS, reward));
    return record_acted(rq, &REWARD_FACE, reward, reward_retract(&rq->cx, reward), "flash.changed");
}

struct settling {
    struct date settled_on;
};
static const struct field SETTLE_INPUT[] = {FIELD(settling, settled_on, .in = MUST), FIELDS_END};

static enum result settle_post(struct request *rq)
{
    struct reward *reward = ARENA_NEW(rq->cx.mem, struct reward);
    struct settling settling = {{0}};
    TRY(record_for_action(rq, &REWARDS, reward));
    enum result result = body_read(rq, SETTLE_INPUT, &settling, true, NULL);
    if (result == OK)
        result = reward_settle(&rq->cx, reward, settling.settled_on);
    return record_acted(rq, &REWARD_FACE, reward, result, "flash.reward.settled");
}

static enum result drop_post(struct request *rq)
{
    struct reward *reward = ARENA_NEW(rq->cx.mem, struct reward);
    const char *reason = input_text(rq, "reason");
    TRY(record_for_action(rq, &REWARDS, reward));
    return record_acted(rq, &REWARD_FACE, reward, reward_drop(&rq->cx, reward, reason),
                        "flash.reward.dropped");
}

/* clang-format off */
const struct route REWARD_ROUTES[] = {
    RECORD_LIST("rewards", REWARD_FACE, "list"),
    RECORD_EXPORT("rewards", REWARD_FACE),
    RECORD_SHOW("rewards", REWARD_FACE, "reward"),
    RECORD_CREATE("rewards", REWARD_FACE),
    RECORD_CHANGE("rewards", REWARD_FACE),
    {POST, "/rewards/{id}/ask", "rewards.write", ask_post, "reward", .flags = RECORDED, .nav = "rewards"},
    {POST, "/rewards/{id}/retract", "rewards.write", retract_post, "reward", .flags = RECORDED, .nav = "rewards"},
    {POST, "/rewards/{id}/settle", "rewards.write", settle_post, "reward", .flags = RECORDED, .input = SETTLE_INPUT,
     .nav = "rewards"},
    {POST, "/rewards/{id}/drop", "rewards.write", drop_post, "reward", .flags = RECORDED, .input = REASON_INPUT,
     .nav = "rewards"},
    RECORD_HISTORY("rewards", REWARD_FACE),
    ROUTES_END,
};
/* clang-format on */
