-- Until when a finding may be appealed against stands at its notice (X4): until then it costs no money.
ALTER TABLE rectifications ADD COLUMN appeal_by BIGINT NOT NULL DEFAULT 0;
UPDATE rectifications SET appeal_by = (SELECT i.appeal_by FROM inspections i WHERE i.id = rectifications.inspection_id) WHERE round = 1;
