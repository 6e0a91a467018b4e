/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/staffing/manager_addition.h"

#include "app/staffing/manager_addition.sql.h"
#include "app/staffing/requirement.h"
#include "base/texts.h"

#include <string.h>

#define REVIEWS_OF_MS (INT64_C(30) * 86400000)
#define COUNT_MOST 100

/* ---- the load ---- */

static const enum job MANAGERS[WORKLOADS] = {JOB_DUTY_MANAGER, JOB_SUPERVISOR, JOB_QA};

const struct field WORKLOAD_FIELDS[] = {FIELD_ENUM(workload, job, JOBS), FIELD(workload, staffed),
                                        FIELD(workload, work), FIELD(workload, load), FIELDS_END};

static struct date today(const struct ctx *cx)
{
    return instant_date(cx->now, SHANGHAI_OFFSET_MIN);
}

static enum result workload_of(struct ctx *cx, const struct contract *contract, enum job job,
                               struct workload *out)
{
    int64_t reviews;
    *out = (struct workload){.job = job};
    TRY(staff_count(cx, contract->provider_id, job, today(cx), &out->staffed));
    if (job == JOB_QA) {
        const struct instant since = {cx->now.ms - REVIEWS_OF_MS};
        TRY(db_int(cx, &q_reviews_since, PARAMS(P(contract->id), P(since)), &reviews));
        out->work = (int32_t)reviews;
    } else {
        TRY(staff_count(cx, contract->provider_id, JOB_AGENT, today(cx), &out->work));
    }
    if (out->staffed)
        out->load.hundredths = (INT64_C(200) * out->work / out->staffed + 1) / 2;
    return OK;
}

enum result workloads_of(struct ctx *cx, const struct contract *contract,
                         struct workload out[WORKLOADS])
{
    for (size_t i = 0; i < WORKLOADS; i++)
        TRY(workload_of(cx, contract, MANAGERS[i], &out[i]));
    return OK;
}

/* ---- the letter ---- */

struct addition_line {
    enum job job;
    int32_t count; /* how many more */
    struct date from, to;
    int32_t staffed, work;
    struct points load;
    const char *reason;
};
static const struct field ADDITION_FIELDS[] = {
    FIELD_ENUM(addition_line, job, JOBS, .in = MUST, .use = LISTED, .clause = "C2.9"),
    FIELD(addition_line, count, .in = MUST, .min = 1, .max = COUNT_MOST, .use = LISTED,
          .clause = "C2.9"),
    FIELD(addition_line, from, .in = MUST, .use = LISTED),
    FIELD(addition_line, to, .in = MAY, .use = LISTED),
    FIELD(addition_line, staffed, .in = MUST, .use = LISTED, .clause = "C2.9"),
    FIELD(addition_line, work, .in = MUST, .use = LISTED, .clause = "C2.9"),
    FIELD(addition_line, load, .in = MUST, .use = LISTED, .clause = "C2.9"),
    FIELD(addition_line, reason, .in = MUST, .max = 500, .use = LISTED),
    FIELDS_END,
};

/* The figures are those of the day on which it is sent; later they are what was said. */
static enum result figures_check(struct ctx *cx, const struct letter *letter,
                                 const struct contract *contract, const struct addition_line *line,
                                 size_t index)
{
    struct workload now;
    if (!letter_is_open(letter))
        return OK;
    TRY(workload_of(cx, contract, line->job, &now));
    if (now.staffed != line->staffed)
        reject_clause(cx, "C2.9", arena_printf(cx->mem, "lines.%zu.staffed", index),
                      "figure_differs", arena_printf(cx->mem, "%d", now.staffed));
    if (now.work != line->work)
        reject_clause(cx, "C2.9", arena_printf(cx->mem, "lines.%zu.work", index), "figure_differs",
                      arena_printf(cx->mem, "%d", now.work));
    if (now.load.hundredths != line->load.hundredths)
        reject_clause(cx, "C2.9", arena_printf(cx->mem, "lines.%zu.load", index), "figure_differs",
                      arena_printf(cx->mem, "%d.%02d", (int)(now.load.hundredths / 100),
                                   (int)(now.load.hundredths % 100)));
    return OK;
}

static enum result addition_check(struct ctx *cx, const struct letter *letter, const void *rows,
                                  size_t count)
{
    const struct addition_line *lines = rows;
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, letter->contract_id, &contract));
    for (size_t i = 0; i < count; i++) {
        const enum job job = lines[i].job;
        if (job != JOB_DUTY_MANAGER && job != JOB_SUPERVISOR && job != JOB_QA)
            reject_clause(cx, "C2.9", arena_printf(cx->mem, "lines.%zu.job", i), "no_manager");
        if (lines[i].to.days && lines[i].to.days < lines[i].from.days)
            reject_clause(cx, "C2.9", arena_printf(cx->mem, "lines.%zu.to", i),
                          "ends_before_start");
        TRY(figures_check(cx, letter, &contract, &lines[i], i));
    }
    return OK;
}

/* More than there are, and than were asked for before. */
static enum result raise_requirement(struct ctx *cx, const struct letter *letter,
                                     const struct contract *contract,
                                     const struct addition_line *line)
{
    struct staff_requirement more = {.contract_id = letter->contract_id,
                                     .job = line->job,
                                     .from = line->from,
                                     .to = line->to,
                                     .count = line->count,
                                     .note = line->reason,
                                     .letter_id = letter->id};
    int32_t required, staffed;
    fields_blank(STAFF_REQUIREMENTS.fields, &more);
    TRY(staff_required(cx, letter->contract_id, line->job, line->from, &required));
    TRY(staff_count(cx, contract->provider_id, line->job, today(cx), &staffed));
    if (staffed > required)
        more.count += staffed - required;
    return record_add(cx, &STAFF_REQUIREMENTS, &more);
}

static enum result addition_execute(struct ctx *cx, const struct letter *letter, const void *rows,
                                    size_t count, const char **out_answer)
{
    const struct addition_line *lines = rows;
    struct text words = text_new(cx->mem, 128);
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, letter->contract_id, &contract));
    for (size_t i = 0; i < count; i++) {
        const char *job = texts_get(
            arena_printf(cx->mem, "people.job.%s", choice_name(JOBS, lines[i].job)), LANG_ZH);
        TRY(raise_requirement(cx, letter, &contract, &lines[i]));
        text_printf(&words, "%s%s %d 名", i ? "、" : "", job, lines[i].count);
    }
    *out_answer = texts_fill(cx->mem, "manager_addition.answer", LANG_ZH,
                             (const char *const[]){text_end(&words), NULL, NULL});
    return OK;
}

const struct letter_type LETTER_MANAGER_ADDITION = {
    .name = "manager_addition",
    .clause = "C2.9",
    .prefix = "增配",
    .from = 1u << SIDE_CLIENT,
    .service = SERVICE_OUTBOUND_CALL,
    .line_fields = ADDITION_FIELDS,
    .line_size = sizeof(struct addition_line),
    .needs_lines = true,
    .check = addition_check,
    .execute = addition_execute,
    .decide = {.kind = DUE_WORKING_DAYS, .count = 3},
    .execute_in = {.kind = DUE_WORKING_DAYS, .count = 2},
};

enum result manager_addition_begin(struct ctx *cx, int64_t contract_id, enum job job, int32_t count,
                                   const char *reason, int64_t *out_id)
{
    struct contract contract;
    struct workload now;
    TRY(demand_right(cx, "letters.write"));
    TRY(record_get(cx, &CONTRACTS, contract_id, &contract));
    TRY(workload_of(cx, &contract, job, &now));
    const struct addition_line line = {.job = job,
                                       .count = count,
                                       .from = today(cx),
                                       .staffed = now.staffed,
                                       .work = now.work,
                                       .load = now.load,
                                       .reason = reason};
    struct letter letter = {
        .type = LETTER_MANAGER_ADDITION.name,
        .contract_id = contract_id,
        .from_side = SIDE_CLIENT,
        .subject = texts_get("manager_addition.subject", LANG_ZH),
        .lines = letter_lines_text(cx->mem, &LETTER_MANAGER_ADDITION, &line, 1),
    };
    TRY(record_add(cx, &LETTERS, &letter));
    *out_id = letter.id;
    return OK;
}
