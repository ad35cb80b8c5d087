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

    /// Whether a statement is one of these.
    pub fn is_repeat(&self, statement: i64) -> Result<bool> {
        let sql = "SELECT repeat_of IS NOT NULL FROM statement WHERE key = ?1";
        Ok(self.rows(sql, [statement], |row| row.get::<_, bool>(0))?.pop().unwrap_or(false))
    }

    /// Whether a document has such statements.
    pub fn repeats_something(&self, document: i64) -> Result<bool> {
        let sql = "SELECT 1 FROM statement WHERE document = ?1 AND repeat_of IS NOT NULL LIMIT 1";
        Ok(!self.rows(sql, [document], |row| row.get::<_, i64>(0))?.is_empty())
    }

    /// Takes away those of one document.
    pub fn drop_unsourced_in(&self, document: i64) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM statement WHERE document = ?1 AND repeat_of IS NOT NULL")
            .and_then(|mut delete| delete.execute([document]))
            .map(|_| ())
            .map_err(|e| self.at(e))
    }

    /// Takes away the runs with these options when no statement repeats another without a source.
    pub fn drop_idle_run(&self, options: &str) -> Result<()> {
        self.connection
            .execute(
                "DELETE FROM run WHERE options = ?1 AND NOT EXISTS (SELECT 1 FROM statement WHERE repeat_of IS NOT NULL)",
                [options],
            )
            .map(|_| ())
            .map_err(|e| self.at(e))
    }

    /// Documents with a statement that repeats another without a source and lost the claim of that.
    pub fn adrift(&self) -> Result<Vec<i64>> {
        self.rows(
            "SELECT DISTINCT document FROM statement WHERE repeat_of IS NOT NULL AND claim IS NULL ORDER BY document",
            [],
            |row| row.get(0),
        )
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
