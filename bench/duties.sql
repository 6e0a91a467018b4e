-- Beside the contracts of fill.sql, for both engines: COUNT letters, ten times as many open duties, and for each of
-- the demo accounts a quarter as many notices.

-- All states and turns, of both sides; NOW is in milliseconds.
WITH RECURSIVE
numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < COUNT),
ledger AS (SELECT id, client_id, provider_id, unit_id, row_number() OVER (ORDER BY id) - 1 AS n FROM contracts),
size AS (SELECT count(*) AS contracts FROM ledger)
INSERT INTO letters (version, created_at, updated_at, type, number, contract_id, client_id, provider_id, unit_id, from_side,
    subject, body, lines, attachments, round, author_id, author_name, sent_at, decided_at, decider_id, decided_by, decided_for,
    reason, executed_at, answered_at, answer, due_at, turn, urged_on, editing, sha256, signed_text, code, state, search_key)
SELECT 1, 1700000000000 + i * 1000, 1700000500000 + i * 1000, CASE i % 50 WHEN 0 THEN 'number_permission' ELSE 'general' END,
    '函-2024-' || (1000000 + i), ledger.id, ledger.client_id, ledger.provider_id, ledger.unit_id,
    CASE i % 2 WHEN 0 THEN 'client' ELSE 'provider' END, '关于第' || i || '项安排的说明', '请于约定时间内说明安排。', '', '', 1, NULL, '李蔚',
    1700000100000 + i * 1000, CASE WHEN i % 5 = 0 THEN 0 ELSE 1700000300000 + i * 1000 END, NULL, '方远', '', '情况属实', 0,
    CASE WHEN i % 5 < 2 THEN 0 ELSE 1700000400000 + i * 1000 END, '已经安排',
    CASE WHEN i % 5 < 2 THEN NOW + (1 + CAST(i AS BIGINT) * 7919 % 1400) * 86400000 ELSE 0 END,
    CASE WHEN i % 5 > 1 THEN '' WHEN i % 4 < 2 THEN 'client' ELSE 'provider' END, '', FALSE,
    '8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92', '["letter"]', 'BN-' || i,
    CASE i % 5 WHEN 0 THEN 'sent' WHEN 1 THEN 'approved' WHEN 2 THEN 'refused' ELSE 'answered' END,
    '函-2024-' || (1000000 + i) || ' 关于第' || i || '项安排的说明'
FROM numbers JOIN size ON 1 = 1 JOIN ledger ON ledger.n = i % size.contracts
ORDER BY i;

-- Due over four years, most of them begun and none waiting for the clock; of three roles of the client (in every
-- third case of one person) and, every fifth, of the provider's.
WITH RECURSIVE
numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < COUNT * 10),
ledger AS (SELECT id, client_id, provider_id, unit_id, executor_id, row_number() OVER (ORDER BY id) - 1 AS n FROM contracts),
size AS (SELECT count(*) AS contracts FROM ledger)
INSERT INTO duties (version, created_at, updated_at, rule, clause, subject, subject_id, title, period, contract_id,
    organisation_id, unit_id, owner_side, owner_role, owner_id, opened_at, due_at, met_at, next_at, state, level,
    reason, live)
SELECT 1, 1700000000000, 1700000000000, CASE i % 3 WHEN 0 THEN 'brief_executor' WHEN 1 THEN 'contract_ends' ELSE 'activate' END,
    CASE i % 3 WHEN 0 THEN 'V5.1.2' ELSE 'V5.1.1' END, 'contracts', ledger.id, '合同 ' || i, 'b' || i, ledger.id,
    CASE i % 5 WHEN 0 THEN ledger.provider_id ELSE ledger.client_id END, CASE WHEN i % 5 > 0 THEN ledger.unit_id END,
    CASE i % 5 WHEN 0 THEN 'provider' ELSE 'client' END,
    CASE WHEN i % 5 = 0 THEN 'provider' WHEN i / 3 % 3 = 0 THEN 'ops' WHEN i / 3 % 3 = 1 THEN 'division' ELSE 'pm' END,
    CASE WHEN i % 5 > 0 AND i % 3 = 0 THEN ledger.executor_id END, 1700000000000,
    NOW + (1 + CAST(i AS BIGINT) * 7919 % 1400) * 86400000, 0,
    NOW + (1 + CAST(i AS BIGINT) * 7919 % 1400) * 86400000 + 1, CASE i % 41 WHEN 0 THEN 'overdue' ELSE 'open' END, 0, '', i % 7 <> 0
FROM numbers JOIN size ON 1 = 1 JOIN ledger ON ledger.n = i % size.contracts
ORDER BY CAST(i AS BIGINT) * 7919 % 1400, i;

WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < COUNT / 4)
INSERT INTO news (event, created_at, kind, subject, subject_id, title, detail, urgent)
SELECT 'bench ' || i, 1700000000000 + i * 1000, 'duty.overdue', 'contracts', 1, '合同 ' || i, '2026-11-20', i % 10 = 0 FROM numbers;
INSERT INTO notices (version, created_at, updated_at, account_id, news_id, unread, read_at)
SELECT 1, n.created_at, n.created_at, a.id, n.id, n.id % 2 = 0, 0 FROM news n JOIN accounts a ON 1 = 1 WHERE n.event LIKE 'bench %'
ORDER BY n.id, a.id;
