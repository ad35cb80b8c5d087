//! `provenance export FORMAT`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};

use crate::app::{self, AppError, EXPORTS, ExportOptions};

use super::answer::Answer;
use super::context::Context;
use super::graph::write_file;
use super::screen;

/// Write everything in the store, in formats for other programs.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The format.
    #[arg(value_name = "FORMAT", value_parser = formats())]
    export: String,
    /// Where to: a file, for brat a folder; standard output when left out.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// CSV cells exactly as they are, even those that a spreadsheet would take for a formula or a terminal for a command.
    #[arg(long)]
    raw: bool,
}

fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(EXPORTS.iter().map(|it| PossibleValue::new(it.name).help(it.what)))
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let format = arguments.export.as_str();
    if let (true, Some(folder)) = (app::export_format(format)?.is_folder(), &arguments.output) {
        let files = app::export_folder(&store, format, folder)?;
        let words = format!("wrote {files} files into {}", folder.display());
        return Ok(Answer::words(screen::visible(&words) + "\n"));
    }
    let mut bytes = Vec::new();
    app::export(&store, format, &mut bytes, &ExportOptions { raw: arguments.raw })?;
    match &arguments.output {
        Some(path) => {
            write_file(path, &bytes)?;
            let words = format!("wrote {} ({} bytes)", path.display(), bytes.len());
            Ok(Answer::words(screen::visible(&words) + "\n"))
        }
        None => {
            let text = String::from_utf8_lossy(&bytes);
            let text = match (format, arguments.raw) {
                ("csv", true) => text.into_owned(),
                // tables and references are no JSON
                ("csv", false) | ("bibtex", _) => screen::visible_lines(&text),
                _ => screen::safe_json(&text),
            };
            screen::print(&text).map_err(|e| AppError::file(format!("the export could not be printed: {e}"), ""))?;
            Ok(Answer::silent())
        }
    }
}
