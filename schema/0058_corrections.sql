-- A correction of a locked month counts once a second person has agreed to it.
ALTER TABLE adjustments ADD COLUMN state TEXT NOT NULL DEFAULT 'approved';       -- proposed, approved, refused
ALTER TABLE adjustments ADD COLUMN decider_id BIGINT REFERENCES people (id);     -- none: of an appeal, or before anybody was asked
ALTER TABLE adjustments ADD COLUMN decided_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE adjustments ADD COLUMN decision TEXT NOT NULL DEFAULT '';            -- why it was refused
CREATE INDEX adjustments_state ON adjustments (state, id);

-- What nobody at all had a value for when the month was computed, and why it was published all the same.
ALTER TABLE months ADD COLUMN blank TEXT NOT NULL DEFAULT '';
ALTER TABLE months ADD COLUMN publish_reason TEXT NOT NULL DEFAULT '';
CREATE INDEX months_month ON months (month THEN_ID);
