-- q_same_identity ($1 person, $2 day) -> id, other, organisation_id: people of other providers who work that day and have the same identity number, with whom no case was opened
SELECT p.id, n.id AS other, p.organisation_id
  FROM people p JOIN people n ON n.id_card_hash = p.id_card_hash AND n.organisation_id <> p.organisation_id
  JOIN organisations o ON o.id = p.organisation_id AND o.side = 'provider'
  JOIN organisations m ON m.id = n.organisation_id AND m.side = 'provider'
 WHERE p.id = $1 AND p.id_card_hash <> '' AND n.id_card_hash <> ''
   AND p.joined_on <= $2 AND (p.left_on = '' OR p.left_on >= $2)
   AND n.joined_on <= $2 AND (n.left_on = '' OR n.left_on >= $2)
   AND NOT EXISTS (SELECT 1 FROM subcontracting_cases s WHERE s.person_id = p.id AND s.other_person_id = n.id)
   AND NOT EXISTS (SELECT 1 FROM subcontracting_cases s WHERE s.person_id = n.id AND s.other_person_id = p.id)
 ORDER BY n.id;

-- q_same_identities ($1 day, $2 at most) -> id, other, organisation_id: the same of anybody, the later entry first
SELECT p.id, n.id AS other, p.organisation_id
  FROM people p JOIN people n ON n.id_card_hash = p.id_card_hash AND n.organisation_id <> p.organisation_id AND n.id < p.id
  JOIN organisations o ON o.id = p.organisation_id AND o.side = 'provider'
  JOIN organisations m ON m.id = n.organisation_id AND m.side = 'provider'
 WHERE p.id_card_hash <> '' AND n.id_card_hash <> ''
   AND p.joined_on <= $1 AND (p.left_on = '' OR p.left_on >= $1)
   AND n.joined_on <= $1 AND (n.left_on = '' OR n.left_on >= $1)
   AND NOT EXISTS (SELECT 1 FROM subcontracting_cases s WHERE s.person_id = p.id AND s.other_person_id = n.id)
   AND NOT EXISTS (SELECT 1 FROM subcontracting_cases s WHERE s.person_id = n.id AND s.other_person_id = p.id)
 ORDER BY p.id LIMIT $2;

-- q_certificates_off ($1 day, $2 at most) -> id: people whose certificates have to be looked at since they came or left
SELECT DISTINCT p.id FROM work_certificates c JOIN people p ON p.id = c.person_id
 WHERE (c.needed = TRUE AND p.left_on <> '' AND p.left_on < $1)
    OR (c.needed = FALSE AND c.kind <> 'other' AND p.job = 'worker' AND p.joined_on <= $1
        AND (p.left_on = '' OR p.left_on >= $1)
        AND NOT EXISTS (SELECT 1 FROM work_certificates w
                         WHERE w.person_id = c.person_id AND w.kind = c.kind AND w.needed = TRUE))
 ORDER BY p.id LIMIT $2;

-- q_certificate_renewed ($1 person, $2 kind) -> how many of that kind the person's job rests on
SELECT count(*) FROM work_certificates WHERE person_id = $1 AND kind = $2 AND needed = TRUE;
