//! Boxes and links of the layered views: what the network and the chain draw, by one hand.
//!
//! The sheet is tried in several looks, from roomy to tight, until one fits A4 with its text at full size.

use super::PictureOptions;
use super::layered::{Arrangement, Drawing, arrange};
use super::metrics::Face;
use super::page::{Legend, MARGIN, Page, Sheet, WIDTH, first_that_fits, legend_height};
use super::svg::{Anchor, Stroke, Svg, ink, title_of};

const FACE: Face = Face::plain(12.0);
const BOLD: Face = Face::bold(12.0);
const LINE: f64 = 14.0;

/// What a box stands for: shown by its outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Outlet,
    /// A document of unknown outlet.
    Loose,
    Claim,
    Speaker,
}

pub struct Box {
    pub id: String,
    pub kind: Kind,
    /// A short name in front ("c12"), which stands for the label where there is no room; empty for all but claims.
    pub number: String,
    pub label: String,
    /// A second line.
    pub note: String,
    pub title: String,
    pub url: Option<String>,
}

pub struct Link {
    pub from: usize,
    pub to: usize,
    pub stroke: Stroke<'static>,
    pub label: String,
    pub title: String,
}

/// The words of the drawing's sheet.
pub struct Words<'w> {
    pub subtitle: &'w str,
    pub not_shown: &'w str,
    pub legend: Vec<Legend>,
    /// See `layout`.
    pub pull: bool,
    /// What stands above the layers, from the left.
    pub heads: &'w dyn Fn(usize) -> String,
}

/// How much room boxes get.
struct Look {
    /// Width and most lines of a claim; `None`: only its number, and the words in a key.
    claim: Option<(f64, usize)>,
    key: Key,
    box_width: f64,
    notes: bool,
    /// Above and below the words of a box.
    pad: f64,
    gaps: (f64, f64),
}

/// Columns of the key, and most lines of a claim there.
type Key = (usize, usize);

const LOOKS: [Look; 12] = [
    Look { claim: Some((190.0, 3)), key: (2, 3), box_width: 118.0, notes: true, pad: 5.0, gaps: (64.0, 10.0) },
    Look { claim: Some((170.0, 2)), key: (2, 3), box_width: 112.0, notes: true, pad: 5.0, gaps: (48.0, 7.0) },
    Look { claim: None, key: (2, 3), box_width: 118.0, notes: true, pad: 5.0, gaps: (56.0, 8.0) },
    Look { claim: None, key: (2, 2), box_width: 112.0, notes: true, pad: 4.0, gaps: (48.0, 6.0) },
    Look { claim: None, key: (2, 2), box_width: 104.0, notes: true, pad: 3.0, gaps: (40.0, 4.0) },
    Look { claim: None, key: (2, 2), box_width: 96.0, notes: false, pad: 3.0, gaps: (32.0, 4.0) },
    Look { claim: None, key: (2, 1), box_width: 96.0, notes: false, pad: 2.0, gaps: (32.0, 3.0) },
    Look { claim: None, key: (2, 2), box_width: 84.0, notes: false, pad: 2.0, gaps: (26.0, 3.0) },
    Look { claim: None, key: (2, 1), box_width: 84.0, notes: false, pad: 1.5, gaps: (26.0, 2.0) },
    Look { claim: None, key: (2, 2), box_width: 75.0, notes: false, pad: 2.0, gaps: (19.0, 3.0) },
    Look { claim: None, key: (2, 1), box_width: 75.0, notes: false, pad: 1.5, gaps: (19.0, 2.0) },
    Look { claim: None, key: (3, 1), box_width: 75.0, notes: false, pad: 1.0, gaps: (18.0, 1.5) },
];

/// Beyond so many boxes no look fits A4, and the roomiest is drawn.
const MOST_ON_A4: usize = 70;

/// Draws boxes and links in layers from left to right.
pub fn picture(boxes: &[Box], links: &[Link], options: &PictureOptions, words: Words) -> String {
    let looks = if boxes.len() > MOST_ON_A4 { &LOOKS[..1] } else { &LOOKS[..] };
    let ends: Vec<(usize, usize)> = links.iter().map(|link| (link.from, link.to)).collect();
    let arrangement = arrange(boxes.len(), &ends, words.pull);
    first_that_fits(looks, |look| sheet(boxes, links, &arrangement, options, &words, look))
}

fn sheet(
    boxes: &[Box],
    links: &[Link],
    arrangement: &Arrangement,
    options: &PictureOptions,
    words: &Words,
    look: &Look,
) -> Sheet {
    let texts: Vec<Vec<String>> = boxes.iter().map(|it| look.lines(it)).collect();
    let sizes: Vec<(f64, f64)> = boxes.iter().zip(&texts).map(|(it, text)| look.size(it, text)).collect();
    let ends: Vec<(usize, usize)> = links.iter().map(|link| (link.from, link.to)).collect();
    let drawing = arrangement.draw(&sizes, &ends, look.gaps);
    let width = (drawing.width + 2.0 * MARGIN).max(WIDTH);
    let mut page = Page::of_width(options, words.subtitle, words.not_shown, width);
    let head = head_height(&drawing, words.heads);
    let shift = (MARGIN + (width - 2.0 * MARGIN - drawing.width) / 2.0, page.top + head);
    draw_heads(&mut page.svg, &drawing, &sizes, shift, words.heads);
    let routes: Vec<Vec<(f64, f64)>> =
        drawing.routes.iter().map(|route| route.iter().map(|(x, y)| (x + shift.0, y + shift.1)).collect()).collect();
    for (link, route) in links.iter().zip(&routes) {
        draw_link(&mut page.svg, link, &boxes[link.to], route);
    }
    draw_labels(&mut page.svg, links, boxes, &routes);
    for ((it, text), (place, size)) in boxes.iter().zip(&texts).zip(drawing.places.iter().zip(&sizes)) {
        draw_box(&mut page.svg, it, text, look, (place.0 + shift.0, place.1 + shift.1), *size);
    }
    let mut bottom = shift.1 + drawing.height + 12.0;
    if look.claim.is_none() {
        bottom = draw_key(&mut page.svg, boxes, look.key, bottom, width);
    }
    let height = bottom - page.top + legend_height(&words.legend, width);
    page.finish(width, height, &words.legend)
}

/// Sizes of boxes and their drawing in the roomiest look.
#[cfg(test)]
pub fn laid_out(boxes: &[Box], links: &[Link], pull: bool) -> (Vec<(f64, f64)>, Drawing) {
    let look = &LOOKS[0];
    let sizes: Vec<(f64, f64)> = boxes.iter().map(|it| look.size(it, &look.lines(it))).collect();
    let ends: Vec<(usize, usize)> = links.iter().map(|link| (link.from, link.to)).collect();
    let drawing = arrange(boxes.len(), &ends, pull).draw(&sizes, &ends, look.gaps);
    (sizes, drawing)
}

impl Look {
    fn lines(&self, it: &Box) -> Vec<String> {
        match (it.kind, self.claim) {
            (Kind::Claim, None) => vec![it.number.clone()],
            (Kind::Claim, Some((width, most))) => FACE.wrap(&format!("{} {}", it.number, it.label), width, most),
            _ => BOLD.wrap(&it.label, self.box_width, 2),
        }
    }

    fn note<'b>(&self, it: &'b Box) -> &'b str {
        if self.notes { &it.note } else { "" }
    }

    fn size(&self, it: &Box, text: &[String]) -> (f64, f64) {
        let face = if it.kind == Kind::Claim { FACE } else { BOLD };
        let widest = text.iter().map(|line| face.width(line)).fold(FACE.width(self.note(it)), f64::max);
        let note = if self.note(it).is_empty() { 0.0 } else { LINE };
        (widest + 12.0, text.len().max(1) as f64 * LINE + note + self.pad)
    }
}

fn head_height(drawing: &Drawing, heads: &dyn Fn(usize) -> String) -> f64 {
    let deepest = drawing.layers.iter().max().copied().unwrap_or(0);
    if (0..=deepest).any(|layer| !heads(layer).is_empty()) { 20.0 } else { 0.0 }
}

fn draw_heads(
    svg: &mut Svg,
    drawing: &Drawing,
    sizes: &[(f64, f64)],
    shift: (f64, f64),
    heads: &dyn Fn(usize) -> String,
) {
    let deepest = drawing.layers.iter().max().copied().unwrap_or(0);
    let left_of = |layer: usize| {
        let nodes = drawing.layers.iter().enumerate().filter(move |(_, it)| **it == layer).map(|(node, _)| node);
        nodes.map(|node| drawing.places[node].0 - sizes[node].0 / 2.0).reduce(f64::min)
    };
    for layer in 0..=deepest {
        let Some(x) = left_of(layer) else { continue };
        let room = left_of(layer + 1).map_or(f64::INFINITY, |next| next - x - 6.0);
        let words = BOLD.cut(&heads(layer), room);
        svg.text((x + shift.0, shift.1 - 8.0), BOLD, Anchor::Start, ink::GREY, &words);
    }
}

/// How far the handles of a bend reach, as a share of its width.
pub const BEND: f64 = 0.5;

fn draw_link(svg: &mut Svg, link: &Link, to: &Box, points: &[(f64, f64)]) {
    let Some(&(x, y)) = points.first() else { return };
    let mut d = format!("M{x:.1} {y:.1}");
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        if (y0 - y1).abs() < 0.05 {
            d.push_str(&format!("L{x1:.1} {y1:.1}"));
        } else {
            let bend = (x1 - x0) * BEND;
            d.push_str(&format!("C{:.1} {y0:.1} {:.1} {y1:.1} {x1:.1} {y1:.1}", x0 + bend, x1 - bend));
        }
    }
    svg.mark(&to.id, to.url.as_deref(), &link.title, |svg| svg.path(&d, link.stroke));
}

/// Labels of links, on top of all links; each where it covers no other one. One that finds no place is left to the title
/// of its link.
fn draw_labels(svg: &mut Svg, links: &[Link], boxes: &[Box], routes: &[Vec<(f64, f64)>]) {
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    for (link, route) in links.iter().zip(routes).filter(|(link, _)| !link.label.is_empty()) {
        let half = FACE.width(&link.label) / 2.0 + 1.5;
        let places = label_places(route);
        let free = |at: &(f64, f64)| {
            taken.iter().all(|(x, y, other)| (x - at.0).abs() > half + other || (y - at.1).abs() > 13.0)
        };
        let Some(&at) = places.iter().find(|at| free(at)) else { continue };
        taken.push((at.0, at.1, half));
        let to = &boxes[link.to];
        svg.mark(&to.id, to.url.as_deref(), &link.title, |svg| {
            svg.rect(at.0 - half, at.1 - 6.5, 2.0 * half, 13.0, ink::PAPER, 2.0);
            svg.text((at.0, at.1 + 4.3), FACE, Anchor::Middle, ink::BLACK, &link.label);
        });
    }
}

/// Points on a link where its label may stand, the best first: on the first stretch between two layers, then further on.
fn label_places(route: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let is_bent = |pair: &&[(f64, f64)]| (pair[0].1 - pair[1].1).abs() >= 0.05;
    let length = |pair: &[(f64, f64)]| (pair[1].0 - pair[0].0).abs();
    let mut stretches: Vec<&[(f64, f64)]> = route.windows(2).collect();
    stretches.sort_by(|a, b| {
        is_bent(b).cmp(&is_bent(a)).then_with(|| match is_bent(a) {
            true => std::cmp::Ordering::Equal,
            false => length(b).total_cmp(&length(a)),
        })
    });
    let on_curve = |pair: &[(f64, f64)], t: f64| {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let bend = (x1 - x0) * BEND;
        let (a, b, c, d) = ((1.0 - t).powi(3), 3.0 * t * (1.0 - t).powi(2), 3.0 * t * t * (1.0 - t), t.powi(3));
        (a * x0 + b * (x0 + bend) + c * (x1 - bend) + d * x1, (a + b) * y0 + (c + d) * y1)
    };
    stretches.iter().flat_map(|pair| PLACES.iter().map(|t| on_curve(pair, *t))).collect()
}

/// Shares of a stretch at which a label may stand.
const PLACES: [f64; 11] = [0.5, 0.36, 0.64, 0.25, 0.75, 0.43, 0.57, 0.3, 0.7, 0.18, 0.82];

fn draw_box(svg: &mut Svg, it: &Box, text: &[String], look: &Look, centre: (f64, f64), size: (f64, f64)) {
    let (x, y) = (centre.0 - size.0 / 2.0, centre.1 - size.1 / 2.0);
    let (stroke, radius, face) = match it.kind {
        Kind::Outlet => (Stroke::plain(ink::BLACK, 1.2), 4.0, BOLD),
        Kind::Loose => (Stroke { dashes: "3 2", ..Stroke::plain(ink::BLACK, 1.0) }, 4.0, BOLD),
        Kind::Claim => (Stroke::plain(ink::BLUE, 1.2), 0.0, FACE),
        Kind::Speaker => (Stroke::plain(ink::GREEN, 1.4), size.1 / 2.0, BOLD),
    };
    let title = title_of(std::slice::from_ref(&it.title));
    svg.place(&it.id, |svg| {
        svg.mark(&it.id, it.url.as_deref(), &title, |svg| {
            svg.outlined(x, y, size.0, size.1, stroke, radius.min(12.0));
            let mut at = y + 10.8 + look.pad / 2.0;
            for line in text {
                svg.text((x + 6.0, at), face, Anchor::Start, ink::BLACK, line);
                at += LINE;
            }
            if !look.note(it).is_empty() {
                svg.text((x + 6.0, at), FACE, Anchor::Start, ink::GREY, look.note(it));
            }
        });
    });
}

/// What the numbers of claims stand for, in columns; gives the bottom.
fn draw_key(svg: &mut Svg, boxes: &[Box], (columns, most): Key, top: f64, width: f64) -> f64 {
    let step = (width - 2.0 * MARGIN + KEY_GAP) / columns as f64;
    let of_key = || boxes.iter().filter(|it| it.kind == Kind::Claim);
    let indent = of_key().map(|it| BOLD.width(&it.number) + 6.0).fold(KEY_INDENT, f64::max);
    let claims: Vec<(&Box, Vec<String>)> =
        of_key().map(|it| (it, FACE.wrap(&it.label, step - KEY_GAP - indent, most))).collect();
    let lines: usize = claims.iter().map(|(_, text)| text.len().max(1)).sum();
    let (mut column, mut y, mut used, mut bottom) = (0, top, 0, top);
    for (it, text) in &claims {
        if used * columns >= lines * (column + 1) {
            (column, y) = (column + 1, top);
        }
        let x = MARGIN + column as f64 * step;
        used += text.len().max(1);
        svg.mark(&it.id, None, &it.title, |svg| {
            svg.text((x, y + 12.0), BOLD, Anchor::Start, ink::BLUE, &it.number);
            for (row, line) in text.iter().enumerate() {
                let at = (x + indent, y + 12.0 + row as f64 * LINE);
                svg.text(at, FACE, Anchor::Start, ink::BLACK, line);
            }
        });
        y += text.len().max(1) as f64 * LINE;
        bottom = bottom.max(y);
    }
    bottom + 4.0
}

const KEY_INDENT: f64 = 30.0;
const KEY_GAP: f64 = 12.0;
