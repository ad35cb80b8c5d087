//! `provenance show ID`: the thing in place in its document.

use clap::Args;
use serde_json::json;

use crate::app::{self, AppError, Quoted, Shown};
use crate::store::StoredDocument;
use crate::text::Span;

use super::answer::Answer;
use super::context::Context;
use super::quoted::{facts, speaker};
use super::screen::{BOLD, MARK, styled, visible};
use super::who_said::rows;

/// Show a statement, document, claim or speaker by its id.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Any id, or a unique beginning of one (at least five characters).
    id: String,
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    Ok(match app::show(&store, &arguments.id)? {
        Shown::Statement(it) => statement(&it, context),
        Shown::Document(document, statements) => document_answer(&document, &statements, context),
        Shown::Claim(_) => {
            return super::claims::run(&super::claims::Arguments::of(&arguments.id), context);
        }
        Shown::Entity(card) => {
            return super::speakers::run(&super::speakers::Arguments::of(card.entity.id.as_str()), context);
        }
    })
}

fn statement(it: &Quoted, context: &Context) -> Answer {
    let mut answer = Answer::new(json!(app::statement_json(it)));
    let text = it.document.document.text.as_str();
    let all = it.statement.attribution.cover();
    let mut out = format!("{}\n", facts(it, context));
    if let Some(title) = &it.document.document.title {
        out.push_str(&format!("{}\n", styled(&visible(&title.value), BOLD, context.colour)));
    }
    out.push_str(&format!("{}\n\n", speaker(it)));
    out.push_str(&in_its_lines(text, all, &it.statement.attribution.content, context));
    answer.rows = rows(std::slice::from_ref(it));
    answer.human = Some(out);
    answer.notes.push(format!("why: provenance why {}", it.short_id));
    answer
}

/// The lines that hold `all`, with the spans of the content between ⟦ ⟧.
fn in_its_lines(text: &str, all: Span, content: &[Span], context: &Context) -> String {
    let start = text[..all.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[all.end..].find('\n').map_or(text.len(), |at| all.end + at);
    let mut out = String::from("  ");
    let mut at = start;
    for span in content {
        out.push_str(&visible(Span::new(at, span.start).of(text)));
        out.push_str(&styled(&format!("⟦{}⟧", visible(span.of(text))), MARK, context.colour));
        at = span.end.max(at);
    }
    out.push_str(&visible(Span::new(at, end).of(text)));
    out.push('\n');
    out
}

fn document_answer(stored: &StoredDocument, statements: &[Quoted], context: &Context) -> Answer {
    let document = &stored.document;
    let items: Vec<_> = statements.iter().map(app::statement_json).collect();
    let mut answer = Answer::new(json!({
        "schema": "provenance.document/1", "id": stored.id, "sha256": stored.sha256, "outlet": document.outlet,
        "title": document.title, "published": document.published, "url": document.url, "language": document.language,
        "path": document.path, "external_id": document.external_id, "revision_of": stored.revision_of,
        "warnings": document.warnings, "text": document.text, "results": items,
    }));
    let mut out = String::new();
    let title = document.title.as_ref().map_or("(no title)".to_string(), |title| visible(&title.value));
    out.push_str(&format!("{}  {}\n", stored.id, styled(&title, BOLD, context.colour)));
    let mut fact = |name: &str, value: Option<(String, &str, bool)>| {
        if let Some((value, from, guessed)) = value {
            let guess = if guessed && !from.starts_with("guess") { "guess: " } else { "" };
            out.push_str(&format!("  {name}: {} ({guess}{from})\n", visible(&value)));
        }
    };
    fact("outlet", document.outlet.as_ref().map(|it| (it.value.clone(), it.from.as_str(), it.guessed)));
    fact("published", document.published.as_ref().map(|it| (it.value.to_string(), it.from.as_str(), it.guessed)));
    fact("language", document.language.as_ref().map(|it| (it.value.clone(), it.from.as_str(), it.guessed)));
    fact("address", document.url.as_ref().map(|it| (it.value.clone(), it.from.as_str(), it.guessed)));
    if let Some(old) = &stored.revision_of {
        out.push_str(&format!("  revision of {old}\n"));
    }
    for warning in &document.warnings {
        out.push_str(&format!("  {} {}\n", warning.code, visible(&warning.note)));
    }
    out.push('\n');
    for it in statements {
        out.push_str(&format!("  {}\n    {}: {}\n", facts(it, context), speaker(it), visible(&it.exact())));
    }
    answer.list = "results";
    answer.rows = rows(statements);
    answer.human = Some(out);
    answer
}
