-- q_unit_path ($1 unit, $2 path) -> changes 1
UPDATE units SET path = $2 WHERE id = $1;

-- q_unit_path_of ($1 unit) -> path
SELECT path FROM units WHERE id = $1;

-- q_qualification_lacking ($1 organisation, $2 day) -> the name of a required one that does not hold then, nor a renewed one
SELECT q.name FROM qualifications q
 WHERE q.organisation_id = $1 AND q.required = TRUE AND NOT EXISTS
       (SELECT 1 FROM qualifications held
         WHERE held.organisation_id = q.organisation_id AND held.required = TRUE
           AND held.kind = q.kind AND held.name = q.name
           AND held.valid_from <= $2 AND (held.valid_to = '' OR held.valid_to >= $2))
 ORDER BY q.valid_to LIMIT 1;

-- q_person_works ($1 person, $2 day) -> organisation_id, for which the person works that day
SELECT organisation_id FROM people WHERE id = $1 AND (left_on = '' OR left_on >= $2);

-- q_person_by_id_card ($1 organisation, $2 keyed hash, $3 other than this person) -> id
SELECT id FROM people WHERE organisation_id = $1 AND id_card_hash = $2 AND id <> $3 LIMIT 1;

-- q_organisation_by_name ($1 name) -> id
SELECT id FROM organisations WHERE name = $1;

-- q_unit_by_name ($1 organisation, $2 name) -> id
SELECT id FROM units WHERE organisation_id = $1 AND name = $2;

-- q_person_by_name ($1 organisation, $2 name) -> id
SELECT id FROM people WHERE organisation_id = $1 AND name = $2 ORDER BY id LIMIT 1;

-- q_person_by_staff_number ($1 organisation, $2 number) -> id
SELECT id FROM people WHERE organisation_id = $1 AND staff_number = $2 ORDER BY id LIMIT 1;

-- q_person_accounts ($1 person) -> how many accounts let this person in
SELECT count(*) FROM accounts WHERE person_id = $1;

-- q_role_holders ($1 "% role %", $2 other than this person) -> how many hold it, can sign in and are not about to leave
SELECT count(*) FROM accounts a JOIN people p ON p.id = a.person_id
 WHERE a.state = 'active' AND p.left_on = '' AND ' ' || a.roles || ' ' LIKE $1 AND p.id <> $2;
