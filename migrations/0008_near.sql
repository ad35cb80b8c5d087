-- Which documents share runs of words, kept so that a new document is compared with a few old ones instead of all being
-- compared with all.

-- Runs of four words, a quarter of them (chosen by their hash), with the ranks of the documents that have them.
CREATE TABLE shingle (
  hash INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  PRIMARY KEY (hash, rank)
) STRICT, WITHOUT ROWID;

-- A document's place among all: by day (undated last), then by a hash of its id. Ground says which; it does not change.
CREATE TABLE document_rank (
  document INTEGER PRIMARY KEY REFERENCES document(key) ON DELETE CASCADE,
  rank     INTEGER NOT NULL UNIQUE
) STRICT;

-- Documents that share several such runs. `narrative`: one derives from the other, or both from a third.
CREATE TABLE near (
  a         INTEGER NOT NULL REFERENCES document(key) ON DELETE CASCADE,
  b         INTEGER NOT NULL REFERENCES document(key) ON DELETE CASCADE,
  narrative INTEGER NOT NULL,
  PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX near_by_b ON near(b);

CREATE INDEX document_by_outlet ON document(outlet);

CREATE INDEX derivation_by_child ON derivation(child);

-- A document whose facts changed: what others have from it may have changed as well.
ALTER TABLE pending ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
