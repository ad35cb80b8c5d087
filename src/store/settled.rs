//! Digests of what is settled over the whole store: which rows they cover, and how they are kept.
//!
//! While little changes, they are kept up to date row by row: triggers of the connection, which are no part of the file,
//! take the old row out of the recorded sum and put the new one in. So a rollback takes them back too, rows that follow
//! others away are counted, and what another program writes is not. When much changes, the records are taken away, and
//! `seal` makes them from all rows.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, params};

use super::digest;
use super::{Result, Store};

/// A digest over the rows of a table.
struct Settled {
    /// The name of its record.
    name: &'static str,
    table: &'static str,
    /// What it covers of each row; nothing stands for all columns.
    columns: &'static [&'static str],
    /// Which rows: the condition for `{row}`; and the query that finds them all at once. Empty for all rows.
    only: &'static str,
    query: &'static str,
}

const fn whole(table: &'static str) -> Settled {
    part(table, &[])
}

const fn part(table: &'static str, columns: &'static [&'static str]) -> Settled {
    Settled { name: table, table, columns, only: "", query: "" }
}

/// Statements that a step of settling made have runs of their own.
const SETTLED: &[Settled] = &[
    whole("outlet"),
    whole("known_name"),
    whole("settled_decision"),
    whole("entity"),
    whole("alias"),
    whole("entity_suggestion"),
    whole("name"),
    whole("name_use"),
    whole("name_key"),
    whole("link"),
    whole("claim"),
    whole("echo"),
    whole("document_rank"),
    whole("near"),
    whole("derivation"),
    whole("claim_edge"),
    // That they are there: all else is in digests of their own.
    part("document", &["key"]),
    part("statement", &["key", "claim", "repeat_of"]),
    part("local_entity", &["key", "entity"]),
    Settled {
        name: "statement of a step",
        table: "statement",
        columns: &[],
        only: "(SELECT options LIKE 'step=%' FROM run WHERE key = {row}.run)",
        query: "SELECT * FROM statement WHERE run IN (SELECT key FROM run WHERE options LIKE 'step=%')",
    },
    Settled {
        name: "span of a step",
        table: "statement_span",
        columns: &[],
        only: "(SELECT r.options LIKE 'step=%' FROM statement s JOIN run r ON r.key = s.run WHERE s.key = {row}.statement)",
        query: "SELECT * FROM statement_span WHERE statement IN
          (SELECT key FROM statement WHERE run IN (SELECT key FROM run WHERE options LIKE 'step=%'))",
    },
    // A statement makes the difference when all others of the claim are in one other document.
    Settled {
        name: SHARED_CLAIM,
        table: "statement",
        columns: &["claim"],
        only:
            "(SELECT document FROM statement WHERE claim = {row}.claim AND key <> {row}.key LIMIT 1) <> {row}.document
          AND NOT EXISTS (SELECT 1 FROM statement s WHERE s.claim = {row}.claim AND s.key <> {row}.key AND s.document <>
            (SELECT document FROM statement WHERE claim = {row}.claim AND key <> {row}.key LIMIT 1))",
        query: "SELECT claim FROM statement WHERE claim IS NOT NULL GROUP BY claim HAVING min(document) < max(document)",
    },
];

/// Claims in several documents.
pub(super) const SHARED_CLAIM: &str = "claim in several documents";

/// When a statement of a step goes, its spans go before it: after it nobody can tell whose they were.
const SPANS_FIRST: &str = "CREATE TEMP TRIGGER spans_of_a_step_first BEFORE DELETE ON main.statement
   WHEN (SELECT options LIKE 'step=%' FROM run WHERE key = old.run)
   BEGIN DELETE FROM statement_span WHERE statement = old.key; END;";

impl Settled {
    fn query(&self) -> String {
        let columns = if self.columns.is_empty() { "*".to_string() } else { self.columns.join(", ") };
        if self.query.is_empty() { format!("SELECT {columns} FROM {}", self.table) } else { self.query.to_string() }
    }

    /// The triggers that keep the record.
    fn triggers(&self, connection: &Connection) -> rusqlite::Result<String> {
        let Settled { name, table, .. } = self;
        let columns = match self.columns {
            [] => connection
                .prepare_cached("SELECT name FROM pragma_table_info(?1)")?
                .query_map([table], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<String>>>()?,
            some => some.iter().map(|column| column.to_string()).collect(),
        };
        let change = |row: &str, count: &str, function: &str| {
            let values: String = columns.iter().map(|column| format!(", {row}.\"{column}\"")).collect();
            let only = if self.only.is_empty() { "1".to_string() } else { self.only.replace("{row}", row) };
            format!(
                "UPDATE table_digest SET rows = rows {count}, digest = {function}(digest{values}) WHERE name = '{name}' AND {only};"
            )
        };
        let (gone, new) = (change("old", "- 1", "digest_without"), change("new", "+ 1", "digest_with"));
        let of = if self.columns.is_empty() { String::new() } else { format!("OF {}", self.columns.join(", ")) };
        // Spares asking which rows count while nothing is recorded.
        let recorded = if self.only.is_empty() {
            String::new()
        } else {
            format!("WHEN EXISTS (SELECT 1 FROM table_digest WHERE name = '{name}')")
        };
        let trigger = |event: &str, when: &str, work: String| {
            format!("CREATE TEMP TRIGGER \"{name}, {event}\" AFTER {when} ON main.{table} {recorded} BEGIN {work} END;")
        };
        Ok(trigger("added", "INSERT", new.clone())
            + &trigger("deleted", "DELETE", gone.clone())
            + &trigger("changed", &format!("UPDATE {of}"), gone + &new))
    }
}

/// The digests with the queries that find what they cover.
pub(super) fn tables() -> impl Iterator<Item = (&'static str, String)> {
    SETTLED.iter().map(|it| (it.name, it.query()))
}

/// From now on what this connection writes is kept up to date in the digests that are recorded.
pub(super) fn keep_up(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    let changed = |context: &Context<'_>, change: fn(u128, u128) -> u128| -> rusqlite::Result<[u8; 16]> {
        let row = (1..context.len()).map(|at| context.get_raw(at));
        let recorded = context.get_raw(0).as_blob().unwrap_or_default();
        Ok(digest::bytes_of(change(digest::sum_of(recorded), digest::hash(row))))
    };
    connection.create_scalar_function("digest_with", -1, flags, move |context| changed(context, u128::wrapping_add))?;
    connection
        .create_scalar_function("digest_without", -1, flags, move |context| changed(context, u128::wrapping_sub))?;
    // Rows that REPLACE takes away are told to triggers only so.
    connection.pragma_update(None, "recursive_triggers", true)?;
    let mut triggers = format!("BEGIN; {SPANS_FIRST}");
    for it in SETTLED {
        triggers.push_str(&it.triggers(connection)?);
    }
    connection.execute_batch(&(triggers + "COMMIT;"))
}

/// Records those digests that are not recorded, from all rows.
pub(super) fn seal(connection: &Connection) -> rusqlite::Result<()> {
    let mut recorded = Vec::new();
    for it in SETTLED {
        recorded.push(digest::recorded_table(connection, it.name)?.is_some());
    }
    if recorded.iter().all(|it| *it) {
        return Ok(());
    }
    // One that is missing says that all are of an older program, which did not keep them up to date.
    tables().try_for_each(|(name, sql)| digest::seal_table(connection, name, &sql))
}

/// Takes the records away.
pub(super) fn unseal(connection: &Connection) -> rusqlite::Result<()> {
    let mut delete = connection.prepare_cached("DELETE FROM table_digest WHERE name = ?1")?;
    SETTLED.iter().try_for_each(|it| delete.execute(params![it.name]).map(|_| ()))
}

impl Store {
    /// Records the digests of links, claims, speakers and lineage, once they are settled.
    pub fn seal(&self) -> Result<()> {
        // Steps of settling have runs of their own.
        seal(&self.connection).and_then(|()| digest::seal_runs(&self.connection)).map_err(|e| self.at(e))
    }

    /// Takes these digests away, so that `seal` makes them anew over all rows: where so many of them change that keeping up
    /// with each costs more. Something must be pending until then, or all be one transaction.
    pub fn unseal(&self) -> Result<()> {
        unseal(&self.connection).map_err(|e| self.at(e))
    }

    /// How many rows there are of what a digest covers: as recorded, and counted only where nothing is.
    pub(super) fn rows_covered(&self, name: &str) -> Result<usize> {
        let count = || -> rusqlite::Result<i64> {
            if let Some((rows, _)) = digest::recorded_table(&self.connection, name)? {
                return Ok(rows);
            }
            let Some((_, query)) = tables().find(|(known, _)| *known == name) else { return Ok(0) };
            self.connection.query_row(&format!("SELECT count(*) FROM ({query})"), [], |row| row.get(0))
        };
        count().map(|rows| rows.max(0) as usize).map_err(|e| self.at(e))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::digest::Digest;
    use super::*;

    /// What is recorded, and what all rows give.
    fn compare(store: &Store) -> (Vec<Recorded>, Vec<Recorded>) {
        tables()
            .map(|(name, sql)| {
                let now = Digest::of(&store.connection, &sql, []).unwrap();
                let then = digest::recorded_table(&store.connection, name).unwrap().unwrap();
                ((name, then.0, then.1), (name, now.rows, now.bytes().to_vec()))
            })
            .unzip()
    }

    type Recorded = (&'static str, i64, Vec<u8>);

    /// Changes of all kinds; `?1` to `?3` are small numbers. What a constraint refuses changes nothing.
    const CHANGES: &[&str] = &[
        "INSERT INTO outlet (key, id, name) VALUES (?1, 'o' || ?2, ?3)",
        "INSERT OR REPLACE INTO outlet (key, id, name) VALUES (?1, 'o' || ?2, ?3)",
        "INSERT INTO document (key, id, sha256, text, format) VALUES (?1, 'd' || ?1 || ?2, '', ?3, 'text')",
        "INSERT INTO document (key, id, sha256, text, format) VALUES (?1, 'd' || ?1, '', ?3, 'text')",
        "DELETE FROM document WHERE key = ?1 AND ?2 = 1 AND ?3 = 1",
        "INSERT OR IGNORE INTO document_rank (document, rank) VALUES (?1, ?2)",
        "INSERT INTO document_rank (document, rank) VALUES (?1, ?2) ON CONFLICT (document) DO UPDATE SET rank = rank + 10",
        "INSERT OR REPLACE INTO near (a, b, narrative) VALUES (?1, ?2, ?3)",
        "UPDATE near SET narrative = ?3 WHERE a = ?1",
        "INSERT INTO entity (key, id, name, kind, evidence) VALUES (?1, 'e' || ?1, ?2, 'person', '[]')",
        "UPDATE entity SET qid = 'Q' || ?2 WHERE key = ?1",
        "DELETE FROM entity WHERE key = ?1 AND ?2 = 1",
        "INSERT OR REPLACE INTO alias (entity, text, kind, count, folded) VALUES (?1, ?2, 'x', ?3, '')",
        "INSERT OR REPLACE INTO entity_suggestion (a, b, probability, evidence) VALUES (?1, ?2, ?3, '')",
        "INSERT INTO local_entity (document, ordinal, name, kind, roles, aliases, evidence) VALUES (?1, ?2, ?3, '', '', '', '')",
        "UPDATE local_entity SET entity = ?2 WHERE document = ?1",
        "UPDATE local_entity SET name = name || 'x' WHERE document = ?1",
        "INSERT INTO statement (id, document, ordinal, kind, act, negated, marks_lost, zone, confidence, extractor, evidence,
           speaker_evidence, run) VALUES ('s' || ?1 || ?2, ?1, ?2, 'direct', '', 0, 0, 'body', ?3, 'rules', '', '', 1 + (?3 + ?2) % 2)",
        "INSERT INTO statement_span (statement, role, ordinal, start, end)
           SELECT key, 'content', ?3, 1, 2 FROM statement WHERE document = ?1 AND ordinal = ?2",
        "UPDATE statement_span SET start = ?3 WHERE statement IN (SELECT key FROM statement WHERE document = ?1)",
        "DELETE FROM statement_span WHERE statement IN (SELECT key FROM statement WHERE document = ?1 AND ordinal = ?2)",
        "UPDATE statement SET run = 3 - run WHERE document = ?1 AND ordinal = ?2 AND ?3 = 2
           AND NOT EXISTS (SELECT 1 FROM statement_span WHERE statement = key)",
        "UPDATE statement SET repeat_of = (SELECT max(key) FROM statement WHERE document = ?1) WHERE document = ?2",
        "DELETE FROM statement WHERE document = ?1 AND ordinal = ?2",
        "DELETE FROM statement WHERE run = 2 AND ?1 = 1 AND ?2 = ?3",
        "INSERT INTO claim (id, representative) SELECT 'c' || key, key FROM statement WHERE document = ?1 AND ordinal = ?2",
        "UPDATE statement SET claim = (SELECT key FROM claim ORDER BY key LIMIT 1 OFFSET ?3) WHERE document = ?1 AND ordinal = ?2",
        "UPDATE statement SET claim = (SELECT min(key) FROM claim) WHERE document IN (?1, ?2)",
        "UPDATE statement SET claim = (SELECT max(key) FROM claim) WHERE ordinal = ?1",
        "UPDATE statement SET claim = NULL WHERE document = ?1 AND ?2 = 1",
        "UPDATE claim SET id = id || 'x' WHERE key = ?1",
        "DELETE FROM claim WHERE key = ?1",
        "DELETE FROM claim",
        "INSERT OR IGNORE INTO echo (a, b) SELECT min(key), max(key) FROM claim WHERE key > ?1",
        "INSERT OR REPLACE INTO link (a, b, relation, score, probability, status, evidence)
           SELECT min(key), max(key), 'x', ?2, ?3 / 7.0, 'auto', '' FROM statement WHERE key >= ?1",
        "DELETE FROM link",
        "INSERT OR REPLACE INTO derivation (parent, child, relation, basis, score, evidence) VALUES (?1, ?2, 'x', 'y', ?3, '')",
        "INSERT OR IGNORE INTO claim_edge (claim, parent, child, relation, basis, score, evidence)
           SELECT max(key), ?1, ?2, 'x', 'y', ?3, '' FROM claim",
        "SAVEPOINT inner",
        "ROLLBACK TO inner",
        "RELEASE inner",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        /// Whatever is written, the records are those that all rows give.
        #[test]
        fn records_are_kept_up(
            changes in prop::collection::vec((0..CHANGES.len(), 1i64..5, 1i64..5, 0i64..4), 1..160), whole in 0usize..160
        ) {
            let mut store = Store::in_memory().unwrap();
            store.run("1", "extractor=rules").unwrap();
            store.run("1", "step=x").unwrap();
            let change = |store: &Store, (at, a, b, c): (usize, i64, i64, i64)| {
                if let Ok(mut statement) = store.connection.prepare(CHANGES[at]) {
                    let many = statement.parameter_count();
                    let _ = statement.execute(rusqlite::params_from_iter([a, b, c].into_iter().take(many)));
                }
            };
            for it in &changes[..whole.min(changes.len())] {
                change(&store, *it);
            }
            let _ = store.connection.execute_batch("RELEASE inner");
            let (recorded, found) = compare(&store);
            prop_assert_eq!(&recorded, &found);
            let undone: Result<()> = store.transaction(|store| {
                changes.iter().for_each(|it| change(store, *it));
                let (recorded, found) = compare(store);
                assert_eq!(recorded, found);
                Err(super::super::StoreError::Query { what: "stop".into() })
            });
            prop_assert!(undone.is_err());
            prop_assert_eq!(&compare(&store), &(recorded.clone(), recorded));
        }
    }

    #[test]
    fn rows_are_counted_by_whom_they_belong_to() {
        let store = Store::in_memory().unwrap();
        store.run("1", "extractor=rules").unwrap();
        store.run("1", "step=x").unwrap();
        let counted = || {
            let (recorded, found) = compare(&store);
            assert_eq!(recorded, found);
            let asked = ["statement of a step", "span of a step", SHARED_CLAIM, "document"];
            asked.map(|name| store.rows_covered(name).unwrap())
        };
        store
            .connection
            .execute_batch(
                "INSERT INTO document (key, id, sha256, text, format) VALUES (1, 'd1', '', '', 'text'), (2, 'd2', '', '', 'text');
                 INSERT INTO statement (key, id, document, ordinal, kind, act, negated, marks_lost, zone, confidence, extractor,
                   evidence, speaker_evidence, run) SELECT value, 's' || value, 1 + value % 2, value, 'direct', '', 0, 0, 'body', 1,
                   'rules', '', '', 1 + (value > 3) FROM json_each('[1, 2, 3, 4, 5]');
                 INSERT INTO statement_span SELECT s.key, 'content', value, 1, 2 FROM statement s, json_each('[0, 1]');
                 INSERT INTO claim (key, id, representative) VALUES (1, 'c1', 1), (2, 'c2', 2);",
            )
            .unwrap();
        assert_eq!(counted(), [2, 4, 0, 2]);
        store.connection.execute_batch("UPDATE statement SET claim = 1").unwrap();
        assert_eq!(counted(), [2, 4, 1, 2]);
        store.connection.execute_batch("UPDATE statement SET claim = 2 WHERE key IN (2, 3)").unwrap();
        assert_eq!(counted(), [2, 4, 2, 2]);
        store.connection.execute_batch("DELETE FROM statement WHERE key = 4").unwrap();
        assert_eq!(counted(), [1, 2, 1, 2]);
        store.connection.execute_batch("DELETE FROM claim WHERE key = 2").unwrap();
        assert_eq!(counted(), [1, 2, 0, 2]);
        store
            .connection
            .execute_batch("UPDATE statement SET claim = 1 WHERE key = 2; DELETE FROM document WHERE key = 2")
            .unwrap();
        assert_eq!(counted(), [0, 0, 0, 1]);
    }

    #[test]
    fn what_another_program_changes_is_not_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let store = Store::open(&path).unwrap();
        store.connection.execute("INSERT INTO outlet (id, name) VALUES ('o1', 'Harbour Post')", []).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute("UPDATE outlet SET name = 'Harbour Past'", []).unwrap();
        store.connection.execute("INSERT INTO outlet (id, name) VALUES ('o2', 'Island Times')", []).unwrap();
        store.seal().unwrap();
        let (recorded, found) = compare(&store);
        let different: Vec<&str> = recorded.iter().zip(&found).filter(|(a, b)| a != b).map(|(a, _)| a.0).collect();
        assert_eq!(different, ["outlet"]);
        store.unseal().unwrap();
        store.seal().unwrap();
        let (recorded, found) = compare(&store);
        assert_eq!(recorded, found);
    }
}
