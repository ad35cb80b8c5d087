//! `sql`: one read-only query over the store, as a table.

use rusqlite::types::ValueRef;

use super::settled::SHARED_CLAIM;
use super::{Result, Store, StoreError};

/// One value of a result table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    /// Bytes that are not text, as their number.
    Bytes(usize),
}

/// A result table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// How much there is of what the summary of an ingest names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClaimCounts {
    pub claims: usize,
    pub in_several_documents: usize,
    pub statements: usize,
    pub suggested_speakers: usize,
}

impl Store {
    pub fn claim_counts(&self) -> Result<ClaimCounts> {
        Ok(ClaimCounts {
            claims: self.rows_covered("claim")?,
            in_several_documents: self.rows_covered(SHARED_CLAIM)?,
            statements: self.rows_covered("statement")?,
            suggested_speakers: self.rows_covered("entity_suggestion")?,
        })
    }

    /// Runs one query that changes nothing. A statement that would write is refused before it runs.
    pub fn sql(&self, query: &str) -> Result<Table> {
        let refused =
            || StoreError::Query { what: "only one reading query (SELECT, WITH, EXPLAIN, VALUES) is run here".into() };
        let mut statement = self.connection.prepare(query).map_err(|e| match e {
            rusqlite::Error::MultipleStatement => refused(),
            e => StoreError::Query { what: e.to_string() },
        })?;
        if !statement.readonly() || statement.column_count() == 0 {
            return Err(refused());
        }
        let columns: Vec<String> = statement.column_names().map(|name| name.to_string()).collect();
        let mut rows = Vec::new();
        let mut found = statement.query([]).map_err(|e| StoreError::Query { what: e.to_string() })?;
        while let Some(row) = found.next().map_err(|e| StoreError::Query { what: e.to_string() })? {
            let cells = (0..columns.len()).map(|at| row.get_ref(at).map(cell)).collect::<rusqlite::Result<_>>();
            rows.push(cells.map_err(|e| StoreError::Query { what: e.to_string() })?);
        }
        Ok(Table { columns, rows })
    }

    /// Counts of what is in the store, by table name.
    pub fn counts(&self) -> Result<Vec<(&'static str, usize)>> {
        const COUNTED: [(&str, &str); 9] = [
            ("documents", "SELECT count(*) FROM document"),
            ("revisions", "SELECT count(*) FROM document WHERE revision_of IS NOT NULL"),
            ("outlets", "SELECT count(*) FROM outlet"),
            ("statements", "SELECT count(*) FROM statement"),
            ("speakers", "SELECT count(DISTINCT l.entity) FROM statement s JOIN local_entity l ON l.key = s.speaker"),
            ("links", "SELECT count(*) FROM link WHERE status IN ('auto', 'confirmed')"),
            ("suggested links", "SELECT count(*) FROM link WHERE status = 'suggested'"),
            ("claims", "SELECT count(*) FROM claim"),
            ("decisions", "SELECT count(*) FROM decision WHERE undone = 0"),
        ];
        let mut counts = Vec::new();
        for (name, sql) in COUNTED {
            let count: i64 = self.connection.query_row(sql, [], |row| row.get(0)).map_err(|e| self.at(e))?;
            counts.push((name, count.max(0) as usize));
        }
        Ok(counts)
    }
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Integer(number),
        ValueRef::Real(number) => Cell::Real(number),
        ValueRef::Text(bytes) => Cell::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_queries_are_refused() {
        let store = Store::in_memory().unwrap();
        for query in ["DELETE FROM document", "PRAGMA user_version = 3", "SELECT 1; DELETE FROM document", "", "VACUUM"]
        {
            assert!(store.sql(query).is_err(), "{query}");
        }
        let table = store.sql("SELECT 1 AS one, 'x', NULL, x'00'").unwrap();
        assert_eq!(table.columns[0], "one");
        assert_eq!(table.rows[0], [Cell::Integer(1), Cell::Text("x".into()), Cell::Null, Cell::Bytes(1)]);
    }
}
