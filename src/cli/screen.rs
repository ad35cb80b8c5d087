//! The terminal: widths, colour, and nothing raw from strangers. Control characters and bidi controls in texts, names and
//! file names are printed as visible escapes.

use std::io::{IsTerminal, Write};

use anstyle::{AnsiColor, Style};

use super::context::Colour;

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const MARK: Style = AnsiColor::Yellow.on_default().bold();

/// Columns of a page when the output is not a terminal.
const PAGE: usize = 110;

pub(crate) fn wants_colour(choice: Colour) -> bool {
    match choice {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            std::io::stdout().is_terminal()
                && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    }
}

pub(crate) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    columns
        .or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
        .unwrap_or(PAGE)
        .clamp(60, 160)
}

/// `text` in a style, where colour is wanted.
pub(crate) fn styled(text: &str, style: Style, colour: bool) -> String {
    if colour { format!("{style}{text}{style:#}") } else { text.to_string() }
}

/// Strangers' text made safe to print: control characters and bidi controls become visible escapes; line ends and tabs
/// become spaces.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' | '\r' => out.push(' '),
            c if is_dangerous(c) => out.push_str(&format!("\\u{{{:x}}}", c as u32)),
            c => out.push(c),
        }
    }
    out
}

/// As `visible`, for text of several lines: line ends and tabs stay.
pub(crate) fn visible_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_dangerous(c) && !matches!(c, '\n' | '\t') {
            out.push_str(&format!("\\u{{{:x}}}", c as u32));
        } else {
            out.push(c);
        }
    }
    out
}

/// C0 and C1 controls, bidi controls, line and paragraph separators.
fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
            | '\u{2028}' | '\u{2029}')
}

/// JSON text without raw controls: what serde leaves in (C1, bidi) becomes `\uXXXX`.
pub(crate) fn safe_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_dangerous(c) {
            out.push_str(&format!("\\u{:04x}", c as u32));
        } else {
            out.push(c);
        }
    }
    out
}

/// Prints an answer. A closed pipe is not an error.
pub(crate) fn print(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}

/// A line for the person, beside the answer.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

pub(crate) fn print_error(what: &str, hint: &str) {
    note(&format!("error: {}", visible(what)));
    if !hint.is_empty() {
        note(&format!("hint: {}", visible(hint)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_raw_reaches_the_terminal() {
        assert_eq!(visible("a\u{1b}[31mb\u{202e}c\u{9b}d\ne"), "a\\u{1b}[31mb\\u{202e}c\\u{9b}d e");
        assert_eq!(visible("plain “text” é 日"), "plain “text” é 日");
        assert_eq!(safe_json("{\"a\":\"\u{202e}\u{9b}\"}\n"), "{\"a\":\"\\u202e\\u009b\"}\n");
    }

    proptest::proptest! {
        #[test]
        fn no_text_has_a_control_left(text: String) {
            let shown = visible(&text);
            proptest::prop_assert!(!shown.chars().any(is_dangerous));
        }

        /// JSON made safe is the same JSON.
        #[test]
        fn safe_json_says_the_same(text: String) {
            let json = serde_json::to_string(&text).unwrap();
            let safe = safe_json(&json);
            proptest::prop_assert!(!safe.chars().any(is_dangerous));
            proptest::prop_assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
        }
    }
}
