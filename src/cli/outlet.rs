//! `provenance outlet NAME`: one outlet, what it carries, from whom and to whom.

use clap::Args;
use serde_json::{Value, json};

use crate::app::{self, AppError, OutletCard, RepeatView, TextView};

use super::answer::{Answer, Rows, columns, plain_table};
use super::context::Context;
use super::screen::{BOLD, styled, visible};
use super::who_said::{counted, shortened};

/// One outlet: whose statements it carries, from whom and to whom, its credits, and what arrives without a source.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The outlet's name, or its id (o…).
    name: String,
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let card = app::outlet(&store, &arguments.name)?;
    let mut answer = Answer::new(value(&card));
    answer.list = "from";
    answer.rows = repeat_rows(&card);
    answer.human = Some(human(&card, context));
    Ok(answer)
}

fn value(card: &OutletCard) -> Value {
    let repeat = |it: &RepeatView| {
        json!({"from": it.from, "to": it.to, "claims": it.claims, "order": it.order.name(),
               "median_lag_days": it.median_lag})
    };
    let open =
        |it: &RepeatView| json!({"with": it.to, "claims": it.claims, "median_lag_days": it.median_lag.map(i64::abs)});
    let kinds: serde_json::Map<String, Value> =
        card.by_kind.iter().map(|(kind, count)| (kind.name().to_string(), json!(count))).collect();
    json!({
        "schema": "provenance.outlet/1", "id": card.id, "name": card.name,
        "documents": card.documents.iter().map(|it| &it.id).collect::<Vec<_>>(),
        "statements": card.statements, "kinds": kinds,
        "without_source": {"own": card.own_without_source, "repeated": card.repeated_without_source},
        "received": {"claims": card.received, "without_source": card.received_without_source,
                     "share_without_source": share(card.received_without_source, card.received)},
        "speakers": card.speakers.iter()
            .map(|(id, name, count)| json!({"id": id, "name": name, "statements": count})).collect::<Vec<_>>(),
        "from": card.from.iter().map(repeat).collect::<Vec<_>>(),
        "to": card.to.iter().map(repeat).collect::<Vec<_>>(),
        "open": card.open.iter().map(open).collect::<Vec<_>>(),
        "texts": card.texts.iter().map(|it| json!({"with": it.other, "relation": it.relation.name(),
                                                   "direction": it.way.name(), "documents": it.documents})).collect::<Vec<_>>(),
        "credits": card.credits.iter().map(|it| json!({"name": it.name, "wire": it.is_wire, "whole_texts": it.whole,
                                                       "in_part": it.part, "words": it.example})).collect::<Vec<_>>(),
        "claims": card.claims.iter().map(|it| json!({"id": it.id, "text": it.text, "speaker": it.speaker,
                                                     "documents": it.documents, "outlets": it.outlets})).collect::<Vec<_>>(),
    })
}

/// Share of `part` in `whole` to three places; nothing of nothing has none.
fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| (1000.0 * part as f64 / whole as f64).round() / 1000.0)
}

fn name(name: &str) -> String {
    if name.is_empty() { "(outlet unknown)".to_string() } else { name.to_string() }
}

fn repeat_rows(card: &OutletCard) -> Rows {
    let row = |way: &str, other: &str, it: &RepeatView| {
        let lag = it.median_lag.map_or("?".to_string(), |days| days.to_string());
        vec![way.to_string(), name(other), it.claims.to_string(), it.order.name().to_string(), lag]
    };
    let mut rows: Vec<Vec<String>> = card.from.iter().map(|it| row("from", &it.from, it)).collect();
    rows.extend(card.to.iter().map(|it| row("to", &it.to, it)));
    rows.extend(card.open.iter().map(|it| row("open", &it.to, it)));
    Rows { columns: columns(&["direction", "outlet", "claims", "order from", "median days"]), rows }
}

fn human(card: &OutletCard, context: &Context) -> String {
    let mut out = heading(card, context);
    let mut section = |title: &str, table: Rows| {
        if !table.rows.is_empty() {
            out.push_str(&format!("\n{}\n{}", styled(title, BOLD, context.colour), plain_table(&table, context)));
        }
    };
    let repeats = |list: &[RepeatView], other: fn(&RepeatView) -> &str| Rows {
        columns: columns(&["outlet", "claims", "order from", "median days"]),
        rows: list
            .iter()
            .map(|it| {
                let lag = it.median_lag.map_or("?".to_string(), |days| days.to_string());
                vec![name(other(it)), it.claims.to_string(), it.order.name().to_string(), lag]
            })
            .collect(),
    };
    section("has claims from", repeats(&card.from, |it| &it.from));
    section("others have claims from it", repeats(&card.to, |it| &it.to));
    let open = card.open.iter().map(|it| vec![name(&it.to), it.claims.to_string()]).collect();
    section("shares claims with, no direction known", Rows { columns: columns(&["outlet", "claims"]), rows: open });
    section("whole texts", texts(&card.texts));
    section("credits given", credits(card));
    let speakers = card.speakers.iter().map(|(_, name, count)| vec![name.clone(), count.to_string()]).collect();
    let title = match card.speakers_in_all - card.speakers.len() {
        0 => "whose statements".to_string(),
        more => format!("whose statements (+{more} more)"),
    };
    section(&title, Rows { columns: columns(&["speaker", "statements"]), rows: speakers });
    let claims = card
        .claims
        .iter()
        .map(|it| {
            let who = it.speaker.clone().unwrap_or_else(|| "no source named".into());
            vec![it.short_id.clone(), it.outlets.to_string(), it.documents.to_string(), who, shortened(&it.text, 120)]
        })
        .collect();
    let header = columns(&["claim", "outlets", "docs", "speaker", "words"]);
    section("its most carried claims", Rows { columns: header, rows: claims });
    out
}

fn heading(card: &OutletCard, context: &Context) -> String {
    let kinds: Vec<String> = card.by_kind.iter().map(|(kind, count)| format!("{count} {}", kind.name())).collect();
    let dates: Vec<String> = card
        .documents
        .iter()
        .filter_map(|it| it.document.published.as_ref().map(|date| date.value.to_string()))
        .collect();
    let span = match (dates.first(), dates.last()) {
        (Some(first), Some(last)) if first != last => format!(" · {first} to {last}"),
        (Some(only), _) => format!(" · {only}"),
        _ => " · undated".to_string(),
    };
    let arrived = match share(card.received_without_source, card.received) {
        Some(share) => format!(
            "{} came from others with a known direction; {} of these stand here without the source they had ({:.0} %)",
            counted(card.received, "claim"),
            card.received_without_source,
            share * 100.0
        ),
        None => "no claim is known to have come from another outlet".to_string(),
    };
    format!(
        "{}  {}\n  {}{span} · {} ({})\n  without a source: {} of its own, {} repeated from others\n  {arrived}\n",
        styled(&visible(&card.name), BOLD, context.colour),
        card.id.as_str().chars().take(6).collect::<String>(),
        counted(card.documents.len(), "document"),
        counted(card.statements, "statement"),
        kinds.join(", "),
        card.own_without_source,
        card.repeated_without_source,
    )
}

fn texts(list: &[TextView]) -> Rows {
    let rows = list.iter().map(|it| {
        vec![it.way.name().to_string(), name(&it.other), it.relation.name().replace('_', " "), it.documents.to_string()]
    });
    Rows { columns: columns(&["direction", "outlet", "relation", "docs"]), rows: rows.collect() }
}

fn credits(card: &OutletCard) -> Rows {
    let rows = card.credits.iter().map(|it| {
        let kind = if it.is_wire { "wire" } else { "outlet" };
        vec![it.name.clone(), kind.to_string(), it.whole.to_string(), it.part.to_string(), format!("“{}”", it.example)]
    });
    Rows { columns: columns(&["credited", "kind", "whole texts", "in part", "for example"]), rows: rows.collect() }
}
