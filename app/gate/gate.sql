-- q_findings_add ($1 call, $2 gate, $3 kind, $4 contract, $5 agent, $6 provider, $7 contract's number, $8 agent's code, $9 caller, $10 withdrawn) -> of many rows
INSERT INTO call_findings (call_id, gate_id, kind, contract_id, agent_id, provider_id, contract,
                           agent, caller, withdrawn)
-- @sqlite
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
-- @postgres
SELECT * FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[]), CAST($3 AS TEXT[]),
                     CAST($4 AS BIGINT[]), CAST($5 AS BIGINT[]), CAST($6 AS BIGINT[]),
                     CAST($7 AS TEXT[]), CAST($8 AS TEXT[]), CAST($9 AS TEXT[]),
                     CAST($10 AS BOOLEAN[]))
-- @end
;

-- q_decisions_add ($1 id, $2 node, $3 its call, $4 contract, $5 agent, $6 number, $7 $8 callee, $9 mode, $10 reason, $11 how long, $12 recorded) -> of many rows: those that are new
INSERT INTO gate_decisions (id, node, call_id, contract_id, agent_id, number_id, callee_key,
                            callee_code, mode, reason, max_s, recorded)
-- @sqlite
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (id) DO NOTHING
-- @postgres
SELECT * FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS TEXT[]), CAST($3 AS TEXT[]),
                     CAST($4 AS BIGINT[]), CAST($5 AS BIGINT[]), CAST($6 AS BIGINT[]),
                     CAST($7 AS BIGINT[]), CAST($8 AS BIGINT[]), CAST($9 AS TEXT[]),
                     CAST($10 AS TEXT[]), CAST($11 AS BIGINT[]), CAST($12 AS BOOLEAN[]))
ON CONFLICT (id) DO NOTHING
RETURNING id
-- @end
;

-- q_waits_add ($1 how long a call may last) -> of many rows
INSERT INTO gate_waits (id, checked)
-- @sqlite
VALUES ($1, 0)
-- @postgres
SELECT id, 0 FROM unnest(CAST($1 AS BIGINT[])) AS r (id)
-- @end
ON CONFLICT (id) DO NOTHING;

-- q_binds_add ($1 id, $2 at, $3 agent, $4 reason, $5 decision) -> of many rows: those that are new
INSERT INTO gate_binds (id, at, agent_id, reason, gate_id)
-- @sqlite
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO NOTHING
-- @postgres
SELECT * FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[]), CAST($3 AS BIGINT[]),
                     CAST($4 AS TEXT[]), CAST($5 AS BIGINT[]))
ON CONFLICT (id) DO NOTHING
RETURNING id
-- @end
;

-- q_decisions_since ($1 id, $2 place of a process or -1) -> the latest decisions but those of that process, oldest first, with what the memory keeps of them
SELECT d.id AS gate_id, d.node, d.call_id, d.contract_id, d.agent_id, b.agent_id AS bound_id, d.number_id,
       COALESCE(c.provider_id, 0) AS provider_id, d.callee_key, d.callee_code, d.mode,
       d.reason, d.max_s, d.recorded, COALESCE(c.number, '') AS contract,
       COALESCE(n.number, '') AS caller, COALESCE(g.call_id, 0) AS closed_by
  FROM (SELECT * FROM gate_decisions
         WHERE id >= $1 AND ((id >> 8) & 31) <> $2 ORDER BY id DESC LIMIT 131072) d
  LEFT JOIN gate_closings g ON g.id = d.id
  LEFT JOIN gate_binds b
    ON b.id = (SELECT max(id) FROM gate_binds WHERE gate_id = d.id AND reason = 'ok')
  LEFT JOIN contracts c ON c.id = d.contract_id
  LEFT JOIN numbers n ON n.id = d.number_id
 ORDER BY d.id;

-- q_decision ($1 id) -> what was decided, with the last agent that it was given to
SELECT d.contract_id, COALESCE(b.agent_id, d.agent_id) AS agent_id, d.number_id, d.callee_key,
       d.reason, d.max_s
  FROM gate_decisions d
  LEFT JOIN gate_binds b
    ON b.id = (SELECT max(id) FROM gate_binds WHERE gate_id = d.id AND reason = 'ok')
 WHERE d.id = $1;

-- q_open_call ($1 contract, $2 agent, $3 number) -> how people call them
SELECT c.name AS contract_name, COALESCE(a.code, '') AS agent_code,
       COALESCE(p.name, '') AS person_name, COALESCE(n.shown, '') AS caller
  FROM contracts c
  LEFT JOIN agents a ON a.id = $2
  LEFT JOIN people p ON p.id = a.person_id
  LEFT JOIN numbers n ON n.id = $3
 WHERE c.id = $1;

-- q_called_since ($1 id) -> whom the gate allowed to call
SELECT id, callee_key FROM gate_decisions WHERE id >= $1 AND reason = 'ok' ORDER BY id;

-- q_process_renew ($1 holder, $2 now, $3 until) -> changes 1 where its place is still its own
UPDATE gate_processes SET until = $3 WHERE holder = $1 AND until > $2;

-- q_process_claim ($1 holder, $2 now, $3 until) -> changes 1: the place that has been free for longest
UPDATE gate_processes SET holder = $1, until = $3
 WHERE id = (SELECT id FROM gate_processes WHERE until <= $2 ORDER BY until, id LIMIT 1);

-- q_process_place ($1 holder) -> id
SELECT id FROM gate_processes WHERE holder = $1 ORDER BY until DESC LIMIT 1;

-- q_process_leave ($1 holder, $2 now) -> changes 1; its place is the last to be lent again
UPDATE gate_processes SET holder = '', until = $2 WHERE holder = $1;

-- q_processes_beside ($1 holder, $2 now) -> how many others decide
SELECT count(*) FROM gate_processes WHERE holder <> $1 AND until > $2;
