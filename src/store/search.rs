//! Search: statements whose words fit a query, and how many documents fit outside statements.

use rusqlite::ToSql;

use crate::model::{Act, Kind, PassageKind};

use super::{Result, Store};

/// What every list can be narrowed by. `None` and empty mean: no narrowing.
#[derive(Clone, Debug, Default, PartialEq)]
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

/// Statements that fit a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hits {
    /// Row keys, best first.
    pub best: Vec<i64>,
    /// How many more fit.
    pub left_out: usize,
    /// Too many fit to say which are the best.
    pub unranked: bool,
}

/// More statements than this are not ranked: words so common fit all of them about equally.
const RANKED: usize = 5_000;

/// What answers leave out unless asked for it, as the partial index `statement_aside` has it.
const ASIDE: &str = "zone IN ('caption', 'boilerplate') OR act = 'thought'";

/// Where statements are searched; joins that no condition needs cost nothing.
const SEARCHED: &str = "FROM statement_search
               JOIN statement s ON s.key = statement_search.rowid LEFT JOIN document d ON d.key = s.document
               LEFT JOIN outlet o ON o.key = d.outlet LEFT JOIN local_entity l ON l.key = s.speaker";

/// How far apart the words of a phrase may stand.
const NEAR_WORDS: usize = 3;

impl Store {
    /// The best `most` statements that hold all `keys` (match keys); `near` wants them close together. By BM25 rank, then id;
    /// where more than `RANKED` hold them, ranks would say little and cost much, and the first by id stand for all.
    pub fn search_statements(&self, keys: &[String], near: bool, filter: &Filter, most: usize) -> Result<Hits> {
        self.search_ranked_up_to(RANKED, keys, near, filter, most)
    }

    fn search_ranked_up_to(
        &self,
        ranked: usize,
        keys: &[String],
        near: bool,
        filter: &Filter,
        most: usize,
    ) -> Result<Hits> {
        if keys.is_empty() {
            return Ok(Hits::default());
        }
        let query = fts_query(keys, near);
        let many = "SELECT rowid FROM statement_search WHERE statement_search MATCH ?1 LIMIT 1 OFFSET ?2";
        let is_many = !self.rows(many, rusqlite::params![query, ranked as i64], |_| Ok(()))?.is_empty();
        if is_many { self.unranked(query, filter, most) } else { self.ranked(query, filter, most) }
    }

    fn ranked(&self, query: String, filter: &Filter, most: usize) -> Result<Hits> {
        let read = |row: &rusqlite::Row<'_>| -> rusqlite::Result<(f64, i64)> { Ok((row.get(1)?, row.get(0)?)) };
        let mut found: Vec<(f64, i64)> = if filter.is_usual() {
            let sql = "SELECT rowid, rank FROM statement_search WHERE statement_search MATCH ?1";
            let mut all = self.rows(sql, [query], read)?;
            self.leave_out_aside(&mut all, |it| it.1)?;
            all
        } else {
            let mut values: Vec<Box<dyn ToSql>> = vec![Box::new(query)];
            let narrowing = filter.conditions(&mut values);
            let sql =
                format!("SELECT s.key, statement_search.rank {SEARCHED} WHERE statement_search MATCH ?1 {narrowing}");
            self.rows(&sql, rusqlite::params_from_iter(values), read)?
        };
        let left_out = found.len().saturating_sub(most);
        found.sort_unstable_by(|x, y| x.0.total_cmp(&y.0));
        // Of those that rank equal with the last one, ids decide; nobody else's is read.
        let ties = found.get(most).map_or(0, |next| found.iter().skip(most).take_while(|it| it.0 == next.0).count());
        found.truncate(most.saturating_add(ties));
        let mut best = Vec::with_capacity(found.len());
        for (rank, key) in found {
            best.push((rank, self.id_of_statement(key)?, key));
        }
        best.sort_by(|x, y| x.0.total_cmp(&y.0).then_with(|| x.1.cmp(&y.1)));
        best.truncate(most);
        Ok(Hits { best: best.into_iter().map(|(.., key)| key).collect(), left_out, unranked: false })
    }

    fn unranked(&self, query: String, filter: &Filter, most: usize) -> Result<Hits> {
        let mut found: Vec<i64> = if filter.is_usual() {
            let sql = "SELECT rowid FROM statement_search WHERE statement_search MATCH ?1";
            let mut all: Vec<i64> = self.rows(sql, [query], |row| row.get(0))?;
            self.leave_out_aside(&mut all, |key| *key)?;
            all
        } else {
            let mut values: Vec<Box<dyn ToSql>> = vec![Box::new(query)];
            let narrowing = filter.conditions(&mut values);
            let sql = format!("SELECT s.key {SEARCHED} WHERE statement_search MATCH ?1 {narrowing}");
            self.rows(&sql, rusqlite::params_from_iter(values), |row| row.get(0))?
        };
        found.sort_unstable();
        let best = self.first_by_id("statement", &found, most)?;
        Ok(Hits { left_out: found.len() - best.len(), best, unranked: true })
    }

    /// Takes out statements that answers leave out: few are looked up, many are held against the whole list of them.
    fn leave_out_aside<T>(&self, found: &mut Vec<T>, key: impl Fn(&T) -> i64) -> Result<()> {
        const FEW: usize = 400;
        if found.len() > FEW {
            let sql = format!("SELECT key FROM statement WHERE {ASIDE}");
            let mut aside: Vec<i64> = self.rows(&sql, [], |row| row.get(0))?;
            aside.sort_unstable();
            found.retain(|it| aside.binary_search(&key(it)).is_err());
            return Ok(());
        }
        let sql = format!("SELECT EXISTS (SELECT 1 FROM statement WHERE key = ?1 AND ({ASIDE}))");
        let look = || -> rusqlite::Result<Vec<bool>> {
            let mut query = self.connection.prepare_cached(&sql)?;
            found.iter().map(|it| query.query_row([key(it)], |row| row.get(0))).collect()
        };
        let mut aside = look().map_err(|e| self.at(e))?.into_iter();
        found.retain(|_| !aside.next().unwrap_or(false));
        Ok(())
    }

    /// Of rows of a table (sorted keys) the first `most` by id: the same in whatever order they came.
    fn first_by_id(&self, table: &str, keys: &[i64], most: usize) -> Result<Vec<i64>> {
        let most = most.min(keys.len());
        let find = || -> rusqlite::Result<Vec<i64>> {
            let mut first = Vec::with_capacity(most);
            let mut query = self.connection.prepare_cached(&format!("SELECT key FROM {table} ORDER BY id"))?;
            let mut rows = query.query([])?;
            while first.len() < most {
                let Some(row) = rows.next()? else { break };
                let key: i64 = row.get(0)?;
                if keys.binary_search(&key).is_ok() {
                    first.push(key);
                }
            }
            Ok(first)
        };
        find().map_err(|e| self.at(e))
    }

    /// Documents in whose words these match keys stand next to each other, by key.
    pub fn documents_with_phrase(&self, keys: &str) -> Result<Vec<i64>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let phrase = format!("\"{}\"", keys.replace(['"', '\0'], " "));
        let sql = "SELECT rowid FROM document_search WHERE document_search MATCH ?1 ORDER BY rowid";
        self.rows(sql, [phrase], |row| row.get(0))
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
            "SELECT s.key {SEARCHED} WHERE statement_search MATCH ?1 {narrowing} ORDER BY statement_search.rank, s.id LIMIT ?2"
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

    /// Keys of documents whose text holds all `keys` anywhere: all of them or the first `most` by id, and how many more.
    pub fn search_documents(&self, keys: &[String], near: bool, most: usize) -> Result<(Vec<i64>, usize)> {
        if keys.is_empty() {
            return Ok((Vec::new(), 0));
        }
        let found: Vec<i64> = self.rows(
            "SELECT rowid FROM document_search WHERE document_search MATCH ?1 ORDER BY rowid",
            [fts_query(keys, near)],
            |row| row.get(0),
        )?;
        if found.len() <= most {
            return Ok((found, 0));
        }
        let first = self.first_by_id("document", &found, most)?;
        let left_out = found.len() - first.len();
        Ok((first, left_out))
    }

    /// Where the contents of a document's statements stand, those that answers leave out not among them: (start, end) in code points.
    pub fn contents(&self, document: i64) -> Result<Vec<(usize, usize)>> {
        let sql = format!(
            "SELECT x.start, x.end FROM statement s JOIN statement_span x ON x.statement = s.key AND x.role = 'content'
              WHERE s.document = ?1 AND NOT ({ASIDE}) ORDER BY x.start, x.end"
        );
        self.rows(&sql, [document], |row| {
            let (start, end): (i64, i64) = (row.get(0)?, row.get(1)?);
            Ok((start.max(0) as usize, end.max(0) as usize))
        })
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
    /// What answers show where nothing is narrowed: all but captions, boilerplate and thoughts.
    pub fn usual() -> Filter {
        Filter {
            zones: vec![PassageKind::Body, PassageKind::Headline],
            without_acts: vec![Act::Thought.name()],
            ..Filter::default()
        }
    }

    fn is_usual(&self) -> bool {
        *self == Filter::usual()
    }

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
            let found = store.search_documents(&keys, near, 7).map(|(found, _)| found);
            proptest::prop_assert!(found.is_ok(), "{found:?}");
            let plain = keys.iter().all(|key| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric()));
            if plain && !keys.is_empty() && !near {
                proptest::prop_assert_eq!(found.unwrap(), [7]);
            }
            proptest::prop_assert!(store.search_statements(&keys, near, &Filter::default(), 7).is_ok());
        }

        #[test]
        fn any_outlet_and_date_make_a_filter(outlet: String, since: String, until: String) {
            let store = Store::in_memory().unwrap();
            let filter =
                Filter { outlet: Some(outlet), since: Some(since), until: Some(until), ..Filter::default() };
            proptest::prop_assert!(store.filtered_statements(&filter).is_ok());
        }
    }

    /// A store of five statements with the word, of which one is a thought and one stands in a caption; keys in reverse order of ids.
    fn five_statements() -> Store {
        let store = Store::in_memory().unwrap();
        let sql = "INSERT INTO run (key, version, options) VALUES (1, 'x', 'x');
             INSERT INTO document (key, id, sha256, text, format) VALUES (1, 'd1', 'x', 'x', 'text');
             WITH n(key, zone, act) AS (VALUES (1, 'body', 'statement'), (2, 'caption', 'statement'), (3, 'body', 'thought'),
                                               (4, 'headline', 'denial'), (5, 'body', 'statement'))
             INSERT INTO statement (key, id, document, ordinal, kind, act, negated, marks_lost, zone, confidence, extractor, evidence,
                                    speaker_evidence, run)
               SELECT key, 's' || (9 - key), 1, key, 'direct', act, 0, 0, zone, 0.9, 'rules', '[]', '[]', 1 FROM n;
             INSERT INTO statement_search (rowid, folded) SELECT key, 'ferry' FROM statement;";
        store.connection.execute_batch(sql).unwrap();
        store
    }

    #[test]
    fn common_words_are_not_ranked_but_narrowed_alike() {
        let (store, ferry) = (five_statements(), ["ferry".to_string()]);
        let search = |ranked: usize, filter: &Filter, most: usize| {
            store.search_ranked_up_to(ranked, &ferry, false, filter, most).unwrap()
        };
        let others = Filter { kind: Some(Kind::Direct), ..Filter::usual() };
        for filter in [Filter::usual(), others, Filter::default()] {
            for most in [1, 2, 9] {
                let (ranked, unranked) = (search(5, &filter, most), search(4, &filter, most));
                assert!(!ranked.unranked && unranked.unranked);
                // All rank alike here, so that ids decide either way.
                assert_eq!((ranked.best, ranked.left_out), (unranked.best, unranked.left_out), "{filter:?}");
            }
        }
        assert_eq!(search(4, &Filter::usual(), 2), Hits { best: vec![5, 4], left_out: 1, unranked: true });
    }

    #[test]
    fn what_is_left_out_is_found_by_its_index() {
        let store = five_statements();
        let sql = format!("EXPLAIN QUERY PLAN SELECT key FROM statement WHERE {ASIDE}");
        let plan: Vec<String> = store.rows(&sql, [], |row| row.get(3)).unwrap();
        assert!(plan.iter().any(|step| step.contains("statement_aside")), "{plan:?}");
        assert_eq!(store.contents(1).unwrap(), []);
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
        assert!(store.search_statements(&["air".into()], true, &filter, 7).unwrap().best.is_empty());
    }
}
