//! Doctor: the program, the store and the machine, looked over; what deserves attention says what to do.

use std::path::{Path, PathBuf};

use crate::network::kernel;
use crate::store::{self, SCHEMA_VERSION, Store, StoreError};

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symptom {
    pub name: &'static str,
    pub value: String,
    /// What to do about it, where something should be done.
    pub hint: Option<String>,
}

/// Free space under which a warning is given: an ingest writes the words of articles several times over.
const LITTLE_SPACE: u64 = 500_000_000;

/// Share of the file in free pages from which it is worth telling.
const MANY_FREE_PAGES: u64 = 2;

/// Looks everything over. Opens the store for reading; changes nothing.
pub fn doctor(db: &Path) -> Vec<Symptom> {
    let mut seen = vec![
        fine("program", format!("provenance {}", env!("CARGO_PKG_VERSION"))),
        fine("machine", format!("{} {}, {} cores", std::env::consts::OS, std::env::consts::ARCH, cores())),
        fine("SQLite", store::sqlite_version()),
        encoder(),
        tool("Graphviz", &["dot"], "only `graph --engine graphviz` needs it; the built-in pictures need nothing"),
        tool("browser", BROWSERS, "only the checks of this project's own pictures need it"),
    ];
    seen.extend(of_store(db));
    seen.extend(free_space(db));
    seen
}

fn fine(name: &'static str, value: impl Into<String>) -> Symptom {
    Symptom { name, value: value.into(), hint: None }
}

fn look(name: &'static str, value: impl Into<String>, hint: impl Into<String>) -> Symptom {
    Symptom { name, value: value.into(), hint: Some(hint.into()) }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn encoder() -> Symptom {
    let path = kernel::best();
    let value = format!("{path:?}");
    if path == kernel::Path::Portable {
        let hint = "the accurate tier is several times slower here; `--extractor rules` does not need the encoder";
        return look("encoder", format!("{value} (no vector instructions known)"), hint);
    }
    fine("encoder", value)
}

const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome", "firefox"];

/// Where a program of these names lies on the search path. Being absent is no fault: nothing of it is needed.
fn tool(name: &'static str, names: &[&str], needed_for: &str) -> Symptom {
    let folders: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    let found =
        names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file()));
    match found {
        Some(path) => fine(name, path.display().to_string()),
        None => fine(name, format!("absent ({needed_for})")),
    }
}

fn of_store(db: &Path) -> Vec<Symptom> {
    let path = fine("store", db.display().to_string());
    let store = match Store::open_read_only(db) {
        Ok(store) => store,
        Err(error @ StoreError::Missing(_)) => {
            return vec![look("store", format!("none at {}", db.display()), error.hint())];
        }
        Err(error) => return vec![path, look("store opens", format!("no: {error}"), error.hint())],
    };
    let health = match store.health() {
        Ok(health) => health,
        Err(error) => return vec![path, look("store opens", format!("no: {error}"), error.hint())],
    };
    let log = std::fs::metadata(format!("{}-wal", db.display())).map_or(0, |log| log.len());
    let mut seen = vec![
        path,
        fine("schema", format!("{} of {SCHEMA_VERSION}", health.schema)),
        fine("size", format!("{} + {} in the write-ahead log", megabytes(health.bytes), megabytes(log))),
    ];
    seen.push(match health.journal.as_str() {
        "wal" => fine("journal", "wal"),
        other => look("journal", other, "readers and writers block each other; the next ingest sets it back to wal"),
    });
    if health.free_bytes * MANY_FREE_PAGES > health.bytes {
        let hint = "`provenance forget --sweep` writes the file anew without them";
        seen.push(look("free pages", megabytes(health.free_bytes), hint));
    }
    seen.push(fine("documents", health.documents.to_string()));
    seen.push(match health.pending {
        0 => fine("pending", "0"),
        waiting => look(
            "pending",
            format!("{waiting} documents are stored but not yet linked with the others"),
            "an ingest was interrupted: run it again, or `provenance rebuild`",
        ),
    });
    if health.unsettled > 0 {
        let found = format!("{} decisions from which nothing is derived yet", health.unsettled);
        seen.push(look("decisions", found, "a review was interrupted: the next ingest or decision makes up for it"));
    }
    let writable = std::fs::OpenOptions::new().append(true).open(db).is_ok();
    if !writable {
        seen.push(look("permissions", "the store can only be read", "check the permissions before an ingest"));
    }
    seen
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1_000_000.0)
}

#[cfg(unix)]
fn free_space(db: &Path) -> Option<Symptom> {
    let folder = db.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let found = rustix::fs::statvfs(folder).ok()?;
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    let value = megabytes(free);
    Some(if free < LITTLE_SPACE {
        look("free space", value, "free some before the next ingest; a full disk loses nothing, but ends the work")
    } else {
        fine("free space", value)
    })
}

#[cfg(not(unix))]
fn free_space(_: &Path) -> Option<Symptom> {
    None
}
