//! From what was typed to the files to read: paths, directories (hidden and ignored files left out), standard input.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::AppError;

/// Larger inputs are refused: a document beyond this is not an article. Archives of many records may be larger.
pub const LARGEST_INPUT: u64 = 512 * 1024 * 1024;

/// One input to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    File(PathBuf),
    StandardInput,
}

impl Source {
    pub fn name(&self) -> String {
        match self {
            Source::File(path) => path.display().to_string(),
            Source::StandardInput => "standard input".to_string(),
        }
    }

    /// The bytes, or why they cannot be had.
    pub fn bytes(&self) -> Result<Vec<u8>, AppError> {
        match self {
            Source::File(path) => {
                let size = std::fs::metadata(path).map_err(|e| unreadable(path, &e))?.len();
                if size > LARGEST_INPUT {
                    return Err(AppError::file(
                        format!("{} is too large ({} MB)", path.display(), size / 1_000_000),
                        format!("split it; one input may have {} MB", LARGEST_INPUT / 1_000_000),
                    ));
                }
                std::fs::read(path).map_err(|e| unreadable(path, &e))
            }
            Source::StandardInput => {
                let mut bytes = Vec::new();
                let limit = LARGEST_INPUT + 1;
                std::io::stdin()
                    .lock()
                    .take(limit)
                    .read_to_end(&mut bytes)
                    .map_err(|e| AppError::file(format!("standard input: {e}"), "pipe a file in, or name a path"))?;
                if bytes.len() as u64 > LARGEST_INPUT {
                    return Err(AppError::file("standard input is too large", "split it into several inputs"));
                }
                Ok(bytes)
            }
        }
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> AppError {
    let hint = match error.kind() {
        std::io::ErrorKind::NotFound => "check the spelling; relative paths start from the current directory",
        std::io::ErrorKind::PermissionDenied => "check the permissions of the file",
        _ => "check that it is a readable file",
    };
    AppError::file(format!("{}: {error}", path.display()), hint)
}

/// Expands what was typed, in order; directories are walked in name order. Each failure stands in its place.
pub fn sources(typed: &[PathBuf]) -> Vec<Result<Source, AppError>> {
    let mut found = Vec::new();
    for path in typed {
        if path.as_os_str() == "-" {
            found.push(Ok(Source::StandardInput));
        } else if path.is_dir() {
            found.extend(walk(path));
        } else {
            // What is not there is reported by name now rather than after the rest is read.
            found.push(std::fs::metadata(path).map(|_| Source::File(path.clone())).map_err(|e| unreadable(path, &e)));
        }
    }
    found
}

fn walk(folder: &Path) -> Vec<Result<Source, AppError>> {
    let mut found = Vec::new();
    let walker = ignore::WalkBuilder::new(folder).sort_by_file_path(|a, b| a.cmp(b)).build();
    for entry in walker {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                found.push(Ok(Source::File(entry.into_path())));
            }
            Ok(_) => {}
            Err(e) => found.push(Err(AppError::file(e.to_string(), "check the permissions of the folder"))),
        }
    }
    if found.is_empty() {
        let what = format!("{}: no files in this directory", folder.display());
        found.push(Err(AppError::file(what, "name a directory that holds articles, or the files themselves")));
    }
    found
}
