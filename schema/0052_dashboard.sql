-- What the dashboard reads (V3.1, V5.1.3): sums of each project and month, kept by the transactions that change the facts.
CREATE TABLE project_months (
    unit_id        BIGINT NOT NULL REFERENCES units (id),
    month          TEXT NOT NULL,
    planned        BIGINT NOT NULL,       -- inspection tasks that were not dropped
    done           BIGINT NOT NULL,
    done_late      BIGINT NOT NULL,
    missed         BIGINT NOT NULL,
    inspected      BIGINT NOT NULL,       -- inspections that were finished
    passed         BIGINT NOT NULL,       -- their items
    failed         BIGINT NOT NULL,
    rectifications BIGINT NOT NULL,       -- by the month in which they were issued
    rectified      BIGINT NOT NULL,
    rectified_late BIGINT NOT NULL,
    repeated       BIGINT NOT NULL,
    evaluated      BIGINT NOT NULL,       -- contracts with a final evaluation of that month
    total          BIGINT NOT NULL,       -- the sum of their totals, hundredths
    excellent      BIGINT NOT NULL,
    good           BIGINT NOT NULL,
    pass           BIGINT NOT NULL,
    fail           BIGINT NOT NULL,
    settled        BIGINT NOT NULL,       -- statements that finance approved
    fee_fen        BIGINT NOT NULL,
    deducted_fen   BIGINT NOT NULL,
    head_counts    BIGINT NOT NULL,
    required       BIGINT NOT NULL,       -- people, over all counts
    shortfall      BIGINT NOT NULL,
    strangers      BIGINT NOT NULL,
    cases          BIGINT NOT NULL,       -- of suspected subcontracting, not dismissed
    confirmed      BIGINT NOT NULL,
    findings       BIGINT NOT NULL,       -- of the audit centre
    PRIMARY KEY (month, unit_id)
);

-- How often an item of a standard failed.
CREATE TABLE item_failures (
    unit_id   BIGINT NOT NULL REFERENCES units (id),
    month     TEXT NOT NULL,
    item_text TEXT NOT NULL,
    failed    BIGINT NOT NULL,
    PRIMARY KEY (month, unit_id, item_text)
);

-- The last final evaluation of each contract, and of the supervision of each project (contract 0).
CREATE TABLE last_grades (
    unit_id       BIGINT NOT NULL REFERENCES units (id),
    contract_id   BIGINT NOT NULL,
    evaluation_id BIGINT NOT NULL REFERENCES evaluations (id),
    until         TEXT NOT NULL,          -- the last day of its period
    total         BIGINT NOT NULL,
    grade         TEXT NOT NULL,
    PRIMARY KEY (contract_id, unit_id)
);

-- One row: what is there has to be counted once more (dashboard.sweep); none: the sums are right.
CREATE TABLE recounts (
    id BIGINT PRIMARY KEY
);
INSERT INTO recounts (id) SELECT 1 FROM units LIMIT 1;

-- What is open now, by unit, without a look at the rows.
CREATE INDEX duties_overdue ON duties (unit_id, organisation_id, owner_side, internal, state) WHERE state = 'overdue';
CREATE INDEX rectifications_open ON rectifications (unit_id, due_at, state) WHERE state IN ('issued', 'answered');
CREATE INDEX settlements_disputed ON settlements (unit_id, payable_fen, state) WHERE state = 'disputed';
CREATE INDEX settlements_retained ON settlements (unit_id, retained_fen) WHERE retained_fen > 0;
CREATE INDEX deduction_events_open ON deduction_events (unit_id, state) WHERE state IN ('told', 'objected');
CREATE INDEX evaluations_ranked ON evaluations (client_id, period, provider_id, unit_id, service, total, grade)
    WHERE state = 'final' AND contract_id IS NOT NULL AND scored = TRUE;
CREATE INDEX contracts_running ON contracts (unit_id, id, amount_fen) WHERE state IN ('active', 'suspended');
-- A contract's own scores and duties of a month.
CREATE INDEX inspections_scores ON inspections (contract_id, finished_at, state, score, passed, failed);
CREATE INDEX duties_of_contract ON duties (contract_id, due_at, owner_side, internal, state, met_at) WHERE contract_id IS NOT NULL;
-- Lists by id of what stands in one state.
CREATE INDEX rectifications_in_state ON rectifications (state, id);
CREATE INDEX inspection_tasks_in_state ON inspection_tasks (state, id);
-- The failures of one item.
CREATE INDEX rectifications_item ON rectifications (item_text, id);
