-- Kinds of records that an import must not make along, as its owner chose: names of them are then refused.
ALTER TABLE imports ADD COLUMN withheld TEXT NOT NULL DEFAULT '';
