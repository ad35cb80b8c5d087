//! The view `lanes`: time from left to right, a lane for every outlet, a mark for every claim that a document carries.
//! Answers: who had it first, and who repeated it when. What has no day stands in a gutter at the right.

mod flags;

use std::collections::BTreeMap;

use crate::graph::ProvenanceGraph;

use super::axis::Axis;
use super::metrics::Face;
use super::page::{LANDSCAPE, Legend, MARGIN, Page, Sheet, first_that_fits, legend_height};
use super::scene::{Carry, Scene};
use super::style;
use super::svg::{Anchor, Stroke, Svg, ink, title_of};
use super::{PictureOptions, plural};
use flags::{Field, NUMBER, Room, field};

const LABEL: Face = Face::bold(12.0);
const SMALL: Face = Face::plain(12.0);
const KEY: Face = Face::plain(12.0);
const LINE: f64 = 14.0;
const UNKNOWN: &str = "day unknown";
const GUTTER: f64 = 92.0;
/// With more claims than this, marks carry no numbers and there is no key.
const MAX_KEY: usize = 40;
/// With more repeats than this no threads are drawn between marks.
const MAX_THREADS: usize = 80;

/// How much room things get: tried from roomy to tight until the sheet fits A4.
struct Look {
    least_lane: f64,
    label_width: f64,
    label_lines: usize,
    key_lines: usize,
    key_gap: f64,
    /// The share of the axis that the marks of one moment may take: the less, the nearer they stand to it.
    widest: f64,
}

const LOOKS: [Look; 5] = [
    Look { least_lane: 22.0, label_width: 136.0, label_lines: 2, key_lines: 3, key_gap: 3.0, widest: 0.14 },
    Look { least_lane: 20.0, label_width: 136.0, label_lines: 2, key_lines: 2, key_gap: 2.0, widest: 0.14 },
    Look { least_lane: 18.0, label_width: 136.0, label_lines: 2, key_lines: 1, key_gap: 1.0, widest: 0.2 },
    Look { least_lane: 18.0, label_width: 168.0, label_lines: 1, key_lines: 1, key_gap: 1.0, widest: 0.3 },
    Look { least_lane: 14.3, label_width: 168.0, label_lines: 1, key_lines: 1, key_gap: 0.0, widest: 0.5 },
];

pub fn svg(graph: &ProvenanceGraph, options: &PictureOptions) -> String {
    let scene = Scene::of(graph).limited(options.max_nodes);
    let looks = if scene.claims.len() > MAX_KEY { &LOOKS[1..2] } else { &LOOKS[..] };
    first_that_fits(looks, |look| sheet(&scene, options, look))
}

fn sheet(scene: &Scene, options: &PictureOptions, look: &Look) -> Sheet {
    let subtitle = format!(
        "{} by first appearance; every mark is one claim in one document, beside the line of its day or minute{}",
        plural(scene.carriers.len(), "outlet"),
        if scene.claims.len() > MAX_KEY { "; its title has the words" } else { "" },
    );
    let mut page = Page::of_width(options, &subtitle, &scene.not_shown(), LANDSCAPE);
    let lanes = Lanes::of(scene, page.top + 14.0, look);
    lanes.draw_grid(&mut page.svg, scene);
    lanes.draw_threads(&mut page.svg, scene);
    lanes.draw_marks(&mut page.svg, scene);
    let bottom = lanes.draw_key(&mut page.svg, scene);
    let legend: Vec<Legend> = style::manners()
        .filter(|manner| scene.carries.iter().any(|carry| style::carried(carry.first_seen, carry.relation) == *manner))
        .map(|manner| (Some((manner.shape, manner.colour, manner.dashes)), manner.words.to_string()))
        .collect();
    let height = bottom - page.top + legend_height(&legend, LANDSCAPE);
    page.finish(LANDSCAPE, height, &legend)
}

impl Look {
    fn label(&self, text: &str) -> Vec<String> {
        LABEL.wrap(text, self.label_width - 12.0, self.label_lines)
    }
}

struct Lanes<'s> {
    look: &'s Look,
    room: Room,
    top: f64,
    field: Field<'s>,
}

impl<'s> Lanes<'s> {
    fn of(scene: &'s Scene, top: f64, look: &'s Look) -> Self {
        let undated = scene.carries.iter().any(|carry| carry.date.as_ref().and_then(|date| date.civil()).is_none());
        let end = LANDSCAPE - MARGIN;
        let gutter = end - if undated { GUTTER } else { 0.0 };
        let (left, right) = (MARGIN + look.label_width, gutter - 8.0);
        let dates = scene.carries.iter().filter_map(|carry| carry.date.as_ref());
        let axis = Axis::over(dates, left, right);
        let room = Room { axis, left, right, gutter: (gutter + 5.0, end), widest: look.widest };
        let least = |lane: usize| {
            let lines = look.label(&scene.carriers[lane].label).len().max(1);
            look.least_lane.max(lines as f64 * LINE + 0.3)
        };
        let field = field(scene, &room, top, scene.claims.len() <= MAX_KEY, least);
        Lanes { look, room, top, field }
    }

    fn bottom(&self) -> f64 {
        self.field.lanes.last().map_or(self.top, |(y, height)| y + height)
    }

    fn draw_grid(&self, svg: &mut Svg, scene: &Scene) {
        let right = LANDSCAPE - MARGIN;
        for (n, (carrier, &(y, height))) in scene.carriers.iter().zip(&self.field.lanes).enumerate() {
            if n % 2 == 0 {
                svg.rect(MARGIN, y, right - MARGIN, height, ink::FAINT, 0.0);
            }
            let title = format!("{}: {}", carrier.label, plural(carrier.weight, "statement"));
            let label = self.look.label(&carrier.label);
            let first = y + height / 2.0 + 4.3 - (label.len() as f64 - 1.0) * LINE / 2.0;
            svg.place(carrier.id.as_str(), |svg| {
                svg.mark(carrier.id.as_str(), carrier.url.as_deref(), &title, |svg| {
                    for (row, line) in label.iter().enumerate() {
                        let at = (MARGIN + 4.0, first + row as f64 * LINE);
                        svg.text(at, LABEL, Anchor::Start, ink::BLACK, line);
                    }
                });
            });
        }
        let bottom = self.bottom();
        let dated_end = self.room.gutter.0 - 5.0;
        let mut free_from = f64::NEG_INFINITY;
        for (x, label) in self.room.axis.iter().flat_map(Axis::ticks) {
            svg.line((x, self.top), (x, bottom), Stroke::plain(ink::PALE, 0.7));
            // the last label must not run into the words over the gutter
            let at = (x + 2.0).min(dated_end - 6.0 - SMALL.width(&label));
            if at >= free_from {
                svg.text((at, self.top - 4.0), SMALL, Anchor::Start, ink::GREY, &label);
                free_from = at + SMALL.width(&label) + 4.0;
            }
        }
        if dated_end < right {
            let stroke = Stroke { dashes: "3 3", ..Stroke::plain(ink::GREY, 1.0) };
            svg.line((dated_end, self.top - 14.0), (dated_end, bottom), stroke);
            svg.text((dated_end + 5.0, self.top - 4.0), SMALL, Anchor::Start, ink::GREY, UNKNOWN);
        }
        for pole in &self.field.poles {
            svg.line((pole.x, pole.top), (pole.x, pole.bottom), Stroke::plain(ink::GREY, 1.4));
        }
    }

    /// From each repeated mark to the one that repeats it.
    fn draw_threads(&self, svg: &mut Svg, scene: &Scene) {
        if scene.repeats.len() > MAX_THREADS {
            return;
        }
        let mut at: BTreeMap<(usize, usize), (f64, f64)> = BTreeMap::new();
        for mark in &self.field.marks {
            for carry in &mark.carries {
                at.entry((carry.carrier, carry.claim)).or_insert((mark.x, mark.y));
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
        for mark in &self.field.marks {
            let carry = mark.carries[0];
            let claim = &scene.claims[carry.claim];
            let manner = style::carried(carry.first_seen, carry.relation);
            svg.mark(claim.id.as_str(), carry.url.as_deref(), &mark_title(scene, &mark.carries), |svg| {
                if mark.carries.len() > 1 {
                    let count = format!("+{}", mark.carries.len());
                    let width = NUMBER.width(&count) + 4.0;
                    svg.rect(mark.x - 5.0, mark.y - 6.5, width, 13.0, ink::GREY, 5.0);
                    svg.text((mark.x - 3.0, mark.y + 4.3), NUMBER, Anchor::Start, ink::PAPER, &count);
                    return;
                }
                svg.shape(manner.shape, (mark.x, mark.y), 4.0, manner.colour);
                if self.field.numbered {
                    let at = (mark.x + 5.5, mark.y + 4.3);
                    svg.text_on_lines(at, NUMBER, ink::BLACK, &claim.number.to_string());
                }
            });
        }
    }

    /// The claims with their numbers in two columns; gives the bottom.
    fn draw_key(&self, svg: &mut Svg, scene: &Scene) -> f64 {
        let top = self.bottom() + 4.0;
        if !self.field.numbered {
            return top;
        }
        let width = (LANDSCAPE - 2.0 * MARGIN - 16.0) / 2.0;
        // the speaker's name is bold, and wider by that
        let wrapped = |n: usize| {
            let claim = &scene.claims[n];
            let words = claim.words();
            let lead = words.get(..claim.lead()).unwrap_or("");
            KEY.wrap(&words, width - KEY_INDENT - (LABEL.width(lead) - KEY.width(lead)), self.look.key_lines)
        };
        let texts: Vec<Vec<String>> = (0..scene.claims.len()).map(wrapped).collect();
        let lines: usize = texts.iter().map(Vec::len).sum();
        let (mut x, mut y, mut used, mut bottom) = (MARGIN, top, 0, top);
        for (n, (claim, text)) in scene.claims.iter().zip(&texts).enumerate() {
            if used * 2 >= lines && x == MARGIN && used > 0 {
                (x, y) = (MARGIN + width + 16.0, top);
            }
            used += text.len();
            let count = scene.carries.iter().filter(|carry| carry.claim == n).count();
            svg.place(claim.id.as_str(), |svg| {
                svg.mark(claim.id.as_str(), None, &claim.title(), |svg| {
                    let number = format!("{}", claim.number);
                    svg.text((x + 18.0, y + 12.0), LABEL, Anchor::End, ink::BLUE, &number);
                    svg.text((x + KEY_INDENT - 6.0, y + 12.0), SMALL, Anchor::End, ink::GREY, &format!("×{count}"));
                    let lead = claim.lead();
                    let mut said = 0;
                    for (row, line) in text.iter().enumerate() {
                        let at = (x + KEY_INDENT, y + 12.0 + row as f64 * LINE);
                        svg.text_with_lead(at, KEY, ink::BLACK, line, lead.saturating_sub(said).min(line.len()));
                        said += line.len() + 1;
                    }
                });
            });
            y += text.len().max(1) as f64 * LINE + self.look.key_gap;
            bottom = bottom.max(y);
        }
        bottom + 4.0
    }
}

/// Number and count of a claim in the key.
const KEY_INDENT: f64 = 52.0;

fn mark_title(scene: &Scene, carries: &[&Carry]) -> String {
    let mut rows = Vec::new();
    for carry in carries.iter().take(6) {
        let manner = style::carried(carry.first_seen, carry.relation);
        let date = carry.date.as_ref().map_or("undated".to_string(), |date| date.to_string());
        let number = scene.claims[carry.claim].number;
        rows.push(format!("{number}  {}, {date}: {}", scene.carriers[carry.carrier].label, manner.words));
        rows.push(format!("“{}”", carry.wording));
    }
    if carries.len() > 6 {
        rows.push(format!("and {} more", carries.len() - 6));
    }
    title_of(&rows)
}
