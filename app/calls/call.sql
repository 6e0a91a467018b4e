-- q_source_find ($1 name, $2 provider) -> id
SELECT id FROM call_sources WHERE name = $1 AND provider_id = $2;

-- q_source_add ($1 name, $2 provider) -> id
INSERT INTO call_sources (name, provider_id) VALUES ($1, $2) RETURNING id;

-- q_calls_add ($1 id, $2 source, $3 uid, $4 contract, $5 agent, $6 number, $7 gate, $8 $9 callee, $10 duration, $11 talk, $12 result, $13 recording) -> of many rows
INSERT INTO calls (id, source_id, uid, contract_id, agent_id, number_id, gate_id, callee_key,
                   callee_code, duration_s, talk_s, result, recording)
-- @sqlite
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
-- @postgres
SELECT * FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[]), CAST($3 AS TEXT[]),
                     CAST($4 AS BIGINT[]), CAST($5 AS BIGINT[]), CAST($6 AS BIGINT[]),
                     CAST($7 AS BIGINT[]), CAST($8 AS BIGINT[]), CAST($9 AS BIGINT[]),
                     CAST($10 AS BIGINT[]), CAST($11 AS BIGINT[]), CAST($12 AS BIGINT[]),
                     CAST($13 AS TEXT[]))
-- @end
;

-- q_month_closed () -> when its time was over; 0 it is not
SELECT closed_at FROM month_ends WHERE id = 1;

-- q_month_gone () -> when its calls were deleted; 0 they are there
SELECT emptied_at FROM month_ends WHERE id = 1;

-- q_calls_many ($1, $2 ids, $3 at most) -> how many are there, or so many
SELECT count(*) FROM (SELECT id FROM calls WHERE id >= $1 AND id <= $2 LIMIT $3) AS there;

-- q_calls_between ($1, $2 ids, $3 at most) -> whose places they are
SELECT id, source_id, uid, contract_id, agent_id, number_id, gate_id, callee_key, callee_code,
       duration_s, talk_s, result, reported, recording
  FROM calls WHERE id >= $1 AND id <= $2 ORDER BY id LIMIT $3;

-- q_call_at ($1 id) -> whose place it is
SELECT id, source_id, uid, contract_id, agent_id, number_id, gate_id, callee_key, callee_code,
       duration_s, talk_s, result, reported, recording
  FROM calls WHERE id = $1;

-- q_call_revise ($1 call, $2 contract, $3 agent, $4 number, $5 gate, $6 $7 callee, $8 duration, $9 talk, $10 result, $11 recording, $12 reported, when it is struck) -> changes 1
UPDATE calls
   SET contract_id = $2, agent_id = $3, number_id = $4, gate_id = $5, callee_key = $6,
       callee_code = $7, duration_s = $8, talk_s = $9, result = $10, recording = $11,
       reported = $12
 WHERE id = $1;

-- q_revision_add ($1 call, $2 now, $3 what changes it, $4 person) -> changes 1: the call as it is until now
INSERT INTO call_revisions (call_id, at, change, person_id, contract_id, agent_id, number_id,
                            gate_id, callee_key, callee_code, duration_s, talk_s, result, recording)
SELECT id, CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS BIGINT), contract_id, agent_id,
       number_id, gate_id, callee_key, callee_code, duration_s, talk_s, result, recording
  FROM calls WHERE id = $1;

-- q_findings_of ($1 call) -> what was found wrong with it, and what of that was taken back
SELECT id, call_id, gate_id, kind, contract_id, agent_id, provider_id, contract, agent, caller, withdrawn
  FROM call_findings WHERE call_id = $1 ORDER BY id LIMIT 100;

-- q_closing_drop ($1 decision, $2 call) -> changes those that this call closed
DELETE FROM gate_closings WHERE id = $1 AND call_id = $2;

-- q_hours_touch ($1 hour, $2 now) -> of many rows
INSERT INTO call_hours (id, touched, sorted)
-- @sqlite
VALUES ($1, $2, FALSE)
-- @postgres
SELECT r.id, r.touched, FALSE
  FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[])) AS r (id, touched)
-- @end
ON CONFLICT (id) DO UPDATE SET touched = excluded.touched, sorted = FALSE;

-- q_hours_unsorted () -> those that wait for it
SELECT id, touched, sorted FROM call_hours WHERE sorted = FALSE ORDER BY id;

-- q_hours_all ($1, $2 hours) -> those between, newest first
SELECT id, touched, sorted FROM call_hours WHERE id >= $1 AND id <= $2 ORDER BY id DESC;

-- q_hour_calls ($1, $2 ids) -> by whom and whom they called
SELECT id, agent_id, callee_key FROM calls
 WHERE id >= $1 AND id < $2 ORDER BY id;

-- q_hour_sorted ($1 hour) -> changes 1
UPDATE call_hours SET sorted = TRUE WHERE id = $1;

-- q_places_drop ($1, $2 ids of pieces) -> changes those between
DELETE FROM call_places WHERE id >= $1 AND id < $2;

-- q_places_add ($1 piece, $2 places) -> changes 1
INSERT INTO call_places (id, places) VALUES ($1, $2);

-- q_places_at ($1 least piece, $2 piece) -> the last one up to it
SELECT places FROM call_places WHERE id >= $1 AND id <= $2 ORDER BY id DESC LIMIT 1;

-- q_closings_add ($1 decision of the gate, $2 call) -> of many rows: those that were open
INSERT INTO gate_closings (id, call_id)
-- @sqlite
VALUES ($1, $2)
ON CONFLICT (id) DO NOTHING
-- @postgres
SELECT * FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[]))
ON CONFLICT (id) DO NOTHING
RETURNING id
-- @end
;

-- q_waits () -> up to which decision of the gate records were looked for, by how long a call may last
SELECT id, checked FROM gate_waits ORDER BY id;

-- q_agent_days_add ($1 id, $2 day, $3 contract, $4 agent, $5 person, $6 dials, $7 connected, $8 success, $9 talk, $10 duration) -> of many rows
INSERT INTO agent_days (id, day, contract_id, agent_id, person_id, dials, connected, success,
                        talk_s, duration_s)
-- @sqlite
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
-- @postgres
SELECT * FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS TEXT[]), CAST($3 AS BIGINT[]),
                     CAST($4 AS BIGINT[]), CAST($5 AS BIGINT[]), CAST($6 AS BIGINT[]),
                     CAST($7 AS BIGINT[]), CAST($8 AS BIGINT[]), CAST($9 AS BIGINT[]),
                     CAST($10 AS BIGINT[]))
-- @end
ON CONFLICT (id) DO UPDATE
   SET dials = agent_days.dials + excluded.dials,
       connected = agent_days.connected + excluded.connected,
       success = agent_days.success + excluded.success,
       talk_s = agent_days.talk_s + excluded.talk_s,
       duration_s = agent_days.duration_s + excluded.duration_s;

-- q_number_days_add ($1 id, $2 day, $3 contract, $4 number, $5 dials, $6 connected, $7 success, $8 talk, $9 duration) -> of many rows
INSERT INTO number_days (id, day, contract_id, number_id, dials, connected, success, talk_s,
                         duration_s)
-- @sqlite
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
-- @postgres
SELECT * FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS TEXT[]), CAST($3 AS BIGINT[]),
                     CAST($4 AS BIGINT[]), CAST($5 AS BIGINT[]), CAST($6 AS BIGINT[]),
                     CAST($7 AS BIGINT[]), CAST($8 AS BIGINT[]), CAST($9 AS BIGINT[]))
-- @end
ON CONFLICT (id) DO UPDATE
   SET dials = number_days.dials + excluded.dials,
       connected = number_days.connected + excluded.connected,
       success = number_days.success + excluded.success,
       talk_s = number_days.talk_s + excluded.talk_s,
       duration_s = number_days.duration_s + excluded.duration_s;

-- q_contract_hours_add ($1 id, $2 day, $3 hour, $4 contract, $5 dials, $6 connected, $7 success, $8 talk, $9 duration) -> of many rows
INSERT INTO contract_hours (id, day, hour, contract_id, dials, connected, success, talk_s,
                            duration_s)
-- @sqlite
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
-- @postgres
SELECT * FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS TEXT[]), CAST($3 AS BIGINT[]),
                     CAST($4 AS BIGINT[]), CAST($5 AS BIGINT[]), CAST($6 AS BIGINT[]),
                     CAST($7 AS BIGINT[]), CAST($8 AS BIGINT[]), CAST($9 AS BIGINT[]))
-- @end
ON CONFLICT (id) DO UPDATE
   SET dials = contract_hours.dials + excluded.dials,
       connected = contract_hours.connected + excluded.connected,
       success = contract_hours.success + excluded.success,
       talk_s = contract_hours.talk_s + excluded.talk_s,
       duration_s = contract_hours.duration_s + excluded.duration_s;

-- q_figures_by_agent ($1 contract, $2 from, $3 before: ids of days) -> what each agent's days add up from
SELECT agent_id, dials, connected, success, talk_s, duration_s FROM agent_days
 WHERE id >= $2 AND id < $3 AND contract_id = $1;

-- q_figures_names ($1 contract) -> its agents
SELECT a.id AS agent_id, a.code AS key, p.name FROM agents a JOIN people p ON p.id = a.person_id
 WHERE a.contract_id = $1;

-- q_figures_name ($1 agent) -> one of another contract
SELECT a.id AS agent_id, a.code AS key, p.name FROM agents a JOIN people p ON p.id = a.person_id
 WHERE a.id = $1;

-- q_figures_by_number ($1 contract, $2 from, $3 to) -> sums of a month
SELECT COALESCE(n.shown, 'unknown') AS key, f.number_id,
       CAST(SUM(f.dials) AS BIGINT) AS dials, CAST(SUM(f.connected) AS BIGINT) AS connected,
       CAST(SUM(f.success) AS BIGINT) AS success, CAST(SUM(f.talk_s) AS BIGINT) AS talk_s,
       CAST(SUM(f.duration_s) AS BIGINT) AS duration_s
  FROM number_days f LEFT JOIN numbers n ON n.id = f.number_id
 WHERE f.contract_id = $1 AND f.day >= $2 AND f.day <= $3
 GROUP BY f.number_id, n.shown;

-- q_figures_by_day ($1 contract, $2 from, $3 to) -> sums of a month
SELECT day AS key,
       CAST(SUM(dials) AS BIGINT) AS dials, CAST(SUM(connected) AS BIGINT) AS connected,
       CAST(SUM(success) AS BIGINT) AS success, CAST(SUM(talk_s) AS BIGINT) AS talk_s,
       CAST(SUM(duration_s) AS BIGINT) AS duration_s
  FROM contract_hours
 WHERE contract_id = $1 AND day >= $2 AND day <= $3
 GROUP BY day;

-- q_figures_by_hour ($1 contract, $2 from, $3 to) -> sums of a month
SELECT CASE WHEN hour < 10 THEN '0' ELSE '' END || CAST(hour AS TEXT) AS key,
       CAST(SUM(dials) AS BIGINT) AS dials, CAST(SUM(connected) AS BIGINT) AS connected,
       CAST(SUM(success) AS BIGINT) AS success, CAST(SUM(talk_s) AS BIGINT) AS talk_s,
       CAST(SUM(duration_s) AS BIGINT) AS duration_s
  FROM contract_hours
 WHERE contract_id = $1 AND day >= $2 AND day <= $3
 GROUP BY hour;

-- q_contract_numbered ($1 number) -> id
SELECT id FROM contracts WHERE number = $1;

-- q_findings_after ($1 finding, $2 at most) -> findings in the order in which they were made
SELECT id, call_id, gate_id, kind, contract_id, agent_id, provider_id, contract, agent, caller, withdrawn
  FROM call_findings WHERE id > $1 ORDER BY id LIMIT $2;

-- q_findings_last () -> the last one
SELECT COALESCE(max(id), 0) FROM call_findings;

-- q_decisions_unchecked ($1 decision, $2 at most, $3 how long, 0 any) -> allowed ones behind it, with the record that closed them
SELECT d.id AS gate_id, d.contract_id, COALESCE(b.agent_id, d.agent_id) AS agent_id, d.max_s,
       COALESCE(c.number, '') AS contract, COALESCE(c.provider_id, 0) AS provider_id,
       COALESCE(a.code, '') AS agent, COALESCE(n.number, '') AS caller,
       COALESCE(g.call_id, 0) AS closed_by
  FROM gate_decisions d
  LEFT JOIN gate_binds b
    ON b.id = (SELECT max(id) FROM gate_binds WHERE gate_id = d.id AND reason = 'ok')
  LEFT JOIN gate_closings g ON g.id = d.id
  LEFT JOIN contracts c ON c.id = d.contract_id
  LEFT JOIN agents a ON a.id = COALESCE(b.agent_id, d.agent_id)
  LEFT JOIN numbers n ON n.id = d.number_id
 WHERE d.id > $1 AND d.reason = 'ok' AND ($3 = 0 OR d.max_s = $3) ORDER BY d.id LIMIT $2;

-- q_closed_here ($1 decision) -> the record of this month that closed it
SELECT call_id FROM gate_closings WHERE id = $1;

-- q_check_to ($1 how long, $2 decision) -> changes 1
UPDATE gate_waits SET checked = $2 WHERE id = $1;

-- q_call_judged ($1 call) -> whom it counts for, and as what
SELECT contract_id, agent_id, number_id, result, reported FROM calls WHERE id = $1;

-- q_call_judge ($1 call, $2 result, $3 reported, when it is struck) -> changes 1
UPDATE calls SET result = $2, reported = $3 WHERE id = $1;

-- q_agent_day_correct ($1 id, $2 connected, $3 success) -> changes 1
UPDATE agent_days SET connected = connected + $2, success = success + $3 WHERE id = $1;

-- q_number_day_correct ($1 id, $2 connected, $3 success) -> changes 1
UPDATE number_days SET connected = connected + $2, success = success + $3 WHERE id = $1;

-- q_contract_hour_correct ($1 id, $2 connected, $3 success) -> changes 1
UPDATE contract_hours SET connected = connected + $2, success = success + $3 WHERE id = $1;

-- q_agent_day_tidy ($1 id) -> changes 1 where nothing is left of that day
DELETE FROM agent_days
 WHERE id = $1 AND dials = 0 AND signed_s = 0 AND overlap_s = 0 AND unended = 0;

-- q_number_day_tidy ($1 id)
DELETE FROM number_days WHERE id = $1 AND dials = 0;

-- q_contract_hour_tidy ($1 id)
DELETE FROM contract_hours WHERE id = $1 AND dials = 0;

-- q_call_decision ($1 id) -> what the gate decided about a call
SELECT id, contract_id, node, call_id, callee_key, callee_code, mode, reason, max_s
  FROM gate_decisions WHERE id = $1;

-- q_call_found ($1 call) -> what was found wrong with it
SELECT kind FROM call_findings WHERE call_id = $1
 GROUP BY kind HAVING SUM(CASE WHEN withdrawn THEN -1 ELSE 1 END) > 0 ORDER BY MIN(id) LIMIT 50;

-- q_call_revisions ($1 call) -> what it said before, the latest first
SELECT r.at, r.change, COALESCE(w.name, '') AS person_name, COALESCE(c.number, '') AS contract_number,
       COALESCE(a.code, '') AS agent_code, COALESCE(n.shown, '') AS caller, r.duration_s, r.talk_s, r.result
  FROM call_revisions r
  LEFT JOIN people w ON w.id = r.person_id
  LEFT JOIN contracts c ON c.id = r.contract_id
  LEFT JOIN agents a ON a.id = r.agent_id
  LEFT JOIN numbers n ON n.id = r.number_id
 WHERE r.call_id = $1 ORDER BY r.id DESC LIMIT 50;

-- q_agents_of_person ($1 person) -> ids that are or were that person's
SELECT id FROM agents WHERE person_id = $1 ORDER BY id LIMIT 50;

-- q_measure_calls ($1 contract, $2 from, $3 to) -> what each person did there in these days of a month
SELECT person_id, CAST(SUM(dials) AS BIGINT) AS dials, CAST(SUM(connected) AS BIGINT) AS connected,
       CAST(SUM(success) AS BIGINT) AS success, CAST(SUM(talk_s) AS BIGINT) AS talk_s,
       CAST(SUM(duration_s) AS BIGINT) AS duration_s
  FROM agent_days WHERE contract_id = $1 AND day >= $2 AND day <= $3 AND person_id IS NOT NULL
 GROUP BY person_id;
