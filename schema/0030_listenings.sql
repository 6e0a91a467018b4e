-- Who listened to which recording, and when: a line for each time that somebody sits down to it. (The
-- trail has the same, sealed; this is the list to look through.)
CREATE TABLE listenings (
    id           IDENTITY,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    recording_id BIGINT NOT NULL REFERENCES recordings (id),
    contract_id  BIGINT NOT NULL REFERENCES contracts (id),
    agent_id     BIGINT REFERENCES agents (id),
    account_id   BIGINT,                  -- NULL: the command line
    person_id    BIGINT REFERENCES people (id),
    account      TEXT NOT NULL,           -- as named then
    organisation TEXT NOT NULL,
    origin       TEXT NOT NULL,           -- network address
    began_at     BIGINT NOT NULL,
    last_at      BIGINT NOT NULL,         -- when its sound was asked for the last time
    requests     BIGINT NOT NULL          -- a player asks for it in parts
);
CREATE INDEX listenings_recording ON listenings (recording_id, id);
CREATE INDEX listenings_contract ON listenings (contract_id, id);
CREATE INDEX listenings_agent ON listenings (agent_id, id);
CREATE INDEX listenings_person ON listenings (person_id, id);
CREATE INDEX listenings_began_at ON listenings (began_at, id);
