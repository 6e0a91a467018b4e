-- A term that changes while its contract is in force says when and on what basis.
ALTER TABLE terms ADD COLUMN amended_on TEXT NOT NULL DEFAULT '';
ALTER TABLE terms ADD COLUMN basis TEXT NOT NULL DEFAULT '';
