-- What is paid (V3.3): how money is taken off a fee, what happened, the statements, and what corrects them.
CREATE TABLE deduction_rules (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    from_month  TEXT NOT NULL,
    place       BIGINT NOT NULL,
    name        TEXT NOT NULL,
    term        TEXT NOT NULL,               -- number of the contract's term
    function    TEXT NOT NULL,               -- app/settlement/deduct.h
    rests_on    TEXT NOT NULL,               -- result, findings, event, attendance, external, always
    line        BIGINT NOT NULL,             -- hundredths of points
    share       BIGINT NOT NULL,             -- hundredths of a per cent
    step        BIGINT NOT NULL,             -- likewise
    rate_fen    BIGINT NOT NULL,
    most_fen    BIGINT NOT NULL,
    free        BIGINT NOT NULL,
    factor      BIGINT NOT NULL,
    letter_id   BIGINT NOT NULL REFERENCES letters (id)
);
CREATE INDEX deduction_rules_contract ON deduction_rules (contract_id, id);
CREATE INDEX deduction_rules_month ON deduction_rules (contract_id, from_month, letter_id);
CREATE INDEX deduction_rules_letter ON deduction_rules (letter_id, id);

CREATE TABLE settlements (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    name            TEXT NOT NULL,
    contract_id     BIGINT NOT NULL REFERENCES contracts (id),
    provider_id     BIGINT NOT NULL REFERENCES organisations (id),
    client_id       BIGINT NOT NULL REFERENCES organisations (id),
    unit_id         BIGINT NOT NULL REFERENCES units (id),
    kind            TEXT NOT NULL,           -- month, acceptance
    month           TEXT NOT NULL,
    round           BIGINT NOT NULL,
    fee_fen         BIGINT NOT NULL,
    evaluation_id   BIGINT REFERENCES evaluations (id),
    acceptance_id   BIGINT,
    scored          BOOLEAN NOT NULL,
    total           BIGINT NOT NULL,
    grade           TEXT NOT NULL,
    deducted_fen    BIGINT NOT NULL,
    adjusted_fen    BIGINT NOT NULL,
    retention_share BIGINT NOT NULL,
    retained_fen    BIGINT NOT NULL,
    payable_fen     BIGINT NOT NULL,
    cap_reached     BOOLEAN NOT NULL,
    lines           TEXT NOT NULL,           -- JSON array, canonical, since it was sent
    sha256          TEXT NOT NULL,
    drafter_id      BIGINT NOT NULL REFERENCES people (id),
    sent_at         BIGINT NOT NULL,
    answer_by       BIGINT NOT NULL,
    answered_at     BIGINT NOT NULL,
    answerer_id     BIGINT REFERENCES people (id),
    objection       TEXT NOT NULL,
    decider_id      BIGINT REFERENCES people (id),
    decision        TEXT NOT NULL,
    approver_id     BIGINT REFERENCES people (id),
    approved_at     BIGINT NOT NULL,
    returned        TEXT NOT NULL,           -- why finance sent it back
    paid_on         TEXT NOT NULL,
    voucher         TEXT NOT NULL,
    payer_id        BIGINT REFERENCES people (id),
    paid_at         BIGINT NOT NULL,
    state           TEXT NOT NULL            -- drafted, sent, agreed, disputed, approved, paid
);
CREATE UNIQUE INDEX settlements_once ON settlements (contract_id, kind, month);
CREATE INDEX settlements_contract ON settlements (contract_id, id);
CREATE INDEX settlements_provider ON settlements (provider_id, id);
CREATE INDEX settlements_client ON settlements (client_id, id);
CREATE INDEX settlements_unit ON settlements (unit_id, id);
CREATE INDEX settlements_month ON settlements (month, id);
CREATE INDEX settlements_kind ON settlements (kind, id);
CREATE INDEX settlements_state ON settlements (state, id);
CREATE INDEX settlements_capped ON settlements (cap_reached, id);
CREATE INDEX settlements_evaluation ON settlements (evaluation_id);

CREATE TABLE deduction_events (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    contract_id   BIGINT NOT NULL REFERENCES contracts (id),
    provider_id   BIGINT NOT NULL REFERENCES organisations (id),
    client_id     BIGINT NOT NULL REFERENCES organisations (id),
    unit_id       BIGINT NOT NULL REFERENCES units (id),
    rule_id       BIGINT NOT NULL REFERENCES deduction_rules (id),
    day           TEXT NOT NULL,
    month         TEXT NOT NULL,
    fact          TEXT NOT NULL,
    points        BIGINT NOT NULL,
    amount_fen    BIGINT NOT NULL,           -- stated, of an external one
    recorder_id   BIGINT NOT NULL REFERENCES people (id),
    told_at       BIGINT NOT NULL,
    object_by     BIGINT NOT NULL,
    objection     TEXT NOT NULL,
    objector_id   BIGINT REFERENCES people (id),
    objected_at   BIGINT NOT NULL,
    decider_id    BIGINT REFERENCES people (id),
    reason        TEXT NOT NULL,
    decided_at    BIGINT NOT NULL,
    settlement_id BIGINT REFERENCES settlements (id), -- that settled it
    state         TEXT NOT NULL              -- drafted, told, objected, stands, dropped
);
CREATE INDEX deduction_events_contract ON deduction_events (contract_id, id);
CREATE INDEX deduction_events_of_month ON deduction_events (contract_id, month);
CREATE INDEX deduction_events_rule ON deduction_events (rule_id, month);
CREATE INDEX deduction_events_provider ON deduction_events (provider_id, id);
CREATE INDEX deduction_events_client ON deduction_events (client_id, id);
CREATE INDEX deduction_events_unit ON deduction_events (unit_id, id);
CREATE INDEX deduction_events_month ON deduction_events (month, id);
CREATE INDEX deduction_events_state ON deduction_events (state, id);

CREATE TABLE settlement_corrections (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    settlement_id BIGINT NOT NULL REFERENCES settlements (id), -- that it corrects
    contract_id   BIGINT NOT NULL REFERENCES contracts (id),
    provider_id   BIGINT NOT NULL REFERENCES organisations (id),
    client_id     BIGINT NOT NULL REFERENCES organisations (id),
    unit_id       BIGINT NOT NULL REFERENCES units (id),
    month         TEXT NOT NULL,
    amount_fen    BIGINT NOT NULL,           -- more than nothing: paid on top
    reason        TEXT NOT NULL,
    recorder_id   BIGINT NOT NULL REFERENCES people (id),
    approver_id   BIGINT REFERENCES people (id),
    settled_id    BIGINT REFERENCES settlements (id), -- with the line
    state         TEXT NOT NULL              -- drafted, approved, dropped
);
CREATE INDEX settlement_corrections_settlement ON settlement_corrections (settlement_id, id);
CREATE INDEX settlement_corrections_contract ON settlement_corrections (contract_id, id);
CREATE INDEX settlement_corrections_provider ON settlement_corrections (provider_id, id);
CREATE INDEX settlement_corrections_client ON settlement_corrections (client_id, id);
CREATE INDEX settlement_corrections_unit ON settlement_corrections (unit_id, id);
CREATE INDEX settlement_corrections_state ON settlement_corrections (state, id);
