-- By whom and whom an hour called, sorted once the hour is over: a tenth of what indexes cost that
-- every record keeps up to date.
DROP INDEX calls_agent;
DROP INDEX calls_callee;

-- The hours (of UTC, since 2020) in which calls began.
CREATE TABLE call_hours (
    id      NUMBER_KEY,
    touched BIGINT NOT NULL,              -- when the last call of it came
    sorted  BOOLEAN NOT NULL              -- all its calls are in call_places
);
INSERT INTO call_hours (id, touched, sorted)
SELECT DISTINCT id / 29491200000, 0, FALSE FROM calls;

-- Where calls of a sorted hour are found: pieces of (key, place in the hour), sorted. The id is the
-- hour, what the key is (agent, number called) and the first key.
CREATE TABLE call_places (
    id     NUMBER_KEY,
    places BLOB NOT NULL
);
