-- q_evidence_count ($1 deduction event) -> documents kept at it
SELECT count(*) FROM documents WHERE subject = 'deduction_events' AND subject_id = $1 AND state = 'kept';

-- q_settlement_of ($1 contract, $2 kind, $3 month or '') -> its id
SELECT id FROM settlements WHERE contract_id = $1 AND kind = $2 AND state <> 'dropped' AND ($3 = '' OR month = $3) ORDER BY id LIMIT 1;

-- q_defects_open ($1 contract) -> defects and claims that are neither mended nor charged
SELECT count(*) FROM acceptance_defects WHERE contract_id = $1 AND state IN ('issued', 'answered');

-- q_settlement_of_kind ($1 contract, $2 kind) -> id of the one that was sent
SELECT id FROM settlements WHERE contract_id = $1 AND kind = $2 AND state <> 'drafted' AND state <> 'dropped' ORDER BY id LIMIT 1;

-- q_acceptance_of_settlement ($1 settlement) -> the acceptance of its contract
SELECT a.id FROM settlements s JOIN acceptances a ON a.contract_id = s.contract_id WHERE s.id = $1 AND a.state = 'final';

-- q_findings ($1 contract, $2 now) -> id, month, points of the notices that stand and that nobody may appeal against any more; one
-- waits, too, for an appeal against a round before it
SELECT r.id, r.month, r.points FROM rectifications r
 WHERE r.contract_id = $1 AND r.state <> 'withdrawn' AND r.appeal_by < $2
   AND NOT EXISTS (SELECT 1 FROM inspection_appeals a
                    WHERE a.inspection_id = r.inspection_id AND a.place = r.place AND a.state = 'open'
                      AND (a.rectification_id IS NULL OR a.rectification_id <= r.id))
 ORDER BY r.id;

-- q_rules_count ($1 contract, $2 month) -> rules that hold from then or before
SELECT count(*) FROM deduction_rules WHERE contract_id = $1 AND from_month <= $2;

-- q_settlement_sent ($1 contract, $2 month) -> statements of the month that were sent
SELECT count(*) FROM settlements WHERE contract_id = $1 AND month = $2 AND state <> 'drafted' AND state <> 'dropped';

-- q_settlement_ungraded ($1 contract, $2 month) -> its final evaluations of the month without a grade
SELECT count(*) FROM evaluations WHERE contract_id = $1 AND period = $2 AND state = 'final' AND scored = FALSE;

-- q_contract_of_evaluation ($1 evaluation) -> its contract
SELECT contract_id AS id FROM evaluations WHERE id = $1 AND contract_id IS NOT NULL;

-- q_contract_of_settlement ($1 settlement) -> its contract
SELECT contract_id AS id FROM settlements WHERE id = $1;

-- q_settlements_capped ($1 contract) -> ids of its statements that used up the total cap
SELECT id FROM settlements WHERE contract_id = $1 AND cap_reached = TRUE;

-- q_agents_held ($1 contract, $2 from, $3 to) -> job, from, to, count 1, person_id: whose ids on it hold on one of these days, as long
-- as he or she is on the roster
SELECT p.job, CASE WHEN a."from" > p.joined_on THEN a."from" ELSE p.joined_on END AS "from",
       CASE WHEN a."to" <> '' AND (p.left_on = '' OR a."to" < p.left_on) THEN a."to" ELSE p.left_on END AS "to", 1 AS count,
       a.person_id
  FROM agents a JOIN people p ON p.id = a.person_id
 WHERE a.contract_id = $1 AND a."from" <= $3 AND (a."to" = '' OR a."to" >= $2)
 ORDER BY a.person_id;

-- q_asked_before ($1 contract, $2 from, $3 to) -> job, from, to, count, person_id 0: what the provider's other contracts of calling
-- ask for that come before it
SELECT r.job, r."from", r."to", r.count, 0 AS person_id
  FROM contracts o JOIN contracts c ON c.provider_id = o.provider_id AND c.id < o.id
                   JOIN staff_requirements r ON r.contract_id = c.id
 WHERE o.id = $1 AND c.service = 'outbound_call' AND c.state IN ('active', 'suspended')
   AND r."from" <= $3 AND (r."to" = '' OR r."to" >= $2);
