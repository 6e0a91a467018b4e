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

-- q_briefing_superseded ($1 contract) -> since when the last briefing no longer holds; 0: it does
SELECT COALESCE(max(updated_at), 0) FROM briefings WHERE contract_id = $1 AND state = 'superseded';

-- q_contracts_of_executor ($1 person) -> ids of open contracts
SELECT id FROM contracts WHERE executor_id = $1 AND state IN ('draft', 'active', 'suspended');

-- q_contracts_of_contact ($1 person) -> ids of open contracts
SELECT id FROM contracts WHERE contact_id = $1 AND state IN ('draft', 'active', 'suspended');

-- q_person_left ($1 person) -> the last day of somebody who leaves
SELECT left_on FROM people WHERE id = $1;

-- q_client_of ($1 provider) -> the client of its latest contract, or the first one there is
SELECT COALESCE((SELECT client_id FROM contracts WHERE provider_id = $1 ORDER BY id DESC LIMIT 1),
                (SELECT id FROM organisations WHERE side = 'client' ORDER BY id LIMIT 1));

-- q_qualification_siblings ($1 qualification) -> ids of others of its organisation, kind and name
SELECT other.id FROM qualifications q JOIN qualifications other
    ON other.organisation_id = q.organisation_id AND other.kind = q.kind AND other.name = q.name AND other.id <> q.id
 WHERE q.id = $1;

-- q_qualification_renewed ($1 qualification) -> how many of them are required and hold longer
SELECT count(*) FROM qualifications q JOIN qualifications other
    ON other.organisation_id = q.organisation_id AND other.kind = q.kind AND other.name = q.name AND other.id <> q.id
 WHERE q.id = $1 AND other.required = TRUE AND (other.valid_to = '' OR other.valid_to > q.valid_to);

-- q_term_of ($1 contract, $2 number) -> its id
SELECT id FROM terms WHERE contract_id = $1 AND number = $2;
