//! Quotation marks: which characters are marks, and which open and close each other.
//!
//! Pairing runs line by line in one pass, so time grows linearly. A mark left open at the end of a line closes there
//! unless the next line opens again with the same mark (a quotation of several paragraphs).

use super::fold::is_invisible;
use super::{Span, lines};

/// The style of a pair of quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QuoteStyle {
    /// “ … ” (also „ … “ and „ … ”)
    Curly,
    /// " … "
    Straight,
    /// « … » (also » … «)
    Guillemets,
    /// ‘ … ’
    Single,
    /// ' … ' standing at word edges
    SingleStraight,
    /// '' … '' or `` … ''
    Doubled,
}

impl QuoteStyle {
    /// Whether the style marks quotations by itself (single marks also serve as apostrophes and inner marks).
    pub fn is_double(self) -> bool {
        !matches!(self, QuoteStyle::Single | QuoteStyle::SingleStraight)
    }
}

/// An opening mark and, where it was found, the mark that closes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotePair {
    pub style: QuoteStyle,
    pub open: Span,
    /// `None`: the quotation runs to the end of its line (unbalanced, or it goes on in the next paragraph).
    pub close: Option<Span>,
    /// From the opening mark to the closing mark or the end of the line, marks included.
    pub span: Span,
    /// 0 for an outermost pair.
    pub depth: usize,
    /// The next line opens with the same mark: one quotation over several paragraphs.
    pub goes_on: bool,
}

impl QuotePair {
    /// What stands between the marks.
    pub fn inner(&self) -> Span {
        Span::new(self.open.end, self.close.map_or(self.span.end, |close| close.start))
    }
}

pub fn is_double_mark(c: char) -> bool {
    matches!(c, '“' | '”' | '„' | '‟' | '"' | '«' | '»' | '＂')
}

pub fn is_quotation_mark(c: char) -> bool {
    is_double_mark(c) || matches!(c, '‘' | '’' | '‚' | '‛' | '\'' | '‹' | '›' | '`')
}

/// All quotation pairs of `text`, in order of their opening marks.
pub fn quote_pairs(text: &str) -> Vec<QuotePair> {
    let mut pairs = Vec::new();
    let all = lines(text);
    for (number, line) in all.iter().enumerate() {
        let next = all.get(number + 1).map_or("", |next| next.of(text));
        pair_line(text, *line, next.trim_start(), &mut pairs);
    }
    pairs.sort_by_key(|pair| (pair.open.start, pair.span.end));
    pairs
}

/// What a mark can do at its place.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Open,
    Close,
}

struct Mark {
    style: QuoteStyle,
    role: Role,
    span: Span,
}

fn pair_line(text: &str, line: Span, next_line: &str, pairs: &mut Vec<QuotePair>) {
    let mut open: Vec<(Mark, usize)> = Vec::new();
    let mut straight_open = false;
    let mut doubled_open = false;
    for mark in marks(text, line, &mut straight_open, &mut doubled_open) {
        match mark.role {
            Role::Open => {
                let depth = open.len();
                open.push((mark, depth));
            }
            Role::Close => close_mark(&mut open, &mark, pairs),
        }
    }
    let end = line.trimmed(text).end;
    for (mark, depth) in open {
        if !mark.style.is_double() {
            continue; // a stray apostrophe, not a quotation
        }
        let first = mark.span.of(text).chars().next();
        let goes_on = first.is_some() && next_line.chars().next() == first;
        let span = Span::new(mark.span.start, end);
        pairs.push(QuotePair { style: mark.style, open: mark.span, close: None, span, depth, goes_on });
    }
}

/// Closes the innermost open mark of the same style; what was opened inside it and never closed is dropped.
fn close_mark(open: &mut Vec<(Mark, usize)>, mark: &Mark, pairs: &mut Vec<QuotePair>) {
    const LOOK_BACK: usize = 8; // bounds the search on text made of opening marks
    let from = open.len().saturating_sub(LOOK_BACK);
    let Some(found) = (from..open.len()).rev().find(|&i| open[i].0.style == mark.style) else { return };
    let (opening, depth) = open.swap_remove(found);
    open.truncate(found);
    let span = opening.span.cover(mark.span);
    pairs.push(QuotePair {
        style: mark.style,
        open: opening.span,
        close: Some(mark.span),
        span,
        depth,
        goes_on: false,
    });
}

fn marks(text: &str, line: Span, straight_open: &mut bool, doubled_open: &mut bool) -> Vec<Mark> {
    let mut found = Vec::new();
    let words = line.of(text);
    // A zero-width character beside a mark is no neighbour of it.
    let mut chars = words.char_indices().filter(|(_, c)| !is_invisible(*c)).peekable();
    let mut before = '\n';
    let mut low_open = false;
    while let Some((at, c)) = chars.next() {
        let start = line.start + at;
        let after = chars.peek().map_or('\n', |next| next.1);
        let mut span = Span::new(start, start + c.len_utf8());
        let role = match c {
            '“' | '‟' if low_open => Some((QuoteStyle::Curly, Role::Close)),
            '“' | '‟' => Some((QuoteStyle::Curly, Role::Open)),
            '„' => {
                low_open = true;
                Some((QuoteStyle::Curly, Role::Open))
            }
            '”' => Some((QuoteStyle::Curly, Role::Close)),
            '«' | '»' => Some((QuoteStyle::Guillemets, guillemet_role(c, before, after))),
            '"' | '＂' => {
                *straight_open = !*straight_open;
                Some((QuoteStyle::Straight, if *straight_open { Role::Open } else { Role::Close }))
            }
            '\'' | '`' if after == c => {
                chars.next().iter().for_each(|(at, c)| span.end = line.start + at + c.len_utf8());
                *doubled_open = c == '`' || !*doubled_open;
                Some((QuoteStyle::Doubled, if *doubled_open { Role::Open } else { Role::Close }))
            }
            '‘' | '‚' | '‹' => Some((QuoteStyle::Single, Role::Open)),
            '’' | '›' if !after.is_alphanumeric() => Some((QuoteStyle::Single, Role::Close)),
            '\'' if !before.is_alphanumeric() && after.is_alphanumeric() => {
                Some((QuoteStyle::SingleStraight, Role::Open))
            }
            '\'' if !before.is_whitespace() && !after.is_alphanumeric() => {
                Some((QuoteStyle::SingleStraight, Role::Close))
            }
            _ => None,
        };
        if let Some((style, role)) = role {
            if style == QuoteStyle::Curly && role == Role::Close {
                low_open = false;
            }
            found.push(Mark { style, role, span });
        }
        before = c;
    }
    found
}

/// French « opens », German »opens«: the side that touches a word decides, spaced marks by their shape.
fn guillemet_role(c: char, before: char, after: char) -> Role {
    let opens = match (before.is_alphanumeric(), after.is_alphanumeric()) {
        (false, true) => true,
        (true, false) => false,
        _ if ".,!?…".contains(before) => false,
        _ => c == '«',
    };
    if opens { Role::Open } else { Role::Close }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, inner: &[&str]) {
        let found: Vec<&str> = quote_pairs(text).iter().map(|pair| pair.inner().of(text)).collect();
        assert_eq!(found, inner, "{text}");
    }

    #[test]
    fn pairs_every_style() {
        check("He said “yes” and \"no\".", &["yes", "no"]);
        check("„Ja“, sagte er. «Oui», dit-il. »Nein«, so sie.", &["Ja", "Oui", "Nein"]);
        check("« Non », dit-il.", &[" Non "]);
        check("''Doubled'' and ``ticks''", &["Doubled", "ticks"]);
        check("‘single’ but don’t", &["single"]);
        check("the 'plain' kind, don't", &["plain"]);
        check("“The ‘inner’ one”", &["The ‘inner’ one", "inner"]);
    }

    #[test]
    fn an_open_mark_ends_with_its_line_or_goes_on() {
        check("“First paragraph.\n“Second paragraph.”", &["First paragraph.", "Second paragraph."]);
        let pairs = quote_pairs("“First.\n“Second.”");
        assert!(pairs[0].goes_on && !pairs[1].goes_on);
        assert!(!quote_pairs("“First.\nSecond.")[0].goes_on);
    }

    #[test]
    fn apostrophes_are_not_quotations() {
        check("the governor’s aides’ cars aren’t here", &[]);
        check("rock 'n roll", &[]);
    }

    proptest! {
        #[test]
        fn zero_width_characters_are_no_neighbours(text in "[a “”\"'’‘„«»`\n.]{0,80}") {
            let shown = |text: &str| -> Vec<String> {
                quote_pairs(text).iter().map(|pair| pair.inner().of(text).replace(is_invisible, "")).collect()
            };
            prop_assert_eq!(shown(&text), shown(&text.replace('a', "a\u{200B}")));
        }

        #[test]
        fn pairs_always_slice(text in "[a “”\"'’‘„«»\n.]{0,120}") {
            for pair in quote_pairs(&text) {
                prop_assert!(text.get(pair.span.start..pair.span.end).is_some());
                prop_assert!(pair.span.contains(pair.inner()));
            }
        }
    }
}
