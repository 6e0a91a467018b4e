-- Somebody who is not on the panel decides about the provider's objection to an acceptance, or about its silence (X4).
ALTER TABLE acceptances ADD COLUMN countersign_by BIGINT NOT NULL DEFAULT 0;               -- until when the provider signs
ALTER TABLE acceptances ADD COLUMN objection_decider_id BIGINT REFERENCES people (id);
ALTER TABLE acceptances ADD COLUMN objection_reason TEXT NOT NULL DEFAULT '';
UPDATE acceptances SET countersign_by = decided_at + 604800000 WHERE state = 'decided';    -- a week
