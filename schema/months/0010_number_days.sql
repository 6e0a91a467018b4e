-- A number's day is one row for each contract that calls with it: day, number and contract are its id. Counted again, as one
-- number's calls for several contracts stood in one row; of what was deleted nothing can be counted.
UPDATE number_days
   SET id = id / 4294967296 * 281474976710656 + COALESCE(number_id, 0) * 16777216 + COALESCE(contract_id, 0)
 WHERE (SELECT emptied_at FROM month_ends WHERE id = 1) <> 0;
DELETE FROM number_days WHERE (SELECT emptied_at FROM month_ends WHERE id = 1) = 0;
INSERT INTO number_days (id, day, contract_id, number_id, dials, connected, success, talk_s, duration_s)
SELECT d.n * 281474976710656 + COALESCE(c.number_id, 0) * 16777216 + COALESCE(c.contract_id, 0), d.day,
       c.contract_id, c.number_id, count(*), SUM(CASE WHEN c.result IN (1, 2) THEN 1 ELSE 0 END),
       SUM(CASE WHEN c.result = 1 THEN 1 ELSE 0 END), SUM(c.talk_s), SUM(c.duration_s)
  FROM calls c
  JOIN (SELECT DISTINCT id / 4294967296 / 24 AS n, day FROM contract_hours) d
    ON d.n = (c.id / 29491200000 + 8) / 24
 WHERE (SELECT emptied_at FROM month_ends WHERE id = 1) = 0
 GROUP BY d.n, d.day, c.number_id, c.contract_id;
