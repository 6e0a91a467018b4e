-- Shifts and attendance (C2.3). They are the provider's own affair: nobody of the client's side reads any of it.
CREATE TABLE shift_kinds (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    contract_id     BIGINT REFERENCES contracts (id), -- NULL: for whoever works there
    name            TEXT NOT NULL,
    starts          TEXT NOT NULL,        -- HH:MM
    ends            TEXT NOT NULL,        -- not after the start: on the next day
    break_min       BIGINT NOT NULL,
    late_grace      BIGINT NOT NULL,      -- minutes that do not count yet
    early_grace     BIGINT NOT NULL,
    usual_from      TEXT NOT NULL,        -- days on which it holds for whoever has no shift; '' never
    usual_to        TEXT NOT NULL,        -- '' without end
    state           TEXT NOT NULL         -- in_force, retired
);
CREATE INDEX shift_kinds_organisation ON shift_kinds (organisation_id, id);
CREATE INDEX shift_kinds_contract ON shift_kinds (contract_id, id);
CREATE INDEX shift_kinds_state ON shift_kinds (state, id);

-- Who works when; without a kind the person is free that day.
CREATE TABLE shifts (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    person_id       BIGINT NOT NULL REFERENCES people (id),
    day             TEXT NOT NULL,
    shift_kind_id   BIGINT REFERENCES shift_kinds (id),
    judged          BOOLEAN NOT NULL      -- the day is over and stands in attendance
);
CREATE UNIQUE INDEX shifts_person ON shifts (person_id, day);
CREATE INDEX shifts_organisation ON shifts (organisation_id, day, person_id);
CREATE INDEX shifts_kind ON shifts (shift_kind_id, id);
CREATE INDEX shifts_day ON shifts (day, id);
CREATE INDEX shifts_judged ON shifts (judged, day);

-- What the machine says of a person's day: a fact, never changed.
CREATE TABLE clockings (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    person_id       BIGINT NOT NULL REFERENCES people (id),
    number          TEXT NOT NULL,        -- and name, as the machine has them
    said_name       TEXT NOT NULL,
    code            TEXT NOT NULL,        -- number and day: knows the row again
    day             TEXT NOT NULL,
    came            TEXT NOT NULL,        -- HH:MM; '' missing
    went            TEXT NOT NULL,
    note            TEXT NOT NULL
);
CREATE UNIQUE INDEX clockings_person ON clockings (person_id, day);
CREATE UNIQUE INDEX clockings_code ON clockings (organisation_id, code);
CREATE INDEX clockings_number ON clockings (organisation_id, number, id);
CREATE INDEX clockings_day ON clockings (day, id);

-- What became of each person's day, worked out from shift, clocking, corrections and leave. Its id is the day above
-- 32 bits of the person.
CREATE TABLE attendance (
    id              NUMBER_KEY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    person_id       BIGINT NOT NULL REFERENCES people (id),
    day             TEXT NOT NULL,
    shift_kind_id   BIGINT REFERENCES shift_kinds (id),
    usual           BOOLEAN NOT NULL,     -- that kind holds because no shift was planned
    kind            TEXT NOT NULL,        -- present, late, early, missing, absent, leave, free, unjudged
    minutes         BIGINT NOT NULL,      -- of that kind
    came            TEXT NOT NULL,        -- as corrected
    went            TEXT NOT NULL,
    late_min        BIGINT NOT NULL,
    early_min       BIGINT NOT NULL,
    due             BIGINT NOT NULL,      -- hundredths of a day, as are the next three
    attended        BIGINT NOT NULL,
    absent          BIGINT NOT NULL,
    on_leave        BIGINT NOT NULL
);
CREATE INDEX attendance_person ON attendance (person_id, day);
-- All that the days of many people are measured by.
CREATE INDEX attendance_organisation ON attendance (organisation_id, day, person_id, due, attended, late_min,
                                                    early_min, absent, on_leave, kind);
CREATE INDEX attendance_kind ON attendance (kind, id);
CREATE INDEX attendance_day ON attendance (day, id);

-- The sums of a person's month; its id is the month above 32 bits of the person.
CREATE TABLE attendance_months (
    id              NUMBER_KEY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    person_id       BIGINT NOT NULL REFERENCES people (id),
    month           TEXT NOT NULL,
    days            TEXT NOT NULL,        -- a letter for each day of the month, '.' where there is nothing
    due             BIGINT NOT NULL,
    attended        BIGINT NOT NULL,
    late            BIGINT NOT NULL,
    late_min        BIGINT NOT NULL,
    early           BIGINT NOT NULL,
    early_min       BIGINT NOT NULL,
    missing         BIGINT NOT NULL,
    unjudged        BIGINT NOT NULL,
    absent          BIGINT NOT NULL,
    on_leave        BIGINT NOT NULL,
    rate            BIGINT NOT NULL       -- hundredths of a per cent; 0 when nothing was due
);
CREATE INDEX attendance_months_organisation ON attendance_months (organisation_id, month);
CREATE INDEX attendance_months_person ON attendance_months (person_id, id);
CREATE INDEX attendance_months_month ON attendance_months (month, id);
CREATE INDEX attendance_months_late ON attendance_months (late THEN_ID);
CREATE INDEX attendance_months_late_min ON attendance_months (late_min THEN_ID);
CREATE INDEX attendance_months_early ON attendance_months (early THEN_ID);
CREATE INDEX attendance_months_absent ON attendance_months (absent THEN_ID);
CREATE INDEX attendance_months_on_leave ON attendance_months (on_leave THEN_ID);
CREATE INDEX attendance_months_rate ON attendance_months (rate THEN_ID);
