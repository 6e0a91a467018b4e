-- What people ask about their days, and somebody else decides: leave, corrections of punches, swaps of shifts (C2.3).
CREATE TABLE attendance_rules (
    id                IDENTITY,
    version           BIGINT NOT NULL,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    organisation_id   BIGINT NOT NULL REFERENCES organisations (id),
    swaps_month       BIGINT NOT NULL,    -- of one person in a month, asked or taken
    corrections_month BIGINT NOT NULL     -- likewise; 0: any number
);
CREATE UNIQUE INDEX attendance_rules_organisation ON attendance_rules (organisation_id);

CREATE TABLE leaves (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    person_id       BIGINT NOT NULL REFERENCES people (id),
    reason          TEXT NOT NULL,
    asked_by        BIGINT REFERENCES people (id),
    decided_by      BIGINT REFERENCES people (id),
    decision        TEXT NOT NULL,        -- why it was refused
    state           TEXT NOT NULL,        -- asked, approved, refused, withdrawn
    kind            TEXT NOT NULL,
    "from"          TEXT NOT NULL,
    "to"            TEXT NOT NULL,        -- both days count
    part            TEXT NOT NULL         -- whole days, or half of one
);
CREATE INDEX leaves_person ON leaves (person_id, "from");
CREATE INDEX leaves_organisation ON leaves (organisation_id, id);
CREATE INDEX leaves_state ON leaves (state, id);
CREATE INDEX leaves_kind ON leaves (kind, id);
CREATE INDEX leaves_from ON leaves ("from", id);

CREATE TABLE attendance_corrections (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    person_id       BIGINT NOT NULL REFERENCES people (id),
    reason          TEXT NOT NULL,
    asked_by        BIGINT REFERENCES people (id),
    decided_by      BIGINT REFERENCES people (id),
    decision        TEXT NOT NULL,
    state           TEXT NOT NULL,
    day             TEXT NOT NULL,
    came            TEXT NOT NULL,        -- what holds from now on; '' leaves what was
    went            TEXT NOT NULL,
    was_came        TEXT NOT NULL,        -- what held when it was asked
    was_went        TEXT NOT NULL
);
CREATE INDEX attendance_corrections_person ON attendance_corrections (person_id, day);
CREATE INDEX attendance_corrections_organisation ON attendance_corrections (organisation_id, id);
CREATE INDEX attendance_corrections_state ON attendance_corrections (state, id);

CREATE TABLE shift_swaps (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    person_id       BIGINT NOT NULL REFERENCES people (id),
    reason          TEXT NOT NULL,
    asked_by        BIGINT REFERENCES people (id),
    decided_by      BIGINT REFERENCES people (id),
    decision        TEXT NOT NULL,
    state           TEXT NOT NULL,        -- asked, agreed, approved, refused, withdrawn
    other_id        BIGINT NOT NULL REFERENCES people (id),
    day             TEXT NOT NULL,        -- both take the other's shift of that day
    other_day       TEXT NOT NULL,        -- and of this one; '' of no other
    plan            TEXT NOT NULL         -- what each had when it was asked
);
CREATE INDEX shift_swaps_person ON shift_swaps (person_id, id);
CREATE INDEX shift_swaps_other ON shift_swaps (other_id, id);
CREATE INDEX shift_swaps_organisation ON shift_swaps (organisation_id, id);
CREATE INDEX shift_swaps_state ON shift_swaps (state, id);
