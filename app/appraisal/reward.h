/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rewards beside performance pay: the client's own (C2.5), and what the parties negotiate for
 * somebody who was among the first three in three months running (C2.10). */
#ifndef REWARD_H
#define REWARD_H

#include "app/appraisal/sheet.h"

enum reward_state {
    REWARD_PROPOSED = 1,
    REWARD_ASKED, /* by letter */
    REWARD_AGREED,
    REWARD_SETTLED,
    REWARD_DROPPED,
    REWARD_LAPSED /* a nomination whose three months are not so any more */
};
struct reward {
    RECORD_MEMBERS;
    int64_t contract_id, unit_id, provider_id, client_id;
    const char *contract_name;
    int64_t person_id;
    const char *person_name;
    struct month month;
    enum reward_kind { REWARD_BONUS = 1, REWARD_THREE_MONTHS } kind;
    struct money amount_fen;
    enum reward_payer { PAID_BY_CLIENT = 1, PAID_BY_PROVIDER } payer;
    enum reward_channel { REWARD_DIRECT = 1, REWARD_THROUGH_PROVIDER } channel;
    const char *reason;
    const char *rankings; /* canonical JSON of reward_ranking */
    int64_t letter_id;
    const char *letter_number;
    struct month paid_month; /* of the pay sheet that paid it */
    struct date settled_on;
    const char *state_reason;
    enum reward_state state;
};
extern const struct resource REWARDS;

struct reward_ranking {
    struct month month;
    int64_t sheet_id;
    int32_t rank, tied, places; /* how many others shared it, and how many had one */
    struct points total;
};
extern const struct field REWARD_RANKING_FIELDS[];

/* Which agents were among the first three in three months running that this one is part of, as the
 * places are now: nominated, unless one of these months counted for a nomination already, or people
 * dropped just this one. What nobody asked about yet and is not so any more lapses. Ties share a
 * place; a month without a place ends the row. */
MUST_USE enum result rewards_nominate(struct ctx *cx, const struct appraisal_month *month);
/* The month is reopened: nominations that nobody asked about yet lapse. */
MUST_USE enum result rewards_reopen(struct ctx *cx, const struct appraisal_month *month);

/* ---- its life. All: CONFLICT reward.wrong_state ---- */

/* proposed -> asked: the draft of the letter about it, *out_letter_id. */
MUST_USE enum result reward_ask(struct ctx *cx, const struct reward *reward,
                                int64_t *out_letter_id);
/* asked -> proposed, while its letter was not sent, or came to nothing. */
MUST_USE enum result reward_retract(struct ctx *cx, const struct reward *reward);
/* agreed -> settled: it was paid on that day. */
MUST_USE enum result reward_settle(struct ctx *cx, const struct reward *reward, struct date day);
/* proposed -> dropped, with a reason. */
MUST_USE enum result reward_drop(struct ctx *cx, const struct reward *reward, const char *reason);

extern const struct letter_type LETTER_REWARD;

#endif
