-- q_directory_contracts ($1 no more than) -> contracts of outbound calling
SELECT id, number, client_id, provider_id, state, state_at
  FROM contracts WHERE service = 'outbound_call' ORDER BY id LIMIT $1;

-- q_directory_agents ($1 no more than) -> agent ids with the people behind them
SELECT a.id, a.contract_id, a.person_id, a.code, a.permissions, a.state, a.updated_at,
       a."from", a."to", p.left_on
  FROM agents a JOIN people p ON p.id = a.person_id ORDER BY a.id LIMIT $1;

-- q_directory_numbers ($1 no more than) -> caller numbers
SELECT id, number, state, updated_at FROM numbers ORDER BY id LIMIT $1;

-- q_directory_permissions ($1 no more than) -> which of them may be shown where
SELECT id, number_id, contract_id, state, updated_at, "from", "to"
  FROM number_permissions ORDER BY id LIMIT $1;

-- q_directory_changed ($1 entry of the trail) -> how many entries behind it are about what the directory holds
SELECT count(*) FROM events
 WHERE id > $1 AND resource IN ('contracts', 'agents', 'people', 'numbers', 'number_permissions');

-- q_directory_last () -> the last entry of the trail
SELECT last_event FROM trail_heads WHERE id = 1;
