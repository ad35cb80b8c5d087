//! Schema versions: numbered files in migrations/, embedded, append-only, all that are missing applied in one
//! transaction, after a backup. A new store does not walk through them: `migrations/schema.sql` holds what they leave.

use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::{Batch, Connection, OpenFlags, TransactionBehavior};

use super::{Result, StoreError, digest, pending};

/// Marks the file as ours in its header ("prov" in ASCII), so that `file` and other tools can tell.
pub const APPLICATION_ID: i64 = 0x7072_6f76;

/// Every migration, oldest first; the schema version is how many there are.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_initial.sql"),
    include_str!("../../migrations/0002_compact.sql"),
    include_str!("../../migrations/0003_digests.sql"),
    include_str!("../../migrations/0004_meaning.sql"),
    include_str!("../../migrations/0005_people.sql"),
    include_str!("../../migrations/0006_shorter.sql"),
    include_str!("../../migrations/0007_aside.sql"),
    include_str!("../../migrations/0008_near.sql"),
    include_str!("../../migrations/0009_waiting_keys.sql"),
    include_str!("../../migrations/0010_postings.sql"),
    include_str!("../../migrations/0011_names.sql"),
    include_str!("../../migrations/0012_settled_decisions.sql"),
    include_str!("../../migrations/0013_spelled.sql"),
];

/// What all migrations leave, written from them by `cargo test --lib -- --ignored writes_the_schema`.
const SCHEMA: &str = include_str!("../../migrations/schema.sql");

pub const SCHEMA_VERSION: i64 = MIGRATIONS.len() as i64;

fn pragma(connection: &Connection, name: &str, path: &Path) -> Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0)).map_err(|e| StoreError::of(path, e))
}

/// Looks at the first bytes of a file before SQLite does, because SQLite, asked to open a file for writing, may write:
/// refuses what is no SQLite database, another program's, or a newer program's.
pub(super) fn check_header(path: &Path) -> Result<()> {
    let Ok(mut file) = std::fs::File::open(path) else { return Ok(()) };
    let mut head = [0u8; 100];
    let mut length = 0;
    while let Ok(read @ 1..) = file.read(&mut head[length..]) {
        length += read;
    }
    if length == 0 {
        return Ok(());
    }
    if !head.starts_with(b"SQLite format 3\0") {
        return Err(StoreError::Foreign(path.to_path_buf()));
    }
    if length < head.len() {
        return Err(StoreError::Damaged { path: path.to_path_buf(), what: "the file is cut off".to_string() });
    }
    let number = |at: usize| i64::from(i32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]));
    let (found, owner) = (number(60), number(68));
    if owner != 0 && owner != APPLICATION_ID {
        return Err(StoreError::Foreign(path.to_path_buf()));
    }
    if owner == APPLICATION_ID && found > SCHEMA_VERSION {
        return Err(StoreError::Newer { path: path.to_path_buf(), found, known: SCHEMA_VERSION });
    }
    Ok(())
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
    if !schema_is_text(connection).map_err(|e| StoreError::of(path, e))? {
        let what = "the text of its schema is not text".to_string();
        return Err(StoreError::Damaged { path: path.to_path_buf(), what });
    }
    Ok(())
}

/// SQLite takes any bytes for the name of a column; the library between it and us panics on some.
fn schema_is_text(connection: &Connection) -> rusqlite::Result<bool> {
    let mut query = connection.prepare("SELECT name, sql FROM sqlite_schema")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..2 {
            let bytes = row.get_ref(column)?.as_bytes_or_null().unwrap_or_default().unwrap_or_default();
            if std::str::from_utf8(bytes).is_err() {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// For readers, who cannot upgrade: the schema must be the current one.
pub(super) fn check_current(connection: &Connection, path: &Path) -> Result<()> {
    let found = pragma(connection, "user_version", path)?;
    if found == 0 {
        // Somebody else is just making it.
        return Err(StoreError::Missing(path.to_path_buf()));
    }
    if found < SCHEMA_VERSION {
        return Err(StoreError::Older { path: path.to_path_buf(), found, known: SCHEMA_VERSION });
    }
    Ok(())
}

/// Brings a new or older store to the current schema; an older one is copied to `NAME.backup-N` first.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<()> {
    migrate_watched(connection, path, &mut |_| Ok(()))
}

/// As `migrate`; `watch` is told the number of every step before it is taken, and may stop the work.
fn migrate_watched(
    connection: &mut Connection,
    path: &Path,
    watch: &mut dyn FnMut(usize) -> rusqlite::Result<()>,
) -> Result<()> {
    if pragma(connection, "user_version", path)? >= SCHEMA_VERSION {
        return Ok(());
    }
    let at = |e| StoreError::of(path, e);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(at)?;
    // Another process may have migrated while this one waited for the lock.
    let found = pragma(&transaction, "user_version", path)?;
    if found >= SCHEMA_VERSION {
        return Ok(());
    }
    if found > 0 {
        back_up(path, found)?;
    }
    apply(&transaction, found, watch).map_err(at)?;
    transaction.commit().map_err(at)
}

/// Copies the store to `NAME.backup-N`; the name is given once the copy is whole. Reads through a connection of its own,
/// which sees what was there before the upgrade began.
fn back_up(path: &Path, version: i64) -> Result<()> {
    let named = |ending: &str| PathBuf::from(format!("{}.backup-{version}{ending}", path.display()));
    let (unfinished, copy) = (named(".part"), named(""));
    let _ = std::fs::remove_file(&unfinished);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags)
        .and_then(|source| source.backup("main", &unfinished, None::<fn(rusqlite::backup::Progress)>))
        .map_err(|e| StoreError::of(&unfinished, e))?;
    std::fs::rename(&unfinished, &copy).map_err(|e| StoreError::Unwritable { path: copy.clone(), what: e.to_string() })
}

fn apply(
    connection: &Connection,
    found: i64,
    watch: &mut dyn FnMut(usize) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut step = 0;
    let mut next = || -> rusqlite::Result<()> {
        step += 1;
        watch(step)
    };
    let missing = if found > 0 { &MIGRATIONS[found as usize..] } else { &[SCHEMA] };
    for migration in missing {
        let mut statements = Batch::new(connection, migration);
        while let Some(mut statement) = statements.next()? {
            next()?;
            statement.raw_execute()?;
        }
    }
    next()?;
    while pending::index_link_keys(connection)? {}
    next()?;
    digest::seal_everything(connection)?;
    next()?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    next()?;
    connection.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    next()
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
        let found = store.search_statements(&["ferry".into()], false, &super::super::Filter::default(), 9).unwrap();
        assert_eq!(found.best.len(), 1);
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

    /// A store of the first schema with a row in it.
    fn old_store(path: &Path) {
        let connection = Connection::open(path).unwrap();
        connection.execute_batch(MIGRATIONS[0]).unwrap();
        let outlet = crate::model::Outlet::named("Harbour Post").id;
        connection
            .execute_batch(&format!(
                "INSERT INTO outlet (id, name) VALUES ('{outlet}', 'Harbour Post');
                 PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1; PRAGMA journal_mode = wal;"
            ))
            .unwrap();
    }

    fn schema(path: &Path) -> (i64, Vec<String>) {
        let connection = Connection::open(path).unwrap();
        let version = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        let mut statement = connection.prepare("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name").unwrap();
        let names = statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap();
        (version, names)
    }

    #[test]
    fn an_older_store_is_upgraded_after_a_backup() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        old_store(&path);
        let old = schema(&path);
        assert!(matches!(Store::open_read_only(&path), Err(StoreError::Older { found: 1, .. })));
        let store = Store::open(&path).unwrap();
        assert!(store.verify(&|_, _| ()).findings.is_empty(), "{:?}", store.verify(&|_, _| ()));
        drop(store);
        assert_eq!(schema(&path).0, SCHEMA_VERSION);
        assert_eq!(schema(&folder.path().join("x.db.backup-1")), old);
    }

    /// Stops the upgrade before every step, once with an error and once as if the power went: the files are copied as
    /// they lie in the middle of the work, which is what a killed program leaves.
    #[test]
    fn an_upgrade_that_stops_anywhere_leaves_the_old_store() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let steps = {
            let mut counted = 0;
            let mut connection = Connection::open(folder.path().join("count.db")).unwrap();
            old_store(&folder.path().join("count.db"));
            migrate_watched(&mut connection, &folder.path().join("count.db"), &mut |step| {
                counted = step;
                Ok(())
            })
            .unwrap();
            counted
        };
        assert!(steps > 5);
        old_store(&path);
        let old = schema(&path);
        for stop in 1..=steps {
            let mut connection = Connection::open(&path).unwrap();
            // Spilled pages reach the log before the commit, as in a large upgrade.
            connection.execute_batch("PRAGMA cache_size = 1; PRAGMA cache_spill = 1;").unwrap();
            let copy = folder.path().join(format!("killed-{stop}.db"));
            let outcome = migrate_watched(&mut connection, &path, &mut |step| {
                if step < stop {
                    return Ok(());
                }
                for ending in ["", "-wal"] {
                    let from = format!("{}{ending}", path.display());
                    if Path::new(&from).exists() {
                        std::fs::copy(from, format!("{}{ending}", copy.display())).unwrap();
                    }
                }
                Err(rusqlite::Error::InvalidQuery)
            });
            assert!(outcome.is_err(), "step {stop}");
            drop(connection);
            assert_eq!(schema(&path), old, "step {stop}");
            assert_eq!(schema(&copy), old, "killed before step {stop}");
            assert_eq!(schema(&folder.path().join("x.db.backup-1")), old);
            drop(Store::open(&copy).unwrap());
            assert_eq!(schema(&copy).0, SCHEMA_VERSION, "step {stop}");
        }
        drop(Store::open(&path).unwrap());
        assert_eq!(schema(&path).0, SCHEMA_VERSION);
    }

    /// What `CREATE` said for everything there is, oldest first, but for what FTS5 makes by itself.
    fn created(connection: &Connection) -> String {
        let mut statement = connection
            .prepare(
                "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL
                 AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY rowid",
            )
            .unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(|sql| format!("{};\n\n", sql.unwrap())).collect()
    }

    fn migrated() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.iter().for_each(|migration| connection.execute_batch(migration).unwrap());
        connection
    }

    const SCHEMA_HEAD: &str =
        "-- What the numbered files leave, for new stores. Made from them: never written by hand.\n\n";

    #[test]
    fn a_new_store_is_what_the_migrations_leave() {
        assert_eq!(SCHEMA, format!("{SCHEMA_HEAD}{}", created(&migrated())));
        let fresh = Connection::open_in_memory().unwrap();
        fresh.execute_batch(SCHEMA).unwrap();
        assert_eq!(created(&fresh), created(&migrated()));
    }

    #[test]
    #[ignore = "changes a file: after a new migration"]
    fn writes_the_schema() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/schema.sql");
        std::fs::write(path, format!("{SCHEMA_HEAD}{}", created(&migrated()))).unwrap();
    }

    #[test]
    fn a_newer_store_is_not_touched_even_with_a_log_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let (path, copy) = (folder.path().join("x.db"), folder.path().join("y.db"));
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(&format!(
                "PRAGMA journal_mode = wal; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 99;
                 CREATE TABLE x (y); PRAGMA wal_checkpoint(TRUNCATE); INSERT INTO x VALUES (1);"
            ))
            .unwrap();
        let files =
            |path: &Path| ["", "-wal"].map(|ending| std::fs::read(format!("{}{ending}", path.display())).unwrap());
        for ending in ["", "-wal"] {
            std::fs::copy(format!("{}{ending}", path.display()), format!("{}{ending}", copy.display())).unwrap();
        }
        let before = files(&copy);
        assert!(!before[1].is_empty());
        assert!(matches!(Store::open(&copy), Err(StoreError::Newer { found: 99, .. })));
        assert!(matches!(Store::open_read_only(&copy), Err(StoreError::Newer { found: 99, .. })));
        assert_eq!(files(&copy), before);
    }

    #[test]
    fn a_cut_off_file_is_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        drop(Store::open(&path).unwrap());
        let whole = std::fs::read(&path).unwrap();
        for length in [20, 99, 100, 600, 4096, whole.len() / 2, whole.len() - 4096] {
            std::fs::write(&path, &whole[..length]).unwrap();
            let outcome = Store::open(&path);
            let damaged = match &outcome {
                Ok(store) => !store.verify(&|_, _| ()).findings.is_empty(),
                Err(error) => matches!(error, StoreError::Damaged { .. } | StoreError::Foreign(_)),
            };
            assert!(damaged, "{length}: {:?}", outcome.err());
        }
    }
}
