/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A record that comes again and says something else is a correction (call systems write a call's
 * record anew when the agent ends it): the call says so from now on, and its history what it said
 * before. What a reviewer struck stays struck, and a published month stays as it is (C2.4). */
#include "app/calls/call.sql.h"
#include "app/calls/call_private.h"

#include <string.h>

const struct field CALL_KEPT_FIELDS[] = {
    FIELD(call_kept, id),
    FIELD(call_kept, source_id),
    FIELD(call_kept, uid),
    FIELD(call_kept, contract_id),
    FIELD(call_kept, agent_id),
    FIELD(call_kept, number_id),
    FIELD(call_kept, gate_id),
    FIELD(call_kept, callee_key),
    FIELD(call_kept, callee_code),
    FIELD(call_kept, duration_s),
    FIELD(call_kept, talk_s),
    FIELD_ENUM(call_kept, result, CALL_RESULTS, .use = AS_NUMBER),
    FIELD_ENUM(call_kept, reported, CALL_RESULTS, .use = AS_NUMBER),
    FIELD(call_kept, recording),
    FIELDS_END,
};

enum call_result struck_result(enum call_result reported, bool is_struck)
{
    return is_struck && reported == CALL_SUCCESS ? CALL_CONTACTED : reported;
}

enum call_result row_result(const struct call_row *row)
{
    return struck_result(row->line->result, row->is_struck);
}

bool call_says(const struct call_kept *kept, const struct call_row *row)
{
    const enum call_result said = kept->reported ? kept->reported : kept->result;
    return kept->contract_id == row->contract_id && kept->agent_id == row->agent_id &&
           kept->number_id == row->number_id && kept->gate_id == row->gate_id &&
           kept->callee_key == row->callee_key && kept->duration_s == row->line->duration_s &&
           kept->talk_s == row->line->talk_s && said == row->line->result &&
           strcmp(kept->recording, row->line->recording) == 0;
}

static enum result write_revision(struct ctx *cx, const struct call_row *row)
{
    TRY(db_change_one(cx, &q_revision_add,
                      PARAMS(P(row->id), P(cx->now), P("revised"), P(row->sender_id))));
    return db_change_one(
        cx, &q_call_revise,
        PARAMS(P(row->id), P(row->contract_id), P(row->agent_id), P(row->number_id),
               P(row->gate_id), param_number(row->callee_key), param_number(row->callee_code),
               P(row->line->duration_s), P(row->line->talk_s), P((int32_t)row_result(row)),
               P(row->line->recording), param_id(row->is_struck ? (int64_t)row->line->result : 0)));
}

/* By the directory: within a second of its publication. */
static bool is_settled(const struct call_kept *kept, const struct call_row *row)
{
    const struct month month = call_month(row->id);
    const struct directory *directory = directory_hold();
    const bool is = directory && (directory_is_published(directory, kept->contract_id, month) ||
                                  directory_is_published(directory, row->contract_id, month));
    directory_let_go(directory);
    return is;
}

static enum result revise(struct ctx *cx, struct call_row *row)
{
    struct call_kept *kept = ARENA_NEW(cx->mem, struct call_kept);
    TRY(db_one(cx, &q_call_at, PARAMS(P(row->id)), CALL_KEPT_FIELDS, kept));
    row->is_struck = kept->reported != 0;
    if (call_says(kept, row))
        return OK;
    row->is_settled = is_settled(kept, row);
    if (row->is_settled) {
        row->fault = "month_published";
        return OK;
    }
    row->before = kept;
    row->is_revised = true;
    return write_revision(cx, row);
}

enum result calls_revise(struct ctx *cx, struct call_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        if (batch->rows[i].is_again && !batch->rows[i].is_new)
            TRY(revise(cx, &batch->rows[i]));
    return OK;
}
