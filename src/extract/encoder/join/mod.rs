//! Tagged spans to attributions: which content belongs to which cue, and which source.
//!
//! In: the tagged spans of a reading. Out: attributions. A cue makes an attribution; every content goes to at most one
//! cue, every cue takes at most one source, and several cues may share one. A logistic scorer over a handful of features
//! of a pair decides (`features`, weights in `weights.toml`, trained by `train`); only spans of one passage meet. What
//! stands in between is counted over the few nearest candidates, so time grows linearly with the text.

mod confidence;
mod features;
mod scorer;
mod train;

pub use confidence::COUNT as CONFIDENCE_FEATURES;
pub use scorer::{Scorer, Weights, shipped};
pub use train::{GoldAttribution, GoldText, fit_pairs};

use crate::extract::content;
use crate::model::{Attribution, Evidence, Extractor, Reading};
use crate::text::Span;

use super::crf::Role;
use super::tagger::TaggedSpan;
use features::{Pair, Passage};

/// A cue with what was joined to it. Indices into the tagged spans of one passage.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Joined {
    pub cue: Option<usize>,
    pub source: Option<usize>,
    pub contents: Vec<usize>,
    /// Log-odds of the weakest join in it; `None` where nothing was joined.
    pub score: Option<f64>,
}

/// An attribution with what its confidence was computed from.
pub struct Found {
    pub attribution: Attribution,
    pub features: [f64; CONFIDENCE_FEATURES],
}

/// All attributions among the tagged spans, which come in text order.
pub fn attributions(reading: &Reading, tagged: &[TaggedSpan], weights: &Weights) -> Vec<Found> {
    let mut found = Vec::new();
    for spans in tagged.chunk_by(|a, b| a.passage == b.passage) {
        let passage = Passage::new(reading, spans);
        for joined in join(&passage, weights) {
            found.push(attribution(reading, spans, &joined, weights));
        }
    }
    found
}

fn join(passage: &Passage, weights: &Weights) -> Vec<Joined> {
    let mut found: Vec<Joined> =
        passage.of(Role::Cue).iter().map(|&cue| Joined { cue: Some(cue), ..Joined::default() }).collect();
    let mut alone = Vec::new();
    for &content in passage.of(Role::Content) {
        match best_cue(passage, content, weights) {
            Some((cue, score)) => found[cue].take(content, score),
            None => alone.push(content),
        }
    }
    found.retain(|joined| !joined.contents.is_empty());
    for joined in &mut found {
        if let Some((source, score)) = joined.cue.and_then(|cue| best_source(passage, cue, weights)) {
            joined.source = Some(source);
            joined.lower(score);
        }
    }
    found.extend(alone.into_iter().map(|content| without_cue(passage, content)));
    found.sort_by_key(|joined| joined.contents.first().copied());
    found
}

impl Joined {
    fn take(&mut self, content: usize, score: f64) {
        self.contents.push(content);
        self.lower(score);
    }

    fn lower(&mut self, score: f64) {
        self.score = Some(self.score.map_or(score, |before| before.min(score)));
    }
}

/// The best cue for a content (as its number among the cues) with its log-odds, if more likely than not.
fn best_cue(passage: &Passage, content: usize, weights: &Weights) -> Option<(usize, f64)> {
    let cues = passage.of(Role::Cue);
    let scored = passage.near(Role::Cue, content).map(|number| {
        let pair = Pair { cue: cues[number], other: content };
        (number, weights.content.log_odds(&passage.features(pair)))
    });
    best(scored)
}

/// The best source for a cue with its log-odds, if more likely than not.
fn best_source(passage: &Passage, cue: usize, weights: &Weights) -> Option<(usize, f64)> {
    let sources = passage.of(Role::Source);
    let scored = passage.near(Role::Source, cue).map(|number| {
        let pair = Pair { cue, other: sources[number] };
        (sources[number], weights.source.log_odds(&passage.features(pair)))
    });
    best(scored)
}

/// The first of the highest scores above zero.
fn best(scored: impl Iterator<Item = (usize, f64)>) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    for (index, score) in scored {
        if score > 0.0 && best.is_none_or(|(_, before)| score > before) {
            best = Some((index, score));
        }
    }
    best
}

/// Content that no cue introduces ("Rossi: We will stay"): with the nearest source of its own sentence, if any.
fn without_cue(passage: &Passage, content: usize) -> Joined {
    let sources = passage.of(Role::Source);
    let near = passage.near(Role::Source, content).map(|number| sources[number]);
    let source = near
        .filter(|&source| passage.same_sentence(source, content))
        .min_by_key(|&source| passage.gap(source, content).len());
    Joined { cue: None, source, contents: vec![content], score: None }
}

fn attribution(reading: &Reading, spans: &[TaggedSpan], joined: &Joined, weights: &Weights) -> Found {
    let span = |index: &usize| spans[*index].span;
    let list = |index: Option<usize>| index.iter().map(span).collect::<Vec<Span>>();
    let contents: Vec<Span> = joined.contents.iter().map(|index| content::with_marks(reading, span(index))).collect();
    let mut found = Attribution::new(Extractor::Accurate, list(joined.source), list(joined.cue), contents);
    found.kind = content::kind(reading, &found.content);
    found.zone = reading.zone_at(found.start());
    let features = confidence::features(spans, joined, found.kind);
    found.confidence = confidence::of(&features, &weights.confidence);
    found.evidence = evidence(spans, joined);
    Found { attribution: found, features }
}

fn evidence(spans: &[TaggedSpan], joined: &Joined) -> Vec<Evidence> {
    let percent = |index: &usize| format!("{:.0} %", 100.0 * spans[*index].probability);
    let all = |indices: &[usize]| indices.iter().map(percent).collect::<Vec<_>>().join(", ");
    let mut note = format!("content {}", all(&joined.contents));
    for (name, index) in [("source", joined.source), ("cue", joined.cue)] {
        if let Some(index) = index {
            note.push_str(&format!(", {name} {}", percent(&index)));
        }
    }
    let parts = joined.contents.iter().chain(&joined.source).chain(&joined.cue);
    let weakest = parts.map(|&index| confidence::log_odds(spans[index].probability)).fold(f64::INFINITY, f64::min);
    let mut found = vec![Evidence::new("encoder.tags", weakest, note)];
    if let Some(score) = joined.score {
        let what =
            format!("{} content span(s), {} source", joined.contents.len(), usize::from(joined.source.is_some()));
        found.push(Evidence::new("encoder.join", (score * 100.0).round() / 100.0, what));
    }
    found
}
