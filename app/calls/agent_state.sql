-- q_state_add ($1 source, $2 uid, $3 agent, $4 at, $5 until, $6 state, $7 reason) -> changes 1, or 0 when it is there
INSERT INTO agent_states (source_id, uid, agent_id, at, until, state, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (source_id, uid) DO NOTHING;

-- q_states_of ($1 agent, $2 from, $3 before) -> in the order of time
SELECT t.id, t.at, t.until, t.state, t.reason, s.name AS source
  FROM agent_states t JOIN call_sources s ON s.id = t.source_id
 WHERE t.agent_id = $1 AND t.at >= $2 AND t.at < $3 ORDER BY t.at, t.id LIMIT 20000;

-- q_state_day_clear ($1 id) -> changes 0 or 1
UPDATE agent_days SET signed_s = 0, idle_s = 0, pause_s = 0, talking_s = 0, wrap_s = 0,
       overlap_s = 0, unended = 0
 WHERE id = $1;

-- q_state_day_put ($1 id, $2 day, $3 contract, $4 agent, $5 person, $6 signed, $7 idle, $8 pause, $9 talking, $10 wrap, $11 overlap, $12 unended) -> changes 1
INSERT INTO agent_days (id, day, contract_id, agent_id, person_id, dials, connected, success, talk_s,
                        duration_s, signed_s, idle_s, pause_s, talking_s, wrap_s, overlap_s, unended)
VALUES ($1, $2, $3, $4, $5, 0, 0, 0, 0, 0, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (id) DO UPDATE
   SET signed_s = excluded.signed_s, idle_s = excluded.idle_s, pause_s = excluded.pause_s,
       talking_s = excluded.talking_s, wrap_s = excluded.wrap_s, overlap_s = excluded.overlap_s,
       unended = excluded.unended;
