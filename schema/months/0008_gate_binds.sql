-- An answered call may be given to one agent after another: each bind has an id of its own, made like a decision's.
ALTER TABLE gate_binds ADD COLUMN gate_id BIGINT NOT NULL DEFAULT 0;
UPDATE gate_binds SET gate_id = id;
CREATE INDEX gate_binds_by_decision ON gate_binds (gate_id, id);
