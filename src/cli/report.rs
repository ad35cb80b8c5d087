//! `provenance report`: chosen claims as one HTML or Markdown file.

use std::path::PathBuf;

use clap::Args;

use crate::app::{self, AppError, GraphOptions};
use crate::render::report;

use super::answer::Answer;
use super::context::Context;
use super::graph::write_file;
use super::screen;

/// Write a report on claims: one file with pictures, evidence in context and how it was made.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Claim ids, or words that someone said; left out: every claim in two documents or more.
    about: Vec<String>,
    /// File to write: .html (opens from disk, network off) or .md.
    #[arg(long, short, default_value = "report.html", value_name = "FILE")]
    output: PathBuf,
    #[arg(long, default_value = "Who repeats whom", value_name = "WORDS")]
    title: String,
    /// The day to print on it; left out: today.
    #[arg(long, value_name = "DATE")]
    made_on: Option<String>,
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let ending = arguments.output.extension().map_or(String::new(), |ending| ending.to_string_lossy().to_lowercase());
    let write = match ending.as_str() {
        "html" | "htm" => report::html,
        "md" => report::markdown,
        other => {
            let what = format!("there is no report format {other:?}");
            return Err(AppError::usage(what, "write to a file that ends in .html or .md"));
        }
    };
    let graph = app::graph(&store, &GraphOptions { about: arguments.about.clone(), ..GraphOptions::default() })?;
    let today = || jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let made_on = arguments.made_on.clone().unwrap_or_else(today);
    let material = app::report(&store, &graph, &arguments.title, &made_on)?;
    let text = write(&graph, &material);
    write_file(&arguments.output, text.as_bytes())?;
    let words = format!("wrote {} ({} kB)", arguments.output.display(), text.len().div_ceil(1000));
    Ok(Answer::words(screen::visible(&words) + "\n"))
}
