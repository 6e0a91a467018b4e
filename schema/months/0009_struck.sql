-- A review struck it: what its record says, of which a success does not count; NULL: it is not struck.
ALTER TABLE calls ADD COLUMN reported BIGINT;
UPDATE calls SET reported = 1
 WHERE result = 2 AND id IN (SELECT call_id FROM call_revisions WHERE change = 'judged')
   AND (SELECT r.result FROM call_revisions r WHERE r.call_id = calls.id AND r.change = 'judged' ORDER BY r.id DESC LIMIT 1) = 1;
