-- One month of calls. Every table here lives and dies with its month; ids of contracts, agents,
-- people and numbers are those of the company's own tables.

-- Which call systems report, and for whom: a uid is one call of its source.
CREATE TABLE call_sources (
    id          IDENTITY,
    provider_id BIGINT NOT NULL,          -- of the contract; of an unknown one, who reports it
    name        TEXT NOT NULL
);
CREATE UNIQUE INDEX call_sources_name ON call_sources (name, provider_id);

-- The id is the moment of the start (ms since 2020) and a slot within it, so that what comes
-- together lies together, and a call that is reported again is found where it would be put.
CREATE TABLE calls (
    id          NUMBER_KEY,
    source_id   BIGINT NOT NULL,
    uid         TEXT NOT NULL,
    contract_id BIGINT,                   -- NULL: unknown, as for the next three
    agent_id    BIGINT,
    number_id   BIGINT,
    gate_id     BIGINT,
    callee_key  BIGINT NOT NULL,          -- finds the number again
    callee_code BIGINT NOT NULL,          -- opens it
    duration_s  BIGINT NOT NULL,
    talk_s      BIGINT NOT NULL,
    result      BIGINT NOT NULL,          -- its place in the list of results
    recording   TEXT NOT NULL
);
-- By hour first: what arrives touches the pages of its own hour, and any span is a few hours.
CREATE INDEX calls_agent ON calls ((id / 29491200000), agent_id);
CREATE INDEX calls_callee ON calls ((id / 29491200000), callee_key);

-- Roll-ups. Their ids are days (or hours) since 2020 above 32 bits of whom they count.
CREATE TABLE agent_days (
    id          NUMBER_KEY,
    day         TEXT NOT NULL,
    contract_id BIGINT,
    agent_id    BIGINT,
    person_id   BIGINT,
    dials       BIGINT NOT NULL,
    connected   BIGINT NOT NULL,
    success     BIGINT NOT NULL,
    talk_s      BIGINT NOT NULL,
    duration_s  BIGINT NOT NULL
);
CREATE TABLE number_days (
    id          NUMBER_KEY,
    day         TEXT NOT NULL,
    contract_id BIGINT,
    number_id   BIGINT,
    dials       BIGINT NOT NULL,
    connected   BIGINT NOT NULL,
    success     BIGINT NOT NULL,
    talk_s      BIGINT NOT NULL,
    duration_s  BIGINT NOT NULL
);
CREATE TABLE contract_hours (
    id          NUMBER_KEY,
    day         TEXT NOT NULL,
    hour        BIGINT NOT NULL,          -- of the day, in Shanghai
    contract_id BIGINT,
    dials       BIGINT NOT NULL,
    connected   BIGINT NOT NULL,
    success     BIGINT NOT NULL,
    talk_s      BIGINT NOT NULL,
    duration_s  BIGINT NOT NULL
);

-- What the gate decided: the first record of every call, folded in from its journal.
CREATE TABLE gate_decisions (
    id          NUMBER_KEY,               -- the gate's id of it, made like a call's
    node        TEXT NOT NULL,
    call_id     TEXT NOT NULL,            -- as the node calls it
    contract_id BIGINT,
    agent_id    BIGINT,                   -- NULL: unknown, or bound later (gate_binds)
    number_id   BIGINT,                   -- that is to be shown
    callee_key  BIGINT NOT NULL,
    callee_code BIGINT NOT NULL,
    mode        TEXT NOT NULL,
    reason      TEXT NOT NULL,            -- ok, or why not
    max_s       BIGINT NOT NULL
);
-- Predictive dialling: the agent that a call was given to once it was answered.
CREATE TABLE gate_binds (
    id          NUMBER_KEY,               -- of the decision
    at          BIGINT NOT NULL,
    agent_id    BIGINT,
    reason      TEXT NOT NULL
);
-- Which call record closed a decision; the first one that came.
CREATE TABLE gate_closings (
    id          NUMBER_KEY,               -- of the decision
    call_id     BIGINT NOT NULL
);
-- Up to where allowed decisions were looked at for records that did not come; one row.
CREATE TABLE gate_marks (
    id          NUMBER_KEY,
    checked     BIGINT NOT NULL
);
INSERT INTO gate_marks (id, checked) VALUES (1, 0);

-- What is wrong with calls, in the order in which it was found; carried from here to where people
-- see it (call_exceptions, breaches).
CREATE TABLE call_findings (
    id          IDENTITY,
    call_id     BIGINT,                   -- NULL: the gate refused it, or it was never reported
    gate_id     BIGINT,
    kind        TEXT NOT NULL,
    contract_id BIGINT,
    agent_id    BIGINT,
    provider_id BIGINT NOT NULL,
    contract    TEXT NOT NULL,            -- as the call system said
    agent       TEXT NOT NULL,
    caller      TEXT NOT NULL
);
