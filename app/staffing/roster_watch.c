/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/staffing/roster_watch.h"

#include "app/staffing/roster_watch.sql.h"
#include "app/staffing/subcontracting.h"

#include <string.h>

#define SWEEP_MOST 100
#define CERTIFICATES_MOST 40 /* of a person */
#define RENEWED_BEFORE 30    /* days before its end from which it is owed */

static const char *const KINDS[] = {"electrician", "height", "welding", "lift",
                                    "pest",        "health", "other",   NULL};

/* ---- certificates ---- */

static const struct field CERTIFICATE_FIELDS[] = {
    RECORD_FIELDS(work_certificate),
    FIELD_REF(work_certificate, person_id, "people", .in = MUST, .use = FIXED | FILTERED,
              .among = "job=worker", .clause = "V5.1.4"),
    FIELD(work_certificate, person_name, .column = "p.name", .use = LISTED),
    FIELD_ENUM(work_certificate, kind, KINDS, .in = MUST, .use = FIXED | LISTED | FILTERED),
    FIELD(work_certificate, organisation_id, .column = "p.organisation_id", .use = HIDDEN),
    FIELD(work_certificate, organisation_name, .column = "o.name", .use = LISTED),
    FIELD(work_certificate, number, .in = MAY, .max = 60, .use = LISTED),
    FIELD(work_certificate, issued_by, .in = MAY, .max = 100),
    FIELD(work_certificate, valid_from, .in = MAY),
    FIELD(work_certificate, valid_to, .in = MAY, .use = LISTED | FILTERED | SORTED,
          .clause = "V5.1.4"),
    FIELD(work_certificate, needed, .use = LISTED | FILTERED),
    FIELD(work_certificate, expired, .use = LISTED | DERIVED),
    FIELDS_END,
};

static struct date today(const struct ctx *cx)
{
    return instant_date(cx->now, SHANGHAI_OFFSET_MIN);
}

static void certificate_derive(struct ctx *cx, void *record)
{
    struct work_certificate *one = record;
    one->expired = one->needed && one->valid_to.days && one->valid_to.days < today(cx).days;
}

static enum result certificate_check(struct ctx *cx, void *record, const void *before)
{
    const struct work_certificate *one = record;
    struct person person;
    if (one->valid_to.days && one->valid_to.days < one->valid_from.days)
        reject(cx, "valid_to", "before_start");
    if (before || !one->person_id)
        return OK;
    TRY(record_get(cx, &PEOPLE, one->person_id, &person));
    if (cx->actor->side == SIDE_PROVIDER && person.organisation_id != cx->actor->organisation_id)
        reject(cx, "person_id", "other_organisation");
    return OK;
}

static bool holds_longer(const struct work_certificate *a, const struct work_certificate *b)
{
    if (!a->valid_to.days || !b->valid_to.days)
        return !a->valid_to.days && (b->valid_to.days || a->id > b->id);
    return a->valid_to.days > b->valid_to.days ||
           (a->valid_to.days == b->valid_to.days && a->id > b->id);
}

static bool is_needed(const struct work_certificate *all, size_t count,
                      const struct work_certificate *one)
{
    for (size_t i = 0; i < count; i++)
        if (all[i].kind == one->kind && holds_longer(&all[i], one))
            return false;
    return one->kind != WORKS_OTHERWISE;
}

/* Says anew on which of a person's certificates the job rests. */
static enum result certificates_follow(struct ctx *cx, int64_t person_id)
{
    struct person person;
    struct list list;
    TRY(record_get(cx, &PEOPLE, person_id, &person));
    const bool works = person.job == JOB_WORKER && person.joined_on.days <= today(cx).days &&
                       (!person.left_on.days || person.left_on.days >= today(cx).days);
    TRY(record_select(cx, &WORK_CERTIFICATES, "of_person",
                      "t.person_id = $1 ORDER BY t.id LIMIT $2",
                      PARAMS(P(person_id), P((int32_t)CERTIFICATES_MOST)), &list));
    const struct work_certificate *all = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        struct work_certificate after = all[i];
        after.needed = works && is_needed(all, list.count, &all[i]);
        if (after.needed != all[i].needed)
            TRY(record_change(cx, &WORK_CERTIFICATES, "follow", &all[i], &after));
    }
    return OK;
}

/* What the roster made of it is nothing to follow. */
static enum result certificate_saved(struct ctx *cx, const void *record, const void *before)
{
    const struct work_certificate *after = record, *was = before;
    return was && was->needed != after->needed ? OK : certificates_follow(cx, after->person_id);
}

static enum result certificate_open(struct ctx *cx, const void *record)
{
    const struct work_certificate *one = record;
    if (one->id && cx->actor->side == SIDE_PROVIDER &&
        one->organisation_id != cx->actor->organisation_id)
        reject(cx, "person_id", "other_organisation");
    return rejected(cx);
}

const struct resource WORK_CERTIFICATES = {
    .name = "work_certificates",
    .clause = "V5.1.4",
    .fields = CERTIFICATE_FIELDS,
    .size = sizeof(struct work_certificate),
    .joins = "JOIN people p ON p.id = t.person_id JOIN organisations o ON o.id = p.organisation_id",
    .title = "person_name",
    .sort = "valid_to",
    .parent = &PEOPLE,
    .parent_field = "person_id",
    .check = certificate_check,
    .open = certificate_open,
    .saved = certificate_saved,
    .derive = certificate_derive,
};

/* ---- the same identity at two providers ---- */

struct same {
    int64_t id, other, organisation_id;
};
static const struct field SAME_FIELDS[] = {FIELD(same, id), FIELD(same, other),
                                           FIELD(same, organisation_id), FIELDS_END};

/* It says so at the one; the other one's name is the client's to know. */
static enum result open_them(struct ctx *cx, const struct same *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct person person;
        struct subcontracting_case one = {.organisation_id = pairs[i].organisation_id,
                                          .person_id = pairs[i].id,
                                          .other_person_id = pairs[i].other,
                                          .source = CASE_OF_IDENTITY};
        TRY(record_get(cx, &PEOPLE, pairs[i].id, &person));
        one.person_name = person.name;
        fields_blank(SUBCONTRACTING_CASES.fields, &one);
        TRY(record_add(cx, &SUBCONTRACTING_CASES, &one));
    }
    return OK;
}

/* Nobody of a provider opens it, although a person of theirs was just written. */
static enum result open_cases(struct ctx *cx, const struct same *pairs, size_t count)
{
    const struct actor *actor = cx->actor;
    cx->actor = &ACTOR_SYSTEM;
    enum result result = open_them(cx, pairs, count);
    cx->actor = actor;
    return result;
}

static bool same_place(const struct person *a, const struct person *b)
{
    return strcmp(a->id_card_hash, b->id_card_hash) == 0 &&
           a->joined_on.days == b->joined_on.days && a->left_on.days == b->left_on.days;
}

static enum result watch_identity(struct ctx *cx, const struct person *person,
                                  const struct person *before)
{
    struct same *pairs;
    size_t count;
    if (!*person->id_card_hash || (before && same_place(person, before)))
        return OK;
    TRY(db_list(cx, &q_same_identity, PARAMS(P(person->id), P(today(cx))), SAME_FIELDS,
                sizeof *pairs, SWEEP_MOST, &pairs, &count));
    return open_cases(cx, pairs, count);
}

/* ---- when it is looked at ---- */

enum result roster_follow(struct ctx *cx, const struct person *person, const struct person *before)
{
    TRY(subcontracting_suspect(cx, person, before));
    TRY(watch_identity(cx, person, before));
    return before ? certificates_follow(cx, person->id) : OK;
}

static const struct field ID_FIELDS[] = {FIELD(same, id), FIELDS_END};

enum result roster_sweep(struct ctx *cx)
{
    struct same *rows;
    size_t count;
    TRY(db_list(cx, &q_same_identities, PARAMS(P(today(cx)), P((int32_t)SWEEP_MOST)), SAME_FIELDS,
                sizeof *rows, SWEEP_MOST, &rows, &count));
    TRY(open_cases(cx, rows, count));
    TRY(db_list(cx, &q_certificates_off, PARAMS(P(today(cx)), P((int32_t)SWEEP_MOST)), ID_FIELDS,
                sizeof *rows, SWEEP_MOST, &rows, &count));
    for (size_t i = 0; i < count; i++)
        TRY(certificates_follow(cx, rows[i].id));
    return OK;
}

/* ---- what is owed ---- */

/* Until the day on which it ends; from then on it is overdue. */
static enum result judge_renewal(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct work_certificate *one = record;
    int64_t renewed = 0;
    if (!one->needed)
        TRY(db_int(cx, &q_certificate_renewed,
                   PARAMS(P(one->person_id), P(choice_name(KINDS, one->kind))), &renewed));
    *out = one->needed && one->valid_to.days ? OWING_DUTY : OWING_NOTHING;
    if (renewed)
        *out = OWING_MET;
    duty->title = arena_printf(cx->mem, "%s · %s", one->person_name, one->organisation_name);
    duty->organisation_id = one->organisation_id;
    duty->owner_side = SIDE_PROVIDER;
    duty->owner_role = ROLES[ROLE_PROVIDER - 1];
    duty->opened_at = instant_of(date_add(one->valid_to, -RENEWED_BEFORE), 0, SHANGHAI_OFFSET_MIN);
    duty->due_at = day_end(one->valid_to);
    return OK;
}

const struct duty_rule ROSTER_DUTIES[] = {
    {"renew_work_certificate", "V5.1.4", &WORK_CERTIFICATES, judge_renewal, {.kind = DUE_DAYS}},
    DUTY_RULES_END,
};

const struct right ROSTER_RIGHTS[] = {
    {"work_certificates.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "V5.1.4"},
    {"work_certificates.write", R(OPS) | R(DIVISION) | R(PROVIDER), "V5.1.4"},
    RIGHTS_END,
};
