-- What somebody gets beside performance pay (C2.5), and after three months in the top three (C2.10).
CREATE TABLE rewards (
    id           IDENTITY,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    contract_id  BIGINT NOT NULL REFERENCES contracts (id),
    unit_id      BIGINT NOT NULL REFERENCES units (id),
    provider_id  BIGINT NOT NULL REFERENCES organisations (id),
    client_id    BIGINT NOT NULL REFERENCES organisations (id),
    person_id    BIGINT NOT NULL REFERENCES people (id),
    month        TEXT NOT NULL,
    kind         TEXT NOT NULL,           -- bonus, three_months
    amount_fen   BIGINT NOT NULL,
    payer        TEXT NOT NULL,           -- client, provider
    channel      TEXT NOT NULL,           -- direct, provider
    reason       TEXT NOT NULL,
    rankings     TEXT NOT NULL,           -- JSON: the three sheets with their places
    letter_id    BIGINT REFERENCES letters (id),
    settled_on   TEXT NOT NULL,
    state_reason TEXT NOT NULL,
    state        TEXT NOT NULL            -- proposed, asked, agreed, settled, dropped
);
CREATE INDEX rewards_contract ON rewards (contract_id, id);
CREATE INDEX rewards_unit ON rewards (unit_id, id);
CREATE INDEX rewards_provider ON rewards (provider_id, id);
CREATE INDEX rewards_client ON rewards (client_id, id);
CREATE INDEX rewards_person ON rewards (person_id, id);
CREATE INDEX rewards_kind ON rewards (kind, id);
CREATE INDEX rewards_month ON rewards (month, id);
CREATE INDEX rewards_state ON rewards (state, id);
