-- Divisions' own rules (V3.4, V6.1.1) and the inspection standards that projects write under them (V3.5, V6.1.2).
CREATE TABLE division_rules (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    unit_id         BIGINT NOT NULL REFERENCES units (id), -- the division; its rules hold for what hangs under it
    name            TEXT NOT NULL,
    revision        BIGINT NOT NULL,
    former_id       BIGINT REFERENCES division_rules (id),
    contracting     TEXT NOT NULL,        -- the four parts that V6.1.1 asks for
    standards       TEXT NOT NULL,
    evaluation      TEXT NOT NULL,
    assessment      TEXT NOT NULL,
    mandatory       TEXT NOT NULL,        -- categories that no standard may lack
    m2_cleaning     BIGINT NOT NULL,      -- one person for each so many square metres begun; 0: one for an area of any size
    m2_greening     BIGINT NOT NULL,
    m2_pest_control BIGINT NOT NULL,
    m2_engineering  BIGINT NOT NULL,
    "from"          TEXT NOT NULL,
    "to"            TEXT NOT NULL,        -- '' until others follow
    author_id       BIGINT REFERENCES people (id),
    author_name     TEXT NOT NULL,
    filer_id        BIGINT REFERENCES people (id),
    filed_by        TEXT NOT NULL,
    filed_at        BIGINT NOT NULL,
    year            BIGINT NOT NULL,      -- of the receipt
    serial          BIGINT NOT NULL,      -- within the year, without gaps; 0 none yet
    receipt         TEXT NOT NULL,        -- 细则-2026-0001
    received_by     TEXT NOT NULL,
    received_at     BIGINT NOT NULL,
    sha256          TEXT NOT NULL,        -- of what was signed
    state           TEXT NOT NULL         -- draft, filed, received, retired
);
CREATE UNIQUE INDEX division_rules_receipt ON division_rules (year, serial) WHERE serial > 0;
CREATE INDEX division_rules_former ON division_rules (former_id, id);
CREATE INDEX division_rules_unit ON division_rules (unit_id, id);
CREATE INDEX division_rules_state ON division_rules (state, id);

CREATE TABLE standards (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    unit_id         BIGINT NOT NULL REFERENCES units (id), -- the project
    service         TEXT NOT NULL,
    name            TEXT NOT NULL,
    revision        BIGINT NOT NULL,
    former_id       BIGINT REFERENCES standards (id),
    "from"          TEXT NOT NULL,        -- the first day on which it is in force
    "to"            TEXT NOT NULL,        -- '' until another one follows it
    note            TEXT NOT NULL,
    rules_id        BIGINT REFERENCES division_rules (id), -- that it was approved under
    author_id       BIGINT REFERENCES people (id),
    author_name     TEXT NOT NULL,
    editors         TEXT NOT NULL,        -- ids of whoever wrote in it: none of them approves it
    approver_id     BIGINT REFERENCES people (id),
    approved_by     TEXT NOT NULL,
    approved_at     BIGINT NOT NULL,
    ended_reason    TEXT NOT NULL,
    items           TEXT NOT NULL,        -- JSON array as it was approved; '' before
    sha256          TEXT NOT NULL,        -- of what was signed
    state           TEXT NOT NULL         -- draft, in_force, retired
);
CREATE INDEX standards_former ON standards (former_id, id);
CREATE INDEX standards_unit ON standards (unit_id, id);
CREATE INDEX standards_service ON standards (service, id);
CREATE INDEX standards_state ON standards (state, id);
-- The one in force on a day.
CREATE INDEX standards_for ON standards (unit_id, service, "from");

CREATE TABLE standard_items (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    standard_id BIGINT NOT NULL REFERENCES standards (id),
    number      BIGINT NOT NULL,          -- its place in the standard
    category    TEXT NOT NULL,
    place       TEXT NOT NULL,            -- 部位
    text        TEXT NOT NULL,            -- what is asked for
    term_id     BIGINT REFERENCES terms (id), -- the term of the contract that it checks
    method      TEXT NOT NULL,
    frequency   TEXT NOT NULL,
    sample      TEXT NOT NULL,            -- how much of it is looked at
    points      BIGINT NOT NULL,          -- hundredths
    deduction   BIGINT NOT NULL,          -- for each finding, no more than its points
    photo       BOOLEAN NOT NULL,
    fatal       BOOLEAN NOT NULL,
    code        TEXT NOT NULL             -- by which an imported row is known again: standard, place and words
);
CREATE INDEX standard_items_standard ON standard_items (standard_id, number);
CREATE INDEX standard_items_code ON standard_items (code);
CREATE INDEX standard_items_category ON standard_items (category, id);
CREATE INDEX standard_items_term ON standard_items (term_id, id);
