//! Content as it is reported: with its enclosing quotation marks, and how much of it is quoted.

use crate::model::{Kind, Reading};
use crate::text::{QuotePair, Span};

/// "Asked whether the bridge is closed, the mayor said no": whether what stands before a source and its cue is a question that was
/// put to it, nothing that it says.
pub fn puts_a_question(before: &str) -> bool {
    const PUT: [&str; 4] = ["asked", "pressed", "questioned", "quizzed"];
    const ABOUT: [&str; 14] =
        ["about", "whether", "if", "why", "how", "what", "who", "when", "where", "which", "on", "by", "for", "at"];
    let lower = before.to_lowercase();
    let mut words = lower.split_whitespace().skip_while(|word| *word == "when");
    words.next().is_some_and(|word| PUT.contains(&word)) && words.next().is_some_and(|word| ABOUT.contains(&word))
}

/// The span with the mark that opens directly before it, and with the closing mark of every pair that opens in it and
/// closes directly behind it (a comma or full stop may stand before that mark).
pub fn with_marks(reading: &Reading, span: Span) -> Span {
    let mut span = span;
    let near = pairs_near(reading, span);
    for pair in near.iter().rev().filter(|pair| pair.style.is_double()) {
        let space = Span::new(pair.open.end, span.start);
        if pair.open.end <= span.start && space.of(reading.text).chars().all(char::is_whitespace) {
            span.start = pair.open.start;
        }
    }
    for pair in near.iter().filter(|pair| pair.style.is_double()) {
        let Some(close) = pair.close.filter(|_| span.holds(pair.open.start)) else { continue };
        let rest = Span::new(span.end, close.start);
        if close.start >= span.end && rest.of(reading.text).chars().all(|c| c.is_whitespace() || ".,;:!?…".contains(c))
        {
            span.end = close.end;
        }
    }
    span
}

/// The pairs that open inside the span or shortly before it.
fn pairs_near<'r>(reading: &'r Reading, span: Span) -> &'r [QuotePair] {
    const MARK: usize = 8; // bytes of a mark and a space before the span
    let from = reading.quotes.partition_point(|pair| pair.open.start + MARK < span.start);
    let to = reading.quotes.partition_point(|pair| pair.open.start < span.end);
    &reading.quotes[from..to.max(from)]
}

/// Direct when every word stands in double quotation marks, mixed when some do.
pub fn kind(reading: &Reading, contents: &[Span]) -> Kind {
    let (mut quoted, mut words) = (0, 0);
    for content in contents {
        for token in reading.tokens_in(*content) {
            if token.span.of(reading.text).contains(char::is_alphanumeric) {
                words += 1;
                quoted += usize::from(is_quoted(reading, token.span));
            }
        }
    }
    match quoted {
        0 => Kind::Indirect,
        _ if quoted == words => Kind::Direct,
        _ => Kind::Mixed,
    }
}

/// Whether a double pair holds the span. Pairs nest a few deep at most, so few are looked at.
fn is_quoted(reading: &Reading, span: Span) -> bool {
    const DEEP: usize = 8;
    let until = reading.quotes.partition_point(|pair| pair.open.start <= span.start);
    let near = &reading.quotes[until.saturating_sub(DEEP)..until];
    near.iter().any(|pair| pair.style.is_double() && pair.inner().contains(span))
}
