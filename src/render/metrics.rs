//! How wide text is, without a font: an embedded table of advance widths, and line breaking by it.
//!
//! The widths are the larger ones of two common sans-serif families (Liberation Sans, which has Helvetica's and
//! Arial's metrics, and DejaVu Sans), so that text fits in whichever a viewer has.

use unicode_segmentation::UnicodeSegmentation;

/// Bold is wider by about this much.
const BOLD: f64 = 1.12;

/// Advance widths of U+0020 to U+007E in thousandths of the font size.
const ASCII: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 556, 1015, 684, 686, 722, 770, 667, 611, 778, 752, 295, 500, 667, 557, 863,
    748, 787, 667, 787, 722, 667, 611, 732, 684, 989, 685, 667, 685, 390, 337, 390, 838, 556, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
];

/// (first, last, width): ranges of other scripts; what is in none of them is as wide as `OTHER`.
const RANGES: &[(u32, u32, u16)] = &[
    (0x0000, 0x001F, 318),
    (0x0300, 0x036F, 0),
    (0x00A0, 0x00A0, 318),
    (0x0370, 0x03FF, 700),
    (0x0400, 0x042F, 790),
    (0x0430, 0x052F, 690),
    (0x0590, 0x05CF, 0),
    (0x05D0, 0x05FF, 600),
    (0x0600, 0x06FF, 700),
    (0x0900, 0x0DFF, 750),
    (0x0E00, 0x0EFF, 650),
    (0x1100, 0x11FF, 1000),
    (0x1E00, 0x1FFF, 680),
    (0x200B, 0x200F, 0),
    (0x2010, 0x2012, 500),
    (0x2013, 0x2013, 556),
    (0x2014, 0x2015, 1000),
    (0x2018, 0x201B, 318),
    (0x201C, 0x201F, 518),
    (0x2026, 0x2026, 1000),
    (0x2190, 0x21FF, 838),
    (0x2400, 0x243F, 900),
    (0x2E80, 0x303E, 1000),
    (0x3041, 0x33FF, 1000),
    (0x3400, 0x9FFF, 1000),
    (0xA000, 0xA4CF, 1000),
    (0xAC00, 0xD7A3, 1000),
    (0xF900, 0xFAFF, 1000),
    (0xFE00, 0xFE0F, 0),
    (0xFE30, 0xFE4F, 1000),
    (0xFF00, 0xFF60, 1000),
    (0x1F000, 0x1FAFF, 1300),
    (0x20000, 0x3FFFD, 1000),
];

const OTHER: u16 = 720;

/// A size in points, upright or bold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    pub size: f64,
    pub bold: bool,
}

impl Face {
    pub const fn plain(size: f64) -> Self {
        Face { size, bold: false }
    }

    pub const fn bold(size: f64) -> Self {
        Face { size, bold: true }
    }

    /// The width of one line of text in points.
    pub fn width(&self, text: &str) -> f64 {
        let units: u64 = text.chars().map(|c| u64::from(advance(c))).sum();
        units as f64 / 1000.0 * self.size * if self.bold { BOLD } else { 1.0 }
    }

    /// The text cut to `width` points, with an ellipsis where something is missing. Never cuts inside a character.
    pub fn cut(&self, text: &str, width: f64) -> String {
        let text = one_line(text);
        if self.width(&text) <= width {
            return text;
        }
        let mut kept = String::new();
        for piece in text.graphemes(true) {
            if self.width(&kept) + self.width(piece) + self.width("…") > width {
                break;
            }
            kept.push_str(piece);
        }
        // rather end with a whole word, unless that loses much
        if let Some(space) = kept.rfind(' ').filter(|&space| space * 3 > kept.len() * 2) {
            kept.truncate(space);
        }
        format!("{}…", kept.trim_end())
    }

    /// The text in lines of at most `width` points, at most `max_lines` of them (the last one then ends in an
    /// ellipsis). Breaks at spaces; a word wider than a line, or text without spaces, breaks between characters.
    pub fn wrap(&self, text: &str, width: f64, max_lines: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        let text = one_line(text);
        let mut pieces = text.split_inclusive(' ');
        while let Some(piece) = pieces.next() {
            if self.width(&line) + self.width(piece.trim_end()) <= width {
                line.push_str(piece);
                continue;
            }
            if lines.len() + 1 == max_lines {
                let rest: String = std::iter::once(piece).chain(pieces.by_ref()).collect();
                lines.push(self.cut(&format!("{line}{rest}"), width));
                return lines;
            }
            push_trimmed(&mut lines, &mut line);
            if piece.trim().is_empty() {
                continue;
            }
            for part in piece.graphemes(true) {
                if !line.is_empty() && self.width(&line) + self.width(part) > width {
                    if lines.len() + 1 == max_lines {
                        let rest: String = pieces.collect();
                        lines.push(self.cut(&format!("{line}{part}{rest}"), width));
                        return lines;
                    }
                    push_trimmed(&mut lines, &mut line);
                }
                line.push_str(part);
            }
        }
        push_trimmed(&mut lines, &mut line);
        lines
    }
}

fn push_trimmed(lines: &mut Vec<String>, line: &mut String) {
    let trimmed = line.trim();
    if !trimmed.is_empty() {
        lines.push(trimmed.to_string());
    }
    line.clear();
}

/// White space of any kind becomes one space; hidden characters become visible before they are measured.
pub fn one_line(text: &str) -> String {
    super::escape::visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn advance(c: char) -> u16 {
    let code = c as u32;
    if let Some(width) = code.checked_sub(0x20).and_then(|at| ASCII.get(at as usize)) {
        return *width;
    }
    RANGES.iter().find(|(first, last, _)| (*first..=*last).contains(&code)).map_or(OTHER, |(_, _, width)| *width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FACE: Face = Face::plain(10.0);

    #[test]
    fn wide_scripts_are_wider() {
        assert!(FACE.width("漢字") > FACE.width("ab"));
        assert_eq!(FACE.width("漢字"), 20.0);
        assert!(FACE.width("Щ") > FACE.width("i"));
        assert!(Face::bold(10.0).width("ab") > FACE.width("ab"));
        assert_eq!(FACE.width("e\u{301}"), FACE.width("e"));
    }

    #[test]
    fn breaks_at_spaces_and_says_what_is_missing() {
        assert_eq!(FACE.wrap("one two three", 45.0, 5), ["one two", "three"]);
        assert_eq!(FACE.wrap("one two three", 45.0, 1), ["one tw…"]);
        assert_eq!(FACE.wrap("one two three four five", 100.0, 1), ["one two three…"]);
        assert_eq!(FACE.wrap("  ", 45.0, 3), Vec::<String>::new());
        assert_eq!(FACE.wrap("abcdefghij", 30.0, 9).concat(), "abcdefghij");
    }

    proptest! {
        #[test]
        fn lines_fit_and_lose_nothing(text in ".{0,120}", width in 30.0f64..200.0) {
            let lines = FACE.wrap(&text, width, usize::MAX);
            for line in &lines {
                // a single character may be wider than the line
                prop_assert!(FACE.width(line) <= width || line.graphemes(true).count() == 1, "{line:?}");
            }
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(bare(&lines.concat()), bare(&one_line(&text)));
        }

        #[test]
        fn never_more_lines_than_asked_for(text in ".{0,200}", lines in 1usize..4) {
            let wrapped = FACE.wrap(&text, 60.0, lines);
            prop_assert!(wrapped.len() <= lines);
            for line in wrapped {
                prop_assert!(FACE.width(&line) <= 60.0, "{line:?}");
            }
        }
    }
}
