//! Training that this program does itself: the scorers that join tagged spans into attributions, and their confidence.

use rayon::prelude::*;

use crate::extract::encoder::{
    self, CONFIDENCE_FEATURES, Encoder, Found, GoldAttribution, GoldText, Scorer, TaggedSpan,
};
use crate::lang::Language;
use crate::model::Reading;
use crate::read;
use crate::text::{CodePoints, Span};

use super::gold::{GoldDocument, Item, Points};
use super::reliability::{Reliability, outcomes, reliability};
use super::run::item;

/// Parts of the held-out articles; each is scored with weights fitted to the others.
const FOLDS: usize = 5;

/// Fitted weights and how far their confidence can be trusted.
pub struct JoinTraining {
    /// For `src/extract/encoder/join/weights.toml`.
    pub weights: String,
    /// Of the confidence on the held-out articles, cross-validated by article.
    pub reliability: Reliability,
}

/// A gold document, read and tagged.
struct Prepared<'a> {
    document: &'a GoldDocument,
    reading: Reading<'a>,
    tagged: Vec<TaggedSpan>,
    gold: Vec<GoldAttribution>,
}

/// Fits the pair scorers to what the encoder tags in the gold texts, and the confidence to held-out ones, which the
/// encoder must not have been trained on. The same for the same input.
pub fn train_join(
    gold: &[GoldDocument],
    held_out: &[GoldDocument],
    language: &Language,
    encoder: &Encoder,
) -> JoinTraining {
    let train = prepare(gold, language, encoder);
    let texts: Vec<GoldText> =
        train.iter().map(|it| GoldText { reading: &it.reading, tagged: &it.tagged, gold: &it.gold }).collect();
    let mut weights = encoder::fit_pairs(&texts);
    let outcomes: Vec<Vec<Outcome>> = prepare(held_out, language, encoder)
        .par_iter()
        .map(|it| judged(it.document, &encoder::joined(&it.reading, &it.tagged, &weights)))
        .collect();
    let reliability = cross_validated(&outcomes);
    weights.confidence = Scorer::fit(&outcomes.concat());
    JoinTraining { weights: weights.to_toml(), reliability }
}

fn prepare<'a>(gold: &'a [GoldDocument], language: &Language, encoder: &Encoder) -> Vec<Prepared<'a>> {
    gold.par_iter()
        .map(|document| {
            let reading = read::reading(&document.text, language);
            let tagged = encoder::tags(&reading, encoder);
            Prepared { document, reading, tagged, gold: gold_spans(document) }
        })
        .collect()
}

/// What the confidence may look at, and whether the attribution was right.
type Outcome = ([f64; CONFIDENCE_FEATURES], bool);

fn judged(document: &GoldDocument, found: &[Found]) -> Vec<Outcome> {
    let points = CodePoints::new(&document.text);
    let items: Vec<Item> = found.iter().map(|found| item(&found.attribution, &points)).collect();
    let right = outcomes(document, &items).into_iter().map(|(_, right)| right);
    found.iter().map(|found| found.features).zip(right).collect()
}

fn cross_validated(outcomes: &[Vec<Outcome>]) -> Reliability {
    let mut scored = Vec::new();
    for fold in 0..FOLDS {
        let part = |own: bool| {
            let articles = outcomes.iter().enumerate().filter(move |(number, _)| (number % FOLDS == fold) == own);
            articles.flat_map(|(_, outcomes)| outcomes.iter().copied()).collect::<Vec<Outcome>>()
        };
        let scorer = Scorer::fit(&part(false));
        scored.extend(part(true).iter().map(|(features, right)| (probability(scorer.log_odds(features)), *right)));
    }
    reliability(&scored)
}

fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// The gold of a document as byte spans.
pub(super) fn gold_spans(document: &GoldDocument) -> Vec<GoldAttribution> {
    let points = CodePoints::new(&document.text);
    let list = |spans: &[Points]| spans.iter().map(|&(s, e)| points.to_span(s, e)).collect::<Vec<Span>>();
    let gold = document.attributions.iter().map(|item| GoldAttribution {
        source: list(&item.source),
        cue: list(&item.cue),
        content: list(&item.content),
    });
    gold.collect()
}
