-- Records that a call system sent and nobody could read, as they came: a switch cannot mend them, people can.
CREATE TABLE quarantine (
    id           IDENTITY,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    provider_id  BIGINT REFERENCES organisations (id), -- who sent it; NULL: the company itself
    source       TEXT NOT NULL,
    profile      TEXT NOT NULL,           -- in what shape it is read
    why          TEXT NOT NULL,           -- the code of what was wrong when it was read last
    bytes        BIGINT NOT NULL,
    record       TEXT NOT NULL,           -- sealed: there are telephone numbers in it
    state        TEXT NOT NULL,           -- waiting, taken, discarded
    reason       TEXT NOT NULL            -- of discarding it
);
CREATE INDEX quarantine_provider ON quarantine (provider_id, id);
CREATE INDEX quarantine_state ON quarantine (state, id);
CREATE INDEX quarantine_source ON quarantine (source, id);
