-- q_board_hours ($1 from, $2 to) -> calls of a month's days by contract and hour
SELECT contract_id, day, hour, dials, connected, success, talk_s, duration_s
  FROM contract_hours WHERE day >= $1 AND day <= $2;

-- q_board_states ($1 from, $2 to) -> seconds of a month's days in each state, by contract
SELECT contract_id, CAST(SUM(signed_s) AS BIGINT) AS signed_s, CAST(SUM(idle_s) AS BIGINT) AS idle_s,
       CAST(SUM(pause_s) AS BIGINT) AS pause_s, CAST(SUM(talking_s) AS BIGINT) AS talking_s,
       CAST(SUM(wrap_s) AS BIGINT) AS wrap_s
  FROM agent_days WHERE day >= $1 AND day <= $2 AND signed_s > 0 GROUP BY contract_id;
