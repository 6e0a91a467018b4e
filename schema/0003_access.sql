-- Accounts, sessions, tokens, and what keeps guessing and repeating away.
CREATE TABLE accounts (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    name            TEXT NOT NULL,
    person_id       BIGINT NOT NULL REFERENCES people (id),
    roles           TEXT NOT NULL,
    state           TEXT NOT NULL,        -- active, disabled
    password        TEXT NOT NULL,        -- argon2id
    must_change     BOOLEAN NOT NULL,     -- the password is somebody else's choice
    otp_secret      TEXT NOT NULL,        -- sealed; '' without second factor
    otp_on          BOOLEAN NOT NULL,
    otp_step        BIGINT NOT NULL,      -- last step used: a code works once
    last_login_at   BIGINT NOT NULL,
    search_key      TEXT NOT NULL
);
CREATE UNIQUE INDEX accounts_name ON accounts (name);
-- One account a person, so that roles which exclude each other stay with different people.
CREATE UNIQUE INDEX accounts_person ON accounts (person_id);

CREATE TABLE sessions (
    id         IDENTITY,
    key_hash   TEXT NOT NULL,             -- keyed hash of what the browser or program holds
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    origin     TEXT NOT NULL,
    agent      TEXT NOT NULL              -- the browser, as it names itself
);
CREATE UNIQUE INDEX sessions_key ON sessions (key_hash);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE tokens (
    id           IDENTITY,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    account_id   BIGINT NOT NULL REFERENCES accounts (id),
    name         TEXT NOT NULL,
    key_hash     TEXT NOT NULL,
    rights       TEXT NOT NULL,           -- names with spaces between, or "all": a part of the account's
    expires_on   TEXT NOT NULL,
    state        TEXT NOT NULL            -- active, revoked
);
CREATE UNIQUE INDEX tokens_key ON tokens (key_hash);
CREATE INDEX tokens_account ON tokens (account_id, id);

-- Wrong passwords by account and by address; the delay grows with their number.
CREATE TABLE failures (
    subject  TEXT PRIMARY KEY,            -- "account:pm", "address:10.0.0.7"
    count    BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    until_at BIGINT NOT NULL              -- refused before
);
CREATE INDEX failures_last ON failures (last_at);

-- Answers to POSTs that carried an Idempotency-Key.
CREATE TABLE idempotency_keys (
    account_id BIGINT NOT NULL,
    name       TEXT NOT NULL,             -- the key as sent
    request    TEXT NOT NULL,             -- SHA-256 of method, path and body
    status     BIGINT NOT NULL,
    location   TEXT NOT NULL,
    body       TEXT NOT NULL,             -- sealed: it may hold a token that is shown once
    at         BIGINT NOT NULL,
    PRIMARY KEY (account_id, name)
);
CREATE INDEX idempotency_keys_at ON idempotency_keys (at);
