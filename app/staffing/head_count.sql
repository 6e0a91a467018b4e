-- q_head_count_roster ($1 provider, $2 day, $3 at most) -> id, name, staff_number, job, lapsed of the people on its roster that day
SELECT p.id, p.name, p.staff_number, p.job, CAST((SELECT count(*) FROM work_certificates c
         WHERE c.person_id = p.id AND c.needed = TRUE AND c.valid_to <> '' AND c.valid_to < $2) AS BIGINT) AS lapsed
  FROM people p
 WHERE p.organisation_id = $1 AND p.joined_on <= $2 AND (p.left_on = '' OR p.left_on >= $2)
 ORDER BY p.job DESC, p.name, p.id LIMIT $3;

-- q_head_count_there ($1 contract, $2 from, $3 to) -> day, job, present: how many different people of a job were found on a day
SELECT h.day, p.job, CAST(count(DISTINCT p.person_id) AS BIGINT) AS present
  FROM head_counts h JOIN head_count_people p ON p.head_count_id = h.id
 WHERE h.contract_id = $1 AND h.day >= $2 AND h.day <= $3 AND h.state NOT IN ('objected', 'upheld')
   AND p.person_id IS NOT NULL
 GROUP BY h.day, p.job;
