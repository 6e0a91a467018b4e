-- q_recording_of_call ($1 call) -> id
SELECT id FROM recordings WHERE call_id = $1;

-- q_contracts_with_recordings ($1 after, $2 at most) -> ids of contracts of which something is kept
SELECT id FROM contracts c
 WHERE id > $1
   AND EXISTS (SELECT 1 FROM recordings r WHERE r.contract_id = c.id AND r.state = 'kept')
 ORDER BY id LIMIT $2;

-- q_recordings_ruled_otherwise ($1 contract, $2 days, $3 at most) -> ids of those kept by another rule
SELECT id FROM recordings WHERE contract_id = $1 AND state = 'kept' AND kept_days <> $2 LIMIT $3;

-- q_recording_ruled ($1 id, $2 kept until, $3 days, $4 now)
UPDATE recordings SET kept_until = $2, kept_days = $3, updated_at = $4, version = version + 1
 WHERE id = $1;

-- q_recordings_expired ($1 contract, $2 days of its rule, $3 day, $4 after, $5 at most) -> ids of those kept longer than the rule says
SELECT id FROM recordings
 WHERE contract_id = $1 AND state = 'kept' AND kept_days = $2 AND kept_until < $3 AND id > $4
 ORDER BY id LIMIT $5;

-- q_review_open_of_call ($1 call) -> a review of it that is not final
SELECT id FROM reviews WHERE call_id = $1 AND state NOT IN ('final', 'skipped') ORDER BY id LIMIT 1;

-- q_calibration_open_of_call ($1 call) -> a session about it that is not closed
SELECT id FROM calibrations WHERE call_id = $1 AND state <> 'closed' ORDER BY id LIMIT 1;

-- q_letter_open_of_call ($1 contract, $2 what stands in its lines) -> a letter about it that is not settled
SELECT id FROM letters
 WHERE contract_id = $1 AND type = 'penalty_evidence' AND lines LIKE $2
   AND state IN ('draft', 'sent', 'returned', 'approved') ORDER BY id LIMIT 1;

-- q_recordings_unerased ($1 certificate) -> how many of its recordings still have their bytes
SELECT count(*) FROM recordings WHERE certificate_id = $1 AND erased = FALSE;

-- q_recordings_to_erase ($1 deleted before, $2 at most) -> ids of those whose bytes go
SELECT id FROM recordings
 WHERE state = 'deleted' AND erased = FALSE AND updated_at < $1 ORDER BY id LIMIT $2;

-- q_bytes_needed ($1 sha256, $2 recording, $3 arrival) -> how many others need the bytes
SELECT (SELECT count(*) FROM recordings WHERE sha256 = $1 AND erased = FALSE AND id <> $2)
     + (SELECT count(*) FROM documents WHERE sha256 = $1 AND erased = FALSE)
     + (SELECT count(*) FROM recording_arrivals WHERE sha256 = $1 AND state = 'waiting' AND id <> $3);

-- q_listening_open ($1 recording, $2 account, $3 since) -> id of the listening that goes on
SELECT id FROM listenings WHERE recording_id = $1 AND account = $2 AND last_at >= $3
 ORDER BY id DESC LIMIT 1;

-- q_listening_again ($1 id, $2 now)
UPDATE listenings SET last_at = $2, updated_at = $2, requests = requests + 1, version = version + 1
 WHERE id = $1;

-- q_listening_begin ($1 now, $2 recording, $3 contract, $4 agent, $5 account, $6 person, $7 its name, $8 organisation, $9 address)
INSERT INTO listenings (version, created_at, updated_at, recording_id, contract_id, agent_id,
                        account_id, person_id, account, organisation, origin, began_at, last_at,
                        requests)
VALUES (1, $1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $1, $1, 1);
