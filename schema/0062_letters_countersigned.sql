-- A contract may ask for two signatures on every letter about it.
ALTER TABLE contracts ADD COLUMN letters_countersigned BOOLEAN NOT NULL DEFAULT FALSE;
