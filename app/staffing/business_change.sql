-- q_guidance_count ($1 change, $2 late only) -> logs of it that are written
SELECT count(*) FROM guidance_logs WHERE change_id = $1 AND state = 'written' AND (late = TRUE OR $2 = FALSE);
