-- q_survey_exists ($1 contract, $2 kind, $3 period) -> id
SELECT id FROM surveys WHERE contract_id = $1 AND kind = $2 AND period = $3;

-- q_survey_of_token ($1 token) -> id of the survey whose code it is
SELECT id FROM surveys WHERE token = $1 AND kind = 'served_party';

-- q_surveys_over ($1 today, $2 at most) -> ids of open ones that take no more answers
SELECT id FROM surveys WHERE state = 'open' AND ends_on < $1 ORDER BY id LIMIT $2;

-- q_contract_of_survey ($1 survey) -> id of its contract
SELECT contract_id AS id FROM surveys WHERE id = $1;

-- q_survey_covers ($1 contract, $2 first day, $3 last day) -> id of a closed survey of the served party that somebody answered and whose period ends in these days
SELECT id FROM surveys
 WHERE contract_id = $1 AND kind = 'served_party' AND state = 'closed' AND answered > 0 AND last_day >= $2 AND last_day <= $3 ORDER BY id LIMIT 1;

-- q_frame_codes ($1 survey) -> code and stratum of everybody in the frame
SELECT id, code, stratum, drawn FROM survey_members WHERE survey_id = $1 ORDER BY code;

-- q_frame_code ($1 survey, $2 code) -> id of who has it
SELECT id FROM survey_members WHERE survey_id = $1 AND code = $2;

-- q_frame_count ($1 survey) -> how many
SELECT count(*) FROM survey_members WHERE survey_id = $1;

-- q_member_draw ($1 member, $2 token) draws one
UPDATE survey_members SET drawn = TRUE, token = $2, version = version + 1 WHERE id = $1;

-- q_member_of_token ($1 token) -> id of who was drawn
SELECT id FROM survey_members WHERE token = $1;

-- q_member_door ($1 member) -> what the door needs of it
SELECT id, survey_id, stratum, answered FROM survey_members WHERE id = $1;

-- q_member_answers ($1 member) marks that the one answer was given; no row when it was before
UPDATE survey_members SET answered = TRUE WHERE id = $1 AND answered = FALSE;

-- q_once_add ($1 survey, $2 keyed hash) keeps that a phone has answered
INSERT INTO survey_onces (survey_id, once) VALUES ($1, $2) ON CONFLICT (survey_id, once) DO NOTHING;

-- q_once_known ($1 survey, $2 keyed hash) -> 1: it has
SELECT count(*) FROM survey_onces WHERE survey_id = $1 AND once = $2;

-- q_survey_turned_away ($1 survey) counts one more answer that was not taken
UPDATE surveys SET turned_away = turned_away + 1 WHERE id = $1;

-- q_mark_add ($1 survey, $2 question, $3 stratum, $4 picked, $5 value, $6 words) keeps an answer to one question
INSERT INTO survey_marks (survey_id, question, stratum, picked, value, words) VALUES ($1, $2, $3, $4, $5, $6);

-- q_survey_answered ($1 survey) -> how many have answered
SELECT count(*) FROM survey_marks WHERE survey_id = $1 AND question = 0;

-- q_survey_sums ($1 survey) -> sums of the marks by question and stratum
SELECT question, stratum, count(*) AS answered, CAST(sum(value) AS BIGINT) AS sum, CAST(sum(value * value) AS BIGINT) AS squares
  FROM survey_marks WHERE survey_id = $1 AND words = '' GROUP BY question, stratum ORDER BY question, stratum;

-- q_survey_strata ($1 survey) -> strata of the frame with how many there are and were drawn
SELECT stratum, count(*) AS population, CAST(sum(CASE WHEN drawn THEN 1 ELSE 0 END) AS BIGINT) AS sample
  FROM survey_members WHERE survey_id = $1 GROUP BY stratum ORDER BY stratum;

-- q_survey_picks ($1 survey) -> how often each mark or choice was picked
SELECT question, picked, count(*) AS count FROM survey_marks
 WHERE survey_id = $1 AND question > 0 AND words = '' GROUP BY question, picked ORDER BY question, picked;

-- q_survey_marks ($1 survey) -> every mark, in an order that tells nothing of when
SELECT question, stratum, picked, value, words FROM survey_marks WHERE survey_id = $1
 ORDER BY question, stratum, picked, value, words;

-- q_marks_last ($1 survey) -> id of the mark that came last
SELECT COALESCE(max(id), 0) FROM survey_marks WHERE survey_id = $1;

-- q_marks_anew ($1 survey) writes its marks once more, all at once and in the order of what they say
INSERT INTO survey_marks (survey_id, question, stratum, picked, value, words)
SELECT survey_id, question, stratum, picked, value, words FROM survey_marks WHERE survey_id = $1
 ORDER BY question, stratum, picked, value, words;

-- q_marks_forget ($1 survey, $2 last of the old ones) takes them away as they came
DELETE FROM survey_marks WHERE survey_id = $1 AND id <= $2;

-- q_onces_forget ($1 survey) takes away which phones have answered
DELETE FROM survey_onces WHERE survey_id = $1;

-- q_members_anew ($1 survey) writes all of its frame at once, so that no row tells when it was written before
UPDATE survey_members SET answered = answered WHERE survey_id = $1;

-- q_words_release ($1 survey, $2 now) puts what was said in words where it is read, in the order of the words
INSERT INTO survey_words (version, created_at, updated_at, survey_id, question, words)
SELECT 1, $2, $2, survey_id, question, words FROM survey_marks WHERE survey_id = $1 AND words <> '' ORDER BY question, words;

-- q_measure_surveys ($1 kind, $2 first day, $3 last day) -> per cent by contract, of representative surveys of periods that end then
SELECT contract_id AS id, CAST(sum(mean * answered) AS BIGINT) AS top, CAST(sum(answered) AS BIGINT) * 1000 AS bottom, count(*) AS records
  FROM surveys WHERE kind = $1 AND state = 'closed' AND representative = TRUE AND last_day >= $2 AND last_day <= $3
 GROUP BY contract_id ORDER BY contract_id;
