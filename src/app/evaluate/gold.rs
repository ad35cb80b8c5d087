//! Gold and predictions as JSON Lines: `{doc_id, text, attributions:[{cue:[[s,e]], source:[[s,e]], content:[[s,e]]}]}`.
//!
//! Offsets are Unicode code points, end exclusive, here as in the file.

use serde::{Deserialize, Serialize};

use super::Role;

/// A range of code points.
pub type Points = (usize, usize);

/// One attribution, as gold or as predicted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Item {
    #[serde(default)]
    pub cue: Vec<Points>,
    #[serde(default)]
    pub source: Vec<Points>,
    #[serde(default)]
    pub content: Vec<Points>,
    /// Of predictions: the estimated probability of being right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// Of predictions: the rule that found it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

impl Item {
    pub fn spans(&self, role: Role) -> &[Points] {
        match role {
            Role::Source => &self.source,
            Role::Cue => &self.cue,
            Role::Content => &self.content,
        }
    }
}

/// One document of the gold (or, without its text, of a file of predictions).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GoldDocument {
    pub doc_id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(default)]
    pub attributions: Vec<Item>,
}

/// Reads JSON Lines.
///
/// # Errors
/// The number of the first line that is no document of this form, and why.
pub fn parse(text: &str) -> Result<Vec<GoldDocument>, (usize, String)> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(number, line)| serde_json::from_str(line).map_err(|error| (number + 1, error.to_string()))).collect()
}

/// Documents as JSON Lines, without their texts.
pub fn predictions_jsonl(documents: &[GoldDocument]) -> String {
    let mut out = String::new();
    for document in documents {
        let bare = GoldDocument { text: String::new(), date: None, language: None, ..document.clone() };
        out.push_str(&serde_json::to_string(&bare).unwrap_or_default());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_names_the_bad_line() {
        let line =
            r#"{"doc_id":"a","text":"“Yes”","attributions":[{"content":[[0,5]],"cue":[],"source":[]}],"title":"x"}"#;
        let documents = parse(&format!("{line}\n\n")).unwrap();
        assert_eq!(documents[0].attributions[0].content, [(0, 5)]);
        let again = parse(&predictions_jsonl(&documents)).unwrap();
        assert_eq!(again[0].attributions, documents[0].attributions);
        assert_eq!(parse("{}\n").unwrap_err().0, 1);
        assert_eq!(parse(&format!("{line}\n[1]")).unwrap_err().0, 2);
    }
}
