//! Saved web pages: the stored text is the readable text, the raw page is kept; metadata comes from what the page says
//! about itself.

use super::ReadOptions;
use super::codes::error;
use super::readers::{Documents, Sample};
use crate::model::{Document, Warning};

mod depth;
mod fragment;
mod metadata;
mod readable;
mod tags;

pub(super) use fragment::text_of;

use readable::Way;

/// Tags that a page starts with.
const STARTS: &[&str] = &[
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<meta",
    "<title",
    "<article",
    "<div",
    "<p>",
    "<p ",
    "<h1",
    "<main",
    "<section",
    "<ul",
    "<table",
];

pub(super) fn sniff(sample: &Sample) -> bool {
    let mut start = sample.start();
    while let Some(rest) = start.strip_prefix("<!--").and_then(|rest| rest.split_once("-->")).map(|(_, rest)| rest) {
        start = rest.trim_start();
    }
    if let Some((_, rest)) = start.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        start = rest.trim_start();
    }
    let head: String = start.chars().take(20).collect::<String>().to_ascii_lowercase();
    STARTS.iter().any(|tag| head.starts_with(tag))
}

pub(super) fn read(sample: &Sample, _options: &ReadOptions) -> Documents {
    let objection = depth::objection(sample.text);
    let found = match &objection {
        None => readable::readable(sample.text),
        Some(_) => readable::all_blocks(sample.text),
    };
    let Some((text, way)) = found else {
        let why = objection.map_or(String::new(), |why| format!(" ({why})"));
        return vec![Err(error("E207", None, format!("no readable text was found in this page{why}")))];
    };
    let mut document = Document { text, raw: Some(sample.bytes.to_vec()), ..Document::default() };
    metadata::fill(&mut document, sample.text);
    match (objection, way) {
        (Some(why), _) => document.warnings.push(Warning::new("W111", why)),
        (None, Way::First) => {}
        (None, Way::Second) => document.warnings.push(Warning::new("W114", "readability")),
        (None, Way::AllBlocks) => document.warnings.push(Warning::new("W114", "all blocks of the page")),
    }
    vec![Ok(document)]
}

#[cfg(test)]
mod tests;
