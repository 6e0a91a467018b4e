-- q_value ($1 name) -> value of a counter
SELECT value FROM counters WHERE name = $1;

-- q_set ($1 name, $2 value) -> changes 1
UPDATE counters SET value = $2 WHERE name = $1;

-- q_new ($1 name) -> changes 1
INSERT INTO counters (name, value) VALUES ($1, 0);

-- q_sum () -> of all counters
SELECT SUM(value) FROM counters;

-- q_lose ($1 name of a counter that exists) -> the whole transaction is given up
-- @sqlite
INSERT OR ROLLBACK INTO counters (name, value) VALUES ($1, 0)
-- @postgres
INSERT INTO counters (name, value) VALUES ($1, 0)
-- @end
;

-- q_disconnect () -> how many other connections the server was made to close
-- @sqlite
SELECT 0
-- @postgres
SELECT count(pg_terminate_backend(pid))
  FROM pg_stat_activity
 WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()
-- @end
;
