-- q_schema_exists () -> 1 when the table of applied texts is there
-- @sqlite
SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_changes'
-- @postgres
SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_changes'
-- @end
;

-- q_schema_applied () -> what ran, oldest first
SELECT version, name, sha256
  FROM schema_changes
 ORDER BY version;

-- q_schema_add ($1 version, $2 name, $3 sha256, $4 now)
INSERT INTO schema_changes (version, name, sha256, applied_at)
VALUES ($1, $2, $3, $4);
