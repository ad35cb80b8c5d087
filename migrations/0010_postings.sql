-- Candidate keys and runs of words are kept in blocks: a row holds its first key and number, and in `more` those that follow, as
-- differences. A key took a row of 14 bytes; in a block it takes 4 to 5.

-- The keys that are there wait (as 4 and 8 bytes each, least significant first) and are put into the new index at once.
INSERT INTO waiting_keys (document, keys)
SELECT s.document, unhex(group_concat(printf('%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x',
         k.key & 255, k.key >> 8 & 255, k.key >> 16 & 255, k.key >> 24 & 255,
         k.statement & 255, k.statement >> 8 & 255, k.statement >> 16 & 255, k.statement >> 24 & 255,
         k.statement >> 32 & 255, k.statement >> 40 & 255, k.statement >> 48 & 255, k.statement >> 56 & 255), ''))
  FROM link_key k JOIN statement s ON s.key = k.statement
 GROUP BY s.document
    ON CONFLICT (document) DO UPDATE SET keys = waiting_keys.keys || excluded.keys;

DROP TABLE link_key;

CREATE TABLE link_key (
  key    INTEGER NOT NULL,
  number INTEGER NOT NULL,   -- a statement
  more   BLOB NOT NULL,
  PRIMARY KEY (key, number)
) STRICT, WITHOUT ROWID;

DROP TABLE shingle;

CREATE TABLE shingle (
  key    INTEGER NOT NULL,   -- the hash of a run
  number INTEGER NOT NULL,   -- the rank of a document
  more   BLOB NOT NULL,
  PRIMARY KEY (key, number)
) STRICT, WITHOUT ROWID;

-- Documents without a rank are read for their runs at the next ingest.
DELETE FROM document_rank;
