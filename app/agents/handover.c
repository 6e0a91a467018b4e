/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/agents/handover.h"

#include "app/agents/agent.sql.h"
#include "app/agents/agent_private.h"
#include "app/agents/handover.sql.h"
#include "app/staffing/training.h"
#include "base/texts.h"

#include <string.h>

static const char *const STATES[] = {"written", "done", NULL};

/* ---- whom a line means ---- */

struct replacement_line {
    const char *agent_code; /* or, of somebody without one: */
    int64_t person_id;      /* or: */
    const char *person_name;
    enum job job;
    const char *reason;
};
static const struct field REPLACEMENT_FIELDS[] = {
    FIELD(replacement_line, agent_code, .in = MAY, .max = 20, .use = LISTED),
    FIELD_REF(replacement_line, person_id, "people", .in = MAY),
    FIELD(replacement_line, person_name, .in = MAY, .max = 40, .use = LISTED),
    FIELD_ENUM(replacement_line, job, JOBS, .in = MAY, .use = LISTED),
    FIELD(replacement_line, reason, .in = MUST, .max = 500, .use = LISTED, .clause = "C2.6"),
    FIELDS_END,
};

/* *out 0: rejected. */
static enum result replaced_person(struct ctx *cx, const struct letter *letter,
                                   const struct replacement_line *line, size_t index, int64_t *out)
{
    const struct meant meant = {line->person_id, line->person_name, line->job};
    struct agent agent;
    int64_t id;
    *out = 0;
    if (!*line->agent_code)
        return letter_person(cx, letter, &meant, "C2.6", index, out);
    TRY(agent_by_code(cx, letter->contract_id, line->agent_code, &id));
    if (!id) {
        reject_line(cx, "C2.6", index, "agent_code", "code_unknown", line->agent_code);
        return OK;
    }
    TRY(record_get(cx, &AGENTS, id, &agent));
    if (letter_is_open(letter) && agent.state == AGENT_DISABLED)
        reject_line(cx, "C2.6", index, "agent_code", "code_disabled", line->agent_code);
    *out = agent.person_id;
    return OK;
}

static enum result lines_of(struct ctx *cx, const struct letter *letter,
                            struct replacement_line **out, size_t *out_count)
{
    return letter_lines(cx, letter, out, out_count);
}

/* ---- handovers ---- */

static const struct field HANDOVER_FIELDS[] = {
    RECORD_FIELDS(handover),
    FIELD_REF(handover, letter_id, "letters", .in = MUST, .use = FIXED,
              .among = "type=replacement&state=approved", .clause = "C2.6"),
    FIELD(handover, letter_name, .column = "l.number", .use = LISTED),
    FIELD_REF(handover, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD_REF(handover, person_id, "people", .in = MUST, .use = FIXED, .clause = "C2.6"),
    FIELD(handover, person_name, .column = "p.name", .use = LISTED),
    FIELD_REF(handover, successor_id, "people", .in = MUST, .clause = "C2.6"),
    FIELD(handover, successor_name, .column = "s.name", .use = LISTED),
    FIELD(handover, handed_on, .in = MUST, .use = LISTED),
    FIELD(handover, notes, .in = MUST, .max = 2000, .use = LONG_TEXT, .clause = "C2.6"),
    FIELD_ENUM(handover, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static enum result handover_open(struct ctx *cx, const void *record)
{
    const struct handover *handover = record;
    return handover->state == HANDOVER_DONE
               ? fail(cx, CONFLICT, "handover.done", handover->person_name)
               : OK;
}

/* The person is one of those whom the approved letter names, each once. */
static enum result check_letter(struct ctx *cx, struct handover *handover,
                                const struct letter *letter)
{
    struct replacement_line *lines;
    size_t count;
    int64_t known;
    bool named = false;
    if (strcmp(letter->type, LETTER_REPLACEMENT.name) != 0 || letter->state != LETTER_APPROVED) {
        reject_clause(cx, "C2.6", "letter_id", "no_replacement");
        return OK;
    }
    TRY(lines_of(cx, letter, &lines, &count));
    for (size_t i = 0; i < count; i++) {
        int64_t person;
        TRY(replaced_person(cx, letter, &lines[i], i, &person));
        named = named || person == handover->person_id;
    }
    if (!named)
        reject_clause(cx, "C2.6", "person_id", "not_in_letter");
    TRY(db_int(cx, &q_handover_of, PARAMS(P(letter->id), P(handover->person_id)), &known));
    if (known)
        reject_clause(cx, "C2.6", "person_id", "taken");
    return OK;
}

/* Somebody else of the same job, who works there, and who may call on this contract (C2.2). */
static enum result check_successor(struct ctx *cx, const struct handover *handover,
                                   const struct letter *letter)
{
    struct person person, successor;
    int64_t employer;
    const char *missing = "";
    if (handover->successor_id == handover->person_id) {
        reject_clause(cx, "C2.6", "successor_id", "oneself");
        return OK;
    }
    TRY(record_get(cx, &PEOPLE, handover->person_id, &person));
    TRY(record_get(cx, &PEOPLE, handover->successor_id, &successor));
    TRY(person_works(cx, handover->successor_id, handover->handed_on, &employer));
    if (employer != letter->provider_id)
        reject_clause(cx, "C2.6", "successor_id", "not_on_roster");
    else if (successor.job != person.job)
        reject_clause(cx, "C2.6", "successor_id", "other_job");
    else if (successor.job == JOB_AGENT)
        TRY(training_missing(cx, letter->contract_id, handover->successor_id, &missing));
    if (*missing)
        reject_clause(cx, "C2.2", "successor_id", "untrained", missing);
    return OK;
}

static enum result handover_check(struct ctx *cx, void *record, const void *before)
{
    struct handover *handover = record;
    struct letter letter;
    if (!handover->letter_id || !handover->person_id || !handover->successor_id)
        return OK; /* refused as required */
    if (before)
        TRY(handover_open(cx, before));
    TRY(record_get(cx, &LETTERS, handover->letter_id, &letter));
    if (!before) {
        handover->contract_id = letter.contract_id;
        handover->state = HANDOVER_WRITTEN;
        TRY(check_letter(cx, handover, &letter));
    }
    if (handover->handed_on.days > agents_today(cx).days)
        reject_clause(cx, "C2.6", "handed_on", "not_held_yet");
    return handover->state == HANDOVER_WRITTEN ? check_successor(cx, handover, &letter) : OK;
}

const struct resource HANDOVERS = {
    .name = "handovers",
    .clause = "C2.6",
    .fields = HANDOVER_FIELDS,
    .size = sizeof(struct handover),
    .joins = "JOIN letters l ON l.id = t.letter_id JOIN people p ON p.id = t.person_id "
             "JOIN people s ON s.id = t.successor_id",
    .title = "person_name",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .check = handover_check,
    .open = handover_open,
};

/* ---- which are awaited ---- */

const struct field AWAITED_FIELDS[] = {
    FIELD(awaited, letter_id),
    FIELD(awaited, letter_name),
    FIELD(awaited, person_id),
    FIELD(awaited, person_name),
    FIELD(awaited, agent_code),
    FIELD(awaited, reason),
    FIELDS_END,
};

static enum result awaited_of(struct ctx *cx, const struct letter *letter, struct awaited *out,
                              size_t *out_count)
{
    struct replacement_line *lines;
    size_t count;
    TRY(lines_of(cx, letter, &lines, &count));
    for (size_t i = 0; i < count && *out_count < AWAITED_MOST; i++) {
        struct person person;
        int64_t id, known;
        TRY(replaced_person(cx, letter, &lines[i], i, &id));
        (void)fault_take(cx); /* who has left meanwhile is not shown */
        TRY(db_int(cx, &q_handover_of, PARAMS(P(letter->id), P(id)), &known));
        if (!id || known)
            continue;
        TRY(record_get(cx, &PEOPLE, id, &person));
        out[(*out_count)++] = (struct awaited){
            letter->id, id, letter->number, person.name, lines[i].agent_code, lines[i].reason};
    }
    return OK;
}

enum result handovers_awaited(struct ctx *cx, struct awaited **out, size_t *out_count)
{
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    struct list list;
    list_conditions(cx, &LETTERS, "type=replacement&state=approved", &query);
    TRY(record_list(cx, &LETTERS, &query, &list));
    *out = ARENA_ARRAY(cx->mem, struct awaited, AWAITED_MOST);
    *out_count = 0;
    for (size_t i = 0; i < list.count; i++)
        TRY(awaited_of(cx, (const struct letter *)list.rows + i, *out, out_count));
    return OK;
}

/* ---- the letter ---- */

static enum result replacement_check(struct ctx *cx, const struct letter *letter, const void *rows,
                                     size_t count)
{
    const struct replacement_line *lines = rows;
    int64_t *people = ARENA_ARRAY(cx->mem, int64_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        TRY(replaced_person(cx, letter, &lines[i], i, &people[i]));
        for (size_t earlier = 0; people[i] && earlier < i; earlier++)
            if (people[earlier] == people[i])
                reject_line(cx, "C2.6", i, "person_name", "person_twice");
    }
    return OK;
}

/* "韩勇（1003 已停用）→ 李雷" */
static enum result replace(struct ctx *cx, const struct letter *letter, int64_t handover_id,
                           struct text *words)
{
    struct handover before, after;
    struct list list;
    TRY(record_get(cx, &HANDOVERS, handover_id, &before));
    TRY(record_select(cx, &AGENTS, "replaced",
                      "t.contract_id = $1 AND t.person_id = $2 AND t.state = 'active'",
                      PARAMS(P(letter->contract_id), P(before.person_id)), &list));
    const struct agent *agents = list.rows;
    text_printf(words, "%s%s", words->len ? "；" : "", before.person_name);
    for (size_t i = 0; i < list.count; i++) {
        TRY(agent_disable(cx, &agents[i], letter->id));
        text_printf(words, "（%s 已停用）", agents[i].code);
    }
    text_printf(words, "→ %s", before.successor_name);
    after = before;
    after.state = HANDOVER_DONE;
    return record_change(cx, &HANDOVERS, "done", &before, &after);
}

static enum result replacement_execute(struct ctx *cx, const struct letter *letter,
                                       const void *rows, size_t count, const char **out_answer)
{
    const struct replacement_line *lines = rows;
    struct text words = text_new(cx->mem, 128);
    for (size_t i = 0; i < count; i++) {
        int64_t person, handover;
        TRY(replaced_person(cx, letter, &lines[i], i, &person));
        TRY(db_int(cx, &q_handover_of, PARAMS(P(letter->id), P(person)), &handover));
        if (!handover)
            reject_line(cx, "C2.6", i, "person_name", "handover_missing");
        else
            TRY(replace(cx, letter, handover, &words));
    }
    TRY(rejected(cx));
    *out_answer = texts_fill(cx->mem, "replacement.answer", LANG_ZH,
                             (const char *const[]){text_end(&words), NULL, NULL});
    return OK;
}

const struct letter_type LETTER_REPLACEMENT = {
    .name = "replacement",
    .clause = "C2.6",
    .prefix = "换人",
    .from = 1u << SIDE_CLIENT,
    .service = SERVICE_OUTBOUND_CALL,
    .line_fields = REPLACEMENT_FIELDS,
    .line_size = sizeof(struct replacement_line),
    .needs_lines = true,
    .needs_attachment = true,
    .check = replacement_check,
    .execute = replacement_execute,
    .decide = {.kind = DUE_WORKING_DAYS, .count = 2},
    .execute_in = {.kind = DUE_WORKING_DAYS, .count = 5},
};

/* ---- what is owed between the decision and its execution ---- */

static enum result judge_handover(struct ctx *cx, const void *record, struct duty *duty,
                                  enum owing *out)
{
    const struct letter *letter = record;
    struct replacement_line *lines;
    size_t count;
    int64_t written;
    if (strcmp(letter->type, LETTER_REPLACEMENT.name) != 0 || letter->state < LETTER_APPROVED)
        return OK;
    TRY(lines_of(cx, letter, &lines, &count));
    TRY(db_int(cx, &q_handovers_of_letter, PARAMS(P(letter->id)), &written));
    const bool waits = letter->state == LETTER_APPROVED && written < (int64_t)count;
    *out = waits ? OWING_DUTY : OWING_MET;
    duty->contract_id = letter->contract_id;
    duty->organisation_id = letter->provider_id;
    duty->owner_side = SIDE_PROVIDER;
    duty->owner_role = ROLES[ROLE_PROVIDER - 1];
    duty->due_at = due_of(cx, &HANDOVER_DUTIES[0], letter->decided_at);
    return OK;
}

const struct duty_rule HANDOVER_DUTIES[] = {
    {"write_handover",
     "C2.6",
     &LETTERS,
     judge_handover,
     {.kind = DUE_WORKING_DAYS, .count = 3},
     .also = &HANDOVERS,
     .also_ids = &q_letter_of_handover,
     .also_new = true},
    DUTY_RULES_END,
};

const struct right HANDOVER_RIGHTS[] = {
    {"handovers.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.6"},
    {"handovers.write", R(PROVIDER) | R(DUTY) | R(SUPERVISOR), "C2.6"},
    RIGHTS_END,
};
