//! Tokens to wordpieces: greedy longest match over the vocabulary, lower case, accents stripped.
//!
//! In: a token and whether it is a quotation mark. Out: vocabulary ids. The rules are those of docs/recipes/README.md.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::text::index::{Index, START, hash};

use super::input::{State, is_apostrophe, is_hyphen, is_joiner, is_word};

/// Most wordpieces of one token.
const MOST_PIECES: usize = 24;
/// Longer runs of word characters are unknown words.
const LONGEST_PART: usize = 100;
const CONTINUES: &str = "##";

/// A vocabulary, ready for matching.
pub struct WordPieces {
    vocabulary: Vec<&'static str>,
    index: Index,
    unknown: u32,
    /// Bytes of the longest piece: no need to try more.
    longest: usize,
}

impl WordPieces {
    /// `vocabulary` in the order of ids, each piece once; `unknown` is what stands for a part that cannot be matched.
    pub fn new(vocabulary: &[&'static str], unknown: u32) -> Self {
        let longest = vocabulary.iter().map(|piece| piece.len()).max().unwrap_or(0);
        WordPieces { vocabulary: vocabulary.to_vec(), index: Index::new(vocabulary.iter().copied()), unknown, longest }
    }

    /// The id of the piece `before` + `part`, of which the hash is given.
    fn find(&self, hash: u64, before: &str, part: &str) -> Option<u32> {
        let found = self.index.find(hash, |id| self.vocabulary[id].strip_prefix(before) == Some(part));
        found.map(|id| id as u32)
    }

    /// The ids of one token, at least one and at most 24.
    pub fn ids(&self, token: &str, state: State) -> Vec<u32> {
        let mut ids = Vec::new();
        match state {
            State::Opens => self.match_part("“", &mut ids),
            State::Closes => self.match_part("”", &mut ids),
            State::Outside | State::Inside => {
                for part in parts(token) {
                    self.match_part(&part, &mut ids);
                    if ids.len() >= MOST_PIECES {
                        break;
                    }
                }
            }
        }
        ids.truncate(MOST_PIECES);
        if ids.is_empty() {
            ids.push(self.unknown);
        }
        ids
    }

    fn match_part(&self, part: &str, ids: &mut Vec<u32>) {
        let known = ids.len();
        if part.chars().count() > LONGEST_PART {
            ids.push(self.unknown);
            return;
        }
        let mut at = 0;
        let mut ends: Vec<(usize, u64)> = Vec::new(); // where a piece may end, and the hash up to there
        while at < part.len() {
            let before = if at == 0 { "" } else { CONTINUES };
            let mut h = hash(START, before.as_bytes());
            let most = part.len().min(at + self.longest);
            ends.clear();
            for end in (at + 1..=most).filter(|&end| part.is_char_boundary(end)) {
                h = hash(h, &part.as_bytes()[ends.last().map_or(at, |last| last.0)..end]);
                ends.push((end, h));
            }
            let longest_first = ends.iter().rev();
            let known_end = |&(end, h): &(usize, u64)| Some((end, self.find(h, before, &part[at..end])?));
            let Some((end, id)) = longest_first.filter_map(known_end).next() else {
                ids.truncate(known);
                ids.push(self.unknown);
                return;
            };
            ids.push(id);
            at = end;
        }
    }
}

/// A token, normalised and cut into runs of word characters and single other characters.
fn parts(token: &str) -> Vec<String> {
    let plain: String = token
        .chars()
        .filter(|&c| !is_joiner(c))
        .map(|c| match c {
            _ if is_apostrophe(c) => '\'',
            _ if is_hyphen(c) => '-',
            _ => c,
        })
        .collect();
    let mut found = Vec::new();
    let mut run = String::new();
    for c in plain.to_lowercase().nfd().filter(|&c| !is_combining_mark(c)) {
        if is_word(c) && !is_ideograph(c) {
            run.push(c);
            continue;
        }
        if !run.is_empty() {
            found.push(std::mem::take(&mut run));
        }
        found.push(c.to_string());
    }
    if !run.is_empty() {
        found.push(run);
    }
    found
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(token: &str, state: State, expected: &str) {
        const VOCABULARY: &[&str] =
            &["[UNK]", "“", "”", "zele", "##nsky", "'", "s", "cafe", "1", "-", "##s", "日", "3", ".", "5"];
        let pieces = WordPieces::new(VOCABULARY, 0);
        let found: Vec<&str> = pieces.ids(token, state).iter().map(|&id| VOCABULARY[id as usize]).collect();
        assert_eq!(found.join(" "), expected, "{token}");
    }

    #[test]
    fn longest_match_from_the_left() {
        check("Zelensky", State::Outside, "zele ##nsky");
        check("Zelenskys", State::Inside, "zele ##nsky ##s");
        check("’s", State::Outside, "' s");
        check("CAFÉS", State::Outside, "cafe ##s");
        check("3.5", State::Outside, "3 . 5");
    }

    #[test]
    fn what_is_not_in_the_vocabulary_is_unknown() {
        check("Zelenskyx", State::Outside, "[UNK]");
        check("日日", State::Outside, "日 日");
        check("語", State::Outside, "[UNK]");
        check("\u{200d}", State::Outside, "[UNK]");
        check(&"s".repeat(101), State::Outside, "[UNK]");
        check(&"1-".repeat(30), State::Outside, &["1 -"; 12].join(" "));
    }

    #[test]
    fn marks_are_their_direction_whatever_was_printed() {
        check("\"", State::Opens, "“");
        check("''", State::Closes, "”");
    }
}
