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
