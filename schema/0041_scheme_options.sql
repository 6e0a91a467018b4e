-- Whom a scheme treats in another way than the others, and how: JSON array, '' nobody.
ALTER TABLE schemes ADD COLUMN options TEXT NOT NULL DEFAULT '';
