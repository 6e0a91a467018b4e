-- q_calibration_sheet ($1 session, $2 person) -> id of their sheet
SELECT id FROM calibration_sheets WHERE calibration_id = $1 AND reviewer_id = $2;

-- q_calibration_sheets ($1 session) -> how many there are
SELECT count(*) FROM calibration_sheets WHERE calibration_id = $1;
