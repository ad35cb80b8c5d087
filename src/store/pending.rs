//! Which documents still wait to be joined and linked with the others. Emptied in the transaction that does it, so that an
//! interrupted ingest is completed by the next one.

use rusqlite::{Connection, params};

use super::postings::{LINK_KEYS, Posting};
use super::{Result, Store};

/// Candidate keys that enter the index together, at 16 bytes each: the more, the less often each of its pages is written.
const TOGETHER: i64 = 4_000_000;

/// Bytes of a candidate key that waits.
const WAITING: usize = 12;

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
    pub(super) fn keep_link_keys(&self, document: i64, keys: &[Posting]) -> rusqlite::Result<()> {
        let packed: Vec<u8> = keys.iter().flat_map(waiting).collect();
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO waiting_keys (document, keys) VALUES (?1, ?2)")?
            .execute(params![document, packed])
            .map(|_| ())
    }

    /// Whether more candidate keys wait than should enter the index in one transaction.
    pub fn many_keys_wait(&self) -> Result<bool> {
        let waiting =
            self.rows("SELECT coalesce(sum(length(keys)), 0) FROM waiting_keys", [], |row| row.get::<_, i64>(0))?;
        Ok(waiting.first().is_some_and(|bytes| bytes / WAITING as i64 > TOGETHER))
    }

    /// Puts candidate keys of waiting documents into the index, many of them in one go. Returns whether more of them wait.
    pub fn index_link_keys(&self) -> Result<bool> {
        index_link_keys(&self.connection).map_err(|e| self.at(e))
    }

    /// The waiting documents, each with whether what others have from it may have changed; by key.
    pub fn pending(&self) -> Result<Vec<(i64, bool)>> {
        self.rows("SELECT document, changed FROM pending ORDER BY document", [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    pub fn clear_pending(&self) -> Result<()> {
        self.connection.execute_batch("DELETE FROM pending").map_err(|e| self.at(e))
    }
}

/// As `Store::index_link_keys`.
pub(super) fn index_link_keys(connection: &Connection) -> rusqlite::Result<bool> {
    let mut keys: Vec<Posting> = Vec::new();
    let mut documents: Vec<i64> = Vec::new();
    let mut query = connection.prepare_cached("SELECT document, keys FROM waiting_keys ORDER BY document")?;
    let mut rows = query.query([])?;
    let mut more = false;
    while let Some(row) = rows.next()? {
        more = keys.len() as i64 >= TOGETHER;
        if more {
            break;
        }
        documents.push(row.get(0)?);
        keys.extend(row.get_ref(1)?.as_blob()?.chunks_exact(WAITING).map(no_longer_waiting));
    }
    drop(rows);
    let mut taken = connection.prepare_cached("DELETE FROM waiting_keys WHERE document = ?1")?;
    documents.iter().try_for_each(|document| taken.execute([document]).map(|_| ()))?;
    LINK_KEYS.add(connection, &mut keys)?;
    Ok(more)
}

fn waiting(it: &Posting) -> [u8; WAITING] {
    let mut bytes = [0; WAITING];
    bytes[..4].copy_from_slice(&it.key.to_le_bytes());
    bytes[4..].copy_from_slice(&it.number.to_le_bytes());
    bytes
}

/// From what `waiting` gave; of fewer bytes the missing ones count as 0.
fn no_longer_waiting(bytes: &[u8]) -> Posting {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let number = i64::from_le_bytes(std::array::from_fn(|at| byte(4 + at)));
    Posting { key: u32::from_le_bytes(std::array::from_fn(byte)), number }
}
