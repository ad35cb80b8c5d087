//! What the fast tagger looks at: templates over atoms, hashed into buckets.
//!
//! In: the words of a passage and, for the second stage, a cue among them. Out: numbers of buckets. `BASE` describes a
//! word in its surroundings and serves both stages; `PAIR` describes a word as seen from one cue. A template is a list of
//! parts; its feature is one bucket, found by hashing the template's number with the values of its parts.

use super::words::{Atom, Counts, Lexicon, Words, bucket};

/// Buckets per stage, as a power of two.
pub const BITS: u32 = 18;

/// One part of a template.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// An atom of the word so many places away.
    At(Atom, isize),
    /// What connects the word with the cue.
    Of(Tie),
}
use Atom::*;
use Part::{At, Of};

/// What connects a word with a cue.
#[derive(Clone, Copy, Debug)]
enum Tie {
    /// Before, inside or after the cue.
    Side,
    Distance,
    /// The same, three steps only.
    Near,
    /// Sentences from the cue's, −3 to 3.
    Sentence,
    /// Another cue between, and whether the word belongs to one.
    CueBetween,
    IsOtherCue,
    Commas,
    Marks,
    CueWords,
    Verbs,
    Capitals,
    That,
    /// Stem, lexicon and class of the cue's head.
    HeadStem,
    HeadLexicon,
    HeadClass,
    /// Words right after and before the cue, both with the head, and whether they are quoted.
    Next,
    Previous,
    Pattern,
    NextQuoted,
    /// Quoted words in the cue's sentence at all, before the cue, after it.
    Frame,
    CueQuoted,
}
const TIES: usize = Tie::CueQuoted as usize + 1;
use Tie::*;

const BASE: &[&[Part]] = &[
    &[],
    &[At(Text, -3)],
    &[At(Text, -2)],
    &[At(Text, -1)],
    &[At(Text, 0)],
    &[At(Text, 1)],
    &[At(Text, 2)],
    &[At(Text, 3)],
    &[At(Stem, -2)],
    &[At(Stem, -1)],
    &[At(Stem, 0)],
    &[At(Stem, 1)],
    &[At(Stem, 2)],
    &[At(Lexicon, -3)],
    &[At(Lexicon, -2)],
    &[At(Lexicon, -1)],
    &[At(Lexicon, 0)],
    &[At(Lexicon, 1)],
    &[At(Lexicon, 2)],
    &[At(Lexicon, 3)],
    &[At(Shape, -2)],
    &[At(Shape, -1)],
    &[At(Shape, 0)],
    &[At(Shape, 1)],
    &[At(Shape, 2)],
    &[At(Suffix2, 0)],
    &[At(Suffix3, 0)],
    &[At(Suffix4, 0)],
    &[At(Prefix3, 0)],
    &[At(Prefix5, 0)],
    &[At(Suffix3, -1)],
    &[At(Suffix3, 1)],
    &[At(Text, -1), At(Text, 0)],
    &[At(Text, 0), At(Text, 1)],
    &[At(Text, -1), At(Text, 1)],
    &[At(Text, -1), At(Text, 0), At(Text, 1)],
    &[At(Text, 1), At(Text, 2)],
    &[At(Text, -2), At(Text, -1)],
    &[At(Stem, 0), At(Shape, -1)],
    &[At(Stem, 0), At(Shape, 1)],
    &[At(Lexicon, 0), At(Shape, -1), At(Shape, 1)],
    &[At(Lexicon, 0), At(Suffix3, 0)],
    &[At(Lexicon, 0), At(Text, 1)],
    &[At(Lexicon, 0), At(Text, -1)],
    &[At(Quoted, -1), At(State, 0), At(Quoted, 1)],
    &[At(Quoted, 0), At(Stem, 0)],
    &[At(Quoted, 0), At(Lexicon, 0)],
    &[At(State, -1), At(State, 0), At(State, 1)],
    &[At(FromStart, 0)],
    &[At(ToEnd, 0)],
    &[At(FromPassageStart, 0)],
    &[At(SentenceQuotes, 0), At(Quoted, 0), At(Lexicon, 0)],
    &[At(SentenceQuotes, 0), At(Text, 0)],
    &[At(FirstQuoted, 0), At(Quoted, 0), At(FromStart, 0)],
    &[At(LexiconBefore, 0), At(Lexicon, 0), At(LexiconAfter, 0)],
    &[At(CueBefore, 0), At(Lexicon, 0)],
    &[At(ThatNear, 0), At(Lexicon, 0)],
    &[At(LastText, 0), At(Quoted, 0)],
    &[At(FirstText, 0), At(Quoted, 0)],
    &[At(FirstShape, 0), At(Quoted, 0), At(LexiconBefore, 0)],
    &[At(Class, -3)],
    &[At(Class, -2)],
    &[At(Class, -1)],
    &[At(Class, 0)],
    &[At(Class, 1)],
    &[At(Class, 2)],
    &[At(Class, 3)],
    &[At(Class, -1), At(Class, 0)],
    &[At(Class, 0), At(Class, 1)],
    &[At(Class, -1), At(Class, 0), At(Class, 1)],
    &[At(Class, 0), At(Class, 1), At(Class, 2)],
    &[At(Class, -2), At(Class, -1), At(Class, 0)],
    &[At(Class, 0), At(Stem, 0)],
    &[At(Class, 0), At(Lexicon, 0), At(Class, 1)],
    &[At(Class, -1), At(Lexicon, 0), At(Text, 0)],
    &[At(Class, 0), At(Text, 1)],
    &[At(Class, 0), At(Text, -1)],
    &[At(Class, 0), At(Quoted, 0), At(Quoted, 1)],
];

const PAIR: &[&[Part]] = &[
    &[Of(Side)],
    &[Of(Side), Of(Distance)],
    &[Of(Side), Of(Sentence)],
    &[Of(Side), Of(Sentence), At(Quoted, 0)],
    &[Of(Side), Of(Sentence), Of(CueBetween)],
    &[Of(Side), Of(Sentence), Of(Commas)],
    &[Of(Side), Of(Sentence), Of(Marks), At(Quoted, 0)],
    &[Of(Side), Of(HeadStem)],
    &[Of(Side), Of(HeadStem), Of(Sentence)],
    &[Of(Side), Of(HeadStem), Of(Sentence), At(Quoted, 0)],
    &[Of(Side), Of(HeadLexicon), Of(Sentence), At(Quoted, 0)],
    &[Of(Side), Of(Sentence), At(Text, 0)],
    &[Of(Side), Of(Near), At(Text, 0)],
    &[Of(Side), Of(Distance), Of(Commas), At(Shape, 0)],
    &[Of(Side), Of(HeadStem), At(Text, 0)],
    &[Of(Side), Of(HeadStem), Of(Distance)],
    &[Of(Side), Of(Next), Of(Sentence)],
    &[Of(Side), Of(Previous), Of(Sentence)],
    &[Of(Side), Of(Pattern), Of(Sentence)],
    &[Of(Side), Of(NextQuoted), Of(Sentence), At(Quoted, 0)],
    &[Of(Side), Of(Frame), Of(Sentence), At(Quoted, 0)],
    &[Of(Side), Of(Frame), Of(Commas), Of(Sentence), At(Quoted, 0)],
    &[Of(Side), Of(CueQuoted), Of(Sentence), At(Quoted, 0)],
    &[Of(Side), Of(Sentence), Of(That), At(Text, 0)],
    &[Of(Side), Of(Sentence), Of(CueWords), Of(CueBetween), At(Quoted, 0)],
    &[Of(Side), Of(Sentence), Of(CueWords), Of(Commas), At(Shape, 0)],
    &[Of(Side), Of(Sentence), Of(Capitals), At(Shape, 0)],
    &[Of(Side), Of(Next), At(Text, 0)],
    &[Of(Side), Of(Frame), Of(Distance), At(Quoted, 0)],
    &[Of(Side), Of(Sentence), Of(IsOtherCue)],
    &[Of(Side), Of(Sentence), At(Text, 0), At(Text, 1)],
    &[Of(Side), Of(Sentence), At(Text, -1), At(Text, 0)],
    &[Of(Side), Of(Sentence), Of(Commas), At(Text, 0)],
    &[Of(Side), Of(Sentence), At(Class, 0)],
    &[Of(Side), Of(Distance), At(Class, 0), Of(HeadClass)],
    &[Of(Side), Of(HeadStem), At(Class, 0)],
    &[Of(Side), Of(Sentence), Of(Commas), At(Class, 0)],
    &[Of(Side), Of(Sentence), Of(Verbs), At(Class, 0)],
    &[Of(Side), Of(Sentence), Of(Verbs), At(Text, 0)],
    &[Of(Side), Of(Verbs), Of(Commas), At(Quoted, 0)],
    &[Of(Side), Of(Sentence), At(Class, 0), At(Class, 1)],
    &[Of(Side), Of(Sentence), At(Class, -1), At(Class, 0)],
    &[Of(Side), Of(Sentence), At(SentenceQuotes, 0), At(State, 0), At(State, -1)],
];

/// Features of every word per stage; numbers of templates start after those of the stage before.
pub const BASE_FEATURES: usize = BASE.len();

/// The buckets of word `at`, as many as `BASE_FEATURES`.
pub fn base(words: &Words, at: usize, into: &mut Vec<u32>) {
    push(BASE, 0, words, at, &[0; TIES], into);
}

fn push(templates: &[&[Part]], first: usize, words: &Words, at: usize, ties: &[u64; TIES], into: &mut Vec<u32>) {
    for (number, template) in templates.iter().enumerate() {
        let mut h = ((first + number) as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        for part in *template {
            let value = match *part {
                At(atom, offset) => words.near(at, offset).atom(atom),
                Of(tie) => ties[tie as usize],
            };
            h = (h.rotate_left(29) ^ value).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        }
        h ^= h >> 32;
        into.push((h.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - BITS)) as u32);
    }
}

/// A cue as the second stage sees it.
pub struct CueView<'w> {
    words: &'w Words,
    /// Words of the cue, in order, not empty.
    cue: &'w [usize],
    /// For every place, how many words of any cue stand before it.
    cues_before: &'w [u32],
    fixed: [u64; TIES],
    sentence: isize,
}

impl<'w> CueView<'w> {
    /// `cues_before` has one entry more than there are words.
    pub fn new(words: &'w Words, cue: &'w [usize], cues_before: &'w [u32]) -> Self {
        let (first, last) = (cue[0], cue[cue.len() - 1]);
        let known = |&&at: &&usize| words.list[at].lexicon != Lexicon::None;
        let lettered = |&&at: &&usize| words.list[at].letters;
        let head = cue.iter().rev().find(known).or(cue.iter().rev().find(lettered)).copied().unwrap_or(last);
        let (next, previous) = (words.near(last, 1), words.near(first, -1));
        let head_word = &words.list[head];
        let sentence = words.sentences[words.sentence_of[first]].clone();
        let quoted = |from: usize, to: usize| u64::from(from < to && words.between(from, to).quoted > 0);
        let frame = quoted(sentence.start, sentence.end)
            | quoted(sentence.start, first) << 1
            | quoted(last + 1, sentence.end) << 2;
        let mut fixed = [0; TIES];
        for (tie, value) in [
            (HeadStem, head_word.atom(Stem)),
            (HeadLexicon, head_word.atom(Atom::Lexicon)),
            (HeadClass, head_word.atom(Class)),
            (Next, next.atom(Text)),
            (Previous, previous.atom(Text)),
            (Pattern, next.atom(Text).rotate_left(20) ^ previous.atom(Text).rotate_left(40) ^ head_word.atom(Stem)),
            (NextQuoted, next.atom(Quoted) ^ previous.atom(Quoted).rotate_left(8)),
            (Frame, frame),
            (CueQuoted, words.list[first].atom(Quoted)),
        ] {
            fixed[tie as usize] = value;
        }
        CueView { words, cue, cues_before, fixed, sentence: words.sentence_of[first] as isize }
    }

    /// The buckets of word `at` as seen from the cue.
    pub fn features(&self, at: usize, into: &mut Vec<u32>) {
        let (first, last) = (self.cue[0], self.cue[self.cue.len() - 1]);
        let inside = self.cue.contains(&at);
        let (side, distance) = match () {
            _ if inside => (0, 0),
            _ if at < first => (1, first - at),
            _ => (2, at.saturating_sub(last)),
        };
        let (from, to) = if at < first { (at + 1, first) } else { ((last + 1).min(at), at) };
        let Counts { commas, marks, cue_words, verbs, capitals, thats, .. } = self.words.between(from, to);
        let own = self.cue.iter().filter(|&&own| own >= from && own < to).count() as u32;
        let other = self.cues_before[to] - self.cues_before[from] > own;
        let is_cue = self.cues_before[at + 1] > self.cues_before[at];
        let steps = self.words.sentence_of[at] as isize - self.sentence;
        let few = |count: u32, most: u32| u64::from(count.min(most));
        let mut ties = self.fixed;
        for (tie, value) in [
            (Side, side),
            (Distance, bucket(distance)),
            (Near, distance.min(3) as u64),
            (Sentence, (steps.clamp(-3, 3) + 3) as u64),
            (CueBetween, u64::from(other)),
            (IsOtherCue, u64::from(is_cue && !inside)),
            (Commas, few(commas, 3)),
            (Marks, few(marks, 3)),
            (CueWords, few(cue_words, 2)),
            (Verbs, few(verbs, 3)),
            (Capitals, few(capitals, 3)),
            (That, u64::from(thats > 0)),
        ] {
            ties[tie as usize] = value;
        }
        push(PAIR, BASE.len(), self.words, at, &ties, into);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::language;
    use crate::model::Reading;

    fn words(text: &str) -> Words {
        Words::new(&Reading::of_lines(text), 0, language("en"))
    }

    fn buckets(text: &str, at: usize, cue: Option<&[usize]>) -> Vec<u32> {
        let words = words(text);
        let mut found = Vec::new();
        match cue {
            None => base(&words, at, &mut found),
            Some(cue) => CueView::new(&words, cue, &vec![0; words.list.len() + 1]).features(at, &mut found),
        }
        found
    }

    #[test]
    fn the_same_surroundings_have_the_same_features() {
        let text = "Brook said it would rain.";
        assert_eq!(buckets(text, 1, None), buckets(text, 1, None));
        assert_ne!(buckets(text, 1, None), buckets("Brook said it would snow.", 1, None));
        assert_eq!(buckets(text, 1, None).len(), BASE_FEATURES);
    }

    #[test]
    fn a_word_looks_different_from_another_cue() {
        let text = "Brook said it would rain, Hill added.";
        assert_ne!(buckets(text, 0, Some(&[1])), buckets(text, 0, Some(&[7])));
        assert!(buckets(text, 0, Some(&[1])).iter().all(|&bucket| bucket < 1 << BITS));
    }
}
