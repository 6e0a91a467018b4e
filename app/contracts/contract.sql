-- q_contract_by_number ($1 number) -> id
SELECT id FROM contracts WHERE number = $1;

-- q_unit_organisation ($1 unit) -> organisation_id
SELECT organisation_id FROM units WHERE id = $1;

-- q_organisation_side ($1 organisation) -> side
SELECT side FROM organisations WHERE id = $1;

-- q_term_count ($1 contract) -> how many
SELECT count(*) FROM terms WHERE contract_id = $1;

-- q_amendment_last ($1 contract) -> highest number
SELECT COALESCE(max(number), 0) FROM amendments WHERE contract_id = $1;

-- q_briefing_last ($1 contract) -> highest number
SELECT COALESCE(max(number), 0) FROM briefings WHERE contract_id = $1;

-- q_briefing_open ($1 contract) -> ids of those that are not superseded
SELECT id FROM briefings WHERE contract_id = $1 AND state <> 'superseded' ORDER BY id DESC LIMIT 20;

