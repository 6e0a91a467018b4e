-- How long records are kept: of one contract, or of all contracts of a client that have no rule.
CREATE TABLE retention_rules (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id), -- the client
    contract_id     BIGINT REFERENCES contracts (id),              -- NULL: those without one
    unit_id         BIGINT REFERENCES units (id),                  -- the contract's
    kind            TEXT NOT NULL,        -- calls, recordings
    days            BIGINT NOT NULL,
    basis           TEXT NOT NULL         -- where the rule comes from
);
CREATE UNIQUE INDEX retention_rules_contract
    ON retention_rules (organisation_id, COALESCE(contract_id, 0), kind);

-- What may not be deleted, whatever the rules say. Nothing is deleted here: a hold is released.
CREATE TABLE legal_holds (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id), -- who placed it
    contract_id     BIGINT REFERENCES contracts (id),              -- NULL: every contract
    unit_id         BIGINT REFERENCES units (id),
    "from"          TEXT NOT NULL,        -- days of the records; '' without end on that side
    "to"            TEXT NOT NULL,
    reason          TEXT NOT NULL,
    placed_by       TEXT NOT NULL,
    state           TEXT NOT NULL,        -- active, released
    release_reason  TEXT NOT NULL
);
CREATE INDEX legal_holds_contract ON legal_holds (contract_id, id);
CREATE INDEX legal_holds_organisation ON legal_holds (organisation_id, id);
CREATE INDEX legal_holds_state ON legal_holds (state, id);

-- What is left of what was deleted.
CREATE TABLE deletion_certificates (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    kind            TEXT NOT NULL,
    subject         TEXT NOT NULL,
    contract_id     BIGINT REFERENCES contracts (id),       -- NULL: of contracts that are unknown
    organisation_id BIGINT REFERENCES organisations (id),   -- the contract's client
    provider_id     BIGINT REFERENCES organisations (id),
    unit_id         BIGINT REFERENCES units (id),
    "from"          TEXT NOT NULL,
    "to"            TEXT NOT NULL,
    count           BIGINT NOT NULL,
    sha256          TEXT NOT NULL,        -- of what was deleted
    rule_id         BIGINT REFERENCES retention_rules (id), -- NULL: the usual
    rule_days       BIGINT NOT NULL,
    rule_basis      TEXT NOT NULL,
    decided_by      TEXT NOT NULL,
    state           TEXT NOT NULL,        -- underway, deleted
    deleted_at      BIGINT NOT NULL       -- 0: not yet
);
CREATE INDEX deletion_certificates_subject ON deletion_certificates (kind, subject, id);
CREATE INDEX deletion_certificates_contract ON deletion_certificates (contract_id, id);
CREATE INDEX deletion_certificates_organisation ON deletion_certificates (organisation_id, id);
CREATE INDEX deletion_certificates_provider ON deletion_certificates (provider_id, id);
