/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How a standard comes into force, and how it ends. */
#include "app/standards/standard.sql.h"
#include "app/standards/standard_private.h"

#include "app/notices/notice.h"
#include "app/records/trail.h"
#include "app/signatures/signature.h"
#include "base/doc.h"

#include <string.h>

/* ---- what it covers ---- */

static const char *const TOPICS[] = {"scope",  "frequency", "standard", "staffing", "deduction",
                                     "safety", "breach",    "payment",  "other",    NULL};
const struct field COVERED_TERM_FIELDS[] = {
    FIELD(covered_term, term_id),
    FIELD(covered_term, number),
    FIELD_ENUM(covered_term, topic, TOPICS),
    FIELD(covered_term, text),
    FIELD(covered_term, contract_id),
    FIELD(covered_term, contract_number),
    FIELD(covered_term, contract_name),
    FIELD(covered_term, items),
    FIELDS_END,
};

enum result standard_terms(struct ctx *cx, const struct standard *standard,
                           struct covered_term **out, size_t *out_count)
{
    return db_list(cx, &q_standard_terms, PARAMS(P(standard->id), P((int32_t)COVERED_TERMS_MOST)),
                   COVERED_TERM_FIELDS, sizeof **out, COVERED_TERMS_MOST, out, out_count);
}

struct points standard_points(const struct standard_item *items, size_t count)
{
    struct points sum = {0};
    for (size_t i = 0; i < count; i++)
        sum.hundredths += items[i].points.hundredths;
    return sum;
}

/* ---- what is signed ---- */

static const struct field SIGNED_ITEM_FIELDS[] = {
    FIELD(standard_item, number),
    FIELD_ENUM(standard_item, category, CATEGORIES),
    FIELD(standard_item, place),
    FIELD(standard_item, text),
    FIELD(standard_item, term_id),
    FIELD_ENUM(standard_item, method, ITEM_METHODS),
    FIELD_ENUM(standard_item, frequency, ITEM_FREQUENCIES),
    FIELD(standard_item, sample),
    FIELD(standard_item, points),
    FIELD(standard_item, deduction),
    FIELD(standard_item, photo),
    FIELD(standard_item, fatal),
    FIELDS_END,
};

static enum result compose(struct ctx *cx, struct standard *standard)
{
    struct standard_item *items;
    size_t count;
    if (standard->state != STANDARD_DRAFT)
        return OK;
    TRY(standard_items(cx, standard->id, &items, &count));
    standard->items = json_rows_text(cx->mem, SIGNED_ITEM_FIELDS, items, count, sizeof *items);
    standard->sha256 = record_digest(cx->mem, &STANDARDS, standard);
    return OK;
}

enum result standard_digest(struct ctx *cx, const struct standard *standard, const char **out)
{
    struct standard seen = *standard;
    TRY(compose(cx, &seen));
    *out = seen.sha256;
    return OK;
}

/* ---- is it whole? ---- */

static enum result demand_terms(struct ctx *cx, const struct standard *standard)
{
    struct covered_term *terms;
    size_t count;
    TRY(standard_terms(cx, standard, &terms, &count));
    for (size_t i = 0; i < count; i++)
        if (!terms[i].items)
            reject_clause(cx, "V6.1.2.1", "items", "term_uncovered", terms[i].contract_name,
                          terms[i].number, terms[i].text);
    return OK;
}

static void demand_categories(struct ctx *cx, struct set mandatory,
                              const struct standard_item *items, size_t count)
{
    static const char *const LACKS[] = {
        [CATEGORY_QUALIFICATION] = "lacks_qualification",
        [CATEGORY_PERSONNEL] = "lacks_personnel",
        [CATEGORY_EQUIPMENT] = "lacks_equipment",
        [CATEGORY_PROCESS] = "lacks_process",
        [CATEGORY_RESULT] = "lacks_result",
        [CATEGORY_SAFETY] = "lacks_safety",
        [CATEGORY_RECORDS] = "lacks_records",
    };
    uint64_t there = 0;
    for (size_t i = 0; i < count; i++)
        there |= CATEGORY_BIT(items[i].category);
    for (enum category category = CATEGORY_QUALIFICATION; category <= CATEGORY_RECORDS; category++)
        if (mandatory.bits & ~there & CATEGORY_BIT(category))
            reject_clause(cx, "V6.1.2.3", "items", LACKS[category]);
}

static void demand_points(struct ctx *cx, const struct standard_item *items, size_t count)
{
    char text[POINTS_MAX_TEXT];
    const struct points sum = standard_points(items, count);
    points_format(sum, text);
    if (sum.hundredths != STANDARD_BASE * INT64_C(100))
        reject_clause(cx, "V3.5", "items", "points_sum", arena_dup(cx->mem, text),
                      arena_printf(cx->mem, "%d", STANDARD_BASE));
}

/* It begins today or later, and after the one that it follows. */
static enum result demand_day(struct ctx *cx, const struct standard *standard,
                              const struct standard *former)
{
    if (standard->from.days < instant_date(cx->now, SHANGHAI_OFFSET_MIN).days)
        reject_clause(cx, "V3.5", "from", "begun_already");
    else if (former->id && standard->from.days <= former->from.days)
        reject_clause(cx, "V3.5", "from", "before_former", former->name);
    return OK;
}

/* The rules of the division that it is approved under; without them only the seven categories are
 * known. */
static enum result demand_rules(struct ctx *cx, const struct standard *standard,
                                struct division_rule *out)
{
    const enum result found = division_rule_for(cx, standard->unit_id, standard->from, out);
    if (found != NOT_FOUND)
        return found;
    (void)fault_take(cx);
    *out = (struct division_rule){.mandatory = {CATEGORY_ALL}};
    reject_clause(cx, "V3.4", "rules_id", "rules_not_filed");
    return OK;
}

static enum result former_of(struct ctx *cx, const struct standard *standard, struct standard *out)
{
    int64_t id;
    *out = (struct standard){.id = 0};
    TRY(db_int(cx, &q_standard_current,
               PARAMS(P(standard->unit_id), P(SERVICES[standard->service - 1])), &id));
    return id ? record_get(cx, &STANDARDS, id, out) : OK;
}

static enum result demand_whole(struct ctx *cx, const struct standard *standard,
                                const struct standard *former, struct division_rule *out_rules)
{
    struct standard_item *items;
    size_t count;
    TRY(standard_items(cx, standard->id, &items, &count));
    TRY(demand_rules(cx, standard, out_rules));
    TRY(demand_day(cx, standard, former));
    demand_categories(cx, out_rules->mandatory, items, count);
    TRY(demand_terms(cx, standard));
    demand_points(cx, items, count);
    return rejected_as(cx, CONFLICT, "standard.not_ready");
}

/* ---- its life ---- */

bool standard_is_of(const struct ctx *cx, const struct standard *standard)
{
    return cx->actor->person_id &&
           (cx->actor->person_id == standard->author_id ||
            strstr(standard->editors,
                   arena_printf(cx->mem, " %lld ", (long long)cx->actor->person_id)));
}

static enum result tell(struct ctx *cx, const struct standard *standard, const char *kind)
{
    char day[DATE_MAX_TEXT];
    date_format(standard->from, day);
    const struct news news = {.kind = kind,
                              .subject = &STANDARDS,
                              .subject_id = standard->id,
                              .title = standard->name,
                              .detail = arena_dup(cx->mem, day)};
    if (standard->author_id)
        TRY(notice_person(cx, standard->author_id, &news));
    return notice_roles(cx, standard->organisation_id, standard->unit_id, R(PM) | R(EXECUTOR),
                        &news);
}

static enum result end_former(struct ctx *cx, const struct standard *former, struct date from)
{
    struct standard ended = *former;
    if (!former->id)
        return OK;
    ended.to = date_add(from, -1);
    ended.state = STANDARD_RETIRED;
    return record_change(cx, &STANDARDS, "replace", former, &ended);
}

enum result standard_approve(struct ctx *cx, const struct standard *standard,
                             const char *sha256_seen)
{
    struct standard after = *standard, former;
    struct division_rule rules;
    if (standard->state != STANDARD_DRAFT)
        return standard_wrong_state(cx, standard);
    if (standard_is_of(cx, standard))
        return fail(cx, FORBIDDEN, "standard.own", standard->name);
    TRY(former_of(cx, standard, &former));
    TRY(demand_whole(cx, standard, &former, &rules));
    TRY(compose(cx, &after));
    if (strcmp(after.sha256, sha256_seen) != 0)
        return fail(cx, CONFLICT, "standard.changed", standard->name);
    TRY(signature_put(cx, &STANDARDS, standard->id, "approver", after.sha256));
    trail_add(cx, "sign", &STANDARDS, standard, "", after.sha256);
    TRY(end_former(cx, &former, standard->from));
    after.rules_id = rules.id;
    after.approver_id = cx->actor->person_id;
    after.approved_by = cx->actor->person_name;
    after.approved_at = cx->now;
    after.state = STANDARD_IN_FORCE;
    TRY(record_change(cx, &STANDARDS, "approve", standard, &after));
    return tell(cx, &after, "standard.approved");
}

enum result standard_revise(struct ctx *cx, const struct standard *standard, int64_t *out_id)
{
    struct standard next = {.unit_id = standard->unit_id,
                            .service = standard->service,
                            .name = standard->name,
                            .revision = standard->revision + 1,
                            .former_id = standard->id,
                            .note = standard->note};
    struct standard_item *items;
    size_t count;
    if (standard->state == STANDARD_DRAFT)
        return standard_wrong_state(cx, standard);
    next.from = date_add(instant_date(cx->now, SHANGHAI_OFFSET_MIN), 1);
    fields_blank(STANDARDS.fields, &next);
    TRY(standard_items(cx, standard->id, &items, &count));
    TRY(record_add(cx, &STANDARDS, &next));
    for (size_t i = 0; i < count; i++) {
        struct standard_item item = items[i];
        item.id = 0;
        item.standard_id = next.id;
        TRY(record_add(cx, &STANDARD_ITEMS, &item));
    }
    *out_id = next.id;
    return OK;
}

static enum result end(struct ctx *cx, const struct standard *standard, enum standard_state state,
                       const char *action, const char *reason)
{
    struct standard after = *standard;
    if (standard->state != state)
        return standard_wrong_state(cx, standard);
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.to = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    after.ended_reason = reason;
    after.state = STANDARD_RETIRED;
    return record_change(cx, &STANDARDS, action, standard, &after);
}

enum result standard_retire(struct ctx *cx, const struct standard *standard, const char *reason)
{
    return end(cx, standard, STANDARD_IN_FORCE, "retire", reason);
}

enum result standard_give_up(struct ctx *cx, const struct standard *standard, const char *reason)
{
    return end(cx, standard, STANDARD_DRAFT, "give_up", reason);
}
