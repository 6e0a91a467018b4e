-- q_case_open ($1 person) -> how many cases about this person wait for a decision
SELECT count(*) FROM subcontracting_cases WHERE person_id = $1 AND state IN ('suspected', 'investigated');

-- q_case_evidence ($1 case) -> how many documents lie at it
SELECT count(*) FROM documents WHERE subject = 'subcontracting_cases' AND subject_id = $1 AND state <> 'removed';
