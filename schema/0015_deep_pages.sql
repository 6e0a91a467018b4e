-- A page deep in an order of many equal values is sought by the value and the id of the last row before it.
DROP INDEX contracts_signed_on;
DROP INDEX contracts_starts_on;
DROP INDEX contracts_ends_on;
DROP INDEX contracts_amount;
DROP INDEX duties_due;
CREATE INDEX contracts_signed_on ON contracts (signed_on THEN_ID);
CREATE INDEX contracts_starts_on ON contracts (starts_on THEN_ID);
CREATE INDEX contracts_ends_on ON contracts (ends_on THEN_ID);
CREATE INDEX contracts_amount ON contracts (amount_fen THEN_ID);
CREATE INDEX duties_due ON duties (due_at THEN_ID);
