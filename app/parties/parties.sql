-- q_unit_path ($1 unit, $2 path) -> changes 1
UPDATE units SET path = $2 WHERE id = $1;

-- q_unit_path_of ($1 unit) -> path
SELECT path FROM units WHERE id = $1;

-- q_qualification_expired ($1 organisation, $2 day) -> the name of a required one that has expired
SELECT name FROM qualifications
 WHERE organisation_id = $1 AND required = TRUE AND valid_to <> '' AND valid_to < $2
 ORDER BY valid_to LIMIT 1;

-- q_person_by_id_card ($1 organisation, $2 keyed hash, $3 other than this person) -> id
SELECT id FROM people WHERE organisation_id = $1 AND id_card_hash = $2 AND id <> $3 LIMIT 1;

-- q_organisation_by_name ($1 name) -> id
SELECT id FROM organisations WHERE name = $1;

-- q_unit_by_name ($1 organisation, $2 name) -> id
SELECT id FROM units WHERE organisation_id = $1 AND name = $2;

-- q_person_by_name ($1 organisation, $2 name) -> id
SELECT id FROM people WHERE organisation_id = $1 AND name = $2 ORDER BY id LIMIT 1;

-- q_person_accounts ($1 person) -> how many accounts let this person in
SELECT count(*) FROM accounts WHERE person_id = $1;

-- q_role_holders ($1 "% role %", $2 other than this person) -> how many hold it, can sign in and are not about to leave
SELECT count(*) FROM accounts a JOIN people p ON p.id = a.person_id
 WHERE a.state = 'active' AND p.left_on = '' AND ' ' || a.roles || ' ' LIKE $1 AND p.id <> $2;
