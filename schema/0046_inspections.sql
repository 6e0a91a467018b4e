-- Inspections by the standard in force (V3.5, V5.1.3): what is planned, what was found, by whom and whether to believe it;
-- what is rectified (X1), appealed against (X4), and the provider's own records of its work (forms F13, F14).
CREATE TABLE inspection_plans (
    id           IDENTITY,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    contract_id  BIGINT NOT NULL REFERENCES contracts (id),
    client_id    BIGINT NOT NULL REFERENCES organisations (id),
    unit_id      BIGINT NOT NULL REFERENCES units (id), -- of the contract
    area_id      BIGINT REFERENCES areas (id),          -- NULL: each area of the contract
    level        TEXT NOT NULL,        -- owner, project, division, mystery
    frequency    TEXT NOT NULL,        -- daily, weekly, monthly, quarterly
    inspector_id BIGINT REFERENCES people (id), -- NULL: whoever answers for the area, or holds the level's role
    "from"       TEXT NOT NULL,
    "to"         TEXT NOT NULL,        -- the last day; '' without end
    opened_to    TEXT NOT NULL,        -- the day up to which its tasks have been opened
    state        TEXT NOT NULL         -- active, ended
);
CREATE INDEX inspection_plans_contract ON inspection_plans (contract_id, id);
CREATE INDEX inspection_plans_client ON inspection_plans (client_id, id);
CREATE INDEX inspection_plans_unit ON inspection_plans (unit_id, id);
CREATE INDEX inspection_plans_area ON inspection_plans (area_id, id);
CREATE INDEX inspection_plans_level ON inspection_plans (level, id);
CREATE INDEX inspection_plans_due ON inspection_plans (state, opened_to, id);

CREATE TABLE inspection_tasks (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    plan_id       BIGINT NOT NULL REFERENCES inspection_plans (id),
    contract_id   BIGINT NOT NULL REFERENCES contracts (id),
    client_id     BIGINT NOT NULL REFERENCES organisations (id),
    unit_id       BIGINT NOT NULL REFERENCES units (id),
    area_id       BIGINT NOT NULL REFERENCES areas (id),
    level         TEXT NOT NULL,
    frequency     TEXT NOT NULL,
    period        TEXT NOT NULL,       -- its first day
    month         TEXT NOT NULL,       -- in which it is due
    due_at        BIGINT NOT NULL,
    inspector_id  BIGINT REFERENCES people (id),
    inspection_id BIGINT,              -- that did it
    done_at       BIGINT NOT NULL,
    late          BOOLEAN NOT NULL,
    state         TEXT NOT NULL        -- open, done, missed, dropped
);
CREATE UNIQUE INDEX inspection_tasks_once ON inspection_tasks (plan_id, area_id, period);
CREATE INDEX inspection_tasks_contract ON inspection_tasks (contract_id, id);
CREATE INDEX inspection_tasks_client ON inspection_tasks (client_id, id);
CREATE INDEX inspection_tasks_unit ON inspection_tasks (unit_id, id);
CREATE INDEX inspection_tasks_area ON inspection_tasks (area_id, id);
CREATE INDEX inspection_tasks_inspector ON inspection_tasks (inspector_id, id);
CREATE INDEX inspection_tasks_state ON inspection_tasks (state, due_at, id);
CREATE INDEX inspection_tasks_month ON inspection_tasks (month, unit_id, id);
CREATE INDEX inspection_tasks_due ON inspection_tasks (due_at THEN_ID);

CREATE TABLE inspections (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    contract_id     BIGINT NOT NULL REFERENCES contracts (id),
    provider_id     BIGINT NOT NULL REFERENCES organisations (id),
    client_id       BIGINT NOT NULL REFERENCES organisations (id),
    unit_id         BIGINT NOT NULL REFERENCES units (id),
    area_id         BIGINT NOT NULL REFERENCES areas (id),
    standard_id     BIGINT NOT NULL REFERENCES standards (id),
    task_id         BIGINT REFERENCES inspection_tasks (id), -- NULL: not planned
    level           TEXT NOT NULL,
    uid             TEXT NOT NULL,     -- the phone's own name of it, by which it is known when it comes again
    inspector_id    BIGINT NOT NULL REFERENCES people (id),
    started_at      BIGINT NOT NULL,   -- by the server's clock: when it arrived
    device_started_at  BIGINT NOT NULL, -- by the phone's
    device_finished_at BIGINT NOT NULL,
    finished_at     BIGINT NOT NULL,
    latitude        BIGINT NOT NULL,   -- millionths of a degree; 0 and 0: not known
    longitude       BIGINT NOT NULL,
    items           TEXT NOT NULL,     -- JSON: the standard's, frozen, with what was found
    passed          BIGINT NOT NULL,
    failed          BIGINT NOT NULL,
    not_applicable  BIGINT NOT NULL,
    deducted        BIGINT NOT NULL,   -- hundredths
    score           BIGINT NOT NULL,   -- hundredths, after what appeals took back
    fatal           BOOLEAN NOT NULL,
    upheld          TEXT NOT NULL,     -- the places of findings that appeals took back
    month           TEXT NOT NULL,     -- in which it was finished
    remark          TEXT NOT NULL,
    appeal_by       BIGINT NOT NULL,
    countersigned_at BIGINT NOT NULL,
    companion_id    BIGINT REFERENCES people (id),
    objection       TEXT NOT NULL,     -- what the provider's companion signed with
    doubtful        BOOLEAN NOT NULL,  -- something about it is to be judged by a person
    void_reason     TEXT NOT NULL,
    state           TEXT NOT NULL      -- open, finished, countersigned, void
);
CREATE UNIQUE INDEX inspections_uid ON inspections (inspector_id, uid);
CREATE INDEX inspections_contract ON inspections (contract_id, id);
CREATE INDEX inspections_contract_month ON inspections (contract_id, month);
CREATE INDEX inspections_provider ON inspections (provider_id, id);
CREATE INDEX inspections_client ON inspections (client_id, id);
CREATE INDEX inspections_unit ON inspections (unit_id, id);
CREATE INDEX inspections_area ON inspections (area_id, id);
CREATE INDEX inspections_inspector ON inspections (inspector_id, device_finished_at);
CREATE INDEX inspections_task ON inspections (task_id);
CREATE INDEX inspections_level ON inspections (level, id);
CREATE INDEX inspections_month ON inspections (month, unit_id, id);
CREATE INDEX inspections_state ON inspections (state, id);
CREATE INDEX inspections_doubtful ON inspections (doubtful, id);
CREATE INDEX inspections_finished ON inspections (finished_at THEN_ID);

CREATE TABLE inspection_photos (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    inspection_id BIGINT NOT NULL REFERENCES inspections (id),
    contract_id   BIGINT NOT NULL REFERENCES contracts (id),
    document_id   BIGINT NOT NULL REFERENCES documents (id),
    place         BIGINT NOT NULL,     -- of the item, from 1
    sha256        TEXT NOT NULL,
    band_1        BIGINT NOT NULL,     -- the quarters of its likeness, -1 where it has none: two pictures that differ in
                                       -- three spots share one
    band_2        BIGINT NOT NULL,
    band_3        BIGINT NOT NULL,
    band_4        BIGINT NOT NULL,
    taken_at      BIGINT NOT NULL,     -- by the phone's clock
    latitude      BIGINT NOT NULL,
    longitude     BIGINT NOT NULL
);
CREATE UNIQUE INDEX inspection_photos_once ON inspection_photos (inspection_id, place, sha256);
CREATE INDEX inspection_photos_contract ON inspection_photos (contract_id, id);
CREATE INDEX inspection_photos_sha256 ON inspection_photos (sha256);
CREATE INDEX inspection_photos_band_1 ON inspection_photos (band_1);
CREATE INDEX inspection_photos_band_2 ON inspection_photos (band_2);
CREATE INDEX inspection_photos_band_3 ON inspection_photos (band_3);
CREATE INDEX inspection_photos_band_4 ON inspection_photos (band_4);

CREATE TABLE inspection_marks (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    inspection_id BIGINT NOT NULL REFERENCES inspections (id),
    contract_id   BIGINT NOT NULL REFERENCES contracts (id),
    client_id     BIGINT NOT NULL REFERENCES organisations (id),
    unit_id       BIGINT NOT NULL REFERENCES units (id),
    inspector_id  BIGINT NOT NULL REFERENCES people (id),
    kind          TEXT NOT NULL,       -- same_photo, like_photo, too_fast, far_apart, wrong_place, backfilled, clock_off, never_fails
    place         BIGINT NOT NULL,     -- of the item; 0: the whole
    amount        BIGINT NOT NULL,     -- seconds, metres, inspections: the words of the kind say which
    other_id      BIGINT REFERENCES inspections (id),
    judge_id      BIGINT REFERENCES people (id),
    judged_at     BIGINT NOT NULL,
    reason        TEXT NOT NULL,
    state         TEXT NOT NULL        -- open, explained, false_record
);
CREATE INDEX inspection_marks_inspection ON inspection_marks (inspection_id, id);
CREATE INDEX inspection_marks_contract ON inspection_marks (contract_id, id);
CREATE INDEX inspection_marks_client ON inspection_marks (client_id, id);
CREATE INDEX inspection_marks_unit ON inspection_marks (unit_id, id);
CREATE INDEX inspection_marks_inspector ON inspection_marks (inspector_id, kind, id);
CREATE INDEX inspection_marks_kind ON inspection_marks (kind, id);
CREATE INDEX inspection_marks_state ON inspection_marks (state, id);

CREATE TABLE rectifications (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    inspection_id BIGINT NOT NULL REFERENCES inspections (id),
    place         BIGINT NOT NULL,     -- of the item
    item_id       BIGINT NOT NULL,     -- of the standard
    item_text     TEXT NOT NULL,
    term          TEXT NOT NULL,       -- the contract's term that it follows from
    contract_id   BIGINT NOT NULL REFERENCES contracts (id),
    provider_id   BIGINT NOT NULL REFERENCES organisations (id),
    client_id     BIGINT NOT NULL REFERENCES organisations (id),
    unit_id       BIGINT NOT NULL REFERENCES units (id),
    area_id       BIGINT NOT NULL REFERENCES areas (id),
    inspector_id  BIGINT NOT NULL REFERENCES people (id),
    found         TEXT NOT NULL,
    photo         BOOLEAN NOT NULL,    -- the answer wants one, too
    points        BIGINT NOT NULL,     -- hundredths that the problem costs
    round         BIGINT NOT NULL,     -- 1; 2 and more: it was not rectified the time before
    former_id     BIGINT REFERENCES rectifications (id),
    seen          BIGINT NOT NULL,     -- further inspections that saw the same and deducted nothing
    issued_at     BIGINT NOT NULL,
    due_at        BIGINT NOT NULL,
    cause         TEXT NOT NULL,
    answer        TEXT NOT NULL,
    answered_at   BIGINT NOT NULL,
    answered_by_id BIGINT REFERENCES people (id),
    late          BOOLEAN NOT NULL,    -- answered after due_at
    judged_at     BIGINT NOT NULL,
    judge_id      BIGINT REFERENCES people (id),
    reason        TEXT NOT NULL,
    month         TEXT NOT NULL,       -- in which it was issued
    state         TEXT NOT NULL        -- issued, answered, closed, failed, withdrawn
);
CREATE UNIQUE INDEX rectifications_one_open ON rectifications (area_id, item_text) WHERE state IN ('issued', 'answered');
CREATE INDEX rectifications_inspection ON rectifications (inspection_id, id);
CREATE INDEX rectifications_contract ON rectifications (contract_id, id);
CREATE INDEX rectifications_contract_month ON rectifications (contract_id, month);
CREATE INDEX rectifications_provider ON rectifications (provider_id, id);
CREATE INDEX rectifications_client ON rectifications (client_id, id);
CREATE INDEX rectifications_unit ON rectifications (unit_id, id);
CREATE INDEX rectifications_area ON rectifications (area_id, id);
CREATE INDEX rectifications_state ON rectifications (state, due_at, id);
CREATE INDEX rectifications_due ON rectifications (due_at THEN_ID);
CREATE INDEX rectifications_month ON rectifications (month, unit_id, id);
CREATE INDEX rectifications_round ON rectifications (round, id);

CREATE TABLE inspection_appeals (
    id            IDENTITY,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    inspection_id BIGINT NOT NULL REFERENCES inspections (id),
    place         BIGINT NOT NULL,
    item_text     TEXT NOT NULL,
    contract_id   BIGINT NOT NULL REFERENCES contracts (id),
    provider_id   BIGINT NOT NULL REFERENCES organisations (id),
    client_id     BIGINT NOT NULL REFERENCES organisations (id),
    unit_id       BIGINT NOT NULL REFERENCES units (id),
    inspector_id  BIGINT NOT NULL REFERENCES people (id),
    points        BIGINT NOT NULL,     -- hundredths that are at stake
    words         TEXT NOT NULL,
    appellant_id  BIGINT NOT NULL REFERENCES people (id),
    decider_id    BIGINT REFERENCES people (id),
    decided_at    BIGINT NOT NULL,
    reason        TEXT NOT NULL,
    state         TEXT NOT NULL        -- open, upheld, rejected
);
CREATE UNIQUE INDEX inspection_appeals_once ON inspection_appeals (inspection_id, place);
CREATE INDEX inspection_appeals_contract ON inspection_appeals (contract_id, id);
CREATE INDEX inspection_appeals_provider ON inspection_appeals (provider_id, id);
CREATE INDEX inspection_appeals_client ON inspection_appeals (client_id, id);
CREATE INDEX inspection_appeals_unit ON inspection_appeals (unit_id, id);
CREATE INDEX inspection_appeals_state ON inspection_appeals (state, id);

-- Form F13.
CREATE TABLE pest_treatments (
    id             IDENTITY,
    version        BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    contract_id    BIGINT NOT NULL REFERENCES contracts (id),
    provider_id    BIGINT NOT NULL REFERENCES organisations (id),
    client_id      BIGINT NOT NULL REFERENCES organisations (id),
    unit_id        BIGINT NOT NULL REFERENCES units (id),
    area_id        BIGINT REFERENCES areas (id),
    places         TEXT NOT NULL,
    targets        TEXT NOT NULL,      -- rats mosquitoes flies cockroaches
    agent          TEXT NOT NULL,
    registration   TEXT NOT NULL,      -- of the agent as a pesticide
    concentration  TEXT NOT NULL,
    amount         TEXT NOT NULL,
    method         TEXT NOT NULL,
    first_aid      TEXT NOT NULL,      -- what the notice says to do
    announced_on   TEXT NOT NULL,
    planned_on     TEXT NOT NULL,
    treated_on     TEXT NOT NULL,
    workers        TEXT NOT NULL,
    follower       TEXT NOT NULL,      -- who stayed with it all the time
    remains        TEXT NOT NULL,      -- dead rats and bait: what was cleared, and the density found
    judge_id       BIGINT REFERENCES people (id),
    judged_at      BIGINT NOT NULL,
    reason         TEXT NOT NULL,
    state          TEXT NOT NULL       -- announced, done, confirmed, returned, cancelled
);
CREATE INDEX pest_treatments_contract ON pest_treatments (contract_id, id);
CREATE INDEX pest_treatments_provider ON pest_treatments (provider_id, id);
CREATE INDEX pest_treatments_client ON pest_treatments (client_id, id);
CREATE INDEX pest_treatments_unit ON pest_treatments (unit_id, id);
CREATE INDEX pest_treatments_area ON pest_treatments (area_id, id);
CREATE INDEX pest_treatments_planned ON pest_treatments (planned_on THEN_ID);
CREATE INDEX pest_treatments_state ON pest_treatments (state, id);

-- Form F14.
CREATE TABLE maintenance_works (
    id             IDENTITY,
    version        BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    contract_id    BIGINT NOT NULL REFERENCES contracts (id),
    provider_id    BIGINT NOT NULL REFERENCES organisations (id),
    client_id      BIGINT NOT NULL REFERENCES organisations (id),
    unit_id        BIGINT NOT NULL REFERENCES units (id),
    area_id        BIGINT REFERENCES areas (id),
    equipment      TEXT NOT NULL,      -- its number
    kind           TEXT NOT NULL,      -- half_month, quarter, half_year, year, repair
    planned_on     TEXT NOT NULL,
    arrived_at     BIGINT NOT NULL,
    finished_at    BIGINT NOT NULL,
    results        TEXT NOT NULL,
    parts          TEXT NOT NULL,
    worker         TEXT NOT NULL,
    licence        TEXT NOT NULL,      -- the worker's
    judge_id       BIGINT REFERENCES people (id),
    judged_at      BIGINT NOT NULL,
    reason         TEXT NOT NULL,
    state          TEXT NOT NULL       -- done, confirmed, returned
);
CREATE INDEX maintenance_works_contract ON maintenance_works (contract_id, id);
CREATE INDEX maintenance_works_provider ON maintenance_works (provider_id, id);
CREATE INDEX maintenance_works_client ON maintenance_works (client_id, id);
CREATE INDEX maintenance_works_unit ON maintenance_works (unit_id, id);
CREATE INDEX maintenance_works_area ON maintenance_works (area_id, id);
CREATE INDEX maintenance_works_equipment ON maintenance_works (equipment, id);
CREATE INDEX maintenance_works_kind ON maintenance_works (kind, id);
CREATE INDEX maintenance_works_finished ON maintenance_works (finished_at THEN_ID);
CREATE INDEX maintenance_works_state ON maintenance_works (state, id);

-- Where an area is, so that an inspection from elsewhere shows.
CREATE TABLE area_positions (
    id         IDENTITY,
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    area_id    BIGINT NOT NULL REFERENCES areas (id),
    client_id  BIGINT NOT NULL REFERENCES organisations (id),
    unit_id    BIGINT NOT NULL REFERENCES units (id),
    latitude   BIGINT NOT NULL,        -- millionths of a degree
    longitude  BIGINT NOT NULL
);
CREATE UNIQUE INDEX area_positions_area ON area_positions (area_id);
CREATE INDEX area_positions_client ON area_positions (client_id, id);
CREATE INDEX area_positions_unit ON area_positions (unit_id, id);
