-- q_agent_by_code ($1 contract, $2 code) -> id
SELECT id FROM agents WHERE contract_id = $1 AND code = $2;

-- q_code_of_another ($1 provider, $2 code, $3 person) -> how many others have or had that code there
SELECT count(*) FROM agents a JOIN contracts c ON c.id = a.contract_id
 WHERE c.provider_id = $1 AND a.code = $2 AND a.person_id <> $3;

-- q_code_of_person ($1 contract, $2 person) -> the active code
SELECT code FROM agents WHERE person_id = $2 AND contract_id = $1 AND state = 'active';

-- q_people_named ($1 provider, $2 name, $3 job, $4 day) -> ids of those who work there
SELECT id FROM people
 WHERE organisation_id = $1 AND name = $2 AND job = $3 AND (left_on = '' OR left_on >= $4)
 ORDER BY id LIMIT 2;

-- q_number_by_number ($1 number) -> whose it is, and its state
SELECT id, owner_id, state FROM numbers WHERE number = $1;

-- q_permission_of ($1 number, $2 contract) -> id
SELECT id FROM number_permissions WHERE number_id = $1 AND contract_id = $2;

-- q_permissions_of_contract ($1 contract) -> ids
SELECT id FROM number_permissions WHERE contract_id = $1;

-- q_permission_elsewhere ($1 number, $2 other than this contract, $3 from, $4 to, '' without end) -> a contract on which it may be shown on one of these days
SELECT p.contract_id FROM number_permissions p JOIN contracts c ON c.id = p.contract_id
 WHERE p.number_id = $1 AND p.contract_id <> $2 AND p.state = 'active'
   AND c.state IN ('active', 'suspended')
   AND (p."to" = '' OR p."to" >= $3) AND ($4 = '' OR p."from" <= $4)
 ORDER BY p.id LIMIT 1;

-- q_provisioning_due ($1 now) -> id of the first that is to be pushed; what concerns the same agent or number keeps its order
SELECT p.id FROM provisionings p
 WHERE p.state = 'waiting' AND p.next_at <= $1 AND NOT EXISTS
       (SELECT 1 FROM provisionings q
         WHERE q.state = 'waiting' AND q.id < p.id
           AND (q.agent_id = p.agent_id OR q.number_id = p.number_id))
 ORDER BY p.id LIMIT 1;

-- q_agents_of_contract ($1 contract) -> its agents by code
SELECT a.id, a.code, a.permissions, a.state, a."from", a."to", p.name AS person_name
  FROM agents a JOIN people p ON p.id = a.person_id
 WHERE a.contract_id = $1 ORDER BY a.code;
