/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The client's evidence in writing (C2.4): each line counts for a month, if it came in time; the
 * provider verifies it, line by line, and answers what it found. */
#include "app/appraisal/appraisal.sql.h"
#include "app/appraisal/month_private.h"
#include "app/gate/call_id.h"
#include "app/reviews/recording.h"
#include "app/reviews/review.h"
#include "base/texts.h"

#include <string.h>

#define LINES_MOST LETTER_LINES_MOST

/* ---- what a line must be ---- */

static struct month month_meant(const struct evidence_line *line)
{
    return line->month.months || !line->call_id ? line->month : call_month(line->call_id);
}

/* A call that is named has a recording here, of this contract and of this agent. */
static enum result check_call(struct ctx *cx, const struct letter *letter,
                              const struct evidence_line *line, size_t at)
{
    struct recording recording;
    if (!line->call_id)
        return OK;
    enum result there = recording_of_call(cx, line->call_id, &recording);
    if (there != OK && there != NOT_FOUND)
        return there;
    if (there == NOT_FOUND || recording.contract_id != letter->contract_id)
        reject_clause(cx, "C2.4", arena_printf(cx->mem, "lines.%zu.call_id", at), "other_contract");
    else if (strcmp(recording.agent_code, line->agent_code) != 0)
        reject_clause(cx, "C2.4", arena_printf(cx->mem, "lines.%zu.agent_code", at), "other_agent",
                      recording.agent_code);
    if (line->month.months && line->month.months != call_month(line->call_id).months)
        reject_clause(cx, "C2.4", arena_printf(cx->mem, "lines.%zu.month", at), "other_month");
    return OK;
}

static enum result check_line(struct ctx *cx, const struct letter *letter,
                              const struct evidence_line *line, size_t at)
{
    const struct month month = month_meant(line);
    int64_t person;
    TRY(check_call(cx, letter, line, at));
    TRY(db_int(cx, &q_evidence_person, PARAMS(P(letter->contract_id), P(line->agent_code)),
               &person));
    if (!person)
        reject_clause(cx, "C2.4", arena_printf(cx->mem, "lines.%zu.agent_code", at),
                      "unknown_agent", line->agent_code);
    if (!month.months)
        reject_clause(cx, "C2.4", arena_printf(cx->mem, "lines.%zu.month", at), "month_or_call");
    else if (month.months > month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN)).months)
        reject_clause(cx, "C2.4", arena_printf(cx->mem, "lines.%zu.month", at), "month_to_come");
    return OK;
}

static enum result evidence_check(struct ctx *cx, const struct letter *letter, const void *rows,
                                  size_t count)
{
    const struct evidence_line *lines = rows;
    for (size_t i = 0; i < count; i++)
        TRY(check_line(cx, letter, &lines[i], i));
    return OK;
}

/* ---- what becomes of it ---- */

/* When it first came, also where the letter was returned and sent again: nobody makes it late, and
 * nobody makes other evidence timely by it. */
static enum result handed_in(struct ctx *cx, const struct letter *letter,
                             const struct evidence_line *line, struct instant comes,
                             struct instant *out)
{
    TRY(db_int(cx, &q_penalty_first,
               PARAMS(P(letter->id), P(line->agent_code), P(month_meant(line)),
                      param_number(line->call_id), P(line->fact)),
               &out->ms));
    if (!out->ms)
        *out = comes;
    return OK;
}

static enum result propose(struct ctx *cx, const struct letter *letter,
                           const struct evidence_line *line)
{
    struct appraisal_month month;
    struct penalty penalty = {.contract_id = letter->contract_id,
                              .month = month_meant(line),
                              .letter_id = letter->id,
                              .agent_code = line->agent_code,
                              .call_id = line->call_id,
                              .second = line->second};
    fields_blank(PENALTIES.fields, &penalty);
    penalty.fact = line->fact;
    penalty.proposal = line->proposal;
    TRY(month_need(cx, letter->contract_id, penalty.month, &month));
    TRY(db_int(cx, &q_evidence_person, PARAMS(P(letter->contract_id), P(line->agent_code)),
               &penalty.person_id));
    TRY(handed_in(cx, letter, line, letter->sent_at, &penalty.handed_in_at));
    penalty.month_id = month.id;
    penalty.late = penalty.handed_in_at.ms > month.evidence_by.ms;
    penalty.state =
        penalty.late || month.state >= MONTH_PUBLISHED ? PENALTY_KEPT : PENALTY_PROPOSED;
    return record_add(cx, &PENALTIES, &penalty);
}

static const struct field ID_FIELDS[] = {FIELD(record, id), FIELDS_END};

static enum result penalties_of(struct ctx *cx, const struct letter *letter, struct penalty **out,
                                size_t *out_count)
{
    struct record *rows;
    TRY(db_list(cx, &q_penalties_of, PARAMS(P(letter->id)), ID_FIELDS, sizeof *rows, LINES_MOST,
                &rows, out_count));
    *out = ARENA_ARRAY(cx->mem, struct penalty, *out_count + 1);
    for (size_t i = 0; i < *out_count; i++)
        TRY(record_get(cx, &PENALTIES, rows[i].id, &(*out)[i]));
    return OK;
}

/* Taken back, or sent back, or refused as a whole. */
static enum result end_all(struct ctx *cx, const struct letter *letter)
{
    struct penalty *penalties;
    size_t count;
    TRY(penalties_of(cx, letter, &penalties, &count));
    for (size_t i = 0; i < count; i++) {
        struct penalty after = penalties[i];
        const bool refused = letter->state == LETTER_REFUSED;
        if (penalties[i].state != PENALTY_PROPOSED && penalties[i].state != PENALTY_KEPT)
            continue;
        after.state = refused ? PENALTY_REJECTED : PENALTY_VOID;
        after.reason = refused ? letter->reason : "";
        after.decided_at = cx->now;
        after.decider_id = refused ? letter->decider_id : 0;
        TRY(record_change(cx, &PENALTIES, refused ? "reject" : "void", &penalties[i], &after));
    }
    return OK;
}

static enum result evidence_stepped(struct ctx *cx, const struct letter *letter, const void *rows,
                                    size_t count)
{
    const struct evidence_line *lines = rows;
    if (letter->state == LETTER_APPROVED)
        return OK;
    TRY(end_all(cx, letter));
    for (size_t i = 0; letter->state == LETTER_SENT && i < count; i++)
        TRY(propose(cx, letter, &lines[i]));
    return OK;
}

/* What the other side reads of one line: what it came to, and why. */
static const char *answer_line(struct ctx *cx, const struct penalty *penalty)
{
    char points[POINTS_MAX_TEXT];
    points_format(penalty->points, points);
    const char *const key = penalty->late                      ? "penalties.answer.late"
                            : penalty->state == PENALTY_KEPT   ? "penalties.answer.published"
                            : penalty->state == PENALTY_UPHELD ? "penalties.answer.upheld"
                                                               : "penalties.answer.rejected";
    return texts_fill(cx->mem, key, LANG_ZH,
                      (const char *const[]){penalty->agent_code,
                                            penalty->state == PENALTY_UPHELD
                                                ? arena_dup(cx->mem, points)
                                                : penalty->reason,
                                            penalty->reason});
}

/* The answer says what was found of each line; so each was decided before. */
static enum result evidence_execute(struct ctx *cx, const struct letter *letter, const void *rows,
                                    size_t count, const char **out_answer)
{
    struct penalty *penalties;
    size_t pieces;
    struct text answer = text_new(cx->mem, 256);
    (void)rows;
    (void)count;
    TRY(penalties_of(cx, letter, &penalties, &pieces));
    for (size_t i = 0; i < pieces; i++) {
        if (penalties[i].state == PENALTY_PROPOSED)
            return fail(cx, CONFLICT, "penalty.undecided", penalties[i].agent_code);
        text_printf(&answer, "%s%s", i ? "\n" : "", answer_line(cx, &penalties[i]));
    }
    *out_answer = text_end(&answer);
    return OK;
}

/* ---- does it count? ---- */

/* Whether or not the month is open yet: its last moment for evidence, and when it was published,
 * if it is. */
static enum result times_of(struct ctx *cx, const struct letter *letter, struct month month,
                            struct instant *out_by, struct instant *out_published)
{
    struct appraisal_month opened;
    struct month_rule rule;
    const enum result found = month_of_contract(cx, letter->contract_id, month, &opened);
    *out_published = (struct instant){0};
    if (found == OK)
        *out_by = opened.evidence_by;
    if (found == OK && opened.state >= MONTH_PUBLISHED)
        *out_published = opened.published_at;
    if (found != NOT_FOUND)
        return found;
    TRY(month_rule_for(cx, letter->contract_id, month, &rule));
    *out_by = month_evidence_by(cx, &rule, month);
    return OK;
}

/* Why a line counts for nothing: "late", "published"; "" it counts. */
static enum result why_not(struct ctx *cx, const struct letter *letter,
                           const struct evidence_line *line, const char **out,
                           struct instant *out_by)
{
    const bool still_to_come = letter->state == LETTER_DRAFT || letter->state == LETTER_RETURNED;
    const struct instant comes = still_to_come ? cx->now : letter->sent_at;
    struct instant first = comes, published;
    TRY(times_of(cx, letter, month_meant(line), out_by, &published));
    if (letter->sent_at.ms)
        TRY(handed_in(cx, letter, line, comes, &first));
    *out = first.ms > out_by->ms                     ? "late"
           : published.ms && comes.ms > published.ms ? "published"
                                                     : "";
    return OK;
}

/* What does not count is told from the draft on; where all of it is so, nobody owes a verdict. */
static enum result evidence_look(struct ctx *cx, const struct letter *letter, const void *rows,
                                 size_t count, const char **out_warning, bool *out_owes)
{
    const struct evidence_line *lines = rows;
    struct text warning = text_new(cx->mem, 128);
    size_t useless = 0;
    for (size_t i = 0; i < count; i++) {
        struct instant by;
        const char *why;
        char month[MONTH_MAX_TEXT], until[INSTANT_MAX_TEXT];
        if (!month_meant(&lines[i]).months)
            continue;
        TRY(why_not(cx, letter, &lines[i], &why, &by));
        if (!*why)
            continue;
        month_format(month_meant(&lines[i]), month);
        instant_format(by, until);
        text_printf(&warning, "%s%s", useless++ ? "\n" : "",
                    texts_fill(cx->mem, arena_printf(cx->mem, "penalties.letter.%s", why), cx->lang,
                               (const char *const[]){
                                   lines[i].agent_code, arena_dup(cx->mem, month),
                                   arena_printf(cx->mem, "%.10s %.5s", until, until + 11)}));
    }
    *out_warning = text_end(&warning);
    *out_owes = useless < count;
    return OK;
}

const struct letter_type LETTER_PENALTY_EVIDENCE = {
    .name = PENALTY_EVIDENCE,
    .clause = "C2.4",
    .prefix = "核实",
    .from = 1u << SIDE_CLIENT,
    .service = SERVICE_OUTBOUND_CALL,
    .line_fields = EVIDENCE_FIELDS,
    .line_size = sizeof(struct evidence_line),
    .needs_lines = true,
    .check = evidence_check,
    .execute = evidence_execute,
    .stepped = evidence_stepped,
    .look = evidence_look,
    .decide = {.kind = DUE_WORKING_DAYS, .count = 3},
    .execute_in = {.kind = DUE_WORKING_DAYS, .count = 3},
};
