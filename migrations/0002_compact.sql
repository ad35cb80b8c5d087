-- The same facts in half the room: evidence as [rule, weight, note] instead of named fields, links without notes (they are
-- made again from the two wordings), candidate keys in four bytes, and no second copy of the words that search indexes.

DROP VIEW why;

UPDATE statement SET
  evidence = (SELECT json_group_array(json_array(e.value ->> 'rule', round(e.value ->> 'weight', 4), e.value ->> 'note'))
                FROM json_each(statement.evidence) e),
  speaker_evidence = (SELECT json_group_array(json_array(e.value ->> 'rule', round(e.value ->> 'weight', 4), e.value ->> 'note'))
                        FROM json_each(statement.speaker_evidence) e);
UPDATE passage SET evidence =
  (SELECT json_group_array(json_array(e.value ->> 'rule', round(e.value ->> 'weight', 4), e.value ->> 'note')) FROM json_each(passage.evidence) e);
UPDATE local_entity SET evidence =
  (SELECT json_group_array(json_array(e.value ->> 'rule', round(e.value ->> 'weight', 4), e.value ->> 'note')) FROM json_each(local_entity.evidence) e);
UPDATE entity SET evidence =
  (SELECT json_group_array(json_array(e.value ->> 'rule', round(e.value ->> 'weight', 4), e.value ->> 'note')) FROM json_each(entity.evidence) e);
UPDATE entity_suggestion SET evidence =
  (SELECT json_group_array(json_array(e.value ->> 'rule', round(e.value ->> 'weight', 4), e.value ->> 'note')) FROM json_each(entity_suggestion.evidence) e);
UPDATE derivation SET evidence =
  (SELECT json_group_array(json_array(e.value ->> 'rule', round(e.value ->> 'weight', 4), e.value ->> 'note')) FROM json_each(derivation.evidence) e);
UPDATE claim_edge SET evidence =
  (SELECT json_group_array(json_array(e.value ->> 'rule', round(e.value ->> 'weight', 4), e.value ->> 'note')) FROM json_each(claim_edge.evidence) e);
UPDATE link SET evidence =
  (SELECT json_group_array(json_array(e.value ->> 'rule', round(e.value ->> 'weight', 4))) FROM json_each(link.evidence) e);

ALTER TABLE link_key RENAME TO link_key_long;
CREATE TABLE link_key (
  key       INTEGER NOT NULL,
  statement INTEGER NOT NULL,
  PRIMARY KEY (key, statement)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO link_key (key, statement)
  SELECT ((key & 4294967295) + 2147483648) % 4294967296 - 2147483648 AS short, statement FROM link_key_long ORDER BY 1, 2;
DROP TABLE link_key_long;

DROP TRIGGER statement_search_insert;
DROP TRIGGER statement_search_delete;
DROP TABLE statement_search;
-- Words of the content as match keys (case, marks, diacritics, script, spelling and inflection folded away).
CREATE VIRTUAL TABLE statement_search USING fts5 (
  folded, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO statement_search (rowid, folded) SELECT key, folded FROM statement;
CREATE TRIGGER statement_search_delete AFTER DELETE ON statement BEGIN
  DELETE FROM statement_search WHERE rowid = old.key;
END;
ALTER TABLE statement DROP COLUMN folded;

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
SELECT a.id, 'link', b.id, e.value ->> 0, e.value ->> 1, e.value ->> 2
  FROM link l JOIN statement a ON a.key = l.a JOIN statement b ON b.key = l.b, json_each(l.evidence) e
UNION ALL
SELECT p.id, 'derivation', k.id, e.value ->> 0, e.value ->> 1, e.value ->> 2
  FROM derivation d JOIN document p ON p.key = d.parent JOIN document k ON k.key = d.child, json_each(d.evidence) e;
