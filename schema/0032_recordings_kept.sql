-- How long a recording is kept is said by the rules of retention, and what stops its deletion by the
-- legal holds, as of calls: a recording has no hold of its own any more.
ALTER TABLE recordings ADD COLUMN kept_days BIGINT NOT NULL DEFAULT 0; -- by which rule kept_until is
ALTER TABLE recordings ADD COLUMN arrived_at BIGINT NOT NULL DEFAULT 0; -- 0: as it was created
ALTER TABLE recordings ADD COLUMN certificate_id BIGINT REFERENCES deletion_certificates (id);
CREATE INDEX recordings_certificate ON recordings (certificate_id, id);
CREATE INDEX recordings_ruled ON recordings (contract_id, state, kept_days);

INSERT INTO legal_holds (version, created_at, updated_at, organisation_id, contract_id, unit_id, "from", "to",
                         reason, placed_by, state, release_reason)
SELECT DISTINCT 1, r.updated_at, r.updated_at, c.client_id, r.contract_id, c.unit_id, '', '', r.reason, '', 'active', ''
  FROM recordings r JOIN contracts c ON c.id = r.contract_id WHERE r.state = 'held';
UPDATE recordings SET state = 'kept' WHERE state = 'held';
