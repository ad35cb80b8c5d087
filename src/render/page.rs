//! The sheet that every view is drawn on: a title, a line that says what is shown, the drawing, a legend, and what is
//! not shown. Sized for A4: the text stays readable when the sheet is printed at its natural width.

use super::PictureOptions;
use super::metrics::Face;
use super::svg::{Anchor, Shape, Stroke, Svg, ink};

/// A4 portrait and landscape widths in points.
pub const WIDTH: f64 = 595.0;
pub const LANDSCAPE: f64 = 842.0;
pub const MARGIN: f64 = 22.0;

const TITLE: Face = Face::bold(16.0);
const SUBTITLE: Face = Face::plain(10.5);
const LEGEND: Face = Face::plain(10.5);
const ROW: f64 = 17.0;

/// A row of the legend: a mark (shape, colour, dashes) or none, and its words.
pub type Legend = (Option<(Shape, &'static str, &'static str)>, String);

pub struct Page {
    pub svg: Svg,
    /// Where the drawing begins.
    pub top: f64,
    title: String,
    description: String,
    not_shown: String,
}

impl Page {
    /// A portrait sheet.
    pub fn new(options: &PictureOptions, subtitle: &str, not_shown: &str) -> Page {
        Page::of_width(options, subtitle, not_shown, WIDTH)
    }

    /// A sheet of any width, headed by title and subtitle.
    pub fn of_width(options: &PictureOptions, subtitle: &str, not_shown: &str, width: f64) -> Page {
        let mut svg = Svg::new(options.named);
        let mut y = MARGIN + 14.0;
        for line in TITLE.wrap(&options.title, width - 2.0 * MARGIN, 2) {
            svg.text((MARGIN, y), TITLE, Anchor::Start, ink::BLACK, &line);
            y += 20.0;
        }
        for line in SUBTITLE.wrap(subtitle, width - 2.0 * MARGIN, 2) {
            svg.text((MARGIN, y), SUBTITLE, Anchor::Start, ink::GREY, &line);
            y += 14.0;
        }
        Page {
            svg,
            top: y + 10.0,
            title: options.title.clone(),
            description: subtitle.to_string(),
            not_shown: not_shown.to_string(),
        }
    }

    /// Adds the legend below a drawing that is `height` high, legend included, and closes the file.
    pub fn finish(mut self, width: f64, height: f64, legend: &[Legend]) -> String {
        let bottom = self.top + height;
        let mut y = bottom - legend_height(legend, width) + 16.0;
        let mut x = MARGIN;
        for (mark, words) in legend {
            let needed = LEGEND.width(words) + if mark.is_some() { 38.0 } else { 0.0 } + 16.0;
            if x + needed > width - MARGIN && x > MARGIN {
                x = MARGIN;
                y += ROW;
            }
            let mut text_x = x;
            if let Some((shape, colour, dashes)) = mark {
                let stroke = Stroke { dashes, ..Stroke::plain(colour, 1.4) };
                self.svg.line((x, y - 4.0), (x + 24.0, y - 4.0), stroke);
                self.svg.shape(*shape, (x + 26.0, y - 4.0), 3.6, colour);
                text_x += 36.0;
            }
            self.svg.text((text_x, y), LEGEND, Anchor::Start, ink::BLACK, words);
            x += needed;
        }
        let mut total = bottom + MARGIN;
        if !self.not_shown.is_empty() {
            let face = Face::bold(12.0);
            self.svg.text((width - MARGIN, bottom + 16.0), face, Anchor::End, ink::VERMILION, &self.not_shown);
            total += 12.0;
        }
        self.svg.finish(width, total, &self.title, &self.description)
    }
}

/// The height that a legend takes on a sheet of this width.
pub fn legend_height(legend: &[Legend], width: f64) -> f64 {
    if legend.is_empty() {
        return 0.0;
    }
    let (mut x, mut rows) = (MARGIN, 1.0);
    for (mark, words) in legend {
        let needed = LEGEND.width(words) + if mark.is_some() { 38.0 } else { 0.0 } + 16.0;
        if x + needed > width - MARGIN && x > MARGIN {
            x = MARGIN;
            rows += 1.0;
        }
        x += needed;
    }
    rows * ROW + 10.0
}
