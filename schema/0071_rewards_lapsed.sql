-- A nomination (C2.10) whose three months are not so any more has lapsed; one that was dropped is one that people dropped, and
-- is not made again.
UPDATE rewards SET state = 'lapsed' WHERE kind = 'three_months' AND state = 'dropped' AND state_reason = '月度考核已重开，提名作废。';
