//! Statements as linking needs them: a whole document in a few queries, without evidence.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::RangeInclusive;

use rusqlite::OptionalExtension;

use crate::model::{Act, Attribution, Date, Embedding, Extractor, Id, Kind, LocalEntity};
use crate::text::{CodePoints, Span};

use super::entities::spelled;
use super::{Result, Store};

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

    /// A document with those of its statements that are wanted, in the order of their keys.
    pub fn worded(&self, document: i64, wanted: &[i64]) -> Result<Option<Worded>> {
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
        let points = CodePoints::new(&found.text);
        let mut speakers: BTreeMap<i64, Option<LocalEntity>> = BTreeMap::new();
        for &key in wanted {
            let Some((mut statement, local)) = self.wordless(document, key)? else { continue };
            if let Some(local) = local {
                if let Entry::Vacant(unread) = speakers.entry(local) {
                    unread.insert(self.speaker_names(document, local)?);
                }
                statement.speaker = speakers.get(&local).cloned().flatten();
            }
            self.fill_words(&points, &mut statement)?;
            found.statements.push(statement);
        }
        Ok(Some(found))
    }

    /// A statement of a document before its words are read, and its speaker's key.
    fn wordless(&self, document: i64, key: i64) -> Result<Option<(WordedStatement, Option<i64>)>> {
        let found = self.rows(
            "SELECT id, kind, act, negated, said_on, speaker,
                    (SELECT vector FROM statement_embedding e WHERE e.statement = s.key)
               FROM statement s WHERE key = ?1 AND document = ?2",
            [key, document],
            |row| {
                let text = |at: usize| row.get::<_, String>(at);
                let mut it = Attribution::new(Extractor::default(), Vec::new(), Vec::new(), Vec::new());
                it.kind = Kind::of_name(&text(1)?).unwrap_or(Kind::Indirect);
                it.act = Act::of_name(&text(2)?).unwrap_or(Act::Statement);
                it.negated = row.get(3)?;
                it.said_on = row.get::<_, Option<String>>(4)?.as_deref().and_then(Date::parse_iso);
                let vector: Option<Vec<u8>> = row.get(6)?;
                let embedding = vector.map(|it| Embedding(it.into_iter().map(|byte| byte as i8).collect()));
                let statement = WordedStatement { key, id: Id(text(0)?), attribution: it, speaker: None, embedding };
                Ok((statement, row.get(5)?))
            },
        )?;
        Ok(found.into_iter().next())
    }

    fn fill_words(&self, points: &CodePoints, statement: &mut WordedStatement) -> Result<()> {
        let spans: Vec<(bool, i64, i64)> = self.rows(
            "SELECT role = 'cue', start, end FROM statement_span WHERE statement = ?1 AND role IN ('cue', 'content')
              ORDER BY role, ordinal",
            [statement.key],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let it = &mut statement.attribution;
        for (is_cue, start, end) in spans {
            let span: Span = points.to_span(start.max(0) as usize, end.max(0) as usize);
            if is_cue { it.cue.push(span) } else { it.content.push(span) }
        }
        Ok(())
    }

    /// Name, roles and aliases of a local entity of a document.
    fn speaker_names(&self, document: i64, local: i64) -> Result<Option<LocalEntity>> {
        let found = self.rows(
            "SELECT name, kind, roles, aliases FROM local_entity WHERE key = ?1 AND document = ?2",
            [local, document],
            |row| {
                let text = |at: usize| row.get::<_, String>(at);
                Ok(spelled(text(0)?, &text(1)?, &text(2)?, &text(3)?))
            },
        )?;
        Ok(found.into_iter().next())
    }
}
