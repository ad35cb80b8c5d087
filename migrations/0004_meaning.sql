-- What a statement means ("speaker: content"), as one signed byte for each of 384 directions; only the direction counts. Rows are
-- there only for statements that the accurate extractor found in a language with a sentence network.
CREATE TABLE statement_embedding (
  statement INTEGER PRIMARY KEY REFERENCES statement(key) ON DELETE CASCADE,
  vector    BLOB NOT NULL
) STRICT;
