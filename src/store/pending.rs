//! Which documents still wait to be joined and linked with the others. Emptied in the transaction that does it, so that an
//! interrupted ingest is completed by the next one.

use rusqlite::params;

use super::links::LinkKey;
use super::{Result, Store, digest};

/// Candidate keys that enter the index together, at 12 bytes each: the more, the less often each of its pages is written.
const TOGETHER: i64 = 4_000_000;

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

    /// Keeps the candidate keys of a document until they enter the index.
    pub(super) fn keep_link_keys(&self, document: i64, keys: &[LinkKey]) -> rusqlite::Result<()> {
        let packed: Vec<u8> = keys.iter().flat_map(LinkKey::packed).collect();
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO waiting_keys (document, keys) VALUES (?1, ?2)")?
            .execute(params![document, packed])
            .map(|_| ())
    }

    /// Whether more candidate keys wait than should enter the index in one transaction.
    pub fn many_keys_wait(&self) -> Result<bool> {
        let waiting =
            self.rows("SELECT coalesce(sum(length(keys)), 0) FROM waiting_keys", [], |row| row.get::<_, i64>(0))?;
        Ok(waiting.first().is_some_and(|bytes| bytes / LinkKey::PACKED as i64 > TOGETHER))
    }

    /// Puts candidate keys of waiting documents into the index, many of them in one go. Returns whether more of them wait.
    pub fn index_link_keys(&self) -> Result<bool> {
        let mut keys: Vec<LinkKey> = Vec::new();
        let mut documents: Vec<i64> = Vec::new();
        let mut index = || -> rusqlite::Result<bool> {
            let mut query =
                self.connection.prepare_cached("SELECT document, keys FROM waiting_keys ORDER BY document")?;
            let mut rows = query.query([])?;
            let mut more = false;
            while let Some(row) = rows.next()? {
                more = keys.len() as i64 >= TOGETHER;
                if more {
                    break;
                }
                documents.push(row.get(0)?);
                let packed = row.get_ref(1)?.as_blob()?;
                keys.extend(packed.chunks_exact(LinkKey::PACKED).map(LinkKey::unpacked));
            }
            drop(rows);
            let mut taken = self.connection.prepare_cached("DELETE FROM waiting_keys WHERE document = ?1")?;
            documents.iter().try_for_each(|document| taken.execute([document]).map(|_| ()))?;
            self.add_link_keys(&mut keys)?;
            Ok(more)
        };
        index().map_err(|e| self.at(e))
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
