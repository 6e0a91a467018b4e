-- Files of an office on their way into records: what was uploaded, how it is read, what came of it.
CREATE TABLE imports (
    id             IDENTITY,
    version        BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    account_id     BIGINT NOT NULL REFERENCES accounts (id),
    made_by        TEXT NOT NULL,
    resource       TEXT NOT NULL,         -- contracts, organisations, units
    file_name      TEXT NOT NULL,
    sha256         TEXT NOT NULL,         -- the file, kept as a document of the import
    state          TEXT NOT NULL,         -- uploaded, checking, checked, running, done, refused, failed
    header_row     BIGINT NOT NULL,       -- 0: not found yet
    mapping        TEXT NOT NULL,         -- field of each column, with commas between; '' not imported
    preview        TEXT NOT NULL,         -- sealed JSON: the first rows
    rights         TEXT NOT NULL,         -- that it runs with: no more than whoever asked for it had
    rows           BIGINT NOT NULL,       -- of data in the file: good + unchanged + bad_rows
    good           BIGINT NOT NULL,
    unchanged      BIGINT NOT NULL,       -- there already, with the same content
    bad_rows       BIGINT NOT NULL,
    imported       BIGINT NOT NULL,       -- so far, over all runs
    good_rows      BOOLEAN NOT NULL,      -- the good ones, although others are bad
    creates        TEXT NOT NULL,         -- JSON: records that the good rows mention and nobody has
    failure        TEXT NOT NULL,         -- code of what stopped it
    failure_detail TEXT NOT NULL
);
CREATE INDEX imports_account ON imports (account_id, id);
-- What the worker looks for.
CREATE INDEX imports_waiting ON imports (id) WHERE state = 'checking' OR state = 'running';

-- The rows that cannot be imported as they are, and the corrections made to them.
CREATE TABLE import_rows (
    import_id   BIGINT NOT NULL REFERENCES imports (id),
    number      BIGINT NOT NULL,          -- in the file
    cells       TEXT NOT NULL,            -- sealed JSON: with the corrections in them
    corrections TEXT NOT NULL,            -- sealed JSON: column and text by turns; '' none
    faults      TEXT NOT NULL,            -- JSON; '' when nothing is wrong any more
    PRIMARY KEY (import_id, number)
);
