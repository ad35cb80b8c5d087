//! From what was typed to the files to read: paths, directories (hidden and ignored files left out), standard input.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::read::{self, ReadError, ReadOptions};

use super::AppError;

/// Most bytes of an input that is not articles (decisions to take over).
const LARGEST_INPUT: u64 = 512 * 1024 * 1024;

/// How many bytes are looked at to tell how many are worth fetching.
const HEAD: u64 = 64 * 1024;

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

    /// All bytes, or why they cannot be had.
    pub fn bytes(&self) -> Result<Vec<u8>, AppError> {
        let mut bytes = Vec::new();
        self.open()?.take(LARGEST_INPUT + 1).read_to_end(&mut bytes).map_err(|e| self.unreadable(&e))?;
        if bytes.len() as u64 > LARGEST_INPUT {
            return Err(AppError::file(format!("{} is too large", self.name()), "split it into several inputs"));
        }
        Ok(bytes)
    }

    /// The bytes of an input of articles. What is larger than its format allows, an endless stream for example, is
    /// fetched no further than to that limit.
    ///
    /// # Errors
    /// `E200` it cannot be read, `E203` it is too large.
    pub fn article_bytes(&self, options: &ReadOptions) -> Result<Vec<u8>, ReadError> {
        let failed = |error: AppError| unfetched(&error);
        let mut stream = self.open().map_err(failed)?;
        let mut bytes = Vec::new();
        stream.by_ref().take(HEAD).read_to_end(&mut bytes).map_err(|e| failed(self.unreadable(&e)))?;
        let limit = read::input_limit(&bytes, self.path().as_deref(), options);
        let size = match self {
            Source::File(path) => std::fs::metadata(path).map_or(0, |file| file.len()),
            Source::StandardInput => 0,
        };
        if size > limit as u64 {
            return Err(read::oversized(limit));
        }
        let rest = (limit as u64 + 1).saturating_sub(bytes.len() as u64);
        stream.take(rest).read_to_end(&mut bytes).map_err(|e| failed(self.unreadable(&e)))?;
        if bytes.len() > limit { Err(read::oversized(limit)) } else { Ok(bytes) }
    }

    /// The path as text; `None` for standard input.
    pub fn path(&self) -> Option<String> {
        match self {
            Source::File(path) => Some(path.to_string_lossy().into_owned()),
            Source::StandardInput => None,
        }
    }

    fn open(&self) -> Result<Box<dyn Read>, AppError> {
        match self {
            Source::File(path) => Ok(Box::new(File::open(path).map_err(|e| unreadable(path, &e))?)),
            Source::StandardInput => Ok(Box::new(std::io::stdin().lock())),
        }
    }

    fn unreadable(&self, error: &std::io::Error) -> AppError {
        match self {
            Source::File(path) => unreadable(path, error),
            Source::StandardInput => {
                AppError::file(format!("standard input: {error}"), "pipe a file in, or name a path")
            }
        }
    }
}

/// An input that could not be had at all, as the readers report theirs.
pub(super) fn unfetched(error: &AppError) -> ReadError {
    ReadError { code: "E200".to_string(), record: None, what: error.to_string(), hint: error.hint() }
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
