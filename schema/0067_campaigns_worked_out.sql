-- What all drafts of a campaign would come to (V3.1): worked out at once, last then; 0 never.
ALTER TABLE evaluation_campaigns ADD COLUMN worked_at BIGINT NOT NULL DEFAULT 0;
