-- Confidentiality (C3.3): what the client's people sign before they open project data, what leaves as a file, and leaks.
CREATE TABLE undertakings (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    provider_id BIGINT NOT NULL REFERENCES organisations (id),
    edition     BIGINT NOT NULL,
    text        TEXT NOT NULL,
    enforced_at BIGINT NOT NULL,
    state       TEXT NOT NULL             -- draft, in_force, retired
);
CREATE UNIQUE INDEX undertakings_edition ON undertakings (provider_id, edition);
CREATE INDEX undertakings_provider ON undertakings (provider_id, id);
CREATE INDEX undertakings_state ON undertakings (state, id);

CREATE TABLE leaks (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    contract_id     BIGINT NOT NULL REFERENCES contracts (id),
    what            TEXT NOT NULL,
    channel         TEXT NOT NULL,        -- usb, print, mail, photo, other
    happened_at     BIGINT NOT NULL,
    found_by        TEXT NOT NULL,
    person_id       BIGINT REFERENCES people (id),
    others          TEXT NOT NULL,
    recorder_id     BIGINT NOT NULL REFERENCES people (id),
    investigation   TEXT NOT NULL,
    liability       TEXT NOT NULL,        -- client, provider; '' not found yet
    investigator_id BIGINT REFERENCES people (id),
    investigated_at BIGINT NOT NULL,
    measures        TEXT NOT NULL,
    closed_at       BIGINT NOT NULL,
    state           TEXT NOT NULL         -- open, investigated, closed
);
CREATE INDEX leaks_contract ON leaks (contract_id, id);
CREATE INDEX leaks_channel ON leaks (channel, id);
CREATE INDEX leaks_liability ON leaks (liability, id);
CREATE INDEX leaks_state ON leaks (state, id);
CREATE INDEX leaks_happened_at ON leaks (happened_at, id);

CREATE TABLE exports (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT REFERENCES organisations (id), -- of whoever made it
    account         TEXT NOT NULL,
    person_name     TEXT NOT NULL,
    resource        TEXT NOT NULL,
    record_id       BIGINT,               -- NULL: a list
    contract_id     BIGINT REFERENCES contracts (id), -- NULL: of no single one
    action          TEXT NOT NULL,        -- export, print
    confidential    BOOLEAN NOT NULL,     -- project data
    query           TEXT NOT NULL,
    origin          TEXT NOT NULL,
    request         TEXT NOT NULL         -- stands in the watermark, too
);
CREATE INDEX exports_organisation ON exports (organisation_id, id);
CREATE INDEX exports_contract ON exports (contract_id, id);
CREATE INDEX exports_resource ON exports (resource, id);
CREATE INDEX exports_confidential ON exports (confidential, id);
CREATE INDEX exports_created_at ON exports (created_at, id);
