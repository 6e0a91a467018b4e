/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Numbers that are not to be called, and that may be: sealed like those of calls, shown masked, and
 * found again by whoever knows the whole number. */
#include "app/gate/call_rule.h"
#include "app/gate/directory.sql.h"
#include "app/gate/gate_private.h"

#include <string.h>

const char *const REFUSAL_SOURCES[] = {"called_person", "complaint", "client_list", "regulator",
                                       NULL};
static const char *const STATES[] = {"active", "lifted", NULL};

/* ---- the number ---- */

static void callee_derive(struct ctx *cx, void *record)
{
    struct callee_record *callee = record;
    const char *number = callee_open(cx->mem, cx->keys, callee->callee_key, callee->callee_code);
    callee->number = secret_mask(cx->mem, callee_dialled(cx->mem, number));
}

/* What was written becomes what is kept; from here on only the mask is shown. */
static void callee_take(struct ctx *cx, struct callee_record *callee)
{
    if (callee->callee_key) /* from the record of a call */
        callee_derive(cx, callee);
    else if (!number_valid(callee->number)) /* the gate lets nothing else be called */
        reject(cx, "number", "malformed");
    else {
        callee_seal(cx->keys, callee->number, &callee->callee_key, &callee->callee_code);
        callee_derive(cx, callee);
    }
}

/* Whoever asks for a number writes all of it; what is looked for is its key. */
static struct condition *by_key(struct ctx *cx, const struct resource *resource,
                                const struct condition *condition)
{
    struct list_query query = {.limit = 0};
    int64_t key, code;
    if (!callee_fits(condition->value))
        reject(cx, "number", "malformed");
    callee_seal(cx->keys, condition->value, &key, &code);
    (void)list_condition(cx, resource, "callee_key", arena_printf(cx->mem, "%lld", (long long)key),
                         &query);
    return query.conditions;
}

static enum result callees_list(struct ctx *cx, const struct resource *resource,
                                const struct list_query *query, struct list *out)
{
    struct list_query meant = *query;
    meant.conditions = NULL;
    for (const struct condition *one = query->conditions; one; one = one->next) {
        struct condition *kept = ARENA_NEW(cx->mem, struct condition);
        *kept = *one;
        if (strcmp(one->field->name, "number") == 0)
            kept = by_key(cx, resource, one);
        kept->next = meant.conditions;
        meant.conditions = kept;
    }
    TRY(rejected(cx));
    return record_list_here(cx, resource, &meant, out);
}

static const struct apart CALLEES_APART = {.get = record_get_here, .list = callees_list};

#define CALLEE_FIELDS(tag)                                                                         \
    RECORD_FIELDS(tag),                                                                            \
        FIELD(tag, number, .in = MUST, .max = 40, .use = LISTED | FILTERED | FIXED | DERIVED,      \
              .clause = "C3.3"),                                                                   \
        FIELD(tag, callee_key, .use = FILTERED | HIDDEN), FIELD(tag, callee_code, .use = HIDDEN),  \
        FIELD_REF(tag, organisation_id, "organisations", .use = NO_DIFF),                          \
        FIELD_REF(tag, unit_id, "units", .use = NO_DIFF | HIDDEN),                                 \
        FIELD(tag, contract_name, .column = "COALESCE(c.name, '')", .use = LISTED)

/* ---- not to be called ---- */

static const struct field DO_NOT_CALL_FIELDS[] = {
    CALLEE_FIELDS(do_not_call),
    FIELD_REF(do_not_call, contract_id, "contracts", .in = MAY, .use = FIXED | FILTERED,
              .among = "service=outbound_call"),
    FIELD_ENUM(do_not_call, source, REFUSAL_SOURCES, .in = MUST, .use = LISTED | FILTERED | FIXED),
    FIELD(do_not_call, reason, .in = MAY, .max = 500, .use = LISTED | LONG_TEXT | FIXED),
    FIELD(do_not_call, until, .in = MAY, .use = LISTED | FIXED),
    FIELD_REF(do_not_call, call_id, "calls"),
    FIELD_ENUM(do_not_call, state, STATES, .use = LISTED | FILTERED),
    FIELD(do_not_call, lift_reason, .use = LONG_TEXT),
    FIELDS_END,
};

/* A provider knows its client by the contract; the client's own side may mean all of them. */
static enum result refusal_whose(struct ctx *cx, struct do_not_call *refusal)
{
    const struct actor *actor = cx->actor;
    if (refusal->contract_id)
        return contract_owner(cx, refusal->contract_id, &refusal->organisation_id,
                              &refusal->unit_id);
    if (!refusal->organisation_id) /* it is known of a call on which it was said */
        refusal->organisation_id = actor->organisation_id;
    if (actor->side == SIDE_PROVIDER && !refusal->call_id)
        reject(cx, "contract_id", "required");
    return OK;
}

/* A second entry that adds nothing would stay behind when the first is lifted. */
static enum result refusal_is_new(struct ctx *cx, const struct do_not_call *refusal,
                                  struct date today)
{
    int64_t known;
    if (!refusal->callee_key)
        return OK;
    TRY(db_int(cx, &q_do_not_call_covering,
               PARAMS(param_number(refusal->callee_key), P(refusal->organisation_id),
                      P(refusal->contract_id), P(refusal->until), P(today)),
               &known));
    if (known)
        reject(cx, "number", "listed_already");
    return OK;
}

static enum result refusal_check(struct ctx *cx, void *record, const void *before)
{
    struct do_not_call *refusal = record;
    const struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    if (before)
        return OK;
    refusal->state = REFUSAL_ACTIVE;
    callee_take(cx, (struct callee_record *)refusal);
    if (refusal->until.days && refusal->until.days < today.days)
        reject(cx, "until", "in_the_past");
    TRY(refusal_whose(cx, refusal));
    return refusal_is_new(cx, refusal, today);
}

/* What a provider may know of a client's numbers: of those that it calls for it. */
const struct resource DO_NOT_CALL = {
    .name = "do_not_call",
    .clause = "C3.3",
    .fields = DO_NOT_CALL_FIELDS,
    .size = sizeof(struct do_not_call),
    .joins = "LEFT JOIN contracts c ON c.id = t.contract_id",
    .title = "number",
    .sort = "-id",
    .scope =
        {
            [SIDE_CLIENT] = "@organisation_id = :org",
            [SIDE_PROVIDER] = OF_THE_PROVIDER,
        },
    .unit = "unit_id",
    .beyond_units = "@contract_id IS NULL",
    .check = refusal_check,
    .derive = callee_derive,
    .apart = &CALLEES_APART,
    .import_key = "number",
};

enum result do_not_call_lift(struct ctx *cx, const struct do_not_call *before, const char *reason)
{
    struct do_not_call after = *before;
    if (before->state != REFUSAL_ACTIVE)
        return fail(cx, CONFLICT, "do_not_call.wrong_state");
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.state = REFUSAL_LIFTED;
    after.lift_reason = reason;
    return record_change(cx, &DO_NOT_CALL, "lift", before, &after);
}

enum result do_not_call_of(struct ctx *cx, int64_t organisation_id, int64_t callee_key,
                           int64_t *out_id)
{
    return db_int(cx, &q_do_not_call_find,
                  PARAMS(param_number(callee_key), P(organisation_id),
                         P(instant_date(cx->now, SHANGHAI_OFFSET_MIN))),
                  out_id);
}

enum result do_not_call_find(struct ctx *cx, int64_t organisation_id, const char *number,
                             int64_t *out_id)
{
    int64_t key, code;
    *out_id = 0;
    if (!callee_fits(number))
        return OK;
    callee_seal(cx->keys, number, &key, &code);
    return do_not_call_of(cx, organisation_id, key, out_id);
}

enum result do_not_call_said(struct ctx *cx, int64_t client_id, int64_t callee_key,
                             int64_t callee_code, int64_t call_id, const char *reason,
                             struct do_not_call *out)
{
    int64_t known;
    TRY(do_not_call_of(cx, client_id, callee_key, &known));
    if (known)
        return record_get(cx, &DO_NOT_CALL, known, out);
    *out = (struct do_not_call){.organisation_id = client_id,
                                .callee_key = callee_key,
                                .callee_code = callee_code,
                                .number = "*", /* only the mask of it is known */
                                .source = SAID_BY_CALLED,
                                .reason = reason,
                                .call_id = call_id};
    return record_add(cx, &DO_NOT_CALL, out);
}

/* ---- consents ---- */

static const struct field CONSENT_FIELDS[] = {
    CALLEE_FIELDS(consent),
    FIELD_REF(consent, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED,
              .among = "service=outbound_call"),
    FIELD(consent, obtained_on, .in = MUST, .use = LISTED | FIXED),
    FIELD(consent, until, .in = MAY, .use = LISTED),
    FIELD(consent, proof, .in = MUST, .max = 500, .use = LISTED | LONG_TEXT),
    FIELDS_END,
};

static enum result consent_check(struct ctx *cx, void *record, const void *before)
{
    struct consent *consent = record;
    const struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    if (consent->until.days && consent->until.days < consent->obtained_on.days)
        reject(cx, "until", "before_start");
    if (before)
        return OK;
    if (consent->obtained_on.days > today.days)
        reject(cx, "obtained_on", "in_the_future");
    callee_take(cx, (struct callee_record *)consent);
    return contract_owner(cx, consent->contract_id, &consent->organisation_id, &consent->unit_id);
}

const struct resource CONSENTS = {
    .name = "consents",
    .clause = "C3.3",
    .fields = CONSENT_FIELDS,
    .size = sizeof(struct consent),
    .joins = "JOIN contracts c ON c.id = t.contract_id",
    .title = "number",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .check = consent_check,
    .derive = callee_derive,
    .apart = &CALLEES_APART,
};
