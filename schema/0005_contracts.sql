-- The contract ledger (V5.1.1), terms, amendments, briefings (V5.1.2) and signatures.
CREATE TABLE contracts (
    id                    IDENTITY,
    version               BIGINT NOT NULL,
    created_at            BIGINT NOT NULL,
    updated_at            BIGINT NOT NULL,
    number                TEXT NOT NULL,
    name                  TEXT NOT NULL,
    kind                  TEXT NOT NULL,  -- continuous, one_off (V4)
    service               TEXT NOT NULL,
    client_id             BIGINT NOT NULL REFERENCES organisations (id),
    provider_id           BIGINT NOT NULL REFERENCES organisations (id),
    unit_id               BIGINT NOT NULL REFERENCES units (id),
    provider_contact      TEXT NOT NULL,
    provider_phone        TEXT NOT NULL,  -- sealed
    signed_on             TEXT NOT NULL,
    starts_on             TEXT NOT NULL,
    ends_on               TEXT NOT NULL,
    amount_fen            BIGINT NOT NULL, -- with tax
    net_amount_fen        BIGINT NOT NULL, -- without tax
    monthly_fee_fen       BIGINT NOT NULL,
    deposit_fen           BIGINT NOT NULL,
    payment_terms         TEXT NOT NULL,
    assessment_clause     TEXT NOT NULL,
    served_party_clause   TEXT NOT NULL,  -- how the finally served party judges (V5.1.5)
    no_subcontracting     BOOLEAN NOT NULL, -- the provider's declaration (V5.1.4)
    warranty_months       BIGINT NOT NULL, -- one-off services
    executor_id           BIGINT REFERENCES people (id), -- V5.1.1
    contact_id            BIGINT REFERENCES people (id), -- C2.7
    alert_days            BIGINT NOT NULL, -- expiry is announced so many days before
    remark                TEXT NOT NULL,
    state                 TEXT NOT NULL,
    state_at              BIGINT NOT NULL,
    state_by              TEXT NOT NULL,
    state_reason          TEXT NOT NULL,
    briefing              TEXT NOT NULL,  -- missing, open, half, signed, superseded
    briefed_on            TEXT NOT NULL,
    search_key            TEXT NOT NULL
);
CREATE UNIQUE INDEX contracts_number ON contracts (number);
CREATE INDEX contracts_state ON contracts (state, id);
CREATE INDEX contracts_service ON contracts (service, id);
CREATE INDEX contracts_provider ON contracts (provider_id, id);
CREATE INDEX contracts_unit ON contracts (unit_id, id);
CREATE INDEX contracts_executor ON contracts (executor_id, id);
CREATE INDEX contracts_briefing ON contracts (briefing, id);
CREATE INDEX contracts_signed_on ON contracts (signed_on, id);
CREATE INDEX contracts_starts_on ON contracts (starts_on, id);
CREATE INDEX contracts_ends_on ON contracts (ends_on, id);
CREATE INDEX contracts_amount ON contracts (amount_fen, id);

CREATE TABLE terms (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    number      TEXT NOT NULL,            -- as in the paper: "9.2"
    topic       TEXT NOT NULL,
    text        TEXT NOT NULL
);
CREATE UNIQUE INDEX terms_number ON terms (contract_id, number);

-- What was changed after the contract took effect; the old values stay readable.
CREATE TABLE amendments (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    number      BIGINT NOT NULL,
    signed_on   TEXT NOT NULL,
    reason      TEXT NOT NULL,
    changes     TEXT NOT NULL,            -- JSON, as in the trail
    made_by     TEXT NOT NULL
);
CREATE UNIQUE INDEX amendments_number ON amendments (contract_id, number);

CREATE TABLE briefings (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    number      BIGINT NOT NULL,
    briefer_id  BIGINT NOT NULL REFERENCES people (id),
    executor_id BIGINT NOT NULL REFERENCES people (id),
    held_on     TEXT NOT NULL,
    place       TEXT NOT NULL,
    terms       TEXT NOT NULL,            -- what was explained: the contract's terms as they stood
    questions   TEXT NOT NULL,
    state       TEXT NOT NULL,            -- draft, signed, superseded
    sha256      TEXT NOT NULL             -- of the record as it is to be signed
);
CREATE UNIQUE INDEX briefings_number ON briefings (contract_id, number);

-- Agreed electronic signatures over the digest of a record.
CREATE TABLE signatures (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    subject     TEXT NOT NULL,
    subject_id  BIGINT NOT NULL,
    party       TEXT NOT NULL,            -- as what: briefer, executor
    person_id   BIGINT NOT NULL REFERENCES people (id),
    person_name TEXT NOT NULL,
    account     TEXT NOT NULL,
    signed_at   BIGINT NOT NULL,
    sha256      TEXT NOT NULL,            -- what was signed
    origin      TEXT NOT NULL,
    valid       BOOLEAN NOT NULL          -- false once the record was changed
);
CREATE INDEX signatures_subject ON signatures (subject, subject_id, id);
