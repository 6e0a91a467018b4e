-- q_grades_before ($1 contract, $2 this period, $3 its length, $4 'Q' or another sign at its sixth place, $5 at most) -> final grades of the kind, the last one first
SELECT grade, period, vetoed FROM evaluations
 WHERE contract_id = $1 AND period <= $2 AND length(period) = $3 AND (substr(period, 6, 1) = 'Q') = ($4 = 'Q')
   AND state = 'final' AND scored = TRUE
 ORDER BY period DESC LIMIT $5;

-- q_finals_from ($1 contract, $2 this period, $3 its length, $4 'Q' or another sign at its sixth place, $5 at most) -> the final ones of the kind from it on, in order
SELECT id AS evaluation_id, period FROM evaluations
 WHERE contract_id = $1 AND period >= $2 AND length(period) = $3 AND (substr(period, 6, 1) = 'Q') = ($4 = 'Q')
   AND state = 'final' AND scored = TRUE
 ORDER BY period LIMIT $5;

-- q_consequence_of ($1 contract, $2 evaluation, $3 case, $4 step) -> id, where it was proposed already
SELECT id FROM consequences
 WHERE contract_id = $1 AND COALESCE(evaluation_id, 0) = $2 AND COALESCE(case_id, 0) = $3 AND step = $4 AND state <> 'lapsed' LIMIT 1;

-- q_consequence_evaluator ($1 consequence) -> who evaluated or looked into the case; 0 nobody
SELECT COALESCE(e.evaluator_id, s.investigator_id, 0) FROM consequences c
  LEFT JOIN evaluations e ON e.id = c.evaluation_id LEFT JOIN subcontracting_cases s ON s.id = c.case_id WHERE c.id = $1;
