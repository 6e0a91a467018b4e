/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What was agreed changes by an amendment: the old values stay readable (V5.1.2). */
#include "app/contracts/contract.sql.h"
#include "app/contracts/contract_fee.h"
#include "app/contracts/contract_private.h"
#include "app/records/trail.h"
#include "base/doc.h"

#include <stdlib.h>
#include <string.h>

static const struct field AMENDMENT_FIELDS[] = {
    RECORD_FIELDS(amendment),
    FIELD_REF(amendment, contract_id, "contracts", .use = FILTERED),
    FIELD(amendment, contract_name, .column = "c.name", .use = LISTED),
    FIELD(amendment, number, .use = LISTED),
    FIELD(amendment, signed_on, .use = LISTED),
    FIELD(amendment, reason, .use = LISTED | LONG_TEXT),
    FIELD(amendment, changes, .use = LONG_TEXT),
    FIELD(amendment, made_by, .use = LISTED),
    FIELDS_END,
};

const struct resource AMENDMENTS = {
    .name = "amendments",
    .clause = "V5.1.2",
    .fields = AMENDMENT_FIELDS,
    .size = sizeof(struct amendment),
    .joins = "JOIN contracts c ON c.id = t.contract_id",
    .title = "number",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
};

static enum result amendment_add(struct ctx *cx, int64_t contract_id, struct date signed_on,
                                 const char *reason, const char *changes)
{
    int64_t last;
    TRY(db_int(cx, &q_amendment_last, PARAMS(P(contract_id)), &last));
    struct amendment amendment = {
        .contract_id = contract_id,
        .number = (int32_t)last + 1,
        .signed_on = signed_on,
        .reason = reason,
        .changes = changes,
        .made_by = cx->actor->person_name,
    };
    return record_add(cx, &AMENDMENTS, &amendment);
}

enum result contract_amend(struct ctx *cx, const struct contract *before, struct contract *after,
                           struct date amended_on, const char *reason)
{
    if (!contract_is_in_force(before))
        return fail(cx, CONFLICT, "contract.not_amendable", before->number);
    if (!amended_on.days)
        reject(cx, "amended_on", "required");
    else if (amended_on.days < before->signed_on.days)
        reject(cx, "amended_on", "before_signing");
    check_reason(cx, reason);
    TRY(rejected(cx));
    const char *changes = trail_diff(cx->mem, CONTRACTS.fields, before, after);
    if (!*changes)
        return fail(cx, INVALID, "contract.nothing_amended");
    after->amending = true;
    TRY(record_change(cx, &CONTRACTS, "amend", before, after));
    return amendment_add(cx, before->id, amended_on, reason, changes);
}

/* ---- what held then ---- */

struct change {
    const char *field, *before, *after;
};
static const struct field CHANGE_FIELDS[] = {
    FIELD(change, field),
    FIELD(change, before),
    FIELD(change, after),
    FIELDS_END,
};
#define CHANGES_MOST 60

/* From a day on: what an amendment made of the monthly fee. */
struct fee_step {
    struct date from;
    struct money before, after;
};

static enum result fee_steps(struct ctx *cx, int64_t contract_id, struct fee_step **out,
                             size_t *out_count)
{
    struct list list;
    TRY(record_select(cx, &AMENDMENTS, "of_contract", "t.contract_id = $1 ORDER BY t.id",
                      PARAMS(P(contract_id)), &list));
    const struct amendment *amendments = list.rows;
    *out = ARENA_ARRAY(cx->mem, struct fee_step, list.count);
    *out_count = 0;
    for (size_t i = 0; i < list.count; i++) {
        struct change *changes;
        size_t count;
        if (!json_rows_read(cx->mem, amendments[i].changes, CHANGE_FIELDS, sizeof *changes,
                            CHANGES_MOST, &changes, &count))
            return fail(cx, BROKEN, "contract.broken_amendment", amendments[i].contract_name);
        for (size_t k = 0; k < count; k++)
            if (strcmp(changes[k].field, "monthly_fee_fen") == 0)
                (*out)[(*out_count)++] = (struct fee_step){
                    amendments[i].signed_on,
                    {strtoll(changes[k].before, NULL, 10)},
                    {strtoll(changes[k].after, NULL, 10)},
                };
    }
    return OK;
}

enum result contract_fee_sum(struct ctx *cx, const struct contract *contract, struct date from,
                             struct date to, struct money *out)
{
    struct fee_step *steps;
    size_t count;
    *out = (struct money){0};
    TRY(fee_steps(cx, contract->id, &steps, &count));
    for (struct date day = from; day.days <= to.days; day.days++) {
        struct money fee = count ? steps[0].before : contract->monthly_fee_fen;
        for (size_t i = 0; i < count; i++)
            if (steps[i].from.days <= day.days)
                fee = steps[i].after;
        out->fen += fee.fen;
    }
    return OK;
}

/* A term as a reader of the paper would quote it. */
struct quoted {
    const char *term;
};
static const struct field QUOTED_FIELDS[] = {FIELD(quoted, term), FIELDS_END};

static struct quoted quote(struct ctx *cx, const struct term *term)
{
    return (struct quoted){term ? arena_printf(cx->mem, "%s %s", term->number, term->text) : ""};
}

enum result amendment_of_term(struct ctx *cx, const struct term *after, const struct term *before)
{
    const struct quoted was = quote(cx, before), is = quote(cx, after);
    const char *changes = trail_diff(cx->mem, QUOTED_FIELDS, &was, &is);
    if (!*changes) /* its topic alone is a matter of filing */
        return OK;
    return amendment_add(cx, after->contract_id, after->amended_on, after->basis, changes);
}
