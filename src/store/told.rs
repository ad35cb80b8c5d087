//! Statements as graphs need them: all of them in two passes over the tables, without evidence.

use crate::model::{Id, Kind};

use super::{Result, Store};

/// A statement of the story or its headline; spans as (start, end) in code points of its document's text.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub key: i64,
    pub id: Id,
    pub document: i64,
    pub speaker: Option<Id>,
    pub speaker_name: Option<String>,
    pub kind: Kind,
    pub marks_lost: bool,
    pub repeat_of: Option<Id>,
    pub source: Vec<(usize, usize)>,
    pub cue: Vec<(usize, usize)>,
    pub content: Vec<(usize, usize)>,
    pub chain: Vec<(usize, usize)>,
}

impl Store {
    /// Every statement that does not stand in a caption or in boilerplate, in order of row keys.
    pub fn told(&self) -> Result<Vec<Told>> {
        let mut found: Vec<Told> = self.rows(
            "SELECT s.key, s.id, s.document, e.id, coalesce(e.name, l.name), s.kind, s.marks_lost, r.id
               FROM statement s LEFT JOIN statement r ON r.key = s.repeat_of
               LEFT JOIN local_entity l ON l.key = s.speaker LEFT JOIN entity e ON e.key = l.entity
              WHERE s.zone NOT IN ('caption', 'boilerplate') ORDER BY s.key",
            [],
            |row| {
                Ok(Told {
                    key: row.get(0)?,
                    id: Id(row.get(1)?),
                    document: row.get(2)?,
                    speaker: row.get::<_, Option<String>>(3)?.map(Id),
                    speaker_name: row.get(4)?,
                    kind: Kind::of_name(&row.get::<_, String>(5)?).unwrap_or(Kind::Indirect),
                    marks_lost: row.get(6)?,
                    repeat_of: row.get::<_, Option<String>>(7)?.map(Id),
                    source: Vec::new(),
                    cue: Vec::new(),
                    content: Vec::new(),
                    chain: Vec::new(),
                })
            },
        )?;
        let mut at = 0;
        let place = |statement: i64, role: &str, span: (usize, usize)| {
            while found.get(at).is_some_and(|told| told.key < statement) {
                at += 1;
            }
            let Some(told) = found.get_mut(at).filter(|told| told.key == statement) else { return };
            match role {
                "source" => told.source.push(span),
                "cue" => told.cue.push(span),
                "content" => told.content.push(span),
                "chain" => told.chain.push(span),
                _ => {}
            }
        };
        self.each_span(place)?;
        Ok(found)
    }

    /// Hands over every span of every statement, by statement, role and place.
    fn each_span(&self, mut place: impl FnMut(i64, &str, (usize, usize))) -> Result<()> {
        let mut read = || -> rusqlite::Result<()> {
            let sql = "SELECT statement, role, start, end FROM statement_span ORDER BY statement, role, ordinal";
            let mut query = self.connection.prepare_cached(sql)?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                let (start, end): (i64, i64) = (row.get(2)?, row.get(3)?);
                let role = row.get_ref(1)?.as_str().unwrap_or_default();
                place(row.get(0)?, role, (start.max(0) as usize, end.max(0) as usize));
            }
            Ok(())
        };
        read().map_err(|e| self.at(e))
    }
}
