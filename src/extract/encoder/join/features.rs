//! What a pair of tagged spans looks like: how far apart, in what order, what stands between.

use crate::model::Reading;
use crate::text::{Span, is_double_mark};

use super::super::crf::Role;
use super::super::tagger::TaggedSpan;

/// Candidates looked at on each side.
const NEAR: usize = 4;
/// Distances in words beyond this are alike.
const FAR: usize = 40;

/// The features by name, in the order of the weights.
pub const NAMES: [&str; COUNT] = [
    "always",
    "log_words_between",
    "tens_of_words_between",
    "nothing_between",
    "after_cue",
    "same_sentence",
    "sentences_apart",
    "cues_between",
    "any_cue_between",
    "sources_between",
    "contents_between",
    "mark_between",
    "comma_between",
    "colon_between",
    "dash_or_semicolon_between",
    "nearest_cue",
    "nearest_to_cue",
    "both_nearest",
    "after_cue_same_sentence",
    "after_cue_no_cue_between",
    "rival_on_other_side",
    "quoted",
    "quoted_before_cue",
    "sentence_start_between",
    "only_of_its_role",
    "only_cue",
];
pub const COUNT: usize = 26;

/// A cue and a content or source: indices into the spans of one passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    pub cue: usize,
    pub other: usize,
}

/// The tagged spans of one passage.
pub struct Passage<'a> {
    reading: &'a Reading<'a>,
    spans: &'a [TaggedSpan],
    /// Indices of the spans of each role.
    roles: [Vec<usize>; 3],
    /// How many spans of each role stand before each span.
    before: Vec<[usize; 3]>,
    /// Number of the sentence each span begins in.
    sentences: Vec<usize>,
}

impl<'a> Passage<'a> {
    pub fn new(reading: &'a Reading<'a>, spans: &'a [TaggedSpan]) -> Self {
        let mut roles: [Vec<usize>; 3] = Default::default();
        let mut before = Vec::with_capacity(spans.len());
        for (index, tagged) in spans.iter().enumerate() {
            before.push([roles[0].len(), roles[1].len(), roles[2].len()]);
            roles[tagged.role as usize].push(index);
        }
        let sentences = spans.iter().map(|tagged| reading.sentence_at(tagged.span.start).unwrap_or(0)).collect();
        Passage { reading, spans, roles, before, sentences }
    }

    /// Indices of the spans of a role, in text order.
    pub fn of(&self, role: Role) -> &[usize] {
        &self.roles[role as usize]
    }

    /// Numbers (among the spans of `role`) of the few nearest to `index` on each side.
    pub fn near(&self, role: Role, index: usize) -> std::ops::Range<usize> {
        let at = self.before[index][role as usize];
        at.saturating_sub(NEAR)..(at + NEAR).min(self.of(role).len())
    }

    pub fn same_sentence(&self, a: usize, b: usize) -> bool {
        self.sentences[a] == self.sentences[b]
    }

    /// What stands between two spans.
    pub fn gap(&self, a: usize, b: usize) -> Span {
        let (first, second) = (self.spans[a.min(b)].span, self.spans[a.max(b)].span);
        Span::new(first.end, second.start)
    }

    /// Spans of a role strictly between two spans.
    fn between(&self, role: Role, a: usize, b: usize) -> usize {
        let (first, second) = (a.min(b), a.max(b));
        let own = usize::from(self.spans[first].role == role);
        (self.before[second][role as usize] - self.before[first][role as usize]).saturating_sub(own)
    }

    /// Whether no span of `role` is nearer to `to` than `index` is.
    fn is_nearest(&self, role: Role, index: usize, to: usize) -> bool {
        let own = self.gap(index, to).len();
        self.near(role, to).all(|number| self.gap(self.of(role)[number], to).len() >= own)
    }

    /// The feature values of a pair, in the order of `NAMES`.
    pub fn features(&self, pair: Pair) -> [f64; COUNT] {
        let Pair { cue, other } = pair;
        let role = self.spans[other].role;
        let gap = self.gap(cue, other).of(self.reading.text);
        let words = gap.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).take(FAR).count();
        let after = other > cue;
        let same = self.same_sentence(cue, other);
        let cues = self.between(Role::Cue, cue, other);
        let (nearest_cue, nearest_to_cue) = (self.is_nearest(Role::Cue, cue, other), self.is_nearest(role, other, cue));
        let quoted = self.is_quoted(other);
        let flag = |yes: bool| f64::from(u8::from(yes));
        let few = |count: usize| count.min(3) as f64;
        [
            1.0,
            (1.0 + words as f64).ln(),
            words as f64 / 10.0,
            flag(words == 0),
            flag(after),
            flag(same),
            few(self.sentences[cue].abs_diff(self.sentences[other])),
            few(cues),
            flag(cues > 0),
            few(self.between(Role::Source, cue, other)),
            few(self.between(Role::Content, cue, other)),
            flag(gap.contains(is_double_mark)),
            flag(gap.contains(',')),
            flag(gap.contains(':')),
            flag(gap.contains(['—', '–', ';'])),
            flag(nearest_cue),
            flag(nearest_to_cue),
            flag(nearest_cue && nearest_to_cue),
            flag(after && same),
            flag(after && cues == 0),
            flag(self.has_rival(role, pair)),
            flag(quoted),
            flag(quoted && !after),
            flag(gap.contains(". ")),
            flag(self.of(role).len() == 1),
            flag(self.of(Role::Cue).len() == 1),
        ]
    }

    /// Whether another span of the role stands on the other side of the cue, in the cue's sentence.
    fn has_rival(&self, role: Role, pair: Pair) -> bool {
        let after = pair.other > pair.cue;
        self.near(role, pair.cue)
            .map(|number| self.of(role)[number])
            .any(|rival| (rival > pair.cue) != after && self.same_sentence(rival, pair.cue))
    }

    fn is_quoted(&self, index: usize) -> bool {
        let span = self.spans[index].span;
        let before = self.reading.text[..span.start].chars().next_back();
        before.is_some_and(is_double_mark)
    }
}
