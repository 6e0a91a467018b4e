-- What people are paid by the month's results (C2.4): terms and rules of the provider, what is added and deducted, and
-- the sheets. Nothing of it is seen by the client.
CREATE TABLE pay_terms (
    id                   IDENTITY,
    version              BIGINT NOT NULL,
    created_at           BIGINT NOT NULL,
    updated_at           BIGINT NOT NULL,
    provider_id          BIGINT NOT NULL REFERENCES organisations (id),
    person_id            BIGINT REFERENCES people (id), -- none: everybody of the job who has no terms of the own
    job                  TEXT NOT NULL,
    whose                TEXT NOT NULL,            -- the person's name, or the job's
    from_month           TEXT NOT NULL,
    base_fen             BIGINT NOT NULL,          -- of a whole month
    performance_base_fen BIGINT NOT NULL,
    note                 TEXT NOT NULL
);
CREATE UNIQUE INDEX pay_terms_once ON pay_terms (provider_id, COALESCE(person_id, 0), job, from_month);
CREATE INDEX pay_terms_person ON pay_terms (person_id, from_month);
CREATE INDEX pay_terms_job ON pay_terms (provider_id, job, from_month) WHERE person_id IS NULL;
CREATE INDEX pay_terms_of ON pay_terms (person_id, id);
CREATE INDEX pay_terms_jobs ON pay_terms (job, id);
CREATE INDEX pay_terms_provider ON pay_terms (provider_id, id);

CREATE TABLE pay_rules (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    provider_id BIGINT NOT NULL REFERENCES organisations (id),
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    subject     TEXT NOT NULL,                     -- agent, manager
    from_month  TEXT NOT NULL,
    method      TEXT NOT NULL,                     -- proportional, banded
    bands       TEXT NOT NULL,
    unscored    TEXT NOT NULL,                     -- full, none
    region      TEXT NOT NULL,                     -- whose minimum wage guards it
    note        TEXT NOT NULL
);
CREATE UNIQUE INDEX pay_rules_once ON pay_rules (contract_id, subject, from_month);
CREATE INDEX pay_rules_contract ON pay_rules (contract_id, id);
CREATE INDEX pay_rules_provider ON pay_rules (provider_id, id);

CREATE TABLE minimum_wages (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    provider_id     BIGINT NOT NULL REFERENCES organisations (id),
    region          TEXT NOT NULL,
    from_month      TEXT NOT NULL,
    amount_fen      BIGINT NOT NULL,
    deduction_share BIGINT NOT NULL,               -- of the wage, hundredths of a per cent
    basis           TEXT NOT NULL
);
CREATE UNIQUE INDEX minimum_wages_once ON minimum_wages (provider_id, region, from_month);
CREATE INDEX minimum_wages_provider ON minimum_wages (provider_id, id);

-- What comes beside the result: corrections of earlier months, and compensation for losses.
CREATE TABLE pay_entries (
    id           IDENTITY,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    provider_id  BIGINT NOT NULL REFERENCES organisations (id),
    contract_id  BIGINT NOT NULL REFERENCES contracts (id),
    person_id    BIGINT NOT NULL REFERENCES people (id),
    kind         TEXT NOT NULL,                    -- adjustment, compensation
    month        TEXT NOT NULL,                    -- in which it is paid, from which on it is deducted
    amount_fen   BIGINT NOT NULL,
    deducted_fen BIGINT NOT NULL,                  -- of a compensation, by approved sheets
    fact         TEXT NOT NULL,
    basis        TEXT NOT NULL,
    recorder_id  BIGINT REFERENCES people (id),
    agreed_at    BIGINT NOT NULL,                  -- by the person, 0: not (yet)
    approver_id  BIGINT REFERENCES people (id),
    reason       TEXT NOT NULL,                    -- why it is void
    state        TEXT NOT NULL                     -- draft, agreed, approved, void
);
CREATE INDEX pay_entries_person ON pay_entries (person_id, id);
CREATE INDEX pay_entries_contract ON pay_entries (contract_id, id);
CREATE INDEX pay_entries_provider ON pay_entries (provider_id, id);
CREATE INDEX pay_entries_month ON pay_entries (contract_id, month);
CREATE INDEX pay_entries_state ON pay_entries (state, id);
CREATE INDEX pay_entries_kind ON pay_entries (kind, id);

CREATE TABLE pay_sheets (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    provider_id     BIGINT NOT NULL REFERENCES organisations (id),
    contract_id     BIGINT NOT NULL REFERENCES contracts (id),
    month_id        BIGINT NOT NULL REFERENCES months (id),
    month           TEXT NOT NULL,
    people          BIGINT NOT NULL,
    base_fen        BIGINT NOT NULL,
    performance_fen BIGINT NOT NULL,
    adjustment_fen  BIGINT NOT NULL,
    made_up_fen     BIGINT NOT NULL,
    reward_fen      BIGINT NOT NULL,
    deducted_fen    BIGINT NOT NULL,
    total_fen       BIGINT NOT NULL,
    sha256          TEXT NOT NULL,                 -- of all its lines
    drafter_id      BIGINT REFERENCES people (id),
    approver_id     BIGINT REFERENCES people (id),
    approved_at     BIGINT NOT NULL,
    state           TEXT NOT NULL                  -- drafted, approved
);
CREATE UNIQUE INDEX pay_sheets_once ON pay_sheets (month_id);
CREATE INDEX pay_sheets_contract ON pay_sheets (contract_id, id);
CREATE INDEX pay_sheets_provider ON pay_sheets (provider_id, id);
CREATE INDEX pay_sheets_month ON pay_sheets (month, id);
CREATE INDEX pay_sheets_state ON pay_sheets (state, id);

CREATE TABLE pay_lines (
    id                   IDENTITY,
    version              BIGINT NOT NULL,
    created_at           BIGINT NOT NULL,
    updated_at           BIGINT NOT NULL,
    pay_sheet_id         BIGINT NOT NULL REFERENCES pay_sheets (id),
    provider_id          BIGINT NOT NULL REFERENCES organisations (id),
    person_id            BIGINT NOT NULL REFERENCES people (id),
    sheet_id             BIGINT REFERENCES sheets (id), -- the result that it follows from
    terms_id             BIGINT NOT NULL REFERENCES pay_terms (id),
    rule_id              BIGINT NOT NULL REFERENCES pay_rules (id),
    minimum_id           BIGINT NOT NULL REFERENCES minimum_wages (id),
    code                 TEXT NOT NULL,            -- the agent's
    days                 BIGINT NOT NULL,          -- employed in the month
    scored               BOOLEAN NOT NULL,
    score                BIGINT NOT NULL,
    base_fen             BIGINT NOT NULL,
    performance_base_fen BIGINT NOT NULL,
    factor               BIGINT NOT NULL,          -- hundredths of a per cent
    performance_fen      BIGINT NOT NULL,
    adjustment_fen       BIGINT NOT NULL,
    made_up_fen          BIGINT NOT NULL,
    reward_fen           BIGINT NOT NULL,
    deducted_fen         BIGINT NOT NULL,
    left_over_fen        BIGINT NOT NULL,
    total_fen            BIGINT NOT NULL,
    approved             BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX pay_lines_once ON pay_lines (pay_sheet_id, person_id);
CREATE INDEX pay_lines_sheet ON pay_lines (pay_sheet_id, id);
CREATE INDEX pay_lines_person ON pay_lines (person_id, id);
CREATE INDEX pay_lines_provider ON pay_lines (provider_id, id);
CREATE INDEX pay_lines_total ON pay_lines (total_fen THEN_ID);
