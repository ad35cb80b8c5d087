//! `provenance lineage CLAIM`: first seen, who has it from whom, what stays open, and how the wording changed.

use clap::Args;
use serde_json::{Value, json};

use crate::app::{self, AppError, Carrier, LineageView, RepeatEdge};
use crate::model::Order;

use super::answer::{Answer, Rows, columns};
use super::context::Context;
use super::diff::{changes_json, named};
use super::screen::{BOLD, DIM, styled, visible};
use super::who_said::shortened;
use super::words::inline;

/// Who has a claim from whom: first seen, repeats with their reasons, what stays open, and the tree of its wordings.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// A claim id (or the id of one of its statements).
    #[arg(value_name = "CLAIM")]
    id: String,
}

/// What a direction rests on, in words: what comes from the wording is only likely.
pub(crate) fn order_words(order: Order) -> &'static str {
    match order {
        Order::Citation => "it names the other as its source",
        Order::Wording => "likely: order from the wording, not from dates",
        Order::Date => "order from the dates",
        Order::Unknown => "order open",
    }
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let view = app::lineage(&store, &arguments.id)?;
    let mut answer = Answer::new(value(&view));
    answer.list = "repeats";
    answer.rows = rows(&view);
    answer.human = Some(human(&view, context));
    let claim = &view.card.short_id;
    answer
        .notes
        .push(format!("why? provenance why {claim}       how the wording changed: provenance variants {claim}"));
    Ok(answer)
}

fn value(view: &LineageView) -> Value {
    let id = |at: usize| &view.carriers[at].quoted.statement.document;
    let carriers: Vec<Value> = view
        .carriers
        .iter()
        .map(|it| {
            let quoted = &it.quoted;
            json!({
                "document": quoted.statement.document, "outlet": quoted.outlet(), "published": quoted.date(),
                "statement": quoted.statement.id, "exact": quoted.exact(), "source": quoted.source(), "chain": it.chain,
                "unsourced": it.unsourced, "repeat_of": quoted.statement.repeat_of,
            })
        })
        .collect();
    let edge = |it: &RepeatEdge| {
        json!({
            "from": id(it.from), "to": id(it.to), "relation": it.edge.relation.name(), "order": it.edge.order.name(),
            "direction": if it.edge.order == Order::Unknown { "none" } else { "from → to" },
            "likely": it.edge.order == Order::Wording, "unseen_source": LineageView::is_unseen_source(it),
            "score": it.edge.score, "changes": changes_json(&it.changes), "evidence": it.edge.evidence,
        })
    };
    let tree: Vec<Value> = view
        .tree
        .iter()
        .enumerate()
        .map(|(at, parent)| {
            let known = parent.is_some_and(|parent| view.repeats.iter().any(|it| (it.from, it.to) == (parent, at)));
            json!({"document": id(at), "hangs_on": parent.map(id), "known": known})
        })
        .collect();
    json!({
        "schema": "provenance.lineage/1", "claim": view.card.id, "text": view.card.text, "speaker": view.card.speaker,
        "first_seen": view.first.iter().map(|at| id(*at)).collect::<Vec<_>>(), "tie": view.tie,
        "documents": carriers,
        "repeats": view.repeats.iter().map(edge).collect::<Vec<_>>(),
        "open": view.open.iter().map(edge).collect::<Vec<_>>(),
        "unrelated": view.alone().into_iter().map(id).collect::<Vec<_>>(),
        "wording_tree": tree,
    })
}

fn rows(view: &LineageView) -> Rows {
    let mut table =
        Rows { columns: columns(&["from", "to", "relation", "order", "score", "changes"]), rows: Vec::new() };
    for it in view.repeats.iter().chain(&view.open) {
        table.rows.push(vec![
            view.carriers[it.from].quoted.statement.document.to_string(),
            view.carriers[it.to].quoted.statement.document.to_string(),
            it.edge.relation.name().into(),
            it.edge.order.name().into(),
            format!("{:.2}", it.edge.score),
            named(&it.changes),
        ]);
    }
    table
}

fn human(view: &LineageView, context: &Context) -> String {
    let head = format!("{}  {}", view.card.short_id, shortened(&visible(&view.card.text), 2 * context.width));
    let mut out = format!("{}\n{}", styled(&head, BOLD, context.colour), first_seen(view));
    for root in view.roots() {
        out.push('\n');
        out.push_str(&format!("    {}{}\n", voice(view, root), carrier(view, root, context)));
        branch(view, root, "    ", &mut vec![root], &mut out, context);
    }
    out.push_str(&open_edges(view, context));
    out.push_str(&unrelated(view, context));
    out.push_str(&wordings(view));
    out
}

/// The earliest known documents, and why no more is claimed.
fn first_seen(view: &LineageView) -> String {
    let names: Vec<String> = view.first.iter().map(|at| name(&view.carriers[*at])).collect();
    if names.is_empty() {
        return "    first seen: not known (no dates, and nothing says who repeats whom)\n".to_string();
    }
    let mut line = format!("    first seen: {}", names.join(", or "));
    let by_wording = view.repeats.iter().any(|it| it.edge.order != Order::Date);
    if names.len() > 1 {
        line.push_str("   (the dates do not tell which)");
    } else if view.tie && by_wording {
        line.push_str("   (others have the same date: the order rests on credits or wording, not on dates)");
    } else if view.carriers[view.first[0]].quoted.date().is_empty() {
        line.push_str("   (undated: the others repeat it)");
    }
    line + "\n"
}

fn name(carrier: &Carrier) -> String {
    let it = &carrier.quoted;
    let outlet = if it.outlet().is_empty() { "?".to_string() } else { visible(it.outlet()) };
    let date = if it.date().is_empty() { "undated" } else { it.date() };
    format!("{} {outlet} {date}", it.document_short_id)
}

/// "emergency services ─told→ RIA ─said→ ": the voices before the document, as it names them.
fn voice(view: &LineageView, at: usize) -> String {
    let carrier = &view.carriers[at];
    if carrier.unsourced {
        return "(no source named) ─→ ".to_string();
    }
    let speaker = carrier.quoted.speaker().unwrap_or_else(|| carrier.quoted.source());
    let mut voices: Vec<String> = carrier.chain.iter().map(|it| visible(it)).collect();
    if voices.is_empty() {
        voices.push(visible(&speaker));
    }
    let last = voices.len() - 1;
    let arrows = |(n, voice): (usize, &String)| format!("{voice} {} ", if n == last { "─said→" } else { "─told→" });
    voices.iter().enumerate().map(arrows).collect()
}

fn carrier(view: &LineageView, at: usize, context: &Context) -> String {
    let it = &view.carriers[at];
    let note = if it.unsourced { "  without source" } else { "" };
    format!("{}  {}{note}", name(it), styled(&it.quoted.short_id, DIM, context.colour))
}

/// What repeats `at`, as a tree; `seen` guards against a circle in the data.
fn branch(view: &LineageView, at: usize, lead: &str, seen: &mut Vec<usize>, out: &mut String, context: &Context) {
    let children: Vec<&RepeatEdge> = view.children(at).into_iter().filter(|it| !seen.contains(&it.to)).collect();
    for (n, it) in children.iter().enumerate() {
        let (corner, below) = if n + 1 == children.len() { ("└─", "  ") } else { ("├─", "│ ") };
        let relation = it.edge.relation.name().replace('_', " ");
        out.push_str(&format!(
            "{lead}{corner} {relation} → {}  {:.2}  {}\n",
            carrier(view, it.to, context),
            it.edge.score,
            order_words(it.edge.order)
        ));
        let changed = named(&it.changes);
        if !changed.is_empty() {
            out.push_str(&format!("{lead}{below}   {changed}\n"));
        }
        seen.push(it.to);
        branch(view, it.to, &format!("{lead}{below} "), seen, out, context);
    }
}

fn open_edges(view: &LineageView, context: &Context) -> String {
    if view.open.is_empty() {
        return String::new();
    }
    let mut out = "\n    no direction known\n".to_string();
    for it in &view.open {
        let (a, b) = (carrier(view, it.from, context), carrier(view, it.to, context));
        let what = match LineageView::is_unseen_source(it) {
            true => "common unseen source".to_string(),
            false => it.edge.relation.name().replace('_', " "),
        };
        out.push_str(&format!("    {a} ┄ {what} ┄ {b}  {:.2}\n", it.edge.score));
        for reason in it.edge.evidence.iter().take(2) {
            out.push_str(&styled(&format!("       {}", visible(&reason.note)), DIM, context.colour));
            out.push('\n');
        }
    }
    out
}

fn unrelated(view: &LineageView, context: &Context) -> String {
    let alone = view.alone();
    if alone.is_empty() {
        return String::new();
    }
    let title = if view.carriers.len() == 1 { "only here" } else { "also reported, and nothing says from whom" };
    let mut out = format!("\n    {title}\n");
    for at in alone {
        out.push_str(&format!("    {}{}\n", voice(view, at), carrier(view, at, context)));
    }
    out
}

/// The tree of wordings, each with what changed from the one it hangs on.
fn wordings(view: &LineageView) -> String {
    if view.carriers.len() < 2 {
        return String::new();
    }
    let mut out = "\n    wordings, each on the one it is nearest to (least lost and added; only ─ is a known repeat)\n"
        .to_string();
    let roots: Vec<usize> = (0..view.tree.len()).filter(|at| view.tree[*at].is_none()).collect();
    for root in roots {
        let words = view.carriers[root].quoted.exact();
        out.push_str(&format!("    {}: {}\n", view.carriers[root].quoted.document_short_id, visible(&words)));
        wording_branch(view, root, "    ", &mut out);
    }
    out
}

fn wording_branch(view: &LineageView, at: usize, lead: &str, out: &mut String) {
    let children: Vec<usize> = (0..view.tree.len()).filter(|child| view.tree[*child] == Some(at)).collect();
    for (n, &child) in children.iter().enumerate() {
        let known = view.repeats.iter().any(|it| (it.from, it.to) == (at, child));
        let last = n + 1 == children.len();
        let corner = match (last, known) {
            (true, true) => "└─",
            (false, true) => "├─",
            (true, false) => "└┄",
            (false, false) => "├┄",
        };
        let words = inline(&view.carriers[at].quoted.exact(), &view.carriers[child].quoted.exact());
        out.push_str(&format!("{lead}{corner} {}: {words}\n", view.carriers[child].quoted.document_short_id));
        let below = if last { "   " } else { "│  " };
        wording_branch(view, child, &format!("{lead}{below}"), out);
    }
}
