-- Days of the working calendar that became others, until the clock has dated anew what they move.
CREATE TABLE calendar_changes (
    id   IDENTITY,
    date TEXT NOT NULL,
    name TEXT NOT NULL
);
-- How far it is with that; at most one row.
CREATE TABLE redatings (
    up_to      BIGINT NOT NULL,           -- the last of the changes that it is about
    rule       TEXT NOT NULL,
    subject_id BIGINT NOT NULL,           -- of the rule's open duties the last one that was looked at
    period     TEXT NOT NULL
);

-- From when the time for a solution counts, when it is not from the beginning.
ALTER TABLE issues ADD COLUMN reopened_at BIGINT NOT NULL DEFAULT 0;
