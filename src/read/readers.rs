//! The table of readers and the way through it: decode, detect the format by content, read, complete.

use rayon::prelude::*;

use super::codes::error;
use super::complete::complete;
use super::decode::decode;
use super::{
    DOCUMENT_LIMIT, INPUT_LIMIT, Input, ReadError, ReadOptions, archive, feed, gzip, html, json, markdown, plain, table,
};
use crate::model::{Document, Warning};

/// What a sniff or read function sees: the decoded text of the whole input, and where it came from.
pub struct Sample<'a> {
    pub text: &'a str,
    pub path: Option<&'a str>,
    /// The bytes as given.
    pub bytes: &'a [u8],
    /// Lines of the input that other parts of it hold.
    pub lines_before: usize,
}

impl Sample<'_> {
    /// The text without leading white space.
    pub fn start(&self) -> &str {
        self.text.trim_start()
    }

    pub fn path_ends(&self, endings: &[&str]) -> bool {
        let path = self.path.unwrap_or("").to_ascii_lowercase();
        endings.iter().any(|ending| path.ends_with(ending))
    }
}

pub(super) type Documents = Vec<Result<Document, ReadError>>;

/// One input format.
pub struct Reader {
    pub name: &'static str,
    pub accepts: &'static str,
    /// Whether one input holds many documents (the size limit then holds for each record).
    pub many: bool,
    pub sniff: fn(&Sample) -> bool,
    pub read: fn(&Sample, &ReadOptions) -> Documents,
}

/// Every reader, in the order their sniff functions are asked; the last takes everything.
pub const READERS: &[Reader] = &[
    Reader {
        name: "feed",
        accepts: "RSS 2.0, Atom and JSON Feed files",
        many: true,
        sniff: feed::sniff,
        read: feed::read,
    },
    Reader {
        name: "html",
        accepts: "saved web pages (readable text, JSON-LD and OpenGraph metadata)",
        many: false,
        sniff: html::sniff,
        read: html::read,
    },
    Reader {
        name: json::LINES,
        accepts: "JSON Lines, one article a line (trafilatura, news-please, newspaper4k, Webz.io, our own, …)",
        many: true,
        sniff: json::sniff_lines,
        read: json::read_lines,
    },
    Reader {
        name: "json",
        accepts: "a JSON object or array of articles, our own export",
        many: true,
        sniff: json::sniff,
        read: json::read,
    },
    Reader {
        name: "markdown",
        accepts: "Markdown, with front matter or without",
        many: false,
        sniff: markdown::sniff,
        read: markdown::read,
    },
    Reader {
        name: "table",
        accepts: "CSV, TSV and other delimited tables with field names in the first row",
        many: true,
        sniff: table::sniff,
        read: table::read,
    },
    Reader { name: "text", accepts: "plain text", many: false, sniff: |_| true, read: plain::read },
];

pub(super) fn documents(input: &Input, lines_before: usize, options: &ReadOptions) -> Documents {
    if let Some(kind) = archive::archive(input.bytes) {
        let members = archive::Members::of(kind, Box::new(input.bytes)).collect();
        return archive::documents_of_members(members, input.path, options);
    }
    documents_of_file(input, lines_before, None, options, &|_| {})
}

/// The documents of an input that is no archive. `charset` came with it from outside; `known` adds what else is known of
/// each document from there.
pub(super) fn documents_of_file(
    input: &Input,
    lines_before: usize,
    charset: Option<&str>,
    options: &ReadOptions,
    known: &(dyn Fn(&mut Document) + Sync),
) -> Documents {
    let decoded = gzip::unpacked(input.bytes).and_then(|bytes| decode(&bytes, charset));
    let decoded = match decoded {
        Ok(decoded) => decoded,
        Err(failure) => return vec![Err(failure)],
    };
    let sample = Sample { text: &decoded.text, path: input.path, bytes: input.bytes, lines_before };
    let reader = match reader_for(&sample, options) {
        Ok(reader) => reader,
        Err(failure) => return vec![Err(failure)],
    };
    if !reader.many && decoded.text.len() > DOCUMENT_LIMIT {
        return vec![Err(too_large(None, decoded.text.len()))];
    }
    let mut found = (reader.read)(&sample, options);
    found.par_iter_mut().filter_map(|result| result.as_mut().ok()).for_each(|document| {
        document.format = reader.name.to_string();
        document.path = input.path.map(str::to_string);
        add_decode_warnings(document, &decoded.warnings, reader.many);
        known(document);
        complete(document, options);
    });
    found
}

/// A replaced byte concerns the documents that hold the replacement; where one input is one document, that one.
fn add_decode_warnings(document: &mut Document, warnings: &[Warning], many: bool) {
    for warning in warnings {
        if !many || warning.code == "W105" && document.text.contains('\u{FFFD}') {
            document.warnings.insert(0, warning.clone());
        }
    }
}

/// How many bytes of an input are worth fetching, judged by its first bytes: the limit for one document, or for a file
/// of many. Whoever fetches may stop there and report [`oversized`].
pub fn input_limit(head: &[u8], path: Option<&str>, options: &ReadOptions) -> usize {
    let unpacked = head.starts_with(&[0x1F, 0x8B]).then(|| gzip::beginning(head));
    let head = unpacked.as_deref().unwrap_or(head);
    let Ok(decoded) = decode(head, None) else { return DOCUMENT_LIMIT };
    let sample = Sample { text: &decoded.text, path, bytes: head, lines_before: 0 };
    let many = reader_for(&sample, options).is_ok_and(|reader| reader.many);
    if many { INPUT_LIMIT } else { DOCUMENT_LIMIT }
}

/// Whether every line of an input is a record of its own, judged by its first bytes: a long one can then be read in parts.
pub fn comes_in_lines(head: &[u8], path: Option<&str>, options: &ReadOptions) -> bool {
    // Packed, or of characters of several bytes each: a line end cannot be told.
    if head.starts_with(&[0x1F, 0x8B]) || head.contains(&0) {
        return false;
    }
    let Ok(decoded) = decode(head, None) else { return false };
    let sample = Sample { text: &decoded.text, path, bytes: head, lines_before: 0 };
    reader_for(&sample, options).is_ok_and(|reader| reader.name == json::LINES)
}

/// The error for an input of more than `limit` bytes.
pub fn oversized(limit: usize) -> ReadError {
    error("E203", None, format!("too_large: the input is over {} MB", limit / 1_000_000))
}

fn reader_for(sample: &Sample, options: &ReadOptions) -> Result<&'static Reader, ReadError> {
    let Some(name) = &options.format else {
        let found = READERS.iter().find(|reader| (reader.sniff)(sample));
        return found.ok_or_else(|| error("E206", None, "no reader takes this input"));
    };
    READERS.iter().find(|reader| reader.name == name).ok_or_else(|| {
        let names: Vec<&str> = READERS.iter().map(|reader| reader.name).collect();
        error("E206", None, format!("no reader is called `{name}`; there are: {}", names.join(", ")))
    })
}

pub(super) fn too_large(record: Option<usize>, bytes: usize) -> ReadError {
    let (size, limit) = (bytes.div_ceil(1_000_000), DOCUMENT_LIMIT / 1_000_000);
    error("E203", record, format!("too_large: {size} MB, the limit for one document is {limit} MB"))
}
