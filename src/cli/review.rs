//! `provenance review`: suggested joins of speakers and suggested links of statements, decided by a person.
//!
//! On a terminal one pair at a time, a letter and Enter for each; otherwise the queue as rows, and the same rows read back.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::app::{self, AppError, Queue, ReviewPair, ReviewSide};
use crate::store::Store;

use super::Outcome;
use super::answer::{Answer, Rows, columns};
use super::context::{Context, Format};
use super::decide::signature;
use super::progress::Bar;
use super::quoted::in_place;
use super::screen::{BOLD, styled, visible};
use super::speakers_table::{error_notes, errors_json, one_source};

/// Decide on what is only suggested: speakers that may be one, statements that may be one claim.
///
/// On a terminal: one pair at a time. Elsewhere, or with --format csv or json: the queue as rows; fill in the column `decision`
/// (same or different) and read it back with --import.
#[derive(Args, Debug)]
#[command(group(clap::ArgGroup::new("queue").required(true).args(["speakers", "claims"])))]
pub(crate) struct Arguments {
    /// Pairs of speakers that may be one.
    #[arg(long)]
    speakers: bool,
    /// Pairs of statements that may be one claim.
    #[arg(long)]
    claims: bool,
    /// Read decisions back from CSV; - is standard input.
    #[arg(long, value_name = "FILE")]
    import: Option<PathBuf>,
    /// At most so many pairs.
    #[arg(long, value_name = "N")]
    most: Option<usize>,
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let queue = if arguments.speakers { Queue::Speakers } else { Queue::Claims };
    if let Some(file) = &arguments.import {
        return import(queue, file, context);
    }
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if terminal && context.format == Format::Table {
        return ask_on_terminal(queue, arguments.most, context);
    }
    list(queue, arguments.most, context)
}

/// The pairs to show and how many there are in all.
fn pairs(store: &Store, queue: Queue, most: Option<usize>) -> Result<(Vec<ReviewPair>, usize), AppError> {
    let mut pairs = app::review_queue(store, queue)?;
    let total = pairs.len();
    pairs.truncate(most.unwrap_or(usize::MAX));
    Ok((pairs, total))
}

fn list(queue: Queue, most: Option<usize>, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let (pairs, total) = pairs(&store, queue, most)?;
    let mut items = Vec::new();
    let mut rows = Vec::new();
    for pair in &pairs {
        let (a, b) = (app::review_side(&store, &pair.a)?, app::review_side(&store, &pair.b)?);
        let evidence = app::review_evidence(&store, pair)?;
        items.push(json!({
            "a": side_json(&a), "b": side_json(&b), "probability": pair.probability, "at_stake": pair.at_stake,
            "evidence": evidence, "decision": null,
        }));
        let because: Vec<String> = evidence.iter().map(|it| format!("{:+.1} {}", it.weight, it.note)).collect();
        let mut row = vec![
            String::new(),
            a.name.clone(),
            b.name.clone(),
            format!("{:.2}", pair.probability),
            pair.at_stake.to_string(),
        ];
        for side in [&a, &b] {
            let said = side.example.as_ref().map(app::Quoted::exact).unwrap_or_default();
            row.extend([facts(side), said]);
        }
        row.extend([because.join("; "), pair.a.0.clone(), pair.b.0.clone()]);
        rows.push(row);
    }
    let name = if queue == Queue::Speakers { "speakers" } else { "claims" };
    let mut answer =
        Answer::new(json!({"schema": "provenance.review/1", "queue": name, "pairs": items, "total": total}));
    answer.list = "pairs";
    answer.rows = Rows {
        columns: columns(&[
            "decision",
            "a_name",
            "b_name",
            "probability",
            "at_stake",
            "a_facts",
            "a_said",
            "b_facts",
            "b_said",
            "because",
            "a",
            "b",
        ]),
        rows,
    };
    if context.format == Format::Table {
        // Twelve columns are no table for the eye.
        answer.rows = short(&answer.rows);
    }
    if total > pairs.len() {
        answer.notes.push(format!("+{} not shown: leave out --most to see them", total - pairs.len()));
    }
    if pairs.is_empty() {
        answer.outcome = Outcome::NothingFound;
        answer.notes.push("nothing waits for a decision".to_string());
    } else {
        answer.notes.push(format!(
            "decide: provenance review --{name} --format csv > queue.csv, fill in `decision` (same, different), then --import queue.csv"
        ));
    }
    Ok(answer)
}

fn short(rows: &Rows) -> Rows {
    let keep = [1, 2, 3, 4, 10, 11];
    let pick = |row: &Vec<String>| keep.iter().filter_map(|at| row.get(*at).cloned()).collect();
    Rows { columns: pick(&rows.columns), rows: rows.rows.iter().map(pick).collect() }
}

fn side_json(side: &ReviewSide) -> serde_json::Value {
    json!({
        "id": side.id, "name": side.name, "kind": side.kind, "roles": side.roles, "outlets": side.outlets,
        "first": side.first, "last": side.last, "statements": side.statements,
        "example": side.example.as_ref().map(app::statement_json),
    })
}

/// Role, outlets, dates and number of statements in one line.
fn facts(side: &ReviewSide) -> String {
    let dates = match (side.first.as_str(), side.last.as_str()) {
        ("", _) => "undated".to_string(),
        (first, last) if first == last => first.to_string(),
        (first, last) => format!("{first} to {last}"),
    };
    let outlets = match side.outlets.len() {
        0 => "outlet unknown".to_string(),
        1..=3 => side.outlets.join(", "),
        more => format!("{}, +{}", side.outlets[..3].join(", "), more - 3),
    };
    let statements =
        if side.statements == 1 { "1 statement".into() } else { format!("{} statements", side.statements) };
    let mut parts = vec![side.kind.clone(), statements, outlets, dates];
    if !side.roles.is_empty() {
        parts.insert(1, side.roles.join(" / "));
    }
    parts.join(" · ")
}

fn import(queue: Queue, file: &PathBuf, context: &Context) -> Result<Answer, AppError> {
    let bytes = one_source(file)?;
    let mut store = context.existing_store()?;
    let bar = Bar::new();
    let imported = app::import_review(&mut store, queue, &bytes, &signature(""), &bar);
    bar.done();
    let report = imported?;
    let mut answer = Answer::new(json!({
        "schema": "provenance.review_import/1", "decisions": report.decisions, "open": report.open,
        "unchanged": report.unchanged, "errors": errors_json(&report.errors),
    }));
    answer.human = Some(format!(
        "{} decisions stored, {} stood already, {} rows left open, {} rows with errors\n",
        report.decisions.len(),
        report.unchanged,
        report.open,
        report.errors.len()
    ));
    answer.notes = error_notes(&report.errors);
    if !report.decisions.is_empty() {
        answer.notes.push("take the last one back: provenance undo · all of them: provenance log".to_string());
    }
    if !report.errors.is_empty() {
        answer.outcome = Outcome::SomeFailed;
    }
    Ok(answer)
}

fn ask_on_terminal(queue: Queue, most: Option<usize>, context: &Context) -> Result<Answer, AppError> {
    let mut store = context.existing_store()?;
    let bar = Bar::new();
    // A review that broke off has decisions from which nothing was derived yet.
    app::finish_review(&mut store, &bar)?;
    bar.done();
    let (pairs, total) = pairs(&store, queue, most)?;
    if pairs.is_empty() {
        let mut answer = Answer::words("nothing waits for a decision\n");
        answer.outcome = Outcome::NothingFound;
        return Ok(answer);
    }
    let asked = Session { store: &mut store, queue, pairs: &pairs, total, context, made: Vec::new() }
        .run(std::io::stdin().lock(), std::io::stdout());
    let bar = Bar::new();
    let finished = app::finish_review(&mut store, &bar);
    bar.done();
    let made = asked?;
    finished?;
    let mut answer = Answer::words(format!("{made} decisions stored\n"));
    if made > 0 {
        answer.notes.push("take the last one back: provenance undo · all of them: provenance log".to_string());
    }
    Ok(answer)
}

/// Pairs shown one after the other, with what was answered so far.
struct Session<'s> {
    store: &'s mut Store,
    queue: Queue,
    pairs: &'s [ReviewPair],
    total: usize,
    context: &'s Context,
    /// Places of the pairs decided in this session, in order.
    made: Vec<usize>,
}

impl Session<'_> {
    /// Asks until all are decided, the input ends or the person has had enough. Returns how many decisions stand.
    fn run(mut self, mut input: impl BufRead, mut out: impl Write) -> Result<usize, AppError> {
        let mut at = 0;
        let mut shown = None;
        while at < self.pairs.len() {
            if shown != Some(at) {
                let page = self.page(at)?;
                write(&mut out, &page)?;
                shown = Some(at);
            }
            write(&mut out, "same? y yes · n no · s skip · u undo · q quit > ")?;
            let mut line = String::new();
            let read = input.read_line(&mut line).map_err(|e| AppError::file(format!("standard input: {e}"), ""))?;
            if read == 0 {
                break;
            }
            match line.trim().to_lowercase().as_str() {
                "y" | "yes" => at = self.decide(at, true)?,
                "n" | "no" => at = self.decide(at, false)?,
                "s" | "skip" => at += 1,
                "u" | "undo" => match self.made.pop() {
                    Some(last) => {
                        app::undo_pair(self.store)?;
                        at = last;
                        shown = None;
                    }
                    None => write(&mut out, "nothing was decided in this review yet\n")?,
                },
                "q" | "quit" => break,
                _ => write(&mut out, "y, n, s, u or q, then Enter\n")?,
            }
        }
        write(&mut out, "\n")?;
        Ok(self.made.len())
    }

    fn decide(&mut self, at: usize, same: bool) -> Result<usize, AppError> {
        let pair = &self.pairs[at];
        app::decide_pair(self.store, self.queue, &pair.a, &pair.b, same, &signature(""))?;
        self.made.push(at);
        Ok(at + 1)
    }

    /// One pair as a person sees it.
    fn page(&self, at: usize) -> Result<String, AppError> {
        let pair = &self.pairs[at];
        let mut page = format!(
            "\n{} of {}   probability {:.2}   {} at stake\n",
            at + 1,
            self.total,
            pair.probability,
            if pair.at_stake == 1 { "1 statement".to_string() } else { format!("{} statements", pair.at_stake) }
        );
        for id in [&pair.a, &pair.b] {
            let side = app::review_side(self.store, id)?;
            let name = if side.name.is_empty() { "no speaker named".to_string() } else { visible(&side.name) };
            page.push_str(&format!("  {}\n", styled(&name, BOLD, self.context.colour)));
            page.push_str(&format!("    {}\n", visible(&facts(&side))));
            if let Some(example) = &side.example {
                page.push_str(&format!("    {}  {}\n", example.short_id, in_place(example, self.context)));
            }
        }
        for it in app::review_evidence(self.store, pair)? {
            page.push_str(&format!("    {:+.2}  {}  {}\n", it.weight, it.rule, visible(&it.note)));
        }
        Ok(page)
    }
}

fn write(out: &mut impl Write, text: &str) -> Result<(), AppError> {
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|e| AppError::file(format!("the question could not be printed: {e}"), "run it on a terminal"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::IngestOptions;

    const FIRST: &str = "Harbour plan\n\nMarch 4, 2025\n\nAda Brandt, the mayor of Lindow, said that the harbour wall would be raised.\n";
    const SECOND: &str =
        "Harbour plan\n\nJune 25, 2025\n\nA. Brandt said that the school roof would be mended by May.\n";

    /// Two reports of which the program is not sure whether they are of one statement.
    const THIRD: &str = "Works at the quay\n\nMarch 5, 2025\n\nAda Brandt, the mayor of Lindow, said that work on the harbour wall would begin in May, ahead of the storms.\n";
    const FOURTH: &str = "A wall\n\nMarch 9, 2025\n\n“We will raise the wall at the harbour,” Ada Brandt said.\n";

    fn session(folder: &std::path::Path, queue: Queue, typed: &str) -> (usize, String, Vec<String>) {
        let path = folder.join("x.db");
        let mut store = Store::open(&path).unwrap();
        let texts = if queue == Queue::Speakers { [FIRST, SECOND] } else { [THIRD, FOURTH] };
        for (name, text) in ["a.txt", "b.txt"].into_iter().zip(texts) {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let sources = app::sources(&[folder.join("a.txt"), folder.join("b.txt")]);
        let options = IngestOptions { extractor: crate::model::Extractor::Rules, ..IngestOptions::default() };
        app::ingest(&mut store, sources, &options, &app::Silent).unwrap();
        let (found, total) = pairs(&store, queue, None).unwrap();
        assert!(total > 0, "the texts of this test must bring a suggestion");
        let context = Context::plain(path);
        let mut out = Vec::new();
        let made = Session { store: &mut store, queue, pairs: &found, total, context: &context, made: Vec::new() }
            .run(typed.as_bytes(), &mut out)
            .unwrap();
        app::finish_review(&mut store, &app::Silent).unwrap();
        let standing = app::decisions(&store).unwrap().into_iter().filter(|it| !it.undone);
        let left = app::review_queue(&store, queue).unwrap().len();
        let verbs: Vec<String> = standing.map(|it| format!("{} {left}", it.verb.name())).collect();
        (made, String::from_utf8(out).unwrap(), verbs)
    }

    fn check(typed: &str, made: usize, verbs: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        let (found, out, standing) = session(folder.path(), Queue::Speakers, typed);
        assert_eq!((found, standing), (made, verbs.iter().map(|it| it.to_string()).collect()), "{typed:?}: {out}");
        assert!(out.contains("Ada Brandt") && out.contains("A. Brandt") && out.contains("school roof"), "{out}");
    }

    #[test]
    fn every_key_does_what_it_says() {
        check("y\n", 1, &["merge 0"]);
        check("N\n", 1, &["split 0"]);
        check("s\n", 0, &[]);
        check("q\ny\n", 0, &[]);
        check("", 0, &[]);
        check("what\n\nn\n", 1, &["split 0"]);
        check("u\ns\n", 0, &[]);
    }

    #[test]
    fn an_answer_can_be_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let (made, _, standing) = session(folder.path(), Queue::Speakers, "y\n");
        assert_eq!((made, standing.len()), (1, 1));
    }

    fn check_claims(typed: &str, made: usize, verbs: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        let (found, out, standing) = session(folder.path(), Queue::Claims, typed);
        assert_eq!((found, standing), (made, verbs.iter().map(|it| it.to_string()).collect()), "{typed:?}: {out}");
        assert!(
            out.contains("raise the wall") && out.contains("ahead of the storms") && out.contains("link.prior"),
            "{out}"
        );
    }

    #[test]
    fn claims_are_decided_with_the_same_keys() {
        check_claims("y\n", 1, &["confirm 0"]);
        check_claims("n\n", 1, &["reject 0"]);
        check_claims("s\n", 0, &[]);
        check_claims("what\nq\n", 0, &[]);
        check_claims("", 0, &[]);
    }
}
