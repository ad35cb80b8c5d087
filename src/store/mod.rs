//! The store: one SQLite file. All the SQL of the program is in this room, and nothing else is.
//!
//! The file is a public interface: STRICT tables, stock FTS5, documented views (docs/schema.md). Offsets in it are code
//! points; the functions here turn them into the byte spans that the rest of the program uses.

mod decisions;
mod digest;
mod documents;
mod embeddings;
mod entities;
mod error;
mod evidence;
mod forget;
mod graph;
mod health;
mod ids;
mod links;
mod migrate;
mod names;
mod near;
mod pending;
mod people;
mod postings;
mod query;
mod replace_entities;
mod search;
mod settled;
mod statements;
mod tables;
mod told;
mod unsourced;
mod verify;
mod wordings;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

pub use documents::{Kept, StoredDocument};
pub use entities::{EntityCard, StoredLocal, Suggestion};
pub use error::StoreError;
pub use health::{Health, sqlite_version};
pub use ids::Found;
pub use links::{StoredClaim, Tie};
pub use migrate::{APPLICATION_ID, SCHEMA_VERSION};
pub use names::{NameRow, PlacedLocal};
pub use query::{Cell, Table};
pub use search::{Filter, Hits};
pub use statements::{Analysis, NewStatement, StatementRow, statement_id};
pub use tables::{TableInfo, describe};
pub use told::{Fellow, Told};
pub use verify::{CHECKS, Finding, Verification};
pub use wordings::{Worded, WordedStatement};

pub type Result<T> = std::result::Result<T, StoreError>;

/// How long a writer waits for another one that makes no progress.
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
        migrate::check_header(path)?;
        let connection = Connection::open(path).map_err(|e| StoreError::opening(path, e))?;
        let mut store = Store { connection, path: path.to_path_buf() };
        // Until it is known to be ours, closing must not move a write-ahead log into the file.
        store.checkpoint_on_close(false)?;
        store.prepare(patience)?;
        migrate::check_identity(&store.connection, path)?;
        store.checkpoint_on_close(true)?;
        store.use_write_ahead_log(patience)?;
        migrate::migrate(&mut store.connection, path)?;
        settled::keep_up(&store.connection).map_err(|e| store.at(e))?;
        Ok(store)
    }

    /// Opens an existing store for reading only.
    pub fn open_read_only(path: &Path) -> Result<Store> {
        if !path.exists() {
            return Err(StoreError::Missing(path.to_path_buf()));
        }
        migrate::check_header(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(|e| StoreError::opening(path, e))?;
        let store = Store { connection, path: path.to_path_buf() };
        match store.ready_to_read() {
            Err(StoreError::Unwritable { .. }) => Store::open_unchanging(path),
            outcome => outcome.map(|()| store),
        }
    }

    /// Opens a store in a place where nothing can be written: SQLite would make its `-shm` file there. Only when no
    /// write-ahead log waits beside it.
    fn open_unchanging(path: &Path) -> Result<Store> {
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        if std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
            let what = "its write-ahead log cannot be read here".to_string();
            return Err(StoreError::Unwritable { path: path.to_path_buf(), what });
        }
        let address = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(format!("file:{address}?immutable=1"), flags)
            .map_err(|e| StoreError::opening(path, e))?;
        let store = Store { connection, path: path.to_path_buf() };
        store.ready_to_read().map(|()| store)
    }

    /// From here on everything is read in one transaction: all of an answer from the same state of the store, and no lock to be
    /// taken for each query.
    fn ready_to_read(&self) -> Result<()> {
        self.prepare(BUSY_TIMEOUT)?;
        migrate::check_identity(&self.connection, &self.path)?;
        migrate::check_current(&self.connection, &self.path)?;
        self.connection.execute_batch("BEGIN").map_err(|e| self.at(e))
    }

    /// A store in memory, for trial runs and tests.
    pub fn in_memory() -> Result<Store> {
        let path = PathBuf::from(":memory:");
        let connection = Connection::open_in_memory().map_err(|e| StoreError::opening(&path, e))?;
        let mut store = Store { connection, path };
        store.prepare(BUSY_TIMEOUT)?;
        migrate::migrate(&mut store.connection, Path::new(":memory:"))?;
        settled::keep_up(&store.connection).map_err(|e| store.at(e))?;
        Ok(store)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    fn prepare(&self, patience: Duration) -> Result<()> {
        let set = || -> rusqlite::Result<()> {
            self.connection.busy_timeout(patience)?;
            self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
            // Without it SQLite looks at bound values when it plans, and plans anew whenever one changes.
            self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
            self.connection.pragma_update(None, "cell_size_check", true)?;
            self.connection.pragma_update(None, "foreign_keys", true)?;
            self.connection.pragma_update(None, "trusted_schema", false)?;
            self.connection.pragma_update(None, "synchronous", "normal")?;
            self.connection.pragma_update(None, "temp_store", "memory")?;
            self.connection.pragma_update(None, "cache_size", -65536)?;
            self.connection.set_prepared_statement_cache_capacity(128);
            Ok(())
        };
        set().map_err(|e| self.at(e))
    }

    fn checkpoint_on_close(&self, wanted: bool) -> Result<()> {
        self.connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !wanted)
            .map(|_| ())
            .map_err(|e| self.at(e))
    }

    /// SQLite does not wait when two programs make the same store at once, so this does.
    fn use_write_ahead_log(&self, patience: Duration) -> Result<()> {
        let started = Instant::now();
        loop {
            let outcome = self.connection.pragma_update(None, "journal_mode", "wal").map_err(|e| self.at(e));
            match outcome {
                Err(StoreError::Locked(_)) if started.elapsed() < patience => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                outcome => return outcome,
            }
        }
    }

    /// Runs `work` in one immediate transaction: all of it happens or none.
    pub fn transaction<T>(&mut self, work: impl FnOnce(&Store) -> Result<T>) -> Result<T> {
        self.begin()?;
        let outcome = work(self).and_then(|value| {
            self.connection.execute_batch("COMMIT").map_err(|e| self.at(e))?;
            Ok(value)
        });
        if outcome.is_err() && !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        outcome
    }

    /// Waits in a queue of writers for as long as the others get something done.
    fn begin(&self) -> Result<()> {
        let version = || self.connection.pragma_query_value(None, "data_version", |row| row.get::<_, i64>(0)).ok();
        let mut seen = version();
        loop {
            let outcome = self.connection.execute_batch("BEGIN IMMEDIATE").map_err(|e| self.at(e));
            let now = version();
            match outcome {
                Err(StoreError::Locked(_)) if now != seen => seen = now,
                outcome => return outcome,
            }
        }
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
