-- q_staff_periods ($1 provider, $2 job, $3 from, $4 to) -> joined_on, left_on, people of the roster who are there in these days
SELECT joined_on, left_on, CAST(count(*) AS BIGINT) AS people FROM people
 WHERE organisation_id = $1 AND job = $2 AND joined_on <= $4 AND (left_on = '' OR left_on >= $3)
 GROUP BY joined_on, left_on;

-- q_requirements_of_person ($1 person) -> ids of the requirements that the person's employer has to meet
SELECT r.id FROM people p JOIN contracts c ON c.provider_id = p.organisation_id
  JOIN staff_requirements r ON r.contract_id = c.id WHERE p.id = $1;

-- q_requirements_beside ($1 contract, $2 job, $3 from, $4 to or '', $5 not this one) -> how many of the same job hold on one of these days
SELECT count(*) FROM staff_requirements
 WHERE contract_id = $1 AND job = $2 AND id <> $5 AND ($4 = '' OR "from" <= $4) AND ("to" = '' OR "to" >= $3);
