/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Forms of reviews: what is in force never changes, a new revision replaces it. */
#include "app/reviews/review.h"
#include "app/reviews/review.sql.h"
#include "base/doc.h"

#include <string.h>

static const char *const STATES[] = {"draft", "in_force", "retired", NULL};
static const char *const KINDS[] = {"score", "fatal", NULL};

const struct field FORM_ITEM_FIELDS[] = {
    FIELD(form_item, name, .in = MUST, .max = 40),
    FIELD(form_item, text, .in = MAY, .max = 400),
    FIELD_ENUM(form_item, kind, KINDS, .in = MUST),
    FIELD(form_item, weight, .in = MAY, .max = FORM_TOTAL),
    FIELDS_END,
};

static const struct field FORM_FIELDS[] = {
    RECORD_FIELDS(review_form),
    FIELD(review_form, name, .in = MUST, .max = 60, .use = LISTED),
    FIELD_REF(review_form, contract_id, "contracts", .in = MAY, .use = FIXED | FILTERED,
              .among = "service=outbound_call"),
    FIELD(review_form, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(review_form, provider_id, "organisations", .use = FILTERED | NO_DIFF),
    FIELD(review_form, provider_name, .column = "o.name", .use = LISTED),
    FIELD(review_form, revision, .use = LISTED),
    FIELD_REF(review_form, former_id, "review_forms"),
    FIELD(review_form, items, .use = HIDDEN | TRAILED),
    FIELD_ENUM(review_form, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static enum result wrong_state(struct ctx *cx, const struct review_form *form)
{
    return fail(cx, CONFLICT, "review_form.wrong_state", form->name,
                state_name(cx, &REVIEW_FORMS, STATES, form->state));
}

static enum result form_begin(struct ctx *cx, struct review_form *form)
{
    struct contract contract;
    if (form->contract_id) {
        TRY(record_get(cx, &CONTRACTS, form->contract_id, &contract));
        form->provider_id = contract.provider_id;
    } else if (!form->provider_id) {
        form->provider_id = cx->actor->organisation_id;
    }
    if (!form->revision)
        form->revision = 1;
    form->state = FORM_DRAFT;
    return OK;
}

static enum result form_check(struct ctx *cx, void *record, const void *former)
{
    struct review_form *form = record;
    const struct review_form *before = former;
    if (!before)
        return form_begin(cx, form);
    if (before->state != FORM_DRAFT &&
        (strcmp(form->items, before->items) != 0 || strcmp(form->name, before->name) != 0))
        return fail(cx, CONFLICT, "review_form.in_force", before->name);
    return OK;
}

static enum result form_open(struct ctx *cx, const void *record)
{
    const struct review_form *form = record;
    return !form->id || form->state == FORM_DRAFT ? OK : wrong_state(cx, form);
}

const struct resource REVIEW_FORMS = {
    .name = "review_forms",
    .clause = "C2.4",
    .fields = FORM_FIELDS,
    .size = sizeof(struct review_form),
    .joins = "JOIN organisations o ON o.id = t.provider_id "
             "LEFT JOIN contracts c ON c.id = t.contract_id",
    .title = "name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@state <> 'draft'", [SIDE_PROVIDER] = "@provider_id = :org"},
    .check = form_check,
    .open = form_open,
};

enum result form_items(struct ctx *cx, const struct review_form *form, struct form_item **out,
                       size_t *out_count)
{
    if (!json_rows_read(cx->mem, form->items, FORM_ITEM_FIELDS, sizeof **out, FORM_ITEMS_MOST, out,
                        out_count))
        return fail(cx, BROKEN, "review_form.broken", form->name);
    return OK;
}

const char *form_items_text(struct arena *arena, const struct form_item *items, size_t count)
{
    return json_rows_text(arena, FORM_ITEM_FIELDS, items, count, sizeof *items);
}

enum result form_freeze(struct ctx *cx, int64_t form_id, const char **out_items)
{
    struct review_form form;
    struct form_item *items;
    size_t count;
    TRY(record_get(cx, &REVIEW_FORMS, form_id, &form));
    TRY(form_items(cx, &form, &items, &count));
    struct review_item *frozen = ARENA_ARRAY(cx->mem, struct review_item, count + 1);
    for (size_t i = 0; i < count; i++)
        frozen[i] = (struct review_item){.name = items[i].name,
                                         .text = items[i].text,
                                         .kind = items[i].kind,
                                         .weight = items[i].weight,
                                         .comment = ""};
    *out_items = json_rows_text(cx->mem, REVIEW_ITEM_FIELDS, frozen, count, sizeof *frozen);
    return OK;
}

enum result form_demand(struct ctx *cx, int64_t form_id, const struct contract *contract)
{
    struct review_form form;
    TRY(record_get(cx, &REVIEW_FORMS, form_id, &form));
    if (form.state != FORM_IN_FORCE || form.provider_id != contract->provider_id ||
        (form.contract_id && form.contract_id != contract->id))
        reject_clause(cx, "C2.4", "form_id", "form_not_in_force");
    return OK;
}

/* ---- its life ---- */

static enum result demand_whole(struct ctx *cx, const struct review_form *form)
{
    struct form_item *items;
    size_t count;
    int32_t sum = 0;
    TRY(form_items(cx, form, &items, &count));
    for (size_t i = 0; i < count; i++) {
        const char *place = arena_printf(cx->mem, "items.%zu.weight", i);
        if (items[i].kind == ITEM_SCORE && items[i].weight < 1)
            reject_clause(cx, "C2.4", place, "required");
        if (items[i].kind == ITEM_FATAL && items[i].weight)
            reject_clause(cx, "C2.4", place, "fatal_weighs_nothing");
        sum += items[i].weight;
    }
    if (sum != FORM_TOTAL)
        reject_clause(cx, "C2.4", "items", "weights_sum", arena_printf(cx->mem, "%d", sum));
    return rejected(cx);
}

static enum result form_becomes(struct ctx *cx, const struct review_form *form,
                                enum form_state state, const char *action)
{
    struct review_form after = *form;
    after.state = state;
    return record_change(cx, &REVIEW_FORMS, action, form, &after);
}

enum result form_enforce(struct ctx *cx, const struct review_form *form)
{
    struct review_form former;
    if (form->state != FORM_DRAFT)
        return wrong_state(cx, form);
    TRY(demand_whole(cx, form));
    if (form->former_id) {
        TRY(record_get(cx, &REVIEW_FORMS, form->former_id, &former));
        TRY(form_becomes(cx, &former, FORM_RETIRED, "retire"));
    }
    return form_becomes(cx, form, FORM_IN_FORCE, "enforce");
}

enum result form_revise(struct ctx *cx, const struct review_form *form, int64_t *out_id)
{
    int64_t successor;
    struct review_form next = {.provider_id = form->provider_id,
                               .contract_id = form->contract_id,
                               .name = form->name,
                               .items = form->items,
                               .revision = form->revision + 1,
                               .former_id = form->id};
    TRY(db_int(cx, &q_form_successor, PARAMS(P(form->id)), &successor));
    if (form->state != FORM_IN_FORCE || successor)
        return wrong_state(cx, form);
    TRY(record_add(cx, &REVIEW_FORMS, &next));
    *out_id = next.id;
    return OK;
}
