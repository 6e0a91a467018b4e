-- The living regulation counts contracts by what activation asks for (V5.1.4, V5.1.5, C2.7).
ALTER TABLE contracts ADD COLUMN served_party_judges BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE contracts SET served_party_judges = TRUE WHERE trim(served_party_clause) <> '';
CREATE INDEX contracts_served_party ON contracts (served_party_judges, id);
CREATE INDEX contracts_subcontracting ON contracts (no_subcontracting, id);
CREATE INDEX contracts_contact ON contracts (contact_id, id);
