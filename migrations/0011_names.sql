-- An index of the names of persons and bodies, so that whom those of a new document may be one with is found without reading all
-- documents. Empty until everything is settled once; then kept up to date.

CREATE TABLE name (
  key    INTEGER PRIMARY KEY,
  sort   INTEGER NOT NULL,   -- 0 and 1: all who bear the name are one (persons, bodies)
  folded TEXT NOT NULL,
  text   TEXT NOT NULL,      -- as its first use spells it
  uses   INTEGER NOT NULL,   -- local entities that bear it
  keys   BLOB NOT NULL,      -- what it is compared by: 8 bytes each, least significant first
  entity INTEGER REFERENCES entity(key) ON DELETE SET NULL,
  UNIQUE (sort, folded)
) STRICT;
CREATE INDEX name_by_entity ON name(entity) WHERE entity IS NOT NULL;

CREATE TABLE name_use (
  name  INTEGER NOT NULL,
  place INTEGER NOT NULL,    -- documents in the order of their ids
  local INTEGER NOT NULL,    -- a local entity
  PRIMARY KEY (name, place, local)
) STRICT, WITHOUT ROWID;

CREATE TABLE name_key (
  key  INTEGER NOT NULL,     -- one that names have in common
  sort INTEGER NOT NULL,
  name INTEGER NOT NULL,
  PRIMARY KEY (key, sort, name)
) STRICT, WITHOUT ROWID;

-- An entity that goes takes its suggested joins along: they are found from both sides.
CREATE INDEX entity_suggestion_by_b ON entity_suggestion(b);
