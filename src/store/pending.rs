//! Which documents still wait to be joined and linked with the others. Emptied in the transaction that does it, so that an
//! interrupted ingest is completed by the next one.

use rusqlite::params;

use super::{Result, Store, digest};

impl Store {
    /// `changed`: what others have from the document may have changed, too.
    pub fn mark_pending(&self, document: i64, changed: bool) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO pending (document, changed) VALUES (?1, ?2)
                 ON CONFLICT (document) DO UPDATE SET changed = max(changed, excluded.changed)",
            )
            .and_then(|mut insert| insert.execute(params![document, changed]))
            .map(|_| ())
            .map_err(|e| self.at(e))
    }

    /// The waiting documents, each with whether what others have from it may have changed; by key.
    pub fn pending(&self) -> Result<Vec<(i64, bool)>> {
        self.rows("SELECT document, changed FROM pending ORDER BY document", [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    pub fn clear_pending(&self) -> Result<()> {
        self.connection.execute_batch("DELETE FROM pending").map_err(|e| self.at(e))
    }

    /// Records the digests of links, claims, speakers and lineage, once they are settled.
    pub fn seal(&self) -> Result<()> {
        digest::seal_settled(&self.connection).map_err(|e| self.at(e))
    }
}
