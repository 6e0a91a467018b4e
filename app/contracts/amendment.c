/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What was agreed changes by an amendment: the old values stay readable (V5.1.2). */
#include "app/contracts/contract.sql.h"
#include "app/contracts/contract_private.h"
#include "app/records/trail.h"

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
