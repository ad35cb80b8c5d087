//! Statements that a document repeats without a source. They depend on all documents, so they are dropped and made anew
//! whenever anything changes; a run of their own marks them.

use rusqlite::params;

use crate::text::CodePoints;

use super::{NewStatement, Result, Store, StoredDocument};

impl Store {
    /// Takes away the statements of the runs with these options, and the runs.
    pub fn drop_unsourced(&self, options: &str) -> Result<()> {
        let drop = || -> rusqlite::Result<()> {
            self.connection
                .execute("DELETE FROM statement WHERE run IN (SELECT key FROM run WHERE options = ?1)", [options])?;
            self.connection.execute("DELETE FROM run WHERE options = ?1", [options])?;
            Ok(())
        };
        drop().map_err(|e| self.at(e))
    }

    /// Adds a statement that repeats `original` (a row key) without a source: it comes after the document's own statements
    /// and belongs to the original's claim. Returns its row key.
    pub fn add_unsourced(&self, document: &StoredDocument, new: &NewStatement, original: i64, run: i64) -> Result<i64> {
        let add = || -> rusqlite::Result<i64> {
            let next: i64 = self.connection.query_row(
                "SELECT coalesce(max(ordinal) + 1, 0) FROM statement WHERE document = ?1",
                [document.key],
                |row| row.get(0),
            )?;
            let points = CodePoints::new(&document.document.text);
            let key = self.insert_statement(document, next.max(0) as usize, new, &[], None, run, &points)?;
            self.connection.execute(
                "UPDATE statement SET repeat_of = ?2, claim = (SELECT claim FROM statement WHERE key = ?2) WHERE key = ?1",
                params![key, original],
            )?;
            Ok(key)
        };
        add().map_err(|e| self.at(e))
    }
}
