-- q_import_client () -> the first organisation of the client side
SELECT id FROM organisations WHERE side = 'client' ORDER BY id LIMIT 1;

-- q_import_headquarters ($1 organisation) -> its headquarters, or its first unit
SELECT id FROM units WHERE organisation_id = $1
 ORDER BY CASE WHEN kind = 'headquarters' THEN 0 ELSE 1 END, id LIMIT 1;

-- q_import_waiting () -> the import whose turn it is
SELECT id FROM imports WHERE state = 'checking' OR state = 'running' ORDER BY id LIMIT 1;

-- q_import_claim ($1 import) -> changes 1, or 0 when another server was faster; holds the row
UPDATE imports SET state = 'running' WHERE id = $1 AND state = 'running';

-- q_import_rows_forget ($1 import) -> the rows that nobody corrected
DELETE FROM import_rows WHERE import_id = $1 AND corrections = '';

-- q_import_rows_clear ($1 import)
UPDATE import_rows SET faults = '' WHERE import_id = $1;

-- q_import_row_put ($1 import, $2 number, $3 cells, $4 faults)
INSERT INTO import_rows (import_id, number, cells, corrections, faults) VALUES ($1, $2, $3, '', $4)
ON CONFLICT (import_id, number) DO UPDATE SET cells = excluded.cells, faults = excluded.faults;

-- q_import_row ($1 import, $2 number) -> number, cells, corrections, faults of a bad row
SELECT number, cells, corrections, faults FROM import_rows
 WHERE import_id = $1 AND number = $2 AND faults <> '';

-- q_import_row_correct ($1 import, $2 number, $3 corrections) -> changes 1
UPDATE import_rows SET corrections = $3 WHERE import_id = $1 AND number = $2;

-- q_import_rows_bad ($1 import, $2 after this number, $3 at most) -> number, cells, corrections, faults
SELECT number, cells, corrections, faults FROM import_rows
 WHERE import_id = $1 AND number > $2 AND faults <> '' ORDER BY number LIMIT $3;

-- q_import_rows_corrected ($1 import) -> number, cells, corrections, faults
SELECT number, cells, corrections, faults FROM import_rows
 WHERE import_id = $1 AND corrections <> '' ORDER BY number;

-- q_import_rows_sweep ($1 untouched since) -> rows of imports that nobody works on any more
DELETE FROM import_rows WHERE import_id IN (SELECT id FROM imports WHERE updated_at < $1);
