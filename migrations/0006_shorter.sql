-- Rules of links are kept without the `link.` that all of them begin with; the view puts it back. From here on raw records are
-- compressed against the text of their document (first byte 1); those that are there stay as they are.

DROP VIEW why;

UPDATE link SET evidence = replace(evidence, '["link.', '["');

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
