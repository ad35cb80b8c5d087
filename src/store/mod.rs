//! The store: one SQLite file. All the SQL of the program is in this room, and nothing else is.
//!
//! The file is a public interface: STRICT tables, stock FTS5, documented views (docs/schema.md). Offsets in it are code
//! points; the functions here turn them into the byte spans that the rest of the program uses.

mod decisions;
mod documents;
mod entities;
mod error;
mod evidence;
mod graph;
mod ids;
mod links;
mod migrate;
mod pending;
mod query;
mod search;
mod statements;
mod tables;
mod unsourced;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

pub use documents::{Kept, StoredDocument};
pub use entities::{EntityCard, StoredLocal, Suggestion};
pub use error::StoreError;
pub use ids::Found;
pub use migrate::{APPLICATION_ID, SCHEMA_VERSION};
pub use query::{Cell, Table};
pub use search::{Filter, Hit};
pub use statements::{Analysis, NewStatement, StatementRow, statement_id};
pub use tables::{TableInfo, describe};

pub type Result<T> = std::result::Result<T, StoreError>;

/// How long a writer waits for another one.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// An open store.
pub struct Store {
    connection: Connection,
    path: PathBuf,
}

impl Store {
    /// Opens a store for reading and writing; makes it when it is not there; upgrades an older one.
    pub fn open(path: &Path) -> Result<Store> {
        Store::open_waiting(path, BUSY_TIMEOUT)
    }

    /// As `open`, waiting at most `patience` for another writer.
    pub fn open_waiting(path: &Path, patience: Duration) -> Result<Store> {
        let connection = Connection::open(path).map_err(|e| StoreError::opening(path, e))?;
        let mut store = Store { connection, path: path.to_path_buf() };
        store.prepare(patience)?;
        migrate::check_identity(&store.connection, path)?;
        store.connection.pragma_update(None, "journal_mode", "wal").map_err(|e| store.at(e))?;
        migrate::migrate(&mut store.connection, path)?;
        Ok(store)
    }

    /// Opens an existing store for reading only.
    pub fn open_read_only(path: &Path) -> Result<Store> {
        if !path.exists() {
            return Err(StoreError::Missing(path.to_path_buf()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(|e| StoreError::opening(path, e))?;
        let store = Store { connection, path: path.to_path_buf() };
        store.prepare(BUSY_TIMEOUT)?;
        migrate::check_identity(&store.connection, path)?;
        migrate::check_current(&store.connection, path)?;
        Ok(store)
    }

    /// A store in memory, for trial runs and tests.
    pub fn in_memory() -> Result<Store> {
        let path = PathBuf::from(":memory:");
        let connection = Connection::open_in_memory().map_err(|e| StoreError::opening(&path, e))?;
        let mut store = Store { connection, path };
        store.prepare(BUSY_TIMEOUT)?;
        migrate::migrate(&mut store.connection, Path::new(":memory:"))?;
        Ok(store)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    fn prepare(&self, patience: Duration) -> Result<()> {
        let set = || -> rusqlite::Result<()> {
            self.connection.busy_timeout(patience)?;
            self.connection.pragma_update(None, "foreign_keys", true)?;
            self.connection.pragma_update(None, "trusted_schema", false)?;
            self.connection.pragma_update(None, "synchronous", "normal")?;
            self.connection.pragma_update(None, "temp_store", "memory")?;
            self.connection.pragma_update(None, "cache_size", -65536)?;
            self.connection.set_prepared_statement_cache_capacity(64);
            Ok(())
        };
        set().map_err(|e| self.at(e))
    }

    /// Runs `work` in one immediate transaction: all of it happens or none.
    pub fn transaction<T>(&mut self, work: impl FnOnce(&Store) -> Result<T>) -> Result<T> {
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(|e| self.at(e))?;
        let outcome = work(self).and_then(|value| {
            self.connection.execute_batch("COMMIT").map_err(|e| self.at(e))?;
            Ok(value)
        });
        if outcome.is_err() && !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        outcome
    }

    /// Gives an SQLite error the name of the file it happened in.
    fn at(&self, error: rusqlite::Error) -> StoreError {
        StoreError::of(&self.path, error)
    }
}

/// Evidence and other small lists travel as JSON text.
fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "[]".to_string())
}

fn from_json<T: serde::de::DeserializeOwned + Default>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_told_that_the_store_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let mut first = Store::open(&path).unwrap();
        let outcome = first.transaction(|_| {
            let mut second = Store::open_waiting(&path, Duration::from_millis(20))?;
            let second = second.transaction(|store| store.run("1", "x"));
            assert!(matches!(second, Err(StoreError::Locked(_))), "{second:?}");
            Ok(())
        });
        assert!(outcome.is_ok());
    }

    #[test]
    fn a_failed_transaction_leaves_nothing() {
        let mut store = Store::in_memory().unwrap();
        let failed: Result<()> = store.transaction(|store| {
            store.run("1", "x")?;
            Err(StoreError::Query { what: "stop".into() })
        });
        assert!(failed.is_err());
        assert_eq!(store.runs().unwrap(), []);
        store.transaction(|store| store.run("1", "x")).unwrap();
        assert_eq!(store.runs().unwrap().len(), 1);
    }
}
