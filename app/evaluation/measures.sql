-- Each ($1 first moment, $2 first moment after it) -> id of the contract or project, top and bottom of the value, records behind it.

-- q_measure_duties ($1 from, $2 before) -> duties of providers that were due then, met in time per cent
SELECT contract_id AS id, CAST(sum(CASE WHEN met_at > 0 AND met_at <= due_at THEN 100 ELSE 0 END) AS BIGINT) AS top, count(*) AS bottom, count(*) AS records
  FROM duties
 WHERE due_at >= $1 AND due_at < $2 AND contract_id IS NOT NULL AND owner_side = 'provider' AND internal = FALSE AND state <> 'waived'
 GROUP BY contract_id ORDER BY contract_id;

-- q_measure_breaches ($1 from, $2 before) -> breaches found then
SELECT contract_id AS id, count(*) AS top, 1 AS bottom, count(*) AS records FROM breaches
 WHERE at >= $1 AND at < $2 AND count > 0 GROUP BY contract_id ORDER BY contract_id;

-- q_measure_complaints ($1 from, $2 before) -> complaints opened then that the provider answers for
SELECT contract_id AS id, count(*) AS top, 1 AS bottom, count(*) AS records FROM issues
 WHERE opened_at >= $1 AND opened_at < $2 AND kind = 'complaint' AND responsibility IN ('', 'provider')
 GROUP BY contract_id ORDER BY contract_id;

-- q_measure_solved ($1 from, $2 before) -> issues due for their solution then, solved in time per cent
SELECT contract_id AS id, CAST(sum(CASE WHEN solved_at > 0 AND solved_late = FALSE AND solved_at <= due_at THEN 100 ELSE 0 END) AS BIGINT) AS top,
       count(*) AS bottom, count(*) AS records
  FROM issues WHERE due_at >= $1 AND due_at < $2 GROUP BY contract_id ORDER BY contract_id;

-- q_measure_satisfied ($1 from, $2 before) -> how those who reported issues then judged their solution, per cent of five
SELECT contract_id AS id, CAST(sum(satisfaction) AS BIGINT) * 20 AS top, count(*) AS bottom, count(*) AS records FROM issues
 WHERE opened_at >= $1 AND opened_at < $2 AND satisfaction > 0 GROUP BY contract_id ORDER BY contract_id;

-- q_measure_patrols ($1 from, $2 before) -> findings of patrols then about the provider's people
SELECT f.contract_id AS id, count(*) AS top, 1 AS bottom, count(*) AS records
  FROM patrol_findings f JOIN patrols p ON p.id = f.patrol_id
 WHERE p.at >= $1 AND p.at < $2 AND f.side = 'provider' GROUP BY f.contract_id ORDER BY f.contract_id;

-- q_measure_subcontracting ($1 from, $2 before) -> confirmed cases of their providers decided then: of the same client, or of no contract
SELECT c.id, count(*) AS top, 1 AS bottom, count(*) AS records
  FROM subcontracting_cases s JOIN contracts c ON c.provider_id = s.organisation_id
 WHERE (s.client_id IS NULL OR s.client_id = c.client_id) AND s.state = 'confirmed' AND s.decided_at >= $1 AND s.decided_at < $2 GROUP BY c.id ORDER BY c.id;

-- q_measure_own_duties ($1 from, $2 before) -> duties of the project's own people that were due then, met in time per cent
SELECT unit_id AS id, CAST(sum(CASE WHEN met_at > 0 AND met_at <= due_at THEN 100 ELSE 0 END) AS BIGINT) AS top, count(*) AS bottom, count(*) AS records
  FROM duties
 WHERE due_at >= $1 AND due_at < $2 AND unit_id IS NOT NULL AND owner_side = 'client' AND owner_role IN ('pm', 'executor') AND state <> 'waived'
 GROUP BY unit_id ORDER BY unit_id;

-- q_measure_reports ($1 from, $2 before) -> reports on supervision that were due then, filed in time per cent
SELECT unit_id AS id, CAST(sum(CASE WHEN met_at > 0 AND met_at <= due_at THEN 100 ELSE 0 END) AS BIGINT) AS top, count(*) AS bottom, count(*) AS records
  FROM duties
 WHERE rule = 'file_report' AND due_at >= $1 AND due_at < $2 AND state <> 'waived' AND unit_id IS NOT NULL
 GROUP BY unit_id ORDER BY unit_id;

-- q_measure_evaluated ($1 from, $2 before) -> evaluations of its contracts that were due then, submitted in time per cent
SELECT unit_id AS id, CAST(sum(CASE WHEN submitted_at > 0 AND submitted_at <= submit_by THEN 100 ELSE 0 END) AS BIGINT) AS top, count(*) AS bottom, count(*) AS records
  FROM evaluations WHERE subject = 'contract' AND submit_by >= $1 AND submit_by < $2 GROUP BY unit_id ORDER BY unit_id;

-- q_measure_found ($1 from, $2 before) -> what audit found then and the project did not
SELECT unit_id AS id, count(*) AS top, 1 AS bottom, count(*) AS records FROM audit_findings
 WHERE created_at >= $1 AND created_at < $2 AND $1 <= $2 GROUP BY unit_id ORDER BY unit_id;

-- q_measure_briefed ($1 from, $2 before) -> contracts in force then whose executor was briefed, per cent; as it is now
SELECT unit_id AS id, CAST(sum(CASE WHEN briefing = 'signed' THEN 100 ELSE 0 END) AS BIGINT) AS top, count(*) AS bottom, count(*) AS records
  FROM contracts WHERE state IN ('active', 'suspended') AND created_at < $2 AND $1 <= $2 GROUP BY unit_id ORDER BY unit_id;

-- q_measure_inspected ($1 from, $2 before) -> scores of inspections finished then, in hundredths, and a hundred times their number
SELECT contract_id AS id, CAST(sum(score) AS BIGINT) AS top, count(*) * 100 AS bottom, count(*) AS records FROM inspections
 WHERE finished_at >= $1 AND finished_at < $2 AND state IN ('finished', 'countersigned') AND passed + failed > 0
 GROUP BY contract_id ORDER BY contract_id;

-- q_measure_seen ($1 from, $2 before) -> inspections finished then; of calling, which nobody inspects so, 0 is a value too
SELECT c.id, count(i.id) AS top, 1 AS bottom, count(i.id) AS records
  FROM contracts c LEFT JOIN inspections i ON i.contract_id = c.id AND i.finished_at >= $1 AND i.finished_at < $2
                                          AND i.state IN ('finished', 'countersigned') AND i.passed + i.failed > 0
 GROUP BY c.id, c.service HAVING count(i.id) > 0 OR c.service = 'outbound_call' ORDER BY c.id;

-- q_measure_rectified ($1 from, $2 before) -> rectifications due then, done in time and found right per cent
SELECT contract_id AS id, CAST(sum(CASE WHEN state = 'closed' AND late = FALSE THEN 100 ELSE 0 END) AS BIGINT) AS top, count(*) AS bottom, count(*) AS records
  FROM rectifications WHERE due_at >= $1 AND due_at < $2 AND state <> 'withdrawn' GROUP BY contract_id ORDER BY contract_id;

-- q_measure_planned ($1 from, $2 before) -> inspections planned for then, done in time per cent
SELECT unit_id AS id, CAST(sum(CASE WHEN state = 'done' AND late = FALSE THEN 100 ELSE 0 END) AS BIGINT) AS top, count(*) AS bottom, count(*) AS records
  FROM inspection_tasks WHERE due_at >= $1 AND due_at < $2 AND state <> 'dropped' GROUP BY unit_id ORDER BY unit_id;

-- q_measure_closed ($1 from, $2 before) -> rectifications due then that were judged and closed, per cent
SELECT unit_id AS id, CAST(sum(CASE WHEN state = 'closed' THEN 100 ELSE 0 END) AS BIGINT) AS top, count(*) AS bottom, count(*) AS records
  FROM rectifications WHERE due_at >= $1 AND due_at < $2 AND state <> 'withdrawn' GROUP BY unit_id ORDER BY unit_id;
