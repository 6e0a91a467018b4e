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
