/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who is on the panel, and how each stands to the provider. */
#include "app/acceptances/acceptance.sql.h"
#include "app/acceptances/acceptance_private.h"

#include <string.h>

static const struct field MEMBER_FIELDS[] = {
    RECORD_FIELDS(acceptance_member),
    FIELD_REF(acceptance_member, acceptance_id, "acceptances", .among = "state=requested,convened",
              .in = MUST, .use = FIXED | FILTERED, .clause = "X3"),
    FIELD(acceptance_member, acceptance_name, .column = "a.name", .use = LISTED),
    FIELD_REF(acceptance_member, person_id, "people", .in = MAY, .use = FIXED),
    FIELD(acceptance_member, expert_name, .in = MAY, .max = 40, .use = FIXED),
    FIELD(acceptance_member, expert_of, .in = MAY, .max = 80, .use = FIXED),
    FIELD_ENUM(acceptance_member, expert_interest, INTERESTS, .in = MAY, .use = FIXED,
               .clause = "V3.2"),
    FIELD(acceptance_member, member_name, .column = "COALESCE(p.name, t.expert_name)",
          .use = LISTED),
    FIELD(acceptance_member, member_of, .column = "COALESCE(u.name, t.expert_of)", .use = LISTED),
    FIELD(acceptance_member, from_project, .use = LISTED),
    FIELD_ENUM(acceptance_member, declared, INTERESTS,
               .column = "COALESCE((SELECT d.interest FROM interest_declarations d WHERE "
                         "d.person_id = t.person_id AND d.provider_id = t.provider_id ORDER BY "
                         "d.id DESC LIMIT 1), t.expert_interest)",
               .use = LISTED, .clause = "V3.2"),
    FIELD(acceptance_member, removed, .use = LISTED),
    FIELD(acceptance_member, reason, .use = LONG_TEXT),
    FIELD_REF(acceptance_member, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(acceptance_member, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(acceptance_member, unit_id, "units", .use = HIDDEN | NO_DIFF),
    FIELDS_END,
};

static bool is_being_named(const struct acceptance *acceptance)
{
    return acceptance->state == ACCEPTANCE_REQUESTED || acceptance->state == ACCEPTANCE_CONVENED;
}

static enum result check_expert(struct ctx *cx, const struct acceptance_member *member)
{
    struct acceptance_member *panel;
    size_t count;
    const char *name = text_plain(cx->mem, member->expert_name),
               *of = text_plain(cx->mem, member->expert_of);
    if (!*name)
        reject_clause(cx, "X3", "person_id", "person_or_expert");
    else if (!*of)
        reject_clause(cx, "X3", "expert_of", "required");
    else if (!member->expert_interest)
        reject_clause(cx, "V3.2", "expert_interest", "required");
    TRY(acceptance_panel(cx, member->acceptance_id, &panel, &count));
    for (size_t i = 0; i < count; i++)
        if (*name && strcmp(text_plain(cx->mem, panel[i].expert_name), name) == 0 &&
            strcmp(text_plain(cx->mem, panel[i].expert_of), of) == 0)
            reject_clause(cx, "X3", "expert_name", "on_panel_already", name);
    return OK;
}

/* Of the client's people or from outside, the one or the other, and each once. */
static enum result check_who(struct ctx *cx, struct acceptance_member *member)
{
    struct person person;
    int64_t there;
    if (!member->person_id)
        return check_expert(cx, member);
    if (*member->expert_name || *member->expert_of || member->expert_interest)
        reject_clause(cx, "X3", "person_id", "person_or_expert");
    TRY(record_get(cx, &PEOPLE, member->person_id, &person));
    if (person.organisation_id != member->client_id)
        reject_clause(cx, "X3", "person_id", "not_clients_person");
    TRY(db_int(cx, &q_member_on, PARAMS(P(member->acceptance_id), P(member->person_id)), &there));
    if (there)
        reject_clause(cx, "X3", "person_id", "on_panel_already", person.name);
    member->from_project = person.unit_id == member->unit_id;
    return OK;
}

static enum result member_check(struct ctx *cx, void *record, const void *before)
{
    struct acceptance_member *member = record;
    struct acceptance acceptance;
    if (before || !member->acceptance_id)
        return OK;
    TRY(record_get(cx, &ACCEPTANCES, member->acceptance_id, &acceptance));
    if (!is_being_named(&acceptance))
        reject_clause(cx, "X3", "acceptance_id", "panel_closed");
    member->provider_id = acceptance.provider_id;
    member->client_id = acceptance.client_id;
    member->unit_id = acceptance.unit_id;
    return check_who(cx, member);
}

static enum result member_open(struct ctx *cx, const void *record)
{
    const struct acceptance_member *member = record;
    struct acceptance acceptance;
    if (!member->acceptance_id)
        return OK;
    TRY(record_get(cx, &ACCEPTANCES, member->acceptance_id, &acceptance));
    return is_being_named(&acceptance) && !member->removed
               ? OK
               : fail(cx, CONFLICT, "acceptance_member.wrong_state", acceptance.name);
}

const struct resource ACCEPTANCE_MEMBERS = {
    .name = "acceptance_members",
    .clause = "X3",
    .fields = MEMBER_FIELDS,
    .size = sizeof(struct acceptance_member),
    .joins = "JOIN acceptances a ON a.id = t.acceptance_id LEFT JOIN people p ON p.id = "
             "t.person_id LEFT JOIN units u ON u.id = p.unit_id",
    .title = "member_name",
    .sort = "id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org"},
    .unit = "unit_id",
    /* Each of a panel sees the others, of whatever unit. */
    .beyond_units = "EXISTS (SELECT 1 FROM acceptance_members m WHERE m.acceptance_id = "
                    "@acceptance_id AND m.person_id = :person AND m.removed = FALSE)",
    .check = member_check,
    .open = member_open,
};

enum result acceptance_member_remove(struct ctx *cx, const struct acceptance_member *member,
                                     const char *reason)
{
    struct acceptance_member after = *member;
    struct acceptance acceptance;
    TRY(member_open(cx, member));
    TRY(record_get(cx, &ACCEPTANCES, member->acceptance_id, &acceptance));
    if (member->person_id && member->person_id == acceptance.lead_id)
        return fail(cx, CONFLICT, "acceptance_member.leads", member->member_name);
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.removed = true;
    after.reason = reason;
    return record_change(cx, &ACCEPTANCE_MEMBERS, "remove", member, &after);
}

enum result acceptance_panel(struct ctx *cx, int64_t acceptance_id, struct acceptance_member **out,
                             size_t *out_count)
{
    struct list list;
    TRY(record_select(cx, &ACCEPTANCE_MEMBERS, "panel",
                      "t.acceptance_id = $1 AND t.removed = FALSE ORDER BY t.id LIMIT 50",
                      PARAMS(P(acceptance_id)), &list));
    *out = list.rows;
    *out_count = list.count;
    return OK;
}

bool acceptance_on_panel(const struct acceptance_member *panel, size_t count, int64_t person_id)
{
    for (size_t i = 0; i < count; i++)
        if (person_id && panel[i].person_id == person_id)
            return true;
    return false;
}
