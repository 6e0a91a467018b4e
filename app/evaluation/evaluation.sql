-- q_campaign_contracts ($1 client, $2 period, $3 first day, $4 last day, $5 begin of the first day, $6 path from or '', $7 path to) -> long-term contracts in force then, by unit and service, with their evaluation
SELECT c.id AS subject_id, c.unit_id, u.path, c.provider_id, c.name, u.name AS unit_name, o.name AS provider_name, c.service,
       c.briefing IN ('signed', 'superseded') AS briefed, COALESCE(e.id, 0) AS evaluation_id, COALESCE(e.state, '') AS state,
       COALESCE(e.grade, '') AS grade, COALESCE(e.ungraded, '') AS ungraded, COALESCE(e.scored, FALSE) AS scored, COALESCE(e.total, 0) AS total, '' AS lacks
  FROM contracts c JOIN units u ON u.id = c.unit_id JOIN organisations o ON o.id = c.provider_id
  LEFT JOIN evaluations e ON e.contract_id = c.id AND e.period = $2
 WHERE c.client_id = $1 AND c.kind = 'continuous' AND c.starts_on <= $4 AND c.ends_on >= $3
   AND (c.state IN ('active', 'suspended') OR (c.state IN ('ended', 'terminated') AND c.state_at >= $5))
   AND ($6 = '' OR (u.path >= $6 AND u.path < $7))
 ORDER BY c.unit_id, c.service, c.id;

-- q_campaign_projects ($1 client, $2 period, $3 first day, $4 last day, $5 begin of the first day, $6 path from or '', $7 path to) -> projects with contracts in force then, with their evaluation
SELECT u.id AS subject_id, u.id AS unit_id, u.path, u.name, u.name AS unit_name, '' AS provider_name, '' AS service, TRUE AS briefed,
       COALESCE(e.id, 0) AS evaluation_id, COALESCE(e.state, '') AS state, COALESCE(e.grade, '') AS grade, COALESCE(e.ungraded, '') AS ungraded, COALESCE(e.scored, FALSE) AS scored, COALESCE(e.total, 0) AS total, '' AS lacks
  FROM units u LEFT JOIN evaluations e ON e.unit_id = u.id AND e.contract_id IS NULL AND e.period = $2
 WHERE u.organisation_id = $1 AND u.kind = 'project' AND ($6 = '' OR (u.path >= $6 AND u.path < $7))
   AND EXISTS (SELECT 1 FROM contracts c WHERE c.unit_id = u.id AND c.starts_on <= $4 AND c.ends_on >= $3
                  AND (c.state IN ('active', 'suspended') OR (c.state IN ('ended', 'terminated') AND c.state_at >= $5)))
 ORDER BY u.id;

-- q_campaign_find ($1 client, $2 subject, $3 period) -> id
SELECT id FROM evaluation_campaigns WHERE organisation_id = $1 AND subject = $2 AND period = $3;

-- q_campaign_drafts ($1 campaign) -> its evaluations that are still to be submitted
SELECT count(*) FROM evaluations WHERE campaign_id = $1 AND state = 'drafted';

-- q_campaigns_waiting ($1 at most) -> ids of those that are still to be opened
SELECT id FROM evaluation_campaigns WHERE state = 'planned' ORDER BY id LIMIT $1;

-- q_campaigns_aged ($1 begin of the day, $2 at most) -> ids of open ones whose drafts nobody worked out on it
SELECT id FROM evaluation_campaigns c
 WHERE state = 'open' AND worked_at < $1 AND EXISTS (SELECT 1 FROM evaluations e WHERE e.campaign_id = c.id AND e.state = 'drafted')
 ORDER BY id LIMIT $2;

-- q_campaign_worked ($1 campaign, $2 now) -> all its drafts were worked out
UPDATE evaluation_campaigns SET worked_at = $2 WHERE id = $1;

-- q_evaluations_worked ($1 evaluation, $2 scored, $3 total, $4 grade, $5 why none, $6 vetoed) -> of many drafts, what they would come to
UPDATE evaluations SET scored = n.scored, total = n.total, grade = n.grade, ungraded = n.ungraded, vetoed = n.vetoed
-- @sqlite
  FROM (SELECT column1 AS id, column2 AS scored, column3 AS total, column4 AS grade, column5 AS ungraded, column6 AS vetoed
          FROM (VALUES ($1, $2, $3, $4, $5, $6))) n
-- @postgres
  FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BOOLEAN[]), CAST($3 AS BIGINT[]), CAST($4 AS TEXT[]), CAST($5 AS TEXT[]), CAST($6 AS BOOLEAN[]))
    AS n (id, scored, total, grade, ungraded, vetoed)
-- @end
 WHERE evaluations.id = n.id;

-- q_campaigns_repeating ($1 at most) -> ids of open ones that another one is to follow and does not
SELECT id FROM evaluation_campaigns c
 WHERE state IN ('open', 'closed') AND repeats = TRUE
   AND NOT EXISTS (SELECT 1 FROM evaluation_campaigns n
                    WHERE n.organisation_id = c.organisation_id AND n.subject = c.subject AND n.period > c.period
                      AND length(n.period) = length(c.period) AND substr(n.period, 6, 1) = substr(c.period, 6, 1))
 ORDER BY id LIMIT $1;

-- q_evaluations_passing ($1 now, $2 at most) -> ids of those whose time for audit is over
SELECT id FROM evaluations WHERE state = 'submitted' AND audit_by < $1 ORDER BY id LIMIT $2;

-- q_evaluations_ending ($1 now, $2 at most) -> ids of those whose time for objections is over
SELECT id FROM evaluations WHERE state = 'audited' AND object_by < $1 ORDER BY id LIMIT $2;

-- q_evaluation_final ($1 contract, $2 period) -> id
SELECT id FROM evaluations WHERE contract_id = $1 AND period = $2 AND state = 'final';

-- q_evaluation_exists ($1 contract or none, $2 unit, $3 period) -> id
SELECT id FROM evaluations WHERE period = $3 AND ((contract_id = $1) OR ($1 IS NULL AND contract_id IS NULL AND unit_id = $2)) LIMIT 1;

-- q_objection_open ($1 evaluation) -> id of the objection that waits
SELECT id FROM evaluation_objections WHERE evaluation_id = $1 AND state = 'open' ORDER BY id DESC LIMIT 1;

-- q_evaluation_answers ($1 evaluation, $2 person) -> how often that person answered audit about it
SELECT count(*) FROM evaluation_objections WHERE evaluation_id = $1 AND source = 'audit' AND decider_id = $2;

-- q_evaluation_paid ($1 evaluation) -> statements by it that were sent
SELECT count(*) FROM settlements WHERE evaluation_id = $1 AND state NOT IN ('drafted', 'dropped');

-- q_evaluation_told ($1 evaluation) -> consequences of it that took effect
SELECT count(*) FROM consequences WHERE evaluation_id = $1 AND state = 'told';

-- q_evaluations_frozen ($1 after this id, $2 at most) -> ids of those that are submitted
SELECT id FROM evaluations WHERE id > $1 AND sha256 <> '' AND state <> 'drafted' ORDER BY id LIMIT $2;

-- q_evaluation_of_objection ($1 objection) -> id of its evaluation
SELECT evaluation_id AS id FROM evaluation_objections WHERE id = $1;

-- q_evaluation_ranking ($1 client, $2 service or '', $3 period, $4 path from or '', $5 path to) -> providers with the sums of their final evaluations
SELECT e.provider_id, o.name AS provider_name, 0 AS rank, count(*) AS contracts, CAST(sum(e.total) AS BIGINT) AS mean, min(e.total) AS lowest,
       sum(CASE WHEN e.grade = 'excellent' THEN 1 ELSE 0 END) AS excellent, sum(CASE WHEN e.grade = 'good' THEN 1 ELSE 0 END) AS good,
       sum(CASE WHEN e.grade = 'pass' THEN 1 ELSE 0 END) AS pass, sum(CASE WHEN e.grade = 'fail' THEN 1 ELSE 0 END) AS fail
  FROM evaluations e JOIN organisations o ON o.id = e.provider_id
 WHERE e.client_id = $1 AND e.period = $3 AND e.state = 'final' AND e.contract_id IS NOT NULL AND e.scored = TRUE AND ($2 = '' OR e.service = $2)
   AND ($4 = '' OR e.unit_id + 0 IN (SELECT u.id FROM units u WHERE u.path >= $4 AND u.path < $5))
 GROUP BY e.provider_id, o.name ORDER BY o.name;

-- q_evaluation_month_last ($1 client) -> the last month with a final evaluation of a contract; '' none
SELECT period FROM evaluations
 WHERE client_id = $1 AND state = 'final' AND contract_id IS NOT NULL AND scored = TRUE AND length(period) = 7 AND substr(period, 6, 1) <> 'Q'
 ORDER BY period DESC LIMIT 1;

-- q_evaluation_trend ($1 client, $2 service or '', $3 first period, $4 last period, $5 path from or '', $6 path to) -> the same by provider and period of one kind
SELECT e.provider_id, e.period, count(*) AS contracts, CAST(sum(e.total) AS BIGINT) AS mean
  FROM evaluations e
 WHERE e.client_id = $1 AND e.period >= $3 AND e.period <= $4 AND length(e.period) = length($4)
   AND (substr(e.period, 6, 1) = 'Q') = (substr($4, 6, 1) = 'Q')
   AND e.contract_id IS NOT NULL AND e.state = 'final' AND e.scored = TRUE AND ($2 = '' OR e.service = $2)
   AND ($5 = '' OR e.unit_id + 0 IN (SELECT u.id FROM units u WHERE u.path >= $5 AND u.path < $6))
 GROUP BY e.provider_id, e.period ORDER BY e.provider_id, e.period;
