-- What a decision changed stays to be seen, and whom a skipped call made room for.
ALTER TABLE reviews ADD COLUMN first_items TEXT NOT NULL DEFAULT '';  -- JSON: as they were published, where a decision changed them
ALTER TABLE reviews ADD COLUMN replaces_id BIGINT REFERENCES reviews (id); -- the drawn call that was skipped
-- Calls are drawn of those with a recording.
CREATE INDEX recordings_drawn ON recordings (contract_id, call_id);
-- What a breach is about, as with call_exceptions.
ALTER TABLE breaches ADD COLUMN last_call_id BIGINT;
ALTER TABLE breaches ADD COLUMN last_gate_id BIGINT;
