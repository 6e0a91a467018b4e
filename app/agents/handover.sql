-- q_handover_of ($1 letter, $2 person) -> id
SELECT id FROM handovers WHERE letter_id = $1 AND person_id = $2;

-- q_handovers_of_letter ($1 letter) -> how many are written
SELECT count(*) FROM handovers WHERE letter_id = $1;

-- q_letter_of_handover ($1 handover) -> id of the letter that asked for it
SELECT letter_id AS id FROM handovers WHERE id = $1;
