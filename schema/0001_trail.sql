-- The audit trail: append-only, each entry bound to the one before it by its hash.
CREATE TABLE events (
    id          BIGINT PRIMARY KEY,       -- position in the chain, without gaps
    at          BIGINT NOT NULL,          -- ms UTC
    account_id  BIGINT,                   -- who; NULL for jobs and the command line
    account     TEXT NOT NULL,            -- as named then
    person_name TEXT NOT NULL,
    origin      TEXT NOT NULL,            -- network address
    request     TEXT NOT NULL,            -- request number, as in the log and on error pages
    action      TEXT NOT NULL,
    resource    TEXT NOT NULL,
    record_id   BIGINT,
    title       TEXT NOT NULL,            -- what named the record then
    changes     TEXT NOT NULL,            -- JSON, before and after by field
    note        TEXT NOT NULL,
    previous    TEXT NOT NULL,            -- hash of the entry before
    hash        TEXT NOT NULL
);
CREATE INDEX events_record ON events (resource, record_id, id);
CREATE INDEX events_account ON events (account_id, id);
CREATE INDEX events_action ON events (action, id);

-- One row: the end of the chain. Writers lock it for the moment before their commit.
CREATE TABLE trail_heads (
    id         BIGINT PRIMARY KEY,
    last_event BIGINT NOT NULL,
    hash       TEXT NOT NULL,
    version    BIGINT NOT NULL
);
INSERT INTO trail_heads (id, last_event, hash, version) VALUES (1, 0, '', 1);
