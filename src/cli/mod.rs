//! The command line: clap, the terminal, exit codes, hints. One file per command; the only room that prints.

mod answer;
mod claims;
mod context;
mod decide;
mod demo;
mod diff;
mod doctor;
mod evaluate;
mod evaluate_linking;
mod explain;
mod export;
mod forget;
mod graph;
mod ingest;
mod lineage;
mod linking;
mod r#match;
mod outlet;
mod outlets;
mod progress;
mod quoted;
mod rebuild;
mod report;
mod review;
mod screen;
mod show;
mod speakers;
mod speakers_table;
mod sql;
mod timeline;
mod tools;
mod verify;
mod who_said;
mod why;
mod words;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::AppError;
use crate::store::StoreError;

use answer::Answer;
use context::{Context, Global};

/// Who said it first, who repeats it, and what changed on the way.
#[derive(Parser, Debug)]
#[command(name = "provenance", version, arg_required_else_help = true, max_term_width = 110)]
#[command(
    after_help = "First steps:  provenance demo   ·   provenance ingest ARTICLES/   ·   provenance who-said \"air defence\""
)]
pub struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Demo(demo::Arguments),
    Ingest(ingest::Arguments),
    #[command(name = "who-said")]
    WhoSaid(who_said::Arguments),
    Match(r#match::Arguments),
    Speakers(speakers::ListArguments),
    Speaker(speakers::Arguments),
    Claims(claims::ListArguments),
    Claim(claims::Arguments),
    Variants(claims::VariantArguments),
    Diff(diff::Arguments),
    Lineage(lineage::Arguments),
    Timeline(timeline::Arguments),
    Outlets(outlets::Arguments),
    Outlet(outlet::Arguments),
    Show(show::Arguments),
    Why(why::Arguments),
    Graph(graph::Arguments),
    Report(report::Arguments),
    Export(export::Arguments),
    Evaluate(evaluate::Arguments),
    #[command(name = "train-join")]
    TrainJoin(evaluate::TrainArguments),
    #[command(name = "train-fast")]
    TrainFast(evaluate::TrainFastArguments),
    Stats(tools::StatsArguments),
    Sql(sql::Arguments),
    Schema(tools::SchemaArguments),
    Merge(decide::MergeArguments),
    Split(decide::SplitArguments),
    Alias(decide::AliasArguments),
    Confirm(decide::PairArguments),
    Reject(decide::RejectArguments),
    Link(decide::LinkArguments),
    Unlink(decide::UnlinkArguments),
    Review(review::Arguments),
    People(speakers_table::Arguments),
    Log(decide::LogArguments),
    Undo(decide::UndoArguments),
    Redo(decide::RedoArguments),
    Decisions(decide::DecisionsArguments),
    Rebuild(rebuild::Arguments),
    Verify(verify::Arguments),
    Forget(forget::Arguments),
    Doctor(doctor::Arguments),
    Explain(explain::Arguments),
    Linking(linking::Arguments),
    Completions(tools::CompletionArguments),
    Man(tools::ManArguments),
}

/// How a command ended when nothing went wrong on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    NothingFound,
    SomeFailed,
    /// A floor that was asked for was not reached.
    GateFailed,
}

impl Outcome {
    fn code(self) -> u8 {
        match self {
            Outcome::Done => 0,
            Outcome::NothingFound => 1,
            Outcome::SomeFailed => 3,
            Outcome::GateFailed => 5,
        }
    }
}

/// Exit code of an error: 1 nothing found, 2 usage, 3 input, 4 store.
fn error_code(error: &AppError) -> u8 {
    match error {
        AppError::NotFound { .. } => 1,
        AppError::Usage { .. } => 2,
        AppError::File { .. } => 3,
        AppError::Store(StoreError::Query { .. }) => 2,
        AppError::Store(_) => 4,
    }
}

/// Parses the command line, runs the command, prints its answer or its error, and gives the exit code.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => {
            // What was typed stands in the message: it may have come from a stranger's page.
            for line in error.render().to_string().lines() {
                screen::note(&screen::visible(line));
            }
            return ExitCode::from(2);
        }
        Err(help) => {
            let _ = help.print();
            return ExitCode::SUCCESS;
        }
    };
    let context = Context::new(arguments.global);
    let outcome = dispatch(arguments.command, &context).and_then(|answer| answer.print(&context));
    match outcome {
        Ok(outcome) => ExitCode::from(outcome.code()),
        Err(error) => {
            screen::print_error(&error.to_string(), &error.hint());
            ExitCode::from(error_code(&error))
        }
    }
}

fn dispatch(command: Command, context: &Context) -> Result<Answer, AppError> {
    match command {
        Command::Demo(arguments) => demo::run(&arguments, context),
        Command::Ingest(arguments) => ingest::run(&arguments, context),
        Command::WhoSaid(arguments) => who_said::run(&arguments, context),
        Command::Match(arguments) => r#match::run(&arguments, context),
        Command::Speakers(arguments) => speakers::list(&arguments, context),
        Command::Speaker(arguments) => speakers::run(&arguments, context),
        Command::Claims(arguments) => claims::list(&arguments, context),
        Command::Claim(arguments) => claims::run(&arguments, context),
        Command::Variants(arguments) => claims::variants(&arguments, context),
        Command::Diff(arguments) => diff::run(&arguments, context),
        Command::Lineage(arguments) => lineage::run(&arguments, context),
        Command::Timeline(arguments) => timeline::run(&arguments, context),
        Command::Outlets(arguments) => outlets::run(&arguments, context),
        Command::Outlet(arguments) => outlet::run(&arguments, context),
        Command::Show(arguments) => show::run(&arguments, context),
        Command::Why(arguments) => why::run(&arguments, context),
        Command::Graph(arguments) => graph::run(&arguments, context),
        Command::Report(arguments) => report::run(&arguments, context),
        Command::Export(arguments) => export::run(&arguments, context),
        Command::Evaluate(arguments) => evaluate::run(&arguments, context),
        Command::TrainJoin(arguments) => evaluate::train(&arguments),
        Command::TrainFast(arguments) => evaluate::train_fast(&arguments),
        Command::Stats(arguments) => tools::stats(&arguments, context),
        Command::Sql(arguments) => sql::run(&arguments, context),
        Command::Schema(arguments) => tools::schema(&arguments),
        Command::Merge(arguments) => decide::merge(&arguments, context),
        Command::Split(arguments) => decide::split(&arguments, context),
        Command::Alias(arguments) => decide::alias(&arguments, context),
        Command::Confirm(arguments) => decide::confirm(&arguments, context),
        Command::Reject(arguments) => decide::reject(&arguments, context),
        Command::Link(arguments) => decide::link(&arguments, context),
        Command::Unlink(arguments) => decide::unlink(&arguments, context),
        Command::Review(arguments) => review::run(&arguments, context),
        Command::People(arguments) => speakers_table::run(&arguments, context),
        Command::Log(_) => decide::log(context),
        Command::Undo(_) => decide::undo(context, true),
        Command::Redo(_) => decide::undo(context, false),
        Command::Decisions(arguments) => decide::decisions(&arguments, context),
        Command::Rebuild(arguments) => rebuild::run(&arguments, context),
        Command::Verify(arguments) => verify::run(&arguments, context),
        Command::Forget(arguments) => forget::run(&arguments, context),
        Command::Doctor(arguments) => doctor::run(&arguments, context),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Linking(arguments) => linking::run(&arguments),
        Command::Completions(arguments) => tools::completions(&arguments),
        Command::Man(arguments) => tools::man(&arguments),
    }
}
