-- The audit trail and its head.

-- q_head_lock () -> last_event, hash; holds the head until the commit, so that entries stay in order
UPDATE trail_heads SET version = version + 1 WHERE id = 1 RETURNING last_event, hash;

-- q_head_set ($1 last event, $2 its hash) -> changes 1
UPDATE trail_heads SET last_event = $1, hash = $2 WHERE id = 1;

-- q_head () -> last_event, hash
SELECT last_event, hash FROM trail_heads WHERE id = 1;

-- q_event_insert ($1 id, $2 at, $3 account, $4 its name, $5 person, $6 origin, $7 request, $8 action, $9 resource, $10 record, $11 title, $12 changes, $13 note, $14 previous hash, $15 hash) -> changes 1
INSERT INTO events (id, at, account_id, account, person_name, origin, request, action, resource,
                    record_id, title, changes, note, previous, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- q_event_all () -> every entry in the order of the chain
SELECT id, at, account_id, account, person_name, origin, request, action, resource, record_id,
       title, changes, note, previous, hash
  FROM events ORDER BY id;

-- q_event_of ($1 resource, $2 record, $3 at most) -> a record's entries, newest first
SELECT id, at, account_id, account, person_name, origin, request, action, resource, record_id,
       title, changes, note, previous, hash
  FROM events WHERE resource = $1 AND record_id = $2 ORDER BY id DESC LIMIT $3;

-- q_export_add ($1 now, $2 organisation, $3 account, $4 person, $5 resource, $6 record, $7 contract, $8 action, $9 confidential, $10 query, $11 origin, $12 request) -> a row of the log of exports
INSERT INTO exports (version, created_at, updated_at, organisation_id, account, person_name, resource, record_id, contract_id,
                     action, confidential, query, origin, request)
VALUES (1, $1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);
