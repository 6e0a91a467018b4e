-- What people are told, and what of it goes outside by mail and to the robots of chat groups.

-- Something that happened, once, whoever is told of it.
CREATE TABLE news (
    id         IDENTITY,
    event      TEXT NOT NULL,             -- what, of which record, when: told twice it is still one
    created_at BIGINT NOT NULL,
    kind       TEXT NOT NULL,             -- letter.sent: words in the catalogue
    subject    TEXT NOT NULL,             -- the resource of the record it is about, '' none
    subject_id BIGINT,
    title      TEXT NOT NULL,             -- what named that record then
    detail     TEXT NOT NULL,
    urgent     BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX news_event ON news (event);
CREATE INDEX news_created_at ON news (created_at);

CREATE TABLE notices (
    id         IDENTITY,
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    news_id    BIGINT NOT NULL REFERENCES news (id),
    unread     BOOLEAN NOT NULL,
    read_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX notices_news ON notices (news_id, account_id);
CREATE INDEX notices_account ON notices (account_id, id);
-- The number at the bell.
CREATE INDEX notices_unread ON notices (account_id, unread, id);

-- What each person wants to hear by mail; without a row nothing.
CREATE TABLE notice_choices (
    id         IDENTITY,
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    mail       TEXT NOT NULL,
    takes      TEXT NOT NULL,             -- all, urgent, none
    quiet_from TEXT NOT NULL,             -- HH:MM; the same as quiet_to: no quiet hours
    quiet_to   TEXT NOT NULL
);
CREATE UNIQUE INDEX notice_choices_account ON notice_choices (account_id);

-- Robots of chat groups, and webhooks.
CREATE TABLE robots (
    id              IDENTITY,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    unit_id         BIGINT REFERENCES units (id), -- none: whatever the organisation is told
    name            TEXT NOT NULL,        -- of the group
    channel         TEXT NOT NULL,        -- wecom, dingtalk, feishu, webhook
    url             TEXT NOT NULL,        -- sealed: whoever knows it may post to the group
    secret          TEXT NOT NULL,        -- sealed; '' unsigned
    takes           TEXT NOT NULL,        -- all, urgent, none
    quiet_from      TEXT NOT NULL,
    quiet_to        TEXT NOT NULL
);
CREATE INDEX robots_organisation ON robots (organisation_id, id);
CREATE INDEX robots_unit ON robots (unit_id, id);

-- One piece of news on its way to one person's mail or to one robot.
CREATE TABLE deliveries (
    id           IDENTITY,
    created_at   BIGINT NOT NULL,
    news_id      BIGINT NOT NULL REFERENCES news (id),
    channel      TEXT NOT NULL,           -- mail, wecom, dingtalk, feishu, webhook
    account_id   BIGINT REFERENCES accounts (id), -- by mail
    robot_id     BIGINT REFERENCES robots (id),   -- to a group
    address      TEXT NOT NULL,           -- of the mail; '' the robot's
    quiet_from   TEXT NOT NULL,           -- as chosen when it was written
    quiet_to     TEXT NOT NULL,
    state        TEXT NOT NULL,           -- waiting, sent, given_up
    tries        BIGINT NOT NULL,
    next_at      BIGINT NOT NULL,         -- not before; while it is being sent: when the claim ends
    fault        TEXT NOT NULL,           -- code of what went wrong last; '' nothing
    fault_detail TEXT NOT NULL,
    sent_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX deliveries_account ON deliveries (news_id, account_id);
CREATE UNIQUE INDEX deliveries_robot ON deliveries (news_id, robot_id);
CREATE INDEX deliveries_of_account ON deliveries (account_id, id);
CREATE INDEX deliveries_of_robot ON deliveries (robot_id, id);
-- What the worker looks for.
CREATE INDEX deliveries_waiting ON deliveries (next_at, id) WHERE state = 'waiting';
