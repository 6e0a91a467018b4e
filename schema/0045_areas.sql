-- Areas of a project and who is responsible for them (V5.1.6, V6.1.2.2), published and filed with the division.
CREATE TABLE areas (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    client_id   BIGINT NOT NULL REFERENCES organisations (id),
    provider_id BIGINT NOT NULL REFERENCES organisations (id),
    unit_id     BIGINT NOT NULL REFERENCES units (id),
    service     TEXT NOT NULL,            -- of the contract
    name        TEXT NOT NULL,
    place       TEXT NOT NULL,            -- how far it reaches: buildings, floors
    size_m2     BIGINT NOT NULL,
    "from"      TEXT NOT NULL,
    "to"        TEXT NOT NULL,            -- '' until further notice
    token       TEXT NOT NULL,            -- of the code that hangs there: /a/<token>
    link_id     BIGINT REFERENCES issue_links (id), -- where complaint and praise go
    changed_at  BIGINT NOT NULL           -- it or its persons, so that it has to be published anew
);
CREATE UNIQUE INDEX areas_token ON areas (token);
CREATE INDEX areas_contract ON areas (contract_id, id);
CREATE INDEX areas_client ON areas (client_id, id);
CREATE INDEX areas_provider ON areas (provider_id, id);
CREATE INDEX areas_unit ON areas (unit_id, id);
CREATE INDEX areas_service ON areas (service, id);

CREATE TABLE area_persons (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    area_id     BIGINT NOT NULL REFERENCES areas (id),
    person_id   BIGINT NOT NULL REFERENCES people (id),
    "from"      TEXT NOT NULL,
    "to"        TEXT NOT NULL             -- '' until further notice
);
CREATE INDEX area_persons_area ON area_persons (area_id, id);
CREATE INDEX area_persons_person ON area_persons (person_id, id);

CREATE TABLE area_publications (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    unit_id         BIGINT NOT NULL REFERENCES units (id),
    name            TEXT NOT NULL,
    revision        BIGINT NOT NULL,      -- 1, and one more for each change
    day             TEXT NOT NULL,        -- as the areas stood
    channel         TEXT NOT NULL,        -- how to reach them: a desk, no private number
    rows            TEXT NOT NULL,        -- JSON array, as it was published
    areas           BIGINT NOT NULL,      -- how many of them
    token           TEXT NOT NULL,        -- /p/<token>: the same for all of the project's
    publisher_id    BIGINT REFERENCES people (id),
    published_by    TEXT NOT NULL,
    published_at    BIGINT NOT NULL,
    year            BIGINT NOT NULL,      -- of the receipt
    serial          BIGINT NOT NULL,      -- within the year, without gaps; 0 none yet
    receipt         TEXT NOT NULL,        -- 片区-2026-0001
    received_by     TEXT NOT NULL,
    received_at     BIGINT NOT NULL,
    sha256          TEXT NOT NULL,        -- of what was published
    state           TEXT NOT NULL         -- published, received, superseded
);
CREATE UNIQUE INDEX area_publications_revision ON area_publications (unit_id, revision);
CREATE UNIQUE INDEX area_publications_receipt ON area_publications (year, serial) WHERE serial > 0;
CREATE INDEX area_publications_token ON area_publications (token);
CREATE INDEX area_publications_unit ON area_publications (unit_id, id);
CREATE INDEX area_publications_state ON area_publications (state, id);
