-- q_report_of ($1 unit, $2 month) -> id of the newest report about it
SELECT id FROM supervision_reports WHERE unit_id = $1 AND month = $2 ORDER BY revision DESC LIMIT 1;

-- q_report_filed ($1 unit, $2 month) -> id of one that was filed
SELECT id FROM supervision_reports WHERE unit_id = $1 AND month = $2 AND state <> 'drafted' ORDER BY id LIMIT 1;

-- q_report_last_receipt ($1 year) -> the last serial
SELECT COALESCE(max(serial), 0) FROM supervision_reports WHERE year = $1 AND serial > 0;

-- q_unit_of_report ($1 report) -> id of the unit that owed it
SELECT unit_id AS id FROM supervision_reports WHERE id = $1;

-- q_contracts_in_month ($1 unit, $2 last day, $3 first moment) -> how many of its contracts were in force then
SELECT count(*) FROM contracts
 WHERE unit_id = $1 AND starts_on <= $2
   AND (state IN ('active', 'suspended') OR (state IN ('ended', 'terminated') AND state_at >= $3));
