-- A case of a contract keeps whose it was (V5.1.4): the client and the unit that alone see it.
ALTER TABLE subcontracting_cases ADD COLUMN client_id BIGINT REFERENCES organisations (id);      -- none: of the provider altogether
ALTER TABLE subcontracting_cases ADD COLUMN unit_id BIGINT REFERENCES units (id);
UPDATE subcontracting_cases
   SET client_id = (SELECT c.client_id FROM contracts c WHERE c.id = subcontracting_cases.contract_id),
       unit_id = (SELECT c.unit_id FROM contracts c WHERE c.id = subcontracting_cases.contract_id)
 WHERE contract_id IS NOT NULL;
CREATE INDEX subcontracting_cases_client ON subcontracting_cases (client_id, id);
CREATE INDEX subcontracting_cases_unit ON subcontracting_cases (unit_id, id);

-- A contract's last grade goes with the contract when that moves to another project.
DROP TABLE last_grades;
CREATE TABLE last_grades (
    unit_id       BIGINT NOT NULL,        -- of the supervision of a project; 0: of a contract
    contract_id   BIGINT NOT NULL,        -- 0: of the supervision of a project
    evaluation_id BIGINT NOT NULL REFERENCES evaluations (id),
    until         TEXT NOT NULL,          -- the last day of its period
    total         BIGINT NOT NULL,
    grade         TEXT NOT NULL,
    PRIMARY KEY (contract_id, unit_id)
);
INSERT INTO recounts (id) SELECT 1 FROM units WHERE NOT EXISTS (SELECT 1 FROM recounts) LIMIT 1;

-- What is still kept back and what may still be objected to, by unit.
DROP INDEX settlements_retained;
CREATE INDEX settlements_retained ON settlements (unit_id, contract_id, retained_fen) WHERE retained_fen > 0 AND state <> 'drafted';
DROP INDEX deduction_events_open;
CREATE INDEX deduction_events_open ON deduction_events (unit_id, state, object_by) WHERE state IN ('told', 'objected');
