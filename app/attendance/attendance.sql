-- q_week ($1 organisation, $2 after this person, $3 part of a name, $4 at most, $5 this person alone or 0, $6 .. $12 the days) -> people and their shifts
SELECT p.id AS person_id, p.name AS person_name, p.job,
       (SELECT s.shift_kind_id FROM shifts s WHERE s.person_id = p.id AND s.day = $6) AS monday,
       (SELECT s.shift_kind_id FROM shifts s WHERE s.person_id = p.id AND s.day = $7) AS tuesday,
       (SELECT s.shift_kind_id FROM shifts s WHERE s.person_id = p.id AND s.day = $8) AS wednesday,
       (SELECT s.shift_kind_id FROM shifts s WHERE s.person_id = p.id AND s.day = $9) AS thursday,
       (SELECT s.shift_kind_id FROM shifts s WHERE s.person_id = p.id AND s.day = $10) AS friday,
       (SELECT s.shift_kind_id FROM shifts s WHERE s.person_id = p.id AND s.day = $11) AS saturday,
       (SELECT s.shift_kind_id FROM shifts s WHERE s.person_id = p.id AND s.day = $12) AS sunday
  FROM people p
 WHERE p.organisation_id = $1 AND p.id > $2 AND p.search_key LIKE $3
   AND (p.left_on = '' OR p.left_on >= $6) AND ($5 = 0 OR p.id = $5)
 ORDER BY p.id LIMIT $4;

-- q_week_uncopied ($1 organisation, $2 from, $3 to, $4 not this person, $5 day on which they still work) -> shifts that may be repeated
SELECT s.person_id, s.day, s.shift_kind_id
  FROM shifts s JOIN people p ON p.id = s.person_id LEFT JOIN shift_kinds k ON k.id = s.shift_kind_id
 WHERE s.organisation_id = $1 AND s.day >= $2 AND s.day <= $3 AND s.person_id <> $4
   AND (p.left_on = '' OR p.left_on >= $5) AND (k.id IS NULL OR k.state = 'in_force')
 ORDER BY s.person_id, s.day;

-- q_clocking_of_number ($1 organisation, $2 number) -> person_id who had it last
SELECT person_id FROM clockings WHERE organisation_id = $1 AND number = $2 ORDER BY id DESC LIMIT 1;

-- q_people_of_name ($1 organisation, $2 name, $3 day) -> those who work there then
SELECT id FROM people
 WHERE organisation_id = $1 AND name = $2 AND (left_on = '' OR left_on >= $3) ORDER BY id LIMIT 2;

-- q_clocking_find ($1 organisation, $2 code) -> id
SELECT id FROM clockings WHERE organisation_id = $1 AND code = $2;

-- q_clocking_of_day ($1 person, $2 day, $3 not this row) -> id of one by another number
SELECT id FROM clockings WHERE person_id = $1 AND day = $2 AND code <> $3;

-- q_clocked_people ($1 organisation, $2 from, $3 to) -> who has a clocking then
SELECT DISTINCT person_id AS id FROM clockings c
 WHERE organisation_id = $1 AND day >= $2 AND day <= $3 ORDER BY 1;

-- q_day_facts ($1 person, $2 from, $3 to) -> what each day follows from: its shift or else the kind that is usual then, the punches as corrected, leave (1 the first half, 2 the second)
WITH days AS (
  SELECT day FROM shifts WHERE person_id = $1 AND day >= $2 AND day <= $3
  UNION SELECT day FROM clockings WHERE person_id = $1 AND day >= $2 AND day <= $3
  UNION SELECT day FROM attendance_corrections
         WHERE person_id = $1 AND day >= $2 AND day <= $3 AND state = 'approved')
SELECT d.day, p.organisation_id, k.id AS shift_kind_id,
       CASE WHEN s.id IS NULL THEN FALSE ELSE TRUE END AS planned,
       COALESCE(s.judged, FALSE) AS judged, COALESCE(k.starts, '') AS starts,
       EXISTS (SELECT 1 FROM clockings o WHERE o.organisation_id = p.organisation_id AND o.day = d.day) AS clocked,
       COALESCE(k.ends, '') AS ends, COALESCE(k.break_min, 0) AS break_min,
       COALESCE(k.late_grace, 0) AS late_grace, COALESCE(k.early_grace, 0) AS early_grace,
       COALESCE((SELECT x.came FROM attendance_corrections x
                  WHERE x.person_id = p.id AND x.day = d.day AND x.state = 'approved' AND x.came <> ''
                  ORDER BY x.id DESC LIMIT 1), c.came, '') AS came,
       COALESCE((SELECT x.went FROM attendance_corrections x
                  WHERE x.person_id = p.id AND x.day = d.day AND x.state = 'approved' AND x.went <> ''
                  ORDER BY x.id DESC LIMIT 1), c.went, '') AS went,
       CAST(COALESCE((SELECT SUM(CASE l.part WHEN 'whole' THEN 3 WHEN 'first_half' THEN 1 ELSE 2 END)
                        FROM leaves l WHERE l.person_id = p.id AND l.state = 'approved'
                         AND l."from" <= d.day AND l."to" >= d.day), 0) AS BIGINT) AS on_leave
  FROM days d JOIN people p ON p.id = $1
  LEFT JOIN shifts s ON s.person_id = p.id AND s.day = d.day
  LEFT JOIN clockings c ON c.person_id = p.id AND c.day = d.day
  LEFT JOIN shift_kinds k ON k.id = CASE WHEN s.id IS NOT NULL THEN s.shift_kind_id ELSE
       (SELECT u.id FROM shift_kinds u
         WHERE u.organisation_id = p.organisation_id AND u.usual_from <> ''
           AND u.usual_from <= d.day AND (u.usual_to = '' OR u.usual_to >= d.day)
           AND (u.contract_id IS NULL OR EXISTS
                (SELECT 1 FROM agents a WHERE a.person_id = p.id AND a.contract_id = u.contract_id
                    AND (a."from" = '' OR a."from" <= d.day) AND (a."to" = '' OR a."to" >= d.day)))
         ORDER BY CASE WHEN u.contract_id IS NULL THEN 1 ELSE 0 END, u.usual_from DESC, u.id DESC
         LIMIT 1) END
 ORDER BY d.day;

-- q_days_clocked_since ($1 organisation, $2 from, $3 to) -> days that stand without the machine's file although it is there now
SELECT t.person_id, t.day FROM attendance t
 WHERE t.organisation_id = $1 AND t.day >= $2 AND t.day <= $3 AND t.kind = 'unclocked'
   AND EXISTS (SELECT 1 FROM clockings c WHERE c.organisation_id = $1 AND c.day = t.day)
 ORDER BY t.day, t.person_id;

-- q_days_unclocked ($1 organisation, $2 from, $3 to) -> days of which the machine's file is missing, and of how many people
SELECT day, count(*) AS people FROM attendance
 WHERE organisation_id = $1 AND day >= $2 AND day <= $3 AND kind = 'unclocked' GROUP BY day ORDER BY day;

-- q_days_clear ($1 person, $2 from, $3 to)
DELETE FROM attendance WHERE person_id = $1 AND day >= $2 AND day <= $3;

-- q_days_add ($1 id, $2 now, $3 organisation, $4 person, $5 day, $6 kind of shift, $7 usual, $8 kind, $9 minutes, $10 came, $11 went, $12 late, $13 early, $14 due, $15 attended, $16 absent, $17 on leave) -> of many rows
INSERT INTO attendance (id, version, created_at, updated_at, organisation_id, person_id, day,
                        shift_kind_id, usual, kind, minutes, came, went, late_min, early_min, due,
                        attended, absent, on_leave)
-- @sqlite
VALUES ($1, 1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
-- @postgres
SELECT r.id, 1, r.at, r.at, r.organisation_id, r.person_id, r.day, r.shift_kind_id, r.usual, r.kind,
       r.minutes, r.came, r.went, r.late_min, r.early_min, r.due, r.attended, r.absent, r.on_leave
  FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[]), CAST($3 AS BIGINT[]), CAST($4 AS BIGINT[]),
              CAST($5 AS TEXT[]), CAST($6 AS BIGINT[]), CAST($7 AS BOOLEAN[]), CAST($8 AS TEXT[]),
              CAST($9 AS BIGINT[]), CAST($10 AS TEXT[]), CAST($11 AS TEXT[]), CAST($12 AS BIGINT[]),
              CAST($13 AS BIGINT[]), CAST($14 AS BIGINT[]), CAST($15 AS BIGINT[]),
              CAST($16 AS BIGINT[]), CAST($17 AS BIGINT[]))
       AS r (id, at, organisation_id, person_id, day, shift_kind_id, usual, kind, minutes, came, went,
             late_min, early_min, due, attended, absent, on_leave)
-- @end
;

-- q_shift_judged ($1 person, $2 day)
UPDATE shifts SET judged = TRUE WHERE person_id = $1 AND day = $2;

-- q_shifts_over ($1 today, $2 yesterday, $3 at most) -> planned days that are over and were not judged since; a shift into the next day is over a day later
SELECT s.person_id, s.day FROM shifts s LEFT JOIN shift_kinds k ON k.id = s.shift_kind_id
 WHERE s.judged = FALSE AND s.day < $1
   AND (k.id IS NULL OR k.ends > k.starts OR k.ends = '00:00' OR s.day < $2)
 ORDER BY s.day, s.person_id LIMIT $3;

-- q_month_days ($1 person, $2 from, $3 to) -> days of a month
SELECT organisation_id, person_id, day, kind, late_min, early_min, due, attended, absent, on_leave
  FROM attendance WHERE person_id = $1 AND day >= $2 AND day <= $3;

-- q_month_clear ($1 id)
DELETE FROM attendance_months WHERE id = $1;

-- q_month_add ($1 id, $2 now, $3 organisation, $4 person, $5 month, $6 days, $7 due, $8 attended, $9 late, $10 minutes, $11 early, $12 minutes, $13 missing, $14 unjudged, $15 absent, $16 on leave, $17 rate, $18 known days, $19 days absent, $20 days of leave) -> changes 1
INSERT INTO attendance_months (id, version, created_at, updated_at, organisation_id, person_id, month,
                               days, due, attended, late, late_min, early, early_min, missing, unjudged,
                               absent, on_leave, rate, known_days, absent_days, leave_days)
VALUES ($1, 1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20);

-- q_measure_months ($1 contract, $2 month) -> each person's sums
SELECT m.person_id, m.due, m.attended, m.late, m.late_min, m.early, m.early_min, m.missing, m.absent,
       m.on_leave, m.known_days, m.absent_days, m.leave_days
  FROM attendance_months m JOIN contracts c ON c.provider_id = m.organisation_id
 WHERE c.id = $1 AND m.month = $2;

-- q_measure_days ($1 contract, $2 from, $3 to) -> days of a part of a month, all of it from the index
SELECT t.person_id, t.due, t.attended, t.late_min, t.early_min, t.absent, t.on_leave,
       CASE WHEN t.kind = 'missing' THEN 1 ELSE 0 END AS missing
  FROM attendance t
 WHERE t.organisation_id = (SELECT c.provider_id FROM contracts c WHERE c.id = $1)
   AND t.day >= $2 AND t.day <= $3;

-- q_leaves_colliding ($1 person, $2 from, $3 to, $4 part, $5 not this one) -> how many of the same time
SELECT count(*) FROM leaves
 WHERE person_id = $1 AND "from" <= $3 AND "to" >= $2 AND id <> $5 AND state IN ('asked', 'approved')
   AND (part = 'whole' OR $4 = 'whole' OR part = $4);

-- q_corrections_of ($1 person, $2 from, $3 to, $4 not this one) -> how many of a month
SELECT count(*) FROM attendance_corrections
 WHERE person_id = $1 AND day >= $2 AND day <= $3 AND id <> $4 AND state IN ('asked', 'approved');

-- q_swaps_of ($1 person, $2 from, $3 to, $4 not this one) -> how many with a day of a month, asked or taken
SELECT count(*) FROM shift_swaps
 WHERE (person_id = $1 OR other_id = $1) AND ((day >= $2 AND day <= $3) OR (other_day >= $2 AND other_day <= $3)) AND id <> $4
   AND state IN ('asked', 'agreed', 'approved');

-- q_rule ($1 organisation) -> its rule
SELECT id, swaps_month, corrections_month FROM attendance_rules WHERE organisation_id = $1;

-- q_colleagues ($1 organisation, $2 person, $3 day, $4 at most) -> who has another shift that day
SELECT p.id AS person_id, p.name AS person_name, COALESCE(k.name, '') AS shift_kind_name
  FROM people p LEFT JOIN shifts s ON s.person_id = p.id AND s.day = $3
  LEFT JOIN shift_kinds k ON k.id = s.shift_kind_id
 WHERE p.organisation_id = $1 AND p.id <> $2 AND (p.left_on = '' OR p.left_on >= $3)
   AND p.job = (SELECT own.job FROM people own WHERE own.id = $2)
   AND COALESCE(s.shift_kind_id, 0) <>
       COALESCE((SELECT o.shift_kind_id FROM shifts o WHERE o.person_id = $2 AND o.day = $3), 0)
 ORDER BY p.name, p.id LIMIT $4;

-- q_shifts_fill ($1 now, $2 organisation, $3 person, $4 day, $5 kind of shift) -> of many rows
INSERT INTO shifts (version, created_at, updated_at, organisation_id, person_id, day, shift_kind_id, judged)
-- @sqlite
VALUES (1, $1, $1, $2, $3, $4, $5, FALSE)
-- @postgres
SELECT 1, r.at, r.at, r.organisation_id, r.person_id, r.day, r.shift_kind_id, FALSE
  FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[]), CAST($3 AS BIGINT[]), CAST($4 AS TEXT[]),
              CAST($5 AS BIGINT[])) AS r (at, organisation_id, person_id, day, shift_kind_id)
-- @end
;

-- q_clockings_fill ($1 now, $2 organisation, $3 person, $4 number, $5 its code, $6 day, $7 came, $8 went, $9 note) -> of many rows
INSERT INTO clockings (version, created_at, updated_at, organisation_id, person_id, number, said_name, code,
                       day, came, went, note)
-- @sqlite
VALUES (1, $1, $1, $2, $3, $4, '', $5, $6, $7, $8, $9)
-- @postgres
SELECT 1, r.at, r.at, r.organisation_id, r.person_id, r.number, '', r.code, r.day, r.came, r.went, r.note
  FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[]), CAST($3 AS BIGINT[]), CAST($4 AS TEXT[]),
              CAST($5 AS TEXT[]), CAST($6 AS TEXT[]), CAST($7 AS TEXT[]), CAST($8 AS TEXT[]),
              CAST($9 AS TEXT[]))
       AS r (at, organisation_id, person_id, number, code, day, came, went, note)
-- @end
;

-- q_shifts_judged ($1 person, $2 from, $3 before) -> days that are all over
UPDATE shifts SET judged = TRUE WHERE person_id = $1 AND day >= $2 AND day < $3;
