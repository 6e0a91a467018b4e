-- q_issue_last ($1 year) -> highest serial
SELECT COALESCE(max(serial), 0) FROM issues WHERE year = $1;

-- q_issue_redate ($1 issue, $2 its answer is due, $3 its solution is due, by the calendar as it is now) -> changes 1
UPDATE issues SET answer_due_at = $2, due_at = $3 WHERE id = $1;

-- q_issue_of_code ($1 link, $2 code) -> id
SELECT id FROM issues WHERE code = $2 AND link_id = $1;

-- q_link_of_token ($1 token) -> id
SELECT id FROM issue_links WHERE token = $1;

-- q_reports_by_link ($1 link, $2 since, $3 how many are left out) -> when the next older report came; 0: there is none
SELECT opened_at FROM issues WHERE link_id = $1 AND opened_at > $2 ORDER BY opened_at DESC LIMIT 1 OFFSET $3;

-- q_reports_by_origin ($1 keyed hash of the address, $2 since, $3 how many are left out) -> the same for an address
SELECT opened_at FROM issues WHERE origin_hash = $1 AND origin_hash <> '' AND opened_at > $2
 ORDER BY opened_at DESC LIMIT 1 OFFSET $3;
