-- q_thing_add ($1 owner, $2 name, $3 count, … $12 phone, as in THING_FIELDS) -> id
INSERT INTO things (owner_id, name, count, is_open, price, score, starts_on, month, seen_at,
                    state, roles, phone)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING id;

-- q_thing_add_quietly (the same) -> id, or no row when the name is taken
INSERT INTO things (owner_id, name, count, is_open, price, score, starts_on, month, seen_at,
                    state, roles, phone)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (name) DO NOTHING
RETURNING id;

-- q_thing_get ($1 name) -> one thing
SELECT id, owner_id, name, count, is_open, price, score, starts_on, month, seen_at,
       state, roles, phone
  FROM things
 WHERE name = $1;

-- q_things ($1 at most) -> things in the order in which they came
SELECT id, name, count
  FROM things
 ORDER BY id
 LIMIT $1;

-- q_thing_names () -> things, all
SELECT id, name
  FROM things
 ORDER BY id;

-- q_thing_recount ($1 name, $2 count) -> changes 1
UPDATE things SET count = $2 WHERE name = $1;

-- q_things_give ($1 owner) -> changes all
UPDATE things SET owner_id = $1;

-- q_things_count_up ($1 id, $2 name, $3 by how much) -> of many rows: adds them, or to their count
INSERT INTO things (id, name, count, is_open, price, score, starts_on, month, seen_at, state, roles,
                    phone)
-- @sqlite
VALUES ($1, $2, $3, FALSE, 0, 0, '', '', 0, '', '', '')
-- @postgres
SELECT r.id, r.name, r.count, FALSE, 0, 0, '', '', 0, '', '', ''
  FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS TEXT[]), CAST($3 AS BIGINT[])) AS r (id, name, count)
-- @end
ON CONFLICT (name) DO UPDATE SET count = things.count + excluded.count
RETURNING id;

-- q_things_add_new (the same) -> of many rows: those whose name is new
INSERT INTO things (id, name, count, is_open, price, score, starts_on, month, seen_at, state, roles,
                    phone)
-- @sqlite
VALUES ($1, $2, $3, FALSE, 0, 0, '', '', 0, '', '', '')
-- @postgres
SELECT r.id, r.name, r.count, FALSE, 0, 0, '', '', 0, '', '', ''
  FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS TEXT[]), CAST($3 AS BIGINT[])) AS r (id, name, count)
-- @end
ON CONFLICT (name) DO NOTHING
RETURNING id;

-- q_things_count () -> how many
SELECT count(*) FROM things;

-- q_thing_first () -> name of the oldest
SELECT name FROM things ORDER BY id LIMIT 1;

-- q_turned ($1, $2 texts) -> both, the second one before and behind the first
SELECT $2 || '-' || $1 || '-' || $2;

-- q_thing_misspelt () -> a column that has no member
SELECT id, count AS cuont FROM things;

-- q_file_add ($1 content) -> id
INSERT INTO files (content) VALUES ($1) RETURNING id;

-- q_file_get ($1 id) -> content
SELECT content FROM files WHERE id = $1;
