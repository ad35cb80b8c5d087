//! The two stages: cues sentence by sentence, then source and content once per cue over its surroundings.
//!
//! In: the words of a passage. Out: attributions as ranges of words, with the margins of the decoder. Because the second
//! stage runs once per cue, nothing has to be joined afterwards. Work per cue is bounded by `REACH`.

use std::ops::Range;

use super::decode::runs;
use super::features::{CueView, base};
use super::model::Model;
use super::words::Words;

/// Words to each side of a cue that the second stage looks at.
pub const REACH: usize = 150;

/// One cue with what the second stage gave it. Ranges are words of the passage; margins are in units of the weights.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tagged {
    pub cue: Vec<usize>,
    pub source: Vec<Range<usize>>,
    pub content: Vec<Range<usize>>,
    pub cue_margin: f64,
    pub source_margin: f64,
    /// The smallest over the content.
    pub content_margin: f64,
    /// The source was only found after labels of a source were helped.
    pub helped: bool,
}

/// All attributions of a passage, in the order of their cues.
pub fn tag(words: &Words, model: &Model) -> Vec<Tagged> {
    let buckets = Buckets::of(words);
    let cues = cues(words, &buckets, model);
    let before = cues_before(words, cues.iter().flat_map(|(cue, _)| cue.clone()));
    let role_scores = RoleScores { words, model, base: base_scores(&buckets, model) };
    let tagged = cues.into_iter().map(|(cue, margin)| role_scores.tag(cue, margin, &before));
    tagged.filter(|tagged| !tagged.content.is_empty()).collect()
}

/// The base buckets of every word, one after the other.
pub struct Buckets {
    all: Vec<u32>,
    width: usize,
}

impl Buckets {
    pub fn of(words: &Words) -> Buckets {
        let width = super::features::BASE_FEATURES;
        let mut all = Vec::with_capacity(words.list.len() * width);
        (0..words.list.len()).for_each(|at| base(words, at, &mut all));
        Buckets { all, width }
    }

    pub fn at(&self, word: usize) -> &[u32] {
        &self.all[word * self.width..][..self.width]
    }
}

/// For every place how many words of cues stand before it: one entry more than there are words.
pub fn cues_before(words: &Words, cues: impl Iterator<Item = usize>) -> Vec<u32> {
    let mut counts = vec![0u32; words.list.len() + 1];
    cues.for_each(|at| counts[at + 1] = 1);
    for at in 1..counts.len() {
        counts[at] += counts[at - 1];
    }
    counts
}

/// The stretch of words the second stage looks at for a cue.
pub fn reach(words: &Words, cue: &[usize]) -> Range<usize> {
    let last = cue[cue.len() - 1];
    cue[0].saturating_sub(REACH)..words.list.len().min(last + 1 + REACH)
}

/// The cues of all sentences, each with its margin.
fn cues(words: &Words, buckets: &Buckets, model: &Model) -> Vec<(Vec<usize>, f64)> {
    let stage = &model.cues;
    let mut found = Vec::new();
    for sentence in &words.sentences {
        let scores: Vec<[i32; 3]> = sentence
            .clone()
            .map(|at| {
                let mut scores = stage.bias;
                stage.add(buckets.at(at), &mut scores);
                scores
            })
            .collect();
        let labels = stage.moves.labels(&scores);
        let runs = runs(&labels, 1);
        if runs.is_empty() {
            continue;
        }
        let margins = stage.moves.margins(&scores, &labels);
        for run in runs {
            let margin = run.clone().map(|at| margins[at]).max().unwrap_or(0);
            let cue = run.map(|at| sentence.start + at).collect();
            found.push((cue, margin as f64 / f64::from(stage.scale)));
        }
    }
    found
}

/// What the second stage knows of every word without looking at a cue.
fn base_scores(buckets: &Buckets, model: &Model) -> Vec<[i32; 5]> {
    let words = buckets.all.chunks_exact(buckets.width);
    words
        .map(|own| {
            let mut scores = model.roles.bias;
            model.roles.add(own, &mut scores);
            scores
        })
        .collect()
}

struct RoleScores<'w> {
    words: &'w Words,
    model: &'w Model,
    base: Vec<[i32; 5]>,
}

impl RoleScores<'_> {
    fn tag(&self, cue: Vec<usize>, cue_margin: f64, cues_before: &[u32]) -> Tagged {
        let stage = &self.model.roles;
        let range = reach(self.words, &cue);
        let view = CueView::new(self.words, &cue, cues_before);
        let mut buckets = Vec::new();
        let mut scores: Vec<[i32; 5]> = range
            .clone()
            .map(|at| {
                let mut scores = self.base[at];
                buckets.clear();
                view.features(at, &mut buckets);
                stage.add(&buckets, &mut scores);
                scores
            })
            .collect();
        let mut labels = stage.moves.labels(&scores);
        let helped = has(&labels, 3) && !has(&labels, 1) && self.help(&mut scores, &mut labels, &range, cue[0]);
        let (source, content) = (runs(&labels, 1), runs(&labels, 3));
        if content.is_empty() {
            return Tagged::default();
        }
        let margins = stage.moves.margins(&scores, &labels);
        let least = |runs: &[Range<usize>]| {
            let all = runs.iter().flat_map(|run| run.clone()).map(|at| margins[at]);
            all.min().unwrap_or(0) as f64 / f64::from(stage.scale)
        };
        let placed = |runs: &[Range<usize>]| {
            runs.iter().map(|run| range.start + run.start..range.start + run.end).collect::<Vec<_>>()
        };
        Tagged {
            source_margin: least(&source),
            content_margin: least(&content),
            source: placed(&source),
            content: placed(&content),
            cue_margin,
            cue,
            helped,
        }
    }

    /// A cue with content has a source more often than not: raises the label that begins one in the cue's sentence, step
    /// by step, until a source appears and the content is still there.
    fn help(&self, scores: &mut [[i32; 5]], labels: &mut Vec<u8>, range: &Range<usize>, cue: usize) -> bool {
        const STEPS: i32 = 8;
        const HELP: f32 = 60.0;
        let step = (HELP * self.model.roles.scale) as i32 / STEPS;
        let sentence = self.words.sentence_of[cue];
        let mut raised = scores.to_vec();
        for _ in 0..STEPS {
            for (at, scores) in range.clone().zip(raised.iter_mut()) {
                if self.words.sentence_of[at] == sentence {
                    scores[1] += step;
                }
            }
            let again = self.model.roles.moves.labels(&raised);
            if has(&again, 1) {
                if !has(&again, 3) {
                    return false;
                }
                scores.copy_from_slice(&raised);
                *labels = again;
                return true;
            }
        }
        false
    }
}

fn has(labels: &[u8], begin: u8) -> bool {
    labels.contains(&begin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::language;
    use crate::model::Reading;

    /// Words that the second stage looks at, all cues of the text together, if every fifth word were a cue.
    fn work(text: &str) -> usize {
        let words = Words::new(&Reading::of_lines(text), 0, language("en"));
        (0..words.list.len()).step_by(5).map(|at| reach(&words, &[at]).len()).sum()
    }

    #[test]
    fn twice_the_text_is_twice_the_work() {
        for piece in ["Brook said that the mayor ", "“ ", "word "] {
            let (once, twice) = (work(&piece.repeat(2_000)), work(&piece.repeat(4_000)));
            assert!(once > 0 && 10 * twice <= 21 * once, "{piece}: {once} {twice}");
        }
    }

    #[test]
    fn a_cue_sees_so_many_words_and_no_more() {
        let words = Words::new(&Reading::of_lines(&"word ".repeat(1_000)), 0, language("en"));
        assert_eq!(reach(&words, &[500, 501]), 500 - REACH..502 + REACH);
        assert_eq!(reach(&words, &[3]), 0..4 + REACH);
    }
}
