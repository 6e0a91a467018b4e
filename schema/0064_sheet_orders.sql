-- What the table of a month's results is sorted by: the place, behind all others where there is none, and the points of each
-- indicator, five digits each in the scheme's order. Sheets that were written before have no digits and are not sorted by them.
ALTER TABLE sheets ADD COLUMN place BIGINT NOT NULL DEFAULT 2147483647;
UPDATE sheets SET place = rank WHERE rank > 0;
DROP INDEX sheets_rank;
CREATE INDEX sheets_place ON sheets (place THEN_ID);
ALTER TABLE sheets ADD COLUMN sort_points TEXT NOT NULL DEFAULT '';
-- All that choosing a page of a month asks.
CREATE INDEX sheets_month_points ON sheets (month_id, scheme_id, sort_points, provider_id, client_id, unit_id, state, subject, subject_id THEN_ID);
