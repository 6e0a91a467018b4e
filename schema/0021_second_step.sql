-- Between the password and the code of the second factor: who has proved the password, for some minutes.
CREATE TABLE second_steps (
    hash       TEXT PRIMARY KEY,          -- keyed hash of what the browser holds
    account    TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX second_steps_expires ON second_steps (expires_at);

-- What stands in for a lost authenticator; each works once.
CREATE TABLE recovery_codes (
    id         IDENTITY,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    hash       TEXT NOT NULL,             -- keyed
    used_at    BIGINT NOT NULL            -- 0: not yet
);
CREATE INDEX recovery_codes_account ON recovery_codes (account_id, id);
