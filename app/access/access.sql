-- Accounts, passwords, sessions, second factor and idempotency keys. What is a plain record
-- (accounts, tokens) goes through app/records; here is what happens before anybody is signed in.

-- q_account_secrets ($1 name, $2 today) -> an account that may sign in, with what proves it
SELECT a.id, a.name, a.person_id, a.password, a.must_change, a.otp_secret, a.otp_on, a.otp_step
  FROM accounts a JOIN people p ON p.id = a.person_id
 WHERE a.name = $1 AND a.state = 'active' AND (p.left_on = '' OR p.left_on >= $2);

-- q_account_id ($1 name) -> id
SELECT id FROM accounts WHERE name = $1;

-- q_account_of_person ($1 person) -> id
SELECT id FROM accounts WHERE person_id = $1;

-- q_account_any () -> 1 when there is one
SELECT count(*) FROM (SELECT 1 FROM accounts LIMIT 1) found;

-- q_person_side ($1 person) -> side of the person's organisation
SELECT o.side FROM people p JOIN organisations o ON o.id = p.organisation_id WHERE p.id = $1;

-- q_account_password ($1 account, $2 argon2id, $3 must be changed, $4 now) -> changes 1
UPDATE accounts SET password = $2, must_change = $3, version = version + 1, updated_at = $4
 WHERE id = $1;

-- q_account_otp ($1 account, $2 sealed secret, $3 on, $4 last step used, $5 now) -> changes 1
UPDATE accounts SET otp_secret = $2, otp_on = $3, otp_step = $4, version = version + 1, updated_at = $5
 WHERE id = $1;

-- q_account_otp_used ($1 account, $2 step) -> changes 1, or 0 when that code was used before
UPDATE accounts SET otp_step = $2 WHERE id = $1 AND otp_step < $2;

-- q_account_signed_in ($1 account, $2 now) -> changes 1
UPDATE accounts SET last_login_at = $2 WHERE id = $1;

-- q_failure_until ($1 $2 subjects) -> when the later of their delays ends
SELECT COALESCE(MAX(until_at), 0) FROM failures WHERE subject IN ($1, $2);

-- q_failure_add ($1 subject, $2 now, $3 earlier failures are forgotten) -> how many there are now
INSERT INTO failures (subject, count, last_at, until_at) VALUES ($1, 1, $2, 0)
ON CONFLICT (subject) DO UPDATE
   SET count = CASE WHEN failures.last_at < $3 THEN 1 ELSE failures.count + 1 END, last_at = $2
RETURNING count;

-- q_failure_delay ($1 subject, $2 until) -> changes 1
UPDATE failures SET until_at = $2 WHERE subject = $1;

-- q_failure_clear ($1 subject)
DELETE FROM failures WHERE subject = $1;

-- q_session_add ($1 key's hash, $2 account, $3 now, $4 end, $5 address, $6 browser) -> id
INSERT INTO sessions (key_hash, account_id, created_at, expires_at, origin, agent)
VALUES ($1, $2, $3, $4, $5, $6) RETURNING id;

-- q_session_end ($1 session, $2 its account) -> changes 1
DELETE FROM sessions WHERE id = $1 AND account_id = $2;

-- q_sessions_end ($1 account)
DELETE FROM sessions WHERE account_id = $1;

-- q_tokens_revoke ($1 account, $2 now) -> changes its active tokens
UPDATE tokens SET state = 'revoked', version = version + 1, updated_at = $2
 WHERE account_id = $1 AND state = 'active';

-- q_sessions_of ($1 account, $2 now) -> its sessions, newest first
SELECT id, created_at, expires_at, origin, agent
  FROM sessions WHERE account_id = $1 AND expires_at > $2 ORDER BY id DESC LIMIT 100;

-- q_identity ($1 key's hash, $2 now, $3 today, $4 or an account) -> whose session or token it is, and where that person belongs
SELECT h.session_id, h.rights, h.expires_at,
       a.id AS account_id, a.name AS account, a.roles, a.must_change,
       p.id AS person_id, p.name AS person_name,
       o.id AS organisation_id, o.name AS organisation_name, o.side,
       u.id AS unit_id, COALESCE(u.name, '') AS unit_name, COALESCE(u.path, '') AS unit_path,
       COALESCE(u.kind IN ('headquarters', 'operations_centre', 'audit_centre', 'finance_centre'),
                FALSE) AS sees_company,
       EXISTS (SELECT 1 FROM units below WHERE below.path > u.path
                  AND below.path < substr(u.path, 1, length(u.path) - 1) || '0') AS has_units_below,
       COALESCE((SELECT MIN(d.id) FROM undertakings d
                WHERE o.side = 'client' AND d.state = 'in_force'
                  AND EXISTS (SELECT 1 FROM contracts c WHERE c.provider_id = d.provider_id AND c.client_id = o.id
                         AND c.service = 'outbound_call' AND c.state <> 'draft' LIMIT 1 OFFSET 0)
                  AND NOT EXISTS (SELECT 1 FROM signatures g WHERE g.subject = 'undertakings'
                         AND g.subject_id = d.id AND g.party = a.name AND g.valid = TRUE)), 0) AS undertaking_id
  FROM (SELECT s.id AS session_id, s.account_id, 'all' AS rights, s.expires_at
          FROM sessions s WHERE s.key_hash = $1 AND s.expires_at > $2
         UNION ALL
        SELECT 0 AS session_id, t.account_id, t.rights, 0 AS expires_at
          FROM tokens t WHERE t.key_hash = $1 AND t.state = 'active' AND t.expires_on >= $3
         UNION ALL
        SELECT 0 AS session_id, n.id, 'all' AS rights, 0 AS expires_at
          FROM accounts n WHERE n.id = $4) h
  JOIN accounts a ON a.id = h.account_id AND a.state = 'active'
  JOIN people p ON p.id = a.person_id AND (p.left_on = '' OR p.left_on >= $3)
  JOIN organisations o ON o.id = p.organisation_id
  LEFT JOIN units u ON u.id = p.unit_id;

-- q_key_take ($1 account, $2 key, $3 request, $4 now, $5 earlier ones are forgotten) -> changes 1, or 0 when it was used
INSERT INTO idempotency_keys (account_id, name, request, status, location, body, at)
VALUES ($1, $2, $3, 0, '', '', $4)
ON CONFLICT (account_id, name) DO UPDATE
   SET request = $3, status = 0, location = '', body = '', at = $4
 WHERE idempotency_keys.at < $5;

-- q_key_answer ($1 account, $2 key) -> request, status, location, body
SELECT request, status, location, body FROM idempotency_keys WHERE account_id = $1 AND name = $2;

-- q_key_keep ($1 account, $2 key, $3 status, $4 location, $5 sealed body) -> changes 1
UPDATE idempotency_keys SET status = $3, location = $4, body = $5 WHERE account_id = $1 AND name = $2;

-- q_key_drop ($1 account, $2 key)
DELETE FROM idempotency_keys WHERE account_id = $1 AND name = $2;

-- q_sweep_sessions ($1 now)
DELETE FROM sessions WHERE expires_at <= $1;

-- q_sweep_failures ($1 before)
DELETE FROM failures WHERE last_at < $1;

-- q_sweep_keys ($1 before)
DELETE FROM idempotency_keys WHERE at < $1;

-- q_second_step_add ($1 key's hash, $2 account, $3 until)
INSERT INTO second_steps (hash, account, expires_at) VALUES ($1, $2, $3);

-- q_second_step ($1 key's hash, $2 now) -> account that has proved its password
SELECT account FROM second_steps WHERE hash = $1 AND expires_at > $2;

-- q_second_steps_end ($1 account)
DELETE FROM second_steps WHERE account = $1;

-- q_sweep_second_steps ($1 now)
DELETE FROM second_steps WHERE expires_at <= $1;

-- q_recovery_clear ($1 account)
DELETE FROM recovery_codes WHERE account_id = $1;

-- q_recovery_add ($1 account, $2 code's hash) -> id
INSERT INTO recovery_codes (account_id, hash, used_at) VALUES ($1, $2, 0) RETURNING id;

-- q_recovery_use ($1 account, $2 code's hash, $3 now) -> changes 1, or 0 when there is none or it was used
UPDATE recovery_codes SET used_at = $3 WHERE account_id = $1 AND hash = $2 AND used_at = 0;

-- q_recovery_left ($1 account) -> codes not used yet
SELECT count(*) FROM recovery_codes WHERE account_id = $1 AND used_at = 0;
