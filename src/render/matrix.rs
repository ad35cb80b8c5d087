//! The view `matrix`: outlets against outlets. Answers: who habitually repeats whom, in how many claims, how much later.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::ProvenanceGraph;
use crate::model::Order;

use super::metrics::Face;
use super::page::{LANDSCAPE, Legend, MARGIN, Page, Sheet, WIDTH, first_that_fits, legend_height};
use super::scene::{Repeat, Scene};
use super::svg::{Anchor, Shape, Stroke, Svg, ink, title_of};
use super::{PictureOptions, plural};

const FACE: Face = Face::plain(12.0);
const BOLD: Face = Face::bold(12.0);
const LABELS: f64 = 150.0;
/// How often each repeats and is repeated.
const TOTALS: f64 = 72.0;

/// What stands above the columns.
#[derive(Clone, Copy, PartialEq)]
enum Heads {
    Slanted,
    Upright,
    /// The numbers that stand before the names of the rows.
    Numbers,
}

/// How much room things get: tried from roomy to tight until the sheet fits A4.
struct Look {
    width: f64,
    heads: Heads,
    /// Least and most width and height of a cell.
    cell_width: (f64, f64),
    cell_height: (f64, f64),
    /// Days between, below the number of claims.
    lags: bool,
}

const LOOKS: [Look; 5] = [
    Look { width: WIDTH, heads: Heads::Slanted, cell_width: (36.0, 46.0), cell_height: (30.0, 34.0), lags: true },
    Look { width: LANDSCAPE, heads: Heads::Slanted, cell_width: (36.0, 46.0), cell_height: (25.0, 25.0), lags: true },
    Look { width: WIDTH, heads: Heads::Slanted, cell_width: (18.0, 34.0), cell_height: (18.0, 28.0), lags: false },
    Look { width: WIDTH, heads: Heads::Upright, cell_width: (14.0, 18.0), cell_height: (14.0, 18.0), lags: false },
    Look { width: LANDSCAPE, heads: Heads::Numbers, cell_width: (14.0, 34.0), cell_height: (11.8, 11.8), lags: false },
];

/// With more outlets than this no look fits A4, and the last one is drawn.
const MOST_ON_A4: usize = 45;

pub fn svg(graph: &ProvenanceGraph, options: &PictureOptions) -> String {
    let scene = Scene::of(graph);
    let cells = cells(&scene);
    let (shown, hidden) = shown(&scene, &cells, options.max_nodes);
    let looks = if shown.len() > MOST_ON_A4 { &LOOKS[4..] } else { &LOOKS[..] };
    first_that_fits(looks, |look| sheet(&scene, &cells, &shown, hidden, options, look))
}

fn sheet(scene: &Scene, cells: &Cells, shown: &[usize], hidden: usize, options: &PictureOptions, look: &Look) -> Sheet {
    let lags = if look.lags { ", and the median days between (where both are dated)" } else { "" };
    let subtitle = format!("rows repeat columns; numbers: claims{lags}; outlets by first appearance");
    let grid = Grid::of(shown.len(), look);
    let not_shown = if hidden > 0 { format!("+{} not shown", plural(hidden, "outlet")) } else { String::new() };
    let mut page = Page::of_width(options, &subtitle, &not_shown, grid.width);
    let top = page.top + grid.head;
    draw_grid(&mut page.svg, shown.len(), &grid, top);
    draw_heads(&mut page.svg, scene, shown, &grid, top);
    let place: BTreeMap<usize, usize> = shown.iter().enumerate().map(|(place, &carrier)| (carrier, place)).collect();
    for (&(row, column), repeats) in cells {
        if let (Some(&y), Some(&x)) = (place.get(&row), place.get(&column)) {
            let corner = (MARGIN + LABELS + x as f64 * grid.cell.0, top + y as f64 * grid.cell.1);
            draw_cell(&mut page.svg, scene, repeats, corner, &grid);
        }
    }
    let drawn = |directed: bool| cells.values().flatten().any(|it| (it.order != Order::Unknown) == directed);
    let mut legend: Vec<Legend> = Vec::new();
    if drawn(true) {
        legend.push((Some((Shape::Square, ink::BLUE, "")), "repeats (darker: more claims)".to_string()));
    }
    if drawn(false) {
        legend.push((Some((Shape::Ring, ink::GREY, "1.5 2.5")), "both carry it, order unknown".to_string()));
    }
    legend.push((None, "→ repeats, ← is repeated".to_string()));
    let height = grid.head + shown.len() as f64 * grid.cell.1 + 8.0 + legend_height(&legend, grid.width);
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
    /// Width and height.
    cell: (f64, f64),
    head: f64,
    width: f64,
    heads: Heads,
    lags: bool,
}

impl Grid {
    fn of(count: usize, look: &Look) -> Grid {
        let share = (look.width - 2.0 * MARGIN - LABELS - TOTALS) / count.max(1) as f64;
        let cell_width = share.clamp(look.cell_width.0, look.cell_width.1);
        let cell = (cell_width, cell_width.clamp(look.cell_height.0, look.cell_height.1));
        let width = (2.0 * MARGIN + LABELS + TOTALS + cell.0 * count as f64).max(WIDTH);
        let head = match look.heads {
            Heads::Slanted => 98.0,
            Heads::Upright => 124.0,
            Heads::Numbers => 19.0,
        };
        Grid { cell, head, width, heads: look.heads, lags: look.lags }
    }
}

fn draw_grid(svg: &mut Svg, count: usize, grid: &Grid, top: f64) {
    let left = MARGIN + LABELS;
    let (width, height) = (count as f64 * grid.cell.0, count as f64 * grid.cell.1);
    let stroke = Stroke::plain(ink::PALE, 0.6);
    for n in 0..=count {
        let (x, y) = (left + n as f64 * grid.cell.0, top + n as f64 * grid.cell.1);
        svg.line((left, y), (left + width, y), stroke);
        svg.line((x, top), (x, top + height), stroke);
    }
    for n in 0..count {
        let (x, y) = (left + n as f64 * grid.cell.0, top + n as f64 * grid.cell.1);
        svg.rect(x + 0.5, y + 0.5, grid.cell.0 - 1.0, grid.cell.1 - 1.0, ink::FAINT, 0.0);
    }
}

fn draw_heads(svg: &mut Svg, scene: &Scene, shown: &[usize], grid: &Grid, top: f64) {
    let left = MARGIN + LABELS;
    let side = shown.len() as f64 * grid.cell.0;
    for (n, &at) in shown.iter().enumerate() {
        let carrier = &scene.carriers[at];
        let (x, y) = (left + (n as f64 + 0.5) * grid.cell.0, top + (n as f64 + 0.5) * grid.cell.1 + 4.3);
        let out = scene.repeats.iter().filter(|it| it.to == at && it.from != at && it.order != Order::Unknown).count();
        let from = scene.repeats.iter().filter(|it| it.from == at && it.to != at && it.order != Order::Unknown).count();
        let title =
            format!("{}: repeats {}, is repeated in {}", carrier.label, plural(out, "claim"), plural(from, "claim"));
        let number = (n + 1).to_string();
        let name_end = left - if grid.heads == Heads::Numbers { 28.0 } else { 6.0 };
        svg.place(carrier.id.as_str(), |svg| {
            svg.mark(carrier.id.as_str(), carrier.url.as_deref(), &title, |svg| {
                let label = FACE.cut(&carrier.label, name_end - MARGIN);
                svg.text((name_end, y), FACE, Anchor::End, ink::BLACK, &label);
                if grid.heads == Heads::Numbers {
                    svg.text((left - 5.0, y), BOLD, Anchor::End, ink::BLUE, &number);
                }
            });
        });
        match grid.heads {
            Heads::Slanted => {
                let label = FACE.cut(&carrier.label, 116.0);
                svg.text_up((x + 2.0, top - 5.0), FACE, ink::BLACK, &label, -52.0);
            }
            Heads::Upright => {
                let label = FACE.cut(&carrier.label, 116.0);
                svg.text_up((x + 4.3, top - 4.0), FACE, ink::BLACK, &label, -90.0);
            }
            Heads::Numbers => svg.text_up((x + 4.3, top - 2.0), FACE, ink::BLUE, &number, -90.0),
        }
        let first = left + side + 8.0;
        svg.text((first, y), FACE, Anchor::Start, ink::GREY, &format!("→{out}"));
        svg.text((first + 34.0, y), FACE, Anchor::Start, ink::GREY, &format!("←{from}"));
    }
}

fn draw_cell(svg: &mut Svg, scene: &Scene, repeats: &[&Repeat], corner: (f64, f64), grid: &Grid) {
    let directed: Vec<&&Repeat> = repeats.iter().filter(|repeat| repeat.order != Order::Unknown).collect();
    let first = repeats[0];
    let (width, height) = grid.cell;
    let middle = (corner.0 + width / 2.0, corner.1 + height / 2.0);
    let lag = median(directed.iter().filter_map(|repeat| repeat.lag).collect());
    let title = cell_title(scene, repeats, directed.len(), lag);
    svg.mark(scene.carriers[first.to].id.as_str(), scene.carriers[first.to].url.as_deref(), &title, |svg| {
        if directed.is_empty() {
            let radius = (height.min(width) * 0.5 - 0.5).min(11.0);
            svg.shape(Shape::Ring, middle, radius, ink::GREY);
            if radius >= 8.0 || repeats.len() > 1 {
                let count = repeats.len().to_string();
                let at = (middle.0 - FACE.width(&count) / 2.0, middle.1 + 4.3);
                svg.text_on_lines(at, FACE, ink::BLACK, &count);
            }
            return;
        }
        let (fill, text) = shade(directed.len());
        svg.rect(corner.0 + 0.7, corner.1 + 0.7, width - 1.4, height - 1.4, fill, 1.5);
        let count = directed.len().to_string();
        match lag.filter(|_| grid.lags) {
            Some(days) => {
                svg.text((middle.0, middle.1 - 1.2), BOLD, Anchor::Middle, text, &count);
                let days = format!("{days:+} d");
                svg.text((middle.0, middle.1 + 10.8), FACE, Anchor::Middle, text, &days);
            }
            None => svg.text((middle.0, middle.1 + 4.3), BOLD, Anchor::Middle, text, &count),
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
