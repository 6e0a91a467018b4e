-- What agents did, as call systems report it: a state holds from `at` until its own end, or until the agent's next one.
CREATE TABLE agent_states (
    id          IDENTITY,
    source_id   BIGINT NOT NULL,
    uid         TEXT NOT NULL,
    agent_id    BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    until       BIGINT NOT NULL,          -- 0: it was not said
    state       BIGINT NOT NULL,          -- its place in the list of states
    reason      TEXT NOT NULL
);
CREATE UNIQUE INDEX agent_states_uid ON agent_states (source_id, uid);
CREATE INDEX agent_states_agent ON agent_states (agent_id, at);

-- A person's day on a contract is one row, of calls and of states.
ALTER TABLE agent_days ADD COLUMN signed_s BIGINT NOT NULL DEFAULT 0;  -- in all states but signed out
ALTER TABLE agent_days ADD COLUMN idle_s BIGINT NOT NULL DEFAULT 0;
ALTER TABLE agent_days ADD COLUMN pause_s BIGINT NOT NULL DEFAULT 0;
ALTER TABLE agent_days ADD COLUMN talking_s BIGINT NOT NULL DEFAULT 0;
ALTER TABLE agent_days ADD COLUMN wrap_s BIGINT NOT NULL DEFAULT 0;
ALTER TABLE agent_days ADD COLUMN overlap_s BIGINT NOT NULL DEFAULT 0; -- said twice; the later state counts
ALTER TABLE agent_days ADD COLUMN unended BIGINT NOT NULL DEFAULT 0;   -- states that nothing ended; they count nothing
CREATE VIEW call_days AS SELECT * FROM agent_days;
