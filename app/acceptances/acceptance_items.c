/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The check list: a line for each term of the contract, and what the panel adds. */
#include "app/acceptances/acceptance.sql.h"
#include "app/acceptances/acceptance_private.h"

const char *const CHECK_RESULTS[] = {"pass", "defect", "fail", "na", NULL};
#define NOTE_MOST 500
#define MEASURED_MOST 60

static const struct field ITEM_FIELDS[] = {
    RECORD_FIELDS(acceptance_item),
    FIELD_REF(acceptance_item, acceptance_id, "acceptances", .among = "state=convened", .in = MUST,
              .use = FIXED | FILTERED, .clause = "X3"),
    FIELD(acceptance_item, term, .in = MUST, .max = 20, .use = FIXED | LISTED),
    FIELD(acceptance_item, requirement, .in = MUST, .max = WORDS_MOST,
          .use = FIXED | LISTED | LONG_TEXT),
    FIELD_ENUM(acceptance_item, result, CHECK_RESULTS, .use = LISTED),
    FIELD(acceptance_item, measured, .use = LISTED),
    FIELD(acceptance_item, note, .use = LONG_TEXT),
    FIELD(acceptance_item, due_on, .use = LISTED),
    FIELD_REF(acceptance_item, judge_id, "people"),
    FIELD(acceptance_item, judged_by, .column = "COALESCE(j.name, '')", .use = LISTED),
    FIELD(acceptance_item, judged_at),
    FIELDS_END,
};

const struct field ACCEPTANCE_JUDGING[] = {
    FIELD_ENUM(acceptance_item, result, CHECK_RESULTS, .in = MUST),
    FIELD(acceptance_item, measured, .in = MAY, .max = MEASURED_MOST),
    FIELD(acceptance_item, note, .in = MAY, .max = NOTE_MOST, .use = LONG_TEXT),
    FIELD(acceptance_item, due_on, .in = MAY),
    FIELDS_END,
};

/* The acceptance that is being checked, by one of its panel who stands in no relation to the
 * provider. */
static enum result demand_checker(struct ctx *cx, int64_t acceptance_id, struct acceptance *out)
{
    struct acceptance_member *panel;
    size_t count;
    TRY(record_get(cx, &ACCEPTANCES, acceptance_id, out));
    TRY(acceptance_demand_state(cx, out, ACCEPTANCE_CONVENED));
    if (cx->actor->is_system)
        return OK;
    TRY(acceptance_panel(cx, acceptance_id, &panel, &count));
    if (!acceptance_on_panel(panel, count, cx->actor->person_id))
        return fail(cx, FORBIDDEN, "acceptance.not_on_panel", out->name);
    return interest_demand(cx, out->provider_id);
}

/* A further line, below a term of the contract. */
static enum result item_check(struct ctx *cx, void *record, const void *before)
{
    struct acceptance_item *item = record;
    struct acceptance acceptance;
    struct list terms;
    if (before || !item->acceptance_id)
        return OK;
    TRY(record_get(cx, &ACCEPTANCES, item->acceptance_id, &acceptance));
    TRY(record_select(cx, &TERMS, "of_line", "t.contract_id = $1 AND t.number = $2 LIMIT 1",
                      PARAMS(P(acceptance.contract_id), P(item->term)), &terms));
    if (!terms.count && *item->term)
        reject_clause(cx, "X3", "term", "no_such_term", item->term);
    return OK;
}

static enum result item_open(struct ctx *cx, const void *record)
{
    const struct acceptance_item *item = record;
    struct acceptance acceptance;
    return item->acceptance_id ? demand_checker(cx, item->acceptance_id, &acceptance) : OK;
}

static enum result item_attach(struct ctx *cx, int64_t id)
{
    struct acceptance_item item;
    TRY(record_get(cx, &ACCEPTANCE_ITEMS, id, &item));
    return item_open(cx, &item);
}

const struct resource ACCEPTANCE_ITEMS = {
    .name = "acceptance_items",
    .clause = "X3",
    .fields = ITEM_FIELDS,
    .size = sizeof(struct acceptance_item),
    .joins = "LEFT JOIN people j ON j.id = t.judge_id",
    .title = "term",
    .sort = "id",
    .parent = &ACCEPTANCES,
    /* The provider reads what the panel came to, not its work. */
    .scope = {[SIDE_CLIENT] = "1 = 1",
              [SIDE_PROVIDER] = "EXISTS (SELECT 1 FROM acceptances d WHERE d.id = @acceptance_id "
                                "AND d.state IN ('decided', 'signed', 'objected', 'final'))"},
    .parent_field = "acceptance_id",
    .check = item_check,
    .open = item_open,
    .attach = item_attach,
};

enum result acceptance_items(struct ctx *cx, int64_t acceptance_id, struct acceptance_item **out,
                             size_t *out_count)
{
    struct list list;
    TRY(record_select(cx, &ACCEPTANCE_ITEMS, "lines",
                      "t.acceptance_id = $1 ORDER BY t.id LIMIT 300", PARAMS(P(acceptance_id)),
                      &list));
    *out = list.rows;
    *out_count = list.count;
    return OK;
}

enum result acceptance_build(struct ctx *cx, const struct acceptance *acceptance)
{
    struct list terms;
    TRY(acceptance_demand_state(cx, acceptance, ACCEPTANCE_CONVENED));
    TRY(record_select(cx, &TERMS, "unlisted",
                      "t.contract_id = $1 AND NOT EXISTS (SELECT 1 FROM acceptance_items i WHERE "
                      "i.acceptance_id = $2 AND i.term = t.number) ORDER BY t.id LIMIT 200",
                      PARAMS(P(acceptance->contract_id), P(acceptance->id)), &terms));
    const struct term *rows = terms.rows;
    for (size_t i = 0; i < terms.count; i++) {
        struct acceptance_item item = {.acceptance_id = acceptance->id};
        fields_blank(ITEM_FIELDS, &item);
        item.term = rows[i].number;
        item.requirement = rows[i].text;
        TRY(record_add(cx, &ACCEPTANCE_ITEMS, &item));
    }
    return OK;
}

/* What fails says what is wrong, with a figure or a photo; a defect until when it is mended; and
 * what does not apply says why. */
static enum result check_judgement(struct ctx *cx, const struct acceptance_item *item,
                                   const struct acceptance_item *judgement, size_t photos)
{
    const bool wrong = judgement->result == CHECK_DEFECT || judgement->result == CHECK_FAIL;
    int64_t kept;
    TRY(db_int(cx, &q_documents_of, PARAMS(P(ACCEPTANCE_ITEMS.name), P(item->id)), &kept));
    if (!judgement->result)
        reject_clause(cx, "X3", "result", "required");
    if ((wrong || judgement->result == CHECK_NA) && !*text_plain(cx->mem, judgement->note))
        reject_clause(cx, "X3", "note", "required");
    if (wrong && !*text_plain(cx->mem, judgement->measured) && !photos && !kept)
        reject_clause(cx, "X3", "measured", "measured_or_photo");
    if (judgement->result == CHECK_DEFECT && !judgement->due_on.days)
        reject_clause(cx, "X3", "due_on", "required");
    if (judgement->due_on.days && judgement->result != CHECK_DEFECT)
        reject_clause(cx, "X3", "due_on", "of_defects_only");
    else if (judgement->due_on.days &&
             judgement->due_on.days < instant_date(cx->now, SHANGHAI_OFFSET_MIN).days)
        reject_clause(cx, "X3", "due_on", "in_the_past");
    return rejected(cx);
}

enum result acceptance_item_judge(struct ctx *cx, const struct acceptance_item *item,
                                  const struct acceptance_item *judgement, size_t photos)
{
    struct acceptance_item after = *item;
    struct acceptance acceptance;
    TRY(demand_checker(cx, item->acceptance_id, &acceptance));
    TRY(check_judgement(cx, item, judgement, photos));
    after.result = judgement->result;
    after.measured = judgement->measured;
    after.note = judgement->note;
    after.due_on = judgement->due_on;
    after.judge_id = cx->actor->person_id;
    after.judged_at = cx->now;
    return record_change(cx, &ACCEPTANCE_ITEMS, "judge", item, &after);
}
