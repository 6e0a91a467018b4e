-- COUNT projects, five contracts each, and a year of their supervision, for both engines: two areas of a contract, four
-- inspections of an area in a month (of which one of six was missed) by 25 items each, so that 1,000 projects have 10 million.
-- Whatever follows from them (sums) is counted by the program at its next start.
CREATE TEMPORARY TABLE bench_months AS
WITH RECURSIVE backs (back) AS (SELECT 0 UNION ALL SELECT back + 1 FROM backs WHERE back < 11),
running AS (SELECT CAST(substr(max(month), 1, 4) AS INTEGER) * 12 + CAST(substr(max(month), 6, 2) AS INTEGER) - 1 AS n FROM inspection_tasks WHERE due_at <= NOW),
counted AS (SELECT back, running.n - back AS n FROM backs JOIN running ON 1 = 1)
SELECT back, (n / 12) || CASE WHEN n % 12 < 9 THEN '-0' ELSE '-' END || (n % 12 + 1) AS month FROM counted;
CREATE TEMPORARY TABLE bench_weeks AS SELECT 0 AS week, '-01' AS day UNION ALL SELECT 1, '-08' UNION ALL SELECT 2, '-15' UNION ALL SELECT 3, '-22';
CREATE TEMPORARY TABLE bench_services AS SELECT 0 AS n, 'cleaning' AS service UNION ALL SELECT 1, 'greening' UNION ALL SELECT 2, 'pest_control'
    UNION ALL SELECT 3, 'engineering' UNION ALL SELECT 4, 'other';
-- What an inspection found: nothing (0), or one of its items.
CREATE TEMPORARY TABLE bench_items AS
WITH RECURSIVE fails (fail) AS (SELECT 0 UNION ALL SELECT fail + 1 FROM fails WHERE fail < 25),
built (fail, n, items) AS (
    SELECT fail, 0, CAST('' AS TEXT) FROM fails
    UNION ALL
    SELECT fail, n + 1, items || CASE WHEN n > 0 THEN ',' ELSE '' END ||
        '{"item_id":' || (n + 1) || ',"category":"result","part":"楼道","text":"第' || (n + 1) || '项：地面、墙面、玻璃无灰尘、污迹、水渍","term":"5.' || (n + 1) ||
        '","method":"sight","frequency":"daily","points":"4.00","deduction":"1.00","photo":false,"fatal":false,"result":"' ||
        CASE WHEN n + 1 = fail THEN 'fail","findings":1,"deducted":"1.00","note":"有水渍"' ELSE 'pass","findings":0,"deducted":"0.00","note":""' END ||
        ',"rectification_id":null,"linked":false}'
    FROM built WHERE n < 25)
SELECT fail, '[' || items || ']' AS items FROM built WHERE n = 25;

-- ---- providers, divisions, projects, contracts ----
WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < 1 + COUNT / 10)
INSERT INTO organisations (version, created_at, updated_at, name, short_name, side, credit_code, state,
    state_reason, services, address, contact_name, contact_phone, search_key)
SELECT 1, 1700000000000, 1700000000000, '第' || i || '服务有限公司', '第' || i || '服务', 'provider', '', 'approved', '', 'cleaning', '', '', '', '第' || i || '服务有限公司'
FROM numbers;
WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < 1 + COUNT / 50)
INSERT INTO units (version, created_at, updated_at, organisation_id, parent_id, kind, name, path, search_key)
SELECT 1, 1700000000000, 1700000000000, u.organisation_id, u.id, 'division', '第' || i || '事业部', '', '第' || i || '事业部'
FROM numbers JOIN units u ON u.kind = 'headquarters';
UPDATE units SET path = (SELECT p.path FROM units p WHERE p.id = units.parent_id) || id || '/' WHERE path = '';
WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < COUNT),
divisions AS (SELECT id, organisation_id, row_number() OVER (ORDER BY id) - 1 AS n FROM units WHERE name LIKE '第%事业部')
INSERT INTO units (version, created_at, updated_at, organisation_id, parent_id, kind, name, path, search_key)
SELECT 1, 1700000000000, 1700000000000, divisions.organisation_id, divisions.id, 'project', '第' || i || '花园', '', '第' || i || '花园'
FROM numbers JOIN divisions ON divisions.n = i % (1 + COUNT / 50) ORDER BY i;
UPDATE units SET path = (SELECT p.path FROM units p WHERE p.id = units.parent_id) || id || '/' WHERE path = '';

WITH providers AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM organisations WHERE name LIKE '第%服务有限公司'),
sized AS (SELECT count(*) AS providers FROM providers),
executor AS (SELECT min(id) AS id FROM people WHERE job = 'resident')
INSERT INTO contracts (version, created_at, updated_at, number, name, kind, service, client_id, provider_id,
    unit_id, provider_contact, provider_phone, signed_on, starts_on, ends_on, amount_fen, net_amount_fen,
    monthly_fee_fen, deposit_fen, payment_terms, assessment_clause, served_party_clause, served_party_judges, no_subcontracting,
    warranty_months, executor_id, contact_id, alert_days, remark, state, state_at, state_by, state_reason,
    briefing, briefed_on, search_key)
SELECT 1, 1700000000000, 1700000000000, 'HT-S-' || (u.id * 10 + s.n), u.name || s.service, 'continuous', s.service, u.organisation_id, p.id,
    u.id, '韩立春', '', '2024-12-10', '2025-01-01', '2029-12-31', (1 + (u.id * 37 + s.n * 11) % 97) * 1000000, 0,
    (1 + (u.id * 37 + s.n * 11) % 97) * 80000, 0, '按月', '月度考核 100 分', '业主每季度扫码评价', TRUE, TRUE, 0, executor.id, NULL, 60, '',
    'active', 1700000000000, '李蔚', '', 'signed', '2024-12-20', 'ht-s-' || (u.id * 10 + s.n)
FROM units u JOIN bench_services s ON 1 = 1 JOIN sized ON 1 = 1 JOIN providers p ON p.n = (u.id * 5 + s.n) % sized.providers JOIN executor ON 1 = 1
WHERE u.name LIKE '第%花园' ORDER BY u.id, s.n;

-- ---- areas, standards, plans ----
INSERT INTO areas (version, created_at, updated_at, contract_id, client_id, provider_id, unit_id, service, name, place, size_m2, "from", "to", token, link_id, changed_at)
SELECT 1, 1700000000000, 1700000000000, c.id, c.client_id, c.provider_id, c.unit_id, c.service, h.half || '区', '1–6 号楼', 12000, '2025-01-01', '', 'bench-' || c.id || h.half, NULL, 1700000000000
FROM contracts c JOIN (SELECT '东' AS half UNION ALL SELECT '西') h ON 1 = 1 WHERE c.number LIKE 'HT-S-%' ORDER BY c.id;
INSERT INTO area_persons (version, created_at, updated_at, area_id, person_id, "from", "to")
SELECT 1, 1700000000000, 1700000000000, a.id, c.executor_id, '2025-01-01', '' FROM areas a JOIN contracts c ON c.id = a.contract_id WHERE c.number LIKE 'HT-S-%' ORDER BY a.id;
INSERT INTO standards (version, created_at, updated_at, organisation_id, unit_id, service, name, revision, former_id, "from", "to", note, rules_id, author_id,
    author_name, editors, approver_id, approved_by, approved_at, ended_reason, items, sha256, state)
SELECT 1, 1700000000000, 1700000000000, client_id, unit_id, service, name, 1, NULL, '2025-01-01', '', '', NULL, NULL, '', '', NULL, '', 1700000000000, '', '', '', 'in_force'
FROM contracts WHERE number LIKE 'HT-S-%' ORDER BY id;
INSERT INTO inspection_plans (version, created_at, updated_at, contract_id, client_id, unit_id, area_id, level, frequency, inspector_id, "from", "to", opened_to, state)
SELECT 1, 1700000000000, 1700000000000, id, client_id, unit_id, NULL, 'project', 'weekly', executor_id, '2025-01-01', '2025-01-02', '2029-01-01', 'ended'
FROM contracts WHERE number LIKE 'HT-S-%' ORDER BY id;

-- ---- tasks, inspections, rectifications: month by month, as they arise ----
INSERT INTO inspection_tasks (version, created_at, updated_at, plan_id, contract_id, client_id, unit_id, area_id, level, frequency, period, month, due_at,
    inspector_id, inspection_id, done_at, late, state)
SELECT 1, 1700000000000, 1700000000000, p.id, a.contract_id, a.client_id, a.unit_id, a.id, 'project', 'weekly', m.month || w.day, m.month,
    NOW - (m.back * 30 + 28 - w.week * 7) * CAST(86400000 AS BIGINT), p.inspector_id, NULL, NOW - (m.back * 30 + 28 - w.week * 7) * CAST(86400000 AS BIGINT), FALSE,
    CASE WHEN (a.id + m.back * 4 + w.week) % 6 = 0 THEN 'missed' ELSE 'done' END
FROM bench_months m JOIN bench_weeks w ON 1 = 1 JOIN areas a ON a.token LIKE 'bench-%' JOIN inspection_plans p ON p.contract_id = a.contract_id
ORDER BY m.back DESC, w.week, a.id;
INSERT INTO inspections (version, created_at, updated_at, contract_id, provider_id, client_id, unit_id, area_id, standard_id, task_id, level, uid, inspector_id,
    started_at, device_started_at, device_finished_at, finished_at, latitude, longitude, items, passed, failed, not_applicable, deducted, score, fatal, upheld, month,
    remark, appeal_by, countersigned_at, companion_id, objection, doubtful, void_reason, state)
SELECT 1, t.done_at, t.done_at, t.contract_id, a.provider_id, t.client_id, t.unit_id, t.area_id, s.id, t.id, 'project', 'bench-' || t.id, t.inspector_id,
    t.done_at - 900000, t.done_at - 900000, t.done_at, t.done_at, 0, 0, i.items, CASE WHEN i.fail > 0 THEN 24 ELSE 25 END, CASE WHEN i.fail > 0 THEN 1 ELSE 0 END, 0,
    CASE WHEN i.fail > 0 THEN 100 ELSE 0 END, CASE WHEN i.fail > 0 THEN 9900 ELSE 10000 END, FALSE, '', t.month, '', t.done_at + 500000000, t.done_at, NULL, '', FALSE, '', 'countersigned'
FROM inspection_tasks t JOIN areas a ON a.id = t.area_id JOIN standards s ON s.unit_id = a.unit_id AND s.service = a.service
JOIN bench_items i ON i.fail = CASE WHEN t.id % 10 < 3 THEN 1 + (t.id / 10 + t.area_id * t.area_id % 7) % 25 ELSE 0 END
WHERE a.token LIKE 'bench-%' AND t.state = 'done' ORDER BY t.id;
UPDATE inspection_tasks SET inspection_id = (SELECT i.id FROM inspections i WHERE i.task_id = inspection_tasks.id)
WHERE state = 'done' AND area_id IN (SELECT id FROM areas WHERE token LIKE 'bench-%');
INSERT INTO rectifications (version, created_at, updated_at, inspection_id, place, item_id, item_text, term, contract_id, provider_id, client_id, unit_id, area_id,
    inspector_id, found, photo, points, round, former_id, seen, issued_at, due_at, cause, answer, answered_at, answered_by_id, late, judged_at, judge_id, reason, month, state)
SELECT 1, i.finished_at, i.finished_at, i.id, b.fail, b.fail, '第' || b.fail || '项：地面、墙面、玻璃无灰尘、污迹、水渍', '5.' || b.fail, i.contract_id, i.provider_id, i.client_id, i.unit_id,
    i.area_id, i.inspector_id, '有水渍', FALSE, 100, 1, NULL, 0, i.finished_at, i.finished_at + 259200000, '', '', i.finished_at + 86400000, NULL, i.id % 8 = 0,
    i.finished_at + 172800000, NULL, '', i.month, CASE WHEN m.back = 0 AND t.period LIKE '%-22' THEN 'issued' ELSE 'closed' END
FROM inspections i JOIN inspection_tasks t ON t.id = i.task_id JOIN bench_months m ON m.month = i.month JOIN bench_items b ON b.items = i.items
WHERE i.uid LIKE 'bench-%' AND i.failed > 0 ORDER BY i.id;

-- ---- evaluations, settlements, deductions: final up to the month before the last one, which a campaign is to evaluate ----
UPDATE schemes SET unit_id = (SELECT id FROM units WHERE kind = 'headquarters'), from_month = '2024-01' WHERE subject = 'contract';
INSERT INTO evaluations (version, created_at, updated_at, subject, contract_id, unit_id, provider_id, client_id, service, campaign_id, scheme_id, period, submit_by,
    scored, total, total_before, grade, vetoed, lines, given, note, rule_version, sha256, evaluator_id, submitted_at, audit_by, audited_at, auditor_id, told_at,
    object_by, heard, final_at, state)
SELECT 1, 1700000000000, 1700000000000, 'contract', c.id, c.unit_id, c.provider_id, c.client_id, c.service, NULL, s.id, m.month,
    NOW - (m.back * 30 - 35) * CAST(86400000 AS BIGINT), TRUE, 6500 + (c.id * 131 + m.back * 577) % 3400, 0,
    CASE WHEN (c.id * 131 + m.back * 577) % 3400 >= 2500 THEN 'excellent' WHEN (c.id * 131 + m.back * 577) % 3400 >= 1500 THEN 'good'
        WHEN (c.id * 131 + m.back * 577) % 3400 >= 500 THEN 'pass' ELSE 'fail' END,
    FALSE, l.lines, '', '', 1, '', c.executor_id, NOW - (m.back * 30 - 33) * CAST(86400000 AS BIGINT), 0, NOW, NULL, NOW, NOW, FALSE,
    NOW - (m.back * 30 - 50) * CAST(86400000 AS BIGINT), 'final'
FROM bench_months m JOIN contracts c ON c.number LIKE 'HT-S-%' JOIN (SELECT min(id) AS id FROM schemes WHERE subject = 'contract') s ON 1 = 1
JOIN (SELECT max(lines) AS lines FROM evaluations WHERE state = 'final' AND contract_id IS NOT NULL) l ON 1 = 1
WHERE m.back >= 2 ORDER BY m.back DESC, c.id;
INSERT INTO settlements (version, created_at, updated_at, name, contract_id, provider_id, client_id, unit_id, kind, month, round, fee_fen, evaluation_id, acceptance_id,
    scored, total, grade, deducted_fen, adjusted_fen, retention_share, retained_fen, payable_fen, cap_reached, lines, sha256, drafter_id, sent_at, answer_by,
    answered_at, answerer_id, objection, decider_id, decision, approver_id, approved_at, returned, paid_on, voucher, payer_id, paid_at, state)
SELECT 1, e.final_at, e.final_at, c.name || ' ' || e.period, c.id, c.provider_id, c.client_id, c.unit_id, 'month', e.period, 1, c.monthly_fee_fen, e.id, NULL,
    TRUE, e.total, e.grade, c.monthly_fee_fen / 50, 0, 0, 0, c.monthly_fee_fen - c.monthly_fee_fen / 50, FALSE, '', '', c.executor_id, e.final_at, e.final_at,
    e.final_at, NULL, '', NULL, '', NULL, e.final_at, '', '', '', NULL, 0, CASE WHEN m.back = 2 AND c.id % 50 = 0 THEN 'disputed' ELSE 'paid' END
FROM evaluations e JOIN contracts c ON c.id = e.contract_id JOIN bench_months m ON m.month = e.period WHERE c.number LIKE 'HT-S-%' ORDER BY e.id;
INSERT INTO deduction_rules (version, created_at, updated_at, contract_id, from_month, place, name, term, function, rests_on, line, share, step, rate_fen, most_fen, free, factor, letter_id)
SELECT 1, 1700000000000, 1700000000000, c.id, '2025-01', 1, '缺员', '6.2', 'fixed_per_event', 'event', 0, 0, 0, 20000, 0, 0, 1, l.id
FROM contracts c JOIN (SELECT min(id) AS id FROM letters) l ON 1 = 1 WHERE c.number LIKE 'HT-S-%' ORDER BY c.id;
INSERT INTO deduction_events (version, created_at, updated_at, contract_id, provider_id, client_id, unit_id, rule_id, day, month, fact, points, amount_fen, recorder_id, told_at,
    object_by, objection, objector_id, objected_at, decider_id, reason, decided_at, settlement_id, state)
SELECT 1, 1700000000000, 1700000000000, c.id, c.provider_id, c.client_id, c.unit_id, r.id, m.month || '-05', m.month, '缺员一人', 0, 0, c.executor_id,
    NOW - m.back * CAST(2592000000 AS BIGINT), NOW + CAST(2592000000 AS BIGINT), '', NULL, 0, NULL, '', 0, NULL,
    CASE WHEN m.back > 0 THEN 'stands' WHEN c.id % 10 = 0 THEN 'objected' WHEN c.id % 3 = 0 THEN 'told' ELSE 'dropped' END
FROM bench_months m JOIN contracts c ON c.number LIKE 'HT-S-%' JOIN deduction_rules r ON r.contract_id = c.id ORDER BY m.back DESC, c.id;

-- ---- duties: one of each inspection, which were met, and ten of each project that are overdue ----
INSERT INTO duties (version, created_at, updated_at, rule, clause, subject, subject_id, title, period, contract_id, organisation_id, unit_id, owner_side, owner_role,
    owner_id, opened_at, due_at, met_at, next_at, state, level, reason, live, internal)
SELECT 1, t.done_at, t.done_at, 'inspect', 'V3.5', 'inspection_tasks', t.id, '东区', '', t.contract_id, t.client_id, t.unit_id, 'client', 'pm', t.inspector_id, t.done_at - 86400000,
    t.due_at, t.done_at, 0, 'met', 0, '', FALSE, TRUE
FROM inspection_tasks t JOIN areas a ON a.id = t.area_id WHERE a.token LIKE 'bench-%' AND t.state = 'done' ORDER BY t.id;
INSERT INTO duties (version, created_at, updated_at, rule, clause, subject, subject_id, title, period, contract_id, organisation_id, unit_id, owner_side, owner_role,
    owner_id, opened_at, due_at, met_at, next_at, state, level, reason, live, internal)
SELECT 1, a.created_at, a.created_at, 'bench', 'V5.1.2', 'areas', a.id, a.name, '', a.contract_id, a.client_id, a.unit_id, 'client', 'pm', NULL, 1700000000000,
    NOW - 86400000, 0, NOW + CAST(86400000000 AS BIGINT), 'overdue', 1, '', TRUE, FALSE
FROM areas a WHERE a.token LIKE 'bench-%' ORDER BY a.id;

INSERT INTO recounts (id) VALUES (1);
