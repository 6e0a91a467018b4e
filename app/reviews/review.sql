-- q_review_uncarried () -> the first whose call has not the result that it says
SELECT id FROM reviews WHERE carried = FALSE ORDER BY id LIMIT 1;

-- q_call_struck ($1 call) -> how many reviews strike it
SELECT count(*) FROM reviews WHERE call_id = $1 AND fatal = TRUE AND state <> 'draft';

-- q_review_call_result ($1 call) -> as it was reported, before any review
SELECT call_result FROM reviews WHERE call_id = $1 ORDER BY id LIMIT 1;

-- q_reviews_unappealed ($1 now, $2 at most) -> ids of those whose time for an appeal is over
SELECT id FROM reviews WHERE state = 'published' AND appeal_by < $1 ORDER BY appeal_by LIMIT $2;

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
  FROM reviews WHERE contract_id = $1 AND started_at >= $2 AND started_at < $3 AND state <> 'draft'
   AND person_id IS NOT NULL
 GROUP BY person_id;
