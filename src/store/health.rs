//! Facts about a store and its file, for `doctor`, and a ceiling on its size, to rehearse a full disk.

use super::{Result, Store};

/// How a store is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    pub schema: i64,
    pub journal: String,
    /// Bytes of the file, and of these, bytes in free pages.
    pub bytes: u64,
    pub free_bytes: u64,
    pub documents: usize,
    pub pending: usize,
    /// Decisions from which nothing was derived yet.
    pub unsettled: usize,
}

/// The version of SQLite inside the program.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

impl Store {
    pub fn health(&self) -> Result<Health> {
        let number = |sql: &str| -> Result<u64> {
            let found: i64 = self.connection.query_row(sql, [], |row| row.get(0)).map_err(|e| self.at(e))?;
            Ok(found.max(0) as u64)
        };
        let page = number("PRAGMA page_size")?;
        Ok(Health {
            schema: number("PRAGMA user_version")? as i64,
            journal: self.connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).map_err(|e| self.at(e))?,
            bytes: number("PRAGMA page_count")? * page,
            free_bytes: number("PRAGMA freelist_count")? * page,
            documents: number("SELECT count(*) FROM document")? as usize,
            pending: number("SELECT count(*) FROM pending")? as usize,
            unsettled: self.unsettled_decisions()?.len(),
        })
    }

    /// From now on the file may have at most this many pages: a writer that needs more is told that the disk is full.
    pub fn cap_pages(&self, pages: u32) -> Result<()> {
        self.connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).map_err(|e| self.at(e))
    }
}
