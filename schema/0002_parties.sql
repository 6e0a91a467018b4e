-- Organisations on either side, their qualifications, the unit tree and people.
CREATE TABLE organisations (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    name          TEXT NOT NULL,
    short_name    TEXT NOT NULL,
    side          TEXT NOT NULL,          -- client, provider, third_party
    credit_code   TEXT NOT NULL,          -- unified social credit code, '' when unknown
    state         TEXT NOT NULL,          -- candidate, approved, watched, suspended, removed, blacklisted
    state_reason  TEXT NOT NULL,
    services      TEXT NOT NULL,          -- what a provider offers: kinds of service, with spaces between
    address       TEXT NOT NULL,
    contact_name  TEXT NOT NULL,
    contact_phone TEXT NOT NULL,          -- sealed
    search_key    TEXT NOT NULL
);
CREATE UNIQUE INDEX organisations_name ON organisations (name);
CREATE UNIQUE INDEX organisations_credit_code ON organisations (credit_code) WHERE credit_code <> '';
CREATE INDEX organisations_side ON organisations (side, id);

-- Licences and certificates with their dates (X5).
CREATE TABLE qualifications (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    kind            TEXT NOT NULL,
    name            TEXT NOT NULL,
    number          TEXT NOT NULL,
    issued_by       TEXT NOT NULL,
    valid_from      TEXT NOT NULL,
    valid_to        TEXT NOT NULL,        -- last day on which it holds; '' without end
    required        BOOLEAN NOT NULL      -- without it no contract may become active
);
CREATE INDEX qualifications_organisation ON qualifications (organisation_id, valid_to);
CREATE INDEX qualifications_valid_to ON qualifications (valid_to, id);

-- Group > centres and divisions > projects.
CREATE TABLE units (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    parent_id       BIGINT REFERENCES units (id),
    kind            TEXT NOT NULL,
    name            TEXT NOT NULL,
    path            TEXT NOT NULL,        -- ids from the root, "/1/4/9/": a unit's own lie in one range
    search_key      TEXT NOT NULL
);
CREATE INDEX units_path ON units (path, id);
CREATE UNIQUE INDEX units_name ON units (organisation_id, name);

CREATE TABLE people (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    unit_id         BIGINT REFERENCES units (id),
    name            TEXT NOT NULL,
    id_card         TEXT NOT NULL,        -- sealed
    id_card_hash    TEXT NOT NULL,        -- keyed hash, finds the same person again
    phone           TEXT NOT NULL,        -- sealed
    phone_hash      TEXT NOT NULL,
    job             TEXT NOT NULL,
    employed_by     TEXT NOT NULL,        -- who insures the person (V5.1.4)
    joined_on       TEXT NOT NULL,
    left_on         TEXT NOT NULL,
    search_key      TEXT NOT NULL
);
CREATE INDEX people_organisation ON people (organisation_id, id);
CREATE INDEX people_unit ON people (unit_id, id);
CREATE INDEX people_id_card ON people (id_card_hash);
CREATE INDEX people_phone ON people (phone_hash);
CREATE INDEX people_name ON people (name, id);
