-- q_acceptance_open ($1 contract) -> id of one on its way
SELECT id FROM acceptances WHERE contract_id = $1 AND state NOT IN ('final', 'withdrawn') ORDER BY id LIMIT 1;

-- q_acceptance_final ($1 contract) -> id of the one that is final and not refused
SELECT id FROM acceptances WHERE contract_id = $1 AND state = 'final' AND outcome <> 'refused' ORDER BY id DESC LIMIT 1;

-- q_acceptance_rounds ($1 contract) -> how often its work was presented
SELECT count(*) FROM acceptances WHERE contract_id = $1 AND state <> 'withdrawn';

-- q_documents_of ($1 subject, $2 its id) -> documents kept at it
SELECT count(*) FROM documents WHERE subject = $1 AND subject_id = $2 AND state = 'kept';

-- q_acceptances_passing ($1 now, $2 at most) -> ids of those whose time for audit is over
SELECT id FROM acceptances WHERE state = 'signed' AND audit_by < $1 ORDER BY id LIMIT $2;

-- q_member_on ($1 acceptance, $2 person) -> id of the member of the panel
SELECT id FROM acceptance_members WHERE acceptance_id = $1 AND person_id = $2 AND removed = FALSE;

-- q_defect_papers ($1 defect, $2 since, $3 organisation) -> documents that its people put there since then
SELECT count(*) FROM documents d WHERE d.subject = 'acceptance_defects' AND d.subject_id = $1 AND d.state = 'kept' AND d.created_at >= $2
   AND EXISTS (SELECT 1 FROM events e JOIN accounts a ON a.id = e.account_id JOIN people p ON p.id = a.person_id
                WHERE e.resource = 'documents' AND e.record_id = d.id AND e.action = 'create' AND p.organisation_id = $3);
