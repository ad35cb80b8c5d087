//! Forget: a document leaves the store with its words, its derived rows and whatever the file still held of it.

use std::path::PathBuf;

use crate::model::{Decision, Id, IdKind};
use crate::store::{Found, Store, StoreError};

use super::link_statements::{RARE_KEY, STOCK_KEY};
use super::settle::{Scope, settle};
use super::show::unknown;
use super::{AppError, Progress, connect};

/// What a document that is to be forgotten would take with it.
#[derive(Clone, Debug)]
pub struct Forgettable {
    key: i64,
    pub id: Id,
    pub title: Option<String>,
    pub path: Option<String>,
    pub statements: usize,
    /// Decisions that name its statements. They stay in the log, without effect.
    pub decisions: Vec<Decision>,
    /// Copies beside the store, made before upgrades, which this command does not change.
    pub backups: Vec<PathBuf>,
}

/// The document with this id and what goes with it.
///
/// # Errors
/// No such id, or an id of something else.
pub fn forgettable(store: &Store, typed: &str) -> Result<Forgettable, AppError> {
    let key = match store.find_id(typed)? {
        Found::One(IdKind::Document, key, _) => key,
        Found::One(..) => {
            return Err(AppError::usage(
                format!("{typed} is not a document"),
                "documents are forgotten whole: give a document's id (d…), as `provenance show` prints it",
            ));
        }
        Found::Many(ids) => {
            return Err(AppError::usage(
                format!("{typed} is the beginning of {} ids", ids.len()),
                format!("type more of it: {}", ids.iter().map(Id::as_str).collect::<Vec<_>>().join(", ")),
            ));
        }
        Found::Nothing => return Err(unknown(typed)),
    };
    let stored = store.document(key)?.ok_or_else(|| unknown(typed))?;
    let statements: Vec<Id> = store.statements_of_document(key)?.into_iter().map(|row| row.statement.id).collect();
    let named = |id: &str| statements.iter().any(|statement| statement.as_str() == id);
    let decisions = store.decisions()?.into_iter().filter(|it| named(&it.a) || named(&it.b)).collect();
    Ok(Forgettable {
        key,
        id: stored.id,
        title: stored.document.title.map(|title| title.value),
        path: stored.document.path,
        statements: statements.len(),
        decisions,
        backups: backups(store),
    })
}

/// Files `NAME.backup-N` beside the store.
fn backups(store: &Store) -> Vec<PathBuf> {
    let Some(name) = store.path().file_name().map(|name| name.to_string_lossy().into_owned()) else {
        return Vec::new();
    };
    let folder = store.path().parent().filter(|folder| !folder.as_os_str().is_empty());
    let Ok(entries) = std::fs::read_dir(folder.unwrap_or(std::path::Path::new("."))) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|it| it.to_string_lossy().starts_with(&format!("{name}.backup-"))))
        .collect();
    found.sort();
    found
}

/// Forgets a document: rows, derived rows, search indices, free pages, write-ahead log. What depends on it is derived
/// anew.
///
/// # Errors
/// `AppError::Store` with the document gone from all tables but not yet from the bytes of the file, when another program
/// holds the store open or the disk is full: `sweep` finishes the work.
pub fn forget(store: &mut Store, it: &Forgettable, progress: &dyn Progress) -> Result<(), AppError> {
    store.overwrite_deleted()?;
    store.transaction(|store| {
        while store.index_link_keys()? {}
        let relink = store.crowded_by(it.key, &[RARE_KEY, STOCK_KEY])?;
        store.remove_document(it.key)?;
        for document in relink {
            store.mark_pending(document, true)?;
        }
        settle(store, &Scope::Everything, progress)
    })?;
    connect(store, progress)?;
    sweep(store)
}

/// Clears what deleted rows left in the bytes of the file and of its write-ahead log.
///
/// # Errors
/// The store is in use by another program, or the disk is full.
pub fn sweep(store: &Store) -> Result<(), AppError> {
    store.sweep().map_err(|error| match error {
        StoreError::Locked(path) => AppError::file(
            format!("{} is open in another program, so its write-ahead log could not be emptied", path.display()),
            "close the other program and run `provenance forget --sweep`",
        ),
        StoreError::Full(path) => AppError::file(
            format!("there is no space to write {} anew without what was deleted", path.display()),
            "free as much space as the store takes and run `provenance forget --sweep`",
        ),
        error => error.into(),
    })
}
