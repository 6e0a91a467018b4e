-- The issue desk (C2.7): problems and complaints found on site, and the codes by which they are reported.
CREATE TABLE issues (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    year            BIGINT NOT NULL,      -- of its number
    serial          BIGINT NOT NULL,      -- within the year, without gaps
    number          TEXT NOT NULL,        -- 问题-2026-0001
    contract_id     BIGINT NOT NULL REFERENCES contracts (id),
    kind            TEXT NOT NULL,        -- problem, complaint
    priority        TEXT NOT NULL,        -- urgent, high, normal, low
    source          TEXT NOT NULL,        -- phone, site, served_party, qr, agent, other
    place           TEXT NOT NULL,
    subject         TEXT NOT NULL,
    words           TEXT NOT NULL,
    reporter        TEXT NOT NULL,
    reporter_phone  TEXT NOT NULL,        -- sealed
    assigned_id     BIGINT REFERENCES people (id),
    opener_id       BIGINT REFERENCES people (id), -- none: by QR
    opened_by       TEXT NOT NULL,
    opened_at       BIGINT NOT NULL,
    month           TEXT NOT NULL,        -- of opened_at, for the figures
    answer_due_at   BIGINT NOT NULL,
    due_at          BIGINT NOT NULL,      -- of the solution; anew when it is reopened
    answered_at     BIGINT NOT NULL,
    answered_late   BOOLEAN NOT NULL,
    answer          TEXT NOT NULL,
    solved_at       BIGINT NOT NULL,      -- 0 again when it is reopened
    solved_late     BOOLEAN NOT NULL,     -- at least once
    solver_id       BIGINT REFERENCES people (id),
    solution        TEXT NOT NULL,
    responsibility  TEXT NOT NULL,        -- client, provider, third_party, none
    closed_at       BIGINT NOT NULL,
    satisfaction    BIGINT NOT NULL,      -- 1 to 5; 0 not asked yet
    remark          TEXT NOT NULL,        -- what the reporter said of the solution
    reason          TEXT NOT NULL,        -- of the last assignment or reopening
    reopened        BIGINT NOT NULL,      -- how often
    state           TEXT NOT NULL,        -- open, answered, solved, closed, reopened
    link_id         BIGINT,               -- the code by which it was reported
    code            TEXT NOT NULL,        -- by which its reporter finds it again; '' none
    origin_hash     TEXT NOT NULL,        -- keyed hash of the address that reported it
    search_key      TEXT NOT NULL
);
CREATE UNIQUE INDEX issues_number ON issues (year, serial);
CREATE UNIQUE INDEX issues_code ON issues (code) WHERE code <> '';
CREATE INDEX issues_opened ON issues (opened_at, id);
CREATE INDEX issues_due ON issues (due_at, id);
CREATE INDEX issues_state ON issues (state, id);
CREATE INDEX issues_kind ON issues (kind, id);
CREATE INDEX issues_priority ON issues (priority, id);
CREATE INDEX issues_source ON issues (source, id);
CREATE INDEX issues_contract ON issues (contract_id, id);
CREATE INDEX issues_assigned ON issues (assigned_id, id);
-- What the limits of public reports count.
CREATE INDEX issues_link ON issues (link_id, opened_at) WHERE link_id IS NOT NULL;
CREATE INDEX issues_origin ON issues (origin_hash, opened_at) WHERE origin_hash <> '';
-- All that the figures of a contract need.
CREATE INDEX issues_figures ON issues (contract_id, month, state, answered_at, answer_due_at, answered_late, solved_at,
    due_at, solved_late, satisfaction, reopened);
CREATE INDEX issues_month ON issues (month, contract_id);

CREATE TABLE issue_links (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    place       TEXT NOT NULL,            -- where the code hangs; '' anywhere
    token       TEXT NOT NULL,            -- /r/<token>; stands on paper in public
    renewed_at  BIGINT NOT NULL,
    state       TEXT NOT NULL             -- on, off
);
CREATE UNIQUE INDEX issue_links_token ON issue_links (token);
CREATE INDEX issue_links_contract ON issue_links (contract_id, id);
CREATE INDEX issue_links_state ON issue_links (state, id);
