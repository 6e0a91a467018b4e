-- Recordings of calls, kept by their SHA-256 as documents are, or only referenced.
CREATE TABLE recordings (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    call_id     BIGINT NOT NULL,          -- calls lie by month, so that no key can say so
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    provider_id BIGINT NOT NULL REFERENCES organisations (id),
    agent_id    BIGINT REFERENCES agents (id),
    name        TEXT NOT NULL,            -- as the call system calls it
    sha256      TEXT NOT NULL,            -- '' while it is only referenced
    media_type  TEXT NOT NULL,
    size        BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    channels    BIGINT NOT NULL,          -- 0: not known
    silent      BOOLEAN NOT NULL,         -- a file without sound: the call system wrote its head alone
    kept_until  TEXT NOT NULL,
    reason      TEXT NOT NULL,            -- of the hold, its end or the deletion
    erased      BOOLEAN NOT NULL,         -- deleted, and its bytes are gone from the store
    state       TEXT NOT NULL             -- referenced, kept, held, deleted
);
CREATE UNIQUE INDEX recordings_call ON recordings (call_id);
CREATE INDEX recordings_contract ON recordings (contract_id, id);
CREATE INDEX recordings_agent ON recordings (agent_id, id);
CREATE INDEX recordings_state ON recordings (state, id);
CREATE INDEX recordings_kept_until ON recordings (kept_until, id);
CREATE INDEX recordings_sha256 ON recordings (sha256);

-- What is judged about a call, and how much each item weighs.
CREATE TABLE review_forms (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    provider_id BIGINT NOT NULL REFERENCES organisations (id),
    contract_id BIGINT REFERENCES contracts (id), -- NULL: of the provider, for all contracts
    name        TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    former_id   BIGINT REFERENCES review_forms (id), -- the revision before
    items       TEXT NOT NULL,            -- JSON array
    state       TEXT NOT NULL             -- draft, in_force, retired
);
CREATE INDEX review_forms_provider ON review_forms (provider_id, id);
CREATE INDEX review_forms_contract ON review_forms (contract_id, id);
CREATE INDEX review_forms_state ON review_forms (state, id);

-- Which calls are reviewed is drawn, by a seed that anybody can draw by again.
CREATE TABLE review_samples (
    id             IDENTITY,
    version        BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    contract_id    BIGINT NOT NULL REFERENCES contracts (id),
    form_id        BIGINT NOT NULL REFERENCES review_forms (id),
    "from"         TEXT NOT NULL,
    "to"           TEXT NOT NULL,
    newcomer_calls BIGINT NOT NULL,       -- for each agent of the first three months
    other_calls    BIGINT NOT NULL,       -- for each other one
    seed           TEXT NOT NULL,
    pool           BIGINT NOT NULL,       -- calls that it was drawn from
    drawn          TEXT NOT NULL,         -- their ids, in the order in which they were drawn
    drawn_by       TEXT NOT NULL
);
CREATE INDEX review_samples_contract ON review_samples (contract_id, id);

CREATE TABLE reviews (
    id           IDENTITY,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    call_id      BIGINT NOT NULL,
    call_result  TEXT NOT NULL,           -- as the call system reported it
    started_at   BIGINT NOT NULL,         -- the call
    contract_id  BIGINT NOT NULL REFERENCES contracts (id),
    unit_id      BIGINT NOT NULL REFERENCES units (id),
    provider_id  BIGINT NOT NULL REFERENCES organisations (id),
    client_id    BIGINT NOT NULL REFERENCES organisations (id),
    agent_id     BIGINT REFERENCES agents (id),
    person_id    BIGINT REFERENCES people (id), -- behind the agent's id
    sample_id    BIGINT NOT NULL REFERENCES review_samples (id),
    form_id      BIGINT NOT NULL REFERENCES review_forms (id),
    reviewer_id  BIGINT NOT NULL REFERENCES people (id),
    items        TEXT NOT NULL,           -- JSON: those of the form as it was, and what was given
    remark       TEXT NOT NULL,
    fatal        BOOLEAN NOT NULL,
    score        BIGINT NOT NULL,         -- hundredths of a point
    published_at BIGINT NOT NULL,
    appeal_by    BIGINT NOT NULL,         -- the last moment for it
    appealed_at  BIGINT NOT NULL,
    appeal       TEXT NOT NULL,
    decider_id   BIGINT REFERENCES people (id),
    reason       TEXT NOT NULL,           -- of the decision
    final_at     BIGINT NOT NULL,
    carried      BOOLEAN NOT NULL,        -- the call's result says what the review says
    state        TEXT NOT NULL            -- draft, published, appealed, final
);
CREATE INDEX reviews_call ON reviews (call_id);
CREATE INDEX reviews_contract ON reviews (contract_id, id);
CREATE INDEX reviews_unit ON reviews (unit_id, id);
CREATE INDEX reviews_provider ON reviews (provider_id, id);
CREATE INDEX reviews_agent ON reviews (agent_id, id);
CREATE INDEX reviews_person ON reviews (person_id, id);
CREATE INDEX reviews_sample ON reviews (sample_id, id);
CREATE INDEX reviews_reviewer ON reviews (reviewer_id, id);
CREATE INDEX reviews_fatal ON reviews (fatal, id);
CREATE INDEX reviews_state ON reviews (state, id);
CREATE INDEX reviews_appeal_by ON reviews (state, appeal_by);
CREATE INDEX reviews_carried ON reviews (id) WHERE carried = FALSE;
