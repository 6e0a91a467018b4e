/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A standard and its items as records: who sees them, and when they may change. */
#include "app/standards/standard.h"

#include "app/standards/standard.sql.h"
#include "app/standards/standard_private.h"
#include "base/hash.h"

#include <string.h>

const char *const STANDARD_STATES[] = {"draft", "in_force", "retired", NULL};
const char *const ITEM_METHODS[] = {"sight",   "touch", "smell", "instrument",
                                    "records", "count", "test",  NULL};
const char *const ITEM_FREQUENCIES[] = {"each_time",    "daily",   "weekly",
                                        "half_monthly", "monthly", "quarterly",
                                        "half_yearly",  "yearly",  NULL};

bool service_is_inspected(enum service service)
{
    return service && service != SERVICE_OUTBOUND_CALL;
}

/* ---- standards ---- */

static const struct field STANDARD_FIELDS[] = {
    RECORD_FIELDS(standard),
    FIELD(standard, name, .in = MUST, .max = 80, .use = LISTED | SIGNED),
    FIELD_REF(standard, organisation_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(standard, unit_id, "units", .in = MUST, .use = FIXED | FILTERED,
              .among = "kind=project", .clause = "V3.5"),
    FIELD(standard, unit_name, .column = "u.name", .use = LISTED | SIGNED),
    FIELD_ENUM(standard, service, SERVICES, .in = MUST, .use = FIXED | LISTED | FILTERED | SIGNED,
               .clause = "V3.5"),
    FIELD(standard, revision, .use = LISTED | SIGNED),
    FIELD_REF(standard, former_id, "standards"),
    FIELD(standard, from, .in = MUST, .use = LISTED | SIGNED, .clause = "V3.5"),
    FIELD(standard, to, .use = LISTED),
    FIELD(standard, note, .in = MAY, .max = 1000, .use = LONG_TEXT | SIGNED),
    FIELD_REF(standard, rules_id, "division_rules", .clause = "V3.4"),
    FIELD(standard, rules_name, .column = "r.name"),
    FIELD_REF(standard, author_id, "people", .use = NO_DIFF),
    FIELD(standard, author_name, .use = LISTED),
    FIELD(standard, editors, .use = HIDDEN | NO_DIFF),
    FIELD_REF(standard, approver_id, "people", .use = NO_DIFF),
    FIELD(standard, approved_by, .use = LISTED),
    FIELD(standard, approved_at),
    FIELD(standard, ended_reason, .use = LONG_TEXT),
    FIELD(standard, items, .use = HIDDEN | SIGNED),
    FIELD(standard, sha256),
    FIELD_ENUM(standard, state, STANDARD_STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

enum result standard_wrong_state(struct ctx *cx, const struct standard *standard)
{
    return fail(cx, CONFLICT, "standard.wrong_state", standard->name,
                state_name(cx, &STANDARDS, STANDARD_STATES, standard->state));
}

/* Somebody who wrote in it; none of them approves it. */
static void add_editor(struct ctx *cx, struct standard *standard)
{
    const char *id = arena_printf(cx->mem, " %lld ", (long long)cx->actor->person_id);
    if (cx->actor->person_id && !strstr(standard->editors, id))
        standard->editors = arena_printf(cx->mem, "%s%s", standard->editors, id);
}

static enum result begin(struct ctx *cx, struct standard *standard)
{
    struct unit unit;
    int64_t draft;
    if (!standard->unit_id || !standard->service)
        return OK; /* refused as required */
    TRY(record_get(cx, &UNITS, standard->unit_id, &unit));
    if (unit.kind != UNIT_PROJECT)
        reject_clause(cx, "V3.5", "unit_id", "standard_of_project", unit.name);
    if (!service_is_inspected(standard->service))
        reject_clause(cx, "V3.5", "service", "not_inspected");
    TRY(db_int(cx, &q_standard_draft,
               PARAMS(P(standard->unit_id), P(SERVICES[standard->service - 1])), &draft));
    if (draft)
        reject_clause(cx, "V3.5", "service", "standard_drafted");
    if (!standard->revision)
        standard->revision = 1;
    standard->organisation_id = unit.organisation_id;
    standard->author_id = cx->actor->person_id;
    standard->author_name = cx->actor->person_name;
    standard->state = STANDARD_DRAFT;
    return OK;
}

/* What was approved never changes but in its state and its end. */
static enum result standard_check(struct ctx *cx, void *record, const void *former)
{
    struct standard *standard = record;
    const struct standard *before = former;
    if (!before)
        TRY(begin(cx, standard));
    else if (before->state != STANDARD_DRAFT && standard->state == before->state &&
             standard->to.days == before->to.days)
        return standard_wrong_state(cx, before);
    if (standard->state == STANDARD_DRAFT)
        add_editor(cx, standard);
    return OK;
}

static enum result standard_open(struct ctx *cx, const void *record)
{
    const struct standard *standard = record;
    return !standard->id || standard->state == STANDARD_DRAFT ? OK
                                                              : standard_wrong_state(cx, standard);
}

/* A provider sees what its own work is measured by, once it is. */
const struct resource STANDARDS = {
    .name = "standards",
    .clause = "V3.5",
    .fields = STANDARD_FIELDS,
    .size = sizeof(struct standard),
    .joins = "JOIN units u ON u.id = t.unit_id LEFT JOIN division_rules r ON r.id = t.rules_id",
    .title = "name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@organisation_id = :org",
              [SIDE_PROVIDER] =
                  "@approved_at > 0 AND EXISTS (SELECT 1 FROM contracts k WHERE k.unit_id = "
                  "@unit_id AND k.service = @service AND k.provider_id = :org LIMIT 1 OFFSET 0)"},
    .unit = "unit_id",
    .check = standard_check,
    .open = standard_open,
};

/* What they wrote stands in the trail by itself. */
enum result standard_written(struct ctx *cx, const struct standard *standard)
{
    struct standard after = *standard;
    add_editor(cx, &after);
    return db_change_one(cx, &q_standard_editors, PARAMS(P(standard->id), P(after.editors)));
}

/* ---- items ---- */

static const struct field ITEM_FIELDS[] = {
    RECORD_FIELDS(standard_item),
    FIELD_REF(standard_item, standard_id, "standards", .in = MUST, .use = FIXED | FILTERED),
    FIELD(standard_item, standard_name, .column = "s.name"),
    FIELD(standard_item, number, .use = LISTED),
    FIELD_ENUM(standard_item, category, CATEGORIES, .in = MUST, .use = LISTED | FILTERED,
               .clause = "V6.1.2.3"),
    FIELD(standard_item, place, .in = MAY, .max = 60, .use = LISTED),
    FIELD(standard_item, text, .in = MUST, .max = 500, .use = LISTED | LONG_TEXT),
    FIELD_REF(standard_item, term_id, "terms", .in = MAY, .use = FILTERED, .clause = "V6.1.2.1"),
    FIELD(standard_item, term_number, .column = "m.number", .use = LISTED),
    FIELD(standard_item, term_contract, .column = "c.name"),
    FIELD_ENUM(standard_item, method, ITEM_METHODS, .in = MUST, .use = LISTED),
    FIELD_ENUM(standard_item, frequency, ITEM_FREQUENCIES, .in = MUST, .use = LISTED),
    FIELD(standard_item, sample, .in = MAY, .max = 60),
    FIELD(standard_item, points, .in = MUST, .max = STANDARD_BASE * 100, .use = LISTED),
    FIELD(standard_item, deduction, .in = MUST, .max = STANDARD_BASE * 100, .use = LISTED),
    FIELD(standard_item, photo, .in = MAY, .use = LISTED),
    FIELD(standard_item, fatal, .in = MAY, .use = LISTED),
    FIELD(standard_item, code, .use = HIDDEN),
    FIELD(standard_item, said_term, .max = 20, .use = DERIVED | HIDDEN),
    FIELDS_END,
};

void standard_item_code(struct ctx *cx, struct standard_item *item)
{
    char hex[SHA256_HEX];
    const char *words = arena_printf(cx->mem, "%s\n%s", item->place, item->text);
    sha256_hex(words, strlen(words), hex);
    item->code = arena_printf(cx->mem, "%lld %.32s", (long long)item->standard_id, hex);
}

enum result standard_item_of_code(struct ctx *cx, const char *code, int64_t *out_id)
{
    return db_int(cx, &q_standard_item_of_code, PARAMS(P(code)), out_id);
}

enum result standard_draft_of_name(struct ctx *cx, int64_t organisation_id, const char *name,
                                   int64_t *out_id)
{
    return db_int(cx, &q_standard_draft_of_name, PARAMS(P(organisation_id), P(name)), out_id);
}

/* A file names a term by its number. */
static enum result find_said_term(struct ctx *cx, struct standard_item *item)
{
    if (!item->said_term || !*item->said_term || item->term_id)
        return OK;
    TRY(db_int(cx, &q_term_of_number, PARAMS(P(item->standard_id), P(item->said_term)),
               &item->term_id));
    if (!item->term_id)
        reject_clause(cx, "V6.1.2.1", "said_term", "term_unknown", item->said_term);
    return OK;
}

/* The term belongs to a contract of this project and service. */
static enum result check_term(struct ctx *cx, const struct standard *standard,
                              const struct standard_item *item)
{
    struct term term;
    struct contract contract;
    if (!item->term_id)
        return OK;
    TRY(record_get(cx, &TERMS, item->term_id, &term));
    TRY(record_get(cx, &CONTRACTS, term.contract_id, &contract));
    if (contract.unit_id != standard->unit_id || contract.service != standard->service)
        reject_clause(cx, "V6.1.2.1", "term_id", "term_elsewhere", term.number);
    return OK;
}

static void check_points(struct ctx *cx, const struct standard_item *item)
{
    if (!item->points.hundredths && !item->fatal)
        reject_clause(cx, "V3.5", "points", "no_points");
    if (item->deduction.hundredths > item->points.hundredths)
        reject_clause(cx, "V3.5", "deduction", "more_than_points");
    else if (item->points.hundredths && !item->deduction.hundredths)
        reject_clause(cx, "V3.5", "deduction", "no_deduction");
}

static enum result item_check(struct ctx *cx, void *record, const void *before)
{
    struct standard_item *item = record;
    struct standard standard;
    int64_t last, count;
    if (!item->standard_id)
        return OK;
    TRY(record_get(cx, &STANDARDS, item->standard_id, &standard));
    TRY(standard_open(cx, &standard));
    TRY(find_said_term(cx, item));
    TRY(check_term(cx, &standard, item));
    check_points(cx, item);
    standard_item_code(cx, item);
    if (before)
        return OK;
    TRY(db_int(cx, &q_standard_item_count, PARAMS(P(standard.id)), &count));
    if (count >= STANDARD_ITEMS_MOST)
        reject(cx, "text", "too_many_items", arena_printf(cx->mem, "%d", STANDARD_ITEMS_MOST));
    TRY(db_int(cx, &q_standard_item_last, PARAMS(P(standard.id)), &last));
    item->number = (int32_t)last + 1;
    return OK;
}

/* Whoever writes an item has written in the standard. */
static enum result item_saved(struct ctx *cx, const void *record, const void *before)
{
    const struct standard_item *item = record;
    struct standard standard;
    (void)before;
    TRY(record_get(cx, &STANDARDS, item->standard_id, &standard));
    return standard_written(cx, &standard);
}

static enum result item_open(struct ctx *cx, const void *record)
{
    const struct standard_item *item = record;
    struct standard standard;
    if (!item->standard_id)
        return OK;
    TRY(record_get(cx, &STANDARDS, item->standard_id, &standard));
    return standard_open(cx, &standard);
}

const struct resource STANDARD_ITEMS = {
    .name = "standard_items",
    .clause = "V6.1.2.3",
    .fields = ITEM_FIELDS,
    .size = sizeof(struct standard_item),
    .joins = "JOIN standards s ON s.id = t.standard_id LEFT JOIN terms m ON m.id = t.term_id "
             "LEFT JOIN contracts c ON c.id = m.contract_id",
    .title = "text",
    .sort = "-id",
    .parent = &STANDARDS,
    .parent_field = "standard_id",
    .check = item_check,
    .open = item_open,
    .saved = item_saved,
    .import_key = "code",
};

/* ---- for those who inspect ---- */

enum result standard_for(struct ctx *cx, int64_t unit_id, enum service service, struct date day,
                         struct standard *out)
{
    struct list list;
    int64_t id = 0;
    if (service)
        TRY(db_int(cx, &q_standard_for, PARAMS(P(unit_id), P(SERVICES[service - 1]), P(day)), &id));
    if (!id)
        return fail(cx, NOT_FOUND, "standard.none_for");
    TRY(record_select(cx, &STANDARDS, "one", "t.id = $1", PARAMS(P(id)), &list));
    memcpy(out, list.rows, sizeof *out);
    return OK;
}

enum result standard_items(struct ctx *cx, int64_t standard_id, struct standard_item **out,
                           size_t *out_count)
{
    struct list list;
    TRY(record_select(cx, &STANDARD_ITEMS, "of_standard",
                      "t.standard_id = $1 ORDER BY t.number, t.id LIMIT 200",
                      PARAMS(P(standard_id)), &list));
    *out = list.rows;
    *out_count = list.count;
    return OK;
}

#define R_READS (R_CLIENT_SIDE | R(PROVIDER) | R(CLEANER))
const struct right STANDARD_RIGHTS[] = {
    {"division_rules.read", R_CLIENT_SIDE, "V3.4"},
    {"division_rules.write", R(DIVISION) | R(OPS), "V3.4"},
    {"division_rules.receive", R(OPS), "V3.4"},
    {"standards.read", R_READS, "V3.5"},
    {"standards.write", R(PM) | R(EXECUTOR), "V3.5"},
    {"standards.approve", R(PM) | R(DIVISION), "V3.5"},
    {"standard_items.read", R_READS, "V6.1.2.3"},
    {"standard_items.write", R(PM) | R(EXECUTOR), "V6.1.2.3"},
    RIGHTS_END,
};
