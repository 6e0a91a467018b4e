/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules that the client's side writes about calling: for one contract, or for all of its contracts
 * that have no rule of their own (when may be called, how long records are kept). */
#ifndef CLIENT_RULE_H
#define CLIENT_RULE_H

#include "app/contracts/contract.h"

/* First members of such a rule. */
struct client_rule {
    RECORD_MEMBERS;
    int64_t organisation_id; /* the client */
    int64_t contract_id;     /* none: all of its contracts that have no rule of their own */
    int64_t unit_id;
};

/* The client of a contract of outbound calling, and its unit. Rejects `contract_id`. */
MUST_USE enum result contract_owner(struct ctx *cx, int64_t contract_id, int64_t *out_client_id,
                                    int64_t *out_unit_id);
/* Whose rule a new one is. Below the centres nobody speaks for all contracts: rejects
 * `contract_id`. */
MUST_USE enum result client_rule_whose(struct ctx *cx, struct client_rule *rule);
/* The resource's `open`: a company's own is looked at below its centres, and changed by them. */
MUST_USE enum result client_rule_open(struct ctx *cx, const void *record);

/* A provider sees what its clients say for all contracts, and for its own. */
#define OF_THE_PROVIDER                                                                            \
    "@organisation_id IN (SELECT oc.client_id FROM contracts oc WHERE oc.provider_id = :org AND "  \
    "oc.state <> 'draft') AND (@contract_id IS NULL OR @contract_id IN (SELECT pc.id FROM "        \
    "contracts pc WHERE pc.provider_id = :org AND pc.state <> 'draft'))"

#endif
