-- q_report_of ($1 unit, $2 month) -> id of the newest report about it
SELECT id FROM supervision_reports WHERE unit_id = $1 AND month = $2 ORDER BY revision DESC LIMIT 1;

-- q_report_filed ($1 unit, $2 month) -> id of one that was filed
SELECT id FROM supervision_reports WHERE unit_id = $1 AND month = $2 AND state <> 'drafted' ORDER BY id LIMIT 1;

-- q_report_last_receipt ($1 year) -> the last serial
SELECT COALESCE(max(serial), 0) FROM supervision_reports WHERE year = $1 AND serial > 0;

-- q_unit_of_report ($1 report) -> id of the unit that owed it
SELECT unit_id AS id FROM supervision_reports WHERE id = $1;

-- q_contracts_below_in_month ($1 division, $2 last day, $3 first moment) -> how many contracts of its projects were in force then
SELECT count(*) FROM units d
  JOIN units u ON u.path >= d.path AND u.path < substr(d.path, 1, length(d.path) - 1) || '0' AND u.kind = 'project'
  JOIN contracts c ON c.unit_id = u.id
 WHERE d.id = $1 AND c.starts_on <= $2
   AND (c.state IN ('active', 'suspended') OR (c.state IN ('ended', 'terminated') AND c.state_at >= $3));

-- q_reports_below ($1 path from, $2 path to, $3 month, $4 last day, $5 first moment) -> each project with a contract in force then, and the newest report that it filed
SELECT u.id AS unit_id, COALESCE(r.id, 0) AS report_id, COALESCE(r.figures, '') AS figures, COALESCE(r.late, FALSE) AS late
  FROM units u
  LEFT JOIN supervision_reports r ON r.unit_id = u.id AND r.month = $3 AND r.state <> 'drafted'
       AND NOT EXISTS (SELECT 1 FROM supervision_reports n
                        WHERE n.unit_id = r.unit_id AND n.month = r.month AND n.state <> 'drafted' AND n.revision > r.revision)
 WHERE u.path >= $1 AND u.path < $2 AND u.kind = 'project'
   AND (r.id IS NOT NULL OR EXISTS (SELECT 1 FROM contracts c
        WHERE c.unit_id = u.id AND c.starts_on <= $4
          AND (c.state IN ('active', 'suspended') OR (c.state IN ('ended', 'terminated') AND c.state_at >= $5))))
 ORDER BY u.path;

-- q_contracts_in_month ($1 unit, $2 last day, $3 first moment) -> how many of its contracts were in force then
SELECT count(*) FROM contracts
 WHERE unit_id = $1 AND starts_on <= $2
   AND (state IN ('active', 'suspended') OR (state IN ('ended', 'terminated') AND state_at >= $3));
