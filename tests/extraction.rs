//! Writes the predictions of a tier on gold data, for scoring by hand:
//!
//! `GOLD=gold.jsonl OUT=predictions.jsonl EXTRACTOR=rules cargo test --test extraction -- --ignored`

use std::fs;
use std::io::Write;

use provenance::extract::{ExtractOptions, attributions};
use provenance::lang::language;
use provenance::model::{Extractor, Reading};
use provenance::text::{CodePoints, Span};
use serde_json::{Value, json};

#[test]
#[ignore = "writes predictions to the files named by GOLD and OUT"]
fn write_predictions() {
    let gold = std::env::var("GOLD").expect("GOLD names a JSON Lines file");
    let out = std::env::var("OUT").expect("OUT names the file to write");
    let extractor = match std::env::var("EXTRACTOR").as_deref() {
        Ok("fast") => Extractor::Fast,
        Ok("accurate") => Extractor::Accurate,
        _ => Extractor::Rules,
    };
    let options = ExtractOptions { extractor, join_continuations: true, ..ExtractOptions::default() };
    let mut file = fs::File::create(&out).expect("OUT can be written");
    for line in fs::read_to_string(&gold).expect("GOLD can be read").lines() {
        let document: Value = serde_json::from_str(line).expect("a JSON object per line");
        let text = document["text"].as_str().unwrap_or_default();
        let reading = Reading::of_lines(text);
        let points = CodePoints::new(text);
        let spans = |spans: &[Span]| -> Value {
            spans.iter().map(|s| json!([points.at_byte(s.start), points.at_byte(s.end)])).collect()
        };
        let found: Vec<Value> = attributions(&reading, language("en"), &options)
            .iter()
            .map(|a| json!({"source": spans(&a.source), "cue": spans(&a.cue), "content": spans(&a.content), "rule": a.evidence[0].rule}))
            .collect();
        writeln!(file, "{}", json!({"doc_id": document["doc_id"], "attributions": found})).expect("OUT can be written");
    }
}
