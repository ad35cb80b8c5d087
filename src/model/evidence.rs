//! Why something derived exists.

use serde::{Deserialize, Serialize};

/// One reason: a rule or model id, what it weighs, and a note that names the words it saw.
///
/// Rule ids are dotted and stable (`cue.verb`, `link.containment`); `provenance explain ID` explains each.
/// The weight is in log-odds where a score is made of terms, else 1.0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub rule: String,
    pub weight: f64,
    pub note: String,
}

impl Evidence {
    pub fn new(rule: &str, weight: f64, note: impl Into<String>) -> Self {
        Evidence { rule: rule.to_string(), weight, note: note.into() }
    }
}
