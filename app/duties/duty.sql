-- q_duty_open (as its columns) -> a new duty
INSERT INTO duties (version, created_at, updated_at, rule, clause, subject, subject_id, title, period,
    contract_id, organisation_id, unit_id, owner_side, owner_role, owner_id, opened_at, due_at, met_at,
    next_at, state, level, reason, live, internal)
VALUES (1, $1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, $16, 'open', 0, '', $17, $18);

-- q_duty_refresh ($1 duty, $2 now, then who and until when) -> changes 1
UPDATE duties SET version = version + 1, updated_at = $2, title = $3, contract_id = $4,
       organisation_id = $5, unit_id = $6, owner_side = $7, owner_role = $8, owner_id = $9,
       opened_at = $10, due_at = $11, next_at = $12, state = $13, level = $14, live = $15
 WHERE id = $1;

-- q_duty_close ($1 duty, $2 now, $3 met or waived) -> changes 1
UPDATE duties SET version = version + 1, updated_at = $2, met_at = $2, next_at = 0, state = $3, live = FALSE
 WHERE id = $1;

-- q_duty_next ($1 duty, which is on a list from now on, $2 when the clock looks again) -> changes 1
UPDATE duties SET live = TRUE, next_at = $2 WHERE id = $1;

-- q_duty_waiting ($1 now) -> 1 when the clock has something to do
SELECT count(*) FROM (SELECT 1 FROM duties WHERE next_at > 0 AND next_at <= $1 LIMIT 1) waiting;

-- q_duty_month ($1 rule) -> how far its month is
SELECT period, last_id, done FROM duty_months WHERE rule = $1;

-- q_duty_month_set ($1 rule, $2 period, $3 last id, $4 done)
INSERT INTO duty_months (rule, period, last_id, done) VALUES ($1, $2, $3, $4)
ON CONFLICT (rule) DO UPDATE SET period = $2, last_id = $3, done = $4;

-- q_calendar_changed ($1 day, $2 its name) -> changes 1
INSERT INTO calendar_changes (date, name) VALUES ($1, $2);

-- q_calendar_changes_last () -> the last change that open duties do not follow yet; 0: there is none
SELECT COALESCE(max(id), 0) FROM calendar_changes;

-- q_calendar_changes () -> the days that became others, each once, the first ones
SELECT date, max(name) AS name FROM calendar_changes GROUP BY date ORDER BY date LIMIT 1000;

-- q_calendar_changes_done ($1 up to this one)
DELETE FROM calendar_changes WHERE id <= $1;

-- q_redating () -> how far it is
SELECT up_to, rule, subject_id, period FROM redatings;

-- q_redating_set ($1 up to this change, $2 rule, $3 last subject, $4 its period) -> changes 1
INSERT INTO redatings (up_to, rule, subject_id, period) VALUES ($1, $2, $3, $4);

-- q_redating_clear ()
DELETE FROM redatings;

-- q_calendar_day_remove ($1 day's record) -> changes 1
DELETE FROM calendar_days WHERE id = $1;

-- q_calendar_stamp () -> stamp
SELECT stamp FROM calendar_stamps;

-- q_calendar_stamps_clear ()
DELETE FROM calendar_stamps;

-- q_calendar_stamp_set ($1 stamp) -> changes 1
INSERT INTO calendar_stamps (stamp) VALUES ($1);

-- q_calendar_days () -> all exceptions
SELECT date, kind, name FROM calendar_days ORDER BY date;

-- q_calendar_day ($1 day) -> id
SELECT id FROM calendar_days WHERE date = $1;

-- q_duty_periods ($1 record, $2 its kind, $3 rule, $4 other than this period) -> the periods of open duties
SELECT period FROM duties
 WHERE subject_id = $1 AND subject = $2 AND rule = $3 AND period <> $4 AND state IN ('open', 'overdue');

-- q_absent ($1 stand-in, $2 day) -> the accounts of those for whom this person stands in then
SELECT DISTINCT a.id FROM delegations d JOIN accounts a ON a.person_id = d.person_id
 WHERE d.delegate_id = $1 AND d.starts_on <= $2 AND d.ends_on >= $2 ORDER BY a.id LIMIT 20;
