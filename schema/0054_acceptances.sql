-- One-off services are accepted before they are paid (X3): acceptances, their panels and check lists, defects and claims.
ALTER TABLE contracts ADD COLUMN retention_share BIGINT NOT NULL DEFAULT 0; -- hundredths of a per cent
ALTER TABLE audit_findings ADD COLUMN acceptance_id BIGINT;

CREATE TABLE acceptances (
    id               IDENTITY,
    version          BIGINT NOT NULL,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    name             TEXT NOT NULL,
    contract_id      BIGINT NOT NULL REFERENCES contracts (id),
    provider_id      BIGINT NOT NULL REFERENCES organisations (id),
    client_id        BIGINT NOT NULL REFERENCES organisations (id),
    unit_id          BIGINT NOT NULL REFERENCES units (id),
    round            BIGINT NOT NULL,         -- how often the contract's work was presented
    completed_on     TEXT NOT NULL,
    work             TEXT NOT NULL,
    claimed_fen      BIGINT NOT NULL,
    requester_id     BIGINT REFERENCES people (id),
    requested_at     BIGINT NOT NULL,
    returned         TEXT NOT NULL,
    lead_id          BIGINT REFERENCES people (id),
    convened_at      BIGINT NOT NULL,
    outcome          TEXT NOT NULL,           -- accepted, accepted_with_defects, refused
    accepted_fen     BIGINT NOT NULL,
    conclusion       TEXT NOT NULL,
    checked_on       TEXT NOT NULL,
    panel            TEXT NOT NULL,           -- JSON array, canonical, since it was decided
    lines            TEXT NOT NULL,           -- likewise
    sha256           TEXT NOT NULL,
    decided_at       BIGINT NOT NULL,
    objection        TEXT NOT NULL,           -- of the provider, as it signed
    signed_at        BIGINT NOT NULL,
    audit_by         BIGINT NOT NULL,
    audited_at       BIGINT NOT NULL,
    auditor_id       BIGINT REFERENCES people (id),
    audit_words      TEXT NOT NULL,
    answer           TEXT NOT NULL,
    final_at         BIGINT NOT NULL,
    warranty_ends_on TEXT NOT NULL,
    state            TEXT NOT NULL            -- drafted, requested, convened, decided, signed, objected, final, withdrawn
);
CREATE INDEX acceptances_contract ON acceptances (contract_id, id);
CREATE INDEX acceptances_provider ON acceptances (provider_id, id);
CREATE INDEX acceptances_client ON acceptances (client_id, id);
CREATE INDEX acceptances_unit ON acceptances (unit_id, id);
CREATE INDEX acceptances_outcome ON acceptances (outcome, id);
CREATE INDEX acceptances_warranty ON acceptances (warranty_ends_on, id);
CREATE INDEX acceptances_state ON acceptances (state, id);
CREATE INDEX acceptances_audit ON acceptances (state, audit_by);

CREATE TABLE acceptance_members (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    acceptance_id   BIGINT NOT NULL REFERENCES acceptances (id),
    provider_id     BIGINT NOT NULL REFERENCES organisations (id),
    client_id       BIGINT NOT NULL REFERENCES organisations (id),
    unit_id         BIGINT NOT NULL REFERENCES units (id),
    person_id       BIGINT REFERENCES people (id), -- none: an expert from outside
    expert_name     TEXT NOT NULL,
    expert_of       TEXT NOT NULL,
    expert_interest TEXT NOT NULL,            -- '' of the client's own people
    from_project    BOOLEAN NOT NULL,
    removed         BOOLEAN NOT NULL,
    reason          TEXT NOT NULL
);
CREATE INDEX acceptance_members_acceptance ON acceptance_members (acceptance_id, id);
CREATE INDEX acceptance_members_client ON acceptance_members (client_id, id);
CREATE INDEX acceptance_members_person ON acceptance_members (person_id, acceptance_id);

CREATE TABLE acceptance_items (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    acceptance_id BIGINT NOT NULL REFERENCES acceptances (id),
    term          TEXT NOT NULL,              -- number of the contract's term
    requirement   TEXT NOT NULL,
    result        TEXT NOT NULL,              -- pass, defect, fail, na; '' not judged yet
    measured      TEXT NOT NULL,
    note          TEXT NOT NULL,
    due_on        TEXT NOT NULL,
    judge_id      BIGINT REFERENCES people (id),
    judged_at     BIGINT NOT NULL
);
CREATE INDEX acceptance_items_acceptance ON acceptance_items (acceptance_id, id);

CREATE TABLE acceptance_defects (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    acceptance_id BIGINT NOT NULL REFERENCES acceptances (id),
    contract_id   BIGINT NOT NULL REFERENCES contracts (id),
    provider_id   BIGINT NOT NULL REFERENCES organisations (id),
    client_id     BIGINT NOT NULL REFERENCES organisations (id),
    unit_id       BIGINT NOT NULL REFERENCES units (id),
    kind          TEXT NOT NULL,              -- defect, claim
    term          TEXT NOT NULL,
    found         TEXT NOT NULL,
    issuer_id     BIGINT REFERENCES people (id),
    due_on        TEXT NOT NULL,
    due_at        BIGINT NOT NULL,
    round         BIGINT NOT NULL,
    answer        TEXT NOT NULL,
    answerer_id   BIGINT REFERENCES people (id),
    answered_at   BIGINT NOT NULL,
    late          BOOLEAN NOT NULL,
    judge_id      BIGINT REFERENCES people (id),
    judged_at     BIGINT NOT NULL,
    reason        TEXT NOT NULL,
    cost_fen      BIGINT NOT NULL,
    state         TEXT NOT NULL               -- issued, answered, closed, charged, withdrawn
);
CREATE INDEX acceptance_defects_acceptance ON acceptance_defects (acceptance_id, id);
CREATE INDEX acceptance_defects_contract ON acceptance_defects (contract_id, id);
CREATE INDEX acceptance_defects_provider ON acceptance_defects (provider_id, id);
CREATE INDEX acceptance_defects_client ON acceptance_defects (client_id, id);
CREATE INDEX acceptance_defects_unit ON acceptance_defects (unit_id, id);
CREATE INDEX acceptance_defects_kind ON acceptance_defects (kind, id);
CREATE INDEX acceptance_defects_late ON acceptance_defects (late, id);
CREATE INDEX acceptance_defects_state ON acceptance_defects (state, id);
CREATE INDEX audit_findings_acceptance ON audit_findings (acceptance_id, id);
