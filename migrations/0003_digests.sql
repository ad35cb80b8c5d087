-- Digests of stored rows: SQLite keeps no checksums of its own, so a bit that flips on the disk would go unseen.
-- `verify` computes them anew and compares. A digest is 16 bytes (XXH3, the sum over the rows); it finds accidents, not
-- somebody who changes the file on purpose and its digests with it.

CREATE TABLE document_digest (
  document INTEGER PRIMARY KEY REFERENCES document(key) ON DELETE CASCADE,
  ground   BLOB,   -- the document's own row and its warnings
  derived  BLOB    -- its passages, local entities, statements and their spans
) STRICT;

CREATE TABLE table_digest (
  name   TEXT PRIMARY KEY,
  rows   INTEGER NOT NULL,
  digest BLOB NOT NULL
) STRICT, WITHOUT ROWID;
