//! Saved web pages: the stored text is the readable text, the raw page is kept.

use super::ReadOptions;
use super::codes::error;
use super::readers::{Documents, Sample};
use crate::model::Document;

mod readable;

pub(super) fn sniff(sample: &Sample) -> bool {
    let start: String = sample.start().chars().take(2000).collect::<String>().to_ascii_lowercase();
    let start =
        start.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")).map_or(start.as_str(), |(_, rest)| rest);
    let start = start.trim_start();
    ["<!doctype html", "<html", "<head", "<body", "<meta", "<title", "<article", "<div", "<p>", "<p "]
        .iter()
        .any(|tag| start.starts_with(tag))
}

pub(super) fn read(sample: &Sample, _options: &ReadOptions) -> Documents {
    let Some(readable) = readable::readable(sample.text) else {
        return vec![Err(error("E207", None, "no readable text was found in this page"))];
    };
    vec![Ok(Document { text: readable, raw: Some(sample.bytes.to_vec()), ..Document::default() })]
}
