/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/contracts/client_rule.h"

enum result contract_owner(struct ctx *cx, int64_t contract_id, int64_t *out_client_id,
                           int64_t *out_unit_id)
{
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, contract_id, &contract));
    if (contract.service != SERVICE_OUTBOUND_CALL)
        reject(cx, "contract_id", "not_calls");
    *out_client_id = contract.client_id;
    *out_unit_id = contract.unit_id;
    return OK;
}

static bool speaks_for_all(const struct actor *actor)
{
    return actor->is_system || actor->sees_company;
}

enum result client_rule_whose(struct ctx *cx, struct client_rule *rule)
{
    if (rule->contract_id)
        return contract_owner(cx, rule->contract_id, &rule->organisation_id, &rule->unit_id);
    if (!speaks_for_all(cx->actor))
        reject(cx, "contract_id", "required");
    if (!rule->organisation_id)
        rule->organisation_id = cx->actor->organisation_id;
    return OK;
}

enum result client_rule_open(struct ctx *cx, const void *record)
{
    const struct client_rule *rule = record;
    if (rule->id && !rule->contract_id && !speaks_for_all(cx->actor))
        reject(cx, "contract_id", "company_rule");
    return rejected(cx);
}
