//! `provenance ingest`: read, extract, resolve, link, store.

use std::collections::HashMap;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::app::{self, AppError, IngestOptions, IngestReport, Ingested};
use crate::model::{Date, Extractor};
use crate::read::{self, ReadOptions};
use crate::store::{Kept, Store};

use super::Outcome;
use super::answer::{Answer, Rows, columns, plain_table};
use super::context::{Context, Format};
use super::progress::Bar;
use super::screen;

/// Documents that are listed for people; nobody reads more.
const MOST_ROWS: usize = 1000;

/// Read articles into the store: text, Markdown, HTML, JSON, JSON Lines, CSV, feeds, WARC, WACZ and ZIP archives.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Files and directories; `-` is standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Who published them.
    #[arg(long, value_name = "NAME")]
    outlet: Option<String>,
    /// When they were published (ISO: 2023-05-31, 2023-05 or 2023).
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Language code (ISO 639-1).
    #[arg(long, value_name = "CODE")]
    lang: Option<String>,
    /// Take the inputs for this format instead of looking at their content.
    #[arg(long, value_name = "FORMAT")]
    from: Option<String>,
    /// Field names of the input, as ours=theirs.
    #[arg(long, value_name = "FIELD=NAME", value_delimiter = ',')]
    map: Vec<String>,
    /// Which extractor to use.
    #[arg(long, default_value = "accurate", value_parser = ["accurate", "fast", "rules"])]
    extractor: String,
    /// Show what would be read; store nothing.
    #[arg(long)]
    dry_run: bool,
    /// Threads; 0 takes all cores.
    #[arg(long, short, default_value_t = 0, value_name = "N")]
    jobs: usize,
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let options = options(arguments)?;
    let sources = app::sources(&arguments.paths);
    let nothing_readable = sources.iter().all(Result::is_err);
    let mut store = match (arguments.dry_run, nothing_readable) {
        // Nothing is made for inputs that are not there.
        (true, _) | (_, true) => Store::in_memory()?,
        (false, false) => context.writable_store()?,
    };
    let _ = rayon::ThreadPoolBuilder::new().num_threads(arguments.jobs).build_global();
    let bar = Bar::new();
    let report = app::ingest(&mut store, sources, &options, &bar);
    bar.done();
    answer(&report?, &store, arguments.dry_run, context)
}

fn options(arguments: &Arguments) -> Result<IngestOptions, AppError> {
    let date = match &arguments.date {
        Some(typed) => Some(Date::parse_iso(typed).ok_or_else(|| {
            AppError::usage(format!("{typed:?} is not a date"), "give it as 2023-05-31, 2023-05 or 2023")
        })?),
        None => None,
    };
    let mut map = std::collections::BTreeMap::new();
    for pair in &arguments.map {
        let (ours, theirs) = pair.split_once('=').ok_or_else(|| {
            AppError::usage(format!("--map {pair:?} has no `=`"), "write it as ours=theirs, for example title=headline")
        })?;
        map.insert(ours.trim().to_string(), theirs.trim().to_string());
    }
    Ok(IngestOptions {
        read: ReadOptions {
            format: arguments.from.clone(),
            outlet: arguments.outlet.clone(),
            date,
            url: arguments.url.clone(),
            language: arguments.lang.clone(),
            map,
        },
        extractor: Extractor::of_name(&arguments.extractor).unwrap_or_default(),
    })
}

pub(crate) fn answer(
    report: &IngestReport,
    store: &Store,
    dry_run: bool,
    context: &Context,
) -> Result<Answer, AppError> {
    let mut rows =
        Rows { columns: columns(&["id", "date", "from", "outlet", "words", "stmts", "notes"]), rows: Vec::new() };
    // Only what is printed is made: a hundred thousand documents take much room in every form.
    let for_programs = matches!(context.format, Format::Json | Format::Jsonl);
    let items: Vec<_> = report.documents.iter().filter(|_| for_programs).map(item).collect();
    let listed = report.documents.iter().filter(|it| it.kept != Kept::Unchanged && !for_programs);
    let most = if context.format == Format::Table { MOST_ROWS } else { usize::MAX };
    for it in listed.clone().take(most) {
        rows.rows.push(row(it, store.short_id(&it.id)?));
    }
    let more = listed.count() - rows.rows.len();
    let failures: Vec<_> = report
        .failures
        .iter()
        .map(|(input, e)| json!({"input": input, "code": e.code, "record": e.record, "error": e.what, "hint": e.hint}))
        .collect();
    let summary = summary(report, dry_run);
    let mut answer = Answer::new(json!({
        "schema": "provenance.ingest/1", "documents": items, "failures": failures, "statements": report.statements,
        "claims": report.claims, "claims_in_several_documents": report.claims_in_several_documents, "dry_run": dry_run,
    }));
    answer.list = "documents";
    let more = if more > 0 { format!(" … and {more} more (--format csv lists all)\n") } else { String::new() };
    answer.human = Some(format!("{}{more}{summary}\n", plain_table(&rows, context)));
    answer.rows = rows;
    for (input, error) in &report.failures {
        screen::print_error(&failure_words(input, error), &error.hint);
    }
    answer.notes = next_steps(report, dry_run);
    answer.outcome = match (report.failures.is_empty(), report.documents.is_empty()) {
        (false, _) => Outcome::SomeFailed,
        (true, true) => Outcome::NothingFound,
        (true, false) => Outcome::Done,
    };
    Ok(answer)
}

fn item(it: &Ingested) -> serde_json::Value {
    json!({
        "id": it.id, "input": it.input, "kept": kept_name(&it.kept), "statements": it.statements,
        "outlet": it.about.outlet, "published": it.about.published, "title": it.about.title,
        "language": it.about.language, "format": it.about.format, "warnings": it.about.warnings,
    })
}

fn failure_words(input: &str, error: &crate::read::ReadError) -> String {
    let place = match error.record {
        Some(record) => format!("{input}, record {record}: "),
        None if input.is_empty() || error.what.starts_with(input) => String::new(),
        None => format!("{input}: "),
    };
    format!("{place}{} [{}]", error.what, error.code)
}

fn kept_name(kept: &Kept) -> &'static str {
    match kept {
        Kept::New => "new",
        Kept::Unchanged => "unchanged",
        Kept::Updated => "updated",
        Kept::Revision(_) => "revision",
    }
}

fn row(it: &Ingested, short: String) -> Vec<String> {
    let about = &it.about;
    let (date, from) = match &about.published {
        Some(date) => (date.value.to_string(), date.from.clone()),
        None => ("unknown".to_string(), "–".to_string()),
    };
    let outlet = match &about.outlet {
        Some(outlet) if outlet.guessed => format!("{} ({})", outlet.value, outlet.from),
        Some(outlet) => outlet.value.clone(),
        None => "?".to_string(),
    };
    let words = it.words;
    let mut notes: Vec<String> = Vec::new();
    match &it.kept {
        Kept::Revision(old) => notes.push(format!("revision of {}", &old.as_str()[..old.as_str().len().min(6)])),
        Kept::Updated => notes.push("facts updated".to_string()),
        _ => {}
    }
    notes.extend(about.warnings.iter().map(warning_words));
    vec![short, date, from, outlet, words.to_string(), it.statements.to_string(), notes.join("; ")]
}

/// A warning's code with what it saw, or what it means where it has nothing to show.
fn warning_words(warning: &crate::model::Warning) -> String {
    let meaning = || read::code_named(&warning.code).map_or("", |code| code.what).to_string();
    let note = if warning.note.is_empty() { meaning() } else { warning.note.clone() };
    format!("{} {note}", warning.code)
}

fn summary(report: &IngestReport, dry_run: bool) -> String {
    let count = |wanted: fn(&Kept) -> bool| report.documents.iter().filter(|it| wanted(&it.kept)).count();
    let new = count(|kept| matches!(kept, Kept::New));
    let revised = count(|kept| matches!(kept, Kept::Revision(_)));
    let updated = count(|kept| matches!(kept, Kept::Updated));
    let unchanged = count(|kept| matches!(kept, Kept::Unchanged));
    let mut parts = vec![format!("{} read", report.documents.len()), format!("{new} new")];
    if revised > 0 {
        parts.push(format!("{revised} revised"));
    }
    if updated > 0 {
        parts.push(format!("{updated} updated"));
    }
    parts.push(format!("{unchanged} unchanged"));
    parts.push(format!("{} failed", report.failures.len()));
    let stored = if dry_run { "would be stored" } else { "in the store" };
    format!(
        "{} · {stored}: {} statements, {} claims ({} in 2+ documents)",
        parts.join(", "),
        report.statements,
        report.claims,
        report.claims_in_several_documents
    )
}

fn next_steps(report: &IngestReport, dry_run: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if dry_run {
        notes.push("nothing was stored; leave out --dry-run to store it".to_string());
        return notes;
    }
    // A date given for an input is that of all its documents.
    let mut of_input: HashMap<&str, usize> = HashMap::new();
    report.documents.iter().for_each(|it| *of_input.entry(&it.input).or_default() += 1);
    let undated = |it: &&Ingested| it.kept != Kept::Unchanged && it.about.published.is_none();
    if let Some(it) = report.documents.iter().filter(undated).find(|it| of_input[it.input.as_str()] == 1) {
        notes.push(format!("next: provenance ingest --date YYYY-MM-DD {}", screen::visible(&it.input)));
    }
    if report.documents.iter().any(|it| !it.about.warnings.is_empty() && it.kept != Kept::Unchanged) {
        notes.push("codes: provenance explain W102 (or any other code)".to_string());
    }
    notes
}
