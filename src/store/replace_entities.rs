//! Entities in the place of those that are stored: what is the same stays as it is, the difference is written.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rusqlite::{OptionalExtension, params};

use crate::model::{Entity, EntityKind, Evidence};
use crate::text::match_key;

use super::evidence::write_evidence;
use super::{Result, Store};

/// A stored entity: its key, name, kind and evidence as stored.
type Row = (i64, String, String, String);

/// Spellings by text and kind, with how often each was seen.
type Spellings = BTreeMap<(String, String), i64>;

impl Store {
    /// Puts an entity in the place of the one that is stored under its id, if there is one, with the keys of its local entities.
    /// Returns its key.
    pub fn put_entity(&self, entity: &Entity, locals: &[i64]) -> Result<i64> {
        let put = || -> rusqlite::Result<i64> {
            let key = match self.stored_entity(entity.id.as_str())? {
                Some(row) => self.change_entity(entity, row)?,
                None => self.add_entity(entity)?,
            };
            self.own_locals(key, locals)?;
            Ok(key)
        };
        put().map_err(|e| self.at(e))
    }

    /// Takes away the entities of kinds that `replaced` holds for but for those with these keys.
    pub fn drop_entities_but(&self, kept: &HashSet<i64>, replaced: &dyn Fn(EntityKind) -> bool) -> Result<()> {
        let stored: Vec<(i64, String)> =
            self.rows("SELECT key, kind FROM entity ORDER BY key", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let gone = stored.into_iter().filter(|(key, kind)| {
            !kept.contains(key) && replaced(EntityKind::of_name(kind).unwrap_or(EntityKind::Unnamed))
        });
        let drop = || -> rusqlite::Result<()> {
            let mut delete = self.connection.prepare_cached("DELETE FROM entity WHERE key = ?1")?;
            gone.into_iter().try_for_each(|(key, _)| delete.execute([key]).map(|_| ()))
        };
        drop().map_err(|e| self.at(e))
    }

    /// Puts these suggested joins of entities, by key, in the place of all that are stored.
    pub fn replace_suggestions(&self, suggested: &[(i64, i64, f64, Vec<Evidence>)]) -> Result<()> {
        let replace = || -> rusqlite::Result<()> {
            self.connection.execute_batch("DELETE FROM entity_suggestion")?;
            let mut suggest = self.connection.prepare_cached(
                "INSERT OR IGNORE INTO entity_suggestion (a, b, probability, evidence) VALUES (?1, ?2, ?3, ?4)",
            )?;
            suggested.iter().try_for_each(|(a, b, probability, evidence)| {
                suggest.execute(params![a, b, probability, write_evidence(evidence)]).map(|_| ())
            })
        };
        replace().map_err(|e| self.at(e))
    }

    fn stored_entity(&self, id: &str) -> rusqlite::Result<Option<Row>> {
        self.connection
            .prepare_cached("SELECT key, name, kind, evidence FROM entity WHERE id = ?1")?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()
    }

    fn change_entity(&self, entity: &Entity, (key, name, kind, evidence): Row) -> rusqlite::Result<i64> {
        let made = write_evidence(&entity.evidence);
        if (name.as_str(), kind.as_str(), &evidence) != (&entity.name, entity.kind.name(), &made) {
            self.connection
                .prepare_cached("UPDATE entity SET name = ?2, kind = ?3, evidence = ?4 WHERE key = ?1")?
                .execute(params![key, entity.name, entity.kind.name(), made])?;
        }
        let stored: Spellings = self
            .connection
            .prepare_cached("SELECT text, kind, count FROM alias WHERE entity = ?1")?
            .query_map([key], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        if stored != spellings(entity) {
            self.connection.prepare_cached("DELETE FROM alias WHERE entity = ?1")?.execute([key])?;
            self.add_spellings(key, entity)?;
        }
        Ok(key)
    }

    fn add_entity(&self, entity: &Entity) -> rusqlite::Result<i64> {
        let (id, kind, evidence) = (entity.id.as_str(), entity.kind.name(), write_evidence(&entity.evidence));
        self.connection
            .prepare_cached("INSERT INTO entity (id, name, kind, evidence) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![id, entity.name, kind, evidence])?;
        let key = self.connection.last_insert_rowid();
        self.add_spellings(key, entity)?;
        Ok(key)
    }

    fn add_spellings(&self, key: i64, entity: &Entity) -> rusqlite::Result<()> {
        let mut insert = self
            .connection
            .prepare_cached("INSERT INTO alias (entity, text, kind, count, folded) VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for ((text, kind), count) in spellings(entity) {
            insert.execute(params![key, text, kind, count, match_key(&text)])?;
        }
        Ok(())
    }

    fn own_locals(&self, key: i64, locals: &[i64]) -> rusqlite::Result<()> {
        let owned: BTreeSet<i64> = self
            .connection
            .prepare_cached("SELECT key FROM local_entity WHERE entity = ?1")?
            .query_map([key], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut own = self.connection.prepare_cached("UPDATE local_entity SET entity = ?2 WHERE key = ?1")?;
        let others = locals.iter().filter(|local| !owned.contains(local));
        others.into_iter().try_for_each(|local| own.execute([*local, key]).map(|_| ()))
    }
}

fn spellings(entity: &Entity) -> Spellings {
    let mut found = Spellings::new();
    for it in &entity.aliases {
        *found.entry((it.text.clone(), it.kind.name().to_string())).or_default() += it.count as i64;
    }
    found
}
