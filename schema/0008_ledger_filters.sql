-- Every filter of the ledger has its index: app/records/record_lead.c chooses among them.
CREATE INDEX contracts_kind ON contracts (kind, id);
CREATE INDEX contracts_client ON contracts (client_id, id);
CREATE INDEX people_job ON people (job, id);
CREATE INDEX people_left_on ON people (left_on, id);
