-- The month (C2.4): evidence, sheets with points, appeals, and what is known about them afterwards.

-- How the parties read "before the 2nd": agreed by letter, from a month on. Without one the usual reading holds.
CREATE TABLE month_rules (
    id           IDENTITY,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    contract_id  BIGINT NOT NULL REFERENCES contracts (id),
    from_month   TEXT NOT NULL,
    evidence_day BIGINT NOT NULL,         -- of the next month
    inclusive    BOOLEAN NOT NULL,        -- that day itself is in time
    rolls_over   BOOLEAN NOT NULL,        -- a day without work: the next working day
    appeal_days  BIGINT NOT NULL,         -- working days after publication
    letter_id    BIGINT REFERENCES letters (id)
);
CREATE UNIQUE INDEX month_rules_once ON month_rules (contract_id, from_month);
CREATE INDEX month_rules_contract ON month_rules (contract_id, id);

CREATE TABLE months (
    id             IDENTITY,
    version        BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    contract_id    BIGINT NOT NULL REFERENCES contracts (id),
    unit_id        BIGINT NOT NULL REFERENCES units (id),
    provider_id    BIGINT NOT NULL REFERENCES organisations (id),
    client_id      BIGINT NOT NULL REFERENCES organisations (id),
    month          TEXT NOT NULL,
    evidence_by    BIGINT NOT NULL,       -- the last millisecond in time
    closed_at      BIGINT NOT NULL,
    computed_at    BIGINT NOT NULL,
    computer_id    BIGINT REFERENCES people (id),
    people         BIGINT NOT NULL,       -- sheets
    sha256         TEXT NOT NULL,         -- of the list of its sheets' digests
    published_at   BIGINT NOT NULL,
    publisher_id   BIGINT REFERENCES people (id),
    appeal_by      BIGINT NOT NULL,
    locked_at      BIGINT NOT NULL,
    locker_id      BIGINT REFERENCES people (id),
    reopen_asked_at BIGINT NOT NULL,      -- until a second person does it
    reopener_id    BIGINT REFERENCES people (id),
    reopen_reason  TEXT NOT NULL,
    state          TEXT NOT NULL          -- open, evidence_closed, computed, published, locked
);
CREATE UNIQUE INDEX months_once ON months (contract_id, month);
CREATE INDEX months_contract ON months (contract_id, id);
CREATE INDEX months_unit ON months (unit_id, id);
CREATE INDEX months_provider ON months (provider_id, id);
CREATE INDEX months_client ON months (client_id, id);
CREATE INDEX months_state ON months (state, id);

-- A person's result. What is hashed never changes without another digest; the place is worked out among the totals.
CREATE TABLE sheets (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    month_id        BIGINT NOT NULL REFERENCES months (id),
    contract_id     BIGINT NOT NULL REFERENCES contracts (id),
    unit_id         BIGINT NOT NULL REFERENCES units (id),
    provider_id     BIGINT NOT NULL REFERENCES organisations (id),
    client_id       BIGINT NOT NULL REFERENCES organisations (id),
    scheme_id       BIGINT NOT NULL REFERENCES schemes (id),
    subject         TEXT NOT NULL,        -- agent, manager
    subject_id      BIGINT NOT NULL REFERENCES people (id),
    period          TEXT NOT NULL,        -- the month
    agent_code      TEXT NOT NULL,
    appraised       BOOLEAN NOT NULL,     -- false: there is no total, which is not 0
    total           BIGINT NOT NULL,      -- hundredths
    deducted        BIGINT NOT NULL,      -- by evidence that the provider upheld
    adjusted        BIGINT NOT NULL,      -- corrections: of locked months, and of appeals
    rank            BIGINT NOT NULL,      -- 0: no place
    grade           TEXT NOT NULL,
    vetoed          BOOLEAN NOT NULL,
    options         TEXT NOT NULL,        -- the scheme's options that applied, with spaces between
    lines           TEXT NOT NULL,        -- JSON array, canonical
    rule_version    BIGINT NOT NULL,
    sha256          TEXT NOT NULL,
    total_before    BIGINT NOT NULL,      -- before an appeal was upheld, or the month computed anew
    rank_before     BIGINT NOT NULL,
    changed         BOOLEAN NOT NULL,
    change_reason   TEXT NOT NULL,
    acknowledged_at BIGINT NOT NULL,
    silent          BOOLEAN NOT NULL,     -- the time was over: counts as acknowledged
    state           TEXT NOT NULL         -- computed, published, acknowledged, appealed
);
CREATE UNIQUE INDEX sheets_once ON sheets (month_id, subject, subject_id);
CREATE INDEX sheets_month_rank ON sheets (month_id, rank THEN_ID);
CREATE INDEX sheets_month_total ON sheets (month_id, total THEN_ID);
CREATE INDEX sheets_month_code ON sheets (month_id, agent_code THEN_ID);
CREATE INDEX sheets_subject_id ON sheets (subject_id THEN_ID);
CREATE INDEX sheets_contract ON sheets (contract_id THEN_ID);
CREATE INDEX sheets_unit ON sheets (unit_id THEN_ID);
CREATE INDEX sheets_provider ON sheets (provider_id THEN_ID);
CREATE INDEX sheets_client ON sheets (client_id THEN_ID);
CREATE INDEX sheets_period ON sheets (period THEN_ID);
CREATE INDEX sheets_state ON sheets (state THEN_ID);
CREATE INDEX sheets_rank ON sheets (rank THEN_ID);
CREATE INDEX sheets_total ON sheets (total THEN_ID);
CREATE INDEX sheets_agent_code ON sheets (agent_code THEN_ID);

-- A line of a letter penalty_evidence: what the client heard, and what the provider found.
CREATE TABLE penalties (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    month_id      BIGINT NOT NULL REFERENCES months (id),
    contract_id   BIGINT NOT NULL REFERENCES contracts (id),
    month         TEXT NOT NULL,
    letter_id     BIGINT NOT NULL REFERENCES letters (id),
    agent_code    TEXT NOT NULL,
    person_id     BIGINT NOT NULL REFERENCES people (id),
    call_id       BIGINT,
    second        BIGINT NOT NULL,        -- of the recording
    fact          TEXT NOT NULL,
    proposal      TEXT NOT NULL,
    handed_in_at  BIGINT NOT NULL,
    late          BOOLEAN NOT NULL,       -- after the cut-off: kept, but it counts for no month
    points        BIGINT NOT NULL,        -- hundredths, as the provider decided
    reason        TEXT NOT NULL,
    decider_id    BIGINT REFERENCES people (id),
    decided_at    BIGINT NOT NULL,
    state         TEXT NOT NULL           -- proposed, upheld, rejected, void
);
CREATE INDEX penalties_month ON penalties (month_id, id);
CREATE INDEX penalties_contract ON penalties (contract_id, id);
CREATE INDEX penalties_letter ON penalties (letter_id, id);
CREATE INDEX penalties_person ON penalties (person_id, id);
CREATE INDEX penalties_state ON penalties (state, id);
CREATE INDEX penalties_late ON penalties (late, id);

-- Points given or taken beside the indicators: what was found after a month was locked counts in a later one, what an appeal set right in its own.
CREATE TABLE adjustments (
    id           IDENTITY,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    month_id     BIGINT NOT NULL REFERENCES months (id),  -- that it counts in
    contract_id  BIGINT NOT NULL REFERENCES contracts (id),
    kind         TEXT NOT NULL,           -- correction, appeal
    about_month  TEXT NOT NULL,           -- that it is about
    person_id    BIGINT NOT NULL REFERENCES people (id),
    points       BIGINT NOT NULL,         -- hundredths, with sign
    reason       TEXT NOT NULL,
    maker_id     BIGINT REFERENCES people (id)
);
CREATE INDEX adjustments_month ON adjustments (month_id, id);
CREATE INDEX adjustments_contract ON adjustments (contract_id, id);
CREATE INDEX adjustments_person ON adjustments (person_id, id);

-- What a person gives for an indicator that nothing measures.
CREATE TABLE manual_scores (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    month_id    BIGINT NOT NULL REFERENCES months (id),
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    person_id   BIGINT NOT NULL REFERENCES people (id),
    indicator   TEXT NOT NULL,            -- its code in the scheme
    points      BIGINT NOT NULL,
    reason      TEXT NOT NULL,
    giver_id    BIGINT REFERENCES people (id)
);
CREATE UNIQUE INDEX manual_scores_once ON manual_scores (month_id, person_id, indicator);
CREATE INDEX manual_scores_month ON manual_scores (month_id, id);
CREATE INDEX manual_scores_person ON manual_scores (person_id, id);

-- Whoever a sheet is about may appeal against it (X4).
CREATE TABLE appeals (
    id           IDENTITY,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    sheet_id     BIGINT NOT NULL REFERENCES sheets (id),
    month_id     BIGINT NOT NULL REFERENCES months (id),
    contract_id  BIGINT NOT NULL REFERENCES contracts (id),
    unit_id      BIGINT NOT NULL REFERENCES units (id),
    provider_id  BIGINT NOT NULL REFERENCES organisations (id),
    client_id    BIGINT NOT NULL REFERENCES organisations (id),
    person_id    BIGINT NOT NULL REFERENCES people (id),
    line         TEXT NOT NULL,           -- of the sheet: an indicator's code, penalty.7; '' the whole
    words        TEXT NOT NULL,
    decide_by    BIGINT NOT NULL,
    decider_id   BIGINT REFERENCES people (id),
    decided_at   BIGINT NOT NULL,
    reason       TEXT NOT NULL,
    points       BIGINT NOT NULL,         -- that upholding it gave back
    total_before BIGINT NOT NULL,
    total_after  BIGINT NOT NULL,
    rank_before  BIGINT NOT NULL,
    rank_after   BIGINT NOT NULL,
    state        TEXT NOT NULL            -- open, upheld, rejected
);
CREATE INDEX appeals_sheet ON appeals (sheet_id, id);
CREATE INDEX appeals_month ON appeals (month_id, id);
CREATE INDEX appeals_contract ON appeals (contract_id, id);
CREATE INDEX appeals_unit ON appeals (unit_id, id);
CREATE INDEX appeals_provider ON appeals (provider_id, id);
CREATE INDEX appeals_client ON appeals (client_id, id);
CREATE INDEX appeals_person ON appeals (person_id, id);
CREATE INDEX appeals_state ON appeals (state, id);

-- The reviews of a month's calls are listed from a sheet.
CREATE INDEX reviews_started_at ON reviews (started_at THEN_ID);
