use crate::model::{Document, Known};
use crate::read::{Input, ReadError, ReadOptions, documents};

fn read(text: &str) -> Vec<Result<Document, ReadError>> {
    documents(&Input { bytes: text.as_bytes(), path: None }, &ReadOptions::default())
}

fn one(text: &str) -> Document {
    let mut found = read(text);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0).unwrap()
}

const BODY: &str = "The ferry will sail again on Monday, the harbour master said.";

#[test]
fn the_text_is_the_field_unchanged_and_the_line_is_kept() {
    let line = r#"{"doc_id":"x1","outlet":"Harbour Post","date":"2023-05-31","title":"Ferry","text":" Ferry.\r\n\nIt sails. "}"#;
    let document = one(line);
    assert_eq!(document.text, " Ferry.\r\n\nIt sails. ");
    assert_eq!(document.raw.as_deref(), Some(line.as_bytes()));
    assert_eq!(document.external_id.as_deref(), Some("x1"));
    assert_eq!(document.outlet, Some(Known::read("Harbour Post".into(), "field outlet")));
    assert_eq!(document.format, "jsonl");
}

#[test]
fn a_malformed_line_is_named_and_the_rest_go_on() {
    let found = read(&format!("{{\"text\":\"{BODY}\"}}\n\n{{\"text\": oops}}\n{{\"text\":\"{BODY}\"}}\n[1]\n"));
    let codes: Vec<Option<(&str, Option<usize>)>> =
        found.iter().map(|result| result.as_ref().err().map(|e| (e.code.as_str(), e.record))).collect();
    assert_eq!(codes, [None, Some(("E204", Some(3))), None, Some(("E205", Some(5)))]);
    assert!(found[1].as_ref().unwrap_err().what.contains("line 3"));
}

#[test]
fn lone_surrogates_are_replaced_and_pairs_kept() {
    let document = one(r#"{"text":"broken \ud83d here, whole \ud83d\ude00 there, \\ud83d as text"}"#);
    assert_eq!(document.text, "broken \u{FFFD} here, whole 😀 there, \\ud83d as text");
    assert!(document.warnings.iter().any(|warning| warning.code == "W105"));
}

#[test]
fn arrays_and_wrapped_lists() {
    assert_eq!(read(&format!("[\n{{\"text\":\"{BODY}\"}},\n{{\"body\":\"{BODY}\"}}]")).len(), 2);
    assert_eq!(read(&format!("{{\"documents\":[{{\"text\":\"{BODY}\"}}],\n\"claims\":[]}}")).len(), 1);
    assert_eq!(read("{\"text\":\n").remove(0).unwrap_err().code, "E204");
    assert_eq!(read("[]").remove(0).unwrap_err().code, "E201");
    assert_eq!(read("{\"a\":1}").remove(0).unwrap_err().code, "E205");
}

#[test]
fn text_that_only_starts_like_json_is_text() {
    for text in ["{{#Ticker}} Ferry sails.", "[Harbour] The ferry sails.", "{ferry} sails"] {
        assert_eq!(one(text).format, "text", "{text}");
    }
}

#[test]
fn the_map_comes_first() {
    let map = [("text".to_string(), "para".to_string())].into();
    let options = ReadOptions { map, ..ReadOptions::default() };
    let input = Input { bytes: br#"{"text":"wrong","para":"right"}"#, path: None };
    assert_eq!(documents(&input, &options).remove(0).unwrap().text, "right");
}
