-- q_month_end () -> whether the month is closed and emptied
SELECT closed_at, emptied_at FROM month_ends WHERE id = 1;

-- q_month_close ($1 when; 0 opens it again) -> changes 1
UPDATE month_ends SET closed_at = $1 WHERE id = 1;

-- q_month_emptied ($1 when) -> changes 1
UPDATE month_ends SET emptied_at = $1 WHERE id = 1;

-- q_month_contracts () -> whose calls the month has, by its roll-ups
SELECT COALESCE(contract_id, 0) AS contract_id, CAST(SUM(dials) AS BIGINT) AS dials
  FROM contract_hours GROUP BY contract_id ORDER BY 1;

-- q_month_whole () -> the same with those that only asked the gate, or of which something was found
SELECT COALESCE(contract_id, 0) AS contract_id, CAST(SUM(dials) AS BIGINT) AS dials
  FROM (SELECT contract_id, dials FROM contract_hours
        UNION ALL SELECT DISTINCT contract_id, 0 FROM gate_decisions
        UNION ALL SELECT DISTINCT contract_id, 0 FROM call_findings) AS there
 GROUP BY contract_id ORDER BY 1;

-- q_month_calls ($1 id, $2 at most) -> calls behind it, whole
SELECT t.id, s.name AS source, t.uid, t.contract_id, t.agent_id, t.number_id, t.gate_id,
       t.callee_key, t.callee_code, t.duration_s, t.talk_s, t.result, t.recording
  FROM calls t JOIN call_sources s ON s.id = t.source_id
 WHERE t.id > $1 ORDER BY t.id LIMIT $2;

-- q_days_least ($1 kind) -> the fewest days that any rule keeps; NULL without one
SELECT MIN(days) FROM retention_rules WHERE kind = $1;

-- q_empty_calls () -> what goes, here and below; on PostgreSQL its files at once
-- @sqlite
DELETE FROM calls;
-- @postgres
TRUNCATE calls;
-- @end

-- q_empty_hours ()
-- @sqlite
DELETE FROM call_hours;
-- @postgres
TRUNCATE call_hours;
-- @end

-- q_empty_places ()
-- @sqlite
DELETE FROM call_places;
-- @postgres
TRUNCATE call_places;
-- @end

-- q_empty_decisions ()
-- @sqlite
DELETE FROM gate_decisions;
-- @postgres
TRUNCATE gate_decisions;
-- @end

-- q_empty_binds ()
-- @sqlite
DELETE FROM gate_binds;
-- @postgres
TRUNCATE gate_binds;
-- @end

-- q_empty_closings ()
-- @sqlite
DELETE FROM gate_closings;
-- @postgres
TRUNCATE gate_closings;
-- @end

-- q_empty_findings ()
-- @sqlite
DELETE FROM call_findings;
-- @postgres
TRUNCATE call_findings;
-- @end

-- q_empty_states ()
-- @sqlite
DELETE FROM agent_states;
-- @postgres
TRUNCATE agent_states;
-- @end

-- q_empty_revisions ()
-- @sqlite
DELETE FROM call_revisions;
-- @postgres
TRUNCATE call_revisions;
-- @end
