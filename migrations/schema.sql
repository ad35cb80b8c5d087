-- What the numbered files leave, for new stores. Made from them: never written by hand.

CREATE TABLE outlet (
  key  INTEGER PRIMARY KEY,
  id   TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
) STRICT;

CREATE TABLE document (
  key               INTEGER PRIMARY KEY,
  id                TEXT NOT NULL UNIQUE,
  sha256            TEXT NOT NULL,
  text              TEXT NOT NULL,
  format            TEXT NOT NULL,
  title             TEXT,
  title_from        TEXT,
  title_guessed     INTEGER,
  outlet            INTEGER REFERENCES outlet(key),
  outlet_from       TEXT,
  outlet_guessed    INTEGER,
  author            TEXT,
  author_from       TEXT,
  author_guessed    INTEGER,
  published         TEXT,
  published_from    TEXT,
  published_guessed INTEGER,
  modified          TEXT,
  modified_from     TEXT,
  modified_guessed  INTEGER,
  captured          TEXT,
  captured_from     TEXT,
  captured_guessed  INTEGER,
  url               TEXT,
  url_from          TEXT,
  url_guessed       INTEGER,
  language          TEXT,
  language_from     TEXT,
  language_guessed  INTEGER,
  external_id       TEXT,
  path              TEXT,
  raw               BLOB,
  revision_of       INTEGER REFERENCES document(key)
) STRICT;

CREATE INDEX document_by_sha256 ON document(sha256);

CREATE INDEX document_by_url ON document(url) WHERE url IS NOT NULL;

CREATE INDEX document_by_path ON document(path) WHERE path IS NOT NULL;

CREATE TABLE warning (
  document INTEGER NOT NULL REFERENCES document(key) ON DELETE CASCADE,
  ordinal  INTEGER NOT NULL,
  code     TEXT NOT NULL,
  note     TEXT NOT NULL,
  PRIMARY KEY (document, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE decision (
  key    INTEGER PRIMARY KEY,
  id     TEXT NOT NULL UNIQUE,
  verb   TEXT NOT NULL CHECK (verb IN ('confirm', 'reject', 'merge', 'split', 'alias')),
  a      TEXT NOT NULL,
  b      TEXT NOT NULL,
  who    TEXT NOT NULL,
  at     TEXT NOT NULL,
  why    TEXT NOT NULL,
  undone INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE run (
  key     INTEGER PRIMARY KEY,
  version TEXT NOT NULL,
  options TEXT NOT NULL,
  UNIQUE (version, options)
) STRICT;

CREATE TABLE pending (
  document INTEGER PRIMARY KEY REFERENCES document(key) ON DELETE CASCADE
, changed INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE passage (
  document INTEGER NOT NULL REFERENCES document(key) ON DELETE CASCADE,
  start    INTEGER NOT NULL,
  end      INTEGER NOT NULL,
  kind     TEXT NOT NULL CHECK (kind IN ('body', 'headline', 'caption', 'boilerplate')),
  evidence TEXT NOT NULL,
  PRIMARY KEY (document, start)
) STRICT, WITHOUT ROWID;

CREATE TABLE entity (
  key      INTEGER PRIMARY KEY,
  id       TEXT NOT NULL UNIQUE,
  name     TEXT NOT NULL,
  kind     TEXT NOT NULL CHECK (kind IN ('person', 'organisation', 'group', 'unnamed')),
  evidence TEXT NOT NULL
, qid TEXT) STRICT;

CREATE TABLE alias (
  entity INTEGER NOT NULL REFERENCES entity(key) ON DELETE CASCADE,
  text   TEXT NOT NULL,
  kind   TEXT NOT NULL,
  count  INTEGER NOT NULL,
  folded TEXT NOT NULL,
  PRIMARY KEY (entity, text, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX alias_by_folded ON alias(folded);

CREATE TABLE entity_suggestion (
  a           INTEGER NOT NULL REFERENCES entity(key) ON DELETE CASCADE,
  b           INTEGER NOT NULL REFERENCES entity(key) ON DELETE CASCADE,
  probability REAL NOT NULL,
  evidence    TEXT NOT NULL,
  PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;

CREATE TABLE local_entity (
  key      INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES document(key) ON DELETE CASCADE,
  ordinal  INTEGER NOT NULL,
  name     TEXT NOT NULL,
  kind     TEXT NOT NULL,
  roles    TEXT NOT NULL,
  aliases  TEXT NOT NULL,
  evidence TEXT NOT NULL,
  entity   INTEGER REFERENCES entity(key) ON DELETE SET NULL,
  UNIQUE (document, ordinal)
) STRICT;

CREATE INDEX local_entity_by_entity ON local_entity(entity);

CREATE TABLE statement (
  key              INTEGER PRIMARY KEY,
  id               TEXT NOT NULL UNIQUE,
  document         INTEGER NOT NULL REFERENCES document(key) ON DELETE CASCADE,
  ordinal          INTEGER NOT NULL,
  kind             TEXT NOT NULL CHECK (kind IN ('direct', 'mixed', 'indirect')),
  act              TEXT NOT NULL,
  negated          INTEGER NOT NULL,
  marks_lost       INTEGER NOT NULL,
  zone             TEXT NOT NULL CHECK (zone IN ('body', 'headline', 'caption', 'boilerplate')),
  said_on          TEXT,
  confidence       REAL NOT NULL,
  extractor        TEXT NOT NULL CHECK (extractor IN ('accurate', 'fast', 'rules')),
  nested_in        INTEGER REFERENCES statement(key) ON DELETE SET NULL,
  repeat_of        INTEGER REFERENCES statement(key) ON DELETE SET NULL,
  speaker          INTEGER REFERENCES local_entity(key) ON DELETE SET NULL,
  via              TEXT,
  evidence         TEXT NOT NULL,
  speaker_evidence TEXT NOT NULL,
  claim            INTEGER REFERENCES claim(key) ON DELETE SET NULL,
  run              INTEGER NOT NULL REFERENCES run(key),
  UNIQUE (document, ordinal)
) STRICT;

CREATE INDEX statement_by_speaker ON statement(speaker);

CREATE INDEX statement_by_claim ON statement(claim);

CREATE INDEX statement_by_repeat ON statement(repeat_of) WHERE repeat_of IS NOT NULL;

CREATE INDEX statement_by_nested ON statement(nested_in) WHERE nested_in IS NOT NULL;

CREATE TABLE statement_span (
  statement INTEGER NOT NULL REFERENCES statement(key) ON DELETE CASCADE,
  role      TEXT NOT NULL CHECK (role IN ('source', 'cue', 'content', 'addressee', 'medium', 'chain')),
  ordinal   INTEGER NOT NULL,
  start     INTEGER NOT NULL,
  end       INTEGER NOT NULL,
  PRIMARY KEY (statement, role, ordinal)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE document_search USING fts5 (
  folded, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2'
);

CREATE TABLE link (
  a           INTEGER NOT NULL REFERENCES statement(key) ON DELETE CASCADE,
  b           INTEGER NOT NULL REFERENCES statement(key) ON DELETE CASCADE,
  relation    TEXT NOT NULL,
  score       REAL NOT NULL,
  probability REAL NOT NULL,
  status      TEXT NOT NULL CHECK (status IN ('auto', 'suggested', 'confirmed', 'rejected')),
  evidence    TEXT NOT NULL,
  PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;

CREATE INDEX link_by_b ON link(b);

CREATE TABLE claim (
  key            INTEGER PRIMARY KEY,
  id             TEXT NOT NULL UNIQUE,
  representative INTEGER NOT NULL REFERENCES statement(key) ON DELETE CASCADE
) STRICT;

CREATE INDEX claim_by_representative ON claim(representative);

CREATE TABLE echo (
  a INTEGER NOT NULL REFERENCES claim(key) ON DELETE CASCADE,
  b INTEGER NOT NULL REFERENCES claim(key) ON DELETE CASCADE,
  PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;

CREATE INDEX echo_by_b ON echo(b);

CREATE TABLE derivation (
  parent   INTEGER NOT NULL REFERENCES document(key) ON DELETE CASCADE,
  child    INTEGER NOT NULL REFERENCES document(key) ON DELETE CASCADE,
  relation TEXT NOT NULL,
  basis    TEXT NOT NULL,
  score    REAL NOT NULL,
  evidence TEXT NOT NULL,
  PRIMARY KEY (parent, child)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim_edge (
  claim    INTEGER NOT NULL REFERENCES claim(key) ON DELETE CASCADE,
  parent   INTEGER NOT NULL REFERENCES document(key) ON DELETE CASCADE,
  child    INTEGER NOT NULL REFERENCES document(key) ON DELETE CASCADE,
  relation TEXT NOT NULL,
  basis    TEXT NOT NULL,
  score    REAL NOT NULL,
  evidence TEXT NOT NULL,
  PRIMARY KEY (claim, parent, child)
) STRICT, WITHOUT ROWID;

CREATE VIEW quotes AS
SELECT s.id AS id, d.id AS document, o.name AS outlet, d.published AS published, e.name AS speaker,
       (SELECT group_concat(substr(d.text, x.start + 1, x.end - x.start), ' … ')
          FROM statement_span x WHERE x.statement = s.key AND x.role = 'source') AS source,
       (SELECT group_concat(substr(d.text, x.start + 1, x.end - x.start), ' … ')
          FROM statement_span x WHERE x.statement = s.key AND x.role = 'cue') AS cue,
       (SELECT group_concat(substr(d.text, x.start + 1, x.end - x.start), ' … ')
          FROM statement_span x WHERE x.statement = s.key AND x.role = 'content') AS content,
       s.kind AS kind, s.act AS act, s.negated AS negated, s.marks_lost AS marks_lost, s.zone AS zone,
       s.said_on AS said_on, s.confidence AS confidence, s.extractor AS extractor, c.id AS claim
  FROM statement s
  JOIN document d ON d.key = s.document
  LEFT JOIN outlet o ON o.key = d.outlet
  LEFT JOIN local_entity l ON l.key = s.speaker
  LEFT JOIN entity e ON e.key = l.entity
  LEFT JOIN claim c ON c.key = s.claim;

CREATE VIEW claims AS
SELECT c.id AS id, q.content AS text, q.speaker AS speaker,
       (SELECT count(*) FROM statement s WHERE s.claim = c.key) AS statements,
       (SELECT count(DISTINCT s.document) FROM statement s WHERE s.claim = c.key) AS documents,
       (SELECT count(DISTINCT d.outlet) FROM statement s JOIN document d ON d.key = s.document
         WHERE s.claim = c.key) AS outlets,
       (SELECT min(d.published) FROM statement s JOIN document d ON d.key = s.document
         WHERE s.claim = c.key) AS first_seen
  FROM claim c
  JOIN statement r ON r.key = c.representative
  JOIN quotes q ON q.id = r.id;

CREATE VIEW repeats AS
SELECT c.id AS claim, p.id AS from_document, po.name AS from_outlet, p.published AS from_published,
       k.id AS to_document, ko.name AS to_outlet, k.published AS to_published,
       x.relation AS relation, x.basis AS "order", x.score AS score
  FROM claim_edge x
  JOIN claim c ON c.key = x.claim
  JOIN document p ON p.key = x.parent
  LEFT JOIN outlet po ON po.key = p.outlet
  JOIN document k ON k.key = x.child
  LEFT JOIN outlet ko ON ko.key = k.outlet;

CREATE VIRTUAL TABLE statement_search USING fts5 (
  folded, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2'
);

CREATE TRIGGER statement_search_delete AFTER DELETE ON statement BEGIN
  DELETE FROM statement_search WHERE rowid = old.key;
END;

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

CREATE TABLE statement_embedding (
  statement INTEGER PRIMARY KEY REFERENCES statement(key) ON DELETE CASCADE,
  vector    BLOB NOT NULL
) STRICT;

CREATE TABLE known_name (
  key     INTEGER PRIMARY KEY,
  name    TEXT NOT NULL,
  qid     TEXT NOT NULL,
  kind    TEXT NOT NULL CHECK (kind IN ('', 'person', 'organisation')),
  aliases TEXT NOT NULL
) STRICT;

CREATE VIEW why AS
SELECT s.id AS id, 'statement' AS what, NULL AS other,
       e.value ->> 0 AS rule, e.value ->> 1 AS weight, e.value ->> 2 AS note
  FROM statement s, json_each(s.evidence) e
UNION ALL
SELECT s.id, 'speaker', NULL, e.value ->> 0, e.value ->> 1, e.value ->> 2
  FROM statement s, json_each(s.speaker_evidence) e
UNION ALL
SELECT n.id, 'entity', NULL, e.value ->> 0, e.value ->> 1, e.value ->> 2
  FROM entity n, json_each(n.evidence) e
UNION ALL
SELECT a.id, 'link', b.id, iif(instr(e.value ->> 0, '.'), e.value ->> 0, 'link.' || (e.value ->> 0)), e.value ->> 1, e.value ->> 2
  FROM link l JOIN statement a ON a.key = l.a JOIN statement b ON b.key = l.b, json_each(l.evidence) e
UNION ALL
SELECT p.id, 'derivation', k.id, e.value ->> 0, e.value ->> 1, e.value ->> 2
  FROM derivation d JOIN document p ON p.key = d.parent JOIN document k ON k.key = d.child, json_each(d.evidence) e;

CREATE INDEX statement_aside ON statement(zone) WHERE zone IN ('caption', 'boilerplate') OR act = 'thought';

CREATE TABLE document_rank (
  document INTEGER PRIMARY KEY REFERENCES document(key) ON DELETE CASCADE,
  rank     INTEGER NOT NULL UNIQUE
) STRICT;

CREATE TABLE near (
  a         INTEGER NOT NULL REFERENCES document(key) ON DELETE CASCADE,
  b         INTEGER NOT NULL REFERENCES document(key) ON DELETE CASCADE,
  narrative INTEGER NOT NULL,
  PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;

CREATE INDEX near_by_b ON near(b);

CREATE INDEX document_by_outlet ON document(outlet);

CREATE INDEX derivation_by_child ON derivation(child);

CREATE TABLE waiting_keys (
  document INTEGER PRIMARY KEY REFERENCES document(key) ON DELETE CASCADE,
  keys     BLOB NOT NULL
) STRICT;

CREATE TABLE link_key (
  key    INTEGER NOT NULL,
  number INTEGER NOT NULL,   -- a statement
  more   BLOB NOT NULL,
  PRIMARY KEY (key, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE shingle (
  key    INTEGER NOT NULL,   -- the hash of a run
  number INTEGER NOT NULL,   -- the rank of a document
  more   BLOB NOT NULL,
  PRIMARY KEY (key, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE name (
  key    INTEGER PRIMARY KEY,
  sort   INTEGER NOT NULL,   -- 0 and 1: all who bear the name are one (persons, bodies)
  folded TEXT NOT NULL,
  text   TEXT NOT NULL,      -- as its first use spells it
  uses   INTEGER NOT NULL,   -- local entities that bear it
  keys   BLOB NOT NULL,      -- what it is compared by: 8 bytes each, least significant first
  entity INTEGER REFERENCES entity(key) ON DELETE SET NULL, spelled TEXT,
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

CREATE INDEX entity_suggestion_by_b ON entity_suggestion(b);

CREATE TABLE settled_decision (
  key INTEGER PRIMARY KEY,   -- of the decision; one that is taken again has another
  id  TEXT NOT NULL UNIQUE
) STRICT;

