//! Boxes and links of the layered views: what the network and the chain draw, by one hand.

use super::PictureOptions;
use super::layered::{Drawing, layout};
use super::metrics::Face;
use super::page::{Legend, MARGIN, Page, WIDTH, legend_height};
use super::svg::{Anchor, Stroke, Svg, ink, title_of};

const FACE: Face = Face::plain(12.0);
const BOLD: Face = Face::bold(12.0);
const SMALL: Face = Face::plain(9.5);
const LINE: f64 = 14.5;

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
    pub label: String,
    /// A second, smaller line.
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

/// Draws boxes and links in layers from left to right.
pub fn picture(boxes: &[Box], links: &[Link], options: &PictureOptions, words: Words) -> String {
    let texts: Vec<Vec<String>> = boxes.iter().map(lines).collect();
    let sizes: Vec<(f64, f64)> = boxes.iter().zip(&texts).map(|(it, text)| size(it, text)).collect();
    let ends: Vec<(usize, usize)> = links.iter().map(|link| (link.from, link.to)).collect();
    let drawing = layout(&sizes, &ends, (64.0, 10.0), words.pull);
    let width = (drawing.width + 2.0 * MARGIN).max(WIDTH);
    let mut page = Page::of_width(options, words.subtitle, words.not_shown, width);
    let head = head_height(&drawing, words.heads);
    let shift = (MARGIN + (width - 2.0 * MARGIN - drawing.width) / 2.0, page.top + head);
    draw_heads(&mut page.svg, &drawing, &sizes, shift, words.heads);
    for (link, route) in links.iter().zip(&drawing.routes) {
        draw_link(&mut page.svg, link, &boxes[link.to], route, shift);
    }
    for ((it, text), (place, size)) in boxes.iter().zip(&texts).zip(drawing.places.iter().zip(&sizes)) {
        draw_box(&mut page.svg, it, text, (place.0 + shift.0, place.1 + shift.1), *size);
    }
    page.finish(width, head + drawing.height + 14.0 + legend_height(&words.legend, width), &words.legend)
}

fn lines(it: &Box) -> Vec<String> {
    let (width, most) = if it.kind == Kind::Claim { (190.0, 3) } else { (118.0, 2) };
    let face = if it.kind == Kind::Claim { FACE } else { BOLD };
    face.wrap(&it.label, width, most)
}

fn size(it: &Box, text: &[String]) -> (f64, f64) {
    let face = if it.kind == Kind::Claim { FACE } else { BOLD };
    let widest = text.iter().map(|line| face.width(line)).fold(SMALL.width(&it.note), f64::max);
    let note = if it.note.is_empty() { 0.0 } else { 12.0 };
    (widest + 16.0, text.len().max(1) as f64 * LINE + note + 7.0)
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
    for layer in 0..=deepest {
        let of_layer = || drawing.layers.iter().enumerate().filter(move |(_, it)| **it == layer).map(|(node, _)| node);
        let Some(x) = of_layer().map(|node| drawing.places[node].0 - sizes[node].0 / 2.0).reduce(f64::min) else {
            continue;
        };
        svg.text((x + shift.0, shift.1 - 10.0), Face::bold(10.0), Anchor::Start, ink::GREY, &heads(layer));
    }
}

fn draw_link(svg: &mut Svg, link: &Link, to: &Box, route: &[(f64, f64)], shift: (f64, f64)) {
    let points: Vec<(f64, f64)> = route.iter().map(|(x, y)| (x + shift.0, y + shift.1)).collect();
    let Some(&(x, y)) = points.first() else { return };
    let mut d = format!("M{x:.1} {y:.1}");
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        if (y0 - y1).abs() < 0.05 {
            d.push_str(&format!("L{x1:.1} {y1:.1}"));
        } else {
            let bend = (x1 - x0) * 0.5;
            d.push_str(&format!("C{:.1} {y0:.1} {:.1} {y1:.1} {x1:.1} {y1:.1}", x0 + bend, x1 - bend));
        }
    }
    svg.mark(&to.id, to.url.as_deref(), &link.title, |svg| {
        svg.path(&d, link.stroke);
        if !link.label.is_empty() {
            let (a, b) = (points[0], points[points.len().min(2) - 1]);
            let at = (a.0 + (b.0 - a.0) * 0.5, (a.1 + b.1) / 2.0 + 3.0);
            let width = SMALL.width(&link.label);
            svg.rect(at.0 - width / 2.0 - 1.5, at.1 - 9.0, width + 3.0, 11.5, ink::PAPER, 2.0);
            svg.text(at, SMALL, Anchor::Middle, ink::BLACK, &link.label);
        }
    });
}

fn draw_box(svg: &mut Svg, it: &Box, text: &[String], centre: (f64, f64), size: (f64, f64)) {
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
            let mut at = y + 14.0;
            for line in text {
                svg.text((x + 8.0, at), face, Anchor::Start, ink::BLACK, line);
                at += LINE;
            }
            if !it.note.is_empty() {
                svg.text((x + 8.0, at - 2.0), SMALL, Anchor::Start, ink::GREY, &it.note);
            }
        });
    });
}
