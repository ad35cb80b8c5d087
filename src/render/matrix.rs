//! The view `matrix`: outlets against outlets. Answers: who habitually repeats whom, in how many claims, how much later.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::ProvenanceGraph;
use crate::model::Order;

use super::metrics::Face;
use super::page::{Legend, MARGIN, Page, WIDTH, legend_height};
use super::scene::{Repeat, Scene};
use super::svg::{Anchor, Shape, Stroke, Svg, ink, title_of};
use super::{PictureOptions, plural};

const LABELS: f64 = 150.0;
const TOTALS: f64 = 70.0;

pub fn svg(graph: &ProvenanceGraph, options: &PictureOptions) -> String {
    let scene = Scene::of(graph);
    let cells = cells(&scene);
    let (shown, hidden) = shown(&scene, &cells, options.max_nodes);
    let subtitle = "rows repeat columns; numbers: claims, and the median days between (where both are dated); \
                    outlets by first appearance";
    let grid = Grid::of(shown.len());
    let not_shown = if hidden > 0 { format!("+{} not shown", plural(hidden, "outlet")) } else { String::new() };
    let mut page = Page::of_width(options, subtitle, &not_shown, grid.width);
    let top = page.top + grid.head;
    draw_heads(&mut page.svg, &scene, &shown, &grid, top);
    for (&(row, column), repeats) in &cells {
        let place = |at: usize| shown.iter().position(|&carrier| carrier == at);
        if let (Some(y), Some(x)) = (place(row), place(column)) {
            let corner = (MARGIN + LABELS + x as f64 * grid.cell, top + y as f64 * grid.cell);
            draw_cell(&mut page.svg, &scene, repeats, corner, grid.cell);
        }
    }
    let legend: Vec<Legend> = vec![
        (Some((Shape::Square, ink::BLUE, "")), "repeats (darker: more claims)".to_string()),
        (Some((Shape::Ring, ink::GREY, "1.5 2.5")), "both carry it, order unknown".to_string()),
    ];
    let height = grid.head + shown.len() as f64 * grid.cell + 14.0 + legend_height(&legend, grid.width);
    page.finish(grid.width, height, &legend)
}

/// (who repeats, from whom) → the repeats; a pair of unknown order stands in both cells.
type Cells<'s> = BTreeMap<(usize, usize), Vec<&'s Repeat>>;

fn cells(scene: &Scene) -> Cells<'_> {
    let mut cells: Cells = BTreeMap::new();
    for repeat in scene.repeats.iter().filter(|repeat| repeat.from != repeat.to) {
        cells.entry((repeat.to, repeat.from)).or_default().push(repeat);
        if repeat.order == Order::Unknown {
            cells.entry((repeat.from, repeat.to)).or_default().push(repeat);
        }
    }
    cells
}

/// The carriers that repeat or are repeated, the busiest first where there are too many, in the order of the scene.
fn shown(scene: &Scene, cells: &Cells, max: usize) -> (Vec<usize>, usize) {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for (&(row, column), repeats) in cells {
        for end in [row, column] {
            *counts.entry(end).or_default() += repeats.len();
        }
    }
    let mut busiest: Vec<usize> = counts.keys().copied().collect();
    busiest.sort_by_key(|at| (std::cmp::Reverse(counts[at]), *at));
    busiest.truncate(max.max(1));
    let kept: BTreeSet<usize> = busiest.into_iter().collect();
    let hidden = scene.carriers.len() - kept.len();
    (kept.into_iter().collect(), hidden)
}

struct Grid {
    cell: f64,
    head: f64,
    width: f64,
}

impl Grid {
    fn of(count: usize) -> Grid {
        let room = WIDTH - 2.0 * MARGIN - LABELS - TOTALS;
        let cell = (room / count.max(1) as f64).clamp(13.0, 34.0);
        let width = (2.0 * MARGIN + LABELS + TOTALS + cell * count as f64).max(WIDTH);
        Grid { cell, head: if cell < 20.0 { 126.0 } else { 100.0 }, width }
    }
}

fn draw_heads(svg: &mut Svg, scene: &Scene, shown: &[usize], grid: &Grid, top: f64) {
    let face = Face::plain(if grid.cell < 15.0 { 10.5 } else { 12.0 });
    let left = MARGIN + LABELS;
    let side = shown.len() as f64 * grid.cell;
    for (n, &at) in shown.iter().enumerate() {
        let carrier = &scene.carriers[at];
        let middle = (n as f64 + 0.5) * grid.cell;
        let out = scene.repeats.iter().filter(|it| it.to == at && it.from != at && it.order != Order::Unknown).count();
        let from = scene.repeats.iter().filter(|it| it.from == at && it.to != at && it.order != Order::Unknown).count();
        let title =
            format!("{}: repeats {}, is repeated in {}", carrier.label, plural(out, "claim"), plural(from, "claim"));
        svg.place(carrier.id.as_str(), |svg| {
            svg.mark(carrier.id.as_str(), carrier.url.as_deref(), &title, |svg| {
                let label = face.cut(&carrier.label, LABELS - 10.0);
                svg.text((left - 6.0, top + middle + 4.0), face, Anchor::End, ink::BLACK, &label);
            });
        });
        let label = face.cut(&carrier.label, 118.0);
        // upright where slanted names would run into each other
        let (shift, angle) = if grid.cell < 20.0 { (4.0, -90.0) } else { (2.0, -52.0) };
        svg.text_up((left + middle + shift, top - 5.0), face, ink::BLACK, &label, angle);
        let totals = format!("→ {out}   ← {from}");
        svg.text((left + side + 8.0, top + middle + 4.0), Face::plain(10.0), Anchor::Start, ink::GREY, &totals);
    }
    for n in 0..=shown.len() {
        let at = n as f64 * grid.cell;
        let stroke = Stroke::plain(ink::PALE, 0.6);
        svg.line((left, top + at), (left + side, top + at), stroke);
        svg.line((left + at, top), (left + at, top + side), stroke);
    }
    for n in 0..shown.len() {
        let at = n as f64 * grid.cell;
        svg.rect(left + at + 0.5, top + at + 0.5, grid.cell - 1.0, grid.cell - 1.0, ink::FAINT, 0.0);
    }
}

fn draw_cell(svg: &mut Svg, scene: &Scene, repeats: &[&Repeat], corner: (f64, f64), cell: f64) {
    let directed: Vec<&&Repeat> = repeats.iter().filter(|repeat| repeat.order != Order::Unknown).collect();
    let first = repeats[0];
    let middle = (corner.0 + cell / 2.0, corner.1 + cell / 2.0);
    let lag = median(directed.iter().filter_map(|repeat| repeat.lag).collect());
    let title = cell_title(scene, repeats, directed.len(), lag);
    svg.mark(scene.carriers[first.to].id.as_str(), scene.carriers[first.to].url.as_deref(), &title, |svg| {
        if directed.is_empty() {
            svg.shape(Shape::Ring, middle, (cell * 0.36).min(11.0), ink::GREY);
        } else {
            let (fill, text) = shade(directed.len());
            svg.rect(corner.0 + 1.0, corner.1 + 1.0, cell - 2.0, cell - 2.0, fill, 1.5);
            let count = directed.len().to_string();
            if cell >= 26.0 && lag.is_some() {
                svg.text((middle.0, middle.1 - 0.5), Face::bold(12.0), Anchor::Middle, text, &count);
                let days = format!("{:+} d", lag.unwrap_or(0));
                svg.text((middle.0, middle.1 + 11.0), Face::plain(9.0), Anchor::Middle, text, &days);
            } else {
                let size = if cell < 16.0 { 9.0 } else { 11.0 };
                svg.text((middle.0, middle.1 + size * 0.36), Face::bold(size), Anchor::Middle, text, &count);
            }
        }
        if directed.is_empty() && cell >= 18.0 {
            let count = repeats.len().to_string();
            svg.text((middle.0, middle.1 + 3.5), Face::plain(10.0), Anchor::Middle, ink::BLACK, &count);
        }
    });
}

/// Fill and text colour for a number of claims.
fn shade(count: usize) -> (&'static str, &'static str) {
    match count {
        0..=1 => ("#d3e6f3", ink::BLACK),
        2..=3 => ("#9fcae6", ink::BLACK),
        4..=7 => ("#5aa5d2", ink::BLACK),
        8..=15 => ("#1f7cb8", ink::PAPER),
        _ => ("#00507f", ink::PAPER),
    }
}

fn median(mut lags: Vec<i64>) -> Option<i64> {
    lags.sort_unstable();
    lags.get(lags.len() / 2).copied()
}

fn cell_title(scene: &Scene, repeats: &[&Repeat], directed: usize, lag: Option<i64>) -> String {
    let first = repeats[0];
    let (from, to) = (&scene.carriers[first.from].label, &scene.carriers[first.to].label);
    let mut rows = vec![if directed > 0 {
        format!("{to} repeats {} from {from}", plural(directed, "claim"))
    } else {
        format!("{from} and {to} share {}; order unknown", plural(repeats.len(), "claim"))
    }];
    rows.extend(lag.map(|days| format!("median lag: {}", plural(days.unsigned_abs() as usize, "day"))));
    for repeat in repeats.iter().take(6) {
        rows.push(format!("– {}", scene.claims[repeat.claim].text));
    }
    title_of(&rows)
}
