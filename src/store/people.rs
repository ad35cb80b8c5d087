//! The user's table of names (ground), the Wikidata ids it gives to entities, and which documents an entity is from.

use std::collections::BTreeMap;

use rusqlite::params;

use crate::model::{EntityKind, Id, KnownName};

use super::{Result, Store, from_json, to_json};

impl Store {
    /// The rows of the table in the order of the file.
    pub fn known_names(&self) -> Result<Vec<KnownName>> {
        self.rows("SELECT name, qid, kind, aliases FROM known_name ORDER BY key", [], |row| {
            Ok(KnownName {
                name: row.get(0)?,
                qid: row.get(1)?,
                kind: EntityKind::of_name(&row.get::<_, String>(2)?),
                aliases: from_json(&row.get::<_, String>(3)?),
            })
        })
    }

    /// Puts these rows in the place of all that are stored.
    pub fn replace_known_names(&self, rows: &[KnownName]) -> Result<()> {
        let replace = || -> rusqlite::Result<()> {
            self.connection.execute_batch("DELETE FROM known_name;")?;
            let mut insert = self
                .connection
                .prepare_cached("INSERT INTO known_name (name, qid, kind, aliases) VALUES (?1, ?2, ?3, ?4)")?;
            for row in rows {
                let kind = row.kind.map_or("", EntityKind::name);
                insert.execute(params![row.name, row.qid, kind, to_json(&row.aliases)])?;
            }
            Ok(())
        };
        replace().map_err(|e| self.at(e))
    }

    /// Writes down the Wikidata ids of entities; all others have none.
    pub fn set_qids(&self, qids: &BTreeMap<Id, String>) -> Result<()> {
        let set = || -> rusqlite::Result<()> {
            self.connection.execute_batch("UPDATE entity SET qid = NULL WHERE qid IS NOT NULL;")?;
            let mut update = self.connection.prepare_cached("UPDATE entity SET qid = ?2 WHERE id = ?1")?;
            for (id, qid) in qids {
                update.execute(params![id.as_str(), qid])?;
            }
            Ok(())
        };
        set().map_err(|e| self.at(e))
    }

    /// The names under which documents know this entity, each with the document's id; sorted, each pair once.
    pub fn names_in_documents(&self, entity: i64) -> Result<Vec<(String, Id)>> {
        self.rows(
            "SELECT DISTINCT l.name, d.id FROM local_entity l JOIN document d ON d.key = l.document
              WHERE l.entity = ?1 ORDER BY d.id, l.name",
            [entity],
            |row| Ok((row.get(0)?, Id(row.get(1)?))),
        )
    }

    /// Suggested links whose statements are in different claims, likeliest first: the two ends and the probability.
    pub fn suggested_links(&self) -> Result<Vec<(Id, Id, f64, String)>> {
        self.rows(
            "SELECT a.id, b.id, l.probability, l.relation
               FROM link l JOIN statement a ON a.key = l.a JOIN statement b ON b.key = l.b
              WHERE l.status = 'suggested' AND a.claim IS NOT b.claim
              ORDER BY l.probability DESC, a.id, b.id",
            [],
            |row| Ok((Id(row.get(0)?), Id(row.get(1)?), row.get(2)?, row.get(3)?)),
        )
    }
}
