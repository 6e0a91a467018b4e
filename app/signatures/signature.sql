-- q_signature_of ($1 subject, $2 id, $3 party) -> id
SELECT id FROM signatures WHERE subject = $1 AND subject_id = $2 AND party = $3 AND valid = TRUE;

-- q_signatures_void ($1 subject, $2 id, $3 now) -> changes any
UPDATE signatures SET valid = FALSE, version = version + 1, updated_at = $3
 WHERE subject = $1 AND subject_id = $2 AND valid = TRUE;

-- q_signatures_list ($1 subject, $2 id) -> in the order of signing
SELECT id, version, created_at, updated_at, subject, subject_id, party, person_id, person_name, account,
       signed_at, sha256, origin, valid
  FROM signatures WHERE subject = $1 AND subject_id = $2 ORDER BY id LIMIT 200;
