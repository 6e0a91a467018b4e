-- q_division_rule_for ($1 unit, $2 day) -> id of the filed rules that hold there then: of the nearest unit above it that has any
SELECT r.id FROM division_rules r JOIN units a ON a.id = r.unit_id JOIN units u ON u.id = $1
 WHERE r.filed_at > 0 AND r."from" <= $2 AND (r."to" = '' OR r."to" >= $2)
   AND substr(u.path, 1, length(a.path)) = a.path
 ORDER BY length(a.path) DESC, r.id DESC LIMIT 1;

-- q_division_rule_current ($1 unit) -> id of the filed ones that have no end yet
SELECT id FROM division_rules WHERE unit_id = $1 AND filed_at > 0 AND "to" = '' ORDER BY id DESC LIMIT 1;

-- q_division_rule_draft ($1 unit) -> id of a draft for it
SELECT id FROM division_rules WHERE unit_id = $1 AND state = 'draft' ORDER BY id LIMIT 1;

-- q_division_rule_last_receipt ($1 year) -> the last serial
SELECT COALESCE(max(serial), 0) FROM division_rules WHERE year = $1 AND serial > 0;

-- q_division_since ($1 unit) -> since when a contract is in force in one of the projects under it; 0: none is
SELECT COALESCE(min(c.state_at), 0) FROM contracts c JOIN units u ON u.id = c.unit_id JOIN units d ON d.id = $1
 WHERE c.state = 'active' AND c.service <> 'outbound_call' AND substr(u.path, 1, length(d.path)) = d.path;

-- q_divisions_of_contract ($1 contract) -> the divisions above its project
SELECT d.id FROM contracts c JOIN units u ON u.id = c.unit_id
  JOIN units d ON d.organisation_id = c.client_id AND d.kind IN ('division', 'subsidiary')
 WHERE c.id = $1 AND substr(u.path, 1, length(d.path)) = d.path ORDER BY d.id;
