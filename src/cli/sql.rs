//! `provenance sql QUERY`: one read-only query over the store.

use clap::Args;
use serde_json::{Value, json};

use crate::app::AppError;
use crate::store::{Cell, Table};

use super::Outcome;
use super::answer::{Answer, Rows};
use super::context::Context;
use super::screen::visible;

/// Run one reading query over the store; `provenance schema` lists tables and views.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// For example: SELECT speaker, count(*) FROM quotes GROUP BY 1 ORDER BY 2 DESC
    query: String,
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let table = store.sql(&arguments.query)?;
    let mut answer = Answer::new(json!({"schema": "provenance.sql/1", "rows": objects(&table)}));
    answer.list = "rows";
    if table.rows.is_empty() {
        answer.outcome = Outcome::NothingFound;
    }
    answer.rows = Rows {
        columns: table.columns.iter().map(|name| visible(name)).collect(),
        rows: table.rows.iter().map(|row| row.iter().map(words).collect()).collect(),
    };
    Ok(answer)
}

fn objects(table: &Table) -> Vec<Value> {
    table
        .rows
        .iter()
        .map(|row| table.columns.iter().cloned().zip(row.iter().map(value)).collect::<serde_json::Map<_, _>>().into())
        .collect()
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Integer(number) => json!(number),
        Cell::Real(number) => json!(number),
        Cell::Text(text) => json!(text),
        Cell::Bytes(length) => json!({"bytes": length}),
    }
}

fn words(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Integer(number) => number.to_string(),
        Cell::Real(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Bytes(length) => format!("({length} bytes)"),
    }
}
