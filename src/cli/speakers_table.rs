//! `provenance people`: a table of names with Wikidata ids, brought along by the user.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use crate::app::{self, AppError, RowError, TableReport};

use super::Outcome;
use super::answer::{Answer, Rows, columns};
use super::context::Context;
use super::progress::Bar;
use super::screen::visible;

/// A table of names of your own: Wikidata ids and spellings known beforehand.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Put a CSV table (name, qid, kind, alias …) in the place of the one stored before.
    ///
    /// Several spellings: several columns `alias`, or `|` between them in one cell. `kind` is person, organisation or empty. A table
    /// with the header alone removes what was stored.
    Import {
        /// The table; - is standard input.
        file: PathBuf,
    },
    /// Print the table as it is stored.
    List,
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    match &arguments.action {
        Action::Import { file } => import(file, context),
        Action::List => list(context),
    }
}

fn import(file: &PathBuf, context: &Context) -> Result<Answer, AppError> {
    let bytes = one_source(file)?;
    let mut store = context.existing_store()?;
    let bar = Bar::new();
    let imported = app::import_people(&mut store, &bytes, &bar);
    bar.done();
    let report = imported?;
    let mut answer = Answer::new(json!({
        "schema": "provenance.people_import/1", "rows": report.rows, "rows_before": report.before,
        "speakers": report.speakers, "errors": errors_json(&report.errors), "shared_spellings": report.shared,
    }));
    answer.human = Some(words(&report));
    answer.notes = error_notes(&report.errors);
    if !report.shared.is_empty() {
        let shared: Vec<String> = report.shared.iter().map(|it| visible(it)).collect();
        answer.notes.push(format!("in several rows, so used for none of them: {}", shared.join(", ")));
    }
    if !report.errors.is_empty() {
        answer.outcome = Outcome::SomeFailed;
    }
    Ok(answer)
}

fn words(report: &TableReport) -> String {
    format!(
        "{} rows stored in the place of {}; {} speakers of this store are in the table\n",
        report.rows, report.before, report.speakers
    )
}

/// The bytes of exactly one input.
pub(super) fn one_source(file: &PathBuf) -> Result<Vec<u8>, AppError> {
    let mut sources = app::sources(std::slice::from_ref(file));
    match (sources.pop(), sources.is_empty()) {
        (Some(source), true) => source?.bytes(),
        _ => Err(AppError::usage(
            format!("{} is not one file", file.display()),
            "name one CSV file, or - for standard input",
        )),
    }
}

pub(super) fn errors_json(errors: &[RowError]) -> Vec<serde_json::Value> {
    errors.iter().map(|error| json!({"line": error.line, "what": error.what})).collect()
}

/// One line for each row left out.
pub(super) fn error_notes(errors: &[RowError]) -> Vec<String> {
    errors.iter().map(|error| format!("line {} left out: {}", error.line, visible(&error.what))).collect()
}

fn list(context: &Context) -> Result<Answer, AppError> {
    let known = app::people_table(&context.store()?)?;
    let kind = |it: &crate::model::KnownName| it.kind.map_or("", crate::model::EntityKind::name);
    let items: Vec<_> = known
        .iter()
        .map(|it| json!({"name": it.name, "qid": it.qid, "kind": kind(it), "aliases": it.aliases}))
        .collect();
    let mut answer = Answer::new(json!({"schema": "provenance.people/1", "people": items}));
    answer.list = "people";
    answer.rows = Rows {
        columns: columns(&["name", "qid", "kind", "alias"]),
        rows: known
            .iter()
            .map(|it| vec![it.name.clone(), it.qid.clone(), kind(it).to_string(), it.aliases.join("|")])
            .collect(),
    };
    if known.is_empty() {
        answer.outcome = Outcome::NothingFound;
        answer.notes.push("no table was brought yet: provenance people import FILE".to_string());
    }
    Ok(answer)
}
