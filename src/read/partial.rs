//! Records that hold no article but single quotations: Quotebank lines, GDELT quotation graph lines, our own statements.
//!
//! Their stored text is put together from the record's own words only ("Speaker: “words”", or the words with the context
//! the record gives), and W112 says so; the record itself is kept as raw.

use serde_json::Value;

use super::fields::Record;

/// What a partial record is.
pub(super) enum Partial {
    /// The text put together, and what to say about it.
    Text(String, &'static str),
    /// One of our own exported statements: it belongs to a document that has to be read instead.
    OwnStatement,
}

pub(super) fn partial(value: &Value) -> Option<Partial> {
    if value.field("schema").is_some_and(|schema| schema.starts_with("provenance.statement/")) {
        return Some(Partial::OwnStatement);
    }
    quotebank(value).or_else(|| gdelt(value))
}

/// Quotebank: `quotation`, `speaker` ("None" where unknown).
fn quotebank(value: &Value) -> Option<Partial> {
    let quotation = value.get("quotation")?.as_str()?.trim();
    let speaker = value.field("speaker").filter(|name| !name.is_empty() && name != "None");
    let text = match speaker {
        Some(name) => format!("{name}: “{quotation}”"),
        None => format!("“{quotation}”"),
    };
    (!quotation.is_empty()).then_some(Partial::Text(text, "one quotation of Quotebank"))
}

/// GDELT: `quotes`, each with the words before and after; one line a quotation.
fn gdelt(value: &Value) -> Option<Partial> {
    let quotes = value.get("quotes")?.as_array()?;
    let lines: Vec<String> = quotes.iter().filter_map(gdelt_line).collect();
    (!lines.is_empty()).then(|| Partial::Text(lines.join("\n\n"), "quotations with some context (GDELT)"))
}

fn gdelt_line(quote: &Value) -> Option<String> {
    let part = |name: &str| quote.get(name).and_then(Value::as_str).unwrap_or("").trim().to_string();
    let (before, words, after) = (part("pre"), part("quote"), part("post"));
    (!words.is_empty()).then(|| format!("{before} “{words}” {after}").trim().to_string())
}

#[cfg(test)]
mod tests {
    use crate::read::{Input, ReadOptions, documents};

    #[track_caller]
    fn check(line: &str, text: &str) {
        let document =
            documents(&Input { bytes: line.as_bytes(), path: None }, &ReadOptions::default()).remove(0).unwrap();
        assert_eq!(document.text, text);
        assert!(document.warnings.iter().any(|warning| warning.code == "W112"));
        assert_eq!(document.published.unwrap().value.day(), Some("2019-12-01"));
        assert_eq!(document.raw.as_deref(), Some(line.as_bytes()));
    }

    #[test]
    fn quotations_of_other_collections() {
        check(
            r#"{"quoteID":"2019-1","quotation":"The ferry sails.","speaker":"Ann Writer","date":"2019-12-01 00:00:00","urls":["https://h.example/1"]}"#,
            "Ann Writer: “The ferry sails.”",
        );
        check(r#"{"quotation":"It sails.","speaker":"None","date":"2019-12-01"}"#, "“It sails.”");
        check(
            r#"{"date":"20191201T100000Z","url":"https://h.example/1","lang":"ENGLISH","quotes":[{"pre":"the master said","quote":"it sails","post":"on Monday"},{"pre":"","quote":"no","post":"he said"}]}"#,
            "the master said “it sails” on Monday\n\n“no” he said",
        );
    }

    #[test]
    fn our_own_statements_name_the_way_out() {
        let line = r#"{"schema":"provenance.statement/1","id":"s1","content":[{"exact":"x"}]}"#;
        let failure =
            documents(&Input { bytes: line.as_bytes(), path: None }, &ReadOptions::default()).remove(0).unwrap_err();
        assert!(failure.code == "E205" && failure.what.contains("export json"), "{failure:?}");
    }
}
