//! `provenance outlets`: who carries what, and who has claims from whom.

use clap::Args;
use serde_json::json;

use crate::app::{self, AppError};
use crate::model::Order;

use super::Outcome;
use super::answer::{Answer, Rows, columns, plain_table};
use super::context::Context;

/// Outlets in numbers, and who repeats whom.
#[derive(Args, Debug)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let (outlets, repeats) = app::outlets(&store)?;
    let name = |name: &str| if name.is_empty() { "(outlet unknown)".to_string() } else { name.to_string() };
    let table = Rows {
        columns: columns(&["outlet", "docs", "stmts", "without source", "of these repeated", "claims first seen"]),
        rows: outlets
            .iter()
            .map(|it| {
                let share = 100 * it.without_source / it.statements.max(1);
                vec![
                    name(&it.name),
                    it.documents.to_string(),
                    it.statements.to_string(),
                    format!("{} ({share} %)", it.without_source),
                    it.repeated_without_source.to_string(),
                    it.first_seen.to_string(),
                ]
            })
            .collect(),
    };
    let pairs = Rows {
        columns: columns(&["from", "", "to", "claims", "order from", "median days"]),
        rows: repeats
            .iter()
            .map(|it| {
                let arrow = if it.order == Order::Unknown { "—" } else { "→" };
                let lag = it.median_lag.map_or("?".to_string(), |days| days.to_string());
                vec![name(&it.from), arrow.into(), name(&it.to), it.claims.to_string(), it.order.name().into(), lag]
            })
            .collect(),
    };
    let outlet_items: Vec<_> = outlets
        .iter()
        .map(|it| {
            json!({"id": it.id, "name": it.name, "documents": it.documents, "statements": it.statements,
                   "without_source": it.without_source,
                   "repeated_without_source": it.repeated_without_source, "first_seen": it.first_seen})
        })
        .collect();
    let repeat_items: Vec<_> = repeats
        .iter()
        .map(|it| {
            json!({"from": it.from, "to": it.to, "claims": it.claims, "order": it.order.name(),
                   "median_lag_days": it.median_lag})
        })
        .collect();
    let mut answer =
        Answer::new(json!({"schema": "provenance.outlets/1", "outlets": outlet_items, "repeats": repeat_items}));
    answer.list = "outlets";
    let mut human = plain_table(&table, context);
    if !pairs.rows.is_empty() {
        human.push_str("\nwho has claims from whom (— : no direction is known)\n");
        human.push_str(&plain_table(&pairs, context));
    }
    answer.human = Some(human);
    answer.rows = table;
    if outlets.is_empty() {
        answer.outcome = Outcome::NothingFound;
    }
    Ok(answer)
}
