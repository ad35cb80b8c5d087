//! JSON and JSON Lines: one object is one document. The raw record is kept; the stored text is its text field, unchanged.

use std::borrow::Cow;

use serde_json::Value;

use super::codes::error;
use super::fields::{fill, find};
use super::partial::{Partial, partial};
use super::readers::{Documents, Sample, too_large};
use super::{DOCUMENT_LIMIT, ReadError, ReadOptions};
use crate::model::{Document, Warning};

/// The name of the reader of lines.
pub(super) const LINES: &str = "jsonl";

pub(super) fn sniff_lines(sample: &Sample) -> bool {
    let mut lines = sample.text.lines().filter(|line| !line.trim().is_empty());
    let whole = |line: &str| line.trim_start().starts_with('{') && parse(line).is_ok();
    match (lines.next(), lines.next()) {
        (Some(first), None) => whole(first),
        (Some(first), Some(second)) => {
            let looks = first.trim_start().starts_with("{\"") && second.trim_start().starts_with('{');
            looks && [first, second].into_iter().chain(lines.take(20)).any(whole)
        }
        _ => false,
    }
}

pub(super) fn sniff(sample: &Sample) -> bool {
    let start = sample.start();
    let inner = |rest: &str, starts: &[char]| rest.trim_start().starts_with(starts);
    match start.chars().next() {
        Some('{') => inner(&start[1..], &['"', '}']),
        Some('[') => inner(&start[1..], &['{', ']']) && !start.starts_with("[]("),
        _ => false,
    }
}

pub(super) fn read_lines(sample: &Sample, options: &ReadOptions) -> Documents {
    let numbered = (sample.lines_before + 1..).zip(sample.text.split('\n')).filter(|(_, line)| !line.trim().is_empty());
    let mut found = Vec::new();
    for (number, line) in numbered {
        match line_value(line, number) {
            Ok((value, repaired)) => found.push(document(&value, Some(number), line.as_bytes(), repaired, options)),
            Err(failure) => found.push(Err(failure)),
        }
    }
    found
}

fn line_value(line: &str, number: usize) -> Result<(Value, usize), ReadError> {
    if line.len() > DOCUMENT_LIMIT {
        return Err(too_large(Some(number), line.len()));
    }
    parse(line).map_err(|failure| {
        let what = format!("line {number}: malformed JSON at column {}: {}", failure.column(), short(&failure));
        error("E204", Some(number), what)
    })
}

pub(super) fn read(sample: &Sample, options: &ReadOptions) -> Documents {
    let (value, repaired) = match parse(sample.text) {
        Ok(parsed) => parsed,
        Err(failure) => {
            let what =
                format!("line {}: malformed JSON at column {}: {}", failure.line(), failure.column(), short(&failure));
            return vec![Err(error("E204", Some(failure.line()), what))];
        }
    };
    let list = match &value {
        Value::Array(items) => Some(items),
        Value::Object(object) => ["documents", "articles", "items", "posts", "results", "data"]
            .iter()
            .find_map(|name| object.get(*name).and_then(Value::as_array))
            .filter(|items| items.first().is_none_or(Value::is_object) && find(&value, "text", options).is_none()),
        _ => None,
    };
    match list {
        None => vec![document(&value, None, sample.text.as_bytes(), repaired, options)],
        Some(items) if items.is_empty() => vec![Err(error("E201", None, "the list of documents is empty"))],
        Some(items) => (1..)
            .zip(items)
            .map(|(number, item)| document(item, Some(number), item.to_string().as_bytes(), repaired, options))
            .collect(),
    }
}

fn document(
    value: &Value,
    record: Option<usize>,
    raw: &[u8],
    repaired: usize,
    options: &ReadOptions,
) -> Result<Document, ReadError> {
    if !value.is_object() {
        return Err(error("E205", record, "this record is no JSON object, so it has no fields"));
    }
    let (text, note) = match (find(value, "text", options), partial(value)) {
        (Some((text, _)), _) => (text, None),
        (None, Some(Partial::Text(text, note))) => (text, Some(note)),
        (None, Some(Partial::OwnStatement)) => {
            let what = "a line of exported statements holds no article text; read what `export json` writes instead";
            return Err(error("E205", record, what));
        }
        (None, None) => return Err(no_text(value, record)),
    };
    if text.len() > DOCUMENT_LIMIT {
        return Err(too_large(record, text.len()));
    }
    let mut document = Document { text: text.replace('\0', ""), raw: Some(raw.to_vec()), ..Document::default() };
    fill(&mut document, value, options);
    document.warnings.extend(note.map(|note| Warning::new("W112", note)));
    if repaired > 0 && document.text.contains('\u{FFFD}') {
        document.warnings.push(Warning::new("W105", format!("{repaired} lone surrogates in the JSON")));
    }
    Ok(document)
}

fn no_text(value: &Value, record: Option<usize>) -> ReadError {
    let names: Vec<&str> =
        value.as_object().into_iter().flat_map(|object| object.keys()).map(String::as_str).take(12).collect();
    let place = record.map_or(String::new(), |number| format!("record {number}: "));
    error("E205", record, format!("{place}no field holds the article text; fields here: {}", names.join(", ")))
}

/// Parses JSON; half characters (lone surrogates), which some programs write, become U+FFFD and are counted.
fn parse(text: &str) -> Result<(Value, usize), serde_json::Error> {
    match serde_json::from_str(text) {
        Ok(value) => Ok((value, 0)),
        Err(failure) => match without_lone_surrogates(text) {
            (Cow::Owned(repaired), count) => Ok((serde_json::from_str(&repaired)?, count)),
            (Cow::Borrowed(_), _) => Err(failure),
        },
    }
}

/// Rewrites every `\uD800`–`\uDFFF` escape that is not half of a pair to `\uFFFD`.
fn without_lone_surrogates(text: &str) -> (Cow<'_, str>, usize) {
    let unit = |at: usize| -> Option<u32> {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(digits, 16).ok().filter(|_| digits.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    let bytes = text.as_bytes();
    let (mut out, mut kept, mut count, mut at) = (String::new(), 0, 0, 0);
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        match (unit(at), unit(at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => at += 12,
            (Some(0xD800..=0xDFFF), _) => {
                out.push_str(&text[kept..at]);
                out.push_str("\\uFFFD");
                at += 6;
                kept = at;
                count += 1;
            }
            _ => at += 2,
        }
    }
    if count == 0 {
        return (Cow::Borrowed(text), 0);
    }
    out.push_str(&text[kept..]);
    (Cow::Owned(out), count)
}

/// The parser's message without its own line and column.
fn short(failure: &serde_json::Error) -> String {
    let message = failure.to_string();
    message.split(" at line ").next().unwrap_or("").to_string()
}

#[cfg(test)]
mod tests;
