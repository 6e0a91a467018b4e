-- q_calls_to_draw ($1 contract, $2 from, $3 before) -> calls that can be listened to here
SELECT call_id, agent_id FROM recordings
 WHERE contract_id = $1 AND call_id >= $2 AND call_id < $3 AND state = 'kept' AND silent = FALSE
   AND agent_id IS NOT NULL;
