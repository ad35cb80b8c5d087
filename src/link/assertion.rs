//! What a statement asserts, clause by clause: which word a negation stands over, in what mode, and who is its subject.
//!
//! In: a variant made ready for comparison. Out: clauses that assert something. Questions, conditions, wishes, what is handed on
//! from somebody else and what is too unsure to be contradicted are left out.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::lang::{Assertions, CueSense, Mode, Wording, assertions, language, wording};
use crate::model::{Act, Kind, Variant};
use crate::text::fold_word;

use super::words::{Prepared, Word, WordKind};

/// Who or what a clause is about, as far as its words before the predicate tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// Nothing stands there.
    Open,
    /// The speaker.
    Own,
    /// A pronoun; the first letters of its kind.
    Pronoun(char),
    /// Content words.
    Named,
}

/// What is known of one word of a clause.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    /// Under an odd number of negators.
    pub negated: bool,
    /// The nearest negator stands over this very word.
    pub direct: bool,
    pub mode: Mode,
    pub subject: Subject,
    /// The content word that "to" before this one depends on, as an index into the clause.
    pub governor: Option<usize>,
}

/// One clause that asserts something.
#[derive(Clone, Debug)]
pub(super) struct Assertion<'v> {
    /// The words of this clause alone.
    pub clause: Prepared<'v>,
    /// One for each word of the clause.
    pub marks: Vec<Mark>,
    /// The whole clause is said not to be so, by the cue or by the speaker ("I never said that").
    pub denied: bool,
}

/// The words that are compared: those of the content, or cue and content where the cue is the predicate. `None` where the
/// statement asserts nothing of its own.
pub(super) fn asserted(variant: &Variant) -> Option<Variant> {
    if matches!(variant.act, Act::NoComment | Act::Question) {
        return None;
    }
    let language = language(&variant.language);
    let (table, wording) = (assertions(language), wording(language));
    let words: Vec<String> = variant.cue.split_whitespace().map(plain).collect();
    let sense = words.iter().find_map(|word| table.cue(word));
    let negators = words.iter().enumerate().filter(|(at, word)| {
        table.cue(word).is_none() && wording.is_negator(word)
            || *word == "yet" && words.get(at + 1).is_some_and(|it| it == "to")
    });
    let negated = negators.count() % 2 == 1;
    let infinitive = variant.text.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with("to ");
    match sense {
        Some(CueSense::Stance) => Some(with_cue(variant)),
        Some(CueSense::Will | CueSense::Refuse) if negated => None,
        Some(CueSense::Will | CueSense::Refuse) => Some(with_cue(variant)),
        Some(CueSense::Deny) => Some(Variant { negated: !negated, ..variant.clone() }),
        None if negated || variant.negated => None,
        None if infinitive => Some(with_cue(variant)),
        None => Some(variant.clone()),
    }
}

fn with_cue(variant: &Variant) -> Variant {
    let text = format!("{} {}", variant.cue, variant.text);
    Variant { text, cue: String::new(), negated: false, kind: Kind::Mixed, ..variant.clone() }
}

/// The assertions of a statement whose words [`asserted`] chose.
pub(super) fn read<'v>(prepared: &Prepared<'v>) -> Vec<Assertion<'v>> {
    let language = language(&prepared.variant.language);
    let reader = Reader {
        prepared,
        folded: prepared.words.iter().map(|word| plain(word.span.of(&prepared.variant.text))).collect(),
        table: assertions(language),
        wording: wording(language),
        direct_speech: prepared.variant.kind == Kind::Direct,
    };
    let sentences = reader.sentences();
    let denied = prepared.variant.negated;
    if denied && sentences.len() != 1 {
        return Vec::new();
    }
    let asserting = sentences.iter().filter(|(words, asks)| {
        !asks && !words.iter().flatten().any(|&at| reader.table.is_unasserted(&reader.folded[at]))
    });
    asserting.flat_map(|(clauses, _)| clauses).filter_map(|words| reader.assertion(words, denied)).collect()
}

struct Reader<'p, 'v> {
    prepared: &'p Prepared<'v>,
    /// Folded spelling of every word.
    folded: Vec<String>,
    table: &'static Assertions,
    wording: &'static Wording,
    direct_speech: bool,
}

/// A negator reaches this many words of content after it, or so many where it negates a noun.
const REACH: usize = 5;
const PHRASE_REACH: usize = 2;

/// A negator of a clause: the word it stands over, and all that it reaches.
struct Negation {
    head: Option<usize>,
    covered: BTreeSet<usize>,
}

/// How far back from a predicate its auxiliaries are looked for, in words.
const AUXILIARIES: usize = 7;

impl<'v> Reader<'_, 'v> {
    /// Sentences as lists of clauses, each a list of words, and whether the sentence asks.
    fn sentences(&self) -> Vec<(Vec<Vec<usize>>, bool)> {
        let mut sentences: Vec<(Vec<Vec<usize>>, bool)> = Vec::new();
        // The clause that goes on after the next comma.
        let mut main: Option<usize> = None;
        let mut at_clause = 0;
        for at in 0..self.folded.len() {
            let between = self.before(at);
            if sentences.is_empty() || self.ends_sentence(at) {
                if let Some(last) = sentences.last_mut() {
                    last.1 = between.contains('?');
                }
                sentences.push((vec![Vec::new()], false));
                (main, at_clause) = (None, 0);
            }
            let Some((clauses, _)) = sentences.last_mut() else { continue };
            let comma = between.contains([',', '(', ')', '—', '–']) || between.contains("--");
            let opens = self.opens_clause(at, comma);
            if comma && let Some(resumed) = main.take_if(|_| !opens) {
                at_clause = resumed;
            } else if opens && !clauses[at_clause].is_empty() {
                main = Some(at_clause).filter(|_| comma && self.table.is_relative(&self.folded[at]));
                clauses.push(Vec::new());
                at_clause = clauses.len() - 1;
            }
            clauses[at_clause].push(at);
        }
        if let Some(last) = sentences.last_mut() {
            let end = self.prepared.words.last().map_or(0, |word| word.span.end);
            last.1 = self.prepared.variant.text[end..].contains('?');
        }
        sentences
    }

    fn before(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.prepared.words[before].span.end);
        self.prepared.variant.text.get(start..self.prepared.words[at].span.start).unwrap_or("")
    }

    fn ends_sentence(&self, at: usize) -> bool {
        let between = self.before(at);
        let text = &self.prepared.variant.text;
        let short = at.checked_sub(1).is_some_and(|before| {
            let word = self.prepared.words[before].span.of(text);
            word.contains('.') || word.len() <= 3 && word.starts_with(|c: char| c.is_ascii_uppercase())
        });
        let small = self.prepared.words[at].span.of(text).starts_with(char::is_lowercase);
        between.contains(['!', '?', ';', ':', '…']) || between.contains('.') && !short && !small
    }

    fn opens_clause(&self, at: usize, comma: bool) -> bool {
        let word = &self.folded[at];
        let next_is_subject = self.folded.get(at + 1).is_some_and(|next| self.table.is_subject(next));
        self.table.starts_clause(word)
            || self.table.joins(word) && next_is_subject
            || comma && (self.table.is_subject(word) || self.wording.is_negator(word))
    }

    /// One clause; `None` where it is not the speaker's own, or unsure, or empty.
    fn assertion(&self, words: &[usize], denied: bool) -> Option<Assertion<'v>> {
        if words.iter().any(|&at| self.table.is_unsure(&self.folded[at])) {
            return None;
        }
        let (mut words, mut denied) = (words.to_vec(), denied);
        let mut under = self.negations(&words);
        while let Some(place) = words.iter().position(|&at| self.table.is_credited(&self.folded[at])) {
            if !self.is_own(&words[..place]) {
                return None;
            }
            let credited = words[place];
            words.drain(..=place);
            // "I never said it" denies all that follows; "I don't think so" hands its negation on.
            if !self.table.raises(&self.folded[credited]) {
                denied ^= under.iter().filter(|it| it.covered.contains(&credited)).count() % 2 == 1;
                under = self.negations(&words);
            }
        }
        let clause = self.part(&words);
        if !clause.words.iter().any(Word::is_content) {
            return None;
        }
        let marks = (0..words.len()).map(|place| self.mark(&words, place, &under)).collect();
        Some(Assertion { clause, marks, denied })
    }

    /// Whether the last subject among these words is the speaker.
    fn is_own(&self, words: &[usize]) -> bool {
        let near = words.iter().rev().take(4);
        let mut content = near.clone().filter(|&&at| self.prepared.words[at].is_content() && !self.is_light(at));
        content.next().is_none() && near.into_iter().any(|&at| self.table.is_self(&self.folded[at], self.direct_speech))
    }

    fn part(&self, words: &[usize]) -> Prepared<'v> {
        let kept: Vec<Word> = words.iter().map(|&at| self.prepared.words[at].clone()).collect();
        let mass = kept.iter().filter(|word| word.is_content()).map(|word| word.idf).sum();
        let whole = self.prepared;
        let mut keys: Vec<u64> = kept.iter().map(|word| word.key).collect();
        keys.sort_unstable();
        Prepared {
            variant: whole.variant,
            day: whole.day,
            letters: OnceLock::from(Vec::new()),
            keys,
            stock: OnceLock::from(words.iter().map(|&at| whole.stock()[at]).collect::<Vec<_>>()),
            words: kept,
            numbers: whole.numbers.clone(),
            mass,
            negating: whole.negating.clone(),
            denied: whole.denied,
            approves: whole.approves,
            adds: whole.adds,
            speakers: Vec::new(),
            left_out: 0,
        }
    }

    /// The negators of a clause, each with the words it reaches.
    fn negations(&self, words: &[usize]) -> Vec<Negation> {
        let negators = (0..words.len()).filter(|&place| self.negates(words, place));
        let made = negators.map(|place| {
            let head = self.head(words, place);
            let mut covered: BTreeSet<usize> = self.reached(words, place).collect();
            covered.extend(head);
            Negation { head, covered }
        });
        made.collect()
    }

    /// The words after a negator up to a comma, a word that ends its reach, or the fifth word of content.
    fn reached<'w>(&self, words: &'w [usize], place: usize) -> impl Iterator<Item = usize> + 'w {
        let noun = self.wording.negates_noun(&self.folded[words[place]]);
        let mut left = if noun { PHRASE_REACH } else { REACH };
        let mut end = place + 1;
        while end < words.len() && left > 0 {
            let at = words[end];
            if self.before(at).contains(',') || self.wording.ends_negation(&self.folded[at]) {
                break;
            }
            left -= usize::from(self.prepared.words[at].is_content());
            end += 1;
        }
        words[place + 1..end].iter().copied()
    }

    fn negates(&self, words: &[usize], place: usize) -> bool {
        let word = &self.folded[words[place]];
        let next = words.get(place + 1).map(|&at| &self.folded[at]);
        word != "without"
            && self.wording.is_negator(word)
            && next.is_none_or(|next| !self.wording.cancels_negation(next))
            || self.is_yet_to(words, place)
    }

    fn is_yet_to(&self, words: &[usize], place: usize) -> bool {
        self.folded[words[place]] == "yet" && words.get(place + 1).is_some_and(|&at| self.folded[at] == "to")
    }

    /// The word under the negator at `place`: the next one of content, past auxiliaries and adverbs. A verb of opinion hands it on.
    fn head(&self, words: &[usize], place: usize) -> Option<usize> {
        let mut rest = words[place + 1..].iter().copied().peekable();
        while let Some(at) = rest.next() {
            let word = &self.folded[at];
            let content = &self.prepared.words[at];
            if self.table.is_degree(word) || self.wording.is_negator(word) || content.kind == WordKind::Number {
                return None;
            }
            if !content.is_content() || self.is_light(at) {
                continue;
            }
            if !self.table.raises(word) {
                let compared = rest.peek().is_some_and(|&next| matches!(self.folded[next].as_str(), "than" | "as"));
                return Some(at).filter(|_| !compared);
            }
            let below: Vec<usize> = rest.collect();
            let after_auxiliary = below.iter().position(|&at| self.table.mode(&self.folded[at]).is_some());
            let from = after_auxiliary.map_or(0, |place| place + 1);
            let head = from
                + below[from..].iter().position(|&at| {
                    let word = &self.prepared.words[at];
                    let stands = after_auxiliary.is_some() || word.kind == WordKind::Plain;
                    word.is_content() && !self.is_light(at) && stands
                })?;
            let of_degree = below[from..=head].iter().any(|&at| self.table.is_degree(&self.folded[at]));
            return Some(below[head]).filter(|_| !of_degree);
        }
        None
    }

    /// An adverb, or another word that a negation passes over.
    fn is_light(&self, at: usize) -> bool {
        let word = &self.folded[at];
        word.ends_with("ly") && word.len() > 4
            || self.table.mode(word).is_some()
            || matches!(
                word.as_str(),
                "ever" | "yet" | "longer" | "also" | "actually" | "really" | "again" | "still" | "now" | "even"
            )
    }

    fn mark(&self, words: &[usize], place: usize, under: &[Negation]) -> Mark {
        let at = words[place];
        let direct = under.iter().any(|it| it.head == Some(at));
        let negated = under.iter().filter(|it| it.covered.contains(&at)).count() % 2 == 1;
        let (first, mode) = self.predicate(words, place);
        Mark { negated, direct, mode, subject: self.subject(words, first), governor: self.governor(words, place) }
    }

    /// Where the auxiliaries of a word begin, and what they make of it.
    fn predicate(&self, words: &[usize], place: usize) -> (usize, Mode) {
        let mut mode = Mode::Open;
        let mut first = place;
        for before in (0..place).rev().take(AUXILIARIES) {
            let (at, word) = (words[before], &self.folded[words[before]]);
            let has_to =
                matches!(word.as_str(), "have" | "has" | "had") && self.folded.get(at + 1).is_some_and(|it| it == "to");
            let found = if has_to { Some(Mode::Ought) } else { self.table.mode(word) };
            let is_subject = self.table.is_subject(word) && mode != Mode::Open;
            let is_other_word = self.prepared.words[at].is_content()
                && !self.is_light(at)
                && !self.wording.is_negator(word)
                && self.table.cue(word).is_none();
            if let Some(found) = found {
                mode = mode.max(found);
                first = before;
            } else if is_subject || is_other_word {
                break;
            }
            match self.table.cue(word) {
                Some(CueSense::Will | CueSense::Refuse) => {
                    mode = mode.max(Mode::Future);
                    first = before;
                }
                _ if mode == Mode::Open && self.wording.is_negator(word) => first = before,
                _ => {}
            }
        }
        // What ought to be done reaches all that depends on it: "we must build a port that works".
        let ought = |at: &usize| self.table.mode(&self.folded[*at]) == Some(Mode::Ought);
        if words[..first].iter().any(ought) {
            mode = Mode::Ought;
        }
        let past = mode == Mode::Open && self.folded[words[place]].ends_with("ed");
        (first, if past { Mode::Past } else { mode })
    }

    fn subject(&self, words: &[usize], first: usize) -> Subject {
        let before = &words[..first];
        if before.iter().any(|&at| self.prepared.words[at].is_content() && !self.is_light(at)) {
            return Subject::Named;
        }
        if let Some(&at) = before.iter().rev().find(|&&at| self.table.is_object(&self.folded[at])) {
            return Subject::Pronoun(self.folded[at].chars().next().unwrap_or(' '));
        }
        let pronoun = before.iter().rev().find(|&&at| self.table.is_subject(&self.folded[at]));
        match pronoun.or(words.get(first)).map(|&at| self.folded[at].as_str()) {
            Some(word) if self.table.is_self(word, true) || self.table.is_self(word, self.direct_speech) => {
                Subject::Own
            }
            Some(word) if self.table.is_subject(word) => Subject::Pronoun(word.chars().next().unwrap_or(' ')),
            _ => Subject::Open,
        }
    }

    /// The content word before "to" before this word: "ready to sign" and "refused to sign" are not one predicate.
    fn governor(&self, words: &[usize], place: usize) -> Option<usize> {
        let to = place.checked_sub(1).filter(|&before| self.folded[words[before]] == "to")?;
        let before = to.checked_sub(1)?;
        let (at, word) = (words[before], &self.folded[words[before]]);
        let hands_on = self.is_light(at) || self.table.cue(word).is_some() || self.wording.is_negator(word);
        (self.prepared.words[at].is_content() && !hands_on).then_some(before)
    }
}

pub(super) fn plain(word: &str) -> String {
    fold_word(word).chars().filter(|c| c.is_alphanumeric()).collect()
}
