//! Search: statements whose words fit a query, and how many documents fit outside statements.

use rusqlite::ToSql;

use crate::model::{Kind, PassageKind};

use super::{Result, Store};

/// What every list can be narrowed by. `None` and empty mean: no narrowing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Entity keys.
    pub speakers: Option<Vec<i64>>,
    /// Outlet name, compared without case.
    pub outlet: Option<String>,
    /// ISO date, inclusive.
    pub since: Option<String>,
    pub until: Option<String>,
    pub kind: Option<Kind>,
    pub min_confidence: f64,
    /// Zones that are shown; empty means all.
    pub zones: Vec<PassageKind>,
    /// Acts that are left out.
    pub without_acts: Vec<&'static str>,
}

/// A statement that fits a query.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    pub statement: i64,
    /// BM25 rank of FTS5: smaller is better.
    pub rank: f64,
}

/// How far apart the words of a phrase may stand.
const NEAR_WORDS: usize = 3;

impl Store {
    /// Statements that hold all `keys` (match keys); `near` wants them close together. Best first, then by key.
    pub fn search_statements(&self, keys: &[String], near: bool, filter: &Filter) -> Result<Vec<Hit>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut values: Vec<Box<dyn ToSql>> = vec![Box::new(fts_query(keys, near))];
        let narrowing = filter.conditions(&mut values);
        let sql = format!(
            "SELECT s.key, statement_search.rank FROM statement_search
               JOIN statement s ON s.key = statement_search.rowid LEFT JOIN document d ON d.key = s.document
               LEFT JOIN outlet o ON o.key = d.outlet LEFT JOIN local_entity l ON l.key = s.speaker
              WHERE statement_search MATCH ?1 {narrowing} ORDER BY statement_search.rank, s.id"
        );
        let values = rusqlite::params_from_iter(values);
        self.rows(&sql, values, |row| Ok(Hit { statement: row.get(0)?, rank: row.get(1)? }))
    }

    /// Statements that hold any of `keys` (match keys), at most `most`: best first, then by id. For ranking by other means;
    /// candidates of links do not come from here.
    pub fn search_any(&self, keys: &[String], most: usize, filter: &Filter) -> Result<Vec<i64>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let asked: Vec<String> = keys.iter().map(|key| format!("\"{}\"", key.replace('"', ""))).collect();
        let mut values: Vec<Box<dyn ToSql>> = vec![Box::new(asked.join(" OR ")), Box::new(most as i64)];
        let narrowing = filter.conditions(&mut values);
        let sql = format!(
            "SELECT s.key FROM statement_search
               JOIN statement s ON s.key = statement_search.rowid LEFT JOIN document d ON d.key = s.document
               LEFT JOIN outlet o ON o.key = d.outlet LEFT JOIN local_entity l ON l.key = s.speaker
              WHERE statement_search MATCH ?1 {narrowing} ORDER BY statement_search.rank, s.id LIMIT ?2"
        );
        self.rows(&sql, rusqlite::params_from_iter(values), |row| row.get(0))
    }

    /// Keys of statements that pass a filter, by date of document and place.
    pub fn filtered_statements(&self, filter: &Filter) -> Result<Vec<i64>> {
        let mut values: Vec<Box<dyn ToSql>> = Vec::new();
        let narrowing = filter.conditions(&mut values);
        let sql = format!(
            "SELECT s.key FROM statement s JOIN document d ON d.key = s.document
               LEFT JOIN outlet o ON o.key = d.outlet LEFT JOIN local_entity l ON l.key = s.speaker
              WHERE 1 {narrowing} ORDER BY coalesce(d.published, '9999'), d.id, s.ordinal"
        );
        self.rows(&sql, rusqlite::params_from_iter(values), |row| row.get(0))
    }

    /// Keys of documents whose text holds all `keys` anywhere.
    pub fn search_documents(&self, keys: &[String], near: bool) -> Result<Vec<i64>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        self.rows(
            "SELECT rowid FROM document_search WHERE document_search MATCH ?1 ORDER BY rowid",
            [fts_query(keys, near)],
            |row| row.get(0),
        )
    }

    /// Passages of a document as (start, end, kind) in code points.
    pub fn passages(&self, document: i64) -> Result<Vec<(usize, usize, PassageKind)>> {
        self.rows("SELECT start, end, kind FROM passage WHERE document = ?1 ORDER BY start", [document], |row| {
            let kind: String = row.get(2)?;
            let (start, end): (i64, i64) = (row.get(0)?, row.get(1)?);
            let kind = PassageKind::of_name(&kind).unwrap_or(PassageKind::Body);
            Ok((start.max(0) as usize, end.max(0) as usize, kind))
        })
    }
}

impl Filter {
    /// SQL conditions for this filter; pushes their values.
    fn conditions(&self, values: &mut Vec<Box<dyn ToSql>>) -> String {
        let mut sql = String::new();
        let mut add = |condition: &str, value: Box<dyn ToSql>| {
            values.push(value);
            sql.push_str(&format!(" AND {} ", condition.replace("{}", &format!("?{}", values.len()))));
        };
        if let Some(outlet) = &self.outlet {
            add("o.name = {} COLLATE NOCASE", Box::new(outlet.clone()));
        }
        if let Some(since) = &self.since {
            add("d.published >= {}", Box::new(since.clone()));
        }
        if let Some(until) = &self.until {
            // A day includes its hours: "2023-05-31T14:05Z" is on 2023-05-31.
            add("substr(d.published, 1, length({})) <= {}", Box::new(until.clone()));
        }
        if let Some(kind) = self.kind {
            add("s.kind = {}", Box::new(kind.name()));
        }
        if self.min_confidence > 0.0 {
            add("s.confidence >= {}", Box::new(self.min_confidence));
        }
        if !self.zones.is_empty() {
            let names: Vec<&str> = self.zones.iter().map(|zone| zone.name()).collect();
            add("s.zone IN (SELECT value FROM json_each({}))", Box::new(super::to_json(&names)));
        }
        if !self.without_acts.is_empty() {
            add("s.act NOT IN (SELECT value FROM json_each({}))", Box::new(super::to_json(&self.without_acts)));
        }
        if let Some(speakers) = &self.speakers {
            add("l.entity IN (SELECT value FROM json_each({}))", Box::new(super::to_json(speakers)));
        }
        sql
    }
}

/// An FTS5 query of quoted tokens only: nothing a user types is ever FTS syntax.
fn fts_query(keys: &[String], near: bool) -> String {
    let quoted: Vec<String> = keys.iter().map(|key| format!("\"{}\"", key.replace('"', "\"\""))).collect();
    if near && quoted.len() > 1 {
        format!("NEAR({}, {})", quoted.join(" "), NEAR_WORDS * (quoted.len() - 1))
    } else {
        quoted.join(" AND ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_quoted_tokens() {
        let keys: Vec<String> = ["air", "NEAR(", "\"x"].iter().map(|key| key.to_string()).collect();
        assert_eq!(fts_query(&keys, false), "\"air\" AND \"NEAR(\" AND \"\"\"x\"");
        assert_eq!(fts_query(&keys[..1], true), "\"air\"");
    }

    proptest::proptest! {
        /// Whatever the words are, the query is one that FTS5 understands, and a word finds the row that holds it.
        #[test]
        fn any_words_make_a_query(keys in proptest::collection::vec(proptest::prelude::any::<String>(), 0..5), near: bool) {
            let store = Store::in_memory().unwrap();
            store
                .connection
                .execute("INSERT INTO document_search (rowid, folded) VALUES (7, ?1)", [keys.join(" ").replace('\0', " ")])
                .unwrap();
            let found = store.search_documents(&keys, near);
            proptest::prop_assert!(found.is_ok(), "{found:?}");
            let plain = keys.iter().all(|key| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric()));
            if plain && !keys.is_empty() && !near {
                proptest::prop_assert_eq!(found.unwrap(), [7]);
            }
            proptest::prop_assert!(store.search_statements(&keys, near, &Filter::default()).is_ok());
        }

        #[test]
        fn any_outlet_and_date_make_a_filter(outlet: String, since: String, until: String) {
            let store = Store::in_memory().unwrap();
            let filter =
                Filter { outlet: Some(outlet), since: Some(since), until: Some(until), ..Filter::default() };
            proptest::prop_assert!(store.filtered_statements(&filter).is_ok());
        }
    }

    #[test]
    fn every_filter_makes_valid_sql() {
        let store = Store::in_memory().unwrap();
        let filter = Filter {
            speakers: Some(vec![1]),
            outlet: Some("x'y".into()),
            since: Some("2023".into()),
            until: Some("2024".into()),
            kind: Some(Kind::Direct),
            min_confidence: 0.5,
            zones: vec![PassageKind::Body],
            without_acts: vec!["thought"],
        };
        assert!(store.filtered_statements(&filter).unwrap().is_empty());
        assert!(store.search_statements(&["air".into()], true, &filter).unwrap().is_empty());
    }
}
