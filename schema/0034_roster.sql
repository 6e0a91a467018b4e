-- The roster: personnel's own number of a person, and suspicions that a service was handed on (V5.1.4).
ALTER TABLE people ADD COLUMN staff_number TEXT NOT NULL DEFAULT ''; -- of the employer; not an agent id
CREATE INDEX people_staff_number ON people (organisation_id, staff_number);

CREATE TABLE subcontracting_cases (
    id               IDENTITY,
    version          BIGINT NOT NULL,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    organisation_id  BIGINT NOT NULL REFERENCES organisations (id), -- the provider
    person_id        BIGINT REFERENCES people (id),                 -- none: somebody on site whom no roster names
    person_name      TEXT NOT NULL,
    employed_by      TEXT NOT NULL,          -- who insures the person
    source           TEXT NOT NULL,          -- roster, site
    note             TEXT NOT NULL,
    found_at         BIGINT NOT NULL,
    findings         TEXT NOT NULL,
    investigator_id  BIGINT REFERENCES people (id),
    investigated_by  TEXT NOT NULL,
    investigated_at  BIGINT NOT NULL,
    reason           TEXT NOT NULL,          -- of the decision
    consequence      TEXT NOT NULL,          -- what follows from a confirmed one
    decider_id       BIGINT REFERENCES people (id),
    decided_by       TEXT NOT NULL,
    decided_at       BIGINT NOT NULL,
    state            TEXT NOT NULL           -- suspected, investigated, confirmed, dismissed
);
CREATE INDEX subcontracting_cases_organisation ON subcontracting_cases (organisation_id, id);
CREATE INDEX subcontracting_cases_person ON subcontracting_cases (person_id, id);
CREATE INDEX subcontracting_cases_source ON subcontracting_cases (source, id);
CREATE INDEX subcontracting_cases_state ON subcontracting_cases (state, id);
