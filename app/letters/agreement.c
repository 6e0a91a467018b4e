/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What letters rest on between people: the agreement to sign electronically, and who stands in for
 * whom. */
#include "app/letters/letter_private.h"

#include "app/letters/letter.sql.h"

#include <string.h>

static struct date today(const struct ctx *cx)
{
    return instant_date(cx->now, SHANGHAI_OFFSET_MIN);
}

/* ---- agreements on electronic signatures ---- */

static const struct field AGREEMENT_FIELDS[] = {
    RECORD_FIELDS(signature_agreement),
    FIELD(signature_agreement, number, .in = MUST, .max = 60, .use = LISTED),
    FIELD_REF(signature_agreement, client_id, "organisations", .among = "side=client", .in = MUST,
              .use = FIXED | FILTERED),
    FIELD(signature_agreement, client_name, .column = "o.name", .use = LISTED),
    FIELD_REF(signature_agreement, provider_id, "organisations", .among = "side=provider",
              .in = MUST, .use = FIXED | FILTERED),
    FIELD(signature_agreement, provider_name, .column = "p.name", .use = LISTED),
    FIELD(signature_agreement, signed_on, .in = MUST, .use = LISTED),
    FIELD(signature_agreement, ends_on, .in = MAY, .use = LISTED),
    FIELDS_END,
};

static enum result check_side(struct ctx *cx, int64_t id, enum side side, const char *field)
{
    struct organisation organisation;
    if (!id)
        return OK; /* refused as required */
    TRY(record_get(cx, &ORGANISATIONS, id, &organisation));
    if (organisation.side != side)
        reject(cx, field, "wrong_side");
    return OK;
}

static enum result agreement_check(struct ctx *cx, void *record, const void *before)
{
    const struct signature_agreement *agreement = record;
    TRY(check_side(cx, agreement->client_id, SIDE_CLIENT, "client_id"));
    TRY(check_side(cx, agreement->provider_id, SIDE_PROVIDER, "provider_id"));
    if (agreement->signed_on.days > today(cx).days)
        reject(cx, "signed_on", "in_future");
    if (agreement->ends_on.days && agreement->ends_on.days < agreement->signed_on.days)
        reject(cx, "ends_on", "ends_before_start");
    return OK;
}

const struct resource SIGNATURE_AGREEMENTS = {
    .name = "signature_agreements",
    .fields = AGREEMENT_FIELDS,
    .size = sizeof(struct signature_agreement),
    .joins = "JOIN organisations o ON o.id = t.client_id "
             "JOIN organisations p ON p.id = t.provider_id",
    .title = "number",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org", [SIDE_PROVIDER] = "@provider_id = :org"},
    .check = agreement_check,
};

enum result demand_agreement(struct ctx *cx, const struct letter *letter)
{
    int64_t id;
    TRY(db_int(cx, &q_agreement_on,
               PARAMS(P(letter->client_id), P(letter->provider_id), P(today(cx))), &id));
    if (id)
        return OK;
    return fail(cx, CONFLICT, "letter.no_agreement", letter->client_name, letter->provider_name);
}

/* ---- delegations ---- */

static const struct field DELEGATION_FIELDS[] = {
    RECORD_FIELDS(delegation),
    FIELD_REF(delegation, organisation_id, "organisations"),
    FIELD_REF(delegation, person_id, "people"),
    FIELD(delegation, person_name, .column = "p.name", .use = LISTED),
    FIELD_REF(delegation, delegate_id, "people", .in = MUST, .use = FIXED),
    FIELD(delegation, delegate_name, .column = "d.name", .use = LISTED),
    FIELD(delegation, starts_on, .in = MUST, .use = LISTED),
    FIELD(delegation, ends_on, .in = MUST, .use = LISTED),
    FIELD(delegation, reason, .in = MUST, .max = 200, .use = LISTED),
    FIELDS_END,
};

static enum result check_delegate(struct ctx *cx, const struct delegation *delegation)
{
    int64_t organisation;
    if (!delegation->delegate_id)
        return OK; /* refused as required */
    TRY(person_works(cx, delegation->delegate_id, today(cx), &organisation));
    if (organisation != delegation->organisation_id)
        reject(cx, "delegate_id", "other_organisation");
    if (delegation->delegate_id == delegation->person_id)
        reject(cx, "delegate_id", "oneself");
    return OK;
}

static enum result delegation_open(struct ctx *cx, const void *record)
{
    const struct delegation *delegation = record;
    const bool is_own = !delegation->id || delegation->person_id == cx->actor->person_id;
    return is_own ? OK : fail(cx, FORBIDDEN, "delegation.not_own");
}

/* Each for the own absence alone. */
static enum result delegation_check(struct ctx *cx, void *record, const void *before)
{
    struct delegation *delegation = record;
    if (!before && !cx->actor->is_system) {
        delegation->organisation_id = cx->actor->organisation_id;
        delegation->person_id = cx->actor->person_id;
    } else if (!cx->actor->is_system) {
        TRY(delegation_open(cx, delegation));
    }
    if (delegation->ends_on.days && delegation->ends_on.days < delegation->starts_on.days)
        reject(cx, "ends_on", "ends_before_start");
    return check_delegate(cx, delegation);
}

const struct resource DELEGATIONS = {
    .name = "delegations",
    .fields = DELEGATION_FIELDS,
    .size = sizeof(struct delegation),
    .joins = "JOIN people p ON p.id = t.person_id JOIN people d ON d.id = t.delegate_id",
    .title = "delegate_name",
    .sort = "-id",
    .scope =
        {[SIDE_CLIENT] = "@organisation_id = :org", [SIDE_PROVIDER] = "@organisation_id = :org"},
    .check = delegation_check,
    .open = delegation_open,
};

struct absent {
    int64_t person_id;
    const char *person_name;
    struct set roles;
};
static const struct field ABSENT_FIELDS[] = {
    FIELD(absent, person_id),
    FIELD(absent, person_name),
    FIELD_CHOICES(absent, roles, ROLES),
    FIELDS_END,
};

enum result demand_decider(struct ctx *cx, const char *right, const char **out_for)
{
    struct absent *absent;
    size_t count;
    *out_for = "";
    if (actor_may(cx->actor, right))
        return OK;
    TRY(db_list(cx, &q_delegations_to, PARAMS(P(cx->actor->person_id), P(today(cx))), ABSENT_FIELDS,
                sizeof *absent, 20, &absent, &count));
    for (size_t i = 0; i < count; i++) {
        struct actor one = {0};
        actor_grant(&one, absent[i].roles);
        if (!actor_may(&one, right))
            continue;
        *out_for = absent[i].person_name;
        return OK;
    }
    return demand_right(cx, right);
}
