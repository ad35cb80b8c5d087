//! A small SVG writer: shapes, text and marks with titles and links; nothing that runs, nothing that loads.
//!
//! All lengths are points (1/72 inch), written with one decimal, so that the same picture has the same bytes.

use std::fmt::Write;

use super::escape::{anchor, visible, web_address, xml};
use super::metrics::Face;

/// The families the width table is made for, from the likeliest down.
pub const FONTS: &str = "'Liberation Sans', Arial, Helvetica, 'DejaVu Sans', sans-serif";

/// Okabe and Ito's colours, which people with any colour vision can tell apart, and greys.
pub mod ink {
    pub const BLACK: &str = "#1a1a1a";
    pub const GREY: &str = "#5f5f5f";
    pub const PALE: &str = "#c9c9c9";
    pub const FAINT: &str = "#efefef";
    pub const PAPER: &str = "#ffffff";
    pub const ORANGE: &str = "#e69f00";
    pub const SKY: &str = "#56b4e9";
    pub const GREEN: &str = "#009e73";
    pub const BLUE: &str = "#0072b2";
    pub const VERMILION: &str = "#d55e00";
    pub const PURPLE: &str = "#cc79a7";
}

/// Where text stands to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// The shape of a mark: shape carries meaning together with colour, never colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Circle,
    Ring,
    Square,
    Diamond,
    Triangle,
    Cross,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke<'s> {
    pub colour: &'s str,
    pub width: f64,
    /// As in SVG ("4 3"); empty for a full line.
    pub dashes: &'s str,
    /// An arrowhead at the end.
    pub arrow: bool,
}

impl<'s> Stroke<'s> {
    pub const fn plain(colour: &'s str, width: f64) -> Self {
        Stroke { colour, width, dashes: "", arrow: false }
    }
}

/// Words of one look within a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub text: String,
    pub fill: &'static str,
    pub bold: bool,
    pub struck: bool,
}

impl Run {
    pub fn plain(text: &str) -> Run {
        Run { text: text.to_string(), fill: ink::BLACK, bold: false, struck: false }
    }

    pub fn same_look(&self, other: &Run) -> bool {
        (self.fill, self.bold, self.struck) == (other.fill, other.bold, other.struck)
    }
}

/// A picture in the making.
#[derive(Debug, Default)]
pub struct Svg {
    body: String,
    arrows: std::collections::BTreeSet<String>,
    /// Some text has a rim of paper.
    rims: bool,
    /// Marks get names (`id="c7…"`), for a file of its own; several pictures in one page would clash.
    pub named: bool,
}

impl Svg {
    pub fn new(named: bool) -> Self {
        Svg { named, ..Svg::default() }
    }

    pub fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, fill: &str, radius: f64) {
        let _ = writeln!(
            self.body,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{radius:.1}\" fill=\"{fill}\"/>",
            width.max(0.0),
            height.max(0.0)
        );
    }

    pub fn outlined(&mut self, x: f64, y: f64, width: f64, height: f64, stroke: Stroke, radius: f64) {
        let _ = writeln!(
            self.body,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{radius:.1}\" fill=\"{}\"{}/>",
            width.max(0.0),
            height.max(0.0),
            ink::PAPER,
            stroke_of(stroke)
        );
    }

    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: Stroke) {
        self.path(&format!("M{:.1} {:.1}L{:.1} {:.1}", from.0, from.1, to.0, to.1), stroke);
    }

    /// `d` is made by the views out of numbers only.
    pub fn path(&mut self, d: &str, stroke: Stroke) {
        let mut end = String::new();
        if stroke.arrow {
            self.arrows.insert(stroke.colour.to_string());
            end = format!(" marker-end=\"url(#{})\"", arrow_name(stroke.colour));
        }
        let _ = writeln!(self.body, "<path d=\"{d}\" fill=\"none\"{}{end}/>", stroke_of(stroke));
    }

    /// One line of text; `face` says how large. Hidden characters are made visible.
    pub fn text(&mut self, at: (f64, f64), face: Face, anchor: Anchor, fill: &str, text: &str) {
        let place = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if face.bold { " font-weight=\"bold\"" } else { "" };
        let _ = writeln!(
            self.body,
            "<text x=\"{:.1}\" y=\"{:.1}\"{}{weight}{place} fill=\"{fill}\">{}</text>",
            at.0,
            at.1,
            size(face),
            xml(text)
        );
    }

    /// One line of text whose first `lead` bytes are bold.
    pub fn text_with_lead(&mut self, at: (f64, f64), face: Face, fill: &str, text: &str, lead: usize) {
        let (lead, rest) = text.split_at_checked(lead).unwrap_or(("", text));
        let _ = writeln!(
            self.body,
            "<text x=\"{:.1}\" y=\"{:.1}\"{} fill=\"{fill}\"><tspan font-weight=\"bold\">{}</tspan>{}</text>",
            at.0,
            at.1,
            size(face),
            xml(lead),
            xml(rest)
        );
    }

    /// One line of differently looking words, a space between them.
    pub fn rich(&mut self, at: (f64, f64), face: Face, runs: &[Run]) {
        let _ = write!(self.body, "<text x=\"{:.1}\" y=\"{:.1}\"{}>", at.0, at.1, size(face));
        for (n, run) in runs.iter().enumerate() {
            let space = if n > 0 { " " } else { "" };
            let weight = if run.bold { " font-weight=\"bold\"" } else { "" };
            let line = if run.struck { " text-decoration=\"line-through\"" } else { "" };
            let _ = write!(self.body, "{space}<tspan fill=\"{}\"{weight}{line}>{}</tspan>", run.fill, xml(&run.text));
        }
        self.body.push_str("</text>\n");
    }

    /// Text that reads upwards from its point.
    pub fn text_up(&mut self, at: (f64, f64), face: Face, fill: &str, text: &str, degrees: f64) {
        let _ = writeln!(
            self.body,
            "<text transform=\"translate({:.1} {:.1}) rotate({degrees:.1})\"{} fill=\"{fill}\">{}</text>",
            at.0,
            at.1,
            size(face),
            xml(text)
        );
    }

    pub fn shape(&mut self, shape: Shape, at: (f64, f64), radius: f64, colour: &str) {
        let (x, y, r) = (at.0, at.1, radius);
        let rim = format!("fill=\"{colour}\" stroke=\"{}\" stroke-width=\"0.8\"", ink::PAPER);
        let _ = match shape {
            Shape::Circle => writeln!(self.body, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r:.1}\" {rim}/>"),
            Shape::Ring => writeln!(
                self.body,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\" fill=\"{}\" stroke=\"{colour}\" stroke-width=\"1.6\"/>",
                r - 0.6,
                ink::PAPER
            ),
            Shape::Square => writeln!(
                self.body,
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" {rim}/>",
                x - r * 0.9,
                y - r * 0.9,
                r * 1.8,
                r * 1.8
            ),
            Shape::Diamond => {
                let r = r * 1.3;
                let d = format!("M{x:.1} {:.1}L{:.1} {y:.1}L{x:.1} {:.1}L{:.1} {y:.1}Z", y - r, x + r, y + r, x - r);
                writeln!(self.body, "<path d=\"{d}\" {rim}/>")
            }
            Shape::Triangle => {
                let r = r * 1.2;
                let (top, foot) = (y - r, y + r * 0.8);
                let d = format!("M{x:.1} {top:.1}L{:.1} {foot:.1}L{:.1} {foot:.1}Z", x + r, x - r);
                writeln!(self.body, "<path d=\"{d}\" {rim}/>")
            }
            Shape::Cross => {
                let r = r * 0.8;
                let d = format!(
                    "M{:.1} {:.1}L{:.1} {:.1}M{:.1} {:.1}L{:.1} {:.1}",
                    x - r,
                    y - r,
                    x + r,
                    y + r,
                    x - r,
                    y + r,
                    x + r,
                    y - r
                );
                writeln!(self.body, "<path d=\"{d}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\"/>")
            }
        };
    }

    /// A mark: whatever `draw` draws, with a title and a link to its evidence: the address where it is a web address,
    /// else the place called `id` in the same file.
    pub fn mark(&mut self, id: &str, address: Option<&str>, title: &str, draw: impl FnOnce(&mut Svg)) {
        let href = address.and_then(web_address).unwrap_or_else(|| format!("#{}", anchor(id)));
        let _ = writeln!(self.body, "<a href=\"{}\"><title>{}</title>", xml(&href), xml(title));
        draw(self);
        self.body.push_str("</a>\n");
    }

    /// Text that lines may run under: a rim of paper keeps it readable.
    pub fn text_on_lines(&mut self, at: (f64, f64), face: Face, fill: &str, text: &str) {
        self.rims = true;
        let _ = writeln!(
            self.body,
            "<text class=\"r\" x=\"{:.1}\" y=\"{:.1}\"{} fill=\"{fill}\">{}</text>",
            at.0,
            at.1,
            size(face),
            xml(text)
        );
    }

    /// The place that marks of `id` link to, unless marks are unnamed.
    pub fn place(&mut self, id: &str, draw: impl FnOnce(&mut Svg)) {
        if !self.named {
            return draw(self);
        }
        let _ = writeln!(self.body, "<g id=\"{}\">", anchor(id));
        draw(self);
        self.body.push_str("</g>\n");
    }

    /// The whole file. `title` and `description` are read out by screen readers.
    pub fn finish(self, width: f64, height: f64, title: &str, description: &str) -> String {
        let mut out = String::with_capacity(self.body.len() + 1024);
        let _ = writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{width:.1}pt\" height=\"{height:.1}pt\" \
             viewBox=\"0 0 {width:.1} {height:.1}\" font-family=\"{FONTS}\" font-size=\"{SIZE:.1}\">"
        );
        let _ = writeln!(out, "<title>{}</title>\n<desc>{}</desc>", xml(title), xml(description));
        if self.rims {
            let rim = format!("stroke:{};stroke-width:3px;stroke-linejoin:round;paint-order:stroke", ink::PAPER);
            let _ = writeln!(out, "<style>.r{{{rim}}}</style>");
        }
        if !self.arrows.is_empty() {
            out.push_str("<defs>\n");
            for colour in &self.arrows {
                let _ = writeln!(
                    out,
                    "<marker id=\"{}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" \
                     markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0.8L10 5L0 9.2Z\" fill=\"{colour}\"/></marker>",
                    arrow_name(colour)
                );
            }
            out.push_str("</defs>\n");
        }
        let _ = writeln!(
            out,
            "<rect x=\"0\" y=\"0\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{}\"/>",
            ink::PAPER
        );
        out.push_str(&self.body);
        out.push_str("</svg>\n");
        out
    }
}

/// The size of letters that says nothing of itself: most of a picture's.
const SIZE: f64 = 12.0;

/// The attribute of another size.
fn size(face: Face) -> String {
    if face.size == SIZE { String::new() } else { format!(" font-size=\"{:.1}\"", face.size) }
}

fn stroke_of(stroke: Stroke) -> String {
    let mut out = format!(" stroke=\"{}\" stroke-width=\"{:.1}\"", stroke.colour, stroke.width);
    if !stroke.dashes.is_empty() {
        let _ = write!(out, " stroke-dasharray=\"{}\"", stroke.dashes);
    }
    out
}

fn arrow_name(colour: &str) -> String {
    format!("arrow-{}", anchor(colour.trim_start_matches('#')))
}

/// A title made of lines that are not empty.
pub fn title_of(lines: &[String]) -> String {
    let kept: Vec<&str> = lines.iter().map(String::as_str).filter(|line| !line.trim().is_empty()).collect();
    visible(&kept.join("\n")).into_owned()
}
