//! Which documents still wait to be joined and linked with the others. Emptied in the transaction that does it, so that an
//! interrupted ingest is completed by the next one.

use super::{Result, Store, digest};

impl Store {
    pub fn mark_pending(&self, document: i64) -> Result<()> {
        self.connection
            .prepare_cached("INSERT OR IGNORE INTO pending (document) VALUES (?1)")
            .and_then(|mut insert| insert.execute([document]))
            .map(|_| ())
            .map_err(|e| self.at(e))
    }

    /// Keys of the waiting documents.
    pub fn pending(&self) -> Result<Vec<i64>> {
        self.rows("SELECT document FROM pending ORDER BY document", [], |row| row.get(0))
    }

    pub fn clear_pending(&self) -> Result<()> {
        self.connection.execute_batch("DELETE FROM pending").map_err(|e| self.at(e))
    }

    /// Records the digests of links, claims, speakers and lineage, once they are settled.
    pub fn seal(&self) -> Result<()> {
        digest::seal_settled(&self.connection).map_err(|e| self.at(e))
    }
}
