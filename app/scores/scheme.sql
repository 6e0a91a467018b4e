-- q_scheme_proofs ($1 scheme) -> how many documents say that staff was consulted
SELECT count(*) FROM documents WHERE subject = 'schemes' AND subject_id = $1 AND state = 'kept';

-- q_scheme_successor ($1 scheme) -> id of the revision that follows it
SELECT id FROM schemes WHERE former_id = $1 ORDER BY id LIMIT 1;

-- q_scheme_current ($1 contract, $2 subject) -> id of the one that has no end yet
SELECT id FROM schemes WHERE contract_id = $1 AND subject = $2 AND state = 'in_force' ORDER BY id DESC LIMIT 1;

-- q_scheme_for ($1 contract, $2 subject, $3 month) -> id of the one consented to for that month
SELECT id FROM schemes
 WHERE contract_id = $1 AND subject = $2 AND state IN ('in_force', 'retired') AND from_month <= $3
   AND (to_month = '' OR to_month >= $3)
 ORDER BY from_month DESC, id DESC LIMIT 1;

-- q_trial_agents ($1 contract, $2 first day, $3 last day) -> whoever had an id there on one of these days, by person
SELECT a.person_id AS subject_id, p.name, MIN(a.code) AS code, p.joined_on, MIN(a."from") AS since,
       MAX(CASE WHEN a."to" = '' THEN $3 ELSE a."to" END) AS until,
       EXISTS (SELECT 1 FROM agents o WHERE o.person_id = a.person_id AND o.contract_id <> $1
                  AND o."from" <= $3 AND (o."to" = '' OR o."to" >= $2)) AS elsewhere
  FROM agents a JOIN people p ON p.id = a.person_id
 WHERE a.contract_id = $1 AND a."from" <= $3 AND (a."to" = '' OR a."to" >= $2)
 GROUP BY a.person_id, p.name, p.joined_on ORDER BY a.person_id;

-- q_trial_managers ($1 provider, $2 first day, $3 last day, $4 contract, $5 month) -> its duty managers, supervisors and QA inspectors, by person, on the first of its contracts that has that month: nobody is appraised twice
SELECT id AS subject_id, name, '' AS code, joined_on, joined_on AS since,
       CASE WHEN left_on = '' THEN $3 ELSE left_on END AS until, FALSE AS elsewhere
  FROM people
 WHERE organisation_id = $1 AND job IN ('duty_manager', 'supervisor', 'qa')
   AND (joined_on = '' OR joined_on <= $3) AND (left_on = '' OR left_on >= $2)
   AND NOT EXISTS (SELECT 1 FROM months m WHERE m.provider_id = $1 AND m.month = $5 AND m.contract_id < $4)
 ORDER BY id;

-- q_trial_contracts ($1 path of the scheme's unit, $2 service or '', $3 first day, $4 last day, $5 its begin in milliseconds, $6 provider or 0) -> long-term contracts there that were in force on one of these days
SELECT c.id AS subject_id, c.name, c.number AS code, '' AS joined_on, c.starts_on AS since, c.ends_on AS until, FALSE AS elsewhere
  FROM contracts c JOIN units u ON u.id = c.unit_id
 WHERE u.path >= $1 AND u.path < $1 || 'A' AND ($2 = '' OR c.service = $2) AND c.kind = 'continuous' AND c.starts_on <= $4
   AND (c.state IN ('active', 'suspended') OR (c.state IN ('ended', 'terminated') AND c.state_at >= $5))
   AND c.ends_on >= $3 AND ($6 = 0 OR c.provider_id = $6)
 ORDER BY c.id;

-- q_trial_projects ($1 path of the scheme's unit) -> projects there
SELECT id AS subject_id, name, '' AS code, '' AS joined_on, '' AS since, '' AS until, FALSE AS elsewhere
  FROM units WHERE path >= $1 AND path < $1 || 'A' AND kind = 'project' ORDER BY id;

-- q_schemes_of_units ($1 subject, $2 month) -> those in force then with their units' paths: what lies deeper, and is for one service, before the others
SELECT s.id, u.path, s.service FROM schemes s JOIN units u ON u.id = s.unit_id
 WHERE s.subject = $1 AND s.state IN ('in_force', 'retired') AND s.from_month <= $2 AND (s.to_month = '' OR s.to_month >= $2)
 ORDER BY u.path DESC, s.service DESC, s.from_month DESC, s.id DESC;

-- q_scheme_same ($1 subject, $2 unit, $3 service) -> id of the one in force that another one of the same kind follows
SELECT id FROM schemes WHERE subject = $1 AND unit_id = $2 AND service = $3 AND state = 'in_force' ORDER BY id DESC LIMIT 1;

-- q_scheme_path ($1 unit) -> its path, past the scope: providers see no units
SELECT path FROM units WHERE id = $1;

-- q_team ($1 contract, $2 first day, $3 last day) -> whoever had an id there on one of these days
SELECT DISTINCT person_id AS id FROM agents
 WHERE contract_id = $1 AND "from" <= $3 AND ("to" = '' OR "to" >= $2) ORDER BY person_id;

-- q_team_complaints ($1 contract, $2 from, $3 before) -> complaints opened then that the provider answers for
SELECT count(*) AS top, 1 AS bottom, count(*) AS records FROM issues
 WHERE contract_id = $1 AND opened_at >= $2 AND opened_at < $3 AND kind = 'complaint' AND responsibility IN ('', 'provider');

-- q_team_duties ($1 contract, $2 from, $3 before) -> the provider's duties due then, met in time per cent: reports and answers that were owed
SELECT CAST(COALESCE(sum(CASE WHEN met_at > 0 AND met_at <= due_at THEN 100 ELSE 0 END), 0) AS BIGINT) AS top, count(*) AS bottom, count(*) AS records
  FROM duties
 WHERE contract_id = $1 AND due_at >= $2 AND due_at < $3 AND owner_side = 'provider' AND state <> 'waived';

-- q_team_turnover ($1 contract, $2 first day, $3 last day) -> of those who had an id there, who left on one of these days, per cent
SELECT CAST(100 * count(DISTINCT CASE WHEN p.left_on >= $2 AND p.left_on <= $3 THEN p.id END) AS BIGINT) AS top,
       count(DISTINCT p.id) AS bottom, count(DISTINCT CASE WHEN p.left_on >= $2 AND p.left_on <= $3 THEN p.id END) AS records
  FROM agents a JOIN people p ON p.id = a.person_id
 WHERE a.contract_id = $1 AND a."from" <= $3 AND (a."to" = '' OR a."to" >= $2) AND (p.left_on = '' OR p.left_on >= $2);
