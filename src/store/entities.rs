//! Entities: the local ones of each document, and the joined ones across documents.

use rusqlite::{OptionalExtension, Row, params};

use crate::model::{Alias, Date, Entity, EntityKind, Evidence, Id, LocalEntity};
use crate::text::match_key;

use super::evidence::{read_evidence, write_evidence};
use super::{Result, Store, from_json};

/// A local entity with what resolution across documents may look at.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredLocal {
    pub key: i64,
    pub document: Id,
    pub ordinal: usize,
    pub entity: LocalEntity,
    pub outlet: String,
    pub date: Option<Date>,
}

/// An entity with its counts.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityCard {
    pub key: i64,
    pub entity: Entity,
    /// Wikidata id from the user's table.
    pub qid: Option<String>,
    pub statements: usize,
    pub documents: usize,
    pub outlets: usize,
}

/// A join of two entities that is likely but not sure.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    pub a: Id,
    pub a_name: String,
    pub b: Id,
    pub b_name: String,
    pub probability: f64,
    pub evidence: Vec<Evidence>,
}

const CARD: &str = "SELECT e.key, e.id, e.name, e.kind, e.evidence, count(s.key), count(DISTINCT s.document),
       count(DISTINCT d.outlet), e.qid
  FROM entity e LEFT JOIN local_entity l ON l.entity = e.key LEFT JOIN statement s ON s.speaker = l.key
       LEFT JOIN document d ON d.key = s.document";

impl Store {
    /// All local entities, by document id and order.
    pub fn local_entities(&self) -> Result<Vec<StoredLocal>> {
        self.rows(
            "SELECT l.key, d.id, l.ordinal, l.name, l.kind, l.roles, l.aliases, l.evidence, o.name, d.published
               FROM local_entity l JOIN document d ON d.key = l.document LEFT JOIN outlet o ON o.key = d.outlet
              ORDER BY d.id, l.ordinal",
            [],
            read_local,
        )
    }

    /// The local entity that speaks in a statement.
    pub fn local_entity_of(&self, statement: i64) -> Result<Option<LocalEntity>> {
        let mut found = self.rows(
            "SELECT l.key, d.id, l.ordinal, l.name, l.kind, l.roles, l.aliases, l.evidence, NULL, NULL
               FROM statement s JOIN local_entity l ON l.key = s.speaker JOIN document d ON d.key = l.document
              WHERE s.key = ?1",
            [statement],
            read_local,
        )?;
        Ok(found.pop().map(|local| local.entity))
    }

    /// Puts these entities in the place of all that are stored. Each comes with the keys of its local entities.
    pub fn replace_entities(
        &self,
        entities: &[(Entity, Vec<i64>)],
        suggested: &[(usize, usize, f64, Vec<Evidence>)],
    ) -> Result<()> {
        let replace = || -> rusqlite::Result<()> {
            self.connection.execute_batch(
                "UPDATE local_entity SET entity = NULL WHERE entity IS NOT NULL;
                 DELETE FROM entity_suggestion; DELETE FROM alias; DELETE FROM entity;",
            )?;
            let mut keys = Vec::with_capacity(entities.len());
            for (entity, locals) in entities {
                keys.push(self.insert_entity(entity, locals)?);
            }
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

    fn insert_entity(&self, entity: &Entity, locals: &[i64]) -> rusqlite::Result<i64> {
        self.connection
            .prepare_cached("INSERT INTO entity (id, name, kind, evidence) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![entity.id.as_str(), entity.name, entity.kind.name(), write_evidence(&entity.evidence)])?;
        let key = self.connection.last_insert_rowid();
        let mut alias = self.connection.prepare_cached(
            "INSERT INTO alias (entity, text, kind, count, folded) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET count = count + excluded.count",
        )?;
        for it in &entity.aliases {
            alias.execute(params![key, it.text, it.kind.name(), it.count as i64, match_key(&it.text)])?;
        }
        let mut own = self.connection.prepare_cached("UPDATE local_entity SET entity = ?2 WHERE key = ?1")?;
        for local in locals {
            own.execute([*local, key])?;
        }
        Ok(key)
    }

    /// Everyone who says something (or, with `silent`, is only named), most quoted first.
    pub fn entity_cards(&self, silent: bool) -> Result<Vec<EntityCard>> {
        let having = if silent { "" } else { "HAVING count(s.key) > 0" };
        let sql = format!("{CARD} GROUP BY e.key {having} ORDER BY count(s.key) DESC, e.name, e.id");
        let mut cards = self.rows(&sql, [], read_card)?;
        for card in &mut cards {
            card.entity.aliases = self.aliases(card.key)?;
        }
        Ok(cards)
    }

    /// The card of one entity.
    pub fn entity_card(&self, key: i64) -> Result<Option<EntityCard>> {
        let sql = format!("{CARD} WHERE e.key = ?1 GROUP BY e.key");
        let mut cards = self.rows(&sql, [key], read_card)?;
        for card in &mut cards {
            card.entity.aliases = self.aliases(card.key)?;
        }
        Ok(cards.pop())
    }

    fn aliases(&self, entity: i64) -> Result<Vec<Alias>> {
        self.rows(
            "SELECT text, kind, count FROM alias WHERE entity = ?1 ORDER BY count DESC, text, kind",
            [entity],
            |row| {
                let kind: String = row.get(1)?;
                Ok(Alias {
                    text: row.get(0)?,
                    kind: crate::model::AliasKind::of_name(&kind).unwrap_or(crate::model::AliasKind::Name),
                    count: row.get::<_, i64>(2)?.max(0) as usize,
                })
            },
        )
    }

    /// Key of the entity with this id.
    pub fn entity_key(&self, id: &Id) -> Result<Option<i64>> {
        self.connection
            .query_row("SELECT key FROM entity WHERE id = ?1", [id.as_str()], |row| row.get(0))
            .optional()
            .map_err(|e| self.at(e))
    }

    /// Joins that are only suggested; of one entity, or all of them. Likeliest first.
    pub fn suggestions(&self, entity: Option<i64>) -> Result<Vec<Suggestion>> {
        self.rows(
            "SELECT a.id, a.name, b.id, b.name, x.probability, x.evidence
               FROM entity_suggestion x JOIN entity a ON a.key = x.a JOIN entity b ON b.key = x.b
              WHERE ?1 IS NULL OR x.a = ?1 OR x.b = ?1
              ORDER BY x.probability DESC, a.id, b.id",
            [entity],
            |row| {
                Ok(Suggestion {
                    a: Id(row.get(0)?),
                    a_name: row.get(1)?,
                    b: Id(row.get(2)?),
                    b_name: row.get(3)?,
                    probability: row.get(4)?,
                    evidence: read_evidence(&row.get::<_, String>(5)?),
                })
            },
        )
    }
}

fn read_local(row: &Row<'_>) -> rusqlite::Result<StoredLocal> {
    let kind: String = row.get(4)?;
    Ok(StoredLocal {
        key: row.get(0)?,
        document: Id(row.get(1)?),
        ordinal: row.get::<_, i64>(2)?.max(0) as usize,
        entity: LocalEntity {
            name: row.get(3)?,
            kind: EntityKind::of_name(&kind).unwrap_or(EntityKind::Unnamed),
            roles: from_json(&row.get::<_, String>(5)?),
            aliases: from_json(&row.get::<_, String>(6)?),
            evidence: read_evidence(&row.get::<_, String>(7)?),
        },
        outlet: row.get::<_, Option<String>>(8)?.unwrap_or_default(),
        date: row.get::<_, Option<String>>(9)?.as_deref().and_then(Date::parse_iso),
    })
}

fn read_card(row: &Row<'_>) -> rusqlite::Result<EntityCard> {
    let kind: String = row.get(3)?;
    let count = |at: usize| row.get::<_, i64>(at).map(|n| n.max(0) as usize);
    Ok(EntityCard {
        key: row.get(0)?,
        entity: Entity {
            id: Id(row.get(1)?),
            name: row.get(2)?,
            kind: EntityKind::of_name(&kind).unwrap_or(EntityKind::Unnamed),
            aliases: Vec::new(),
            evidence: read_evidence(&row.get::<_, String>(4)?),
        },
        statements: count(5)?,
        documents: count(6)?,
        outlets: count(7)?,
        qid: row.get(8)?,
    })
}
