//! The view `repeats`: outlets in one column by first appearance, claims in another, lines for who carries what, and
//! arcs beside the outlets for who repeats whom. Answers: which outlets carry which claims, and who was first.

use std::collections::BTreeMap;

use crate::graph::ProvenanceGraph;
use crate::model::{DocumentRelation, Order};

use super::metrics::Face;
use super::page::{MARGIN, Page, WIDTH, legend_height};
use super::scene::{Carrier, Carry, Repeat, Scene};
use super::style::{self, Manner};
use super::svg::{Anchor, Shape, Stroke, Svg, ink, title_of};
use super::{PictureOptions, plural};

const OUTLET: Face = Face::bold(12.0);
const CLAIM: Face = Face::plain(12.0);
const SMALL: Face = Face::plain(9.5);
const LINE: f64 = 14.0;
const BOX_WIDTH: f64 = 140.0;
/// Room left of the outlets for the arcs of who repeats whom.
const ARCS: f64 = 56.0;
/// So many arcs are drawn, the strongest first; more would be a hairball.
const MAX_ARCS: usize = 9;
const EDGES: f64 = 104.0;

/// The picture as SVG text.
pub fn svg(graph: &ProvenanceGraph, options: &PictureOptions) -> String {
    let scene = Scene::of(graph).limited(options.max_nodes);
    let layout = Layout::of(&scene);
    let mut page = Page::new(options, &subtitle(&scene), &scene.not_shown());
    let top = page.top;
    layout.draw_lines(&mut page.svg, &scene, top);
    layout.draw_arcs(&mut page.svg, &scene, top);
    layout.draw_outlets(&mut page.svg, &scene, top);
    layout.draw_claims(&mut page.svg, &scene, top);
    let legend = legend(&scene, layout.arcs.len() < layout.pairs);
    page.finish(WIDTH, layout.height + legend_height(&legend, WIDTH), &legend)
}

fn subtitle(scene: &Scene) -> String {
    format!(
        "{} and {}; lines: who carries what{}",
        plural(scene.carriers.len(), "outlet"),
        plural(scene.claims.len(), "claim"),
        if scene.repeats.is_empty() { "" } else { "; arcs: who repeats whom, with the number of claims" }
    )
}

/// One line of the picture: everything one carrier has of one claim.
struct Line<'s> {
    carrier: usize,
    claim: usize,
    carries: Vec<&'s Carry>,
    manner: Manner,
    /// Where the line ends at the claim, from the top of the drawing.
    y: f64,
}

struct Arc {
    from: usize,
    to: usize,
    claims: usize,
    directed: bool,
    relation: DocumentRelation,
    notes: Vec<String>,
}

struct Layout<'s> {
    outlets_x: f64,
    claims_x: f64,
    /// Centre and height of every carrier's box.
    outlets: Vec<(f64, f64)>,
    /// Claims from top to bottom: index, top, lines of text.
    claims: Vec<(usize, f64, Vec<String>)>,
    lines: Vec<Line<'s>>,
    arcs: Vec<Arc>,
    /// How many pairs of carriers repeat each other in all.
    pairs: usize,
    height: f64,
}

impl<'s> Layout<'s> {
    fn of(scene: &'s Scene) -> Self {
        let (arcs, pairs) = arcs(scene);
        let outlets_x = MARGIN + if arcs.is_empty() { 0.0 } else { ARCS };
        let claims_x = outlets_x + BOX_WIDTH + EDGES;
        let mut lines = lines(scene);
        let order = claim_order(scene, &lines);
        let text_width = WIDTH - MARGIN - claims_x - 34.0;
        let max_lines = match scene.claims.len() {
            0..=8 => 5,
            9..=15 => 3,
            _ => 2,
        };
        let mut y = 0.0;
        let mut claims = Vec::new();
        for at in order {
            let text = CLAIM.wrap(&scene.claims[at].words(), text_width, max_lines);
            let mut ends: Vec<&mut Line> = lines.iter_mut().filter(|line| line.claim == at).collect();
            let height = (text.len().max(1) as f64 * LINE).max(ends.len() as f64 * 8.0);
            let step = height / ends.len().max(1) as f64;
            for (n, line) in ends.iter_mut().enumerate() {
                line.y = y + step * (n as f64 + 0.5);
            }
            claims.push((at, y, text));
            y += height + if scene.claims.len() > 15 { 5.0 } else { 10.0 };
        }
        let (outlets, outlets_height) = outlet_boxes(scene, y);
        let height = y.max(outlets_height);
        Layout { outlets_x, claims_x, outlets, claims, lines, arcs, pairs, height }
    }

    fn draw_lines(&self, svg: &mut Svg, scene: &Scene, top: f64) {
        let from_x = self.outlets_x + BOX_WIDTH;
        for line in &self.lines {
            let (y0, y1) = (top + self.outlets[line.carrier].0, top + line.y);
            let (c0, c1) = (from_x + EDGES * 0.45, self.claims_x - EDGES * 0.45);
            let d = format!("M{from_x:.1} {y0:.1}C{c0:.1} {y0:.1} {c1:.1} {y1:.1} {:.1} {y1:.1}", self.claims_x - 6.0);
            let address = line.carries.iter().find_map(|carry| carry.url.as_deref());
            svg.mark(scene.claims[line.claim].id.as_str(), address, &line_title(scene, line), |svg| {
                let width = if line.manner == style::FIRST_SEEN { 1.8 } else { 1.2 };
                svg.path(&d, line.manner.stroke(width));
                svg.shape(line.manner.shape, (self.claims_x - 4.0, y1), 3.6, line.manner.colour);
            });
        }
    }

    /// Every arc has its own lane beside the boxes, the shortest innermost, and its own place at either box.
    fn draw_arcs(&self, svg: &mut Svg, scene: &Scene, top: f64) {
        let x = self.outlets_x;
        let ports = self.ports();
        let step = (ARCS - 14.0) / self.arcs.len().max(1) as f64;
        for (lane, (arc, (y0, y1))) in self.arcs.iter().zip(ports).enumerate() {
            let lane_x = x - 12.0 - step * (lane as f64 + 0.5);
            let (y0, y1) = (top + y0, top + y1);
            let turn = if y1 > y0 { 5.0 } else { -5.0 };
            let d = format!(
                "M{x:.1} {y0:.1}H{:.1}Q{lane_x:.1} {y0:.1} {lane_x:.1} {:.1}V{:.1}Q{lane_x:.1} {y1:.1} {:.1} {y1:.1}H{x:.1}",
                lane_x + 5.0,
                y0 + turn,
                y1 - turn,
                lane_x + 5.0
            );
            let stroke = Stroke {
                colour: style::repeated(arc.relation).colour,
                width: 1.0 + (arc.claims as f64).ln().min(3.0) * 0.6,
                dashes: if arc.directed { "" } else { "1.5 2.5" },
                arrow: arc.directed,
            };
            let (from, to) = (&scene.carriers[arc.from], &scene.carriers[arc.to]);
            svg.mark(to.id.as_str(), to.url.as_deref(), &arc_title(arc, from, to), |svg| {
                svg.path(&d, stroke);
                let label = arc.claims.to_string();
                let at = (lane_x, (y0 + y1) / 2.0 + 3.5);
                let width = SMALL.width(&label);
                svg.rect(at.0 - width / 2.0 - 1.0, at.1 - 9.0, width + 2.0, 11.5, ink::PAPER, 2.0);
                svg.text(at, SMALL, Anchor::Middle, ink::BLACK, &label);
            });
        }
    }

    /// Where every arc leaves and arrives: the places along a box are shared out so that arcs do not cross there.
    fn ports(&self) -> Vec<(f64, f64)> {
        let mut at_box: BTreeMap<usize, Vec<(i64, usize, bool)>> = BTreeMap::new();
        for (n, arc) in self.arcs.iter().enumerate() {
            for (own, other, leaves) in [(arc.from, arc.to, true), (arc.to, arc.from, false)] {
                // those that go up stand above those that go down; longer ones further out
                let reach = arc.from.abs_diff(arc.to) as i64;
                let rank = if other < own { reach - 1_000_000 } else { -reach };
                at_box.entry(own).or_default().push((rank, n, leaves));
            }
        }
        let mut ports = vec![(0.0, 0.0); self.arcs.len()];
        for (own, mut ends) in at_box {
            ends.sort();
            let (centre, height) = self.outlets[own];
            let step = (height - 8.0) / ends.len() as f64;
            for (place, (_, n, leaves)) in ends.into_iter().enumerate() {
                let y = centre - height / 2.0 + 4.0 + step * (place as f64 + 0.5);
                if leaves { ports[n].0 = y } else { ports[n].1 = y }
            }
        }
        ports
    }

    fn draw_outlets(&self, svg: &mut Svg, scene: &Scene, top: f64) {
        for (carrier, &(y, height)) in scene.carriers.iter().zip(&self.outlets) {
            let (x, y) = (self.outlets_x, top + y - height / 2.0);
            let title = title_of(&[
                carrier.label.clone(),
                if carrier.is_outlet { String::new() } else { "a document of unknown outlet".to_string() },
                format!("{} in all", plural(carrier.weight, "statement")),
            ]);
            svg.place(carrier.id.as_str(), |svg| {
                svg.mark(carrier.id.as_str(), carrier.url.as_deref(), &title, |svg| {
                    let stroke =
                        Stroke { dashes: if carrier.is_outlet { "" } else { "3 2" }, ..Stroke::plain(ink::BLACK, 1.0) };
                    svg.outlined(x, y, BOX_WIDTH, height, stroke, 4.0);
                    draw_box_text(svg, carrier, x, y, height);
                });
            });
        }
    }

    fn draw_claims(&self, svg: &mut Svg, scene: &Scene, top: f64) {
        for (at, y, text) in &self.claims {
            let claim = &scene.claims[*at];
            let y = top + y;
            svg.place(claim.id.as_str(), |svg| {
                svg.mark(claim.id.as_str(), None, &claim.title(), |svg| {
                    let number = format!("c{}", claim.number);
                    svg.text((self.claims_x + 4.0, y + 11.0), OUTLET, Anchor::Start, ink::BLUE, &number);
                    let lead = claim.lead();
                    let mut said = 0;
                    for (row, words) in text.iter().enumerate() {
                        let bold = lead.saturating_sub(said).min(words.len());
                        said += words.len() + 1;
                        let at = (self.claims_x + 32.0, y + 11.0 + row as f64 * LINE);
                        svg.text_with_lead(at, CLAIM, ink::BLACK, words, bold);
                    }
                });
            });
        }
    }
}

fn draw_box_text(svg: &mut Svg, carrier: &Carrier, x: f64, y: f64, height: f64) {
    let lines = OUTLET.wrap(&carrier.label, BOX_WIDTH - 14.0, box_lines(height));
    let date = carrier
        .date
        .as_ref()
        .map_or("undated".to_string(), |date| date.as_str()[..date.as_str().len().min(10)].to_string());
    let used = lines.len() as f64 * LINE + 11.0;
    let mut at = y + (height - used) / 2.0 + 11.0;
    for line in &lines {
        svg.text((x + 7.0, at), OUTLET, Anchor::Start, ink::BLACK, line);
        at += LINE;
    }
    svg.text((x + 7.0, at - 2.0), SMALL, Anchor::Start, ink::GREY, &date);
}

fn box_lines(height: f64) -> usize {
    if height > 44.0 { 2 } else { 1 }
}

fn outlet_boxes(scene: &Scene, available: f64) -> (Vec<(f64, f64)>, f64) {
    let heights: Vec<f64> = scene
        .carriers
        .iter()
        .map(|carrier| if OUTLET.wrap(&carrier.label, BOX_WIDTH - 14.0, 2).len() > 1 { 46.0 } else { 31.0 })
        .collect();
    let used: f64 = heights.iter().sum();
    let gap = ((available - used) / heights.len().max(1) as f64).clamp(8.0, 60.0);
    let mut y = ((available - used - gap * heights.len() as f64) / 2.0).max(0.0);
    let mut boxes = Vec::new();
    for height in heights {
        boxes.push((y + height / 2.0, height));
        y += height + gap;
    }
    (boxes, y)
}

fn lines(scene: &Scene) -> Vec<Line<'_>> {
    let mut found: BTreeMap<(usize, usize), Vec<&Carry>> = BTreeMap::new();
    for carry in &scene.carries {
        found.entry((carry.carrier, carry.claim)).or_default().push(carry);
    }
    found
        .into_iter()
        .map(|((carrier, claim), carries)| {
            let first = carries.iter().any(|carry| carry.first_seen);
            let relation = carries.iter().find_map(|carry| carry.relation);
            Line { carrier, claim, manner: style::carried(first, relation), carries, y: 0.0 }
        })
        .collect()
}

/// Claims beside the outlets that carry them: by the mean place of their carriers, then first seen.
fn claim_order(scene: &Scene, lines: &[Line]) -> Vec<usize> {
    let mut sums = vec![(0usize, 0usize); scene.claims.len()];
    for line in lines {
        sums[line.claim].0 += line.carrier;
        sums[line.claim].1 += 1;
    }
    let mut order: Vec<usize> = (0..scene.claims.len()).collect();
    // thousandths, so that the order never hangs on rounding
    order.sort_by_key(|&at| (sums[at].0 * 1000 / sums[at].1.max(1), at));
    order
}

/// The strongest arcs, and how many pairs there are.
fn arcs(scene: &Scene) -> (Vec<Arc>, usize) {
    let mut found: BTreeMap<(usize, usize, bool), Vec<&Repeat>> = BTreeMap::new();
    for repeat in scene.repeats.iter().filter(|repeat| repeat.from != repeat.to) {
        let directed = repeat.order != Order::Unknown;
        let ends =
            if directed { (repeat.from, repeat.to) } else { (repeat.from.min(repeat.to), repeat.from.max(repeat.to)) };
        found.entry((ends.0, ends.1, directed)).or_default().push(repeat);
    }
    let pairs = found.len();
    let mut arcs: Vec<Arc> = found
        .into_iter()
        .map(|((from, to, directed), repeats)| {
            let mut notes: Vec<String> = repeats.iter().map(|repeat| repeat.note.clone()).collect();
            notes.sort();
            notes.dedup();
            notes.truncate(3);
            Arc { from, to, directed, claims: repeats.len(), relation: repeats[0].relation, notes }
        })
        .collect();
    arcs.sort_by_key(|arc| (std::cmp::Reverse(arc.claims), arc.from, arc.to));
    arcs.truncate(MAX_ARCS);
    arcs.sort_by_key(|arc| (arc.from.abs_diff(arc.to), arc.from, arc.to));
    (arcs, pairs)
}

fn arc_title(arc: &Arc, from: &Carrier, to: &Carrier) -> String {
    let claims = plural(arc.claims, "claim");
    let mut rows = vec![if arc.directed {
        format!("{} repeats {claims} from {}", to.label, from.label)
    } else {
        format!("{} and {} share {claims}; nothing says who had them first", from.label, to.label)
    }];
    rows.extend(arc.notes.iter().cloned());
    title_of(&rows)
}

fn line_title(scene: &Scene, line: &Line) -> String {
    let mut rows = vec![format!("{} – {}", scene.carriers[line.carrier].label, line.manner.words)];
    for carry in line.carries.iter().take(4) {
        let date = carry.date.as_ref().map_or("undated".to_string(), |date| date.to_string());
        rows.push(format!("{date}  {}", carry.title));
        rows.push(format!("“{}”", carry.wording));
        rows.push(carry.note.clone());
        if carry.relation.is_some() && !carry.first_seen {
            rows.push(style::order_words(carry.order).to_string());
        }
    }
    title_of(&rows)
}

/// A row of the legend: the mark with its colour and dashes, where there is one, and the words.
type LegendRow = (Option<(Shape, &'static str, &'static str)>, String);

fn legend(scene: &Scene, arcs_cut: bool) -> Vec<LegendRow> {
    let lines = lines(scene);
    let mut rows: Vec<_> = style::manners()
        .filter(|manner| lines.iter().any(|line| line.manner == *manner))
        .map(|manner| (Some((manner.shape, manner.colour, manner.dashes)), manner.words.to_string()))
        .collect();
    if arcs_cut {
        rows.push((None, format!("only the {MAX_ARCS} strongest arcs are drawn")));
    }
    if scene.carriers.iter().any(|carrier| !carrier.is_outlet) {
        rows.push((None, "? = outlet unknown".to_string()));
    }
    rows
}
