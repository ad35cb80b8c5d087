//! `provenance timeline CLAIM|QUERY`: who carried it when, in lanes.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use crate::app::{self, AppError, GraphOptions};
use crate::model::Order;
use crate::render::timeline::{Event, Lane, LaneBy, Timeline, timeline};
use crate::render::{self, PictureOptions, View};

use super::Outcome;
use super::answer::{Answer, Rows, columns};
use super::context::Context;
use super::graph::write_file;
use super::screen::{self, BOLD, DIM, styled, visible};
use super::who_said::shortened;

/// Claims in time: a lane for every outlet (or speaker), a mark for every claim in a document.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Claim ids, or words that someone said; left out: every claim in two documents or more.
    about: Vec<String>,
    /// What makes a lane.
    #[arg(long, default_value = "outlet", value_parser = ["outlet", "speaker"])]
    by: String,
    /// Write the picture instead: the same marks as `graph --view lanes`.
    #[arg(long, short, value_name = "FILE.svg")]
    output: Option<PathBuf>,
    /// Show at most so many outlets and claims, and say how many more there are.
    #[arg(long, default_value_t = 40, value_name = "N")]
    max_nodes: usize,
}

/// Columns of the lanes' names, and of the gutter for what has no day.
const LABEL: usize = 22;
const GUTTER: usize = 16;

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let options = GraphOptions { about: arguments.about.clone(), ..GraphOptions::default() };
    let graph = app::graph(&store, &options)?;
    if let Some(path) = &arguments.output {
        return picture(&graph, path, arguments);
    }
    let by = if arguments.by == "speaker" { LaneBy::Speaker } else { LaneBy::Outlet };
    let room = context.width.saturating_sub(LABEL + GUTTER + 3).max(20);
    let found = timeline(&graph, room, by, arguments.max_nodes);
    let mut answer = Answer::new(value(&found, &arguments.by));
    answer.list = "events";
    answer.rows = rows(&found);
    answer.human = Some(human(&found, room, context));
    if found.events.is_empty() {
        answer.outcome = Outcome::NothingFound;
        answer.notes.push("hint: no claim in two documents; name a claim (`provenance claims --least 1`)".to_string());
    }
    Ok(answer)
}

fn picture(
    graph: &crate::graph::ProvenanceGraph,
    path: &std::path::Path,
    arguments: &Arguments,
) -> Result<Answer, AppError> {
    let is_svg = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("svg"));
    if !is_svg || arguments.by != "outlet" {
        return Err(AppError::usage(
            "the picture is an SVG of lanes by outlet",
            "write to a file that ends in .svg, without --by; other formats: provenance graph --view lanes -o FILE",
        ));
    }
    let title = if arguments.about.is_empty() { "Who had it when".to_string() } else { arguments.about.join(", ") };
    let options =
        PictureOptions { view: View::Lanes, max_nodes: arguments.max_nodes, title, ..PictureOptions::default() };
    write_file(path, render::svg(graph, &options).as_bytes())?;
    Ok(Answer::words(format!("wrote {}\n", screen::visible(&path.display().to_string()))))
}

fn value(found: &Timeline, by: &str) -> Value {
    let events: Vec<Value> = found
        .events
        .iter()
        .map(|it| {
            json!({
                "date": it.date.as_ref().map(|date| date.as_str()), "lane": found.lanes[it.lane].label,
                "outlet": it.outlet, "document": it.document, "claim": it.claim, "number": it.number,
                "manner": it.manner, "order": it.order.name(), "without_source": it.unsourced, "exact": it.wording,
            })
        })
        .collect();
    let claims: Vec<Value> = found
        .claims
        .iter()
        .map(|(number, id, speaker, text)| json!({"number": number, "id": id, "speaker": speaker, "text": text}))
        .collect();
    json!({
        "schema": "provenance.timeline/1", "by": by, "lanes": found.lanes.iter().map(|lane| &lane.label).collect::<Vec<_>>(),
        "claims": claims, "events": events, "not_shown": found.not_shown,
    })
}

fn rows(found: &Timeline) -> Rows {
    let rows = found.events.iter().map(|it| {
        vec![
            date(it),
            found.lanes[it.lane].label.clone(),
            it.document.to_string(),
            it.claim.to_string(),
            manner(it),
            it.wording.clone(),
        ]
    });
    Rows { columns: columns(&["date", "lane", "document", "claim", "how", "words"]), rows: rows.collect() }
}

fn date(event: &Event) -> String {
    event.date.as_ref().map_or("undated".to_string(), |date| date.to_string())
}

fn manner(event: &Event) -> String {
    let order = match event.order {
        Order::Wording => ", likely",
        Order::Date => ", by date",
        _ => "",
    };
    let source = if event.unsourced { ", without source" } else { "" };
    format!("{}{order}{source}", event.manner)
}

fn human(found: &Timeline, room: usize, context: &Context) -> String {
    let mut out = axis(found, room);
    for lane in &found.lanes {
        out.push_str(&lane_lines(found, lane, room));
    }
    if !found.not_shown.is_empty() {
        out.push_str(&format!("{}\n", found.not_shown));
    }
    out.push_str(
        "\n◆ first seen   ● repeats, direction known   ○ also reported, or no direction known\n\
         Numbers are claims; within a day, place means nothing unless the time is known.\n\n",
    );
    for (number, id, speaker, text) in &found.claims {
        let who = speaker.as_deref().map_or("speaker unknown".to_string(), visible);
        let line = format!("{number:>3}  {}  {who}: {}", short(id.as_str()), visible(text));
        out.push_str(&format!("{}\n", styled(&shortened(&line, context.width), BOLD, context.colour)));
    }
    out.push('\n');
    for it in &found.events {
        let place = format!(
            "{:<16}  {}{:<3} {}  {}",
            date(it),
            it.symbol,
            it.number,
            short(it.document.as_str()),
            visible(&it.outlet)
        );
        out.push_str(&format!("{place}  {}\n", styled(&manner(it), DIM, context.colour)));
    }
    out
}

fn short(id: &str) -> String {
    id.chars().take(6).collect()
}

/// Labels of the axis over their columns, and a line of ticks.
fn axis(found: &Timeline, room: usize) -> String {
    let (mut labels, mut line) = (vec![' '; room + 12], vec!['─'; room]);
    for (column, label) in &found.ticks {
        for (n, c) in label.chars().enumerate() {
            if let Some(cell) = labels.get_mut(column + n) {
                *cell = c;
            }
        }
        if let Some(cell) = line.get_mut(*column) {
            *cell = '┬';
        }
    }
    let text = |cells: Vec<char>| cells.into_iter().collect::<String>();
    let gutter = if found.lanes.iter().any(|lane| !lane.undated.is_empty()) { "undated" } else { "" };
    if found.ticks.is_empty() {
        return format!("{:LABEL$} {:room$} │ {gutter}\n", "", "nothing is dated to the day");
    }
    let labels = text(labels).trim_end().to_string();
    format!("{:LABEL$} {labels}\n{:LABEL$} {} ┼ {gutter}\n", "", "", text(line))
}

fn lane_lines(found: &Timeline, lane: &Lane, room: usize) -> String {
    let symbol = |n: usize| format!("{}{}", found.events[n].symbol, found.events[n].number);
    let per_row = (GUTTER / 4).max(1);
    let dated_rows = lane.marks.iter().map(|(_, row, _)| row + 1).max().unwrap_or(0);
    let rows = dated_rows.max(lane.undated.len().div_ceil(per_row)).max(1);
    let mut out = String::new();
    for row in 0..rows {
        let mut cells = vec![' '; room];
        for (column, _, n) in lane.marks.iter().filter(|(_, at, _)| *at == row) {
            for (n, c) in symbol(*n).chars().enumerate() {
                if let Some(cell) = cells.get_mut(column + n) {
                    *cell = c;
                }
            }
        }
        let undated: Vec<String> = lane.undated.iter().skip(row * per_row).take(per_row).map(|n| symbol(*n)).collect();
        let label = if row == 0 { shortened(&visible(&lane.label), LABEL) } else { String::new() };
        let line = format!("{label:LABEL$} {} │ {}", cells.into_iter().collect::<String>(), undated.join(" "));
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
