/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A scheme as a record: what it holds, who sees it, and when it may change. */
#include "app/scores/scheme.h"

#include "app/scores/scheme.sql.h"
#include "app/scores/scheme_private.h"
#include "base/doc.h"

#include <string.h>

const char *const SCHEME_SUBJECTS[] = {"agent", "manager", "contract", "project", NULL};
const char *const APPRAISED[] = {"agent", "manager", NULL};
static const char *const STATES[] = {"draft", "consulting", "in_force", "retired", NULL};
const char *const GRADES[] = {"excellent", "good", "pass", "fail", NULL};
const char *const OPTION_WHO[] = {"newcomer",   "probation", "transfer",
                                  "part_month", "too_short", NULL};
const char *const OPTION_EFFECTS[] = {"unranked", "prorate", "left_out", NULL};

const struct field OPTION_FIELDS[] = {
    FIELD_ENUM(scheme_option, who, OPTION_WHO, .in = MUST),
    FIELD(scheme_option, days, .in = MAY, .max = 366),
    FIELD_ENUM(scheme_option, effect, OPTION_EFFECTS, .in = MUST),
    FIELDS_END,
};

const struct field GRADE_FIELDS[] = {
    FIELD_ENUM(grade_from, grade, GRADES, .in = MUST),
    FIELD(grade_from, from, .in = MUST, .max = 200 * INT64_C(100)),
    FIELDS_END,
};

static const struct field SCHEME_FIELDS[] = {
    RECORD_FIELDS(scheme),
    FIELD_REF(scheme, contract_id, "contracts", .in = MAY, .use = FIXED | FILTERED,
              .among = "service=outbound_call", .clause = "C2.4"),
    FIELD(scheme, contract_number, .column = "c.number"),
    FIELD(scheme, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(scheme, unit_id, "units", .in = MAY, .use = FIXED | FILTERED | NO_DIFF,
              .clause = "V6.1.1"),
    FIELD(scheme, unit_name, .column = "su.name", .use = LISTED),
    FIELD_REF(scheme, provider_id, "organisations", .use = FILTERED | NO_DIFF),
    FIELD_REF(scheme, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_ENUM(scheme, subject, SCHEME_SUBJECTS, .in = MUST, .use = FIXED | LISTED | FILTERED),
    FIELD_ENUM(scheme, service, SERVICES, .in = MAY, .use = FIXED),
    FIELD(scheme, name, .in = MUST, .max = 60, .use = LISTED),
    FIELD(scheme, revision, .use = LISTED),
    FIELD_REF(scheme, former_id, "schemes"),
    FIELD(scheme, from_month, .in = MUST, .use = LISTED, .clause = "C2.4"),
    FIELD(scheme, to_month, .use = LISTED),
    FIELD(scheme, note, .in = MAY, .max = 1000, .use = LONG_TEXT),
    FIELD(scheme, indicators, .use = HIDDEN | TRAILED),
    FIELD(scheme, grades, .use = HIDDEN | TRAILED),
    FIELD(scheme, options, .use = HIDDEN | TRAILED),
    FIELD(scheme, rule_version),
    FIELD(scheme, sha256),
    FIELD_REF(scheme, letter_id, "letters"),
    FIELD(scheme, letter_number, .column = "l.number"),
    FIELD_REF(scheme, approver_id, "people", .use = NO_DIFF),
    FIELD(scheme, approved_by, .column = "COALESCE(pa.name, '')"),
    FIELD(scheme, approved_at, .use = NO_DIFF),
    FIELD(scheme, reason),
    FIELD_ENUM(scheme, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

enum result scheme_wrong_state(struct ctx *cx, const struct scheme *scheme)
{
    return fail(cx, CONFLICT, "scheme.wrong_state", scheme->name,
                state_name(cx, &SCHEMES, STATES, scheme->state));
}

bool scheme_evaluates(const struct scheme *scheme)
{
    return scheme->subject >= SCHEME_CONTRACT;
}

enum measured_kind scheme_measures(enum scheme_subject subject)
{
    return subject == SCHEME_CONTRACT  ? OF_CONTRACTS
           : subject == SCHEME_PROJECT ? OF_PROJECTS
                                       : OF_PEOPLE;
}

/* What a new one begins with: people, and contracts and projects. */
static const struct grade_from USUAL_GRADES[][GRADES_MOST] = {
    {{GRADE_EXCELLENT, {9500}}, {GRADE_GOOD, {8500}}, {GRADE_PASS, {6000}}, {GRADE_FAIL, {0}}},
    {{GRADE_EXCELLENT, {9000}}, {GRADE_GOOD, {8000}}, {GRADE_PASS, {7000}}, {GRADE_FAIL, {0}}}};

/* Who was there for less than half of a month is not ranked among the others. */
static const struct scheme_option USUAL_OPTIONS[] = {
    {WHO_TOO_SHORT, USUAL_LEAST_DAYS, EFFECT_UNRANKED}};

/* A division speaks for what lies below it: a project for nobody. */
static enum result evaluation_begin(struct ctx *cx, struct scheme *scheme)
{
    struct unit unit;
    if (scheme->contract_id)
        reject_clause(cx, "V6.1.1", "contract_id", "for_a_unit");
    if (!cx->actor->is_system && cx->actor->side != SIDE_CLIENT)
        return fail(cx, FORBIDDEN, "scheme.client_only");
    if (!scheme->unit_id)
        scheme->unit_id = cx->actor->unit_id;
    TRY(record_get(cx, &UNITS, scheme->unit_id, &unit));
    if (unit.kind == UNIT_PROJECT)
        reject_clause(cx, "V6.1.1", "unit_id", "not_a_division");
    if (scheme->subject == SCHEME_PROJECT && scheme->service)
        reject_clause(cx, "V6.1.1", "service", "not_of_projects");
    scheme->client_id = unit.organisation_id;
    return OK;
}

static enum result appraisal_begin(struct ctx *cx, struct scheme *scheme)
{
    struct contract contract;
    if (!scheme->contract_id)
        reject_clause(cx, "C2.4", "contract_id", "required");
    if (!cx->actor->is_system && cx->actor->side != SIDE_PROVIDER)
        return fail(cx, FORBIDDEN, "scheme.provider_only");
    TRY(rejected(cx));
    TRY(record_get(cx, &CONTRACTS, scheme->contract_id, &contract));
    if (contract.service != SERVICE_OUTBOUND_CALL)
        reject_clause(cx, "C2.4", "contract_id", "not_outbound_call", contract.number);
    scheme->unit_id = contract.unit_id;
    scheme->provider_id = contract.provider_id;
    scheme->client_id = contract.client_id;
    scheme->service = 0;
    return OK;
}

static enum result scheme_begin(struct ctx *cx, struct scheme *scheme)
{
    const bool evaluates = scheme_evaluates(scheme);
    const struct grade_from *usual = USUAL_GRADES[evaluates];
    TRY(evaluates ? evaluation_begin(cx, scheme) : appraisal_begin(cx, scheme));
    scheme->rule_version = SCORING_VERSION;
    scheme->state = SCHEME_DRAFT;
    if (!scheme->revision)
        scheme->revision = 1;
    if (!*scheme->grades)
        scheme->grades = json_rows_text(cx->mem, GRADE_FIELDS, usual, GRADES_MOST, sizeof *usual);
    if (!*scheme->indicators && !evaluates)
        scheme->indicators = scheme_usual(cx, scheme->subject);
    if (!*scheme->options && !evaluates)
        scheme->options =
            json_rows_text(cx->mem, OPTION_FIELDS, USUAL_OPTIONS,
                           sizeof USUAL_OPTIONS / sizeof USUAL_OPTIONS[0], sizeof USUAL_OPTIONS[0]);
    return OK;
}

enum result scheme_demand_writer(struct ctx *cx, const struct scheme *scheme)
{
    if (cx->actor->is_system || scheme_evaluates(scheme) == (cx->actor->side == SIDE_CLIENT))
        return OK;
    return fail(cx, FORBIDDEN,
                scheme_evaluates(scheme) ? "scheme.client_only" : "scheme.provider_only");
}

/* Once consent was asked for it, nothing of it changes but its state. */
static enum result scheme_check(struct ctx *cx, void *record, const void *former)
{
    struct scheme *scheme = record;
    const struct scheme *before = former;
    if (!before)
        return scheme_begin(cx, scheme);
    if (before->state != SCHEME_DRAFT && scheme->state == before->state)
        return scheme_wrong_state(cx, before);
    return OK;
}

static enum result scheme_open(struct ctx *cx, const void *record)
{
    const struct scheme *scheme = record;
    if (scheme->id)
        TRY(scheme_demand_writer(cx, scheme));
    return !scheme->id || scheme->state == SCHEME_DRAFT ? OK : scheme_wrong_state(cx, scheme);
}

/* The proof that staff was consulted stays with what was asked for. */
static enum result scheme_attach(struct ctx *cx, int64_t id)
{
    struct scheme scheme;
    TRY(record_get(cx, &SCHEMES, id, &scheme));
    return scheme_open(cx, &scheme);
}

const struct resource SCHEMES = {
    .name = "schemes",
    .clause = "C2.4",
    .fields = SCHEME_FIELDS,
    .size = sizeof(struct scheme),
    .joins =
        "LEFT JOIN contracts c ON c.id = t.contract_id JOIN units su ON su.id = t.unit_id "
        "LEFT JOIN letters l ON l.id = t.letter_id LEFT JOIN people pa ON pa.id = t.approver_id",
    .title = "name",
    .sort = "-id",
    /* Whoever is evaluated knows by what. */
    .scope = {[SIDE_CLIENT] = "@client_id = :org AND (@state <> 'draft' OR @provider_id IS NULL)",
              [SIDE_PROVIDER] =
                  "(@provider_id = :org OR (@subject = 'contract' AND @state IN ('in_force', "
                  "'retired') AND @client_id IN (SELECT k.client_id FROM contracts k WHERE "
                  "k.provider_id = :org AND k.state <> 'draft')))"},
    .unit = "unit_id",
    .beyond_units = "@provider_id IS NULL AND @state IN ('in_force', 'retired')",
    .check = scheme_check,
    .open = scheme_open,
    .attach = scheme_attach,
};

static enum result broken(struct ctx *cx, const struct scheme *scheme)
{
    return fail(cx, BROKEN, "scheme.broken", scheme->name);
}

enum result scheme_indicators(struct ctx *cx, const struct scheme *scheme, struct indicator **out,
                              size_t *out_count)
{
    return json_rows_read(cx->mem, scheme->indicators, INDICATOR_FIELDS, sizeof **out,
                          INDICATORS_MOST, out, out_count)
               ? OK
               : broken(cx, scheme);
}

enum result scheme_grades(struct ctx *cx, const struct scheme *scheme, struct grade_from **out,
                          size_t *out_count)
{
    return json_rows_read(cx->mem, scheme->grades, GRADE_FIELDS, sizeof **out, GRADES_MOST, out,
                          out_count)
               ? OK
               : broken(cx, scheme);
}

enum result scheme_options(struct ctx *cx, const struct scheme *scheme, struct scheme_option **out,
                           size_t *out_count)
{
    return json_rows_read(cx->mem, scheme->options, OPTION_FIELDS, sizeof **out, OPTIONS_MOST, out,
                          out_count)
               ? OK
               : broken(cx, scheme);
}

enum grade grade_of(const struct grade_from *grades, size_t count, struct points total)
{
    for (size_t i = 0; i < count; i++) {
        if (total.hundredths >= grades[i].from.hundredths)
            return grades[i].grade;
    }
    return 0;
}

/* ---- is it whole? ---- */

/* A place among others says nothing of a contract alone, and people's measures nothing of it. */
static void demand_measure(struct ctx *cx, const struct scheme *scheme,
                           const struct indicator *indicator, size_t index)
{
    const struct measure *measure = measure_find(indicator->measure);
    const char *at = arena_printf(cx->mem, "indicators.%zu.measure", index);
    if (indicator->method != METHOD_MANUAL &&
        (!measure || measure->of != scheme_measures(scheme->subject)))
        reject_clause(cx, SCHEME_CLAUSE(scheme), at, "unknown_measure", indicator->measure);
    if (scheme_evaluates(scheme) && indicator->method == METHOD_RANK)
        reject_clause(cx, "V6.1.1", arena_printf(cx->mem, "indicators.%zu.method", index),
                      "no_places");
}

static void demand_indicator(struct ctx *cx, const struct indicator *indicators, size_t index)
{
    const struct indicator *indicator = &indicators[index];
    const char *member, *code;
    size_t same = 0;
    while (strcmp(indicators[same].code, indicator->code) != 0)
        same++;
    if (same < index)
        reject_clause(cx, "C2.4", arena_printf(cx->mem, "indicators.%zu.code", index), "twice",
                      indicator->code);
    if (!indicator_check(indicator, &member, &code))
        reject_clause(cx, "C2.4", arena_printf(cx->mem, "indicators.%zu.%s", index, member), code);
    if (!indicator->nothing && indicator->method != METHOD_VETO &&
        indicator->method != METHOD_BONUS)
        reject_clause(cx, "C2.4", arena_printf(cx->mem, "indicators.%zu.nothing", index),
                      "required");
}

/* V5.1.5: it weighs, whatever else does. */
static void demand_served_party(struct ctx *cx, const struct indicator *indicators, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct measure *measure = measure_find(indicators[i].measure);
        if (measure && measure->served_party && indicators[i].weight.hundredths &&
            indicators[i].method != METHOD_BONUS)
            return;
    }
    reject_clause(cx, "V5.1.5", "indicators", "served_party_missing");
}

static enum result demand_indicators(struct ctx *cx, const struct scheme *scheme)
{
    struct indicator *indicators;
    size_t count;
    int64_t sum = 0;
    TRY(scheme_indicators(cx, scheme, &indicators, &count));
    for (size_t i = 0; i < count; i++) {
        demand_indicator(cx, indicators, i);
        demand_measure(cx, scheme, &indicators[i], i);
        if (indicators[i].method != METHOD_BONUS)
            sum += indicators[i].weight.hundredths;
    }
    if (sum != SCORING_BASE * INT64_C(100)) {
        char text[POINTS_MAX_TEXT];
        points_format((struct points){sum}, text);
        reject_clause(cx, "C2.4", "indicators", "weights_sum", arena_dup(cx->mem, text));
    }
    if (scheme->subject == SCHEME_CONTRACT)
        demand_served_party(cx, indicators, count);
    return OK;
}

/* From the best down, each once, and the last one from 0. */
static enum result demand_grades(struct ctx *cx, const struct scheme *scheme)
{
    struct grade_from *grades;
    size_t count;
    TRY(scheme_grades(cx, scheme, &grades, &count));
    for (size_t i = 1; i < count; i++) {
        if (grades[i].grade <= grades[i - 1].grade ||
            grades[i].from.hundredths >= grades[i - 1].from.hundredths)
            reject_clause(cx, "C2.4", arena_printf(cx->mem, "grades.%zu.from", i), "not_falling");
    }
    if (!count || grades[count - 1].from.hundredths)
        reject_clause(cx, "C2.4", "grades", "last_from_zero");
    return OK;
}

/* Each of them once; newcomers, probation and who was there too shortly are told by their days. */
static enum result demand_options(struct ctx *cx, const struct scheme *scheme)
{
    struct scheme_option *options;
    size_t count;
    unsigned seen = 0;
    TRY(scheme_options(cx, scheme, &options, &count));
    for (size_t i = 0; i < count; i++) {
        const bool by_days = options[i].who != WHO_TRANSFER && options[i].who != WHO_PART_MONTH;
        if (seen & 1u << options[i].who)
            reject_clause(cx, "C2.4", arena_printf(cx->mem, "options.%zu.who", i), "twice",
                          choice_name(OPTION_WHO, options[i].who));
        if (by_days && options[i].days < 1)
            reject_clause(cx, "C2.4", arena_printf(cx->mem, "options.%zu.days", i), "required");
        if (options[i].who == WHO_TOO_SHORT && options[i].effect != EFFECT_UNRANKED)
            reject_clause(cx, "C2.4", arena_printf(cx->mem, "options.%zu.effect", i),
                          "only_unranked");
        seen |= 1u << options[i].who;
    }
    return OK;
}

/* What points follow from. */
static enum result demand_rules(struct ctx *cx, const struct scheme *scheme)
{
    TRY(demand_indicators(cx, scheme));
    TRY(demand_grades(cx, scheme));
    return demand_options(cx, scheme);
}

enum result scheme_demand_tried(struct ctx *cx, const struct scheme *scheme)
{
    if (scheme->state != SCHEME_DRAFT) /* it was demanded, by the rules of that day */
        return OK;
    TRY(demand_rules(cx, scheme));
    return rejected(cx);
}

enum result scheme_demand(struct ctx *cx, const struct scheme *scheme)
{
    int64_t proofs;
    TRY(demand_rules(cx, scheme));
    scheme_demand_month(cx, scheme, "from_month");
    TRY(db_int(cx, &q_scheme_proofs, PARAMS(P(scheme->id)), &proofs));
    if (!proofs && !scheme_evaluates(scheme))
        reject_clause(cx, "C2.4", "documents", "consultation_missing");
    return rejected(cx);
}

/* Never backwards: people know the rules before the month begins. */
void scheme_demand_month(struct ctx *cx, const struct scheme *scheme, const char *member)
{
    const struct month now = month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN));
    if (scheme->from_month.months <= now.months)
        reject_clause(cx, "C2.4", member, "month_begun");
}
