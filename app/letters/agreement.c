/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What letters rest on between people: the agreement to sign electronically, and who stands in for
 * whom. */
#include "app/letters/letter_private.h"

#include "app/access/session.h"
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

/* As an actor; NOT_FOUND when the person has no account that may sign in. */
static enum result person_actor(struct ctx *cx, int64_t person_id, struct actor *out)
{
    struct identity identity;
    int64_t account;
    TRY(db_int(cx, &q_account_of, PARAMS(P(person_id)), &account));
    TRY(identity_of_account(cx, account, &identity));
    identity_actor(cx->mem, &identity, out);
    return OK;
}

/* Whatever the absent one decides on, the stand-in has to see. */
static bool sees_what(const struct actor *delegate, const struct actor *absent)
{
    return delegate->side != SIDE_CLIENT || delegate->sees_company ||
           (!absent->sees_company && *delegate->path_from &&
            strcmp(absent->path_from, delegate->path_from) >= 0 &&
            strcmp(absent->path_from, delegate->path_to) < 0);
}

static enum result check_sight(struct ctx *cx, const struct delegation *delegation)
{
    struct actor delegate, absent;
    enum result found = person_actor(cx, delegation->delegate_id, &delegate);
    if (found == NOT_FOUND || (found == OK && !actor_may(&delegate, "letters.read")))
        reject(cx, "delegate_id", "sees_no_letters");
    if (found != OK)
        return found == NOT_FOUND ? OK : found;
    found = person_actor(cx, delegation->person_id, &absent);
    if (found == OK && !sees_what(&delegate, &absent))
        reject(cx, "delegate_id", "sees_less", *delegate.unit_name ? delegate.unit_name : "—");
    return found == NOT_FOUND ? OK : found;
}

static enum result check_delegate(struct ctx *cx, const struct delegation *delegation)
{
    int64_t organisation;
    if (!delegation->delegate_id)
        return OK; /* refused as required */
    TRY(person_works(cx, delegation->delegate_id, today(cx), &organisation));
    if (organisation != delegation->organisation_id)
        reject(cx, "delegate_id", "other_organisation");
    else if (delegation->delegate_id == delegation->person_id)
        reject(cx, "delegate_id", "oneself");
    else
        return check_sight(cx, delegation);
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
    return before ? OK : check_delegate(cx, delegation); /* it stays the same person */
}

/* Whoever stands in learns of it. */
static enum result delegation_saved(struct ctx *cx, const void *record, const void *before)
{
    struct delegation delegation;
    char from[DATE_MAX_TEXT], to[DATE_MAX_TEXT];
    TRY(record_get(cx, &DELEGATIONS, ((const struct record *)record)->id, &delegation));
    date_format(delegation.starts_on, from);
    date_format(delegation.ends_on, to);
    const struct news news = {
        .kind = before ? "delegation.changed" : "delegation.given",
        .subject = &DELEGATIONS,
        .subject_id = delegation.id,
        .title = delegation.person_name,
        .detail = arena_printf(cx->mem, "%s – %s", from, to),
    };
    return notice_person(cx, delegation.delegate_id, &news);
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
    .saved = delegation_saved,
    .open = delegation_open,
};

/* The absent one, too, would see the letter. */
static enum result is_in_sight(struct ctx *cx, const struct actor *absent, int64_t letter_id,
                               bool *out)
{
    const struct actor *actor = cx->actor;
    struct fault kept = fault_take(cx);
    struct letter letter;
    cx->actor = absent;
    const enum result found = record_get(cx, &LETTERS, letter_id, &letter);
    cx->actor = actor;
    *out = found == OK;
    if (found != OK && found != NOT_FOUND)
        return found;
    cx->fault = kept;
    return OK;
}

enum result demand_decider(struct ctx *cx, const struct letter *letter, const char *right,
                           const char **out_for)
{
    struct actor *absent;
    size_t count;
    bool is_seen = false;
    *out_for = "";
    if (actor_may(cx->actor, right))
        return OK;
    TRY(absent_list(cx, &absent, &count));
    for (size_t i = 0; i < count; i++) {
        if (actor_may(&absent[i], right))
            TRY(is_in_sight(cx, &absent[i], letter->id, &is_seen));
        if (!is_seen)
            continue;
        *out_for = absent[i].person_name;
        return OK;
    }
    return demand_right(cx, right);
}
