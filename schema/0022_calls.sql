-- What was found wrong with calls, as people see it: one row for a day, a kind and whom it is about.
CREATE TABLE call_exceptions (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    day           TEXT NOT NULL,
    kind          TEXT NOT NULL,
    contract_id   BIGINT REFERENCES contracts (id), -- NULL: unknown, or somebody else's
    unit_id       BIGINT REFERENCES units (id),     -- the contract's
    provider_id   BIGINT REFERENCES organisations (id),
    agent_id      BIGINT REFERENCES agents (id),
    contract_said TEXT NOT NULL,          -- as the call system wrote them
    agent_said    TEXT NOT NULL,
    caller_said   TEXT NOT NULL,
    count         BIGINT NOT NULL,
    last_call_id  BIGINT,
    last_gate_id  BIGINT,
    state         TEXT NOT NULL,          -- open, explained, settled
    reason        TEXT NOT NULL,
    search_key    TEXT NOT NULL
);
CREATE UNIQUE INDEX call_exceptions_group
    ON call_exceptions (day, kind, contract_said, agent_said, caller_said, COALESCE(provider_id, 0));
CREATE INDEX call_exceptions_contract ON call_exceptions (contract_id, id);
CREATE INDEX call_exceptions_provider ON call_exceptions (provider_id, id);
CREATE INDEX call_exceptions_unit ON call_exceptions (unit_id, id);
CREATE INDEX call_exceptions_agent ON call_exceptions (agent_id, id);
CREATE INDEX call_exceptions_kind ON call_exceptions (kind, id);
CREATE INDEX call_exceptions_state ON call_exceptions (state, id);
CREATE INDEX call_exceptions_day ON call_exceptions (day, id);

-- A day's breaches of one kind by one agent and number are one, with how many calls.
ALTER TABLE breaches ADD COLUMN count BIGINT NOT NULL DEFAULT 1;
CREATE INDEX breaches_when ON breaches (contract_id, at);

-- Up to where a month's findings were carried here.
CREATE TABLE call_months (
    month   TEXT PRIMARY KEY,
    carried BIGINT NOT NULL
);
