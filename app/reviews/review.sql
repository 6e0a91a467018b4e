-- q_review_uncarried () -> the first whose call has not the result that it says
SELECT id FROM reviews WHERE carried = FALSE ORDER BY id LIMIT 1;

-- q_call_struck ($1 call) -> how many reviews strike it
SELECT count(*) FROM reviews WHERE call_id = $1 AND fatal = TRUE
   AND state NOT IN ('draft', 'skipped');

-- q_review_call_result ($1 call) -> as it was reported, before any review
SELECT call_result FROM reviews WHERE call_id = $1 ORDER BY id LIMIT 1;

-- q_call_sound_ms ($1 call) -> how long its recording is, when that is known
SELECT duration_ms FROM recordings WHERE call_id = $1 AND state = 'kept';

-- q_review_of_sample ($1 sample, $2 call) -> the review of that call in it
SELECT id FROM reviews WHERE sample_id = $1 AND call_id = $2 LIMIT 1;

-- q_calls_of_sample ($1 sample, $2 agent) -> calls of that agent that were drawn, and those in their place
SELECT call_id, agent_id FROM reviews WHERE sample_id = $1 AND agent_id = $2;

-- q_reviews_unappealed ($1 now, $2 at most) -> ids of those whose time for an appeal is over
SELECT id FROM reviews WHERE state = 'published' AND appeal_by < $1 ORDER BY appeal_by LIMIT $2;

-- q_sample_progress ($1 sample) -> of its reviews, whoever sees them
SELECT COALESCE(SUM(CASE WHEN state IN ('published', 'appealed', 'final') THEN 1 ELSE 0 END), 0) AS judged,
       COALESCE(SUM(CASE WHEN state = 'skipped' THEN 1 ELSE 0 END), 0) AS skipped,
       COALESCE(SUM(CASE WHEN state = 'draft' THEN 1 ELSE 0 END), 0) AS waiting
  FROM reviews WHERE sample_id = $1;

-- q_reviewers ($1 provider) -> people with the role, in order
SELECT p.id FROM accounts a JOIN people p ON p.id = a.person_id
 WHERE p.organisation_id = $1 AND a.state = 'active' AND ' ' || a.roles || ' ' LIKE '% qa %'
 ORDER BY p.id;

-- q_reviewer_last ($1 provider) -> whose turn it was last
SELECT reviewer_id FROM reviews WHERE provider_id = $1 ORDER BY id DESC LIMIT 1;

-- q_sample_agents ($1 contract) -> its agents and since when
SELECT id, "from" FROM agents WHERE contract_id = $1 ORDER BY id;

-- q_form_successor ($1 form) -> id of the revision that follows it
SELECT id FROM review_forms WHERE former_id = $1 ORDER BY id LIMIT 1;

-- q_measure_reviews ($1 contract, $2 from, $3 before) -> of each person's calls in that time: reviews that are published, their scores and fatal ones
SELECT person_id, CAST(count(*) AS BIGINT) AS reviews, CAST(SUM(score) AS BIGINT) AS score,
       CAST(SUM(CASE WHEN fatal = TRUE THEN 1 ELSE 0 END) AS BIGINT) AS fatal
  FROM reviews WHERE contract_id = $1 AND started_at >= $2 AND started_at < $3
   AND state NOT IN ('draft', 'skipped')
   AND person_id IS NOT NULL
 GROUP BY person_id;
