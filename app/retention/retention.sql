-- q_retention_of ($1 kind, $2 contract or 0) -> the rule that counts for it
SELECT id AS rule_id, days, basis FROM retention_rules
 WHERE kind = $1
   AND (contract_id = $2
        OR (contract_id IS NULL
            AND ($2 = 0 OR organisation_id = (SELECT client_id FROM contracts WHERE id = $2))))
 ORDER BY CASE WHEN contract_id IS NULL THEN 1 ELSE 0 END, days DESC, id
 LIMIT 1;

-- q_retention_rule_of ($1 kind, $2 client, $3 contract or 0) -> id of its rule
SELECT id FROM retention_rules
 WHERE kind = $1 AND organisation_id = $2 AND COALESCE(contract_id, 0) = $3;

-- q_hold_over ($1 contract or 0, $2 from, $3 to) -> id of a hold that covers one of these days
SELECT id FROM legal_holds
 WHERE state = 'active'
   AND (contract_id = $1
        OR (contract_id IS NULL
            AND ($1 = 0 OR EXISTS (SELECT 1 FROM contracts c WHERE c.id = $1
                                      AND (c.client_id = organisation_id OR c.provider_id = organisation_id)))))
   AND ("from" = '' OR "from" <= $3) AND ("to" = '' OR "to" >= $2)
 ORDER BY id LIMIT 1;
