-- q_fact_published ($1 contract or 0, $2 person or 0, $3 provider or 0, $4 first month, $5 last month) -> the first one that is published, and whether it is locked
SELECT m.month, m.state = 'locked' AS locked FROM months m
 WHERE m.state IN ('published', 'locked') AND m.month >= $4 AND m.month <= $5
   AND (m.contract_id = $1 OR m.provider_id = $3
        OR EXISTS (SELECT 1 FROM sheets s WHERE s.month_id = m.id AND s.subject_id = $2)
        OR EXISTS (SELECT 1 FROM pay_sheets p JOIN pay_lines l ON l.pay_sheet_id = p.id
                    WHERE p.month_id = m.id AND l.person_id = $2 AND l.approved = TRUE))
 ORDER BY m.month LIMIT 1;
