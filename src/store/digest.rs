//! Digests of stored rows, kept beside them so that `verify` finds what changed behind the program's back.
//!
//! A digest is the sum of the XXH3 hashes of its rows, each hashed with the types and lengths of its values: the order of
//! rows does not matter, a changed, missing or doubled row does.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Params, params};
use xxhash_rust::xxh3::xxh3_128;

use super::settled;

/// What a document's ground digest covers. `?1` is the document's key.
const GROUND: &[&str] = &["SELECT * FROM document WHERE key = ?1", "SELECT * FROM warning WHERE document = ?1"];

/// What its derived digest covers: all that its analysis stored. `{}` stands for the columns of the table but for those
/// that are settled over the whole store, which have digests of their own below; so have the statements of other runs
/// (`step=…`), which depend on all documents.
const DERIVED: &[(&str, &str, &str)] = &[
    ("passage", "", "SELECT {} FROM passage WHERE document = ?1"),
    ("local_entity", "entity", "SELECT {} FROM local_entity WHERE document = ?1"),
    (
        "statement",
        "claim repeat_of",
        "SELECT {} FROM statement WHERE document = ?1 AND run NOT IN (SELECT key FROM run WHERE options LIKE 'step=%')",
    ),
    (
        "statement_span",
        "",
        "SELECT {} FROM statement_span WHERE statement IN (SELECT key FROM statement
          WHERE document = ?1 AND run NOT IN (SELECT key FROM run WHERE options LIKE 'step=%'))",
    ),
    (
        "statement_embedding",
        "",
        "SELECT {} FROM statement_embedding WHERE statement IN (SELECT key FROM statement WHERE document = ?1)",
    ),
];

/// Tables that change outside of settling, each sealed when it does: they are small.
const DECISION: (&str, &str) = ("decision", "SELECT * FROM decision");
const RUN: (&str, &str) = ("run", "SELECT * FROM run");

/// Tables with a digest over all their rows, with what it covers.
pub(super) fn tables() -> impl Iterator<Item = (&'static str, String)> {
    settled::tables().chain([RUN, DECISION].map(|(name, sql)| (name, sql.to_string())))
}

/// Number of rows and their digest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Digest {
    pub rows: i64,
    sum: u128,
}

impl Digest {
    pub(super) fn bytes(self) -> [u8; 16] {
        bytes_of(self.sum)
    }

    /// The digest of what a query finds.
    pub(super) fn of(connection: &Connection, sql: &str, values: impl Params) -> rusqlite::Result<Digest> {
        let mut digest = Digest::default();
        let mut statement = connection.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(values)?;
        let mut bytes = Vec::new();
        while let Some(row) = rows.next()? {
            bytes.clear();
            for column in 0..columns {
                push(&mut bytes, row.get_ref(column)?);
            }
            digest.rows += 1;
            digest.sum = digest.sum.wrapping_add(xxh3_128(&bytes));
        }
        Ok(digest)
    }

    /// Adds a part. Rotated by its place, so that rows of different tables are never the same summand.
    fn add(&mut self, place: usize, part: Digest) {
        self.rows += part.rows;
        self.sum = self.sum.wrapping_add(part.sum.rotate_left(8 * place as u32));
    }

    pub(super) fn of_ground(connection: &Connection, document: i64) -> rusqlite::Result<Digest> {
        let mut whole = Digest::default();
        for (place, sql) in GROUND.iter().enumerate() {
            whole.add(place, Digest::of(connection, sql, [document])?);
        }
        Ok(whole)
    }

    pub(super) fn of_derived(connection: &Connection, document: i64) -> rusqlite::Result<Digest> {
        let mut whole = Digest::default();
        for (place, (table, without, sql)) in DERIVED.iter().enumerate() {
            let columns: String = connection
                .prepare_cached(
                    "SELECT group_concat(name) FROM pragma_table_info(?1) WHERE instr(' ' || ?2 || ' ', ' ' || name || ' ') = 0",
                )?
                .query_row([table, without], |row| row.get(0))?;
            whole.add(place, Digest::of(connection, &sql.replace("{}", &columns), [document])?);
        }
        Ok(whole)
    }
}

/// What a row adds to the sum.
pub(super) fn hash<'r>(row: impl Iterator<Item = ValueRef<'r>>) -> u128 {
    let mut bytes = Vec::new();
    row.for_each(|value| push(&mut bytes, value));
    xxh3_128(&bytes)
}

pub(super) fn bytes_of(sum: u128) -> [u8; 16] {
    sum.to_le_bytes()
}

/// The sum that was recorded as these bytes; of damaged bytes some sum.
pub(super) fn sum_of(bytes: &[u8]) -> u128 {
    u128::from_le_bytes(std::array::from_fn(|at| bytes.get(at).copied().unwrap_or(0)))
}

fn push(bytes: &mut Vec<u8>, value: ValueRef<'_>) {
    let mut add = |tag: u8, content: &[u8]| {
        bytes.push(tag);
        bytes.extend_from_slice(&(content.len() as u64).to_le_bytes());
        bytes.extend_from_slice(content);
    };
    match value {
        ValueRef::Null => add(0, &[]),
        ValueRef::Integer(number) => add(1, &number.to_le_bytes()),
        ValueRef::Real(number) => add(2, &number.to_bits().to_le_bytes()),
        ValueRef::Text(text) => add(3, text),
        ValueRef::Blob(blob) => add(4, blob),
    }
}

/// Records the digest of a document's own row and warnings, after they were written.
pub(super) fn seal_ground(connection: &Connection, document: i64) -> rusqlite::Result<()> {
    let digest = Digest::of_ground(connection, document)?.bytes();
    connection
        .prepare_cached(
            "INSERT INTO document_digest (document, ground) VALUES (?1, ?2)
             ON CONFLICT (document) DO UPDATE SET ground = excluded.ground",
        )?
        .execute(params![document, digest])
        .map(|_| ())
}

/// Records the digest of what was derived from a document alone, after its analysis was written.
pub(super) fn seal_derived(connection: &Connection, document: i64) -> rusqlite::Result<()> {
    let digest = Digest::of_derived(connection, document)?.bytes();
    connection
        .prepare_cached("UPDATE document_digest SET derived = ?2 WHERE document = ?1")?
        .execute(params![document, digest])
        .map(|_| ())
}

/// Records the digest of all decisions.
pub(super) fn seal_decisions(connection: &Connection) -> rusqlite::Result<()> {
    seal_table(connection, DECISION.0, DECISION.1)
}

/// Records the digest of all runs.
pub(super) fn seal_runs(connection: &Connection) -> rusqlite::Result<()> {
    seal_table(connection, RUN.0, RUN.1)
}

/// Records the digest of what a query finds.
pub(super) fn seal_table(connection: &Connection, name: &str, sql: &str) -> rusqlite::Result<()> {
    let digest = Digest::of(connection, sql, [])?;
    connection
        .prepare_cached("INSERT OR REPLACE INTO table_digest (name, rows, digest) VALUES (?1, ?2, ?3)")?
        .execute(params![name, digest.rows, digest.bytes()])
        .map(|_| ())
}

/// Records every digest anew: for a store that a migration has just changed.
pub(super) fn seal_everything(connection: &Connection) -> rusqlite::Result<()> {
    let documents: Vec<i64> = connection
        .prepare("SELECT key FROM document")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    connection.execute_batch("DELETE FROM document_digest; DELETE FROM table_digest")?;
    for document in documents {
        seal_ground(connection, document)?;
        seal_derived(connection, document)?;
    }
    settled::seal(connection)?;
    seal_runs(connection)?;
    seal_decisions(connection)
}

/// The recorded digests of a document: ground and derived. `None` where none was recorded.
#[allow(clippy::type_complexity)]
pub(super) fn recorded(connection: &Connection, document: i64) -> rusqlite::Result<(Option<Vec<u8>>, Option<Vec<u8>>)> {
    let found = connection
        .prepare_cached("SELECT ground, derived FROM document_digest WHERE document = ?1")?
        .query_row([document], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.unwrap_or((None, None)))
}

/// The recorded number of rows and digest of a table.
pub(super) fn recorded_table(connection: &Connection, name: &str) -> rusqlite::Result<Option<(i64, Vec<u8>)>> {
    connection
        .prepare_cached("SELECT rows, digest FROM table_digest WHERE name = ?1")?
        .query_row([name], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn digest(rows: &[(i64, String)]) -> Digest {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE x (a INTEGER, b TEXT)").unwrap();
        for (a, b) in rows {
            connection.execute("INSERT INTO x VALUES (?1, ?2)", params![a, b]).unwrap();
        }
        Digest::of(&connection, "SELECT a, b FROM x", []).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn order_is_nothing_and_every_value_counts(
            rows in proptest::collection::vec((any::<i64>(), any::<String>()), 1..8), at: prop::sample::Index, other: i64
        ) {
            let whole = digest(&rows);
            let mut turned = rows.clone();
            turned.reverse();
            prop_assert_eq!(digest(&turned), whole);
            let at = at.index(rows.len());
            let mut changed = rows.clone();
            changed[at].0 = other;
            prop_assert_eq!(digest(&changed) == whole, changed == rows);
            changed[at] = (rows[at].0, format!("{}\0", rows[at].1));
            prop_assert_ne!(digest(&changed), whole);
            prop_assert_ne!(digest(&rows[1..]), whole);
        }
    }
}
