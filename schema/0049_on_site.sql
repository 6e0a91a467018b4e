-- Who of the provider is on site (V5.1.4): people counted on a phone, the certificates that their jobs need, and suspicions
-- that follow from either; what a confirmed one comes to.
CREATE TABLE head_counts (
    id           IDENTITY,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    contract_id  BIGINT NOT NULL REFERENCES contracts (id),
    provider_id  BIGINT NOT NULL REFERENCES organisations (id),
    client_id    BIGINT NOT NULL REFERENCES organisations (id),
    unit_id      BIGINT NOT NULL REFERENCES units (id),
    at           BIGINT NOT NULL,
    day          TEXT NOT NULL,          -- of `at`, in China
    place        TEXT NOT NULL,
    counter_id   BIGINT NOT NULL REFERENCES people (id),
    note         TEXT NOT NULL,
    lines        TEXT NOT NULL,          -- by job: required, present, short of; as it was then
    required     BIGINT NOT NULL,
    present      BIGINT NOT NULL,        -- of the roster
    shortfall    BIGINT NOT NULL,
    strangers    BIGINT NOT NULL,        -- on no roster
    companion_id BIGINT REFERENCES people (id), -- of the provider, who took note
    answered_at  BIGINT NOT NULL,
    objection    TEXT NOT NULL,
    decider_id   BIGINT REFERENCES people (id),
    decided_at   BIGINT NOT NULL,
    reason       TEXT NOT NULL,
    state        TEXT NOT NULL           -- counted, acknowledged, objected, upheld (the objection is), rejected
);
CREATE INDEX head_counts_contract ON head_counts (contract_id, day, id);
CREATE INDEX head_counts_counter ON head_counts (counter_id, id);
CREATE INDEX head_counts_client ON head_counts (client_id, unit_id, id);
CREATE INDEX head_counts_provider ON head_counts (provider_id, id);
CREATE INDEX head_counts_state ON head_counts (state, id);
CREATE INDEX head_counts_day ON head_counts (day, id);

CREATE TABLE head_count_people (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    head_count_id BIGINT NOT NULL REFERENCES head_counts (id),
    person_id     BIGINT REFERENCES people (id), -- none: on no roster
    name          TEXT NOT NULL,
    job           TEXT NOT NULL,          -- as it was then
    employer      TEXT NOT NULL,          -- whom somebody on no roster named
    note          TEXT NOT NULL,
    lapsed        BOOLEAN NOT NULL,       -- worked with a certificate that had expired
    case_id       BIGINT REFERENCES subcontracting_cases (id)
);
CREATE INDEX head_count_people_count ON head_count_people (head_count_id, id);
CREATE INDEX head_count_people_person ON head_count_people (person_id, id);

CREATE TABLE work_certificates (
    id         IDENTITY,
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    person_id  BIGINT NOT NULL REFERENCES people (id),
    kind       TEXT NOT NULL,
    number     TEXT NOT NULL,
    issued_by  TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to   TEXT NOT NULL,             -- '' for good
    needed     BOOLEAN NOT NULL           -- the person's job rests on it
);
CREATE INDEX work_certificates_person ON work_certificates (person_id, kind, id);
CREATE INDEX work_certificates_kind ON work_certificates (kind, id);
CREATE INDEX work_certificates_needed ON work_certificates (needed, valid_to, id);
CREATE INDEX work_certificates_valid_to ON work_certificates (valid_to, id);

ALTER TABLE subcontracting_cases ADD COLUMN contract_id BIGINT REFERENCES contracts (id);        -- none: of the provider altogether
ALTER TABLE subcontracting_cases ADD COLUMN head_count_id BIGINT REFERENCES head_counts (id);    -- that found somebody on no roster
ALTER TABLE subcontracting_cases ADD COLUMN other_person_id BIGINT REFERENCES people (id);       -- of another provider, who is the same
ALTER TABLE subcontracting_cases ADD COLUMN sanction TEXT NOT NULL DEFAULT '';                   -- warning, deduction, termination, blacklist
CREATE INDEX subcontracting_cases_contract ON subcontracting_cases (contract_id, id);
CREATE INDEX subcontracting_cases_count ON subcontracting_cases (head_count_id, id);
CREATE INDEX subcontracting_cases_other ON subcontracting_cases (other_person_id, id);
