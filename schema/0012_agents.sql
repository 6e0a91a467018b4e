-- Agent ids and permissions (C1.1), caller numbers and who may show them (C1.2), and how the call
-- system hears of either.
CREATE TABLE agents (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    person_id   BIGINT NOT NULL REFERENCES people (id),
    code        TEXT NOT NULL,            -- 工号, as the call system knows it
    permissions TEXT NOT NULL,
    state       TEXT NOT NULL,            -- active, disabled
    "from"      TEXT NOT NULL,
    "to"        TEXT NOT NULL,            -- '' until further notice
    letter_id   BIGINT REFERENCES letters (id), -- that said so last
    search_key  TEXT NOT NULL
);
CREATE UNIQUE INDEX agents_code ON agents (contract_id, code);
CREATE INDEX agents_person ON agents (person_id, id);
CREATE INDEX agents_state ON agents (state, id);

CREATE TABLE numbers (
    id           IDENTITY,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    owner_id     BIGINT NOT NULL REFERENCES organisations (id),
    number       TEXT NOT NULL,           -- +8657188881234: how calls are compared
    shown        TEXT NOT NULL,           -- as the owner writes it: 0571-8888 1234
    carrier      TEXT NOT NULL,
    proof        TEXT NOT NULL,           -- what shows that it is the owner's
    purpose      TEXT NOT NULL,
    state        TEXT NOT NULL,           -- active, suspended, retired
    state_reason TEXT NOT NULL,
    search_key   TEXT NOT NULL
);
CREATE UNIQUE INDEX numbers_number ON numbers (number);
CREATE INDEX numbers_owner ON numbers (owner_id, id);
CREATE INDEX numbers_state ON numbers (state, id);

-- One row for a number on a contract; told again, it is the same row with another period.
CREATE TABLE number_permissions (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    number_id   BIGINT NOT NULL REFERENCES numbers (id),
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    state       TEXT NOT NULL,            -- active, ended
    "from"      TEXT NOT NULL,
    "to"        TEXT NOT NULL,
    letter_id   BIGINT REFERENCES letters (id)
);
CREATE UNIQUE INDEX number_permissions_number ON number_permissions (number_id, contract_id);
CREATE INDEX number_permissions_contract ON number_permissions (contract_id, id);
CREATE INDEX number_permissions_state ON number_permissions (state, id);

-- Calls that nobody had permitted, refused at call time or found in call records.
CREATE TABLE breaches (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    agent_id    BIGINT REFERENCES agents (id),
    agent_code  TEXT NOT NULL,            -- as the call named it, known or not
    number      TEXT NOT NULL,
    at          BIGINT NOT NULL,
    source      TEXT NOT NULL             -- gate, calls: what found it
);
CREATE INDEX breaches_contract ON breaches (contract_id, id);
CREATE INDEX breaches_agent ON breaches (agent_id, id);
CREATE INDEX breaches_kind ON breaches (kind, id);
CREATE INDEX breaches_at ON breaches (at, id);

-- What the call system has to be told, in the order in which it became so.
CREATE TABLE provisionings (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    contract_id     BIGINT NOT NULL REFERENCES contracts (id),
    agent_id        BIGINT REFERENCES agents (id),
    number_id       BIGINT REFERENCES numbers (id),
    change          TEXT NOT NULL,
    payload         TEXT NOT NULL,        -- JSON: the agent or the number as it then was
    state           TEXT NOT NULL,        -- waiting, sent, acknowledged, failed
    tries           BIGINT NOT NULL,
    next_at         BIGINT NOT NULL,      -- of the next try; 0 none
    sent_at         BIGINT NOT NULL,
    acknowledged_at BIGINT NOT NULL,
    failure         TEXT NOT NULL
);
CREATE INDEX provisionings_contract ON provisionings (contract_id, id);
CREATE INDEX provisionings_agent ON provisionings (agent_id, id);
CREATE INDEX provisionings_number ON provisionings (number_id, id);
CREATE INDEX provisionings_state ON provisionings (state, id);
-- What the worker looks for.
CREATE INDEX provisionings_waiting ON provisionings (next_at, id) WHERE state = 'waiting';
