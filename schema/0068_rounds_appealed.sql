-- A re-inspection that failed is appealed against apart from the finding (X4): by the notice that it issued.
ALTER TABLE inspection_appeals ADD COLUMN rectification_id BIGINT REFERENCES rectifications (id);  -- none: against the finding
DROP INDEX inspection_appeals_once;
CREATE UNIQUE INDEX inspection_appeals_once ON inspection_appeals (inspection_id, place) WHERE rectification_id IS NULL;
CREATE UNIQUE INDEX inspection_appeals_round ON inspection_appeals (rectification_id);
