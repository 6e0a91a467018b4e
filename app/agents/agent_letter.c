/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The letter that opens, changes and closes agents (C1.1). */
#include "app/agents/agent.sql.h"
#include "app/agents/agent_private.h"
#include "app/staffing/training.h"
#include "base/texts.h"

#include <string.h>

/* ---- shared with the letters about numbers ---- */

enum result check_contract_of(struct ctx *cx, const struct letter *letter, const char *clause,
                              bool only_closes)
{
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, letter->contract_id, &contract));
    if (contract.service != SERVICE_OUTBOUND_CALL)
        reject_clause(cx, clause, "contract_id", "not_outbound_call", contract.number);
    else if (contract.state != CONTRACT_ACTIVE && !only_closes)
        reject_clause(cx, clause, "contract_id", "contract_not_active", contract.number);
    return OK;
}

void check_period(struct ctx *cx, const char *clause, size_t index, struct date from,
                  struct date to)
{
    if (to.days && to.days < from.days)
        reject_line(cx, clause, index, "to", "ends_before_start");
    else if (to.days && to.days < agents_today(cx).days)
        reject_line(cx, clause, index, "to", "period_over");
}

struct deeds deeds_new(struct ctx *cx, const char *const *keys)
{
    struct deeds deeds = {.cx = cx, .keys = keys};
    for (size_t i = 0; i < DEED_KINDS; i++)
        deeds.which[i] = text_new(cx->mem, 64);
    return deeds;
}

void deed_add(struct deeds *deeds, unsigned act, const char *what)
{
    struct text *which = &deeds->which[act - 1];
    if (which->len)
        text_puts(which, "、");
    text_puts(which, what);
    deeds->count[act - 1]++;
}

/* Letters are written in Chinese, whoever reads them. */
const char *deeds_words(const struct deeds *deeds)
{
    struct arena *mem = deeds->cx->mem;
    struct text words = text_new(mem, 128);
    for (size_t i = 0; i < DEED_KINDS; i++) {
        struct text which = deeds->which[i];
        if (!deeds->count[i])
            continue;
        if (words.len)
            text_puts(&words, "；");
        text_puts(&words, texts_fill(mem, deeds->keys[i], LANG_ZH,
                                     (const char *const[]){arena_printf(mem, "%d", deeds->count[i]),
                                                           text_end(&which), NULL}));
    }
    return text_end(&words);
}

/* ---- lines ---- */

enum agent_act { AGENT_ADD = 1, AGENT_ALTER, AGENT_DISABLE };
static const char *const ACTS[] = {"add", "change", "disable", NULL};

struct agent_line {
    enum agent_act act;
    const char *code;
    int64_t person_id;       /* or: */
    const char *person_name; /* with the job, where one name is not enough */
    enum job job;
    struct set permissions; /* change: none leaves them as they are */
    struct date from, to;   /* change: without `from` the period stays */
    const char *note;
};

static bool code_valid(const char *code)
{
    static const char SIGNS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-_";
    return code[strspn(code, SIGNS)] == '\0';
}

static const struct field AGENT_LINE_FIELDS[] = {
    FIELD_ENUM(agent_line, act, ACTS, .in = MUST, .use = LISTED),
    FIELD(agent_line, code, .in = MUST, .max = 20, .use = LISTED, .valid = code_valid,
          .clause = "C1.1"),
    FIELD_REF(agent_line, person_id, "people", .in = MAY),
    FIELD(agent_line, person_name, .in = MAY, .max = 40, .use = LISTED),
    FIELD_ENUM(agent_line, job, JOBS, .in = MAY, .use = LISTED),
    FIELD_CHOICES(agent_line, permissions, AGENT_PERMISSIONS, .in = MAY, .use = LISTED,
                  .clause = "C1.1"),
    FIELD(agent_line, from, .in = MAY, .use = LISTED),
    FIELD(agent_line, to, .in = MAY, .use = LISTED),
    FIELD(agent_line, note, .in = MAY, .max = 200),
    FIELDS_END,
};

/* ---- who is meant ---- */

static const struct field ID_FIELDS[] = {FIELD(record, id), FIELDS_END};

enum result letter_person(struct ctx *cx, const struct letter *letter, const struct meant *meant,
                          const char *clause, size_t index, int64_t *out)
{
    const struct date today = agents_today(cx);
    int64_t employer;
    struct record *found;
    size_t count = 0;
    *out = meant->person_id;
    if (meant->person_id) {
        TRY(person_works(cx, meant->person_id, today, &employer));
        if (employer == letter->provider_id)
            return OK;
        *out = 0;
        reject_line(cx, clause, index, "person_id", "not_on_roster");
        return OK;
    }
    const char *job = choice_name(JOBS, meant->job ? meant->job : JOB_AGENT);
    if (!*meant->person_name) {
        reject_line(cx, clause, index, "person_name", "required");
        return OK;
    }
    TRY(db_list(cx, &q_people_named,
                PARAMS(P(letter->provider_id), P(meant->person_name), P(job), P(today)), ID_FIELDS,
                sizeof *found, 2, &found, &count));
    if (count == 1)
        *out = found->id;
    else
        reject_line(cx, clause, index, "person_name", count ? "several_people" : "not_on_roster");
    return OK;
}

static enum result person_of_line(struct ctx *cx, const struct letter *letter,
                                  const struct agent_line *line, size_t index, int64_t *out)
{
    const struct meant meant = {line->person_id, line->person_name, line->job};
    return letter_person(cx, letter, &meant, "C1.1", index, out);
}

/* ---- rules ---- */

/* No agent is opened without the training that the contract requires (C2.2). */
static enum result demand_training(struct ctx *cx, const struct letter *letter, int64_t person_id,
                                   size_t index)
{
    const char *subject;
    TRY(training_missing(cx, letter->contract_id, person_id, &subject));
    if (*subject)
        reject_line(cx, "C2.2", index, "person_id", "untrained", subject);
    return OK;
}

static enum result check_add(struct ctx *cx, const struct letter *letter,
                             const struct agent_line *line, size_t index, int64_t known)
{
    int64_t person, others;
    const char *other_code;
    TRY(person_of_line(cx, letter, line, index, &person));
    if (!line->permissions.bits)
        reject_line(cx, "C1.1", index, "permissions", "required");
    if (known)
        reject_line(cx, "C1.1", index, "code", "code_taken", line->code);
    if (known || !person)
        return OK;
    TRY(db_int(cx, &q_code_of_another, PARAMS(P(letter->provider_id), P(line->code), P(person)),
               &others));
    if (others)
        reject_line(cx, "C1.1", index, "code", "code_taken", line->code);
    TRY(db_text(cx, &q_code_of_person, PARAMS(P(letter->contract_id), P(person)), &other_code));
    if (*other_code)
        reject_line(cx, "C1.1", index, "person_id", "has_code", other_code);
    return demand_training(cx, letter, person, index);
}

static enum result check_known(struct ctx *cx, const struct letter *letter,
                               const struct agent_line *line, size_t index, int64_t known)
{
    struct agent agent;
    if (!known) {
        reject_line(cx, "C1.1", index, "code", "code_unknown", line->code);
        return OK;
    }
    TRY(record_get(cx, &AGENTS, known, &agent));
    if (line->act == AGENT_DISABLE && agent.state == AGENT_DISABLED)
        reject_line(cx, "C1.1", index, "code", "code_disabled", line->code);
    if (line->person_id && line->person_id != agent.person_id)
        reject_line(cx, "C1.1", index, "person_id", "code_of_another", line->code);
    return line->act == AGENT_ALTER ? demand_training(cx, letter, agent.person_id, index) : OK;
}

static bool said_before(const struct agent_line *lines, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(lines[i].code, lines[index].code) == 0)
            return true;
    return false;
}

static bool only_disables(const struct agent_line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (lines[i].act != AGENT_DISABLE)
            return false;
    return true;
}

static enum result agent_change_check(struct ctx *cx, const struct letter *letter, const void *rows,
                                      size_t count)
{
    const struct agent_line *lines = rows;
    TRY(check_contract_of(cx, letter, "C1.1", only_disables(lines, count)));
    for (size_t i = 0; i < count; i++) {
        int64_t known;
        if (said_before(lines, i)) {
            reject_line(cx, "C1.1", i, "code", "code_twice", lines[i].code);
            continue;
        }
        TRY(agent_by_code(cx, letter->contract_id, lines[i].code, &known));
        if (lines[i].act == AGENT_ADD)
            TRY(check_add(cx, letter, &lines[i], i, known));
        else
            TRY(check_known(cx, letter, &lines[i], i, known));
        check_period(cx, "C1.1", i, lines[i].from, lines[i].to);
    }
    return OK;
}

/* ---- doing it ---- */

enum result agent_disable(struct ctx *cx, const struct agent *agent, int64_t letter_id)
{
    struct agent after = *agent;
    const struct date today = agents_today(cx);
    after.state = AGENT_DISABLED;
    after.letter_id = letter_id;
    if (!after.to.days || after.to.days > today.days)
        after.to = today;
    TRY(record_change(cx, &AGENTS, "disable", agent, &after));
    return provision_agent(cx, agent->id, "disable");
}

static enum result add_agent(struct ctx *cx, const struct letter *letter,
                             const struct agent_line *line, size_t index)
{
    struct agent agent = {
        .contract_id = letter->contract_id,
        .code = line->code,
        .permissions = line->permissions,
        .state = AGENT_ACTIVE,
        .from = line->from.days ? line->from : agents_today(cx),
        .to = line->to,
        .letter_id = letter->id,
    };
    TRY(person_of_line(cx, letter, line, index, &agent.person_id));
    TRY(record_add(cx, &AGENTS, &agent));
    return provision_agent(cx, agent.id, "add");
}

static enum result alter_agent(struct ctx *cx, const struct letter *letter,
                               const struct agent_line *line)
{
    struct agent before, after;
    int64_t id;
    TRY(agent_by_code(cx, letter->contract_id, line->code, &id));
    TRY(record_get(cx, &AGENTS, id, &before));
    if (line->act == AGENT_DISABLE)
        return agent_disable(cx, &before, letter->id);
    after = before;
    after.letter_id = letter->id;
    after.state = AGENT_ACTIVE;
    if (line->permissions.bits)
        after.permissions = line->permissions;
    if (line->from.days)
        after.from = line->from;
    /* The day on which it was disabled is no end any more once it is open again. */
    if (line->from.days || before.state == AGENT_DISABLED)
        after.to = line->to;
    TRY(record_change(cx, &AGENTS, "change", &before, &after));
    return provision_agent(cx, id, "change");
}

static enum result agent_change_execute(struct ctx *cx, const struct letter *letter,
                                        const void *rows, size_t count, const char **out_answer)
{
    static const char *const WORDS[] = {"agents.answer.add", "agents.answer.change",
                                        "agents.answer.disable"};
    const struct agent_line *lines = rows;
    struct deeds deeds = deeds_new(cx, WORDS);
    for (size_t i = 0; i < count; i++) {
        TRY(lines[i].act == AGENT_ADD ? add_agent(cx, letter, &lines[i], i)
                                      : alter_agent(cx, letter, &lines[i]));
        deed_add(&deeds, lines[i].act, lines[i].code);
    }
    *out_answer = deeds_words(&deeds);
    return OK;
}

const struct letter_type LETTER_AGENT_CHANGE = {
    .name = "agent_change",
    .clause = "C1.1",
    .prefix = "工号",
    .from = 1u << SIDE_CLIENT,
    .service = SERVICE_OUTBOUND_CALL,
    .line_fields = AGENT_LINE_FIELDS,
    .line_size = sizeof(struct agent_line),
    .needs_lines = true,
    .check = agent_change_check,
    .execute = agent_change_execute,
    .decide = {.kind = DUE_WORKING_DAYS, .count = 2},
    .execute_in = {.kind = DUE_WORKING_DAYS, .count = 1},
};
