//! The view `lanes`: time from left to right, a lane for every outlet, a mark for every claim that a document carries.
//! Answers: who had it first, and who repeated it when. What has no day stands in a gutter at the right.

use std::collections::BTreeMap;

use crate::graph::ProvenanceGraph;
use crate::model::{Date, Precision};

use super::axis::{Axis, minutes};
use super::metrics::Face;
use super::page::{LANDSCAPE, Legend, MARGIN, Page, legend_height};
use super::scene::{Carry, Scene};
use super::style;
use super::svg::{Anchor, Stroke, Svg, ink, title_of};
use super::{PictureOptions, plural};

const LABEL: Face = Face::bold(12.0);
const SMALL: Face = Face::plain(10.0);
const KEY: Face = Face::plain(12.0);
const LABEL_WIDTH: f64 = 150.0;
const GUTTER: f64 = 74.0;
/// Marks are this far apart, and at most so many stand on top of each other in a lane.
const STEP: f64 = 10.0;
const MAX_ROWS: usize = 4;
/// The same for marks that carry the number of their claim.
const NUMBERED_STEP: f64 = 30.0;
const NUMBERED_ROWS: usize = 8;
const NUMBER: Face = Face::plain(9.0);
/// With more claims than this, marks carry no numbers and there is no key.
const MAX_KEY: usize = 30;
/// With more repeats than this no threads are drawn between marks.
const MAX_THREADS: usize = 80;

pub fn svg(graph: &ProvenanceGraph, options: &PictureOptions) -> String {
    let scene = Scene::of(graph).limited(options.max_nodes);
    let subtitle = format!(
        "{} by {}; every mark is one claim in one document; within a day, place means nothing unless the time is known",
        plural(scene.carriers.len(), "outlet"),
        "first appearance"
    );
    let mut page = Page::of_width(options, &subtitle, &scene.not_shown(), LANDSCAPE);
    let lanes = Lanes::of(&scene, page.top + 24.0);
    lanes.draw_grid(&mut page.svg, &scene);
    lanes.draw_threads(&mut page.svg, &scene);
    lanes.draw_marks(&mut page.svg, &scene);
    let bottom = lanes.draw_key(&mut page.svg, &scene);
    let legend: Vec<Legend> = style::manners()
        .filter(|manner| scene.carries.iter().any(|carry| style::carried(carry.first_seen, carry.relation) == *manner))
        .map(|manner| (Some((manner.shape, manner.colour, manner.dashes)), manner.words.to_string()))
        .collect();
    let height = bottom - page.top + legend_height(&legend, LANDSCAPE);
    page.finish(LANDSCAPE, height, &legend)
}

struct Lanes<'s> {
    /// `None` where nothing is dated to the day.
    axis: Option<Axis>,
    top: f64,
    /// Top and height of every lane.
    lanes: Vec<(f64, f64)>,
    /// A place for every mark: the carries that stand there (several where there is no room), x and y.
    marks: Vec<(Vec<&'s Carry>, f64, f64)>,
    numbered: bool,
    gutter_x: f64,
}

impl<'s> Lanes<'s> {
    fn of(scene: &'s Scene, top: f64) -> Self {
        let undated = scene.carries.iter().any(|carry| carry.date.as_ref().and_then(|date| date.civil()).is_none());
        let gutter_x = LANDSCAPE - MARGIN - if undated { GUTTER } else { 0.0 };
        let left = MARGIN + LABEL_WIDTH;
        let dates = scene.carries.iter().filter_map(|carry| carry.date.as_ref());
        let axis = Axis::over(dates, left, gutter_x - 10.0);
        let mut groups: BTreeMap<(usize, Option<i64>), Vec<&Carry>> = BTreeMap::new();
        for carry in &scene.carries {
            groups.entry((carry.carrier, slot(carry.date.as_ref()))).or_default().push(carry);
        }
        let day_width = axis.as_ref().map_or(GUTTER, Axis::day_width);
        let numbered = scene.claims.len() <= MAX_KEY;
        let row_height = if numbered { STEP + 2.0 } else { STEP };
        let mut lanes = Vec::new();
        let mut marks = Vec::new();
        let mut y = top;
        for lane in 0..scene.carriers.len() {
            let mut placed: Vec<(Vec<&Carry>, f64, usize)> = Vec::new();
            for ((_, when), carries) in groups.range((lane, None)..(lane + 1, None)) {
                let (x, width) = match (when, &axis) {
                    (Some(minute), Some(axis)) => (axis.x_of_minutes(*minute), day_width),
                    _ => (gutter_x + GUTTER / 2.0, GUTTER),
                };
                placed.extend(stack(carries, x, width, numbered));
            }
            let rows = placed.iter().map(|(_, _, row)| row + 1).max().unwrap_or(1);
            let label = &scene.carriers[lane].label;
            let least = if LABEL.width(label) > LABEL_WIDTH - 12.0 { 34.0 } else { 20.0 };
            let height = (rows as f64 * row_height + 10.0).max(least);
            for (carries, x, row) in placed {
                let used = rows as f64 * row_height;
                marks.push((carries, x, y + (height - used) / 2.0 + row_height * (row as f64 + 0.5)));
            }
            lanes.push((y, height));
            y += height;
        }
        Lanes { axis, top, lanes, marks, numbered, gutter_x }
    }

    fn bottom(&self) -> f64 {
        self.lanes.last().map_or(self.top, |(y, height)| y + height)
    }

    fn draw_grid(&self, svg: &mut Svg, scene: &Scene) {
        let right = LANDSCAPE - MARGIN;
        for (n, (carrier, &(y, height))) in scene.carriers.iter().zip(&self.lanes).enumerate() {
            if n % 2 == 0 {
                svg.rect(MARGIN, y, right - MARGIN, height, ink::FAINT, 0.0);
            }
            let title = format!("{}: {}", carrier.label, plural(carrier.weight, "statement"));
            let label = LABEL.wrap(&carrier.label, LABEL_WIDTH - 12.0, if height >= 34.0 { 2 } else { 1 });
            let first = y + height / 2.0 + 4.0 - (label.len() as f64 - 1.0) * 7.0;
            svg.place(carrier.id.as_str(), |svg| {
                svg.mark(carrier.id.as_str(), carrier.url.as_deref(), &title, |svg| {
                    for (row, line) in label.iter().enumerate() {
                        let at = (MARGIN + 4.0, first + row as f64 * 14.0);
                        svg.text(at, LABEL, Anchor::Start, ink::BLACK, line);
                    }
                });
            });
        }
        let bottom = self.bottom();
        for (x, label) in self.axis.iter().flat_map(Axis::ticks) {
            svg.line((x, self.top), (x, bottom), Stroke::plain(ink::PALE, 0.7));
            svg.text((x + 2.0, self.top - 6.0), SMALL, Anchor::Start, ink::GREY, &label);
        }
        if self.gutter_x < right {
            let stroke = Stroke { dashes: "3 3", ..Stroke::plain(ink::GREY, 1.0) };
            svg.line((self.gutter_x, self.top - 16.0), (self.gutter_x, bottom), stroke);
            svg.text((self.gutter_x + 5.0, self.top - 6.0), SMALL, Anchor::Start, ink::GREY, "day unknown");
        }
    }

    /// From each repeated mark to the one that repeats it.
    fn draw_threads(&self, svg: &mut Svg, scene: &Scene) {
        if scene.repeats.len() > MAX_THREADS {
            return;
        }
        let mut at: BTreeMap<(usize, usize), (f64, f64)> = BTreeMap::new();
        for (carries, x, y) in &self.marks {
            for carry in carries {
                at.entry((carry.carrier, carry.claim)).or_insert((*x, *y));
            }
        }
        for repeat in &scene.repeats {
            let ends = (at.get(&(repeat.from, repeat.claim)), at.get(&(repeat.to, repeat.claim)));
            let (Some(&(x0, y0)), Some(&(x1, y1))) = ends else { continue };
            let manner = style::repeated(repeat.relation);
            let bend = ((x1 - x0) / 2.0).abs().max(14.0);
            let d = format!("M{x0:.1} {y0:.1}C{:.1} {y0:.1} {:.1} {y1:.1} {x1:.1} {y1:.1}", x0 + bend, x1 - bend);
            svg.path(&d, manner.stroke(1.0));
        }
    }

    fn draw_marks(&self, svg: &mut Svg, scene: &Scene) {
        for (carries, x, y) in &self.marks {
            let carry = carries[0];
            let claim = &scene.claims[carry.claim];
            let manner = style::carried(carry.first_seen, carry.relation);
            svg.mark(claim.id.as_str(), carry.url.as_deref(), &mark_title(scene, carries), |svg| {
                if carries.len() > 1 {
                    svg.rect(x - 8.0, y - 5.0, 16.0, 10.0, ink::GREY, 5.0);
                    let count = format!("+{}", carries.len());
                    svg.text((*x, y + 3.0), Face::bold(8.0), Anchor::Middle, ink::PAPER, &count);
                } else {
                    svg.shape(manner.shape, (*x, *y), 4.0, manner.colour);
                    if self.numbered {
                        let number = format!("c{}", claim.number);
                        svg.text((x + 6.0, y + 3.2), NUMBER, Anchor::Start, ink::BLACK, &number);
                    }
                }
            });
        }
    }

    /// The claims with their numbers; gives the bottom.
    fn draw_key(&self, svg: &mut Svg, scene: &Scene) -> f64 {
        let mut y = self.bottom() + 16.0;
        if !self.numbered {
            return y;
        }
        let width = (LANDSCAPE - 2.0 * MARGIN - 20.0) / 2.0;
        let rows = scene.claims.len().div_ceil(2);
        for (n, claim) in scene.claims.iter().enumerate() {
            let (column, row) = (n / rows.max(1), n % rows.max(1));
            let at = (MARGIN + column as f64 * (width + 20.0), y + 12.0 + row as f64 * 16.0);
            let count = scene.carries.iter().filter(|carry| carry.claim == n).count();
            let words = KEY.cut(&claim.words(), width - 58.0);
            let lead = claim.lead().min(words.len());
            svg.place(claim.id.as_str(), |svg| {
                svg.mark(claim.id.as_str(), None, &claim.title(), |svg| {
                    svg.text(at, Face::bold(12.0), Anchor::Start, ink::BLUE, &format!("c{}", claim.number));
                    svg.text((at.0 + 52.0, at.1), SMALL, Anchor::End, ink::GREY, &format!("×{count}"));
                    svg.text_with_lead((at.0 + 58.0, at.1), KEY, ink::BLACK, &words, lead);
                });
            });
        }
        y += rows as f64 * 16.0 + 8.0;
        y
    }
}

/// The minute, for a date with a time; noon, for a day; `None` where the day is unknown.
fn slot(date: Option<&Date>) -> Option<i64> {
    let date = date?;
    let day = minutes(date)?;
    Some(if date.precision() == Precision::Minute { day } else { day + 12 * 60 })
}

/// Marks of one moment side by side and on top of each other, as far as `width` allows; the rest become one mark.
fn stack<'s>(carries: &[&'s Carry], x: f64, width: f64, numbered: bool) -> Vec<(Vec<&'s Carry>, f64, usize)> {
    let (step, rows) = if numbered { (NUMBERED_STEP, NUMBERED_ROWS) } else { (STEP, MAX_ROWS) };
    let most = ((width / step).floor() as usize).max(1);
    let columns = carries.len().div_ceil(rows).clamp(1, most);
    let columns = columns.max(most.min(carries.len()).min(3));
    // a number stands right of its mark
    let x = if numbered { x - 9.0 } else { x };
    let room = columns * rows;
    let mut placed = Vec::new();
    for (n, carry) in carries.iter().enumerate() {
        let at = x + ((n % columns) as f64 - (columns as f64 - 1.0) / 2.0) * step;
        if n + 1 == room && carries.len() > room {
            placed.push((carries[n..].to_vec(), at, n / columns));
            break;
        }
        placed.push((vec![*carry], at, n / columns));
    }
    placed
}

fn mark_title(scene: &Scene, carries: &[&Carry]) -> String {
    let mut rows = Vec::new();
    for carry in carries.iter().take(6) {
        let manner = style::carried(carry.first_seen, carry.relation);
        let date = carry.date.as_ref().map_or("undated".to_string(), |date| date.to_string());
        let number = scene.claims[carry.claim].number;
        rows.push(format!("c{number}  {}, {date}: {}", scene.carriers[carry.carrier].label, manner.words));
        rows.push(format!("“{}”", carry.wording));
    }
    if carries.len() > 6 {
        rows.push(format!("and {} more", carries.len() - 6));
    }
    title_of(&rows)
}
