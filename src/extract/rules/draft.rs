//! A draft: one attribution while its unit is being read, before it becomes a model value.

use crate::model::{Act, Attribution, Evidence, Extractor};
use crate::text::Span;

#[derive(Clone, Debug)]
pub struct Draft {
    pub source: Option<Span>,
    pub cue: Option<Span>,
    pub content: Vec<Span>,
    pub act: Act,
    pub negated: bool,
    /// The rule that made it, see docs/rules.md.
    pub rule: &'static str,
    pub note: String,
    pub confidence: f64,
}

impl Draft {
    pub fn into_attribution(self) -> Attribution {
        let one = |span: Option<Span>| span.into_iter().collect();
        let mut made = Attribution::new(Extractor::Rules, one(self.source), one(self.cue), self.content);
        made.act = self.act;
        made.negated = self.negated;
        made.confidence = self.confidence;
        made.evidence.push(Evidence::new(self.rule, 1.0, self.note));
        made
    }
}
