-- Duties: who owes what by when; and what the calendar learned since it was shipped.
CREATE TABLE duties (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    rule            TEXT NOT NULL,
    clause          TEXT NOT NULL,
    subject         TEXT NOT NULL,        -- the record that it is about
    subject_id      BIGINT NOT NULL,
    title           TEXT NOT NULL,
    period          TEXT NOT NULL,        -- 2026-11 of a duty that comes every month
    contract_id     BIGINT REFERENCES contracts (id),
    organisation_id BIGINT NOT NULL REFERENCES organisations (id), -- whose it is
    unit_id         BIGINT REFERENCES units (id),
    owner_side      TEXT NOT NULL,
    owner_role      TEXT NOT NULL,
    owner_id        BIGINT REFERENCES people (id), -- none: whoever holds the role
    opened_at       BIGINT NOT NULL,      -- may lie in the future
    due_at          BIGINT NOT NULL,
    met_at          BIGINT NOT NULL,
    next_at         BIGINT NOT NULL,      -- when the clock looks again; 0 never
    state           TEXT NOT NULL,        -- open, met, overdue, waived
    level           BIGINT NOT NULL,      -- rungs climbed
    reason          TEXT NOT NULL,        -- of waiving by somebody
    live            BOOLEAN NOT NULL      -- on somebody's list: begun, and neither met nor waived
);
-- One record owes the same thing once at a time.
CREATE UNIQUE INDEX duties_once ON duties (subject, subject_id, rule, period) WHERE state IN ('open', 'overdue');
CREATE INDEX duties_subject ON duties (subject_id, subject, id);
CREATE INDEX duties_contract ON duties (contract_id, id);
CREATE INDEX duties_state ON duties (state, id);
CREATE INDEX duties_due ON duties (due_at, id);
CREATE INDEX duties_next ON duties (next_at, id) WHERE next_at > 0;
-- What is live of a person, of a role, of a unit and of an organisation, the most urgent first. Within a
-- unit there are few: its roles are told apart inside the index.
CREATE INDEX duties_person ON duties (owner_id, due_at, id) WHERE live = TRUE AND owner_id IS NOT NULL;
CREATE INDEX duties_role ON duties (organisation_id, owner_role, due_at, id) WHERE live = TRUE AND owner_id IS NULL;
CREATE INDEX duties_unit ON duties (unit_id, due_at, id, owner_role) WHERE live = TRUE;
CREATE INDEX duties_organisation ON duties (organisation_id, due_at, id) WHERE live = TRUE;

-- How far the month's duties of a rule have been opened.
CREATE TABLE duty_months (
    rule    TEXT PRIMARY KEY,
    period  TEXT NOT NULL,
    last_id BIGINT NOT NULL,              -- of its resource, in their order
    done    BOOLEAN NOT NULL
);

-- Holidays and make-up days that were announced since, or are the company's own.
CREATE TABLE calendar_days (
    id         IDENTITY,
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    date       TEXT NOT NULL,
    kind       TEXT NOT NULL,             -- holiday, workday
    name       TEXT NOT NULL
);
CREATE UNIQUE INDEX calendar_days_date ON calendar_days (date, id);
CREATE UNIQUE INDEX calendar_days_once ON calendar_days (date);

-- Another one with every change of the calendar, so that everybody's copy knows that it is old.
CREATE TABLE calendar_stamps (
    stamp TEXT PRIMARY KEY
);

-- A person who leaves is looked for in the ledger.
CREATE INDEX contracts_contact ON contracts (contact_id, id) WHERE contact_id IS NOT NULL;
