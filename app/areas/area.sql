-- q_area_of_token ($1 token) -> id of the area
SELECT id FROM areas WHERE token = $1;

-- q_area_is_of ($1 area, $2 person, $3 day) -> id of the naming that holds then
SELECT id FROM area_persons
 WHERE area_id = $1 AND person_id = $2 AND "from" <= $3 AND ("to" = '' OR "to" >= $3) ORDER BY id LIMIT 1;

-- q_area_person_twice ($1 area, $2 person, $3 from, $4 to, $5 but this one) -> id of another naming of the person in these days
SELECT id FROM area_persons
 WHERE area_id = $1 AND person_id = $2 AND id IS DISTINCT FROM $5
   AND ("to" = '' OR "to" >= $3) AND ($4 = '' OR "from" <= $4) ORDER BY id LIMIT 1;
