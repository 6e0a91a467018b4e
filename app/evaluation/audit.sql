-- q_interest_last ($1 person, $2 provider) -> id of the last declaration
SELECT id FROM interest_declarations WHERE person_id = $1 AND provider_id = $2 ORDER BY id DESC LIMIT 1;

-- q_sample_evaluations ($1 client, $2 begin, $3 end) -> ids of those submitted between them
SELECT id FROM evaluations WHERE client_id = $1 AND submitted_at >= $2 AND submitted_at < $3 ORDER BY id;

-- q_sample_acceptances ($1 client, $2 begin, $3 end) -> ids of those decided between them
SELECT id FROM acceptances WHERE client_id = $1 AND decided_at >= $2 AND decided_at < $3 ORDER BY id;

-- q_unit_of_acceptance ($1 acceptance) -> its unit
SELECT unit_id FROM acceptances WHERE id = $1;
