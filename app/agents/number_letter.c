/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The letters about numbers (C1.2): the client's own on a contract, and the use of the provider's,
 * which is off until the provider permits it: a line that is lent to another is the law's business
 * (anti telecom fraud law, 31), so the request says that it knows and brings the proof. */
#include "app/agents/agent.sql.h"
#include "app/agents/agent_private.h"

#include <string.h>

enum number_act { NUMBER_ADD = 1, NUMBER_ALTER, NUMBER_STOP };
static const char *const ACTS[] = {"add", "change", "stop", NULL};
static const char *const ANSWERS[] = {"numbers.answer.add", "numbers.answer.change",
                                      "numbers.answer.stop"};

/* What either letter says of a number; each has its own fields of it. */
struct number_line {
    enum number_act act; /* none where nothing but adding is asked */
    const char *number;
    struct date from, to; /* from none: today */
    const char *note, *purpose;
    bool acknowledged; /* that lending a line needs the carrier's consent and a filing */
};

static enum number_act act_of(const struct number_line *line)
{
    return line->act ? line->act : NUMBER_ADD;
}

static struct date from_of(const struct ctx *cx, const struct number_line *line)
{
    return line->from.days ? line->from : agents_today(cx);
}

/* ---- rules ---- */

static enum result check_elsewhere(struct ctx *cx, const struct letter *letter,
                                   const struct number_line *line, size_t index, int64_t number_id)
{
    struct contract other;
    int64_t elsewhere;
    TRY(db_int(cx, &q_permission_elsewhere,
               PARAMS(P(number_id), P(letter->contract_id), P(from_of(cx, line)), P(line->to)),
               &elsewhere));
    if (!elsewhere)
        return OK;
    struct fault kept = fault_take(cx);
    const enum result seen = record_get(cx, &CONTRACTS, elsewhere, &other);
    cx->fault = kept;
    if (seen == OK)
        reject_line(cx, "C1.2", index, "number", "number_in_use_on", other.number);
    else if (seen == NOT_FOUND) /* whose contract it is, is not theirs to know */
        reject_line(cx, "C1.2", index, "number", "number_in_use");
    else
        return seen;
    return OK;
}

/* Does what is asked fit what the contract has? */
static enum result check_act(struct ctx *cx, const struct letter *letter,
                             const struct number_line *line, size_t index, int64_t number_id)
{
    struct number_permission permission = {.state = PERMISSION_ENDED};
    int64_t known;
    TRY(permission_of(cx, number_id, letter->contract_id, &known));
    if (known)
        TRY(record_get(cx, &NUMBER_PERMISSIONS, known, &permission));
    const bool holds = permission.state == PERMISSION_ACTIVE;
    if (act_of(line) == NUMBER_ADD && holds &&
        period_holds(permission.from, permission.to, agents_today(cx)))
        reject_line(cx, "C1.2", index, "number", "already_permitted", line->number);
    if (act_of(line) != NUMBER_ADD && !holds)
        reject_line(cx, "C1.2", index, "number", "not_permitted", line->number);
    return OK;
}

static enum result check_line(struct ctx *cx, const struct letter *letter,
                              const struct number_line *line, size_t index, int64_t owner_id)
{
    struct number number;
    TRY(number_find(cx, line->number, &number));
    const bool fits = number.owner_id == owner_id || act_of(line) == NUMBER_STOP;
    if (!number.id || !fits) {
        reject_line(cx, "C1.2", index, "number",
                    number.id ? "number_of_another" : "number_not_registered", line->number);
        return OK;
    }
    if (act_of(line) != NUMBER_STOP && number.state != NUMBER_ACTIVE)
        reject_line(cx, "C1.2", index, "number", "number_not_active", line->number);
    TRY(check_act(cx, letter, line, index, number.id));
    if (act_of(line) == NUMBER_STOP)
        return OK;
    check_period(cx, "C1.2", index, from_of(cx, line), line->to);
    return check_elsewhere(cx, letter, line, index, number.id);
}

static bool same_number(const char *a, const char *b)
{
    char first[NUMBER_TEXT], second[NUMBER_TEXT];
    return number_normalise(a, first) && number_normalise(b, second) && strcmp(first, second) == 0;
}

static enum result check_all(struct ctx *cx, const struct letter *letter,
                             const struct number_line *lines, size_t count, int64_t owner_id)
{
    bool only_stops = true;
    for (size_t i = 0; i < count; i++)
        only_stops = only_stops && act_of(&lines[i]) == NUMBER_STOP;
    TRY(check_contract_of(cx, letter, "C1.2", only_stops));
    for (size_t i = 0; i < count; i++) {
        size_t before = 0;
        while (before < i && !same_number(lines[before].number, lines[i].number))
            before++;
        if (before < i)
            reject_line(cx, "C1.2", i, "number", "number_twice", lines[i].number);
        else
            TRY(check_line(cx, letter, &lines[i], i, owner_id));
    }
    return OK;
}

/* ---- doing it ---- */

static enum result grant(struct ctx *cx, const struct letter *letter,
                         const struct number_line *line, int64_t number_id, int64_t known)
{
    struct number_permission before,
        after = {.number_id = number_id, .contract_id = letter->contract_id};
    if (known) {
        TRY(record_get(cx, &NUMBER_PERMISSIONS, known, &before));
        after = before;
    }
    after.state = PERMISSION_ACTIVE;
    after.from = from_of(cx, line);
    after.to = line->to;
    after.letter_id = letter->id;
    return known ? record_change(cx, &NUMBER_PERMISSIONS, "grant", &before, &after)
                 : record_add(cx, &NUMBER_PERMISSIONS, &after);
}

/* From this moment on, not from the end of the day. */
static enum result stop(struct ctx *cx, const struct letter *letter, int64_t known)
{
    struct number_permission before, after;
    const struct date today = agents_today(cx);
    TRY(record_get(cx, &NUMBER_PERMISSIONS, known, &before));
    after = before;
    after.state = PERMISSION_ENDED;
    after.letter_id = letter->id;
    if (!after.to.days || after.to.days > today.days)
        after.to = today;
    return record_change(cx, &NUMBER_PERMISSIONS, "stop", &before, &after);
}

static enum result execute_line(struct ctx *cx, const struct letter *letter,
                                const struct number_line *line)
{
    struct number number;
    int64_t known;
    TRY(number_find(cx, line->number, &number));
    TRY(permission_of(cx, number.id, letter->contract_id, &known));
    TRY(act_of(line) == NUMBER_STOP ? stop(cx, letter, known)
                                    : grant(cx, letter, line, number.id, known));
    TRY(permission_of(cx, number.id, letter->contract_id, &known));
    return provision_number(cx, known, choice_name(ACTS, act_of(line)));
}

static enum result execute_all(struct ctx *cx, const struct letter *letter, const void *rows,
                               size_t count, const char **out_answer)
{
    const struct number_line *lines = rows;
    struct deeds deeds = deeds_new(cx, ANSWERS);
    for (size_t i = 0; i < count; i++) {
        TRY(execute_line(cx, letter, &lines[i]));
        deed_add(&deeds, act_of(&lines[i]), lines[i].number);
    }
    *out_answer = deeds_words(&deeds);
    return OK;
}

/* ---- the client's own numbers ---- */

static const struct field CHANGE_LINE_FIELDS[] = {
    FIELD_ENUM(number_line, act, ACTS, .in = MUST, .use = LISTED),
    FIELD(number_line, number, .in = MUST, .max = 40, .use = LISTED, .valid = number_valid,
          .clause = "C1.2"),
    FIELD(number_line, from, .in = MAY, .use = LISTED),
    FIELD(number_line, to, .in = MAY, .use = LISTED),
    FIELD(number_line, note, .in = MAY, .max = 200, .use = LISTED),
    FIELDS_END,
};

static enum result change_check(struct ctx *cx, const struct letter *letter, const void *lines,
                                size_t count)
{
    return check_all(cx, letter, lines, count, letter->client_id);
}

const struct letter_type LETTER_NUMBER_CHANGE = {
    .name = "number_change",
    .clause = "C1.2",
    .prefix = "号码",
    .from = 1u << SIDE_CLIENT,
    .service = SERVICE_OUTBOUND_CALL,
    .line_fields = CHANGE_LINE_FIELDS,
    .line_size = sizeof(struct number_line),
    .needs_lines = true,
    .check = change_check,
    .execute = execute_all,
    .decide = {.kind = DUE_WORKING_DAYS, .count = 2},
    .execute_in = {.kind = DUE_WORKING_DAYS, .count = 1},
};

/* ---- the provider's numbers, lent for a time ---- */

static const struct field USE_LINE_FIELDS[] = {
    FIELD(number_line, number, .in = MUST, .max = 40, .use = LISTED, .valid = number_valid,
          .clause = "C1.2"),
    FIELD(number_line, from, .in = MAY, .use = LISTED),
    FIELD(number_line, to, .in = MUST, .use = LISTED),
    FIELD(number_line, purpose, .in = MUST, .max = 200, .use = LISTED),
    FIELD(number_line, acknowledged, .in = MAY, .use = LISTED, .clause = "C1.2"),
    FIELDS_END,
};

static enum result use_check(struct ctx *cx, const struct letter *letter, const void *rows,
                             size_t count)
{
    const struct number_line *lines = rows;
    for (size_t i = 0; i < count; i++)
        if (!lines[i].acknowledged)
            reject_line(cx, "C1.2", i, "acknowledged", "must_acknowledge");
    return check_all(cx, letter, lines, count, letter->provider_id);
}

const struct letter_type LETTER_NUMBER_PERMISSION = {
    .name = "number_permission",
    .clause = "C1.2",
    .prefix = "号码许可",
    .from = 1u << SIDE_CLIENT,
    .service = SERVICE_OUTBOUND_CALL,
    .line_fields = USE_LINE_FIELDS,
    .line_size = sizeof(struct number_line),
    .needs_lines = true,
    .needs_attachment = true, /* the proof: authorisation and the carrier's filing */
    .check = use_check,
    .execute = execute_all,
    .decide = {.kind = DUE_WORKING_DAYS, .count = 2},
    .execute_in = {.kind = DUE_WORKING_DAYS, .count = 1},
};
