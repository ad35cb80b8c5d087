//! Words of a phrase with what stands between them: the view that name and role analysis works on.
//!
//! In: a text and a span. Out: words in order with byte spans. Knows nothing of names.

use crate::lang::People;
use crate::text::{Span, is_quotation_mark};

/// What stands between a word and the word before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    Space,
    Quote,
    Comma,
    /// An opening or closing bracket.
    Bracket,
    /// The end of a sentence, a colon, a dash, the end of a line; or the start of the text.
    Break,
}

/// One word without the punctuation around it and without a possessive ending.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Word<'t> {
    pub text: &'t str,
    pub span: Span,
    /// "Trump's", "Mukaseys’".
    pub possessive: bool,
    pub gap: Gap,
    /// A bracket opened before the word and not yet closed.
    pub bracketed: bool,
}

impl Word<'_> {
    pub fn is_capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    pub fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }

    pub fn is_one_of(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    /// An initial such as "J." or "J.D."
    pub fn is_initial(&self) -> bool {
        let letters: Vec<char> = self.text.chars().filter(|c| c.is_alphabetic()).collect();
        self.text.ends_with('.') && letters.len() <= 2 && letters.iter().all(|c| c.is_uppercase())
    }

    /// Two capitals or more and nothing small: "FBI", "U.N.".
    pub fn is_acronym(&self) -> bool {
        let letters = self.text.chars().filter(|c| c.is_alphabetic());
        let (mut count, mut small) = (0, false);
        for letter in letters {
            count += 1;
            small |= letter.is_lowercase();
        }
        count >= 2 && !small && !self.is_initial()
    }
}

/// The words of `span` in order. A full stop stays with a title, an initial or a dotted acronym.
pub(super) fn words<'t>(text: &'t str, span: Span, people: &People) -> Vec<Word<'t>> {
    let source = span.of(text);
    let mut found: Vec<Word<'t>> = Vec::new();
    let mut gap = Gap::Break;
    let mut depth = 0usize;
    let mut chars = source.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !c.is_alphanumeric() {
            let short_form = c == '.' && source[at + 1..].starts_with(',');
            if !short_form && (depth == 0 || c == ')' || c == ']') {
                gap = gap.max(gap_of(c));
            }
            depth = match c {
                '(' | '[' => depth + 1,
                ')' | ']' => depth.saturating_sub(1),
                '\n' => 0,
                _ => depth,
            };
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some(&(next_at, next)) = chars.peek() {
            let after = source[next_at + next.len_utf8()..].chars().next();
            let inside = joins(next) && after.is_some_and(char::is_alphanumeric);
            if !next.is_alphanumeric() && !inside {
                break;
            }
            end = next_at + next.len_utf8();
            chars.next();
        }
        let mut word = Word {
            text: &source[at..end],
            span: Span::new(span.start + at, span.start + end),
            possessive: false,
            gap: if found.is_empty() { Gap::Break } else { gap },
            bracketed: depth > 0,
        };
        gap = Gap::Space;
        let rest = &source[end..];
        if rest.starts_with('.') && keeps_stop(word.text, &rest[1..], people) {
            word.text = &source[at..end + 1];
            word.span.end += 1;
            chars.next();
        } else if cut_possessive(&mut word, rest) {
            chars.next();
        }
        found.push(word);
    }
    found
}

fn joins(c: char) -> bool {
    matches!(c, '\'' | '’' | '-' | '‐' | '‑' | '.' | '&' | '/' | '_' | '·')
}

fn gap_of(c: char) -> Gap {
    match c {
        ',' => Gap::Comma,
        '(' | ')' | '[' | ']' => Gap::Bracket,
        '\n' | '.' | '!' | '?' | ';' | ':' | '–' | '—' | '―' | '…' => Gap::Break,
        c if is_quotation_mark(c) => Gap::Quote,
        // A hyphen between spaces is a dash; one inside a word never gets here.
        '-' => Gap::Break,
        _ => Gap::Space,
    }
}

fn keeps_stop(word: &str, after: &str, people: &People) -> bool {
    if !word.chars().next().is_some_and(char::is_uppercase) {
        return false;
    }
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let goes_on = after.trim_start().chars().next().is_some_and(|c| c.is_alphanumeric() || c == ',');
    if letters == 1 || word.contains('.') {
        return letters <= 4 && (goes_on || word.contains('.'));
    }
    let short = word.len() <= 5;
    short && (people.courtesy(word).is_some() || people.rank(word).is_some() || people.is_suffix(word))
}

/// Marks a possessive; true where its apostrophe stands behind the word and belongs to it ("voters’ ").
fn cut_possessive(word: &mut Word, rest: &str) -> bool {
    for ending in ["'s", "’s", "'S", "’S"] {
        if let Some(base) = word.text.strip_suffix(ending).filter(|base| !base.is_empty()) {
            word.text = base;
            word.span.end = word.span.start + base.len();
            word.possessive = true;
            return false;
        }
    }
    let mut after = rest.chars();
    let mark = after.next().is_some_and(|c| matches!(c, '\'' | '’'));
    word.possessive = word.text.ends_with('s') && word.is_capital() && mark && after.next() == Some(' ');
    word.possessive
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{language, people};

    fn check(text: &str, expected: &str) {
        let found = words(text, Span::new(0, text.len()), people(language("en")));
        let shown: Vec<String> = found
            .iter()
            .map(|word| {
                let gap = match word.gap {
                    Gap::Space => "",
                    Gap::Quote => "\"",
                    Gap::Comma => ",",
                    Gap::Bracket => "(",
                    Gap::Break => "|",
                };
                format!("{gap}{}{}", word.text, if word.possessive { "+" } else { "" })
            })
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn words_keep_what_stands_before_them() {
        check("Sen. Ada J. Marlow (R-Vt.), a doctor", "|Sen. Ada J. Marlow (R-Vt (a doctor");
        check("the U.S. Navy’s O’Brien", "|the U.S. Navy+ O’Brien");
        check("Fox News' Ann Lee said. He left", "|Fox News+ Ann Lee said |He left");
        check("John \"Red\" Hale Jr., 61", "|John \"Red \"Hale Jr. ,61");
        check("plan A. Then", "|plan A. Then");
        check("", "");
    }
}
