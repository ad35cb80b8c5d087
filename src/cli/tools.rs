//! Small commands about the store and the program itself: `stats`, `schema`, `completions`, `man`.

use clap::{Args, CommandFactory};
use serde_json::json;

use crate::app::AppError;
use crate::store;

use super::answer::{Answer, Rows, columns};
use super::context::Context;

/// Counts of what is in the store.
#[derive(Args, Debug)]
pub(crate) struct StatsArguments {}

/// Tables and views of the store.
#[derive(Args, Debug)]
pub(crate) struct SchemaArguments {}

/// Completions for a shell.
#[derive(Args, Debug)]
pub(crate) struct CompletionArguments {
    shell: clap_complete::Shell,
}

/// The manual page (roff).
#[derive(Args, Debug)]
pub(crate) struct ManArguments {}

pub(crate) fn stats(_: &StatsArguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let counts = store.counts()?;
    let object: serde_json::Map<_, _> =
        counts.iter().map(|(name, count)| (name.replace(' ', "_"), json!(count))).collect();
    let mut answer = Answer::new(json!({"schema": "provenance.stats/1", "path": store.path(), "counts": object}));
    answer.rows = Rows {
        columns: columns(&["what", "count"]),
        rows: counts.iter().map(|(name, count)| vec![name.to_string(), count.to_string()]).collect(),
    };
    Ok(answer)
}

pub(crate) fn schema(_: &SchemaArguments) -> Result<Answer, AppError> {
    let tables = store::describe()?;
    let items: Vec<_> = tables
        .iter()
        .map(|it| {
            let columns: Vec<_> = it.columns.iter().map(|(name, kind)| json!({"name": name, "type": kind})).collect();
            json!({"name": it.name, "view": it.is_view, "columns": columns})
        })
        .collect();
    let mut answer =
        Answer::new(json!({"schema": "provenance.schema/1", "version": store::SCHEMA_VERSION, "tables": items}));
    answer.list = "tables";
    answer.rows = Rows {
        columns: columns(&["table", "kind", "columns"]),
        rows: tables
            .iter()
            .map(|it| {
                let columns: Vec<&str> = it.columns.iter().map(|(name, _)| name.as_str()).collect();
                vec![it.name.clone(), if it.is_view { "view" } else { "table" }.to_string(), columns.join(", ")]
            })
            .collect(),
    };
    Ok(answer)
}

pub(crate) fn completions(arguments: &CompletionArguments) -> Result<Answer, AppError> {
    let mut bytes = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), "provenance", &mut bytes);
    Ok(Answer::words(String::from_utf8_lossy(&bytes)))
}

pub(crate) fn man(_: &ManArguments) -> Result<Answer, AppError> {
    let mut bytes = Vec::new();
    clap_mangen::Man::new(super::Arguments::command())
        .render(&mut bytes)
        .map_err(|e| AppError::file(format!("the manual page could not be made: {e}"), ""))?;
    Ok(Answer::words(String::from_utf8_lossy(&bytes)))
}
