-- q_inspector_interest ($1 person, $2 provider) -> how they last said to stand to it: none, kin …; '' nothing said
SELECT interest FROM interest_declarations WHERE person_id = $1 AND provider_id = $2 ORDER BY id DESC LIMIT 1;

-- q_task_there ($1 plan, $2 area, $3 first day of the period) -> 1 when there is a task
SELECT 1 FROM inspection_tasks WHERE plan_id = $1 AND area_id = $2 AND period = $3;

-- q_plan_opened ($1 plan, $2 last day) -> changes 1: its tasks are there up to that day
UPDATE inspection_plans SET opened_to = $2 WHERE id = $1;

-- q_photo_same ($1 photo, $2 SHA-256) -> the inspection of another photo with the same bytes; 0 none
SELECT inspection_id FROM inspection_photos WHERE sha256 = $2 AND id <> $1 ORDER BY id LIMIT 1;

-- q_arrived_together ($1 inspector, $2 since, $3 ms) -> how many arrived since then, so long after they were finished
SELECT COUNT(*) FROM inspections
 WHERE inspector_id = $1 AND finished_at >= $2 AND finished_at - device_finished_at >= $3;

-- q_clean_in_a_row ($1 inspector, $2 how many) -> of the last so many, those in which nothing failed
SELECT COUNT(*) FROM (
    SELECT failed FROM inspections WHERE inspector_id = $1 AND state IN ('finished', 'countersigned')
     ORDER BY device_finished_at DESC LIMIT $2) lately
 WHERE failed = 0;

-- q_said_lately ($1 inspector, $2 since) -> 1 when it was marked that nothing ever fails
SELECT 1 FROM inspection_marks WHERE inspector_id = $1 AND kind = 'never_fails' AND created_at >= $2 LIMIT 1;

-- q_rectification_seen ($1 rectification) -> changes 1: one more inspection saw the problem
UPDATE rectifications SET seen = seen + 1 WHERE id = $1;

-- q_photos_of_answer ($1 rectification) -> how many documents are kept at it
SELECT COUNT(*) FROM documents WHERE subject = 'rectifications' AND subject_id = $1 AND state = 'kept';
