-- q_standard_for ($1 unit, $2 service, $3 day) -> id of the approved one that is in force there then
SELECT id FROM standards
 WHERE unit_id = $1 AND service = $2 AND approved_at > 0 AND "from" <= $3 AND ("to" = '' OR "to" >= $3)
 ORDER BY "from" DESC, id DESC LIMIT 1;

-- q_standard_current ($1 unit, $2 service) -> id of the approved one that has no end yet
SELECT id FROM standards WHERE unit_id = $1 AND service = $2 AND approved_at > 0 AND "to" = '' ORDER BY id DESC LIMIT 1;

-- q_standard_draft ($1 unit, $2 service) -> id of a draft for it
SELECT id FROM standards WHERE unit_id = $1 AND service = $2 AND state = 'draft' ORDER BY id LIMIT 1;

-- q_standard_item_last ($1 standard) -> the highest number in it; 0 none
SELECT COALESCE(MAX(number), 0) FROM standard_items WHERE standard_id = $1;

-- q_standard_item_count ($1 standard) -> how many it has
SELECT count(*) FROM standard_items WHERE standard_id = $1;

-- q_standard_terms ($1 standard, $2 at most) -> the terms that can be inspected of the contracts of its project and service that are not over, and how many of its items check each: a term that was renewed word by word is checked by the items of the former one
SELECT m.id AS term_id, m.number, m.topic, m.text, c.id AS contract_id, c.number AS contract_number, c.name AS contract_name,
       (SELECT count(*) FROM standard_items i JOIN terms w ON w.id = i.term_id
         WHERE i.standard_id = s.id AND (w.id = m.id OR (w.number = m.number AND w.text = m.text))) AS items
  FROM standards s
  JOIN contracts c ON c.unit_id = s.unit_id AND c.service = s.service
  JOIN terms m ON m.contract_id = c.id
 WHERE s.id = $1 AND c.kind = 'continuous' AND c.state IN ('draft', 'active', 'suspended')
   AND m.topic IN ('scope', 'frequency', 'standard', 'staffing', 'safety')
 ORDER BY c.id, m.number, m.id LIMIT $2;

-- q_term_of_number ($1 standard, $2 number) -> id of the newest term of that number in the contracts of its project and service
SELECT m.id FROM standards s
  JOIN contracts c ON c.unit_id = s.unit_id AND c.service = s.service
  JOIN terms m ON m.contract_id = c.id
 WHERE s.id = $1 AND m.number = $2 AND c.state IN ('draft', 'active', 'suspended')
 ORDER BY c.id DESC, m.id DESC LIMIT 1;

-- q_standard_item_beside ($1 standard, $2 category, $3 number, $4 direction: -1 up, 1 down) -> id of the next item of the category there
SELECT id FROM standard_items
 WHERE standard_id = $1 AND category = $2 AND (number - $3) * $4 > 0 ORDER BY (number - $3) * $4 LIMIT 1;

-- q_standard_item_remove ($1 item) -> changes 1
DELETE FROM standard_items WHERE id = $1;

-- q_standard_item_of_code ($1 code) -> id
SELECT id FROM standard_items WHERE code = $1 ORDER BY id LIMIT 1;

-- q_standard_draft_of_name ($1 organisation, $2 name) -> id of the draft that is called so
SELECT id FROM standards WHERE organisation_id = $1 AND name = $2 AND state = 'draft' ORDER BY id DESC LIMIT 1;

-- q_standard_uncovered ($1 contract, $2 day) -> terms of it that can be inspected and are checked by no item of the standard in force that day
SELECT count(*) FROM terms m JOIN contracts c ON c.id = m.contract_id
 WHERE m.contract_id = $1 AND m.topic IN ('scope', 'frequency', 'standard', 'staffing', 'safety')
   AND NOT EXISTS (SELECT 1 FROM standards s JOIN standard_items i ON i.standard_id = s.id JOIN terms w ON w.id = i.term_id
                    WHERE s.unit_id = c.unit_id AND s.service = c.service AND s.approved_at > 0
                      AND (s."to" = '' OR s."to" >= $2)
                      AND (w.id = m.id OR (w.number = m.number AND w.text = m.text)));

-- q_standard_of_contract ($1 contract, $2 day) -> id of an approved one for its project and service that is in force then, or will be
SELECT s.id FROM standards s JOIN contracts c ON c.unit_id = s.unit_id AND c.service = s.service
 WHERE c.id = $1 AND s.approved_at > 0 AND (s."to" = '' OR s."to" >= $2) ORDER BY s.id LIMIT 1;

-- q_contracts_of_standard ($1 standard) -> the contracts of its project and service
SELECT c.id FROM contracts c JOIN standards s ON s.unit_id = c.unit_id AND s.service = c.service
 WHERE s.id = $1 ORDER BY c.id;

-- q_standard_owed_since ($1 contract, $2 day) -> since when a standard is owed for it: in force itself, a standard that ended, a term that none checks
SELECT max(owed.at) FROM
  (SELECT state_at AS at FROM contracts WHERE id = $1
   UNION ALL
   SELECT s.updated_at AS at FROM standards s JOIN contracts c ON c.unit_id = s.unit_id AND c.service = s.service
    WHERE c.id = $1 AND s.approved_at > 0 AND s."to" <> '' AND s."to" < $2
   UNION ALL
   SELECT m.updated_at AS at FROM terms m JOIN contracts c ON c.id = m.contract_id
    WHERE m.contract_id = $1 AND m.topic IN ('scope', 'frequency', 'standard', 'staffing', 'safety')
      AND NOT EXISTS (SELECT 1 FROM standards s JOIN standard_items i ON i.standard_id = s.id JOIN terms w ON w.id = i.term_id
                       WHERE s.unit_id = c.unit_id AND s.service = c.service AND s.approved_at > 0
                         AND (s."to" = '' OR s."to" >= $2)
                         AND (w.id = m.id OR (w.number = m.number AND w.text = m.text)))) owed;

-- q_standard_editors ($1 standard, $2 who wrote in it) -> changes 1
UPDATE standards SET editors = $2 WHERE id = $1;
