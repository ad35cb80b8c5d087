//! The sheet that every view is drawn on: a title, a line that says what is shown, the drawing, a legend, and what is
//! not shown. Sized for A4: the text stays readable when the sheet is printed at its natural width.

use super::PictureOptions;
use super::metrics::Face;
use super::svg::{Anchor, Shape, Stroke, Svg, ink};

/// A4 portrait and landscape widths in points.
pub const WIDTH: f64 = 595.0;
pub const LANDSCAPE: f64 = 842.0;
pub const MARGIN: f64 = 22.0;

/// A finished picture and its size in points.
pub struct Sheet {
    pub text: String,
    pub width: f64,
    pub height: f64,
}

impl Sheet {
    /// How large it can be printed on A4, upright or turned: 1 and more means at its natural size.
    pub fn fit(&self) -> f64 {
        let on = |width: f64, height: f64| (width / self.width).min(height / self.height);
        on(WIDTH, LANDSCAPE).max(on(LANDSCAPE, WIDTH))
    }
}

/// Draws one look after the other and takes the first that fits A4 at its natural size; where none does, the one that
/// comes nearest.
pub fn first_that_fits<L>(looks: &[L], draw: impl Fn(&L) -> Sheet) -> String {
    let mut best: Option<Sheet> = None;
    for look in looks {
        let sheet = draw(look);
        let fits = sheet.fit() >= 1.0;
        if fits || best.as_ref().is_none_or(|best| sheet.fit() > best.fit() + 1e-6) {
            best = Some(sheet);
        }
        if fits {
            break;
        }
    }
    best.map_or(String::new(), |sheet| sheet.text)
}

const TITLE: Face = Face::bold(16.0);
const SUBTITLE: Face = Face::plain(12.0);
const LEGEND: Face = Face::plain(12.0);
const NOT_SHOWN: Face = Face::bold(12.0);
const ROW: f64 = 16.0;

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
        let mut y = MARGIN + 8.0;
        for line in TITLE.wrap(&options.title, width - 2.0 * MARGIN, 2) {
            svg.text((MARGIN, y), TITLE, Anchor::Start, ink::BLACK, &line);
            y += 17.0;
        }
        for line in SUBTITLE.wrap(subtitle, width - 2.0 * MARGIN, 2) {
            svg.text((MARGIN, y), SUBTITLE, Anchor::Start, ink::GREY, &line);
            y += 14.0;
        }
        Page {
            svg,
            top: y,
            title: options.title.clone(),
            description: subtitle.to_string(),
            not_shown: not_shown.to_string(),
        }
    }

    /// Adds the legend below a drawing that is `height` high, legend included, and closes the file.
    pub fn finish(mut self, width: f64, height: f64, legend: &[Legend]) -> Sheet {
        let bottom = self.top + height;
        let mut y = bottom - legend_height(legend, width) + 14.0;
        let mut x = MARGIN;
        for (mark, words) in legend {
            let needed = LEGEND.width(words) + if mark.is_some() { 36.0 } else { 0.0 } + 10.0;
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
        let mut total = bottom + 8.0;
        if !self.not_shown.is_empty() {
            // beside the end of the legend where there is room, else on a line of its own
            let beside = !legend.is_empty() && x + NOT_SHOWN.width(&self.not_shown) <= width - MARGIN;
            let y = if beside { y } else { bottom + 8.0 };
            self.svg.text((width - MARGIN, y), NOT_SHOWN, Anchor::End, ink::VERMILION, &self.not_shown);
            total += if beside { 0.0 } else { 6.0 };
        }
        let text = self.svg.finish(width, total, &self.title, &self.description);
        Sheet { text, width, height: total }
    }
}

/// The height that a legend takes on a sheet of this width.
pub fn legend_height(legend: &[Legend], width: f64) -> f64 {
    if legend.is_empty() {
        return 0.0;
    }
    let (mut x, mut rows) = (MARGIN, 1.0);
    for (mark, words) in legend {
        let needed = LEGEND.width(words) + if mark.is_some() { 36.0 } else { 0.0 } + 10.0;
        if x + needed > width - MARGIN && x > MARGIN {
            x = MARGIN;
            rows += 1.0;
        }
        x += needed;
    }
    rows * ROW + 6.0
}
