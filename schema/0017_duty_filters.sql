-- Every filter of a large table has an index that ends with the id: lists ask it how many rows there are, and walk it
-- where there are few (docs/decisions/0006-few-rows.md).
CREATE INDEX duties_of_rule ON duties (rule, id);
CREATE INDEX duties_of_clause ON duties (clause, id);
CREATE INDEX duties_of_kind ON duties (subject, id);
CREATE INDEX duties_of_role ON duties (owner_role, id);
CREATE INDEX duties_of_side ON duties (owner_side, id);
CREATE INDEX duties_of_person ON duties (owner_id, id);
CREATE INDEX duties_of_unit ON duties (unit_id, id);
CREATE INDEX duties_of_organisation ON duties (organisation_id, id);
CREATE INDEX duties_of_month ON duties (period, id);
CREATE INDEX duties_live ON duties (live, id);
CREATE INDEX letters_type ON letters (type, id);
CREATE INDEX letters_from ON letters (from_side, id);
CREATE INDEX letters_unit ON letters (unit_id, id);
CREATE INDEX letters_author ON letters (author_id, id);
