-- q_recording_of_call ($1 call) -> id
SELECT id FROM recordings WHERE call_id = $1;

-- q_recordings_expired ($1 day, $2 at most) -> ids of those kept longer than they must be
SELECT id FROM recordings WHERE state = 'kept' AND kept_until < $1 ORDER BY kept_until LIMIT $2;

-- q_recordings_to_erase ($1 deleted before, $2 at most) -> ids of those whose bytes nobody needs
SELECT r.id FROM recordings r
 WHERE r.state = 'deleted' AND r.erased = FALSE AND r.updated_at < $1
   AND NOT EXISTS (SELECT 1 FROM recordings o WHERE o.sha256 = r.sha256 AND o.state IN ('kept', 'held'))
   AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.sha256 = r.sha256 AND d.erased = FALSE)
 ORDER BY r.id LIMIT $2;

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
