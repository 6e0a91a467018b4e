-- q_month_rule_for ($1 contract, $2 month) -> id of the reading that holds for it
SELECT id FROM month_rules WHERE contract_id = $1 AND from_month <= $2 ORDER BY from_month DESC LIMIT 1;

-- q_months_missing ($1 month, $2 at most) -> contracts in force with a scheme in force whose months are not opened up to that one, and which is the first
SELECT c.id AS contract_id,
       COALESCE((SELECT MAX(m.month) FROM months m WHERE m.contract_id = c.id), '') AS last_month,
       MIN(s.from_month) AS first_month
  FROM contracts c JOIN schemes s ON s.contract_id = c.id
 WHERE c.state = 'active' AND c.service = 'outbound_call' AND s.state IN ('in_force', 'retired')
   AND s.from_month <= $1 AND (s.to_month = '' OR s.to_month >= $1)
   AND NOT EXISTS (SELECT 1 FROM months m WHERE m.contract_id = c.id AND m.month >= $1)
 GROUP BY c.id ORDER BY c.id LIMIT $2;

-- q_months_to_close ($1 now, $2 at most) -> ids of those whose evidence is to be closed
SELECT id FROM months WHERE state = 'open' AND evidence_by < $1 ORDER BY id LIMIT $2;

-- q_month_find ($1 contract, $2 month) -> id
SELECT id FROM months WHERE contract_id = $1 AND month = $2;

-- q_month_unverified ($1 month's id) -> pieces of evidence that came in time and are not decided
SELECT count(*) FROM penalties WHERE month_id = $1 AND state = 'proposed';

-- q_month_corrections ($1 month's id) -> corrections that nobody but who made them has looked at
SELECT count(*) FROM adjustments WHERE month_id = $1 AND state = 'proposed';

-- q_month_letters ($1 month's id) -> pieces of evidence that came in time
SELECT count(*) FROM penalties WHERE month_id = $1 AND late = FALSE AND state <> 'void';

-- q_evidence_person ($1 contract, $2 agent's code) -> person
SELECT person_id FROM agents WHERE contract_id = $1 AND code = $2;

-- q_penalty_first ($1 letter, $2 agent's code, $3 month, $4 call or none, $5 fact) -> when the same was first handed in: the same call, or without one the same fact
SELECT MIN(handed_in_at) FROM penalties
 WHERE letter_id = $1 AND agent_code = $2 AND month = $3 AND COALESCE(call_id, 0) = $4 AND ($4 > 0 OR fact = $5);

-- q_penalties_of ($1 letter) -> ids of those that still count
SELECT id FROM penalties WHERE letter_id = $1 AND state <> 'void' ORDER BY id;

-- q_given ($1 contract, $2 month) -> what somebody is given beside what is measured, by person, kind and record
SELECT person_id, kind, record_id, indicator, points, reason FROM (
  SELECT v.person_id, 'by_hand' AS kind, v.id AS record_id, v.indicator, v.points, v.reason, 1 AS place
    FROM manual_scores v JOIN months m ON m.id = v.month_id WHERE m.contract_id = $1 AND m.month = $2
  UNION ALL
  SELECT p.person_id, 'penalty', p.id, '', p.points, p.fact, 2
    FROM penalties p JOIN months m ON m.id = p.month_id
   WHERE m.contract_id = $1 AND m.month = $2 AND p.state = 'upheld' AND p.late = FALSE
  UNION ALL
  SELECT a.person_id, 'adjustment', a.id, '', a.points, a.reason, 3
    FROM adjustments a JOIN months m ON m.id = a.month_id
   WHERE m.contract_id = $1 AND m.month = $2 AND a.state = 'approved'
) g ORDER BY person_id, place, record_id;

-- q_sheets_put ($1 month's id, $2 contract, $3 unit, $4 provider, $5 client, $6 scheme, $7 subject, $8 person, $9 period, $10 code, $11 appraised, $12 total, $13 deducted, $14 adjusted, $15 rank, $16 grade, $17 vetoed, $18 options, $19 lines, $20 lacking, $21 rule version, $22 sha256, $23 place in lists, $24 points in lists, $25 now) -> of many rows; what is as it was keeps its acknowledgement
INSERT INTO sheets (month_id, contract_id, unit_id, provider_id, client_id, scheme_id, subject, subject_id, period, agent_code,
                    appraised, total, deducted, adjusted, rank, grade, vetoed, options, lines, lacking, rule_version, sha256, place, sort_points, created_at, updated_at,
                    version, total_before, rank_before, changed, change_reason, acknowledged_at, silent, state)
-- @sqlite
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $25,
        1, 0, 0, FALSE, '', 0, FALSE, 'computed')
-- @postgres
SELECT n.*, n.now, 1, 0, 0, FALSE, '', 0, FALSE, 'computed'
  FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[]), CAST($3 AS BIGINT[]), CAST($4 AS BIGINT[]), CAST($5 AS BIGINT[]),
              CAST($6 AS BIGINT[]), CAST($7 AS TEXT[]), CAST($8 AS BIGINT[]), CAST($9 AS TEXT[]), CAST($10 AS TEXT[]),
              CAST($11 AS BOOLEAN[]), CAST($12 AS BIGINT[]), CAST($13 AS BIGINT[]), CAST($14 AS BIGINT[]), CAST($15 AS BIGINT[]),
              CAST($16 AS TEXT[]), CAST($17 AS BOOLEAN[]), CAST($18 AS TEXT[]), CAST($19 AS TEXT[]), CAST($20 AS BOOLEAN[]),
              CAST($21 AS BIGINT[]), CAST($22 AS TEXT[]), CAST($23 AS BIGINT[]), CAST($24 AS TEXT[]), CAST($25 AS BIGINT[]))
    AS n (month_id, contract_id, unit_id, provider_id, client_id, scheme_id, subject, subject_id, period, agent_code,
          appraised, total, deducted, adjusted, rank, grade, vetoed, options, lines, lacking, rule_version, sha256, place, sort_points, now)
-- @end
ON CONFLICT (month_id, subject, subject_id) DO UPDATE SET
  scheme_id = excluded.scheme_id, agent_code = excluded.agent_code, appraised = excluded.appraised, total = excluded.total,
  deducted = excluded.deducted, adjusted = excluded.adjusted, grade = excluded.grade, vetoed = excluded.vetoed,
  options = excluded.options, lines = excluded.lines, lacking = excluded.lacking, rule_version = excluded.rule_version,
  changed = sheets.changed OR (sheets.state <> 'computed' AND sheets.sha256 <> excluded.sha256),
  total_before = CASE WHEN sheets.state <> 'computed' AND sheets.sha256 <> excluded.sha256 THEN sheets.total ELSE sheets.total_before END,
  rank_before = CASE WHEN sheets.state <> 'computed' AND sheets.sha256 <> excluded.sha256 THEN sheets.rank ELSE sheets.rank_before END,
  acknowledged_at = CASE WHEN sheets.sha256 = excluded.sha256 THEN sheets.acknowledged_at ELSE 0 END,
  state = CASE WHEN sheets.sha256 = excluded.sha256 THEN sheets.state ELSE 'computed' END,
  rank = excluded.rank, place = excluded.place, sort_points = excluded.sort_points, sha256 = excluded.sha256, updated_at = excluded.updated_at, version = sheets.version + 1;

-- q_sheet_gone ($1 sheet) -> without it: it is about somebody whom the month is not about any more
DELETE FROM sheets WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM appeals a WHERE a.sheet_id = sheets.id);

-- q_sheets_digests ($1 month's id) -> digests with their places, by kind and person
SELECT id, subject, subject_id, sha256, rank FROM sheets WHERE month_id = $1 ORDER BY subject, subject_id;

-- q_sheets_first ($1 month's id) -> id of its first sheet
SELECT id FROM sheets WHERE month_id = $1 ORDER BY subject, subject_id LIMIT 1;

-- q_sheets_place_anew ($1 month's id) -> places by the totals as they are now, of those who have one
UPDATE sheets SET rank = n.place
  FROM (SELECT id, rank() OVER (PARTITION BY subject ORDER BY total DESC) AS place FROM sheets WHERE month_id = $1 AND rank > 0) n
 WHERE sheets.id = n.id AND sheets.rank <> n.place;

-- q_sheets_list_anew ($1 month's id) -> the places by which lists are sorted follow
UPDATE sheets SET place = rank WHERE month_id = $1 AND rank > 0 AND place <> rank;

-- q_scheme_of_month ($1 month's id, $2 kind of people) -> the scheme that its sheets were made by, if lists know their points
SELECT scheme_id FROM sheets WHERE month_id = $1 AND subject = $2 AND sort_points <> '' ORDER BY subject_id LIMIT 1;

-- q_sheets_publish ($1 month's id, $2 now) -> for those whom they are about
UPDATE sheets SET state = 'published', updated_at = $2, version = version + 1 WHERE month_id = $1 AND state = 'computed';

-- q_sheets_silent ($1 month's id, $2 now) -> who neither acknowledged nor appealed in time counts as having acknowledged
UPDATE sheets SET state = 'acknowledged', silent = TRUE, acknowledged_at = $2, updated_at = $2, version = version + 1
 WHERE month_id = $1 AND state = 'published';

-- q_sheets_heard ($1 month's id, $2 now) -> who only was silent is asked anew
UPDATE sheets SET state = 'published', silent = FALSE, acknowledged_at = 0, updated_at = $2, version = version + 1
 WHERE month_id = $1 AND silent = TRUE;

-- q_months_silent ($1 now, $2 at most) -> ids of published months whose time for appeals is over, with sheets that nobody answered
SELECT m.id FROM months m
 WHERE m.state = 'published' AND m.appeal_by < $1
   AND EXISTS (SELECT 1 FROM sheets s WHERE s.month_id = m.id AND s.state = 'published')
 ORDER BY m.id LIMIT $2;

-- q_sheets_waiting ($1 month's id) -> how many are neither acknowledged nor appealed against
SELECT count(*) FROM sheets WHERE month_id = $1 AND state = 'published';

-- q_appeals_open ($1 month's id) -> how many
SELECT count(*) FROM appeals WHERE month_id = $1 AND state = 'open';

-- q_month_figures ($1 month's id) -> of its evidence, sheets and appeals
SELECT p.evidence, p.undecided, p.late, s.sheets, s.acknowledged, s.silent, s.waiting, s.without_total, s.lacking, a.appeals, a.appeals_open
  FROM (SELECT count(*) AS sheets, count(CASE WHEN state = 'acknowledged' THEN 1 END) AS acknowledged,
               count(CASE WHEN state = 'acknowledged' AND silent = TRUE THEN 1 END) AS silent,
               count(CASE WHEN state = 'published' THEN 1 END) AS waiting,
               count(CASE WHEN appraised = FALSE THEN 1 END) AS without_total,
               count(CASE WHEN lacking = TRUE THEN 1 END) AS lacking
          FROM sheets WHERE month_id = $1) s,
       (SELECT count(*) AS evidence, count(CASE WHEN state = 'proposed' THEN 1 END) AS undecided,
               count(CASE WHEN late = TRUE THEN 1 END) AS late
          FROM penalties WHERE month_id = $1 AND state <> 'void') p,
       (SELECT count(*) AS appeals, count(CASE WHEN state = 'open' THEN 1 END) AS appeals_open
          FROM appeals WHERE month_id = $1) a;

-- q_month_scorers ($1 month's id, $2 person, $3 whom it is about, $4 line or '': all) -> did that person score there: computed it, gave points by hand; where all of it is appealed against, upheld evidence, made or approved a correction about just that one
SELECT count(*) FROM (
  SELECT id FROM months WHERE id = $1 AND computer_id = $2
  UNION ALL
  SELECT id FROM manual_scores WHERE month_id = $1 AND giver_id = $2
  UNION ALL
  SELECT id FROM penalties WHERE month_id = $1 AND decider_id = $2 AND person_id = $3 AND state = 'upheld' AND $4 = ''
  UNION ALL
  SELECT id FROM adjustments WHERE month_id = $1 AND (maker_id = $2 OR decider_id = $2) AND person_id = $3 AND state = 'approved' AND $4 = '') s;

-- q_sheet_since ($1 sheet) -> since when it stands: published, or worked out anew when an appeal was upheld
SELECT MAX(at) FROM (
  SELECT m.published_at AS at FROM sheets s JOIN months m ON m.id = s.month_id WHERE s.id = $1
  UNION ALL
  SELECT decided_at FROM appeals WHERE sheet_id = $1 AND state = 'upheld') t;

-- q_arrived_since ($1 kind of records, $2 person or 0 for the team, $3 contract, $4 provider, $5 first day, $6 last day, $7 from, $8 before, $9 since) -> how many of them came or changed since: clockings also of anybody on a day that nobody had one of before, and reviews once an appeal is decided
SELECT count(*) FROM (
  SELECT c.id FROM clockings c
   WHERE $1 = 'attendance' AND c.organisation_id = $4 AND c.day >= $5 AND c.day <= $6 AND c.created_at > $9
     AND ($2 = 0 OR c.person_id = $2
          OR NOT EXISTS (SELECT 1 FROM clockings o WHERE o.organisation_id = $4 AND o.day = c.day AND o.created_at <= $9))
  UNION ALL
  SELECT id FROM reviews
   WHERE $1 IN ('reviews', 'calls') AND contract_id = $3 AND ($2 = 0 OR person_id = $2) AND started_at >= $7 AND started_at < $8
     AND decider_id IS NOT NULL AND final_at > $9
  UNION ALL
  SELECT id FROM issues
   WHERE $1 = 'issues' AND contract_id = $3 AND opened_at >= $7 AND opened_at < $8 AND updated_at > $9
  UNION ALL
  SELECT id FROM duties
   WHERE $1 = 'duties' AND contract_id = $3 AND due_at >= $7 AND due_at < $8 AND updated_at > $9
  UNION ALL
  SELECT p.id FROM agents a JOIN people p ON p.id = a.person_id
   WHERE $1 = 'people' AND a.contract_id = $3 AND p.updated_at > $9) t;

-- q_months_verified () -> ids of the months with sheets that were published
SELECT id FROM months WHERE published_at > 0 AND state IN ('published', 'locked') ORDER BY id;

-- q_rankings_before ($1 contract, $2 subject, $3 first month, $4 last month) -> who was among the first three in all of these months
SELECT s.subject_id AS person_id, s.period AS month, s.id AS sheet_id, s.rank, s.total,
       (SELECT count(*) FROM sheets o WHERE o.month_id = s.month_id AND o.subject = s.subject AND o.rank = s.rank) - 1 AS tied,
       (SELECT count(*) FROM sheets o WHERE o.month_id = s.month_id AND o.subject = s.subject AND o.rank > 0) AS places
  FROM sheets s JOIN months m ON m.id = s.month_id
 WHERE s.contract_id = $1 AND s.subject = $2 AND s.period >= $3 AND s.period <= $4 AND s.rank BETWEEN 1 AND 3
   AND m.state IN ('published', 'locked')
   AND s.subject_id IN (SELECT t.subject_id FROM sheets t JOIN months n ON n.id = t.month_id
                         WHERE t.contract_id = $1 AND t.subject = $2 AND t.period >= $3 AND t.period <= $4
                           AND t.rank BETWEEN 1 AND 3 AND n.state IN ('published', 'locked')
                         GROUP BY t.subject_id HAVING count(*) = 3)
 ORDER BY s.subject_id, s.period;

-- q_nominated ($1 contract, $2 person, $3 first month, $4 last month that one of them could count for, $5 month) -> nominations that one of these months counted for, or of that month, dropped by people
SELECT count(*) FROM rewards
 WHERE contract_id = $1 AND person_id = $2 AND kind = 'three_months'
   AND ((state NOT IN ('dropped', 'lapsed') AND month >= $3 AND month <= $4) OR (state = 'dropped' AND month = $5));

-- q_nominations_of ($1 contract, $2 month) -> those that nobody asked about yet
SELECT id, person_id FROM rewards WHERE contract_id = $1 AND month = $2 AND kind = 'three_months' AND state = 'proposed' ORDER BY id;

-- q_month_appeal_by ($1 month's id) -> until when there is time for appeals
SELECT appeal_by FROM months WHERE id = $1;

-- q_sheet_steps ($1 month's id) -> when its sheets were computed, published and locked
SELECT computed_at, published_at, locked_at FROM months WHERE id = $1;

-- q_sheet_places ($1 month's id, $2 kind of people) -> how many have a place
SELECT count(*) FROM sheets WHERE month_id = $1 AND subject = $2 AND rank > 0;

-- q_person_employer ($1 person) -> the organisation, past the scope: clients do not see a provider's people
SELECT organisation_id FROM people WHERE id = $1;

-- q_month_spread ($1 month's id, $2 by the provider's units) -> how many of each kind of people and unit have a total in each ten points, from 100 on in one
SELECT s.subject, CASE WHEN $2 THEN COALESCE(u.name, '') ELSE '' END AS team,
       CASE WHEN s.total >= 10000 THEN 100 ELSE s.total / 1000 * 10 END AS "from", count(*) AS people
  FROM sheets s JOIN people p ON p.id = s.subject_id LEFT JOIN units u ON u.id = p.unit_id
 WHERE s.month_id = $1 AND s.appraised = TRUE GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- q_month_totals ($1 month's id, $2 kind of people) -> everybody's total and place, by person
SELECT s.id AS sheet_id, s.subject_id AS person_id, p.name AS person_name, s.agent_code, s.appraised, s.total, s.rank
  FROM sheets s JOIN people p ON p.id = s.subject_id WHERE s.month_id = $1 AND s.subject = $2 ORDER BY s.subject_id;
