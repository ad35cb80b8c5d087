-- Candidate keys of documents that wait to be linked: they enter the index (`link_key`) together with those of many others, in
-- order, just before linking. Document by document they would touch nearly every page of a large index with every round.
CREATE TABLE waiting_keys (
  document INTEGER PRIMARY KEY REFERENCES document(key) ON DELETE CASCADE,
  keys     BLOB NOT NULL
) STRICT;
