-- For both engines: COUNT more agents of the call centre, each with an id since two years ago.
WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < COUNT),
centre AS (SELECT c.provider_id FROM contracts c JOIN schemes s ON s.contract_id = c.id ORDER BY s.id LIMIT 1)
INSERT INTO people (version, created_at, updated_at, organisation_id, unit_id, name, job, phone, phone_hash, id_card, id_card_hash,
    employed_by, joined_on, left_on, search_key)
SELECT 1, 1700000000000, 1700000000000, centre.provider_id, NULL, '话务员' || i, 'agent', '', '', '', '', '', '2024-01-01', '', '话务员' || i
FROM numbers JOIN centre ON 1 = 1 ORDER BY i;
INSERT INTO agents (version, created_at, updated_at, contract_id, person_id, code, permissions, state, "from", "to", letter_id, search_key)
SELECT 1, a.created_at, a.updated_at, a.contract_id, p.id, 'B' || p.id, a.permissions, 'active', '2024-01-01', '', NULL, 'B' || p.id
FROM people p JOIN (SELECT * FROM agents ORDER BY id LIMIT 1) a ON 1 = 1 WHERE p.name LIKE '话务员%' ORDER BY p.id;
