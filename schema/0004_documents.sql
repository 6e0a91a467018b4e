-- Files by content; a document is a file at a record.
CREATE TABLE documents (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    name        TEXT NOT NULL,
    media_type  TEXT NOT NULL,            -- by content
    size        BIGINT NOT NULL,
    sha256      TEXT NOT NULL,
    subject     TEXT NOT NULL,            -- the resource it hangs at
    subject_id  BIGINT NOT NULL,
    retention   TEXT NOT NULL,            -- short, standard, long, permanent
    keep_until  TEXT NOT NULL,            -- last day of the retention; '' without end
    legal_hold  BOOLEAN NOT NULL,
    reason      TEXT NOT NULL,            -- of the hold, its end, or the removal
    uploaded_by TEXT NOT NULL,
    state       TEXT NOT NULL,            -- kept, removed
    erased      BOOLEAN NOT NULL,         -- removed, and its bytes are gone from the store
    search_key  TEXT NOT NULL
);
CREATE INDEX documents_subject ON documents (subject, subject_id, id);
CREATE INDEX documents_sha256 ON documents (sha256);
-- What the sweep looks for.
CREATE INDEX documents_expiring ON documents (keep_until) WHERE state = 'kept' AND legal_hold = FALSE;
CREATE INDEX documents_removed ON documents (updated_at) WHERE state = 'removed' AND erased = FALSE;

-- The bytes, where several servers share one PostgreSQL and no disk.
CREATE TABLE blobs (
    sha256 TEXT PRIMARY KEY,
    bytes  BLOB NOT NULL
);
