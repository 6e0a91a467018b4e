/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/export_log.h"

#include "app/records/trail.h"
#include "app/records/trail.sql.h"
#include "base/texts.h"

#include <string.h>

static const char *const ACTIONS[] = {"export", "print", NULL};

static const struct field FIELDS[] = {
    FIELD(export_entry, id, .use = SORTED),
    FIELD(export_entry, version),
    FIELD(export_entry, created_at, .use = LISTED | FILTERED),
    FIELD(export_entry, updated_at),
    FIELD(export_entry, account, .use = LISTED),
    FIELD(export_entry, person_name, .use = LISTED),
    FIELD_REF(export_entry, organisation_id, "organisations", .use = FILTERED),
    FIELD(export_entry, organisation_name, .column = "o.name", .use = LISTED),
    FIELD_ENUM(export_entry, action, ACTIONS, .use = LISTED),
    FIELD(export_entry, words, .use = LISTED | DERIVED),
    FIELD(export_entry, resource, .use = FILTERED),
    FIELD(export_entry, record_id),
    FIELD_REF(export_entry, contract_id, "contracts", .use = FILTERED),
    FIELD(export_entry, contract_name, .column = "c.name", .use = LISTED),
    FIELD(export_entry, confidential, .use = LISTED | FILTERED),
    FIELD(export_entry, query),
    FIELD(export_entry, origin, .use = LISTED),
    FIELD(export_entry, request, .use = LISTED),
    FIELDS_END,
};

static void export_derive(struct ctx *cx, void *record)
{
    struct export_entry *entry = record;
    const char *words = texts_find(entry->resource, cx->lang);
    entry->words = words ? words : entry->resource;
}

/* Nobody's are those that the operator took by the command. A provider sees its own, and what its
 * clients took of the project data that may be its. */
const struct resource EXPORTS = {
    .name = "exports",
    .clause = "C3.3",
    .fields = FIELDS,
    .size = sizeof(struct export_entry),
    .joins = "LEFT JOIN organisations o ON o.id = t.organisation_id "
             "LEFT JOIN contracts c ON c.id = t.contract_id",
    .title = "words",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@organisation_id = :org OR @organisation_id IS NULL",
              [SIDE_PROVIDER] =
                  "@organisation_id = :org OR (@confidential = TRUE AND "
                  "(@contract_id IN (SELECT k.id FROM contracts k WHERE k.provider_id = :org) OR "
                  "(@contract_id IS NULL AND @organisation_id IN "
                  "(SELECT k.client_id FROM contracts k WHERE k.provider_id = :org AND "
                  "k.service = 'outbound_call'))))"},
    .derive = export_derive,
};

static int64_t contract_of(const struct resource *resource, const void *record,
                           const struct list_query *query)
{
    static const char NAME[] = "contract_id";
    const struct field *field = field_find(resource->fields, NAME, sizeof NAME - 1);
    int64_t id = 0;
    if (record && field)
        return *FIELD_AT(const int64_t, field, record);
    for (const struct condition *at = query ? query->conditions : NULL; at; at = at->next)
        if (at->field == field && at->compare == IS && !int_parse(at->value, &id))
            id = 0;
    return id;
}

enum result export_note(struct ctx *cx, enum export_action action, const struct resource *resource,
                        const void *record, const struct list_query *query, const char *target)
{
    const int64_t id = record ? ((const struct record *)record)->id : 0;
    const int64_t contract_id = resource->fields ? contract_of(resource, record, query) : 0;
    const bool confidential =
        right_is_confidential(arena_printf(cx->mem, "%s.read", resource->name));
    trail_add(cx, choice_name(ACTIONS, action), resource, record, "", target);
    return db_change(cx, &q_export_add,
                     PARAMS(P(cx->now), P(cx->actor->organisation_id), P(cx->actor->account),
                            P(cx->actor->person_name), P(resource->name), P(id), P(contract_id),
                            P(choice_name(ACTIONS, action)), P(confidential), P(target),
                            P(cx->origin ? cx->origin : ""), P(cx->request)),
                     NULL);
}
