-- q_carried ($1 month) -> the last finding that was carried
SELECT carried FROM call_months WHERE month = $1;

-- q_carry_to ($1 month, $2 finding)
INSERT INTO call_months (month, carried) VALUES ($1, $2)
ON CONFLICT (month) DO UPDATE SET carried = excluded.carried;

-- q_exception_find ($1 day, $2 kind, $3 contract, $4 agent, $5 caller, as the call system wrote them, $6 provider) -> id
SELECT id FROM call_exceptions
 WHERE day = $1 AND kind = $2 AND contract_said = $3 AND agent_said = $4 AND caller_said = $5
   AND COALESCE(provider_id, 0) = $6;

-- q_exception_count ($1 id, $2 by how many, $3 call, $4 gate, $5 now) -> changes 1
UPDATE call_exceptions
   SET count = count + $2,
       last_call_id = COALESCE($3, last_call_id), last_gate_id = COALESCE($4, last_gate_id),
       version = version + 1, updated_at = $5
 WHERE id = $1;

-- q_breach_find ($1 contract, $2 kind, $3 agent, $4 number, $5 source, $6 from, $7 to) -> id
SELECT id FROM breaches
 WHERE contract_id = $1 AND at >= $6 AND at < $7 AND kind = $2 AND agent_code = $3 AND number = $4
   AND source = $5
 LIMIT 1;

-- q_breach_count ($1 id, $2 by how many, $3 call, $4 gate, $5 now) -> changes 1
UPDATE breaches
   SET count = count + $2,
       last_call_id = COALESCE($3, last_call_id), last_gate_id = COALESCE($4, last_gate_id),
       version = version + 1, updated_at = $5
 WHERE id = $1;
