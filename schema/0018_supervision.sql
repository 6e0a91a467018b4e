-- Reports of projects on their supervision (V5.1.3), filed upward and kept.
CREATE TABLE supervision_reports (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    unit_id         BIGINT NOT NULL REFERENCES units (id),
    name            TEXT NOT NULL,        -- project and month
    month           TEXT NOT NULL,
    revision        BIGINT NOT NULL,      -- 1, and one more for each correction
    corrects_id     BIGINT REFERENCES supervision_reports (id),
    correction      TEXT NOT NULL,        -- why it corrects the one before
    body            TEXT NOT NULL,
    figures         TEXT NOT NULL,        -- JSON array, frozen when it is filed; '' before
    author_id       BIGINT REFERENCES people (id), -- none: drafted by the system
    author_name     TEXT NOT NULL,
    filer_id        BIGINT REFERENCES people (id),
    filed_by        TEXT NOT NULL,
    filed_at        BIGINT NOT NULL,
    late            BOOLEAN NOT NULL,     -- filed after its day
    year            BIGINT NOT NULL,      -- of the receipt
    serial          BIGINT NOT NULL,      -- within the year, without gaps; 0 none yet
    receipt         TEXT NOT NULL,        -- 回执-2026-0001
    received_by     TEXT NOT NULL,
    received_at     BIGINT NOT NULL,
    noted_by        TEXT NOT NULL,        -- by the operations centre, for the record
    noted_at        BIGINT NOT NULL,
    sha256          TEXT NOT NULL,        -- of signed_text
    signed_text     TEXT NOT NULL,        -- canonical, as it was signed
    state           TEXT NOT NULL         -- drafted, filed, received, noted
);
CREATE UNIQUE INDEX supervision_reports_revision ON supervision_reports (unit_id, month, revision);
CREATE UNIQUE INDEX supervision_reports_corrects ON supervision_reports (corrects_id) WHERE corrects_id IS NOT NULL;
CREATE UNIQUE INDEX supervision_reports_receipt ON supervision_reports (year, serial) WHERE serial > 0;
CREATE INDEX supervision_reports_unit ON supervision_reports (unit_id, id);
CREATE INDEX supervision_reports_state ON supervision_reports (state, id);
CREATE INDEX supervision_reports_month ON supervision_reports (month, id);
CREATE INDEX supervision_reports_late ON supervision_reports (late, id);
CREATE INDEX supervision_reports_filed ON supervision_reports (filed_at, id);
-- What the figures of a month and the living regulation ask for.
CREATE INDEX letters_turn_due ON letters (type, turn, due_at);
CREATE INDEX duties_met ON duties (met_at, id) WHERE met_at > 0;
CREATE INDEX number_permissions_to ON number_permissions ("to", id);
