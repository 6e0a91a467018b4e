-- The code of conduct (C2.3), the site rules with their patrols (C3.1, C3.2), and what was done against either.
ALTER TABLE duties ADD COLUMN internal BOOLEAN NOT NULL DEFAULT FALSE; -- of the owner's own house: hidden from the other party

CREATE TABLE conduct_rules (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    number          TEXT NOT NULL,        -- the provider's own: "3.2"; its editions share it
    edition         BIGINT NOT NULL,
    text            TEXT NOT NULL,
    points          BIGINT NOT NULL,      -- hundredths, of one event
    repeat          TEXT NOT NULL,        -- same, doubled, rising: of further events in one month
    "from"          TEXT NOT NULL,
    "to"            TEXT NOT NULL         -- the last day; '' without end
);
CREATE UNIQUE INDEX conduct_rules_edition ON conduct_rules (organisation_id, number, edition);
CREATE INDEX conduct_rules_organisation ON conduct_rules (organisation_id, id);

CREATE TABLE site_rules (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    contract_id     BIGINT REFERENCES contracts (id), -- NULL: of all sites of the provider
    number          BIGINT NOT NULL,      -- the place on the check list
    text            TEXT NOT NULL,
    whom            TEXT NOT NULL,        -- both, client, provider: whose people keep it
    conduct_rule_id BIGINT REFERENCES conduct_rules (id), -- what the provider's people answer for
    state           TEXT NOT NULL         -- in_force, retired
);
CREATE INDEX site_rules_organisation ON site_rules (organisation_id, id);
CREATE INDEX site_rules_contract ON site_rules (contract_id, id);
CREATE INDEX site_rules_state ON site_rules (state, id);

CREATE TABLE patrols (
    id           IDENTITY,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    contract_id  BIGINT NOT NULL REFERENCES contracts (id),
    provider_id  BIGINT NOT NULL REFERENCES organisations (id),
    client_id    BIGINT NOT NULL REFERENCES organisations (id),
    unit_id      BIGINT NOT NULL REFERENCES units (id), -- of the contract
    site         TEXT NOT NULL,
    at           BIGINT NOT NULL,
    patroller_id BIGINT NOT NULL REFERENCES people (id),
    note         TEXT NOT NULL,
    checked      BIGINT NOT NULL          -- rules on the check list
);
CREATE INDEX patrols_contract ON patrols (contract_id, id);
CREATE INDEX patrols_provider ON patrols (provider_id, id);
CREATE INDEX patrols_client ON patrols (client_id, id);
CREATE INDEX patrols_unit ON patrols (unit_id, id);
CREATE INDEX patrols_at ON patrols (at, id);

CREATE TABLE patrol_findings (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    patrol_id       BIGINT NOT NULL REFERENCES patrols (id),
    contract_id     BIGINT NOT NULL REFERENCES contracts (id),
    provider_id     BIGINT NOT NULL REFERENCES organisations (id),
    client_id       BIGINT NOT NULL REFERENCES organisations (id),
    unit_id         BIGINT NOT NULL REFERENCES units (id),
    side            TEXT NOT NULL,        -- client, provider: whose person it is about
    rule_id         BIGINT NOT NULL REFERENCES site_rules (id),
    rule_text       TEXT NOT NULL,        -- as it was then
    person_id       BIGINT NOT NULL REFERENCES people (id),
    words           TEXT NOT NULL,
    answer          TEXT NOT NULL,
    acknowledged_at BIGINT NOT NULL,
    acknowledged_by_id BIGINT REFERENCES people (id),
    violation_id    BIGINT,               -- what became of it at the provider's
    state           TEXT NOT NULL         -- open, acknowledged
);
CREATE INDEX patrol_findings_patrol ON patrol_findings (patrol_id, id);
CREATE INDEX patrol_findings_contract ON patrol_findings (contract_id, id);
CREATE INDEX patrol_findings_provider ON patrol_findings (provider_id, id);
CREATE INDEX patrol_findings_client ON patrol_findings (client_id, id);
CREATE INDEX patrol_findings_unit ON patrol_findings (unit_id, id);
CREATE INDEX patrol_findings_person ON patrol_findings (person_id, id);
CREATE INDEX patrol_findings_side ON patrol_findings (side, id);
CREATE INDEX patrol_findings_state ON patrol_findings (state, id);

CREATE TABLE violations (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    contract_id   BIGINT NOT NULL REFERENCES contracts (id),
    provider_id   BIGINT NOT NULL REFERENCES organisations (id),
    person_id     BIGINT NOT NULL REFERENCES people (id),
    rule_id       BIGINT NOT NULL REFERENCES conduct_rules (id),
    at            BIGINT NOT NULL,
    fact          TEXT NOT NULL,
    recording_id  BIGINT,                 -- what proves it, beside its documents
    recording_s   BIGINT NOT NULL,
    finding_id    BIGINT REFERENCES patrol_findings (id),
    recorder_id   BIGINT NOT NULL REFERENCES people (id),
    state_by      BIGINT NOT NULL,        -- until when the person may state the own view
    statement     TEXT NOT NULL,
    acknowledged  BOOLEAN NOT NULL,
    stated_at     BIGINT NOT NULL,
    points        BIGINT NOT NULL,        -- hundredths; none before it is confirmed
    decider_id    BIGINT REFERENCES people (id),
    decided_at    BIGINT NOT NULL,
    reason        TEXT NOT NULL,          -- of the decision, or why it is void
    state         TEXT NOT NULL           -- open, stated, confirmed, dismissed, void
);
CREATE INDEX violations_contract ON violations (contract_id, state, at);
CREATE INDEX violations_contract_id ON violations (contract_id, id);
CREATE INDEX violations_provider ON violations (provider_id, id);
CREATE INDEX violations_person ON violations (person_id, id);
CREATE INDEX violations_rule ON violations (rule_id, person_id);
CREATE INDEX violations_state ON violations (state, id);
CREATE INDEX violations_at ON violations (at, id);
