//! `provenance export FORMAT`.

use std::path::PathBuf;

use clap::Args;

use crate::app::{self, AppError, EXPORTS, ExportOptions};

use super::answer::Answer;
use super::context::Context;
use super::screen;

/// Write everything in the store: jsonl, json, csv.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The format.
    #[arg(value_name = "FORMAT", value_parser = clap::builder::PossibleValuesParser::new(EXPORTS.iter().map(|it| it.name)))]
    export: String,
    /// Where to; standard output when left out.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// CSV cells exactly as they are, even those that a spreadsheet would take for a formula or a terminal for a command.
    #[arg(long)]
    raw: bool,
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let mut bytes = Vec::new();
    app::export(&store, &arguments.export, &mut bytes, &ExportOptions { raw: arguments.raw })?;
    match &arguments.output {
        Some(path) => {
            std::fs::write(path, &bytes).map_err(|e| {
                AppError::file(format!("{}: {e}", path.display()), "check the folder and its permissions")
            })?;
            Ok(Answer::words(format!("wrote {} ({} bytes)\n", path.display(), bytes.len())))
        }
        None => {
            let text = String::from_utf8_lossy(&bytes);
            let text = match (arguments.export.as_str(), arguments.raw) {
                ("csv", true) => text.into_owned(),
                ("csv", false) => screen::visible_lines(&text),
                _ => screen::safe_json(&text),
            };
            screen::print(&text).map_err(|e| AppError::file(format!("the export could not be printed: {e}"), ""))?;
            Ok(Answer::silent())
        }
    }
}
