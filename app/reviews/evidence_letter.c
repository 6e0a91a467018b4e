/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the client heard, to the provider in writing (C2.4): begun where it was heard. What becomes
 * of it is the month's (app/appraisal). */
#include "app/reviews/review.h"

#include "base/doc.h"
#include "base/texts.h"

const struct field EVIDENCE_FIELDS[] = {
    FIELD(evidence_line, agent_code, .in = MUST, .max = 20, .use = LISTED),
    FIELD(evidence_line, person_name, .in = MAY, .max = 40, .use = LISTED),
    FIELD(evidence_line, month, .in = MAY, .use = LISTED, .clause = "C2.4"),
    FIELD(evidence_line, call_id, .in = MAY, .use = LISTED),
    FIELD(evidence_line, second, .in = MAY, .max = 86400, .use = LISTED),
    FIELD(evidence_line, fact, .in = MUST, .max = 500, .use = LISTED, .clause = "C2.4"),
    FIELD(evidence_line, proposal, .in = MAY, .max = 200, .use = LISTED),
    FIELDS_END,
};

enum result evidence_begin(struct ctx *cx, struct evidence evidence, int64_t *out_id)
{
    int32_t length_ms;
    TRY(demand_right(cx, "letters.write"));
    TRY(call_sound_ms(cx, evidence.call_id, &length_ms));
    if (length_ms && evidence.at_ms > length_ms)
        reject(cx, "at_ms", "beyond_sound");
    TRY(rejected(cx));
    const struct evidence_line line = {.call_id = evidence.call_id,
                                       .agent_code = evidence.agent_code,
                                       .person_name = evidence.agent_name,
                                       .second = evidence.at_ms / 1000,
                                       .fact = evidence.fact,
                                       .proposal = ""};
    struct letter letter = {
        .type = PENALTY_EVIDENCE,
        .contract_id = evidence.contract_id,
        .from_side = SIDE_CLIENT,
        .subject = texts_fill(cx->mem, "penalty_evidence.subject", LANG_ZH,
                              (const char *const[]){evidence.agent_code, NULL, NULL}),
        .lines = json_rows_text(cx->mem, EVIDENCE_FIELDS, &line, 1, sizeof line),
    };
    TRY(record_add(cx, &LETTERS, &letter));
    *out_id = letter.id;
    return OK;
}
