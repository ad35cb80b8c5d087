//! Verification: is the store what the program wrote? Every text against its hash, every row against its digest, every
//! span against its text, every id against what it is made from, and the file against SQLite's own checks.
//!
//! Reads only. Damage never stops it: what cannot be read is a finding, and the next thing is looked at.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rusqlite::{Connection, OpenFlags};

use crate::model::{Id, IdKind, Outlet};
use crate::text::CodePoints;

use super::Store;
use super::digest::{self, Digest};
use super::statements::statement_id;

/// The checks in the order they are made: name, and what it looks at.
pub const CHECKS: &[(&str, &str)] = &[
    ("file", "pages, records and indices of the SQLite file"),
    ("schema", "tables, views and triggers are those of this program"),
    ("references", "every row that points at another finds it"),
    ("search", "the search indices hold the words of the statements"),
    ("documents", "every text has its hash and its id; every document row has its digest"),
    ("statements", "spans lie in their text, ids follow from them; every derived row has its digest"),
    ("links", "links, claims, speakers, lineage have their digests"),
    ("decisions", "decisions have their ids and their digest"),
];

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A name of `CHECKS`.
    pub check: &'static str,
    /// Which row: a public id, or a table.
    pub row: String,
    pub what: String,
    /// Ground is damaged: no rebuild brings it back.
    pub ground: bool,
}

/// What a verification saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    pub documents: usize,
    pub statements: usize,
    pub spans: usize,
    pub links: usize,
    /// Documents that are not joined with the others yet: the digests of links and claims wait with them.
    pub pending: usize,
    /// The words of the search indices were compared (a file that only can be read does not allow it).
    pub search_compared: bool,
    pub findings: Vec<Finding>,
}

/// Most findings that one check lists; the rest is counted.
const MOST: usize = 100;

/// The schema of a new store of this version. `None` where there is no memory to make one.
static KNOWN_SCHEMA: LazyLock<Option<Vec<(String, String)>>> =
    LazyLock::new(|| Store::in_memory().ok().and_then(|fresh| fresh.schema().ok()));

impl Verification {
    fn add(&mut self, check: &'static str, ground: bool, row: impl Into<String>, what: impl Into<String>) {
        self.findings.push(Finding { check, row: row.into(), what: what.into(), ground });
    }

    /// The value, or a finding about what could not be read.
    fn read<T>(&mut self, check: &'static str, row: &str, outcome: rusqlite::Result<T>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(e) => {
                self.add(check, check != "links", row, format!("cannot be read: {e}"));
                None
            }
        }
    }
}

impl Store {
    /// Looks at everything. `at` is told how many documents of how many are done.
    pub fn verify(&self, at: &dyn Fn(usize, usize)) -> Verification {
        let mut seen = Verification::default();
        self.verify_file(&mut seen);
        self.verify_schema(&mut seen);
        self.verify_references(&mut seen);
        self.verify_search(&mut seen);
        self.verify_documents(&mut seen, at);
        self.verify_tables(&mut seen);
        self.verify_names(&mut seen);
        shortened(seen)
    }

    fn verify_file(&self, seen: &mut Verification) {
        let found = self.list("PRAGMA integrity_check(100)", |row| row.get::<_, String>(0));
        for line in seen.read("file", "the file", found).unwrap_or_default() {
            if line != "ok" {
                seen.add("file", true, "the file", line);
            }
        }
    }

    fn verify_schema(&self, seen: &mut Verification) {
        let Some(found) = seen.read("schema", "the schema", self.schema()) else { return };
        let Some(known) = KNOWN_SCHEMA.as_ref() else {
            seen.add("schema", true, "the schema", "could not be compared with that of a new store");
            return;
        };
        let found: BTreeSet<&(String, String)> = found.iter().collect();
        for entry in known.iter().filter(|entry| !found.contains(entry)) {
            seen.add("schema", true, entry.0.clone(), "is missing or was changed");
        }
    }

    /// Name and text of every table, index and trigger.
    fn schema(&self) -> rusqlite::Result<Vec<(String, String)>> {
        let sql = "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
        self.list(sql, |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn verify_references(&self, seen: &mut Verification) {
        let found = self.list("PRAGMA foreign_key_check", |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, String>(2)?))
        });
        for (table, row, parent) in seen.read("references", "the file", found).unwrap_or_default() {
            let row = row.map_or(table.clone(), |row| format!("{table} {row}"));
            seen.add("references", false, row, format!("points at a row of {parent} that is not there"));
        }
    }

    /// FTS5 compares its index with the rows only through a connection that may write; nothing is written.
    fn verify_search(&self, seen: &mut Verification) {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let Ok(connection) = Connection::open_with_flags(self.path(), flags) else { return };
        if connection.is_readonly("main").unwrap_or(true) || connection.busy_timeout(super::BUSY_TIMEOUT).is_err() {
            return;
        }
        let compare = |table: &str| {
            connection.execute_batch(&format!("INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)"))
        };
        for table in ["statement_search", "document_search"] {
            match compare(table) {
                Ok(()) => seen.search_compared = true,
                Err(e) if matches!(e.sqlite_error_code(), Some(rusqlite::ErrorCode::ReadOnly)) => return,
                Err(e) => seen.add("search", false, table, format!("does not fit what is stored: {e}")),
            }
        }
    }

    fn verify_documents(&self, seen: &mut Verification, at: &dyn Fn(usize, usize)) {
        let keys = self.list("SELECT key, id FROM document ORDER BY key", |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        });
        let Some(keys) = seen.read("documents", "document", keys) else { return };
        for (done, (key, id)) in keys.iter().enumerate() {
            at(done, keys.len());
            seen.documents += 1;
            self.verify_document(seen, *key, id);
        }
    }

    fn verify_document(&self, seen: &mut Verification, key: i64, id: &str) {
        let Some((ground, derived)) = seen.read("documents", id, digest::recorded(&self.connection, key)) else {
            return;
        };
        let now = Digest::of_ground(&self.connection, key);
        if let Some(now) = seen.read("documents", id, now)
            && ground.as_deref() != Some(&now.bytes())
        {
            seen.add("documents", true, id, "the stored row is not what was written");
        }
        let now = Digest::of_derived(&self.connection, key);
        if let Some(now) = seen.read("statements", id, now)
            && derived.as_deref() != Some(&now.bytes())
        {
            seen.add("statements", false, id, "rows derived from this document are not what was written");
        }
        match self.document(key) {
            Ok(Some(stored)) => {
                if stored.document.sha256() != stored.sha256 {
                    seen.add("documents", true, id, "the text does not have its SHA-256");
                }
                if stored.document.id().as_str() != id {
                    seen.add("documents", true, id, "the id does not follow from text and outlet");
                }
                self.verify_statements(seen, key, &stored.id, &stored.document.text);
            }
            Ok(None) => seen.add("documents", true, id, "is in an index and not in the table"),
            Err(e) => seen.add("documents", true, id, format!("cannot be read: {e}")),
        }
    }

    /// Spans on sane bounds, ids that follow from them.
    fn verify_statements(&self, seen: &mut Verification, key: i64, document: &Id, text: &str) {
        let points = CodePoints::new(text);
        let spans = "SELECT s.id, x.role, x.start, x.end FROM statement s JOIN statement_span x ON x.statement = s.key
                      WHERE s.document = ?1
                     UNION ALL SELECT ?2, 'passage', start, end FROM passage WHERE document = ?1";
        let found = self.rows(spans, rusqlite::params![key, document.as_str()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?, row.get::<_, i64>(3)?))
        });
        match found {
            Err(e) => seen.add("statements", false, document.as_str(), format!("spans cannot be read: {e}")),
            Ok(found) => {
                seen.spans += found.len();
                for (id, role, start, end) in found {
                    if start < 0 || end <= start || end as u64 > points.len() as u64 {
                        let what =
                            format!("{role} span {start}–{end} does not lie in a text of {} characters", points.len());
                        seen.add("statements", false, id, what);
                    }
                }
            }
        }
        match self.statements_of_document(key) {
            Err(e) => seen.add("statements", false, document.as_str(), format!("statements cannot be read: {e}")),
            Ok(rows) => {
                seen.statements += rows.len();
                for row in rows {
                    let it = &row.statement;
                    if statement_id(document, &it.attribution, &points) != it.id {
                        seen.add("statements", false, it.id.as_str(), "the id does not follow from its spans");
                    }
                    if it.attribution.content.is_empty() {
                        seen.add("statements", false, it.id.as_str(), "has no content");
                    }
                }
            }
        }
    }

    /// Digests over whole tables. Those of links and claims are recorded when nothing is pending.
    fn verify_tables(&self, seen: &mut Verification) {
        let pending = self.list("SELECT document FROM pending", |row| row.get::<_, i64>(0));
        seen.pending = seen.read("links", "pending", pending).map_or(0, |it| it.len());
        for (name, sql) in digest::tables() {
            let (check, ground) = match name {
                "decision" => ("decisions", true),
                "document" => ("documents", true),
                _ => ("links", false),
            };
            if seen.pending > 0 && !["decision", "run"].contains(&name) {
                continue;
            }
            let now = Digest::of(&self.connection, &sql, []);
            let Some(now) = seen.read(check, name, now) else { continue };
            if name == "link" {
                seen.links = now.rows.max(0) as usize;
            }
            let Some(then) = seen.read(check, name, digest::recorded_table(&self.connection, name)) else { continue };
            match then {
                Some((rows, digest)) if rows == now.rows && digest == now.bytes() => {}
                Some((rows, _)) if rows != now.rows => {
                    seen.add(check, ground, name, format!("has {} rows, {rows} were written", now.rows));
                }
                None if now.rows == 0 => {}
                _ => seen.add(check, ground, name, "rows are not what was written"),
            }
        }
    }

    /// Ids that are made from other columns.
    fn verify_names(&self, seen: &mut Verification) {
        let outlets =
            self.list("SELECT id, name FROM outlet", |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
        for (id, name) in seen.read("documents", "outlet", outlets).unwrap_or_default() {
            if Outlet::named(&name).id.as_str() != id {
                seen.add("documents", true, id, "the outlet's id does not follow from its name");
            }
        }
        match self.decisions() {
            Err(e) => seen.add("decisions", true, "decision", format!("cannot be read: {e}")),
            Ok(decisions) => {
                for it in decisions {
                    if Id::of(IdKind::Decision, &[it.verb.name(), &it.a, &it.b]) != it.id {
                        seen.add("decisions", true, it.id.as_str(), "the id does not follow from what was decided");
                    }
                }
            }
        }
        // A claim is named after one of its members: the same digits under another letter.
        let orphans = self.list(
            "SELECT c.id FROM claim c WHERE NOT EXISTS
               (SELECT 1 FROM statement s WHERE s.claim = c.key AND substr(s.id, 2) = substr(c.id, 2))",
            |row| row.get::<_, String>(0),
        );
        for id in seen.read("links", "claim", orphans).unwrap_or_default() {
            seen.add("links", false, id, "is named after a statement that is not its member");
        }
    }

    fn list<T>(
        &self,
        sql: &str,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        self.connection.prepare(sql)?.query_map([], read)?.collect()
    }
}

/// At most `MOST` findings of each check, then how many more.
fn shortened(mut seen: Verification) -> Verification {
    let all = std::mem::take(&mut seen.findings);
    for (check, _) in CHECKS {
        let of_check: Vec<&Finding> = all.iter().filter(|finding| finding.check == *check).collect();
        seen.findings.extend(of_check.iter().take(MOST).map(|finding| (*finding).clone()));
        if of_check.len() > MOST {
            let ground = of_check.iter().any(|finding| finding.ground);
            seen.add(check, ground, "…", format!("and {} more", of_check.len() - MOST));
        }
    }
    seen
}
