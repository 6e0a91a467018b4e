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

-- q_deducted_before ($1 contract, $2 settlement) -> fen that other statements take off, sent or further, late or not;
-- a correction, which they give back or take in `adjusted_fen` as well, is none of it
SELECT CAST(COALESCE((SELECT sum(deducted_fen + adjusted_fen) FROM settlements
                       WHERE contract_id = $1 AND id <> $2 AND state <> 'drafted' AND state <> 'dropped'), 0)
          + COALESCE((SELECT sum(k.amount_fen) FROM settlement_corrections k JOIN settlements s ON s.id = k.settled_id
                       WHERE k.contract_id = $1 AND s.id <> $2 AND s.state <> 'drafted' AND s.state <> 'dropped'), 0) AS BIGINT);

-- q_findings_count ($1 contract, $2 month) -> notices that stand
SELECT count(*) FROM rectifications WHERE contract_id = $1 AND month = $2 AND state <> 'withdrawn';

-- q_findings_taken ($1 contract, $2 month) -> hundredths of points that they took
SELECT CAST(COALESCE(sum(points), 0) AS BIGINT) FROM rectifications
 WHERE contract_id = $1 AND month = $2 AND state <> 'withdrawn';

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
