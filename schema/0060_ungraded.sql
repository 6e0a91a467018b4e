-- Why an evaluation has no grade (V3.5, V6.1.1), frozen with it: 'nothing', 'needed', 'uninspected', 'unplanned'; '' it has one.
ALTER TABLE evaluations ADD COLUMN ungraded TEXT NOT NULL DEFAULT '';
UPDATE evaluations SET ungraded = 'nothing' WHERE scored = FALSE AND state <> 'drafted';
