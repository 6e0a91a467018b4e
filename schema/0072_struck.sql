-- A struck call stays so whatever its record says later: those that were no success are told that, too.
UPDATE reviews SET carried = FALSE
 WHERE fatal = TRUE AND call_result <> 'success' AND state NOT IN ('draft', 'skipped');
