//! `provenance forget DOC`: a document leaves the store, its words included.

use std::io::{BufRead, IsTerminal, Write};

use clap::Args;
use serde_json::json;

use crate::app::{self, AppError, Forgettable};

use super::answer::Answer;
use super::context::Context;
use super::progress::Bar;
use super::screen::visible;

/// Remove a document's text from the store: rows, search indices, free pages. Cannot be undone.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The document's id, or a unique beginning of it.
    #[arg(required_unless_present = "sweep")]
    document: Option<String>,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    /// Only clear what deleted rows left in the bytes of the file.
    #[arg(long, conflicts_with = "document")]
    sweep: bool,
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let mut store = context.existing_store()?;
    let Some(typed) = &arguments.document else {
        app::sweep(&store)?;
        return Ok(Answer::words("nothing of deleted rows is left in the file\n"));
    };
    let it = app::forgettable(&store, typed)?;
    if !arguments.yes && !agreed(&it)? {
        return Ok(Answer::words("nothing was changed\n"));
    }
    let bar = Bar::new();
    let outcome = app::forget(&mut store, &it, &bar);
    bar.done();
    outcome?;
    Ok(answer(&it))
}

fn agreed(it: &Forgettable) -> Result<bool, AppError> {
    if !std::io::stdin().is_terminal() {
        return Err(AppError::usage(
            format!("{} would be forgotten for good, with {} statements", it.id, it.statements),
            "add --yes to do it",
        ));
    }
    let mut screen = std::io::stderr().lock();
    let title = it.title.as_deref().map_or("(no title)".to_string(), visible);
    let question = format!(
        "{} {title}: forget it and its {} statements for good? This cannot be undone. [y/N] ",
        it.id, it.statements
    );
    let mut typed = String::new();
    let read = screen
        .write_all(question.as_bytes())
        .and_then(|()| screen.flush())
        .and_then(|()| std::io::stdin().lock().read_line(&mut typed));
    read.map_err(|e| AppError::file(format!("no answer could be read: {e}"), "add --yes to go on without asking"))?;
    Ok(matches!(typed.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn answer(it: &Forgettable) -> Answer {
    let decisions: Vec<_> = it.decisions.iter().map(|decision| &decision.id).collect();
    let mut answer = Answer::new(json!({
        "schema": "provenance.forget/1", "document": it.id, "statements": it.statements, "decisions": decisions,
        "backups": it.backups,
    }));
    answer.human = Some(format!(
        "{} is forgotten, with {} statements; its text is gone from the rows, the search indices and the free pages\n",
        it.id, it.statements
    ));
    if !it.decisions.is_empty() {
        answer.notes.push(format!(
            "{} decisions name its statements; they stay in the log, without effect: provenance log",
            it.decisions.len()
        ));
    }
    for backup in &it.backups {
        answer.notes.push(format!(
            "this copy was not changed and may hold the text: {}",
            visible(&backup.display().to_string())
        ));
    }
    if let Some(path) = &it.path {
        answer.notes.push(format!("the file it was read from was not touched: {}", visible(path)));
    }
    answer
}
