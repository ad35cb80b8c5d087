//! Entities: the local ones of each document, and the joined ones across documents.

use rusqlite::{OptionalExtension, Row};

use crate::model::{Alias, Date, Entity, EntityKind, Evidence, Id, LocalEntity};

use super::evidence::{read_evidence, read_spellings};
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
    /// The local entities of a document, in order. Of those of kinds that `whole` does not hold for only the name and kind are
    /// read.
    pub fn local_entities(&self, document: i64, whole: &dyn Fn(EntityKind) -> bool) -> Result<Vec<StoredLocal>> {
        self.rows(
            "SELECT l.key, d.id, l.ordinal, l.name, l.kind, l.roles, l.aliases, l.evidence, o.name, d.published
               FROM local_entity l JOIN document d ON d.key = l.document LEFT JOIN outlet o ON o.key = d.outlet
              WHERE l.document = ?1 ORDER BY l.ordinal",
            [document],
            |row| {
                let kind = kind_of(row.get_ref(4)?.as_str().unwrap_or_default());
                if whole(kind) { read_local(row) } else { read_name(row) }
            },
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

    /// Every entity with its spellings, without all that is counted.
    pub fn each_spelled(&self, visit: &mut dyn FnMut(i64, &[Alias])) -> Result<()> {
        let mut each = || -> rusqlite::Result<()> {
            let mut query =
                self.connection.prepare_cached("SELECT entity, text, kind, count FROM alias ORDER BY entity")?;
            let mut rows = query.query([])?;
            let (mut of, mut spelled): (i64, Vec<Alias>) = (0, Vec::new());
            while let Some(row) = rows.next()? {
                let entity = row.get(0)?;
                if entity != of && !spelled.is_empty() {
                    visit(of, &spelled);
                    spelled.clear();
                }
                of = entity;
                spelled.push(read_alias(row, 1)?);
            }
            if !spelled.is_empty() {
                visit(of, &spelled);
            }
            Ok(())
        };
        each().map_err(|e| self.at(e))
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
            |row| read_alias(row, 0),
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

fn kind_of(name: &str) -> EntityKind {
    EntityKind::of_name(name).unwrap_or(EntityKind::Unnamed)
}

/// Only who and where.
fn read_name(row: &Row<'_>) -> rusqlite::Result<StoredLocal> {
    Ok(StoredLocal {
        key: row.get(0)?,
        document: Id(row.get(1)?),
        ordinal: row.get::<_, i64>(2)?.max(0) as usize,
        entity: LocalEntity {
            name: row.get(3)?,
            kind: kind_of(&row.get::<_, String>(4)?),
            roles: Vec::new(),
            aliases: Vec::new(),
            evidence: Vec::new(),
        },
        outlet: String::new(),
        date: None,
    })
}

pub(super) fn read_local(row: &Row<'_>) -> rusqlite::Result<StoredLocal> {
    let mut local = read_name(row)?;
    local.entity.roles = from_json(&row.get::<_, String>(5)?);
    local.entity.aliases = read_spellings(&row.get::<_, String>(6)?);
    local.entity.evidence = read_evidence(&row.get::<_, String>(7)?);
    local.outlet = row.get::<_, Option<String>>(8)?.unwrap_or_default();
    local.date = row.get::<_, Option<String>>(9)?.as_deref().and_then(Date::parse_iso);
    Ok(local)
}

/// A local entity without evidence, from its columns.
pub(super) fn spelled(name: String, kind: &str, roles: &str, aliases: &str) -> LocalEntity {
    LocalEntity {
        name,
        kind: kind_of(kind),
        roles: from_json(roles),
        aliases: read_spellings(aliases),
        evidence: Vec::new(),
    }
}

/// A spelling, from this column on: text, kind, count.
fn read_alias(row: &Row<'_>, from: usize) -> rusqlite::Result<Alias> {
    let kind: String = row.get(from + 1)?;
    Ok(Alias {
        text: row.get(from)?,
        kind: crate::model::AliasKind::of_name(&kind).unwrap_or(crate::model::AliasKind::Name),
        count: row.get::<_, i64>(from + 2)?.max(0) as usize,
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
