-- An agent id that was disabled ends on the day on which it was, for everything that asks who had an id when. The day in
-- Shanghai is reckoned from the last change by whole numbers, which both engines do alike.
UPDATE agents SET "to" = last.day
  FROM (SELECT id, CAST(year + CASE WHEN month <= 2 THEN 1 ELSE 0 END AS TEXT) || '-' || substr(CAST(100 + month AS TEXT), 2)
                   || '-' || substr(CAST(100 + day_of_month AS TEXT), 2) AS day
          FROM (SELECT id, year, day_of_year - (153 * fifth + 2) / 5 + 1 AS day_of_month,
                       CASE WHEN fifth < 10 THEN fifth + 3 ELSE fifth - 9 END AS month
                  FROM (SELECT id, year, day_of_year, (5 * day_of_year + 2) / 153 AS fifth -- months from March on
                          FROM (SELECT id, year + 2000 AS year, days - (365 * year + year / 4 - year / 100) AS day_of_year
                                  FROM (SELECT id, days, (days - days / 1460 + days / 36524) / 365 AS year
                                          FROM (SELECT id, (updated_at + 28800000) / 86400000 - 11017 AS days -- since 1 March 2000
                                                  FROM agents WHERE state = 'disabled') a) b) c) d) e) last
 WHERE agents.id = last.id AND (agents."to" = '' OR agents."to" > last.day);
