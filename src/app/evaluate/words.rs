//! A text as the measures see it: its words, and which characters stand inside quotation marks.
//!
//! The definitions are those of the published scorer: words are runs of letters, digits and `_`; the state of the marks
//! starts anew on every line.

use std::collections::BTreeSet;

use crate::model::Kind;

use super::gold::Points;

/// White space and punctuation that do not count at the ends of a span.
const EDGES: &str = " \t\r\n\"'“”‘’«»„.,;:!?…";

/// Numbers of words.
pub type WordSet = BTreeSet<usize>;

/// A text, cut into words. All positions are code points.
pub struct Words {
    pub chars: Vec<char>,
    /// For every character, the number of the word it belongs to.
    at: Vec<Option<usize>>,
    /// For every word, whether its first character stands inside quotation marks.
    quoted: Vec<bool>,
}

impl Words {
    pub fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mask = quoted_characters(&chars);
        let mut at = vec![None; chars.len()];
        let mut quoted: Vec<bool> = Vec::new();
        let mut inside = false;
        for (place, &c) in chars.iter().enumerate() {
            let word = c.is_alphanumeric() || c == '_';
            if word && !inside {
                quoted.push(mask[place]);
            }
            if word {
                at[place] = Some(quoted.len() - 1);
            }
            inside = word;
        }
        Words { chars, at, quoted }
    }

    /// The words that have a character in any of the spans.
    pub fn of(&self, spans: &[Points]) -> WordSet {
        spans.iter().flat_map(|&span| self.at[self.clip(span)].iter().flatten().copied()).collect()
    }

    /// A span without white space, quotation marks and stops at its ends.
    pub fn trim(&self, (mut start, mut end): Points) -> Points {
        while start < end && self.is_edge(start) {
            start += 1;
        }
        while end > start && self.is_edge(end - 1) {
            end -= 1;
        }
        (start, end)
    }

    fn is_edge(&self, place: usize) -> bool {
        self.chars.get(place).is_some_and(|&c| EDGES.contains(c))
    }

    /// The characters of a span, as a range that can be taken.
    pub fn clip(&self, (start, end): Points) -> std::ops::Range<usize> {
        let end = end.min(self.chars.len());
        start.min(end)..end
    }

    /// Direct when all words stand inside quotation marks, mixed when some do.
    pub fn kind(&self, words: &WordSet) -> Kind {
        match words.iter().filter(|&&word| self.quoted[word]).count() {
            0 => Kind::Indirect,
            quoted if quoted == words.len() => Kind::Direct,
            _ => Kind::Mixed,
        }
    }

    pub fn text(&self, span: Points) -> String {
        self.chars[self.clip(span)].iter().collect()
    }
}

/// Which characters stand inside double marks, « » or paired ‘ ’ (marks included). A mark that is left open counts to
/// the end of its line when it began the line, or when the next text begins with a mark.
fn quoted_characters(chars: &[char]) -> Vec<bool> {
    let mut mask = vec![false; chars.len()];
    let mut start = 0;
    for line in chars.split(|&c| c == '\n') {
        let end = start + line.len();
        let last_single = line.iter().rposition(|&c| c == '’');
        let mut open: Option<(usize, char)> = None;
        for (place, &c) in line.iter().enumerate() {
            match open {
                None => {
                    let single = c == '‘' && last_single.is_some_and(|last| last >= place);
                    if matches!(c, '“' | '„' | '«' | '"') || single {
                        open = Some((place, c));
                    }
                }
                Some((from, kind)) if closes(kind, c, line.get(place + 1)) => {
                    mask[start + from..=start + place].fill(true);
                    open = None;
                }
                Some(_) => {}
            }
        }
        if let Some((from, kind)) = open {
            let next = chars[end..].iter().find(|c| !c.is_whitespace());
            if kind != '‘' && (from == 0 || matches!(next, Some('“' | '"'))) {
                mask[start + from..end].fill(true);
            }
        }
        start = end + 1;
    }
    mask
}

fn closes(open: char, c: char, next: Option<&char>) -> bool {
    match open {
        '“' | '„' => matches!(c, '”' | '“' | '"'),
        '«' => c == '»',
        '"' => matches!(c, '"' | '”'),
        _ => c == '’' && !next.is_some_and(|next| next.is_alphanumeric()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, span: Points, expected: Kind) {
        let words = Words::new(text);
        assert_eq!(words.kind(&words.of(&[span])), expected, "{text}");
    }

    #[test]
    fn kinds() {
        check("“All of it,” he said", (0, 12), Kind::Direct);
        check("he said it was “fine” now", (8, 25), Kind::Mixed);
        check("he said it was “fine” now", (8, 14), Kind::Indirect);
        check("\"Straight\" marks", (0, 10), Kind::Direct);
        check("it isn’t ‘so’", (0, 8), Kind::Indirect);
        check("“Left open\nnext", (1, 10), Kind::Direct);
        check("he: “left open\nnext", (5, 14), Kind::Indirect);
        check("he: “left open\n\n“next”", (5, 14), Kind::Direct);
    }

    #[test]
    fn spans_are_clipped_and_trimmed() {
        let words = Words::new("“Yes,” he_said");
        assert_eq!(words.trim((0, 6)), (1, 4));
        assert_eq!(words.of(&[(4, 900)]).len(), 1);
        assert_eq!(words.of(&[(5, 2)]).len(), 0);
        assert_eq!(words.text((7, 99)), "he_said");
    }
}
