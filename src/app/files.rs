//! From what was typed to the files to read: paths, directories (hidden and ignored files left out), standard input.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use crate::model::Document;
use crate::read::{self, Input, Members, ReadError, ReadOptions};

use super::AppError;

/// Most bytes of an input that is not articles (decisions to take over).
const LARGEST_INPUT: u64 = 512 * 1024 * 1024;

/// How many bytes are looked at to tell how many are worth fetching.
const HEAD: u64 = 64 * 1024;

/// An input of more bytes that comes in lines is read in parts of about so many; an archive always is. (No single document is
/// so long.)
const LONG: u64 = 32 * 1024 * 1024;
const PART: u64 = 4 * 1024 * 1024;

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

    /// An input of articles, in parts where it is an archive, or long and in lines. What is larger than its format allows, an
    /// endless stream for example, is fetched no further than to that limit.
    ///
    /// # Errors
    /// `E200` it cannot be read, `E203` it is too large.
    pub fn articles(&self, options: &ReadOptions) -> Result<Articles, ReadError> {
        self.articles_in_parts(LONG, PART, options)
    }

    /// As `articles`: what has more bytes than `long` is read in parts of about `part`.
    fn articles_in_parts(&self, long: u64, part: u64, options: &ReadOptions) -> Result<Articles, ReadError> {
        let failed = |error: AppError| unfetched(&error);
        let mut stream = self.open().map_err(failed)?;
        let mut head = Vec::new();
        stream.by_ref().take(HEAD).read_to_end(&mut head).map_err(|e| failed(self.unreadable(&e)))?;
        let articles = |rest: Rest| Articles { source: self.clone(), rest, part };
        if let Some(archive) = read::archive(&head) {
            let stream = Box::new(Cursor::new(head).chain(stream));
            return Ok(articles(Rest::Archive(Members::of(archive, stream))));
        }
        let limit = read::input_limit(&head, self.path().as_deref(), options);
        let size = match self {
            Source::File(path) => std::fs::metadata(path).map_or(0, |file| file.len()),
            Source::StandardInput => 0,
        };
        if size > limit as u64 {
            return Err(read::oversized(limit));
        }
        let rest = (limit as u64 + 1).saturating_sub(head.len() as u64);
        if size > long && read::comes_in_lines(&head, self.path().as_deref(), options) {
            return Ok(articles(Rest::Lines { begun: head, stream: BufReader::new(stream.take(rest)), read: 0 }));
        }
        stream.by_ref().take(rest).read_to_end(&mut head).map_err(|e| failed(self.unreadable(&e)))?;
        if head.len() > limit {
            return Err(read::oversized(limit));
        }
        Ok(articles(Rest::Whole(head)))
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

/// An input of articles on its way in.
pub struct Articles {
    source: Source,
    rest: Rest,
    part: u64,
}

/// What was not read yet.
enum Rest {
    Whole(Vec<u8>),
    /// The beginning of the next part, where the rest comes from, and how many lines were read.
    Lines {
        begun: Vec<u8>,
        stream: BufReader<std::io::Take<Box<dyn Read>>>,
        read: usize,
    },
    Archive(Members<'static>),
    Nothing,
}

impl Articles {
    /// Whether there is one part only.
    pub fn is_whole(&self) -> bool {
        matches!(self.rest, Rest::Whole(_) | Rest::Nothing)
    }

    /// The documents of the next part; `None` after the last.
    ///
    /// # Errors
    /// `E200` when it cannot be read any further.
    pub fn next(&mut self, options: &ReadOptions) -> Result<Option<Vec<Result<Document, ReadError>>>, ReadError> {
        let path = self.source.path();
        let path = path.as_deref();
        match &mut self.rest {
            Rest::Nothing => Ok(None),
            Rest::Whole(bytes) => {
                let documents = read::documents(&Input { bytes, path }, options);
                self.rest = Rest::Nothing;
                Ok(Some(documents))
            }
            Rest::Archive(members) => {
                let members = members.some(self.part as usize);
                Ok(members.map(|members| read::documents_of_members(members, path, options)))
            }
            Rest::Lines { begun, stream, read } => {
                let mut bytes = std::mem::take(begun);
                let fetched = stream.by_ref().take(self.part).read_to_end(&mut bytes);
                let fetched = fetched.and_then(|_| stream.read_until(b'\n', &mut bytes));
                fetched.map_err(|e| unfetched(&self.source.unreadable(&e)))?;
                if bytes.is_empty() {
                    return Ok(None);
                }
                let documents = read::documents_of_part(&Input { bytes: &bytes, path }, *read, options);
                *read += bytes.iter().filter(|byte| **byte == b'\n').count();
                Ok(Some(documents))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of each record: its text, or the record that failed.
    fn read(long: u64, part: u64, lines: &str) -> (usize, Vec<Result<String, Option<usize>>>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("articles.jsonl");
        std::fs::write(&path, lines).unwrap();
        let options = ReadOptions::default();
        let mut articles = Source::File(path).articles_in_parts(long, part, &options).unwrap();
        let (mut parts, mut found) = (0, Vec::new());
        while let Some(documents) = articles.next(&options).unwrap() {
            parts += 1;
            found.extend(documents.into_iter().map(|it| it.map(|it| it.text).map_err(|error| error.record)));
        }
        (parts, found)
    }

    #[test]
    fn parts_hold_what_the_whole_does() {
        let line = |n: usize| match n {
            700 => "{\"text\": broken".to_string(),
            1200 => String::new(),
            _ => format!(
                "{{\"text\": \"Article {n}: the ferry “Aurora” sailed again, said Ada Brook of Tarn harbour.\"}}"
            ),
        };
        let lines: Vec<String> = (1..=2000).map(line).collect();
        for end in ["", "\n", "\n\n"] {
            let lines = format!("{}{end}", lines.join("\n"));
            let (parts, whole) = read(u64::MAX, 4096, &lines);
            assert_eq!((parts, whole.len(), &whole[699]), (1, 1999, &Err(Some(700))));
            let (parts, found) = read(1000, 4096, &lines);
            assert!(parts > 10, "{parts}");
            assert!(found == whole);
        }
    }

    #[test]
    fn what_comes_in_no_lines_is_read_whole() {
        let list = format!("[{}]", vec!["{\"text\": \"The ferry sails.\"}"; 90].join(",\n"));
        let (parts, found) = read(100, 100, &list);
        assert_eq!((parts, found.len()), (1, 90));
    }
}
