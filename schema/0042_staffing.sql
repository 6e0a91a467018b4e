-- How many people the client's side asks for (C2.1), who hands over to whom (C2.6), and what the client owes on site when
-- business is new or changes (C2.8).
CREATE TABLE staff_requirements (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    job         TEXT NOT NULL,
    "from"      TEXT NOT NULL,
    "to"        TEXT NOT NULL,            -- '' until further notice
    count       BIGINT NOT NULL,
    note        TEXT NOT NULL,
    letter_id   BIGINT REFERENCES letters (id) -- that asked for more (C2.9)
);
CREATE INDEX staff_requirements_contract ON staff_requirements (contract_id, id);
CREATE INDEX staff_requirements_job ON staff_requirements (job, id);

CREATE TABLE handovers (
    id           IDENTITY,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    letter_id    BIGINT NOT NULL REFERENCES letters (id), -- that asked for the replacement
    contract_id  BIGINT NOT NULL REFERENCES contracts (id),
    person_id    BIGINT NOT NULL REFERENCES people (id),
    successor_id BIGINT NOT NULL REFERENCES people (id),
    handed_on    TEXT NOT NULL,
    notes        TEXT NOT NULL,
    state        TEXT NOT NULL            -- written, done
);
CREATE UNIQUE INDEX handovers_once ON handovers (letter_id, person_id);
CREATE INDEX handovers_contract ON handovers (contract_id, id);
CREATE INDEX handovers_state ON handovers (state, id);

CREATE TABLE business_changes (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    contract_id   BIGINT NOT NULL REFERENCES contracts (id),
    letter_id     BIGINT NOT NULL REFERENCES letters (id),
    kind          TEXT NOT NULL,          -- new_business, large_change
    name          TEXT NOT NULL,
    train_by      TEXT NOT NULL,          -- the last day for the training on site
    guide_from    TEXT NOT NULL,
    week          TEXT NOT NULL,          -- natural_days: seven; working_days: five
    training_id   BIGINT REFERENCES trainings (id),
    days          BIGINT NOT NULL,        -- of guidance
    written       BIGINT NOT NULL,        -- logs of them
    late          BIGINT NOT NULL,
    state         TEXT NOT NULL           -- running, done
);
CREATE INDEX business_changes_contract ON business_changes (contract_id, id);
CREATE INDEX business_changes_state ON business_changes (state, id);

CREATE TABLE guidance_logs (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    change_id   BIGINT NOT NULL REFERENCES business_changes (id),
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    number      BIGINT NOT NULL,          -- 1 is the first day
    day         TEXT NOT NULL,
    guide_id    BIGINT REFERENCES people (id),
    guided      TEXT NOT NULL,            -- what was guided and supervised
    problems    TEXT NOT NULL,
    written_by  TEXT NOT NULL,
    written_at  BIGINT NOT NULL,
    late        BOOLEAN NOT NULL,
    state       TEXT NOT NULL             -- owed, written
);
CREATE UNIQUE INDEX guidance_logs_once ON guidance_logs (change_id, number);
CREATE INDEX guidance_logs_contract ON guidance_logs (contract_id, id);
CREATE INDEX guidance_logs_state ON guidance_logs (state, day);
