-- q_note ($1 id, $2 words) -> changes 1
INSERT INTO notes (id, words) VALUES ($1, $2);

-- q_notes () -> how many there are
SELECT count(*) FROM notes;

-- q_main_beside () -> notes with what the main store says of them
SELECT count(*) FROM notes n JOIN kinds k ON k.id = n.id;
