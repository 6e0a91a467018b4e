-- Why an evaluation has no grade (V3.5, V6.1.1), frozen with it: 'nothing', 'needed', 'uninspected', 'unplanned'; '' it has one.
ALTER TABLE evaluations ADD COLUMN ungraded TEXT NOT NULL DEFAULT '';
UPDATE evaluations SET ungraded = 'nothing' WHERE scored = FALSE AND state <> 'drafted';

-- A statement that nobody sent can be dropped, and another one of its month begun; who made it decides as little about it
-- as who sent it (X4).
ALTER TABLE settlements ADD COLUMN creator_id BIGINT REFERENCES people (id);
UPDATE settlements SET creator_id = drafter_id;
DROP INDEX settlements_once;
CREATE UNIQUE INDEX settlements_once ON settlements (contract_id, kind, month) WHERE state <> 'dropped';

-- Cases by when they were decided (V5.1.4): the records behind a veto.
CREATE INDEX subcontracting_cases_decided ON subcontracting_cases (decided_at THEN_ID);
