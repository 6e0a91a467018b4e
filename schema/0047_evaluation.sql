-- Evaluation of providers and of supervision itself (V3.1, V6.1.1), audit over it (V3.2), and what follows (X2).

-- Schemes may now be a division's, for the contracts or projects below it, instead of a contract's.
DROP INDEX schemes_contract;
DROP INDEX schemes_provider;
ALTER TABLE schemes RENAME COLUMN contract_id TO contract_was;
ALTER TABLE schemes RENAME COLUMN provider_id TO provider_was;
ALTER TABLE schemes ADD COLUMN contract_id BIGINT REFERENCES contracts (id);
ALTER TABLE schemes ADD COLUMN provider_id BIGINT REFERENCES organisations (id);
UPDATE schemes SET contract_id = contract_was, provider_id = provider_was;
ALTER TABLE schemes DROP COLUMN contract_was;
ALTER TABLE schemes DROP COLUMN provider_was;
ALTER TABLE schemes ADD COLUMN service TEXT NOT NULL DEFAULT '';     -- of contracts that it is for; '' all
ALTER TABLE schemes ADD COLUMN approver_id BIGINT REFERENCES people (id);
ALTER TABLE schemes ADD COLUMN approved_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE schemes ADD COLUMN reason TEXT NOT NULL DEFAULT '';      -- why it was sent back
CREATE INDEX schemes_contract ON schemes (contract_id, id);
CREATE INDEX schemes_provider ON schemes (provider_id, id);

CREATE TABLE evaluation_campaigns (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    subject         TEXT NOT NULL,           -- contract, project
    period          TEXT NOT NULL,           -- 2026-11, 2026-Q4, 2026
    name            TEXT NOT NULL,
    submit_by       TEXT NOT NULL,
    repeats         BOOLEAN NOT NULL,        -- the clock opens the next one when the next period is over
    opener_id       BIGINT REFERENCES people (id),
    opened_at       BIGINT NOT NULL,         -- its drafts; 0: the period is not over yet
    state           TEXT NOT NULL            -- planned, open
);
CREATE UNIQUE INDEX evaluation_campaigns_once ON evaluation_campaigns (organisation_id, subject, period);
CREATE INDEX evaluation_campaigns_state ON evaluation_campaigns (state, id);

CREATE TABLE evaluations (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    subject       TEXT NOT NULL,             -- contract, project
    contract_id   BIGINT REFERENCES contracts (id),
    unit_id       BIGINT NOT NULL REFERENCES units (id),
    provider_id   BIGINT REFERENCES organisations (id),
    client_id     BIGINT NOT NULL REFERENCES organisations (id),
    service       TEXT NOT NULL,
    campaign_id   BIGINT REFERENCES evaluation_campaigns (id),
    scheme_id     BIGINT NOT NULL REFERENCES schemes (id),
    period        TEXT NOT NULL,
    submit_by     BIGINT NOT NULL,
    scored        BOOLEAN NOT NULL,          -- false: there is no total, which is not 0
    total         BIGINT NOT NULL,
    total_before  BIGINT NOT NULL,           -- before an objection was upheld
    grade         TEXT NOT NULL,
    vetoed        BOOLEAN NOT NULL,
    lines         TEXT NOT NULL,             -- JSON array, canonical
    given         TEXT NOT NULL,             -- JSON array: points by hand, and of upheld objections
    note          TEXT NOT NULL,
    rule_version  BIGINT NOT NULL,
    sha256        TEXT NOT NULL,
    evaluator_id  BIGINT REFERENCES people (id),
    submitted_at  BIGINT NOT NULL,
    audit_by      BIGINT NOT NULL,           -- the last moment of audit's chance
    audited_at    BIGINT NOT NULL,
    auditor_id    BIGINT REFERENCES people (id), -- none: the time passed
    told_at       BIGINT NOT NULL,           -- the other party sees it from then on
    object_by     BIGINT NOT NULL,
    heard         BOOLEAN NOT NULL,          -- its objection was decided
    final_at      BIGINT NOT NULL,
    state         TEXT NOT NULL              -- drafted, submitted, audited, objected, final
);
CREATE UNIQUE INDEX evaluations_of_contract ON evaluations (contract_id, period) WHERE contract_id IS NOT NULL;
CREATE UNIQUE INDEX evaluations_of_project ON evaluations (unit_id, period) WHERE contract_id IS NULL;
CREATE INDEX evaluations_contract ON evaluations (contract_id, id);
CREATE INDEX evaluations_unit ON evaluations (unit_id, id);
CREATE INDEX evaluations_provider ON evaluations (provider_id, id);
CREATE INDEX evaluations_client ON evaluations (client_id, id);
CREATE INDEX evaluations_campaign ON evaluations (campaign_id, id);
CREATE INDEX evaluations_state ON evaluations (state, id);
CREATE INDEX evaluations_subject ON evaluations (subject, id);
CREATE INDEX evaluations_service ON evaluations (service, id);
CREATE INDEX evaluations_period ON evaluations (period, id);
CREATE INDEX evaluations_grade ON evaluations (grade, id);
CREATE INDEX evaluations_total ON evaluations (total THEN_ID);

CREATE TABLE evaluation_objections (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    evaluation_id BIGINT NOT NULL REFERENCES evaluations (id),
    contract_id   BIGINT REFERENCES contracts (id),
    unit_id       BIGINT NOT NULL REFERENCES units (id),
    provider_id   BIGINT REFERENCES organisations (id),
    client_id     BIGINT NOT NULL REFERENCES organisations (id),
    source        TEXT NOT NULL,             -- audit, party
    line          TEXT NOT NULL,
    words         TEXT NOT NULL,
    maker_id      BIGINT REFERENCES people (id),
    decide_by     BIGINT NOT NULL,
    decider_id    BIGINT REFERENCES people (id),
    decided_at    BIGINT NOT NULL,
    reason        TEXT NOT NULL,
    points        BIGINT NOT NULL,
    total_before  BIGINT NOT NULL,
    total_after   BIGINT NOT NULL,
    state         TEXT NOT NULL              -- open, answered, upheld, rejected
);
CREATE INDEX evaluation_objections_evaluation ON evaluation_objections (evaluation_id, id);
CREATE INDEX evaluation_objections_contract ON evaluation_objections (contract_id, id);
CREATE INDEX evaluation_objections_unit ON evaluation_objections (unit_id, id);
CREATE INDEX evaluation_objections_provider ON evaluation_objections (provider_id, id);
CREATE INDEX evaluation_objections_client ON evaluation_objections (client_id, id);
CREATE INDEX evaluation_objections_state ON evaluation_objections (state, id);
CREATE INDEX evaluation_objections_source ON evaluation_objections (source, id);

CREATE TABLE consequences (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    contract_id   BIGINT NOT NULL REFERENCES contracts (id),
    unit_id       BIGINT NOT NULL REFERENCES units (id),
    provider_id   BIGINT NOT NULL REFERENCES organisations (id),
    client_id     BIGINT NOT NULL REFERENCES organisations (id),
    evaluation_id BIGINT REFERENCES evaluations (id), -- none: proposed by a person
    step          TEXT NOT NULL,
    rule          TEXT NOT NULL,             -- by which it was proposed; '' by a person
    basis         TEXT NOT NULL,             -- the grades in sequence that it follows from
    note          TEXT NOT NULL,
    proposed_at   BIGINT NOT NULL,
    proposer_id   BIGINT REFERENCES people (id),
    decider_id    BIGINT REFERENCES people (id),
    decided_at    BIGINT NOT NULL,
    reason        TEXT NOT NULL,
    letter_id     BIGINT REFERENCES letters (id),
    told_at       BIGINT NOT NULL,
    state         TEXT NOT NULL              -- proposed, decided, told, dropped
);
CREATE INDEX consequences_contract ON consequences (contract_id, id);
CREATE INDEX consequences_unit ON consequences (unit_id, id);
CREATE INDEX consequences_provider ON consequences (provider_id, id);
CREATE INDEX consequences_client ON consequences (client_id, id);
CREATE INDEX consequences_evaluation ON consequences (evaluation_id, id);
CREATE INDEX consequences_step ON consequences (step, id);
CREATE INDEX consequences_state ON consequences (state, id);

-- Who stands how to which provider; the last word of a person about a provider counts.
CREATE TABLE interest_declarations (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    person_id     BIGINT NOT NULL REFERENCES people (id),
    client_id     BIGINT NOT NULL REFERENCES organisations (id),
    provider_id   BIGINT NOT NULL REFERENCES organisations (id),
    interest      TEXT NOT NULL,             -- none, kin, money, work, other
    words         TEXT NOT NULL
);
CREATE INDEX interest_declarations_person ON interest_declarations (person_id, id);
CREATE INDEX interest_declarations_client ON interest_declarations (client_id, id);
CREATE INDEX interest_declarations_provider ON interest_declarations (provider_id, id);
CREATE INDEX interest_declarations_interest ON interest_declarations (interest, id);

CREATE TABLE audit_samples (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    source          TEXT NOT NULL,           -- evaluations
    "from"          TEXT NOT NULL,
    "to"            TEXT NOT NULL,
    count           BIGINT NOT NULL,
    seed            TEXT NOT NULL,
    pool            BIGINT NOT NULL,
    drawn           TEXT NOT NULL,           -- ids with spaces between, in the order in which they were drawn
    drawer_id       BIGINT REFERENCES people (id)
);
CREATE INDEX audit_samples_organisation ON audit_samples (organisation_id, id);

CREATE TABLE audit_findings (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    unit_id         BIGINT NOT NULL REFERENCES units (id),
    evaluation_id   BIGINT REFERENCES evaluations (id),
    sample_id       BIGINT REFERENCES audit_samples (id),
    severity        TEXT NOT NULL,           -- minor, serious
    subject         TEXT NOT NULL,
    words           TEXT NOT NULL,
    finder_id       BIGINT REFERENCES people (id),
    answer_by       BIGINT NOT NULL,
    answer          TEXT NOT NULL,
    answerer_id     BIGINT REFERENCES people (id),
    answered_at     BIGINT NOT NULL,
    reason          TEXT NOT NULL,           -- of closing it, or of asking again
    closed_at       BIGINT NOT NULL,
    state           TEXT NOT NULL            -- open, answered, closed
);
CREATE INDEX audit_findings_organisation ON audit_findings (organisation_id, id);
CREATE INDEX audit_findings_unit ON audit_findings (unit_id, id);
CREATE INDEX audit_findings_evaluation ON audit_findings (evaluation_id, id);
CREATE INDEX audit_findings_sample ON audit_findings (sample_id, id);
CREATE INDEX audit_findings_severity ON audit_findings (severity, id);
CREATE INDEX audit_findings_state ON audit_findings (state, id);
