//! Entities in the place of those that are stored: what is the same stays as it is, the difference is written.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rusqlite::params;

use crate::model::{Entity, EntityKind, Evidence};
use crate::text::match_key;

use super::evidence::write_evidence;
use super::{Result, Store};

/// A stored entity: its key, name, kind and evidence as stored.
type Row = (i64, String, String, String);

/// Spellings by text and kind, with how often each was seen.
type Spellings = BTreeMap<(String, String), i64>;

impl Store {
    /// Puts these entities in the place of all that are stored and of a kind that `replaced` holds for. Each comes with the keys
    /// of its local entities. The suggested joins go in the place of all.
    pub fn replace_entities(
        &self,
        entities: &[(Entity, Vec<i64>)],
        suggested: &[(usize, usize, f64, Vec<Evidence>)],
        replaced: &dyn Fn(EntityKind) -> bool,
    ) -> Result<()> {
        let replace = || -> rusqlite::Result<()> {
            let stored = Stored::load(self, replaced)?;
            let mut keys = Vec::with_capacity(entities.len());
            for (entity, locals) in entities {
                let key = self.put_entity(entity, &stored)?;
                self.own_locals(key, locals, &stored)?;
                keys.push(key);
            }
            let mut gone: BTreeSet<i64> = stored.rows.values().map(|(key, ..)| *key).collect();
            keys.iter().for_each(|key| {
                gone.remove(key);
            });
            let mut delete = self.connection.prepare_cached("DELETE FROM entity WHERE key = ?1")?;
            gone.iter().try_for_each(|key| delete.execute([key]).map(|_| ()))?;
            self.connection.execute_batch("DELETE FROM entity_suggestion")?;
            let mut suggest = self.connection.prepare_cached(
                "INSERT OR IGNORE INTO entity_suggestion (a, b, probability, evidence) VALUES (?1, ?2, ?3, ?4)",
            )?;
            for (a, b, probability, evidence) in suggested {
                if let (Some(a), Some(b)) = (keys.get(*a), keys.get(*b)) {
                    suggest.execute(params![a, b, probability, write_evidence(evidence)])?;
                }
            }
            Ok(())
        };
        replace().map_err(|e| self.at(e))
    }

    fn put_entity(&self, entity: &Entity, stored: &Stored) -> rusqlite::Result<i64> {
        let (id, kind) = (entity.id.as_str(), entity.kind.name());
        let evidence = write_evidence(&entity.evidence);
        let mut spellings = Spellings::new();
        for it in &entity.aliases {
            *spellings.entry((it.text.clone(), it.kind.name().to_string())).or_default() += it.count as i64;
        }
        let key = match stored.rows.get(id) {
            Some((key, name, known, why)) => {
                if (name, known.as_str(), why) != (&entity.name, kind, &evidence) {
                    self.connection
                        .prepare_cached("UPDATE entity SET name = ?2, kind = ?3, evidence = ?4 WHERE key = ?1")?
                        .execute(params![key, entity.name, kind, evidence])?;
                }
                if stored.spellings.get(key) == Some(&spellings) {
                    return Ok(*key);
                }
                self.connection.prepare_cached("DELETE FROM alias WHERE entity = ?1")?.execute([key])?;
                *key
            }
            None => {
                self.connection
                    .prepare_cached("INSERT INTO entity (id, name, kind, evidence) VALUES (?1, ?2, ?3, ?4)")?
                    .execute(params![id, entity.name, kind, evidence])?;
                self.connection.last_insert_rowid()
            }
        };
        let mut insert = self
            .connection
            .prepare_cached("INSERT INTO alias (entity, text, kind, count, folded) VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for ((text, kind), count) in spellings {
            insert.execute(params![key, text, kind, count, match_key(&text)])?;
        }
        Ok(key)
    }

    fn own_locals(&self, key: i64, locals: &[i64], stored: &Stored) -> rusqlite::Result<()> {
        let mut own = self.connection.prepare_cached("UPDATE local_entity SET entity = ?2 WHERE key = ?1")?;
        let others = locals.iter().filter(|local| stored.owners.get(local) != Some(&key));
        others.into_iter().try_for_each(|local| own.execute([*local, key]).map(|_| ()))
    }
}

/// What is stored.
struct Stored {
    /// By public id; only looked up.
    rows: HashMap<String, Row>,
    spellings: HashMap<i64, Spellings>,
    /// Entity of every local entity that has one.
    owners: HashMap<i64, i64>,
}

impl Stored {
    fn load(store: &Store, replaced: &dyn Fn(EntityKind) -> bool) -> rusqlite::Result<Stored> {
        let connection = &store.connection;
        let mut stored = Stored { rows: HashMap::new(), spellings: HashMap::new(), owners: HashMap::new() };
        let mut query = connection.prepare_cached("SELECT id, key, name, kind, evidence FROM entity")?;
        let mut rows = query.query([])?;
        let mut keys: HashSet<i64> = HashSet::new();
        while let Some(row) = rows.next()? {
            let kind: String = row.get(3)?;
            if replaced(EntityKind::of_name(&kind).unwrap_or(EntityKind::Unnamed)) {
                keys.insert(row.get(1)?);
                stored.rows.insert(row.get(0)?, (row.get(1)?, row.get(2)?, kind, row.get(4)?));
            }
        }
        let mut query = connection.prepare_cached("SELECT entity, text, kind, count FROM alias")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let entity: i64 = row.get(0)?;
            if keys.contains(&entity) {
                stored.spellings.entry(entity).or_default().insert((row.get(1)?, row.get(2)?), row.get(3)?);
            }
        }
        let mut query = connection.prepare_cached("SELECT key, entity FROM local_entity WHERE entity IS NOT NULL")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let entity: i64 = row.get(1)?;
            if keys.contains(&entity) {
                stored.owners.insert(row.get(0)?, entity);
            }
        }
        Ok(stored)
    }
}
