-- The decisions as they stood when everything was settled last: what was decided or taken back since tells what is to be settled
-- anew.

CREATE TABLE settled_decision (
  key INTEGER PRIMARY KEY,   -- of the decision; one that is taken again has another
  id  TEXT NOT NULL UNIQUE
) STRICT;

INSERT INTO settled_decision (key, id) SELECT key, id FROM decision WHERE NOT undone;
