/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the client heard, to the provider in writing (C2.4): the provider verifies it and answers
 * what it decided; the client punishes nobody itself. */
#include "app/reviews/recording.h"
#include "app/reviews/review.h"

#include "base/texts.h"

#include <string.h>

struct evidence_line {
    int64_t call_id;
    const char *agent_code, *person_name;
    int32_t second; /* of the recording */
    const char *fact, *proposal;
};

static const struct field EVIDENCE_FIELDS[] = {
    FIELD(evidence_line, agent_code, .in = MUST, .max = 20, .use = LISTED),
    FIELD(evidence_line, person_name, .in = MAY, .max = 40, .use = LISTED),
    FIELD(evidence_line, call_id, .in = MAY, .use = LISTED),
    FIELD(evidence_line, second, .in = MAY, .max = 86400, .use = LISTED),
    FIELD(evidence_line, fact, .in = MUST, .max = 500, .use = LISTED, .clause = "C2.4"),
    FIELD(evidence_line, proposal, .in = MAY, .max = 200, .use = LISTED),
    FIELDS_END,
};

/* A call that is named has a recording here, of this contract and of this agent. */
static enum result evidence_check(struct ctx *cx, const struct letter *letter, const void *rows,
                                  size_t count)
{
    const struct evidence_line *lines = rows;
    for (size_t i = 0; i < count; i++) {
        struct recording recording;
        if (!lines[i].call_id)
            continue;
        enum result there = recording_of_call(cx, lines[i].call_id, &recording);
        if (there != OK && there != NOT_FOUND)
            return there;
        if (there == NOT_FOUND || recording.contract_id != letter->contract_id)
            reject_clause(cx, "C2.4", arena_printf(cx->mem, "lines.%zu.call_id", i),
                          "other_contract");
        else if (strcmp(recording.agent_code, lines[i].agent_code) != 0)
            reject_clause(cx, "C2.4", arena_printf(cx->mem, "lines.%zu.agent_code", i),
                          "other_agent", recording.agent_code);
    }
    return OK;
}

const struct letter_type LETTER_PENALTY_EVIDENCE = {
    .name = "penalty_evidence",
    .clause = "C2.4",
    .prefix = "核实",
    .from = 1u << SIDE_CLIENT,
    .service = SERVICE_OUTBOUND_CALL,
    .line_fields = EVIDENCE_FIELDS,
    .line_size = sizeof(struct evidence_line),
    .needs_lines = true,
    .check = evidence_check,
    .decide = {.kind = DUE_WORKING_DAYS, .count = 3},
    .execute_in = {.kind = DUE_WORKING_DAYS, .count = 3},
};

enum result evidence_begin(struct ctx *cx, struct evidence evidence, int64_t *out_id)
{
    TRY(demand_right(cx, "letters.write"));
    const struct evidence_line line = {.call_id = evidence.call_id,
                                       .agent_code = evidence.agent_code,
                                       .person_name = evidence.agent_name,
                                       .second = evidence.at_ms / 1000,
                                       .fact = evidence.fact,
                                       .proposal = ""};
    struct letter letter = {
        .type = LETTER_PENALTY_EVIDENCE.name,
        .contract_id = evidence.contract_id,
        .from_side = SIDE_CLIENT,
        .subject = texts_fill(cx->mem, "penalty_evidence.subject", LANG_ZH,
                              (const char *const[]){evidence.agent_code, NULL, NULL}),
        .lines = letter_lines_text(cx->mem, &LETTER_PENALTY_EVIDENCE, &line, 1),
    };
    TRY(record_add(cx, &LETTERS, &letter));
    *out_id = letter.id;
    return OK;
}
