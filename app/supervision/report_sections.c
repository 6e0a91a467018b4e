/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a report on supervision says in figures, and the records behind each of them. */
#include "app/agents/agent.h"
#include "app/desk/desk.h"
#include "app/evaluation/audit.h"
#include "app/inspections/rectification.h"
#include "app/letters/letter.h"
#include "app/settlement/settlement.h"
#include "app/staffing/head_count.h"
#include "app/staffing/subcontracting.h"
#include "app/supervision/supervision_private.h"

#include <stdlib.h>
#include <string.h>

/* ---- the sections ---- */

#define FIGURES_END                                                                                \
    {                                                                                              \
        .name = NULL                                                                               \
    }
#define RAN(alias)                                                                                 \
    alias ".unit_id = :unit AND " alias ".starts_on <= :last AND (" alias                          \
          ".state IN ('active', 'suspended') OR " alias                                            \
          ".state IN ('ended', 'terminated') AND " alias ".state_at >= :from)"
#define OF_ITS_CONTRACTS "t.contract_id IN (SELECT c.id FROM contracts c WHERE c.unit_id = :unit)"
#define IN_THE_MONTH(column) column " >= :from AND " column " < :to"

static const struct report_figure_rule CONTRACT_FIGURES[] = {
    {"in_force", &CONTRACTS, RAN("t"), NULL, false},
    {"ending", &CONTRACTS, RAN("t") " AND t.ends_on > :last AND t.ends_on <= :soon", NULL, false},
    {"unbriefed", &CONTRACTS, RAN("t") " AND t.briefing <> 'signed'", NULL, true},
    {"no_executor", &CONTRACTS, RAN("t") " AND t.executor_id IS NULL", NULL, true},
    FIGURES_END,
};
const struct report_section REPORT_CONTRACTS = {"contracts", "V5.1.1", CONTRACT_FIGURES};

#define ITS_DUTIES "(t.unit_id = :unit OR " OF_ITS_CONTRACTS ")"
static const struct report_figure_rule DUTY_FIGURES[] = {
    {"met", &DUTIES,
     "t.state = 'met' AND " IN_THE_MONTH("t.met_at") " AND t.met_at <= t.due_at AND " ITS_DUTIES,
     NULL, false},
    {"met_late", &DUTIES,
     "t.state = 'met' AND " IN_THE_MONTH("t.met_at") " AND t.met_at > t.due_at AND " ITS_DUTIES,
     NULL, true},
    {"overdue", &DUTIES, "t.state IN ('open', 'overdue') AND t.due_at < :to AND " ITS_DUTIES, NULL,
     true},
    {"waived", &DUTIES,
     "t.state = 'waived' AND t.reason <> '' AND " IN_THE_MONTH("t.met_at") " AND " ITS_DUTIES, NULL,
     false},
    FIGURES_END,
};
const struct report_section REPORT_DUTIES = {"duties", "V5.1.3", DUTY_FIGURES};

static const struct report_figure_rule LETTER_FIGURES[] = {
    {"sent", &LETTERS, "t.unit_id = :unit AND " IN_THE_MONTH("t.sent_at"), NULL, false},
    {"answered", &LETTERS, "t.unit_id = :unit AND " IN_THE_MONTH("t.answered_at"),
     "t.answered_at - t.sent_at", false},
    {"refused", &LETTERS,
     "t.unit_id = :unit AND t.state = 'refused' AND " IN_THE_MONTH("t.decided_at"), NULL, false},
    {"overdue", &LETTERS, "t.unit_id = :unit AND t.turn <> '' AND t.due_at > 0 AND t.due_at < :to",
     NULL, true},
    FIGURES_END,
};
const struct report_section REPORT_LETTERS = {"letters", "V5.1.3", LETTER_FIGURES};

#define OPENED IN_THE_MONTH("t.opened_at") " AND " OF_ITS_CONTRACTS
static const struct report_figure_rule ISSUE_FIGURES[] = {
    {"opened", &ISSUES, OPENED, NULL, false},
    {"answered", &ISSUES, "t.answered_at > 0 AND " OPENED, "t.answered_at - t.opened_at", false},
    {"answered_late", &ISSUES, "t.answered_late = TRUE AND " OPENED, NULL, true},
    {"solved", &ISSUES, "t.solved_at > 0 AND " OPENED, "t.solved_at - t.opened_at", false},
    {"solved_late", &ISSUES, "t.solved_late = TRUE AND " OPENED, NULL, true},
    {"unsolved", &ISSUES,
     "t.state NOT IN ('solved', 'closed') AND t.opened_at < :to AND " OF_ITS_CONTRACTS, NULL, true},
    FIGURES_END,
};
const struct report_section REPORT_ISSUES = {"issues", "C2.7", ISSUE_FIGURES};

static const struct report_figure_rule CALL_FIGURES[] = {
    {"breaches", &BREACHES, IN_THE_MONTH("t.at") " AND " OF_ITS_CONTRACTS, NULL, true},
    {"permissions_ending", &NUMBER_PERMISSIONS,
     "t.state = 'active' AND t.\"to\" >= :first AND t.\"to\" <= :soon AND " OF_ITS_CONTRACTS, NULL,
     false},
    FIGURES_END,
};
const struct report_section REPORT_CALLS = {"calls", "C1.2", CALL_FIGURES};

#define OF_ITS_PROVIDERS                                                                           \
    "t.required = TRUE AND t.organisation_id IN (SELECT c.provider_id FROM contracts c "           \
    "WHERE " RAN(                                                                                  \
        "c") ") AND NOT EXISTS (SELECT 1 FROM qualifications n WHERE n.organisation_id = "         \
             "t.organisation_id AND n.kind = t.kind AND n.name = t.name AND (n.valid_to = '' OR "  \
             "n.valid_to > t.valid_to))"
static const struct report_figure_rule CERTIFICATE_FIGURES[] = {
    {"ending", &QUALIFICATIONS, "t.valid_to > :last AND t.valid_to <= :soon AND " OF_ITS_PROVIDERS,
     NULL, false},
    {"over", &QUALIFICATIONS, "t.valid_to <> '' AND t.valid_to <= :last AND " OF_ITS_PROVIDERS,
     NULL, true},
    FIGURES_END,
};
const struct report_section REPORT_CERTIFICATES = {"certificates", "X5", CERTIFICATE_FIGURES};

#define ITS "t.unit_id = :unit AND "
#define OF_THE_MONTH ITS "t.month = :month AND "
static const struct report_figure_rule INSPECTION_FIGURES[] = {
    {"planned", &INSPECTION_TASKS, OF_THE_MONTH "t.state <> 'dropped'", NULL, false},
    {"done", &INSPECTION_TASKS, OF_THE_MONTH "t.state = 'done' AND t.late = FALSE", NULL, false},
    {"done_late", &INSPECTION_TASKS, OF_THE_MONTH "t.state = 'done' AND t.late = TRUE", NULL, true},
    {"missed", &INSPECTION_TASKS, OF_THE_MONTH "t.state = 'missed'", NULL, true},
    {"unplanned", &INSPECTIONS,
     OF_THE_MONTH "t.task_id IS NULL AND t.state IN ('finished', 'countersigned')", NULL, false},
    {"with_failures", &INSPECTIONS,
     OF_THE_MONTH "t.failed > 0 AND t.state IN ('finished', 'countersigned')", NULL, false},
    FIGURES_END,
};
const struct report_section REPORT_INSPECTIONS = {"inspections", "V3.5", INSPECTION_FIGURES, true};

#define OF_ITS_NOTICES OF_THE_MONTH "t.state <> 'withdrawn' AND "
static const struct report_figure_rule RECTIFICATION_FIGURES[] = {
    {"issued", &RECTIFICATIONS, OF_THE_MONTH "t.state <> 'withdrawn'", NULL, false},
    {"in_time", &RECTIFICATIONS, OF_ITS_NOTICES "t.state = 'closed' AND t.late = FALSE",
     "t.judged_at - t.issued_at", false},
    {"late", &RECTIFICATIONS, OF_ITS_NOTICES "t.state = 'closed' AND t.late = TRUE",
     "t.judged_at - t.issued_at", true},
    {"failed", &RECTIFICATIONS, OF_ITS_NOTICES "t.state = 'failed'", NULL, true},
    {"overdue", &RECTIFICATIONS, ITS "t.state = 'issued' AND t.due_at < :to", NULL, true},
    FIGURES_END,
};
const struct report_section REPORT_RECTIFICATIONS = {"rectifications", "X1", RECTIFICATION_FIGURES,
                                                     true};

/* Of a month is what became final in it: its own months follow later. */
#define BECAME_FINAL                                                                               \
    ITS "t.contract_id IS NOT NULL AND t.state = 'final' AND " IN_THE_MONTH("t.final_at")
static const struct report_figure_rule EVALUATION_FIGURES[] = {
    {"excellent", &EVALUATIONS, BECAME_FINAL " AND t.grade = 'excellent'", NULL, false},
    {"good", &EVALUATIONS, BECAME_FINAL " AND t.grade = 'good'", NULL, false},
    {"pass", &EVALUATIONS, BECAME_FINAL " AND t.grade = 'pass'", NULL, false},
    {"fail", &EVALUATIONS, BECAME_FINAL " AND t.grade = 'fail'", NULL, true},
    FIGURES_END,
};
const struct report_section REPORT_EVALUATIONS = {"evaluations", "V6.1.1", EVALUATION_FIGURES,
                                                  true};

static const struct report_figure_rule DEDUCTION_FIGURES[] = {
    {"told", &DEDUCTION_EVENTS, ITS IN_THE_MONTH("t.told_at"), NULL, false},
    {"objected", &DEDUCTION_EVENTS, ITS IN_THE_MONTH("t.objected_at"), NULL, false},
    {"settled", &SETTLEMENTS,
     ITS "t.state IN ('approved', 'paid') AND " IN_THE_MONTH("t.approved_at"), NULL, false,
     .amount = "t.deducted_fen"},
    {"disputed", &SETTLEMENTS, ITS "t.state = 'disputed' AND t.answered_at < :to", NULL, true,
     .amount = "t.payable_fen"},
    FIGURES_END,
};
const struct report_section REPORT_DEDUCTIONS = {"deductions", "V3.3", DEDUCTION_FIGURES};

static const struct report_figure_rule SUBCONTRACTING_FIGURES[] = {
    {"suspected", &SUBCONTRACTING_CASES, IN_THE_MONTH("t.found_at") " AND " OF_ITS_CONTRACTS, NULL,
     true},
    {"confirmed", &SUBCONTRACTING_CASES,
     "t.state = 'confirmed' AND " IN_THE_MONTH("t.decided_at") " AND " OF_ITS_CONTRACTS, NULL,
     true},
    {"dismissed", &SUBCONTRACTING_CASES,
     "t.state = 'dismissed' AND " IN_THE_MONTH("t.decided_at") " AND " OF_ITS_CONTRACTS, NULL,
     false},
    FIGURES_END,
};
const struct report_section REPORT_SUBCONTRACTING = {"subcontracting", "V5.1.4",
                                                     SUBCONTRACTING_FIGURES};

#define COUNTED_THEN ITS "t.day >= :first AND t.day <= :last AND t.state <> 'upheld'"
static const struct report_figure_rule HEAD_COUNT_FIGURES[] = {
    {"counts", &HEAD_COUNTS, COUNTED_THEN, NULL, false},
    {"short", &HEAD_COUNTS, COUNTED_THEN " AND t.shortfall > 0", NULL, true},
    {"strangers", &HEAD_COUNTS, COUNTED_THEN " AND t.strangers > 0", NULL, true},
    FIGURES_END,
};
const struct report_section REPORT_HEAD_COUNTS = {"head_counts", "V5.1.4", HEAD_COUNT_FIGURES};

static const struct report_figure_rule AUDIT_FIGURES[] = {
    {"found", &AUDIT_FINDINGS, ITS IN_THE_MONTH("t.created_at"), NULL, true},
    {"serious", &AUDIT_FINDINGS, ITS "t.severity = 'serious' AND " IN_THE_MONTH("t.created_at"),
     NULL, true},
    {"unanswered", &AUDIT_FINDINGS, ITS "t.state = 'open' AND t.created_at < :to", NULL, true},
    FIGURES_END,
};
const struct report_section REPORT_AUDIT = {"audit", "V3.2", AUDIT_FIGURES};

#define SECTIONS_MOST 32
static const struct report_section *sections[SECTIONS_MOST + 1];

void reports_use(const struct report_section *const *list)
{
    size_t count = 0;
    while (list[count]) {
        if (count == SECTIONS_MOST)
            abort(); /* at start, and every test starts */
        sections[count] = list[count];
        count++;
    }
    sections[count] = NULL;
}

const struct report_section *report_section_at(size_t index)
{
    return sections[index];
}

/* ---- measuring ---- */

struct instant day_begin(struct date date)
{
    return instant_of(date, 0, SHANGHAI_OFFSET_MIN);
}

/* What a :word of a figure's rule stands for. */
static struct param value_of(int64_t unit_id, struct month month, const char *word, size_t len)
{
    const struct month next = {month.months + 1};
    const struct {
        const char *word;
        struct param value;
    } words[] = {
        {"unit", P(unit_id)},
        {"from", P(day_begin(month_first(month)))},
        {"to", P(day_begin(month_first(next)))},
        {"month", P(month)},
        {"first", P(month_first(month))},
        {"last", P(month_last(month))},
        {"soon", P(date_add(month_last(month), REPORT_SOON_DAYS))},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i].word) == len && memcmp(words[i].word, word, len) == 0)
            return words[i].value;
    return param_id(0); /* compares as unknown: no record */
}

static void put_where(struct text *sql, struct param_list *params, const char *where,
                      int64_t unit_id, struct month month)
{
    const int most = (int)(sizeof params->at / sizeof params->at[0]);
    while (*where) {
        size_t plain = strcspn(where, ":");
        text_put(sql, where, plain);
        where += plain;
        if (*where != ':')
            break;
        const size_t len = strspn(++where, "abcdefghijklmnopqrstuvwxyz");
        params->full |= params->count == most;
        if (!params->full)
            params->at[params->count++] = value_of(unit_id, month, where, len);
        text_printf(sql, "$%d", params->count);
        where += len;
    }
}

struct counted {
    int64_t id;
    struct instant lasting;
    struct money amount;
};
static const struct field COUNTED_FIELDS[] = {FIELD(counted, id), FIELD(counted, lasting),
                                              FIELD(counted, amount), FIELDS_END};
struct counting {
    struct report_figure *figure;
    struct text records;
    int64_t ms;
};

static enum result count_one(void *host, const void *row)
{
    struct counting *counting = host;
    const struct counted *counted = row;
    if (counting->figure->count++ < REPORT_RECORDS_MOST)
        text_printf(&counting->records, "%s%lld", counting->records.len ? " " : "",
                    (long long)counted->id);
    counting->ms += counted->lasting.ms;
    counting->figure->amount_fen.fen += counted->amount.fen;
    return OK;
}

/* The ids are written while the rows pass, whose arena is taken back behind each of them. */
static enum result measure_one(struct ctx *cx, const struct report_figure_rule *rule,
                               int64_t unit_id, struct month month, struct report_figure *figure)
{
    struct param_list params = {.count = 0};
    struct text sql = text_new(cx->mem, 1024);
    struct counting counting = {figure, text_new(cx->mem, REPORT_RECORDS_MOST * 21), 0};
    text_printf(&sql, "SELECT t.id AS id, %s AS lasting, %s AS amount FROM %s t WHERE ",
                rule->lasting ? rule->lasting : "0", rule->amount ? rule->amount : "0",
                rule->resource->name);
    put_where(&sql, &params, rule->where, unit_id, month);
    text_puts(&sql, " ORDER BY t.id");
    if (params.full)
        return fail(cx, BROKEN, "supervision_report.broken_rule", rule->name);
    const struct query query =
        db_query(arena_printf(cx->mem, "report.%s.%s", figure->section, rule->name), text_end(&sql),
                 params.count);
    TRY(db_each(cx, &query, (struct params){params.at, params.count}, COUNTED_FIELDS,
                sizeof(struct counted), count_one, &counting));
    figure->records = text_end(&counting.records);
    if (rule->lasting && figure->count)
        figure->minutes = (int32_t)(counting.ms / figure->count / 60000);
    return OK;
}

enum result figures_measure(struct ctx *cx, int64_t unit_id, struct month month,
                            struct report_figure **out, size_t *out_count)
{
    struct report_figure *figures = ARENA_ARRAY(cx->mem, struct report_figure, REPORT_FIGURES_MOST);
    size_t count = 0;
    for (const struct report_section *const *section = sections; *section; section++)
        for (const struct report_figure_rule *rule = (*section)->figures; rule->name; rule++) {
            if (count == REPORT_FIGURES_MOST)
                return fail(cx, BROKEN, "supervision_report.broken_rule", rule->name);
            struct report_figure *figure = &figures[count++];
            *figure = (struct report_figure){.section = (*section)->name,
                                             .name = rule->name,
                                             .resource = rule->resource->name,
                                             .bad = rule->bad};
            TRY(measure_one(cx, rule, unit_id, month, figure));
        }
    *out = figures;
    *out_count = count;
    return OK;
}
