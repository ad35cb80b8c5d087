//! `provenance explain CODE`: what a warning, error or rule means, and the way out.

use clap::Args;
use serde_json::json;

use crate::app::AppError;
use crate::read;

use super::answer::{Answer, Rows, columns};

/// Explain a warning or error code.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// For example W102.
    code: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, AppError> {
    let typed = arguments.code.trim();
    let found = read::code_named(typed).or_else(|| read::code_named(&typed.to_uppercase()));
    let Some(code) = found else {
        let known: Vec<&str> = read::WARNINGS.iter().chain(read::ERRORS).map(|code| code.code).collect();
        return Err(AppError::not_found(format!("no code {typed:?}"), format!("known: {}", known.join(", "))));
    };
    let mut answer = Answer::new(json!({
        "schema": "provenance.explain/1", "code": code.code, "what": code.what, "way_out": code.way_out,
    }));
    answer.human = Some(format!("{}  {}\n      {}\n", code.code, code.what, code.way_out));
    answer.rows = Rows {
        columns: columns(&["code", "what", "way out"]),
        rows: vec![vec![code.code.into(), code.what.into(), code.way_out.into()]],
    };
    Ok(answer)
}
