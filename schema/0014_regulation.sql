-- The living regulation counts contracts by what activation asks for (V5.1.4, V5.1.5, C2.7), and duties
-- by their rule.
ALTER TABLE contracts ADD COLUMN served_party_judges BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE contracts SET served_party_judges = TRUE WHERE trim(served_party_clause) <> '';
CREATE INDEX contracts_served_party ON contracts (served_party_judges, id);
CREATE INDEX contracts_subcontracting ON contracts (no_subcontracting, id);
CREATE INDEX contracts_without_contact ON contracts (id) WHERE contact_id IS NULL;
CREATE INDEX duties_rule ON duties (rule, state, live, id);

-- What a company asks for beyond the regulation.
CREATE TABLE own_clauses (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    number          TEXT NOT NULL,
    title           TEXT NOT NULL,
    text            TEXT NOT NULL,
    parent          TEXT NOT NULL,        -- the clause that it hangs below
    duty_rules      TEXT NOT NULL,        -- the duties that keep it
    state           TEXT NOT NULL,        -- draft, in_force, retired
    search_key      TEXT NOT NULL
);
CREATE UNIQUE INDEX own_clauses_number ON own_clauses (organisation_id, number);
CREATE INDEX own_clauses_state ON own_clauses (state, id);
