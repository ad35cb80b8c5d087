//! `provenance speakers` and `provenance speaker NAME`.

use clap::Args;
use serde_json::json;

use crate::app::{self, AppError, Contradiction, ContradictionView, CopyStatus, SpeakerView};
use crate::store::{EntityCard, Store};

use super::Outcome;
use super::answer::{Answer, Rows, columns};
use super::context::Context;
use super::quoted::{facts, in_place, speaker};
use super::screen::{BOLD, styled, visible};
use super::who_said::rows;

/// Who speaks, most quoted first, with every spelling seen.
#[derive(Args, Debug)]
pub(crate) struct ListArguments {
    /// Show at most so many.
    #[arg(long, default_value_t = 50, value_name = "N")]
    most: usize,
    /// Only persons, organisations, groups or unnamed speakers.
    #[arg(long, value_parser = ["person", "organisation", "group", "unnamed"])]
    kind: Option<String>,
}

/// Everything one speaker said, under any spelling.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// A name in any spelling, a role, or an id.
    name: String,
    /// Only statements with these words.
    #[arg(long, value_name = "WORDS")]
    about: Option<String>,
    /// Only statements that seem to contradict each other.
    #[arg(long)]
    contradictions: bool,
}

impl Arguments {
    pub(crate) fn of(name: &str) -> Arguments {
        Arguments { name: name.to_string(), about: None, contradictions: false }
    }
}

pub(crate) fn list(arguments: &ListArguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let mut cards = app::speakers(&store)?;
    if let Some(kind) = &arguments.kind {
        cards.retain(|card| card.entity.kind.name() == kind);
    }
    let total = cards.len();
    cards.truncate(arguments.most);
    let mut table = Rows {
        columns: columns(&["id", "speaker", "kind", "stmts", "docs", "outlets", "spellings"]),
        rows: Vec::new(),
    };
    for card in &cards {
        table.rows.push(vec![
            store.short_id(&card.entity.id)?,
            card.entity.name.clone(),
            card.entity.kind.name().to_string(),
            card.statements.to_string(),
            card.documents.to_string(),
            card.outlets.to_string(),
            spellings(card, 6),
        ]);
    }
    let items: Vec<_> = cards.iter().map(card_json).collect();
    let mut answer = Answer::new(json!({"schema": "provenance.speakers/1", "speakers": items, "total": total}));
    answer.list = "speakers";
    answer.rows = table;
    if total > cards.len() {
        answer.notes.push(format!("+{} not shown: --most {total} shows them", total - cards.len()));
    }
    if cards.is_empty() {
        answer.outcome = Outcome::NothingFound;
    }
    Ok(answer)
}

/// Pairs of one speaker's statements of which one says the opposite of the other, as far as words tell.
fn contradictions(arguments: &Arguments, store: &Store, context: &Context) -> Result<Answer, AppError> {
    let views = app::speaker_contradictions(store, &arguments.name, arguments.about.as_deref())?;
    let items: Vec<_> = views.iter().map(contradictions_json).collect();
    let mut answer = Answer::new(
        json!({"schema": "provenance.contradictions/1", "query": arguments.name, "about": arguments.about, "speakers": items}),
    );
    answer.list = "speakers";
    let found: Vec<_> = views.iter().flat_map(|view| view.found.iter().map(move |it| (view, it))).collect();
    answer.rows = Rows {
        columns: columns(&[
            "speaker",
            "same_subject",
            "a",
            "a_date",
            "a_said",
            "b",
            "b_date",
            "b_said",
            "copy_status",
            "copy_error",
            "words",
            "more",
        ]),
        rows: found
            .iter()
            .map(|(view, it)| {
                let mut row = vec![view.card.entity.name.clone(), format!("{:.2}", it.same_subject)];
                for side in [&it.a, &it.b] {
                    row.extend([side.short_id.clone(), side.date().to_string(), side.exact()]);
                }
                row.extend([it.copy.name().to_string(), it.copy_error.to_string()]);
                row.extend([format!("{} / {}", it.words.0, it.words.1), it.more.to_string()]);
                row
            })
            .collect(),
    };
    answer.human = Some(views.iter().map(|view| contradictions_human(view, context)).collect());
    if found.is_empty() {
        answer.outcome = Outcome::NothingFound;
    } else {
        answer.notes.push(
            "apparent: words are compared, not what was meant; read both places before you rely on it".to_string(),
        );
    }
    Ok(answer)
}

fn contradictions_json(view: &ContradictionView) -> serde_json::Value {
    let pairs: Vec<_> = view
        .found
        .iter()
        .map(|it| {
            let copy = match &it.copy {
                CopyStatus::Derived { from, to, relation, order } => {
                    json!({"status": it.copy.name(), "from": from, "to": to, "relation": relation, "order": order})
                }
                _ => json!({"status": it.copy.name()}),
            };
            json!({
                "status": "apparent", "same_subject": it.same_subject, "days": it.days, "copy": copy, "copy_error": it.copy_error,
                "words": [it.words.0, it.words.1], "more": it.more,
                "a": app::statement_json(&it.a), "b": app::statement_json(&it.b), "evidence": it.evidence,
            })
        })
        .collect();
    json!({
        "id": view.card.entity.id, "name": view.card.entity.name, "qid": view.card.qid, "compared": view.statements,
        "contradictions": pairs,
    })
}

fn contradictions_human(view: &ContradictionView, context: &Context) -> String {
    let name = styled(&visible(&view.card.entity.name), BOLD, context.colour);
    let count = match view.found.len() {
        0 => "no apparent contradiction".to_string(),
        1 => "1 apparent contradiction".to_string(),
        more => format!("{more} apparent contradictions"),
    };
    let mut out = format!("{name}  {count} among {} statements\n", view.statements);
    for it in &view.found {
        let what = if it.copy_error { "maybe an error of a copy" } else { "apparent contradiction" };
        out.push_str(&format!("\n  {what} · same subject {:.2} · {}\n", it.same_subject, apart(it)));
        for side in [&it.a, &it.b] {
            out.push_str(&format!(
                "    {}\n      {}: {}\n",
                facts(side, context),
                speaker(side),
                in_place(side, context)
            ));
        }
        for why in &it.evidence {
            out.push_str(&format!("    because {}\n", visible(&why.note)));
        }
        if it.more > 0 {
            out.push_str(&format!("    and {} more pairs of the same two claims\n", it.more));
        }
    }
    out.push('\n');
    out
}

/// Time between the two, and whether they may be one utterance.
fn apart(it: &Contradiction) -> String {
    let days = match it.days {
        None => "time between unknown".to_string(),
        Some(0) => "published the same day".to_string(),
        Some(1) => "published 1 day apart".to_string(),
        Some(days) => format!("published {days} days apart"),
    };
    let copy = match &it.copy {
        CopyStatus::SameDocument => "both in one document".to_string(),
        CopyStatus::Derived { from, to, relation, .. } => {
            format!("{} derives from {} ({relation}): maybe one utterance in other words", short(to), short(from))
        }
        CopyStatus::CommonSource => "both documents derive from a third: maybe one utterance".to_string(),
        CopyStatus::Independent => "neither document is known to derive from the other".to_string(),
    };
    format!("{days} · {copy}")
}

fn short(id: &crate::model::Id) -> &str {
    id.as_str().get(..6).unwrap_or(id.as_str())
}

fn card_json(card: &EntityCard) -> serde_json::Value {
    let entity = &card.entity;
    json!({
        "id": entity.id, "name": entity.name, "kind": entity.kind.name(), "aliases": entity.aliases,
        "qid": card.qid, "statements": card.statements, "documents": card.documents, "outlets": card.outlets,
        "evidence": entity.evidence,
    })
}

fn spellings(card: &EntityCard, most: usize) -> String {
    let aliases: Vec<String> =
        card.entity.aliases.iter().map(|alias| format!("{} ({})", alias.text, alias.count)).collect();
    let more = aliases.len().saturating_sub(most);
    let mut shown = aliases[..aliases.len() - more].join(", ");
    if more > 0 {
        shown.push_str(&format!(", +{more}"));
    }
    shown
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    if arguments.contradictions {
        return contradictions(arguments, &store, context);
    }
    let views = app::speaker(&store, &arguments.name, arguments.about.as_deref())?;
    let all: Vec<_> = views.iter().flat_map(|view| view.statements.clone()).collect();
    let items: Vec<_> = views.iter().map(view_json).collect();
    let mut answer = Answer::new(json!({"schema": "provenance.speaker/1", "query": arguments.name, "speakers": items}));
    answer.list = "speakers";
    answer.rows = rows(&all);
    answer.human = Some(views.iter().map(|view| human(view, context)).collect());
    if all.is_empty() {
        answer.outcome = Outcome::NothingFound;
        answer.notes.push("hint: leave out --about to see everything this speaker said".to_string());
    }
    Ok(answer)
}

fn view_json(view: &SpeakerView) -> serde_json::Value {
    let mut value = card_json(&view.card);
    if let Some(fields) = value.as_object_mut() {
        let suggested: Vec<_> = view
            .suggested
            .iter()
            .map(|it| {
                json!({"a": it.a, "b": it.b, "names": [it.a_name, it.b_name], "probability": it.probability,
                       "evidence": it.evidence})
            })
            .collect();
        let statements: Vec<_> = view.statements.iter().map(app::statement_json).collect();
        fields.insert("suggested".into(), json!(suggested));
        fields.insert("results".into(), json!(statements));
    }
    value
}

fn human(view: &SpeakerView, context: &Context) -> String {
    let card = &view.card;
    let name = styled(&visible(&card.entity.name), BOLD, context.colour);
    let mut out = format!(
        "{name}  {}{}  {} · {} statements · {} documents\n",
        &card.entity.id.as_str()[..card.entity.id.as_str().len().min(7)],
        card.qid.as_ref().map(|qid| format!("  {}", visible(qid))).unwrap_or_default(),
        card.entity.kind.name(),
        card.statements,
        card.documents
    );
    out.push_str("  spellings:\n");
    for alias in &card.entity.aliases {
        out.push_str(&format!("    {:4}×  {} ({})\n", alias.count, visible(&alias.text), alias.kind.name()));
    }
    if !card.entity.evidence.is_empty() {
        out.push_str("  joined because:\n");
        for it in &card.entity.evidence {
            out.push_str(&format!("    {:+.2}  {}  {}\n", it.weight, it.rule, visible(&it.note)));
        }
    }
    for it in &view.suggested {
        let other = if it.a == card.entity.id { &it.b_name } else { &it.a_name };
        out.push_str(&format!("  only suggested, not joined: {} ({:.2})\n", visible(other), it.probability));
    }
    for it in &view.statements {
        out.push_str(&format!("\n  {}\n", facts(it, context)));
        out.push_str(&format!("    {}: {}\n", speaker(it), in_place(it, context)));
    }
    out.push('\n');
    out
}
