//! `provenance verify`: is the store still what was written?

use clap::Args;
use serde_json::json;

use crate::app::{self, AppError};
use crate::store::{CHECKS, Finding, Verification};

use super::Outcome;
use super::answer::{Answer, Rows, columns, plain_table};
use super::context::Context;
use super::progress::Bar;

/// Check every stored text, row and span against its hash; exit code 5 when something does not fit.
#[derive(Args, Debug)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let bar = Bar::new();
    let seen = app::verify(&store, &bar);
    bar.done();
    Ok(answer(&seen, context))
}

fn answer(seen: &Verification, context: &Context) -> Answer {
    let checks: Vec<_> =
        CHECKS.iter().map(|(name, what)| json!({"check": name, "what": what, "failed": failed(seen, name)})).collect();
    let findings: Vec<_> = seen
        .findings
        .iter()
        .map(|it| json!({"check": it.check, "row": it.row, "what": it.what, "ground": it.ground}))
        .collect();
    let mut answer = Answer::new(json!({
        "schema": "provenance.verify/1", "documents": seen.documents, "statements": seen.statements,
        "spans": seen.spans, "links": seen.links, "pending": seen.pending, "search_compared": seen.search_compared,
        "checks": checks, "findings": findings,
    }));
    answer.list = "findings";
    answer.rows = Rows {
        columns: columns(&["check", "row", "what"]),
        rows: seen.findings.iter().map(|it| vec![it.check.to_string(), it.row.clone(), it.what.clone()]).collect(),
    };
    answer.human = Some(human(seen, &answer.rows, context));
    answer.notes = notes(seen);
    if !seen.findings.is_empty() {
        answer.outcome = Outcome::GateFailed;
    }
    answer
}

fn failed(seen: &Verification, check: &str) -> usize {
    seen.findings.iter().filter(|finding| finding.check == check).count()
}

fn human(seen: &Verification, rows: &Rows, context: &Context) -> String {
    let overview = Rows {
        columns: columns(&["check", "found", "what is looked at"]),
        rows: CHECKS
            .iter()
            .map(|(name, what)| {
                let found = match failed(seen, name) {
                    0 => "ok".to_string(),
                    failed => format!("{failed} FAILED"),
                };
                vec![name.to_string(), found, what.to_string()]
            })
            .collect(),
    };
    let mut out = plain_table(&overview, context);
    out.push_str(&format!(
        "\n{} documents, {} statements, {} spans, {} links\n",
        seen.documents, seen.statements, seen.spans, seen.links
    ));
    if !seen.findings.is_empty() {
        out.push_str(&format!("\n{}", plain_table(rows, context)));
    }
    out
}

fn notes(seen: &Verification) -> Vec<String> {
    let mut notes = Vec::new();
    let (ground, derived): (Vec<&Finding>, Vec<&Finding>) = seen.findings.iter().partition(|finding| finding.ground);
    if !ground.is_empty() {
        notes.push(
            "hint: documents or the file itself are damaged: restore a backup, or ingest the articles into a new store (--db)"
                .to_string(),
        );
    } else if !derived.is_empty() {
        notes.push("hint: only derived rows are damaged: `provenance rebuild` makes them anew".to_string());
    }
    if seen.pending > 0 {
        notes.push(format!(
            "{} documents are not linked with the others yet, so links and claims were not compared: run the ingest again",
            seen.pending
        ));
    }
    if !seen.search_compared {
        notes.push("the words of the search indices were not compared: the store can only be read here".to_string());
    }
    notes
}
