//! The view `repeats`: outlets in one column by first appearance, claims in another, lines for who carries what, and
//! arcs beside the outlets for who repeats whom. Answers: which outlets carry which claims, and who was first.

use std::collections::BTreeMap;

use crate::graph::ProvenanceGraph;
use crate::model::{DocumentRelation, Order};

use super::metrics::Face;
use super::page::{MARGIN, Page, Sheet, WIDTH, first_that_fits, legend_height};
use super::scene::{Carrier, Carry, Repeat, Scene};
use super::style::{self, Manner};
use super::svg::{Anchor, Shape, Stroke, Svg, ink, title_of};
use super::{PictureOptions, plural};

const NAME: Face = Face::bold(12.0);
const CLAIM: Face = Face::plain(12.0);
const PLAIN: Face = Face::plain(12.0);
const LINE: f64 = 14.0;
/// Between two arcs, wide enough for a number.
const LANE: f64 = 8.5;
/// Left of the arcs, and between the innermost arc and the outlets.
const ARC_ENDS: f64 = 14.0;
/// So many arcs are drawn, the strongest first; more would be a hairball.
const MAX_ARCS: usize = 8;
/// Between two lines that end at one claim.
const LINE_ENDS: f64 = 7.0;

/// How much room things get: tried from roomy to tight until the sheet fits A4.
struct Look {
    box_width: f64,
    outlet: Outlet,
    /// Lines of text a claim may have.
    claim_lines: usize,
    claim_gap: f64,
    box_gap: f64,
    /// Between outlets and claims.
    edges: f64,
}

/// How an outlet's name and date share its box.
#[derive(Clone, Copy, PartialEq)]
enum Outlet {
    /// A name of at most so many lines, the date below.
    Lines(usize),
    OneLine,
}

const LOOKS: [Look; 9] = [
    Look { box_width: 140.0, outlet: Outlet::Lines(2), claim_lines: 5, claim_gap: 10.0, box_gap: 8.0, edges: 104.0 },
    Look { box_width: 140.0, outlet: Outlet::Lines(2), claim_lines: 3, claim_gap: 8.0, box_gap: 8.0, edges: 104.0 },
    Look { box_width: 140.0, outlet: Outlet::Lines(2), claim_lines: 2, claim_gap: 6.0, box_gap: 6.0, edges: 96.0 },
    Look { box_width: 132.0, outlet: Outlet::Lines(2), claim_lines: 2, claim_gap: 3.0, box_gap: 4.0, edges: 80.0 },
    Look { box_width: 140.0, outlet: Outlet::Lines(1), claim_lines: 2, claim_gap: 3.0, box_gap: 3.0, edges: 80.0 },
    Look { box_width: 132.0, outlet: Outlet::Lines(2), claim_lines: 1, claim_gap: 4.0, box_gap: 3.0, edges: 76.0 },
    Look { box_width: 140.0, outlet: Outlet::Lines(1), claim_lines: 1, claim_gap: 2.0, box_gap: 2.0, edges: 76.0 },
    Look { box_width: 196.0, outlet: Outlet::OneLine, claim_lines: 2, claim_gap: 4.0, box_gap: 3.0, edges: 76.0 },
    Look { box_width: 190.0, outlet: Outlet::OneLine, claim_lines: 1, claim_gap: 1.0, box_gap: 1.0, edges: 70.0 },
];

impl Look {
    /// On a single line what was said matters more than who said it, which the mark's title tells.
    fn names_speakers(&self) -> bool {
        self.claim_lines > 1
    }
}

/// Beyond so many outlets and claims no look fits A4, and a middling one is drawn.
const MOST_ON_A4: usize = 60;

/// The picture as SVG text.
pub fn svg(graph: &ProvenanceGraph, options: &PictureOptions) -> String {
    let scene = with_repeaters_together(Scene::of(graph).limited(options.max_nodes));
    let looks = if scene.carriers.len() + scene.claims.len() > MOST_ON_A4 { &LOOKS[2..3] } else { &LOOKS[..] };
    first_that_fits(looks, |look| sheet(&scene, options, look))
}

fn sheet(scene: &Scene, options: &PictureOptions, look: &Look) -> Sheet {
    let layout = Layout::of(scene, look);
    let mut page = Page::new(options, &subtitle(scene), &scene.not_shown());
    let top = page.top + 4.0;
    layout.draw_lines(&mut page.svg, scene, top);
    layout.draw_arcs(&mut page.svg, scene, top);
    layout.draw_outlets(&mut page.svg, scene, top);
    layout.draw_claims(&mut page.svg, scene, top);
    let legend = legend(scene, layout.arcs.len() < layout.pairs);
    page.finish(WIDTH, layout.height + 8.0 + legend_height(&legend, WIDTH), &legend)
}

/// Outlets of one day in the order in which they repeat each other: who is repeated stands above who repeats. Days stay
/// in order, and so does everything that no repeat speaks about.
fn with_repeaters_together(mut scene: Scene) -> Scene {
    let count = scene.carriers.len();
    let day = |at: usize| scene.carriers[at].date.as_ref().map(|date| date.day().unwrap_or(date.as_str()).to_string());
    let days: Vec<Option<String>> = (0..count).map(day).collect();
    // for every outlet those of the same day that it repeats
    let mut waits: Vec<Vec<usize>> = vec![Vec::new(); count];
    for repeat in scene.repeats.iter().filter(|it| it.order != Order::Unknown && it.from != it.to) {
        if days[repeat.from] == days[repeat.to] {
            waits[repeat.to].push(repeat.from);
        }
    }
    let mut order: Vec<usize> = Vec::new();
    while order.len() < count {
        let open = |at: &usize| !order.contains(at);
        let Some(first) = (0..count).find(open) else { break };
        // the first of the day that waits for nobody; in a circle of repeats simply the first
        let of_day = || (first..count).filter(open).filter(|&at| days[at] == days[first]);
        let free = |at: &usize| waits[*at].iter().all(|from| order.contains(from));
        let next = of_day().find(free).unwrap_or(first);
        order.push(next);
    }
    let mut place = vec![0; count];
    for (new, &old) in order.iter().enumerate() {
        place[old] = new;
    }
    scene.carriers = order.iter().map(|&old| scene.carriers[old].clone()).collect();
    for carry in &mut scene.carries {
        carry.carrier = place[carry.carrier];
    }
    for repeat in &mut scene.repeats {
        (repeat.from, repeat.to) = (place[repeat.from], place[repeat.to]);
    }
    scene
}

fn subtitle(scene: &Scene) -> String {
    format!(
        "{} and {}; lines: who carries what{}",
        plural(scene.carriers.len(), "outlet"),
        plural(scene.claims.len(), "claim"),
        if scene.repeats.is_empty() { "" } else { "; arcs: who repeats whom, and in how many claims if not one" }
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
    look: &'s Look,
    outlets_x: f64,
    claims_x: f64,
    /// Where the words of claims begin, after their numbers.
    words_x: f64,
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
    fn of(scene: &'s Scene, look: &'s Look) -> Self {
        let (arcs, pairs) = arcs(scene);
        let room = if arcs.is_empty() { 0.0 } else { 2.0 * ARC_ENDS + LANE * (arcs.len() as f64 - 1.0) };
        let outlets_x = MARGIN + (room - 10.0).max(0.0);
        let claims_x = outlets_x + look.box_width + look.edges;
        let mut lines = lines(scene);
        let order = claim_order(scene, &lines);
        let number = scene.claims.iter().map(|claim| NAME.width(&format!("c{}", claim.number)) + 6.0);
        let words_x = claims_x + 4.0 + number.fold(28.0, f64::max);
        let text_width = WIDTH - MARGIN - words_x - 2.0;
        let mut y = 0.0;
        let mut claims = Vec::new();
        for at in order {
            let claim = &scene.claims[at];
            let text = if look.names_speakers() {
                // the speaker's name is bold, and wider by that
                let words = claim.words();
                let lead = words.get(..claim.lead()).unwrap_or("");
                CLAIM.wrap(&words, text_width - (NAME.width(lead) - CLAIM.width(lead)), look.claim_lines)
            } else {
                CLAIM.wrap(&claim.text, text_width, look.claim_lines)
            };
            let mut ends: Vec<&mut Line> = lines.iter_mut().filter(|line| line.claim == at).collect();
            // lines end in the order of the outlets they come from, so that they do not cross at the claim
            ends.sort_by_key(|line| line.carrier);
            let height = (text.len().max(1) as f64 * LINE).max(ends.len() as f64 * LINE_ENDS);
            let step = height / ends.len().max(1) as f64;
            for (n, line) in ends.iter_mut().enumerate() {
                line.y = y + step * (n as f64 + 0.5);
            }
            claims.push((at, y, text));
            y += height + look.claim_gap;
        }
        let (outlets, outlets_height) = outlet_boxes(scene, y, look);
        let height = y.max(outlets_height);
        Layout { look, outlets_x, claims_x, words_x, outlets, claims, lines, arcs, pairs, height }
    }

    fn draw_lines(&self, svg: &mut Svg, scene: &Scene, top: f64) {
        let from_x = self.outlets_x + self.look.box_width;
        for line in &self.lines {
            let (y0, y1) = (top + self.outlets[line.carrier].0, top + line.y);
            let (c0, c1) = (from_x + self.look.edges * 0.45, self.claims_x - self.look.edges * 0.45);
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
        let mut labels: Vec<(f64, f64)> = Vec::new();
        for (lane, (arc, (y0, y1))) in self.arcs.iter().zip(ports).enumerate() {
            let lane_x = x - ARC_ENDS - LANE * lane as f64;
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
                if arc.claims > 1 {
                    let label = arc.claims.to_string();
                    let at = free_place((lane_x, (y0 + y1) / 2.0), (y0 - y1).abs() / 2.0 - 12.0, &labels);
                    labels.push(at);
                    let width = PLAIN.width(&label);
                    svg.rect(at.0 - width / 2.0, at.1 - 6.5, width, 13.0, ink::PAPER, 2.0);
                    svg.text((at.0, at.1 + 4.3), PLAIN, Anchor::Middle, ink::BLACK, &label);
                }
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
            let step = (height - 6.0) / ends.len() as f64;
            for (place, (_, n, leaves)) in ends.into_iter().enumerate() {
                let y = centre - height / 2.0 + 3.0 + step * (place as f64 + 0.5);
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
                    svg.outlined(x, y, self.look.box_width, height, stroke, 4.0);
                    draw_box_text(svg, carrier, self.look, (x, y), height);
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
                    svg.text((self.claims_x + 4.0, y + 11.0), NAME, Anchor::Start, ink::BLUE, &number);
                    let lead = if self.look.names_speakers() { claim.lead() } else { 0 };
                    let mut said = 0;
                    for (row, words) in text.iter().enumerate() {
                        let bold = lead.saturating_sub(said).min(words.len());
                        said += words.len() + 1;
                        let at = (self.words_x, y + 11.0 + row as f64 * LINE);
                        svg.text_with_lead(at, CLAIM, ink::BLACK, words, bold);
                    }
                });
            });
        }
    }
}

/// The place nearest to the middle of an arc, at most `reach` away, where its number covers no other one.
fn free_place(middle: (f64, f64), reach: f64, taken: &[(f64, f64)]) -> (f64, f64) {
    let free = |at: (f64, f64)| taken.iter().all(|it| (it.0 - at.0).abs() > 2.0 * LANE || (it.1 - at.1).abs() > 13.0);
    let steps = (0..).map(|n| f64::from(n) * 7.0).take_while(|step| *step <= reach.max(0.0));
    let places = steps.flat_map(|step| [middle.1 - step, middle.1 + step]).map(|y| (middle.0, y));
    places.into_iter().find(|at| free(*at)).unwrap_or(middle)
}

fn draw_box_text(svg: &mut Svg, carrier: &Carrier, look: &Look, corner: (f64, f64), height: f64) {
    let (x, y) = (corner.0 + 6.0, corner.1);
    let room = look.box_width - 12.0;
    let day = carrier.date.as_ref().map_or("undated", |date| date.day().unwrap_or(date.as_str()));
    let Outlet::Lines(most) = look.outlet else {
        let name = NAME.cut(&carrier.label, room - PLAIN.width(day) - 4.0);
        svg.text((x, y + height / 2.0 + 4.3), NAME, Anchor::Start, ink::BLACK, &name);
        svg.text((x + room, y + height / 2.0 + 4.3), PLAIN, Anchor::End, ink::GREY, day);
        return;
    };
    let lines = NAME.wrap(&carrier.label, room, most);
    let mut at = y + 13.0;
    for line in &lines {
        svg.text((x, at), NAME, Anchor::Start, ink::BLACK, line);
        at += LINE;
    }
    svg.text((x, at), PLAIN, Anchor::Start, ink::GREY, day);
}

fn outlet_boxes(scene: &Scene, available: f64, look: &Look) -> (Vec<(f64, f64)>, f64) {
    let height = |carrier: &Carrier| match look.outlet {
        Outlet::OneLine => LINE + 4.0,
        Outlet::Lines(most) => {
            let lines = NAME.wrap(&carrier.label, look.box_width - 12.0, most).len().max(1);
            (lines as f64 + 1.0) * LINE + 5.0
        }
    };
    let heights: Vec<f64> = scene.carriers.iter().map(height).collect();
    let used: f64 = heights.iter().sum();
    let gap = ((available - used) / heights.len().max(1) as f64).clamp(look.box_gap, 60.0);
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
