//! Statements as linking needs them: a whole document in a few queries, without evidence.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use rusqlite::OptionalExtension;

use crate::model::{Act, Attribution, Date, Embedding, EntityKind, Extractor, Id, Kind, LocalEntity};
use crate::text::{CodePoints, Span};

use super::evidence::read_spellings;
use super::{Result, Store, from_json};

/// A document with the statements in it that were asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Worded {
    pub id: Id,
    pub text: String,
    pub language: String,
    pub outlet: String,
    pub published: Option<Date>,
    pub statements: Vec<WordedStatement>,
}

/// A statement without what linking does not look at.
#[derive(Clone, Debug, PartialEq)]
pub struct WordedStatement {
    pub key: i64,
    pub id: Id,
    /// Spans, kind, act, negation, day of saying; nothing else is filled in.
    pub attribution: Attribution,
    /// The speaker, without evidence.
    pub speaker: Option<LocalEntity>,
    pub embedding: Option<Embedding>,
}

impl Store {
    /// Keys of all statements that links may be made for, with their documents, in order.
    pub fn linkable(&self) -> Result<Vec<(i64, i64)>> {
        self.rows(
            "SELECT key, document FROM statement WHERE zone NOT IN ('caption', 'boilerplate') AND repeat_of IS NULL
              ORDER BY key",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
    }

    /// The document of a statement.
    pub fn document_of(&self, statement: i64) -> Result<Option<i64>> {
        self.connection
            .prepare_cached("SELECT document FROM statement WHERE key = ?1")
            .and_then(|mut query| query.query_row([statement], |row| row.get(0)).optional())
            .map_err(|e| self.at(e))
    }

    /// The row keys of the statements of a statement's document. They were stored in one go, so nobody else's lie between.
    pub fn statements_beside(&self, statement: i64) -> Result<RangeInclusive<i64>> {
        let found = self.rows(
            "SELECT min(key), max(key) FROM statement WHERE repeat_of IS NULL
                AND document = (SELECT document FROM statement WHERE key = ?1)",
            [statement],
            |row| Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?)),
        )?;
        let ends = found.first().and_then(|(first, last)| first.zip(*last));
        Ok(ends.map_or(0..=0, |(first, last)| first..=last))
    }

    /// A document with those of its statements that `wanted` holds for, in order of their keys.
    pub fn worded(&self, document: i64, wanted: &dyn Fn(i64) -> bool) -> Result<Option<Worded>> {
        let header = self.rows(
            "SELECT d.id, d.text, d.language, d.published, o.name FROM document d LEFT JOIN outlet o ON o.key = d.outlet
              WHERE d.key = ?1",
            [document],
            |row| {
                let text = |at: usize| row.get::<_, Option<String>>(at).map(Option::unwrap_or_default);
                Ok(Worded {
                    id: Id(text(0)?),
                    text: text(1)?,
                    language: text(2)?,
                    published: Date::parse_iso(&text(3)?),
                    outlet: text(4)?,
                    statements: Vec::new(),
                })
            },
        )?;
        let Some(mut found) = header.into_iter().next() else { return Ok(None) };
        let rows = self.rows(
            "SELECT key, id, kind, act, negated, said_on, speaker FROM statement WHERE document = ?1 ORDER BY key",
            [document],
            |row| {
                let key: i64 = row.get(0)?;
                if !wanted(key) {
                    return Ok(None);
                }
                let text = |at: usize| row.get::<_, String>(at);
                let mut it = Attribution::new(Extractor::default(), Vec::new(), Vec::new(), Vec::new());
                it.kind = Kind::of_name(&text(2)?).unwrap_or(Kind::Indirect);
                it.act = Act::of_name(&text(3)?).unwrap_or(Act::Statement);
                it.negated = row.get(4)?;
                it.said_on = row.get::<_, Option<String>>(5)?.as_deref().and_then(Date::parse_iso);
                let local: Option<i64> = row.get(6)?;
                Ok(Some((
                    WordedStatement { key, id: Id(text(1)?), attribution: it, speaker: None, embedding: None },
                    local,
                )))
            },
        )?;
        let speakers: BTreeSet<i64> = rows.iter().flatten().filter_map(|(_, local)| *local).collect();
        let locals = self.speaker_names(document, &speakers)?;
        let points = CodePoints::new(&found.text);
        let mut place: BTreeMap<i64, usize> = BTreeMap::new();
        for (mut statement, local) in rows.into_iter().flatten() {
            statement.speaker = local.and_then(|key| locals.get(&key)).cloned();
            place.insert(statement.key, found.statements.len());
            found.statements.push(statement);
        }
        self.fill_words(&place, &points, &mut found.statements)?;
        Ok(Some(found))
    }

    fn fill_words(
        &self,
        place: &BTreeMap<i64, usize>,
        points: &CodePoints,
        statements: &mut [WordedStatement],
    ) -> Result<()> {
        for (&statement, &at) in place {
            let spans: Vec<(bool, i64, i64)> = self.rows(
                "SELECT role = 'cue', start, end FROM statement_span WHERE statement = ?1 AND role IN ('cue', 'content')
                  ORDER BY role, ordinal",
                [statement],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )?;
            let it = &mut statements[at].attribution;
            for (is_cue, start, end) in spans {
                let span: Span = points.to_span(start.max(0) as usize, end.max(0) as usize);
                if is_cue { it.cue.push(span) } else { it.content.push(span) }
            }
        }
        for (&statement, &at) in place {
            let vector: Vec<Vec<u8>> =
                self.rows("SELECT vector FROM statement_embedding WHERE statement = ?1", [statement], |row| {
                    row.get(0)
                })?;
            statements[at].embedding =
                vector.into_iter().next().map(|it| Embedding(it.into_iter().map(|byte| byte as i8).collect()));
        }
        Ok(())
    }

    /// Names, roles and aliases of those of a document's local entities that are wanted, by key.
    fn speaker_names(&self, document: i64, wanted: &BTreeSet<i64>) -> Result<BTreeMap<i64, LocalEntity>> {
        let rows = self.rows(
            "SELECT key, name, kind, roles, aliases FROM local_entity WHERE document = ?1",
            [document],
            |row| {
                let key: i64 = row.get(0)?;
                if !wanted.contains(&key) {
                    return Ok(None);
                }
                let kind: String = row.get(2)?;
                let entity = LocalEntity {
                    name: row.get(1)?,
                    kind: EntityKind::of_name(&kind).unwrap_or(EntityKind::Unnamed),
                    roles: from_json(&row.get::<_, String>(3)?),
                    aliases: read_spellings(&row.get::<_, String>(4)?),
                    evidence: Vec::new(),
                };
                Ok(Some((key, entity)))
            },
        )?;
        Ok(rows.into_iter().flatten().collect())
    }
}
