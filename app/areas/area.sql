-- q_area_of_token ($1 token) -> id of the area
SELECT id FROM areas WHERE token = $1;

-- q_area_is_of ($1 area, $2 person, $3 day) -> id of the naming that holds then
SELECT id FROM area_persons
 WHERE area_id = $1 AND person_id = $2 AND "from" <= $3 AND ("to" = '' OR "to" >= $3) ORDER BY id LIMIT 1;

-- q_area_person_twice ($1 area, $2 person, $3 from, $4 to, $5 but this one) -> id of another naming of the person in these days
SELECT id FROM area_persons
 WHERE area_id = $1 AND person_id = $2 AND id IS DISTINCT FROM $5
   AND ("to" = '' OR "to" >= $3) AND ($4 = '' OR "from" <= $4) ORDER BY id LIMIT 1;

-- q_uncovered_contracts ($1 unit, $2 day, $3 at most) -> contracts in force that day whose service is supervised on site and that no area is of
SELECT c.id AS contract_id, c.number, c.name, c.service FROM contracts c
 WHERE c.unit_id = $1 AND c.kind = 'continuous' AND c.service <> 'outbound_call' AND c.state IN ('active', 'suspended')
   AND c.starts_on <= $2 AND c.ends_on >= $2
   AND NOT EXISTS (SELECT 1 FROM areas a WHERE a.contract_id = c.id AND a."from" <= $2 AND (a."to" = '' OR a."to" >= $2))
 ORDER BY c.service, c.number LIMIT $3;

-- q_covered_services ($1 unit, $2 day) -> the kinds of service of its contracts in force that day
SELECT DISTINCT c.service FROM contracts c
 WHERE c.unit_id = $1 AND c.kind = 'continuous' AND c.service <> 'outbound_call' AND c.state IN ('active', 'suspended')
   AND c.starts_on <= $2 AND c.ends_on >= $2 ORDER BY c.service;

-- q_publication_of_unit ($1 unit) -> id of the newest
SELECT id FROM area_publications WHERE unit_id = $1 ORDER BY revision DESC LIMIT 1;

-- q_publication_of_token ($1 token) -> id of the newest under that address
SELECT id FROM area_publications WHERE token = $1 ORDER BY revision DESC LIMIT 1;

-- q_publication_last_receipt ($1 year) -> the last serial
SELECT COALESCE(max(serial), 0) FROM area_publications WHERE year = $1 AND serial > 0;

-- q_areas_changed ($1 unit) -> when one of its areas changed last; 0: it has none
SELECT COALESCE(max(changed_at), 0) FROM areas WHERE unit_id = $1;

-- q_areas_published ($1 unit) -> when they were published last; 0: never
SELECT COALESCE(max(published_at), 0) FROM area_publications WHERE unit_id = $1;

-- q_unit_of_area ($1 area) -> id of its project
SELECT unit_id AS id FROM areas WHERE id = $1;

-- q_contract_of_area ($1 area) -> id of its contract
SELECT contract_id AS id FROM areas WHERE id = $1;

-- q_areas_of_person ($1 person) -> the areas that the person is named for
SELECT DISTINCT area_id AS id FROM area_persons WHERE person_id = $1 ORDER BY area_id;

-- q_contract_area_periods ($1 contract, $2 day) -> from and to of its areas that are there on the day or later
SELECT "from", "to" FROM areas WHERE contract_id = $1 AND ("to" = '' OR "to" >= $2) ORDER BY id;

-- q_area_person_periods ($1 area, $2 day) -> from and to of everybody who is responsible on the day or later, no longer than the person is there
SELECT a."from", CASE WHEN p.left_on <> '' AND (a."to" = '' OR p.left_on < a."to") THEN p.left_on ELSE a."to" END AS "to"
  FROM area_persons a JOIN people p ON p.id = a.person_id
 WHERE a.area_id = $1 AND (a."to" = '' OR a."to" >= $2) AND (p.left_on = '' OR p.left_on >= $2) ORDER BY a.id;
