/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The audit centre on the web: declarations, samples, findings. */
#include "app/evaluation/audit.h"
#include "app/evaluation/evaluation_web.h"
#include "app/records/record_page.h"

static const struct record_face INTEREST_FACE = {.resource = &INTEREST_DECLARATIONS};

/* ---- samples ---- */

static enum result put_drawn(struct request *rq, const struct audit_sample *sample)
{
    int64_t ids[SAMPLE_MOST];
    const size_t count = sample_ids(sample, ids);
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    const char *source = choice_name(SAMPLE_SOURCES, sample->source);
    size_t shown = 0;
    for (size_t i = 0; i < count; i++) {
        const char *words = reference_words(rq, source, ids[i]);
        if (!*words)
            continue;
        struct doc *doc = docs[shown++] = doc_new(rq->cx.mem);
        doc_int(doc, "place", (int64_t)i + 1);
        doc_text(doc, "label", words);
        doc_link(rq, doc, "href", arena_printf(rq->cx.mem, "/%s/%lld", source, (long long)ids[i]));
    }
    doc_docs(rq->doc, "rows", docs, shown);
    return OK;
}

static enum result sample_show(struct request *rq, void *record)
{
    const struct audit_sample *sample = record;
    TRY(doc_part(rq, "findings", &AUDIT_FINDINGS, "sample_id", sample->id));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    TRY(put_drawn(rq, sample));
    rq->doc->page_only = false;
    return OK;
}

static enum result sample_begin(struct request *rq, void *record)
{
    struct audit_sample *sample = record;
    if (rq->face != FACE_PAGE)
        return OK; /* a program says what it draws from */
    const struct date today = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    sample->source = SAMPLE_EVALUATIONS;
    sample->from = date_add(today, -30);
    sample->to = today;
    sample->count = 3;
    return OK;
}

static const struct record_face SAMPLE_FACE = {
    .resource = &AUDIT_SAMPLES, .show = sample_show, .begin = sample_begin};

/* ---- findings ---- */

static enum result finding_show(struct request *rq, void *record)
{
    const struct audit_finding *finding = record;
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_flag(rq->doc, "may_answer",
             finding->state == AUDIT_FINDING_OPEN &&
                 actor_may(rq->cx.actor, "audit_findings.answer"));
    doc_flag(rq->doc, "may_close",
             finding->state == AUDIT_FINDING_ANSWERED &&
                 actor_may(rq->cx.actor, "audit_findings.write"));
    if (finding->evaluation_id)
        doc_link(rq, rq->doc, "evaluation_href",
                 arena_printf(rq->cx.mem, "/evaluations/%lld", (long long)finding->evaluation_id));
    if (finding->acceptance_id)
        doc_link(rq, rq->doc, "acceptance_href",
                 arena_printf(rq->cx.mem, "/acceptances/%lld", (long long)finding->acceptance_id));
    if (finding->sample_id)
        doc_link(rq, rq->doc, "sample_href",
                 arena_printf(rq->cx.mem, "/audit_samples/%lld", (long long)finding->sample_id));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face FINDING_FACE = {.resource = &AUDIT_FINDINGS, .show = finding_show};

struct answer_input {
    const char *answer;
};
static const struct field ANSWER_INPUT[] = {
    FIELD(answer_input, answer, .in = MUST, .max = 1000, .use = LONG_TEXT),
    FIELDS_END,
};

typedef enum result (*finding_step)(struct ctx *cx, const struct audit_finding *finding,
                                    const char *words);

static enum result stepped(struct request *rq, finding_step step, const char *member,
                           const char *flash)
{
    struct audit_finding *finding = ARENA_NEW(rq->cx.mem, struct audit_finding);
    TRY(record_for_action(rq, &AUDIT_FINDINGS, finding));
    return record_acted(rq, &FINDING_FACE, finding, step(&rq->cx, finding, input_text(rq, member)),
                        flash);
}

static enum result answer_post(struct request *rq)
{
    return stepped(rq, finding_answer, "answer", "flash.finding.answered");
}

static enum result close_post(struct request *rq)
{
    return stepped(rq, finding_close, "reason", "flash.finding.closed");
}

static enum result again_post(struct request *rq)
{
    return stepped(rq, finding_again, "reason", "flash.finding.again");
}

/* clang-format off */
const struct route AUDIT_ROUTES[] = {
    RECORD_LIST("interest_declarations", INTEREST_FACE, "list"),
    RECORD_SHOW("interest_declarations", INTEREST_FACE, "record"),
    RECORD_CREATE("interest_declarations", INTEREST_FACE),
    RECORD_LIST("audit_samples", SAMPLE_FACE, "list"),
    RECORD_SHOW("audit_samples", SAMPLE_FACE, "audit_sample"),
    RECORD_CREATE("audit_samples", SAMPLE_FACE),
    RECORD_LIST("audit_findings", FINDING_FACE, "list"),
    RECORD_SHOW("audit_findings", FINDING_FACE, "audit_finding"),
    RECORD_CREATE("audit_findings", FINDING_FACE),
    {POST, "/audit_findings/{id}/answer", "audit_findings.answer", answer_post, "audit_finding", .flags = RECORDED,
     .input = ANSWER_INPUT, .nav = "audit_findings"},
    {POST, "/audit_findings/{id}/close", "audit_findings.write", close_post, "audit_finding", .flags = RECORDED,
     .input = REASON_INPUT, .nav = "audit_findings"},
    {POST, "/audit_findings/{id}/again", "audit_findings.write", again_post, "audit_finding", .flags = RECORDED,
     .input = REASON_INPUT, .nav = "audit_findings"},
    RECORD_HISTORY("audit_findings", FINDING_FACE),
    RECORD_EXPORT("audit_findings", FINDING_FACE),
    ROUTES_END,
};
/* clang-format on */
