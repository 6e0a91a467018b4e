/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules that the client's side writes about calling: for one contract, or for all of its contracts
 * that have no rule of their own (when may be called, how long records are kept). */
#ifndef CLIENT_RULE_H
#define CLIENT_RULE_H

#include "app/contracts/contract.h"

/* First members of such a rule, and their fields. */
#define CLIENT_RULE_MEMBERS                                                                        \
    RECORD_MEMBERS;                                                                                \
    int64_t organisation_id; /* the client */                                                      \
    int64_t contract_id;     /* none: all of its contracts that have no rule of their own */       \
    int64_t unit_id;                                                                               \
    const char *contract_number, *contract_name
#define CLIENT_RULE_FIELDS(struct_tag)                                                             \
    RECORD_FIELDS(struct_tag),                                                                     \
        FIELD_REF(struct_tag, organisation_id, "organisations", .use = NO_DIFF),                   \
        FIELD_REF(struct_tag, contract_id, "contracts", .in = MAY, .use = FIXED | FILTERED,        \
                  .among = "service=outbound_call"),                                               \
        FIELD(struct_tag, contract_number, .column = "COALESCE(c.number, '')"),                    \
        FIELD(struct_tag, contract_name, .column = "COALESCE(c.name, '')", .use = LISTED),         \
        FIELD_REF(struct_tag, unit_id, "units", .use = NO_DIFF | HIDDEN)
struct client_rule {
    CLIENT_RULE_MEMBERS;
};

/* The client of a contract of outbound calling, and its unit. Rejects `contract_id`. */
MUST_USE enum result contract_owner(struct ctx *cx, int64_t contract_id, int64_t *out_client_id,
                                    int64_t *out_unit_id);
/* Whose rule a new one is. Below the centres nobody speaks for all contracts: rejects
 * `contract_id`. */
MUST_USE enum result client_rule_whose(struct ctx *cx, struct client_rule *rule);
/* The resource's `open`: a company's own is looked at below its centres, and changed by them. */
MUST_USE enum result client_rule_open(struct ctx *cx, const void *record);

/* A provider that calls for them sees what its clients say for all contracts, and for its own. */
#define OF_THE_PROVIDER                                                                            \
    "@organisation_id IN (SELECT oc.client_id FROM contracts oc WHERE oc.provider_id = :org AND "  \
    "oc.service = 'outbound_call' AND oc.state <> 'draft') AND (@contract_id IS NULL OR "          \
    "@contract_id IN (SELECT pc.id FROM "                                                          \
    "contracts pc WHERE pc.provider_id = :org AND pc.state <> 'draft'))"

/* What all resources of such rules say of themselves. */
#define CLIENT_RULE_RESOURCE                                                                       \
    .joins = "LEFT JOIN contracts c ON c.id = t.contract_id", .title = "contract_name",            \
    .sort = "id",                                                                                  \
    .scope = {[SIDE_CLIENT] = "@organisation_id = :org", [SIDE_PROVIDER] = OF_THE_PROVIDER},       \
    .unit = "unit_id", .beyond_units = "@contract_id IS NULL", .open = client_rule_open

#endif
