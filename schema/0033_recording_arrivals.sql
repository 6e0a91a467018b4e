-- Recordings that came before the record of their call: the call system says by its own name whose they are.
CREATE TABLE recording_arrivals (
    id           IDENTITY,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    provider_id  BIGINT NOT NULL REFERENCES organisations (id), -- who sent it
    source       TEXT NOT NULL,
    uid          TEXT NOT NULL,
    started_at   BIGINT NOT NULL,          -- the call, to the second
    sha256       TEXT NOT NULL,
    media_type   TEXT NOT NULL,
    size         BIGINT NOT NULL,
    duration_ms  BIGINT NOT NULL,
    channels     BIGINT NOT NULL,
    silent       BOOLEAN NOT NULL,
    next_at      BIGINT NOT NULL,          -- when its call is looked for again
    recording_id BIGINT REFERENCES recordings (id),
    state        TEXT NOT NULL             -- waiting, matched, dropped
);
CREATE INDEX recording_arrivals_provider ON recording_arrivals (provider_id, id);
CREATE INDEX recording_arrivals_state ON recording_arrivals (state, id);
CREATE INDEX recording_arrivals_next ON recording_arrivals (state, next_at);
CREATE INDEX recording_arrivals_uid ON recording_arrivals (provider_id, uid);
CREATE INDEX recording_arrivals_sha256 ON recording_arrivals (sha256);

-- A sample may take a share of each agent's calls, where that is more than the number.
ALTER TABLE review_samples ADD COLUMN per_cent BIGINT NOT NULL DEFAULT 0;
