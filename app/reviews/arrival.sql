-- q_arrival_of ($1 provider, $2 source, $3 uid, $4 began) -> id of what waits under that name
SELECT id FROM recording_arrivals
 WHERE provider_id = $1 AND uid = $3 AND source = $2 AND started_at = $4 AND state = 'waiting'
 ORDER BY id LIMIT 1;

-- q_arrival_due ($1 now) -> id of the one that is to be looked for first
SELECT id FROM recording_arrivals WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at LIMIT 1;

-- q_arrival_wait ($1 id, $2 next, $3 now)
UPDATE recording_arrivals SET next_at = $2, updated_at = $3, version = version + 1 WHERE id = $1;
