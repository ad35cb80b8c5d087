//! `provenance claims`, `claim ID`, `variants CLAIM`.

use clap::Args;
use serde_json::json;

use crate::app::{self, AppError, ClaimCardView};

use super::Outcome;
use super::answer::{Answer, Rows, columns};
use super::context::Context;
use super::diff::{changes_json, named};
use super::quoted::{facts, in_place, speaker};
use super::screen::{BOLD, styled, visible};
use super::who_said::{rows, shortened};
use super::words::inline;

/// Claims by spread: most outlets first.
#[derive(Args, Debug)]
pub(crate) struct ListArguments {
    /// Only claims in at least so many documents.
    #[arg(long, default_value_t = 2, value_name = "N")]
    least: usize,
    /// Show at most so many.
    #[arg(long, default_value_t = 40, value_name = "N")]
    most: usize,
}

/// The card of one claim: who says it, where, since when, and how the statements are linked.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// A claim id (or the id of one of its statements).
    id: String,
}

/// The wordings of one claim side by side, with what changed.
#[derive(Args, Debug)]
pub(crate) struct VariantArguments {
    /// A claim id (or the id of one of its statements).
    id: String,
}

impl Arguments {
    pub(crate) fn of(id: &str) -> Arguments {
        Arguments { id: id.to_string() }
    }
}

pub(crate) fn list(arguments: &ListArguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let cards = app::claim_list(&store, arguments.least, arguments.most)?;
    let mut table = Rows {
        columns: columns(&["id", "first seen", "outlets", "docs", "stmts", "speaker", "claim"]),
        rows: Vec::new(),
    };
    for card in &cards {
        table.rows.push(vec![
            card.short_id.clone(),
            if card.first_seen.is_empty() { "undated".into() } else { card.first_seen.clone() },
            card.outlets.to_string(),
            card.documents.to_string(),
            card.statements.len().to_string(),
            card.speaker.clone().unwrap_or_else(|| "no source named".into()),
            shortened(&card.text, 160),
        ]);
    }
    let items: Vec<_> = cards.iter().map(card_json).collect();
    let mut answer = Answer::new(json!({"schema": "provenance.claims/1", "claims": items}));
    answer.list = "claims";
    answer.rows = table;
    if cards.is_empty() {
        answer.outcome = Outcome::NothingFound;
        answer.notes.push(format!("hint: no claim in {} documents; --least 1 shows single ones", arguments.least));
    }
    Ok(answer)
}

fn card_json(card: &ClaimCardView) -> serde_json::Value {
    let edges: Vec<_> = card
        .edges
        .iter()
        .map(|edge| {
            json!({"from": edge.from, "to": edge.to, "relation": edge.relation.name(), "order": edge.order.name(),
                   "score": edge.score, "evidence": edge.evidence})
        })
        .collect();
    json!({
        "id": card.id, "text": card.text, "speaker": card.speaker, "first_seen": card.first_seen,
        "documents": card.documents, "outlets": card.outlets,
        "statements": card.statements.iter().map(|it| &it.statement.id).collect::<Vec<_>>(),
        "edges": edges, "echoes": card.echoes,
    })
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let card = app::claim_card(&store, &arguments.id)?;
    let mut value = card_json(&card);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("schema".into(), json!("provenance.claim/1"));
        let statements: Vec<_> = card.statements.iter().map(app::statement_json).collect();
        fields.insert("results".into(), json!(statements));
    }
    let mut answer = Answer::new(value);
    answer.list = "results";
    answer.rows = rows(&card.statements);
    answer.human = Some(human(&card, context));
    answer.notes.push(format!("how the wording changed: provenance variants {}", card.short_id));
    Ok(answer)
}

pub(crate) fn human(card: &ClaimCardView, context: &Context) -> String {
    let head = format!("{}  {}", card.short_id, shortened(&visible(&card.text), 300));
    let mut out = format!("{}\n", styled(&head, BOLD, context.colour));
    let who = card.speaker.as_deref().map_or("no source named".to_string(), visible);
    let seen = if card.first_seen.is_empty() { "undated" } else { &card.first_seen };
    out.push_str(&format!(
        "  {who} · first seen {seen} · {} statements · {} documents · {} outlets\n",
        card.statements.len(),
        card.documents,
        card.outlets
    ));
    for it in &card.statements {
        out.push_str(&format!("\n  {}\n", facts(it, context)));
        out.push_str(&format!("    {}: {}\n", speaker(it), in_place(it, context)));
    }
    if !card.edges.is_empty() {
        out.push_str("\n  who repeats whom:\n");
    }
    for edge in &card.edges {
        let arrow = if edge.order == crate::model::Order::Unknown { "—" } else { "→" };
        let (from, to) = (document_name(card, &edge.from), document_name(card, &edge.to));
        let relation = edge.relation.name().replace('_', " ");
        out.push_str(&format!(
            "    {from} {arrow} {to}  {relation} {:.2}, order from {}\n",
            edge.score,
            edge.order.name()
        ));
    }
    for echo in &card.echoes {
        let short: String = echo.as_str().chars().take(card.short_id.len()).collect();
        out.push_str(&format!("\n  the same is said by another speaker: {short}\n"));
    }
    out
}

fn document_name(card: &ClaimCardView, id: &crate::model::Id) -> String {
    let found = card.statements.iter().find(|it| &it.statement.document == id);
    match found {
        Some(it) if !it.outlet().is_empty() => format!("{} {}", it.document_short_id, visible(it.outlet())),
        Some(it) => it.document_short_id.clone(),
        None => id.as_str().chars().take(6).collect(),
    }
}

pub(crate) fn variants(arguments: &VariantArguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let (card, views) = app::variants(&store, &arguments.id)?;
    let mut out = format!("{}  {} wordings, first seen first\n", card.short_id, views.len());
    let mut items = Vec::new();
    for view in &views {
        let words = view.quoted.exact();
        out.push_str(&format!("\n  {}\n    {}: ", facts(&view.quoted, context), speaker(&view.quoted)));
        let shown = if view.origin.is_none() { visible(&words) } else { inline(&view.was, &words) };
        out.push_str(&format!("{shown}\n"));
        let relation = view.link.as_ref().map(|link| link.relation.name().replace('_', " "));
        if view.origin.is_some() && view.quoted.statement.repeat_of.is_none() {
            let relation = relation.unwrap_or_else(|| "linked through others".into());
            let probability = view.link.as_ref().map_or(String::new(), |link| format!(" {:.2}", link.probability));
            out.push_str(&format!("    {relation}{probability}\n"));
        }
        if !view.changes.is_empty() {
            out.push_str(&format!("    changed: {}\n", named_with_words(&view.changes)));
        }
        items.push(json!({
            "statement": view.quoted.statement.id, "document": view.quoted.statement.document, "exact": words,
            "relation": view.link.as_ref().map(|link| link.relation.name()),
            "probability": view.link.as_ref().map(|link| link.probability),
            "repeat_of": view.quoted.statement.repeat_of, "compared_with": view.origin,
            "changes": changes_json(&view.changes),
        }));
    }
    let mut answer = Answer::new(json!({"schema": "provenance.variants/1", "claim": card.id, "variants": items}));
    answer.list = "variants";
    answer.rows = rows(&card.statements);
    answer.human = Some(out);
    Ok(answer)
}

/// The names of changes, each once; those about sources with the words that show it.
fn named_with_words(changes: &[app::Change]) -> String {
    let actor = changes.iter().find(|change| change.name.contains("actor") && !change.is.is_empty());
    let names = named(changes);
    actor.map_or(names.clone(), |change| {
        names.replace(&change.name, &format!("{} (“{}”)", change.name, visible(&change.is)))
    })
}
