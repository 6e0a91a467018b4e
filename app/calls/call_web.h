/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef CALL_WEB_H
#define CALL_WEB_H

#include "app/calls/call.h"
#include "app/records/record_web.h"

extern const struct route CALL_ROUTES[], FINDING_ROUTES[], QUARANTINE_ROUTES[];

/* What a later slice has to show of a call, too, on its page; page_only is the caller's. Once at
 * start. */
typedef enum result (*call_page_more)(struct request *rq, const struct call *call);
void call_page_with(call_page_more more);

/* Shared by the files of this slice. */

extern const struct record_face CALL_DAY_FACE;
enum result call_board_get(struct request *rq);
/* Agents' states are taken in where it keeps nobody waiting, then the receipt is answered. */
enum result agent_states_prepare(struct request *rq);
enum result agent_states_post(struct request *rq);

/* {accepted, duplicates, rejected: [{row, code, message}]}; the words of a code are the catalogue's
 * under `prefix`. */
void doc_receipt(struct request *rq, const struct call_receipt *receipt, const char *prefix);
/* What the gate decided, for the partial `call_decision`; gate_id: as the record names it. */
struct call_decision;
void doc_call_decision(struct request *rq, const struct call_decision *decision, int64_t gate_id);
#endif
