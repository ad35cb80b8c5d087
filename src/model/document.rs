//! A document: one ingested text version, immutable, with what is known about it and where that came from.

use serde::{Deserialize, Serialize};

use super::{Date, Id, IdKind, sha256_hex};

/// A value together with where it came from ("first line", "json-ld", "--outlet", "guess: dateline").
/// `guessed` says that the tool inferred it rather than read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known<T> {
    pub value: T,
    pub from: String,
    pub guessed: bool,
}

impl<T> Known<T> {
    pub fn read(value: T, from: &str) -> Self {
        Known { value, from: from.to_string(), guessed: false }
    }

    pub fn guessed(value: T, from: &str) -> Self {
        Known { value, from: from.to_string(), guessed: true }
    }
}

/// Something a reader noticed: a code that `provenance explain` explains, and what it saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    pub code: String,
    pub note: String,
}

impl Warning {
    pub fn new(code: &str, note: impl Into<String>) -> Self {
        Warning { code: code.to_string(), note: note.into() }
    }
}

/// One ingested text version.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The stored text: the decoded input, or the readable text of an HTML page. Never changes.
    pub text: String,
    /// Name of the reader that made it (`text`, `markdown`, `html`, `jsonl`, …).
    pub format: String,
    pub title: Option<Known<String>>,
    /// Outlet name as printed or guessed; `None` where unknown.
    pub outlet: Option<Known<String>>,
    pub author: Option<Known<String>>,
    pub published: Option<Known<Date>>,
    pub modified: Option<Known<Date>>,
    pub captured: Option<Known<Date>>,
    pub url: Option<Known<String>>,
    /// ISO 639-1 code (`en`, `de`, `ru`); `None` where undetected.
    pub language: Option<Known<String>>,
    pub external_id: Option<String>,
    pub path: Option<String>,
    /// The raw record (HTML page, JSON line), where the text is not the whole input.
    pub raw: Option<Vec<u8>>,
    pub warnings: Vec<Warning>,
}

impl Document {
    /// SHA-256 of the stored text.
    pub fn sha256(&self) -> String {
        sha256_hex(self.text.as_bytes())
    }

    pub fn outlet_name(&self) -> &str {
        self.outlet.as_ref().map_or("", |outlet| outlet.value.as_str())
    }

    /// The public id: derived from text and outlet.
    pub fn id(&self) -> Id {
        Id::of(IdKind::Document, &[&self.text, self.outlet_name()])
    }

    pub fn language_code(&self) -> &str {
        self.language.as_ref().map_or("und", |language| language.value.as_str())
    }
}
