-- q_conduct_rule_last ($1 organisation, $2 number) -> the newest edition of that number
SELECT id, edition, "from", "to" FROM conduct_rules
 WHERE organisation_id = $1 AND number = $2 ORDER BY edition DESC LIMIT 1;

-- q_conduct_rule_used ($1 rule) -> the last moment of which somebody was recorded under it; 0 none
SELECT COALESCE(MAX(at), 0) FROM violations WHERE rule_id = $1;

-- q_violations_before ($1 person, $2 rule, $3 from, $4 before, $5 but this one) -> confirmed ones under that number, any edition
SELECT count(*) FROM violations v JOIN conduct_rules r ON r.id = v.rule_id
  JOIN conduct_rules own ON own.organisation_id = r.organisation_id AND own.number = r.number
 WHERE own.id = $2 AND v.person_id = $1 AND v.state = 'confirmed' AND v.at >= $3 AND v.at < $4 AND v.id <> $5;

-- q_conduct_kept ($1 contract, $2 from, $3 to) -> rules of its provider that were in force in these days
SELECT count(*) FROM conduct_rules r JOIN contracts c ON c.provider_id = r.organisation_id
 WHERE c.id = $1 AND r."from" <= $3 AND (r."to" = '' OR r."to" >= $2);

-- q_measure_conduct ($1 contract, $2 from, $3 before) -> each person's confirmed violations of that time, and their points
SELECT person_id, CAST(count(*) AS BIGINT) AS violations, CAST(SUM(points) AS BIGINT) AS points
  FROM violations
 WHERE contract_id = $1 AND state = 'confirmed' AND at >= $2 AND at < $3
 GROUP BY person_id;
