-- q_thing_add () -> id
INSERT INTO things (kind) VALUES ('x') RETURNING id;

-- q_things_clear () -> changes all
DELETE FROM things;

-- q_things_count () -> how many
SELECT count(*) FROM things;

-- q_thing_kind () -> kind of the thing that was added without one
SELECT kind FROM things WHERE "BLOB" = 2;

-- q_notes_count () -> how many
SELECT count(*) FROM notes;

-- q_notes_first () -> words of the first one
SELECT words FROM notes ORDER BY id LIMIT 1;
