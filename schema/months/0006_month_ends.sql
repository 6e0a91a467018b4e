-- The end of the month's calls; one row. The roll-ups stay when the calls are gone.
CREATE TABLE month_ends (
    id         NUMBER_KEY,
    closed_at  BIGINT NOT NULL,           -- nothing is taken any more; 0: it is
    emptied_at BIGINT NOT NULL            -- the calls are gone; 0: they are there
);
INSERT INTO month_ends (id, closed_at, emptied_at) VALUES (1, 0, 0);
