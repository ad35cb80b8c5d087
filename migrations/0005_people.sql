-- The user's table of names (ground: replaced by the next import, kept by `rebuild`), and the Wikidata ids it gives.
CREATE TABLE known_name (
  key     INTEGER PRIMARY KEY,
  name    TEXT NOT NULL,
  qid     TEXT NOT NULL,
  kind    TEXT NOT NULL CHECK (kind IN ('', 'person', 'organisation')),
  aliases TEXT NOT NULL
) STRICT;

ALTER TABLE entity ADD COLUMN qid TEXT;
