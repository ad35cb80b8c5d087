//! Statements as graphs need them: all of them in two passes over the tables, without evidence.

use rusqlite::Params;

use crate::model::{Date, Id, Kind};

use super::{Result, Store};

/// A statement of the same claim as one of a document, in another document.
#[derive(Clone, Debug, PartialEq)]
pub struct Fellow {
    pub id: Id,
    pub claim: Id,
    pub document: Id,
    /// The document's outlet (empty where unknown) and date.
    pub outlet: String,
    pub published: Option<Date>,
}

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
    pub claim: Option<Id>,
    pub source: Vec<(usize, usize)>,
    pub cue: Vec<(usize, usize)>,
    pub content: Vec<(usize, usize)>,
    pub chain: Vec<(usize, usize)>,
}

impl Store {
    /// Every statement that does not stand in a caption or in boilerplate, in order of row keys.
    pub fn told(&self) -> Result<Vec<Told>> {
        self.told_where("1", "1", [])
    }

    /// Those of one document.
    pub fn told_in(&self, document: i64) -> Result<Vec<Told>> {
        let own = "statement IN (SELECT key FROM statement WHERE document = ?1)";
        self.told_where("s.document = ?1", own, [document])
    }

    /// Statements of other documents in the claims of one; those in captions and boilerplate, and what repeats without a source,
    /// are left out on both sides.
    pub fn fellows(&self, document: i64) -> Result<Vec<Fellow>> {
        self.rows(
            "SELECT x.id, c.id, d.id, coalesce(o.name, ''), d.published
               FROM (SELECT DISTINCT claim FROM statement WHERE document = ?1 AND claim IS NOT NULL AND repeat_of IS NULL
                        AND zone NOT IN ('caption', 'boilerplate')) own
               JOIN claim c ON c.key = own.claim JOIN statement x ON x.claim = own.claim JOIN document d ON d.key = x.document
               LEFT JOIN outlet o ON o.key = d.outlet
              WHERE x.document <> ?1 AND x.repeat_of IS NULL AND x.zone NOT IN ('caption', 'boilerplate') ORDER BY x.id",
            [document],
            |row| {
                Ok(Fellow {
                    id: Id(row.get(0)?),
                    claim: Id(row.get(1)?),
                    document: Id(row.get(2)?),
                    outlet: row.get(3)?,
                    published: row.get::<_, Option<String>>(4)?.as_deref().and_then(Date::parse_iso),
                })
            },
        )
    }

    /// Conditions on statements (`s`) and on their spans; both take the same values.
    fn told_where(&self, statements: &str, spans: &str, values: impl Params + Clone) -> Result<Vec<Told>> {
        let sql = format!(
            "SELECT s.key, s.id, s.document, e.id, coalesce(e.name, l.name), s.kind, s.marks_lost, r.id, c.id
               FROM statement s LEFT JOIN statement r ON r.key = s.repeat_of
               LEFT JOIN local_entity l ON l.key = s.speaker LEFT JOIN entity e ON e.key = l.entity
               LEFT JOIN claim c ON c.key = s.claim
              WHERE {statements} AND s.zone NOT IN ('caption', 'boilerplate') ORDER BY s.key"
        );
        let mut found: Vec<Told> = self.rows(&sql, values.clone(), |row| {
            Ok(Told {
                key: row.get(0)?,
                id: Id(row.get(1)?),
                document: row.get(2)?,
                speaker: row.get::<_, Option<String>>(3)?.map(Id),
                speaker_name: row.get(4)?,
                kind: Kind::of_name(&row.get::<_, String>(5)?).unwrap_or(Kind::Indirect),
                marks_lost: row.get(6)?,
                repeat_of: row.get::<_, Option<String>>(7)?.map(Id),
                claim: row.get::<_, Option<String>>(8)?.map(Id),
                source: Vec::new(),
                cue: Vec::new(),
                content: Vec::new(),
                chain: Vec::new(),
            })
        })?;
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
        self.each_span(spans, values, place)?;
        Ok(found)
    }

    /// Hands over the spans that a condition holds for, by statement, role and place.
    fn each_span(
        &self,
        condition: &str,
        values: impl Params,
        mut place: impl FnMut(i64, &str, (usize, usize)),
    ) -> Result<()> {
        let read = || -> rusqlite::Result<()> {
            let sql = format!(
                "SELECT statement, role, start, end FROM statement_span WHERE {condition} ORDER BY statement, role, ordinal"
            );
            let mut query = self.connection.prepare_cached(&sql)?;
            let mut rows = query.query(values)?;
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
