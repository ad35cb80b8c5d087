//! `provenance why ID` and `why ID ID`: terms, weights, and both passages in place.

use clap::Args;
use serde_json::json;

use crate::app::{self, AppError, Reasons};
use crate::link::LinkOptions;
use crate::model::Evidence;

use super::answer::{Answer, Rows, columns};
use super::context::Context;
use super::quoted::{facts, in_place, speaker};
use super::screen::visible;

/// Why something is as it is: the evidence of a statement, speaker, claim or link.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// A statement, claim or speaker; or the first of two statements or documents.
    id: String,
    /// The other one of a pair.
    other: Option<String>,
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let reasons = match &arguments.other {
        Some(other) => app::why_pair(&store, &arguments.id, other)?,
        None => app::why(&store, &arguments.id)?,
    };
    Ok(answer(&reasons, context))
}

fn answer(reasons: &Reasons, context: &Context) -> Answer {
    let groups: Vec<_> =
        reasons.groups.iter().map(|(about, evidence)| json!({"about": about, "evidence": evidence})).collect();
    let passages: Vec<_> = reasons.passages.iter().map(app::statement_json).collect();
    let options = LinkOptions::default();
    let link = reasons.link.as_ref().map(|link| {
        json!({"relation": link.relation.name(), "score": link.score, "probability": link.probability,
               "status": link.status.name(), "linked_from": options.linked_from(&link.evidence), "suggested_from": options.suggested})
    });
    let mut answer = Answer::new(json!({
        "schema": "provenance.why/1", "about": reasons.about, "groups": groups, "passages": passages, "link": link,
    }));
    answer.list = "groups";
    answer.rows = Rows {
        columns: columns(&["about", "rule", "weight", "note"]),
        rows: reasons
            .groups
            .iter()
            .flat_map(|(about, evidence)| {
                evidence
                    .iter()
                    .map(move |it| vec![about.clone(), it.rule.clone(), format!("{:+.2}", it.weight), it.note.clone()])
            })
            .collect(),
    };
    answer.human = Some(human(reasons, &options, context));
    answer
}

fn human(reasons: &Reasons, options: &LinkOptions, context: &Context) -> String {
    let mut out = format!("{}\n", visible(&reasons.about));
    for it in &reasons.passages {
        out.push_str(&format!("\n  {}\n    {}: {}\n", facts(it, context), speaker(it), in_place(it, context)));
    }
    for (about, evidence) in &reasons.groups {
        out.push_str(&format!("\n  {}\n", visible(about)));
        out.push_str(&waterfall(evidence));
    }
    if let Some(link) = &reasons.link {
        out.push_str(&format!(
            "\n  sum {:+.2} → probability {:.2}: {} ({}; linked from {:.2}, suggested from {:.2})\n",
            link.score,
            link.probability,
            link.relation.name().replace('_', " "),
            link.status.name(),
            options.linked_from(&link.evidence),
            options.suggested
        ));
    }
    out
}

/// One line a term: a bar to the left or right of the middle, the weight, the rule and what it saw.
fn waterfall(evidence: &[Evidence]) -> String {
    const HALF: usize = 12;
    let mut out = String::new();
    for it in evidence {
        let length = ((it.weight.abs() * 3.0).round() as usize).min(HALF);
        let bar = "▇".repeat(length);
        let (left, right) = if it.weight < 0.0 { (bar.as_str(), "") } else { ("", bar.as_str()) };
        out.push_str(&format!(
            "    {left:>HALF$}│{right:<HALF$} {:+6.2}  {}  {}\n",
            it.weight,
            it.rule,
            visible(&it.note)
        ));
    }
    if evidence.is_empty() {
        out.push_str("    (nothing recorded)\n");
    }
    out
}
