-- q_directory_contracts ($1 no more than) -> contracts of outbound calling
SELECT id, number, client_id, provider_id, state, state_at, starts_on, ends_on
  FROM contracts WHERE service = 'outbound_call' ORDER BY id LIMIT $1;

-- q_directory_agents ($1 no more than) -> agent ids with the people behind them
SELECT a.id, a.contract_id, a.person_id, a.code, a.permissions, a.state, a.updated_at,
       a."from", a."to", p.left_on,
       COALESCE((SELECT max(s.updated_at) FROM training_subjects s
                  WHERE s.contract_id = a.contract_id AND s.tier = 'agents' AND s.required = TRUE AND s.state = 'in_force'
                    AND NOT EXISTS (SELECT 1 FROM training_scores x JOIN trainings t ON t.id = x.training_id
                                     WHERE t.subject_id = s.id AND t.state = 'confirmed' AND x.person_id = a.person_id
                                       AND x.passed = TRUE)), 0) AS untrained_at
  FROM agents a JOIN people p ON p.id = a.person_id ORDER BY a.id LIMIT $1;

-- q_directory_numbers ($1 no more than) -> caller numbers
SELECT id, owner_id, number, state, updated_at FROM numbers ORDER BY id LIMIT $1;

-- q_directory_permissions ($1 no more than) -> which of them may be shown where
SELECT id, number_id, contract_id, state, updated_at, "from", "to"
  FROM number_permissions ORDER BY contract_id, id LIMIT $1;

-- q_directory_changed ($1 entry of the trail) -> how many entries behind it are about what the directory holds
SELECT count(*) FROM events
 WHERE id > $1 AND resource IN ('contracts', 'agents', 'people', 'numbers', 'number_permissions',
                                'call_rules', 'calendar_days', 'training_subjects', 'trainings', 'months');

-- q_directory_last () -> the last entry of the trail
SELECT last_event FROM trail_heads WHERE id = 1;

-- q_directory_rules ($1 no more than) -> calling rules
SELECT organisation_id AS client_id, contract_id, hours_from, hours_to, working_days_only, per_day,
       per_week, max_s, record, consent_required, gated_from
  FROM call_rules ORDER BY id LIMIT $1;

-- q_directory_published ($1 no more than) -> months of contracts whose results are published, locked or not (C2.4)
SELECT contract_id, month FROM months WHERE state IN ('published', 'locked') ORDER BY contract_id, month LIMIT $1;

-- q_directory_days ($1 no more than) -> days that are not as the shipped calendar says
SELECT date, kind = 'workday' AS working FROM calendar_days ORDER BY date LIMIT $1;

-- q_do_not_call_all ($1 no more than) -> numbers that are not to be called
SELECT id, callee_key, organisation_id, contract_id, '' AS "from", until AS "to",
       created_at AS since, state = 'active' AS holds
  FROM do_not_call LIMIT $1;

-- q_do_not_call_changed ($1 entry of the trail) -> those that changed behind it
SELECT id, callee_key, organisation_id, contract_id, '' AS "from", until AS "to",
       created_at AS since, state = 'active' AS holds
  FROM do_not_call
 WHERE id IN (SELECT record_id FROM events WHERE id > $1 AND resource = 'do_not_call');

-- q_consents_all ($1 no more than) -> numbers that may be called
SELECT id, callee_key, organisation_id, contract_id, obtained_on AS "from", until AS "to",
       0 AS since, id > 0 AS holds
  FROM consents LIMIT $1;

-- q_consents_changed ($1 entry of the trail) -> those that changed behind it
SELECT id, callee_key, organisation_id, contract_id, obtained_on AS "from", until AS "to",
       0 AS since, id > 0 AS holds
  FROM consents
 WHERE id IN (SELECT record_id FROM events WHERE id > $1 AND resource = 'consents');

-- q_call_rule_of ($1 client, $2 contract or 0) -> id of its rule
SELECT id FROM call_rules WHERE organisation_id = $1 AND COALESCE(contract_id, 0) = $2;

-- q_do_not_call_covering ($1 callee, $2 client, $3 contract, $4 until, $5 today) -> an entry in force that says as much already
SELECT id FROM do_not_call
 WHERE callee_key = $1 AND organisation_id = $2 AND state = 'active'
   AND (contract_id IS NULL OR contract_id = $3)
   AND (until = '' OR (until >= $5 AND $4 <> '' AND until >= $4))
 ORDER BY id LIMIT 1;

-- q_do_not_call_find ($1 callee, $2 client, $3 today) -> an entry for all its contracts that is in force
SELECT id FROM do_not_call
 WHERE callee_key = $1 AND organisation_id = $2 AND contract_id IS NULL AND state = 'active'
   AND (until = '' OR until >= $3)
 ORDER BY id LIMIT 1;
