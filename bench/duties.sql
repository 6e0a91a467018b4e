-- COUNT open duties over the contracts of the demo world, for both engines: due over four years, most of
-- them live and none waiting for the clock, of three roles and in every third case of one person.
WITH RECURSIVE
numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < COUNT),
ledger AS (SELECT id, client_id, unit_id, executor_id, row_number() OVER (ORDER BY id) - 1 AS n FROM contracts),
size AS (SELECT count(*) AS contracts FROM ledger)
INSERT INTO duties (version, created_at, updated_at, rule, clause, subject, subject_id, title, period, contract_id,
    organisation_id, unit_id, owner_side, owner_role, owner_id, opened_at, due_at, met_at, next_at, state, level,
    reason, live)
SELECT 1, 1700000000000, 1700000000000, 'brief_executor', 'V5.1.2', 'contracts', ledger.id, '合同 ' || i, 'b' || i,
    ledger.id, ledger.client_id, ledger.unit_id, 'client',
    CASE i / 3 % 3 WHEN 0 THEN 'ops' WHEN 1 THEN 'division' ELSE 'pm' END,
    CASE WHEN i % 3 = 0 THEN ledger.executor_id END, 1700000000000,
    NOW + (1 + CAST(i AS BIGINT) * 7919 % 1400) * 86400000, 0,
    NOW + (1 + CAST(i AS BIGINT) * 7919 % 1400) * 86400000 + 1, 'open', 0, '', i % 7 <> 0
FROM numbers JOIN size ON 1 = 1 JOIN ledger ON ledger.n = i % size.contracts
ORDER BY CAST(i AS BIGINT) * 7919 % 1400, i;
