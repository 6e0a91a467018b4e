-- What was said of a call before a later record of it was taken, or before somebody judged it anew.
CREATE TABLE call_revisions (
    id          IDENTITY,
    call_id     BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    change      TEXT NOT NULL,            -- revised, judged
    person_id   BIGINT,                   -- who sent the later record, or judged; NULL: the system
    contract_id BIGINT,                   -- here and below: as it was before
    agent_id    BIGINT,
    number_id   BIGINT,
    gate_id     BIGINT,
    callee_key  BIGINT NOT NULL,
    callee_code BIGINT NOT NULL,
    duration_s  BIGINT NOT NULL,
    talk_s      BIGINT NOT NULL,
    result      BIGINT NOT NULL,
    recording   TEXT NOT NULL
);
CREATE INDEX call_revisions_call ON call_revisions (call_id, id);

-- What a later record set right is taken back by a finding of its own.
ALTER TABLE call_findings ADD COLUMN withdrawn BOOLEAN NOT NULL DEFAULT FALSE;

-- Up to where allowed decisions were looked at, for each length that a call may have: those of a minute are over while others
-- may still talk. Takes the place of gate_marks.
CREATE TABLE gate_waits (
    id      NUMBER_KEY,                   -- max_s
    checked BIGINT NOT NULL               -- decision
);
INSERT INTO gate_waits (id, checked)
SELECT DISTINCT max_s, (SELECT checked FROM gate_marks WHERE id = 1) FROM gate_decisions WHERE reason = 'ok';
DROP TABLE gate_marks;
