-- Who had a hand in an evaluation does not decide about an objection to it (X4): also who submitted it first, where somebody else
-- answered audit and submitted it anew. Of those that are there already only the last one is known.
ALTER TABLE evaluations ADD COLUMN first_evaluator_id BIGINT REFERENCES people (id);
UPDATE evaluations SET first_evaluator_id = evaluator_id;
