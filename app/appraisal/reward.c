/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/appraisal/reward.h"

#include "app/appraisal/appraisal.sql.h"
#include "base/doc.h"
#include "base/texts.h"

#include <string.h>

#define ROW_OF_MONTHS 3
#define RANKINGS_MOST 20000

static const char *const KINDS[] = {"bonus", "three_months", NULL};
static const char *const PAYERS[] = {"client", "provider", NULL};
static const char *const CHANNELS[] = {"direct", "provider", NULL};
static const char *const STATES[] = {"proposed", "asked",  "agreed", "settled",
                                     "dropped",  "lapsed", NULL};

const struct field REWARD_RANKING_FIELDS[] = {
    FIELD(reward_ranking, month),
    FIELD_REF(reward_ranking, sheet_id, "sheets"),
    FIELD(reward_ranking, rank),
    FIELD(reward_ranking, tied),
    FIELD(reward_ranking, places),
    FIELD(reward_ranking, total),
    FIELDS_END,
};

static const struct field REWARD_FIELDS[] = {
    RECORD_FIELDS(reward),
    FIELD(reward, month, .in = MUST, .use = FIXED | LISTED | FILTERED),
    FIELD_REF(reward, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED,
              .among = "service=outbound_call", .clause = "C2.5"),
    FIELD(reward, contract_name, .column = "c.name"),
    FIELD_REF(reward, unit_id, "units", .use = HIDDEN | NO_DIFF),
    FIELD_REF(reward, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(reward, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(reward, person_id, "people", .in = MUST, .use = FIXED | FILTERED),
    FIELD(reward, person_name, .column = "p.name", .use = LISTED),
    FIELD_ENUM(reward, kind, KINDS, .use = LISTED | FILTERED | NO_DIFF),
    FIELD(reward, amount_fen, .in = MAY, .min = 0, .max = 100000000, .use = LISTED,
          .clause = "C2.5"),
    FIELD_ENUM(reward, payer, PAYERS, .in = MAY, .use = LISTED, .clause = "C2.5"),
    FIELD_ENUM(reward, channel, CHANNELS, .in = MAY, .use = LISTED, .clause = "C2.5"),
    FIELD(reward, reason, .in = MUST, .max = 500, .use = LONG_TEXT),
    FIELD(reward, rankings, .use = HIDDEN | NO_DIFF),
    FIELD_REF(reward, letter_id, "letters"),
    FIELD(reward, letter_number, .column = "COALESCE(l.number, '')", .use = LISTED),
    FIELD(reward, paid_month, .use = FILTERED),
    FIELD(reward, settled_on),
    FIELD(reward, state_reason, .use = LONG_TEXT),
    FIELD_ENUM(reward, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static enum result wrong_state(struct ctx *cx, const struct reward *reward)
{
    return fail(cx, CONFLICT, "reward.wrong_state", reward->person_name,
                state_name(cx, &REWARDS, STATES, reward->state));
}

static enum result reward_begin(struct ctx *cx, struct reward *reward)
{
    struct contract contract;
    int64_t employer;
    TRY(record_get(cx, &CONTRACTS, reward->contract_id, &contract));
    if (contract.service != SERVICE_OUTBOUND_CALL)
        reject_clause(cx, "C2.5", "contract_id", "not_outbound_call", contract.number);
    TRY(db_int(cx, &q_person_employer, PARAMS(P(reward->person_id)), &employer));
    if (employer != contract.provider_id)
        reject_clause(cx, "C2.5", "person_id", "not_of_provider");
    reward->unit_id = contract.unit_id;
    reward->provider_id = contract.provider_id;
    reward->client_id = contract.client_id;
    reward->kind = reward->kind ? reward->kind : REWARD_BONUS;
    reward->payer = reward->payer ? reward->payer : PAID_BY_CLIENT;
    reward->channel = reward->channel ? reward->channel : REWARD_THROUGH_PROVIDER;
    reward->state = REWARD_PROPOSED;
    return OK;
}

/* Once it was asked for, what was asked stays; a pay sheet says that it paid it. */
static enum result reward_check(struct ctx *cx, void *record, const void *former)
{
    struct reward *reward = record;
    const struct reward *before = former;
    if (!before)
        TRY(reward_begin(cx, reward));
    if (reward->kind == REWARD_BONUS && reward->amount_fen.fen < 1)
        reject_clause(cx, "C2.5", "amount_fen", "required");
    if (!before)
        return OK;
    return before->state != REWARD_PROPOSED && reward->state == before->state &&
                   reward->paid_month.months == before->paid_month.months
               ? wrong_state(cx, before)
               : OK;
}

static enum result reward_open(struct ctx *cx, const void *record)
{
    const struct reward *reward = record;
    return !reward->id || reward->state == REWARD_PROPOSED ? OK : wrong_state(cx, reward);
}

const struct resource REWARDS = {
    .name = "rewards",
    .clause = "C2.5",
    .fields = REWARD_FIELDS,
    .size = sizeof(struct reward),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN people p ON p.id = t.person_id "
             "LEFT JOIN letters l ON l.id = t.letter_id",
    .title = "person_name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org", [SIDE_PROVIDER] = "@provider_id = :org"},
    .unit = "unit_id",
    .check = reward_check,
    .open = reward_open,
};

/* ---- three months in the top three (C2.10) ---- */

struct found {
    int64_t person_id;
    struct month month;
    int64_t sheet_id;
    int32_t rank, tied, places;
    struct points total;
};
static const struct field FOUND_FIELDS[] = {
    FIELD(found, person_id), FIELD(found, month),  FIELD(found, sheet_id), FIELD(found, rank),
    FIELD(found, tied),      FIELD(found, places), FIELD(found, total),    FIELDS_END};

static enum result nominate(struct ctx *cx, int64_t contract_id, struct month last,
                            const struct found *found)
{
    struct reward_ranking rankings[ROW_OF_MONTHS];
    const struct month first = {last.months - ROW_OF_MONTHS + 1},
                       touched = {last.months + ROW_OF_MONTHS - 1};
    int64_t counted;
    TRY(db_int(cx, &q_nominated,
               PARAMS(P(contract_id), P(found->person_id), P(first), P(touched), P(last)),
               &counted));
    if (counted)
        return OK;
    for (int i = 0; i < ROW_OF_MONTHS; i++)
        rankings[i] = (struct reward_ranking){found[i].month, found[i].sheet_id, found[i].rank,
                                              found[i].tied,  found[i].places,   found[i].total};
    struct reward reward = {.contract_id = contract_id,
                            .person_id = found->person_id,
                            .month = last,
                            .kind = REWARD_THREE_MONTHS};
    fields_blank(REWARD_FIELDS, &reward);
    reward.reason = texts_get("rewards.three_months.reason", LANG_ZH);
    reward.rankings =
        json_rows_text(cx->mem, REWARD_RANKING_FIELDS, rankings, ROW_OF_MONTHS, sizeof rankings[0]);
    TRY(record_add(cx, &REWARDS, &reward));
    TRY(record_get(cx, &REWARDS, reward.id, &reward));
    const struct news news = {.kind = "reward.nominated",
                              .subject = &REWARDS,
                              .subject_id = reward.id,
                              .title = reward.person_name,
                              .detail = reward.contract_name};
    TRY(notice_roles(cx, reward.client_id, reward.unit_id, R(CLIENT) | R(OPS), &news));
    return notice_roles(cx, reward.provider_id, 0, R(PROVIDER), &news);
}

static enum result lapse(struct ctx *cx, int64_t id, const char *reason)
{
    struct reward before, after;
    TRY(record_get(cx, &REWARDS, id, &before));
    after = before;
    after.state_reason = texts_get(reason, LANG_ZH);
    after.state = REWARD_LAPSED;
    return record_change(cx, &REWARDS, "lapse", &before, &after);
}

struct nominated {
    int64_t id, person_id;
};
static const struct field NOMINATED_FIELDS[] = {FIELD(nominated, id), FIELD(nominated, person_id),
                                                FIELDS_END};

/* Of that month, all but those of whom `found` tells. */
static enum result lapse_but(struct ctx *cx, int64_t contract_id, struct month last,
                             const struct found *found, size_t count, const char *reason)
{
    struct nominated *rows;
    size_t row_count;
    TRY(db_list(cx, &q_nominations_of, PARAMS(P(contract_id), P(last)), NOMINATED_FIELDS,
                sizeof *rows, RANKINGS_MOST, &rows, &row_count));
    for (size_t i = 0; i < row_count; i++) {
        bool holds = false;
        for (size_t at = 0; at < count; at++)
            holds = holds || found[at].person_id == rows[i].person_id;
        if (!holds)
            TRY(lapse(cx, rows[i].id, reason));
    }
    return OK;
}

/* The three months that end with this one. */
static enum result look_at(struct ctx *cx, int64_t contract_id, struct month last)
{
    const struct month first = {last.months - ROW_OF_MONTHS + 1};
    struct found *found;
    size_t count;
    /* Agents: managers share a team's results, and some of them always are the first three. */
    TRY(db_list(
        cx, &q_rankings_before,
        PARAMS(P(contract_id), P(choice_name(SCHEME_SUBJECTS, SCHEME_AGENT)), P(first), P(last)),
        FOUND_FIELDS, sizeof *found, RANKINGS_MOST, &found, &count));
    TRY(lapse_but(cx, contract_id, last, found, count, "rewards.places_changed"));
    for (size_t i = 0; i + ROW_OF_MONTHS <= count; i += ROW_OF_MONTHS)
        TRY(nominate(cx, contract_id, last, &found[i]));
    return OK;
}

enum result rewards_nominate(struct ctx *cx, const struct appraisal_month *month)
{
    for (int i = 0; i < ROW_OF_MONTHS; i++)
        TRY(look_at(cx, month->contract_id, (struct month){month->month.months + i}));
    return OK;
}

enum result rewards_reopen(struct ctx *cx, const struct appraisal_month *month)
{
    return lapse_but(cx, month->contract_id, month->month, NULL, 0, "rewards.month_reopened");
}

/* ---- in writing ---- */

struct reward_line {
    int64_t reward_id;
    const char *person_name;
    struct month month;
    struct money amount_fen;
    enum reward_payer payer;
    enum reward_channel channel;
    const char *reason;
};
static const struct field LINE_FIELDS[] = {
    FIELD(reward_line, reward_id, .in = MUST, .use = LISTED),
    FIELD(reward_line, person_name, .in = MUST, .max = 40, .use = LISTED),
    FIELD(reward_line, month, .in = MUST, .use = LISTED),
    FIELD(reward_line, amount_fen, .in = MUST, .min = 1, .max = 100000000, .use = LISTED,
          .clause = "C2.5"),
    FIELD_ENUM(reward_line, payer, PAYERS, .in = MUST, .use = LISTED),
    FIELD_ENUM(reward_line, channel, CHANNELS, .in = MUST, .use = LISTED, .clause = "C2.5"),
    FIELD(reward_line, reason, .in = MUST, .max = 500, .use = LISTED),
    FIELDS_END,
};

static struct reward_line line_of(const struct reward *reward)
{
    return (struct reward_line){reward->id,         reward->person_name, reward->month,
                                reward->amount_fen, reward->payer,       reward->channel,
                                reward->reason};
}

/* It is the reward as it was when it was asked for. */
static enum result line_check(struct ctx *cx, const struct letter *letter,
                              const struct reward_line *line)
{
    struct reward reward;
    enum result there = record_get(cx, &REWARDS, line->reward_id, &reward);
    if (there != OK && there != NOT_FOUND)
        return there;
    if (there == NOT_FOUND)
        cx->fault = (struct fault){.result = OK};
    if (there == NOT_FOUND || reward.contract_id != letter->contract_id ||
        reward.state != REWARD_ASKED || reward.letter_id != letter->id) {
        reject_clause(cx, "C2.5", "lines.0.reward_id", "reward_elsewhere");
        return OK;
    }
    const struct reward_line now = line_of(&reward);
    for (const struct field *field = LINE_FIELDS; field->name; field++) {
        if (!field_equal(field, &now, line))
            reject_clause(cx, "C2.5", arena_printf(cx->mem, "lines.0.%s", field->name),
                          "reward_changed");
    }
    return OK;
}

static enum result letter_check(struct ctx *cx, const struct letter *letter, const void *lines,
                                size_t count)
{
    if (count != 1)
        reject_clause(cx, "C2.5", "lines", "one_reward");
    else
        TRY(line_check(cx, letter, lines));
    return OK;
}

static enum result letter_execute(struct ctx *cx, const struct letter *letter, const void *lines,
                                  size_t count, const char **out_answer)
{
    const struct reward_line *line = lines;
    struct reward reward, after;
    char amount[MONEY_MAX_TEXT];
    (void)letter;
    (void)count;
    TRY(record_get(cx, &REWARDS, line->reward_id, &reward));
    after = reward;
    after.state = REWARD_AGREED;
    money_format(reward.amount_fen, true, amount);
    *out_answer = texts_fill(cx->mem, "rewards.answer", LANG_ZH,
                             (const char *const[]){reward.person_name, amount, NULL});
    return record_change(cx, &REWARDS, "agree", &reward, &after);
}

/* Either side asks: the client about a reward of its own, whoever begins to negotiate about a
 * nomination. */
const struct letter_type LETTER_REWARD = {
    .name = "reward",
    .clause = "C2.5",
    .prefix = "奖励",
    .from = 1u << SIDE_CLIENT | 1u << SIDE_PROVIDER,
    .service = SERVICE_OUTBOUND_CALL,
    .line_fields = LINE_FIELDS,
    .line_size = sizeof(struct reward_line),
    .needs_lines = true,
    .check = letter_check,
    .execute = letter_execute,
    .decide = {.kind = DUE_WORKING_DAYS, .count = 5},
    .execute_in = {.kind = DUE_WORKING_DAYS, .count = 3},
};

/* ---- its life ---- */

enum result reward_ask(struct ctx *cx, const struct reward *reward, int64_t *out_letter_id)
{
    struct reward after = *reward;
    TRY(demand_right(cx, "letters.write"));
    if (reward->state != REWARD_PROPOSED)
        return wrong_state(cx, reward);
    if (reward->amount_fen.fen < 1)
        reject_clause(cx, "C2.5", "amount_fen", "required");
    TRY(rejected(cx));
    const struct reward_line line = line_of(reward);
    struct letter letter = {
        .type = LETTER_REWARD.name,
        .contract_id = reward->contract_id,
        .from_side = cx->actor->side,
        .subject = texts_fill(cx->mem, "reward.about", LANG_ZH,
                              (const char *const[]){reward->person_name, NULL, NULL}),
        .lines = letter_lines_text(cx->mem, &LETTER_REWARD, &line, 1),
    };
    TRY(record_add(cx, &LETTERS, &letter));
    after.letter_id = letter.id;
    after.state = REWARD_ASKED;
    *out_letter_id = letter.id;
    return record_change(cx, &REWARDS, "ask", reward, &after);
}

enum result reward_retract(struct ctx *cx, const struct reward *reward)
{
    struct letter letter;
    struct reward after = *reward;
    if (reward->state != REWARD_ASKED)
        return wrong_state(cx, reward);
    TRY(record_get(cx, &LETTERS, reward->letter_id, &letter));
    if (letter.state == LETTER_SENT || letter.state == LETTER_APPROVED)
        return fail(cx, CONFLICT, "reward.asked", reward->person_name, letter.number);
    after.letter_id = 0;
    after.state = REWARD_PROPOSED;
    return record_change(cx, &REWARDS, "retract", reward, &after);
}

enum result reward_settle(struct ctx *cx, const struct reward *reward, struct date day)
{
    struct reward after = *reward;
    const struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    if (reward->state != REWARD_AGREED)
        return wrong_state(cx, reward);
    if (!day.days)
        reject_clause(cx, "C2.5", "settled_on", "required");
    else if (day.days > today.days)
        reject_clause(cx, "C2.5", "settled_on", "in_future");
    TRY(rejected(cx));
    after.settled_on = day;
    after.state = REWARD_SETTLED;
    return record_change(cx, &REWARDS, "settle", reward, &after);
}

enum result reward_drop(struct ctx *cx, const struct reward *reward, const char *reason)
{
    struct reward after = *reward;
    if (reward->state != REWARD_PROPOSED)
        return wrong_state(cx, reward);
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.state_reason = reason;
    after.state = REWARD_DROPPED;
    return record_change(cx, &REWARDS, "drop", reward, &after);
}
