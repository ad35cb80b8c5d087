//! Schema versions: numbered files in migrations/, embedded, append-only, each applied in one exclusive transaction.

use std::path::Path;

use rusqlite::Connection;

use super::{Result, StoreError};

/// Marks the file as ours in its header ("prov" in ASCII), so that `file` and other tools can tell.
pub const APPLICATION_ID: i64 = 0x7072_6f76;

/// Every migration, oldest first; the schema version is how many there are.
const MIGRATIONS: &[&str] =
    &[include_str!("../../migrations/0001_initial.sql"), include_str!("../../migrations/0002_compact.sql")];

pub const SCHEMA_VERSION: i64 = MIGRATIONS.len() as i64;

fn pragma(connection: &Connection, name: &str, path: &Path) -> Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0)).map_err(|e| StoreError::of(path, e))
}

/// Refuses files that are not ours, and files from a newer program, before anything is written.
pub(super) fn check_identity(connection: &Connection, path: &Path) -> Result<()> {
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|e| StoreError::of(path, e))?;
    if tables > 0 && pragma(connection, "application_id", path)? != APPLICATION_ID {
        return Err(StoreError::Foreign(path.to_path_buf()));
    }
    let found = pragma(connection, "user_version", path)?;
    if found > SCHEMA_VERSION {
        return Err(StoreError::Newer { path: path.to_path_buf(), found, known: SCHEMA_VERSION });
    }
    Ok(())
}

/// For readers, who cannot upgrade: the schema must be the current one.
pub(super) fn check_current(connection: &Connection, path: &Path) -> Result<()> {
    let found = pragma(connection, "user_version", path)?;
    if found < SCHEMA_VERSION {
        return Err(StoreError::Older { path: path.to_path_buf(), found, known: SCHEMA_VERSION });
    }
    Ok(())
}

/// Brings a new or older store to the current schema; an older one is copied to `NAME.backup-N` first.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<()> {
    let found = pragma(connection, "user_version", path)?;
    if found >= SCHEMA_VERSION {
        return Ok(());
    }
    if found > 0 {
        let copy = format!("{}.backup-{found}", path.display());
        connection
            .backup("main", &copy, None::<fn(rusqlite::backup::Progress)>)
            .map_err(|e| StoreError::of(path, e))?;
    }
    apply(connection).map_err(|e| StoreError::of(path, e))
}

fn apply(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive)?;
    // Another process may have migrated while this one waited for the lock.
    let found: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for migration in MIGRATIONS.iter().skip(found.max(0) as usize) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::*;

    fn refusal(setup: &str) -> Option<StoreError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        Connection::open(&path).unwrap().execute_batch(setup).unwrap();
        Store::open(&path).err()
    }

    #[test]
    fn foreign_and_newer_files_are_refused() {
        assert!(matches!(refusal("CREATE TABLE recipes (name TEXT)"), Some(StoreError::Foreign(_))));
        let newer = format!("CREATE TABLE x (y); PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 99");
        assert!(matches!(refusal(&newer), Some(StoreError::Newer { found: 99, .. })));
        assert!(refusal("").is_none());
    }

    #[test]
    fn a_text_file_is_not_a_store() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        std::fs::write(&path, "not a database, but long enough to be taken for one".repeat(40)).unwrap();
        assert!(matches!(Store::open(&path), Err(StoreError::Foreign(_))));
    }

    #[test]
    fn a_store_of_the_first_schema_keeps_its_facts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(MIGRATIONS[0]).unwrap();
        old.execute_batch(&format!(
            r#"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1;
               INSERT INTO document (key, id, sha256, text, format) VALUES (1, 'd1', '', 'Berg said: ferry', 'text');
               INSERT INTO run VALUES (1, '0', '');
               INSERT INTO statement (key, id, document, ordinal, kind, act, negated, marks_lost, zone, confidence, extractor,
                 evidence, speaker_evidence, folded, run)
                 VALUES (1, 's1', 1, 0, 'direct', 'statement', 0, 0, 'body', 1.0, 'rules',
                 '[{{"rule":"cue.verb","weight":1.0,"note":"said"}}]', '[]', 'ferry', 1);
               INSERT INTO link_key VALUES (-1, 1), (81985529216486895, 1);"#
        ))
        .unwrap();
        drop(old);
        let store = Store::open(&path).unwrap();
        assert!(folder.path().join("x.db.backup-1").exists());
        assert_eq!(store.holders(u64::MAX, 9).unwrap(), [1]);
        assert_eq!(store.holders(81_985_529_216_486_895, 9).unwrap(), [1]);
        let rows = store.statements(&[1]).unwrap();
        assert_eq!(rows[0].statement.attribution.evidence, [crate::model::Evidence::new("cue.verb", 1.0, "said")]);
        let why: String =
            store.rows("SELECT rule || ' ' || note FROM why", [], |row| row.get(0)).unwrap().pop().unwrap_or_default();
        assert_eq!(why, "cue.verb said");
        let found = store.search_statements(&["ferry".into()], false, &super::super::Filter::default()).unwrap();
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn opening_twice_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        drop(Store::open(&path).unwrap());
        drop(Store::open(&path).unwrap());
        assert!(Store::open_read_only(&path).is_ok());
        assert!(!folder.path().join("x.db.backup-1").exists());
    }
}
