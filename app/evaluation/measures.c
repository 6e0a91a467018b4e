/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What contracts and projects are measured by: the facts that other slices keep. */
#include "app/evaluation/evaluation.h"
#include "app/evaluation/measures.sql.h"

#define ROWS_MOST 100000

struct fact {
    int64_t id, top, bottom;
    int32_t records;
};
static const struct field FACT_FIELDS[] = {FIELD(fact, id), FIELD(fact, top), FIELD(fact, bottom),
                                           FIELD(fact, records), FIELDS_END};

/* Of events there were none where none was found; of shares there was nothing to measure. */
enum absent { ABSENT_IS_ZERO, ABSENT_IS_NOTHING };

/* The same of a single contract or project: both engines take the condition into the grouping, so
 * that its own index leads to some dozen rows instead of all of a month. */
static struct query of_one(struct ctx *cx, const struct query *query)
{
    return db_query(arena_printf(cx->mem, "%s.one", query->name),
                    arena_printf(cx->mem, "SELECT * FROM (%s) whole WHERE whole.id = $%d",
                                 query->sql[db_engine(cx->db)], query->params + 1),
                    query->params + 1);
}

/* Of all that there are at once, which other schemes ask for, too; of a single one alone. */
static enum result find_facts(struct ctx *cx, const struct measuring *ask,
                              const struct query *query, struct fact **out, size_t *out_count)
{
    if (ask->count != 1 && measuring_kept(ask, query, out, out_count))
        return OK;
    const struct param params[] = {P(instant_of(ask->from, 0, SHANGHAI_OFFSET_MIN)),
                                   P(instant_of(date_add(ask->to, 1), 0, SHANGHAI_OFFSET_MIN)),
                                   param_id(ask->count == 1 ? ask->ids[0] : 0)};
    const struct query one = of_one(cx, query);
    TRY(db_list(cx, ask->count == 1 ? &one : query,
                (struct params){params, ask->count == 1 ? one.params : query->params}, FACT_FIELDS,
                sizeof **out, ROWS_MOST, out, out_count));
    if (ask->count != 1)
        measuring_keep(ask, query, *out, *out_count);
    return OK;
}

static enum result run(struct ctx *cx, const struct measuring *ask, const struct query *query,
                       enum absent absent, struct measured *out)
{
    struct fact *facts;
    size_t count;
    TRY(find_facts(cx, ask, query, &facts, &count));
    for (size_t i = 0; absent == ABSENT_IS_ZERO && i < ask->count; i++)
        out[i] = (struct measured){.denominator = 1};
    for (size_t i = 0; i < count; i++) {
        struct measured *to = measured_of(ask, out, facts[i].id);
        if (to)
            *to = (struct measured){.numerator = facts[i].top,
                                    .denominator = facts[i].bottom,
                                    .records = facts[i].records};
    }
    return OK;
}

#define FACT_MEASURE(name, absent)                                                                 \
    static enum result name##_run(struct ctx *cx, const struct measuring *ask,                     \
                                  struct measured *out)                                            \
    {                                                                                              \
        return run(cx, ask, &q_measure_##name, absent, out);                                       \
    }

FACT_MEASURE(inspected, ABSENT_IS_NOTHING)
FACT_MEASURE(seen, ABSENT_IS_NOTHING)
FACT_MEASURE(rectified, ABSENT_IS_NOTHING)
FACT_MEASURE(planned, ABSENT_IS_NOTHING)
FACT_MEASURE(closed, ABSENT_IS_NOTHING)
FACT_MEASURE(duties, ABSENT_IS_NOTHING)
FACT_MEASURE(breaches, ABSENT_IS_ZERO)
FACT_MEASURE(complaints, ABSENT_IS_ZERO)
FACT_MEASURE(solved, ABSENT_IS_NOTHING)
FACT_MEASURE(satisfied, ABSENT_IS_NOTHING)
FACT_MEASURE(patrols, ABSENT_IS_ZERO)
FACT_MEASURE(subcontracting, ABSENT_IS_ZERO)
FACT_MEASURE(own_duties, ABSENT_IS_NOTHING)
FACT_MEASURE(reports, ABSENT_IS_NOTHING)
FACT_MEASURE(evaluated, ABSENT_IS_NOTHING)
FACT_MEASURE(found, ABSENT_IS_ZERO)
FACT_MEASURE(briefed, ABSENT_IS_NOTHING)

#define DUE "due_at_from={from}&due_at_to={to}"

const struct measure EVALUATION_MEASURES[] = {
    {"contract.inspected", "V3.5", IN_POINTS, 1, inspected_run,
     "inspections?contract_id={contract}&finished_at_from={from}&finished_at_to={to}",
     OF_CONTRACTS},
    {"contract.seen", "V3.5", IN_COUNT, 1, seen_run,
     "inspections?contract_id={contract}&finished_at_from={from}&finished_at_to={to}", OF_CONTRACTS,
     .basis = true},
    {"contract.rectified", "X1", IN_PERCENT, 1, rectified_run,
     "rectifications?contract_id={contract}&" DUE, OF_CONTRACTS},
    {"project.inspected", "V6.1.1", IN_PERCENT, 1, planned_run,
     "inspection_tasks?unit_id={unit}&" DUE, OF_PROJECTS, .basis = true},
    {"project.rectified", "X1", IN_PERCENT, 1, closed_run, "rectifications?unit_id={unit}&" DUE,
     OF_PROJECTS},
    {"contract.duties", "V6.1.1", IN_PERCENT, 1, duties_run,
     "duties?contract_id={contract}&owner_side=provider&" DUE, OF_CONTRACTS},
    {"contract.breaches", "V6.1.1", IN_COUNT, 1, breaches_run,
     "breaches?contract_id={contract}&at_from={from}&at_to={to}", OF_CONTRACTS},
    {"contract.complaints", "V6.1.1", IN_COUNT, 1, complaints_run,
     "issues?contract_id={contract}&kind=complaint&opened_at_from={from}&opened_at_to={to}",
     OF_CONTRACTS},
    {"contract.solved", "V6.1.1", IN_PERCENT, 1, solved_run, "issues?contract_id={contract}&" DUE,
     OF_CONTRACTS},
    {"contract.satisfied", "V5.1.5", IN_PERCENT, 1, satisfied_run,
     "issues?contract_id={contract}&opened_at_from={from}&opened_at_to={to}", OF_CONTRACTS},
    {"contract.patrols", "V6.1.1", IN_COUNT, 1, patrols_run,
     "patrol_findings?contract_id={contract}&side=provider", OF_CONTRACTS},
    {"contract.subcontracting", "V5.1.4", IN_COUNT, 2, subcontracting_run,
     "subcontracting_cases?state=confirmed&organisation_id={provider}&decided_at_from={from}&"
     "decided_at_to={to}",
     OF_CONTRACTS},
    {"project.duties", "V6.1.1", IN_PERCENT, 1, own_duties_run,
     "duties?unit_id={unit}&owner_side=client&" DUE, OF_PROJECTS},
    {"project.reports", "V6.1.1", IN_PERCENT, 1, reports_run,
     "duties?unit_id={unit}&rule=file_report&" DUE, OF_PROJECTS},
    {"project.evaluated", "V6.1.1", IN_PERCENT, 1, evaluated_run,
     "evaluations?unit_id={unit}&subject=contract", OF_PROJECTS},
    {"project.found", "V6.1.1", IN_COUNT, 1, found_run, "audit_findings?unit_id={unit}",
     OF_PROJECTS},
    {"project.briefed", "V6.1.1", IN_PERCENT, 1, briefed_run, "contracts?unit_id={unit}",
     OF_PROJECTS},
    MEASURES_END,
};
