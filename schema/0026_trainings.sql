-- Training of both tiers (C2.2): what is taught on a contract, when it was, and how everybody did.
CREATE TABLE training_subjects (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    tier        TEXT NOT NULL,            -- managers: by the client; agents: by supervisors or duty managers
    name        TEXT NOT NULL,
    edition     TEXT NOT NULL,            -- of the material
    pass_score  BIGINT NOT NULL,          -- hundredths of a point, of 100
    required    BOOLEAN NOT NULL,         -- without it no agent is opened on the contract
    state       TEXT NOT NULL             -- in_force, retired
);
CREATE INDEX training_subjects_contract ON training_subjects (contract_id, id);
CREATE INDEX training_subjects_tier ON training_subjects (tier, id);
CREATE INDEX training_subjects_required ON training_subjects (required, id);
CREATE INDEX training_subjects_state ON training_subjects (state, id);

CREATE TABLE trainings (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    subject_id  BIGINT NOT NULL REFERENCES training_subjects (id),
    tier        TEXT NOT NULL,
    held_on     TEXT NOT NULL,
    trainer_id  BIGINT NOT NULL REFERENCES people (id),
    place       TEXT NOT NULL,
    note        TEXT NOT NULL,
    trainees    TEXT NOT NULL,            -- JSON array, until it is confirmed
    trained     BIGINT NOT NULL,          -- how many were there
    passed      BIGINT NOT NULL,
    reason      TEXT NOT NULL,            -- why it is void
    state       TEXT NOT NULL             -- draft, confirmed, void
);
CREATE INDEX trainings_contract ON trainings (contract_id, held_on);
CREATE INDEX trainings_contract_id ON trainings (contract_id, id);
CREATE INDEX trainings_subject ON trainings (subject_id, id);
CREATE INDEX trainings_trainer ON trainings (trainer_id, id);
CREATE INDEX trainings_tier ON trainings (tier, id);
CREATE INDEX trainings_state ON trainings (state, id);

-- Of those that are confirmed: a row for each person.
CREATE TABLE training_scores (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    training_id BIGINT NOT NULL REFERENCES trainings (id),
    person_id   BIGINT NOT NULL REFERENCES people (id),
    score       BIGINT NOT NULL,
    absent      BOOLEAN NOT NULL,
    passed      BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX training_scores_once ON training_scores (training_id, person_id);
CREATE INDEX training_scores_person ON training_scores (person_id, id);
