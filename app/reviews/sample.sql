-- q_calls_to_draw ($1 from, $2 before, $3 contract) -> those of the month that can be listened to
SELECT id AS call_id, agent_id FROM calls
 WHERE id >= $1 AND id < $2 AND contract_id = $3 AND agent_id IS NOT NULL AND talk_s > 0;
