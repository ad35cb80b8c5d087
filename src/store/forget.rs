//! Forgetting: a document and its words leave the tables, the search indices, the free pages and the write-ahead log.

use std::collections::BTreeSet;

use super::{Result, Store, StoreError, digest};

impl Store {
    /// From now on deleted rows are overwritten with zeros where they stood.
    pub fn overwrite_deleted(&self) -> Result<()> {
        self.connection.pragma_update(None, "secure_delete", true).map_err(|e| self.at(e))
    }

    /// Takes a document with everything derived from it out of all tables. Later revisions of it become revisions of the
    /// one before it; an outlet without documents goes. Runs inside a transaction.
    pub fn remove_document(&self, document: i64) -> Result<()> {
        self.drop_analysis(document)?;
        let later: Vec<i64> =
            self.rows("SELECT key FROM document WHERE revision_of = ?1", [document], |row| row.get(0))?;
        let remove = || -> rusqlite::Result<()> {
            self.connection.execute(
                "UPDATE document SET revision_of = (SELECT revision_of FROM document WHERE key = ?1) WHERE revision_of = ?1",
                [document],
            )?;
            for sql in [
                "DELETE FROM claim_edge WHERE parent = ?1 OR child = ?1",
                "DELETE FROM derivation WHERE parent = ?1 OR child = ?1",
                "DELETE FROM pending WHERE document = ?1",
                "DELETE FROM warning WHERE document = ?1",
                "DELETE FROM document WHERE key = ?1",
            ] {
                self.connection.execute(sql, [document])?;
            }
            self.connection.execute(
                "DELETE FROM outlet WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.outlet = outlet.key)",
                [],
            )?;
            for document in later {
                digest::seal_ground(&self.connection, document)?;
            }
            // Deleted words stay in an FTS5 index until its segments are merged.
            self.connection.execute_batch(
                "INSERT INTO statement_search (statement_search) VALUES ('optimize');
                 INSERT INTO document_search (document_search) VALUES ('optimize');",
            )
        };
        remove().map_err(|e| self.at(e))
    }

    /// Writes the file anew without its free pages and empties the write-ahead log. Needs about as much free space as the
    /// store is large.
    ///
    /// # Errors
    /// `Locked` while another program has the store open: the log then still holds what was there before.
    pub fn sweep(&self) -> Result<()> {
        let sweep = || -> rusqlite::Result<bool> {
            // In memory, the copy that VACUUM makes could be larger than the machine.
            self.connection.pragma_update(None, "temp_store", "default")?;
            self.connection.execute_batch("VACUUM")?;
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0))
        };
        let busy = sweep().map_err(|e| self.at(e))?;
        if busy { Err(StoreError::Locked(self.path.clone())) } else { Ok(()) }
    }

    /// Documents, other than this one, that hold a statement with a candidate key which more than one of these limits of
    /// statements share now and no more than it would without this document: what brought no candidates for them will bring
    /// some.
    pub fn crowded_by(&self, document: i64, limits: &[usize]) -> Result<BTreeSet<i64>> {
        let own = self.rows("SELECT key FROM statement WHERE document = ?1", [document], |row| row.get(0))?;
        let own: BTreeSet<i64> = own.into_iter().collect();
        let mut freed: BTreeSet<i64> = BTreeSet::new();
        self.scan_holders(&mut |holders| {
            let others = holders.iter().filter(|it| !own.contains(it)).count();
            if limits.iter().any(|limit| holders.len() > *limit && others <= *limit) {
                freed.extend(holders);
            }
        })?;
        let mut documents = BTreeSet::new();
        for statement in freed.difference(&own) {
            documents.extend(self.document_of(*statement)?);
        }
        Ok(documents)
    }
}
