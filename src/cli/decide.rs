//! What people decide: `merge`, `split`, `alias`, `confirm`, `reject`, and the log with `undo` and `redo`.

use clap::{Args, Subcommand};
use serde_json::json;

use crate::app::{self, AppError, Signature};
use crate::model::{Decision, Verb};
use crate::store::Store;

use super::Outcome;
use super::answer::{Answer, Rows, columns};
use super::context::Context;
use super::progress::Bar;
use super::screen::{self, visible};

#[derive(Args, Debug)]
struct Reason {
    /// Why, for the log.
    #[arg(long, default_value = "", value_name = "WORDS")]
    because: String,
}

/// Two speakers are one and the same.
#[derive(Args, Debug)]
pub(crate) struct MergeArguments {
    /// A name in any spelling, or an id.
    a: String,
    b: String,
    #[command(flatten)]
    reason: Reason,
}

/// A spelling is somebody else.
#[derive(Args, Debug)]
pub(crate) struct SplitArguments {
    /// The speaker.
    name: String,
    /// The spelling to keep apart, as `speaker NAME` prints it.
    spelling: String,
    #[command(flatten)]
    reason: Reason,
}

/// Spellings that people give.
#[derive(Args, Debug)]
pub(crate) struct AliasArguments {
    #[command(subcommand)]
    action: AliasAction,
}

#[derive(Subcommand, Debug)]
enum AliasAction {
    /// A spelling belongs to a speaker.
    Add {
        name: String,
        spelling: String,
        #[command(flatten)]
        reason: Reason,
    },
}

/// Two statements are the same claim.
#[derive(Args, Debug)]
pub(crate) struct PairArguments {
    a: String,
    b: String,
    #[command(flatten)]
    reason: Reason,
}

/// Two statements are not the same claim; remembered through every rebuild.
#[derive(Args, Debug)]
pub(crate) struct RejectArguments {
    #[command(flatten)]
    pair: PairArguments,
}

/// Two statements that were not linked are the same claim; their claims become one.
#[derive(Args, Debug)]
pub(crate) struct LinkArguments {
    #[command(flatten)]
    pair: PairArguments,
}

/// Two statements do not belong to one claim; remembered through every rebuild.
#[derive(Args, Debug)]
pub(crate) struct UnlinkArguments {
    #[command(flatten)]
    pair: PairArguments,
}

/// What was decided, by whom and when.
#[derive(Args, Debug)]
pub(crate) struct LogArguments {}

/// Take back the last decision.
#[derive(Args, Debug)]
pub(crate) struct UndoArguments {}

/// Bring back the decision that was last taken back.
#[derive(Args, Debug)]
pub(crate) struct RedoArguments {}

/// Carry decisions from store to store.
#[derive(Args, Debug)]
pub(crate) struct DecisionsArguments {
    #[command(subcommand)]
    action: DecisionsAction,
}

#[derive(Subcommand, Debug)]
enum DecisionsAction {
    /// Write all decisions as JSON Lines.
    Export,
    /// Take over decisions from JSON Lines on standard input or in a file.
    Import {
        #[arg(default_value = "-", value_name = "FILE")]
        file: std::path::PathBuf,
    },
}

/// Who decides, and when.
pub(super) fn signature(because: &str) -> Signature {
    let who = ["USER", "USERNAME", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
    Signature {
        who: who.unwrap_or_else(|| "unknown".to_string()),
        when: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        why: because.to_string(),
    }
}

fn deciding(
    context: &Context,
    decide: impl FnOnce(&mut Store, &Bar) -> Result<Decision, AppError>,
) -> Result<Answer, AppError> {
    let mut store = context.existing_store()?;
    let bar = Bar::new();
    let decided = decide(&mut store, &bar);
    bar.done();
    let decision = decided?;
    let mut answer = Answer::new(json!({"schema": "provenance.decision/1", "decision": decision}));
    answer.human = Some(format!("{}\n", words(&decision)));
    answer.notes.push(
        if decision.undone { "take that back: provenance redo" } else { "take that back: provenance undo" }.into(),
    );
    Ok(answer)
}

/// What a decision says.
fn words(decision: &Decision) -> String {
    let (a, b) = (visible(&decision.a), visible(&decision.b));
    let said = match decision.verb {
        Verb::Confirm => format!("{a} and {b} are the same claim"),
        Verb::Reject => format!("{a} and {b} are not the same claim"),
        Verb::Merge => format!("{a} and {b} are one speaker"),
        Verb::Split => format!("{b} is not {a}"),
        Verb::Alias => format!("{b} is a spelling of {a}"),
    };
    if decision.undone { format!("taken back: {said}") } else { said }
}

pub(crate) fn merge(arguments: &MergeArguments, context: &Context) -> Result<Answer, AppError> {
    let by = signature(&arguments.reason.because);
    deciding(context, |store, bar| app::merge(store, &arguments.a, &arguments.b, &by, bar))
}

pub(crate) fn split(arguments: &SplitArguments, context: &Context) -> Result<Answer, AppError> {
    let by = signature(&arguments.reason.because);
    deciding(context, |store, bar| app::split(store, &arguments.name, &arguments.spelling, &by, bar))
}

pub(crate) fn alias(arguments: &AliasArguments, context: &Context) -> Result<Answer, AppError> {
    let AliasAction::Add { name, spelling, reason } = &arguments.action;
    let by = signature(&reason.because);
    deciding(context, |store, bar| app::add_alias(store, name, spelling, &by, bar))
}

pub(crate) fn confirm(arguments: &PairArguments, context: &Context) -> Result<Answer, AppError> {
    let by = signature(&arguments.reason.because);
    deciding(context, |store, bar| app::judge(store, Verb::Confirm, &arguments.a, &arguments.b, &by, bar))
}

pub(crate) fn link(arguments: &LinkArguments, context: &Context) -> Result<Answer, AppError> {
    confirm(&arguments.pair, context)
}

pub(crate) fn unlink(arguments: &UnlinkArguments, context: &Context) -> Result<Answer, AppError> {
    keep_apart(&arguments.pair, context)
}

pub(crate) fn reject(arguments: &RejectArguments, context: &Context) -> Result<Answer, AppError> {
    keep_apart(&arguments.pair, context)
}

fn keep_apart(pair: &PairArguments, context: &Context) -> Result<Answer, AppError> {
    let by = signature(&pair.reason.because);
    deciding(context, |store, bar| app::judge(store, Verb::Reject, &pair.a, &pair.b, &by, bar))
}

pub(crate) fn undo(context: &Context, back: bool) -> Result<Answer, AppError> {
    deciding(context, |store, bar| app::undo(store, back, bar))
}

pub(crate) fn log(context: &Context) -> Result<Answer, AppError> {
    let decisions = app::decisions(&context.store()?)?;
    let mut answer = Answer::new(json!({"schema": "provenance.log/1", "decisions": decisions}));
    answer.list = "decisions";
    answer.rows = Rows {
        columns: columns(&["when", "who", "decision", "why"]),
        rows: decisions.iter().map(|it| vec![it.when.clone(), it.who.clone(), words(it), it.why.clone()]).collect(),
    };
    if decisions.is_empty() {
        answer.outcome = Outcome::NothingFound;
        answer.notes.push("nothing was decided yet: provenance merge, split, alias, confirm, reject".to_string());
    }
    Ok(answer)
}

pub(crate) fn decisions(arguments: &DecisionsArguments, context: &Context) -> Result<Answer, AppError> {
    match &arguments.action {
        DecisionsAction::Export => {
            let lines: String =
                app::decisions(&context.store()?)?.iter().map(|decision| format!("{}\n", json!(decision))).collect();
            screen::print(&screen::safe_json(&lines))
                .map_err(|e| AppError::file(format!("the decisions could not be printed: {e}"), ""))?;
            Ok(Answer::silent())
        }
        DecisionsAction::Import { file } => {
            let sources = app::sources(std::slice::from_ref(file));
            let mut store = context.existing_store()?;
            let mut taken = 0;
            for source in sources {
                let bytes = source?.bytes()?;
                taken += app::import_decisions(&mut store, bytes.as_slice(), &app::Silent)?;
            }
            Ok(Answer::words(format!("{taken} decisions taken over\n")))
        }
    }
}
