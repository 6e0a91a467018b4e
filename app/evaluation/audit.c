/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/evaluation/audit.h"

#include "app/duties/duty.h"
#include "app/evaluation/audit.sql.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#define POOL_MOST 200000
#define DAYS_MOST 370

/* ---- conflicts of interest ---- */

const char *const INTERESTS[] = {"none", "kin", "money", "work", "other", NULL};

static const struct field INTEREST_FIELDS[] = {
    RECORD_FIELDS(interest_declaration),
    FIELD_REF(interest_declaration, person_id, "people", .use = FILTERED),
    FIELD(interest_declaration, person_name, .column = "p.name", .use = LISTED),
    FIELD_REF(interest_declaration, client_id, "organisations", .use = HIDDEN),
    FIELD_REF(interest_declaration, provider_id, "organisations", .in = MUST,
              .use = FIXED | FILTERED, .among = "side=provider", .clause = "V3.2"),
    FIELD(interest_declaration, provider_name, .column = "o.name", .use = LISTED),
    FIELD_ENUM(interest_declaration, interest, INTERESTS, .in = MUST,
               .use = FIXED | LISTED | FILTERED),
    FIELD(interest_declaration, words, .in = MAY, .max = 500, .use = FIXED | LONG_TEXT),
    FIELDS_END,
};

static enum result interest_check(struct ctx *cx, void *record, const void *before)
{
    struct interest_declaration *declaration = record;
    if (before)
        return OK;
    declaration->person_id = cx->actor->person_id;
    declaration->client_id = cx->actor->organisation_id;
    if (declaration->interest > INTEREST_NONE && !*text_plain(cx->mem, declaration->words))
        reject_clause(cx, "V3.2", "words", "required");
    return OK;
}

const struct resource INTEREST_DECLARATIONS = {
    .name = "interest_declarations",
    .clause = "V3.2",
    .fields = INTEREST_FIELDS,
    .size = sizeof(struct interest_declaration),
    .joins = "JOIN people p ON p.id = t.person_id JOIN organisations o ON o.id = t.provider_id",
    .title = "person_name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org"},
    .check = interest_check,
};

enum result interest_of(struct ctx *cx, int64_t provider_id, enum interest *out)
{
    struct interest_declaration last;
    int64_t id;
    *out = 0;
    TRY(db_int(cx, &q_interest_last, PARAMS(P(cx->actor->person_id), P(provider_id)), &id));
    if (!id)
        return OK;
    TRY(record_get(cx, &INTEREST_DECLARATIONS, id, &last));
    *out = last.interest;
    return OK;
}

enum result interest_demand(struct ctx *cx, int64_t provider_id)
{
    enum interest interest;
    if (cx->actor->is_system)
        return OK;
    TRY(interest_of(cx, provider_id, &interest));
    if (!interest)
        return fail(cx, CONFLICT, "evaluation.declare_first");
    return interest == INTEREST_NONE
               ? OK
               : fail(cx, FORBIDDEN, "evaluation.interested", cx->actor->person_name);
}

enum result interest_bar(struct ctx *cx, int64_t provider_id)
{
    enum interest interest;
    if (cx->actor->is_system)
        return OK;
    TRY(interest_of(cx, provider_id, &interest));
    return interest <= INTEREST_NONE
               ? OK
               : fail(cx, FORBIDDEN, "evaluation.interested", cx->actor->person_name);
}

/* ---- samples ---- */

const char *const SAMPLE_SOURCES[] = {"evaluations", "acceptances", NULL}; /* resources */
/* Ids of what there is: ($1 client, $2 begin, $3 end). */
static const struct query *const POOLS[] = {
    [SAMPLE_EVALUATIONS] = &q_sample_evaluations, [SAMPLE_ACCEPTANCES] = &q_sample_acceptances};

static const struct field SAMPLE_FIELDS[] = {
    RECORD_FIELDS(audit_sample),
    FIELD_REF(audit_sample, organisation_id, "organisations", .use = HIDDEN),
    FIELD_ENUM(audit_sample, source, SAMPLE_SOURCES, .in = MUST, .use = FIXED | LISTED),
    FIELD(audit_sample, from, .in = MUST, .use = FIXED | LISTED),
    FIELD(audit_sample, to, .in = MUST, .use = FIXED | LISTED),
    FIELD(audit_sample, count, .in = MUST, .min = 1, .max = SAMPLE_MOST, .use = FIXED | LISTED),
    FIELD(audit_sample, seed, .use = LISTED, .clause = "V3.2"),
    FIELD(audit_sample, pool, .use = LISTED),
    FIELD(audit_sample, drawn),
    FIELD_REF(audit_sample, drawer_id, "people", .use = NO_DIFF),
    FIELD(audit_sample, drawn_by, .column = "COALESCE(p.name, '')", .use = LISTED),
    FIELDS_END,
};

struct lot {
    uint64_t rank;
    int64_t id;
};

static int lowest_first(const void *a, const void *b)
{
    const struct lot *left = a, *right = b;
    if (left->rank != right->rank)
        return left->rank < right->rank ? -1 : 1;
    return (left->id > right->id) - (left->id < right->id);
}

/* By nothing but the seed and the ids: whoever has both draws the same again. */
static enum result draw(struct ctx *cx, struct audit_sample *sample)
{
    static const struct field ID_FIELDS[] = {FIELD(record, id), FIELDS_END};
    struct record *rows;
    size_t count;
    struct text text = text_new(cx->mem, 64);
    const uint64_t seed = hash_stable(0, sample->seed, strlen(sample->seed));
    TRY(db_list(cx, POOLS[sample->source],
                PARAMS(P(sample->organisation_id),
                       P(instant_of(sample->from, 0, SHANGHAI_OFFSET_MIN)),
                       P(instant_of(date_add(sample->to, 1), 0, SHANGHAI_OFFSET_MIN))),
                ID_FIELDS, sizeof *rows, POOL_MOST, &rows, &count));
    struct lot *lots = ARENA_ARRAY(cx->mem, struct lot, count + 1);
    for (size_t i = 0; i < count; i++)
        lots[i] = (struct lot){hash_stable(seed, &rows[i].id, sizeof rows[i].id), rows[i].id};
    if (count)
        qsort(lots, count, sizeof *lots, lowest_first);
    for (size_t i = 0; i < count && i < (size_t)sample->count; i++)
        text_printf(&text, "%s%lld", i ? " " : "", (long long)lots[i].id);
    if ((size_t)sample->count > count)
        reject_clause(cx, "V3.2", "count", "beyond_pool", text_count(cx->mem, (int64_t)count));
    sample->pool = (int32_t)count;
    sample->drawn = text_end(&text);
    return OK;
}

static enum result sample_check(struct ctx *cx, void *record, const void *before)
{
    struct audit_sample *sample = record;
    char seed[TOKEN_TEXT];
    if (before)
        return OK;
    sample->organisation_id = cx->actor->organisation_id;
    sample->drawer_id = cx->actor->person_id;
    if (sample->to.days < sample->from.days || sample->to.days - sample->from.days > DAYS_MOST)
        reject_clause(cx, "V3.2", "to", "span_of_days");
    if (!sample->source)
        return OK; /* refused as required */
    if (!*sample->seed) {
        random_token(seed);
        sample->seed = arena_printf(cx->mem, "%.16s", seed);
    }
    return draw(cx, sample);
}

const struct resource AUDIT_SAMPLES = {
    .name = "audit_samples",
    .clause = "V3.2",
    .fields = SAMPLE_FIELDS,
    .size = sizeof(struct audit_sample),
    .joins = "LEFT JOIN people p ON p.id = t.drawer_id",
    .title = "seed",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@organisation_id = :org"},
    .check = sample_check,
};

size_t sample_ids(const struct audit_sample *sample, int64_t out[SAMPLE_MOST])
{
    size_t count = 0;
    for (const char *at = sample->drawn; *at && count < SAMPLE_MOST;) {
        char *end;
        out[count++] = strtoll(at, &end, 10);
        at = end + (*end == ' ');
    }
    return count;
}

/* ---- findings ---- */

static const char *const SEVERITIES[] = {"minor", "serious", NULL};
static const char *const STATES[] = {"open", "answered", "closed", NULL};

static const struct field FINDING_FIELDS[] = {
    RECORD_FIELDS(audit_finding),
    FIELD(audit_finding, subject, .in = MUST, .max = 80, .use = FIXED | LISTED),
    FIELD_REF(audit_finding, organisation_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(audit_finding, evaluation_id, "evaluations", .in = MAY, .use = FIXED | FILTERED,
              .clause = "V3.2"),
    FIELD_REF(audit_finding, acceptance_id, "acceptances", .in = MAY, .use = FIXED | FILTERED,
              .clause = "V3.2"),
    FIELD(audit_finding, evaluation_period, .column = "COALESCE(e.period, '')"),
    FIELD_REF(audit_finding, unit_id, "units", .in = MAY, .use = FIXED | FILTERED),
    FIELD(audit_finding, unit_name, .column = "u.name", .use = LISTED),
    FIELD_REF(audit_finding, sample_id, "audit_samples", .in = MAY, .use = FIXED | FILTERED),
    FIELD_ENUM(audit_finding, severity, SEVERITIES, .in = MUST, .use = FIXED | LISTED | FILTERED),
    FIELD(audit_finding, words, .in = MUST, .max = 1000, .use = FIXED | LONG_TEXT),
    FIELD_REF(audit_finding, finder_id, "people", .use = NO_DIFF),
    FIELD(audit_finding, found_by, .column = "COALESCE(pf.name, '')"),
    FIELD(audit_finding, answer_by, .use = LISTED),
    FIELD(audit_finding, answer, .use = LONG_TEXT),
    FIELD_REF(audit_finding, answerer_id, "people", .use = NO_DIFF),
    FIELD(audit_finding, answered_by, .column = "COALESCE(pa.name, '')"),
    FIELD(audit_finding, answered_at),
    FIELD(audit_finding, reason, .use = LONG_TEXT),
    FIELD(audit_finding, closed_at),
    FIELD_ENUM(audit_finding, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static enum result finding_check(struct ctx *cx, void *record, const void *before)
{
    struct audit_finding *finding = record;
    struct evaluation evaluation;
    if (before)
        return OK;
    if (finding->evaluation_id) {
        TRY(record_get(cx, &EVALUATIONS, finding->evaluation_id, &evaluation));
        finding->unit_id = evaluation.unit_id;
    }
    if (finding->acceptance_id && !finding->unit_id)
        TRY(db_int(cx, &q_unit_of_acceptance, PARAMS(P(finding->acceptance_id)),
                   &finding->unit_id));
    if (!finding->unit_id)
        reject_clause(cx, "V3.2", "unit_id", "required");
    finding->organisation_id = cx->actor->organisation_id;
    finding->finder_id = cx->actor->person_id;
    finding->answer_by = due_of(cx, &AUDIT_DUTIES[0], cx->now);
    finding->state = AUDIT_FINDING_OPEN;
    return OK;
}

const struct resource AUDIT_FINDINGS = {
    .name = "audit_findings",
    .clause = "V3.2",
    .fields = FINDING_FIELDS,
    .size = sizeof(struct audit_finding),
    .joins = "JOIN units u ON u.id = t.unit_id LEFT JOIN evaluations e ON e.id = t.evaluation_id "
             "LEFT JOIN people pf ON pf.id = t.finder_id LEFT JOIN people pa ON pa.id = "
             "t.answerer_id",
    .title = "subject",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@organisation_id = :org"},
    .unit = "unit_id",
    .check = finding_check,
};

static enum result demand_state(struct ctx *cx, const struct audit_finding *finding,
                                enum audit_finding_state state)
{
    return finding->state == state
               ? OK
               : fail(cx, CONFLICT, "audit_finding.wrong_state", finding->subject,
                      state_name(cx, &AUDIT_FINDINGS, STATES, finding->state));
}

static enum result tell(struct ctx *cx, const struct audit_finding *finding, const char *kind,
                        uint64_t roles, const char *detail)
{
    return notice_roles(cx, finding->organisation_id, finding->unit_id, roles,
                        &(struct news){.kind = kind,
                                       .subject = &AUDIT_FINDINGS,
                                       .subject_id = finding->id,
                                       .title = finding->subject,
                                       .detail = detail});
}

enum result finding_answer(struct ctx *cx, const struct audit_finding *finding, const char *answer)
{
    struct audit_finding after = *finding;
    TRY(demand_state(cx, finding, AUDIT_FINDING_OPEN));
    check_words(cx, "answer", answer, REASON_MOST);
    TRY(rejected(cx));
    after.answer = answer;
    after.answerer_id = cx->actor->person_id;
    after.answered_at = cx->now;
    after.state = AUDIT_FINDING_ANSWERED;
    TRY(record_change(cx, &AUDIT_FINDINGS, "answer", finding, &after));
    return tell(cx, &after, "finding.answered", R(AUDIT), answer);
}

enum result finding_close(struct ctx *cx, const struct audit_finding *finding, const char *reason)
{
    struct audit_finding after = *finding;
    TRY(demand_state(cx, finding, AUDIT_FINDING_ANSWERED));
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.reason = reason;
    after.closed_at = cx->now;
    after.state = AUDIT_FINDING_CLOSED;
    TRY(record_change(cx, &AUDIT_FINDINGS, "close", finding, &after));
    return tell(cx, &after, "finding.closed", R(DIVISION) | R(PM), reason);
}

enum result finding_again(struct ctx *cx, const struct audit_finding *finding, const char *reason)
{
    struct audit_finding after = *finding;
    TRY(demand_state(cx, finding, AUDIT_FINDING_ANSWERED));
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.reason = reason;
    after.answer_by = due_of(cx, &AUDIT_DUTIES[0], cx->now);
    after.state = AUDIT_FINDING_OPEN;
    TRY(record_change(cx, &AUDIT_FINDINGS, "ask_again", finding, &after));
    return tell(cx, &after, "finding.again", R(DIVISION) | R(PM), reason);
}

static enum result judge_finding(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct audit_finding *finding = record;
    (void)cx;
    *out = finding->state == AUDIT_FINDING_OPEN ? OWING_DUTY : OWING_MET;
    duty->title = finding->subject;
    duty->organisation_id = finding->organisation_id;
    duty->unit_id = finding->unit_id;
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[ROLE_DIVISION - 1];
    duty->internal = true;
    duty->due_at = finding->answer_by;
    return OK;
}

const struct duty_rule AUDIT_DUTIES[] = {
    {"answer_finding",
     "V3.2",
     &AUDIT_FINDINGS,
     judge_finding,
     {.kind = DUE_WORKING_DAYS, .count = 5}},
    DUTY_RULES_END,
};

const struct right AUDIT_RIGHTS[] = {
    {"interest_declarations.read", R_SUPERVISION | R(AUDIT), "V3.2"},
    {"interest_declarations.write", R_SUPERVISION, "V3.2"},
    {"audit_samples.read", R(OPS) | R(AUDIT), "V3.2"},
    {"audit_samples.write", R(AUDIT), "V3.2"},
    {"audit_findings.read", R_SUPERVISION | R(AUDIT), "V3.2"},
    {"audit_findings.write", R(AUDIT), "V3.2"},
    {"audit_findings.answer", R(DIVISION) | R(PM), "V3.2"},
    RIGHTS_END,
};
