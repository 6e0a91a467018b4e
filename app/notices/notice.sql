-- Telling people, and what goes outside.

-- q_news_put ($1 event, $2 now, $3 kind, $4 subject, $5 subject id, $6 title, $7 detail, $8 urgent, $9 how many more) -> id, the same when it was told before
INSERT INTO news (event, created_at, kind, subject, subject_id, title, detail, urgent)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (event) DO UPDATE SET detail = CASE WHEN $9 > 0 THEN CAST(CAST(news.detail AS BIGINT) + $9 AS TEXT) ELSE news.detail END
RETURNING id;

-- q_notice_person ($1 person, $2 today, $3 but not this person) -> account_id, mail, takes, quiet_from, quiet_to
SELECT a.id AS account_id, COALESCE(c.mail, '') AS mail, COALESCE(c.takes, 'none') AS takes,
       COALESCE(c.quiet_from, '') AS quiet_from, COALESCE(c.quiet_to, '') AS quiet_to
  FROM accounts a
  JOIN people p ON p.id = a.person_id AND (p.left_on = '' OR p.left_on >= $2)
  LEFT JOIN notice_choices c ON c.account_id = a.id
 WHERE a.person_id = $1 AND a.state = 'active' AND a.person_id <> $3;

-- q_notice_stand_in ($1 person, $2 today, $3 but not this person) -> the same of those who stand in for the person today
SELECT a.id AS account_id, COALESCE(c.mail, '') AS mail, COALESCE(c.takes, 'none') AS takes,
       COALESCE(c.quiet_from, '') AS quiet_from, COALESCE(c.quiet_to, '') AS quiet_to
  FROM delegations d
  JOIN people p ON p.id = d.delegate_id AND (p.left_on = '' OR p.left_on >= $2)
  JOIN accounts a ON a.person_id = p.id AND a.state = 'active'
  LEFT JOIN notice_choices c ON c.account_id = a.id
 WHERE d.person_id = $1 AND d.starts_on <= $2 AND d.ends_on >= $2 AND p.id <> $3
 ORDER BY a.id;

-- q_notice_holders_stand_in ($1 organisation, $2 unit or 0, $3 "% role %", $4 today, $5 but not this person) -> the same of those who stand in today for who holds the role there and sees the unit
SELECT a.id AS account_id, COALESCE(c.mail, '') AS mail, COALESCE(c.takes, 'none') AS takes,
       COALESCE(c.quiet_from, '') AS quiet_from, COALESCE(c.quiet_to, '') AS quiet_to
  FROM delegations d
  JOIN people h ON h.id = d.person_id AND (h.left_on = '' OR h.left_on >= $4)
  JOIN organisations o ON o.id = h.organisation_id
  JOIN accounts holder ON holder.person_id = h.id AND holder.state = 'active'
       AND ' ' || holder.roles || ' ' LIKE $3
  JOIN people p ON p.id = d.delegate_id AND (p.left_on = '' OR p.left_on >= $4)
  JOIN accounts a ON a.person_id = p.id AND a.state = 'active'
  LEFT JOIN notice_choices c ON c.account_id = a.id
 WHERE d.organisation_id = $1 AND d.starts_on <= $4 AND d.ends_on >= $4 AND p.id <> $5
   AND (o.side <> 'client'
        OR EXISTS (SELECT 1 FROM units own, units it
                    WHERE it.id = $2 AND own.id = h.unit_id
                      AND (own.kind IN ('headquarters', 'operations_centre', 'audit_centre', 'finance_centre')
                           OR (it.path >= own.path
                               AND it.path < substr(own.path, 1, length(own.path) - 1) || '0')))
        OR $2 = 0)
 ORDER BY a.id;

-- q_notice_holders ($1 organisation, $2 unit or 0, $3 "% role %", $4 today, $5 but not this person) -> the same of all who hold the role there and see the unit
SELECT a.id AS account_id, COALESCE(c.mail, '') AS mail, COALESCE(c.takes, 'none') AS takes,
       COALESCE(c.quiet_from, '') AS quiet_from, COALESCE(c.quiet_to, '') AS quiet_to
  FROM people p
  JOIN organisations o ON o.id = p.organisation_id
  JOIN accounts a ON a.person_id = p.id AND a.state = 'active' AND ' ' || a.roles || ' ' LIKE $3
  LEFT JOIN notice_choices c ON c.account_id = a.id
 WHERE p.organisation_id = $1 AND (p.left_on = '' OR p.left_on >= $4) AND p.id <> $5
   AND (o.side <> 'client'
        OR EXISTS (SELECT 1 FROM units own, units it
                    WHERE it.id = $2 AND own.id = p.unit_id
                      AND (own.kind IN ('headquarters', 'operations_centre', 'audit_centre', 'finance_centre')
                           OR (it.path >= own.path
                               AND it.path < substr(own.path, 1, length(own.path) - 1) || '0')))
        OR $2 = 0)
 ORDER BY a.id;

-- q_notice_robots ($1 organisation, $2 unit or 0, $3 urgent) -> robot_id, channel, mail (none), quiet_from, quiet_to of the groups that hear it
SELECT r.id AS robot_id, r.channel, '' AS mail, r.quiet_from, r.quiet_to
  FROM robots r
 WHERE r.organisation_id = $1 AND (r.takes = 'all' OR (r.takes = 'urgent' AND $3))
   AND (r.unit_id IS NULL
        OR EXISTS (SELECT 1 FROM units own, units it
                    WHERE it.id = $2 AND own.id = r.unit_id AND it.path >= own.path
                      AND it.path < substr(own.path, 1, length(own.path) - 1) || '0'))
 ORDER BY r.id;

-- q_notice_add ($1 account, $2 news, $3 now) -> changes 1, or 0 when the account was told before
INSERT INTO notices (version, created_at, updated_at, account_id, news_id, unread, read_at)
VALUES (1, $3, $3, $1, $2, TRUE, 0)
ON CONFLICT (news_id, account_id) DO NOTHING;

-- q_notice_read ($1 notice, $2 now) -> changes 1, or 0 when it was read before
UPDATE notices SET unread = FALSE, read_at = $2, updated_at = $2, version = version + 1
 WHERE id = $1 AND unread = TRUE;

-- q_notices_read ($1 account, $2 up to this one, $3 now) -> changes as many as were unread
UPDATE notices SET unread = FALSE, read_at = $3, updated_at = $3, version = version + 1
 WHERE account_id = $1 AND unread = TRUE AND id <= $2;

-- q_delivery_add ($1 news, $2 channel, $3 account, $4 robot, $5 address, $6 quiet from, $7 quiet to, $8 not before, $9 now) -> changes 1, or 0 when it is on its way already
INSERT INTO deliveries (created_at, news_id, channel, account_id, robot_id, address, quiet_from, quiet_to,
                        state, tries, next_at, fault, fault_detail, sent_at)
VALUES ($9, $1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, '', '', 0)
ON CONFLICT DO NOTHING;

-- q_delivery_due ($1 now) -> the delivery whose turn it is
SELECT id FROM deliveries WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at, id LIMIT 1;

-- q_delivery_claim ($1 delivery, $2 now, $3 end of the claim) -> changes 1, or 0 when another server was faster
UPDATE deliveries SET tries = tries + 1, next_at = $3
 WHERE id = $1 AND state = 'waiting' AND next_at <= $2;

-- q_delivery ($1 delivery) -> what is sent, and where to
SELECT d.id, d.channel, d.address, d.robot_id, d.quiet_from, d.quiet_to, d.tries, d.created_at,
       n.kind, n.subject, n.subject_id, n.title, n.detail, n.urgent,
       COALESCE((SELECT c.lang FROM notice_choices c WHERE c.account_id = d.account_id),
                (SELECT r.lang FROM robots r WHERE r.id = d.robot_id), 'zh') AS lang,
       COALESCE((SELECT p.name FROM accounts a JOIN people p ON p.id = a.person_id
                  WHERE a.id = d.account_id), '') AS person_name
  FROM deliveries d JOIN news n ON n.id = d.news_id
 WHERE d.id = $1;

-- q_delivery_settle ($1 delivery, $2 state, $3 not before, $4 fault, $5 detail, $6 sent at) -> changes 1
UPDATE deliveries SET state = $2, next_at = $3, fault = $4, fault_detail = $5, sent_at = $6 WHERE id = $1;

-- q_deliveries_hold ($1 robot, $2 not before) -> changes those that wait for it
UPDATE deliveries SET next_at = $2 WHERE robot_id = $1 AND state = 'waiting' AND next_at < $2;

-- q_deliveries_of_account ($1 account, $2 at most) -> the last ones, newest first
SELECT d.id, d.created_at, d.state, d.tries, d.next_at, d.fault, d.fault_detail, d.sent_at, n.kind, n.title, n.detail
  FROM deliveries d JOIN news n ON n.id = d.news_id
 WHERE d.account_id = $1 ORDER BY d.id DESC LIMIT $2;

-- q_deliveries_of_robot ($1 robot, $2 at most) -> the last ones, newest first
SELECT d.id, d.created_at, d.state, d.tries, d.next_at, d.fault, d.fault_detail, d.sent_at, n.kind, n.title, n.detail
  FROM deliveries d JOIN news n ON n.id = d.news_id
 WHERE d.robot_id = $1 ORDER BY d.id DESC LIMIT $2;

-- q_sweep_deliveries ($1 of news before)
DELETE FROM deliveries WHERE state <> 'waiting' AND news_id IN (SELECT id FROM news WHERE created_at < $1);

-- q_sweep_notices ($1 of news before) -> those that were read
DELETE FROM notices WHERE unread = FALSE AND news_id IN (SELECT id FROM news WHERE created_at < $1);

-- q_sweep_news ($1 before) -> those that nobody is told of any more
DELETE FROM news
 WHERE created_at < $1 AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.news_id = news.id)
   AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.news_id = news.id);

-- q_notice_choice ($1 account) -> id
SELECT id FROM notice_choices WHERE account_id = $1;
