-- Letters between the two sides of a contract, and what sending them rests on.
CREATE TABLE letters (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    type          TEXT NOT NULL,
    number        TEXT NOT NULL,           -- '' until it is first sent
    contract_id   BIGINT NOT NULL REFERENCES contracts (id),
    client_id     BIGINT NOT NULL REFERENCES organisations (id),
    provider_id   BIGINT NOT NULL REFERENCES organisations (id),
    unit_id       BIGINT NOT NULL REFERENCES units (id),
    from_side     TEXT NOT NULL,
    subject       TEXT NOT NULL,
    body          TEXT NOT NULL,
    lines         TEXT NOT NULL,           -- JSON array by the type's fields; '' none
    attachments   TEXT NOT NULL,           -- as sent: lines of SHA-256, two spaces, name
    round         BIGINT NOT NULL,
    author_id     BIGINT REFERENCES people (id), -- none: drafted by the system
    author_name   TEXT NOT NULL,
    sent_at       BIGINT NOT NULL,
    decided_at    BIGINT NOT NULL,
    decider_id    BIGINT REFERENCES people (id),
    decided_by    TEXT NOT NULL,
    decided_for   TEXT NOT NULL,           -- in whose name, by delegation
    reason        TEXT NOT NULL,
    executed_at   BIGINT NOT NULL,
    answered_at   BIGINT NOT NULL,
    answer        TEXT NOT NULL,
    due_at        BIGINT NOT NULL,
    turn          TEXT NOT NULL,           -- the side that has to do the next step
    urged_on      TEXT NOT NULL,
    editing       BOOLEAN NOT NULL,        -- returned, and changed since
    sha256        TEXT NOT NULL,           -- of signed_text
    signed_text   TEXT NOT NULL,           -- canonical, as it was signed
    code          TEXT NOT NULL,           -- for checking a printed copy
    state         TEXT NOT NULL,
    search_key    TEXT NOT NULL
);
CREATE UNIQUE INDEX letters_number ON letters (number) WHERE number <> '';
CREATE UNIQUE INDEX letters_code ON letters (code) WHERE code <> '';
CREATE INDEX letters_contract ON letters (contract_id, id);
CREATE INDEX letters_client ON letters (client_id, id);
CREATE INDEX letters_provider ON letters (provider_id, id);
CREATE INDEX letters_turn ON letters (turn, id);
CREATE INDEX letters_state ON letters (state, id);
CREATE INDEX letters_due ON letters (due_at, id);

-- The last number given, by prefix and year.
CREATE TABLE letter_numbers (
    prefix TEXT NOT NULL,
    year   BIGINT NOT NULL,
    last   BIGINT NOT NULL,
    PRIMARY KEY (prefix, year)
);

-- What two parties agreed on electronic signatures; the paper hangs at it as a document.
CREATE TABLE signature_agreements (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    client_id   BIGINT NOT NULL REFERENCES organisations (id),
    provider_id BIGINT NOT NULL REFERENCES organisations (id),
    number      TEXT NOT NULL,
    signed_on   TEXT NOT NULL,
    ends_on     TEXT NOT NULL              -- '' until it is ended
);
CREATE INDEX signature_agreements_parties ON signature_agreements (client_id, provider_id, id);
CREATE INDEX signature_agreements_provider ON signature_agreements (provider_id, id);

-- Who decides for whom during an absence.
CREATE TABLE delegations (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    person_id       BIGINT NOT NULL REFERENCES people (id),
    delegate_id     BIGINT NOT NULL REFERENCES people (id),
    starts_on       TEXT NOT NULL,
    ends_on         TEXT NOT NULL,
    reason          TEXT NOT NULL
);
CREATE INDEX delegations_delegate ON delegations (delegate_id, ends_on);
CREATE INDEX delegations_person ON delegations (person_id, id);
CREATE INDEX delegations_organisation ON delegations (organisation_id, id);
