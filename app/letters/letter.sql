-- q_letter_next_number ($1 prefix, $2 year) -> the next number, one above the last
INSERT INTO letter_numbers (prefix, year, last) VALUES ($1, $2, 1)
    ON CONFLICT (prefix, year) DO UPDATE SET last = letter_numbers.last + 1
 RETURNING last;

-- q_letter_attachments ($1 letter) -> what is kept at it, in the order of upload
SELECT id, name, sha256, retention FROM documents
 WHERE subject = 'letters' AND subject_id = $1 AND state = 'kept' ORDER BY id LIMIT 200;

-- q_agreement_on ($1 client, $2 provider, $3 day) -> id of an agreement that holds then
SELECT id FROM signature_agreements
 WHERE client_id = $1 AND provider_id = $2 AND signed_on <= $3 AND (ends_on = '' OR ends_on >= $3)
 ORDER BY id DESC LIMIT 1;

-- q_account_of ($1 person) -> id of the account; 0: none
SELECT COALESCE(max(id), 0) FROM accounts WHERE person_id = $1;

-- q_letter_signers ($1 letter) -> the people who signed it, ever
SELECT DISTINCT person_id FROM signatures WHERE subject = 'letters' AND subject_id = $1;

-- q_letter_redate ($1 letter, $2 due at, by the calendar as it is now) -> changes 1
UPDATE letters SET due_at = $2 WHERE id = $1;

-- q_letter_by_code ($1 code) -> what is shown of it to anybody
SELECT l.type, l.number, o.name AS client_name, p.name AS provider_name, l.from_side, l.sent_at,
       l.answered_at, l.sha256, l.state NOT IN ('returned', 'withdrawn') AS current, l.attachments
  FROM letters l JOIN organisations o ON o.id = l.client_id JOIN organisations p ON p.id = l.provider_id
 WHERE l.code = $1 AND l.code <> '';
