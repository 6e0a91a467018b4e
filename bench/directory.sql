-- COUNT agents and a tenth as many numbers, all permitted on the demo world's contract of outbound calling. The first
-- agents of the demo world keep their codes, 1001 and so on; these go on behind them.
WITH RECURSIVE counted (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < COUNT)
INSERT INTO agents (version, created_at, updated_at, contract_id, person_id, code, permissions, state, "from", "to", search_key)
SELECT 1, NOW, NOW, c.id, (SELECT min(person_id) FROM agents), CAST(10000 + i AS TEXT), 'manual_dial preview_dial', 'active', '2026-01-01', '', ''
FROM counted JOIN contracts c ON c.number = 'HT-2026-0150';

WITH RECURSIVE counted (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < COUNT / 10)
INSERT INTO numbers (version, created_at, updated_at, owner_id, number, shown, carrier, proof, purpose, state, state_reason, search_key)
SELECT 1, NOW, NOW, 1, '+8657170' || (100000 + i), '0571-70' || (100000 + i), '电信', '线路合同', '', 'active', '', ''
FROM counted;

INSERT INTO number_permissions (version, created_at, updated_at, number_id, contract_id, state, "from", "to")
SELECT 1, NOW, NOW, n.id, c.id, 'active', '2026-01-01', ''
FROM numbers n JOIN contracts c ON c.number = 'HT-2026-0150' WHERE n.number LIKE '+8657170%';
