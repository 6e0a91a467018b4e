-- A case of a contract keeps whose it was (V5.1.4): the client and the unit that alone see it.
ALTER TABLE subcontracting_cases ADD COLUMN client_id BIGINT REFERENCES organisations (id);      -- none: of the provider altogether
ALTER TABLE subcontracting_cases ADD COLUMN unit_id BIGINT REFERENCES units (id);
UPDATE subcontracting_cases
   SET client_id = (SELECT c.client_id FROM contracts c WHERE c.id = subcontracting_cases.contract_id),
       unit_id = (SELECT c.unit_id FROM contracts c WHERE c.id = subcontracting_cases.contract_id)
 WHERE contract_id IS NOT NULL;
CREATE INDEX subcontracting_cases_client ON subcontracting_cases (client_id, id);
CREATE INDEX subcontracting_cases_unit ON subcontracting_cases (unit_id, id);
