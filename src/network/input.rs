//! A passage as the encoder sees it: tokens, and for each its quotation state and its case.
//!
//! In: the text and the span of one passage. Out: parallel lists over its tokens. The rules are those of
//! docs/recipes/README.md, to the token: the network was trained on them. Must not know wordpieces or windows.

use unicode_normalization::char::is_combining_mark;

use crate::text::Span;

const JOINERS: &[char] = &['\u{ad}', '\u{200c}', '\u{200d}'];
/// Invisible characters that count as blank, beside white space and control characters.
const INVISIBLE: &[char] = &[
    '\u{feff}', '\u{200b}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}',
    '\u{2060}', '\u{2061}', '\u{2062}', '\u{2063}', '\u{2064}',
];
/// What an opening mark may stand behind, beside blanks and the edge of the passage.
const BEFORE_OPENING: &[char] = &['(', '[', '{', '—', '–', '-', '/'];
/// What may follow a closing mark, beside blanks and the edge of the passage.
const AFTER_CLOSING: &[char] = &['.', ',', ';', ':', '!', '?', ')', ']', '}', '…', '—', '–', '-'];

/// Where a token stands relative to double quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Outside = 0,
    Inside = 1,
    Opens = 2,
    Closes = 3,
}

/// How a token is capitalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    Lower = 0,
    Capitalised = 1,
    Upper = 2,
    Other = 3,
}

/// The tokens of one passage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    pub spans: Vec<Span>,
    pub states: Vec<State>,
    pub cases: Vec<Case>,
}

impl Tokens {
    /// Cuts a passage into tokens. Looks at nothing outside it.
    pub fn of(text: &str, passage: Span) -> Self {
        let spans = spans(text, passage);
        let states = states(text, passage, &spans);
        let cases = spans.iter().map(|span| case(span.of(text))).collect();
        Tokens { spans, states, cases }
    }
}

pub fn is_joiner(c: char) -> bool {
    JOINERS.contains(&c)
}

pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´')
}

pub fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_joiner(c) || is_combining_mark(c)
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || INVISIBLE.contains(&c)
}

fn spans(text: &str, passage: Span) -> Vec<Span> {
    let words = passage.of(text);
    let mut found = Vec::new();
    let mut at = 0;
    let mut before = None;
    while let Some(c) = words[at..].chars().next() {
        let mut end = at + c.len_utf8();
        if !is_blank(c) {
            let next = words[end..].chars().next();
            let word_next = next.is_some_and(is_word);
            if is_word(c) || (is_apostrophe(c) && word_next && before.is_some_and(is_word)) {
                end = word_end(words, end, c);
            } else if matches!(c, '\'' | '`') && next == Some(c) {
                end += 1;
            }
            found.push(Span::new(passage.start + at, passage.start + end));
        }
        before = words[at..end].chars().next_back();
        at = end;
    }
    found
}

/// The end of a word whose character `last` ends at `at`.
fn word_end(words: &str, mut at: usize, mut last: char) -> usize {
    loop {
        let mut rest = words[at..].chars();
        let Some(c) = rest.next() else { return at };
        let next = rest.next();
        let goes_on = match next {
            Some(next) if is_hyphen(c) => is_word(next),
            Some(next) if matches!(c, '.' | ',') => last.is_numeric() && next.is_numeric(),
            _ => false,
        };
        match next {
            _ if is_word(c) => {
                at += c.len_utf8();
                last = c;
            }
            Some(next) if goes_on => {
                at += c.len_utf8() + next.len_utf8();
                last = next;
            }
            _ => return at,
        }
    }
}

fn states(text: &str, passage: Span, spans: &[Span]) -> Vec<State> {
    let (mut inside, mut low) = (false, false);
    let mut found = Vec::with_capacity(spans.len());
    for span in spans {
        let word = span.of(text);
        let opens = match word {
            "“" if inside && low => Some(false),
            "“" | "„" | "‟" | "«" | "``" => Some(true),
            "”" | "»" => Some(false),
            "\"" | "＂" | "''" => Some(undirected_opens(text, passage, *span, inside)),
            _ => None,
        };
        found.push(match opens {
            Some(true) => State::Opens,
            Some(false) => State::Closes,
            None if inside => State::Inside,
            None => State::Outside,
        });
        if let Some(opens) = opens {
            inside = opens;
            low = word == "„";
        }
    }
    found
}

/// Whether a mark without a direction of its own opens a quotation: the free side decides, else what is open already.
fn undirected_opens(text: &str, passage: Span, mark: Span, inside: bool) -> bool {
    let before = Span::new(passage.start, mark.start).of(text).chars().next_back();
    let after = Span::new(mark.end, passage.end).of(text).chars().next();
    let free_left = before.is_none_or(|c| is_blank(c) || BEFORE_OPENING.contains(&c));
    let free_right = after.is_none_or(|c| is_blank(c) || AFTER_CLOSING.contains(&c));
    if free_left == free_right { !inside } else { free_left }
}

fn case(word: &str) -> Case {
    let (mut letters, mut capitals, mut first_capital, mut numeric) = (0, 0, false, false);
    for c in word.chars() {
        numeric |= c.is_numeric();
        if c.is_alphabetic() {
            first_capital |= letters == 0 && c.is_uppercase();
            letters += 1;
            capitals += usize::from(c.is_uppercase());
        }
    }
    match (letters, capitals) {
        (0, _) if numeric => Case::Other,
        (_, 0) => Case::Lower,
        (2.., _) if capitals == letters => Case::Upper,
        _ if first_capital => Case::Capitalised,
        _ => Case::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Tokens {
        Tokens::of(text, Span::new(0, text.len()))
    }

    fn check(text: &str, words: &str) {
        let found: Vec<&str> = read(text).spans.iter().map(|span| span.of(text)).collect();
        assert_eq!(found.join(" "), words);
    }

    fn check_states(text: &str, states: &[u8]) {
        let found: Vec<u8> = read(text).states.iter().map(|&state| state as u8).collect();
        assert_eq!(found, states, "{text}");
    }

    #[test]
    fn words_and_marks() {
        check("don't, Ivanova’s aides’", "don 't , Ivanova ’s aides ’");
        check("a well-known 3.5-million-euro plan - now", "a well-known 3.5-million-euro plan - now");
        check("U.S. 1,234.50. v2.x", "U . S . 1,234.50 . v2 . x");
        check("''Quoted'' and ``ticks''", "'' Quoted '' and `` ticks ''");
        check("zero\u{200b}width soft\u{ad}hyphen", "zero width soft\u{ad}hyphen");
        check("…!", "… !");
    }

    #[test]
    fn quotation_states() {
        check_states("a “b” c", &[0, 2, 1, 3, 0]);
        check_states("„b“ c", &[2, 1, 3, 0]);
        check_states("\"b,\" c \"d", &[2, 1, 1, 3, 0, 2, 1]);
        check_states("x''b c''", &[0, 2, 1, 1, 3]);
        check_states("it's 'b'", &[0, 0, 0, 0, 0]);
    }

    #[test]
    fn cases() {
        for (word, expected) in [
            ("said", Case::Lower),
            ("Said", Case::Capitalised),
            ("A", Case::Capitalised),
            ("NATO", Case::Upper),
            ("iPhone", Case::Other),
            ("2016", Case::Other),
            ("“", Case::Lower),
            ("G7", Case::Capitalised),
        ] {
            assert_eq!(case(word), expected, "{word}");
        }
    }

    proptest! {
        #[test]
        fn tokens_slice_and_leave_nothing_visible_out(text in "\\PC{0,60}") {
            let mut at = 0;
            for span in read(&text).spans {
                prop_assert!(!span.of(&text).is_empty());
                prop_assert!(text[at..span.start].chars().all(is_blank));
                at = span.end;
            }
            prop_assert!(text[at..].chars().all(is_blank));
        }
    }
}
