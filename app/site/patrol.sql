-- q_site_rule_last ($1 organisation) -> the highest number on its check list; 0 none
SELECT COALESCE(MAX(number), 0) FROM site_rules WHERE organisation_id = $1;

-- q_people_on_site ($1 client, $2 provider, $3 day, $4 at most) -> id, name, job and side of the client's residents, then of the provider's people
SELECT p.id, p.name, p.job, CASE WHEN p.organisation_id = $1 THEN 'client' ELSE 'provider' END AS side
  FROM people p
 WHERE (p.left_on = '' OR p.left_on >= $3)
   AND ((p.organisation_id = $1 AND p.job = 'resident') OR p.organisation_id = $2)
 ORDER BY side, p.name, p.id LIMIT $4;

-- q_person_on_site ($1 person, $2 client, $3 provider, $4 day) -> its row, when that person could be on site then
SELECT p.id, p.name, p.job, CASE WHEN p.organisation_id = $2 THEN 'client' ELSE 'provider' END AS side
  FROM people p
 WHERE p.id = $1 AND (p.left_on = '' OR p.left_on >= $4)
   AND ((p.organisation_id = $2 AND p.job = 'resident') OR p.organisation_id = $3);
