//! `provenance who-said`: who said something with these words?

use clap::Args;
use serde_json::json;

use crate::app::{self, AppError, Quoted, WhoSaid, WhoSaidOptions};
use crate::model::Kind;

use super::Outcome;
use super::answer::{Answer, Rows, columns};
use super::context::Context;
use super::quoted::{facts, in_place, speaker};
use super::screen::{BOLD, styled, visible};

/// Statements with these words in any spelling, grouped by claim, each in place.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Words to look for, as a phrase.
    query: String,
    #[command(flatten)]
    filters: Filters,
    /// In any wording: the nearest statements by words and meaning.
    #[arg(long)]
    fuzzy: bool,
    /// Captions, boilerplate and thoughts too, and hits outside statements.
    #[arg(long)]
    all: bool,
    /// At most so many statements, the best ones; 0 for all.
    #[arg(long, default_value_t = 100, value_name = "N")]
    limit: usize,
}

/// What every list can be narrowed by.
#[derive(Args, Debug, Default)]
pub(crate) struct Filters {
    /// Only what this speaker said, under any spelling.
    #[arg(long, value_name = "NAME")]
    speaker: Option<String>,
    /// Only what this outlet published.
    #[arg(long, value_name = "NAME")]
    outlet: Option<String>,
    /// Published on this day or later.
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Published on this day or earlier.
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Direct, mixed or indirect speech.
    #[arg(long, value_parser = ["direct", "mixed", "indirect"])]
    kind: Option<String>,
    /// Leave out attributions that are less sure than this (0 to 1).
    #[arg(long, default_value_t = 0.0, value_name = "P")]
    min_confidence: f64,
}

impl Filters {
    pub(crate) fn options(&self, all: bool) -> WhoSaidOptions {
        WhoSaidOptions {
            speaker: self.speaker.clone(),
            outlet: self.outlet.clone(),
            since: self.since.clone(),
            until: self.until.clone(),
            kind: self.kind.as_deref().and_then(Kind::of_name),
            min_confidence: self.min_confidence,
            all,
            most: None,
        }
    }
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let most = (arguments.limit > 0).then_some(arguments.limit);
    let options = WhoSaidOptions { most, ..arguments.filters.options(arguments.all) };
    let found = if arguments.fuzzy {
        app::who_said_fuzzy(&store, &arguments.query, &options)?
    } else {
        app::who_said(&store, &arguments.query, &options)?
    };
    answer(&found, arguments.all, context)
}

pub(crate) fn answer(found: &WhoSaid, all: bool, context: &Context) -> Result<Answer, AppError> {
    let mut hidden = std::collections::BTreeMap::new();
    for hit in &found.hidden {
        *hidden.entry(hit.zone.name()).or_insert(0) += 1;
    }
    let statements: Vec<_> = found.results.iter().map(app::statement_json).collect();
    let claims: Vec<_> = found
        .claims
        .iter()
        .map(|group| {
            let ids: Vec<_> = group.statements.iter().map(|at| &found.results[*at].statement.id).collect();
            json!({"id": group.id, "text": group.text, "speaker": group.speaker, "statements": ids})
        })
        .collect();
    let mut answer = Answer::new(json!({
        "schema": "provenance.who_said/1", "query": found.query, "matched_terms": found.matched_terms,
        "words_apart": found.words_apart, "results": statements, "claims": claims, "hidden": hidden,
        "left_out": found.left_out,
    }));
    answer.list = "results";
    answer.rows = rows(&found.results);
    answer.human = Some(human(found, all, context));
    if found.left_out > 0 {
        let note = format!(
            "note: {} {} statements; {} more hold the words (--limit 0 shows all)",
            if found.unranked { "words too common to rank by:" } else { "the best" },
            found.results.len(),
            found.left_out
        );
        answer.notes.push(note);
    }
    if found.results.is_empty() {
        answer.outcome = Outcome::NothingFound;
        answer.notes.push(format!("hint: nothing said with these words; {}", next_try(found)));
    }
    Ok(answer)
}

fn next_try(found: &WhoSaid) -> String {
    if found.hidden.is_empty() {
        "try fewer or other words, --fuzzy, or `provenance speakers`".to_string()
    } else {
        format!("{} hits stand outside statements: --all shows them", found.hidden.len())
    }
}

pub(crate) fn rows(results: &[Quoted]) -> Rows {
    let columns = columns(&["id", "document", "outlet", "published", "speaker", "kind", "claim", "content"]);
    let rows = results
        .iter()
        .map(|it| {
            vec![
                it.statement.id.to_string(),
                it.statement.document.to_string(),
                it.outlet().to_string(),
                it.date().to_string(),
                it.speaker().unwrap_or_default(),
                it.statement.attribution.kind.name().to_string(),
                it.statement.claim.as_ref().map_or(String::new(), |claim| claim.to_string()),
                it.exact(),
            ]
        })
        .collect();
    Rows { columns, rows }
}

fn human(found: &WhoSaid, all: bool, context: &Context) -> String {
    let mut out = headline(found);
    let (claims, singles): (Vec<_>, Vec<_>) = found.claims.iter().partition(|group| group.statements.len() > 1);
    for group in claims {
        out.push_str(&claim_lines(found, group, context));
    }
    for group in singles {
        out.push('\n');
        out.push_str(&statement_lines(&found.results[group.statements[0]], "–   ", context));
    }
    out.push_str(&outside(found, all));
    out
}

/// A claim's words, its speaker and spread, and each of its statements in place.
fn claim_lines(found: &WhoSaid, group: &app::ClaimGroup, context: &Context) -> String {
    let id = short_claim(found, group);
    let head = format!("{id}  {}", shortened(&visible(&group.text), context.width.saturating_sub(12)));
    let who = group.speaker.as_deref().map_or("no source named".to_string(), visible);
    let mut dates: Vec<&str> = group.statements.iter().map(|at| found.results[*at].date()).collect();
    dates.retain(|date| !date.is_empty());
    let seen = dates.iter().min().map_or("undated".to_string(), |date| format!("first seen {date}"));
    let documents: std::collections::BTreeSet<_> =
        group.statements.iter().map(|at| &found.results[*at].statement.document).collect();
    let mut out = format!(
        "\n{}\n    {who} · {seen} · {}\n",
        styled(&head, BOLD, context.colour),
        counted(documents.len(), "document")
    );
    let statements = || group.statements.iter().map(|at| &found.results[*at]);
    for it in statements().filter(|it| it.statement.repeat_of.is_none()) {
        out.push_str(&statement_lines(it, "    ", context));
    }
    // nobody is shown as having said what a document only repeats
    let unsourced: Vec<&Quoted> = statements().filter(|it| it.statement.repeat_of.is_some()).collect();
    if !unsourced.is_empty() {
        out.push_str("    repeated without source:\n");
        unsourced.iter().for_each(|it| out.push_str(&statement_lines(it, "    ", context)));
    }
    out
}

/// One statement: a line of facts, and the words in place after who said them.
fn statement_lines(it: &Quoted, lead: &str, context: &Context) -> String {
    format!("{lead}{}\n      {}: {}\n", facts(it, context), speaker(it), in_place(it, context))
}

pub(crate) fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

fn headline(found: &WhoSaid) -> String {
    let several = found.claims.iter().filter(|group| group.statements.len() > 1).count();
    let single = found.claims.len() - several;
    let mut line = format!(
        "{} + {} · {} · {}",
        counted(several, "claim"),
        counted(single, "single statement"),
        counted(found.results.len(), "statement"),
        counted(found.documents, "document")
    );
    let terms: Vec<String> = found.matched_terms.iter().map(|term| visible(term)).collect();
    if !terms.is_empty() {
        line.push_str(&format!("      matched: {}", terms.join(", ")));
    }
    if found.words_apart {
        line.push_str("      (no phrase: the words stand apart)");
    }
    line.push('\n');
    line
}

fn short_claim(found: &WhoSaid, group: &app::ClaimGroup) -> String {
    // A claim is named after a member: as many digits as that member's short id needs.
    let length = group.statements.iter().map(|at| found.results[*at].short_id.len()).max().unwrap_or(6);
    group.id.as_str().chars().take(length).collect()
}

/// `text` cut at a word to fit `most` characters.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    let cut: String = text.chars().take(most.saturating_sub(1)).collect();
    let kept = cut.rfind(' ').map_or(cut.as_str(), |at| &cut[..at]);
    format!("{kept}…")
}

fn outside(found: &WhoSaid, all: bool) -> String {
    if found.hidden.is_empty() {
        return String::new();
    }
    let unsearched = match found.not_searched {
        0 => String::new(),
        many => format!("; {many} more documents with the words were not searched for them"),
    };
    let mut zones: Vec<&str> = found.hidden.iter().map(|hit| hit.zone.name()).collect();
    zones.sort_unstable();
    zones.dedup();
    if !all {
        return format!(
            "\n{} hits outside statements hidden ({}{unsearched}) · --all shows them\n",
            found.hidden.len(),
            zones.join(", ")
        );
    }
    let mut out = format!("\n{} hits outside statements{unsearched}\n", found.hidden.len());
    for hit in &found.hidden {
        let id: String = hit.document.as_str().chars().take(6).collect();
        out.push_str(&format!("    {id}  {}  {}\n", hit.zone.name(), visible(&hit.around)));
    }
    out
}
