-- Answers to a survey that were turned away (V5.1.5), and what follows from a case of subcontracting (V5.1.4, X2).
ALTER TABLE surveys ADD COLUMN turned_away BIGINT NOT NULL DEFAULT 0; -- for the limit by address: how many, and nothing else
ALTER TABLE consequences ADD COLUMN case_id BIGINT REFERENCES subcontracting_cases (id); -- it follows from this one instead of grades
CREATE INDEX consequences_case ON consequences (case_id, id);
