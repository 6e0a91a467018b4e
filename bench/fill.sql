-- A ledger of COUNT contracts beside the demo world's, for both engines: five providers, three
-- projects, all states (six of ten are active), and 30 terms for every hundredth contract.
INSERT INTO organisations (version, created_at, updated_at, name, short_name, side, credit_code, state,
    state_reason, services, address, contact_name, contact_phone, search_key)
VALUES (1, 1700000000000, 1700000000000, '洁源环境管理有限公司', '洁源环境', 'provider', '', 'approved',
    '', 'cleaning', '', '', '', '洁源环境管理有限公司');

WITH RECURSIVE
numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < COUNT),
dated AS (SELECT i, '-0' || (1 + i / 30 % 9) AS month, 2027 + i / 270 % 3 AS last_year FROM numbers),
providers AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM organisations WHERE side = 'provider'),
projects AS (SELECT id, organisation_id, row_number() OVER (ORDER BY id) - 1 AS n FROM units
    WHERE kind = 'project' AND parent_id IS NOT NULL),
executors AS (SELECT id, organisation_id FROM people WHERE job = 'resident')
INSERT INTO contracts (version, created_at, updated_at, number, name, kind, service, client_id, provider_id,
    unit_id, provider_contact, provider_phone, signed_on, starts_on, ends_on, amount_fen, net_amount_fen,
    monthly_fee_fen, deposit_fen, payment_terms, assessment_clause, served_party_clause, served_party_judges, no_subcontracting,
    warranty_months, executor_id, contact_id, alert_days, remark, state, state_at, state_by, state_reason,
    briefing, briefed_on, search_key)
SELECT 1 + i % 5, 1700000000000 + i * 1000, 1700000500000 + i * 1000, 'HT-B-' || (1000000 + i),
    '第' || i || '号日常服务合同', 'continuous', 'cleaning', projects.organisation_id, providers.id, projects.id,
    '韩立春', '139****8937
5YnmjcidUJq3EojEYF5YbngQ1EepH49PjWB7UhJY4Mia5QUNs3_vDH3KrSwXsGFbsS_q',
    '2025' || month || '-10', '2025' || month || '-20', last_year || month || '-20',
    100000000 + i * 100, 94339622 + i * 100, 8333333, 5000000, '按月，评价结果出具后 15 日内支付',
    '月度考核 100 分，85 分以上全额支付，低于 85 分按比例扣减', '业主与商户每季度扫码评价，占季度评价 20 分，低于 60 分约谈',
    TRUE, TRUE, 0, executors.id, NULL, 60, '',
    CASE WHEN i % 10 = 0 THEN 'draft' WHEN i % 10 < 7 THEN 'active' WHEN i % 10 = 7 THEN 'suspended'
        WHEN i % 10 = 8 THEN 'ended' ELSE 'terminated' END,
    1700000500000 + i * 1000, '李蔚', '', 'signed', '2025' || month || '-15',
    'ht-b-' || (1000000 + i) || ' 第' || i || '号日常服务合同'
FROM dated
JOIN providers ON providers.n = i / 10 % 5
JOIN projects ON projects.n = i % 3
JOIN executors ON executors.organisation_id = projects.organisation_id
ORDER BY i;

WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < 30)
INSERT INTO terms (version, created_at, updated_at, contract_id, number, topic, text)
SELECT 1, 1700000000000, 1700000000000, contracts.id, '9.' || i, 'standard',
    '公共区域每日清扫两次，地面无积水、无污渍，巡检记录当日上传（第 ' || i || ' 款）'
FROM contracts JOIN numbers ON contracts.id % 100 = 0
WHERE contracts.number LIKE 'HT-B-%';
