-- Surveys: the served party judges (V5.1.5), and a third party asks a sample of those who are served (V5.1.7).
CREATE TABLE surveys (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    client_id   BIGINT NOT NULL REFERENCES organisations (id),
    provider_id BIGINT NOT NULL REFERENCES organisations (id),
    unit_id     BIGINT NOT NULL REFERENCES units (id),
    surveyor_id BIGINT REFERENCES organisations (id), -- of a third-party survey: who runs it
    kind        TEXT NOT NULL,            -- served_party, third_party
    period      TEXT NOT NULL,            -- 2026-11, 2026-Q4, 2026
    last_day    TEXT NOT NULL,            -- of the period
    ends_on     TEXT NOT NULL,            -- the last day on which answers are taken
    intro       TEXT NOT NULL,            -- what stands above the questions
    questions   TEXT NOT NULL,            -- JSON array
    population  BIGINT NOT NULL,          -- how many are served; of a third party's: the frame. 0: not known
    seed        TEXT NOT NULL,            -- of the draw
    sample      BIGINT NOT NULL,          -- how many were drawn
    drawn_at    BIGINT NOT NULL,
    drawn_sha256 TEXT NOT NULL,           -- of the frame and who was drawn of it
    token       TEXT NOT NULL,            -- of the code that hangs on site: /s/<token>
    opened_at   BIGINT NOT NULL,
    closed_at   BIGINT NOT NULL,
    answered    BIGINT NOT NULL,          -- since it is closed
    mean        BIGINT NOT NULL,          -- likewise, thousandths of a per cent
    representative BOOLEAN NOT NULL,
    sha256      TEXT NOT NULL,            -- of the answers it was closed with
    state       TEXT NOT NULL
);
CREATE UNIQUE INDEX surveys_period ON surveys (contract_id, kind, period);
CREATE UNIQUE INDEX surveys_token ON surveys (token);
CREATE INDEX surveys_client ON surveys (client_id, id);
CREATE INDEX surveys_provider ON surveys (provider_id, id);
CREATE INDEX surveys_surveyor ON surveys (surveyor_id, id);
CREATE INDEX surveys_unit ON surveys (unit_id, id);
CREATE INDEX surveys_contract ON surveys (contract_id, id);
CREATE INDEX surveys_kind ON surveys (kind, id);
CREATE INDEX surveys_state ON surveys (state, id);
CREATE INDEX surveys_last_day ON surveys (last_day, id);

-- The sampling frame: whom a third party can ask. Only the surveyor and the audit centre see it.
CREATE TABLE survey_members (
    id          IDENTITY,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    survey_id   BIGINT NOT NULL REFERENCES surveys (id),
    client_id   BIGINT NOT NULL REFERENCES organisations (id),
    surveyor_id BIGINT NOT NULL REFERENCES organisations (id),
    code        TEXT NOT NULL,            -- within the frame
    name        TEXT NOT NULL,
    contact     TEXT NOT NULL,            -- sealed
    stratum     TEXT NOT NULL,
    drawn       BOOLEAN NOT NULL,
    token       TEXT NOT NULL,            -- of the one answer: /s/<token>; '' not drawn
    answered    BOOLEAN NOT NULL          -- that, and neither when nor what
);
CREATE UNIQUE INDEX survey_members_code ON survey_members (survey_id, code);
CREATE UNIQUE INDEX survey_members_token ON survey_members (token) WHERE token <> '';
CREATE INDEX survey_members_survey ON survey_members (survey_id, id);
CREATE INDEX survey_members_client ON survey_members (client_id, id);
CREATE INDEX survey_members_surveyor ON survey_members (surveyor_id, id);
CREATE INDEX survey_members_drawn ON survey_members (survey_id, drawn, id);
CREATE INDEX survey_members_stratum ON survey_members (stratum, id);

-- Answers, of nobody: neither person nor token, neither address nor time. A row for each question of each answer,
-- and one for the answer as a whole (question 0).
CREATE TABLE survey_marks (
    id        IDENTITY,
    survey_id BIGINT NOT NULL REFERENCES surveys (id),
    question  BIGINT NOT NULL,            -- from 1; 0: the answer as a whole
    stratum   TEXT NOT NULL,
    picked    BIGINT NOT NULL,            -- the mark, or the number of the choice
    value     BIGINT NOT NULL,            -- of a mark: thousandths of a per cent of the best
    words     TEXT NOT NULL
);
CREATE INDEX survey_marks_survey ON survey_marks (survey_id, question, stratum);

-- That a phone has answered already: a keyed hash of a random value that only that phone keeps.
CREATE TABLE survey_onces (
    survey_id BIGINT NOT NULL REFERENCES surveys (id),
    once      TEXT NOT NULL,
    PRIMARY KEY (survey_id, once)
);

-- What a survey came to when it was closed: as a whole (question 0), for each question with marks, for each stratum.
CREATE TABLE survey_results (
    id             IDENTITY,
    version        BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    survey_id      BIGINT NOT NULL REFERENCES surveys (id),
    question       BIGINT NOT NULL,
    label          TEXT NOT NULL,
    stratum        TEXT NOT NULL,         -- '' all
    population     BIGINT NOT NULL,       -- 0: not known
    sample         BIGINT NOT NULL,
    answered       BIGINT NOT NULL,
    measured       BOOLEAN NOT NULL,      -- false: too few answers to say anything of them
    weighted       BOOLEAN NOT NULL,      -- by the strata's shares of the frame
    mean           BIGINT NOT NULL,       -- thousandths of a per cent, as low and high
    low            BIGINT NOT NULL,
    high           BIGINT NOT NULL,
    representative BOOLEAN NOT NULL
);
CREATE INDEX survey_results_survey ON survey_results (survey_id, id);

-- What was said in words, in the order of the words, since the survey is closed.
CREATE TABLE survey_words (
    id         IDENTITY,
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    survey_id  BIGINT NOT NULL REFERENCES surveys (id),
    question   BIGINT NOT NULL,
    words      TEXT NOT NULL
);
CREATE INDEX survey_words_survey ON survey_words (survey_id, id);
