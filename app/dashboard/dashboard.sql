-- q_item_failed ($1 unit, $2 month, $3 item, $4 how often) -> changes 1
INSERT INTO item_failures (unit_id, month, item_text, failed) VALUES ($1, $2, $3, $4)
    ON CONFLICT (month, unit_id, item_text) DO UPDATE SET failed = item_failures.failed + excluded.failed;

-- q_grade_put ($1 unit, 0 of a contract, $2 contract or 0, $3 evaluation, $4 last day of its period, $5 total, $6 grade) -> changes 1, or 0 where a later one is known
INSERT INTO last_grades (unit_id, contract_id, evaluation_id, until, total, grade) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (contract_id, unit_id) DO UPDATE
    SET evaluation_id = excluded.evaluation_id, until = excluded.until, total = excluded.total, grade = excluded.grade
    WHERE excluded.until > last_grades.until OR (excluded.until = last_grades.until AND excluded.evaluation_id >= last_grades.evaluation_id);

-- q_recount_asked () -> 1 when everything is to be counted once more
SELECT id FROM recounts LIMIT 1;

-- q_recount_lock () -> changes any; the sums change by this transaction alone from now on
-- @sqlite
UPDATE recounts SET id = id;
-- @postgres
LOCK TABLE project_months, item_failures, last_grades IN EXCLUSIVE MODE;
-- @end

-- q_recount_end () -> changes 1
DELETE FROM recounts;

-- q_months_clear () -> changes all
DELETE FROM project_months;

-- q_failures_clear () -> changes all
DELETE FROM item_failures;

-- q_grades_clear () -> changes all
DELETE FROM last_grades;

-- q_failures_differ () -> unit_id of a project whose failures by item are not those of the month's sum
SELECT m.unit_id FROM project_months m
 WHERE m.failed <> (SELECT COALESCE(SUM(f.failed), 0) FROM item_failures f WHERE f.month = m.month AND f.unit_id = m.unit_id) LIMIT 1;

-- q_months_all () -> every sum
SELECT * FROM project_months ORDER BY month, unit_id;

-- q_month_there ($1 unit, $2 month) -> 1 when there is a sum
SELECT 1 FROM project_months WHERE unit_id = $1 AND month = $2;

-- q_dashboard_projects ($1 client, $2 path from or '', $3 path to) -> projects with the contracts that run, what they are worth, and their worst last grade
SELECT u.id AS unit_id, u.name AS unit_name, u.path, COUNT(c.id) AS contracts, CAST(COALESCE(SUM(c.amount_fen), 0) AS BIGINT) AS amount_fen,
       COALESCE(MAX(CASE g.grade WHEN 'fail' THEN 4 WHEN 'pass' THEN 3 WHEN 'good' THEN 2 WHEN 'excellent' THEN 1 ELSE 0 END), 0) AS worst,
       COALESCE(MAX(CASE s.grade WHEN 'fail' THEN 4 WHEN 'pass' THEN 3 WHEN 'good' THEN 2 WHEN 'excellent' THEN 1 ELSE 0 END), 0) AS own,
       COALESCE(MAX(g.until), '') AS graded_to, COALESCE(MAX(s.until), '') AS own_graded_to
  FROM units u
  LEFT JOIN contracts c ON c.unit_id = u.id AND c.state IN ('active', 'suspended')
  LEFT JOIN last_grades g ON g.contract_id = c.id AND g.unit_id = 0
  LEFT JOIN last_grades s ON s.unit_id = u.id AND s.contract_id = 0
 WHERE u.organisation_id = $1 AND u.kind = 'project' AND ($2 = '' OR (u.path >= $2 AND u.path < $3))
 GROUP BY u.id, u.name, u.path ORDER BY u.path;

-- q_dashboard_divisions ($1 client) -> units above projects, which projects are grouped by
SELECT id AS unit_id, name AS unit_name, path FROM units WHERE organisation_id = $1 AND kind IN ('division', 'subsidiary') ORDER BY path;

-- q_dashboard_open ($1 client, $2 path from or '', $3 path to, $4 now) -> what is open by unit (0: of the company as a whole): how many, and the money that hangs at it
SELECT 'duties' AS kind, u.id AS unit_id, COUNT(*) AS count, CAST(0 AS BIGINT) AS amount_fen
  FROM units u CROSS JOIN duties t
 WHERE u.organisation_id = $1 AND ($2 = '' OR (u.path >= $2 AND u.path < $3))
   AND t.unit_id = u.id AND t.state = 'overdue' AND (t.organisation_id = u.organisation_id OR (t.owner_side = 'provider' AND t.internal = FALSE))
 GROUP BY u.id
UNION ALL
SELECT 'duties', 0, COUNT(*), 0
  FROM duties t
 WHERE t.state = 'overdue' AND t.unit_id IS NULL AND $2 = ''
   AND (t.organisation_id = $1 OR (t.owner_side = 'provider' AND t.internal = FALSE
        AND (t.contract_id IS NULL OR (SELECT c.client_id FROM contracts c WHERE c.id = t.contract_id) = $1)))
UNION ALL
SELECT 'defects', u.id, COUNT(*), 0
  FROM units u CROSS JOIN rectifications t
 WHERE u.organisation_id = $1 AND ($2 = '' OR (u.path >= $2 AND u.path < $3))
   AND t.unit_id = u.id AND t.state IN ('issued', 'answered')
 GROUP BY u.id
UNION ALL
SELECT 'overdue_defects', u.id, COUNT(*), 0
  FROM units u CROSS JOIN rectifications t
 WHERE u.organisation_id = $1 AND ($2 = '' OR (u.path >= $2 AND u.path < $3))
   AND t.unit_id = u.id AND t.state IN ('issued', 'answered') AND t.state = 'issued' AND t.due_at < $4
 GROUP BY u.id
UNION ALL
SELECT 'disputed', u.id, COUNT(*), CAST(SUM(t.payable_fen) AS BIGINT)
  FROM units u CROSS JOIN settlements t
 WHERE u.organisation_id = $1 AND ($2 = '' OR (u.path >= $2 AND u.path < $3))
   AND t.unit_id = u.id AND t.state = 'disputed'
 GROUP BY u.id
UNION ALL
SELECT 'retained', u.id, COUNT(*), CAST(SUM(t.retained_fen) AS BIGINT)
  FROM units u CROSS JOIN settlements t
 WHERE u.organisation_id = $1 AND ($2 = '' OR (u.path >= $2 AND u.path < $3))
   AND t.unit_id = u.id AND t.retained_fen > 0 AND t.state <> 'drafted' AND t.state <> 'dropped'
   AND NOT EXISTS (SELECT 1 FROM settlements r WHERE r.contract_id = t.contract_id AND r.kind = 'retention' AND r.state = 'paid')
 GROUP BY u.id
UNION ALL
SELECT CASE t.state WHEN 'told' THEN 'told' ELSE 'objected' END, u.id, COUNT(*),
       CAST(SUM(CASE WHEN t.amount_fen > 0 THEN t.amount_fen
                     WHEN r.function = 'deduction_allowance' THEN t.points * r.rate_fen / 100
                     WHEN r.function = 'percent_of_monthly_fee' THEN r.share * c.monthly_fee_fen / 10000
                     WHEN r.function = 'assessment_pool' THEN r.share * c.monthly_fee_fen / 10000 * r.step / 10000
                     ELSE r.rate_fen END) AS BIGINT)
  FROM units u CROSS JOIN deduction_events t JOIN deduction_rules r ON r.id = t.rule_id JOIN contracts c ON c.id = t.contract_id
 WHERE u.organisation_id = $1 AND ($2 = '' OR (u.path >= $2 AND u.path < $3))
   AND t.unit_id = u.id AND t.state IN ('told', 'objected')
   AND (t.state = 'objected' OR (t.settlement_id IS NULL AND t.object_by >= $4))
 GROUP BY t.state, u.id;

-- q_dashboard_items ($1 client, $2 path from or '', $3 path to, $4 first month, $5 last month, $6 at most) -> items that failed most often
SELECT f.item_text, CAST(SUM(f.failed) AS BIGINT) AS failed
  FROM item_failures f
 WHERE f.month >= $4 AND f.month <= $5
   AND f.unit_id + 0 IN (SELECT u.id FROM units u WHERE u.organisation_id = $1 AND ($2 = '' OR (u.path >= $2 AND u.path < $3)))
 GROUP BY f.item_text HAVING SUM(f.failed) > 0 ORDER BY failed DESC, f.item_text LIMIT $6;
