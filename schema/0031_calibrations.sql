-- Several people judge one call blind, and talk about where they differ. None of it counts.
CREATE TABLE calibrations (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    call_id     BIGINT NOT NULL,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    agent_id    BIGINT REFERENCES agents (id),
    person_id   BIGINT REFERENCES people (id), -- behind the agent's id
    form_id     BIGINT NOT NULL REFERENCES review_forms (id),
    items       TEXT NOT NULL,            -- JSON: those of the form as it was, not judged
    opened_by   TEXT NOT NULL,
    sheets      BIGINT NOT NULL,          -- how many have judged it
    pairs       BIGINT NOT NULL,          -- of two judgements of one item
    agreed      BIGINT NOT NULL,          -- of them
    agreement   BIGINT NOT NULL,          -- hundredths of a per cent
    compared_at BIGINT NOT NULL,
    outcome     TEXT NOT NULL,
    closed_by   TEXT NOT NULL,
    closed_at   BIGINT NOT NULL,
    state       TEXT NOT NULL             -- open, compared, closed
);
CREATE INDEX calibrations_contract ON calibrations (contract_id, id);
CREATE INDEX calibrations_state ON calibrations (state, id);

CREATE TABLE calibration_sheets (
    id             IDENTITY,
    version        BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    calibration_id BIGINT NOT NULL REFERENCES calibrations (id),
    reviewer_id    BIGINT NOT NULL REFERENCES people (id),
    items          TEXT NOT NULL,
    remark         TEXT NOT NULL,
    fatal          BOOLEAN NOT NULL,
    score          BIGINT NOT NULL
);
CREATE UNIQUE INDEX calibration_sheets_once ON calibration_sheets (calibration_id, reviewer_id);
