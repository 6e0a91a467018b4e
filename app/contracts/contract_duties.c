/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is owed about contracts, briefings and the qualifications of providers. */
#include "app/contracts/contract.sql.h"
#include "app/contracts/contract_private.h"
#include "app/signatures/signature.h"

#include <string.h>

#define EXPIRY_DAYS 60 /* a certificate is to be renewed from so many days before its end */

static struct date today(struct ctx *cx)
{
    return instant_date(cx->now, SHANGHAI_OFFSET_MIN);
}

static struct instant day_start(struct date date)
{
    return instant_of(date, 0, SHANGHAI_OFFSET_MIN);
}

static struct date later(struct date a, struct date b)
{
    return a.days > b.days ? a : b;
}

static void owed_by_client(struct ctx *cx, const struct contract *contract, enum role role,
                           struct duty *duty)
{
    duty->title = arena_printf(cx->mem, "%s · %s", contract->name, contract->number);
    duty->contract_id = contract->id;
    duty->organisation_id = contract->client_id;
    duty->unit_id = contract->unit_id;
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[role - 1];
}

/* ---- somebody is named (V5.1.1, C2.7) ---- */

/* The first day on which nobody named is there: today without a person, the day after the last one
 * of somebody who leaves while the contract runs; none otherwise. */
static enum result day_without(struct ctx *cx, const struct contract *contract, int64_t person_id,
                               struct date *out)
{
    const char *left_on = "";
    struct date left = {0};
    if (person_id)
        TRY(db_text(cx, &q_person_left, PARAMS(P(person_id)), &left_on));
    (void)date_parse(left_on, &left);
    if (!person_id)
        *out = today(cx);
    else if (left.days && (left.days < today(cx).days || left.days < contract->ends_on.days))
        *out = date_add(left, 1);
    else
        *out = (struct date){0};
    return OK;
}

static enum result judge_named(struct ctx *cx, const struct contract *contract, int64_t person_id,
                               struct duty *duty, enum owing *out)
{
    struct date missing;
    if (!contract_is_open(contract))
        return OK;
    TRY(day_without(cx, contract, person_id, &missing));
    *out = missing.days ? OWING_DUTY : OWING_MET;
    owed_by_client(cx, contract, ROLE_DIVISION, duty);
    if (person_id)
        duty->opened_at = day_start(missing);
    duty->due_at = day_end(person_id ? later(missing, contract->starts_on) : contract->starts_on);
    return OK;
}

static enum result judge_executor(struct ctx *cx, const void *record, struct duty *duty,
                                  enum owing *out)
{
    const struct contract *contract = record;
    return judge_named(cx, contract, contract->executor_id, duty, out);
}

static enum result judge_contact(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct contract *contract = record;
    if (contract->service != SERVICE_OUTBOUND_CALL)
        return OK;
    return judge_named(cx, contract, contract->contact_id, duty, out);
}

/* ---- the executor is briefed (V5.1.2) ---- */

enum { NAME_EXECUTOR, NAME_CONTACT, BRIEF_EXECUTOR, SIGN_BRIEFING };

/* In time for the start, or after a change within so many days of it. */
static enum result briefing_due(struct ctx *cx, const struct contract *contract,
                                struct instant *out)
{
    struct instant changed_at = {0};
    if (contract->briefing != BRIEFING_MISSING)
        TRY(db_int(cx, &q_briefing_superseded, PARAMS(P(contract->id)), &changed_at.ms));
    *out = changed_at.ms ? due_of(cx, &CONTRACT_DUTIES[BRIEF_EXECUTOR], changed_at)
                         : day_end(contract->starts_on);
    return OK;
}

static enum result judge_briefing(struct ctx *cx, const void *record, struct duty *duty,
                                  enum owing *out)
{
    const struct contract *contract = record;
    if (!contract_is_open(contract) || !contract->executor_id)
        return OK;
    *out = contract->briefing == BRIEFING_DONE ? OWING_MET : OWING_DUTY;
    owed_by_client(cx, contract, ROLE_DIVISION, duty);
    return briefing_due(cx, contract, &duty->due_at);
}

static enum result judge_signature(struct ctx *cx, const void *record, struct duty *duty,
                                   enum owing *out)
{
    const struct briefing *briefing = record;
    struct contract contract;
    int64_t by_briefer;
    *out = briefing->state == BRIEFING_SIGNED ? OWING_MET : OWING_NOTHING;
    if (briefing->state != BRIEFING_DRAFT)
        return OK;
    TRY(record_get(cx, &CONTRACTS, briefing->contract_id, &contract));
    if (!contract_is_open(&contract))
        return OK;
    TRY(signature_of(cx, &BRIEFINGS, briefing->id, "briefer", &by_briefer));
    *out = OWING_DUTY;
    owed_by_client(cx, &contract, by_briefer ? ROLE_EXECUTOR : ROLE_DIVISION, duty);
    duty->owner_id = by_briefer ? briefing->executor_id : briefing->briefer_id;
    duty->due_at = due_of(cx, &CONTRACT_DUTIES[SIGN_BRIEFING], day_start(briefing->held_on));
    return OK;
}

/* ---- a contract begins and ends (V5.1.1) ---- */

static enum result judge_activation(struct ctx *cx, const void *record, struct duty *duty,
                                    enum owing *out)
{
    const struct contract *contract = record;
    const bool draft = contract->state == CONTRACT_DRAFT;
    if (draft && contract->briefing != BRIEFING_DONE)
        return OK;
    *out = draft ? OWING_DUTY : OWING_MET;
    owed_by_client(cx, contract, ROLE_DIVISION, duty);
    duty->due_at = day_end(contract->starts_on);
    return OK;
}

static enum result judge_end(struct ctx *cx, const void *record, struct duty *duty, enum owing *out)
{
    const struct contract *contract = record;
    if (contract->state == CONTRACT_DRAFT)
        return OK;
    *out = contract_is_in_force(contract) ? OWING_DUTY : OWING_MET;
    owed_by_client(cx, contract, ROLE_DIVISION, duty);
    duty->opened_at = day_start(date_add(contract->ends_on, -contract->alert_days));
    duty->due_at = day_end(contract->ends_on);
    return OK;
}

/* ---- certificates are renewed in time (X5) ---- */

static enum result judge_expiry(struct ctx *cx, const struct qualification *qualification,
                                struct duty *duty, enum owing *out)
{
    const char *side;
    int64_t renewed;
    TRY(db_text(cx, &q_organisation_side, PARAMS(P(qualification->organisation_id)), &side));
    if (!qualification->required || !qualification->valid_to.days ||
        strcmp(side, SIDES[SIDE_PROVIDER - 1]) != 0)
        return OK;
    TRY(db_int(cx, &q_qualification_renewed, PARAMS(P(qualification->id)), &renewed));
    *out = renewed ? OWING_MET : OWING_DUTY;
    duty->title =
        arena_printf(cx->mem, "%s · %s", qualification->name, qualification->organisation_name);
    duty->opened_at = day_start(date_add(qualification->valid_to, -EXPIRY_DAYS));
    duty->due_at = day_end(qualification->valid_to);
    return OK;
}

static enum result judge_renewal(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct qualification *qualification = record;
    TRY(judge_expiry(cx, qualification, duty, out));
    duty->organisation_id = qualification->organisation_id;
    duty->owner_side = SIDE_PROVIDER;
    duty->owner_role = ROLES[ROLE_PROVIDER - 1];
    return OK;
}

/* The client sees to it that it comes; without a client there is nobody to see to it. */
static enum result judge_watching(struct ctx *cx, const void *record, struct duty *duty,
                                  enum owing *out)
{
    const struct qualification *qualification = record;
    TRY(judge_expiry(cx, qualification, duty, out));
    TRY(client_of_provider(cx, qualification->organisation_id, &duty->organisation_id));
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[ROLE_OPS - 1];
    if (!duty->organisation_id)
        *out = OWING_NOTHING;
    return OK;
}

/* ---- the table ---- */

#define ON_THE_DAY                                                                                 \
    {                                                                                              \
        .kind = DUE_DAYS                                                                           \
    }

const struct duty_rule CONTRACT_DUTIES[] = {
    [NAME_EXECUTOR] = {"name_executor", "V5.1.1", &CONTRACTS, judge_executor, ON_THE_DAY,
                       .also = &PEOPLE, .also_ids = &q_contracts_of_executor},
    [NAME_CONTACT] = {"name_contact", "C2.7", &CONTRACTS, judge_contact, ON_THE_DAY,
                      .also = &PEOPLE, .also_ids = &q_contracts_of_contact},
    [BRIEF_EXECUTOR] =
        {"brief_executor", "V5.1.2", &CONTRACTS, judge_briefing, {.kind = DUE_DAYS, .count = 30}},
    [SIGN_BRIEFING] = {"sign_briefing",
                       "V5.1.2",
                       &BRIEFINGS,
                       judge_signature,
                       {.kind = DUE_WORKING_DAYS, .count = 5},
                       .also = &CONTRACTS,
                       .also_ids = &q_briefing_open},
    {"activate", "V5.1.1", &CONTRACTS, judge_activation, ON_THE_DAY},
    {"contract_ends", "V5.1.1", &CONTRACTS, judge_end, ON_THE_DAY},
    {"renew_qualification", "X5", &QUALIFICATIONS, judge_renewal, ON_THE_DAY,
     .also = &QUALIFICATIONS, .also_ids = &q_qualification_siblings},
    {"watch_qualification", "X5", &QUALIFICATIONS, judge_watching, ON_THE_DAY,
     .also = &QUALIFICATIONS, .also_ids = &q_qualification_siblings},
    DUTY_RULES_END,
};
