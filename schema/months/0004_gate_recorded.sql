-- What was answered about recording, so that the same is answered after a start.
ALTER TABLE gate_decisions ADD COLUMN recorded BOOLEAN NOT NULL DEFAULT TRUE;
