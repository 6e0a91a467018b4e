/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/site/conduct.h"

#include "app/parties/parties.h"
#include "app/scores/published.h"
#include "app/site/conduct.sql.h"
#include "app/site/site.h"

#include <string.h>

#define CLAUSE "C2.3"
#define POINTS_MOST (100 * INT64_C(100))
#define RECORDING_MOST (12 * 60 * 60)

static const char *const REPEATS[] = {"same", "doubled", "rising", NULL};
static const char *const STATES[] = {"open", "stated", "confirmed", "dismissed", "void", NULL};

static struct date today(const struct ctx *cx)
{
    return instant_date(cx->now, SHANGHAI_OFFSET_MIN);
}

/* ---- rules ---- */

static const struct field RULE_FIELDS[] = {
    RECORD_FIELDS(conduct_rule),
    FIELD_REF(conduct_rule, organisation_id, "organisations", .use = FILTERED),
    FIELD(conduct_rule, number, .in = MUST, .max = 20, .use = FIXED | LISTED),
    FIELD(conduct_rule, edition, .use = LISTED),
    FIELD(conduct_rule, text, .in = MUST, .max = 300, .use = LISTED | LONG_TEXT),
    FIELD(conduct_rule, points, .in = MUST, .min = 1, .max = POINTS_MOST, .use = LISTED),
    FIELD_ENUM(conduct_rule, repeat, REPEATS, .in = MAY, .use = LISTED),
    FIELD(conduct_rule, from, .in = MAY, .use = LISTED),
    FIELD(conduct_rule, to, .in = MAY, .use = LISTED),
    FIELD(conduct_rule, organisation_name, .column = "o.name"),
    FIELDS_END,
};

static const struct field LAST_FIELDS[] = {FIELD(conduct_rule, id), FIELD(conduct_rule, edition),
                                           FIELD(conduct_rule, from), FIELD(conduct_rule, to),
                                           FIELDS_END};

/* Another edition begins after the last one began, and never backwards. */
static enum result rule_begin(struct ctx *cx, struct conduct_rule *rule)
{
    struct conduct_rule last = {.edition = 0};
    rule->organisation_id = cx->actor->organisation_id;
    if (!rule->from.days)
        rule->from = today(cx);
    if (rule->from.days < today(cx).days)
        reject_clause(cx, CLAUSE, "from", "not_backwards");
    enum result found =
        db_one(cx, &q_conduct_rule_last, PARAMS(P(rule->organisation_id), P(rule->number)),
               LAST_FIELDS, &last);
    if (found == OK && rule->from.days <= last.from.days)
        reject_clause(cx, CLAUSE, "from", "after_last_edition");
    rule->edition = last.edition + 1;
    return found == NOT_FOUND ? OK : found;
}

static bool agrees_differently(const struct conduct_rule *a, const struct conduct_rule *b)
{
    return strcmp(a->text, b->text) != 0 || a->points.hundredths != b->points.hundredths ||
           a->repeat != b->repeat || a->from.days != b->from.days;
}

/* What somebody was recorded under stays as it is, but for the day on which it ends. */
static enum result rule_demand_unused(struct ctx *cx, const struct conduct_rule *rule,
                                      const struct conduct_rule *before)
{
    int64_t used;
    TRY(db_int(cx, &q_conduct_rule_used, PARAMS(P(rule->id)), &used));
    if (!used)
        return OK;
    if (agrees_differently(rule, before))
        return fail(cx, CONFLICT, "conduct_rule.used", rule->number);
    if (rule->to.days &&
        rule->to.days < instant_date((struct instant){used}, SHANGHAI_OFFSET_MIN).days)
        reject_clause(cx, CLAUSE, "to", "used_later");
    return OK;
}

static enum result rule_check(struct ctx *cx, void *record, const void *before)
{
    struct conduct_rule *rule = record;
    if (!rule->repeat)
        rule->repeat = REPEAT_SAME;
    if (!before)
        TRY(rule_begin(cx, rule));
    if (!before) /* that there is a code makes whoever keeps it a result */
        TRY(demand_unpublished(cx, &(struct dated_fact){.provider_id = rule->organisation_id,
                                                        .from = rule->from,
                                                        .to = rule->from}));
    if (rule->to.days && rule->to.days < rule->from.days)
        reject_clause(cx, CLAUSE, "to", "before_from");
    return before ? rule_demand_unused(cx, rule, before) : OK;
}

/* The edition before it ends on the day before. */
static enum result rule_saved(struct ctx *cx, const void *record, const void *before)
{
    const struct conduct_rule *rule = record;
    struct list list;
    if (before || rule->edition == 1)
        return OK;
    TRY(record_select(
        cx, &CONDUCT_RULES, "former", "t.organisation_id = $1 AND t.number = $2 AND t.edition = $3",
        PARAMS(P(rule->organisation_id), P(rule->number), param_int(rule->edition - 1)), &list));
    if (!list.count)
        return OK;
    struct conduct_rule *former = list.rows, after = *former;
    if (former->to.days && former->to.days < rule->from.days)
        return OK;
    after.to = date_add(rule->from, -1);
    return record_change(cx, &CONDUCT_RULES, "succeed", former, &after);
}

static enum result rule_open(struct ctx *cx, const void *record)
{
    const struct conduct_rule *rule = record;
    const bool over = rule->id && rule->to.days && rule->to.days < today(cx).days;
    return over ? fail(cx, CONFLICT, "conduct_rule.over", rule->number) : OK;
}

const struct resource CONDUCT_RULES = {
    .name = "conduct_rules",
    .clause = CLAUSE,
    .fields = RULE_FIELDS,
    .size = sizeof(struct conduct_rule),
    .joins = "JOIN organisations o ON o.id = t.organisation_id",
    .title = "text",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = OF_OUR_PROVIDERS("organisation_id"),
              [SIDE_PROVIDER] = "@organisation_id = :org"},
    .check = rule_check,
    .saved = rule_saved,
    .open = rule_open,
};

struct points conduct_points(const struct conduct_rule *rule, int64_t nth)
{
    int64_t times = 1;
    if (rule->repeat == REPEAT_DOUBLED && nth > 1)
        times = 2;
    if (rule->repeat == REPEAT_RISING)
        times = nth;
    return points_share(rule->points, times, 1);
}

/* ---- violations ---- */

static const struct field VIOLATION_FIELDS[] = {
    RECORD_FIELDS(violation),
    FIELD(violation, at, .in = MUST, .use = LISTED | FILTERED, .clause = CLAUSE),
    FIELD_REF(violation, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED,
              .among = "service=outbound_call"),
    FIELD_REF(violation, person_id, "people", .in = MUST, .use = FIXED | FILTERED),
    FIELD(violation, person_name, .column = "p.name", .use = LISTED),
    FIELD_REF(violation, rule_id, "conduct_rules", .in = MUST, .use = FILTERED),
    FIELD(violation, rule_number, .column = "r.number", .use = LISTED),
    FIELD(violation, rule_text, .column = "r.text", .use = LISTED),
    FIELD(violation, fact, .in = MUST, .max = 1000, .use = LONG_TEXT),
    FIELD_REF(violation, recording_id, "recordings", .in = MAY),
    FIELD(violation, recording_s, .in = MAY, .max = RECORDING_MOST),
    FIELD_REF(violation, finding_id, "patrol_findings"),
    FIELD_REF(violation, recorder_id, "people"),
    FIELD(violation, recorder_name, .column = "w.name"),
    FIELD(violation, state_by),
    FIELD(violation, statement),
    FIELD(violation, acknowledged),
    FIELD(violation, stated_at),
    FIELD(violation, rule_points, .column = "r.points", .use = LISTED),
    FIELD(violation, points, .use = LISTED),
    FIELD_REF(violation, decider_id, "people"),
    FIELD(violation, decided_by, .column = "d.name"),
    FIELD(violation, decided_at),
    FIELD(violation, reason),
    FIELD(violation, contract_name, .column = "c.name"),
    FIELD_REF(violation, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_ENUM(violation, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static enum result wrong_state(struct ctx *cx, const struct violation *violation)
{
    return fail(cx, CONFLICT, "violation.wrong_state", violation->person_name,
                state_name(cx, &VIOLATIONS, STATES, violation->state));
}

/* Under the provider's own rule of that day, of somebody who worked there then. */
static enum result demand_rule_and_person(struct ctx *cx, const struct violation *violation)
{
    const struct date day = instant_date(violation->at, SHANGHAI_OFFSET_MIN);
    struct conduct_rule rule;
    int64_t employer;
    TRY(record_get(cx, &CONDUCT_RULES, violation->rule_id, &rule));
    TRY(person_works(cx, violation->person_id, day, &employer));
    if (employer != violation->provider_id)
        reject_clause(cx, CLAUSE, "person_id", "not_of_provider");
    if (rule.organisation_id != violation->provider_id || day.days < rule.from.days ||
        (rule.to.days && day.days > rule.to.days))
        reject_clause(cx, CLAUSE, "rule_id", "rule_not_in_force");
    return OK;
}

/* What is put in, moved to another day, counts or counts no more. What came to nothing, and what
 * the person says of it, changes no result. */
static enum result demand_open_month(struct ctx *cx, const struct violation *violation,
                                     const struct violation *before)
{
    const struct date day = instant_date(violation->at, SHANGHAI_OFFSET_MIN);
    const bool counts =
        violation->state == VIOLATION_CONFIRMED || (before && before->state == VIOLATION_CONFIRMED);
    return !before || counts || before->at.ms != violation->at.ms
               ? demand_unpublished(cx, &(struct dated_fact){.contract_id = violation->contract_id,
                                                             .from = day,
                                                             .to = day})
               : OK;
}

static enum result violation_check(struct ctx *cx, void *record, const void *before)
{
    struct violation *violation = record;
    TRY(demand_open_month(cx, violation, before));
    struct contract contract;
    if (before && ((const struct violation *)before)->state != VIOLATION_OPEN)
        return ((const struct violation *)before)->state == violation->state
                   ? wrong_state(cx, before)
                   : OK;
    if (violation->at.ms > cx->now.ms)
        reject_clause(cx, CLAUSE, "at", "in_the_future");
    if (before && violation->state != VIOLATION_OPEN)
        return OK;
    TRY(record_get(cx, &CONTRACTS, violation->contract_id, &contract));
    violation->provider_id = contract.provider_id;
    if (!before) {
        violation->recorder_id = cx->actor->person_id;
        violation->state_by = due_of(cx, &SITE_DUTIES[DUTY_STATE_VIEW], cx->now);
        violation->state = VIOLATION_OPEN;
    }
    return demand_rule_and_person(cx, violation);
}

static enum result tell(struct ctx *cx, const struct violation *violation, const char *kind,
                        int64_t person_id)
{
    const struct news news = {.kind = kind,
                              .subject = &VIOLATIONS,
                              .subject_id = violation->id,
                              .title = violation->person_name,
                              .detail = violation->rule_text};
    return notice_person(cx, person_id, &news);
}

static enum result violation_saved(struct ctx *cx, const void *record, const void *before)
{
    struct violation violation;
    if (before)
        return OK;
    TRY(record_get(cx, &VIOLATIONS, ((const struct violation *)record)->id, &violation));
    return tell(cx, &violation, "violation.recorded", violation.person_id);
}

static enum result violation_open(struct ctx *cx, const void *record)
{
    const struct violation *violation = record;
    return !violation->id || violation->state == VIOLATION_OPEN ? OK : wrong_state(cx, violation);
}

/* Evidence may come until it is decided. */
static enum result violation_attach(struct ctx *cx, int64_t id)
{
    struct violation violation;
    TRY(record_get(cx, &VIOLATIONS, id, &violation));
    return violation.state <= VIOLATION_STATED ? OK : wrong_state(cx, &violation);
}

const struct resource VIOLATIONS = {
    .name = "violations",
    .clause = CLAUSE,
    .fields = VIOLATION_FIELDS,
    .size = sizeof(struct violation),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN people p ON p.id = t.person_id "
             "JOIN conduct_rules r ON r.id = t.rule_id JOIN people w ON w.id = t.recorder_id "
             "LEFT JOIN people d ON d.id = t.decider_id",
    .title = "person_name",
    .sort = "-id",
    .scope = {[SIDE_PROVIDER] =
                  "@provider_id = :org AND (@person_id = :person OR " BEYOND_AGENTS ")"},
    .check = violation_check,
    .saved = violation_saved,
    .open = violation_open,
    .attach = violation_attach,
};

/* ---- their life ---- */

enum result violation_state(struct ctx *cx, const struct violation *violation,
                            const char *statement, bool acknowledged)
{
    struct violation after = *violation;
    if (violation->state != VIOLATION_OPEN)
        return wrong_state(cx, violation);
    if (violation->person_id != cx->actor->person_id)
        return fail(cx, FORBIDDEN, "violation.not_yours");
    if (cx->now.ms > violation->state_by.ms)
        return fail(cx, CONFLICT, "violation.statement_over");
    check_words(cx, "statement", statement, WORDS_MOST);
    TRY(rejected(cx));
    after.statement = statement;
    after.acknowledged = acknowledged;
    after.stated_at = cx->now;
    after.state = VIOLATION_STATED;
    TRY(record_change(cx, &VIOLATIONS, "state", violation, &after));
    return tell(cx, &after, "violation.stated", after.recorder_id);
}

/* Points by how many of the month were confirmed before this one was decided. */
static enum result fix_points(struct ctx *cx, struct violation *violation)
{
    const struct month month = month_of(instant_date(violation->at, SHANGHAI_OFFSET_MIN));
    struct conduct_rule rule;
    int64_t former;
    TRY(record_get(cx, &CONDUCT_RULES, violation->rule_id, &rule));
    TRY(db_int(cx, &q_violations_before,
               PARAMS(P(violation->person_id), P(violation->rule_id),
                      P(instant_of(month_first(month), 0, SHANGHAI_OFFSET_MIN)),
                      P(instant_of(date_add(month_last(month), 1), 0, SHANGHAI_OFFSET_MIN)),
                      P(violation->id)),
               &former));
    violation->points = conduct_points(&rule, former + 1);
    return OK;
}

static enum result demand_decidable(struct ctx *cx, const struct violation *violation)
{
    const int64_t person = cx->actor->person_id;
    if (violation->state > VIOLATION_STATED)
        return wrong_state(cx, violation);
    if (person == violation->recorder_id || person == violation->person_id)
        return fail(cx, FORBIDDEN, "violation.own_decision");
    if (violation->state == VIOLATION_OPEN && cx->now.ms <= violation->state_by.ms)
        return fail(cx, CONFLICT, "violation.statement_awaited");
    return OK;
}

bool violation_is_decidable(struct ctx *cx, const struct violation *violation)
{
    struct fault kept = fault_take(cx);
    const bool decidable = demand_decidable(cx, violation) == OK;
    cx->fault = kept;
    return decidable;
}

enum result violation_decide(struct ctx *cx, const struct violation *violation, bool confirmed,
                             const char *reason)
{
    struct violation after = *violation;
    TRY(demand_decidable(cx, violation));
    check_reason(cx, reason);
    TRY(rejected(cx));
    if (confirmed)
        TRY(fix_points(cx, &after));
    after.reason = reason;
    after.decider_id = cx->actor->person_id;
    after.decided_at = cx->now;
    after.state = confirmed ? VIOLATION_CONFIRMED : VIOLATION_DISMISSED;
    TRY(record_change(cx, &VIOLATIONS, confirmed ? "confirm" : "dismiss", violation, &after));
    return tell(cx, &after, confirmed ? "violation.confirmed" : "violation.dismissed",
                after.person_id);
}

enum result violation_void(struct ctx *cx, const struct violation *violation, const char *reason)
{
    struct violation after = *violation;
    if (violation->state == VIOLATION_VOID || violation->state == VIOLATION_DISMISSED)
        return wrong_state(cx, violation);
    if (cx->actor->person_id == violation->person_id)
        return fail(cx, FORBIDDEN, "violation.own_decision");
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.reason = reason;
    after.state = VIOLATION_VOID;
    TRY(record_change(cx, &VIOLATIONS, "void", violation, &after));
    return tell(cx, &after, "violation.void", after.person_id);
}

/* ---- what is owed ---- */

static void owed(struct ctx *cx, const struct violation *violation, struct duty *duty)
{
    duty->title = arena_printf(cx->mem, "%s · %s", violation->person_name, violation->rule_text);
    duty->contract_id = violation->contract_id;
    duty->organisation_id = violation->provider_id;
    duty->owner_side = SIDE_PROVIDER;
    duty->internal = true;
}

/* Owed until it is decided: whoever says nothing in time has lost the word. */
enum result judge_statement(struct ctx *cx, const void *record, struct duty *duty, enum owing *out)
{
    const struct violation *violation = record;
    *out = violation->state == VIOLATION_VOID ? OWING_NOTHING : OWING_MET;
    if (violation->state != VIOLATION_OPEN)
        return OK;
    *out = OWING_DUTY;
    duty->owner_role = ROLES[ROLE_AGENT - 1];
    duty->owner_id = violation->person_id;
    duty->due_at = violation->state_by;
    owed(cx, violation, duty);
    return OK;
}

/* Shown from when it can be decided. */
enum result judge_violation(struct ctx *cx, const void *record, struct duty *duty, enum owing *out)
{
    const struct violation *violation = record;
    *out = violation->decider_id ? OWING_MET : OWING_NOTHING;
    if (violation->state > VIOLATION_STATED)
        return OK;
    const struct instant from =
        violation->stated_at.ms ? violation->stated_at : violation->state_by;
    *out = OWING_DUTY;
    duty->owner_role = ROLES[ROLE_DUTY - 1];
    duty->opened_at = from;
    duty->due_at = due_of(cx, &SITE_DUTIES[DUTY_DECIDE_VIOLATION], from);
    owed(cx, violation, duty);
    return OK;
}

/* ---- what the month measures ---- */

#define PEOPLE_MOST 20000

struct person_conduct {
    int64_t person_id;
    int32_t violations;
    struct points points;
};
static const struct field PERSON_CONDUCT_FIELDS[] = {FIELD(person_conduct, person_id),
                                                     FIELD(person_conduct, violations),
                                                     FIELD(person_conduct, points), FIELDS_END};

typedef struct measured (*of_conduct)(const struct person_conduct *conduct);

/* Where a code was in force, whoever has no violation has 0; where none was, nothing is measured.
 */
static enum result run(struct ctx *cx, const struct measuring *ask, of_conduct of,
                       struct measured *out)
{
    struct person_conduct *rows;
    size_t count;
    int64_t kept;
    TRY(db_int(cx, &q_conduct_kept, PARAMS(P(ask->contract_id), P(ask->from), P(ask->to)), &kept));
    if (!kept)
        return OK;
    TRY(db_list(cx, &q_measure_conduct,
                PARAMS(P(ask->contract_id), P(instant_of(ask->from, 0, SHANGHAI_OFFSET_MIN)),
                       P(instant_of(date_add(ask->to, 1), 0, SHANGHAI_OFFSET_MIN))),
                PERSON_CONDUCT_FIELDS, sizeof *rows, PEOPLE_MOST, &rows, &count));
    for (size_t i = 0; i < ask->count; i++)
        out[i] = of(&(struct person_conduct){.violations = 0});
    for (size_t i = 0; i < count; i++) {
        struct measured *to = measured_of(ask, out, rows[i].person_id);
        if (to)
            *to = of(&rows[i]);
    }
    return OK;
}

static struct measured points_of(const struct person_conduct *conduct)
{
    return (struct measured){.numerator = conduct->points.hundredths,
                             .denominator = 100,
                             .records = conduct->violations};
}

static struct measured violations_of(const struct person_conduct *conduct)
{
    return (struct measured){
        .numerator = conduct->violations, .denominator = 1, .records = conduct->violations};
}

static enum result points_run(struct ctx *cx, const struct measuring *ask, struct measured *out)
{
    return run(cx, ask, points_of, out);
}

static enum result violations_run(struct ctx *cx, const struct measuring *ask, struct measured *out)
{
    return run(cx, ask, violations_of, out);
}

#define CONFIRMED                                                                                  \
    "violations?contract_id={contract}&person_id={person}&state=confirmed&at_from={from}&at_to={"  \
    "to}"

const struct measure CONDUCT_MEASURES[] = {
    {"conduct.points", CLAUSE, IN_POINTS, 1, points_run, CONFIRMED},
    {"conduct.violations", CLAUSE, IN_COUNT, 1, violations_run, CONFIRMED},
    MEASURES_END,
};
