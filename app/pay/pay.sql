-- q_pay_approved_since ($1 provider, $2 contract or 0, $3 month) -> the latest month from then on whose sheet was approved
SELECT COALESCE(max(month), '') FROM pay_sheets
 WHERE provider_id = $1 AND ($2 = 0 OR contract_id = $2) AND month >= $3 AND state = 'approved';

-- q_pay_rule_for ($1 contract, $2 subject, $3 month) -> the rule that holds then
SELECT id FROM pay_rules WHERE contract_id = $1 AND subject = $2 AND from_month <= $3
 ORDER BY from_month DESC LIMIT 1;

-- q_pay_minimum_for ($1 provider, $2 region, $3 month) -> the minimum wage that holds then
SELECT id FROM minimum_wages WHERE provider_id = $1 AND region = $2 AND from_month <= $3
 ORDER BY from_month DESC LIMIT 1;

-- q_pay_sheet_of ($1 month's id) -> its pay sheet
SELECT id FROM pay_sheets WHERE month_id = $1;

-- q_pay_lines_clear ($1 pay sheet)
DELETE FROM pay_lines WHERE pay_sheet_id = $1;

-- q_pay_lines_approve ($1 pay sheet)
UPDATE pay_lines SET approved = TRUE WHERE pay_sheet_id = $1;

-- q_pay_lines_said ($1 pay sheet) -> what its lines say, in their order
SELECT person_id, sheet_id, terms_id, rule_id, minimum_id, code, days, unpaid_days, absent_days, sick_days,
       scored, score, base_fen, missed_fen, performance_base_fen, factor, performance_fen, adjustment_fen, made_up_fen, reward_fen, deducted_fen, left_over_fen, total_fen
  FROM pay_lines WHERE pay_sheet_id = $1 ORDER BY id;

-- q_pay_lines_add ($1 pay sheet, $2 provider, $3 now, $4 person, $5 sheet, $6 terms, $7 rule, $8 minimum wage, $9 code, $10 days, $11 unpaid, $12 absent, $13 sick, $14 scored, $15 score, $16 base, $17 missed, $18 performance base, $19 factor, $20 performance, $21 adjustment, $22 made up, $23 reward, $24 deducted, $25 left over, $26 total) -> of many rows
INSERT INTO pay_lines (version, approved, pay_sheet_id, provider_id, created_at, updated_at, person_id, sheet_id,
                       terms_id, rule_id, minimum_id, code, days, unpaid_days, absent_days, sick_days, scored, score,
                       base_fen, missed_fen, performance_base_fen, factor, performance_fen, adjustment_fen,
                       made_up_fen, reward_fen, deducted_fen, left_over_fen, total_fen)
-- @sqlite
VALUES (1, FALSE, $1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
        $22, $23, $24, $25, $26)
-- @postgres
SELECT 1, FALSE, r.sheet, r.provider, r.at, r.at, r.person, r.result, r.terms, r.rule, r.minimum, r.code, r.days,
       r.unpaid, r.absent, r.sick, r.scored, r.score, r.base, r.missed, r.performance_base, r.factor, r.performance,
       r.adjustment, r.made_up, r.reward, r.deducted, r.left_over, r.total
  FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[]), CAST($3 AS BIGINT[]), CAST($4 AS BIGINT[]),
              CAST($5 AS BIGINT[]), CAST($6 AS BIGINT[]), CAST($7 AS BIGINT[]), CAST($8 AS BIGINT[]),
              CAST($9 AS TEXT[]), CAST($10 AS BIGINT[]), CAST($11 AS BIGINT[]), CAST($12 AS BIGINT[]),
              CAST($13 AS BIGINT[]), CAST($14 AS BOOLEAN[]), CAST($15 AS BIGINT[]), CAST($16 AS BIGINT[]),
              CAST($17 AS BIGINT[]), CAST($18 AS BIGINT[]), CAST($19 AS BIGINT[]), CAST($20 AS BIGINT[]),
              CAST($21 AS BIGINT[]), CAST($22 AS BIGINT[]), CAST($23 AS BIGINT[]), CAST($24 AS BIGINT[]),
              CAST($25 AS BIGINT[]), CAST($26 AS BIGINT[]))
       WITH ORDINALITY AS r (sheet, provider, at, person, result, terms, rule, minimum, code, days, unpaid, absent,
                             sick, scored, score, base, missed, performance_base, factor, performance, adjustment,
                             made_up, reward, deducted, left_over, total, place)
 ORDER BY r.place
-- @end
;

-- q_pay_missed ($1 provider, $2 month, $3 its first day, $4 its last day) -> days of its people that were not worked, by person
SELECT d.person_id, CAST(SUM(d.unpaid) AS BIGINT) AS unpaid, CAST(SUM(d.absent) AS BIGINT) AS absent,
       CAST(SUM(d.sick) AS BIGINT) AS sick
  FROM (SELECT m.person_id, 0 AS unpaid, m.absent, 0 AS sick
          FROM attendance_months m WHERE m.organisation_id = $1 AND m.month = $2 AND m.absent > 0
        UNION ALL
        SELECT l.person_id, CASE WHEN l.kind = 'personal' THEN CASE l.part WHEN 'whole' THEN 100 ELSE 50 END ELSE 0 END, 0,
               CASE WHEN l.kind = 'sick' THEN CASE l.part WHEN 'whole' THEN 100 ELSE 50 END ELSE 0 END
          FROM leaves l JOIN attendance t ON t.person_id = l.person_id AND t.day >= l."from" AND t.day <= l."to"
         WHERE l.organisation_id = $1 AND l.state = 'approved' AND l.kind IN ('personal', 'sick')
           AND l."from" <= $4 AND l."to" >= $3 AND t.day >= $3 AND t.day <= $4 AND t.on_leave > 0) d
 GROUP BY d.person_id ORDER BY d.person_id;

-- q_pay_turns ($1 contract, $2 the month's first day, $3 its last day) -> who had agent ids on several contracts then: since when on this one where another was there before, and when the next began
SELECT o.person_id,
       COALESCE((SELECT o.since FROM agents x
                  WHERE x.person_id = o.person_id AND x.contract_id <> $1 AND x."from" < o.since AND (x."to" = '' OR x."to" >= $2) LIMIT 1), '') AS since,
       COALESCE((SELECT MIN(x."from") FROM agents x
                  WHERE x.person_id = o.person_id AND x.contract_id <> $1 AND x."from" > o.since AND x."from" <= $3 AND (x."to" = '' OR x."to" >= $2)), '') AS next
  FROM (SELECT person_id, MIN("from") AS since FROM agents
         WHERE contract_id = $1 AND "from" <= $3 AND ("to" = '' OR "to" >= $2) GROUP BY person_id) o
 WHERE EXISTS (SELECT 1 FROM agents x WHERE x.person_id = o.person_id AND x.contract_id <> $1 AND x."from" <= $3 AND (x."to" = '' OR x."to" >= $2))
 ORDER BY o.person_id;

-- q_pay_elsewhere ($1 provider, $2 contract, $3 month) -> what sheets of its other contracts paid people for that month before this contract's was approved
SELECT l.person_id, CAST(SUM(l.days) AS BIGINT) AS days, CAST(SUM(l.unpaid_days) AS BIGINT) AS unpaid,
       CAST(SUM(l.absent_days) AS BIGINT) AS absent, CAST(SUM(l.sick_days) AS BIGINT) AS sick
  FROM pay_sheets s JOIN pay_lines l ON l.pay_sheet_id = s.id
 WHERE s.provider_id = $1 AND s.month = $3 AND s.contract_id <> $2 AND s.state = 'approved'
   AND NOT EXISTS (SELECT 1 FROM pay_sheets o
                    WHERE o.contract_id = $2 AND o.month = $3 AND o.state = 'approved'
                      AND (o.approved_at < s.approved_at OR (o.approved_at = s.approved_at AND o.id < s.id)))
 GROUP BY l.person_id ORDER BY l.person_id;

-- q_payees ($1 month's id or 0, $2 contract, $3 month, $4 provider or 0: all of its people, $5 provider or 0: those of its people who are paid by this contract's rules) -> whoever has a result, an adjustment or a reward then, and these, with all that the pay follows from (+ 0: by the person's few sheets, not by all of the month)
SELECT p.id AS person_id, p.name, COALESCE(s.agent_code, '') AS code, COALESCE(s.id, 0) AS sheet_id, COALESCE(t.id, 0) AS terms_id,
       COALESCE(s.subject, CASE p.job WHEN 'agent' THEN 'agent' ELSE 'manager' END) AS subject,
       COALESCE(s.appraised, FALSE) AS scored, COALESCE(s.total, 0) AS score, p.joined_on, p.left_on,
       COALESCE(t.base_fen, 0) AS base_fen, COALESCE(t.performance_base_fen, 0) AS performance_base_fen,
       COALESCE(r.amount, 0) AS reward_fen, COALESCE(a.amount, 0) AS adjustment_fen, COALESCE(o.amount, 0) AS owed_fen
  FROM (SELECT e.person_id, min(e.sheet_id) AS sheet_id
          FROM (SELECT subject_id AS person_id, id AS sheet_id FROM sheets WHERE month_id = $1
                UNION ALL
                SELECT person_id, NULL FROM pay_entries
                 WHERE contract_id = $2 AND month = $3 AND kind = 'adjustment' AND amount_fen > 0 AND state = 'approved'
                UNION ALL
                SELECT person_id, NULL FROM rewards
                 WHERE contract_id = $2 AND channel = 'provider'
                   AND ((month = $3 AND paid_month = '' AND state IN ('agreed', 'settled')) OR paid_month = $3
                        OR (month < $3 AND paid_month = '' AND state = 'agreed'))
                UNION ALL
                SELECT id, NULL FROM people WHERE organisation_id = $4 AND (left_on = '' OR left_on >= $3)
                UNION ALL
                SELECT w.id, NULL FROM people w
                 WHERE w.organisation_id = $5 AND (w.left_on = '' OR w.left_on >= $3)
                   AND (w.joined_on = '' OR substr(w.joined_on, 1, 7) <= $3)
                   AND w.id NOT IN (SELECT subject_id FROM sheets WHERE month_id = $1)
                   AND EXISTS (SELECT 1 FROM pay_terms x
                                WHERE x.from_month <= $3 AND (x.person_id = w.id OR (x.person_id IS NULL AND x.job = w.job
                                                              AND x.provider_id = w.organisation_id)))
                   AND EXISTS (SELECT 1 FROM pay_rules x
                                WHERE x.contract_id = $2 AND x.from_month <= $3
                                  AND x.subject = CASE w.job WHEN 'agent' THEN 'agent' ELSE 'manager' END)
                   AND NOT EXISTS (SELECT 1 FROM sheets x JOIN months m ON m.id = x.month_id
                                    WHERE x.subject_id = w.id AND m.month = $3 AND m.contract_id <> $2)
                   AND NOT EXISTS (SELECT 1 FROM pay_lines x JOIN pay_sheets y ON y.id = x.pay_sheet_id
                                    WHERE x.person_id = w.id AND y.month = $3 AND y.contract_id <> $2)
                   AND (EXISTS (SELECT 1 FROM agents x WHERE x.person_id = w.id AND x.contract_id = $2
                                   AND substr(x."from", 1, 7) <= $3 AND (x."to" = '' OR x."to" >= $3))
                        OR NOT EXISTS (SELECT 1 FROM agents x WHERE x.person_id = w.id AND x.contract_id <> $2
                                          AND substr(x."from", 1, 7) <= $3 AND (x."to" = '' OR x."to" >= $3)))) e
         GROUP BY e.person_id) whom
  JOIN people p ON p.id = whom.person_id
  LEFT JOIN sheets s ON s.id = whom.sheet_id AND s.month_id = $1
  LEFT JOIN (SELECT x.id, x.provider_id, x.job, row_number() OVER (PARTITION BY x.job ORDER BY x.from_month DESC) AS place
               FROM contracts c JOIN pay_terms x ON x.provider_id = c.provider_id
              WHERE c.id = $2 AND x.person_id IS NULL AND x.from_month <= $3) j
         ON j.provider_id = p.organisation_id AND j.job = p.job AND j.place = 1
  LEFT JOIN pay_terms t
         ON t.id = COALESCE((SELECT x.id FROM pay_terms x WHERE x.person_id = p.id AND x.from_month <= $3
                              ORDER BY x.from_month DESC LIMIT 1), j.id)
  LEFT JOIN (SELECT person_id, CAST(SUM(amount_fen) AS BIGINT) AS amount FROM rewards
              WHERE contract_id = $2 AND channel = 'provider'
                AND ((month = $3 AND paid_month = '' AND state IN ('agreed', 'settled')) OR paid_month = $3
                     OR (month < $3 AND paid_month = '' AND state = 'agreed'))
              GROUP BY person_id) r ON r.person_id = p.id
  LEFT JOIN (SELECT person_id, CAST(SUM(amount_fen) AS BIGINT) AS amount FROM pay_entries
              WHERE contract_id = $2 AND month = $3 AND kind = 'adjustment' AND amount_fen > 0 AND state = 'approved'
              GROUP BY person_id) a ON a.person_id = p.id
  LEFT JOIN (SELECT person_id, CAST(SUM(ABS(amount_fen) - deducted_fen) AS BIGINT) AS amount FROM pay_entries
              WHERE contract_id = $2 AND month <= $3 AND (kind = 'compensation' OR amount_fen < 0) AND state = 'approved'
              GROUP BY person_id) o ON o.person_id = p.id
 ORDER BY CASE WHEN COALESCE(s.agent_code, '') = '' THEN 1 ELSE 0 END, code, p.name, p.id;

-- q_pay_not_listed ($1 pay sheet, $2 its provider, $3 contract, $4 month, $5 at most) -> whoever was employed then and is not on it, and why
SELECT w.id AS person_id, w.name AS person_name, w.job,
       CASE WHEN NOT EXISTS (SELECT 1 FROM pay_terms x
                              WHERE x.from_month <= $4 AND (x.person_id = w.id OR (x.person_id IS NULL AND x.job = w.job
                                                            AND x.provider_id = w.organisation_id)))
            THEN 'no_pay_terms'
            WHEN NOT EXISTS (SELECT 1 FROM pay_rules x WHERE x.contract_id = $3 AND x.from_month <= $4
                                AND x.subject = CASE w.job WHEN 'agent' THEN 'agent' ELSE 'manager' END)
            THEN 'no_pay_rule' ELSE 'elsewhere' END AS why
  FROM people w
 WHERE w.organisation_id = $2 AND (w.left_on = '' OR w.left_on >= $4) AND (w.joined_on = '' OR substr(w.joined_on, 1, 7) <= $4)
   AND NOT EXISTS (SELECT 1 FROM pay_lines l WHERE l.pay_sheet_id = $1 AND l.person_id = w.id)
 ORDER BY why, w.name, w.id LIMIT $5;

-- q_pay_taken_back ($1 person, $2 contract, $3 month, $4 part of its slip, $5 not this entry) -> what others take back of it
SELECT CAST(COALESCE(SUM(-amount_fen), 0) AS BIGINT) FROM pay_entries
 WHERE person_id = $1 AND contract_id = $2 AND corrects_month = $3 AND corrects = $4 AND id <> $5
   AND amount_fen < 0 AND state <> 'void';

-- q_pay_clockings_since ($1 person, $2 provider, $3 from, $4 to, $5 approval) -> how many arrived after it: of the person, or of anybody on a day that nobody had one of before
SELECT count(*) FROM clockings c
 WHERE c.organisation_id = $2 AND c.day >= $3 AND c.day <= $4 AND c.created_at > $5
   AND (c.person_id = $1 OR NOT EXISTS (SELECT 1 FROM clockings o WHERE o.organisation_id = $2 AND o.day = c.day AND o.created_at <= $5));

-- q_pay_owed_then ($1 contract, $2 month) -> what people owed before that month's approved sheet deducted of it, by person
SELECT l.person_id, l.deducted_fen + l.left_over_fen AS owed_fen
  FROM pay_lines l JOIN pay_sheets s ON s.id = l.pay_sheet_id
 WHERE s.contract_id = $1 AND s.month = $2 AND s.state = 'approved'
 ORDER BY l.person_id;
