//! Runs an extractor over gold documents, all cores, and measures what it finds.

use rayon::prelude::*;
use serde::Serialize;

use crate::extract::fast::Model;
use crate::extract::{self, ExtractOptions};
use crate::lang;
use crate::model::{Attribution, Date, Extractor};
use crate::read;
use crate::text::{CodePoints, Span};

use super::errors::{Miss, errors};
use super::gold::{GoldDocument, Item, Points};
use super::marks::{MarkedPassages, marked_passages, without_marks};
use super::measures::{Measures, Sums, document};
use super::reliability::{Reliability, outcomes, reliability};
use super::speech::speech_only;

#[derive(Clone, Debug, Default)]
pub struct EvaluateOptions {
    pub extractor: Extractor,
    /// Measure a second time with every double quotation mark deleted.
    pub marks_lost: bool,
    /// Weights of the fast tier instead of those that come with the program.
    pub fast_weights: Option<&'static Model>,
}

/// Everything measured, and what was predicted.
#[derive(Clone, Debug, Serialize)]
pub struct Evaluation {
    pub extractor: &'static str,
    pub all: Measures,
    pub speech: Measures,
    pub marks_lost: Option<Measures>,
    /// The same, the passages alone that had marks to lose.
    pub marked_passages: Option<MarkedPassages>,
    pub reliability: Reliability,
    #[serde(skip)]
    pub errors: Vec<Miss>,
    #[serde(skip)]
    pub predictions: Vec<GoldDocument>,
}

/// Predicts and measures. The same gold gives the same figures, whatever the number of threads.
pub fn evaluate(gold: &[GoldDocument], options: &EvaluateOptions) -> Evaluation {
    let predictions = predict(gold, options);
    let pairs: Vec<(&GoldDocument, &GoldDocument)> = gold.iter().zip(&predictions).collect();
    let stated: Vec<(f64, bool)> = pairs.par_iter().flat_map_iter(|(g, p)| outcomes(g, &p.attributions)).collect();
    let errors = pairs.par_iter().flat_map_iter(|(g, p)| errors(g, &p.attributions)).collect();
    let lost = options.marks_lost.then(|| {
        let bare: Vec<GoldDocument> = gold.iter().map(without_marks).collect();
        let found = predict(&bare, options);
        (measure(&bare, &found), marked_passages(gold, &predictions, &bare, &found))
    });
    let (marks_lost, marked_passages) = lost.unzip();
    Evaluation {
        extractor: options.extractor.name(),
        all: measure(gold, &predictions),
        speech: measure(&speech_only(gold, gold), &speech_only(&predictions, gold)),
        marks_lost,
        marked_passages,
        reliability: reliability(&stated),
        errors,
        predictions,
    }
}

/// What the extractor finds in each document, in the order of the documents.
pub fn predict(gold: &[GoldDocument], options: &EvaluateOptions) -> Vec<GoldDocument> {
    let EvaluateOptions { extractor, fast_weights, .. } = *options;
    gold.par_iter()
        .map(|document| {
            let language = lang::language(document.language.as_deref().unwrap_or("en"));
            let published = document.date.as_deref().and_then(Date::parse_iso);
            let reading = read::reading(&document.text, language);
            let found = extract::attributions(
                &reading,
                language,
                &ExtractOptions { extractor, published, join_continuations: true, fast_weights },
            );
            let points = CodePoints::new(&document.text);
            let attributions = found.iter().map(|attribution| item(attribution, &points)).collect();
            GoldDocument { text: String::new(), attributions, ..document.clone() }
        })
        .collect()
}

pub(super) fn item(attribution: &Attribution, points: &CodePoints) -> Item {
    let list = |spans: &[Span]| spans.iter().map(|&span| points.of_span(span)).collect::<Vec<Points>>();
    Item {
        cue: list(&attribution.cue),
        source: list(&attribution.source),
        content: list(&attribution.content),
        confidence: Some(attribution.confidence),
        rule: attribution.evidence.first().map(|evidence| evidence.rule.clone()),
    }
}

/// Measures predictions that are already there; `predicted[i]` belongs to `gold[i]`.
pub fn measure(gold: &[GoldDocument], predicted: &[GoldDocument]) -> Measures {
    let pairs: Vec<(&GoldDocument, &GoldDocument)> = gold.iter().zip(predicted).collect();
    let sums: Vec<Sums> = pairs.par_iter().map(|(g, p)| document(g, &p.attributions)).collect();
    let mut total = Sums::default();
    sums.iter().for_each(|sums| total.merge(sums));
    total.measures()
}
