//! Reading: bytes in, documents out; and one document's text cut into passages, sentences, tokens and quotation pairs.
//! Knows nothing of files, stores or clocks: the caller hands over bytes.

use std::collections::BTreeMap;

use crate::lang::Language;
use crate::model::{Document, Reading, Sentence};
use crate::text;

mod archive;
mod codes;
mod complete;
mod date;
mod decode;
mod feed;
mod fields;
mod first_lines;
mod gzip;
mod html;
mod json;
mod language;
mod markdown;
mod outlets;
mod partial;
mod passages;
mod plain;
mod quality;
mod readers;
mod table;

pub use archive::{Archive, Member, Members, archive, documents_of_members};
pub use codes::{Code, ERRORS, WARNINGS, code_named};
pub use passages::passage_rules;
pub use readers::{READERS, Reader, Sample, comes_in_lines, input_limit, oversized};

/// Most bytes one document may have. A single article is a thousand times smaller.
pub const DOCUMENT_LIMIT: usize = 20_000_000;

/// Most bytes an input of many documents (JSON Lines, tables, feeds) may have.
pub const INPUT_LIMIT: usize = 512_000_000;

/// One input: its bytes and the path it came from (`None` for standard input).
pub struct Input<'a> {
    pub bytes: &'a [u8],
    pub path: Option<&'a str>,
}

/// What the user said about the inputs; all `None` means: look for it in the input.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Reader name from `READERS`; `None` sniffs the content.
    pub format: Option<String>,
    pub outlet: Option<String>,
    pub date: Option<crate::model::Date>,
    pub url: Option<String>,
    pub language: Option<String>,
    /// Field mapping for tables and JSON: our field name → the input's field name.
    pub map: BTreeMap<String, String>,
}

/// Why a document (or a whole input) could not be read. `record` is the line or record number where there is one.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("{what}")]
pub struct ReadError {
    pub code: String,
    pub record: Option<usize>,
    pub what: String,
    pub hint: String,
}

/// All documents of one input, in order; a bad record is an error in its place and the rest go on.
pub fn documents(input: &Input, options: &ReadOptions) -> Vec<Result<Document, ReadError>> {
    readers::documents(input, 0, options)
}

/// The documents of a part of an input that comes in lines; `lines_before` of them are in other parts.
pub fn documents_of_part(
    input: &Input,
    lines_before: usize,
    options: &ReadOptions,
) -> Vec<Result<Document, ReadError>> {
    let options = ReadOptions { format: Some(json::LINES.to_string()), ..options.clone() };
    readers::documents(input, lines_before, &options)
}

/// Cuts a document's text into passages, sentences, tokens and quotation pairs.
pub fn reading<'t>(text: &'t str, language: &Language) -> Reading<'t> {
    let passages = passages::passages(text, language);
    let mut sentences = Vec::new();
    for (index, passage) in passages.iter().enumerate() {
        sentences.extend(text::sentences(text, passage.span).into_iter().map(|span| Sentence { span, passage: index }));
    }
    Reading { text, passages, sentences, tokens: text::tokens(text), quotes: text::quote_pairs(text) }
}
