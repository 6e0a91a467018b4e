-- How people are appraised (C2.4): a scheme is written by the provider and in force by the client's consent alone.
CREATE TABLE schemes (
    id           IDENTITY,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    contract_id  BIGINT NOT NULL REFERENCES contracts (id),
    unit_id      BIGINT NOT NULL REFERENCES units (id),
    provider_id  BIGINT NOT NULL REFERENCES organisations (id),
    client_id    BIGINT NOT NULL REFERENCES organisations (id),
    subject      TEXT NOT NULL,            -- agent, manager
    name         TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    former_id    BIGINT REFERENCES schemes (id),
    from_month   TEXT NOT NULL,
    to_month     TEXT NOT NULL,            -- '' until another one follows it
    indicators   TEXT NOT NULL,            -- JSON array
    grades       TEXT NOT NULL,            -- JSON array
    note         TEXT NOT NULL,
    rule_version BIGINT NOT NULL,          -- of the scoring functions
    sha256       TEXT NOT NULL,            -- of what the client is asked to consent to
    letter_id    BIGINT REFERENCES letters (id), -- that asked for it last
    state        TEXT NOT NULL             -- draft, consulting, in_force, retired
);
CREATE INDEX schemes_contract ON schemes (contract_id, id);
CREATE INDEX schemes_unit ON schemes (unit_id, id);
CREATE INDEX schemes_provider ON schemes (provider_id, id);
CREATE INDEX schemes_client ON schemes (client_id, id);
CREATE INDEX schemes_subject ON schemes (subject, id);
CREATE INDEX schemes_state ON schemes (state, id);
