-- q_training_eligible ($1 provider, $2 day, $3 jobs with spaces round each, $4 at most) -> people who work there
SELECT id AS person_id, name FROM people
 WHERE organisation_id = $1 AND (left_on = '' OR left_on >= $2) AND $3 LIKE '% ' || job || ' %'
 ORDER BY name, id LIMIT $4;

-- q_training_missing ($1 contract, $2 person) -> name of a subject that is required and not passed
SELECT s.name FROM training_subjects s
 WHERE s.contract_id = $1 AND s.tier = 'agents' AND s.required = TRUE AND s.state = 'in_force'
   AND NOT EXISTS (SELECT 1 FROM training_scores x JOIN trainings t ON t.id = x.training_id
                    WHERE t.subject_id = s.id AND t.state = 'confirmed' AND x.person_id = $2 AND x.passed = TRUE)
 ORDER BY s.id LIMIT 1;

-- q_measure_trainings ($1 contract, $2 from, $3 to) -> each person's trainings in these days, and the sum of the scores
SELECT x.person_id, CAST(count(*) AS BIGINT) AS trainings, CAST(SUM(x.score) AS BIGINT) AS score
  FROM trainings t JOIN training_scores x ON x.training_id = t.id
 WHERE t.contract_id = $1 AND t.held_on >= $2 AND t.held_on <= $3 AND t.state = 'confirmed'
 GROUP BY x.person_id;
