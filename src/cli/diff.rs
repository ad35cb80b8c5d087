//! `provenance diff DOC DOC`: what one document has from another, statement by statement and word by word.

use clap::Args;
use serde_json::{Value, json};

use crate::app::{self, AppError, Change, DiffView, Fate, PairView, Quoted};
use crate::graph::SharedRun;
use crate::model::{Derivation, Order};
use crate::store::StoredDocument;
use crate::text::{CodePoints, Span};

use super::Outcome;
use super::answer::{Answer, Rows, columns};
use super::context::Context;
use super::lineage::order_words;
use super::quoted::speaker;
use super::screen::{BOLD, DIM, styled, visible};
use super::who_said::shortened;
use super::words::aligned;

/// Two documents compared: statements kept, reworded, dropped and added, text copied, and who has it from whom.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// An id (d…), a path, a file name or an address.
    #[arg(value_name = "DOC")]
    a: String,
    #[arg(value_name = "DOC")]
    b: String,
    /// Every copied run and every statement in full.
    #[arg(long)]
    all: bool,
}

/// Without --all, so many copied runs and so many dropped or added statements are shown.
const FEW: usize = 8;

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let view = app::diff(&store, &arguments.a, &arguments.b)?;
    let mut answer = Answer::new(value(&view));
    answer.list = "statements";
    answer.rows = rows(&view);
    answer.human = Some(human(&view, arguments.all, context));
    let nothing = view.pairs.is_empty() && view.shared.runs.is_empty() && view.derivation.is_none();
    if nothing {
        answer.outcome = Outcome::NothingFound;
        answer.notes.push("hint: the two share no statement and no run of words".to_string());
    }
    Ok(answer)
}

fn value(view: &DiffView) -> Value {
    let (a_points, b_points) = (CodePoints::new(&view.a.document.text), CodePoints::new(&view.b.document.text));
    let span = |document: &StoredDocument, points: &CodePoints, span: Span| {
        let (start, end) = points.of_span(span);
        json!({"start": start, "end": end, "exact": span.of(&document.document.text)})
    };
    let pair = |pair: &PairView| {
        json!({
            "fate": pair.fate.name(), "a": pair.a.statement.id, "b": pair.b.statement.id, "probability": pair.probability,
            "a_exact": pair.a.exact(), "b_exact": pair.b.exact(), "changes": changes_json(&pair.changes),
        })
    };
    let alone = |fate: &str, it: &Quoted| {
        let (a, b) = if fate == "dropped" { (Some(&it.statement.id), None) } else { (None, Some(&it.statement.id)) };
        json!({"fate": fate, "a": a, "b": b, "exact": it.exact()})
    };
    let statements: Vec<Value> = view
        .pairs
        .iter()
        .map(pair)
        .chain(view.dropped.iter().map(|it| alone("dropped", it)))
        .chain(view.added.iter().map(|it| alone("added", it)))
        .collect();
    let shared = &view.shared;
    let runs: Vec<Value> = shared
        .runs
        .iter()
        .map(|run| {
            json!({"words": run.words, "narrative": run.narrative, "a": span(&view.a, &a_points, run.a),
                   "b": span(&view.b, &b_points, run.b)})
        })
        .collect();
    let sentences: Vec<Value> = shared
        .sentences
        .iter()
        .map(|it| {
            json!({"a": span(&view.a, &a_points, it.a), "b": span(&view.b, &b_points, it.b), "alike": it.alike,
                   "identical": it.identical})
        })
        .collect();
    json!({
        "schema": "provenance.diff/1", "a": document_json(&view.a), "b": document_json(&view.b),
        "relation": view.derivation.as_ref().map(relation_json), "through": view.through,
        "statements": statements,
        "text": {"narrative_words_a": shared.narrative_a, "narrative_words_b": shared.narrative_b,
                 "copied_words_a": shared.copied_a, "copied_words_b": shared.copied_b,
                 "copied_share_a": share(shared.copied_a, shared.narrative_a),
                 "copied_share_b": share(shared.copied_b, shared.narrative_b),
                 "sentences_a": shared.sentences_a, "sentences_b": shared.sentences_b, "in_order": shared.in_order,
                 "runs": runs, "sentences": sentences},
    })
}

/// Named changes as JSON.
pub(crate) fn changes_json(changes: &[Change]) -> Vec<Value> {
    changes.iter().map(|change| json!({"name": change.name, "was": change.was, "is": change.is})).collect()
}

fn document_json(stored: &StoredDocument) -> Value {
    let document = &stored.document;
    json!({
        "id": stored.id, "outlet": document.outlet.as_ref().map(|it| &it.value), "path": document.path,
        "title": document.title.as_ref().map(|it| &it.value),
        "published": document.published.as_ref().map(|it| it.value.as_str()),
    })
}

/// A derivation as JSON; `direction` says whether one has it from the other.
fn relation_json(it: &Derivation) -> Value {
    let directed = it.order != Order::Unknown;
    json!({
        "from": it.from, "to": it.to, "relation": it.relation.name(), "order": it.order.name(),
        "direction": if directed { "from → to" } else { "none" }, "likely": it.order == Order::Wording,
        "score": it.score, "evidence": it.evidence,
    })
}

fn share(part: usize, whole: usize) -> f64 {
    (part as f64 / whole.max(1) as f64 * 1000.0).round() / 1000.0
}

fn rows(view: &DiffView) -> Rows {
    let mut table = Rows { columns: columns(&["fate", "a", "b", "changes", "words a", "words b"]), rows: Vec::new() };
    for pair in &view.pairs {
        table.rows.push(vec![
            pair.fate.name().into(),
            pair.a.statement.id.to_string(),
            pair.b.statement.id.to_string(),
            named(&pair.changes),
            pair.a.exact(),
            pair.b.exact(),
        ]);
    }
    for it in &view.dropped {
        let id = it.statement.id.to_string();
        table.rows.push(vec!["dropped".into(), id, String::new(), String::new(), it.exact(), String::new()]);
    }
    for it in &view.added {
        let id = it.statement.id.to_string();
        table.rows.push(vec!["added".into(), String::new(), id, String::new(), String::new(), it.exact()]);
    }
    table
}

/// The names of changes, each once, in order.
pub(crate) fn named(changes: &[Change]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for change in changes {
        if !names.contains(&change.name.as_str()) {
            names.push(&change.name);
        }
    }
    names.join(", ")
}

fn human(view: &DiffView, all: bool, context: &Context) -> String {
    let mut out = heading(view, context);
    out.push_str(&relation(view, context));
    out.push_str(&amounts(view));
    out.push_str(&statements(view, all, context));
    out.push_str(&copied(view, all, context));
    out
}

fn label(stored: &StoredDocument, short: &str) -> String {
    let outlet = visible(stored.document.outlet_name());
    let outlet = if outlet.is_empty() { "?".to_string() } else { outlet };
    let date = stored.document.published.as_ref().map_or("undated".to_string(), |date| date.value.to_string());
    format!("{short} {outlet} {date}")
}

fn heading(view: &DiffView, context: &Context) -> String {
    let (a, b) = (label(&view.a, &view.a_short), label(&view.b, &view.b_short));
    let title = |stored: &StoredDocument| {
        stored.document.title.as_ref().map_or(String::new(), |title| shortened(&visible(&title.value), 90))
    };
    format!(
        "a  {}  {}\nb  {}  {}\n",
        styled(&a, BOLD, context.colour),
        title(&view.a),
        styled(&b, BOLD, context.colour),
        title(&view.b)
    )
}

/// How the two are related, which way, what the direction rests on; or that there is none.
fn relation(view: &DiffView, context: &Context) -> String {
    let Some(it) = &view.derivation else {
        if view.through.len() > 2 {
            let between: Vec<String> = view.through[1..view.through.len() - 1]
                .iter()
                .map(|id| id.as_str().chars().take(6).collect())
                .collect();
            let what = "not related directly: what they share comes through";
            return format!("\n{what} {}\n", between.join(", "));
        }
        return "\nno relation: too little narrative in common to say that one has it from the other\n".to_string();
    };
    let relation = it.relation.name().replace('_', " ");
    let short = |id| if id == &view.a.id { &view.a_short } else { &view.b_short };
    let mut out = match it.order {
        Order::Unknown => format!("\n{relation}, no direction  {:.2}\n", it.score),
        _ => format!(
            "\n{} → {}  {relation}  {:.2}  {}\n",
            short(&it.from),
            short(&it.to),
            it.score,
            order_words(it.order)
        ),
    };
    for reason in &it.evidence {
        out.push_str(&styled(&format!("    {}", visible(&reason.note)), DIM, context.colour));
        out.push('\n');
    }
    out
}

fn amounts(view: &DiffView) -> String {
    let shared = &view.shared;
    let runs: Vec<&SharedRun> = shared.runs.iter().filter(|run| run.narrative).collect();
    let longest = runs.iter().map(|run| run.words).max().unwrap_or(0);
    let percent = |part: usize, whole: usize| 100 * part / whole.max(1);
    format!(
        "\ncopied text: {} of {} unquoted words of b ({} %), {} of {} of a ({} %); {} runs, the longest of {longest} words\n\
         sentences: {} match, of {} in a and {} in b; {:.0} % of them in the same order\n",
        shared.copied_b,
        shared.narrative_b,
        percent(shared.copied_b, shared.narrative_b),
        shared.copied_a,
        shared.narrative_a,
        percent(shared.copied_a, shared.narrative_a),
        runs.len(),
        shared.sentences.len(),
        shared.sentences_a,
        shared.sentences_b,
        shared.in_order * 100.0
    )
}

fn statements(view: &DiffView, all: bool, context: &Context) -> String {
    let of = |fate: Fate| view.pairs.iter().filter(move |pair| pair.fate == fate);
    let count = |fate: Fate| of(fate).count();
    let mut out = format!(
        "statements: {} kept, {} reworded, {} perhaps the same, {} dropped, {} added\n",
        count(Fate::Kept),
        count(Fate::Reworded),
        count(Fate::Perhaps),
        view.dropped.len(),
        view.added.len()
    );
    for (fate, title) in [
        (Fate::Kept, "kept: the same words"),
        (Fate::Reworded, "reworded"),
        (Fate::Perhaps, "perhaps the same (only suggested)"),
    ] {
        if count(fate) > 0 {
            out.push_str(&format!("\n{}\n", styled(title, BOLD, context.colour)));
            of(fate).for_each(|it| out.push_str(&pair(it, context)));
        }
    }
    for (title, list) in [("dropped: only in a", &view.dropped), ("added: only in b", &view.added)] {
        if !list.is_empty() {
            out.push_str(&format!("\n{}\n", styled(title, BOLD, context.colour)));
            out.push_str(&alone(list, all, context));
        }
    }
    out
}

fn pair(it: &PairView, context: &Context) -> String {
    let ids = format!("{} → {}", it.a.short_id, it.b.short_id);
    let named = named(&it.changes);
    let probability = it.probability.map_or(String::new(), |it| format!("  {it:.2}"));
    let said = |it: &Quoted| {
        if it.statement.repeat_of.is_some() { "repeated without source".to_string() } else { speaker(it) }
    };
    let (x, y) = (said(&it.a), said(&it.b));
    let who = if x == y { x } else { format!("{x} → {y}") };
    let mut out = format!("  {}  {who}\n", styled(&format!("{ids}{probability}"), DIM, context.colour));
    if it.fate == Fate::Kept {
        out.push_str(&format!("    {}\n", visible(&it.b.exact())));
    } else {
        let lines = aligned(&it.a.exact(), &it.b.exact(), ("a", "b"), context.width.saturating_sub(4));
        lines.lines().for_each(|line| out.push_str(&format!("    {line}\n")));
    }
    if !named.is_empty() {
        out.push_str(&format!("    ({named})\n"));
    }
    out
}

fn alone(list: &[Quoted], all: bool, context: &Context) -> String {
    let shown = if all { list.len() } else { FEW };
    let mut out = String::new();
    for it in list.iter().take(shown) {
        let words = visible(&it.exact());
        let words = if all { words } else { shortened(&words, 2 * context.width) };
        out.push_str(&format!("  {}  {}: {words}\n", styled(&it.short_id, DIM, context.colour), speaker(it)));
    }
    if list.len() > shown {
        out.push_str(&format!("  +{} more · --all shows them\n", list.len() - shown));
    }
    out
}

/// The runs of narrative that both have, the longest first, with the place in the second document.
fn copied(view: &DiffView, all: bool, context: &Context) -> String {
    let mut runs: Vec<&SharedRun> = view.shared.runs.iter().filter(|run| run.narrative).collect();
    if runs.is_empty() {
        return String::new();
    }
    runs.sort_by_key(|run| (std::cmp::Reverse(run.words), run.b));
    let points = CodePoints::new(&view.b.document.text);
    let mut out = format!("\n{}\n", styled("copied text, as b has it", BOLD, context.colour));
    let shown = if all { runs.len() } else { FEW };
    for run in runs.iter().take(shown) {
        let (start, end) = points.of_span(run.b);
        let place = styled(&format!("{:>3} words  at {start}–{end}", run.words), DIM, context.colour);
        out.push_str(&format!("  {place}  {}\n", visible(run.b.of(&view.b.document.text))));
    }
    if runs.len() > shown {
        out.push_str(&format!("  +{} shorter runs · --all shows them\n", runs.len() - shown));
    }
    out
}
