//! What can go wrong with a store, in words for people, with the way out.

use std::path::{Path, PathBuf};

/// A store problem. `hint()` says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("there is no store at {}", .0.display())]
    Missing(PathBuf),
    #[error("{} is not a provenance store", .0.display())]
    Foreign(PathBuf),
    #[error("{} was written by a newer version (schema {found}, this program knows {known})", path.display())]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error("{} has an older schema ({found}, this program writes {known})", path.display())]
    Older { path: PathBuf, found: i64, known: i64 },
    #[error("{} is being written by another process", .0.display())]
    Locked(PathBuf),
    #[error("{} is damaged: {what}", path.display())]
    Damaged { path: PathBuf, what: String },
    #[error("{} cannot be written: {what}", path.display())]
    Unwritable { path: PathBuf, what: String },
    #[error("the disk is full while writing {}", .0.display())]
    Full(PathBuf),
    #[error("{what}")]
    Query { what: String },
}

impl StoreError {
    pub fn hint(&self) -> String {
        match self {
            StoreError::Missing(_) => "make one with `provenance ingest PATH…`, or name another with --db".into(),
            StoreError::Foreign(_) => "name another file with --db; this one was left as it is".into(),
            StoreError::Newer { .. } => "update provenance; the file was left as it is".into(),
            StoreError::Older { .. } => {
                "run `provenance rebuild` once to bring it up to date (a backup is kept beside it)".into()
            }
            StoreError::Locked(_) => "wait for the other ingest to end and run this again".into(),
            StoreError::Damaged { .. } => {
                "run `provenance verify`; restore a backup, or ingest the documents into a new store with --db".into()
            }
            StoreError::Unwritable { .. } => {
                "check the permissions of the file and its folder, or name another with --db".into()
            }
            StoreError::Full(path) => format!(
                "free some space, at least {} MB, and run this again; what was stored before is intact",
                std::fs::metadata(path).map_or(0, |file| file.len()) / 1_000_000 + 10
            ),
            StoreError::Query { .. } => "`provenance schema` lists the tables and views".into(),
        }
    }

    pub(super) fn opening(path: &Path, error: rusqlite::Error) -> StoreError {
        Self::of(path, error)
    }

    pub(super) fn of(path: &Path, error: rusqlite::Error) -> StoreError {
        use rusqlite::ErrorCode::*;
        let path = path.to_path_buf();
        let what = error.to_string();
        match error.sqlite_error_code() {
            Some(DatabaseBusy | DatabaseLocked) => StoreError::Locked(path),
            Some(NotADatabase) => StoreError::Foreign(path),
            Some(DatabaseCorrupt) => StoreError::Damaged { path, what },
            Some(ReadOnly | CannotOpen | PermissionDenied) => StoreError::Unwritable { path, what },
            Some(DiskFull) => StoreError::Full(path),
            Some(SystemIoFailure) => StoreError::Unwritable { path, what },
            // Our own queries are well-formed: where one fails for any other reason, the file is not what it should be.
            _ => StoreError::Damaged { path, what },
        }
    }
}
