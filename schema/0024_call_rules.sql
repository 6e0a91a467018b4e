-- When and how often may be called: of one contract, or of all contracts of a client that have none.
CREATE TABLE call_rules (
    id                IDENTITY,
    version           BIGINT NOT NULL,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    organisation_id   BIGINT NOT NULL REFERENCES organisations (id), -- the client
    contract_id       BIGINT REFERENCES contracts (id),              -- NULL: those without one
    unit_id           BIGINT REFERENCES units (id),                  -- the contract's
    hours_from        TEXT NOT NULL,      -- HH:MM
    hours_to          TEXT NOT NULL,
    working_days_only BOOLEAN NOT NULL,
    per_day           BIGINT NOT NULL,    -- calls to the same number; 0: any
    per_week          BIGINT NOT NULL,    -- on that day and the six before it
    max_s             BIGINT NOT NULL,
    record            BOOLEAN NOT NULL,
    consent_required  BOOLEAN NOT NULL,
    gated_from        TEXT NOT NULL,      -- from this day on a call past the gate is a breach; '' never
    basis             TEXT NOT NULL       -- where the rule comes from
);
CREATE UNIQUE INDEX call_rules_contract ON call_rules (organisation_id, COALESCE(contract_id, 0));

-- Who is not to be called. Nothing is deleted: an entry is lifted.
CREATE TABLE do_not_call (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id), -- by which client
    contract_id     BIGINT REFERENCES contracts (id),              -- NULL: on none of its contracts
    unit_id         BIGINT REFERENCES units (id),
    callee_key      BIGINT NOT NULL,      -- finds the number, as in records of calls
    callee_code     BIGINT NOT NULL,      -- opens it
    source          TEXT NOT NULL,
    reason          TEXT NOT NULL,
    until           TEXT NOT NULL,        -- the last day; '' for ever
    call_id         BIGINT,               -- on which it was said
    state           TEXT NOT NULL,        -- active, lifted
    lift_reason     TEXT NOT NULL
);
CREATE INDEX do_not_call_callee ON do_not_call (callee_key, organisation_id);
CREATE INDEX do_not_call_contract ON do_not_call (contract_id, id);
CREATE INDEX do_not_call_organisation ON do_not_call (organisation_id, id);

-- That somebody agreed to be called.
CREATE TABLE consents (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    contract_id     BIGINT NOT NULL REFERENCES contracts (id),
    unit_id         BIGINT REFERENCES units (id),
    callee_key      BIGINT NOT NULL,
    callee_code     BIGINT NOT NULL,
    obtained_on     TEXT NOT NULL,
    until           TEXT NOT NULL,        -- the last day; '' without end
    proof           TEXT NOT NULL
);
CREATE INDEX consents_callee ON consents (callee_key, contract_id);
CREATE INDEX consents_contract ON consents (contract_id, id);
