//! Fits the pair scorers to gold. Deterministic: the same gold and the same encoder give the same weights.

use crate::model::Reading;
use crate::text::Span;

use super::super::crf::Role;
use super::super::tagger::TaggedSpan;
use super::features::{COUNT, Pair, Passage};
use super::scorer::{Scorer, Weights, shipped};

/// One attribution of the gold, as byte spans.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoldAttribution {
    pub source: Vec<Span>,
    pub cue: Vec<Span>,
    pub content: Vec<Span>,
}

/// A read text with its tags and its gold.
pub struct GoldText<'a> {
    pub reading: &'a Reading<'a>,
    pub tagged: &'a [TaggedSpan],
    pub gold: &'a [GoldAttribution],
}

/// Fits the scorers of pairs. A pair of tagged spans is right when both overlap spans of one gold attribution. The
/// confidence stays as it is.
pub fn fit_pairs(texts: &[GoldText]) -> Weights {
    let (mut contents, mut sources) = (Vec::new(), Vec::new());
    for text in texts {
        for spans in text.tagged.chunk_by(|a, b| a.passage == b.passage) {
            let passage = Passage::new(text.reading, spans);
            examples(&passage, spans, text.gold, Role::Content, &mut contents);
            examples(&passage, spans, text.gold, Role::Source, &mut sources);
        }
    }
    Weights { content: Scorer::fit(&contents), source: Scorer::fit(&sources), ..shipped().clone() }
}

type Example = ([f64; COUNT], bool);

/// Every pair the decoder would look at. Spans that overlap no gold of their role teach nothing and are left out.
fn examples(passage: &Passage, spans: &[TaggedSpan], gold: &[GoldAttribution], role: Role, found: &mut Vec<Example>) {
    let owners: Vec<Vec<usize>> = spans.iter().map(|tagged| owners(tagged, gold)).collect();
    let mut add = |pair: Pair| {
        if !owners[pair.cue].is_empty() && !owners[pair.other].is_empty() {
            let right = owners[pair.cue].iter().any(|owner| owners[pair.other].contains(owner));
            found.push((passage.features(pair), right));
        }
    };
    match role {
        Role::Source => {
            for &cue in passage.of(Role::Cue) {
                passage.near(role, cue).for_each(|number| add(Pair { cue, other: passage.of(role)[number] }));
            }
        }
        _ => {
            for &other in passage.of(role) {
                passage
                    .near(Role::Cue, other)
                    .for_each(|number| add(Pair { cue: passage.of(Role::Cue)[number], other }));
            }
        }
    }
}

/// The gold attributions that have a span of the same role there.
fn owners(tagged: &TaggedSpan, gold: &[GoldAttribution]) -> Vec<usize> {
    let holds = |own: &GoldAttribution| {
        let spans = match tagged.role {
            Role::Source => &own.source,
            Role::Cue => &own.cue,
            Role::Content => &own.content,
        };
        spans.iter().any(|span| span.overlaps(tagged.span))
    };
    (0..gold.len()).filter(|&number| holds(&gold[number])).collect()
}
