-- Sheets and lines of pay are written by the ten thousand.
ALTER TABLE sheets ADD COLUMN lacking BOOLEAN NOT NULL DEFAULT FALSE; -- there was nothing to measure for one of its lines
UPDATE sheets SET lacking = TRUE WHERE lines LIKE '%"nothing":true%';
DROP INDEX sheets_client; -- the company's lists do not begin there: nearly all are its own

-- PostgreSQL looks each reference of each row up by a statement of its own, which takes longer than writing the row. What
-- these name was read in the same transaction, for all rows at once, and is never deleted. SQLite goes on asking for it.
-- @postgres
ALTER TABLE sheets DROP CONSTRAINT sheets_month_id_fkey, DROP CONSTRAINT sheets_contract_id_fkey,
    DROP CONSTRAINT sheets_unit_id_fkey, DROP CONSTRAINT sheets_provider_id_fkey, DROP CONSTRAINT sheets_client_id_fkey,
    DROP CONSTRAINT sheets_scheme_id_fkey, DROP CONSTRAINT sheets_subject_id_fkey;
ALTER TABLE pay_lines DROP CONSTRAINT pay_lines_pay_sheet_id_fkey, DROP CONSTRAINT pay_lines_provider_id_fkey,
    DROP CONSTRAINT pay_lines_person_id_fkey, DROP CONSTRAINT pay_lines_terms_id_fkey,
    DROP CONSTRAINT pay_lines_rule_id_fkey, DROP CONSTRAINT pay_lines_minimum_id_fkey;
-- @end
